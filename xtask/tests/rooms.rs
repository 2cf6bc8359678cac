//! Which room of a crate may import which. The tables at the top say so; a new crate, file or
//! room is a row in them.
//!
//! An import is a `use` or a path such as `crate::page::read` in code, in attributes and in macros.
//! Test code (`#[cfg(test)]`) may import anything.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{ItemUse, UseTree};

/// A crate and its rooms.
struct House {
    /// The folder of its sources, seen from the workspace.
    src: &'static str,
    /// The name by which its own `main.rs` imports it.
    imported_as: &'static str,
    /// Its rooms.
    rooms: &'static [Room],
}

/// Files that belong together, and the rooms whose files they may import beside their own.
struct Room {
    name: &'static str,
    /// Below `src`: a file such as `lib.rs`, or a module such as `page`, which is `page.rs`,
    /// `page/mod.rs` and all files in `page/`. The longest name that fits a file wins.
    holds: &'static [&'static str],
    may_import: &'static [&'static str],
}

/// A room that may import every other.
const ALL: &[&str] = &["*"];

const fn room(
    name: &'static str,
    holds: &'static [&'static str],
    may_import: &'static [&'static str],
) -> Room {
    Room {
        name,
        holds,
        may_import,
    }
}

/// All crates that are checked.
const HOUSES: &[House] = &[LIBRARY, MOCK, LEDGER, RECONCILE, CLI, XTASK, COMPARISON];

/// From the ground up: a room imports only what stands above it here.
const LIBRARY: House = House {
    src: "src",
    imported_as: "payssam",
    rooms: &[
        room("root", &["lib.rs"], ALL),
        room("redact", &["redact"], &[]),
        room("operation", &["operation"], &[]),
        room("raw", &["raw"], &[]),
        room("value", &["value"], &["operation", "raw", "redact"]),
        room("outcome", &["outcome"], &["operation", "redact", "value"]),
        room("policy", &["policy"], &["outcome"]),
        room(
            "client",
            &["client"],
            &["operation", "outcome", "policy", "raw", "redact", "value"],
        ),
        room(
            "endpoint",
            &["endpoint"],
            &[
                "client",
                "operation",
                "outcome",
                "policy",
                "raw",
                "redact",
                "value",
            ],
        ),
        room(
            "reconcile",
            &["reconcile"],
            &[
                "client",
                "endpoint",
                "operation",
                "outcome",
                "policy",
                "value",
            ],
        ),
        room(
            "calls",
            &["onboarding", "points", "raw_call"],
            &[
                "client",
                "endpoint",
                "operation",
                "outcome",
                "redact",
                "value",
            ],
        ),
        room(
            "bill",
            &["bill"],
            &[
                "client",
                "endpoint",
                "operation",
                "outcome",
                "policy",
                "reconcile",
                "redact",
                "value",
            ],
        ),
        room(
            "receipt",
            &["receipt"],
            &[
                "client",
                "endpoint",
                "operation",
                "outcome",
                "reconcile",
                "redact",
                "value",
            ],
        ),
        room(
            "callback",
            &["callback"],
            &[
                "bill",
                "client",
                "endpoint",
                "operation",
                "outcome",
                "policy",
                "raw",
                "redact",
                "value",
            ],
        ),
        room(
            "blocking",
            &["blocking"],
            &[
                "bill", "callback", "calls", "client", "outcome", "policy", "receipt", "value",
            ],
        ),
    ],
};

const MOCK: House = House {
    src: "mock/src",
    imported_as: "payssam_mock",
    rooms: &[
        room("root", &["lib.rs"], ALL),
        room(
            "nouns",
            &[
                "abort",
                "acknowledgement",
                "bill",
                "bill_filter",
                "callback",
                "clock",
                "event",
                "exchange",
                "fault",
                "hash",
                "history",
                "http_client",
                "http_response",
                "journal",
                "key",
                "limits",
                "links",
                "log",
                "loopback",
                "masked",
                "memory",
                "moves",
                "nearest",
                "object",
                "operation_path",
                "origin",
                "paid_by",
                "partner",
                "points",
                "reach",
                "receipt",
                "recent",
                "rejection",
                "request",
                "request_body",
                "response",
                "schedule",
                "target",
                "transaction",
                "wish",
                "write_limit",
                "wrong_hash",
            ],
            &[],
        ),
        room(
            "rules",
            &[
                "callback_queue",
                "checks",
                "injections",
                "late_requests",
                "saved",
                "store",
            ],
            &["nouns"],
        ),
        room(
            "operations",
            &["bill_operations", "receipt_operations", "service"],
            &["nouns", "rules"],
        ),
        room("state", &["state"], &["nouns", "operations", "rules"]),
        room("control", &["control"], &["nouns", "rules", "state"]),
        room("face", &["face"], &["nouns", "rules", "state"]),
        room(
            "http",
            &[
                "callback_sender",
                "fault_on_wire",
                "http_server",
                "payment_by_id",
            ],
            &["control", "face", "nouns", "rules", "state"],
        ),
        room(
            "server",
            &["payer", "seed", "server"],
            &["face", "http", "nouns", "operations", "rules", "state"],
        ),
    ],
};

const LEDGER: House = House {
    src: "ledger/src",
    imported_as: "payssam_ledger",
    rooms: &[
        room("root", &["lib.rs"], ALL),
        room("step", &["step"], &[]),
        room(
            "nouns",
            &[
                "act",
                "clock",
                "error",
                "event",
                "intent",
                "merchant",
                "reference",
                "request",
            ],
            &[],
        ),
        // When, and how often: it knows no database.
        room("policy", &["rate", "schedule", "settings"], &["nouns"]),
        // All SQL.
        room("store", &["store"], &["nouns", "policy"]),
        room("ledger", &["ledger"], &["nouns", "policy", "store"]),
        room(
            "acts",
            &[
                "carry",
                "deliver",
                "known_bill",
                "overview",
                "reading",
                "receive",
                "watched",
            ],
            &["ledger", "nouns", "policy", "step", "store"],
        ),
        room(
            "worker",
            &["worker"],
            &["acts", "ledger", "nouns", "policy", "store"],
        ),
    ],
};

const RECONCILE: House = House {
    src: "reconcile/src",
    imported_as: "payssam_reconcile",
    rooms: &[
        room("root", &["lib.rs"], ALL),
        room(
            "nouns",
            &[
                "belief", "class", "digest", "error", "finding", "line", "shard", "states",
                "subject", "summary",
            ],
            &[],
        ),
        // The table of cases: it knows neither files nor calls.
        room("judge", &["judge"], &["nouns"]),
        // How people write ledgers.
        room("ledger", &["ledger"], &["nouns"]),
        // The calls.
        room(
            "stream",
            &["pace", "reading", "reconcile"],
            &["judge", "nouns"],
        ),
        room("journal", &["journal"], &["nouns"]),
        room("reports", &["csv_report", "page"], &["ledger", "nouns"]),
        room("survey", &["survey", "unknown"], &["ledger", "nouns"]),
        room("refunds", &["refunds"], &["nouns"]),
        room(
            "run",
            &["run"],
            &["journal", "ledger", "nouns", "refunds", "stream", "survey"],
        ),
    ],
};

const CLI: House = House {
    src: "cli/src",
    imported_as: "payssam_cli",
    rooms: &[
        room("root", &["main.rs"], ALL),
        room(
            "output",
            &["exit", "failure", "json", "output", "rows", "signals"],
            &[],
        ),
        room("interruption", &["interruption"], &["output"]),
        room(
            "options",
            &["confirm", "connection", "duration", "help", "stdin"],
            &["interruption", "output"],
        ),
        room(
            "commands",
            &[
                "bill",
                "call",
                "inspect",
                "ledger",
                "mock",
                "points",
                "receipt",
                "reconcile",
                "sign",
            ],
            &["options", "output"],
        ),
        room("demo", &["demo"], &["commands", "options", "output"]),
    ],
};

const XTASK: House = House {
    src: "xtask/src",
    imported_as: "xtask",
    rooms: &[
        room("root", &["lib.rs", "main.rs", "payssam.rs"], ALL),
        // General: documents and pages of any API.
        room("openapi", &["openapi"], &[]),
        room("invisible", &["invisible"], &[]),
        room("page", &["page"], &["invisible", "openapi"]),
        room("generate", &["generate"], &["openapi", "page"]),
        room("compare", &["compare"], &["openapi", "page"]),
        room("report", &["report"], &["invisible"]),
        room("console", &["console"], &["report"]),
        // Specific to PaySsam.
        room(
            "checked in",
            &[
                "payssam/accepted",
                "payssam/build",
                "payssam/pins",
                "payssam/reconstructed",
                "payssam/snapshot",
                "payssam/sources",
            ],
            &["compare", "generate", "openapi", "page"],
        ),
        room(
            "published",
            &["payssam/fetch", "payssam/pull", "payssam/upstream"],
            &["checked in", "console", "generate", "page"],
        ),
        room(
            "library",
            &["payssam/facade", "payssam/level", "payssam/regeneration"],
            &["checked in", "compare", "openapi", "report"],
        ),
        room(
            "command",
            &[
                "payssam/diff",
                "payssam/document",
                "payssam/error",
                "payssam/exit",
                "payssam/heads",
            ],
            &[
                "checked in",
                "compare",
                "generate",
                "library",
                "openapi",
                "page",
                "published",
            ],
        ),
        room(
            "rehearse",
            &["payssam/rehearse"],
            &[
                "checked in",
                "command",
                "console",
                "library",
                "page",
                "published",
                "report",
            ],
        ),
    ],
};

/// From the ground up, as the library.
const COMPARISON: House = House {
    src: "xtask/compare/src",
    imported_as: "openapi_compare",
    rooms: &[
        room("root", &["lib.rs"], ALL),
        room("document", &["exact", "pointer", "spelling"], &[]),
        room("finding", &["finding"], &[]),
        room("rules", &["rules"], &["finding"]),
        room("report", &["causes", "report"], &["finding"]),
        room(
            "comparison",
            &["comparing", "models"],
            &["document", "finding", "report", "rules"],
        ),
    ],
};

#[test]
fn every_file_imports_what_the_table_allows() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut wrong = Vec::new();
    for house in HOUSES {
        let mut files = BTreeMap::new();
        read(&workspace.join(house.src), "", &mut files);
        assert!(!files.is_empty(), "{} has no sources", house.src);
        wrong.extend(violations(house, &files));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_name_in_a_table_is_that_of_a_file_or_a_room() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for house in HOUSES {
        let mut files = BTreeMap::new();
        read(&workspace.join(house.src), "", &mut files);
        for Room {
            name,
            holds,
            may_import,
        } in house.rooms
        {
            for held in *holds {
                let is_there = files.keys().any(|file| is_held(held, file));
                assert!(is_there, "{}: room `{name}` holds no {held}", house.src);
            }
            for other in may_import.iter().filter(|_| *may_import != ALL) {
                let is_a_room = house.rooms.iter().any(|room| room.name == *other);
                assert!(is_a_room, "{}: `{name}` imports `{other}`", house.src);
            }
        }
    }
}

#[test]
fn no_rooms_import_each_other_in_a_circle() {
    for house in HOUSES {
        assert_eq!(circle(house.rooms), None, "{}", house.src);
    }
}

/// The source files below a folder, by their paths in it.
fn read(folder: &Path, below: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}")) {
        let path = entry.unwrap().path();
        let name = format!("{below}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            read(&path, &format!("{name}/"), files);
        } else if name.ends_with(".rs") {
            files.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

/// Every violation of the rules in a crate.
fn violations(house: &House, files: &BTreeMap<String, String>) -> Vec<String> {
    let crate_ = Crate::of(house, files);
    let mut wrong = Vec::new();
    let mut edges: BTreeMap<(&str, &str), String> = BTreeMap::new();
    let tests = crate_.tests(files);
    for (file, source) in files
        .iter()
        .filter(|(file, _)| !tests.contains(file.as_str()))
    {
        let here = format!("{}/{file}", house.src);
        let Some(room) = room_of(house.rooms, file) else {
            wrong.push(format!("{here} belongs to no room"));
            continue;
        };
        for import in crate_.imports(file, source) {
            let Import { path, target } = import;
            if target == crate_.root && !is_root(file) {
                wrong.push(format!("{here} imports {path} through {target}"));
                continue;
            }
            edges.insert((file.as_str(), target), path.clone());
            let Some(other) = room_of(house.rooms, target) else {
                continue;
            };
            let is_allowed = room.name == other.name
                || room.may_import == ALL
                || room.may_import.contains(&other.name);
            if !is_allowed {
                wrong.push(format!(
                    "{here} imports {path}: room `{}` may not import room `{}`",
                    room.name, other.name
                ));
            }
        }
    }
    for ((one, other), path) in &edges {
        let back = edges.get(&(*other, *one)).filter(|_| one < other);
        if let Some(back) = back {
            wrong.push(format!(
                "{0}/{one} and {0}/{other} import each other: {path}, {back}",
                house.src
            ));
        }
    }
    wrong
}

fn is_root(file: &str) -> bool {
    matches!(file, "lib.rs" | "main.rs")
}

/// Whether a name in a table means this file: its own path, or a module around it.
fn is_held(held: &str, file: &str) -> bool {
    let rest = file.strip_prefix(held);
    rest.is_some_and(|rest| ["", ".rs"].contains(&rest) || rest.starts_with('/'))
}

/// The room with the longest name for a file.
fn room_of<'a>(rooms: &'a [Room], file: &str) -> Option<&'a Room> {
    let length = |room: &Room| {
        let held = room.holds.iter().filter(|held| is_held(held, file));
        held.map(|held| held.len()).max()
    };
    rooms
        .iter()
        .filter_map(|room| Some((length(room)?, room)))
        .max_by_key(|(length, _)| *length)
        .map(|(_, room)| room)
}

/// A room that imports itself through others, if there is one.
fn circle(rooms: &[Room]) -> Option<&'static str> {
    let mut open: Vec<&Room> = rooms.iter().filter(|room| room.may_import != ALL).collect();
    // A room is part of no circle if none of its imports is.
    while !open.is_empty() {
        let names: Vec<&str> = open.iter().map(|room| room.name).collect();
        let before = open.len();
        open.retain(|room| room.may_import.iter().any(|name| names.contains(name)));
        if open.len() == before {
            return Some(open[0].name);
        }
    }
    None
}

/// A path that a file imports, and the file of this crate that it leads to.
struct Import<'f> {
    path: String,
    target: &'f str,
}

/// Where the modules of a crate are.
struct Crate<'f> {
    imported_as: &'static str,
    root: &'f str,
    /// File by module, such as `page/codes.rs` by `["page", "codes"]`.
    modules: BTreeMap<Vec<&'f str>, &'f str>,
}

impl<'f> Crate<'f> {
    fn of(house: &House, files: &'f BTreeMap<String, String>) -> Self {
        let root = match files.contains_key("lib.rs") {
            true => "lib.rs",
            false => "main.rs",
        };
        let modules = files.keys().filter(|file| !is_root(file));
        let modules = modules.map(|file| (module_of(file), file.as_str()));
        Crate {
            imported_as: house.imported_as,
            root,
            modules: modules.collect(),
        }
    }

    /// The files of modules for tests.
    fn tests(&self, files: &'f BTreeMap<String, String>) -> BTreeSet<&'f str> {
        let found = files.iter().flat_map(|(file, source)| {
            let tests = Found::read(file, source).tests;
            let files = files.keys().filter(move |other| {
                let module = module_of(other);
                let is_below = |test: &Vec<String>| module.starts_with(&borrowed(test));
                tests.iter().any(is_below)
            });
            files.map(String::as_str)
        });
        found.collect()
    }

    /// What a file imports from other files of the crate.
    fn imports(&self, file: &'f str, source: &str) -> Vec<Import<'f>> {
        let found = Found::read(file, source);
        let mut seen = BTreeSet::new();
        let paths = found.paths.iter();
        let resolved = paths.filter_map(|(module, path)| {
            Some((path.join("::"), self.resolve(file, module, path)?))
        });
        resolved
            .filter(|(path, target)| *target != file && seen.insert((path.clone(), *target)))
            .map(|(path, target)| Import { path, target })
            .collect()
    }

    /// The file that a path leads to, seen from a module; `None` if it leads out of the crate, or to
    /// something in the module itself.
    fn resolve(&self, file: &'f str, module: &[String], path: &[String]) -> Option<&'f str> {
        let own_root = if is_root(file) { file } else { self.root };
        let first = path.first()?.as_str();
        let mut base = module.to_vec();
        let mut rest = path;
        let mut root = own_root;
        match first {
            "crate" => {
                base.clear();
                rest = &rest[1..];
            }
            "self" => rest = &rest[1..],
            "super" => {
                while let Some(("super", after)) =
                    rest.split_first().map(|(it, after)| (it.as_str(), after))
                {
                    base.pop();
                    rest = after;
                }
            }
            name if name == self.imported_as && file == "main.rs" => {
                base.clear();
                rest = &rest[1..];
                root = self.root;
            }
            child => {
                base.push(child.to_owned());
                if !self.modules.contains_key(&borrowed(&base)) {
                    return None;
                }
                base.pop();
            }
        }
        let mut target = self.nearest(&base).unwrap_or(root);
        for name in rest {
            base.push(name.clone());
            match self.modules.get(&borrowed(&base)) {
                Some(file) => target = file,
                None => break,
            }
        }
        Some(target)
    }

    /// The file that a module is written in, which is another's if it is inline.
    fn nearest(&self, module: &[String]) -> Option<&'f str> {
        (1..=module.len())
            .rev()
            .find_map(|length| self.modules.get(&borrowed(&module[..length])).copied())
    }
}

fn borrowed(module: &[String]) -> Vec<&str> {
    module.iter().map(String::as_str).collect()
}

/// The module that a file holds.
fn module_of(file: &str) -> Vec<&str> {
    if is_root(file) {
        return Vec::new();
    }
    let path = file.strip_suffix(".rs").unwrap_or(file);
    path.strip_suffix("/mod")
        .unwrap_or(path)
        .split('/')
        .collect()
}

/// What a file says about other files.
#[derive(Default)]
struct Found {
    /// Every path that could lead to a module, behind the module in which it is written.
    paths: Vec<(Vec<String>, Vec<String>)>,
    /// Modules for tests that have files of their own.
    tests: Vec<Vec<String>>,
}

impl Found {
    fn read(file: &str, source: &str) -> Self {
        let tokens: TokenStream = source
            .parse()
            .unwrap_or_else(|error| panic!("{file}: {error}"));
        let module: Vec<String> = module_of(file).into_iter().map(str::to_owned).collect();
        let mut found = Found::default();
        collect(tokens, &module, &mut found);
        found
    }
}

fn collect(tokens: TokenStream, module: &[String], found: &mut Found) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        if is_test_attribute(&tokens[at..]) {
            let end = behind_item(&tokens, at + 2);
            found.tests.extend(file_module(&tokens[at..end], module));
            at = end;
        } else if is_visibility(&tokens[at..]) {
            at += 2;
        } else if let Some(length) = use_length(&tokens[at..]) {
            let item: TokenStream = tokens[at..at + length].iter().cloned().collect();
            // In a macro it may be none yet, such as `use $crate::page;`.
            let Ok(item) = syn::parse2::<ItemUse>(item) else {
                at += 1;
                continue;
            };
            leaves(&item.tree, &mut Vec::new(), &mut |path| {
                found.paths.push((module.to_vec(), path));
            });
            at += length;
        } else if let Some((name, body)) = inline_module(&tokens[at..]) {
            let mut inner = module.to_vec();
            inner.push(name);
            collect(body, &inner, found);
            at += 3;
        } else {
            let path = path_at(&tokens, at);
            if path.len() > 1 {
                at += path.len() * 3 - 2;
                found.paths.push((module.to_vec(), path));
                continue;
            }
            match &tokens[at] {
                TokenTree::Group(group) => collect(group.stream(), module, found),
                TokenTree::Literal(literal) => {
                    let path = path_in(&literal.to_string());
                    found.paths.extend(path.map(|path| (module.to_vec(), path)));
                }
                _ => {}
            }
            at += 1;
        }
    }
}

/// The paths that a `use` brings in, written out. A glob is the path before it.
fn leaves(tree: &UseTree, before: &mut Vec<String>, found: &mut impl FnMut(Vec<String>)) {
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            leaves(&path.tree, before, found);
            before.pop();
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                leaves(tree, before, found);
            }
        }
        UseTree::Glob(_) => found(before.clone()),
        UseTree::Name(_) | UseTree::Rename(_) => {
            let name = match tree {
                UseTree::Rename(rename) => rename.ident.to_string(),
                UseTree::Name(name) => name.ident.to_string(),
                _ => unreachable!(),
            };
            let mut path = before.clone();
            if name != "self" || path.is_empty() {
                path.push(name);
            }
            found(path);
        }
    }
}

/// `#[cfg(test)]`, or `#[cfg(all(test, …))]`.
fn is_test_attribute(tokens: &[TokenTree]) -> bool {
    let [TokenTree::Punct(hash), TokenTree::Group(group), ..] = tokens else {
        return false;
    };
    let text = group.stream().to_string().replace(' ', "");
    hash.as_char() == '#' && (text == "cfg(test)" || text.starts_with("cfg(all(test,"))
}

/// `pub(in path)`, which names a module without importing it.
fn is_visibility(tokens: &[TokenTree]) -> bool {
    let [TokenTree::Ident(keyword), TokenTree::Group(group), ..] = tokens else {
        return false;
    };
    keyword == "pub" && group.stream().to_string().starts_with("in ")
}

/// The place behind the item that begins at `at`: behind its body, or its semicolon.
fn behind_item(tokens: &[TokenTree], at: usize) -> usize {
    let ends = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    };
    let end = tokens[at..].iter().position(ends);
    end.map_or(tokens.len(), |end| at + end + 1)
}

/// The module that an item such as `mod tests;` declares.
fn file_module(item: &[TokenTree], around: &[String]) -> Option<Vec<String>> {
    match item {
        [
            ..,
            TokenTree::Ident(keyword),
            TokenTree::Ident(name),
            TokenTree::Punct(_),
        ] if keyword == "mod" => {
            let mut module = around.to_vec();
            module.push(name.to_string());
            Some(module)
        }
        _ => None,
    }
}

/// The number of tokens of a `use` declaration that begins here. `impl Trait + use<'a>` has none.
fn use_length(tokens: &[TokenTree]) -> Option<usize> {
    let is = |token: &TokenTree, text: &str| token.to_string() == text;
    if !is(tokens.first()?, "use") || is(tokens.get(1)?, "<") {
        return None;
    }
    let end = tokens.iter().position(|token| is(token, ";"))?;
    Some(end + 1)
}

/// The name and the body of `mod name { … }`.
fn inline_module(tokens: &[TokenTree]) -> Option<(String, TokenStream)> {
    match tokens {
        [
            TokenTree::Ident(keyword),
            TokenTree::Ident(name),
            TokenTree::Group(body),
            ..,
        ] if keyword == "mod" => Some((name.to_string(), body.stream())),
        _ => None,
    }
}

/// The names of a path such as `crate::page::read` that begins here; none in the middle of one.
fn path_at(tokens: &[TokenTree], at: usize) -> Vec<String> {
    let colon =
        |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(it)) if it.as_char() == ':');
    let is_inside = at > 1 && colon(at - 1) && colon(at - 2);
    let mut names = Vec::new();
    let mut next = at;
    while let Some(TokenTree::Ident(name)) = tokens.get(next).filter(|_| !is_inside) {
        names.push(name.to_string());
        if !(colon(next + 1) && colon(next + 2)) {
            break;
        }
        next += 3;
    }
    names
}

/// The path in a string such as serde's `with = "crate::page"`.
fn path_in(literal: &str) -> Option<Vec<String>> {
    let text = literal.strip_prefix('"')?.strip_suffix('"')?;
    let names: Vec<String> = text.split("::").map(str::to_owned).collect();
    let is_name = |name: &String| {
        !name.is_empty() && name.chars().all(|it| it.is_alphanumeric() || it == '_')
    };
    let is_path = names.len() > 1
        && ["crate", "super", "self"].contains(&names[0].as_str())
        && names.iter().all(is_name);
    is_path.then_some(names)
}

#[test]
fn the_crate_that_compares_has_no_word_of_payssam() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("compare");
    let mut open = vec![folder];
    let mut searched = 0;
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).unwrap();
            open.extend(entries.map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = fs::read_to_string(&path).unwrap().to_lowercase();
        for word in [
            "payssam",
            "결제선생",
            "paymint",
            "xtask",
            "result code",
            "resultcode",
            "pinned",
        ] {
            assert!(!text.contains(word), "{} says {word}", path.display());
        }
        searched += 1;
    }
    assert!(searched > 30, "{searched} files");
}

/// A house of three rooms, one above the other.
const SMALL: House = House {
    src: "small/src",
    imported_as: "small",
    rooms: &[
        room("root", &["lib.rs", "main.rs"], ALL),
        room("low", &["low"], &[]),
        room("middle", &["middle"], &["low"]),
        room("high", &["high"], &["low", "middle"]),
    ],
};

/// The violations of a small crate with these files and an empty one for each other room.
#[track_caller]
fn wrong_with(files: &[(&str, &str)]) -> Vec<String> {
    let mut all: BTreeMap<String, String> =
        ["lib.rs", "low.rs", "low/inner.rs", "middle.rs", "high.rs"]
            .map(|file| (file.to_owned(), String::new()))
            .into();
    for (file, source) in files {
        syn::parse_file(source).unwrap_or_else(|error| panic!("{file}: {error}"));
        all.insert((*file).to_owned(), (*source).to_owned());
    }
    violations(&SMALL, &all)
}

/// Asserts that this source in `middle.rs` imports the room above it by this path.
#[track_caller]
fn assert_upward(source: &str, path: &str) {
    let expected =
        format!("small/src/middle.rs imports {path}: room `middle` may not import room `high`");
    assert_eq!(wrong_with(&[("middle.rs", source)]), [expected], "{source}");
}

#[test]
fn an_import_downward_is_allowed() {
    for source in [
        "use crate::low::A;",
        "use crate::low::{self, inner::B};",
        "use super::low;",
        "fn a() -> crate::low::A { crate::low::inner::b() }",
        "pub(in crate::high) fn a() {}",
        "use std::fmt; use serde::high::A; fn a(high: u8) { Self::high(); high::A; }",
    ] {
        assert_eq!(wrong_with(&[("middle.rs", source)]), [""; 0], "{source}");
    }
}

#[test]
fn an_import_upward_is_found_however_it_is_written() {
    for (source, path) in [
        ("use crate::high::A;", "crate::high::A"),
        ("use crate::high;", "crate::high"),
        ("use crate::high::*;", "crate::high"),
        ("use crate::high::A as B;", "crate::high::A"),
        ("pub(crate) use crate::high::A;", "crate::high::A"),
        ("pub use super::high::A;", "super::high::A"),
        ("pub(in crate::low) use crate::high::A;", "crate::high::A"),
        ("use crate::{low, high::{self, A}};", "crate::high"),
        ("use {std::fmt, crate::high};", "crate::high"),
        ("fn a() { crate::high::b(); }", "crate::high::b"),
        ("fn a() { use crate::high::b; b() }", "crate::high::b"),
        ("fn a(it: &super::high::A) {}", "super::high::A"),
        ("struct A(Vec<crate::high::A>);", "crate::high::A"),
        ("impl crate::high::A for B {}", "crate::high::A"),
        (
            "mod inner { use super::super::high::A; }",
            "super::super::high::A",
        ),
        (
            "fn a() { println!(\"{}\", crate::high::b()); }",
            "crate::high::b",
        ),
        (
            "macro_rules! a { () => { $crate::high::b() } }",
            "crate::high::b",
        ),
        (
            "macro_rules! a { ($b:ident) => { use $crate::high::$b; } }",
            "crate::high",
        ),
        (
            "#[error(\"x\", crate::high::b(it))] struct A;",
            "crate::high::b",
        ),
        ("#[serde(with = \"crate::high\")] struct A;", "crate::high"),
        (
            "#[cfg(feature = \"x\")] use crate::high::A;",
            "crate::high::A",
        ),
        (
            "fn a() -> impl Iterator + use<'_> { crate::high::b() }",
            "crate::high::b",
        ),
    ] {
        let found = wrong_with(&[("middle.rs", source)]);
        let is_found = |it: &String| it.starts_with(&format!("small/src/middle.rs imports {path}"));
        assert!(found.iter().any(is_found), "{source}: {found:?}");
    }
    assert_upward("use crate::high::A;", "crate::high::A");
    assert_upward("fn a() { crate::high::b(); }", "crate::high::b");
}

#[test]
fn an_import_through_the_root_is_found() {
    for (source, path) in [
        ("use crate::A;", "crate::A"),
        ("use crate::{A, low::B};", "crate::A"),
        ("use crate::*;", "crate"),
        ("use super::A;", "super::A"),
        ("fn a() -> crate::Result<()> { Ok(()) }", "crate::Result"),
        ("pub(crate) use crate::{low, A};", "crate::A"),
    ] {
        let expected = format!("small/src/middle.rs imports {path} through lib.rs");
        assert_eq!(wrong_with(&[("middle.rs", source)]), [expected], "{source}");
    }
    let front = "mod low; pub use low::A; pub use crate::high::B;";
    assert_eq!(wrong_with(&[("lib.rs", front)]), [""; 0]);
}

#[test]
fn two_files_that_import_each_other_are_found() {
    let found = wrong_with(&[
        ("low.rs", "mod inner; use inner::A;"),
        ("low/inner.rs", "use super::B;"),
    ]);
    assert_eq!(
        found,
        ["small/src/low.rs and small/src/low/inner.rs import each other: inner::A, super::B"]
    );
    let found = wrong_with(&[
        ("low.rs", "mod inner; fn a() { inner::a(); }"),
        (
            "low/inner.rs",
            "fn a() -> crate::low::B { crate::low::b() }",
        ),
    ]);
    assert!(found[0].contains("import each other"), "{found:?}");
    let one_way = wrong_with(&[
        ("low.rs", "mod inner; pub use inner::A;"),
        ("low/inner.rs", "use std::fmt;"),
    ]);
    assert_eq!(one_way, [""; 0]);
}

#[test]
fn imports_for_tests_do_not_count() {
    for source in [
        "#[cfg(test)] mod tests { use crate::high::A; }",
        "#[cfg(test)] use crate::high::A;",
        "impl A { #[cfg(test)] fn a() { crate::high::b(); } }",
        "#[cfg(all(test, unix))] mod tests { use crate::high::A; }",
    ] {
        assert_eq!(wrong_with(&[("middle.rs", source)]), [""; 0], "{source}");
    }
    let own_file = wrong_with(&[
        ("middle.rs", "#[cfg(test)] mod tests;"),
        ("middle/tests.rs", "mod more;"),
        ("middle/tests/more.rs", "use crate::high::A;"),
        ("high.rs", "use crate::middle::A;"),
    ]);
    assert_eq!(own_file, [""; 0]);
    let behind = "#[cfg(test)] use crate::low; use crate::high::A;";
    assert_upward(behind, "crate::high::A");
}

#[test]
fn a_file_without_a_room_is_found() {
    assert_eq!(
        wrong_with(&[("lower.rs", ""), ("low/deep/mod.rs", "")]),
        ["small/src/lower.rs belongs to no room"]
    );
}

#[test]
fn a_binary_imports_its_library_by_name_and_a_crate_without_one_by_its_own_root() {
    let main = "use small::high::A; fn main() { small::low::b(); }";
    assert_eq!(wrong_with(&[("main.rs", main)]), [""; 0]);
    let files = [
        ("main.rs", "mod low; mod high;"),
        ("low.rs", "use crate::run;"),
    ];
    let files = files.map(|(file, source)| (file.to_owned(), source.to_owned()));
    assert_eq!(
        violations(&SMALL, &files.into()),
        ["small/src/low.rs imports crate::run through main.rs"]
    );
}

#[test]
fn the_longest_name_that_fits_a_file_is_its_room() {
    let rooms = &[
        room("outer", &["a"], &[]),
        room("inner", &["a/b"], &[]),
        room("only", &["a/b.rs"], &[]),
    ];
    let name = |file| room_of(rooms, file).map(|room| room.name);
    assert_eq!(name("a.rs"), Some("outer"));
    assert_eq!(name("a/mod.rs"), Some("outer"));
    assert_eq!(name("a/bc.rs"), Some("outer"));
    assert_eq!(name("a/b/c.rs"), Some("inner"));
    assert_eq!(name("a/b.rs"), Some("only"));
    assert_eq!(name("ab.rs"), None);
}

#[test]
fn rooms_in_a_circle_are_found() {
    let circular = &[
        room("root", &[], ALL),
        room("a", &[], &[]),
        room("b", &[], &["a", "c"]),
        room("c", &[], &["d"]),
        room("d", &[], &["b"]),
    ];
    assert!(circle(circular).is_some());
    assert_eq!(circle(SMALL.rooms), None);
}
