//! The page on which a payer pays a bill, as a phone shows it.

use axum::body::Body;
use hyper::{Response as HttpResponse, StatusCode, http::request::Parts};
use maud::{Markup, html};
use payssam::BillState;
use url::form_urlencoded;

use super::{badge, layout, visit::Visit, words::Words, written};
use crate::{
    bill::MockBill, http_response, key::Key, links, log::LogKind, paid_by::PaidBy,
    rejection::Rejection, request::MockRequest, response::Response, state::State, store::NotMoved,
};

type Page = HttpResponse<Body>;

/// What a payer does.
enum Wish {
    Pay(PaidBy),
    /// Lets the last day pass.
    Expire,
}

/// Shows the page of the bill of a link; a POST pays the bill, or lets it expire.
pub(crate) fn respond(link: &str, head: &Parts, request: &MockRequest, state: &mut State) -> Page {
    let key = state.service.links.key(link).cloned();
    let visit = Visit::of(head);
    let (response, reason) = respond_about(key.as_ref(), &visit, request, state);
    state.log(LogKind::Request, |entry| {
        let bill_id = key.as_ref().map_or("", Key::bill_id);
        let entry = entry
            .request(request.method(), &links::shown())
            .bill(bill_id);
        let entry = entry.response(response.status().as_u16(), None);
        match reason {
            Some(reason) => entry.because(&reason),
            None => entry,
        }
    });
    response
}

/// The page, or one that says a failure, and the reason of that for the log.
fn respond_about(
    key: Option<&Key>,
    visit: &Visit,
    request: &MockRequest,
    state: &mut State,
) -> (Page, Option<String>) {
    let words = visit.words;
    if request.method() != "POST" {
        let status = match key {
            Some(_) => StatusCode::OK,
            None => StatusCode::NOT_FOUND,
        };
        return (page(status, visit, None, key, state), None);
    }
    // The buttons of the page post a form. Its browser names the page as the origin, which `origin.rs`
    // has checked.
    if request.header("origin").is_none() && !request.is_json() {
        let rejection = Rejection::not_json();
        let response = http_response::envelope(&Response::rejection(&rejection));
        return (response, Some(rejection.message));
    }
    let done = key.map(|key| match wish(request) {
        Wish::Pay(by) => state.pay(key, by).map(|()| words.you_paid),
        Wish::Expire => state.expire(key).map(|()| words.it_expired),
    });
    let (status, said, reason) = match done {
        Some(Ok(said)) => (StatusCode::OK, said, None),
        Some(Err(NotMoved::State { .. })) => {
            let reason = "The bill is not unpaid.";
            (StatusCode::CONFLICT, words.not_unpaid, Some(reason))
        }
        Some(Err(NotMoved::Expired(_))) => {
            let reason = "The bill expired.";
            (StatusCode::GONE, words.has_expired, Some(reason))
        }
        Some(Err(NotMoved::NoSuchBill)) | None => {
            let reason = "There is no such bill.";
            (StatusCode::NOT_FOUND, words.no_such_bill, Some(reason))
        }
    };
    let page = page(status, visit, Some(said), key, state);
    (page, reason.map(str::to_owned))
}

/// What a form or a program wishes: by card, unless it says something else.
fn wish(request: &MockRequest) -> Wish {
    if request.is_json() {
        return Wish::Pay(PaidBy::Card);
    }
    let given = form_urlencoded::parse(request.body()).find(|(name, _)| name == "act");
    match given.as_ref().map(|(_, value)| &**value) {
        Some("account") => Wish::Pay(PaidBy::Account),
        Some("expire") => Wish::Expire,
        _ => Wish::Pay(PaidBy::Card),
    }
}

fn page(
    status: StatusCode,
    visit: &Visit,
    said: Option<&str>,
    key: Option<&Key>,
    state: &State,
) -> Page {
    let words = visit.words;
    let bill = key.and_then(|key| state.service.store.bill(key));
    let body = html! {
        header.payer-head { p.mock { strong { (words.mock_payment) } " " (words.no_money) } (layout::languages(visit)) }
        main {
            h1 { (words.bill) }
            @if let Some(said) = said { p.said role="status" { (said) } }
            @match bill {
                Some(bill) => (show(words, bill, state)),
                None => @if said.is_none() { p { (words.no_such_bill) } }
            }
        }
    };
    layout::whole(status, visit, words.bill, &body, false)
}

fn show(words: &Words, bill: &MockBill, state: &State) -> Markup {
    let has_expired = bill.has_expired(state.clock.korean_now());
    html! {
        div.receipt {
            p.product { (written::text_or_dash(&bill.product)) }
            p.amount-due { (written::won(words, bill.price())) }
            p.state { (badge::of(words, bill, state)) }
            dl {
                div { dt { (words.payer) } dd { (written::text_or_dash(&bill.payer)) } }
                div { dt { (words.bill_id) } dd { (written::text(bill.id().as_str())) } }
                div { dt { (words.expiry) } dd { @match bill.last_day { Some(day) => (day), None => (words.no_expiry) } } }
                @if let Some(at) = bill.paid_at() {
                    div {
                        dt { (words.paid_at) }
                        dd { (written::time(at)) " · " (match bill.paid_by { PaidBy::Card => words.card, PaidBy::Account => words.account }) }
                    }
                }
                @if let Some(at) = bill.cancelled_at() { div { dt { (words.cancelled_at) } dd { (written::time(at)) } } }
            }
        }
        @if *bill.state() == BillState::Unpaid && !has_expired {
            div.choices {
                (button("card", "main", words.pay_by_card))
                (button("account", "main", words.pay_by_account))
                (button("expire", "quiet", words.let_expire))
            }
        } @else {
            p.none { (words.nothing_to_pay) }
        }
    }
}

fn button(act: &str, look: &str, label: &str) -> Markup {
    html! {
        form method="post" {
            input type="hidden" name="act" value=(act);
            button.(look) { (label) }
        }
    }
}
