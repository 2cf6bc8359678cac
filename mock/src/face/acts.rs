//! What the forms of the pages do: each is a call of the control API.

use axum::{
    body::Body,
    extract::{Path, State as Shared, rejection::PathRejection},
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
    form::{Form, Limit, Understood, Wrong},
    handle::{Done, Face},
    layout::{self, Page, Place},
    policy, refusal,
    visit::{self, Visit, bill_page, bill_page_of},
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
    name: Result<Path<String>, PathRejection>,
    request: Request<Body>,
) -> Page {
    let (head, body) = request.into_parts();
    let visit = Visit::of_a_form(&head);
    // A path that is no text names no act.
    let name = name.map_or_else(|_| String::new(), |Path(name)| name);
    let limit = match &*name {
        "restore" => Limit::Snapshot,
        _ => Limit::Small,
    };
    let request = Request::from_parts(head, body);
    let form = match Form::read(request, &face.token, limit).await {
        Ok(form) => form,
        Err((status, problem)) => {
            return refused(&face, &visit, status, problem(visit.words), None, None);
        }
    };
    let deed = match deed(&face, &name, &form) {
        Ok(Some(deed)) => deed,
        Ok(None) => {
            let problem = visit.words.no_such_act;
            return refused(&face, &visit, StatusCode::NOT_FOUND, problem, None, None);
        }
        Err(Wrong { field, must }) => {
            let words = visit.words;
            let said = refusal::wrong(words, &field, must(words));
            let (status, problem) = (StatusCode::BAD_REQUEST, words.wrong_field);
            return refused(&face, &visit, status, problem, Some(said), None);
        }
    };
    let (status, response) = deed.call.carry_out(face.control.clone()).await;
    let (shown, is_masked) = {
        let state = face.state.lock();
        let keys: Vec<&str> = state.service.partners.secrets().collect();
        deed.call.shown(&keys)
    };
    if status != 200 {
        let text = |field: &str| response[field].as_str().unwrap_or_default().to_owned();
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        let (code, message) = (text("code"), text("message"));
        let problem = visit
            .words
            .refused_because(&code)
            .unwrap_or(visit.words.refused_otherwise);
        let said = refusal::show(visit.words, &code, &message);
        let call = Some((&shown, is_masked));
        return refused(&face, &visit, status, problem, Some(said), call);
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
        command: shown.command(&visit.origin),
        is_masked,
    });
    let sign = if next.contains('?') { '&' } else { '?' };
    see_other(&format!("{next}{sign}did={did}"))
}

/// Says that an act is a form.
pub(super) async fn no_form(Shared(face): Shared<Face>, request: Request<Body>) -> Page {
    let (head, _) = request.into_parts();
    let visit = Visit::of_a_form(&head);
    let status = StatusCode::METHOD_NOT_ALLOWED;
    refused(&face, &visit, status, visit.words.no_form, None, None)
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
    call: Option<(&Call, bool)>,
) -> Page {
    let words = visit.words;
    let content = html! {
        div.problem role="alert" {
            p { (problem) }
            @if let Some(said) = said { (said) }
        }
        @if let Some((call, is_masked)) = call {
            (act::command(visit, call))
            @if is_masked { p.note { (words.masked_in_command) } }
        }
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

/// The fields of a form that is about a bill.
const OF_BILL: [&str; 4] = ["partner", "member", "merchant", "bill_id"];

/// The fields of the form of an act, besides the token and those of a bill; `None` if there is no such act.
fn fields(name: &str) -> Option<(&'static [&'static str], bool)> {
    Some(match name {
        "send" => {
            let fields = &[
                "bill_id",
                "price",
                "product",
                "payer",
                "callback_url",
                "expires_on",
                "whose",
            ];
            (fields, false)
        }
        "pay" => (&["by"], true),
        "expire" | "cancel" | "paid-on-site" => (&[], true),
        "duplicate" => (&["back"], true),
        "forge" => (&["url", "price", "back", "whose"], true),
        "deliver" | "reorder" => (&["id", "back", "whose"], true),
        "hold" | "let-go" => (&["whose"], false),
        "inject" => {
            let fields = &[
                "fault",
                "operation",
                "when",
                "count",
                "milliseconds",
                "seed",
                "whose",
            ];
            (fields, false)
        }
        "remove-fault" => (&["id"], false),
        "clear-faults" => (&[], false),
        "advance" => (&["count", "unit"], false),
        "reset" => (&["whose"], false),
        "restore" => (&["snapshot"], false),
        _ => return None,
    })
}

fn deed(face: &Face, name: &str, form: &Form) -> Understood<Option<Deed>> {
    let Some((own, has_bill)) = fields(name) else {
        return Ok(None);
    };
    let of_bill: &[&str] = if has_bill { &OF_BILL } else { &[] };
    form.has_only(&[own, of_bill].concat())?;
    let key = || form.key(&face.state.lock());
    let on_bill = |act: &str, body: Value, label| {
        let key = key()?;
        Ok(Deed {
            label,
            call: Call::on_bill(&key, act, body),
            next: Next::Page(bill_page_of(&key)),
        })
    };
    // The page on which the button was.
    let here = |place: Place| match form.has("back") && form.one_of("back", &BACK)? {
        true => key().map(|key| bill_page_of(&key)),
        false => match visit::whose_of(&form.whose()?) {
            Some(whose) if place == Place::Callbacks => {
                Ok(visit::link(place.path(), &[("whose", &whose)]))
            }
            _ => Ok(place.path().to_owned()),
        },
    };
    let at = |place: Place, call: Call, label| {
        let next = Next::Page(here(place)?);
        Ok(Deed { label, call, next })
    };
    let deed = match name {
        "send" => {
            let texts = ["bill_id", "product", "payer", "callback_url", "expires_on"];
            let mut bill = form.texts(&texts);
            bill.insert("price".to_owned(), form.whole("price")?.into());
            add_whose(&mut bill, form)?;
            form.address_if_filled("callback_url")?;
            Ok(Deed {
                label: |words| words.send,
                call: Call::post("/bills", bill.into()),
                next: Next::NewBill,
            })
        }
        "pay" => match form.has("by") && form.one_of("by", &BY)? {
            true => on_bill("pay", json!({"by": "account"}), |words| {
                words.pay_by_account
            }),
            false => on_bill("pay", json!({}), |words| words.pay_by_card),
        },
        "expire" => on_bill("expire", json!({}), |words| words.expire),
        "cancel" => on_bill("cancel", json!({}), |words| words.cancel),
        "paid-on-site" => on_bill("paid-on-site", json!({}), |words| words.mark_paid_on_site),
        "duplicate" => {
            let call = Call::duplicate(&key()?);
            at(Place::Callbacks, call, |words| words.duplicate)
        }
        "forge" => {
            let mut forgery = form.texts(&["url", "bill_id"]);
            form.address_if_filled("url")?;
            forgery.insert("price".to_owned(), form.whole("price")?.into());
            let call = Call::post("/callbacks/forge", forgery.into());
            let is_of_one = OF_BILL[..3].iter().any(|name| form.has(name));
            let call = match is_of_one {
                true => call.of(&key()?),
                false => call.of_scope(&form.whose()?),
            };
            at(Place::Callbacks, call, |words| words.forge)
        }
        "deliver" => {
            let call = Call::deliver(one(face, form)?).of_scope(&form.whose()?);
            at(Place::Callbacks, call, |words| words.deliver)
        }
        "hold" => {
            let call = Call::hold(true).of_scope(&form.whose()?);
            at(Place::Callbacks, call, |words| words.hold)
        }
        "let-go" => {
            let call = Call::hold(false).of_scope(&form.whose()?);
            at(Place::Callbacks, call, |words| words.let_go)
        }
        "reorder" => {
            let call = Call::reorder(one(face, form)?).of_scope(&form.whose()?);
            at(Place::Callbacks, call, |words| words.reorder)
        }
        "inject" => {
            let call = Call::post("/faults", fault(form)?.into());
            at(Place::Faults, call, |words| words.inject)
        }
        "remove-fault" => {
            let id = form.id("id")?;
            let id = id.ok_or_else(|| Wrong::new("id", |words| words.must_be_id))?;
            let call = Call::delete(&format!("/faults/{id}"));
            at(Place::Faults, call, |words| words.remove_fault)
        }
        "clear-faults" => at(Place::Faults, Call::delete("/faults"), |words| {
            words.clear_faults
        }),
        "advance" => {
            let units = ["hours", "days", "seconds"].map(|unit| (unit, unit));
            let unit = form.one_of("unit", &units)?;
            let call = Call::advance(form.whole("count")?.into(), unit);
            at(Place::Clock, call, |words| words.advance)
        }
        "reset" => {
            let call = Call::reset().of_scope(&form.whose()?);
            at(Place::Clock, call, |words| words.reset)
        }
        "restore" => {
            let call = Call::restore(form.object("snapshot")?);
            at(Place::Clock, call, |words| words.restored)
        }
        _ => return Ok(None),
    };
    deed.map(Some)
}

/// Whether the page of the bill follows.
const BACK: [(&str, bool); 2] = [("bill", true), ("", false)];

/// Whether it is paid by bank transfer.
const BY: [(&str, bool); 2] = [("account", true), ("card", false)];

/// The one callback that is meant; `None` for all, which no form of a bill means.
fn one(face: &Face, form: &Form) -> Understood<Option<u64>> {
    let id = form.id("id")?;
    if OF_BILL.iter().any(|name| form.has(name)) {
        form.key(&face.state.lock())?;
        return match id {
            Some(_) => Ok(id),
            None => Err(Wrong::new("id", |words| words.must_be_id)),
        };
    }
    Ok(id)
}

fn add_whose(object: &mut Map<String, Value>, form: &Form) -> Understood<()> {
    let scope = form.whose()?;
    let parts = [
        ("partner", scope.partner),
        ("member", scope.member),
        ("merchant", scope.merchant),
    ];
    let given = parts
        .into_iter()
        .filter_map(|(name, part)| Some((name.to_owned(), part?.into())));
    object.extend(given);
    Ok(())
}

/// The fault that a form describes.
fn fault(form: &Form) -> Understood<Map<String, Value>> {
    let mut fault = form.texts(&["fault", "operation"]);
    add_whose(&mut fault, form)?;
    for name in ["milliseconds", "seed"] {
        if let Some(number) = form.whole_if_filled(name)? {
            fault.insert(name.to_owned(), number.into());
        }
    }
    let when = ["next", "first", "every", "probability", "per_second", "all"];
    let when = form.one_of("when", &when.map(|when| (when, when)))?;
    let said: Option<Value> = match when {
        "probability" => Some(form.decimal("count")?.into()),
        "first" | "every" | "per_second" => Some(form.whole("count")?.into()),
        _ => {
            // It is filled in before something is chosen that has no use for it.
            if !form.get("count").is_empty() {
                form.decimal("count")?;
            }
            (when == "next").then(|| true.into())
        }
    };
    fault.extend(said.map(|said| (when.to_owned(), said)));
    Ok(fault)
}
