//! Callbacks: those that wait, those that were sent, and what becomes of them.

use axum::extract::State as Shared;
use payssam::{BillId, Won};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    answer::{Answer, Owner, Refusal, json as answer},
    handle::Control,
    input::{Asked, Input, Whose, invalid},
};
use crate::{
    callback::MockCallback, callback_queue::Callback, http_client::End, journal::What, key::Key,
    log, masked::masked, rejection::Rejection, schedule::Scope, state::State, wish,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filters {
    partner: Option<String>,
    member: Option<String>,
    merchant: Option<String>,
    bill: Option<String>,
    limit: Option<usize>,
    offset: Option<usize>,
}

/// How many of each a list has at most.
const LISTED: usize = 1_000;

/// Those that wait, in the order in which they are sent, and the last 1,000 that were sent, the oldest first; a page of
/// each.
pub(super) async fn list(
    Shared(control): Shared<Control>,
    Asked(filters): Asked<Filters>,
) -> Answer {
    let asked = Scope {
        partner: filters.partner,
        member: filters.member,
        merchant: filters.merchant,
    };
    let limit = filters.limit.unwrap_or(LISTED);
    if !(1..=LISTED).contains(&limit) {
        return Err(invalid("limit must be a number from 1 to 1000"));
    }
    let offset = filters.offset.unwrap_or(0);
    let fits = |key: &Key| {
        asked.has(key)
            && filters
                .bill
                .as_ref()
                .is_none_or(|bill| bill == key.bill_id())
    };
    let state = control.state.lock();
    let callbacks = &state.callbacks;
    let on_its_way = callbacks.on_its_way().map(|callback| (callback, true));
    let waiting = callbacks.waiting.iter().map(|callback| (callback, false));
    let waiting: Vec<_> = on_its_way
        .chain(waiting)
        .filter(|(callback, _)| fits(&callback.key))
        .collect();
    let sent = callbacks.sent();
    let sent = sent.iter().filter(|callback| fits(&callback.key));
    Ok(answer(&json!({
        "is_held": callbacks.holds(&asked),
        "total_waiting": waiting.len(),
        "total_sent": sent.clone().count(),
        "waiting": waiting
            .into_iter()
            .skip(offset)
            .take(limit)
            .map(|(callback, is_on_its_way)| view(callback, is_on_its_way, &state))
            .collect::<Vec<_>>(),
        "sent": sent
            .skip(offset)
            .take(limit)
            .map(view_sent)
            .collect::<Vec<_>>(),
    })))
}

#[derive(Serialize)]
struct WaitingView<'c> {
    #[serde(flatten)]
    owner: Owner<'c>,
    id: u64,
    url: String,
    due_at: String,
    repeat: u32,
    is_forged: bool,
    state: &'static str,
    body: Value,
}

fn view<'c>(callback: &'c Callback, is_on_its_way: bool, state: &State) -> WaitingView<'c> {
    let is_held = state.callbacks.holds_callback(callback);
    let keys: Vec<&str> = state.service.partners.secrets().collect();
    WaitingView {
        owner: (&callback.key).into(),
        id: callback.id,
        url: log::shown_address(callback.url.as_str()),
        due_at: payssam::KoreanTime::from_timestamp(callback.due).to_string(),
        repeat: callback.repeat,
        is_forged: callback.is_forged,
        state: match (is_on_its_way, is_held) {
            (true, _) => "on_its_way",
            (false, true) => "held",
            (false, false) => "waiting",
        },
        body: masked(&state.callback_body(callback), &keys),
    }
}

#[derive(Serialize)]
struct SentView<'c> {
    #[serde(flatten)]
    owner: Owner<'c>,
    id: u64,
    url: String,
    at: String,
    repeat: u32,
    is_forged: bool,
    body: &'c Value,
    body_bytes: usize,
    http_status: Option<u16>,
    response: String,
    response_bytes: usize,
    response_end: Option<&'static str>,
    is_acknowledged: bool,
    difference: Option<&'c str>,
}

fn view_sent(callback: &MockCallback) -> SentView<'_> {
    SentView {
        owner: (&callback.key).into(),
        id: callback.id,
        url: log::shown_address(callback.url.as_str()),
        at: callback.at.to_string(),
        repeat: callback.repeat,
        is_forged: callback.is_forged,
        body: &callback.body,
        body_bytes: callback.body_bytes,
        http_status: callback.http_status,
        response: callback.shown_response(),
        response_bytes: callback.response_bytes,
        response_end: callback.response_end.map(End::name),
        is_acknowledged: callback.is_acknowledged,
        difference: callback.difference.as_deref(),
    }
}

/// Which callbacks are meant; all, if nothing is given.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    #[serde(default, deserialize_with = "wish::given")]
    id: Option<u64>,
    #[serde(default, deserialize_with = "wish::given")]
    bill_id: Option<String>,
}

/// Sends those that wait now, held or not.
pub(super) async fn deliver(
    Shared(control): Shared<Control>,
    Asked(asked): Asked<Whose>,
    Input(which): Input<Which>,
) -> Answer {
    let mut state = control.state.lock();
    let now = state.clock.now();
    let scope = asked.known_scope(&state)?;
    let fits = |callback: &Callback| {
        scope.has(&callback.key)
            && which.id.is_none_or(|id| id == callback.id)
            && which
                .bill_id
                .as_ref()
                .is_none_or(|id| id == callback.key.bill_id())
    };
    let count = state.callbacks.deliver(now, fits);
    changed(&mut state, &scope);
    Ok(answer(&json!({"delivered": count})))
}

fn changed(state: &mut State, scope: &Scope) {
    state.tell_scope(scope, What::CallbacksChanged);
    state.notify();
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Held {
    is_held: bool,
}

/// Holds all callbacks, or those of a scope, or lets them go in their order.
pub(super) async fn hold(
    Shared(control): Shared<Control>,
    Asked(asked): Asked<Whose>,
    Input(held): Input<Held>,
) -> Answer {
    let mut state = control.state.lock();
    let scope = asked.known_scope(&state)?;
    match held.is_held {
        true => state.callbacks.hold(&scope),
        false => state.callbacks.let_go(&scope),
    }
    changed(&mut state, &scope);
    Ok(answer(&json!({"is_held": state.callbacks.holds(&scope)})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfBill {
    bill_id: String,
}

fn full() -> Refusal {
    Rejection::with_http_status(
        507,
        "MOCK_FULL",
        "10,000 callbacks wait already: let them go, or reset the mock server",
    )
    .into()
}

/// Sends the callback of a bill that was paid once more.
pub(super) async fn duplicate(
    Shared(control): Shared<Control>,
    Asked(asked): Asked<Whose>,
    Input(of): Input<OfBill>,
) -> Answer {
    let mut state = control.state.lock();
    let key = asked.find(&of.bill_id, &state)?;
    if state.callbacks.is_full() {
        return Err(full());
    }
    let bill = state.service.store.bill(&key);
    let was_paid = bill.is_some_and(|bill| bill.paid_at().is_some());
    if !was_paid || !state.queue_callback(&key) {
        return Err(Rejection::with_http_status(
            409,
            "MOCK_NO_CALLBACK",
            "this bill has no callback: it must have a callback URL to which they are sent, and be paid",
        )
        .into());
    }
    Ok(answer(&json!({"id": state.callbacks.last_id})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Order {
    #[serde(default, deserialize_with = "wish::given")]
    ids: Option<Vec<u64>>,
}

/// Puts those that wait, or those of a scope, into this order, or into the reverse one.
pub(super) async fn reorder(
    Shared(control): Shared<Control>,
    Asked(asked): Asked<Whose>,
    Input(order): Input<Order>,
) -> Answer {
    let mut state = control.state.lock();
    let scope = asked.known_scope(&state)?;
    let waiting = |state: &State| {
        let waiting = state.callbacks.waiting.iter();
        let meant = waiting.filter(|callback| scope.has(&callback.key));
        meant.map(|callback| callback.id).collect::<Vec<_>>()
    };
    let ids = match order.ids {
        Some(ids) => ids,
        None => waiting(&state).into_iter().rev().collect(),
    };
    if !state.callbacks.reorder(&scope, &ids) {
        return Err(invalid(
            "ids must be those of callbacks that wait: GET /_mock/callbacks lists them",
        ));
    }
    changed(&mut state, &scope);
    Ok(answer(&json!({"ids": waiting(&state)})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Forgery {
    /// By default that of the bill.
    url: Option<String>,
    bill_id: BillId,
    #[serde(deserialize_with = "wish::price")]
    price: Won,
}

/// Sends a callback that says a bill was paid, whether that is true or not.
pub(super) async fn forge(
    Shared(control): Shared<Control>,
    Asked(asked): Asked<Whose>,
    Input(forgery): Input<Forgery>,
) -> Answer {
    let mut state = control.state.lock();
    if state.callbacks.is_full() {
        return Err(full());
    }
    let (key, url) = match (asked.find(forgery.bill_id.as_str(), &state), forgery.url) {
        (Ok(key), Some(url)) => (key, url),
        (Ok(key), None) => {
            let bill = state.service.store.bill(&key);
            let url = bill.and_then(|bill| bill.callback_url.as_deref());
            let url = url.ok_or_else(|| invalid("this bill has no callback URL: give url"))?;
            let url = url.to_owned();
            (key, url)
        }
        // It may be about a bill that there is not.
        (Err(refusal), Some(url)) if refusal.0.http_status == 404 => {
            let key = state.key_of(&asked.scope(), forgery.bill_id.as_str());
            (key.map_err(|problem| invalid(&problem))?, url)
        }
        (Err(refusal), _) => return Err(refusal),
    };
    let Ok(url) = state.service.reach.callback_url(&url) else {
        return Err(invalid(
            "url must be http on loopback, or on a host of --callbacks-to, without user and password",
        ));
    };
    let id = state.queue_forged_callback(key, url, forgery.bill_id, forgery.price);
    Ok(answer(&json!({"id": id})))
}
