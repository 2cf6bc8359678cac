//! What the specification requires of a request, and the check of it before it is written as JSON.
//!
//! The rules themselves are generated from `openapi/client.json`.

use std::fmt;

use jiff::{Timestamp, civil::Date};
use regex_lite::Regex;
use reqwest::Url;

use super::{
    fill::{Given, Misfit},
    generated::rules::OPERATIONS,
};

/// The rules of one operation, a POST.
pub(crate) struct Operation {
    pub(crate) path: &'static str,
    /// What each call must send and this library cannot.
    pub(crate) unsupported: &'static [&'static str],
    pub(crate) request: Option<Request>,
}

/// The request of an operation.
pub(crate) struct Request {
    pub(crate) schema: &'static Schema,
    /// Writes it as JSON.
    pub(crate) write: fn(Given<'_>) -> Result<Vec<u8>, Misfit>,
}

/// The rules of one value.
pub(crate) struct Schema {
    pub(crate) kind: Kind,
    /// The only values that are allowed, numbers as their digits; empty if any value is.
    pub(crate) values: &'static [&'static str],
    /// In characters.
    pub(crate) min_length: Option<u64>,
    /// In characters.
    pub(crate) max_length: Option<u64>,
    pub(crate) pattern: Option<&'static str>,
    pub(crate) format: Option<&'static str>,
    pub(crate) minimum: Option<Bound>,
    pub(crate) maximum: Option<Bound>,
    pub(crate) multiple_of: Option<f64>,
    pub(crate) properties: &'static [Property],
    /// All of these hold as well.
    pub(crate) all: &'static [&'static Schema],
    /// One of these holds as well, if there are any.
    pub(crate) any: &'static [&'static Schema],
}

impl Schema {
    /// No rule.
    #[allow(dead_code, reason = "the specification may have no use for it")]
    pub(crate) const ANY: Schema = Schema {
        kind: Kind::Any,
        values: &[],
        min_length: None,
        max_length: None,
        pattern: None,
        format: None,
        minimum: None,
        maximum: None,
        multiple_of: None,
        properties: &[],
        all: &[],
        any: &[],
    };
}

#[derive(Clone, Copy, PartialEq)]
#[allow(dead_code, reason = "the specification does not use all of them")]
pub(crate) enum Kind {
    Text,
    Boolean,
    Integer,
    Number,
    List,
    Object,
    Any,
    Nothing,
}

pub(crate) struct Property {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    /// False if another property took its place in the generated struct.
    pub(crate) has_field: bool,
    pub(crate) schema: &'static Schema,
}

pub(crate) struct Bound {
    pub(crate) limit: f64,
    pub(crate) exclusive: bool,
}

/// Why a request is not sent.
#[derive(Debug, PartialEq)]
pub(crate) enum Breach {
    /// A value breaks a rule.
    Value { field: &'static str, rule: String },
    /// The library cannot make what the specification describes.
    Unsupported(String),
}

impl Breach {
    fn value(field: &'static str, rule: impl fmt::Display) -> Self {
        Breach::Value {
            field,
            rule: rule.to_string(),
        }
    }
}

/// A request as JSON, if the rules of its operation allow it.
pub(crate) fn write(path: &str, fields: &[(&'static str, Given<'_>)]) -> Result<Vec<u8>, Breach> {
    let operation = operation(path)
        .ok_or_else(|| Breach::Unsupported(format!("the specification has no POST {path}")))?;
    let request = operation.check(fields)?;
    (request.write)(Given::Fields(fields)).map_err(|misfit| Breach::Unsupported(misfit.to_string()))
}

fn operation(path: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.path == path)
}

impl Operation {
    /// The request, if these fields keep its rules.
    fn check(&self, fields: &[(&'static str, Given<'_>)]) -> Result<&Request, Breach> {
        if !self.unsupported.is_empty() {
            return Err(Breach::Unsupported(format!(
                "the specification requires {}",
                self.unsupported.join(", ")
            )));
        }
        let Some(request) = &self.request else {
            return Err(Breach::Unsupported(format!(
                "the specification describes no request of POST {}",
                self.path
            )));
        };
        object(request.schema, fields, &Place::Root)?;
        Ok(request)
    }
}

/// Checks a text against the length that the specification allows at a place of a request, such as
/// `["bill", "billId"]` of `/bill/read`. Where it says nothing, any length is allowed.
pub(crate) fn check_length(path: &str, place: &[&str], text: &str) -> Result<(), String> {
    let request = operation(path).and_then(|operation| operation.request.as_ref());
    let checked = request.and_then(|request| length_at(request.schema, place, text));
    checked.unwrap_or(Ok(()))
}

/// `None` if the schema says nothing about the place.
fn length_at(schema: &Schema, place: &[&str], text: &str) -> Option<Result<(), String>> {
    let own = match place {
        [] => Some(length(schema, text)),
        [name, inner @ ..] => {
            let mut properties = schema.properties.iter();
            let property = properties.find(|property| property.name == *name);
            property.and_then(|property| length_at(property.schema, inner, text))
        }
    };
    let in_all = schema
        .all
        .iter()
        .filter_map(|part| length_at(part, place, text));
    let in_any = schema
        .any
        .iter()
        .filter_map(|part| length_at(part, place, text));
    let in_any = in_any.reduce(|one, another| one.or(another));
    own.into_iter()
        .chain(in_all)
        .chain(in_any)
        .reduce(Result::and)
}

/// The place of a value in a request.
enum Place<'p> {
    Root,
    Below(&'p Place<'p>, &'static str),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Root => formatter.write_str("the request"),
            Place::Below(Place::Root, name) => formatter.write_str(name),
            Place::Below(place, name) => write!(formatter, "{place}.{name}"),
        }
    }
}

fn value(
    schema: &Schema,
    given: &Given<'_>,
    field: &'static str,
    place: &Place<'_>,
) -> Result<(), Breach> {
    let other_kind = |described: &str| {
        Err(Breach::Unsupported(format!(
            "the specification describes {place} as {described}"
        )))
    };
    match (given, schema.kind) {
        (Given::Fields(given), Kind::Object | Kind::Any) => return object(schema, given, place),
        (_, Kind::Object) => return other_kind("an object"),
        (_, Kind::List) => return other_kind("a list"),
        (_, Kind::Nothing) => return other_kind("never sent"),
        (Given::Fields(_), _) => return other_kind("a single value"),
        _ => {}
    }
    let Given::Text(text) = given else {
        return Ok(());
    };
    scalar(schema, text).map_err(|rule| Breach::value(field, rule))?;
    choices(schema, |schema| value(schema, given, field, place))
}

fn fields(
    schema: &Schema,
    given: &[(&'static str, Given<'_>)],
    place: &Place<'_>,
) -> Result<(), Breach> {
    for property in schema.properties {
        let found = given.iter().find(|(name, _)| *name == property.name);
        match found {
            Some((name, found)) if !matches!(found, Given::Absent) => {
                if !property.has_field {
                    return Err(Breach::Unsupported(format!(
                        "the specification describes two fields that differ from {} only in spelling",
                        Place::Below(place, name)
                    )));
                }
                value(property.schema, found, name, &Place::Below(place, name))?;
            }
            _ if property.required => {
                return Err(Breach::Unsupported(format!(
                    "the specification requires {}, which this call does not give",
                    Place::Below(place, property.name)
                )));
            }
            _ => {}
        }
    }
    choices(schema, |part| fields(part, given, place))
}

/// An object with all its parts: it has what is required, and nothing that no part describes.
fn object(
    schema: &Schema,
    given: &[(&'static str, Given<'_>)],
    place: &Place<'_>,
) -> Result<(), Breach> {
    fields(schema, given, place)?;
    let stray = given.iter().find(|(name, found)| {
        let is_given = !matches!(found, Given::Absent);
        is_given && !describes(schema, |property| property.name == *name)
    });
    match stray {
        // An object whose properties are not described may have any.
        Some((name, _)) if describes(schema, |_| true) => Err(Breach::Unsupported(format!(
            "the specification has no {}",
            Place::Below(place, name)
        ))),
        _ => Ok(()),
    }
}

/// Whether an object or a part of it has such a property.
fn describes(schema: &Schema, is_such: impl Fn(&Property) -> bool + Copy) -> bool {
    let mut parts = schema.all.iter().chain(schema.any);
    schema.properties.iter().any(is_such) || parts.any(|part| describes(part, is_such))
}

fn choices(schema: &Schema, check: impl Fn(&Schema) -> Result<(), Breach>) -> Result<(), Breach> {
    schema.all.iter().try_for_each(|part| check(part))?;
    let mut first = None;
    for part in schema.any {
        match check(part) {
            Ok(()) => return Ok(()),
            Err(breach) => first = first.or(Some(breach)),
        }
    }
    first.map_or(Ok(()), Err)
}

/// The rule that a text breaks, in words that quote it.
fn scalar(schema: &Schema, text: &str) -> Result<(), String> {
    match schema.kind {
        Kind::Boolean if !matches!(text, "true" | "false") => {
            return Err("it must be true or false".to_owned());
        }
        Kind::Integer if text.parse::<i128>().is_err() => {
            return Err("it must be a whole number".to_owned());
        }
        Kind::Number if number(text).is_none() => return Err("it must be a number".to_owned()),
        Kind::Integer | Kind::Number => bounds(schema, text)?,
        _ => {}
    }
    length(schema, text)?;
    if !schema.values.is_empty() && !schema.values.contains(&text) {
        return Err(format!("it must be one of {}", schema.values.join(", ")));
    }
    if let Some(pattern) = schema.pattern
        && Regex::new(pattern).is_ok_and(|regex| !regex.is_match(text))
    {
        return Err(format!("it must match the pattern {pattern}"));
    }
    match schema.format {
        Some(format) if !has_format(text, format) => {
            Err(format!("it must be in the format {format}"))
        }
        _ => Ok(()),
    }
}

fn length(schema: &Schema, text: &str) -> Result<(), String> {
    let length = text.chars().count() as u64;
    match (schema.min_length, schema.max_length) {
        (Some(least), _) if length < least => Err(format!("it is shorter than {least} characters")),
        (_, Some(most)) if length > most => Err(format!("it is longer than {most} characters")),
        _ => Ok(()),
    }
}

fn bounds(schema: &Schema, text: &str) -> Result<(), String> {
    let Some(number) = number(text) else {
        return Ok(());
    };
    if let Some(Bound { limit, exclusive }) = &schema.minimum
        && (number < *limit || *exclusive && number == *limit)
    {
        let than = if *exclusive { "more than" } else { "at least" };
        return Err(format!("it must be {than} {limit}"));
    }
    if let Some(Bound { limit, exclusive }) = &schema.maximum
        && (number > *limit || *exclusive && number == *limit)
    {
        let than = if *exclusive { "less than" } else { "at most" };
        return Err(format!("it must be {than} {limit}"));
    }
    match schema.multiple_of {
        Some(step) if step > 0.0 && number % step != 0.0 => {
            Err(format!("it must be a multiple of {step}"))
        }
        _ => Ok(()),
    }
}

/// The number that a text is in JSON.
fn number(text: &str) -> Option<f64> {
    serde_json::from_str(text).ok()
}

/// Formats that are not described here are not checked.
fn has_format(text: &str, format: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match format {
        "date" => text.len() == 10 && !digits(text) && text.parse::<Date>().is_ok(),
        "date-time" => text.contains(['T', 't']) && text.parse::<Timestamp>().is_ok(),
        "uuid" => {
            let groups: Vec<&str> = text.split('-').collect();
            let is_hex = |group: &&str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
            groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) && groups.iter().all(is_hex)
        }
        "uri" | "url" => Url::parse(text).is_ok(),
        "email" => {
            matches!(text.split_once('@'), Some((name, host)) if !name.is_empty() && !host.is_empty())
        }
        "int32" => text.parse::<i32>().is_ok(),
        "int64" => text.parse::<i64>().is_ok(),
        "ipv4" => text.parse::<std::net::Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<std::net::Ipv6Addr>().is_ok(),
        "byte" => base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text).is_ok(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: Schema = Schema {
        kind: Kind::Text,
        ..Schema::ANY
    };

    const fn required(name: &'static str, schema: &'static Schema) -> Property {
        Property {
            name,
            required: true,
            has_field: true,
            schema,
        }
    }

    const fn optional(name: &'static str, schema: &'static Schema) -> Property {
        Property {
            required: false,
            ..required(name, schema)
        }
    }

    const fn of(schema: &'static Schema) -> Request {
        Request {
            schema,
            write: |_| Ok(Vec::new()),
        }
    }

    fn checked(operation: &Operation, fields: &[(&'static str, Given<'_>)]) -> Result<(), Breach> {
        operation.check(fields).map(|_| ())
    }

    /// What becomes of a bill with these rules and the field `price`.
    fn bill(properties: Vec<Property>, price: &str) -> Result<(), Breach> {
        let bill = Box::leak(Box::new(Schema {
            kind: Kind::Object,
            properties: properties.leak(),
            ..Schema::ANY
        }));
        let request = Schema {
            kind: Kind::Object,
            properties: Box::leak(Box::new([optional("bill", bill)])),
            ..Schema::ANY
        };
        let operation = Operation {
            path: "/bill",
            unsupported: &[],
            request: Some(of(Box::leak(Box::new(request)))),
        };
        checked(
            &operation,
            &[("bill", Given::Fields(&[("price", price.into())]))],
        )
    }

    fn price(schema: Schema, price: &str) -> Result<(), Breach> {
        let schema = Box::leak(Box::new(schema));
        bill(vec![required("price", schema)], price)
    }

    fn unsupported(breach: Result<(), Breach>) -> String {
        match breach {
            Err(Breach::Unsupported(demand)) => demand,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_further_optional_field_is_nothing() {
        assert_eq!(
            bill(vec![required("price", &TEXT), optional("note", &TEXT)], "1"),
            Ok(())
        );
    }

    #[test]
    fn a_required_field_that_is_not_given_is_named_with_its_place() {
        assert_eq!(
            unsupported(bill(
                vec![required("price", &TEXT), required("vatType", &TEXT)],
                "1"
            )),
            "the specification requires bill.vatType, which this call does not give"
        );
    }

    #[test]
    fn a_field_that_has_no_place_any_more_is_named() {
        assert_eq!(
            unsupported(bill(vec![optional("amount", &TEXT)], "1")),
            "the specification has no bill.price"
        );
    }

    #[test]
    fn an_operation_that_the_specification_does_not_have_is_named() {
        assert_eq!(
            unsupported(write("/bill/refund", &[]).map(drop)),
            "the specification has no POST /bill/refund"
        );
    }

    #[test]
    fn an_object_that_became_a_value_and_a_required_field_without_a_value_are_named() {
        const REQUEST: Schema = Schema {
            kind: Kind::Object,
            properties: &[required("bill", &TEXT)],
            ..Schema::ANY
        };
        let operation = Operation {
            path: "/bill",
            unsupported: &[],
            request: Some(of(&REQUEST)),
        };
        for (given, demand) in [
            (
                Given::Fields(&[]),
                "the specification describes bill as a single value",
            ),
            (
                Given::Absent,
                "the specification requires bill, which this call does not give",
            ),
        ] {
            assert_eq!(unsupported(checked(&operation, &[("bill", given)])), demand);
        }
    }

    #[test]
    fn what_a_call_must_send_beside_its_body_is_named() {
        let operation = Operation {
            path: "/bill",
            unsupported: &["header X-Signature", "query parameter page"],
            request: Some(of(&TEXT)),
        };
        assert_eq!(
            unsupported(checked(&operation, &[])),
            "the specification requires header X-Signature, query parameter page"
        );
    }

    #[test]
    fn a_text_that_became_something_else_than_a_value_is_named() {
        for (kind, described) in [
            (Kind::Object, "an object"),
            (Kind::List, "a list"),
            (Kind::Nothing, "never sent"),
        ] {
            let schema = Schema {
                kind,
                ..Schema::ANY
            };
            assert_eq!(
                unsupported(price(schema, "45000")),
                format!("the specification describes bill.price as {described}")
            );
        }
    }

    #[test]
    fn a_broken_rule_is_quoted() {
        let rule = |schema: Schema, text: &str| match price(schema, text) {
            Err(Breach::Value { field, rule }) => {
                assert_eq!(field, "price");
                rule
            }
            other => panic!("{other:?}"),
        };
        let short = Schema {
            min_length: Some(2),
            ..TEXT
        };
        assert_eq!(rule(short, "가"), "it is shorter than 2 characters");
        let long = Schema {
            max_length: Some(2),
            ..TEXT
        };
        assert_eq!(rule(long, "가가가"), "it is longer than 2 characters");
        let pattern = Schema {
            pattern: Some("^[0-9]+$"),
            ..TEXT
        };
        assert_eq!(
            rule(pattern, "45,000"),
            "it must match the pattern ^[0-9]+$"
        );
        let values = Schema {
            values: &["TALK", "URL"],
            ..TEXT
        };
        assert_eq!(rule(values, "SMS"), "it must be one of TALK, URL");
        let date = Schema {
            format: Some("date"),
            ..TEXT
        };
        assert_eq!(rule(date, "20260131"), "it must be in the format date");
        let integer = |minimum, maximum, multiple_of| Schema {
            kind: Kind::Integer,
            minimum,
            maximum,
            multiple_of,
            ..Schema::ANY
        };
        let bound = |limit, exclusive| Some(Bound { limit, exclusive });
        assert_eq!(
            rule(integer(None, None, None), "1.5"),
            "it must be a whole number"
        );
        assert_eq!(
            rule(integer(bound(100.0, false), None, None), "99"),
            "it must be at least 100"
        );
        assert_eq!(
            rule(integer(bound(100.0, true), None, None), "100"),
            "it must be more than 100"
        );
        assert_eq!(
            rule(integer(None, bound(100.0, false), None), "101"),
            "it must be at most 100"
        );
        assert_eq!(
            rule(integer(None, bound(100.0, true), None), "100"),
            "it must be less than 100"
        );
        assert_eq!(
            rule(integer(None, None, Some(100.0)), "150"),
            "it must be a multiple of 100"
        );
        let boolean = Schema {
            kind: Kind::Boolean,
            ..Schema::ANY
        };
        assert_eq!(rule(boolean, "Y"), "it must be true or false");
    }

    #[test]
    fn a_value_within_all_rules_passes() {
        let schema = Schema {
            min_length: Some(1),
            max_length: Some(5),
            pattern: Some("^[0-9]+$"),
            format: Some("int64"),
            values: &["45000"],
            ..TEXT
        };
        assert_eq!(price(schema, "45000"), Ok(()));
    }

    #[test]
    fn kinds_of_values_are_told_apart() {
        for (kind, right, wrong, rule) in [
            (Kind::Boolean, "true", "yes", "true or false"),
            (Kind::Boolean, "false", "", "true or false"),
            (Kind::Integer, "-45000", "4.5", "a whole number"),
            (Kind::Number, "4.5", "four", "a number"),
        ] {
            let of_kind = |text| {
                let schema = Schema {
                    kind,
                    ..Schema::ANY
                };
                price(schema, text)
            };
            assert_eq!(of_kind(right), Ok(()));
            let broken = Breach::value("price", format!("it must be {rule}"));
            assert_eq!(of_kind(wrong), Err(broken));
        }
    }

    #[test]
    fn a_limit_itself_is_within_it_unless_it_is_exclusive() {
        let is_within = |text, minimum, maximum| {
            let limits = Schema {
                kind: Kind::Number,
                minimum,
                maximum,
                ..Schema::ANY
            };
            price(limits, text).is_ok()
        };
        for (exclusive, expected) in [
            (false, [false, true, true, true, false]),
            (true, [false, false, true, false, false]),
        ] {
            let bound = |limit| Some(Bound { limit, exclusive });
            let within = ["9.9", "10", "15", "20", "20.1"]
                .map(|text| is_within(text, bound(10.0), bound(20.0)));
            assert_eq!(within, expected, "exclusive: {exclusive}");
        }
    }

    #[test]
    fn a_multiple_passes_and_no_number_is_a_multiple_of_nothing() {
        let of = |step| {
            let is_one = |text| {
                let schema = Schema {
                    kind: Kind::Integer,
                    multiple_of: Some(step),
                    ..Schema::ANY
                };
                price(schema, text).is_ok()
            };
            ["45000", "45500"].map(is_one)
        };
        assert_eq!(of(1_000.0), [true, false]);
        assert_eq!(of(0.0), [true, true]);
    }

    #[test]
    fn formats_are_told_apart() {
        for (format, right, wrong) in [
            ("date", "2026-01-31", "2026-02-31"),
            ("date-time", "2026-01-31T00:00:00+09:00", "2026-01-31"),
            ("date-time", "2026-01-31t00:00:00Z", "2026-01-31 00:00:00Z"),
            ("date-time", "2026-01-31T00:00:00Z", "Today"),
            (
                "uuid",
                "123e4567-e89b-12d3-a456-426614174000",
                "123e4567-e89b-12d3-a456-42661417400g",
            ),
            ("uri", "https://a.example", "a.example"),
            ("email", "a@a.example", "a.example"),
            ("int32", "2147483647", "2147483648"),
            ("int64", "9223372036854775807", "9223372036854775808"),
            ("ipv4", "127.0.0.1", "127.0.0.256"),
            ("ipv6", "::1", "127.0.0.1"),
            ("byte", "c2lnbmVk", "c2lnbmV"),
        ] {
            assert!(has_format(right, format), "{format} {right}");
            assert!(!has_format(wrong, format), "{format} {wrong}");
        }
        assert!(has_format("anything", "a format of PaySsam's own"));
    }

    #[test]
    fn an_object_of_which_no_property_is_described_may_have_any() {
        assert_eq!(bill(vec![], "1"), Ok(()));
        let other = optional("other", &TEXT);
        assert_eq!(
            unsupported(bill(vec![other], "1")),
            "the specification has no bill.price"
        );
    }

    #[test]
    fn of_alternatives_one_must_hold_and_of_parts_all() {
        static DIGITS: Schema = Schema {
            pattern: Some("^[0-9]+$"),
            ..TEXT
        };
        static SHORT: Schema = Schema {
            max_length: Some(2),
            ..TEXT
        };
        static PARTS: &[&Schema] = &[&DIGITS, &SHORT];
        let any = |text| {
            let schema = Schema {
                any: PARTS,
                ..Schema::ANY
            };
            price(schema, text).is_ok()
        };
        assert!(any("12345") && any("ab") && !any("abc"));
        let all = |text| {
            let schema = Schema {
                all: PARTS,
                ..Schema::ANY
            };
            price(schema, text).is_ok()
        };
        assert!(all("12") && !all("ab") && !all("123"));
    }

    #[test]
    fn a_request_put_together_of_parts_is_held_against_each() {
        static ENVELOPE: Schema = Schema {
            kind: Kind::Object,
            properties: &[required("apiKey", &TEXT)],
            ..Schema::ANY
        };
        static BILL: Schema = Schema {
            kind: Kind::Object,
            properties: &[required("price", &TEXT)],
            ..Schema::ANY
        };
        static REQUEST: Schema = Schema {
            all: &[&ENVELOPE, &BILL],
            ..Schema::ANY
        };
        let check = |given: &[(&'static str, Given<'_>)]| {
            let operation = Operation {
                path: "/bill",
                unsupported: &[],
                request: Some(of(&REQUEST)),
            };
            checked(&operation, given)
        };
        assert_eq!(
            check(&[("apiKey", "k".into()), ("price", "1".into())]),
            Ok(())
        );
        assert!(unsupported(check(&[("apiKey", "k".into())])).contains("price"));
        let stray = [
            ("apiKey", "k".into()),
            ("price", "1".into()),
            ("note", "n".into()),
        ];
        assert_eq!(unsupported(check(&stray)), "the specification has no note");
    }

    #[test]
    fn the_length_of_a_place_is_found_in_parts_too() {
        static SHORT: Schema = Schema {
            max_length: Some(2),
            ..TEXT
        };
        static BILL: Schema = Schema {
            properties: &[optional("billId", &SHORT)],
            ..Schema::ANY
        };
        static REQUEST: Schema = Schema {
            all: &[&BILL],
            ..Schema::ANY
        };
        static EITHER: Schema = Schema {
            any: &[&BILL, &TEXT],
            ..Schema::ANY
        };
        for schema in [&REQUEST, &EITHER] {
            let at = |name, text| length_at(schema, &[name], text).map(|held| held.is_ok());
            assert_eq!(at("billId", "ab"), Some(true));
            assert_eq!(at("billId", "abc"), Some(false));
            assert_eq!(at("other", "abc"), None);
        }
    }

    #[test]
    fn a_pattern_that_this_library_cannot_read_is_left_to_payssam() {
        let lookahead = Schema {
            pattern: Some("^(?=.*9)"),
            ..TEXT
        };
        assert_eq!(price(lookahead, "1"), Ok(()));
    }

    #[test]
    fn two_fields_that_differ_in_spelling_alone_are_told_apart_by_nobody() {
        let price = Property {
            has_field: false,
            ..required("price", &TEXT)
        };
        assert!(unsupported(bill(vec![price], "1")).contains("bill.price"));
    }
}
