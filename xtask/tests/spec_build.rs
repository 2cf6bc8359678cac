//! The behaviour of `cargo xtask spec build`.

mod published;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use published::{frozen, live, openapi};
use tempfile::TempDir;
use xtask::page;
use xtask::payssam::build::{self, Outcome};
use xtask::payssam::{exit, sources};

const OPERATIONS: &str = r#"operations = ["POST /bill/cancel", "POST /bill/read"]"#;

/// A folder with one page and what `sources.toml` must say about it.
fn folder_with(page: &str, operations: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("pages")).unwrap();
    fs::write(folder.path().join("pages/some.md"), page).unwrap();
    let sources = format!(
        "[[page]]\nfile = \"pages/some.md\"\naddress = \"https://example.com/some\"\n\
         captured = 2026-11-23\nsha256 = \"{}\"\nprovenance = \"published\"\n{operations}\n",
        sources::digest(page.as_bytes())
    );
    fs::write(folder.path().join("sources.toml"), sources).unwrap();
    folder
}

fn edit(folder: &TempDir, file: &str, from: &str, to: &str) {
    let path = folder.path().join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    fs::write(path, text.replace(from, to)).unwrap();
}

fn xtask(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .arg("--openapi-dir")
        .arg(folder)
        .output()
        .unwrap()
}

fn code(output: &Output) -> u8 {
    output.status.code().unwrap().try_into().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Runs the build on `folder` and returns the message it fails with.
#[track_caller]
fn refusal(folder: &TempDir, expected: u8) -> String {
    let output = xtask(folder.path(), &["spec", "build"]);
    assert_eq!(code(&output), expected, "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
    stderr(&output)
}

#[test]
fn the_checked_in_files_match_the_pages() {
    build::check(&live()).unwrap();
}

#[test]
fn check_accepts_what_build_wrote() {
    let output = xtask(openapi().path(), &["spec", "build", "--check"]);
    assert_eq!(code(&output), exit::DONE, "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
}

#[test]
fn the_checked_in_pages_are_normalised() {
    for folder in [live(), frozen()] {
        let sources = fs::read_to_string(folder.join("sources.toml")).unwrap();
        for source in sources::parse(&sources).unwrap().pages {
            let text = fs::read_to_string(folder.join(&source.file)).unwrap();
            assert_eq!(page::normalise(&text), text, "{}", source.file);
        }
    }
}

#[test]
fn building_again_changes_nothing() {
    let folder = openapi();
    let files = [build::UPSTREAM, build::CLIENT].map(|file| folder.path().join(file));
    let before = files.each_ref().map(|file| fs::read(file).unwrap());
    fs::remove_file(&files[0]).unwrap();
    fs::write(&files[1], "{}").unwrap();
    assert_eq!(
        build::write(folder.path()).unwrap(),
        [
            Outcome::Wrote(build::UPSTREAM.to_owned()),
            Outcome::Wrote(build::CLIENT.to_owned())
        ]
    );
    assert_eq!(
        build::write(folder.path()).unwrap(),
        [
            Outcome::Unchanged(build::UPSTREAM.to_owned()),
            Outcome::Unchanged(build::CLIENT.to_owned())
        ]
    );
    assert_eq!(files.map(|file| fs::read(file).unwrap()), before);
}

#[test]
fn build_reports_each_file_and_leaves_no_other_files() {
    let folder = openapi();
    let before = fs::read_dir(folder.path()).unwrap().count();
    fs::write(folder.path().join(build::CLIENT), "{}").unwrap();
    let output = xtask(folder.path(), &["spec", "build"]);
    assert_eq!(code(&output), exit::DONE, "{}", stderr(&output));
    assert_eq!(
        stdout(&output),
        "unchanged openapi/upstream.json\nwrote openapi/client.json\n"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), before);
}

#[test]
fn check_exits_4_and_names_each_file_that_is_stale_or_missing_and_the_remedy() {
    let folder = openapi();
    fs::remove_file(folder.path().join(build::UPSTREAM)).unwrap();
    edit(&folder, build::CLIENT, "3.0.3", "3.0.2");
    let output = xtask(folder.path(), &["spec", "build", "--check"]);
    assert_eq!(code(&output), exit::STALE);
    assert_eq!(
        stderr(&output),
        "error: openapi/upstream.json is missing, openapi/client.json is stale; \
         run `cargo xtask spec build` to update\n"
    );
}

#[test]
fn check_names_only_the_file_that_is_stale() {
    let folder = openapi();
    edit(&folder, build::CLIENT, "}\n", "}\r\n");
    let output = xtask(folder.path(), &["spec", "build", "--check"]);
    assert_eq!(code(&output), exit::STALE);
    assert!(
        stderr(&output).starts_with("error: openapi/client.json is stale;"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn check_writes_nothing() {
    let folder = openapi();
    fs::write(folder.path().join(build::CLIENT), "{}").unwrap();
    fs::remove_file(folder.path().join(build::UPSTREAM)).unwrap();
    xtask(folder.path(), &["spec", "build", "--check"]);
    assert_eq!(
        fs::read(folder.path().join(build::CLIENT)).unwrap(),
        b"{}".as_slice()
    );
    assert!(!folder.path().join(build::UPSTREAM).exists());
}

#[test]
fn a_page_edited_by_hand_is_102_with_both_digests() {
    let folder = openapi();
    edit(&folder, "pages/acceptance.md", "수납", "수금");
    let page = fs::read(folder.path().join("pages/acceptance.md")).unwrap();
    let message = refusal(&folder, exit::SPEC_UNREADABLE);
    assert!(
        message.contains("pages/acceptance.md was edited by hand"),
        "{message}"
    );
    assert!(message.contains(&sources::digest(&page)), "{message}");
    let captured = fs::read(frozen().join("pages/acceptance.md")).unwrap();
    assert!(message.contains(&sources::digest(&captured)), "{message}");
}

#[test]
fn operations_that_do_not_match_the_list_are_102_and_named() {
    let folder = openapi();
    let listed = r#"operations = ["POST /bill", "POST /bill/read"]"#;
    edit(&folder, "sources.toml", OPERATIONS, listed);
    let message = refusal(&folder, exit::SPEC_UNREADABLE);
    assert!(
        message.contains("missing from the page: POST /bill; not listed: POST /bill/cancel"),
        "{message}"
    );
}

#[test]
fn an_unknown_key_in_sources_is_102_and_named() {
    let folder = openapi();
    edit(&folder, "sources.toml", "provenance", "provenances");
    let message = refusal(&folder, exit::SPEC_UNREADABLE);
    assert!(
        message.contains("sources.toml") && message.contains("`provenances`"),
        "{message}"
    );
}

#[test]
fn a_missing_page_or_sources_file_is_102_and_named() {
    for file in ["pages/acceptance.md", "sources.toml"] {
        let folder = openapi();
        fs::remove_file(folder.path().join(file)).unwrap();
        let message = refusal(&folder, exit::SPEC_UNREADABLE);
        let name = Path::new(file).file_name().unwrap().to_str().unwrap();
        assert!(message.contains(name), "{message}");
    }
}

#[test]
fn two_fences_that_describe_one_operation_differently_are_104_and_both_are_named() {
    let page = "# 수납\n\n```json\n\
        {\"openapi\": \"3.1.0\", \"paths\": {\"/bill\": {\"post\": {\"summary\": \"a\"}}}}\n\
        ```\n\n```json\n\
        {\"openapi\": \"3.1.0\", \"paths\": {\"/bill\": {\"post\": {\"summary\": \"b\"}}}}\n\
        ```\n";
    let operations = "operations = [\"POST /bill\"]";
    let message = refusal(&folder_with(page, operations), exit::PAGE_UNREADABLE);
    assert!(message.contains("pages/some.md:3 (fence 1)"), "{message}");
    assert!(message.contains("pages/some.md:7 (fence 2)"), "{message}");
    assert!(
        message.contains("/paths/~1bill/post/summary: \"a\" versus \"b\""),
        "{message}"
    );
}

#[test]
fn a_page_without_a_spec_is_104_and_named() {
    let folder = folder_with("# 수납\n\n```sh\nls\n```\n", "operations = []");
    let message = refusal(&folder, exit::PAGE_UNREADABLE);
    assert!(
        message.contains("pages/some.md: no spec on this page: it has 1 code fence(s)"),
        "{message}"
    );
}

#[test]
fn a_broken_json_fence_is_104_with_file_line_and_column() {
    let page = "# 수납\n\n```json\n{\"openapi\": \"3.1.0\",\n  \"paths\": {oops}}\n```\n";
    let message = refusal(&folder_with(page, "operations = []"), exit::PAGE_UNREADABLE);
    assert!(message.contains("pages/some.md:5:13: fence 1"), "{message}");
}

#[test]
fn a_keyword_that_cannot_be_lowered_is_104_with_its_pointer_and_nothing_is_written() {
    let page = "```json\n{\"openapi\": \"3.1.0\", \"paths\": {}, \
        \"components\": {\"schemas\": {\"A\": {\"patternProperty\": {}}}}}\n```\n";
    let folder = folder_with(page, "operations = []");
    let message = refusal(&folder, exit::PAGE_UNREADABLE);
    assert!(
        message.contains("/components/schemas/A/patternProperty"),
        "{message}"
    );
    assert!(!folder.path().join(build::UPSTREAM).exists());
}

#[test]
fn the_pages_of_a_folder_are_assembled_into_one_document() {
    let second = "~~~\n{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"OpenAPI definition\",\"version\":\"v0\"},\
        \"servers\":[{\"url\":null,\"description\":\"Generated server url\"}],\
        \"components\":{\"schemas\":{\"Second\":{}}}}\n~~~\n";
    let folder = openapi();
    let path = folder.path().join("pages/second.md");
    fs::write(path, second).unwrap();
    let entry = format!(
        "\n[[page]]\nfile = \"pages/second.md\"\naddress = \"https://example.com/second\"\n\
         captured = 2026-11-24\nsha256 = \"{}\"\nprovenance = \"reconstructed\"\noperations = []\n",
        sources::digest(second.as_bytes())
    );
    edit(
        &folder,
        "sources.toml",
        OPERATIONS,
        &format!("{OPERATIONS}\n{entry}"),
    );
    let document = build::snapshot(folder.path()).unwrap().document;
    let schemas = &document["components"]["schemas"];
    assert!(schemas["Second"].is_object());
    assert!(schemas["CancelBillInfo"].is_object());
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_100_and_the_file_is_named() {
    let folder = openapi();
    let client = folder.path().join(build::CLIENT);
    fs::write(&client, "{}").unwrap();
    fs::create_dir(client.with_extension("json.new")).unwrap();
    let message = refusal(&folder, exit::OTHER);
    assert!(
        message.contains("client.json can't be written"),
        "{message}"
    );
}

#[test]
fn invalid_arguments_are_2() {
    let output = xtask(&frozen(), &["spec", "build", "--chekc"]);
    assert_eq!(code(&output), exit::USAGE);
}
