//! What every page has: its head, where one can go, the faults that are active, and what was done before.

use axum::body::Body;
use hyper::{
    Response as HttpResponse, StatusCode,
    header::{HeaderValue, SET_COOKIE},
};
use maud::{DOCTYPE, Markup, html};

use super::{
    act, assets, handle::Face, language::Language, policy, stream, visit::Visit, words::Words,
    written,
};
use crate::{http_response, state::State};

pub(super) type Page = HttpResponse<Body>;

/// A page that one can go to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Bills,
    Callbacks,
    Faults,
    Clock,
    Requests,
}

impl Place {
    const ALL: [Place; 5] = [
        Place::Bills,
        Place::Callbacks,
        Place::Faults,
        Place::Clock,
        Place::Requests,
    ];

    pub(super) fn path(self) -> &'static str {
        match self {
            Place::Bills => "/",
            Place::Callbacks => "/callbacks",
            Place::Faults => "/faults",
            Place::Clock => "/clock",
            Place::Requests => "/requests",
        }
    }

    pub(super) fn name(self, words: &Words) -> &'static str {
        match self {
            Place::Bills => words.bills,
            Place::Callbacks => words.callbacks,
            Place::Faults => words.faults,
            Place::Clock => words.clock,
            Place::Requests => words.requests,
        }
    }
}

/// A page, or what may have changed in it.
pub(super) fn page(
    face: &Face,
    visit: &Visit,
    state: &State,
    place: Place,
    title: &str,
    content: &Markup,
) -> Page {
    with_status(StatusCode::OK, face, visit, state, place, title, content)
}

pub(super) fn with_status(
    status: StatusCode,
    face: &Face,
    visit: &Visit,
    state: &State,
    place: Place,
    title: &str,
    content: &Markup,
) -> Page {
    let words = visit.words;
    let body = html! {
        header.top {
            div.bar {
                a.brand href="/" { img src=(assets::ICON_PATH) alt="" width="24" height="24"; span { (words.brand) } }
                nav aria-label=(words.places) {
                    @for other in Place::ALL {
                        a href=(other.path()) aria-current=[(other == place).then_some("page")] {
                            (other.name(words))
                        }
                    }
                }
                (languages(visit))
            }
            p.mock { (words.no_money) " " (now(words, state)) }
        }
        (banner(words, state))
        main #main tabindex="-1" data-page=(status.as_u16()) {
            p #connection role="status" hidden {}
            p #said .seen-by-readers role="status" {}
            (done(face, visit))
            h1 { (title) }
            (content)
        }
        footer {
            a href="/_mock/openapi.json" { (words.control_api) }
            a href="/_mock/fidelity" { (words.fidelity) }
        }
    };
    whole(status, visit, title, &body, true)
}

/// A page around this body.
pub(super) fn whole(
    status: StatusCode,
    visit: &Visit,
    title: &str,
    body: &Markup,
    is_live: bool,
) -> Page {
    let words = visit.words;
    let page = match visit.is_for_changes() {
        true => html! { (body) },
        false => html! {
            (DOCTYPE)
            html lang=(visit.language.tag()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (title) " · " (words.brand) }
                    link rel="icon" href=(assets::ICON_PATH) type="image/svg+xml";
                    link rel="stylesheet" href=(assets::STYLE_PATH);
                    @if is_live { script src=(assets::SCRIPT_PATH) defer {} }
                }
                @if is_live {
                    body data-events=[(!visit.is_of_a_form).then_some(stream::PATH)] data-lost=(words.lost) data-polling=(words.polling)
                        data-changed=(words.changed) {
                        a.skip href="#main" { (words.skip) }
                        (body)
                    }
                } @else {
                    body.phone { (body) }
                }
            }
        },
    };
    let mut response = http_response::new(status, http_response::HTML, page.into_string());
    if visit.is_language_chosen
        && let Ok(cookie) = HeaderValue::from_str(&visit.language.cookie())
    {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    policy::apply(response)
}

/// The same page in the other language.
pub(super) fn languages(visit: &Visit) -> Markup {
    let (other, name) = match visit.language {
        Language::Korean => (Language::English, "English"),
        Language::English => (Language::Korean, "한국어"),
    };
    html! {
        a.language href=(visit.with("lang", Some(other.tag()))) lang=(other.tag()) hreflang=(other.tag()) { (name) }
    }
}

fn now(words: &Words, state: &State) -> Markup {
    let ahead = state.clock.ahead().as_hours();
    html! {
        a #now data-live href=(Place::Clock.path()) {
            (words.now) " " (written::now(&state.clock))
            @if ahead > 0 { " (" (words.ahead) " " (ahead) (words.hours_short) ")" }
        }
    }
}

/// What is not as usual: on every page.
fn banner(words: &Words, state: &State) -> Markup {
    let injections = state.injections().injections.iter();
    let active: Vec<_> = injections
        .filter(|injection| !injection.is_over())
        .collect();
    html! {
        div #banner data-live role="region" aria-label=(words.unusual) {
            @if !active.is_empty() {
                p #active-faults .warning {
                    a href=(Place::Faults.path()) { (words.active_faults) " " (active.len()) }
                    " ("
                    @for (place, injection) in active.iter().take(5).enumerate() {
                        @if place > 0 { ", " }
                        code { (injection.fault.name()) }
                    }
                    @if active.len() > 5 { " …" }
                    ")"
                }
            }
            @if state.callbacks.holds_any() {
                p #held .warning { a href=(Place::Callbacks.path()) { (words.callbacks_are_held) } }
            }
        }
    }
}

/// What was done before this page.
fn done(face: &Face, visit: &Visit) -> Markup {
    let done = visit.get("did").and_then(|name| face.done(name));
    html! {
        @if let Some(done) = done {
            section.done aria-label=(visit.words.done) {
                p role="status" tabindex="-1" autofocus { (visit.words.done) ": " b { ((done.label)(visit.words)) } }
                details.command {
                    summary { (visit.words.command_of_that) }
                    (act::code(visit, &done.command))
                    @if done.is_masked { p.note { (visit.words.masked_in_command) } }
                }
            }
        }
    }
}
