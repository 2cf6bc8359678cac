//! Texts, times and amounts as pages write them.

use maud::{Markup, html};
use payssam::{KoreanTime, Won, redact};

use super::words::Words;
use crate::clock::Clock;

/// A text from outside. It cannot turn the text around it, nor hide in it.
pub(super) fn text(text: &str) -> Markup {
    html! { bdi { (redact::escape(text)) } }
}

/// The most characters of a text in a list.
const SHORT: usize = 100;

/// The beginning of a text from outside, for a list: others need their place too.
pub(super) fn short(given: &str) -> Markup {
    match given.char_indices().nth(SHORT) {
        Some((end, _)) => text(&format!("{}…", &given[..end])),
        None => text(given),
    }
}

/// The same, or a dash if it is empty.
pub(super) fn short_or_dash(given: &str) -> Markup {
    match given.is_empty() {
        true => text_or_dash(given),
        false => short(given),
    }
}

/// A text from outside, or a dash if it is empty.
pub(super) fn text_or_dash(given: &str) -> Markup {
    match given.is_empty() {
        true => html! { span.none { "–" } },
        false => text(given),
    }
}

/// A time in Korea.
pub(super) fn time(at: KoreanTime) -> Markup {
    let written = at.to_string();
    let seconds: String = written.chars().take(19).collect();
    html! { time datetime=(written) { (seconds.replace('T', " ")) } }
}

/// The time that it is, which the script lets go on.
pub(super) fn now(clock: &Clock) -> Markup {
    let written = clock.korean_now().to_string();
    let seconds: String = written.chars().take(19).collect();
    let epoch = clock.now().as_millisecond();
    html! { time datetime=(written) data-epoch=(epoch) { (seconds.replace('T', " ")) } }
}

/// An amount.
pub(super) fn won(words: &Words, amount: Won) -> Markup {
    let (before, behind) = words.won;
    html! { span.amount { (before) (grouped(amount.get())) (behind) } }
}

/// A number with a comma before each three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
