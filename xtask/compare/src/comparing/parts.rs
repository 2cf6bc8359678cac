//! Schemas that a value must satisfy together: one, or those that `allOf`, references and
//! `additionalProperties` bring to the same place.

use serde_json::Value;

use super::document::Document;

/// The schema that allows everything, where a document has none.
pub(super) static ANYTHING: Value = Value::Bool(true);

#[derive(Clone, Debug)]
pub(super) struct Parts<'a> {
    first: &'a Value,
    more: Vec<&'a Value>,
}

impl<'a> Parts<'a> {
    pub fn of(first: &'a Value) -> Self {
        let more = Vec::new();
        Parts { first, more }
    }

    /// The part that stands for all of them in a report.
    pub fn home(&self) -> &'a Value {
        self.first
    }

    /// The part, if it is the only one.
    pub fn only(&self) -> Option<&'a Value> {
        self.more.is_empty().then_some(self.first)
    }

    pub fn iter(&self) -> impl Iterator<Item = &'a Value> + '_ {
        std::iter::once(self.first).chain(self.more.iter().copied())
    }

    /// Both must hold.
    pub fn and(&mut self, other: &Parts<'a>) {
        for part in other.iter() {
            if !self.iter().any(|it| std::ptr::eq(it, part)) {
                self.more.push(part);
            }
        }
    }

    pub fn refuses_all(&self) -> bool {
        self.iter().any(|it| *it == Value::Bool(false))
    }

    /// Equal for the same parts. What only refers to a schema is that schema.
    pub fn key(&self, document: Document<'a>) -> (usize, Vec<usize>) {
        let address = |it| std::ptr::from_ref(document.referred(it)).addr();
        if self.more.is_empty() {
            return (address(self.first), Vec::new());
        }
        let mut all: Vec<usize> = self.iter().map(address).collect();
        all.sort_unstable();
        all.dedup();
        let first = all.remove(0);
        (first, all)
    }
}
