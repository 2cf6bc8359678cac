//! Operations that no captured page describes.

mod published;

use std::fs;
use std::path::Path;

use published::{bytes, folder, list, openapi, page, spec};
use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::payssam::{exit, sources};

/// A reconstruction with the operation `POST /{name}`, whose memo may be 20 characters long.
fn reconstruction(name: &str) -> Value {
    json!({
        "paths": {format!("/{name}"): {"post": {
            "operationId": name,
            "requestBody": {"content": {"application/json": {"schema": {
                "type": "object",
                "properties": {"memo": {"type": "string", "maxLength": 20, "x-provenance": "used"}},
            }}}},
            "responses": {"200": {
                "description": "ok",
                "content": {"application/json": {"schema": {"type": "object"}}},
            }},
        }}},
    })
}

/// Adds a reconstruction to a folder, with its entry in `sources.toml`.
fn add(openapi: &Path, name: &str, reconstruction: &Value) {
    let text = format!("{reconstruction:#}\n");
    let file = format!("reconstructed/{name}.json");
    fs::create_dir_all(openapi.join("reconstructed")).unwrap();
    fs::write(openapi.join(&file), &text).unwrap();
    let mut entries = sources_of(openapi);
    entries.push_str(&format!(
        "\n[[page]]\nfile = \"{file}\"\ncaptured = 2026-11-24\nsha256 = \"{}\"\n\
         provenance = \"reconstructed\"\noperations = [\"POST /{name}\"]\n",
        sources::digest(text.as_bytes())
    ));
    fs::write(openapi.join("sources.toml"), entries).unwrap();
}

fn sources_of(openapi: &Path) -> String {
    fs::read_to_string(openapi.join("sources.toml")).unwrap()
}

/// What is checked in, with the reconstructions `one` and `two` besides, built.
fn with_reconstructions() -> TempDir {
    let openapi = openapi();
    for name in ["one", "two"] {
        add(openapi.path(), name, &reconstruction(name));
    }
    let built = spec(openapi.path(), &["build"]);
    assert_eq!(built.code, exit::DONE, "{built:?}");
    openapi
}

/// A page with the specification of both reconstructions, where a memo may be `longest` characters long.
fn page_of_both(longest: u32) -> String {
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {"title": "OpenAPI definition", "version": "v0"},
        "tags": [],
        "servers": [{"url": null, "description": "Generated server url"}],
        "paths": {},
    });
    for name in ["one", "two"] {
        let mut operation = reconstruction(name)["paths"][format!("/{name}")].take();
        let body = "/post/requestBody/content/application~1json/schema/properties/memo";
        let memo = operation.pointer_mut(body).unwrap();
        *memo = json!({"type": "string", "maxLength": longest});
        document["paths"][format!("/{name}")] = operation;
    }
    format!("# Both\n\n```json\n{document}\n```\n")
}

/// Publishes the captured page and these.
fn publishing(pages: &[(&str, &str)]) -> TempDir {
    let folder = folder(&page());
    let mut listed = vec!["acceptance"];
    for (name, text) in pages {
        fs::write(folder.path().join(format!("{name}.md")), text).unwrap();
        listed.push(name);
    }
    fs::write(folder.path().join("llms.txt"), list(&listed)).unwrap();
    folder
}

fn run(act: &str, openapi: &Path, from: &TempDir) -> published::Ended {
    let from = from.path().to_str().unwrap();
    spec(openapi, &[act, "--from", from, "--fail-on", "none"])
}

#[test]
fn a_reconstruction_is_lowered_like_a_page_and_its_provenance_stays_in_upstream_json() {
    let openapi = with_reconstructions();
    let read = |file: &str| -> Value {
        let text = fs::read_to_string(openapi.path().join(file)).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let body = "/paths/~1one/post/requestBody/content/application~1json/schema/properties/memo";
    let memo = json!({"type": "string", "maxLength": 20});
    let client = read("client.json");
    assert_eq!(
        client["components"]["schemas"]["OneRequest"]["properties"]["memo"],
        memo
    );
    assert_eq!(
        read("upstream.json").pointer(body).unwrap()["x-provenance"],
        "used"
    );
    assert_eq!(spec(openapi.path(), &["build", "--check"]).code, exit::DONE);
}

#[test]
fn the_first_page_that_describes_reconstructions_replaces_them() {
    let openapi = with_reconstructions();
    let before = bytes(openapi.path()).len();
    let both = page_of_both(30);
    let from = publishing(&[("guide", "# Guide\n"), ("both", &both)]);
    let ended = run("pull", openapi.path(), &from);
    assert_eq!(ended.code, exit::DONE, "{ended:?}");
    for line in [
        "wrote openapi/pages/both.md",
        "removed openapi/reconstructed/one.json",
        "removed openapi/reconstructed/two.json",
    ] {
        assert!(ended.stderr.contains(line), "{}", ended.stderr);
    }
    assert_eq!(
        fs::read_to_string(openapi.path().join("pages/both.md")).unwrap(),
        both
    );
    assert_eq!(bytes(openapi.path()).len(), before - 1);
    let sources = sources::parse(&sources_of(openapi.path())).unwrap();
    let entry = sources
        .pages
        .iter()
        .find(|page| page.file == "pages/both.md")
        .unwrap();
    assert_eq!(entry.provenance, sources::Provenance::Published);
    let address = "https://developers.payssam.kr/api/api-v2/both";
    assert_eq!(entry.address.as_deref(), Some(address));
    assert_eq!(entry.operations, ["POST /one", "POST /two"]);
    assert!(!sources_of(openapi.path()).contains("two.json"));
    assert_eq!(spec(openapi.path(), &["build", "--check"]).code, exit::DONE);
    let again = run("pull", openapi.path(), &from);
    assert!(!again.stderr.contains("wrote"), "{}", again.stderr);
}

#[test]
fn a_diff_reports_only_what_a_reconstruction_had_wrong() {
    let openapi = with_reconstructions();
    let ended = run(
        "diff",
        openapi.path(),
        &publishing(&[("both", &page_of_both(30))]),
    );
    for operation in ["POST /one (one)", "POST /two (two)"] {
        assert!(ended.stdout.contains(operation), "{}", ended.stdout);
    }
    assert!(ended.stdout.contains("from 20 to 30"), "{}", ended.stdout);
    assert!(!ended.stdout.contains("page-added"), "{}", ended.stdout);
    let ended = run(
        "diff",
        openapi.path(),
        &publishing(&[("both", &page_of_both(20))]),
    );
    assert!(!ended.stdout.contains("POST /one"), "{}", ended.stdout);
    assert!(!ended.stdout.contains("x-provenance"), "{}", ended.stdout);
}

#[test]
fn a_reconstruction_that_no_page_describes_stays_byte_for_byte() {
    let openapi = with_reconstructions();
    let before = bytes(openapi.path());
    let from = publishing(&[("guide", "# Guide\n")]);
    assert_eq!(run("pull", openapi.path(), &from).code, exit::DONE);
    assert_eq!(bytes(openapi.path()), before);
}

#[test]
fn a_listed_page_that_cannot_be_read_is_named_and_changes_nothing() {
    let openapi = with_reconstructions();
    let before = bytes(openapi.path());
    let from = publishing(&[("odd", "```json\n{\"openapi\": \"3.1.0\",}\n```\n")]);
    let ended = run("pull", openapi.path(), &from);
    assert_eq!(ended.code, exit::DONE, "{ended:?}");
    let warning = "what /api/api-v2/odd describes is unknown";
    assert!(ended.stderr.contains(warning), "{}", ended.stderr);
    assert_eq!(bytes(openapi.path()), before);
}

#[test]
fn a_reconstruction_with_a_known_address_is_replaced_by_that_page() {
    let openapi = with_reconstructions();
    let address = "address = \"https://developers.payssam.kr/api/api-v2/one\"";
    let reconstruction = "file = \"reconstructed/one.json\"";
    let sources =
        sources_of(openapi.path()).replace(reconstruction, &format!("{reconstruction}\n{address}"));
    fs::write(openapi.path().join("sources.toml"), sources).unwrap();
    let page = page_of_both(20).replace("\"/two\"", "\"/three\"");
    let ended = run("pull", openapi.path(), &publishing(&[("one", &page)]));
    assert_eq!(ended.code, exit::DONE, "{ended:?}");
    assert!(openapi.path().join("pages/one.md").exists());
    assert!(!openapi.path().join("reconstructed/one.json").exists());
    assert!(openapi.path().join("reconstructed/two.json").exists());
    assert_eq!(spec(openapi.path(), &["build", "--check"]).code, exit::DONE);
}

#[test]
fn a_reconstruction_without_provenance_is_102_with_the_pointer() {
    let with = |provenance: Value| {
        let mut reconstruction = reconstruction("one");
        let body = "/paths/~1one/post/requestBody/content/application~1json/schema/properties/memo";
        reconstruction.pointer_mut(body).unwrap()["x-provenance"] = provenance;
        reconstruction
    };
    for wrong in [json!(null), json!("guessed"), json!(1)] {
        let openapi = openapi();
        add(openapi.path(), "one", &with(wrong));
        let ended = spec(openapi.path(), &["build"]);
        assert_eq!(ended.code, exit::SPEC_UNREADABLE, "{ended:?}");
        let pointer = "reconstructed/one.json: /paths/~1one/post/requestBody/content/\
                       application~1json/schema/properties/memo/x-provenance";
        assert!(ended.stderr.contains(pointer), "{}", ended.stderr);
        let known = "expected one of published, observed, reported, used";
        assert!(ended.stderr.contains(known), "{}", ended.stderr);
    }
}

#[test]
fn a_reconstruction_of_two_operations_is_102() {
    let openapi = openapi();
    let mut both = reconstruction("one");
    both["paths"]["/two"] = reconstruction("two")["paths"]["/two"].take();
    add(openapi.path(), "one", &both);
    let ended = spec(openapi.path(), &["build"]);
    assert_eq!(ended.code, exit::SPEC_UNREADABLE, "{ended:?}");
    let words = "reconstructed/one.json: a reconstruction must have exactly one operation; found 2";
    assert!(ended.stderr.contains(words), "{}", ended.stderr);
}

#[test]
fn a_published_page_needs_an_address() {
    let openapi = openapi();
    let sources = sources_of(openapi.path()).replace("address = ", "# address = ");
    fs::write(openapi.path().join("sources.toml"), sources).unwrap();
    let ended = spec(openapi.path(), &["build"]);
    assert_eq!(ended.code, exit::SPEC_UNREADABLE, "{ended:?}");
    assert!(ended.stderr.contains("has no address"), "{}", ended.stderr);
}
