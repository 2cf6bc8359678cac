//! `payssam reconcile`, killed at fifty points, resumes without a loss and almost without a second read.

use std::{collections::HashSet, fs, thread, time::Duration};

use payssam_mock::{Fault, Schedule};

use crate::support::{
    folder::Folder,
    own_mock::OwnMock,
    process::{run, spawn},
};

const BILLS: usize = 450;
const KILLS: usize = 50;
const CONCURRENCY: usize = 8;

/// The lines of a journal that are whole, without its first.
fn whole_lines(journal: &str) -> usize {
    let journal = fs::read(journal).unwrap_or_default();
    let lines = journal.iter().filter(|byte| **byte == b'\n').count();
    lines.saturating_sub(1)
}

#[test]
fn killed_at_fifty_points_its_result_is_byte_for_byte_that_of_an_unbroken_run() {
    let (mock, other) = (OwnMock::start(), OwnMock::start());
    let folder = Folder::new("reconcile-killed");
    let mut books = String::from("bill_id,amount,state\n");
    for number in 0..BILLS {
        let letter = ['F', 'F', 'W', 'C', 'D'][number % 5];
        for mock in [&mock, &other] {
            mock.add(&format!("bill-{number}"), 1_000, letter);
        }
        books += &format!("bill-{number},{},결제완료\n", 1_000 + number % 2);
    }
    books += "bill-7,1000,결제완료\nbill-8,,?\n";
    let path = |name| folder.path(name);
    fs::write(path("books.csv"), books).unwrap();
    let environment = mock.environment();
    let unbroken = [
        "reconcile",
        &path("books.csv"),
        "--out",
        &path("unbroken.jsonl"),
    ];
    assert_eq!(run(&unbroken, &other.environment()).code, 6);
    let expected = fs::read_to_string(path("unbroken.jsonl")).unwrap();
    assert_eq!(expected.lines().count(), BILLS + 2);

    let reads = || {
        // The server keeps the last 1,000 only.
        let all = mock.reads();
        assert!(all.len() < 1_000);
        all
    };
    let count = || mock.server().requests().len();
    // So that a kill finds it in the middle.
    mock.server()
        .inject(Fault::Latency(Duration::from_millis(4)), Schedule::always());
    let journal = path("killed.jsonl.journal");
    let killed = [
        "reconcile",
        &path("books.csv"),
        "--out",
        &path("killed.jsonl"),
        "--resume",
    ];
    let mut random = fastrand::Rng::with_seed(20);
    let mut again = 0;
    for kill in 0..KILLS {
        let (reads_before, known_before) = (count(), whole_lines(&journal));
        let mut running = spawn(&killed, &environment);
        match kill % 5 {
            // Anywhere in its start.
            0 => thread::sleep(Duration::from_millis(random.u64(0..40))),
            _ => {
                let target = reads_before + random.usize(2..=16);
                while count() < target && running.0.try_wait().unwrap().is_none() {
                    thread::sleep(Duration::from_millis(1));
                }
            }
        }
        assert!(
            running.0.try_wait().unwrap().is_none(),
            "it ended before kill {kill}"
        );
        running.0.kill().unwrap();
        running.0.wait().unwrap();
        // What is on its way still arrives.
        let mut arrived = 0;
        while arrived < count() {
            arrived = count();
            thread::sleep(Duration::from_millis(10));
        }
        let lost = (count() - reads_before).saturating_sub(whole_lines(&journal) - known_before);
        assert!(
            lost <= CONCURRENCY,
            "kill {kill}: {lost} bills are read again"
        );
        again += lost;
        assert!(!fs::exists(path("killed.jsonl")).unwrap());
    }
    assert!(whole_lines(&journal) > 100, "the kills came too early");
    assert_eq!(run(&killed, &environment).code, 6);
    assert_eq!(fs::read_to_string(path("killed.jsonl")).unwrap(), expected);
    let all = reads();
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), BILLS);
    assert_eq!(all.len(), BILLS + again);

    // Nothing is left to read, and nothing is left beside the report.
    assert_eq!(run(&killed, &environment).code, 6);
    assert_eq!(reads().len(), all.len());
    let mut names: Vec<_> = fs::read_dir(path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let expected = [
        "books.csv",
        "killed.jsonl",
        "killed.jsonl.journal",
        "unbroken.jsonl",
        "unbroken.jsonl.journal",
    ];
    assert_eq!(names, expected);
}
