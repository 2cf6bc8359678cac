//! Bills: what they are, what happened to them, and what their payer and the merchant do with them.

use axum::{body::Body, extract::State as Shared, http::Response as HttpResponse};
use payssam::BillState;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    answer::{Answer, ExchangeView, Owner, json as answer},
    handle::Control,
    input::{Asked, Input, Named, Nothing, Whose, invalid, state_of},
};
use crate::{
    bill::MockBill, bill_filter::BillFilter, event::Event, history::HistoryEntry, key::Key,
    paid_by::PaidBy, rejection::Rejection, schedule::Scope, state::State, store::NotMoved, wish,
};

/// How many bills a list has, unless another limit is given, and at most.
const LISTED: usize = 100;
const LISTED_AT_MOST: usize = 1_000;

/// The filters of a list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filters {
    partner: Option<String>,
    member: Option<String>,
    merchant: Option<String>,
    state: Option<String>,
    /// Part of the bill id, the product or the payer.
    text: Option<String>,
    limit: Option<usize>,
    offset: Option<usize>,
}

/// The bills that fit, the latest first.
pub(super) async fn list(
    Shared(control): Shared<Control>,
    Asked(filters): Asked<Filters>,
) -> Answer {
    let limit = filters.limit.unwrap_or(LISTED);
    if !(1..=LISTED_AT_MOST).contains(&limit) {
        return Err(invalid("limit must be a number from 1 to 1000"));
    }
    let wanted = filters.state.as_deref().map(state_of).transpose()?;
    let scope = Scope {
        partner: filters.partner,
        member: filters.member,
        merchant: filters.merchant,
    };
    let filter = BillFilter::new(scope, wanted, filters.text.as_deref().unwrap_or_default());
    let state = control.state.lock();
    let bills = state.service.store.bills();
    let all: Vec<_> = bills.filter(|(key, bill)| filter.fits(key, bill)).collect();
    let page = all.iter().skip(filters.offset.unwrap_or(0)).take(limit);
    let bills: Vec<BillView<'_>> = page.map(|(key, bill)| view(key, bill, &state)).collect();
    Ok(answer(&json!({
        "bills": bills, "total": all.len(), "last_event": state.journal.last(),
    })))
}

/// A bill with its history.
pub(super) async fn one(
    Shared(control): Shared<Control>,
    Named(bill_id): Named,
    Asked(whose): Asked<Whose>,
) -> Answer {
    let state = control.state.lock();
    let key = whose.find(&bill_id, &state)?;
    Ok(with_history(&key, &state))
}

/// Adds a bill.
pub(super) async fn add(
    Shared(control): Shared<Control>,
    Input(wish): Input<wish::BillWish>,
) -> Answer {
    let mut state = control.state.lock();
    let key = state.add_wish(&wish)?;
    Ok(with_history(&key, &state))
}

pub(super) async fn pay(
    control: Shared<Control>,
    bill_id: Named,
    whose: Asked<Whose>,
    Input(payment): Input<Payment>,
) -> Answer {
    let nothing = Input(Nothing {});
    act(control, bill_id, whose, nothing, |state, key| {
        state.pay(key, payment.by)
    })
}

/// How it is paid.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Payment {
    #[serde(default)]
    by: PaidBy,
}

pub(super) async fn expire(
    control: Shared<Control>,
    bill_id: Named,
    whose: Asked<Whose>,
    nothing: Input<Nothing>,
) -> Answer {
    act(control, bill_id, whose, nothing, State::expire)
}

/// Cancels the payment at the desk, as the merchant does in PaySsam's manager app.
pub(super) async fn cancel(
    control: Shared<Control>,
    bill_id: Named,
    whose: Asked<Whose>,
    nothing: Input<Nothing>,
) -> Answer {
    act(control, bill_id, whose, nothing, |state, key| {
        state.set_bill_state(key, BillState::Cancelled, Event::Cancelled)
    })
}

/// Marks the bill as paid on site: it is destroyed, and nobody pays it by its link.
pub(super) async fn paid_on_site(
    control: Shared<Control>,
    bill_id: Named,
    whose: Asked<Whose>,
    nothing: Input<Nothing>,
) -> Answer {
    act(control, bill_id, whose, nothing, |state, key| {
        state.set_bill_state(key, BillState::Destroyed, Event::PaidOnSite)
    })
}

fn act(
    Shared(control): Shared<Control>,
    Named(bill_id): Named,
    Asked(whose): Asked<Whose>,
    _: Input<Nothing>,
    act: impl FnOnce(&mut State, &Key) -> Result<(), NotMoved>,
) -> Answer {
    let mut state = control.state.lock();
    let key = whose.find(&bill_id, &state)?;
    act(&mut state, &key).map_err(|problem| match problem {
        NotMoved::NoSuchBill => {
            Rejection::with_http_status(404, "MOCK_NO_BILL", "there is no such bill")
        }
        NotMoved::State { before, next } => Rejection::with_http_status(
            409,
            "MOCK_WRONG_STATE",
            match next == BillState::Unpaid {
                true => format!("the bill is {before}, and only an unpaid one expires"),
                false => format!("the bill is {before}, and cannot become {next}"),
            },
        ),
        NotMoved::Expired(last) => Rejection::with_http_status(
            410,
            "MOCK_EXPIRED",
            format!("the bill expired: {last} was the last day on which it could be paid"),
        ),
    })?;
    Ok(with_history(&key, &state))
}

#[derive(Serialize)]
struct BillView<'b> {
    #[serde(flatten)]
    owner: Owner<'b>,
    product: &'b str,
    payer: &'b str,
    price: u64,
    state: String,
    is_paid_on_site: bool,
    is_expired: bool,
    expires_on: Option<String>,
    paid_at: Option<String>,
    paid_by: Option<&'static str>,
    cancelled_at: Option<String>,
    link: Option<String>,
    callback_url: Option<&'b str>,
    is_called_back: bool,
    last_event: Option<LastEvent>,
}

#[derive(Serialize)]
struct LastEvent {
    number: u64,
    at: String,
    event: &'static str,
}

fn view<'b>(key: &'b Key, bill: &'b MockBill, state: &State) -> BillView<'b> {
    let last = bill.history().last();
    let link = bill.link.as_deref();
    BillView {
        owner: key.into(),
        product: &bill.product,
        payer: &bill.payer,
        price: bill.price().get(),
        state: bill.state().to_string(),
        is_paid_on_site: bill.is_paid_on_site,
        is_expired: bill.has_expired(state.clock.korean_now()),
        expires_on: bill.last_day.map(|day| day.to_string()),
        paid_at: bill.paid_at().map(|at| at.to_string()),
        paid_by: bill.paid_at().map(|_| bill.paid_by.name()),
        cancelled_at: bill.cancelled_at().map(|at| at.to_string()),
        link: link.map(|name| state.service.links.url(name)),
        callback_url: bill.shown_callback_url.as_deref(),
        is_called_back: bill.is_called_back,
        last_event: last.map(|entry| LastEvent {
            number: entry.number,
            at: entry.at().to_string(),
            event: entry.event().name(),
        }),
    }
}

#[derive(Serialize)]
struct WithHistory<'b> {
    #[serde(flatten)]
    bill: BillView<'b>,
    history: Vec<EntryView<'b>>,
}

fn with_history(key: &Key, state: &State) -> HttpResponse<Body> {
    let Some(bill) = state.service.store.bill(key) else {
        return answer(&Value::Null);
    };
    answer(&WithHistory {
        bill: view(key, bill, state),
        history: bill.history().iter().map(entry).collect(),
    })
}

#[derive(Serialize)]
struct EntryView<'e> {
    number: u64,
    at: String,
    event: &'static str,
    operation: Option<&'static str>,
    fault: Option<&'static str>,
    hash: Option<String>,
    #[serde(flatten)]
    exchange: ExchangeView<'e>,
}

fn entry(entry: &HistoryEntry) -> EntryView<'_> {
    let exchange = entry.exchange.as_deref();
    let operation = entry.operation();
    EntryView {
        number: entry.number,
        at: entry.at().to_string(),
        event: entry.event().name(),
        operation: operation.map(|operation| operation.as_str()),
        fault: entry.fault().map(|fault| fault.name()),
        hash: exchange
            .zip(operation)
            .and_then(|(exchange, operation)| exchange.hash_formula(operation)),
        exchange: exchange.map(ExchangeView::from).unwrap_or_default(),
    }
}
