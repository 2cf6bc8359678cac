//! Names for operations and schemas, made only from method, path and place.
//!
//! Class names and operationIds of the pages are not part of the API and may change at any time.

/// The operations that need no word for their method.
const PLAIN_METHOD: &str = "post";

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Words with a meaning of their own, and suffixes of the names of operations. A word of a path
/// that begins like one of them gets the prefix [`LITERAL`].
const MEANING: [&str; 12] = [
    "dash",
    "underscore",
    "dot",
    "open",
    "close",
    "upper",
    "digit",
    "letter",
    "slash",
    LITERAL,
    "request",
    "response",
];

const LITERAL: &str = "literal";

/// The functions that every generated client has.
const OF_THE_CLIENT: [&str; 8] = [
    "new",
    "new_with_client",
    "client",
    "baseurl",
    "inner",
    "api_version",
    "exec",
    "pre",
];

/// The operationId of an operation, such as `bill_cancel` for `POST /bill/cancel`.
///
/// Two operations never have the same, whatever the path, as long as it has only characters that
/// a path may have here.
pub fn operation_id(method: &str, path: &str) -> String {
    words(method, path).join("_")
}

/// How the names of an operation's schemas begin, such as `BillCancel` for `POST /bill/cancel`;
/// as different as its [`operation_id`].
pub fn type_prefix(method: &str, path: &str) -> String {
    words(method, path)
        .iter()
        .map(|word| pascal(word))
        .collect()
}

/// What a path is spelled with.
///
/// A `/` between two lower-case letters or digits separates words and is not spelled. Everything
/// else is a word of its own, so that the words can be read back in one way only.
fn words(method: &str, path: &str) -> Vec<String> {
    let mut words = Words::default();
    if method != PLAIN_METHOD {
        words.all.push(method.to_owned());
    }
    let mut before = None;
    let mut characters = path.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '/' => {
                let after = characters.peek().copied();
                let separates = before.is_none_or(is_plain) && after.is_some_and(is_plain);
                words.end();
                if !separates {
                    words.spell("slash");
                }
            }
            '-' => words.spell("dash"),
            '_' => words.spell("underscore"),
            '.' => words.spell("dot"),
            '{' => words.spell("open"),
            '}' => words.spell("close"),
            upper if upper.is_ascii_uppercase() => {
                words.spell("upper");
                words.current.push(upper.to_ascii_lowercase());
                words.is_after_upper = true;
            }
            plain => words.current.push(plain),
        }
        before = Some(character);
    }
    words.end();
    if OF_THE_CLIENT.contains(&words.all.join("_").as_str()) {
        words.all.insert(0, LITERAL.to_owned());
    }
    words.all
}

fn is_plain(character: char) -> bool {
    character.is_ascii_lowercase() || character.is_ascii_digit()
}

#[derive(Default)]
struct Words {
    all: Vec<String>,
    current: String,
    is_after_upper: bool,
}

impl Words {
    fn spell(&mut self, word: &str) {
        self.end();
        self.all.push(word.to_owned());
    }

    /// Ends the word of the path that is being read, if there is one.
    fn end(&mut self) {
        let is_after_upper = std::mem::take(&mut self.is_after_upper);
        let word = std::mem::take(&mut self.current);
        if word.is_empty() {
            return;
        }
        let begins = |reserved: &&str| word.starts_with(reserved);
        let is_first = self.all.is_empty();
        if is_after_upper {
            // Together with the word `upper` it is unambiguous.
        } else if word.starts_with(|first: char| first.is_ascii_digit()) {
            self.all.push("digit".to_owned());
        } else if MEANING.iter().any(begins) || is_first && METHODS.iter().any(begins) {
            self.all.push(LITERAL.to_owned());
        } else if begins_short(&word) && self.all.last().is_some_and(|last| is_short(last)) {
            // `AB` would be read as one word, like `ab`, and `AB0c` like `ab0c`.
            self.all.push("letter".to_owned());
        }
        self.all.push(word);
    }
}

/// Whether a word is all capital in Pascal case: one letter, with or without digits behind it.
fn is_short(word: &str) -> bool {
    let mut characters = word.chars();
    characters
        .next()
        .is_some_and(|first| first.is_ascii_lowercase())
        && characters.all(|rest| rest.is_ascii_digit())
}

/// Whether a word has no lower-case letter right behind its first letter in Pascal case.
fn begins_short(word: &str) -> bool {
    let mut characters = word.chars();
    characters
        .next()
        .is_some_and(|first| first.is_ascii_lowercase())
        && characters
            .next()
            .is_none_or(|second| !second.is_ascii_lowercase())
}

fn pascal(word: &str) -> String {
    let mut characters = word.chars();
    match characters.next() {
        Some(first) => first.to_ascii_uppercase().to_string() + characters.as_str(),
        None => String::new(),
    }
}

/// A name from a page as a part of a type's name: `cashReceipt` becomes `CashReceipt`.
pub(super) fn type_part(name: &str) -> String {
    if name.is_empty() {
        return "U".to_owned();
    }
    let mut part = String::new();
    let mut is_start = true;
    for character in name.chars() {
        if !character.is_ascii() {
            part += &format!("U{:X}", u32::from(character));
            is_start = true;
        } else if character.is_ascii_alphanumeric() {
            part.push(match is_start {
                true => character.to_ascii_uppercase(),
                false => character,
            });
            is_start = false;
        } else {
            is_start = true;
        }
    }
    match part.is_empty() {
        // Only punctuation.
        true => name
            .chars()
            .map(|sign| format!("U{:X}", u32::from(sign)))
            .collect(),
        false => part,
    }
}

/// A name from a page in a message: printable ASCII as it is, everything else escaped.
pub(super) fn shown(name: &str) -> String {
    let escape = |character: char| match character {
        '\\' => "\\\\".to_owned(),
        ' '..='~' => character.to_string(),
        other => other.escape_unicode().to_string(),
    };
    name.chars().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use heck::{ToSnakeCase, ToUpperCamelCase};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_readable_where_paths_are() {
        for (method, path, id, prefix) in [
            ("post", "/bill", "bill", "Bill"),
            ("post", "/bill/cancel", "bill_cancel", "BillCancel"),
            ("get", "/bill/read", "get_bill_read", "GetBillRead"),
            ("post", "/bill-read", "bill_dash_read", "BillDashRead"),
            (
                "post",
                "/cash-receipt/issue",
                "cash_dash_receipt_issue",
                "CashDashReceiptIssue",
            ),
            (
                "post",
                "/read/remain_count",
                "read_remain_underscore_count",
                "ReadRemainUnderscoreCount",
            ),
            (
                "post",
                "/partner/auth/mapping-status",
                "partner_auth_mapping_dash_status",
                "PartnerAuthMappingDashStatus",
            ),
            (
                "delete",
                "/bill/{billId}",
                "delete_bill_slash_open_bill_upper_id_close",
                "DeleteBillSlashOpenBillUpperIdClose",
            ),
            (
                "post",
                "/v2.1/2b",
                "v2_dot_digit_1_digit_2b",
                "V2DotDigit1Digit2b",
            ),
        ] {
            assert_eq!(operation_id(method, path), id);
            assert_eq!(type_prefix(method, path), prefix);
        }
    }

    #[test]
    fn an_ambiguous_word_is_marked() {
        for (path, id) in [
            ("/dash/a", "literal_dash_a"),
            ("/bill/request", "bill_literal_request"),
            ("/bill-response", "bill_dash_literal_response"),
            ("/get/bill", "literal_get_bill"),
            ("/bill/get", "bill_get"),
            ("/literal", "literal_literal"),
            ("/new", "literal_new"),
            ("/new/bill", "new_bill"),
            ("/a/b", "a_letter_b"),
            ("/a/b0c", "a_letter_b0c"),
        ] {
            assert_eq!(operation_id("post", path), id);
        }
    }

    /// What the generator can make of an operation's names: it folds them with `heck`.
    fn folds(method: &str, path: &str) -> [String; 4] {
        let (id, prefix) = (operation_id(method, path), type_prefix(method, path));
        let request = format!("{prefix}Request");
        [
            id.to_upper_camel_case(),
            id.to_snake_case(),
            request.to_upper_camel_case(),
            request.to_snake_case(),
        ]
    }

    /// Every path of up to `longest` of these parts.
    fn paths_of(parts: &[&str], longest: usize) -> Vec<String> {
        let mut paths = vec!["/".to_owned()];
        let mut last = 0;
        for _ in 0..longest {
            let end = paths.len();
            for index in last..end {
                for part in parts {
                    paths.push(format!("{}{part}", paths[index]));
                }
            }
            last = end;
        }
        paths
    }

    #[track_caller]
    fn assert_distinct(paths: &[String]) {
        let mut seen: [HashMap<String, String>; 4] = Default::default();
        for path in paths {
            for method in ["post", "get"] {
                for (fold, seen) in folds(method, path).into_iter().zip(&mut seen) {
                    let operation = format!("{method} {path}");
                    if let Some(other) = seen.insert(fold.clone(), operation.clone()) {
                        panic!("{operation} and {other} are both {fold}");
                    }
                }
            }
        }
    }

    #[test]
    fn short_paths_of_every_kind_of_character_never_share_a_name() {
        let parts = ["a", "b", "A", "1", "/", "-", "_", ".", "{", "}"];
        assert_distinct(&paths_of(&parts, 4));
    }

    #[test]
    fn a_digit_behind_a_single_letter_keeps_names_apart() {
        assert_distinct(&paths_of(&["a", "b", "0", "/"], 6));
    }

    #[test]
    fn paths_of_words_that_mean_something_never_share_a_name() {
        let parts = [
            "a", "/", "-", "X", "2", "dash", "upper", "x", "digit", "letter", "literal", "slash",
            "request", "get", "open", "client", "new",
        ];
        assert_distinct(&paths_of(&parts, 3));
    }

    fn path() -> impl Strategy<Value = String> {
        "/[A-Za-z0-9._/{}-]{0,30}"
    }

    proptest! {
        #[test]
        fn two_operations_never_share_a_name(
            one in path(),
            at in any::<prop::sample::Index>(),
            inserted in "[A-Za-z0-9._/{}-]|/|-|dash|request",
            methods in (0..METHODS.len(), 0..METHODS.len()),
        ) {
            let mut other = one.clone();
            other.insert_str(1 + at.index(one.len()) .min(one.len() - 1), &inserted);
            let (first, second) = (METHODS[methods.0], METHODS[methods.1]);
            for ((method, path), (other_method, other_path)) in [
                ((first, &one), (first, &other)),
                ((first, &one), (second, &other)),
                ((first, &one), (second, &one)),
            ] {
                if (method, path) == (other_method, other_path) {
                    continue;
                }
                let pairs = folds(method, path).into_iter().zip(folds(other_method, other_path));
                for (left, right) in pairs {
                    prop_assert_ne!(left, right, "{} {} and {} {}", method, path, other_method, other_path);
                }
            }
        }

        #[test]
        fn names_are_identifiers(one in path(), method in 0..METHODS.len()) {
            let (id, prefix) = (operation_id(METHODS[method], &one), type_prefix(METHODS[method], &one));
            prop_assert!(id.starts_with(|first: char| first.is_ascii_lowercase()));
            prop_assert!(id.chars().all(|rest| is_plain(rest) || rest == '_'));
            prop_assert!(prefix.starts_with(|first: char| first.is_ascii_uppercase()));
            prop_assert!(prefix.chars().all(|rest| rest.is_ascii_alphanumeric()));
        }
    }

    #[test]
    fn names_of_properties_stay_readable() {
        for (name, expected) in [
            ("bill", "Bill"),
            ("cashReceipt", "CashReceipt"),
            ("cash_receipt", "CashReceipt"),
            ("2b", "2b"),
            ("청", "UCCAD"),
            ("", "U"),
            ("--", "U2DU2D"),
            ("`\"}", "U60U22U7D"),
        ] {
            assert_eq!(type_part(name), expected);
        }
    }
}
