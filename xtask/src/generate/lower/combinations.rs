//! Refuses schemas with too many combinations of alternatives.
//!
//! The generator looks at every combination of an `allOf` of choices. Thirty choices of two fit in
//! a line, and would keep the build busy forever.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::error::Error;
use crate::openapi::spec::Part;
use openapi_compare::pointer::Pointer;

/// More combinations than this are refused.
const MOST: u64 = 256;

/// The number of combinations that a reader looks at.
#[derive(Clone, Default)]
struct Weight {
    /// Combinations of the schema itself.
    own: u64,
    /// Those of the values inside it, by the name of the property, or by `[]` for items and other values.
    inside: BTreeMap<String, u64>,
}

impl Weight {
    fn of_one() -> Self {
        Self {
            own: 1,
            inside: BTreeMap::new(),
        }
    }

    fn largest(&self) -> u64 {
        self.inside.values().copied().fold(self.own, u64::max)
    }

    /// Both at once.
    fn and(mut self, other: &Self) -> Self {
        self.own = self.own.saturating_mul(other.own);
        for (name, count) in &other.inside {
            let here = self.inside.entry(name.clone()).or_insert(1);
            *here = here.saturating_mul(*count);
        }
        self
    }

    /// One of the two.
    fn or(mut self, other: &Self) -> Self {
        self.own = self.own.saturating_add(other.own);
        for (name, count) in &other.inside {
            let here = self.inside.entry(name.clone()).or_insert(1);
            *here = (*here).max(*count);
        }
        self
    }
}

/// The schemas that were weighed already; none while one is being weighed.
#[derive(Default)]
pub(super) struct Combinations {
    known: HashMap<Pointer, Option<Weight>>,
}

impl Combinations {
    /// Refuses a schema that explodes, or has one inside that does.
    pub(super) fn check(&mut self, part: &Part<'_>) -> Result<(), Error> {
        self.weigh(part, 0).map(drop)
    }

    fn weigh(&mut self, part: &Part<'_>, depth: usize) -> Result<Weight, Error> {
        /// Classes that lead so deep are refused where they are expanded.
        const DEEPEST: usize = 200;
        match self.known.get(&part.at) {
            Some(Some(weight)) => return Ok(weight.clone()),
            Some(None) => return Ok(Weight::of_one()),
            None if depth > DEEPEST => return Ok(Weight::of_one()),
            None => self.known.insert(part.at.clone(), None),
        };
        let weight = self.weigh_members(part, depth + 1)?;
        if weight.largest() > MOST {
            return Err(Error::Explodes {
                pointer: part.at.clone(),
                most: MOST,
            });
        }
        self.known.insert(part.at.clone(), Some(weight.clone()));
        Ok(weight)
    }

    fn weigh_members(&mut self, part: &Part<'_>, depth: usize) -> Result<Weight, Error> {
        let mut weight = Weight::of_one();
        if let Some(Value::Array(kinds)) = part.value.get("type") {
            weight.own = kinds.iter().filter(|kind| *kind != "null").count().max(1) as u64;
        }
        if let Some(Value::String(reference)) = part.value.get("$ref")
            && let Some(target) = part.referred(reference)
        {
            weight = weight.and(&self.weigh(&target, depth)?);
        }
        for member in members(part, "allOf") {
            weight = weight.and(&self.weigh(&member, depth)?);
        }
        for keyword in ["anyOf", "oneOf"] {
            let mut sum: Option<Weight> = None;
            for member in members(part, keyword) {
                let one = self.weigh(&member, depth)?;
                sum = Some(match sum {
                    None => one,
                    Some(sum) => sum.or(&one),
                });
            }
            if let Some(sum) = sum {
                weight = weight.and(&sum);
            }
        }
        for (name, property) in part.child("properties").iter().flat_map(Part::children) {
            let inside = self.weigh(&property, depth)?.largest();
            weight = weight.and(&within(name, inside));
        }
        for keyword in ["items", "additionalProperties", "not"] {
            if let Some(inner) = part.child(keyword) {
                let inside = self.weigh(&inner, depth)?.largest();
                weight = weight.and(&within(&format!("[]{keyword}"), inside));
            }
        }
        Ok(weight)
    }
}

fn within(name: &str, count: u64) -> Weight {
    Weight {
        own: 1,
        inside: BTreeMap::from([(name.to_owned(), count)]),
    }
}

fn members<'a>(part: &Part<'a>, keyword: &str) -> impl Iterator<Item = Part<'a>> + use<'a> {
    part.child(keyword)
        .map(|list| list.items())
        .into_iter()
        .flatten()
}
