//! The page in Debian's Chromium, from a file.

mod pages;

use std::collections::BTreeSet;

use pages::{browser::Browser, finding, html, html_of, one_of_each};
use payssam::{BillId, BillState};
use payssam_reconcile::{Class, Finding, Summary};
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
async fn a_phone_needs_no_scrolling_to_the_side() {
    let Some(browser) = Browser::open("ko-KR").await else {
        return;
    };
    browser.resize(390, 844).await;
    let mut findings = one_of_each();
    for finding in &mut findings {
        finding.reason = "가".repeat(300) + &"w".repeat(300);
        if let Some(here) = &mut finding.here {
            here.amount = pages::won(9_999_999_999);
        }
        if let Some(there) = &mut finding.there {
            there.amount = pages::won(9_999_999_998);
        }
    }
    findings[1].bill_id = Some(BillId::new("W".repeat(20)).unwrap());
    findings[2].there.as_mut().unwrap().state = BillState::Unknown("X".repeat(300));
    let long = "장부".repeat(60) + &"m".repeat(120);
    let mut summary = Summary::new(&long, &long, Some("999999/1000000".parse().unwrap()));
    for finding in &findings {
        summary.add(finding);
    }
    browser.show(&html(&summary, findings, Some(&long))).await;
    let beyond = "return Array.from(document.querySelectorAll('body *')).filter((it) => it.checkVisibility()
        && (it.getBoundingClientRect().right > 390.5 || it.getBoundingClientRect().left < -0.5)).map((it) => it.outerHTML.slice(0, 200))";
    let width = "return [innerWidth, document.documentElement.scrollWidth]";
    for language in ["korean", "english"] {
        browser.click(&format!("label[for={language}]")).await;
        assert_eq!(browser.run(width).await, json!([390, 390]));
        assert_eq!(browser.run(beyond).await, json!([]));
    }
    // Everything is there, with the name of its column.
    assert_eq!(lines_of_cards(&browser).await, 10);
    browser.click(".findings th.difference button").await;
    browser.search("end-").await;
    assert_eq!(browser.run(width).await, json!([390, 390]));
}

async fn lines_of_cards(browser: &Browser) -> usize {
    let named = "return Array.from(document.querySelectorAll('.findings td.here'))
        .filter((it) => getComputedStyle(it, '::before').content === '\"Books\"').length";
    let named = browser.run(named).await;
    usize::try_from(named.as_u64().unwrap()).unwrap()
}

/// Texts whose contrast is less than 4.5, and bars with less than 3, as WCAG 2 asks.
const TOO_FAINT: &str = r"
    const channel = (value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    const numbers = (color) => color.match(/[\d.]+/g).map(Number);
    const luminance = (color) => {
        const [r, g, b] = numbers(color).map((value) => channel(value / 255));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (one, other) => {
        const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
        return (light + 0.05) / (dark + 0.05);
    };
    const behind = (it) => {
        for (; it; it = it.parentElement) {
            const color = getComputedStyle(it).backgroundColor;
            if (numbers(color)[3] !== 0) return color;
        }
        throw Error('nothing is behind it');
    };
    const seen = Array.from(document.querySelectorAll('body *')).filter((it) => it.checkVisibility());
    const hasText = (it) => Array.from(it.childNodes).some((node) => node.nodeType === 3 && node.data.trim());
    const texts = seen.filter(hasText).map((it) => [it, getComputedStyle(it).color, 4.5]);
    const bars = seen.filter((it) => it.tagName === 'rect').map((it) => [it, getComputedStyle(it).fill, 3]);
    const faint = texts.concat(bars)
        .map(([it, color, least]) => [contrast(color, behind(it)), least, it.outerHTML.slice(0, 120)])
        .filter(([contrast, least]) => contrast < least);
    return [texts.length, bars.length, faint];
";

#[tokio::test]
async fn every_text_and_bar_has_contrast_in_light_and_dark() {
    let Some(browser) = Browser::open("ko-KR").await else {
        return;
    };
    let partial = html_of(one_of_each(), Some("all.jsonl"));
    let mismatches = html_of(vec![finding(2, Class::NotFound)], None);
    let agreeing = html_of(vec![finding(2, Class::Agrees)], None);
    for scheme in ["light", "dark"] {
        browser.prefer(scheme).await;
        let mut backgrounds = BTreeSet::new();
        for page in [&partial, &mismatches, &agreeing] {
            browser.show(page).await;
            for language in ["korean", "english"] {
                browser.click(&format!("label[for={language}]")).await;
                let found = browser.run(TOO_FAINT).await;
                assert!(found[0].as_u64() > Some(30), "{found}");
                assert_eq!(found[2], json!([]), "{scheme} {language}");
            }
            let background = "return getComputedStyle(document.body).backgroundColor";
            backgrounds.insert(browser.run(background).await.to_string());
        }
        let is_dark = backgrounds.iter().all(|it| it.contains("16, 19, 25"));
        assert_eq!(is_dark, scheme == "dark", "{backgrounds:?}");
    }
    // That it would be found.
    let fade =
        "for (const it of document.querySelectorAll('h1 span')) it.style.color = 'rgb(40, 44, 50)'";
    browser.run(fade).await;
    let found = browser.run(TOO_FAINT).await;
    assert_ne!(found[2], json!([]));
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
