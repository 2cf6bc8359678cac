//! What people do with the page: in Debian's Chromium, from a file.

mod pages;

use pages::{Browser, Findings, finding, html_of, one_of_each};
use payssam::BillId;
use payssam_reconcile::{Class, Finding};
use serde_json::json;

#[tokio::test]
async fn the_lines_are_sorted_by_each_column_and_both_ways() {
    let Some(browser) = Browser::open("en-US").await else {
        return;
    };
    // The amounts of the books rise while the ids fall, as text `B-9` would come after `B-10`.
    let mut findings: Vec<Finding> = (2..14)
        .map(|line| finding(line, Class::AmountDiffers))
        .collect();
    for (place, finding) in findings.iter_mut().enumerate() {
        finding.bill_id = Some(BillId::new(format!("B-{}", 20 - place)).unwrap());
    }
    findings.push(finding(14, Class::UnreadableLine));
    findings.push(finding(15, Class::PaidHereOnly));
    browser.show(&html_of(findings, None)).await;
    let rising: Vec<u64> = (2..16).collect();
    assert_eq!(browser.lines().await, rising);

    browser.click(".findings th.line button").await;
    assert_eq!(browser.lines().await, rising);
    browser.click(".findings th.line button").await;
    let falling: Vec<u64> = (2..16).rev().collect();
    assert_eq!(browser.lines().await, falling);
    let sorted = "return Array.from(document.querySelectorAll('th[aria-sort]'),
        (it) => it.className + ' ' + it.getAttribute('aria-sort'))";
    assert_eq!(browser.run(sorted).await, json!(["line descending"]));

    // B-9 to B-20, then B-000015, which is 15 too but for its zeros; what has no id comes last, both ways.
    browser.click(".findings th.bill button").await;
    let by_id = browser.lines().await;
    assert_eq!(by_id[..6], [13, 12, 11, 10, 9, 8]);
    assert_eq!(by_id.last(), Some(&14));
    browser.click(".findings th.bill button").await;
    let by_id = browser.lines().await;
    assert_eq!((by_id[0], by_id[13]), (2, 14));
    assert_eq!(browser.run(sorted).await, json!(["bill descending"]));

    browser.click(".findings th.there button").await;
    assert_eq!(browser.lines().await[..12], rising[..12]);
    browser.click(".findings th.there button").await;
    assert_eq!(browser.lines().await[..12], falling[2..]);
    // -15,000 won, twelve times +5,000 won, and nothing.
    browser.click(".findings th.difference button").await;
    let by_difference = browser.lines().await;
    assert_eq!((by_difference[0], by_difference[13]), (15, 14));
    browser.click(".findings th.found button").await;
    assert_eq!(browser.lines().await.len(), 14);
}

#[tokio::test]
async fn lines_are_found_by_what_is_typed_and_by_class() {
    let Some(browser) = Browser::open("en-US").await else {
        return;
    };
    let mut findings = one_of_each();
    findings.push(finding(1_234, Class::PaidHereOnly));
    browser.show(&html_of(findings, None)).await;
    let all = browser.lines().await;
    assert_eq!(all.len(), 11, "what agrees is not listed");
    assert_eq!(browser.texts("#matching").await, [""; 0]);

    for (typed, found) in [
        // An id, in any case; an amount with and without commas; a day; words in both languages; the reason.
        ("b-001234", &[1_234][..]),
        ("1,234,000", &[1_234]),
        ("₩1234000", &[1_234]),
        ("１２３４０００", &[1_234]),
        ("2026-03-02 b-001234", &[1_234]),
        ("PAID in the books ONLY", &[3, 1_234]),
        ("장부에만 결제완료", &[3, 1_234]),
        ("end-000005", &[5]),
        ("nobody has this", &[]),
        (".*", &[]),
    ] {
        browser.search(typed).await;
        assert_eq!(browser.lines().await, found, "{typed}");
        let count = format!("Search and filter: {} of the 11 shown", found.len());
        assert_eq!(browser.texts("#matching").await, [count], "{typed}");
        let is_nothing = !browser.texts("#nothing").await.is_empty();
        assert_eq!(is_nothing, found.is_empty(), "{typed}");
    }
    browser.search(" ").await;
    assert_eq!(browser.lines().await, all);

    browser.click(".chips [data-class=paid_here_only]").await;
    assert_eq!(browser.lines().await, [3, 1_234]);
    browser.click(".chips [data-class=not_found]").await;
    assert_eq!(browser.lines().await, [3, 8, 1_234]);
    browser.search("b-000008").await;
    assert_eq!(browser.lines().await, [8]);
    browser.click(".chips [data-class=paid_here_only]").await;
    browser.click(".chips [data-class=not_found]").await;
    browser.search(" ").await;
    // What is found stays found while it is sorted.
    browser.click(".chips [data-class=paid_here_only]").await;
    browser.click(".findings th.line button").await;
    browser.click(".findings th.line button").await;
    assert_eq!(browser.lines().await, [1_234, 3]);
}

/// Words that are seen in one language only.
const KOREAN: [&str; 3] = ["분류별 합계", "장부에만 결제완료", "확인할 행"];
const ENGLISH: [&str; 3] = ["Totals", "Paid in the books only", "Lines to look at"];

#[track_caller]
fn assert_language(seen: &str, has: [&str; 3], has_not: [&str; 3]) {
    for words in has {
        assert!(seen.contains(words), "{words} in {seen}");
    }
    for words in has_not {
        assert!(!seen.contains(words), "{words} in {seen}");
    }
}

async fn seen(browser: &Browser) -> String {
    browser.texts("body").await.remove(0)
}

#[tokio::test]
async fn the_language_is_that_of_the_browser_and_can_be_switched() {
    let Some(browser) = Browser::open("ko-KR").await else {
        return;
    };
    browser.show(&html_of(one_of_each(), None)).await;
    assert_language(&seen(&browser).await, KOREAN, ENGLISH);
    let named = "return document.documentElement.lang";
    assert_eq!(browser.run(named).await, "ko");
    browser.click("label[for=english]").await;
    assert_language(&seen(&browser).await, ENGLISH, KOREAN);
    assert_eq!(browser.run(named).await, "en");
    browser.click("label[for=korean]").await;
    assert_language(&seen(&browser).await, KOREAN, ENGLISH);
    // By the keyboard too.
    let focus = "document.getElementById('korean').focus()";
    browser.run(focus).await;
    let right = json!({"type": "keyDown", "key": "ArrowRight", "code": "ArrowRight", "windowsVirtualKeyCode": 39});
    browser.chromium("Input.dispatchKeyEvent", right).await;
    assert_language(&seen(&browser).await, ENGLISH, KOREAN);
}

#[tokio::test]
async fn without_a_script_all_is_read_in_both_languages() {
    let Some(browser) = Browser::open("en-US").await else {
        return;
    };
    let no_script = json!({"value": true});
    browser
        .chromium("Emulation.setScriptExecutionDisabled", no_script)
        .await;
    browser.show(&html_of(one_of_each(), None)).await;
    assert_language(&seen(&browser).await, KOREAN, ENGLISH);
    browser.click("label[for=english]").await;
    assert_language(&seen(&browser).await, ENGLISH, KOREAN);
    assert_eq!(browser.lines().await.len(), 10);
    let head = browser.texts(".findings th").await;
    let columns = [
        "Line",
        "Bill",
        "Class",
        "Books",
        "PaySsam",
        "Difference",
        "Reason",
    ];
    assert_eq!(head, columns);
    // Nothing is offered that cannot be done.
    assert_eq!(browser.texts("button, #search").await, [""; 0]);
}

#[tokio::test]
async fn what_agrees_needs_nothing_and_what_was_not_read_is_partial() {
    let Some(browser) = Browser::open("en-US").await else {
        return;
    };
    browser
        .show(&html_of(vec![finding(2, Class::Agrees)], None))
        .await;
    assert_eq!(browser.texts("h1").await, ["All lines agree"]);
    assert_eq!(browser.texts(".findings, #search, .warning").await, [""; 0]);
    assert!(!browser.client.title().await.unwrap().contains("partial"));

    browser.show(&html_of(vec![], None)).await;
    assert_eq!(browser.texts("h1").await, ["No line was compared"]);

    let agreeing = vec![finding(2, Class::Agrees), finding(3, Class::CouldNotBeRead)];
    browser.show(&html_of(agreeing, None)).await;
    assert_eq!(
        browser.texts("h1").await,
        ["Partial: not every bill could be read"]
    );
    assert!(browser.client.title().await.unwrap().contains("partial"));
    assert_eq!(browser.texts(".warning").await.len(), 1);
    let counts = browser.texts(".totals td").await;
    let counts: u64 = counts[..11]
        .iter()
        .map(|count| count.parse::<u64>().unwrap())
        .sum();
    assert_eq!(counts, 2);
}

#[test]
fn without_a_browser_tests_fail_unless_they_may_be_skipped() {
    let test = "what_agrees_needs_nothing_and_what_was_not_read_is_partial";
    for (allow, passes) in [(None, false), (Some("0"), false), (Some("1"), true)] {
        let mut tests = std::process::Command::new(std::env::current_exe().unwrap());
        tests.args(["--exact", test, "--nocapture"]);
        tests.env("PATH", "/nowhere").env_remove("ALLOW_SKIPS");
        tests.envs(allow.map(|allow| ("ALLOW_SKIPS", allow)));
        let ended = tests.output().unwrap();
        assert_eq!(ended.status.success(), passes, "{allow:?}: {ended:?}");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(said.contains("apt-get install chromium"), "{said}");
    }
}
