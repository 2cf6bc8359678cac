//! The options that the commands share, and the exit code that follows.

mod published;

use published::{Ended, changes, diff_with, page_with, spec};
use xtask::payssam::exit;

/// The page with two changes: one of level `review`, one of level `doc`.
fn changed_words() -> String {
    page_with(
        "(F:승인, W:대기, C:취소, D:파기)",
        "(F:승인, W:대기, C:수금, D:파기)",
    )
    .replace("# 수납 및 결제취소", "# 수납 및 결제취소\n\n새 안내")
}

fn diff(more: &[&str]) -> Ended {
    diff_with(&changed_words(), more)
}

#[test]
fn fail_on_looks_at_the_worst_change_and_defaults_to_review() {
    for (fail_on, code) in [
        (None, exit::CHANGED),
        (Some("breaking"), exit::DONE),
        (Some("review"), exit::CHANGED),
        (Some("warn"), exit::CHANGED),
        (Some("info"), exit::CHANGED),
        (Some("doc"), exit::CHANGED),
        (Some("none"), exit::DONE),
    ] {
        let arguments: Vec<&str> = fail_on.map_or(vec![], |level| vec!["--fail-on", level]);
        let ended = diff(&arguments);
        assert_eq!(ended.code, code, "{fail_on:?}: {ended:?}");
    }
}

#[test]
fn a_page_has_60_seconds_unless_another_time_is_given() {
    let help = diff(&["--help"]).stdout;
    let timeout = help
        .split("--timeout <SECONDS>")
        .nth(1)
        .expect("the option");
    let timeout = timeout.split("\n\n").next().unwrap();
    assert!(timeout.contains("[default: 60]"), "{timeout}");
}

#[test]
fn only_filters_the_report_and_not_the_exit_code() {
    let shown = |level| {
        let ended = diff(&["--only", level, "--format", "json"]);
        assert_eq!(ended.code, exit::CHANGED, "{level}: {ended:?}");
        let levels = changes(&ended)
            .into_iter()
            .map(|change| change["level"].clone());
        levels.collect::<Vec<_>>()
    };
    assert_eq!(shown("review"), ["review"]);
    assert_eq!(shown("doc"), ["doc"]);
    assert_eq!(shown("breaking"), [""; 0]);
}

#[test]
fn formats_can_be_chosen_and_text_is_the_default() {
    let text = diff(&[]).stdout;
    assert_eq!(diff(&["--format", "text"]).stdout, text);
    let json = diff(&["--format", "json"]).stdout;
    serde_json::from_str::<serde_json::Value>(&json).unwrap();
    let markdown = diff(&["--format", "markdown"]).stdout;
    let github = diff(&["--format", "github"]).stdout;
    assert!(github.starts_with("::"), "{github}");
    for (one, other) in [(&text, &json), (&text, &markdown), (&markdown, &github)] {
        assert_ne!(one, other);
    }
    assert!(!text.contains('\u{1b}'), "colour is for terminals only");
}

#[test]
fn a_report_is_the_same_every_time() {
    for format in ["text", "json", "markdown", "github"] {
        assert_eq!(
            diff(&["--format", format]).stdout,
            diff(&["--format", format]).stdout
        );
    }
}

#[test]
fn invalid_arguments_are_2() {
    for arguments in [
        vec!["diff", "--format", "xml"],
        vec!["diff", "--fail-on", "panic"],
        vec!["diff", "--only", "none"],
        vec!["compare", "one"],
        vec!["push"],
    ] {
        let ended = spec(std::path::Path::new("/nowhere"), &arguments);
        assert_eq!(ended.code, exit::USAGE, "{arguments:?}");
    }
}

#[test]
fn the_exit_codes_are_a_contract() {
    assert_eq!(
        [
            exit::DONE,
            exit::CHANGED,
            exit::USAGE,
            exit::STALE,
            exit::OTHER,
            exit::SPEC_UNREADABLE,
            exit::UPSTREAM_UNREACHABLE,
            exit::PAGE_UNREADABLE,
        ],
        [0, 1, 2, 4, 100, 102, 103, 104]
    );
}
