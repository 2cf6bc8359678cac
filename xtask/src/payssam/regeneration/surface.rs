//! The parts of an assembled document that the tests of decisions check.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::openapi::spec::is_method;
use crate::openapi::spec::{self, Part};
use crate::payssam::facade::{OPERATIONS, ROWS};
use openapi_compare::finding::Direction::{self, Request, Response};
use openapi_compare::pointer::Pointer;

const READ: &str = "POST /bill/read";
const CANCEL: &str = "POST /bill/cancel";

/// How many properties of a body are looked at. Lowering refuses a document long before.
const MOST: usize = 20_000;

/// The keywords that limit values.
const LIMITS: [&str; 10] = [
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "enum",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
];

/// A property of a request or a response: its operation, and its names joined by `/`.
type Place = (&'static str, Direction, String);

/// What one document says about the operations that the library serves.
pub(super) struct Surface<'a> {
    operations: BTreeMap<&'static str, Part<'a>>,
    properties: BTreeMap<Place, Part<'a>>,
}

impl<'a> Surface<'a> {
    pub fn of(document: &'a Value) -> Self {
        let mut surface = Surface {
            operations: BTreeMap::new(),
            properties: BTreeMap::new(),
        };
        for served in OPERATIONS {
            let name = served.operation;
            let Some(operation) = spec::operation(document, name) else {
                continue;
            };
            let bodies = [
                (Request, spec::request(&operation)),
                (Response, spec::response(&operation)),
            ];
            for (direction, schema) in bodies {
                let mut found = BTreeMap::new();
                if let Some(schema) = schema {
                    collect(&schema, "", &mut Vec::new(), &mut found);
                }
                let found = found.into_iter();
                let placed = found.map(|(path, part)| ((name, direction, path), part));
                surface.properties.extend(placed);
            }
            surface.operations.insert(name, operation);
        }
        surface
    }

    /// Every property of every operation that the library serves.
    pub fn properties(&self) -> BTreeSet<&Place> {
        self.properties.keys().collect()
    }

    /// The properties in the responses to a read and to a cancellation, by name.
    pub fn getters(&self) -> BTreeSet<(&'static str, &str)> {
        let of_both = |(operation, direction, _): &&Place| {
            [READ, CANCEL].contains(operation) && *direction == Response
        };
        let properties = self.properties.keys().filter(of_both);
        properties
            .filter_map(|(operation, _, path)| Some((*operation, path.strip_prefix("data/")?)))
            .filter(|(_, name)| !name.contains('/'))
            .collect()
    }

    /// Whether a property of a request that both documents have has other limits.
    pub fn has_other_limits(&self, other: &Surface<'_>) -> bool {
        let limits = |part: &Part<'_>| LIMITS.map(|limit| said(part, limit).cloned());
        self.differs(other, |place, one, another| {
            place.1 == Request && limits(one) != limits(another)
        })
    }

    /// Whether a property that both documents have has another type.
    pub fn has_other_types(&self, other: &Surface<'_>) -> bool {
        self.differs(other, |_, one, another| kind(one) != kind(another))
    }

    fn differs(
        &self,
        other: &Surface<'_>,
        is_other: impl Fn(&Place, &Part<'_>, &Part<'_>) -> bool,
    ) -> bool {
        let both = self.properties.iter();
        let mut both =
            both.filter_map(|(place, part)| Some((place, part, other.properties.get(place)?)));
        both.any(|(place, one, another)| is_other(place, one, another))
    }

    /// The operations whose requests the library can make as they are described.
    pub fn requests(&self) -> BTreeSet<&'static str> {
        let operations = self.operations.iter();
        operations
            .filter(|(name, operation)| {
                let request = spec::request(operation);
                request.is_some_and(|schema| makes(&schema, &Given::of(name)))
            })
            .map(|(name, _)| *name)
            .collect()
    }

    fn description(&self, operation: &'static str, path: &str) -> Option<&'a str> {
        let place = (operation, Response, path.to_owned());
        spec::description(self.properties.get(&place)?)?
            .value
            .as_str()
    }

    /// The operation that reads a bill.
    fn read(&self) -> Option<&'a str> {
        self.operations
            .get(READ)?
            .child("description")?
            .value
            .as_str()
    }

    /// The letters of the states, in the descriptions of the operation and of the property.
    pub fn states(&self) -> [Option<BTreeSet<String>>; 2] {
        let line = |prose: &'a str| prose.lines().find(|line| line.contains("appr_state"));
        let property = self.description(READ, "data/apprState");
        [(self.read().and_then(line), '('), (property, ':')]
            .map(|(prose, mark)| prose.map(|prose| letters(prose, mark).into_iter().collect()))
    }

    /// The moves between states, each as two letters.
    pub fn moves(&self) -> Option<BTreeSet<String>> {
        self.read().map(moves)
    }

    /// The forms of dates, in the brackets of their descriptions.
    pub fn date_forms(&self) -> [Option<&'a str>; 2] {
        let form = |prose: &'a str| Some(prose.split_once('(')?.1);
        [(READ, "data/apprDt"), (CANCEL, "data/apprCancelDt")]
            .map(|(operation, path)| self.description(operation, path).and_then(form))
    }
}

/// All operations of a document, such as `POST /bill/read`.
pub(super) fn operations(document: &Value) -> BTreeSet<String> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            let keys = item.as_object().into_iter().flat_map(|item| item.keys());
            let methods = keys.filter(|key| is_method(key));
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect()
}

/// The properties of a schema by their paths. A class that contains itself is not entered again.
fn collect<'a>(
    schema: &Part<'a>,
    under: &str,
    open: &mut Vec<Pointer>,
    found: &mut BTreeMap<String, Part<'a>>,
) {
    for schema in spec::meanings(schema.clone()) {
        if open.contains(&schema.at) || found.len() >= MOST {
            continue;
        }
        open.push(schema.at.clone());
        for (name, property) in schema.child("properties").iter().flat_map(Part::children) {
            let path = below(under, name);
            collect(&property, &path, open, found);
            found.entry(path).or_insert(property);
        }
        if let Some(items) = schema.child("items") {
            collect(&items, &below(under, "items"), open, found);
        }
        open.pop();
    }
}

fn below(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        _ => format!("{path}/{name}"),
    }
}

/// The value of a keyword, in the schema or in what it is composed of.
fn said<'a>(schema: &Part<'a>, keyword: &str) -> Option<&'a Value> {
    let meanings = spec::meanings(schema.clone()).into_iter();
    let mut meanings = meanings.filter(|schema| schema.value["type"] != "null");
    meanings.find_map(|schema| Some(schema.child(keyword)?.value))
}

/// The type of a schema, without null.
fn kind(schema: &Part<'_>) -> String {
    match said(schema, "type") {
        Some(Value::String(name)) => name.clone(),
        Some(Value::Array(names)) => {
            let names = names.iter().filter_map(Value::as_str);
            let names: Vec<&str> = names.filter(|name| *name != "null").collect();
            names.join(" or ")
        }
        _ if said(schema, "properties").is_some() => "object".to_owned(),
        _ => "any".to_owned(),
    }
}

/// What the library sends: texts, and objects of them.
struct Given {
    fields: BTreeMap<&'static str, Given>,
}

impl Given {
    /// The request of an operation, by the rows of the facade.
    fn of(operation: &str) -> Self {
        let mut request = Given {
            fields: BTreeMap::new(),
        };
        let rows = ROWS.iter().filter(|row| row.operation == operation);
        for row in rows.filter(|row| row.direction == Request) {
            let mut here = &mut request;
            for name in row.path.split('/') {
                here = here.fields.entry(name).or_insert_with(|| Given {
                    fields: BTreeMap::new(),
                });
            }
        }
        request
    }
}

/// Whether the given properties are all that a schema requires and no more, with types that a
/// text can be written as.
fn makes(schema: &Part<'_>, given: &Given) -> bool {
    let alternatives = alternatives(schema);
    if !alternatives.is_empty() {
        return alternatives.iter().any(|one| makes(one, given));
    }
    let kind = kind(schema);
    if given.fields.is_empty() {
        return !["object", "array"].contains(&kind.as_str()) && schema.value != false;
    }
    let meanings = spec::meanings(schema.clone());
    let property = |name: &str| {
        let mut properties = meanings
            .iter()
            .filter_map(|schema| schema.child("properties"));
        properties.find_map(|properties| properties.child(name))
    };
    let has_properties = meanings
        .iter()
        .any(|schema| schema.child("properties").is_some());
    let mut required = meanings.iter().flat_map(|schema| schema.child("required"));
    let is_given = |required: &Part<'_>| {
        let mut names = required.items().filter_map(|name| name.value.as_str());
        names.all(|name| {
            let is_read_only =
                property(name).is_some_and(|it| said(&it, "readOnly") == Some(&true.into()));
            is_read_only || given.fields.contains_key(name)
        })
    };
    let mut fields = given.fields.iter();
    ["object", "any"].contains(&kind.as_str())
        && required.all(|required| is_given(&required))
        && fields.all(|(name, given)| match property(name) {
            Some(property) => makes(&property, given),
            None => kind == "any" || !has_properties,
        })
}

/// The alternatives of a schema, without null.
fn alternatives<'a>(schema: &Part<'a>) -> Vec<Part<'a>> {
    let Some(schema) = schema.clone().followed() else {
        return Vec::new();
    };
    let choices = ["oneOf", "anyOf"].into_iter();
    let choices = choices.filter_map(|keyword| schema.child(keyword));
    let alternatives = choices.flat_map(|choice| choice.items());
    alternatives
        .filter(|one| one.value["type"] != "null")
        .collect()
}

/// The letters before a mark: `F(결제완료), W(미결제)` or `F:승인, W:대기`.
fn letters(prose: &str, mark: char) -> Vec<String> {
    let marks = prose.match_indices(mark);
    marks
        .filter_map(|(place, _)| prose[..place].chars().next_back())
        .filter(char::is_ascii_uppercase)
        .map(String::from)
        .collect()
}

/// Pairs of letters with an arrow between them, such as `WF`.
fn moves(prose: &str) -> BTreeSet<String> {
    let lines = prose.lines().filter(|line| line.contains("->"));
    lines
        .flat_map(|line| {
            let states = line.split("->").flat_map(|state| letters(state, '('));
            let states: Vec<String> = states.collect();
            let moves = states.windows(2).map(<[String]>::concat);
            moves.collect::<Vec<_>>()
        })
        .collect()
}
