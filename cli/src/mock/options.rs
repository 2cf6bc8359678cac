//! The options of `payssam mock`: address, bills and faults.

use std::{
    collections::HashSet, ffi::OsString, fs::File, io::Read, net::SocketAddr, path::PathBuf, slice,
};

use clap::Args;
use payssam::{BillId, BillState, Credentials, Error, Operation, Won, redact, setting_from_env};
use payssam_mock::{Fault, MEMBER, MERCHANT, MockServer, MockServerBuilder, Schedule, Seed};

#[derive(Args)]
pub(super) struct MockOptions {
    /// The address and port to listen on; port 0 takes any free port.
    ///
    /// Beyond loopback, such as 0.0.0.0:8787 in a container, whoever reaches it can pay every bill.
    /// [default: 127.0.0.1:8787; with COMMAND any free port]
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Add a bill at the start; repeatable.
    ///
    /// PRICE is in won. STATE is W, F, C or D, or unpaid, paid, cancelled or destroyed.
    #[arg(
        long = "bill",
        value_name = "ID:PRICE:STATE",
        allow_hyphen_values = true
    )]
    bills: Vec<String>,
    /// Inject a fault (장애 주입) into requests; repeatable.
    ///
    /// PROBABILITY is a number from 0 to 1 [default: 1]. OPERATION is an operation such as read or
    /// cancel [default: all]. An unknown NAME or OPERATION prints the known ones. The NAME any stands for
    /// all faults, equally often: together they hit PROBABILITY of the requests.
    #[arg(
        long = "fault",
        value_name = "NAME[:PROBABILITY][@OPERATION]",
        allow_hyphen_values = true
    )]
    faults: Vec<String>,
    /// A file with merchants, bills and faults (TOML or JSON), or a number for faults; repeatable.
    ///
    /// The keys of the file's merchants are taken, and no other but PAYSSAM_API_KEY's. A number is the
    /// seed of faults with a probability: the same one repeats the same faults. By default it is
    /// random; the mock server prints it. The links of bills are random with any seed. For a file
    /// with a name of digits write ./7.
    #[arg(long = "seed", value_name = "FILE|NUMBER")]
    seeds: Vec<String>,
    /// Keep everything in this file, and go on where it was, also after it was killed.
    ///
    /// --bill, --fault and the file of --seed count for a new state file only.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Write the base URL to this file once it can be called; the file is removed at the end.
    #[arg(long, value_name = "FILE")]
    pub(super) ready_file: Option<PathBuf>,
    /// Answer to this host name too, such as that of a container; repeatable.
    ///
    /// The first one is in the base URL and in links. It may have a port, if it is another one.
    #[arg(long = "allow-host", value_name = "NAME")]
    allow_hosts: Vec<String>,
    /// Post callbacks to this host too, over plain http; repeatable.
    ///
    /// Give it without a port: callbacks go to the port of each callback URL.
    #[arg(long = "callbacks-to", value_name = "HOST")]
    callbacks_to: Vec<String>,
    /// Do not log requests, faults and callbacks to stderr.
    #[arg(long)]
    pub(super) quiet: bool,
    /// Run this command with the variables of the mock server set, and end with it and its exit code.
    #[arg(last = true, value_name = "COMMAND")]
    pub(super) command: Vec<OsString>,
}

/// The options, checked.
pub(super) struct MockSettings {
    listen: SocketAddr,
    file: Option<Seed>,
    state: Option<PathBuf>,
    allow_hosts: Vec<String>,
    callbacks_to: Vec<String>,
    bills: Vec<BillSpec>,
    faults: Vec<(Fault, Schedule)>,
    seed: u64,
}

impl MockOptions {
    pub(super) fn checked(self) -> Result<MockSettings, Error> {
        let default = match self.command.is_empty() {
            true => "127.0.0.1:8787",
            false => "127.0.0.1:0",
        };
        let listen = self
            .listen
            .as_deref()
            .unwrap_or(default)
            .parse()
            .map_err(|_| {
                Error::invalid_input(
                    "listen address",
                    "it must be an IP address and a port, such as 127.0.0.1:8787",
                )
            })?;
        let (mut seed, mut file) = (None, None);
        for given in &self.seeds {
            match given.parse() {
                Ok(_) if self.faults.is_empty() => {
                    return Err(Error::invalid_input(
                        "seed",
                        "a number is the seed of faults: give --fault too, or a file",
                    ));
                }
                Ok(number) if seed.is_none() => seed = Some(number),
                Err(_) if file.is_none() => file = Some(seed_of_file(given)?),
                _ => {
                    let problem = "give one number and one file at most";
                    return Err(Error::invalid_input("seed", problem));
                }
            }
        }
        let seed = seed.unwrap_or_else(|| fastrand::u64(..));
        let mut ids = HashSet::new();
        let mut bill = |text: String| {
            let parsed =
                BillSpec::parse(&text).and_then(|bill| match ids.insert(bill.id.clone()) {
                    true => Ok(bill),
                    false => Err(Error::invalid_input(
                        "bill id",
                        "another bill has it already: choose another",
                    )),
                });
            parsed.map_err(|error| in_option("--bill", &text, error))
        };
        let faults =
            |text: &String| faults(text, seed).map_err(|error| in_option("--fault", text, error));
        Ok(MockSettings {
            listen,
            file,
            state: self.state,
            allow_hosts: self.allow_hosts,
            callbacks_to: self.callbacks_to,
            bills: self
                .bills
                .into_iter()
                .map(&mut bill)
                .collect::<Result<_, _>>()?,
            faults: self
                .faults
                .iter()
                .map(faults)
                .collect::<Result<Vec<_>, _>>()?
                .concat(),
            seed,
        })
    }
}

/// The most that is read of a seed, in bytes; the mock server refuses one that long.
const SEED_LIMIT: u64 = 16 * 1024 * 1024 + 1;

/// The seed in a file.
fn seed_of_file(path: &str) -> Result<Seed, Error> {
    let refuse = |problem: String| {
        Error::invalid_input(
            "seed",
            format!("{problem} (in --seed {})", redact::escape(path)),
        )
    };
    let mut text = String::new();
    let file = File::open(path).map_err(|error| refuse(error.to_string()))?;
    let read = file.take(SEED_LIMIT).read_to_string(&mut text);
    read.map_err(|error| refuse(error.to_string()))?;
    Seed::parse(&text).map_err(|mistake| refuse(mistake.to_string()))
}

impl MockSettings {
    /// Whether everything is kept in a file.
    pub(super) fn has_state_file(&self) -> bool {
        self.state.is_some()
    }

    /// The credentials of the environment, with defaults for what is not set; `None` if a seed has merchants and no
    /// key is set. Each variable is read once: its file may be a pipe.
    pub(super) fn credentials(&self) -> Result<Option<Credentials>, Error> {
        if !self.file.as_ref().is_some_and(Seed::has_merchants) {
            return MockServer::credentials_from_env().map(Some);
        }
        let variable = |name| {
            let value = setting_from_env(name)?;
            Ok::<_, Error>(value.filter(|value| !value.is_empty()))
        };
        let Some(key) = variable("PAYSSAM_API_KEY")? else {
            return Ok(None);
        };
        let or = |value: Option<String>, default: &str| value.unwrap_or_else(|| default.to_owned());
        let credentials = Credentials::builder()
            .api_key(key)
            .member(or(variable("PAYSSAM_MEMBER")?, MEMBER))
            .merchant(or(variable("PAYSSAM_MERCHANT")?, MERCHANT));
        credentials.build().map(Some)
    }

    /// A builder of the mock server with these credentials.
    pub(super) fn builder(&self, credentials: Option<&Credentials>) -> MockServerBuilder {
        let mut builder = match self.listen.ip().is_loopback() {
            true => MockServer::builder().listen(self.listen),
            false => MockServer::builder().listen_beyond_loopback(self.listen),
        };
        if let Some(credentials) = credentials {
            builder = builder.credentials(credentials.clone());
        }
        if let Some(seed) = &self.file {
            builder = builder.seed(seed.clone());
        }
        if let Some(path) = &self.state {
            builder = builder.state_file(path);
        }
        for host in &self.allow_hosts {
            builder = builder.allow_host(host);
        }
        for host in &self.callbacks_to {
            builder = builder.callbacks_to(host);
        }
        for bill in &self.bills {
            builder = builder.bill(bill.id.clone(), bill.price, bill.state.clone());
        }
        for (fault, schedule) in &self.faults {
            builder = builder.inject(*fault, schedule.clone());
        }
        builder
    }

    /// What others than the programs of this machine may do with the mock server.
    pub(super) fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if !self.listen.ip().is_loopback() {
            warnings.push(format!(
                "--listen {}: it is no loopback address, so whoever reaches it can read and pay every bill",
                self.listen
            ));
            if self.allow_hosts.is_empty() {
                warnings.push(
                    "it answers to names of loopback alone: other hosts need --allow-host NAME too"
                        .to_owned(),
                );
            }
        }
        for host in &self.allow_hosts {
            let host = redact::escape(host);
            warnings.push(format!(
                "--allow-host {host}: web pages under that name can read and pay every bill"
            ));
        }
        for host in &self.callbacks_to {
            let host = redact::escape(host);
            warnings.push(format!(
                "--callbacks-to {host}: callbacks go there with the key, over plain http"
            ));
        }
        warnings
    }

    /// The seed, if there are faults.
    pub(super) fn seed(&self) -> Option<u64> {
        (!self.faults.is_empty()).then_some(self.seed)
    }
}

/// The value of `--bill`.
struct BillSpec {
    id: BillId,
    price: Won,
    state: BillState,
}

impl BillSpec {
    /// Splits from the right, because an id may contain colons.
    fn parse(text: &str) -> Result<Self, Error> {
        let mut parts = text.rsplitn(3, ':');
        let (Some(state), Some(price), Some(id)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(Error::invalid_input("bill", "it must be ID:PRICE:STATE"));
        };
        Ok(BillSpec {
            id: BillId::new(id)?,
            price: price.parse()?,
            state: known_state(state)?,
        })
    }
}

/// A state by its name or its letter.
fn known_state(text: &str) -> Result<BillState, Error> {
    match BillState::from(text) {
        BillState::Unknown(_) => Err(Error::invalid_input(
            "bill state",
            "it must be W, F, C or D, or unpaid, paid, cancelled or destroyed",
        )),
        state => Ok(state),
    }
}

/// The name of all faults together.
const ANY: &str = "any";

/// The value of `--fault`.
fn faults(text: &str, seed: u64) -> Result<Vec<(Fault, Schedule)>, Error> {
    let (rest, operation) = match text.split_once('@') {
        Some((rest, name)) => (rest, Some(known_operation(name)?)),
        None => (text, None),
    };
    let (name, probability) = match rest.split_once(':') {
        // NaN is not a valid probability either.
        Some((name, number)) => (name, number.parse().unwrap_or(f64::NAN)),
        None => (rest, 1.0),
    };
    let schedule = Schedule::probability(probability, seed)?;
    if name == ANY {
        let operations = match &operation {
            Some(operation) => slice::from_ref(operation),
            None => Operation::ALL,
        };
        let any = operations
            .iter()
            .map(|operation| any(probability, seed, *operation));
        return Ok(any.collect::<Result<Vec<_>, _>>()?.concat());
    }
    let schedule = match operation {
        Some(operation) => schedule.on(operation),
        None => schedule,
    };
    Ok(vec![(name.parse()?, schedule)])
}

/// All faults, each in the same share of the requests of an operation, and together in this one.
fn any(probability: f64, seed: u64, operation: Operation) -> Result<Vec<(Fault, Schedule)>, Error> {
    // It is about writes: a read that is rejected changes nothing later.
    let fits = |fault: &&Fault| operation.is_write() || !matches!(fault, Fault::RejectThenApply(_));
    let faults: Vec<Fault> = Fault::ALL.iter().filter(fits).copied().collect();
    let each = probability / faults.len() as f64;
    let schedules = faults.into_iter().enumerate().map(|(earlier, fault)| {
        // A request meets the first of its faults, so this is the share of those that meet none before.
        let share = (each / (1.0 - each * earlier as f64)).min(1.0);
        Ok((fault, Schedule::probability(share, seed)?.on(operation)))
    });
    schedules.collect()
}

/// An operation by its name in this option: `cancel` for a bill, `receipt-cancel` for a receipt.
fn known_operation(text: &str) -> Result<Operation, Error> {
    let name = |operation: &Operation| {
        let name = operation.as_str();
        name.strip_prefix("bill ").unwrap_or(name).replace(' ', "-")
    };
    let mut known = Operation::ALL.iter();
    known
        .find(|operation| name(operation) == text)
        .copied()
        .ok_or_else(|| {
            let names: Vec<_> = Operation::ALL.iter().map(name).collect();
            let (text, names) = (redact::escape(text), names.join(", "));
            Error::invalid_input(
                "operation",
                format!("unknown operation {text}; use one of {names}"),
            )
        })
}

/// Adds the option that an error is about.
fn in_option(option: &str, value: &str, error: Error) -> Error {
    match error {
        Error::InvalidInput { field, problem, .. } => Error::invalid_input(
            field,
            format!("{problem} (in {option} {})", redact::escape(value)),
        ),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_is_every_fault_in_equal_shares() {
        for operation in Operation::ALL {
            for probability in [0.0, 0.3, 1.0] {
                let any = any(probability, 7, *operation).unwrap();
                let names: Vec<&str> = any.iter().map(|(fault, _)| fault.name()).collect();
                let is_on_writes =
                    |name: &&str| operation.is_write() || *name != "reject-then-apply";
                let all = Fault::ALL.iter().map(|fault| fault.name());
                assert_eq!(names, all.filter(is_on_writes).collect::<Vec<_>>());
            }
        }
    }

    #[tokio::test]
    async fn any_hits_the_share_of_the_requests_and_every_fault_is_met() {
        let mock = MockServer::start().await.unwrap();
        for (fault, schedule) in faults("any:0.3", 7).unwrap() {
            mock.inject(fault, schedule);
        }
        let mut log = mock.log();
        let counting = tokio::spawn(async move {
            let mut met = std::collections::BTreeMap::new();
            while let Some(entry) = log.next().await {
                assert_eq!(entry.missed_entries(), None);
                if entry.kind() == payssam_mock::LogKind::Fault {
                    *met.entry(entry.fault().unwrap().name()).or_insert(0) += 1;
                }
            }
            met
        });
        let client = mock.client_builder().retry(payssam::RetryPolicy::off());
        let client = client.timeout(std::time::Duration::from_millis(50));
        let client = client.build().unwrap();
        for number in 0..1_000 {
            let id = BillId::new(number.to_string()).unwrap();
            // Only the faults matter.
            let _ = client.bills().read(&id).await;
        }
        drop(mock);
        let met = counting.await.unwrap();
        let all: u32 = met.values().sum();
        // Four standard deviations.
        assert!((242..=358).contains(&all), "{all}: {met:?}");
        assert_eq!(met.len(), Fault::ALL.len() - 1, "{met:?}");
    }

    #[test]
    fn a_bill_id_may_contain_colons() {
        let bill = BillSpec::parse("2024:01:45000:F").unwrap();
        assert_eq!(bill.id.as_str(), "2024:01");
        assert_eq!(bill.price.get(), 45_000);
        assert_eq!(bill.state, BillState::Paid);
    }
}
