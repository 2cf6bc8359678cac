//! Reads YAML as the JSON that it stands for: no key twice, nothing deeper than JSON may be, and a
//! limit on what anchors multiply.

use std::collections::{HashMap, HashSet};
use std::fmt;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};
use serde_json::{Map, Number, Value};

use super::room::{self, Room};
use openapi_compare::exact::{self, is_rounded};
use openapi_compare::pointer;

/// As deep as serde_json reads.
const DEEPEST: usize = 127;

/// Why a text can't be read as YAML.
#[derive(Debug)]
pub struct Error {
    /// From 1.
    pub line: usize,
    /// What is wrong there.
    pub reason: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

/// The only document of a text. A number that 64 bits would round stays a text, so that no digit is lost.
///
/// # Errors
///
/// If the text is not YAML, holds no document or several, or stands for many times more than it says.
pub fn document(text: &str) -> Result<Value, Error> {
    let mut documents = read(text, &Room::of_document(text), true)?;
    match (documents.pop(), documents.is_empty()) {
        (Some(document), true) => Ok(document),
        (document, _) => {
            let found = document.map_or("none", |_| "several");
            Err(Error {
                line: 1,
                reason: format!("one document was expected, found {found}"),
            })
        }
    }
}

/// All documents of a text.
pub(super) fn documents(text: &str, room: &Room) -> Result<Vec<Value>, Error> {
    read(text, room, false)
}

fn read(text: &str, room: &Room, keeps_digits: bool) -> Result<Vec<Value>, Error> {
    let mut reader = Reader {
        anchors: HashMap::new(),
        room,
        keeps_digits,
        open: Vec::new(),
        done: Vec::new(),
    };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let mark = error.marker();
            Error {
                line: mark.line(),
                reason: error.info().to_owned(),
            }
        })?;
        reader.event(event, span)?;
    }
    Ok(reader.done)
}

struct Reader<'a> {
    /// The values that aliases stand for, and what each takes.
    anchors: HashMap<usize, (Value, usize)>,
    room: &'a Room,
    /// Whether a number that would be rounded stays a text.
    keeps_digits: bool,
    open: Vec<Open>,
    done: Vec<Value>,
}

struct Open {
    anchor: usize,
    size: usize,
    collection: Collection,
}

enum Collection {
    List(Vec<Value>),
    Object {
        members: Map<String, Value>,
        keys: HashSet<String>,
        key: Option<String>,
    },
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, at: Span) -> Result<(), Error> {
        match event {
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
            Event::Scalar(text, style, anchor, tag) => {
                if let Some(key) = self.key() {
                    return self.name(key, &text, anchor, at);
                }
                let value = scalar(&text, style, tag.as_deref(), at)?;
                let value = match value {
                    Value::Number(_) if self.keeps_digits && is_rounded(&text) => {
                        Value::from(exact::kept(&text))
                    }
                    Value::String(_) if self.keeps_digits => Value::from(&*exact::text(&text)),
                    other => other,
                };
                let size = room::of_one(&value);
                self.hold(size, at)?;
                self.value(value, size, anchor, at)
            }
            Event::Alias(anchor) => {
                if self.key().is_some() {
                    return Err(error(at, "a key that is an alias".to_owned()));
                }
                let Some((value, size)) = self.anchors.get(&anchor).cloned() else {
                    return Err(error(at, "an alias within its own anchor".to_owned()));
                };
                self.hold(size, at)?;
                self.value(value, size, 0, at)
            }
            Event::SequenceStart(anchor, _) => {
                self.opened(anchor, Collection::List(Vec::new()), at)
            }
            Event::MappingStart(anchor, _) => {
                let members = Map::new();
                let (keys, key) = (HashSet::new(), None);
                self.opened(anchor, Collection::Object { members, keys, key }, at)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else {
                    return Ok(());
                };
                let value = match open.collection {
                    Collection::List(items) => Value::Array(items),
                    Collection::Object { members, .. } => Value::Object(members),
                };
                let own = room::of_one(&value);
                self.hold(own, at)?;
                self.value(value, open.size + own, open.anchor, at)
            }
        }
    }

    /// Whether the next scalar is a key.
    fn key(&self) -> Option<()> {
        match &self.open.last()?.collection {
            Collection::Object { key: None, .. } => Some(()),
            _ => None,
        }
    }

    fn name(&mut self, (): (), text: &str, anchor: usize, at: Span) -> Result<(), Error> {
        if text == "<<" {
            return Err(error(
                at,
                "a merge key `<<`, which YAML 1.2 does not have".to_owned(),
            ));
        }
        if anchor != 0 {
            let value = Value::from(text);
            let size = room::of_one(&value);
            self.hold(size, at)?;
            self.anchors.insert(anchor, (value, size));
        }
        if let Some(Open {
            collection: Collection::Object { keys, key, .. },
            ..
        }) = self.open.last_mut()
        {
            if !keys.insert(text.to_owned()) {
                let name = pointer::shown(text);
                return Err(error(at, format!("duplicate key `{name}` in one object")));
            }
            *key = Some(text.to_owned());
        }
        Ok(())
    }

    fn hold(&self, size: usize, at: Span) -> Result<(), Error> {
        match self.room.take(size) {
            true => Ok(()),
            false => Err(error(at, room::FULL.to_owned())),
        }
    }

    fn opened(&mut self, anchor: usize, collection: Collection, at: Span) -> Result<(), Error> {
        if self.key().is_some() {
            return Err(error(at, "a key that is no text".to_owned()));
        }
        if self.open.len() == DEEPEST {
            return Err(error(at, "recursion limit exceeded".to_owned()));
        }
        self.open.push(Open {
            anchor,
            size: 0,
            collection,
        });
        Ok(())
    }

    fn value(&mut self, value: Value, size: usize, anchor: usize, at: Span) -> Result<(), Error> {
        if anchor != 0 {
            self.hold(size, at)?;
            self.anchors.insert(anchor, (value.clone(), size));
        }
        let Some(open) = self.open.last_mut() else {
            self.done.push(value);
            return Ok(());
        };
        open.size += size;
        match &mut open.collection {
            Collection::List(items) => items.push(value),
            Collection::Object { members, key, .. } => {
                members.insert(key.take().unwrap_or_default(), value);
            }
        }
        Ok(())
    }
}

fn error(at: Span, reason: String) -> Error {
    Error {
        line: at.start.line(),
        reason,
    }
}

/// A scalar by the core schema of YAML 1.2.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>, at: Span) -> Result<Value, Error> {
    if let Some(tag) = tag {
        return match tag.suffix.as_str() {
            "str" | "!" | "" => Ok(Value::from(text)),
            "int" | "float" | "bool" | "null" => Ok(plain(text)),
            _ => Err(error(at, "a tag that JSON has no value for".to_owned())),
        };
    }
    Ok(match style {
        ScalarStyle::Plain => plain(text),
        _ => Value::from(text),
    })
}

fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    number(text).map_or_else(|| Value::from(text), Value::Number)
}

fn number(text: &str) -> Option<Number> {
    if let Some(digits) = text.strip_prefix("0x") {
        return u64::from_str_radix(digits, 16).ok().map(Number::from);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return u64::from_str_radix(digits, 8).ok().map(Number::from);
    }
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '-' | '+');
    if !text.chars().all(is_number) || !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let text = text.strip_prefix('+').unwrap_or(text);
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    if let Ok(whole) = text.parse::<u64>() {
        return Some(whole.into());
    }
    Number::from_f64(text.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn yaml_is_the_json_that_it_stands_for() {
        let text = "openapi: 3.1.0\nv: '1.0'\nn: 1.5\nh: 0x10\nno: no\nempty:\nl: [a, {b: -1}]\n200: |\n  글\n  둘\n";
        assert_eq!(
            documents(text, &Room::of(text)).unwrap(),
            [
                json!({"openapi": "3.1.0", "v": "1.0", "n": 1.5, "h": 16, "no": "no", "empty": null,
                "l": ["a", {"b": -1}], "200": "글\n둘\n"})
            ]
        );
    }

    #[test]
    fn what_json_cannot_say_is_refused_with_its_line() {
        for (text, line, reason) in [
            ("a: 1\na: 2\n", 2, "duplicate key `a`"),
            ("a: &x {b: 1}\nc:\n  <<: *x\n", 3, "merge key"),
            ("a: 1\n? [b]\n: c\n", 2, "no text"),
            ("a: !!binary aGk=\n", 1, "tag"),
            ("a: [\n", 2, ""),
        ] {
            let error = documents(text, &Room::of(text)).unwrap_err();
            assert_eq!(error.line, line, "{text}: {error}");
            assert!(error.reason.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn aliases_are_followed_and_may_not_multiply() {
        let one = documents("a: &x [1]\nb: *x\n", &Room::endless()).unwrap();
        assert_eq!(one, [json!({"a": [1], "b": [1]})]);
        let mut bomb = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1]\n".to_owned();
        for level in 1..20 {
            let alias = format!("*a{}", level - 1);
            bomb += &format!("a{level}: &a{level} [{}]\n", [alias.as_str(); 8].join(", "));
        }
        assert!(
            documents(&bomb, &Room::of(&bomb))
                .unwrap_err()
                .reason
                .contains("small values")
        );
    }
}
