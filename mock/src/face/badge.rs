//! The state of a bill, by its color and its word.

use maud::{Markup, html};
use payssam::BillState;

use super::words::Words;
use crate::{bill::MockBill, event::Event, moves, state::State};

/// All states, in the order of a bill's life.
pub(super) const STATES: [BillState; 4] = [
    BillState::Unpaid,
    BillState::Paid,
    BillState::Cancelled,
    BillState::Destroyed,
];

/// The state of a bill.
pub(super) fn of(words: &Words, bill: &MockBill, world: &State) -> Markup {
    let state = bill.state();
    html! {
        span class={"badge " (letter(state))} { (word(words, state)) }
        @if bill.is_paid_on_site { span.note { (words.paid_on_site) } }
        @if *state == BillState::Unpaid && bill.has_expired(world.clock.korean_now()) {
            span.note { (words.expired) }
        }
    }
}

pub(super) fn letter(state: &BillState) -> &'static str {
    moves::letter(state)
}

pub(super) fn word(words: &Words, state: &BillState) -> &'static str {
    match state {
        BillState::Unpaid => words.unpaid,
        BillState::Paid => words.paid,
        BillState::Cancelled => words.cancelled,
        BillState::Destroyed => words.destroyed,
        _ => words.unknown_state,
    }
}

/// What happened, in a word.
pub(super) fn event(words: &Words, event: &Event) -> Markup {
    let word = match event {
        Event::Added => words.event_added,
        Event::Paid => words.event_paid,
        Event::Cancelled => words.event_cancelled,
        Event::Destroyed => words.event_destroyed,
        Event::PaidOnSite => words.event_paid_on_site,
        Event::Expired => words.event_expired,
        Event::Resent => words.event_resent,
        Event::Read => words.event_read,
        Event::NotApplied => words.event_not_applied,
        Event::Rejected(code) => {
            return html! { (words.event_rejected) " " code { (code.as_str()) } };
        }
    };
    html! { (word) }
}
