//! A page of many lines, on the screen and on paper: in Debian's Chromium, from a file.

mod pages;

use fantoccini::wd::{PrintConfigurationBuilder, PrintSize};
use pages::{browser::Browser, finding, html_of};
use payssam_reconcile::Class;

#[tokio::test]
async fn five_thousand_of_a_hundred_thousand_lines_are_shown_with_a_link_to_all() {
    let Some(browser) = Browser::open("en-US").await else {
        return;
    };
    let mut findings = vec![finding(2, Class::NotFound); 99_999];
    // The last of them is of a class of its own.
    findings.push(finding(100_001, Class::PaidThereOnly));
    let page = browser
        .show(&html_of(findings, Some("9월/전체 목록?.jsonl")))
        .await;
    let shown = browser.texts(".shown").await;
    assert_eq!(
        shown,
        ["5,000 of 100,000 shown · Full list: 9월/전체 목록?.jsonl"]
    );
    let rows = "return document.querySelectorAll('.findings tbody tr').length";
    assert_eq!(browser.run(rows).await, 5_000);
    let link = "return document.querySelector('.shown a').href";
    let link = browser.run(link).await;
    let folder = page.strip_suffix("page.html").unwrap();
    let file = link.as_str().unwrap().strip_prefix(folder).unwrap();
    assert_eq!(
        file,
        "9%EC%9B%94/%EC%A0%84%EC%B2%B4%20%EB%AA%A9%EB%A1%9D%3F.jsonl"
    );
    // Not crowded out by the others.
    browser.click(".chips [data-class=paid_there_only]").await;
    assert_eq!(browser.lines().await, [100_001]);
    assert_eq!(
        browser.texts("#matching").await,
        ["Search and filter: 1 of the 5,000 shown"]
    );
}

#[tokio::test]
async fn the_printed_page_has_every_line_whole_under_a_repeated_head() {
    let Some(browser) = Browser::open("en-US").await else {
        return;
    };
    let classes = Class::ALL.into_iter().skip(1).cycle();
    let findings: Vec<_> = (2..122)
        .zip(classes)
        .map(|(line, class)| finding(line, class))
        .collect();
    browser.show(&html_of(findings, Some("all.jsonl"))).await;
    browser.prefer("dark").await;
    let a4 = PrintSize {
        width: 21.0,
        height: 29.7,
    };
    let settings = PrintConfigurationBuilder::default()
        .size(a4)
        .background(true);
    let printed = browser
        .client
        .print(settings.build().unwrap())
        .await
        .unwrap();
    let document = lopdf::Document::load_mem(&printed).unwrap();
    let pages: Vec<String> = document
        .get_pages()
        .into_keys()
        .map(|number| document.extract_text(&[number]).unwrap())
        .collect();
    assert!(pages.len() > 4, "{}", pages.len());
    assert!(pages.iter().any(|page| page.contains("120 of 120")));
    for line in 2..122 {
        let end = format!("end-{line:06}");
        let places: Vec<_> = (0..pages.len())
            .filter(|&page| pages[page].contains(&end))
            .collect();
        let &[place] = &places[..] else {
            panic!("{end} is on the pages {places:?}");
        };
        let id = format!("B-{line:06}");
        let has_id = !Class::ALL[1..][(line - 2) % 10].eq(&Class::UnreadableLine);
        assert_eq!(
            pages[place].contains(&id),
            has_id,
            "{id} and {end} are on one page"
        );
    }
    for page in pages.iter().filter(|page| page.contains("end-")) {
        assert!(
            page.contains("PaySsam") && page.contains("Reason"),
            "{page}"
        );
        assert!(!page.contains("Search"), "nobody can type on paper");
    }
}
