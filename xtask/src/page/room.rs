//! Bounds what the values of a page take in memory: a short text can stand for many small values, each of
//! which takes many times what it is written with.

use std::cell::Cell;
use std::mem::size_of;

use serde_json::Value;

/// What the values of a page may take, however short it is, in bytes.
const BASE: usize = 24 << 20;

/// What they may take more for each byte of the page.
const TIMES: usize = 7;

/// The same for each byte of a document.
const TIMES_OF_DOCUMENT: usize = 100;

/// What an object takes that has a member, roughly.
const OBJECT: usize = 300;

/// Why there is no more of it.
pub(super) const FULL: &str = "more small values than a page may have";

/// The memory that is left for the values of a page.
pub(super) struct Room {
    left: Cell<usize>,
}

impl Room {
    /// For the values of a text.
    pub fn of(text: &str) -> Self {
        let left = Cell::new(text.len().saturating_mul(TIMES).saturating_add(BASE));
        Self { left }
    }

    /// For the values of a document, which has more small ones than a page.
    pub fn of_document(text: &str) -> Self {
        let left = Cell::new(
            text.len()
                .saturating_mul(TIMES_OF_DOCUMENT)
                .saturating_add(BASE),
        );
        Self { left }
    }

    /// For values of any size.
    pub fn endless() -> Self {
        let left = Cell::new(usize::MAX);
        Self { left }
    }

    /// Takes so many bytes; false if they are not there.
    #[must_use]
    pub fn take(&self, bytes: usize) -> bool {
        let left = self.left.get().checked_sub(bytes);
        self.left.set(left.unwrap_or(0));
        left.is_some()
    }
}

/// What a value takes, roughly, without the values in it.
pub(super) fn of_one(value: &Value) -> usize {
    let more = match value {
        Value::String(text) => text.len(),
        Value::Object(members) if !members.is_empty() => {
            OBJECT + members.keys().map(String::len).sum::<usize>()
        }
        _ => 0,
    };
    size_of::<Value>() + more
}
