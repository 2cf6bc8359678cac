//! A button that does something, with the command that does the same.

use maud::{Markup, html};

use super::{call::Call, handle::Face, visit::Visit};
use crate::key::Key;

/// A form with one button.
pub(super) struct Act<'a> {
    /// The name of what it does, as in its path.
    pub(super) name: &'a str,
    pub(super) label: &'a str,
    /// How the button looks: `main`, `danger` or nothing.
    pub(super) look: &'a str,
    pub(super) fields: &'a [(&'a str, &'a str)],
    pub(super) call: &'a Call,
}

impl Act<'_> {
    pub(super) fn form(&self, face: &Face, visit: &Visit, key: Option<&Key>) -> Markup {
        html! {
            div.act {
                form method="post" action=(path(self.name)) {
                    (token(face))
                    @if let Some(key) = key { (whose(key)) }
                    @for (name, value) in self.fields {
                        input type="hidden" name=(name) value=(value);
                    }
                    button class=[Some(self.look).filter(|look| !look.is_empty())] { (self.label) }
                }
                (command(visit, self.call))
            }
        }
    }
}

/// Where the form of an act is posted to.
pub(super) fn path(name: &str) -> String {
    format!("/do/{name}")
}

/// What every form has.
pub(super) fn token(face: &Face) -> Markup {
    html! { input type="hidden" name="token" value=(face.token.as_str()); }
}

/// The bill that a form is about.
pub(super) fn whose(key: &Key) -> Markup {
    html! {
        input type="hidden" name="partner" value=(key.partner());
        input type="hidden" name="member" value=(key.member());
        input type="hidden" name="merchant" value=(key.merchant());
        input type="hidden" name="bill_id" value=(key.bill_id());
    }
}

/// The command that does the same, closed.
pub(super) fn command(visit: &Visit, call: &Call) -> Markup {
    html! {
        details.command {
            summary { (visit.words.command) }
            (code(visit, &call.command(&visit.origin)))
        }
    }
}

/// A command like the one that does what a form says, closed.
pub(super) fn example(visit: &Visit, call: &Call) -> Markup {
    html! {
        details.command {
            summary { (visit.words.command_for_example) }
            (code(visit, &call.command(&visit.origin)))
        }
    }
}

/// A command that can be copied.
pub(super) fn code(visit: &Visit, command: &str) -> Markup {
    html! {
        div.copied {
            pre tabindex="0" { code translate="no" { (command) } }
            button.small type="button" data-copy=(visit.words.copied) hidden { (visit.words.copy) }
        }
    }
}
