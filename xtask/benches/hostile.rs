//! What hostile pages cost: each is read, compared with the captured page in both directions, and reported in all
//! formats, in a process of its own.
//!
//! ```text
//! cargo bench -p xtask --bench hostile
//! ```
//!
//! Fails if a page takes more than 10 seconds, or more memory than 30 times its size and 64 MB.

#![expect(
    clippy::disallowed_macros,
    reason = "prints figures and nothing that a document says"
)]

use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs, path::Path};

use xtask::page::{normalise, read};
use xtask::payssam::diff;
use xtask::payssam::fetch::{Index, Listing};
use xtask::payssam::pins::Pins;
use xtask::payssam::snapshot::Snapshot;
use xtask::report::{Format, Report, render};

const MOST: Duration = Duration::from_secs(10);
const TIMES: u64 = 30;
/// What the program and the captured page take.
const BASE: u64 = 64 << 20;

type Make = fn(&str) -> String;

const PAGES: &[(&str, Make)] = &[
    ("300,000 rows of codes", |page| {
        let rows = (0..300_000).map(|row| format!("| BILL_{row} | 메시지 {row} | 원인 {row} |\n"));
        format!(
            "{page}\n| 코드 | 메시지 | 원인 |\n|---|---|---|\n{}",
            rows.collect::<String>()
        )
    }),
    ("300,000 rows in HTML", |page| {
        let rows =
            (0..300_000).map(|row| format!("<tr><td>BILL_{row}</td><td>메시지 {row}</td></tr>\n"));
        format!(
            "{page}\n<table><tr><th>코드</th><th>메시지</th></tr>\n{}</table>\n",
            rows.collect::<String>()
        )
    }),
    ("100,000 tags", |page| {
        let tags: Vec<_> = (0..100_000)
            .map(|tag| format!("{{\"name\":\"tag {tag}\"}}"))
            .collect();
        page.replace("\"tags\":[],", &format!("\"tags\":[{}],", tags.join(",")))
    }),
    ("50,000 tags of one operation", |page| {
        let tags: Vec<_> = (0..50_000).map(|tag| format!("\"tag {tag}\"")).collect();
        let from = "\"tags\":[\"청구서 ERP 연동 (취소/조회)\"]";
        page.replacen(from, &format!("\"tags\":[{}]", tags.join(",")), 1)
    }),
    ("lists 20,000 deep", |page| {
        format!("{page}\n{}a\n", "- ".repeat(20_000))
    }),
    ("lists 20,000 deep, 20,000 lines", |page| {
        format!(
            "{page}\n{}a\n{}b\n",
            "- ".repeat(20_000),
            "\n".repeat(20_000)
        )
    }),
    ("quotes 20,000 deep", |page| {
        format!("{page}\n{}a\n", "> ".repeat(20_000))
    }),
    ("300,000 headings", |page| {
        let headings = (0..300_000).map(|heading| format!("## heading {heading}\n\ntext\n\n"));
        format!("{page}\n{}", headings.collect::<String>())
    }),
    ("100,000 links", |page| {
        let links =
            (0..100_000).map(|link| format!("- [link {link}](/api/api-v2/page-{link}.md)\n"));
        format!("{page}\n{}", links.collect::<String>())
    }),
    ("20 MB of prose", |page| {
        format!(
            "{page}\n{}",
            "결제 안내 &amp; *문서*. \n".repeat(20_000_000 / 31)
        )
    }),
    ("20 MB of marks", |page| {
        format!("{page}\n{}", "*a_ **b` [c](< ".repeat(20_000_000 / 15))
    }),
    ("20 MB of open tags", |page| {
        format!(
            "{page}\n{}",
            "<pre><table><!-- {% a ".repeat(20_000_000 / 22)
        )
    }),
    ("20 MB of open tags on lines", |page| {
        format!(
            "{page}\n{}",
            "<pre\n<table\n<!--\n{% a\n".repeat(20_000_000 / 23)
        )
    }),
    ("20 MB of GitBook's tags", |page| {
        format!("{page}\n{}", "{% a %}{% enda %}\n".repeat(20_000_000 / 18))
    }),
    ("20 MB of marks of specs", |page| {
        format!(
            "{page}\n{}",
            "a openapi: 3.1 paths: /a ".repeat(20_000_000 / 25)
        )
    }),
    ("20 MB of JSON", |page| {
        let items = "\"가나다라마바사\",".repeat(20_000_000 / 24);
        page.replacen(
            "\"title\":",
            &format!("\"x-items\":[{items}0],\"title\":"),
            1,
        )
    }),
];

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let [_, mark, name] = arguments.as_slice()
        && mark == "--page"
    {
        return one(name);
    }
    let mut wrong = Vec::new();
    for (name, _) in PAGES {
        let program = env::current_exe().expect("this program");
        let output = Command::new(program)
            .args(["--page", name])
            .output()
            .expect("a process");
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        println!("{}", told.trim_end());
        if !output.status.success() {
            let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
            wrong.push(format!(
                "{name}: {}",
                stderr.lines().take(3).collect::<Vec<_>>().join(" ")
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn one(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/published/openapi/pages");
    let captured = fs::read_to_string(folder.join("acceptance.md")).expect("the captured page");
    let (_, make) = PAGES
        .iter()
        .find(|(known, _)| *known == name)
        .expect("a page");
    let text = make(&captured);
    let size = text.len() as u64;
    let start = Instant::now();
    let outcome = cost(&captured, text);
    let took = start.elapsed();
    let peak = peak();
    println!(
        "{name:<32} {:>6.1} MB  {:>6.2} s  {:>7} MB, {:>5.1} times  {outcome}",
        size as f64 / 1e6,
        took.as_secs_f64(),
        peak.unwrap_or_default() >> 20,
        peak.unwrap_or_default().saturating_sub(BASE) as f64 / size as f64,
    );
    assert!(took <= MOST, "it takes too long");
    assert!(
        peak.is_none_or(|peak| peak <= BASE + TIMES * size),
        "it takes too much memory"
    );
}

fn cost(captured: &str, text: String) -> String {
    let root = reqwest::Url::parse("https://developers.payssam.kr/llms.txt").expect("an address");
    let _ = Index::parse(&text, &root);
    let normal = normalise(&text);
    drop(text);
    let page = match read(&normal, "pages/acceptance.md", true) {
        Ok(page) => page,
        Err(_) => return "refused".to_owned(),
    };
    drop(normal);
    let captured = read(captured, "pages/acceptance.md", true).expect("the captured page");
    let [old, new] = [captured, page].map(|page| Snapshot::of(vec![page]).expect("one document"));
    let mut found = 0;
    for (one, other) in [(&old, &new), (&new, &old)] {
        let findings = diff::findings(one, other, &Listing::default(), &Pins::default());
        let findings = findings.expect("two documents to compare");
        found += findings.len();
        let report = Report {
            findings,
            ..Report::default()
        };
        for format in [Format::Text, Format::Json, Format::Markdown, Format::Github] {
            drop(render(&report, format, false));
        }
    }
    format!("{found} findings")
}

/// The most memory that this process had, in bytes, where the system tells.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes << 10)
}
