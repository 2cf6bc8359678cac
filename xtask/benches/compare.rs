//! The cost of comparing relative to parsing: two versions of GitHub's published REST description, about
//! 11 MB of JSON each; and a pair of 3.6 MB, made here, in which one title changed that all operations
//! share.
//!
//! ```text
//! cargo bench -p xtask --bench compare
//! ```
//!
//! Fetches the npm package `@octokit/openapi` with `npm pack` into the target directory, once.
//! Each is parsed and compared once, as a run of the command does, and then five times in turn, of
//! which the fastest counts. Fails if comparing takes more than twice as long as parsing either way, or
//! more than 400 MB; with the shared title, more than four times as long.

#![expect(
    clippy::disallowed_macros,
    reason = "prints figures and nothing that a document says"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

use serde_json::{Map, Value, json};
use xtask::compare::compare;

const VERSIONS: [&str; 2] = ["16.0.0", "17.0.0"];
const DOCUMENT: &str = "package/generated/api.github.com.json";
const MOST_TIMES_PARSING: f64 = 2.0;
const MOST_MEGABYTES: u64 = 400;
/// For a pair in which one title changed that every operation shares.
const MOST_TIMES_PARSING_OF_SHARED: f64 = 4.0;

fn main() {
    // First, before the memory of the large documents is in pieces.
    shared();
    let texts = VERSIONS.map(|version| fs::read(fetched(version)).expect("a readable document"));
    let [old, new] = texts.each_ref().map(Vec::as_slice);
    let (parsing, comparing, findings) = once(old, new);
    let ratio = comparing.as_secs_f64() / parsing.as_secs_f64();
    let peak = peak_megabytes();
    let fastest = best_of_five(old, new);
    println!("parsing both   {parsing:>10.1?}");
    println!("comparing      {comparing:>10.1?}  {findings} findings");
    println!("ratio          {ratio:>10.2}  at most {MOST_TIMES_PARSING}");
    println!("best of five   {fastest:>10.2}  at most {MOST_TIMES_PARSING}");
    match peak {
        Some(peak) => println!("peak memory    {peak:>7} MB  at most {MOST_MEGABYTES} MB"),
        None => println!("peak memory    not told by this system"),
    }
    assert!(
        ratio.max(fastest) <= MOST_TIMES_PARSING,
        "comparing takes too long"
    );
    assert!(
        peak.is_none_or(|peak| peak <= MOST_MEGABYTES),
        "comparing takes too much memory"
    );
}

/// A description of so many operations whose bodies all refer to one schema.
fn sharing(title: &str) -> Vec<u8> {
    const OPERATIONS: usize = 4_646;
    let reference = json!({"$ref": "#/components/schemas/Shared"});
    let own = |index: usize, place: usize| {
        let words = format!(
            "The field {place} of the operation {index}, which nobody shares and nobody reads."
        );
        json!({"type": "string", "maxLength": place + 1, "description": words})
    };
    let operation = |index: usize| {
        let fields: Map<String, Value> = (0..4)
            .map(|place| (format!("field{place}"), own(index, place)))
            .chain([("shared".to_owned(), reference.clone())])
            .collect();
        let schema = json!({"type": "object", "properties": fields});
        let body = json!({"content": {"application/json": {"schema": schema}}});
        let item =
            json!({"post": {"operationId": format!("operation{index}"), "requestBody": body}});
        (format!("/operations/{index}"), item)
    };
    let paths: Map<String, Value> = (0..OPERATIONS).map(operation).collect();
    let shared = json!({"type": "string", "title": title});
    let document = json!({
        "openapi": "3.1.0",
        "paths": paths,
        "components": {"schemas": {"Shared": shared}},
    });
    serde_json::to_vec(&document).expect("a document")
}

fn shared() {
    let texts = ["old", "new"].map(sharing);
    let megabytes = texts[0].len() as f64 / 1e6;
    let [old, new] = texts.each_ref().map(Vec::as_slice);
    let (parsing, comparing, findings) = once(old, new);
    let ratio = comparing.as_secs_f64() / parsing.as_secs_f64();
    let fastest = best_of_five(old, new);
    println!("one shared title in {megabytes:.1} MB: {findings} places");
    println!("ratio          {ratio:>10.2}  at most {MOST_TIMES_PARSING_OF_SHARED}");
    println!("best of five   {fastest:>10.2}  at most {MOST_TIMES_PARSING_OF_SHARED}");
    assert!(
        ratio.max(fastest) <= MOST_TIMES_PARSING_OF_SHARED,
        "comparing takes too long"
    );
}

/// How long parsing both and comparing them takes, and how many changes there are.
fn once(old: &[u8], new: &[u8]) -> (Duration, Duration, usize) {
    let (parsing, [old, new]) = timed(|| [old, new].map(parsed));
    let (comparing, findings) =
        timed(|| compare(&old, &new, None).expect("two documents to compare"));
    (parsing, comparing, findings.len())
}

/// The fastest comparison relative to the fastest parsing.
fn best_of_five(old: &[u8], new: &[u8]) -> f64 {
    let all = [(); 5].map(|()| once(old, new));
    let parsing = all.iter().map(|it| it.0).min().unwrap_or_default();
    let comparing = all.iter().map(|it| it.1).min().unwrap_or_default();
    comparing.as_secs_f64() / parsing.as_secs_f64()
}

fn parsed(text: &[u8]) -> Value {
    serde_json::from_slice(text).expect("a JSON document")
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = work();
    (start.elapsed(), result)
}

/// The document of a version, fetched once.
fn fetched(version: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("octokit")
        .join(version);
    let document = folder.join(DOCUMENT);
    if !document.exists() {
        fs::create_dir_all(&folder).expect("a writable target directory");
        let package = format!("@octokit/openapi@{version}");
        run(Command::new("npm")
            .args(["pack", &package])
            .current_dir(&folder));
        let archive = format!("octokit-openapi-{version}.tgz");
        run(Command::new("tar")
            .args(["xzf", &archive, DOCUMENT])
            .current_dir(&folder));
        fs::remove_file(folder.join(archive)).expect("the archive just unpacked");
    }
    document
}

fn run(command: &mut Command) {
    let status = command.status().expect("npm and tar on the path");
    assert!(status.success(), "{command:?} failed");
}

/// The peak memory of this process.
fn peak_megabytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024)
}
