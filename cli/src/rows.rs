//! Results as text: labels and values in aligned lines.

use std::fmt;

use payssam::{KoreanTime, Personal, Won, redact};

/// Labels and values, in aligned lines without a newline at the end.
#[derive(Default)]
pub(crate) struct Rows(Vec<(&'static str, String)>);

impl Rows {
    /// Adds a row, if there is a value. Invisible characters are escaped.
    pub(crate) fn put(&mut self, label: &'static str, value: impl Into<Option<String>>) {
        if let Some(value) = value.into() {
            self.0.push((label, redact::escape(&value)));
        }
    }

    /// Only the rows with these labels.
    pub(crate) fn only(mut self, labels: &[&str]) -> Self {
        self.0.retain(|(label, _)| labels.contains(label));
        self
    }
}

impl fmt::Display for Rows {
    /// The width of the format, as in `{:20}`, is the least width of the labels.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels = self.0.iter().map(|(label, _)| label.len());
        let width = labels.chain(formatter.width()).max().unwrap_or_default();
        for (place, (label, value)) in self.0.iter().enumerate() {
            let line = if place == 0 { "" } else { "\n" };
            write!(formatter, "{line}{label:width$}  {value}")?;
        }
        Ok(())
    }
}

/// What confirms that a write took effect.
pub(crate) fn proof(was_already: bool, confirmed_by_read: bool, state: &str) -> String {
    match (was_already, confirmed_by_read) {
        (true, _) => format!("a read: it was already {state}"),
        (false, true) => "a read, because no response confirmed it".to_owned(),
        (false, false) => "PaySsam's response".to_owned(),
    }
}

/// A personal number, masked unless it is to be revealed.
pub(crate) fn personal(number: Option<Personal<'_>>, reveal: bool) -> Option<String> {
    number.map(|number| match reveal {
        true => number.reveal().to_owned(),
        false => number.to_string(),
    })
}

/// Such as `45,000 won`.
pub(crate) fn won(amount: Won) -> String {
    let digits = amount.to_string();
    let mut shown = String::with_capacity(digits.len() + 8);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown + " won"
}

/// Such as `2026-01-02 03:04:05 KST`.
pub(crate) fn time(time: KoreanTime) -> String {
    let at = time.civil();
    format!("{} {} KST", at.date(), at.time())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn won_are_grouped_by_thousands() {
        let shown = |amount| won(Won::new(amount).unwrap());
        assert_eq!(shown(1), "1 won");
        assert_eq!(shown(999), "999 won");
        assert_eq!(shown(45_000), "45,000 won");
        assert_eq!(shown(Won::MAX), "9,999,999,999 won");
    }
}
