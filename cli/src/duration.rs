//! Durations in options, such as `30s` or `5m`.

use std::time::Duration;

use jiff::SignedDuration;
use payssam::Error;

/// Parses the value of the option `field`.
pub(crate) fn parse(field: &'static str, text: &str) -> Result<Duration, Error> {
    let duration: SignedDuration = text.parse().map_err(|_| {
        Error::invalid_input(
            field,
            "it is not a valid duration; write a number and a unit, such as 2s or 500ms",
        )
    })?;
    if !duration.is_positive() {
        return Err(Error::invalid_input(field, "it must be greater than zero"));
    }
    Duration::try_from(duration).map_err(|_| Error::invalid_input(field, "it is out of range"))
}
