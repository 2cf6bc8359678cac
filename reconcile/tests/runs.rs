//! Runs over whole ledgers: duplicates, shards, and journals that are resumed or refused.

use std::{collections::BTreeMap, fs, io::Cursor, path::Path, time::Duration};

use payssam::{BillId, Client, Won};
use payssam_mock::{Fault, MockServer, Schedule};
use payssam_reconcile::{Class, Error, Finding, Ledger, Report, Run, Settings, write_csv};

const LINES: usize = 60;

fn id(number: usize) -> BillId {
    BillId::new(format!("bill-{number}")).unwrap()
}

async fn mock() -> MockServer {
    let mock = MockServer::start().await.unwrap();
    for number in 0..LINES {
        mock.add_bill(id(number), Won::new(1_000).unwrap()).unwrap();
        if number % 2 == 0 {
            mock.pay(&id(number)).unwrap();
        }
    }
    mock
}

/// A ledger of all bills, of which the last two lines are a duplicate and an unreadable one.
fn books() -> String {
    let lines = (0..LINES).map(|number| format!("bill-{number},1000,paid\n"));
    format!(
        "bill_id,amount,state\n{}bill-3,1000,취소\nbill-x,1000,?\n",
        lines.collect::<String>()
    )
}

fn ledger_of(text: &str) -> Ledger {
    Ledger::read_from(Cursor::new(text.to_owned()), "books.csv", None, &[]).unwrap()
}

fn with_journal(journal: &Path, resume: bool) -> Settings {
    let mut settings = Settings::default();
    settings.journal = Some(journal.to_owned());
    settings.resume = resume;
    settings.server = "http://mock".to_owned();
    settings
}

async fn finish(mut run: Run<'_>) -> Report {
    while run.next().await.unwrap().is_some() {}
    run.finish().unwrap()
}

fn lines_of(report: &Report) -> Vec<String> {
    let findings = report.findings().unwrap();
    findings
        .map(|finding| serde_json::to_string(&finding.unwrap()).unwrap())
        .collect()
}

fn refusal(ledger: &Ledger, client: &Client, settings: Settings) -> String {
    match Run::start(ledger, client, settings) {
        Err(Error::JournalRefused(problem)) => problem,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn lines_in_are_the_sum_of_the_classes_in_the_order_of_the_ledger() {
    let (mock, ledger) = (mock().await, ledger_of(&books()));
    let client = mock.client().unwrap();
    let report = finish(Run::start(&ledger, &client, Settings::default()).unwrap()).await;
    let summary = report.summary();
    assert_eq!((summary.lines, summary.classes.sum()), (62, 62));
    let expected = [
        (Class::Agrees, 30),
        (Class::PaidHereOnly, 30),
        (Class::DuplicateLine, 1),
        (Class::UnreadableLine, 1),
    ];
    for (class, count) in summary.classes.iter() {
        let expected = expected
            .iter()
            .find(|(it, _)| *it == class)
            .map_or(0, |(_, count)| *count);
        assert_eq!(count, expected, "{class}");
    }
    let findings: Vec<Finding> = report.findings().unwrap().map(Result::unwrap).collect();
    assert!(findings.iter().map(|finding| finding.line).eq(2..64));
    assert_eq!(
        findings[60].reason,
        "line 5 has the same bill id; only that line is compared; it says paid, 1000 won, and this line cancelled, \
         1000 won: the books have its cancellation on line 62"
    );
    // The duplicate and the unreadable line are not asked for.
    assert_eq!(mock.requests().len(), LINES);
}

#[tokio::test]
async fn lines_in_are_the_sum_of_the_classes_with_faults_in_a_third_of_the_reads() {
    let (mock, ledger) = (mock().await, ledger_of(&books()));
    let client = mock
        .client()
        .unwrap()
        .with_retry(payssam::RetryPolicy::off());
    let whole = finish(Run::start(&ledger, &client, Settings::default()).unwrap()).await;
    for seed in 0..5 {
        mock.clear_faults();
        for fault in [
            Fault::BadGateway { applied: false },
            Fault::CutResponse,
            Fault::WrongEcho,
        ] {
            mock.inject(fault, Schedule::probability(0.1, seed).unwrap());
        }
        let report = finish(Run::start(&ledger, &client, Settings::default()).unwrap()).await;
        let classes = &report.summary().classes;
        assert_eq!((report.summary().lines, classes.sum()), (62, 62));
        assert!(report.summary().partial && classes.of(Class::CouldNotBeRead) > 5);
        // What was read is what it is without faults.
        let all = report.findings().unwrap().zip(whole.findings().unwrap());
        for (finding, unbroken) in all.map(|(one, other)| (one.unwrap(), other.unwrap())) {
            match finding.class {
                Class::CouldNotBeRead => assert_eq!(finding.line, unbroken.line),
                _ => assert_eq!(finding, unbroken),
            }
        }
    }
}

#[tokio::test]
async fn bills_of_which_nothing_is_certain_are_in_the_summary_and_are_no_lines() {
    let mock = mock().await;
    let client = mock.client().unwrap();
    let ledger = ledger_of(&books()).with_uncertain_bills(3);
    let report = finish(Run::start(&ledger, &client, Settings::default()).unwrap()).await;
    let summary = report.summary();
    assert_eq!((summary.lines, summary.uncertain_bills), (62, 3));
}

#[test]
fn a_shard_is_one_of_some_from_1() {
    let shard = payssam_reconcile::Shard::new(2, 3).unwrap();
    assert_eq!((shard.index(), shard.count()), (2, 3));
    assert_eq!("2/3".parse(), Ok(shard));
    for none in [
        "0/3",
        "4/3",
        "1/0",
        "1",
        "/",
        "+1/3",
        "1/-3",
        "a/b",
        "1/4294967296",
    ] {
        assert!(none.parse::<payssam_reconcile::Shard>().is_err(), "{none}");
    }
}

#[tokio::test]
async fn shards_are_the_whole_ledger_and_duplicates_meet_in_one() {
    let (mock, text) = (mock().await, books());
    let ledger = ledger_of(&text);
    let client = mock.client().unwrap();
    let whole = lines_of(&finish(Run::start(&ledger, &client, Settings::default()).unwrap()).await);
    for count in [1, 2, 7] {
        let mut union = BTreeMap::new();
        for index in 1..=count {
            let mut settings = Settings::default();
            settings.shard = payssam_reconcile::Shard::new(index, count);
            let report = finish(Run::start(&ledger, &client, settings).unwrap()).await;
            assert_eq!(
                report.summary().shard.unwrap().to_string(),
                format!("{index}/{count}")
            );
            for finding in report.findings().unwrap().map(Result::unwrap) {
                let line = serde_json::to_string(&finding).unwrap();
                assert!(union.insert(finding.line, line).is_none());
            }
        }
        assert!(union.into_values().eq(whole.iter().cloned()), "{count}");
    }
}

#[tokio::test]
async fn a_journal_is_resumed_from_every_byte_at_which_it_may_end() {
    let (mock, ledger) = (mock().await, ledger_of(&books()));
    let client = mock.client().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let report = finish(Run::start(&ledger, &client, with_journal(&path, false)).unwrap()).await;
    let expected = lines_of(&report);
    drop(report);
    let journal = fs::read(&path).unwrap();
    let step = journal.len() / 20;
    let ends: Vec<usize> = (0..5)
        .chain((5..journal.len()).step_by(step))
        .chain([journal.len()])
        .collect();
    for end in ends {
        fs::write(&path, &journal[..end]).unwrap();
        let begin = mock.requests().len();
        let run = Run::start(&ledger, &client, with_journal(&path, true)).unwrap();
        let report = finish(run).await;
        assert_eq!(lines_of(&report), expected, "{end}");
        assert_eq!(report.summary().lines, 62);
        let whole_lines = journal[..end].iter().filter(|byte| **byte == b'\n').count();
        let known = whole_lines.saturating_sub(1).min(62);
        let read = mock.requests().len() - begin;
        // Only the last 1,000 requests are kept.
        assert!(
            begin + LINES > 1_000 || read <= 62 - known,
            "{end}: {read} reads, {known} known"
        );
    }
    // After a power failure the last line may be anything.
    let mut torn = journal.clone();
    torn.truncate(journal.len() / 2);
    torn.extend([0; 300]);
    fs::write(&path, &torn).unwrap();
    let report = finish(Run::start(&ledger, &client, with_journal(&path, true)).unwrap()).await;
    assert_eq!(lines_of(&report), expected);
}

#[tokio::test]
async fn what_could_not_be_read_is_read_again_when_the_run_is_resumed() {
    let (mock, ledger) = (mock().await, ledger_of(&books()));
    let client = mock
        .client()
        .unwrap()
        .with_retry(payssam::RetryPolicy::off());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    mock.inject(Fault::BadGateway { applied: false }, Schedule::first(5));
    let report = finish(Run::start(&ledger, &client, with_journal(&path, false)).unwrap()).await;
    assert!(report.summary().partial);
    assert_eq!(report.summary().classes.of(Class::CouldNotBeRead), 5);
    drop(report);
    let begin = mock.requests().len();
    let report = finish(Run::start(&ledger, &client, with_journal(&path, true)).unwrap()).await;
    assert!(!report.summary().partial);
    assert_eq!(report.summary().lines, 62);
    assert_eq!(mock.requests().len() - begin, 5);
}

#[tokio::test]
async fn a_run_that_gave_up_is_resumed_where_it_was() {
    let (mock, ledger) = (mock().await, ledger_of(&books()));
    let client = mock.client().unwrap();
    let client = client.with_retry(payssam::RetryPolicy::off());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    // The first bills are read, and then there is no answer.
    mock.inject(
        Fault::BadGateway { applied: false },
        Schedule::sequence(4..2_000),
    );
    let mut settings = with_journal(&path, false);
    settings.patience = std::time::Duration::ZERO;
    let report = finish(Run::start(&ledger, &client, settings).unwrap()).await;
    let failed = report.summary().classes.of(Class::CouldNotBeRead) as usize;
    assert!((LINES - 8..LINES).contains(&failed), "{failed}");
    let reasons = report
        .findings()
        .unwrap()
        .map(|finding| finding.unwrap().reason);
    let given_up = reasons.filter(|reason| reason.contains("gave up")).count();
    assert!(given_up >= LINES - 8 - 16, "{given_up}");
    drop(report);
    mock.clear_faults();
    let begin = mock.requests().len();
    let report = finish(Run::start(&ledger, &client, with_journal(&path, true)).unwrap()).await;
    assert!(!report.summary().partial);
    assert_eq!(mock.requests().len() - begin, failed);
}

#[tokio::test]
async fn a_journal_of_another_run_is_refused_and_stays_as_it_is() {
    let (mock, text) = (mock().await, books());
    let ledger = ledger_of(&text);
    let client = mock.client().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    {
        let mut run = Run::start(&ledger, &client, with_journal(&path, false)).unwrap();
        run.next().await.unwrap().unwrap();
        // Another run at the same time.
        for resume in [true, false] {
            let problem = refusal(&ledger, &client, with_journal(&path, resume));
            assert!(problem.contains("another run has it"), "{problem}");
        }
    }
    let before = fs::read(&path).unwrap();
    let resumed = || with_journal(&path, true);
    let other = client.with_merchant("another").unwrap();
    assert!(refusal(&ledger, &other, resumed()).contains("another merchant"));
    let other = client.with_member("another").unwrap();
    assert!(refusal(&ledger, &other, resumed()).contains("another merchant"));
    let mut settings = resumed();
    settings.server = "http://another".to_owned();
    assert!(refusal(&ledger, &client, settings).contains("server"));
    for changed in [
        text.replace("bill-7,1000,paid", "bill-7,1001,paid"),
        format!("{text}bill-9999,1,paid\n"),
        format!("{text}\n"),
        text.replace(",paid\n", ",paid,memo\n")
            .replace("state", "state,memo"),
    ] {
        let problem = refusal(&ledger_of(&changed), &client, resumed());
        assert!(problem.contains("ledger has changed"), "{problem}");
    }
    let mut settings = resumed();
    settings.shard = payssam_reconcile::Shard::new(1, 2);
    assert!(refusal(&ledger, &client, settings).contains("shard"));
    let problem = refusal(&ledger, &client, with_journal(&path, false));
    assert!(problem.contains("--resume"), "{problem}");
    assert_eq!(fs::read(&path).unwrap(), before);

    let mut damaged = before.clone();
    let middle = before.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    damaged.splice(middle..middle, *b"nonsense\n");
    damaged.extend_from_slice(b"{}\n{}\n");
    fs::write(&path, &damaged).unwrap();
    assert!(refusal(&ledger, &client, resumed()).contains("damaged"));
    assert_eq!(fs::read(&path).unwrap(), damaged);
    for foreign in ["bill_id,amount\n1,2\n", "no newline", "{\"a\":1}\n"] {
        fs::write(&path, foreign).unwrap();
        for resume in [true, false] {
            assert!(refusal(&ledger, &client, with_journal(&path, resume)).contains("no journal"));
            assert_eq!(fs::read_to_string(&path).unwrap(), foreign);
        }
    }
}

#[tokio::test]
async fn progress_has_the_mismatches_of_earlier_runs_too() {
    let (mock, ledger) = (mock().await, ledger_of(&books()));
    let client = mock.client().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let report = finish(Run::start(&ledger, &client, with_journal(&path, false)).unwrap()).await;
    let all = report.summary().classes.mismatches();
    drop(report);
    let journal = fs::read(&path).unwrap();
    fs::write(&path, &journal[..journal.len() / 2]).unwrap();
    let mut run = Run::start(&ledger, &client, with_journal(&path, true)).unwrap();
    let earlier = run.progress().mismatches;
    assert!(earlier > 0 && earlier < all, "{earlier} of {all}");
    while run.next().await.unwrap().is_some() {}
    assert_eq!(run.progress().mismatches, all);
    assert!(run.progress().found < run.progress().done);
    assert_eq!(run.progress().done, 62);
}

#[tokio::test]
async fn progress_says_how_much_of_what_was_found() {
    let (mock, ledger) = (mock().await, ledger_of(&books()));
    let client = mock
        .client()
        .unwrap()
        .with_retry(payssam::RetryPolicy::off());
    let failing = Fault::BadGateway { applied: false };
    mock.inject(failing, Schedule::first(3));
    let mut run = Run::start(&ledger, &client, Settings::default()).unwrap();
    assert_eq!((run.progress().lines, run.progress().done), (62, 0));
    while run.next().await.unwrap().is_some() {}
    let progress = run.progress();
    assert_eq!(
        (progress.lines, progress.done, progress.found),
        (62, 62, 62)
    );
    assert_eq!(progress.failed, 3);
    let classes = run.finish().unwrap().summary().classes.clone();
    assert_eq!(classes.of(Class::CouldNotBeRead), 3);
    assert_eq!(progress.mismatches, classes.mismatches());
}

#[tokio::test]
async fn a_run_that_only_looks_at_the_ledger_has_read_nothing() {
    let (mock, ledger) = (mock().await, ledger_of(&books()));
    let client = mock.client().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    drop(finish(Run::start(&ledger, &client, with_journal(&path, false)).unwrap()).await);
    let journal = fs::read_to_string(&path).unwrap();
    for (class, is_read) in [("duplicate_line", false), ("agrees", true)] {
        // As a run leaves it that was killed before it found this line.
        let missing = journal
            .lines()
            .position(|line| line.contains(class))
            .unwrap();
        let mut lines: Vec<_> = journal
            .lines()
            .filter(|line| !line.contains("\"end\""))
            .collect();
        lines.remove(missing);
        fs::write(&path, lines.join("\n") + "\n").unwrap();
        let report = finish(Run::start(&ledger, &client, with_journal(&path, true)).unwrap());
        assert_eq!(report.await.is_stale(), !is_read, "{class}");
    }
}

#[tokio::test]
async fn a_long_cell_is_a_short_line_of_the_journal_and_is_resumed() {
    let (mock, cell) = (mock().await, format!("2.{}E+19", "0".repeat(70_000)));
    let ledger = ledger_of(&format!("{}{cell},1000,paid\nbill-4,1000,paid\n", books()));
    let client = mock.client().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let report = finish(Run::start(&ledger, &client, with_journal(&path, false)).unwrap()).await;
    assert_eq!(report.summary().lines, 64);
    assert_eq!(report.summary().classes.of(Class::UnreadableLine), 2);
    let expected = lines_of(&report);
    drop(report);
    let journal = fs::read(&path).unwrap();
    assert!(
        journal
            .split(|byte| *byte == b'\n')
            .all(|line| line.len() < 1_000)
    );
    let end = journal.len() - 200;
    fs::write(&path, &journal[..end]).unwrap();
    let report = finish(Run::start(&ledger, &client, with_journal(&path, true)).unwrap()).await;
    assert_eq!(lines_of(&report), expected);
}

#[tokio::test]
async fn what_would_be_too_long_for_a_line_of_the_journal_is_an_error() {
    let mock = mock().await;
    let client = mock.client().unwrap();
    let name = "n".repeat(70_000);
    let map = [format!("amount={name}").parse().unwrap()];
    let text = format!("bill_id,{name},state\nbill-0,1000,paid\n");
    let ledger = Ledger::read_from(Cursor::new(text), "books.csv", None, &map).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    for resume in [false, true] {
        let error = Run::start(&ledger, &client, with_journal(&path, resume)).unwrap_err();
        assert!(matches!(error, Error::File { .. }), "{error}");
        assert!(
            error.to_string().contains("more than 65536 bytes"),
            "{error}"
        );
    }
    assert!(mock.requests().is_empty());
}

#[tokio::test]
async fn a_first_line_of_65536_bytes_is_written_and_resumed() {
    let mock = mock().await;
    let client = mock.client().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let start = |length: usize, resume| {
        let name = "n".repeat(length);
        let map = [format!("amount={name}").parse().unwrap()];
        let text = format!("bill_id,{name},state\nbill-0,1000,paid\n");
        let ledger = Ledger::read_from(Cursor::new(text), "books.csv", None, &map).unwrap();
        drop(Run::start(&ledger, &client, with_journal(&path, resume)).unwrap());
        fs::read(&path).unwrap().len()
    };
    // The time in it may have less digits, so only the longest is known.
    let anew = |length| {
        drop(fs::remove_file(&path));
        start(length, false)
    };
    let rest = (0..50).map(|_| anew(1)).max().unwrap() - 1;
    let longest = 65_536 - rest;
    assert!((0..50).any(|_| anew(longest) == 65_536));
    assert_eq!(start(longest, true), 65_536);
}

#[tokio::test]
async fn a_long_line_that_was_never_finished_leaves_nothing_behind() {
    let (mock, ledger) = (mock().await, ledger_of(&books()));
    let client = mock.client().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let whole = finish(Run::start(&ledger, &client, with_journal(&path, false)).unwrap()).await;
    let expected = lines_of(&whole);
    drop(whole);
    let journal = fs::read_to_string(&path).unwrap();
    let two: String = journal.split_inclusive('\n').take(2).collect();
    fs::write(
        &path,
        two + "{\"line\":9,\"bill_id\":\"" + &"x".repeat(40_000),
    )
    .unwrap();
    for _ in 0..2 {
        let report = finish(Run::start(&ledger, &client, with_journal(&path, true)).unwrap()).await;
        assert_eq!(lines_of(&report), expected);
    }
    assert!(!fs::read_to_string(&path).unwrap().contains("xx"));
}

#[tokio::test]
async fn a_duplicate_says_what_it_says_and_whether_payssam_still_holds_what_the_books_paid_back() {
    let mock = MockServer::start().await.unwrap();
    for id in ["held", "gone", "copy", "less", "later"].map(|id| BillId::new(id).unwrap()) {
        mock.add_bill(id.clone(), Won::new(1_000).unwrap()).unwrap();
        if id.as_str() != "later" {
            mock.pay(&id).unwrap();
        }
    }
    mock.cancel(&BillId::new("gone").unwrap()).unwrap();
    let ledger = ledger_of(
        "bill_id,amount,state\nheld,1000,paid\ngone,1000,paid\ncopy,1000,paid\nless,1000,paid\nlater,,unpaid\n\
         held,1000,환불\ngone,1000,취소\ncopy,1000,paid\nless,900,paid\nlater,1000,paid\nheld,,취소\n",
    );
    let client = mock.client().unwrap();
    let report = finish(Run::start(&ledger, &client, Settings::default()).unwrap()).await;
    let findings: Vec<Finding> = report.findings().unwrap().map(Result::unwrap).collect();
    let classes: Vec<_> = findings.iter().map(|it| it.class.as_str()).collect();
    assert_eq!(
        classes[..5],
        [
            "agrees",
            "cancelled_elsewhere",
            "agrees",
            "agrees",
            "agrees"
        ]
    );
    assert_eq!(classes[5..], ["duplicate_line"; 6]);
    let of = |line: u64| format!("line {line} has the same bill id; only that line is compared");
    let held = "; the books paid it back, and PaySsam still holds the payment (line 2)";
    let expected = [
        of(2)
            + "; it says paid, 1000 won, and this line cancelled, 1000 won: the books have its cancellation on line 7"
            + held,
        of(3)
            + "; it says paid, 1000 won, and this line cancelled, 1000 won: the books have its cancellation on line 8",
        of(4),
        of(5) + "; it says paid, 1000 won, and this line paid, 900 won",
        of(6) + "; it says unpaid, without an amount, and this line paid, 1000 won",
        of(2)
            + "; it says paid, 1000 won, and this line cancelled, without an amount: the books have its cancellation on line 12"
            + held,
    ];
    for (finding, expected) in findings[5..].iter().zip(expected) {
        assert_eq!(finding.reason, expected);
    }
}

#[tokio::test]
async fn a_run_that_is_ended_before_its_last_finding_says_that_lines_are_missing() {
    let (mock, ledger) = (mock().await, ledger_of(&books()));
    let client = mock.client().unwrap();
    let mut run = Run::start(&ledger, &client, Settings::default()).unwrap();
    run.next().await.unwrap().unwrap();
    let found = run.progress().found;
    let Err(Error::Miscounted { lines, sum }) = run.finish() else {
        panic!("it is not whole");
    };
    assert_eq!((lines, sum), (62, found));
    assert!(found < lines);
}

#[tokio::test]
async fn what_ended_meanwhile_is_in_the_journal_before_anything_further_is_asked() {
    let (mock, ledger) = (mock().await, ledger_of(&books()));
    let client = mock.client().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let mut run = Run::start(&ledger, &client, with_journal(&path, false)).unwrap();
    run.next().await.unwrap().unwrap();
    let first = run.progress().found;
    // Whoever is slow with one finding lets the others end.
    while mock.requests().len() < 8 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    mock.wait_until_idle().await;
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let asked = mock.requests().len() as u64;
    while run.progress().found == first {
        run.next().await.unwrap().unwrap();
    }
    assert!(run.progress().found >= asked, "{:?}", run.progress());
    let lines = fs::read_to_string(&path).unwrap().lines().count() as u64;
    assert_eq!(lines, 1 + run.progress().found);
}

#[tokio::test]
async fn a_ledger_without_lines_is_never_of_another_time() {
    let (mock, ledger) = (mock().await, ledger_of("bill_id,amount,state\n"));
    let client = mock.client().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    for resume in [false, true, true] {
        let report = finish(Run::start(&ledger, &client, with_journal(&path, resume)).unwrap());
        let report = report.await;
        assert_eq!(report.summary().lines, 0);
        assert!(!report.is_stale());
    }
}

#[tokio::test]
async fn a_run_that_ended_is_started_anew_without_resume() {
    let (mock, ledger) = (mock().await, ledger_of(&books()));
    let client = mock.client().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    finish(Run::start(&ledger, &client, with_journal(&path, false)).unwrap()).await;
    // The next morning's ledger is another one.
    let next = ledger_of(&(books() + "bill-1000,5,paid\n"));
    let report = finish(Run::start(&next, &client, with_journal(&path, false)).unwrap()).await;
    assert_eq!(report.summary().lines, 63);
    assert_eq!(mock.requests().len(), 2 * LINES + 1);
}

#[tokio::test]
async fn a_resumed_run_that_reads_nothing_keeps_the_times_and_the_bytes_of_the_one_that_read() {
    let (mock, ledger) = (mock().await, ledger_of(&books()));
    let client = mock.client().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let start = |resume| Run::start(&ledger, &client, with_journal(&path, resume)).unwrap();
    let first = finish(start(true)).await;
    assert!(!first.is_stale());
    let (expected, summary) = (lines_of(&first), first.summary().clone());
    drop(first);
    let journal = fs::read(&path).unwrap();
    for _ in 0..2 {
        let again = finish(start(true)).await;
        assert!(again.is_stale());
        assert_eq!(
            (lines_of(&again), again.summary()),
            (expected.clone(), &summary)
        );
        drop(again);
        assert_eq!(fs::read(&path).unwrap(), journal);
    }
    assert_eq!(mock.requests().len(), LINES);

    // Killed before it could note its end: the last that was written tells the time.
    let end = journal[..journal.len() - 1]
        .iter()
        .rposition(|byte| *byte == b'\n');
    fs::write(&path, &journal[..=end.unwrap()]).unwrap();
    let written = fs::metadata(&path).unwrap().modified().unwrap();
    let again = finish(start(true)).await;
    let ended = again.summary().ended.unwrap();
    assert!(again.is_stale());
    assert_eq!(ended, written.try_into().unwrap());
    drop(again);

    // Whoever reads something is not as old as the rest.
    let begin = jiff::Timestamp::now();
    let half = journal.iter().rposition(|byte| *byte == b'\n').unwrap() / 2;
    fs::write(&path, &journal[..half]).unwrap();
    let resumed = finish(start(true)).await;
    assert!(!resumed.is_stale());
    assert!(resumed.summary().ended.unwrap() >= begin);
    assert_eq!(resumed.summary().started, summary.started);
    drop(resumed);
    // And so is one that begins anew.
    let anew = finish(start(false)).await;
    assert!(!anew.is_stale() && anew.summary().started.unwrap() >= begin);
}

#[tokio::test]
async fn no_file_of_a_run_has_a_key_or_a_merchant_that_can_be_read() {
    let (mock, ledger) = (mock().await, ledger_of(&books()));
    let client = mock.client().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    finish(Run::start(&ledger, &client, with_journal(&path, false)).unwrap()).await;
    let journal = fs::read_to_string(&path).unwrap();
    let credentials = mock.credentials();
    for secret in [
        credentials.reveal_api_key(),
        credentials.member(),
        credentials.merchant(),
    ] {
        assert!(!journal.contains(secret), "{secret}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}

#[tokio::test]
async fn a_ledger_that_changes_during_a_run_ends_it() {
    let mock = mock().await;
    let client = mock.client().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("books.csv");
    // Longer than what is read ahead.
    let long: String = (0..5_000).map(|_| "bill-0,1000,paid\n").collect();
    fs::write(&path, books() + &long).unwrap();
    let ledger = Ledger::open(&path, None, &[]).unwrap();
    let journal = folder.path().join("journal");
    let mut run = Run::start(&ledger, &client, with_journal(&journal, false)).unwrap();
    let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    std::io::Write::write_all(&mut file, b"bill-1000,5,paid\n").unwrap();
    let error = loop {
        match run.next().await {
            Ok(finding) => assert!(finding.is_some(), "the change was not noticed"),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::LedgerChanged), "{error}");
    drop(run);

    // As it says, and no other way.
    let advice = "give a copy that nobody writes to, remove the journal, and start again";
    assert!(error.to_string().contains(advice), "{error}");
    let copy = folder.path().join("copy.csv");
    fs::copy(&path, &copy).unwrap();
    let ledger = Ledger::open(&copy, None, &[]).unwrap();
    for resume in [false, true] {
        refusal(&ledger, &client, with_journal(&journal, resume));
    }
    fs::remove_file(&journal).unwrap();
    let report = finish(Run::start(&ledger, &client, with_journal(&journal, false)).unwrap()).await;
    assert_eq!(report.summary().lines, 62 + 5_000 + 1);
}

#[tokio::test]
async fn an_id_that_may_have_lost_its_zeros_is_named_by_line_and_column() {
    let mock = MockServer::start().await.unwrap();
    mock.add_bill(BillId::new("00012345").unwrap(), Won::new(1).unwrap())
        .unwrap();
    let ledger = ledger_of(
        "금액,청구서번호,상태\n1,12345,미결제\n1,20240101123456700000,미결제\n1,A-1,미결제\n\
         1,2024010112345670,미결제\n1,20240101123456700,미결제\n1,2024010112345671,미결제\n1,20240101123456710,미결제\n\
         1,202401011234000,미결제\n1,00012346,미결제\n",
    );
    let client = mock.client().unwrap();
    let report = finish(Run::start(&ledger, &client, Settings::default()).unwrap()).await;
    let reasons: Vec<_> = report
        .findings()
        .unwrap()
        .map(|finding| finding.unwrap().reason)
        .collect();
    let not_found = "PaySsam has no such bill of this member and merchant";
    let place =
        |line| format!("{not_found}; line {line}, column 2 (청구서번호): a spreadsheet may have");
    assert_eq!(reasons[0], place(2) + " removed zeros at its beginning");
    assert_eq!(reasons[1], place(3) + " replaced its last digits by zeros");
    assert_eq!(reasons[2], not_found);
    // Of sixteen and seventeen digits, a spreadsheet keeps fifteen.
    assert_eq!(reasons[3], place(5) + " replaced its last digits by zeros");
    assert_eq!(reasons[4], place(6) + " replaced its last digits by zeros");
    assert_eq!(reasons[5], place(7) + " removed zeros at its beginning");
    assert_eq!(reasons[6], place(8) + " removed zeros at its beginning");
    // Fifteen it keeps, whatever they are.
    assert_eq!(reasons[7], place(9) + " removed zeros at its beginning");
    assert_eq!(reasons[8], not_found);
}

/// A finding about this id, with this reason.
fn finding(id: &str, reason: &str) -> Finding {
    serde_json::from_value(serde_json::json!({
        "line": 2, "bill_id": id, "class": "not_found", "here": {"state": "paid", "amount": 45000},
        "there": {"state": "unknown:=1+1", "amount": null}, "day": "2026-11-25", "reason": reason,
    }))
    .unwrap()
}

#[test]
fn csv_opens_in_excel_and_no_cell_of_it_is_a_formula() {
    let ids = [
        "=1+1",
        "+82",
        "-7",
        "@SUM(A1)",
        "＝1",
        "00012345",
        "2024-0001",
        "1e5",
        "MAR1",
        "3월 수강료",
        "order-4711/x",
    ];
    let findings = ids.map(|id| Ok(finding(id, "=cmd|' /C calc'!A0")));
    let mut written = Vec::new();
    write_csv(findings.into_iter(), &mut written).unwrap();
    let text = String::from_utf8(written.clone()).unwrap();
    assert!(text.starts_with("\u{feff}line,bill_id,class,"), "{text}");
    assert_eq!(text.matches("\r\n").count(), ids.len() + 1);
    assert_eq!(text.matches('\n').count(), ids.len() + 1);
    let mut reader = csv::Reader::from_reader(Cursor::new(&text[3..]));
    for (record, id) in reader.records().map(Result::unwrap).zip(ids) {
        for cell in record.iter() {
            let first = cell.chars().next().unwrap_or('.');
            assert!(!"=+-@\t\r＝＋－＠".contains(first), "{cell}");
        }
        // A spreadsheet takes what is left for a text.
        assert_eq!(record[1].trim_start_matches('\'').trim_end(), id);
        let is_number = record[1].parse::<f64>().is_ok();
        assert!(!is_number, "{}", &record[1]);
    }
    // Read back as a ledger, the ids are those that they were.
    let map = ["state=here_state", "amount=here_amount"].map(|map| map.parse().unwrap());
    let ledger = Ledger::read_from(Cursor::new(written), "report.csv", None, &map).unwrap();
    for (line, id) in ledger.lines().unwrap().zip(ids) {
        let payssam_reconcile::Line::Belief(belief) = line.unwrap() else {
            panic!("{id}")
        };
        assert_eq!(belief.bill_id.as_str(), id);
    }
}
