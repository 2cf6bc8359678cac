//! The keys of `responses` as HTTP reads them: a code, a range of codes, or the default.

use std::fmt;

/// One key, as it is matched.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Status {
    Code(String),
    /// The first digit of the codes.
    Range(char),
    Default,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Status::Code(code) => f.write_str(code),
            Status::Range(first) => write!(f, "{first}XX"),
            Status::Default => f.write_str("default"),
        }
    }
}

impl Status {
    pub fn read(key: &str) -> Self {
        let text = key.trim().to_ascii_uppercase();
        let mut characters = text.chars();
        match (text.as_str(), characters.next()) {
            ("DEFAULT", _) => Status::Default,
            (_, Some(first)) if characters.as_str() == "XX" => Status::Range(first),
            _ => Status::Code(text),
        }
    }

    pub fn is_success(&self) -> bool {
        match self {
            Status::Code(code) => code.starts_with('2'),
            Status::Range(first) => *first == '2',
            Status::Default => false,
        }
    }

    /// Whether a response with the other key is one with this key where the other is missing.
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Status::Default, Status::Code(_) | Status::Range(_)) => true,
            (Status::Range(first), Status::Code(code)) => code.starts_with(*first),
            _ => false,
        }
    }
}
