//! Faults: which are injected, how often they were met, and the form that injects one.

use axum::extract::State as Shared;
use maud::{Markup, html};
use payssam::Operation;
use serde_json::json;

use super::{
    act::{self, Act},
    call::Call,
    handle::Face,
    layout::{self, Page, Place},
    merchants::Merchants,
    visit::Visit,
    words::Words,
    written,
};
use crate::{
    fault::Fault,
    injections::Injection,
    schedule::{Scope, When},
    state::State,
};

pub(super) async fn show(Shared(face): Shared<Face>, visit: Visit) -> Page {
    let state = face.state.lock();
    let words = visit.words;
    let content = html! {
        p.lead { (words.about_faults) }
        div #injected data-live { (list(&face, &visit, &state)) }
        section.panel aria-labelledby="inject-title" { h2 #inject-title { (words.inject_a_fault) } (form(&face, &visit, &Merchants::of(&state))) }
    };
    layout::page(&face, &visit, &state, Place::Faults, words.faults, &content)
}

fn list(face: &Face, visit: &Visit, state: &State) -> Markup {
    let words = visit.words;
    let injections = &state.injections().injections;
    html! {
        @if injections.is_empty() {
            p #no-faults .none { (words.no_faults) }
        } @else {
            ol #faults .cards data-live {
                @for injection in injections {
                    li id={"fault-" (injection.id)} { (one(face, visit, injection)) }
                }
            }
            div #clear .acts {
                (Act { name: "clear-faults", label: words.clear_faults, look: "danger", fields: &[], call: &Call::delete("/faults") }.form(face, visit, None))
            }
        }
    }
}

fn one(face: &Face, visit: &Visit, injection: &Injection) -> Markup {
    let words = visit.words;
    let schedule = &injection.schedule;
    let id = injection.id.to_string();
    html! {
        p.head {
            strong { code { (injection.fault.name()) } } " "
            @if injection.is_over() { span.note { (words.is_over) } } @else { span.bad { (words.is_active) } }
            " " span.met { (words.met) " " (injection.met) " / " (injection.requests) }
        }
        p {
            (words.says_of(injection.fault)) " "
            span.note { @if injection.fault.applies() { (words.is_applied) } @else { (words.is_not_applied) } }
        }
        dl.facts {
            div { dt { (words.operation) } dd { @match schedule.operation { Some(operation) => code { (operation.as_str()) }, None => (words.all) } } }
            div { dt { (words.which) } dd { (which(words, &schedule.when)) } }
            @if let Some(time) = injection.fault.time() { div { dt { (words.time) } dd { (time.as_millis()) " ms" } } }
            @if !schedule.scope.is_all() { div { dt { (words.merchant) } dd { (scope(&schedule.scope)) } } }
        }
        (Act { name: "remove-fault", label: words.remove_fault, look: "", fields: &[("id", &id)], call: &Call::delete(&format!("/faults/{id}")) }.form(face, visit, None))
    }
}

fn scope(scope: &Scope) -> Markup {
    let parts = [&scope.partner, &scope.member, &scope.merchant];
    html! {
        @for (place, part) in parts.into_iter().enumerate() {
            @if place > 0 { " / " }
            @match part { Some(part) => (written::text(part)), None => "*" }
        }
    }
}

fn which(words: &Words, when: &When) -> String {
    match when {
        When::Always => words.all_requests.to_owned(),
        When::First(count) => (words.the_first)(&count.to_string()),
        When::Sequence(places) => {
            let places: Vec<String> = places.iter().map(u64::to_string).collect();
            (words.these)(&places.join(", "))
        }
        When::Every(nth) => (words.every)(&nth.to_string()),
        When::Beyond(count) => (words.beyond)(&count.to_string()),
        When::Probability { threshold, seed } => {
            let probability = *threshold as f64 / 2_f64.powi(64);
            (words.with_probability)(&format!("{probability:.4}"), &seed.to_string())
        }
    }
}

fn form(face: &Face, visit: &Visit, merchants: &Merchants) -> Markup {
    let words = visit.words;
    let example = json!({"fault": "apply-then-close", "operation": "bill cancel", "next": true});
    let when = [
        ("next", words.when_next),
        ("first", words.when_first),
        ("every", words.when_every),
        ("probability", words.when_probability),
        ("per_second", words.when_per_second),
        ("all", words.all_requests),
    ];
    html! {
        form.send method="post" action=(act::path("inject")) {
            (act::token(face))
            div.fields {
                div.field.wide {
                    label for="fault" { (words.fault) }
                    select #fault name="fault" {
                        @for fault in Fault::ALL {
                            option value=(fault.name()) selected[*fault == Fault::ApplyThenClose] { (fault.name()) " – " (words.says_of(*fault)) }
                        }
                    }
                }
                div.field {
                    label for="operation" { (words.operation) }
                    select #operation name="operation" {
                        option value="" { (words.all) }
                        @for operation in Operation::ALL { option value=(operation.as_str()) { (operation.as_str()) } }
                    }
                }
                div.field {
                    label for="when" { (words.which) }
                    select #when name="when" { @for (value, label) in when { option value=(value) { (label) } } }
                }
                div.field { label for="count" { (words.count) } input #count name="count" value="1" inputmode="decimal" autocomplete="off"; }
                div.field { label for="milliseconds" { (words.milliseconds) } input #milliseconds name="milliseconds" inputmode="numeric" autocomplete="off"; }
                div.field { label for="seed" { (words.seed) } input #seed name="seed" inputmode="numeric" autocomplete="off"; }
                (merchants.field(words, "fault-whose", "", words.all_merchants))
            }
            button.main { (words.inject) }
        }
        (act::example(visit, &Call::post("/faults", example)))
    }
}
