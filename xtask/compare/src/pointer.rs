//! JSON pointers (RFC 6901): the places in messages about documents.

use std::fmt;

use serde_json::Value;

/// A place in a JSON document.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// The member `key` of the object that `self` points at, or the item of
    /// an array if `key` is an index.
    pub fn child(&self, key: impl fmt::Display) -> Self {
        let key = key.to_string().replace('~', "~0").replace('/', "~1");
        Self(format!("{}/{key}", self.0))
    }

    /// The place that an RFC 6901 text names.
    pub fn parse(text: &str) -> Option<Self> {
        (text.is_empty() || text.starts_with('/')).then(|| Self(text.to_owned()))
    }

    /// This place and all around it, from the inside out. The root's text is empty.
    pub fn ancestors(&self) -> impl Iterator<Item = &str> {
        let mut next = Some(self.0.as_str());
        std::iter::from_fn(move || {
            let here = next?;
            next = here.rsplit_once('/').map(|(around, _)| around);
            Some(here)
        })
    }

    /// The text for a message. Control characters are escaped, so that a key can't end the line.
    pub fn shown(&self) -> String {
        shown(&self.to_string())
    }

    /// The value at this place of `document`, if there is one.
    pub fn find_in<'a>(&self, document: &'a Value) -> Option<&'a Value> {
        document.pointer(&self.0)
    }

    /// The same, to change it.
    pub fn find_mut<'a>(&self, document: &'a mut Value) -> Option<&'a mut Value> {
        document.pointer_mut(&self.0)
    }
}

/// The way to a value, from the inside out. Few values need a pointer, so only those get one.
pub(crate) enum Trail<'a> {
    Root,
    Member(&'a Trail<'a>, &'a str),
    Item(&'a Trail<'a>, usize),
}

impl Trail<'_> {
    pub fn pointer(&self) -> Pointer {
        let mut text = String::new();
        self.write(&mut text);
        Pointer(text)
    }

    fn write(&self, text: &mut String) {
        match self {
            Trail::Root => {}
            Trail::Member(around, key) => {
                around.write(text);
                text.push('/');
                match key.contains(['~', '/']) {
                    true => text.push_str(&key.replace('~', "~0").replace('/', "~1")),
                    false => text.push_str(key),
                }
            }
            Trail::Item(around, index) => {
                around.write(text);
                text.push('/');
                text.push_str(&index.to_string());
            }
        }
    }
}

/// The pointer's text. The root, which is empty in RFC 6901, is shown as `/`.
impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "/" } else { &self.0 })
    }
}

/// The text with its control characters escaped.
pub fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character.is_control() {
            true => shown.extend(character.escape_unicode()),
            false => shown.push(character),
        }
    }
    shown
}

/// A pointer in the fragment of a URI may spell any byte as `%` and two digits.
pub fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let digits = text.get(index + 1..index + 3);
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if bytes[index] == b'%' => {
                decoded.push(byte);
                index += 3;
            }
            _ => {
                decoded.push(bytes[index]);
                index += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_and_tildes_in_keys_are_escaped() {
        let pointer = Pointer::root().child("paths").child("/a~b").child(0);
        assert_eq!(pointer.to_string(), "/paths/~1a~0b/0");
    }

    #[test]
    fn a_key_cannot_end_the_line_of_a_message() {
        let pointer = Pointer::root().child("a\n::error::\u{1b}[2J가");
        assert_eq!(pointer.shown(), "/a\\u{a}::error::\\u{1b}[2J가");
    }

    #[test]
    fn ancestors_are_listed_from_the_inside_out() {
        let pointer = Pointer::root().child("a").child("b/c");
        assert_eq!(Vec::from_iter(pointer.ancestors()), ["/a/b~1c", "/a", ""]);
    }

    #[test]
    fn a_pointer_finds_the_value_that_it_was_built_for() {
        let document = serde_json::json!({"paths": {"/a~b": ["here"]}});
        let pointer = Pointer::root().child("paths").child("/a~b").child(0);
        assert_eq!(pointer.find_in(&document), Some(&"here".into()));
        assert_eq!(pointer.child("deeper").find_in(&document), None);
    }
}
