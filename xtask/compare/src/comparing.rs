//! Compares two OpenAPI documents, 3.0 or 3.1, and says what changed for those who call the API.
//!
//! ```text
//! two documents ──api, operations──▶ facts, pairs of schemas ──graph──▶ more facts ──rules──▶ findings
//! ```
//!
//! A fact says what changed and where. Only the last step, [`rules`], judges: it gives each fact
//! its id and its level.
//!
//! Documents that mean the same are equal: a schema inline or by reference, `allOf` with one
//! member, the notations for nullable, the notations of 3.0 and 3.1, any order of keys,
//! `required`, `enum` and `tags`.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::{panic, thread};

use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::finding::{Finding, Keyword, Kind, Scope};
use crate::pointer;
use crate::pointer::{Pointer, Trail};
use crate::report::Report;
use crate::rules;
use crate::spelling::{DEEPEST, Survey};

mod api;
mod comparison;
mod difference;
mod document;
mod excerpt;
mod fact;
mod graph;
mod inclusion;
mod lifecycle;
mod media_type;
mod members;
mod number;
mod operations;
mod parts;
mod schema;
mod status;
mod traffic;
mod unchanged;
mod walk;

use document::{Document, MAX_HOPS, MOST_PARTS, Problem, Refusal, way_down};
use excerpt::Excerpts;
pub use fact::Side;
use fact::{At, Change, Fact, Place, Response};
use parts::ANYTHING;
use unchanged::Unchanged;
use walk::Walk;

/// Limits beyond which the documents are not two versions of one API: facts in addition to one per
/// 100 bytes of input, and bytes of findings in addition to a multiple of the input.
const FACTS: usize = 100_000;
const BYTES: usize = 64 << 20;

/// Why two documents can't be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A value has another shape than OpenAPI requires.
    #[error("{} document, {pointer}: expected {expected}, found {found}", side.as_str())]
    Shape {
        /// Which document.
        side: Side,
        /// Where in it.
        pointer: String,
        /// What is expected there.
        expected: &'static str,
        /// What is there, in short.
        found: String,
    },
    /// A reference out of the document.
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
    /// A reference without a target.
    #[error("{} document, {pointer}: expected something at {reference}, found nothing", side.as_str())]
    Dangling {
        /// Which document.
        side: Side,
        /// Where in it.
        pointer: String,
        /// The reference.
        reference: String,
    },
    /// References in a circle, or through too many others.
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
    /// Values that nest too deep.
    #[error(
        "{} document, {pointer}: expected values to nest at most {DEEPEST} deep",
        side.as_str()
    )]
    TooDeep {
        /// Which document.
        side: Side,
        /// Where in it; cut if it is very long.
        pointer: String,
    },
    /// A schema that `$ref`, `allOf` and choices of one put together of too many others.
    #[error(
        "{} document, {pointer}: expected a schema of at most {MOST_PARTS} parts",
        side.as_str()
    )]
    TooManyParts {
        /// Which document.
        side: Side,
        /// Where in it the parts became too many.
        pointer: String,
    },
    /// More changes than two versions of one API could have.
    #[error(
        "new document, /: expected a version of the old document, found too many changes to report"
    )]
    TooMany,
}

impl Error {
    /// Where in its document the reason is, as a JSON pointer; `None` if it is not at one place.
    pub fn pointer(&self) -> Option<&str> {
        match self {
            Error::Shape { pointer, .. }
            | Error::External { pointer, .. }
            | Error::Dangling { pointer, .. }
            | Error::Circular { pointer, .. }
            | Error::TooDeep { pointer, .. }
            | Error::TooManyParts { pointer, .. } => Some(pointer),
            Error::TooMany => None,
        }
    }
}

/// What a comparison takes for equal.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether a reader sees the same in two descriptions. By default, spaces and line ends are all
    /// one; whoever reads CommonMark can say more.
    pub reads_alike: fn(&str, &str) -> bool,
    /// The day of the comparison: whatever is removed before its sunset is told so. By default unknown.
    pub today: Option<jiff::civil::Date>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            reads_alike: |one, other| one.split_whitespace().eq(other.split_whitespace()),
            today: None,
        }
    }
}

/// Compares two OpenAPI documents, as those who call the API see them.
///
/// Findings are in the order of operations, of each operation the worst first, then by property
/// and rule.
///
/// ```
/// use openapi_compare::{compare, finding::Level};
/// use serde_json::json;
///
/// let api = |longest: u32| {
///     json!({"openapi": "3.1.0", "paths": {"/pay": {"post": {"requestBody": {"content": {
///         "application/json": {"schema": {"type": "string", "maxLength": longest}}
///     }}}}}})
/// };
/// let report = compare(&api(20), &api(10))?;
/// assert_eq!(report.worst(), Some(Level::Breaking));
/// assert_eq!(report.findings[0].id, "request-body-max-length-decreased");
/// assert_eq!(report.findings[0].operation.as_deref(), Some("POST /pay"));
/// assert_eq!(compare(&api(10), &api(20))?.worst(), Some(Level::Info));
/// # Ok::<(), openapi_compare::Error>(())
/// ```
///
/// # Errors
///
/// If one of them is not an OpenAPI 3.0 or 3.1 document, nests deeper than 512, has a reference out
/// of itself, without a target or in a circle, or if more changed than between two versions of one
/// API.
pub fn compare(old: &Value, new: &Value) -> Result<Report, Error> {
    compare_with(old, new, &Options::default())
}

/// As [`compare`], with options.
///
/// ```
/// use openapi_compare::{Options, compare_with};
/// use serde_json::json;
///
/// let api = |title: &str| {
///     json!({"openapi": "3.1.0", "paths": {}, "info": {"title": "t", "description": title}})
/// };
/// let without_emphasis = Options {
///     reads_alike: |one, other| one.replace('*', "") == other.replace('*', ""),
///     ..Options::default()
/// };
/// let report = compare_with(&api("*Pay*"), &api("Pay"), &without_emphasis)?;
/// assert!(report.findings.is_empty());
/// # Ok::<(), openapi_compare::Error>(())
/// ```
///
/// # Errors
///
/// As [`compare`].
pub fn compare_with(old: &Value, new: &Value, options: &Options) -> Result<Report, Error> {
    let (one, other) = thread::scope(|scope| {
        let check = || checked(Side::New, new);
        let other = thread::Builder::new().spawn_scoped(scope, check);
        let one = checked(Side::Old, old);
        let other = match other {
            Ok(other) => other.join().unwrap_or_else(|it| panic::resume_unwind(it)),
            // Not every system has another thread.
            Err(_) => check(),
        };
        (one, other)
    });
    let (one, other) = (one?, other?);
    let size = one.size + other.size;
    let have_anchors = !one.anchors.is_empty() || !other.anchors.is_empty();
    let (old, new) = (&*one.corrected(old), &*other.corrected(new));
    let anchors = |root| match have_anchors {
        true => Survey::of(root).anchors,
        false => Vec::new(),
    };
    let (old_anchors, new_anchors) = (anchors(old), anchors(new));
    let old = Document {
        side: Side::Old,
        root: old,
        anchors: &old_anchors,
        reads_alike: options.reads_alike,
    };
    let new = Document {
        side: Side::New,
        root: new,
        anchors: &new_anchors,
        reads_alike: options.reads_alike,
    };
    let limit = FACTS + size / 100;
    let (facts, unchanged) =
        facts(old, new, options.today, limit).map_err(|refusal| error(old, new, &refusal))?;
    if facts.len() > limit {
        return Err(Error::TooMany);
    }
    let findings = findings(old, new, &unchanged, facts, BYTES + 8 * size)?;
    Ok(Report { findings })
}

fn checked(side: Side, root: &Value) -> Result<Survey<'_>, Error> {
    let survey = Survey::of(root);
    match survey.external {
        _ if survey.is_too_deep => Err(Error::TooDeep {
            side,
            pointer: way_down(root).to_string(),
        }),
        Some(reference) => Err(Error::External {
            side,
            pointer: Pointers::of(root, [reference]).get(reference),
            reference: excerpt::in_short(reference),
        }),
        None => Ok(survey),
    }
}

fn facts<'a>(
    old: Document<'a>,
    new: Document<'a>,
    today: Option<jiff::civil::Date>,
    limit: usize,
) -> Result<(Vec<Fact<'a>>, Unchanged), Refusal<'a>> {
    for document in [old, new] {
        expect_openapi(document)?;
    }
    let mut walk = Walk {
        old,
        new,
        unchanged: Unchanged::of(old, new),
        today,
        facts: Vec::new(),
        roots: Vec::new(),
        callers: HashSet::new(),
    };
    walk.api()?;
    walk.paths()?;
    walk.webhooks()?;
    let Walk {
        roots,
        unchanged,
        facts,
        ..
    } = &mut walk;
    graph::spread(old, new, unchanged, roots, limit, facts)?;
    Ok((walk.facts, walk.unchanged))
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
        Problem::Parts => Error::TooManyParts { side, pointer },
    }
}

fn findings<'a>(
    old: Document<'a>,
    new: Document<'a>,
    unchanged: &Unchanged,
    facts: Vec<Fact<'a>>,
    limit: usize,
) -> Result<Vec<Finding>, Error> {
    let on = |side| {
        facts
            .iter()
            .map(|it| it.change.at)
            .filter(move |at| at.side == side)
    };
    let pointers = |document: Document<'a>| {
        let wanted = on(document.side).map(|at| at.value);
        let wanted = wanted.filter(|it| !std::ptr::eq(*it, &raw const ANYTHING));
        Pointers::outside(document.root, wanted, |value| unchanged.is_known(value))
    };
    let (old_places, new_places) = (pointers(old), pointers(new));
    let mut excerpts = Excerpts::default();
    let mut gathered = Gathered::default();
    let mut bytes = 0;
    for Fact { place, change } in facts {
        let places = if change.at.side == Side::Old {
            &old_places
        } else {
            &new_places
        };
        let response = place.response.clone();
        let pointer = places.get(change.at.value);
        let identity = identity(&place, &change, &pointer);
        let finding = judged(&place, &change, pointer.clone(), &mut excerpts);
        bytes += weight(&finding);
        if bytes > limit {
            return Err(Error::TooMany);
        }
        gathered.add(finding, &identity, response);
    }
    Ok(gathered.sorted())
}

fn judged<'a>(
    place: &Place,
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
    let mut told = rules::finding(change.kind, place.scope);
    if let (Scope::RequestProperty, Some(location)) = (place.scope, place.location) {
        told.id = rules::id_in_parameter(change.kind, &told.id, location);
    }
    Finding {
        operation: operation.map(|operation| operation.name.clone()),
        operation_id: operation.and_then(|operation| operation.id.clone()),
        path,
        pointer,
        before,
        after,
        message,
        ..told
    }
}

/// The operation, the way within it, a name, and a subject.
type Identity<'i> = [Option<&'i str>; 4];

/// What tells a change from others with the same rule and values: the way to its place, and what it
/// is about.
fn identity<'i>(place: &'i Place, change: &'i Change<'_>, pointer: &'i str) -> Identity<'i> {
    // One rule for several keywords, or for several names under a keyword.
    let has_name = matches!(
        change.kind,
        Kind::Unhandled
            | Kind::InfoChanged
            | Kind::SecuritySchemeChanged
            | Kind::Bound(..)
            | Kind::FormatAdded
            | Kind::FormatRemoved
            | Kind::FormatChanged
            | Kind::ItemsAdded
            | Kind::ItemsRemoved
            | Kind::AdditionalPropertiesBecameAny
            | Kind::AdditionalPropertiesWidened
            | Kind::AdditionalPropertiesNarrowed
            | Kind::Keyword(
                Keyword::PrefixItems | Keyword::PatternProperties | Keyword::DependentSchemas,
                _
            )
    );
    let name = pointer.rsplit('/').next().filter(|_| has_name);
    let operation = place.operation.as_deref();
    [
        operation.map(|it| it.key.as_str()),
        place.within.as_deref(),
        name,
        change.subject.as_deref(),
    ]
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

/// Findings: a change of what several responses of an operation share is reported once, as that of
/// the first of them.
#[derive(Default)]
struct Gathered {
    findings: Vec<(Finding, Vec<Rc<str>>)>,
    known: HashMap<String, usize>,
    fingerprints: HashSet<String>,
}

impl Gathered {
    fn add(&mut self, mut finding: Finding, identity: &Identity<'_>, response: Option<Response>) {
        let shared = finding.digest((identity, &finding.pointer));
        let index = match self.known.get(&shared) {
            Some(index) => *index,
            None => {
                let key = response.as_ref().map(|it| &*it.key);
                finding.fingerprint = finding.digest((identity, key));
                // Only what is written twice at one place.
                if !self.fingerprints.insert(finding.fingerprint.clone()) {
                    finding.fingerprint = finding.digest((identity, key, &finding.pointer));
                    self.fingerprints.insert(finding.fingerprint.clone());
                }
                self.findings.push((finding, Vec::new()));
                self.known.insert(shared, self.findings.len() - 1);
                self.findings.len() - 1
            }
        };
        if let Some(Response { shown, .. }) = response
            && !self.findings[index].1.contains(&shown)
        {
            self.findings[index].1.push(shown);
        }
    }

    fn sorted(self) -> Vec<Finding> {
        let mut findings: Vec<_> = self.findings.into_iter().map(with_responses).collect();
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

fn with_responses((mut finding, mut responses): (Finding, Vec<Rc<str>>)) -> Finding {
    responses.sort();
    if !responses.is_empty() {
        let word = if responses.len() == 1 {
            "response"
        } else {
            "responses"
        };
        finding
            .message
            .push_str(&format!(" ({word} {})", responses.join(", ")));
    }
    finding
}

/// The pointers of some values, found in one walk through the document.
struct Pointers {
    found: FxHashMap<*const Value, Option<Pointer>>,
    missing: usize,
}

impl Pointers {
    fn of<'a>(root: &'a Value, wanted: impl IntoIterator<Item = &'a Value>) -> Self {
        Self::outside(root, wanted, |_| false)
    }

    /// Few of the values are inside of others that are known: those are looked at last.
    fn outside<'a>(
        root: &'a Value,
        wanted: impl IntoIterator<Item = &'a Value>,
        is_known: impl Fn(&Value) -> bool,
    ) -> Self {
        let wanted = wanted.into_iter();
        let wanted = wanted.map(|value| (std::ptr::from_ref(value), None));
        let found: FxHashMap<_, _> = wanted.collect();
        let missing = found.len();
        let mut pointers = Pointers { found, missing };
        pointers.visit(root, &Trail::Root, &is_known);
        pointers.visit(root, &Trail::Root, &|_| false);
        pointers
    }

    fn visit(&mut self, value: &Value, here: &Trail<'_>, is_known: &impl Fn(&Value) -> bool) {
        if self.missing == 0 {
            return;
        }
        if let Some(place @ None) = self.found.get_mut(&std::ptr::from_ref(value)) {
            *place = Some(here.pointer());
            self.missing -= 1;
        }
        match value {
            Value::Object(members) if !is_known(value) => {
                for (key, inside) in members {
                    self.visit(inside, &Trail::Member(here, key), is_known);
                }
            }
            Value::Array(items) if !is_known(value) => {
                for (index, inside) in items.iter().enumerate() {
                    self.visit(inside, &Trail::Item(here, index), is_known);
                }
            }
            _ => {}
        }
    }

    fn get(&self, value: &Value) -> String {
        let pointer = self.found.get(&std::ptr::from_ref(value));
        let pointer = pointer.and_then(Option::as_ref);
        pointer.unwrap_or(&Pointer::root()).to_string()
    }
}
