//! `payssam reconcile`, killed at fifty points, resumes without a loss and almost without a second read.

use std::{collections::HashSet, fs, thread, time::Duration};

use crate::support::{
    folder::Folder,
    holding_server::HoldingServer,
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
    let folder = Folder::new("reconcile-killed");
    let mut books = String::from("bill_id,amount,state\n");
    let mut bills = Vec::new();
    for number in 0..BILLS {
        let letter = ['F', 'F', 'W', 'C', 'D'][number % 5];
        bills.push((format!("bill-{number}"), letter));
        books += &format!("bill-{number},{},결제완료\n", 1_000 + number % 2);
    }
    let (server, other) = (
        HoldingServer::start(bills.clone()),
        HoldingServer::start(bills),
    );
    other.respond_to(usize::MAX);
    books += "bill-7,1000,결제완료\nbill-8,,?\n";
    let path = |name| folder.path(name);
    fs::write(path("books.csv"), books).unwrap();
    let environment = server.environment();
    let unbroken = [
        "reconcile",
        &path("books.csv"),
        "--out",
        &path("unbroken.jsonl"),
    ];
    assert_eq!(run(&unbroken, &other.environment()).code, 6);
    let expected = fs::read_to_string(path("unbroken.jsonl")).unwrap();
    assert_eq!(expected.lines().count(), BILLS + 2);

    let count = || server.reads().len();
    let journal = path("killed.jsonl.journal");
    let killed = [
        "reconcile",
        &path("books.csv"),
        "--out",
        &path("killed.jsonl"),
        "--resume",
        // Nothing but the kill ends a read that is held.
        "--timeout",
        "600s",
    ];
    let mut random = fastrand::Rng::with_seed(20);
    let mut again = 0;
    for kill in 0..KILLS {
        let (reads_before, known_before) = (count(), whole_lines(&journal));
        // Behind these reads the server holds all others until the kill, so that the run cannot come to its end however
        // late the kill is.
        server.respond_to(random.usize(2..=16));
        let mut running = spawn(&killed, &environment);
        match kill % 5 {
            // Anywhere in its start.
            0 => thread::sleep(Duration::from_millis(random.u64(0..40))),
            _ => server.wait_until_held(),
        }
        assert!(
            running.0.try_wait().unwrap().is_none(),
            "it ended before kill {kill}"
        );
        running.0.kill().unwrap();
        running.0.wait().unwrap();
        server.settle();
        let lost = (count() - reads_before).saturating_sub(whole_lines(&journal) - known_before);
        assert!(
            lost <= CONCURRENCY,
            "kill {kill}: {lost} bills are read again"
        );
        again += lost;
        assert!(!fs::exists(path("killed.jsonl")).unwrap());
    }
    assert!(whole_lines(&journal) > 100, "the kills came too early");
    server.respond_to(usize::MAX);
    assert_eq!(run(&killed, &environment).code, 6);
    assert_eq!(fs::read_to_string(path("killed.jsonl")).unwrap(), expected);
    let all = server.reads();
    let is_read = |request: &String| request.starts_with("POST /partner/bill/read bill-");
    assert!(all.iter().all(is_read), "only reads leave");
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), BILLS);
    assert_eq!(all.len(), BILLS + again);

    // Nothing is left to read, and nothing is left beside the report.
    assert_eq!(run(&killed, &environment).code, 6);
    assert_eq!(count(), all.len());
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
