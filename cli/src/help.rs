//! The parts that help pages share.

use payssam::PAYSSAM_SANDBOX_URL;

use crate::exit;

/// The heading of the options that every command takes.
pub(crate) const GLOBAL: &str = "Global options";

/// The environment variables of the commands that call PaySsam.
pub(crate) fn environment() -> String {
    format!(
        "Environment of all commands that call PaySsam:
  PAYSSAM_BASE_URL  the base URL, such as {PAYSSAM_SANDBOX_URL}
  PAYSSAM_API_KEY   the partner's API key (apiKey)
  PAYSSAM_MEMBER    the partner's code for a user (파트너 사용자 코드)
  PAYSSAM_MERCHANT  the partner's code for a store (파트너 매장 코드)
Instead of each, its name with _FILE behind it, such as PAYSSAM_API_KEY_FILE, may name a file that holds the value."
    )
}

/// The end of the help of `payssam` itself.
pub(crate) fn of_the_command() -> String {
    of_a_call(&[
        "payssam demo                                 (needs no account)",
        "payssam bill read 2024-0001",
        "payssam bill cancel 2024-0001 --price 45000",
    ])
}

/// The end of the help of a command that calls PaySsam.
pub(crate) fn of_a_call(examples: &[&str]) -> String {
    format!("{}\n\n{}", environment(), of_a_local_command(examples))
}

/// The end of the help of a command that needs no account.
pub(crate) fn of_a_local_command(examples: &[&str]) -> String {
    format!("Examples:\n  {}\n\n{}", examples.join("\n  "), exit::help())
}
