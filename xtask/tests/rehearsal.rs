//! The rehearsal, without building anything.

mod published;

use std::collections::BTreeSet;
use std::fs;
use std::thread;

use published::{bytes, openapi, spec};
use tempfile::TempDir;
use xtask::payssam::exit;
use xtask::payssam::rehearse::{self, cases};

#[test]
fn every_case_has_a_short_name_of_its_own() {
    let names: Vec<&str> = cases::all().map(|case| case.name).collect();
    let once: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(names.len(), once.len(), "a name is used twice");
    assert!(names.len() >= 45, "{}", names.len());
    let is_plain =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    for name in names {
        assert!(name.len() <= 60 && name.chars().all(is_plain), "{name}");
    }
}

/// What is wrong with every `of`-th case.
fn wrong(first: usize, of: usize) -> String {
    let built = openapi();
    let files = bytes(built.path());
    let mut wrong = String::new();
    for case in cases::all().skip(first).step_by(of) {
        let folder = TempDir::new().unwrap();
        let openapi = folder.path().join("openapi");
        for (path, bytes) in &files {
            let to = openapi.join(path.strip_prefix(built.path()).unwrap());
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::write(to, bytes).unwrap();
        }
        let found = rehearse::predict(case, &openapi, &folder.path().join("site")).unwrap();
        for found in found {
            wrong += &format!("{}: {found}\n", case.name);
        }
    }
    wrong
}

#[test]
fn the_report_predicts_what_every_case_expects() {
    let halves = [0, 1].map(|first| thread::spawn(move || wrong(first, 2)));
    let wrong = halves.map(|half| half.join().unwrap()).concat();
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn cases_that_do_not_exist_are_2() {
    let ended = spec(openapi().path(), &["rehearse", "--only", "no such case"]);
    assert_eq!(ended.code, exit::USAGE);
    assert!(ended.stderr.contains("no case matches"), "{ended:?}");
    for arguments in [["--slice", "3/3"], ["--jobs", "0"]] {
        let ended = spec(openapi().path(), &[&["rehearse"], &arguments[..]].concat());
        assert_eq!(ended.code, exit::USAGE, "{arguments:?}");
    }
}
