//! What is not about one bill: the clock, the requests, snapshots, and what happens.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::Body,
    extract::{FromRequest, State as Shared},
    http::{
        HeaderMap, HeaderValue, Request, Response as HttpResponse, StatusCode,
        header::CACHE_CONTROL,
    },
};
use futures_util::stream;
use hyper::body::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout_at};

use super::{
    answer::{Answer, ExchangeView, Owner, Refusal, json as answer},
    handle::Control,
    input::{Asked, Input, LARGE, NoQuery, Nothing, Whose, invalid, state_of},
};
use crate::{
    http_response,
    journal::{JournalEntry, What},
    saved::Snapshot,
    schedule::Scope,
    state::State,
};

/// How long a request waits, unless another time is given, and at most.
const WAIT: f64 = 10.0;
const WAIT_AT_MOST: f64 = 30.0;

/// How long a stream says nothing at most, so that a lost one is noticed.
const SILENCE: Duration = Duration::from_secs(15);

/// How many entries of the journal a response has at most.
const ENTRIES: usize = 1_000;

/// Whose keys are taken. The keys are not shown.
pub(super) async fn partners(Shared(control): Shared<Control>, _: Asked<NoQuery>) -> Answer {
    let state = control.state.lock();
    let partners = state.service.partners.all().iter();
    let partners = partners.map(|partner| {
        let merchants = partner.merchants.iter();
        json!({
            "partner": &*partner.name,
            "points": partner.points.0,
            "merchants": merchants
                .map(|(member, merchant)| json!({"member": member, "merchant": merchant}))
                .collect::<Vec<_>>(),
        })
    });
    Ok(answer(&json!({"partners": partners.collect::<Vec<_>>()})))
}

pub(super) async fn clock(Shared(control): Shared<Control>, _: Asked<NoQuery>) -> Answer {
    Ok(answer(&clock_of(&control.state.lock())))
}

fn clock_of(state: &State) -> Value {
    json!({
        "now": state.clock.korean_now().to_string(),
        "ahead_seconds": state.clock.ahead().as_secs(),
    })
}

/// How far the clock is advanced. It never goes back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Advance {
    #[serde(default)]
    days: u32,
    #[serde(default)]
    hours: u32,
    #[serde(default)]
    seconds: u32,
}

pub(super) async fn advance(Shared(control): Shared<Control>, Input(by): Input<Advance>) -> Answer {
    let hours = u64::from(by.days) * 24 + u64::from(by.hours);
    let by = Duration::from_secs(hours * 60 * 60 + u64::from(by.seconds));
    if by.is_zero() {
        return Err(invalid("give days, hours or seconds, more than 0 of one"));
    }
    let mut state = control.state.lock();
    state.advance_clock(by);
    Ok(answer(&clock_of(&state)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct After {
    partner: Option<String>,
    member: Option<String>,
    merchant: Option<String>,
    after: Option<u64>,
    limit: Option<usize>,
}

impl After {
    fn scope(&self, state: &State) -> Result<Scope, Refusal> {
        let whose = Whose {
            partner: self.partner.clone(),
            member: self.member.clone(),
            merchant: self.merchant.clone(),
        };
        whose.known_scope(state)
    }

    fn limit(&self) -> Result<usize, Refusal> {
        let limit = self.limit.unwrap_or(ENTRIES);
        match (1..=ENTRIES).contains(&limit) {
            true => Ok(limit),
            false => Err(invalid("limit must be a number from 1 to 1000")),
        }
    }
}

/// The requests to PaySsam's operations that came, the oldest first: the next ones behind a number, or the last ones.
pub(super) async fn requests(
    Shared(control): Shared<Control>,
    Asked(asked): Asked<After>,
) -> Answer {
    let limit = asked.limit()?;
    let state = control.state.lock();
    let scope = asked.scope(&state)?;
    let (entries, _) = state.journal.after(asked.after.unwrap_or(0));
    let is_meant =
        |entry: &&JournalEntry| matches!(entry.what, What::Request { .. }) && entry.is_of(&scope);
    let entries = entries.filter(is_meant);
    let found: Vec<&JournalEntry> = match asked.after {
        Some(_) => entries.take(limit).collect(),
        None => {
            let mut last: Vec<_> = entries.rev().take(limit).collect();
            last.reverse();
            last
        }
    };
    let requests: Vec<EventView<'_>> = found.into_iter().map(view).collect();
    Ok(answer(&json!({"requests": requests})))
}

/// An entry of the journal.
#[derive(Serialize)]
struct EventView<'e> {
    number: u64,
    at: String,
    kind: &'static str,
    #[serde(flatten)]
    owner: Owner<'e>,
    #[serde(flatten)]
    what: WhatView<'e>,
}

/// What the entries of a kind have besides.
#[derive(Serialize)]
#[serde(untagged)]
enum WhatView<'e> {
    Request {
        method: &'e str,
        path: &'e str,
        operation: Option<&'static str>,
        code: Option<&'e str>,
        fault: Option<&'static str>,
        hash: Option<String>,
        #[serde(flatten)]
        exchange: ExchangeView<'e>,
    },
    Bill {
        event: &'static str,
        state: Option<String>,
    },
    CallbackQueued {
        callback_id: u64,
    },
    CallbackSent {
        callback_id: u64,
        is_acknowledged: bool,
    },
    Nothing {},
}

fn view(entry: &JournalEntry) -> EventView<'_> {
    let what = match &entry.what {
        What::Request {
            method,
            path,
            operation,
            code,
            fault,
            exchange,
        } => WhatView::Request {
            method,
            path,
            operation: operation.map(|operation| operation.as_str()),
            code: code.as_deref(),
            fault: fault.map(|fault| fault.name()),
            hash: operation.and_then(|operation| exchange.hash_formula(operation)),
            exchange: (&**exchange).into(),
        },
        What::Bill(event, state) => WhatView::Bill {
            event: event.name(),
            state: state.as_ref().map(ToString::to_string),
        },
        What::CallbackQueued(id) => WhatView::CallbackQueued { callback_id: *id },
        What::CallbackSent {
            id,
            is_acknowledged,
        } => WhatView::CallbackSent {
            callback_id: *id,
            is_acknowledged: *is_acknowledged,
        },
        What::CallbacksChanged | What::FaultsChanged | What::ClockAdvanced | What::Replaced => {
            WhatView::Nothing {}
        }
    };
    EventView {
        number: entry.number,
        at: entry.at.to_string(),
        kind: entry.what.name(),
        owner: entry.key.as_ref().map(Owner::from).unwrap_or_default(),
        what,
    }
}

/// What happened, the oldest first.
pub(super) async fn events(Shared(control): Shared<Control>, Asked(asked): Asked<After>) -> Answer {
    let limit = asked.limit()?;
    let state = control.state.lock();
    let scope = asked.scope(&state)?;
    Ok(answer(&page(
        &state,
        &scope,
        asked.after.unwrap_or(0),
        limit,
    )))
}

#[derive(Serialize)]
struct Page<'e> {
    events: Vec<EventView<'e>>,
    last_event: u64,
    has_gap: bool,
}

fn page<'e>(state: &'e State, scope: &Scope, after: u64, limit: usize) -> Page<'e> {
    let (entries, has_gap) = state.journal.after(after);
    let entries = entries.filter(|entry| entry.is_of(scope));
    Page {
        events: entries.take(limit).map(view).collect(),
        last_event: state.journal.last(),
        has_gap,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct From {
    partner: Option<String>,
    member: Option<String>,
    merchant: Option<String>,
    after: Option<u64>,
}

/// What happens, as server-sent events. It goes on behind the header Last-Event-ID, or behind `after`, or now.
pub(super) async fn stream(
    Shared(control): Shared<Control>,
    headers: HeaderMap,
    Asked(from): Asked<From>,
) -> Answer {
    let place = control.place()?;
    let last = headers.get("last-event-id");
    let last = last.and_then(|value| value.to_str().ok()?.parse().ok());
    let whose = Whose {
        partner: from.partner,
        member: from.member,
        merchant: from.merchant,
    };
    let (told, now, scope) = {
        let state = control.state.lock();
        (
            state.listen(),
            state.journal.last(),
            whose.known_scope(&state)?,
        )
    };
    let begin = last.or(from.after).unwrap_or(now);
    let state = control.state.clone();
    let events = stream::unfold(
        (told, begin, state, scope, place),
        |(mut told, mut seen, state, scope, place)| async move {
            loop {
                let text = {
                    let state = state.lock();
                    let page = page(&state, &scope, seen, 100);
                    (seen != page.last_event).then(|| written(&page, &mut seen))
                };
                // All that happened may be somebody else's.
                if let Some(text) = text.filter(|text| !text.is_empty()) {
                    let bytes = Ok::<_, Infallible>(Bytes::from(text));
                    return Some((bytes, (told, seen, state, scope, place)));
                }
                tokio::select! {
                    changed = told.changed() => changed.ok()?,
                    () = sleep(SILENCE) => {
                        let bytes = Ok(Bytes::from_static(b": nothing happened\n\n"));
                        return Some((bytes, (told, seen, state, scope, place)));
                    }
                }
            }
        },
    );
    let mut response = HttpResponse::new(Body::from_stream(events));
    *response.status_mut() = StatusCode::OK;
    let kind = HeaderValue::from_static("text/event-stream;charset=UTF-8");
    let response = http_response::with_header(response, hyper::header::CONTENT_TYPE, kind);
    let no_store = HeaderValue::from_static("no-store");
    Ok(http_response::with_header(
        response,
        CACHE_CONTROL,
        no_store,
    ))
}

/// Entries as server-sent events; before them whether some are missing.
fn written(page: &Page<'_>, seen: &mut u64) -> String {
    let last = page.last_event;
    let mut text = match page.has_gap {
        true => format!("id: {last}\nevent: gap\ndata: {{\"last_event\":{last}}}\n\n"),
        false => String::new(),
    };
    for event in &page.events {
        let EventView { number, kind, .. } = event;
        // Only a map whose keys are no texts cannot be written.
        let data = serde_json::to_string(event).unwrap_or_default();
        text += &format!("id: {number}\nevent: {kind}\ndata: {data}\n\n");
        *seen = *number;
    }
    if page.events.is_empty() {
        *seen = last;
    }
    text
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WaitFor {
    partner: Option<String>,
    member: Option<String>,
    merchant: Option<String>,
    bill: String,
    state: String,
    seconds: Option<f64>,
}

/// Waits until a bill has a state; also until there is such a bill.
pub(super) async fn wait(Shared(control): Shared<Control>, Asked(asked): Asked<WaitFor>) -> Answer {
    let wanted = state_of(&asked.state)?;
    let seconds = asked.seconds.unwrap_or(WAIT);
    if !(0.0..=WAIT_AT_MOST).contains(&seconds) {
        return Err(invalid("seconds must be a number from 0 to 30"));
    }
    let whose = Whose {
        partner: asked.partner,
        member: asked.member,
        merchant: asked.merchant,
    };
    whose.known_scope(&control.state.lock())?;
    let _place = control.place()?;
    let deadline = Instant::now() + Duration::from_secs_f64(seconds);
    let mut told = control.state.lock().listen();
    loop {
        told.mark_unchanged();
        let is = {
            let state = control.state.lock();
            match whose.find(&asked.bill, &state) {
                Ok(key) => state
                    .service
                    .store
                    .bill(&key)
                    .map(|bill| bill.state().clone()),
                Err(refusal) if refusal.0.http_status == 404 => None,
                Err(refusal) => return Err(refusal),
            }
        };
        let is_reached = is.as_ref() == Some(&wanted);
        if is_reached || timeout_at(deadline, told.changed()).await.is_err() {
            let state = is.map(|state| state.to_string());
            let response = json!({"bill_id": asked.bill, "is_reached": is_reached, "state": state});
            return Ok(answer(&response));
        }
    }
}

/// Brings the start back: of everything, or of the bills of a partner, a member or a merchant.
pub(super) async fn reset(
    Shared(control): Shared<Control>,
    Asked(asked): Asked<Whose>,
    _: Input<Nothing>,
) -> Answer {
    let mut state = control.state.lock();
    let scope = asked.known_scope(&state)?;
    state.reset(&scope).map_err(|problem| invalid(&problem))?;
    Ok(answer(&counts(&state)))
}

fn counts(state: &State) -> Value {
    json!({
        "bills": state.service.store.bills().count(),
        "faults": state.injections().injections.len(),
        "callbacks": state.callbacks.waiting.len(),
        "last_event": state.journal.last(),
    })
}

pub(super) async fn snapshot(Shared(control): Shared<Control>, _: Asked<NoQuery>) -> Answer {
    let snapshot = control.state.lock().snapshot();
    let snapshot = serde_json::to_value(snapshot).map_err(|error| invalid(&error.to_string()))?;
    Ok(answer(&snapshot))
}

pub(super) async fn restore(Shared(control): Shared<Control>, request: Request<Body>) -> Answer {
    let _place = control.reading()?;
    let Input(snapshot) = Input::<Snapshot, LARGE>::from_request(request, &()).await?;
    let mut state = control.state.lock();
    state
        .restore(snapshot)
        .map_err(|problem| invalid(&payssam::redact::shown(&problem)))?;
    Ok(answer(&counts(&state)))
}
