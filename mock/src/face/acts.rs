//! What the forms of the pages do: each is a call of the control API.

use axum::{
    body::Body,
    extract::{Path, State as Shared},
    http::Request,
};
use hyper::{
    StatusCode,
    header::{HeaderValue, LOCATION},
};
use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::{
    act,
    call::Call,
    form::Form,
    handle::{Done, Face},
    layout::{self, Page, Place},
    policy, refusal,
    visit::{Visit, bill_page, bill_page_of},
    words::Words,
};
use crate::http_response;

/// What a form does, and the page that follows.
struct Deed {
    label: fn(&Words) -> &'static str,
    call: Call,
    next: Next,
}

/// The page that follows.
enum Next {
    Page(String),
    /// That of the bill which was added.
    NewBill,
}

/// Does what a form says, and leads to the page that shows it.
pub(super) async fn carry_out(
    Shared(face): Shared<Face>,
    Path(name): Path<String>,
    request: Request<Body>,
) -> Page {
    let (head, body) = request.into_parts();
    let visit = Visit::of_a_form(&head);
    let form = match Form::read(Request::from_parts(head, body), &face.token).await {
        Ok(form) => form,
        Err((status, problem)) => {
            return refused(&face, &visit, status, problem(visit.words), None, None);
        }
    };
    let Some(deed) = deed(&face, &name, &form) else {
        let problem = visit.words.no_such_act;
        return refused(&face, &visit, StatusCode::NOT_FOUND, problem, None, None);
    };
    let (status, response) = deed.call.carry_out(face.control.clone()).await;
    if status != 200 {
        let text = |field: &str| response[field].as_str().unwrap_or_default().to_owned();
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        let (code, message) = (text("code"), text("message"));
        let problem = visit
            .words
            .refused_because(&code)
            .unwrap_or(visit.words.refused_otherwise);
        let said = refusal::show(visit.words, &code, &message);
        return refused(&face, &visit, status, problem, Some(said), Some(&deed.call));
    }
    let next = match deed.next {
        Next::Page(address) => address,
        Next::NewBill => {
            let part = |name| response[name].as_str().unwrap_or_default();
            let names = ["partner", "member", "merchant"];
            bill_page(names.map(part), part("bill_id"))
        }
    };
    let did = face.keep(Done {
        label: deed.label,
        command: deed.call.command(&visit.origin),
    });
    let sign = if next.contains('?') { '&' } else { '?' };
    see_other(&format!("{next}{sign}did={did}"))
}

fn see_other(address: &str) -> Page {
    let mut response = http_response::new(StatusCode::SEE_OTHER, http_response::HTML, "");
    if let Ok(address) = HeaderValue::from_str(address) {
        response.headers_mut().insert(LOCATION, address);
    }
    policy::apply(response)
}

/// Says why nothing was done.
fn refused(
    face: &Face,
    visit: &Visit,
    status: StatusCode,
    problem: &str,
    said: Option<Markup>,
    call: Option<&Call>,
) -> Page {
    let words = visit.words;
    let content = html! {
        div.problem role="alert" {
            p { (problem) }
            @if let Some(said) = said { (said) }
        }
        @if let Some(call) = call { (act::command(visit, call)) }
        p { a href="/" { (words.back_to_bills) } }
    };
    let state = face.state.lock();
    layout::with_status(
        status,
        face,
        visit,
        &state,
        Place::Bills,
        words.not_done,
        &content,
    )
}

fn deed(face: &Face, name: &str, form: &Form) -> Option<Deed> {
    let key = form.key(&face.state.lock());
    let on_bill = |act: &str, body: Value, label| {
        let next = Next::Page(bill_page_of(&key));
        Some(Deed {
            label,
            call: Call::on_bill(&key, act, body),
            next,
        })
    };
    // The page on which the button was.
    let here = |place: Place| match form.get("back") {
        "bill" => bill_page_of(&key),
        _ => place.path().to_owned(),
    };
    let at = |place: Place, call: Call, label| {
        Some(Deed {
            label,
            call,
            next: Next::Page(here(place)),
        })
    };
    match name {
        "send" => {
            let texts = ["bill_id", "product", "payer", "callback_url", "expires_on"];
            let mut bill = form.texts(&texts);
            bill.insert("price".to_owned(), form.number("price"));
            form.add_whose(&mut bill);
            let call = Call::post("/bills", bill.into());
            Some(Deed {
                label: |words| words.send,
                call,
                next: Next::NewBill,
            })
        }
        "pay" => match form.get("by") {
            "account" => on_bill("pay", json!({"by": "account"}), |words| {
                words.pay_by_account
            }),
            _ => on_bill("pay", json!({}), |words| words.pay_by_card),
        },
        "expire" => on_bill("expire", json!({}), |words| words.expire),
        "cancel" => on_bill("cancel", json!({}), |words| words.cancel),
        "paid-on-site" => on_bill("paid-on-site", json!({}), |words| words.mark_paid_on_site),
        "duplicate" => {
            let call = Call::duplicate(&key);
            at(Place::Callbacks, call, |words| words.duplicate)
        }
        "forge" => {
            let mut forgery = form.texts(&["url", "bill_id"]);
            forgery.insert("price".to_owned(), form.number("price"));
            let call = Call::post("/callbacks/forge", forgery.into());
            let call = match form.get("back") == "bill" {
                true => call.of(&key),
                false => call,
            };
            at(Place::Callbacks, call, |words| words.forge)
        }
        "deliver" => {
            let call = Call::deliver(form.get("id").parse().ok());
            at(Place::Callbacks, call, |words| words.deliver)
        }
        "hold" => at(Place::Callbacks, Call::hold(true), |words| words.hold),
        "let-go" => at(Place::Callbacks, Call::hold(false), |words| words.let_go),
        "reorder" => {
            let call = Call::reorder(form.get("id").parse().ok());
            at(Place::Callbacks, call, |words| words.reorder)
        }
        "inject" => {
            let call = Call::post("/faults", fault(form).into());
            at(Place::Faults, call, |words| words.inject)
        }
        "remove-fault" => {
            let id: u64 = form.get("id").parse().ok()?;
            let call = Call::delete(&format!("/faults/{id}"));
            at(Place::Faults, call, |words| words.remove_fault)
        }
        "clear-faults" => at(Place::Faults, Call::delete("/faults"), |words| {
            words.clear_faults
        }),
        "advance" => {
            let unit = match form.get("unit") {
                "days" => "days",
                "seconds" => "seconds",
                _ => "hours",
            };
            let call = Call::advance(form.number("count"), unit);
            at(Place::Clock, call, |words| words.advance)
        }
        "reset" => {
            let mut whose = Map::new();
            form.add_whose(&mut whose);
            let call = Call::reset(&whose);
            at(Place::Clock, call, |words| words.reset)
        }
        _ => None,
    }
}

/// The fault that a form describes.
fn fault(form: &Form) -> Map<String, Value> {
    let mut fault = form.texts(&["fault", "operation"]);
    form.add_whose(&mut fault);
    for name in ["milliseconds", "seed"] {
        if !form.get(name).is_empty() {
            fault.insert(name.to_owned(), form.number(name));
        }
    }
    match form.get("when") {
        "next" => drop(fault.insert("next".to_owned(), true.into())),
        when @ ("first" | "every" | "probability" | "per_second") => {
            fault.insert(when.to_owned(), form.number("count"));
        }
        _ => {}
    }
    fault
}
