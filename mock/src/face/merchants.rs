//! Which merchants there are to choose from.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::{
    visit::{self, Visit},
    words::Words,
    written,
};
use crate::{key::Key, state::State};

/// How many are shown.
const SHOWN: usize = 200;

/// Partner, member and merchant of each that is known or has a bill.
pub(super) struct Merchants(BTreeSet<[String; 3]>);

impl Merchants {
    pub(super) fn of(state: &State) -> Self {
        let mut all = BTreeSet::new();
        for partner in state.service.partners.all() {
            for (member, merchant) in &partner.merchants {
                all.insert([partner.name.to_string(), member.clone(), merchant.clone()]);
            }
        }
        // Those of a long list of bills are mostly the same.
        let mut last: Option<[&str; 3]> = None;
        for (key, _) in state.service.store.bills() {
            let parts = [key.partner(), key.member(), key.merchant()];
            if last != Some(parts) && all.len() < SHOWN {
                all.insert(parts.map(str::to_owned));
            }
            last = Some(parts);
        }
        Merchants(all)
    }

    /// What tells the merchant of a bill from the others: the parts in which some differ.
    pub(super) fn part(&self, key: &Key) -> Option<Markup> {
        let parts = [key.partner(), key.member(), key.merchant()];
        let first = self.0.first()?;
        let differs = |place: usize| self.0.iter().any(|other| other[place] != first[place]);
        let shown: Vec<&str> = (0..3)
            .filter(|place| differs(*place))
            .map(|place| parts[place])
            .collect();
        (!shown.is_empty()).then(|| {
            html! {
                @for (place, part) in shown.iter().enumerate() {
                    @if place > 0 { " / " }
                    (written::short(part))
                }
            }
        })
    }

    pub(super) fn are_several(&self) -> bool {
        self.0.len() > 1
    }

    /// A form that shows what is of one alone, if there are several.
    pub(super) fn filter(&self, visit: &Visit, path: &str) -> Markup {
        let words = visit.words;
        let chosen = visit.get("whose").unwrap_or_default();
        html! {
            @if self.are_several() {
                form #filter .filter method="get" action=(path) {
                    (self.field(words, "whose", chosen, words.all_merchants))
                    button.quiet { (words.filter) }
                }
            }
        }
    }

    /// A field to choose one, or all.
    pub(super) fn field(&self, words: &Words, id: &str, chosen: &str, all: &str) -> Markup {
        html! {
            @if self.are_several() {
                div.field {
                    label for=(id) { (words.merchant) }
                    select id=(id) name="whose" {
                        option value="" { (all) }
                        @for one in &self.0 {
                            @let value = visit::whose([&one[0], &one[1], &one[2]]);
                            option value=(value) selected[value == chosen] {
                                (written::text(&one[0])) " / " (written::text(&one[1])) " / " (written::text(&one[2]))
                            }
                        }
                    }
                }
            }
        }
    }
}
