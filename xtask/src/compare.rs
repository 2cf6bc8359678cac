//! Compares two OpenAPI documents, 3.0 or 3.1, and says what changed for those who call the API.
//!
//! ```text
//! two documents ──api, operations──▶ facts, and pairs of schemas ──graph──▶ more facts ──rules──▶ findings
//! ```
//!
//! Up to the last arrow nothing is judged: a fact says what changed and where. [`crate::compare::rules`]
//! gives it its id and its level.
//!
//! What means the same compares equal: a schema inline or by reference, `allOf` with one member,
//! the ways of writing that null is allowed, the spellings of 3.0 and 3.1, any order of keys,
//! `required`, `enum` and `tags`.

use std::collections::HashMap;
use std::rc::Rc;

use serde_json::Value;

use crate::finding::Finding;
use crate::openapi::pointer;
use crate::openapi::pointer::Pointer;

mod api;
pub mod codes;
mod comparison;
mod difference;
mod document;
mod excerpt;
mod fact;
mod graph;
mod lifecycle;
mod members;
mod operations;
pub mod prose;
pub mod rules;
mod schema;
mod walk;

use document::{Document, MAX_DEPTH, MAX_HOPS, Problem, Refusal, measure};
use excerpt::Excerpts;
pub use fact::Side;
use fact::{At, Change, Fact, Place};
use walk::Walk;

/// How many facts there may be beside one per 100 bytes of input, and how many bytes of findings
/// beside a multiple of the input. Who is beyond is not looking at two versions of one API.
const FACTS: usize = 100_000;
const BYTES: usize = 64 << 20;

/// Why two documents can't be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Something else stands there than OpenAPI asks for.
    #[error("{} document, {pointer}: expected {expected}, found {found}", side.as_str())]
    Shape {
        /// Which document.
        side: Side,
        /// Where in it.
        pointer: String,
        /// What should stand there.
        expected: &'static str,
        /// What does, in short.
        found: String,
    },
    /// A reference that leads out of the document.
    #[error(
        "{} document, {pointer}: expected a reference within the document, found {reference}",
        side.as_str()
    )]
    External {
        /// Which document.
        side: Side,
        /// Where in it.
        pointer: String,
        /// The reference.
        reference: String,
    },
    /// A reference that leads nowhere.
    #[error("{} document, {pointer}: expected something at {reference}, found nothing", side.as_str())]
    Dangling {
        /// Which document.
        side: Side,
        /// Where in it.
        pointer: String,
        /// The reference.
        reference: String,
    },
    /// References that lead to each other, or through too many others.
    #[error(
        "{} document, {pointer}: expected references to end within {MAX_HOPS} steps",
        side.as_str()
    )]
    Circular {
        /// Which document.
        side: Side,
        /// Where in it.
        pointer: String,
    },
    /// Values inside values without end.
    #[error(
        "{} document, {pointer}: expected values to nest at most {MAX_DEPTH} deep",
        side.as_str()
    )]
    TooDeep {
        /// Which document.
        side: Side,
        /// Where in it; of a very deep place, the beginning of the way there.
        pointer: String,
    },
    /// More changes than two versions of one API could have.
    #[error(
        "new document, /: expected a version of the old one, found more changes than can be told"
    )]
    TooMany,
}

/// Compares two OpenAPI documents: by operation, of each operation the worst first, then by
/// property and rule.
///
/// # Errors
///
/// If one of them is not an OpenAPI 3.0 or 3.1 document, or refers to what is not in it.
pub fn compare(old: &Value, new: &Value) -> Result<Vec<Finding>, Error> {
    let size = checked_size(Side::Old, old)? + checked_size(Side::New, new)?;
    let old = Document {
        side: Side::Old,
        root: old,
    };
    let new = Document {
        side: Side::New,
        root: new,
    };
    let limit = FACTS + size / 100;
    let facts = facts(old, new, limit).map_err(|refusal| error(old, new, &refusal))?;
    if facts.len() > limit {
        return Err(Error::TooMany);
    }
    findings(old, new, facts, BYTES + 8 * size)
}

fn checked_size(side: Side, root: &Value) -> Result<usize, Error> {
    let measured = measure(root);
    match (measured.too_deep, measured.external) {
        (Some(pointer), _) => Err(Error::TooDeep {
            side,
            pointer: pointer.to_string(),
        }),
        (None, Some(reference)) => Err(Error::External {
            side,
            pointer: Pointers::of(root, [reference]).get(reference),
            reference: excerpt::in_short(reference),
        }),
        (None, None) => Ok(measured.size),
    }
}

fn facts<'a>(
    old: Document<'a>,
    new: Document<'a>,
    limit: usize,
) -> Result<Vec<Fact<'a>>, Refusal<'a>> {
    for document in [old, new] {
        expect_openapi(document)?;
    }
    let mut walk = Walk {
        old,
        new,
        facts: Vec::new(),
        roots: Vec::new(),
    };
    walk.api()?;
    walk.paths()?;
    walk.webhooks()?;
    graph::spread(old, new, &walk.roots, limit, &mut walk.facts)?;
    Ok(walk.facts)
}

fn expect_openapi<'a>(document: Document<'a>) -> Result<(), Refusal<'a>> {
    let expected = "an OpenAPI document: an object with `openapi` 3.0 or 3.1";
    let root = document.root;
    let version = root.get("openapi").ok_or(document.shape(root, expected))?;
    match version.as_str() {
        Some(text) if text.starts_with("3.0") || text.starts_with("3.1") => {}
        _ => return Err(document.shape(version, "an OpenAPI version, 3.0 or 3.1")),
    }
    Ok(())
}

fn error(old: Document<'_>, new: Document<'_>, refusal: &Refusal<'_>) -> Error {
    let At { side, value } = refusal.at;
    let document = if side == Side::Old { old } else { new };
    let pointers = Pointers::of(document.root, [value]);
    let pointer = pointer::shown(&pointers.get(value));
    let found = pointer::shown(&excerpt::in_short(value));
    match refusal.problem {
        Problem::Shape(expected) => Error::Shape {
            side,
            pointer,
            expected,
            found,
        },
        Problem::External => Error::External {
            side,
            pointer,
            reference: found,
        },
        Problem::Dangling => Error::Dangling {
            side,
            pointer,
            reference: found,
        },
        Problem::Circular => Error::Circular { side, pointer },
        Problem::Deep => Error::TooDeep { side, pointer },
    }
}

fn findings<'a>(
    old: Document<'a>,
    new: Document<'a>,
    facts: Vec<Fact<'a>>,
    limit: usize,
) -> Result<Vec<Finding>, Error> {
    let on = |side| {
        facts
            .iter()
            .map(|it| it.change.at)
            .filter(move |at| at.side == side)
    };
    let old_places = Pointers::of(old.root, on(Side::Old).map(|at| at.value));
    let new_places = Pointers::of(new.root, on(Side::New).map(|at| at.value));
    let mut excerpts = Excerpts::default();
    let mut gathered = Gathered::default();
    let mut bytes = 0;
    for Fact { place, change } in facts {
        let places = if change.at.side == Side::Old {
            &old_places
        } else {
            &new_places
        };
        let answer = place.answer.clone();
        let finding = judged(place, &change, places.get(change.at.value), &mut excerpts);
        bytes += weight(&finding);
        if bytes > limit {
            return Err(Error::TooMany);
        }
        gathered.add(finding, answer);
    }
    Ok(gathered.sorted())
}

fn judged<'a>(
    place: Place,
    change: &Change<'a>,
    pointer: String,
    excerpts: &mut Excerpts,
) -> Finding {
    let before = change.before.as_ref().map(|content| excerpts.of(content));
    let after = change.after.as_ref().map(|content| excerpts.of(content));
    let path = place.path.as_deref().map(str::to_owned);
    let message = rules::message(
        change.kind,
        place.scope,
        path.as_deref(),
        &before,
        &after,
        &pointer,
    );
    let operation = place.operation.as_deref();
    let finding = Finding {
        operation: operation.map(|operation| operation.name.clone()),
        operation_id: operation.and_then(|operation| operation.id.clone()),
        path,
        pointer,
        before,
        after,
        message,
        ..rules::finding(change.kind, place.scope)
    };
    finding.with_fingerprint()
}

/// How many bytes a finding takes, roughly.
fn weight(finding: &Finding) -> usize {
    let texts = [
        Some(&finding.id),
        finding.operation.as_ref(),
        finding.path.as_ref(),
        Some(&finding.pointer),
        Some(&finding.message),
    ];
    let values = [finding.before.as_ref(), finding.after.as_ref()];
    std::mem::size_of::<Finding>()
        + texts.into_iter().flatten().map(String::len).sum::<usize>()
        + values
            .into_iter()
            .flatten()
            .map(excerpt::weight)
            .sum::<usize>()
}

/// Findings by fingerprint: what changes in several answers of an operation is told once.
#[derive(Default)]
struct Gathered {
    findings: Vec<(Finding, Vec<Rc<str>>)>,
    known: HashMap<String, usize>,
}

impl Gathered {
    fn add(&mut self, finding: Finding, answer: Option<Rc<str>>) {
        let index = *self
            .known
            .entry(finding.fingerprint.clone())
            .or_insert_with(|| {
                self.findings.push((finding, Vec::new()));
                self.findings.len() - 1
            });
        if let Some(answer) = answer
            && !self.findings[index].1.contains(&answer)
        {
            self.findings[index].1.push(answer);
        }
    }

    fn sorted(self) -> Vec<Finding> {
        let mut findings: Vec<_> = self.findings.into_iter().map(with_answers).collect();
        findings.sort_by(|a, b| {
            a.operation
                .cmp(&b.operation)
                .then_with(|| b.level.cmp(&a.level))
                .then_with(|| a.path.cmp(&b.path))
                .then_with(|| a.id.cmp(&b.id))
                .then_with(|| a.pointer.cmp(&b.pointer))
                .then_with(|| a.fingerprint.cmp(&b.fingerprint))
        });
        findings
    }
}

fn with_answers((mut finding, mut answers): (Finding, Vec<Rc<str>>)) -> Finding {
    answers.sort();
    if !answers.is_empty() {
        let word = if answers.len() == 1 {
            "answer"
        } else {
            "answers"
        };
        finding
            .message
            .push_str(&format!(" ({word} {})", answers.join(", ")));
    }
    finding
}

/// Where the values stand that somebody asked for, found in one walk through the document.
struct Pointers(HashMap<*const Value, String>);

impl Pointers {
    fn of<'a>(root: &'a Value, wanted: impl IntoIterator<Item = &'a Value>) -> Self {
        let wanted = wanted
            .into_iter()
            .map(|value| (std::ptr::from_ref(value), String::new()));
        let mut pointers = Pointers(wanted.collect());
        if !pointers.0.is_empty() {
            pointers.visit(root, &mut String::new());
        }
        pointers
    }

    fn visit(&mut self, value: &Value, pointer: &mut String) {
        if let Some(place) = self.0.get_mut(&std::ptr::from_ref(value)) {
            place.clone_from(pointer);
        }
        let length = pointer.len();
        let mut child = |key: &dyn std::fmt::Display, value| {
            pointer.push_str(&Pointer::root().child(key).to_string());
            self.visit(value, pointer);
            pointer.truncate(length);
        };
        match value {
            Value::Object(members) => members.iter().for_each(|(key, it)| child(key, it)),
            Value::Array(items) => items.iter().enumerate().for_each(|(at, it)| child(&at, it)),
            _ => {}
        }
    }

    fn get(&self, value: &Value) -> String {
        match self.0.get(&std::ptr::from_ref(value)) {
            Some(pointer) if !pointer.is_empty() => pointer.clone(),
            _ => Pointer::root().to_string(),
        }
    }
}
