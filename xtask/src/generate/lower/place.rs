//! Places of schemas in the requests and responses of operations.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use super::names;
use openapi_compare::pointer::Pointer;

/// The place of a schema, whatever the name of its class.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    operation: String,
    direction: &'static str,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Property(String),
    Item,
    Value,
    AllOf(usize),
    AnyOf(usize),
    OneOf(usize),
    Not,
}

impl Place {
    /// The body itself: of the operation whose names begin with `operation`, `Request` or `Response`.
    pub(super) fn root(operation: &str, direction: &'static str) -> Self {
        Self {
            operation: operation.to_owned(),
            direction,
            steps: Vec::new(),
        }
    }

    fn step(&self, step: Step) -> Self {
        let mut place = self.clone();
        place.steps.push(step);
        place
    }

    pub(super) fn property(&self, name: &str) -> Self {
        self.step(Step::Property(name.to_owned()))
    }

    /// The items of an array.
    pub(super) fn item(&self) -> Self {
        self.step(Step::Item)
    }

    /// The values of the properties that have no name.
    pub(super) fn value(&self) -> Self {
        self.step(Step::Value)
    }

    pub(super) fn not(&self) -> Self {
        self.step(Step::Not)
    }

    /// A member of `allOf`, `anyOf` or `oneOf`.
    pub(super) fn member(&self, keyword: &str, index: usize) -> Self {
        self.step(match keyword {
            "allOf" => Step::AllOf(index),
            "anyOf" => Step::AnyOf(index),
            _ => Step::OneOf(index),
        })
    }

    pub(super) fn is_root(&self) -> bool {
        self.steps.is_empty()
    }

    /// Its depth in the data; compositions do not count.
    pub(super) fn depth(&self) -> usize {
        let is_data = |step: &&Step| matches!(step, Step::Property(_) | Step::Item | Step::Value);
        self.steps.iter().filter(is_data).count()
    }

    /// The name that its schema gets if no other place has it.
    pub(super) fn name(&self) -> String {
        let mut name = format!("{}{}", self.operation, self.direction);
        for step in &self.steps {
            match step {
                Step::Property(property) => name += &names::type_part(property),
                Step::Item => name += "Item",
                Step::Value => name += "Value",
                Step::AllOf(index) => name += &format!("AllOf{index}"),
                Step::AnyOf(index) => name += &format!("AnyOf{index}"),
                Step::OneOf(index) => name += &format!("OneOf{index}"),
                Step::Not => name += "Not",
            }
        }
        name
    }

    /// The place as a caller knows it, such as `bill.price`.
    pub(super) fn in_the_data(&self) -> String {
        let mut text = String::new();
        for step in &self.steps {
            match step {
                Step::Property(name) if text.is_empty() => text += name,
                Step::Property(name) => text += &format!(".{name}"),
                Step::Item => text += "[]",
                Step::Value => text += ".*",
                _ => {}
            }
        }
        match text.is_empty() {
            true => "the body".to_owned(),
            false => text,
        }
    }
}

/// A text that no other place has, for references until all places have names.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut path = Pointer::root().child(&self.operation).child(self.direction);
        for step in &self.steps {
            path = match step {
                Step::Property(name) => path.child("properties").child(name),
                Step::Item => path.child("items"),
                Step::Value => path.child("additionalProperties"),
                Step::AllOf(index) => path.child("allOf").child(index),
                Step::AnyOf(index) => path.child("anyOf").child(index),
                Step::OneOf(index) => path.child("oneOf").child(index),
                Step::Not => path.child("not"),
            };
        }
        path.fmt(f)
    }
}

/// A name for each place, the roots first, whose names are given. Of two places that would have
/// the same, the later one gets a number.
pub(super) fn names<'a>(places: impl Iterator<Item = &'a Place>) -> BTreeMap<Place, String> {
    let (roots, inner): (Vec<_>, Vec<_>) = places.partition(|place| place.is_root());
    let (mut named, mut taken) = (BTreeMap::new(), HashSet::new());
    for place in roots.into_iter().chain(inner) {
        let name = place.name();
        let mut unique = name.clone();
        let mut number = 2;
        while !taken.insert(unique.to_ascii_lowercase()) && !place.is_root() {
            unique = format!("{name}{number}");
            number += 1;
        }
        named.insert(place.clone(), unique);
    }
    named
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn of_two_places_with_one_name_the_later_gets_a_number() {
        let root = Place::root("Bill", "Request");
        let places = [
            root.clone(),
            root.property("cash-receipt"),
            root.property("cashReceipt"),
            root.property("cash_receipt"),
            root.property("cashReceipt2"),
        ];
        let sorted: BTreeSet<Place> = places.iter().cloned().collect();
        let names = names(sorted.iter());
        let named: Vec<&str> = places.iter().map(|place| names[place].as_str()).collect();
        assert_eq!(
            named,
            [
                "BillRequest",
                "BillRequestCashReceipt",
                "BillRequestCashReceipt2",
                "BillRequestCashReceipt3",
                "BillRequestCashReceipt22",
            ]
        );
    }
}
