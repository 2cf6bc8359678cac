//! Faults: which are injected, and how far their schedules are.

use axum::extract::State as Shared;
use payssam::redact;
use serde_json::{Value, json};

use super::{
    answer::{Answer, json as answer},
    handle::Control,
    input::{Asked, Input, Named, NoQuery, invalid},
};
use crate::{
    injections::Injection, rejection::Rejection, schedule::When, state::State, wish::FaultWish,
};

pub(super) async fn list(Shared(control): Shared<Control>, _: Asked<NoQuery>) -> Answer {
    Ok(answer(&view(&control.state.lock())))
}

fn view(state: &State) -> Value {
    let injections = state.injections().injections.iter();
    json!({"faults": injections.map(one).collect::<Vec<_>>()})
}

fn one(injection: &Injection) -> Value {
    let schedule = &injection.schedule;
    let milliseconds = injection.fault.time().map(|time| time.as_millis() as u64);
    let when = match &schedule.when {
        When::Always => "all requests".to_owned(),
        When::First(count) => format!("the first {count}"),
        When::Sequence(positions) => {
            let positions: Vec<String> = positions.iter().map(u64::to_string).collect();
            format!("the requests {}", positions.join(", "))
        }
        When::Every(nth) => format!("every {nth}"),
        When::Beyond(count) => format!("those beyond {count} per second"),
        When::Probability { threshold, seed } => {
            let probability = *threshold as f64 / 2_f64.powi(64);
            format!("with the probability {probability:.4} and the seed {seed}")
        }
    };
    json!({
        "id": injection.id,
        "fault": injection.fault.name(),
        "is_applied": injection.fault.applies(),
        "milliseconds": milliseconds,
        "partner": schedule.scope.partner,
        "member": schedule.scope.member,
        "merchant": schedule.scope.merchant,
        "operation": schedule.operation.map(|operation| operation.as_str()),
        "when": when,
        "requests": injection.requests,
        "met": injection.met,
        "is_over": injection.is_over(),
    })
}

pub(super) async fn inject(
    Shared(control): Shared<Control>,
    Input(wish): Input<FaultWish>,
) -> Answer {
    let mut state = control.state.lock();
    let known = state.service.partners.check(&wish.schedule.scope);
    known.map_err(|(_, problem)| invalid(&redact::escape(&problem)))?;
    state.inject(wish.fault, wish.schedule);
    let last = state.injections().injections.last();
    Ok(answer(&last.map_or(Value::Null, one)))
}

/// Removes all.
pub(super) async fn clear(Shared(control): Shared<Control>, _: Asked<NoQuery>) -> Answer {
    let mut state = control.state.lock();
    state.clear_faults();
    Ok(answer(&view(&state)))
}

/// Removes one.
pub(super) async fn remove(Shared(control): Shared<Control>, Named(id): Named) -> Answer {
    let mut state = control.state.lock();
    if !id.parse().is_ok_and(|id| state.remove_fault(id)) {
        return Err(Rejection::with_http_status(
            404,
            "MOCK_NO_FAULT",
            "there is no such fault: GET /_mock/faults lists those that there are",
        )
        .into());
    }
    Ok(answer(&view(&state)))
}
