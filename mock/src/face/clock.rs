//! The clock, and the whole world: to begin anew, to keep it and to bring it back.

use axum::extract::State as Shared;
use maud::{Markup, html};
use payssam::KoreanTime;
use serde_json::Value;

use super::{
    act::{self, Act},
    call::Call,
    handle::Face,
    layout::{self, Page, Place},
    merchants::Merchants,
    visit::Visit,
    written,
};
use crate::state::State;

pub(super) async fn show(Shared(face): Shared<Face>, visit: Visit) -> Page {
    let state = face.state.lock();
    let words = visit.words;
    let advance = |count: u32, unit: &str, label: &str| {
        let fields = [("count", &*count.to_string()), ("unit", unit)];
        let call = Call::advance(count.into(), unit);
        Act {
            name: "advance",
            label,
            look: "main",
            fields: &fields,
            call: &call,
        }
        .form(&face, &visit, None)
    };
    let content = html! {
        p.lead { (words.about_clock) }
        (time(&visit, &state))
        div.acts {
            (advance(1, "hours", words.an_hour))
            (advance(1, "days", words.a_day))
        }
        form.send.inline method="post" action=(act::path("advance")) {
            (act::token(&face))
            div.field { label for="count" { (words.count) } input #count name="count" value="24" required inputmode="numeric" autocomplete="off"; }
            div.field {
                label for="unit" { (words.unit) }
                select #unit name="unit" {
                    option value="hours" { (words.hours) }
                    option value="days" { (words.days) }
                    option value="seconds" { (words.seconds) }
                }
            }
            button { (words.advance) }
        }
        section.panel aria-labelledby="reset-title" { h2 #reset-title { (words.begin_anew) } (reset(&face, &visit, &Merchants::of(&state))) }
        section.panel aria-labelledby="keep-title" { h2 #keep-title { (words.keep_and_restore) } (keep(&face, &visit)) }
    };
    layout::page(&face, &visit, &state, Place::Clock, words.clock, &content)
}

fn time(visit: &Visit, state: &State) -> Markup {
    let words = visit.words;
    let ahead = state.clock.ahead().as_secs();
    let counted = words.counted;
    let next = state
        .callbacks
        .waiting
        .iter()
        .map(|callback| callback.due)
        .min();
    html! {
        div #time data-live {
            dl #clock-facts .facts {
                div { dt { (words.now) } dd.big { (written::now(&state.clock)) } }
                div { dt { (words.ahead) } dd { (counted(ahead / 86_400, words.days)) " " (counted(ahead / 3_600 % 24, words.hours)) " " (counted(ahead % 3_600, words.seconds)) } }
                div {
                    dt { (words.callbacks_waiting) }
                    dd {
                        a href=(Place::Callbacks.path()) { (state.callbacks.waiting.len()) }
                        @if let Some(next) = next { " · " (words.due) " " (written::time(KoreanTime::from_timestamp(next))) }
                    }
                }
            }
        }
    }
}

fn reset(face: &Face, visit: &Visit, merchants: &Merchants) -> Markup {
    let words = visit.words;
    html! {
        p { (words.about_reset) }
        form.send.inline method="post" action=(act::path("reset")) {
            (act::token(face))
            (merchants.field(words, "reset-whose", "", words.everything))
            button.danger { (words.reset) }
        }
        (act::command(visit, &Call::reset()))
    }
}

fn keep(face: &Face, visit: &Visit) -> Markup {
    let words = visit.words;
    html! {
        p { a.button href="/_mock/snapshot" download="snapshot.json" { (words.snapshot) } }
        (act::command(visit, &Call::get("/snapshot")))
        form .send method="post" action=(act::path("restore")) {
            (act::token(face))
            div.field.wide {
                label for="pasted" { (words.paste_a_snapshot) }
                textarea #pasted name="snapshot" rows="4" required autocomplete="off" spellcheck="false" {}
            }
            button { (words.restore) }
        }
        form #restore .send.inline hidden data-done=(words.restored) data-failed=(words.not_restored) {
            div.field { label for="snapshot" { (words.snapshot_file) } input #snapshot type="file" accept="application/json,.json"; }
            button { (words.restore) }
        }
        p #restored .said role="status" hidden {}
        p { (words.restore_by_command) }
        (act::code(visit, &Call::restore(Value::Null).command(&visit.origin)))
    }
}
