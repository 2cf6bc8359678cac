//! The page as text: what it holds, and that it is written while its findings come.

mod pages;

use std::{
    cell::Cell,
    io::{self, ErrorKind, Write},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use pages::{finding, html, html_of, one_of_each, summary};
use payssam_reconcile::{Class, Finding, MOST_ROWS, Summary, page};
use sha2::{Digest, Sha256};

/// How many rows of each class a page has.
fn rows(html: &str, class: Class) -> usize {
    html.matches(&format!("<tr role=\"row\" data-class=\"{class}\">"))
        .count()
}

fn title(html: &str) -> &str {
    let (_, rest) = html.split_once("<title>").unwrap();
    rest.split_once("</title>").unwrap().0
}

#[test]
fn every_class_is_counted_and_the_counts_are_the_lines() {
    let mut findings = one_of_each();
    findings.extend((20..30).map(|line| finding(line, Class::Agrees)));
    let html = html_of(findings, None);
    for class in Class::ALL {
        let count = if class == Class::Agrees { 11 } else { 1 };
        let cell = format!("id=\"count-{class}\">{count}</td>");
        assert!(html.contains(&cell), "{cell}");
    }
    assert!(html.contains("id=\"count-all\">21</td>"));
}

#[test]
fn all_but_what_agrees_is_listed() {
    let html = html_of(one_of_each(), None);
    for class in Class::ALL {
        assert_eq!(
            rows(&html, class),
            usize::from(class != Class::Agrees),
            "{class}"
        );
    }
}

#[test]
fn the_title_says_partial_if_and_only_if_something_could_not_be_read() {
    for class in Class::ALL {
        let html = html_of(vec![finding(2, class), finding(3, Class::Agrees)], None);
        let is_partial = class == Class::CouldNotBeRead;
        assert_eq!(title(&html).contains("partial"), is_partial, "{class}");
    }
    // Also if the summary says so for another reason.
    let findings = vec![finding(2, Class::Agrees)];
    let mut summary = summary(&findings);
    summary.partial = true;
    let html = html(&summary, findings, None);
    assert!(title(&html).contains("partial"));
    assert!(!html.contains("All lines agree"));
}

#[test]
fn no_class_is_crowded_out_by_another() {
    for (counts, expected) in [
        ([9_000, 10, 0], [4_990, 10, 0]),
        ([9_000, 9_000, 9_000], [1_667, 1_667, 1_666]),
        ([9_000, 9_000, 1_000], [2_000, 2_000, 1_000]),
        ([3_000, 1_500, 500], [3_000, 1_500, 500]),
        ([5_001, 0, 0], [5_000, 0, 0]),
        ([1, 0, 0], [1, 0, 0]),
    ] {
        let classes = [Class::NotFound, Class::PaidThereOnly, Class::CouldNotBeRead];
        let findings: Vec<_> = classes
            .into_iter()
            .zip(counts)
            .flat_map(|(class, count)| vec![finding(2, class); count])
            .collect();
        let html = html_of(findings, None);
        let mut shown = classes.map(|class| rows(&html, class));
        let sum: usize = shown.iter().sum();
        assert_eq!(sum, counts.iter().sum::<usize>().min(5_000), "{counts:?}");
        // Which of equals gets the odd one does not matter.
        shown.sort_by_key(|count| std::cmp::Reverse(*count));
        assert_eq!(shown, expected, "{counts:?}");
    }
}

/// A writer that tells how much was written.
struct Counting<'c> {
    written: &'c Cell<usize>,
}

impl Write for Counting<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written.set(self.written.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_page_is_written_while_its_findings_come() {
    let all: Vec<_> = (2..102)
        .map(|line| finding(line, Class::NotFound))
        .collect();
    let summary = summary(&all);
    let written = Cell::new(0);
    let mut before = 0;
    let findings = all.into_iter().map(|finding| {
        // The one before is written when the next is asked for.
        assert!(written.get() > before, "line {}", finding.line);
        before = written.get();
        Ok::<_, io::Error>(finding)
    });
    page(&summary, findings, None, Counting { written: &written }).unwrap();
    assert!(written.get() > before);
}

#[test]
fn a_page_of_a_million_mismatches_is_no_larger_than_one_of_five_thousand() {
    let line = finding(2, Class::PaidThereOnly);
    let mut sizes = [5_000, 1_000_000].map(|count| {
        let mut summary = Summary::new("books.csv", "academy/seoul", None);
        for _ in 0..count {
            summary.add(&line);
        }
        let written = Cell::new(0);
        let findings = (0..count).map(|_| Ok::<_, io::Error>(line.clone()));
        page(&summary, findings, None, Counting { written: &written }).unwrap();
        written.get()
    });
    // A few more digits.
    sizes[0] += 1_000;
    assert!(sizes[1] <= sizes[0], "{sizes:?}");
    assert_eq!(MOST_ROWS, 5_000);
}

#[test]
fn findings_that_the_summary_does_not_count_are_an_error() {
    let counted = one_of_each();
    let summary = summary(&counted);
    let without_one = counted.into_iter().skip(2).map(Ok::<_, io::Error>);
    let error = page(&summary, without_one, None, io::sink()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    assert!(error.to_string().contains("not complete"), "{error}");
}

#[test]
fn a_finding_that_cannot_be_read_ends_the_page() {
    let summary = summary(&one_of_each());
    let findings = [Err::<Finding, _>(io::Error::other("the journal is gone"))];
    let error = page(&summary, findings.into_iter(), None, io::sink()).unwrap_err();
    assert_eq!(error.to_string(), "the journal is gone");
}

#[test]
fn the_policy_allows_this_style_and_this_script_and_nothing_else() {
    let html = html_of(one_of_each(), Some("all.jsonl"));
    let (before, rest) = html
        .split_once("<meta http-equiv=\"Content-Security-Policy\" content=\"")
        .unwrap();
    assert!(
        !before.contains("<style") && !before.contains("<script"),
        "it comes first"
    );
    let policy = rest.split_once('"').unwrap().0;
    let mut wanted = vec!["default-src 'none'".to_owned()];
    for (directive, tag) in [("style-src", "style"), ("script-src", "script")] {
        let (_, text) = html.split_once(&format!("<{tag}>")).unwrap();
        let (text, rest) = text.split_once(&format!("</{tag}>")).unwrap();
        assert!(!rest.contains(&format!("<{tag}")), "one {tag}");
        let hash = BASE64_STANDARD.encode(Sha256::digest(text));
        wanted.push(format!("{directive} 'sha256-{hash}'"));
    }
    wanted.extend(
        [
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]
        .map(str::to_owned),
    );
    let directives: Vec<_> = policy.split("; ").collect();
    assert_eq!(directives, wanted);
}

#[test]
fn no_address_is_in_the_page_but_that_of_the_full_list() {
    let html = html_of(one_of_each(), Some("all.jsonl"));
    for part in [
        " src=", "url(", "@import", "http:", "https:", "<link", "<base",
    ] {
        assert!(!html.contains(part), "{part}");
    }
    assert_eq!(html.matches("href=").count(), 1);
    assert!(html.contains("href=\"./all.jsonl\""));
}

#[test]
fn the_link_leads_to_a_file_whatever_its_name_is() {
    for (path, address) in [
        ("all.jsonl", "./all.jsonl"),
        ("2026/all lines.csv", "./2026/all%20lines.csv"),
        ("../all.csv", "./../all.csv"),
        ("javascript:alert(1)", "./javascript%3Aalert%281%29"),
        ("//evil.example/all", "/.//evil.example/all"),
        ("/srv/all.csv", "/srv/all.csv"),
        ("a?b#c\"><script>", "./a%3Fb%23c%22%3E%3Cscript%3E"),
        (
            "전체\\..\\목록",
            "./%EC%A0%84%EC%B2%B4%5C..%5C%EB%AA%A9%EB%A1%9D",
        ),
    ] {
        let html = html_of(one_of_each(), Some(path));
        assert!(html.contains(&format!("href=\"{address}\"")), "{path}");
    }
}

#[test]
fn what_is_not_shown_is_said_with_the_way_to_all() {
    let many = vec![finding(2, Class::NotFound); 6_000];
    let html = html_of(many.clone(), None);
    assert!(html.contains("5,000 of 6,000 shown") && html.contains("6,000건 중 5,000건 표시"));
    assert!(html.contains("--out"));
    let html = html_of(many, Some("all.csv"));
    assert!(!html.contains("--out") && html.contains("all.csv"));
}

/// The days, months or years of the chart.
fn periods(html: &str) -> Vec<String> {
    let bars = html.split("<span class=\"period\">").skip(1);
    bars.map(|bar| {
        let text = bar.split_once("<svg").unwrap().0;
        let mut text = text.replace("<time>", "").replace("</time>", "");
        text.truncate(text.find(['<', '\n']).unwrap_or(text.len()));
        text.trim().to_owned()
    })
    .collect()
}

/// The page of one line a day that agrees, beginning on the first day of 2001.
fn page_of_days(count: i32, each: i32) -> String {
    let first: jiff::civil::Date = "2001-01-01".parse().unwrap();
    let findings: Vec<_> = (0..count)
        .map(|place| {
            let mut finding = finding(2, Class::Agrees);
            let days = jiff::Span::new().days(i64::from(place) * i64::from(each));
            finding.day = Some(first.checked_add(days).unwrap());
            finding
        })
        .collect();
    html_of(findings, None)
}

#[test]
fn the_chart_has_days_or_months_or_years_and_never_too_many() {
    let days = periods(&page_of_days(31, 1));
    assert_eq!(
        (days.len(), &*days[0], &*days[30]),
        (31, "2001-01-01", "2001-01-31")
    );
    let months = periods(&page_of_days(32, 1));
    assert_eq!(months, ["2001-01", "2001-02"]);
    let years = periods(&page_of_days(40, 365));
    assert_eq!((years.len(), years[30].as_str()), (31, "2039"));
    let long = page_of_days(40, 365);
    assert!(long.contains("and before"));
    // What is before is counted in the first bar.
    assert_eq!(long.matches("<rect class=\"paid\"").count(), 31);
    assert!(long.contains("<span lang=\"en\">Paid</span> 10<"));
    assert_eq!(periods(&page_of_days(0, 1)), [""; 0]);
}

#[test]
fn the_chart_shows_the_states_that_payssam_says_and_what_does_not_agree() {
    let mut findings = one_of_each();
    for finding in &mut findings {
        finding.day = Some("2026-03-17".parse().unwrap());
    }
    findings.push(Finding {
        day: None,
        ..finding(20, Class::Agrees)
    });
    let html = html_of(findings, None);
    assert_eq!(periods(&html), ["2026-03-17", ""]);
    for said in [
        "<span lang=\"en\">Paid</span> 3<",
        "<span lang=\"en\">Unpaid</span> 1<",
        "<span lang=\"en\">Cancelled</span> 1<",
        "<span lang=\"en\">Destroyed</span> 1<",
        "<span lang=\"en\">Not known</span> 5<",
        "<span lang=\"en\">Mismatches</span> 9<",
        "<span lang=\"en\">Could not be read</span> 1<",
    ] {
        assert!(html.contains(said), "{said}");
    }
}

#[test]
fn a_difference_is_stated_only_where_both_sides_are_known() {
    for (class, difference) in [
        (Class::PaidThereOnly, Some("+₩2,000")),
        (Class::PaidHereOnly, Some("−₩2,000")),
        (Class::CancelledElsewhere, Some("−₩2,000")),
        (Class::AmountDiffers, Some("+₩5,000")),
        (Class::Destroyed, None),
        (Class::NotFound, None),
        (Class::Unsettled, None),
        (Class::CouldNotBeRead, None),
    ] {
        let html = html_of(vec![finding(2, class)], None);
        let (_, cell) = html
            .split_once("<td role=\"cell\" class=\"difference\"")
            .unwrap();
        let cell = cell.split_once("</td>").unwrap().0;
        match difference {
            Some(difference) => assert!(cell.ends_with(&format!(">{difference}")), "{cell}"),
            None => assert!(cell.contains("class=\"none\""), "{class}: {cell}"),
        }
    }
}

#[test]
fn every_class_says_what_to_do_in_both_languages() {
    for class in Class::ALL.into_iter().skip(1) {
        let html = html_of(vec![finding(2, class)], None);
        let (_, advice) = html.split_once("<dl class=\"to-do\">").unwrap();
        let advice = advice.split_once("</dl>").unwrap().0;
        let (_, advice) = advice.split_once("<dd>").unwrap();
        let (korean, english) = advice.split_once("</span><span lang=\"en\">").unwrap();
        assert!(
            korean.chars().filter(|c| ('가'..='힣').contains(c)).count() > 20,
            "{class}"
        );
        assert!(english.split(' ').count() > 10, "{class}");
        assert_eq!(advice.matches("<dd>").count(), 0, "only of what there is");
    }
}

#[test]
fn every_reason_is_in_korean_and_what_it_leaves_out_stays_beside_it() {
    for (class, korean, is_all) in [
        (
            Class::PaidHereOnly,
            "장부는 결제완료, 결제선생은 미결제입니다",
            true,
        ),
        (
            Class::PaidThereOnly,
            "장부는 미결제, 결제선생은 결제완료입니다",
            true,
        ),
        (
            Class::CancelledElsewhere,
            "장부는 결제완료, 결제선생은 취소입니다",
            true,
        ),
        (
            Class::AmountDiffers,
            "둘 다 결제완료인데 금액이 다릅니다",
            true,
        ),
        (Class::Destroyed, "현장납부였을 수 있으며", true),
        (Class::NotFound, "청구서로 없습니다", true),
        (Class::Unsettled, "판단할 수 없습니다", false),
        (Class::DuplicateLine, "그 행만 비교했습니다", false),
        (Class::UnreadableLine, "이 행을 읽을 수 없습니다", false),
        (Class::CouldNotBeRead, "조회하지 못했습니다", false),
    ] {
        let html = html_of(vec![finding(2, class)], None);
        let (_, cell) = html.split_once("<td role=\"cell\" class=\"why\">").unwrap();
        let cell = cell.split_once("</td>").unwrap().0;
        let (in_korean, rest) = cell.split_once("</span>").unwrap();
        assert!(
            in_korean.starts_with("<span lang=\"ko\">") && in_korean.contains(korean),
            "{cell}"
        );
        assert!(rest.contains("end-000002"), "{cell}");
        assert_eq!(rest.starts_with("<span lang=\"en\">"), is_all, "{cell}");
    }
    let mut lost_zeros = finding(2, Class::NotFound);
    lost_zeros.reason = "there is none; line 2, column 1: zeros may be lost".to_owned();
    let html = html_of(vec![lost_zeros], None);
    assert!(
        html.contains("</span> <bdi lang=\"en\">there is none; line 2"),
        "{html}"
    );
}
