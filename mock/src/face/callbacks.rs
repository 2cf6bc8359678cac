//! Callbacks: those that wait, those that were sent, and what came back.

use axum::extract::State as Shared;
use maud::{Markup, html};
use payssam::KoreanTime;
use serde_json::json;

use super::{
    act::{self, Act},
    call::Call,
    exchange,
    handle::Face,
    layout::{self, Page, Place},
    merchants::Merchants,
    reasons,
    visit::{self, Visit, bill_page_of},
    words::Words,
    written,
};
use crate::{
    acknowledgement::ACKNOWLEDGEMENT, callback::MockCallback, callback_queue::Callback,
    http_client::End, key::Key, log, masked::masked, schedule::Scope, state::State,
};

/// How many of those that wait, and of those that were sent, a page has.
const SHOWN: usize = 50;

pub(super) async fn show(Shared(face): Shared<Face>, visit: Visit) -> Page {
    let state = face.state.lock();
    let words = visit.words;
    let content = html! {
        p.lead { (words.about_callbacks) " " code translate="no" { (ACKNOWLEDGEMENT) } }
        (Merchants::of(&state).filter(&visit, Place::Callbacks.path()))
        div #queue-acts data-live { (acts(&face, &visit, &state)) }
        div #all data-live { (lists(&face, &visit, &state, None)) }
        details.panel { summary { (words.forge_a_callback) } (forge(&face, &visit)) }
    };
    layout::page(
        &face,
        &visit,
        &state,
        Place::Callbacks,
        words.callbacks,
        &content,
    )
}

/// What is done with the callbacks of those that are asked for, and of nobody else.
fn acts(face: &Face, visit: &Visit, state: &State) -> Markup {
    let words = visit.words;
    let scope = visit.scope();
    let whose = visit::whose_of(&scope).unwrap_or_default();
    let fields = [("whose", &*whose)];
    let (is_held, can_go) = (
        state.callbacks.holds(&scope),
        state.callbacks.holds_within(&scope),
    );
    let one = |name: &str, label: &str, look: &str, call: Call| {
        one(
            face,
            visit,
            name,
            label,
            look,
            &fields,
            &call.of_scope(&scope),
        )
    };
    html! {
        div id={"held-" (is_held) "-" (can_go)} .acts {
            @if can_go { (one("let-go", words.let_go, "main", Call::hold(false))) }
            @if !is_held { (one("hold", words.hold, "", Call::hold(true))) }
            (one("deliver", words.deliver_all, "", Call::deliver(None)))
            (one("reorder", words.reverse, "", Call::reorder(None)))
        }
    }
}

fn one(
    face: &Face,
    visit: &Visit,
    name: &str,
    label: &str,
    look: &str,
    fields: &[(&str, &str)],
    call: &Call,
) -> Markup {
    Act {
        name,
        label,
        look,
        fields,
        call,
    }
    .form(face, visit, None)
}

/// Those that wait and those that were sent: of one bill, or of those that are asked for.
pub(super) fn lists(face: &Face, visit: &Visit, state: &State, of: Option<&Key>) -> Markup {
    let words = visit.words;
    let scope = visit.scope();
    let fits = |key: &Key| of.map_or_else(|| scope.has(key), |of| of == key);
    let on_its_way = state
        .callbacks
        .on_its_way()
        .map(|callback| (callback, true));
    let waiting = state
        .callbacks
        .waiting
        .iter()
        .map(|callback| (callback, false));
    let waiting: Vec<_> = on_its_way
        .chain(waiting)
        .filter(|(callback, _)| fits(&callback.key))
        .collect();
    let sent = state.callbacks.sent();
    let sent: Vec<&MockCallback> = sent
        .iter()
        .rev()
        .filter(|callback| fits(&callback.key))
        .collect();
    let back = match of {
        Some(_) => ("back", "bill".to_owned()),
        None => ("whose", visit::whose_of(&scope).unwrap_or_default()),
    };
    // The page of a bill says whose it is.
    let merchants = of.is_none().then(|| Merchants::of(state));
    let whose = |key: &Key| merchants.as_ref().and_then(|merchants| merchants.part(key));
    let from_waiting = from(visit, "waiting_from", waiting.len());
    let from_sent = from(visit, "sent_from", sent.len());
    html! {
        @if waiting.is_empty() && sent.is_empty() {
            p #no-callbacks .none { (words.no_callbacks_yet) }
        }
        @if !waiting.is_empty() {
            (heading("title-of-waiting", words.waiting, waiting.len(), of.is_some()))
            ol #waiting .cards data-live {
                @for (callback, is_on_its_way) in waiting.iter().skip(from_waiting).take(SHOWN) {
                    li id={"waiting-" (callback.id)} { (one_waiting(face, visit, state, callback, *is_on_its_way, &back, whose(&callback.key))) }
                }
            }
            (pages(visit, "waiting_from", from_waiting, waiting.len()))
        }
        @if !sent.is_empty() {
            (heading("title-of-sent", words.sent, sent.len(), of.is_some()))
            ol #sent .cards data-live {
                @for callback in sent.iter().skip(from_sent).take(SHOWN) {
                    li id={"sent-" (callback.id) "-" (callback.repeat)} { (one_sent(visit, callback, whose(&callback.key))) }
                }
            }
            (pages(visit, "sent_from", from_sent, sent.len()))
        }
    }
}

/// Where the page of a list begins that is asked for, or the last one that there is.
fn from(visit: &Visit, name: &str, total: usize) -> usize {
    let last = total.saturating_sub(1) / SHOWN * SHOWN;
    let asked = visit.number(name).unwrap_or(0);
    last.min(usize::try_from(asked).unwrap_or(last))
}

fn pages(visit: &Visit, name: &str, from: usize, total: usize) -> Markup {
    let words = visit.words;
    let end = total.min(from + SHOWN);
    let before = from.saturating_sub(SHOWN);
    html! {
        @if total > SHOWN {
            nav id={"pages-" (name)} .pages aria-label={(words.pages) " (" (if name == "sent_from" { words.sent } else { words.waiting }) ")"} {
                @if from > 0 {
                    a href=(visit.with(name, (before > 0).then(|| before.to_string()).as_deref())) rel="prev" { (words.previous_ones) }
                }
                span { (written::grouped(from as u64 + 1)) "–" (written::grouped(end as u64)) " / " (written::grouped(total as u64)) }
                @if end < total { a href=(visit.with(name, Some(&end.to_string()))) rel="next" { (words.next_ones) } }
            }
        }
    }
}

fn heading(id: &str, text: &str, count: usize, is_below_another: bool) -> Markup {
    let text = html! { (text) " " span.count { (count) } };
    match is_below_another {
        true => html! { h3 id=(id) { (text) } },
        false => html! { h2 id=(id) { (text) } },
    }
}

fn one_waiting(
    face: &Face,
    visit: &Visit,
    state: &State,
    callback: &Callback,
    is_on_its_way: bool,
    back: &(&str, String),
    whose: Option<Markup>,
) -> Markup {
    let words = visit.words;
    let keys: Vec<&str> = state.service.partners.secrets().collect();
    let body = masked(&state.callback_body(callback), &keys);
    let is_held = state.callbacks.holds_callback(callback);
    let id = callback.id.to_string();
    let fields = [("id", &*id), (back.0, &*back.1)];
    // On a page of all of them it changes places with all.
    let scope = match back.0 {
        "whose" => visit.scope(),
        _ => Scope::default(),
    };
    let deliver = Call::deliver(Some(callback.id)).of_scope(&scope);
    let reorder = Call::reorder(Some(callback.id)).of_scope(&scope);
    html! {
        p.head {
            strong { (words.callback) " " (callback.id) } " " (about(words, &callback.key, whose, callback.is_forged, callback.repeat))
            span.note {
                @if is_on_its_way { (words.on_its_way) } @else if is_held { (words.held) } @else { (words.due) " " (written::time(KoreanTime::from_timestamp(callback.due))) }
            }
        }
        p.address { code { "POST " (log::shown_address(callback.url.as_str())) } }
        @if !is_on_its_way {
            div.acts {
                (Act { name: "deliver", label: words.deliver, look: "", fields: &fields, call: &deliver }
                    .form(face, visit, Some(&callback.key)))
                (Act { name: "reorder", label: words.reorder, look: "", fields: &fields, call: &reorder }
                    .form(face, visit, Some(&callback.key)))
            }
        }
        details.exchange { summary { (words.bytes_out) " (" (words.secrets_masked) ")" } (exchange::as_sent(words, &body)) }
    }
}

fn about(words: &Words, key: &Key, whose: Option<Markup>, is_forged: bool, repeat: u32) -> Markup {
    html! {
        a href=(bill_page_of(key)) { (written::text(key.bill_id())) } " "
        @if let Some(whose) = whose { span.note { (whose) } " " }
        @if is_forged { span.bad { (words.forged) } " " }
        @if repeat > 0 { span.note { (words.repeat) " " (repeat) "/24" } " " }
    }
}

fn one_sent(visit: &Visit, callback: &MockCallback, whose: Option<Markup>) -> Markup {
    let words = visit.words;
    html! {
        p.head {
            strong { (words.callback) " " (callback.id) } " " (about(words, &callback.key, whose, callback.is_forged, callback.repeat))
            @if callback.is_acknowledged { span.good { (words.acknowledged) } } @else { span.bad { (words.not_acknowledged) } }
            " " (written::time(callback.at))
        }
        p.address { code { "POST " (log::shown_address(callback.url.as_str())) } }
        @if let Some(difference) = &callback.difference {
            p.rule { span.label { (words.difference) } " " (reasons::show(words.language, difference)) }
        }
        @if !callback.is_acknowledged && callback.http_status.is_some() { (compared(words, &callback.shown_response())) }
        details.exchange {
            summary { (words.bytes_out) " " (callback.body_bytes) " · " (words.bytes_back) " "
                @if callback.response_end == Some(End::GoesOn) { ((words.at_least)(callback.response_bytes)) }
                @else { (callback.response_bytes) }
                @if let Some(status) = callback.http_status { " · HTTP " (status) } }
            div.sides {
                div { p.side { (words.bytes_out) " (" (words.secrets_masked) ")" } (exchange::as_sent(words, &callback.body)) }
                div {
                    p.side { (words.bytes_back) }
                    @if callback.response.is_empty() { p.none { (words.nothing_came) } }
                    @else { pre.json tabindex="0" { code translate="no" { (callback.shown_response()) } } }
                }
            }
        }
    }
}

/// The acknowledgement above what came, marked from where they differ.
fn compared(words: &Words, came: &str) -> Markup {
    let same = came
        .chars()
        .zip(ACKNOWLEDGEMENT.chars())
        .take_while(|(came, wanted)| came == wanted)
        .map(|(came, _)| came.len_utf8())
        .sum::<usize>();
    let marked = |text: &str| {
        let (same, other) = text.split_at(same.min(text.len()));
        html! { (same) @if !other.is_empty() { mark { (other) } } }
    };
    html! {
        dl.compared {
            div { dt { (words.wanted) } dd { code translate="no" { (marked(ACKNOWLEDGEMENT)) } } }
            div { dt { (words.came) } dd { code translate="no" { (marked(came)) } @if came.is_empty() { span.none { (words.nothing_came) } } } }
        }
    }
}

fn forge(face: &Face, visit: &Visit) -> Markup {
    let words = visit.words;
    let example = Call::post(
        "/callbacks/forge",
        json!({"url": "http://127.0.0.1:8080/payssam", "bill_id": "2024-0002", "price": 1000}),
    );
    html! {
        p { (words.about_forging) }
        form.send method="post" action=(act::path("forge")) {
            (act::token(face))
            @if let Some(whose) = visit::whose_of(&visit.scope()) { input type="hidden" name="whose" value=(whose); }
            div.fields {
                div.field { label for="forge-url" { (words.callback_url) } input #forge-url name="url" placeholder="http://127.0.0.1:8080/payssam" autocomplete="off" spellcheck="false"; }
                div.field { label for="forge-bill" { (words.bill_id) } input #forge-bill name="bill_id" required autocomplete="off" spellcheck="false"; }
                div.field { label for="forge-price" { (words.price_in_won) } input #forge-price name="price" value="1000" required inputmode="numeric" autocomplete="off"; }
            }
            button { (words.forge) }
        }
        (act::example(visit, &example))
    }
}
