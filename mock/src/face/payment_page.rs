//! The page on which a payer pays a bill, as a phone shows it.

use axum::body::Body;
use hyper::{Response as HttpResponse, StatusCode, http::request::Parts};
use maud::{Markup, html};
use payssam::BillState;
use serde::Deserialize;

use super::{
    badge,
    form::{self, Form},
    layout,
    token::Token,
    visit::Visit,
    words::Words,
    written,
};
use crate::{
    bill::MockBill, http_response, key::Key, links, log::LogKind, object::Object, paid_by::PaidBy,
    rejection::Rejection, request::MockRequest, response::Response, state::State, store::NotMoved,
};

type Page = HttpResponse<Body>;

/// What a payer does.
#[derive(Clone, Copy)]
enum Wish {
    Pay(PaidBy),
    /// Lets the last day pass.
    Expire,
}

/// Shows the page of the bill of a link; a POST pays the bill, or lets it expire.
pub(crate) fn respond(
    token: &Token,
    link: &str,
    head: &Parts,
    request: &MockRequest,
    state: &mut State,
) -> Page {
    let key = state.service.links.key(link).cloned();
    let visit = Visit::of(head);
    let token = token.of(link);
    let (response, reason) = respond_about(key.as_ref(), &token, &visit, head, request, state);
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
    token: &Token,
    visit: &Visit,
    head: &Parts,
    request: &MockRequest,
    state: &mut State,
) -> (Page, Option<String>) {
    let words = visit.words;
    if request.method() != "POST" {
        let status = match key {
            Some(_) => StatusCode::OK,
            None => StatusCode::NOT_FOUND,
        };
        return (page(status, visit, None, key, token, state), None);
    }
    let wish = match is_of_browser(head) {
        true if key.is_none() => Err(NO_SUCH_BILL),
        true => wish_of_form(head, request, token),
        false if request.is_json() => wish_of_program(request),
        false => {
            let rejection = Rejection::not_json();
            let response = http_response::envelope(&Response::rejection(&rejection));
            return (response, Some(rejection.message));
        }
    };
    let wish = match wish {
        Ok(wish) => wish,
        Err(NotTaken {
            status,
            said,
            reason,
        }) => {
            let page = page(status, visit, Some(said(words)), key, token, state);
            return (page, Some(reason.to_owned()));
        }
    };
    let done = key.map(|key| match wish {
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
    let page = page(status, visit, Some(said), key, token, state);
    (page, reason.map(str::to_owned))
}

/// Whether a browser sent it: it names the origin or the site of the page, whose form then has a token.
fn is_of_browser(head: &Parts) -> bool {
    let mut names = head.headers.keys().map(|name| name.as_str());
    names.any(|name| name == "origin" || name.starts_with("sec-fetch-"))
}

/// Why nobody pays.
struct NotTaken {
    status: StatusCode,
    said: fn(&Words) -> &'static str,
    /// For the log.
    reason: &'static str,
}

/// A link that is none has no page that could have a token.
const NO_SUCH_BILL: NotTaken = NotTaken {
    status: StatusCode::NOT_FOUND,
    said: |words| words.no_such_bill,
    reason: "There is no such bill.",
};

const NOT_UNDERSTOOD: NotTaken = NotTaken {
    status: StatusCode::BAD_REQUEST,
    said: |words| words.no_such_act,
    reason: "It does not say how the bill is paid.",
};

/// What the form of a page wishes.
fn wish_of_form(head: &Parts, request: &MockRequest, token: &Token) -> Result<Wish, NotTaken> {
    if !form::is_form(head) {
        return Err(NotTaken {
            status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
            said: |words| words.no_form,
            reason: "It is not the form of the page.",
        });
    }
    let form = Form::of(request.body());
    if !token.is(form.get("token")) {
        return Err(NotTaken {
            status: StatusCode::FORBIDDEN,
            said: |words| words.wrong_token,
            reason: "The form has another token than the page.",
        });
    }
    let known = form.has_only(&["act"]);
    let wish = known.and_then(|()| {
        let card = ("card", Wish::Pay(PaidBy::Card));
        let account = ("account", Wish::Pay(PaidBy::Account));
        form.one_of("act", &[card, account, ("expire", Wish::Expire)])
    });
    wish.map_err(|_| NOT_UNDERSTOOD)
}

/// What a program wishes: by card, unless it says something else.
fn wish_of_program(request: &MockRequest) -> Result<Wish, NotTaken> {
    #[derive(Default, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Payment {
        #[serde(default)]
        by: PaidBy,
    }
    let body = request.body().trim_ascii();
    let payment = match body.is_empty() {
        true => Ok(Payment::default()),
        false => serde_json::from_slice(body).map(|Object(payment)| payment),
    };
    payment
        .map(|payment: Payment| Wish::Pay(payment.by))
        .map_err(|_| NOT_UNDERSTOOD)
}

fn page(
    status: StatusCode,
    visit: &Visit,
    said: Option<&str>,
    key: Option<&Key>,
    token: &Token,
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
                Some(bill) => (show(words, bill, token, state)),
                None => @if said.is_none() { p { (words.no_such_bill) } }
            }
        }
    };
    layout::whole(status, visit, words.bill, &body, false)
}

fn show(words: &Words, bill: &MockBill, token: &Token, state: &State) -> Markup {
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
                (button(token, "card", "main", words.pay_by_card))
                (button(token, "account", "main", words.pay_by_account))
                (button(token, "expire", "quiet", words.let_expire))
            }
        } @else {
            p.none { (words.nothing_to_pay) }
        }
    }
}

fn button(token: &Token, act: &str, look: &str, label: &str) -> Markup {
    html! {
        form method="post" {
            input type="hidden" name="token" value=(token.as_str());
            input type="hidden" name="act" value=(act);
            button.(look) { (label) }
        }
    }
}
