//! The stream of findings, against the mock server.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use crate::support::counting_server::CountingServer;
use payssam::{BillId, RetryPolicy, Won};
use payssam_mock::{Fault, MockServer, Schedule};
use payssam_reconcile::{Belief, BelievedState, Class, Finding, reconcile};

fn id(number: usize) -> BillId {
    BillId::new(format!("bill-{number}")).unwrap()
}

fn belief(number: usize, state: BelievedState, amount: u64) -> Belief {
    Belief {
        line: number as u64 + 1,
        bill_id: id(number),
        amount: Won::new(amount).ok(),
        state,
        day: None,
    }
}

/// A mock server with so many bills of 1,000 won, all paid.
async fn with_paid(count: usize) -> MockServer {
    let mock = MockServer::start().await.unwrap();
    for number in 0..count {
        mock.add_bill(id(number), Won::new(1_000).unwrap()).unwrap();
        mock.pay(&id(number)).unwrap();
    }
    mock
}

fn paid(count: usize) -> impl Iterator<Item = Belief> + Send + 'static {
    (0..count).map(|number| belief(number, BelievedState::Paid, 1_000))
}

async fn all(mock: &MockServer, count: usize, concurrency: usize) -> Vec<Finding> {
    let client = mock.client().unwrap();
    let mut found = Vec::new();
    let mut findings = reconcile(paid(count), &client).concurrency(concurrency);
    while let Some(finding) = findings.next().await {
        found.push(finding);
    }
    found.sort_by_key(|finding| finding.line);
    found
}

fn counts(findings: &[Finding]) -> BTreeMap<Class, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.class).or_default() += 1;
    }
    counts
}

#[tokio::test]
async fn each_line_becomes_one_finding_of_its_class_and_only_reads_leave() {
    let mock = with_paid(4).await;
    mock.cancel(&id(1)).unwrap();
    mock.add_bill(id(4), Won::new(1_000).unwrap()).unwrap();
    mock.add_bill(id(5), Won::new(1_000).unwrap()).unwrap();
    mock.destroy(&id(5)).unwrap();
    let books = vec![
        belief(0, BelievedState::Paid, 1_000),
        belief(1, BelievedState::Paid, 1_000),
        belief(2, BelievedState::Paid, 999),
        belief(3, BelievedState::Unpaid, 1_000),
        belief(4, BelievedState::Paid, 1_000),
        belief(5, BelievedState::Paid, 1_000),
        belief(6, BelievedState::Paid, 1_000),
        belief(1, BelievedState::Cancelled, 1_000),
    ];
    let client = mock.client().unwrap();
    let mut findings = reconcile(books, &client).concurrency(1);
    let mut classes = Vec::new();
    while let Some(finding) = findings.next().await {
        classes.push(finding.class);
    }
    assert_eq!(
        classes,
        [
            Class::Agrees,
            Class::CancelledElsewhere,
            Class::AmountDiffers,
            Class::PaidThereOnly,
            Class::PaidHereOnly,
            Class::Destroyed,
            Class::NotFound,
            Class::Agrees,
        ]
    );
    assert!(findings.next().await.is_none());
    let requests = mock.requests();
    assert_eq!(requests.len(), 8);
    assert!(
        requests
            .iter()
            .all(|request| request.path() == "/bill/read")
    );
}

#[tokio::test]
async fn with_faults_in_a_third_of_the_reads_every_line_is_found_once_and_none_agrees_wrongly() {
    let mock = with_paid(150).await;
    let faults = [
        Fault::CloseAfterReading,
        Fault::BadGateway { applied: false },
        Fault::ServerError { applied: false },
        Fault::HtmlPage { applied: false },
        Fault::EmptyResponse { applied: true },
        Fault::WrongEcho,
        Fault::ErrorCode { applied: true },
    ];
    for (seed, fault) in faults.into_iter().enumerate() {
        mock.inject(fault, Schedule::probability(0.05, seed as u64).unwrap());
    }
    let mut client = mock.client().unwrap();
    // Two of the seven faults come with HTTP 200 and are not tried again.
    for (policy, least) in [(RetryPolicy::new(), 100), (RetryPolicy::off(), 75)] {
        client = client.with_retry(policy);
        let (mut found, mut agreeing, mut differing) = (Vec::new(), 0, 0);
        // Every tenth line is wrong.
        let books = (0..150).map(|number| {
            belief(
                number,
                BelievedState::Paid,
                if number % 10 == 0 { 1 } else { 1_000 },
            )
        });
        let mut findings = reconcile(books, &client);
        while let Some(finding) = findings.next().await {
            let is_wrong = (finding.line - 1) % 10 == 0;
            match finding.class {
                Class::Agrees => {
                    assert!(!is_wrong);
                    agreeing += 1;
                }
                Class::AmountDiffers => {
                    assert!(is_wrong);
                    differing += 1;
                }
                class => assert_eq!(class, Class::CouldNotBeRead, "{}", finding.reason),
            }
            found.push(finding.line);
        }
        found.sort_unstable();
        assert!(found.into_iter().eq(1..=150));
        assert!(
            agreeing >= least && differing > 0,
            "{agreeing}, {differing}"
        );
    }
}

#[tokio::test]
async fn bill_ids_alone_are_read_and_what_the_books_do_not_say_is_unsettled() {
    let mock = with_paid(3).await;
    mock.cancel(&id(1)).unwrap();
    let client = mock.client().unwrap().with_retry(RetryPolicy::off());
    let mut findings = reconcile((0..4).map(id), &client).concurrency(1);
    let mut found = Vec::new();
    while let Some(finding) = findings.next().await {
        found.push(finding);
    }
    let lines: Vec<_> = found.iter().map(|it| (it.line, it.class)).collect();
    let unsettled = Class::Unsettled;
    assert_eq!(
        lines,
        [
            (1, unsettled),
            (2, unsettled),
            (3, unsettled),
            (4, Class::NotFound)
        ]
    );
    assert_eq!(
        found[0].reason,
        "PaySsam says paid, and the books say nothing of it"
    );
    let line = serde_json::to_value(&found[1]).unwrap();
    assert_eq!(line["here"], serde_json::Value::Null);
    assert_eq!(line["bill_id"], "bill-1");
    assert_eq!(line["there"]["state"], "cancelled");
    assert_eq!(line["there"]["amount"], 1_000);
    assert!(found[0].day.is_some() && found[3].there.is_none());

    mock.inject(Fault::BadGateway { applied: false }, Schedule::always());
    let failed = reconcile([id(0)], &client).next().await.unwrap();
    assert_eq!((failed.class, failed.here), (Class::CouldNotBeRead, None));
    // A list of both is a list of lines.
    mock.clear_faults();
    let books = [
        belief(0, BelievedState::Paid, 1_000).into(),
        payssam_reconcile::Subject::from(id(1)),
    ];
    let mut findings = reconcile(books, &client).concurrency(1);
    assert_eq!(findings.next().await.unwrap().class, Class::Agrees);
    assert_eq!(findings.next().await.unwrap().line, 2);
}

#[tokio::test]
async fn only_the_code_of_payssam_for_it_is_not_found() {
    let mock = with_paid(1).await;
    for fault in [
        Fault::BadGateway { applied: false },
        Fault::RejectThenApply(Duration::from_millis(1)),
        Fault::RedirectElsewhere,
    ] {
        mock.clear_faults();
        mock.inject(fault, Schedule::always());
        let client = mock.client().unwrap().with_retry(RetryPolicy::off());
        let found = reconcile([belief(7, BelievedState::Paid, 1)], &client)
            .next()
            .await
            .unwrap();
        assert_eq!(
            (found.class, found.there),
            (Class::CouldNotBeRead, None),
            "{fault}"
        );
    }
    mock.clear_faults();
    let client = mock.client().unwrap();
    let found = reconcile([belief(7, BelievedState::Paid, 1)], &client)
        .next()
        .await
        .unwrap();
    assert_eq!(found.class, Class::NotFound);
}

#[tokio::test]
async fn a_pause_that_payssam_asks_for_is_kept_by_all_reads_and_ends() {
    let mock = with_paid(60).await;
    let retry_after = Duration::from_secs(1);
    mock.inject(
        Fault::TooManyRequests { retry_after },
        Schedule::sequence([5]),
    );
    let begin = Instant::now();
    let found = all(&mock, 60, 4).await;
    assert!(begin.elapsed() >= retry_after);
    assert_eq!(counts(&found), BTreeMap::from([(Class::Agrees, 60)]));
    // Those that ran at that moment, the one that was refused and nothing else.
    assert_eq!(mock.requests().len(), 61);
}

#[tokio::test]
async fn a_rate_is_kept() {
    let mock = with_paid(11).await;
    let client = mock.client().unwrap();
    let begin = Instant::now();
    let mut findings = reconcile(paid(11), &client).rate(20.0);
    while findings.next().await.is_some() {}
    assert!(begin.elapsed() >= Duration::from_millis(500));
}

#[tokio::test]
async fn what_is_no_rate_is_no_limit_and_the_smallest_rate_begins_one_read() {
    let mock = with_paid(4).await;
    let client = mock.client().unwrap();
    for no_rate in [0.0, -0.0, -1.0, f64::NAN, f64::INFINITY] {
        let mut findings = reconcile(paid(4), &client).rate(no_rate);
        while let Some(finding) = findings.next().await {
            assert_eq!(finding.class, Class::Agrees);
        }
    }
    for rate in [1e-19, f64::MIN_POSITIVE, 5e-324] {
        let before = mock.requests().len();
        let mut findings = reconcile(paid(4), &client).rate(rate);
        findings.next().await.unwrap();
        let second = tokio::time::timeout(Duration::from_millis(50), findings.next());
        assert!(second.await.is_err(), "{rate}");
        assert_eq!(mock.requests().len() - before, 1);
    }
}

#[tokio::test]
async fn no_more_is_taken_from_the_lines_than_is_read_at_once() {
    let mock = with_paid(1).await;
    let client = mock.client().unwrap();
    for concurrency in [0, 1, 3] {
        let taken = Arc::new(AtomicUsize::new(0));
        let count = taken.clone();
        let lines = (0..100).map(move |_| {
            count.fetch_add(1, Relaxed);
            belief(0, BelievedState::Paid, 1_000)
        });
        let mut findings = reconcile(lines, &client).concurrency(concurrency);
        let first = std::pin::pin!(findings.next());
        assert!(futures_util::FutureExt::now_or_never(first).is_none());
        assert_eq!(taken.load(Relaxed), concurrency.max(1));
    }
}

/// How many requests one bill takes, and what comes of it.
async fn requests_for_one(client: payssam::Client, mock: &MockServer) -> usize {
    let before = mock.requests().len();
    let mut findings = reconcile(paid(1), &client).patience(Duration::from_secs(20));
    let finding = findings.next().await.unwrap();
    assert_eq!(finding.class, Class::CouldNotBeRead, "{}", finding.reason);
    mock.requests().len() - before
}

#[tokio::test]
async fn a_bill_is_read_five_times_or_once_without_retries() {
    let mock = with_paid(1).await;
    let fault = Fault::BadGateway { applied: false };
    mock.inject(fault, Schedule::always());
    let client = mock.client().unwrap();
    assert_eq!(requests_for_one(client.clone(), &mock).await, 5);
    let once = client.with_retry(RetryPolicy::off());
    assert_eq!(requests_for_one(once, &mock).await, 1);
}

#[tokio::test]
async fn payssam_may_ask_to_wait_twenty_times_for_a_bill_or_never_without_retries() {
    let mock = with_paid(1).await;
    let retry_after = Duration::ZERO;
    let fault = Fault::TooManyRequests { retry_after };
    mock.inject(fault, Schedule::always());
    let client = mock.client().unwrap();
    let once = client.with_retry(RetryPolicy::off());
    assert_eq!(requests_for_one(once, &mock).await, 1);
    assert_eq!(requests_for_one(client, &mock).await, 21);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_given_up_after_its_patience_and_few_bills() {
    let mock = with_paid(0).await;
    let client = mock.client().unwrap().with_retry(RetryPolicy::off());
    mock.inject(Fault::BadGateway { applied: false }, Schedule::always());
    let patience = Duration::from_secs(1);
    let mut findings = reconcile(paid(5_000), &client).patience(patience);
    let begin = Instant::now();
    let mut count = 0;
    while let Some(finding) = findings.next().await {
        assert_eq!(finding.class, Class::CouldNotBeRead);
        count += 1;
    }
    assert_eq!(count, 5_000);
    // Those that ran together, and one in each sixtieth of the patience.
    assert!(begin.elapsed() >= patience);
    let requests = mock.requests().len();
    assert!((8..=60 + 16).contains(&requests), "{requests}");
}

/// Fails all reads until so many have failed, and counts what that costs.
async fn after_an_outage(client: payssam::Client, mock: &MockServer, failing: u64) -> usize {
    mock.inject(
        Fault::BadGateway { applied: false },
        Schedule::first(failing),
    );
    let mut findings = reconcile(paid(300), &client).patience(Duration::from_secs(6));
    let (mut agreeing, mut failed) = (0, 0);
    while let Some(finding) = findings.next().await {
        match finding.class {
            Class::Agrees => agreeing += 1,
            class => {
                assert_eq!(class, Class::CouldNotBeRead, "{}", finding.reason);
                assert!(!finding.reason.contains("gave up"), "{}", finding.reason);
                failed += 1;
            }
        }
    }
    assert_eq!(agreeing + failed, 300);
    failed
}

#[tokio::test]
async fn an_outage_shorter_than_the_patience_ends_no_run_and_uses_up_few_bills() {
    // A sixth of the patience, at a read in a sixtieth of it: for the default that is 50 seconds.
    let failing = 8 + 10;
    let mock = with_paid(300).await;
    let failed = after_an_outage(mock.client().unwrap(), &mock, failing).await;
    assert!(failed <= 3, "{failed}");
    // Without further attempts each read that fails is a bill, and no more than that.
    let mock = with_paid(300).await;
    let client = mock.client().unwrap().with_retry(RetryPolicy::off());
    assert_eq!(
        after_an_outage(client, &mock, failing).await,
        failing as usize
    );
}

#[tokio::test]
async fn a_key_that_is_refused_is_given_up_after_the_patience_and_few_bills() {
    let mock = with_paid(300).await;
    let (member, merchant) = (mock.credentials().member(), mock.credentials().merchant());
    let another = payssam::Credentials::builder().api_key("another");
    let another = another.member(member).merchant(merchant).build().unwrap();
    let client = payssam::Client::builder(another).base_url(mock.base_url());
    let client = client.build().unwrap();
    let mut findings = reconcile(paid(300), &client).patience(Duration::from_millis(600));
    let mut refused = 0;
    while let Some(finding) = findings.next().await {
        assert_eq!(finding.class, Class::CouldNotBeRead, "{}", finding.reason);
        refused += usize::from(finding.reason.contains("PARTNER_"));
    }
    assert!(refused >= 8, "{refused}");
    let requests = mock.requests().len();
    assert!((8..=60 + 16).contains(&requests), "{requests}");
}

#[tokio::test]
async fn pauses_that_payssam_asks_for_are_no_part_of_the_patience() {
    let mock = with_paid(40).await;
    let retry_after = Duration::from_secs(1);
    mock.inject(Fault::TooManyRequests { retry_after }, Schedule::first(12));
    let client = mock.client().unwrap();
    let mut findings = reconcile(paid(40), &client).patience(Duration::from_millis(200));
    while let Some(finding) = findings.next().await {
        assert_eq!(finding.class, Class::Agrees, "{}", finding.reason);
    }
}

#[tokio::test]
async fn fewer_bills_are_read_at_once_while_the_server_fails_and_more_again_afterwards() {
    let (server, client) = CountingServer::start().await;
    let mut findings = reconcile(paid(1_000), &client).patience(Duration::from_secs(15));
    let mut found = 0;
    let mut next = async |count: usize| {
        for _ in 0..count {
            let finding = findings.next().await.unwrap();
            found += usize::from(finding.class == Class::Agrees);
        }
    };
    server.gather(8);
    next(200).await;
    assert_eq!(server.most(), 8);
    server.gather(0);
    server.overload(true);
    let begin = server.all();
    while server.all() < begin + 16 {
        // Nothing is found meanwhile, but polling makes the reads go on.
        drop(tokio::time::timeout(Duration::from_millis(50), next(1)).await);
    }
    server.most();
    let begin = server.all();
    while server.all() < begin + 4 {
        drop(tokio::time::timeout(Duration::from_millis(50), next(1)).await);
    }
    assert_eq!(server.most(), 1);
    server.overload(false);
    next(100).await;
    server.most();
    server.gather(8);
    next(200).await;
    assert_eq!(server.most(), 8);
    server.gather(0);
    next(100).await;
    assert!(found >= 590, "{found}");
}

#[tokio::test]
async fn no_more_bills_are_read_at_once_than_allowed_and_none_before_it_is_polled() {
    let (server, client) = CountingServer::start().await;
    for concurrency in [1, 3, 20] {
        server.gather(concurrency);
        let mut findings = reconcile(paid(200), &client).concurrency(concurrency);
        let before = server.all();
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(server.all(), before);
        findings.next().await.unwrap();
        // Whoever is slow with one finding is asked nothing further.
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(server.all() - before <= 2 * concurrency);
        while findings.next().await.is_some() {}
        assert_eq!(server.most(), concurrency);
        assert_eq!(server.all() - before, 200);
    }
}
