//! The Rust side of a comparison, and that its table matches the library.

mod published;

use std::collections::HashSet;
use std::fs;

use openapi_compare::finding::Direction::{self, Request, Response};
use openapi_compare::finding::Scope::{RequestProperty, ResponseProperty};
use openapi_compare::finding::{Finding, Kind, Level};
use openapi_compare::rules::{RULES, Rule, rule};
use published::{properties, upstream, workspace};
use serde_json::{Value, json};
use xtask::compare::{self, beside};
use xtask::payssam::facade::{self, BESIDE, LEFT_BEHIND, OPERATIONS, ROWS, Role, Row};
use xtask::payssam::level;
use xtask::report::{Release, RustSide};

const READ: &str = "POST /bill/read";
const CANCEL: &str = "POST /bill/cancel";

fn source(file: &str) -> String {
    fs::read_to_string(workspace().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

#[test]
fn a_document_is_served_if_one_of_its_operations_is() {
    assert!(facade::serves(&upstream()));
    assert!(!facade::serves(
        &json!({"paths": {"/bill/read": {"get": {}}, "/user": {"post": {}}}})
    ));
    assert!(!facade::serves(&json!({})));
}

#[test]
fn no_property_is_listed_twice() {
    let rows = ROWS
        .iter()
        .map(|row| (row.operation, row.direction, row.path));
    let left = LEFT_BEHIND
        .iter()
        .map(|left| (left.operation, left.direction, left.path));
    let mut listed = HashSet::new();
    for property in rows.chain(left) {
        assert!(listed.insert(property), "{property:?} is listed twice");
    }
}

/// Whether a source file declares a public type or, in an `impl` of its type, a public function.
fn declares(source: &str, item: &str) -> bool {
    let mut names = item.rsplit("::");
    let (name, owner) = (names.next().unwrap(), names.next().unwrap());
    if name.starts_with(char::is_uppercase) {
        return ["struct", "enum"]
            .iter()
            .any(|kind| follows(source, &format!("pub {kind} {name}")));
    }
    let is_method = owner.starts_with(char::is_uppercase);
    if is_method && field_of_response(source, owner, name).is_some() {
        return true;
    }
    let blocks = source
        .split("\nimpl")
        .enumerate()
        .filter(|(place, block)| match is_method {
            true => *place > 0 && block.lines().next().unwrap().contains(&format!(" {owner}")),
            false => *place == 0,
        });
    blocks.map(|(_, block)| block).any(|block| {
        ["fn", "async fn"]
            .iter()
            .any(|kind| follows(block, &format!("pub {kind} {name}")))
    })
}

/// The line of `response_type!` that declares a field of a response with its getter.
fn field_of_response<'s>(source: &'s str, owner: &str, getter: &str) -> Option<&'s str> {
    let (_, block) = source.split_once(&format!("pub struct {owner}, "))?;
    let block = block.split("\n}\n").next()?;
    let mut lines = block.lines().map(str::trim);
    lines.find(|line| line.starts_with(&format!("{getter}: ")))
}

/// Whether the declaration is there, and not only as the beginning of a longer name.
fn follows(source: &str, declaration: &str) -> bool {
    source.match_indices(declaration).any(|(at, _)| {
        source[at + declaration.len()..].starts_with(['(', '<', ' ', ';', '{', ':', ','])
    })
}

#[test]
fn every_row_names_an_item_that_its_file_declares() {
    let items = ROWS
        .iter()
        .map(|row| (row.item, row.file))
        .chain(OPERATIONS.iter().map(|served| (served.item, served.file)))
        .chain(BESIDE.iter().map(|beside| (beside.item, beside.file)));
    for (item, file) in items {
        assert!(
            declares(&source(file), item),
            "{file} does not declare {item}"
        );
    }
}

#[test]
fn every_item_is_public() {
    let root = source("src/lib.rs");
    let rows = ROWS.iter().map(|row| row.item);
    for item in rows.chain(BESIDE.iter().map(|beside| beside.item)) {
        let name = item.split("::").nth(1).unwrap();
        let exported = root
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .flat_map(|line| line.split(|c: char| !c.is_alphanumeric()))
            .any(|word| word == name);
        assert!(exported, "src/lib.rs does not export {item}");
    }
}

#[test]
fn every_property_of_a_response_is_read_by_its_wire_name_where_the_row_says() {
    let is_read = |row: &&Row| {
        row.direction == Response && row.path.starts_with("data/") && row.role != Role::Frame
    };
    for row in ROWS.iter().filter(is_read) {
        let name = row.path.rsplit('/').next().unwrap();
        assert!(
            source(row.file).contains(&format!("\"{name}\"")),
            "{} does not read {name}",
            row.file
        );
    }
}

#[test]
fn a_getter_reads_the_property_of_its_row() {
    for row in ROWS
        .iter()
        .filter(|row| matches!(row.role, Role::Text | Role::Json))
    {
        let Some(path) = row.path.strip_prefix("data/") else {
            continue;
        };
        let name = path.rsplit('/').next().unwrap();
        let source = source(row.file);
        let mut item = row.item.rsplit("::");
        let (method, owner) = (item.next().unwrap(), item.next().unwrap());
        if let Some(field) = field_of_response(&source, owner, method) {
            assert!(
                field.contains(&format!("= \"{name}\",")),
                "{field} does not read {name}"
            );
            continue;
        }
        let block = source
            .split("\nimpl")
            .find(|block| {
                block.lines().next().unwrap().contains(&format!(" {owner}"))
                    && block.contains(&format!("fn {method}"))
            })
            .unwrap_or_else(|| panic!("no impl of {}", row.item));
        let body = block.split(&format!("fn {method}")).nth(1).unwrap();
        let body = body.split("\n    }\n").next().unwrap();
        assert!(
            body.contains(&format!("\"{name}\"")),
            "{} does not read {name}",
            row.item
        );
    }
}

fn finding(id: &str, level: Level, operation: &str, direction: Direction, path: &str) -> Finding {
    let mut rules = RULES.iter().chain(&beside::RULES);
    let rule = rules.find(|rule| rule.id == id);
    let rule = rule.unwrap_or_else(|| panic!("there is no rule {id}"));
    Finding {
        level,
        ..of_rule(rule, operation, direction, path)
    }
}

fn of_rule(rule: &Rule, operation: &str, direction: Direction, path: &str) -> Finding {
    Finding {
        operation: Some(operation.to_owned()),
        direction: Some(direction),
        path: Some(path.to_owned()).filter(|path| !path.is_empty()),
        message: rule.id.to_string(),
        ..rule.finding()
    }
}

/// The change with its file and with the level that it has for the library.
fn annotated(finding: Finding) -> Finding {
    let mut findings = [finding];
    facade::name_files(&mut findings);
    level::raise(&mut findings, true);
    let [finding] = findings;
    finding
}

/// The release, the item and the consequence of one change.
fn follows_of(finding: &Finding) -> (Release, String, String) {
    let side = facade::rust_side(std::slice::from_ref(finding));
    let item = side.items.first().expect("an item");
    assert_eq!(side.release, Some(item.release));
    (item.release, item.item.clone(), item.follows.clone())
}

#[test]
fn a_property_that_the_library_reads_going_away_or_becoming_optional_is_breaking() {
    for id in [
        "response-required-property-removed",
        "response-optional-property-removed",
        "response-required-write-only-property-removed",
        "response-optional-write-only-property-removed",
        "response-property-became-optional",
        "response-write-only-property-became-optional",
        "response-required-property-became-write-only",
        "response-optional-property-became-write-only",
    ] {
        let read = finding(id, Level::Info, READ, Response, "data/apprDt");
        assert_eq!(annotated(read).level, Level::Breaking, "{id}");
        let left_behind = finding(id, Level::Info, READ, Response, "data/apiKey");
        assert_eq!(annotated(left_behind).level, Level::Info, "{id}");
        let unknown = finding(id, Level::Info, READ, Response, "data/other");
        assert_eq!(annotated(unknown).level, Level::Info, "{id}");
        let elsewhere = finding(id, Level::Info, "POST /user", Response, "data/apprDt");
        assert_eq!(annotated(elsewhere).level, Level::Info, "{id}");
    }
    for id in [
        "response-required-property-became-not-write-only",
        "response-required-property-became-read-only",
        "response-property-became-required",
        "response-property-enum-value-removed",
    ] {
        let read = finding(id, Level::Info, READ, Response, "data/apprDt");
        assert!(!facade::loses_what_it_reads(&read), "{id}");
        assert!(annotated(read).level < Level::Breaking, "{id}");
    }
}

#[test]
fn a_change_has_the_file_of_its_property_or_of_the_nearest_or_of_its_operation() {
    let file = |operation, direction, path| {
        let finding = finding(
            "request-property-became-nullable",
            Level::Warn,
            operation,
            direction,
            path,
        );
        annotated(finding).implemented_by
    };
    assert_eq!(
        file(CANCEL, Request, "bill/hash").as_deref(),
        Some("src/endpoint/signature.rs")
    );
    assert_eq!(
        file(READ, Response, "data/new").as_deref(),
        Some("src/bill/approval.rs")
    );
    assert_eq!(
        file(READ, Response, "data/udItem/a").as_deref(),
        Some("src/bill/approval.rs")
    );
    assert_eq!(
        file(READ, Response, "data/oneOf[A]/apprState").as_deref(),
        Some("src/bill/read.rs")
    );
    assert_eq!(
        file(READ, Request, "dataset").as_deref(),
        Some("src/bill/read.rs")
    );
    assert_eq!(
        file(CANCEL, Request, "").as_deref(),
        Some("src/bill/cancel.rs")
    );
    assert_eq!(file("POST /user", Request, ""), None);
}

#[test]
fn a_known_file_is_kept() {
    let mut known = finding(
        "pinned-prose-changed",
        Level::Review,
        CANCEL,
        Request,
        "bill/price",
    );
    known.implemented_by = Some("src/endpoint/signature.rs".to_owned());
    assert_eq!(
        annotated(known).implemented_by.as_deref(),
        Some("src/endpoint/signature.rs")
    );
}

#[test]
fn changed_pinned_prose_points_to_the_item_of_the_file_of_its_pin() {
    let mut pinned = finding(
        "pinned-prose-changed",
        Level::Review,
        READ,
        Response,
        "data/apprState",
    );
    for (file, item) in [
        ("src/value/bill_state.rs", "payssam::BillState"),
        ("src/value/korean_time.rs", "payssam::KoreanTime"),
        ("src/bill/read.rs", "payssam::Bill::state"),
        ("src/elsewhere.rs", "payssam::Bill::state"),
    ] {
        pinned.implemented_by = Some(file.to_owned());
        let (release, named, _) = follows_of(&pinned);
        assert_eq!((release, named.as_str()), (Release::Patch, item));
    }
    pinned.operation = None;
    pinned.implemented_by = Some("src/endpoint/signature.rs".to_owned());
    assert_eq!(follows_of(&pinned).1, "payssam::signature::sign");
}

#[test]
fn a_parameter_with_the_name_of_a_property_is_not_that_property() {
    let change = finding(
        "new-required-request-parameter",
        Level::Breaking,
        READ,
        Request,
        "member",
    );
    let (release, item, _) = follows_of(&change);
    assert_eq!(
        (release, item.as_str()),
        (Release::Major, "payssam::Bills::read")
    );
}

#[test]
fn removed_items_and_stricter_limits_need_a_major_release() {
    for (id, level, operation, direction, path, item) in [
        (
            "response-optional-property-removed",
            Level::Breaking,
            READ,
            Response,
            "data/apprPrice",
            "payssam::Approval::price",
        ),
        (
            "request-property-removed",
            Level::Breaking,
            CANCEL,
            Request,
            "bill/cancelReason",
            "payssam::CancelReason",
        ),
        (
            "request-property-became-required",
            Level::Breaking,
            CANCEL,
            Request,
            "bill/cancelReason",
            "payssam::CancelReason",
        ),
        (
            "request-property-max-length-decreased",
            Level::Breaking,
            CANCEL,
            Request,
            "bill/billId",
            "payssam::BillId",
        ),
        (
            "new-required-request-property",
            Level::Breaking,
            CANCEL,
            Request,
            "bill/refundAccount",
            "payssam::CancelBill",
        ),
        (
            "api-removed-without-deprecation",
            Level::Breaking,
            CANCEL,
            Request,
            "",
            "payssam::Bills::cancel",
        ),
    ] {
        let (release, named, follows) = follows_of(&finding(id, level, operation, direction, path));
        assert_eq!(
            (release, named.as_str()),
            (Release::Major, item),
            "{id}: {follows}"
        );
    }
}

#[test]
fn added_items_and_looser_limits_need_a_minor_release() {
    for (id, operation, direction, path, item) in [
        (
            "response-optional-property-added",
            READ,
            Response,
            "data/apprInstallment",
            "payssam::Approval",
        ),
        (
            "response-property-enum-value-added",
            READ,
            Response,
            "data/apprState",
            "payssam::Bill::state",
        ),
        (
            "new-optional-request-property",
            CANCEL,
            Request,
            "bill/memo",
            "payssam::CancelBill",
        ),
        (
            "request-property-max-length-increased",
            CANCEL,
            Request,
            "bill/cancelReason",
            "payssam::CancelReason",
        ),
        (
            "endpoint-deprecated",
            READ,
            Request,
            "",
            "payssam::Bills::read",
        ),
    ] {
        let change = finding(id, Level::Info, operation, direction, path);
        let (release, named, follows) = follows_of(&change);
        assert_eq!(
            (release, named.as_str()),
            (Release::Minor, item),
            "{id}: {follows}"
        );
    }
}

#[test]
fn changes_that_lenient_responses_and_full_requests_absorb_need_a_patch() {
    for (id, operation, direction, path) in [
        (
            "response-property-became-optional",
            READ,
            Response,
            "data/apprDt",
        ),
        (
            "response-property-became-nullable",
            READ,
            Response,
            "data/apprDt",
        ),
        (
            "response-property-max-length-increased",
            READ,
            Response,
            "data/apprDt",
        ),
        (
            "response-property-enum-value-added",
            READ,
            Response,
            "data/apprIssuer",
        ),
        (
            "response-optional-property-removed",
            CANCEL,
            Response,
            "data/hash",
        ),
        (
            "response-optional-property-removed",
            READ,
            Response,
            "data/apiKey",
        ),
        ("request-property-became-required", CANCEL, Request, "bill"),
        (
            "request-property-max-length-decreased",
            CANCEL,
            Request,
            "bill/hash",
        ),
    ] {
        let change = finding(id, Level::Breaking, operation, direction, path);
        let (release, _, follows) = follows_of(&change);
        assert_eq!(release, Release::Patch, "{id} {path}: {follows}");
    }
}

#[test]
fn a_number_in_place_of_text_changes_no_type_and_an_object_does() {
    let mut change = finding(
        "response-property-type-changed",
        Level::Breaking,
        READ,
        Response,
        "data/apprPrice",
    );
    for (after, release) in [
        (json!("integer"), Release::Patch),
        (json!(["number", "null"]), Release::Patch),
        (json!({"type": "number"}), Release::Patch),
        (json!("object"), Release::Major),
        (json!(["string", "array"]), Release::Major),
        (json!(null), Release::Major),
    ] {
        change.after = Some(after.clone());
        assert_eq!(follows_of(&change).0, release, "{after}");
    }
}

#[test]
fn a_format_of_a_response_changes_no_type_and_that_of_a_request_is_a_limit() {
    let release = |mut change: Finding, (before, after): (Option<&str>, Option<&str>)| {
        change.before = before.map(Value::from);
        change.after = after.map(Value::from);
        let (release, _, follows) = follows_of(&change);
        assert!(!follows.contains("type"), "{follows}");
        release
    };
    for (kind, values) in [
        (Kind::FormatAdded, (None, Some("uuid"))),
        (Kind::FormatChanged, (Some("uuid"), Some("date"))),
        (Kind::FormatRemoved, (Some("uuid"), None)),
    ] {
        for path in ["data/apprPrice", "code"] {
            let change = of_rule(rule(kind, ResponseProperty), READ, Response, path);
            assert_eq!(release(change, values), Release::Patch, "{kind:?} {path}");
        }
    }
    for (kind, values, given) in [
        (Kind::FormatAdded, (None, Some("uuid")), Release::Major),
        (Kind::FormatRemoved, (Some("uuid"), None), Release::Minor),
    ] {
        for (path, expected) in [("bill/cancelReason", given), ("bill/hash", Release::Patch)] {
            let change = of_rule(rule(kind, RequestProperty), CANCEL, Request, path);
            assert_eq!(release(change, values), expected, "{kind:?} {path}");
        }
    }
}

#[test]
fn the_next_release_is_the_greatest_that_any_change_needs_and_its_items_come_first() {
    let side = facade::rust_side(&[
        finding(
            "response-property-became-nullable",
            Level::Info,
            READ,
            Response,
            "data/apprDt",
        ),
        finding(
            "response-optional-property-removed",
            Level::Breaking,
            READ,
            Response,
            "data/apprDt",
        ),
        finding(
            "response-optional-property-added",
            Level::Info,
            READ,
            Response,
            "data/new",
        ),
    ]);
    assert_eq!(side.release, Some(Release::Major));
    let releases: Vec<Release> = side.items.iter().map(|item| item.release).collect();
    assert_eq!(releases, [Release::Major, Release::Minor, Release::Patch]);
}

#[test]
fn descriptions_need_a_patch_without_items_and_other_apis_need_no_release() {
    let words = finding(
        "response-property-description-changed",
        Level::Doc,
        READ,
        Response,
        "data/apprDt",
    );
    let side = facade::rust_side(&[words]);
    assert_eq!((side.items.len(), side.release), (0, Some(Release::Patch)));
    let other = finding(
        "api-removed-without-deprecation",
        Level::Breaking,
        "GET /user",
        Request,
        "",
    );
    assert_eq!(facade::rust_side(&[other]), RustSide::default());
    assert_eq!(facade::rust_side(&[]).release, None);
}

#[test]
fn a_server_of_another_api_is_ignored() {
    let mut change = finding("api-server-changed", Level::Breaking, READ, Response, "");
    change.operation = None;
    let side = facade::rust_side(std::slice::from_ref(&change));
    assert_eq!(side, RustSide::default());
    let (_, item, _) = follows_of(&annotated(change));
    assert_eq!(item, "payssam::ClientBuilder::base_url");
}

#[test]
fn a_new_result_code_can_get_a_name() {
    let mut change = finding("result-code-added", Level::Info, READ, Response, "BILL_009");
    change.operation = None;
    let (release, item, follows) = follows_of(&annotated(change));
    assert_eq!(
        (release, item.as_str()),
        (Release::Minor, "payssam::ResultCode")
    );
    assert!(follows.contains("`BILL_009`"), "{follows}");
}

#[test]
fn every_removed_property_is_found_by_its_path_in_a_real_comparison() {
    let old = upstream();
    let frozen = properties(&old);
    let is_frozen = |row: &&Row| {
        let (operation, path) = (row.operation.to_owned(), row.path.to_owned());
        row.direction == Response && frozen.contains(&(operation, row.direction, path))
    };
    assert!(ROWS.iter().filter(is_frozen).count() >= 60);
    for row in ROWS.iter().filter(is_frozen) {
        let mut new = old.clone();
        remove(&mut new, row);
        let mut findings = compare::compare(&old, &new, None).unwrap();
        facade::name_files(&mut findings);
        level::raise(&mut findings, true);
        let gone = findings
            .iter()
            .find(|finding| finding.path.as_deref() == Some(row.path))
            .unwrap_or_else(|| panic!("{} {}: {findings:?}", row.operation, row.path));
        assert_eq!(gone.level, Level::Breaking, "{}", row.path);
        assert_eq!(gone.implemented_by.as_deref(), Some(row.file));
        let side = facade::rust_side(&findings);
        assert!(side.items.iter().any(|item| item.item == row.item));
    }
}

/// Removes a property from its schema.
fn remove(document: &mut Value, row: &Row) {
    let path = row.operation.strip_prefix("POST ").unwrap();
    let response = &document["paths"][path]["post"]["responses"]["200"];
    let mut schema = response["content"]["application/json"]["schema"]["$ref"].clone();
    let (frames, name) = row.path.rsplit_once('/').unwrap_or(("", row.path));
    for frame in frames
        .split('/')
        .filter(|frame| !matches!(*frame, "" | "items"))
    {
        let schema_of = document.pointer(&schema.as_str().unwrap()[1..]).unwrap();
        let property = &schema_of["properties"][frame];
        schema = match property["items"]["$ref"].clone() {
            Value::Null => property["$ref"].clone(),
            of_items => of_items,
        };
    }
    let schema = document
        .pointer_mut(&schema.as_str().unwrap()[1..])
        .unwrap();
    let properties = schema["properties"].as_object_mut().unwrap();
    let removed = properties.shift_remove(name);
    assert!(removed.is_some(), "{} has no {}", row.operation, row.path);
}

#[test]
fn every_rule_that_takes_from_a_response_is_breaking_where_the_library_reads() {
    let takes = RULES.iter().filter(|rule| {
        rule.scope.direction() == Some(Response)
            && [
                "-property-removed",
                "-property-became-optional",
                "-became-write-only",
            ]
            .iter()
            .any(|part| rule.id.contains(part))
    });
    let mut count = 0;
    for rule in takes {
        let change = of_rule(rule, CANCEL, Response, "data/apprCancelDt");
        assert_eq!(annotated(change).level, Level::Breaking, "{}", rule.id);
        count += 1;
    }
    assert!(count >= 6, "only {count}");
}

#[test]
fn every_rule_has_a_consequence_for_a_property() {
    for rule in RULES.iter().filter(|rule| rule.level != Level::Doc) {
        let (operation, path) = match rule.scope.direction() {
            Some(Request) => (CANCEL, "bill/price"),
            Some(Response) => (READ, "data/apprPrice"),
            None => (READ, ""),
        };
        let direction = rule.scope.direction().unwrap_or(Request);
        let mut change = of_rule(rule, operation, direction, path);
        change.direction = rule.scope.direction();
        let (_, _, follows) = follows_of(&change);
        assert!(follows.ends_with('.'), "{}: {follows}", rule.id);
    }
}

#[test]
fn the_same_consequence_is_reported_once() {
    let change = finding(
        "response-property-became-nullable",
        Level::Info,
        READ,
        Response,
        "data/apprDt",
    );
    let side = facade::rust_side(&[change.clone(), change]);
    assert_eq!(side.items.len(), 1);
}
