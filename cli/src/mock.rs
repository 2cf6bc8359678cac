//! `payssam mock`: a mock server for PaySsam that runs until it is stopped.

use std::{env, io, net::SocketAddr};

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::{
    Output, help_with,
    output::{complain, tell},
};
use payssam::{BillId, BillState, Error, Operation, Won, redact};
use payssam_mock::{API_KEY, Fault, MEMBER, MERCHANT, MockServer, Schedule};

/// Runs a mock server for PaySsam on this machine until Ctrl-C; no money moves.
///
/// It prints `export` lines for another terminal in which `payssam bill`, or your own
/// program, is to use it. Its key, member and merchant are those of PAYSSAM_API_KEY,
/// PAYSSAM_MEMBER and PAYSSAM_MERCHANT; for each that is not set it has a default, and
/// prints that.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = help_with(&[
    "payssam mock --bill 2024-0001:45000:paid",
    "payssam mock --listen 127.0.0.1:0 --bill 1:1000:W --bill 2:2000:F",
    "payssam mock --bill 1:1000:F --fault apply-then-close:0.5@cancel --seed 7",
    "payssam mock pay http://127.0.0.1:8787/pay/1-0123abcd",
]), args_conflicts_with_subcommands = true)]
pub(crate) struct MockArguments {
    #[command(subcommand)]
    act: Option<Act>,
    /// Where to listen: an address of loopback and a port, 0 for any that is free.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8787")]
    listen: String,
    /// A bill that it knows from the start; can be given many times.
    ///
    /// PRICE is in won, STATE one of W, F, C, D or unpaid, paid, cancelled, destroyed.
    #[arg(
        long = "bill",
        value_name = "ID:PRICE:STATE",
        allow_hyphen_values = true
    )]
    bills: Vec<String>,
    /// What goes wrong with requests; can be given many times.
    ///
    /// PROBABILITY is a number from 0 to 1, and 1 unless given; OPERATION is one such as read or
    /// cancel, and every one unless given. A name that does not exist lists those that do.
    #[arg(
        long = "fault",
        value_name = "NAME[:PROBABILITY][@OPERATION]",
        allow_hyphen_values = true
    )]
    faults: Vec<String>,
    /// Decides which requests faults with a probability strike: the same requests for a bill meet the
    /// same faults again. Any number unless given; it is told.
    #[arg(long, value_name = "NUMBER", requires = "faults")]
    seed: Option<u64>,
}

#[derive(Subcommand)]
enum Act {
    Pay(Pay),
}

/// Pays a bill of a mock server that runs on this machine, as its payer would.
#[derive(Args)]
struct Pay {
    /// The link that the answer to the sending has (short_url).
    link: String,
}

#[derive(Serialize)]
struct Paid<'a> {
    link: &'a str,
    paid: bool,
}

impl Pay {
    async fn run(self, output: Output) -> Result<(), Error> {
        payssam_mock::pay_by_link(&self.link).await?;
        let link = self.link.as_str();
        output.result("paid", &Paid { link, paid: true });
        Ok(())
    }
}

impl MockArguments {
    pub(crate) async fn run(self, output: Output) -> Result<(), Error> {
        if let Some(Act::Pay(pay)) = self.act {
            return pay.run(output).await;
        }
        let listen: SocketAddr = self.listen.parse().map_err(|_| {
            Error::invalid_input(
                "listen address",
                "write an IP address of loopback and a port, such as 127.0.0.1:8787",
            )
        })?;
        let bills = self
            .bills
            .iter()
            .map(|spec| BillSpec::parse(spec).map_err(|error| in_spec("--bill", spec, error)))
            .collect::<Result<Vec<_>, _>>()?;
        let seed = self.seed.unwrap_or_else(|| fastrand::u64(..));
        let faults = self
            .faults
            .iter()
            .map(|spec| fault(spec, seed).map_err(|error| in_spec("--fault", spec, error)))
            .collect::<Result<Vec<_>, _>>()?;
        let stopped = stop_signal().map_err(|error| Error::config("signals", error))?;
        let mock = MockServer::builder()
            .listen(listen)
            .credentials_from_env()?
            .start()
            .await?;
        for (spec, bill) in self.bills.iter().zip(bills) {
            bill.put_into(&mock)
                .map_err(|error| in_spec("--bill", spec, error))?;
        }
        let seed = (!faults.is_empty()).then_some(seed);
        for (fault, schedule) in faults {
            mock.inject(fault, schedule);
        }
        announce(&mock, seed, output);
        stopped.await;
        Ok(())
    }
}

/// A bill as `--bill` describes it.
struct BillSpec {
    id: BillId,
    price: Won,
    state: BillState,
}

impl BillSpec {
    /// Splits from the right: an id may hold colons.
    fn parse(spec: &str) -> Result<Self, Error> {
        let mut parts = spec.rsplitn(3, ':');
        let (Some(state), Some(price), Some(id)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(Error::invalid_input("bill", "write it as ID:PRICE:STATE"));
        };
        Ok(BillSpec {
            id: BillId::new(id)?,
            price: price.parse()?,
            state: known_state(state)?,
        })
    }

    fn put_into(self, mock: &MockServer) -> Result<(), Error> {
        let id = self.id;
        mock.add_bill(id.clone(), self.price)?;
        match self.state {
            BillState::Paid => mock.pay(&id),
            BillState::Cancelled => mock.pay(&id).and_then(|()| mock.cancel(&id)),
            BillState::Destroyed => mock.destroy(&id),
            _ => Ok(()),
        }
    }
}

/// A state by its word or its letter.
fn known_state(text: &str) -> Result<BillState, Error> {
    match BillState::from(text) {
        BillState::Unknown(_) => Err(Error::invalid_input(
            "bill state",
            "it must be W, F, C or D, or unpaid, paid, cancelled or destroyed",
        )),
        state => Ok(state),
    }
}

/// A fault as `--fault` describes it.
fn fault(spec: &str, seed: u64) -> Result<(Fault, Schedule), Error> {
    let (rest, operation) = match spec.split_once('@') {
        Some((rest, word)) => (rest, Some(known_operation(word)?)),
        None => (spec, None),
    };
    let (name, schedule) = match rest.split_once(':') {
        Some((name, number)) => {
            // What is no number is none from 0 to 1 either.
            let probability = number.parse().unwrap_or(f64::NAN);
            (name, Schedule::probability(probability, seed)?)
        }
        None => (rest, Schedule::always()),
    };
    let schedule = match operation {
        Some(operation) => schedule.on(operation),
        None => schedule,
    };
    Ok((name.parse()?, schedule))
}

/// An operation by its name, in which that of a bill is left out: `cancel`, `receipt-cancel`.
fn known_operation(text: &str) -> Result<Operation, Error> {
    let word = |operation: &Operation| {
        let name = operation.as_str();
        name.strip_prefix("bill ").unwrap_or(name).replace(' ', "-")
    };
    let mut known = Operation::ALL.iter();
    known
        .find(|operation| word(operation) == text)
        .copied()
        .ok_or_else(|| {
            let words: Vec<_> = Operation::ALL.iter().map(word).collect();
            let (text, words) = (redact::escape(text), words.join(", "));
            Error::invalid_input(
                "operation",
                format!("there is no {text}; there are {words}"),
            )
        })
}

/// Says which of several options is meant.
fn in_spec(option: &str, spec: &str, error: Error) -> Error {
    match error {
        Error::InvalidInput { field, problem, .. } => Error::invalid_input(
            field,
            format!("{problem} (in {option} {})", redact::escape(spec)),
        ),
        other => other,
    }
}

/// The variables of the credentials, and what the mock server takes for lack of each.
const VARIABLES: [(&str, &str); 3] = [
    ("PAYSSAM_API_KEY", API_KEY),
    ("PAYSSAM_MEMBER", MEMBER),
    ("PAYSSAM_MERCHANT", MERCHANT),
];

/// Tells how to reach the mock server.
fn announce(mock: &MockServer, seed: Option<u64>, output: Output) {
    let base_url = mock.base_url();
    let credentials = mock.credentials();
    match output {
        Output::Json => output.result(
            "",
            &Announcement {
                base_url: &base_url,
                member: credentials.member(),
                merchant: credentials.merchant(),
                api_key: is_default("PAYSSAM_API_KEY").then_some(API_KEY),
                seed,
            },
        ),
        Output::Text => {
            let mut lines = format!("export PAYSSAM_BASE_URL={}", quoted(&base_url));
            for (name, default) in VARIABLES {
                if is_default(name) {
                    lines += &format!("\nexport {name}={}", quoted(default));
                }
            }
            tell(lines);
            complain(
                "The mock listens. Paste the lines above into another terminal, and there run\n\
                 `payssam bill read ID`. Ctrl-C stops the mock and forgets its bills.",
            );
            if let Some(seed) = seed {
                complain(format!(
                    "Requests go wrong as injected; --seed {seed} repeats it."
                ));
            }
            if !VARIABLES.iter().all(|(name, _)| is_default(name)) {
                complain("What came from the environment is not printed: set it there too.");
            }
        }
    }
}

/// Whether the mock server took its own default for lack of this variable.
fn is_default(name: &str) -> bool {
    env::var(name).unwrap_or_default().is_empty()
}

/// A word that a POSIX shell reads as `text`.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    if text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[derive(Serialize)]
struct Announcement<'a> {
    base_url: &'a str,
    member: &'a str,
    merchant: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_key: Option<&'static str>,
    /// What decides over faults, when there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
}

/// Ends when somebody asks the process to stop; listens from now on.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends when somebody asks the process to stop; listens from now on.
#[cfg(windows)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_id_may_hold_colons() {
        let spec = BillSpec::parse("2024:01:45000:F").unwrap();
        assert_eq!(spec.id.as_str(), "2024:01");
        assert_eq!(spec.price.get(), 45_000);
        assert_eq!(spec.state, BillState::Paid);
    }

    #[test]
    fn a_shell_reads_what_was_quoted() {
        assert_eq!(
            quoted("http://127.0.0.1:8787/partner"),
            "http://127.0.0.1:8787/partner"
        );
        assert_eq!(
            quoted("http://[::1]:8787/partner"),
            "'http://[::1]:8787/partner'"
        );
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
