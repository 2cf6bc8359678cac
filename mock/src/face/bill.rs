//! One bill: what it is, what can be done with it, and what happened to it.

use axum::extract::State as Shared;
use hyper::StatusCode;
use maud::{Markup, html};
use payssam::BillState;
use serde_json::json;

use super::{
    act::Act,
    badge,
    call::Call,
    callbacks, exchange,
    handle::Face,
    layout::{self, Page, Place},
    visit::Visit,
    written,
};
use crate::{
    bill::MockBill,
    history::{CallbackEntry, HistoryEntry},
    key::Key,
    links, log,
    paid_by::PaidBy,
    state::State,
};

/// How many entries of a timeline a page has.
const ENTRIES: usize = 100;

pub(super) async fn show(Shared(face): Shared<Face>, visit: Visit) -> Page {
    let state = face.state.lock();
    let words = visit.words;
    let part = |name| visit.get(name).unwrap_or_default();
    let partner = state.service.partners.by_name(part("partner"));
    let key = partner
        .map(|partner| Key::new(&partner.name, part("member"), part("merchant"), part("id")));
    let found = key.and_then(|key| Some((state.service.store.bill(&key)?, key)));
    let Some((bill, key)) = found else {
        let content = html! {
            div #gone data-live { p { (words.no_such_bill) } }
            p { a href="/" { (words.back_to_bills) } }
        };
        let status = StatusCode::NOT_FOUND;
        return layout::with_status(
            status,
            &face,
            &visit,
            &state,
            Place::Bills,
            words.bill,
            &content,
        );
    };
    let content = html! {
        p.back { a href="/" { "← " (words.bills) } }
        (facts(&visit, &state, &key, bill))
        section aria-labelledby="acts-title" {
            h2 #acts-title { (words.what_can_be_done) }
            div #acts data-live { (acts(&face, &visit, &state, &key, bill)) }
        }
        section aria-labelledby="timeline-title" {
            h2 #timeline-title { (words.timeline) }
            (timeline(&visit, bill))
        }
        section aria-labelledby="callbacks-title" {
            h2 #callbacks-title { (words.callbacks) }
            div #of-bill data-live {
                (callbacks::lists(&face, &visit, &state, Some(&key)))
            }
        }
    };
    let title = format!("{} {}", words.bill, payssam::redact::escape(key.bill_id()));
    layout::page(&face, &visit, &state, Place::Bills, &title, &content)
}

fn facts(visit: &Visit, state: &State, key: &Key, bill: &MockBill) -> Markup {
    let words = visit.words;
    let link = bill.link.as_deref().map(links::path);
    html! {
        div #facts data-live {
            div #state-now .now {
                (badge::of(words, bill, state))
                strong.price { (written::won(words, bill.price())) }
            }
            dl #what .facts {
                div { dt { (words.product) } dd { (written::text_or_dash(&bill.product)) } }
                div { dt { (words.payer) } dd { (written::text_or_dash(&bill.payer)) } }
                div { dt { (words.expiry) } dd { @match bill.last_day { Some(day) => (day), None => (words.no_expiry) } } }
                @if let Some(at) = bill.paid_at() {
                    div {
                        dt { (words.paid_at) }
                        dd { (written::time(at)) " · " (match bill.paid_by { PaidBy::Card => words.card, PaidBy::Account => words.account }) }
                    }
                }
                @if let Some(at) = bill.cancelled_at() { div { dt { (words.cancelled_at) } dd { (written::time(at)) } } }
                div {
                    dt { (words.callback_url) }
                    dd {
                        @match bill.callback_url.as_deref() {
                            Some(url) => {
                                code { (log::shown_address(url)) }
                                @if !bill.is_called_back { " " span.note { (words.not_called_back) } }
                            }
                            None => span.none { "–" }
                        }
                    }
                }
                div { dt { (words.partner) } dd { (written::text(key.partner())) } }
                div { dt { "member" } dd { (written::text(key.member())) } }
                div { dt { "merchant" } dd { (written::text(key.merchant())) } }
            }
            @if let Some(link) = link {
                p #link .payers { a href=(link) target="_blank" rel="noopener" { (words.payers_page) " ↗" } }
            }
        }
    }
}

fn acts(face: &Face, visit: &Visit, state: &State, key: &Key, bill: &MockBill) -> Markup {
    let words = visit.words;
    let has_expired = bill.has_expired(state.clock.korean_now());
    let one = |name: &str, label: &str, look: &str, fields: &[(&str, &str)], call: &Call| {
        Act {
            name,
            label,
            look,
            fields,
            call,
        }
        .form(face, visit, Some(key))
    };
    let on_bill = |act: &str, body| Call::on_bill(key, act, body);
    let was_paid = bill.paid_at().is_some();
    let price = bill.price().get();
    let forgery = Call::post(
        "/callbacks/forge",
        json!({"bill_id": key.bill_id(), "price": price}),
    )
    .of(key);
    let to_bill = ("back", "bill");
    html! {
        div id={"acts-" (badge::letter(bill.state())) (u8::from(has_expired))} .acts {
            @match bill.state() {
                BillState::Unpaid => {
                    @if !has_expired {
                        (one("pay", words.pay_by_card, "main", &[], &on_bill("pay", json!({}))))
                        (one("pay", words.pay_by_account, "main", &[("by", "account")], &on_bill("pay", json!({"by": "account"}))))
                        (one("expire", words.expire, "", &[], &on_bill("expire", json!({}))))
                    }
                    (one("paid-on-site", words.mark_paid_on_site, "", &[], &on_bill("paid-on-site", json!({}))))
                }
                BillState::Paid => (one("cancel", words.cancel_at_the_desk, "danger", &[], &on_bill("cancel", json!({})))),
                _ => p.none { (words.bill_is_final) },
            }
            @if was_paid && bill.is_called_back {
                (one("duplicate", words.duplicate, "", &[to_bill], &Call::duplicate(key)))
            }
            @if bill.is_called_back {
                (one("forge", words.forge_for_bill, "", &[to_bill, ("price", &price.to_string())], &forgery))
            }
        }
    }
}

/// What happened to the bill, or to one of its callbacks.
enum Happened<'s> {
    Bill(&'s HistoryEntry),
    Callback(&'s CallbackEntry),
}

fn timeline(visit: &Visit, bill: &MockBill) -> Markup {
    let words = visit.words;
    let history = bill.history().iter();
    let mut all: Vec<(u64, Happened<'_>)> = history
        .map(|entry| (entry.number, Happened::Bill(entry)))
        .collect();
    let of_callbacks = bill.history.callbacks();
    all.extend(of_callbacks.map(|entry| (entry.number, Happened::Callback(entry))));
    all.sort_by_key(|(number, _)| *number);
    let end = match visit.number("before") {
        Some(before) => all.partition_point(|(number, _)| *number < before),
        None => all.len(),
    };
    let begin = end.saturating_sub(ENTRIES);
    html! {
        div #timeline data-live {
            @if begin > 0 {
                p #earlier { a href=(visit.with("before", Some(&all[begin].0.to_string()))) { (words.earlier) } }
            }
            ol #entries .timeline data-live {
                @for (number, happened) in &all[begin..end] {
                    li id={"entry-" (number)} {
                        @match happened {
                            Happened::Bill(entry) => (of_bill(visit, entry)),
                            Happened::Callback(entry) => (of_callback(visit, entry)),
                        }
                    }
                }
            }
            @if end < all.len() { p #latest { a href=(visit.with("before", None)) { (words.latest) } } }
        }
    }
}

fn of_bill(visit: &Visit, entry: &HistoryEntry) -> Markup {
    let words = visit.words;
    html! {
        p.head {
            strong { (badge::event(words, entry.event())) }
            @if let Some(operation) = entry.operation() { " " code { (operation.as_str()) } }
            @else { " " span.note { (words.without_request) } }
            " " (written::time(entry.at())) " " span.number { "#" (entry.number) }
        }
        @if let Some(exchange) = &entry.exchange {
            (exchange::show(words, exchange, entry.operation(), entry.fault()))
        } @else if let Some(fault) = entry.fault() {
            p.fault { span.label { (words.met_fault) } " " code { (fault.name()) } }
        }
    }
}

fn of_callback(visit: &Visit, entry: &CallbackEntry) -> Markup {
    let words = visit.words;
    html! {
        p.head {
            @match entry.is_acknowledged {
                Some(is_acknowledged) => {
                    strong { (words.callback_sent) " " (entry.id) } " "
                    @if entry.repeat > 0 { span.note { (words.repeat) " " (entry.repeat) "/24" } " " }
                    @if is_acknowledged { span.good { (words.acknowledged) } }
                    @else { span.bad { (words.not_acknowledged) } }
                }
                None => strong { (words.callback_queued) " " (entry.id) },
            }
            " " (written::time(entry.at)) " " span.number { "#" (entry.number) }
        }
    }
}
