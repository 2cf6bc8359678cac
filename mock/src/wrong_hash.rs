//! Which mistake made a hash, for the log: the mistakes that integrations really made.

use serde_json::Value;

use crate::{hash, request_body::text};

/// A send has a hash of three parts, and everything else one of two.
pub(crate) const THREE_PART: &str = "the hash is the three-part hash of a send (billId,phone,price); this operation takes billId,price";

/// What else joins the parts.
const SEPARATORS: [&str; 7] = ["", "|", ";", ":", "+", " ", ", "];

/// Why a hash is not the one over these fields of a request.
pub(crate) fn reason(given: &str, fields: &[&str], request: &Value) -> String {
    let names = fields.join(",");
    let values: Vec<String> = fields
        .iter()
        .map(|field| text(&request[field]).to_owned())
        .collect();
    let of = |values: &[String]| {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        hash::of(&values)
    };
    let with = |field: &str, value: String| {
        let mut changed = values.clone();
        if let Some(place) = fields.iter().position(|known| *known == field) {
            changed[place] = value;
        }
        changed
    };
    let (id, phone, price) = (
        text(&request["billId"]),
        text(&request["phone"]),
        text(&request["price"]),
    );
    if given == hash::of(&[id, phone, price]) {
        return THREE_PART.to_owned();
    }
    if given == hash::of(&[id, price]) {
        return format!("the hash leaves out phone: a send takes {names}");
    }
    if given.eq_ignore_ascii_case(&of(&values)) {
        return "the hash must be in lower-case letters".to_owned();
    }
    if hyphenated(phone).any(|phone| given == of(&with("phone", phone))) {
        return "the hash is over the phone with hyphens: it takes the digits, as in the request"
            .to_owned();
    }
    if given == of(&with("price", with_commas(price))) {
        return "the hash is over the price with commas: it takes the digits, as in the request"
            .to_owned();
    }
    let reversed: Vec<String> = values.iter().rev().cloned().collect();
    if given == of(&reversed) {
        return format!("the hash has its parts in another order: it takes {names}");
    }
    let is_joined = |separator: &&str| given == hash::of(&[&values.join(separator)]);
    if SEPARATORS.iter().any(is_joined) {
        return format!("the parts of the hash must be joined by a comma alone: {names}");
    }
    let hint = match fields.contains(&"phone") {
        true => "the phone without hyphens, the price without commas",
        false => "the price without commas, no phone: the three-part hash is that of a send",
    };
    format!("the hash is not the SHA-256 of {names} of this request ({hint})")
}

/// A phone number with the hyphens that people write.
fn hyphenated(phone: &str) -> impl Iterator<Item = String> {
    let is_ascii = phone.is_ascii();
    [(3, 7), (3, 6), (2, 6), (2, 5)]
        .into_iter()
        .filter(move |(_, second)| is_ascii && phone.len() > *second)
        .map(move |(first, second)| {
            format!(
                "{}-{}-{}",
                &phone[..first],
                &phone[first..second],
                &phone[second..]
            )
        })
}

fn with_commas(price: &str) -> String {
    let mut written = String::new();
    for (position, digit) in price.chars().enumerate() {
        if position > 0 && (price.chars().count() - position).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}
