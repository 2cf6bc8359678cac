//! What the control API says when it refuses a form, for whoever filled it in.

use maud::{Markup, html};

use super::{reasons, words::Words};

/// Which field is wrong, and how.
pub(super) fn show(words: &Words, code: &str, message: &str) -> Markup {
    let problem = message
        .strip_prefix("the body is not what it must be: ")
        .unwrap_or(message);
    // A form has no lines and columns.
    let place = problem.rfind(" at line ");
    let problem = place.map_or(problem, |place| &problem[..place]);
    let (field, problem) = match problem.split_once(": ") {
        Some((field, rest)) if is_field(field) => (Some(field), rest),
        _ => match problem.strip_prefix("missing field `") {
            Some(rest) => (rest.split('`').next(), "it is missing"),
            None => (None, problem),
        },
    };
    let expected = problem
        .strip_prefix("invalid ")
        .and_then(|rest| rest.split_once(", expected "));
    let problem = match expected {
        Some((_, "u32" | "u64" | "usize")) => "it must be a whole number, 0 or more",
        Some((_, "f32" | "f64")) => "it must be a number",
        Some((_, expected)) => expected,
        None => problem,
    };
    let problem = field
        .and_then(|field| problem.strip_prefix(&*format!("invalid {}: ", field.replace('_', " "))))
        .unwrap_or(problem);
    html! {
        p {
            @if let Some(field) = field { strong { (label(words, field)) } ": " }
            (reasons::show(words.language, problem)) " "
            code lang="en" { (code) }
        }
    }
}

/// A field of a form that is not what it must be.
pub(super) fn wrong(words: &Words, field: &str, must: &str) -> Markup {
    let field = payssam::redact::shown(field);
    html! { p { strong { (label(words, &field)) } ": " span { (must) } } }
}

fn is_field(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

/// What a page calls a field.
fn label<'w>(words: &'w Words, field: &'w str) -> &'w str {
    match field {
        "bill_id" => words.bill_id,
        "price" => words.price_in_won,
        "product" => words.product,
        "payer" => words.payer,
        "callback_url" | "url" => words.callback_url,
        "expires_on" => words.expiry,
        "days" | "hours" | "seconds" | "first" | "every" | "probability" | "per_second" => {
            words.count
        }
        "unit" => words.unit,
        "when" => words.which,
        "count" => words.count,
        "whose" => words.merchant,
        other => other,
    }
}
