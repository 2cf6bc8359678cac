//! Runs over whole ledgers: duplicates, shards, and journals that are resumed or refused.

use std::{collections::BTreeMap, fs, io::Cursor, path::Path};

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
        "line 5 has the same bill id; only that line is compared"
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
    let mut run = Run::start(&ledger, &client, Settings::default()).unwrap();
    let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    std::io::Write::write_all(&mut file, b"bill-1000,5,paid\n").unwrap();
    let error = loop {
        match run.next().await {
            Ok(finding) => assert!(finding.is_some(), "the change was not noticed"),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::LedgerChanged), "{error}");
}

#[tokio::test]
async fn an_id_that_may_have_lost_its_zeros_is_named_by_line_and_column() {
    let mock = MockServer::start().await.unwrap();
    mock.add_bill(BillId::new("00012345").unwrap(), Won::new(1).unwrap())
        .unwrap();
    let ledger = ledger_of(
        "금액,청구서번호,상태\n1,12345,미결제\n1,20240101123456700000,미결제\n1,A-1,미결제\n",
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
