//! The parts of an assembled document that tests of decisions are about.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;

use crate::facade::OPERATIONS;
use crate::finding::Direction;
use crate::page::is_method;

const READ: &str = "POST /bill/read";
const CANCEL: &str = "POST /bill/cancel";

/// The properties of an operation's request or response by their paths, such as `data/apprDt`.
type Properties<'a> = BTreeMap<String, &'a Value>;

/// What one document says of the operations.
pub(super) struct Surface<'a> {
    /// All of them, such as `POST /bill/read`.
    pub operations: BTreeSet<String>,
    /// The descriptions of the operations that the library serves.
    descriptions: BTreeMap<&'static str, &'a str>,
    /// Their properties.
    served: BTreeMap<(&'static str, Direction), Properties<'a>>,
}

impl<'a> Surface<'a> {
    pub fn of(document: &'a Value) -> Self {
        let mut surface = Surface {
            operations: operations(document),
            descriptions: BTreeMap::new(),
            served: BTreeMap::new(),
        };
        for served in OPERATIONS {
            let name = served.operation;
            let Some(operation) = operation(document, name) else {
                continue;
            };
            if let Some(description) = operation["description"].as_str() {
                surface.descriptions.insert(name, description);
            }
            let bodies = [
                (Direction::Request, request(document, operation)),
                (Direction::Response, response(document, operation)),
            ];
            for (direction, body) in bodies {
                let mut walk = Walk::new(document);
                if let Some(schema) = body.and_then(schema) {
                    walk.visit(schema, "");
                }
                surface.served.insert((name, direction), walk.found);
            }
        }
        surface
    }

    fn property(
        &self,
        operation: &'static str,
        direction: Direction,
        path: &str,
    ) -> Option<&'a Value> {
        self.served.get(&(operation, direction))?.get(path).copied()
    }

    /// Every property of every operation that the library serves.
    pub fn properties(&self) -> BTreeSet<(&'static str, Direction, &str)> {
        let served = self.served.iter();
        served
            .flat_map(|((operation, direction), properties)| {
                let paths = properties.keys();
                paths.map(|path| (*operation, *direction, path.as_str()))
            })
            .collect()
    }

    /// What the responses to a read and to a cancellation tell, by name.
    pub fn getters(&self) -> BTreeSet<(&'static str, &str)> {
        let properties = self.properties().into_iter();
        properties
            .filter(|(operation, direction, _)| {
                [READ, CANCEL].contains(operation) && *direction == Direction::Response
            })
            .filter_map(|(operation, _, path)| Some((operation, path.strip_prefix("data/")?)))
            .filter(|(_, name)| !name.contains('/'))
            .collect()
    }

    /// How short and how long the texts may be that a read and a cancellation send.
    pub fn limits(&self) -> Vec<[Option<&Value>; 2]> {
        const TEXTS: [&str; 5] = [
            "apiKey",
            "member",
            "merchant",
            "bill/billId",
            "bill/cancelReason",
        ];
        let of = |operation, path| {
            let property = self.property(operation, Direction::Request, path);
            ["minLength", "maxLength"]
                .map(|limit| property.and_then(|property| property.get(limit)))
        };
        let texts = TEXTS.into_iter();
        texts
            .flat_map(|path| [of(READ, path), of(CANCEL, path)])
            .collect()
    }

    fn description(&self, operation: &'static str, path: &str) -> Option<&'a str> {
        let property = self.property(operation, Direction::Response, path)?;
        property["description"].as_str()
    }

    /// The letters of the states, as the operation and as the property tell them, and the moves.
    pub fn states(&self) -> [Option<BTreeSet<String>>; 3] {
        let operation = self.descriptions.get(READ).copied();
        let property = self.description(READ, "data/apprState");
        let states =
            operation.and_then(|prose| prose.lines().find(|line| line.contains("appr_state")));
        [
            states.map(|states| letters(states, '(').into_iter().collect()),
            property.map(|prose| letters(prose, ':').into_iter().collect()),
            operation.map(moves),
        ]
    }

    /// The forms of dates, in the brackets of their descriptions.
    pub fn date_forms(&self) -> [Option<&'a str>; 2] {
        let form = |prose: &'a str| Some(prose.split_once('(')?.1.split_once(')')?.0);
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

fn operation<'a>(document: &'a Value, name: &str) -> Option<&'a Value> {
    let (method, path) = name.split_once(' ')?;
    document["paths"][path].get(method.to_ascii_lowercase())
}

/// What a reference within the document leads to, or the value itself.
fn followed<'a>(document: &'a Value, value: &'a Value) -> Option<&'a Value> {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(reference.strip_prefix('#')?),
        None => Some(value),
    }
}

fn request<'a>(document: &'a Value, operation: &'a Value) -> Option<&'a Value> {
    followed(document, operation.get("requestBody")?)
}

/// The response of success: the first of the codes that begin with 2, or that of all codes.
fn response<'a>(document: &'a Value, operation: &'a Value) -> Option<&'a Value> {
    let responses = operation["responses"].as_object()?;
    let mut success: Vec<&String> = responses
        .keys()
        .filter(|code| code.starts_with('2'))
        .collect();
    success.sort_unstable();
    let successes = success.into_iter().filter_map(|code| responses.get(code));
    let mut candidates = successes.chain(responses.get("default"));
    candidates.find_map(|response| {
        let response = followed(document, response)?;
        schema(response).map(|_| response)
    })
}

/// The schema of the body's JSON.
fn schema(body: &Value) -> Option<&Value> {
    let content = body["content"].as_object()?;
    let is_json = |kind: &str| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind == "application/json" || kind.ends_with("+json") || kind.starts_with("*/*")
    };
    let mut kinds: Vec<&String> = content.keys().filter(|kind| is_json(kind)).collect();
    kinds.sort_by_key(|kind| (kind.as_str() != "application/json", kind.as_str()));
    kinds
        .into_iter()
        .find_map(|kind| content[kind].get("schema"))
}

/// The most properties that are looked at. Lowering refuses a document long before.
const MOST: usize = 20_000;

/// A walk through a schema, which may hold itself.
struct Walk<'a> {
    document: &'a Value,
    /// What is being visited, and what was visited for the same path.
    open: Vec<&'a Value>,
    seen: HashSet<(*const Value, String)>,
    found: Properties<'a>,
}

impl<'a> Walk<'a> {
    fn new(document: &'a Value) -> Self {
        Walk {
            document,
            open: Vec::new(),
            seen: HashSet::new(),
            found: BTreeMap::new(),
        }
    }

    fn visit(&mut self, schema: &'a Value, path: &str) {
        let Some(schema) = followed(self.document, schema) else {
            return;
        };
        let is_open = self.open.iter().any(|open| std::ptr::eq(*open, schema));
        let place = (std::ptr::from_ref(schema), path.to_owned());
        if is_open || self.found.len() >= MOST || !self.seen.insert(place) {
            return;
        }
        self.open.push(schema);
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            self.enter(property, &below(path, name));
        }
        for kind in ["allOf", "anyOf", "oneOf"] {
            for part in schema[kind].as_array().into_iter().flatten() {
                self.visit(part, path);
            }
        }
        if let Some(items) = schema.get("items") {
            self.visit(items, &below(path, "items"));
        }
        self.open.pop();
    }

    /// A description beside a reference is that of the property.
    fn enter(&mut self, property: &'a Value, path: &str) {
        let told = match property.get("description") {
            Some(_) => Some(property),
            None => followed(self.document, property),
        };
        if let Some(told) = told {
            self.found.entry(path.to_owned()).or_insert(told);
        }
        self.visit(property, path);
    }
}

fn below(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        _ => format!("{path}/{name}"),
    }
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
            let states: Vec<String> = line
                .split("->")
                .flat_map(|state| letters(state, '('))
                .collect();
            states
                .windows(2)
                .map(<[String]>::concat)
                .collect::<Vec<_>>()
        })
        .collect()
}
