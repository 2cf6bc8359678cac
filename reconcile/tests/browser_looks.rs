//! How the page looks: on a phone, in the dark, on paper, with many lines. In Debian's Chromium, from a file.

mod pages;

use std::collections::BTreeSet;

use fantoccini::wd::{PrintConfigurationBuilder, PrintSize};
use pages::{Browser, Findings, finding, html, html_of, one_of_each};
use payssam::{BillId, BillState};
use payssam_reconcile::{Class, Summary};
use serde_json::json;

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
