//! What `payssam mock` prints at its start: how to connect to it.

use payssam::Credentials;
use payssam_mock::{API_KEY, MEMBER, MERCHANT, MockServer};
use serde::Serialize;

use crate::{
    json,
    output::{Output, print, warn},
};

#[derive(Serialize)]
struct Announcement<'a> {
    base_url: &'a str,
    member: &'a str,
    merchant: &'a str,
    /// Only the default: a key of the environment is not printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    api_key: Option<&'static str>,
    /// The seed of the faults, if there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
}

/// Prints how to connect to the mock server. `given` are the credentials that it was given; what it has instead is of
/// its seed.
pub(super) fn announce(
    mock: &MockServer,
    given: Option<&Credentials>,
    seed: Option<u64>,
    is_kept: bool,
    output: Output,
) {
    let base_url = mock.base_url();
    let credentials = mock.credentials();
    let merchant = |it: &Credentials| (it.member().to_owned(), it.merchant().to_owned());
    let is_of_seed = given.map(merchant) != Some(merchant(credentials));
    let variables = variables(credentials, is_of_seed);
    match output {
        Output::Json => output.result(
            "",
            &Announcement {
                base_url: &base_url,
                member: credentials.member(),
                merchant: credentials.merchant(),
                api_key: (credentials.reveal_api_key() == API_KEY).then_some(API_KEY),
                seed,
            },
        ),
        Output::Text => {
            let mut lines = format!("export PAYSSAM_BASE_URL={}", quoted(&base_url));
            for (name, value) in variables.iter().flatten() {
                lines += &format!("\nexport {name}={}", quoted(value));
            }
            print(lines);
            warn(format_args!("ready: {base_url}"));
            let end = match is_kept {
                true => "stops the mock server; its bills stay in the state file",
                false => "stops the mock server and deletes its bills",
            };
            warn(format_args!(
                "The mock server is running. Paste the lines above into another terminal, and run\n\
                 `payssam bill read ID` there. Ctrl-C {end}.",
            ));
            let origin = base_url.strip_suffix("/partner").unwrap_or(&base_url);
            warn(format_args!("Its bills in a browser: {origin}/"));
            announce_seed(seed, output);
            if variables.contains(&None) {
                warn(match is_of_seed {
                    true => {
                        "Member and merchant are of the seed. Their key is not printed: set PAYSSAM_API_KEY to it there too."
                    }
                    false => {
                        "A key, member or merchant of this terminal's variables, or of the files that they name, is not\n\
                         printed: set the same variables there too."
                    }
                });
            }
        }
    }
}

/// Warns of what others than the programs of this machine may do.
pub(super) fn warn_of(warning: &str, output: Output) {
    #[derive(Serialize)]
    struct Line<'w> {
        warning: &'w str,
    }
    match output {
        Output::Text => warn(format_args!("warning: {warning}")),
        Output::Json => {
            if let Ok(line) = json::line(&Line { warning }) {
                warn(line);
            }
        }
    }
}

/// Says on stderr how to repeat the faults, if there are any.
pub(super) fn announce_seed(seed: Option<u64>, output: Output) {
    #[derive(Serialize)]
    struct Line {
        seed: u64,
    }
    let Some(seed) = seed else {
        return;
    };
    match output {
        Output::Text => warn(format_args!(
            "Faults are injected; --seed {seed} repeats them."
        )),
        Output::Json => {
            if let Ok(line) = json::line(&Line { seed }) {
                warn(line);
            }
        }
    }
}

/// The variable and the value of each credential that is printed: what is a default, or of the seed. It is
/// the mock server that is asked: a file such as a pipe cannot be read once more.
fn variables(credentials: &Credentials, is_of_seed: bool) -> [Option<(&'static str, &str)>; 3] {
    [
        (
            "PAYSSAM_API_KEY",
            credentials.reveal_api_key(),
            API_KEY,
            false,
        ),
        ("PAYSSAM_MEMBER", credentials.member(), MEMBER, is_of_seed),
        (
            "PAYSSAM_MERCHANT",
            credentials.merchant(),
            MERCHANT,
            is_of_seed,
        ),
    ]
    .map(|(name, value, default, is_public)| {
        (is_public || value == default).then_some((name, value))
    })
}

/// Quotes `text` for a POSIX shell where necessary.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    if text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_for_a_shell_where_necessary() {
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
