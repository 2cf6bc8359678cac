//! `payssam reconcile` compares books with PaySsam, and its exit code, files and output say what came of it.

use std::fs;

use payssam_mock::{Fault, Schedule};
use serde_json::Value;

use crate::support::{
    CLOSED, SEND,
    folder::Folder,
    own_mock::OwnMock,
    process::{Ended, Environment, at, run, run_with_stdin},
    text::{one_line, row},
};

/// A folder with books, and a mock server with five bills.
struct Books {
    mock: OwnMock,
    folder: Folder,
}

impl Books {
    fn new(test: &str, books: &str) -> Self {
        let (mock, folder) = (OwnMock::start(), Folder::new(test));
        for (id, letter) in [("a", 'F'), ("b", 'W'), ("c", 'C'), ("d", 'D'), ("e", 'F')] {
            mock.add(id, 45_000, letter);
        }
        fs::write(folder.path("books.csv"), books).unwrap();
        Books { mock, folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path(name)
    }

    fn environment(&self) -> Environment {
        self.mock.environment()
    }

    /// Runs the command with these arguments behind the ledger.
    fn run(&self, arguments: &[&str]) -> Ended {
        let ledger = self.path("books.csv");
        run(
            &[&["reconcile", &ledger], arguments].concat(),
            &self.environment(),
        )
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("")).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

const AGREEING: &str =
    "청구서번호,금액,상태\na,\"45,000\",결제완료\nb,45000,미결제\nc,45000,취소\nd,45000,파기\n";
const DIFFERING: &str =
    "청구서번호,금액,상태\na,45000,미결제\nb,45000,결제완료\nz,45000,결제완료\n";

fn classes(jsonl: &str) -> Vec<String> {
    let lines = jsonl
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let classes = lines.filter(|line| line.get("summary").is_none());
    classes
        .map(|line| line["class"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn it_ends_with_0_if_all_agree_6_with_a_mismatch_and_5_if_something_could_not_be_read() {
    let books = Books::new("reconcile-codes", AGREEING);
    let out = books.path("report.jsonl");
    let ended = books.run(&["--out", &out]);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{ended:?}");
    assert_eq!(row(&ended.stdout, "agrees"), Some("4"));
    assert_eq!(row(&ended.stdout, "reconciled"), Some("books.csv"));
    assert_eq!(classes(&fs::read_to_string(&out).unwrap()), ["agrees"; 4]);

    let fault = Fault::BadGateway { applied: false };
    let only = ["--out", &out, "--concurrency", "1", "--no-retry"];
    books.mock.server().inject(fault, Schedule::once());
    let ended = books.run(&only);
    assert_eq!(ended.code, 5, "{ended:?}");
    assert_eq!(
        row(&ended.stdout, "reconciled (partial)"),
        Some("books.csv")
    );
    assert_eq!(row(&ended.stdout, "could not be read"), Some("1"));
    let errors: Vec<_> = ended.stderr.lines().collect();
    assert!(errors[0].starts_with("line 2 (a): "), "{errors:?}");
    assert!(errors.last().unwrap().contains("--resume"), "{errors:?}");
    // Only that one is read again.
    let before = books.mock.reads().len();
    assert_eq!(books.run(&[&only[..], &["--resume"]].concat()).code, 0);
    assert_eq!(books.mock.reads().len(), before + 1);

    fs::write(books.path("books.csv"), DIFFERING).unwrap();
    let ended = books.run(&["--out", &out]);
    assert_eq!((ended.code, ended.stderr.as_str()), (6, ""), "{ended:?}");
    assert_eq!(
        classes(&fs::read_to_string(&out).unwrap()),
        ["paid_there_only", "paid_here_only", "not_found"]
    );
    // A mismatch that is known is not hidden by what could not be read.
    books.mock.server().inject(fault, Schedule::once());
    let ended = books.run(&only);
    assert_eq!(ended.code, 6, "{ended:?}");
    assert!(ended.stdout.contains("(partial)"), "{ended:?}");
}

#[test]
fn without_a_file_findings_and_summary_are_lines_of_json_in_the_order_of_the_ledger() {
    let lines = "b,1,미결제\nb,1,미결제\nx,1,?\n";
    let books = Books::new("reconcile-stdout", &format!("{AGREEING}{lines}"));
    let ended = books.run(&[]);
    assert_eq!(ended.code, 6, "{ended:?}");
    // Errors come last, and say where to look.
    assert_eq!(ended.stderr.lines().count(), 1);
    assert!(
        ended.stderr.starts_with("line 8, column 3 (상태): "),
        "{ended:?}"
    );
    let expected = [
        "agrees",
        "agrees",
        "agrees",
        "agrees",
        "duplicate_line",
        "duplicate_line",
        "unreadable_line",
    ];
    assert_eq!(classes(&ended.stdout), expected);
    let last = one_line(ended.stdout.lines().last().unwrap());
    assert_eq!(last["summary"]["lines"], 7);
    assert_eq!(last["summary"]["classes"]["duplicate_line"], 2);
    assert_eq!(
        last["summary"]["merchant"]
            .as_str()
            .unwrap()
            .split('/')
            .count(),
        2
    );
    // Nothing stays beside the ledger, and the same books have the same bytes.
    assert_eq!(books.names(), ["books.csv"]);
    assert_eq!(books.run(&[]).stdout, ended.stdout);

    let json = books.run(&["--output", "json", "--out", &books.path("report.jsonl")]);
    assert_eq!(one_line(&json.stdout)["summary"]["lines"], 7);
}

#[test]
fn a_ledger_comes_from_stdin_too() {
    let books = Books::new("reconcile-stdin", "");
    let ended = run_with_stdin(&["reconcile", "-"], &books.environment(), AGREEING);
    assert_eq!(
        (ended.code, classes(&ended.stdout).len()),
        (0, 4),
        "{ended:?}"
    );
}

#[test]
fn a_ledger_without_lines_is_warned_of() {
    let books = Books::new("reconcile-empty", "청구서번호,금액,상태\n");
    let ended = books.run(&["--out", &books.path("report.jsonl")]);
    assert_eq!(ended.code, 0);
    assert!(ended.stderr.contains("no lines"), "{ended:?}");
}

#[test]
fn an_id_that_a_spreadsheet_spoilt_is_named_by_line_and_column() {
    let spoilt = format!("{AGREEING}2.02E+19,1,미결제\n");
    let books = Books::new("reconcile-spoilt", &spoilt);
    let ended = books.run(&["--out", &books.path("report.jsonl")]);
    assert_eq!(ended.code, 6);
    let named = "line 6, column 1 (청구서번호): 2.02E+19";
    assert!(ended.stderr.starts_with(named), "{ended:?}");
}

#[test]
fn a_file_that_is_no_ledger_ends_with_2_before_the_first_call() {
    let books = Books::new("reconcile-no-ledger", AGREEING);
    for (bytes, advice) in [
        (&b"PK\x03\x04\x14\0"[..], "save it as CSV"),
        (b"%PDF-1.7", "PDF"),
        (b"<html>", "web page"),
        (b"a,b\n1,2\n", "no header"),
        (b"", "empty"),
        (
            "청구서번호,금액,상태\na,1,\"결제완료\n"
                .repeat(9)
                .as_bytes(),
            "not closed",
        ),
    ] {
        fs::write(books.path("books.csv"), bytes).unwrap();
        let ended = books.run(&["--out", &books.path("report.csv")]);
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{ended:?}");
        assert!(ended.stderr.contains(advice), "{ended:?}");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
    }
    assert_eq!(
        run(
            &["reconcile", &books.path("none.csv")],
            &books.environment()
        )
        .code,
        2
    );
    assert_eq!(run(&["reconcile"], &books.environment()).code, 2);
    let nowhere = run(
        &["reconcile", "--database", &books.path("none.db")],
        &books.environment(),
    );
    assert_eq!(nowhere.code, 2);
    assert_eq!(books.names(), ["books.csv"]);
    assert!(books.mock.reads().is_empty());
}

#[test]
fn what_cannot_be_written_ends_with_2_before_the_first_call() {
    let books = Books::new("reconcile-files", AGREEING);
    let ledger = books.path("books.csv");
    let (nowhere, folder) = (books.path("no/folder/report"), books.path(""));
    let same = books.path("./report");
    for arguments in [
        &["--out", ledger.as_str()][..],
        &["--html", &ledger],
        &["--journal", &ledger],
        &["--out", &nowhere],
        &["--html", &nowhere],
        &["--journal", &nowhere],
        &["--out", &folder],
        &["--out", &same, "--html", &books.path("report")],
        &["--out", &same, "--journal", &books.path("report")],
        &["--concurrency", "0"],
        &["--rate", "0"],
        &["--shard", "5/4"],
        &["--map", "nonsense"],
    ] {
        let ended = books.run(arguments);
        assert_eq!(ended.code, 2, "{arguments:?}: {ended:?}");
    }
    assert!(books.mock.reads().is_empty());
    assert_eq!(fs::read_to_string(ledger).unwrap(), AGREEING);
}

#[test]
fn reports_are_whole_files_in_the_formats_of_their_names() {
    let books = Books::new("reconcile-reports", DIFFERING);
    let (out, html) = (books.path("report.csv"), books.path("report.html"));
    fs::write(&out, "yesterday's").unwrap();
    assert_eq!(books.run(&["--out", &out, "--html", &html]).code, 6);
    let csv = fs::read_to_string(&out).unwrap();
    assert!(csv.starts_with("\u{feff}line,bill_id,class,"), "{csv}");
    assert_eq!(csv.matches("\r\n").count(), 4);
    assert!(fs::exists(&html).unwrap());
    assert_eq!(
        books.names(),
        [
            "books.csv",
            "report.csv",
            "report.csv.journal",
            "report.html"
        ]
    );
}

#[test]
fn a_run_that_did_not_end_is_not_begun_again_by_mistake() {
    let books = Books::new("reconcile-refusals", AGREEING);
    let journal = books.path("journal");
    let arguments = ["--journal", journal.as_str()];
    assert_eq!(books.run(&arguments).code, 0);
    // As if it had been killed behind its first finding.
    let text = fs::read_to_string(&journal).unwrap();
    let two: Vec<_> = text
        .lines()
        .take(2)
        .map(|line| format!("{line}\n"))
        .collect();
    fs::write(&journal, two.concat()).unwrap();
    let ended = books.run(&arguments);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("--resume"), "{ended:?}");
    let resumed = [&arguments[..], &["--resume"]].concat();
    for (name, value) in [
        ("PAYSSAM_MERCHANT", "another"),
        ("PAYSSAM_BASE_URL", CLOSED),
    ] {
        let mut environment = books.environment();
        environment.insert(name.to_owned(), value.to_owned());
        let ledger = books.path("books.csv");
        let ended = run(
            &[&["reconcile", ledger.as_str()], &resumed[..]].concat(),
            &environment,
        );
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(
            ended.stderr.contains("another merchant, member or server"),
            "{ended:?}"
        );
    }
    let before = books.mock.reads().len();
    let ended = books.run(&resumed);
    assert_eq!(
        (ended.code, classes(&ended.stdout).len()),
        (0, 4),
        "{ended:?}"
    );
    assert_eq!(books.mock.reads().len(), before + 3);
    fs::write(books.path("books.csv"), DIFFERING).unwrap();
    assert_eq!(books.run(&resumed).code, 2);
    assert_eq!(
        books
            .run(&[&resumed[..], &["--shard", "1/2"]].concat())
            .code,
        2
    );
}

#[test]
fn shards_are_the_whole() {
    let books = Books::new(
        "reconcile-shards",
        &format!("{AGREEING}b,1,미결제\nx,1,?\n"),
    );
    let lines = |ended: &Ended| -> Vec<String> {
        let lines = ended
            .stdout
            .lines()
            .filter(|line| !line.contains("\"summary\""));
        lines.map(str::to_owned).collect()
    };
    let mut whole = lines(&books.run(&[]));
    let mut union: Vec<_> = ["1/3", "2/3", "3/3"]
        .iter()
        .flat_map(|shard| lines(&books.run(&["--shard", shard])))
        .collect();
    whole.sort();
    union.sort();
    assert_eq!(union, whole);
}

#[test]
fn a_server_that_is_not_there_makes_a_partial_report() {
    let books = Books::new("reconcile-closed", AGREEING);
    let ledger = books.path("books.csv");
    let ended = run(&["reconcile", &ledger, "--no-retry"], &at(CLOSED));
    assert_eq!(ended.code, 5, "{ended:?}");
    assert_eq!(classes(&ended.stdout), ["could_not_be_read"; 4]);
    // Its journal stays, to go on with.
    assert_eq!(books.names(), ["books.csv", "books.csv.journal"]);
}

#[test]
fn neither_a_key_nor_anything_personal_is_in_what_it_writes() {
    let (phone, name) = ("01098765432", "김하나");
    let text = format!(
        "이름,전화,청구서번호,금액,상태\n{name},{phone},a,45000,결제완료\n{name},{phone},{phone}{phone},1,결제완료\n\
         {name},{phone},b,{phone}{phone},결제완료\n{name},{phone},c,1,{name}\n"
    );
    let books = Books::new("reconcile-secrets", &text);
    let (out, html) = (books.path("report.jsonl"), books.path("report.html"));
    let ended = books.run(&["--out", &out, "--html", &html]);
    let key = books.environment()["PAYSSAM_API_KEY"].clone();
    let mut written = vec![ended.stdout, ended.stderr];
    for name in books.names().iter().filter(|name| *name != "books.csv") {
        written.push(fs::read_to_string(books.path(name)).unwrap());
    }
    assert_eq!(written.len(), 5);
    for text in written {
        for secret in [phone, name, &key] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[test]
fn the_database_of_the_ledger_is_compared_for_its_merchant() {
    let books = Books::new("reconcile-database", "");
    let database = books.path("books.db");
    let environment = books.environment();
    for (id, price) in [("1", "45000"), ("2", "45000")] {
        let mut send: Vec<&str> = vec!["ledger", "--database", &database];
        send.extend(&SEND[1..]);
        send.extend(["--id", id]);
        let place = send.iter().position(|part| *part == "45000").unwrap();
        send[place] = price;
        let ended = run(&send, &environment);
        assert_eq!(ended.code, 0, "{ended:?}");
    }
    let reconcile = ["reconcile", "--database", &database];
    let ended = run(&reconcile, &environment);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(classes(&ended.stdout), ["agrees", "agrees"]);
    books.mock.server().pay(&"2".parse().unwrap()).unwrap();
    let ended = run(&reconcile, &environment);
    assert_eq!(
        classes(&ended.stdout),
        ["agrees", "paid_there_only"],
        "{ended:?}"
    );
    assert_eq!(ended.code, 6);
}

#[cfg(unix)]
mod signals {
    use std::{
        fs::File, io::Read as _, os::unix::ffi::OsStrExt as _, path::Path, process::Stdio, thread,
        time::Duration,
    };

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

    use super::*;
    use crate::support::process::{Running, drained, payssam, signal};

    fn many(test: &str) -> Books {
        let lines: String = (0..200)
            .map(|number| format!("bill-{number},45000,결제완료\n"))
            .collect();
        let books = Books::new(test, &format!("청구서번호,금액,상태\n{lines}"));
        for number in 0..200 {
            books.mock.add(&format!("bill-{number}"), 45_000, 'F');
        }
        books.mock.server().inject(
            Fault::Latency(Duration::from_millis(20)),
            Schedule::always(),
        );
        books
    }

    fn until_reads(books: &Books, count: usize) {
        while books.mock.reads().len() < count {
            thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn a_signal_leaves_a_journal_and_says_how_to_go_on() {
        let books = many("reconcile-signals");
        let (ledger, out) = (books.path("books.csv"), books.path("report.jsonl"));
        for name in ["INT", "TERM"] {
            let before = books.mock.reads().len();
            let arguments = ["reconcile", &ledger, "--out", &out, "--resume"];
            let mut running = Running(payssam(&arguments, &books.environment()).spawn().unwrap());
            until_reads(&books, before + 20);
            signal(&running, name);
            let stderr = drained(running.0.stderr.take().unwrap());
            assert_eq!(running.exit_code(), 5);
            let stderr = stderr.join().unwrap();
            assert!(
                stderr.contains(&format!("interrupted by SIG{name} after ")),
                "{stderr}"
            );
            assert!(stderr.contains("--resume to go on"), "{stderr}");
            assert!(!fs::exists(&out).unwrap());
        }
        books.mock.server().clear_faults();
        assert_eq!(books.run(&["--out", &out, "--resume"]).code, 0);
        assert!(books.mock.reads().len() <= 200 + 2 * 8);
        assert_eq!(fs::read_to_string(&out).unwrap().lines().count(), 200);
    }

    #[test]
    fn a_second_run_on_one_journal_is_refused_while_the_first_goes_on() {
        let books = many("reconcile-twice");
        let (ledger, out) = (books.path("books.csv"), books.path("report.jsonl"));
        let arguments = ["reconcile", &ledger, "--out", &out];
        let mut first = Running(payssam(&arguments, &books.environment()).spawn().unwrap());
        until_reads(&books, 10);
        for more in [&[][..], &["--resume"]] {
            let ended = books.run(&[&["--out", out.as_str()], more].concat());
            assert_eq!(ended.code, 2, "{ended:?}");
            assert!(ended.stderr.contains("another run has it"), "{ended:?}");
        }
        assert_eq!(first.exit_code(), 0);
    }

    #[test]
    fn on_a_terminal_a_bar_shows_rate_time_left_and_mismatches_and_errors_come_last() {
        let books = many("reconcile-terminal");
        fs::write(
            books.path("books.csv"),
            fs::read_to_string(books.path("books.csv"))
                .unwrap()
                .replacen("45000", "1", 3),
        )
        .unwrap();
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let path = Path::new(std::ffi::OsStr::from_bytes(name.to_bytes()));
        let theirs = File::options().read(true).write(true).open(path).unwrap();
        let (ledger, out) = (books.path("books.csv"), books.path("report.jsonl"));
        let fault = Fault::BadGateway { applied: false };
        // The first fault that fits is the one that happens.
        let slow = Fault::Latency(Duration::from_millis(20));
        books.mock.server().clear_faults();
        books.mock.server().inject(fault, Schedule::sequence([150]));
        books.mock.server().inject(slow, Schedule::always());
        let arguments = ["reconcile", &ledger, "--out", &out, "--no-retry"];
        let mut command = payssam(&arguments, &books.environment());
        command
            .env("TERM", "xterm")
            .stdout(Stdio::null())
            .stderr(theirs);
        let mut running = Running(command.spawn().unwrap());
        drop(command);
        let reader = thread::spawn(move || {
            let (mut ours, mut shown, mut bytes) = (File::from(master), Vec::new(), [0; 4_096]);
            // The end of a terminal is an error.
            while let Ok(length @ 1..) = ours.read(&mut bytes) {
                shown.extend_from_slice(&bytes[..length]);
            }
            String::from_utf8_lossy(&shown).into_owned()
        });
        assert_eq!(running.exit_code(), 6);
        let shown = reader.join().unwrap();
        for part in ["/200", "/s", " left", "3 mismatches"] {
            assert!(shown.contains(part), "{part}: {shown:?}");
        }
        let last = shown.trim_end().lines().last().unwrap();
        assert!(last.contains("partial: 1 of 200 lines"), "{shown:?}");
    }
}
