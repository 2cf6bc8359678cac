//! Media types as HTTP reads them: case and the order of parameters do not count.

use std::collections::BTreeMap;
use std::fmt;

/// A media type in its normal form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct MediaType {
    kind: String,
    subtype: String,
    parameters: BTreeMap<String, String>,
}

/// How one media type relates to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Same,
    /// Only their parameters differ.
    OtherParameters,
    /// The second includes the first.
    Wider,
    /// The first includes the second.
    Narrower,
    None,
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.subtype)?;
        let mut parameters = self.parameters.iter();
        parameters.try_for_each(|(key, value)| write!(f, ";{key}={value:?}"))
    }
}

impl MediaType {
    pub fn read(text: &str) -> Self {
        let mut parts = text.split(';');
        let name = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let (kind, subtype) = name.split_once('/').unwrap_or((&name, ""));
        let parameters = parts.filter_map(|it| {
            let (key, value) = it.split_once('=')?;
            let key = key.trim().to_ascii_lowercase();
            let value = value.trim().trim_matches('"');
            let value = match key.as_str() {
                "charset" => value.to_ascii_lowercase(),
                _ => value.to_owned(),
            };
            Some((key, value))
        });
        let mut media_type = MediaType {
            kind: kind.to_owned(),
            subtype: subtype.to_owned(),
            parameters: parameters.collect(),
        };
        // JSON is always UTF-8.
        if media_type.is_json()
            && media_type
                .parameters
                .get("charset")
                .is_some_and(|it| it == "utf-8")
        {
            media_type.parameters.remove("charset");
        }
        media_type
    }

    pub fn is_json(&self) -> bool {
        self.subtype == "json" || self.subtype.ends_with("+json")
    }

    /// Whether it stands for several.
    pub fn is_range(&self) -> bool {
        self.kind == "*" || self.subtype == "*"
    }

    pub fn is_multipart(&self) -> bool {
        self.kind == "multipart"
    }

    /// Whether it is a form whose values are written by `style`.
    pub fn is_form(&self) -> bool {
        self.kind == "application" && self.subtype == "x-www-form-urlencoded"
            || self.is_multipart() && self.subtype == "form-data"
    }

    /// Whether the other one takes in all that this one says.
    pub fn is_within(&self, other: &Self) -> bool {
        matches!(self.relation(other), Relation::Same | Relation::Wider)
    }

    /// Whether all values are text, whatever their type.
    pub fn is_text(&self) -> bool {
        self.kind == "text"
            || self.kind == "application" && self.subtype == "x-www-form-urlencoded"
            || self.kind == "multipart"
    }

    /// From this one to another.
    pub fn relation(&self, other: &Self) -> Relation {
        let same_name = self.kind == other.kind && self.subtype == other.subtype;
        match same_name {
            true if self.parameters == other.parameters => Relation::Same,
            true => Relation::OtherParameters,
            false if other.includes(self) => Relation::Wider,
            false if self.includes(other) => Relation::Narrower,
            false => Relation::None,
        }
    }

    fn includes(&self, other: &Self) -> bool {
        let any = |it: &str| it == "*";
        let suffix = format!("+{}", self.subtype);
        any(&self.kind)
            || self.kind == other.kind && (any(&self.subtype) || other.subtype.ends_with(&suffix))
    }
}
