//! Accepted changes.

mod published;

use std::fs;

use openapi_compare::finding::Finding;
use published::{Ended, changes, folder, openapi, page_with, spec};
use xtask::compare::beside;
use xtask::payssam::exit;

/// Diffs one `review` change against a folder with this `accepted.toml`.
fn diff(accepted: &str, more: &[&str]) -> Ended {
    let openapi = openapi();
    fs::write(openapi.path().join("accepted.toml"), accepted).unwrap();
    let changed = page_with(
        "(F:승인, W:대기, C:취소, D:파기)",
        "(F:승인, W:대기, C:수금, D:파기)",
    );
    let published = folder(&changed);
    let from = published.path().to_str().unwrap();
    let arguments: Vec<&str> = ["diff", "--from", from]
        .iter()
        .chain(more)
        .copied()
        .collect();
    spec(openapi.path(), &arguments)
}

fn fingerprint() -> String {
    let found = changes(&diff("", &["--format", "json"]));
    assert_eq!(found.len(), 1, "{found:?}");
    found[0]["fingerprint"].as_str().unwrap().to_owned()
}

/// A finding with the fingerprint of that change.
fn finding() -> Finding {
    Finding {
        fingerprint: fingerprint(),
        ..beside::finding(beside::PINNED_PROSE_CHANGED)
    }
}

fn acceptance(until: &str) -> String {
    format!(
        "[[accept]]\nfingerprint = \"{}\"\nreason = \"agreed by phone\"\nuntil = {until}\n",
        fingerprint()
    )
}

#[test]
fn an_accepted_change_is_only_counted() {
    let accepted = acceptance("9999-12-31");
    let ended = diff(&accepted, &[]);
    assert_eq!(ended.code, exit::DONE, "{ended:?}");
    assert_eq!(ended.stderr, "");
    assert!(
        ended
            .stdout
            .ends_with("1 accepted, see openapi/accepted.toml\n"),
        "{}",
        ended.stdout
    );
    assert!(!ended.stdout.contains("apprState"), "{}", ended.stdout);
    assert_eq!(changes(&diff(&accepted, &["--format", "json"])).len(), 0);
}

#[test]
fn only_shows_accepted_changes_too() {
    let accepted = acceptance("9999-12-31");
    let ended = diff(&accepted, &["--only", "review", "--format", "json"]);
    assert_eq!(ended.code, exit::DONE, "{ended:?}");
    assert_eq!(changes(&ended).len(), 1);
}

#[test]
fn an_acceptance_is_valid_through_its_last_day_in_korea() {
    let today = xtask::payssam::pull::today();
    let tomorrow = today.tomorrow().unwrap();
    assert_eq!(
        diff(&acceptance(&tomorrow.to_string()), &[]).code,
        exit::DONE
    );
    let ended = diff(&acceptance(&today.yesterday().unwrap().to_string()), &[]);
    assert_eq!(ended.code, exit::CHANGED, "{ended:?}");

    let accepted = xtask::payssam::accepted::parse(&acceptance(&today.to_string())).unwrap();
    for (day, holds) in [(today, true), (tomorrow, false)] {
        let divided = accepted.divide(vec![finding()], day);
        assert_eq!(divided.accepted.len(), usize::from(holds), "{day}");
        assert_eq!(divided.open.len(), usize::from(!holds), "{day}");
        assert_eq!(accepted.expired(day).count(), usize::from(!holds), "{day}");
    }
}

#[test]
fn an_expired_acceptance_is_ignored_with_a_warning() {
    let ended = diff(&acceptance("2020-01-01"), &[]);
    assert_eq!(ended.code, exit::CHANGED, "{ended:?}");
    assert!(
        ended.stderr.starts_with("warning: openapi/accepted.toml: "),
        "{}",
        ended.stderr
    );
    assert!(
        ended.stderr.contains("until 2020-01-01: agreed by phone"),
        "{}",
        ended.stderr
    );
}

#[test]
fn an_acceptance_that_cannot_be_read_is_102_with_its_line() {
    for (text, why) in [
        (
            "[[accept]]\nfingerprint = \"a\"\nuntil = 2020-01-01\n",
            "missing field `reason`",
        ),
        (
            "[[accept]]\nfingerprint = \"a\"\nreason = \"b\"\nuntil = \"soon\"\n",
            "line 4",
        ),
        (
            "[[accept]]\nfingerprint = \"a\"\nreason = \"b\"\nuntil = 2020-01-01\nby = \"c\"\n",
            "unknown field `by`",
        ),
        ("[[accepted]]\n", "unknown field `accepted`"),
    ] {
        let ended = diff(text, &[]);
        assert_eq!(ended.code, exit::SPEC_UNREADABLE, "{ended:?}");
        assert!(ended.stderr.contains(why), "{}", ended.stderr);
        assert_eq!(ended.stdout, "");
    }
}
