//! A request and its response, and how its hash is made.

use maud::{Markup, html};
use payssam::{Operation, redact};
use serde_json::Value;

use super::{reasons, words::Words};
use crate::{exchange::Exchange, fault::Fault};

/// What was asked for, what came back, and why.
pub(super) fn show(
    words: &Words,
    exchange: &Exchange,
    operation: Option<Operation>,
    fault: Option<Fault>,
) -> Markup {
    html! {
        @if let Some(reason) = &exchange.reason {
            p.rule { span.label { (words.rule) } " " (reasons::show(words.language, reason)) }
        }
        @if let Some(fault) = fault {
            p.fault { span.label { (words.met_fault) } " " code { (fault.name()) } " – " (words.says_of(fault)) }
        }
        @if let Some((operation, parts)) = operation.and_then(|operation| Some((operation, exchange.hash_parts(operation)?))) {
            (hash(words, exchange, operation, &parts))
        }
        details.exchange {
            summary { (words.request_and_response) " · HTTP " (exchange.http_status) }
            div.sides {
                div { p.side { (words.request) } (json(words, &exchange.request)) }
                div { p.side { (words.response) } (json(words, &exchange.response)) }
            }
        }
    }
}

fn hash(
    words: &Words,
    exchange: &Exchange,
    operation: Operation,
    parts: &[(&'static str, String)],
) -> Markup {
    html! {
        div.hash {
            p { span.label { (words.hash) } " " code { (redact::escape(&exchange.hash_formula(operation).unwrap_or_default())) } }
            dl {
                @for (name, value) in parts {
                    div { dt { code { (name) } } dd { code { (redact::escape(value)) } } }
                }
            }
        }
    }
}

/// JSON as it is sent, in one line, with its secrets masked.
pub(super) fn as_sent(words: &Words, body: &Value) -> Markup {
    if body.is_null() {
        return html! { p.none { (words.not_kept) } };
    }
    html! {
        pre.json tabindex="0" { code translate="no" { (redact::escape(&body.to_string())) } }
    }
}

/// JSON with its lines.
pub(super) fn json(words: &Words, text: &str) -> Markup {
    if text.is_empty() {
        return html! { p.none { (words.not_kept) } };
    }
    let value: Option<Value> = serde_json::from_str(text).ok();
    let pretty = value.and_then(|value| serde_json::to_string_pretty(&value).ok());
    let pretty = pretty.unwrap_or_else(|| text.to_owned());
    html! {
        pre.json tabindex="0" { code translate="no" {
            @for line in pretty.lines() { (redact::escape(line)) "\n" }
        } }
    }
}
