//! Text from outside: of a page, a header, a file name, an argument. It can't be shown as it is, because it
//! implements no `Display`: whoever shows it has to say where, and gets it escaped for that place.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::invisible::is_invisible;

/// Text that somebody else wrote.
///
/// ```
/// use xtask::report::Outside;
///
/// assert_eq!(Outside::of("a\u{1b}[31m").in_line().to_string(), r"a\u{1b}[31m");
/// ```
///
/// It is not shown without being escaped:
///
/// ```compile_fail,E0277
/// use xtask::report::Outside;
///
/// println!("{}", Outside::of("a"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Outside<'a>(Cow<'a, str>);

/// Text that is escaped for one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escaped(String);

/// Text or a value for a JSON document, which only [`json`] writes.
#[derive(Clone, Copy)]
pub(super) enum InJson<'a> {
    Text(&'a str),
    Value(&'a Value),
}

impl Serialize for InJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            InJson::Text(text) => text.serialize(serializer),
            InJson::Value(value) => value.serialize(serializer),
        }
    }
}

/// A JSON document. It reads as the same values, and is written without characters that nobody sees and
/// without workflow commands, which are only in its strings.
pub(super) fn json(document: &impl Serialize) -> Escaped {
    let json = serde_json::to_string_pretty(document)
        .expect("a report has only text keys and serialisable values");
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if character != '\n' && is_invisible(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                escaped += &format!("\\u{unit:04x}");
            }
        } else {
            escaped.push(character);
        }
    }
    Escaped(escaped.replace("##[", "#\\u0023["))
}

impl fmt::Display for Escaped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Outside<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.in_line())
    }
}

impl<'a> Outside<'a> {
    /// Any text.
    pub fn of(text: impl Into<Cow<'a, str>>) -> Self {
        Self(text.into())
    }

    /// The same text behind another.
    pub(super) fn behind(&self, text: &str) -> Outside<'static> {
        Outside::of(format!("{text}{}", self.0))
    }

    /// In a JSON document.
    pub(super) fn in_json(&self) -> InJson<'_> {
        InJson::Text(&self.0)
    }

    /// In a line of a terminal or a log: without control characters, line ends and invisible characters,
    /// and without `##[`, which GitHub takes for the beginning of a workflow command wherever it is.
    pub fn in_line(&self) -> Escaped {
        let mut shown = String::with_capacity(self.0.len());
        for character in self.0.chars() {
            match is_invisible(character) {
                true => shown.extend(character.escape_default()),
                false => shown.push(character),
            }
        }
        Escaped(shown.replace("##[", "#\\u{23}["))
    }

    /// At the beginning of a line, where GitHub takes `::` for a command even behind blanks.
    pub fn begins_like_a_command(&self) -> bool {
        self.0.trim_start().starts_with("::")
    }

    /// Its first characters, so many.
    pub(super) fn cut(&self, most: usize) -> Self {
        Self(self.0.chars().take(most).collect())
    }

    /// In Markdown, as words.
    pub(super) fn in_markdown(&self) -> Escaped {
        let words = self.without_markup();
        let words = words.replace("&#64;", "&#64;&#8203;");
        Escaped(words.replace("&#35;", "&#35;&#8203;"))
    }

    /// In Markdown, as code. The HTML element, because a code span cannot hold every backtick and pipe.
    pub(super) fn as_code(&self) -> Escaped {
        Escaped(format!("<code>{}</code>", self.without_markup()))
    }

    /// In Markdown, with its parts between backticks as code.
    pub(super) fn in_markdown_with_code(&self) -> Escaped {
        let parts: Vec<&str> = self.0.split('`').collect();
        if parts.len().is_multiple_of(2) {
            return self.in_markdown();
        }
        let parts = parts.into_iter().map(Outside::of).enumerate();
        let parts = parts.map(|(place, part)| match place % 2 {
            1 => part.as_code().0,
            _ => part.in_markdown().0,
        });
        Escaped(parts.collect())
    }

    fn without_markup(&self) -> String {
        let Escaped(visible) = self.in_line();
        let mut safe = String::with_capacity(visible.len());
        for character in visible.chars() {
            match is_markup(character) {
                true => safe += &format!("&#{};", u32::from(character)),
                false => safe.push(character),
            }
        }
        // GitHub makes links of bare addresses.
        safe.replace("://", "&#58;//").replace("www.", "www&#46;")
    }

    /// As the text after the second `::` of a workflow command. The runner decodes `%0A` and shows what follows on a
    /// line of its own, so line ends are escaped before that.
    pub(super) fn as_data(&self) -> Escaped {
        let Escaped(line) = self.in_line();
        Escaped(line.replace('%', "%25"))
    }

    /// As the value of `file` or `title` in a workflow command.
    pub(super) fn as_property(&self) -> Escaped {
        let Escaped(data) = self.as_data();
        Escaped(data.replace(':', "%3A").replace(',', "%2C"))
    }
}

fn is_markup(character: char) -> bool {
    matches!(
        character,
        '&' | '<' | '>' | '[' | ']' | '`' | '*' | '_' | '~' | '|' | '\\' | '!' | '@' | '#' | '$'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visible(text: &str) -> String {
        Outside::of(text).in_line().to_string()
    }

    #[test]
    fn invisible_characters_are_escaped() {
        assert_eq!(
            visible("a\u{1b}[31m\nb\u{202e}c\u{feff}결제"),
            "a\\u{1b}[31m\\nb\\u{202e}c\\u{feff}결제"
        );
    }

    #[test]
    fn an_old_workflow_command_is_broken_up() {
        assert_eq!(visible("a ###[error]b"), "a ##\\u{23}[error]b");
        assert_eq!(visible("# [a](#b)"), "# [a](#b)");
    }
}
