//! The requests to PaySsam's operations that came, the latest first.

use axum::extract::State as Shared;
use maud::{Markup, html};

use super::{
    exchange,
    handle::Face,
    layout::{self, Page, Place},
    merchants::Merchants,
    visit::{Visit, bill_page_of},
    written,
};
use crate::journal::{JournalEntry, What};

/// How many requests a page has.
const SHOWN: usize = 50;

pub(super) async fn show(Shared(face): Shared<Face>, visit: Visit) -> Page {
    let state = face.state.lock();
    let words = visit.words;
    let before = visit.number("before").unwrap_or(u64::MAX);
    let scope = visit.scope();
    let (entries, _) = state.journal.after(0);
    let is_shown = |entry: &&JournalEntry| {
        let is_request = matches!(entry.what, What::Request { .. });
        let is_of_scope = scope.is_all() || entry.key.as_ref().is_some_and(|key| scope.has(key));
        is_request && is_of_scope && entry.number < before
    };
    let mut found: Vec<&JournalEntry> = entries.rev().filter(is_shown).take(SHOWN + 1).collect();
    let has_more = found.len() > SHOWN;
    found.truncate(SHOWN);
    let merchants = Merchants::of(&state);
    let content = html! {
        p.lead { (words.about_requests) }
        (merchants.filter(&visit, Place::Requests.path()))
        div #requests data-live {
            @if found.is_empty() {
                p #no-requests .none { (words.no_requests_yet) " " code { (visit.origin) "/partner" } }
            } @else {
                ol #list .cards data-live {
                    @for entry in &found { li id={"request-" (entry.number)} { (one(&visit, &merchants, entry)) } }
                }
            }
            @if has_more && let Some(last) = found.last() {
                p #older { a href=(visit.with("before", Some(&last.number.to_string()))) { (words.older) } }
            }
        }
    };
    layout::page(
        &face,
        &visit,
        &state,
        Place::Requests,
        words.requests,
        &content,
    )
}

fn one(visit: &Visit, merchants: &Merchants, entry: &JournalEntry) -> Markup {
    let words = visit.words;
    let What::Request {
        method,
        path,
        operation,
        code,
        fault,
        exchange,
    } = &entry.what
    else {
        return html! {};
    };
    html! {
        p.head {
            strong { code { (method) " " (path) } } " "
            @if let Some(code) = code { code class=(if &**code == "0000" { "good" } else { "bad" }) { (payssam::redact::escape(code)) } " " }
            @if let Some(key) = &entry.key {
                a href=(bill_page_of(key)) { (written::text(key.bill_id())) } " "
                @if let Some(whose) = merchants.part(key) { span.note { (whose) } " " }
            }
            (written::time(entry.at)) " " span.number { "#" (entry.number) }
        }
        (exchange::show(words, exchange, *operation, *fault))
    }
}
