//! What hostile pages cost: each is published by a server, beside the list of pages, and the command `spec diff`
//! compares it with the captured page in each format; then `spec pull` takes it.
//!
//! ```text
//! cargo bench -p xtask --bench hostile
//! ```
//!
//! Fails if a command computes for more than 10 seconds, or more memory than 30 times the page and 64 MB.

#![expect(
    clippy::disallowed_macros,
    reason = "prints figures and nothing that a document says"
)]

#[path = "../tests/published/mod.rs"]
mod published;

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use published::{PUBLISHED_AT, Server, list, ok, openapi, page};

const MOST: Duration = Duration::from_secs(10);
const TIMES: u64 = 30;
/// What the program and the captured page take.
const BASE: u64 = 64 << 20;

type Make = fn(&str) -> String;

const PAGES: &[(&str, Make)] = &[
    ("the captured page", str::to_owned),
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
    ("100,000 links in one paragraph", |page| {
        let links = (0..100_000).map(|link| format!("[link {link}](/api/api-v2/page-{link}.md) "));
        format!("{page}\n{}\n", links.collect::<String>())
    }),
    ("100,000 links that are open", |page| {
        format!("{page}\n{}\n", "[a](<b".repeat(100_000))
    }),
    ("300,000 headings in HTML", |page| {
        let headings = (0..300_000).map(|heading| format!("<h2>heading {heading}</h2>\n"));
        format!("{page}\n{}", headings.collect::<String>())
    }),
    ("20 MB of tags", |page| {
        let tags: Vec<_> = (0..1_000_000)
            .map(|tag| format!("{{\"name\":\"{tag}\"}}"))
            .collect();
        page.replacen(
            "\"tags\":[],",
            &format!("\"tags\":[{}],", tags.join(",")),
            1,
        )
    }),
    ("lists 2,000 deep, indented", |page| {
        let items = (0..2_000).map(|depth| format!("{}- a\n", "  ".repeat(depth)));
        format!("{page}\n{}", items.collect::<String>())
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
    ("20 MB of quoted attributes", |page| {
        format!(
            "{page}\n{}",
            "<a title=\"\n<div b='>\n".repeat(20_000_000 / 20)
        )
    }),
    ("20 MB of lists in HTML", |page| {
        format!("{page}\n{}", "<ol>\n<li>a\n".repeat(20_000_000 / 11))
    }),
    ("20 MB of open headings in HTML", |page| {
        format!("{page}\n{}", "<h2>\n<h3> a\n".repeat(20_000_000 / 12))
    }),
    ("20 MB of comments with fences", |page| {
        format!("{page}\n{}", "<!--\n```\n-->\n".repeat(20_000_000 / 13))
    }),
    ("20 MB of remarks", |page| {
        format!("{page}\n{}", "{# a #} `{#` {#\n".repeat(20_000_000 / 16))
    }),
    ("20 MB of lines that nobody sees", |page| {
        format!("{page}\n{}", "\u{200b}\n&nbsp;\n".repeat(20_000_000 / 11))
    }),
    ("20 MB of footers", |page| {
        format!(
            "{page}\n{}",
            "# Agent Instructions\na\n".repeat(20_000_000 / 23)
        )
    }),
    ("20 MB of rows", |page| {
        format!("{page}\n{}", "| a |\n|---|\n".repeat(20_000_000 / 12))
    }),
    ("20 MB of rules", |page| {
        format!("{page}\n{}", "---\n\n".repeat(20_000_000 / 5))
    }),
    ("20 MB of open fences", |page| {
        format!("{page}\n{}", "~~~json\n> ```\n".repeat(20_000_000 / 14))
    }),
    ("20 MB of broken specs", |page| {
        format!(
            "{page}\n{}",
            "```json\n{\"openapi\":[\n```\n".repeat(20_000_000 / 25)
        )
    }),
    ("20 MB of quotes and items", |page| {
        format!("{page}\n{}", "- - > 1. \n".repeat(20_000_000 / 10))
    }),
];

const COMMANDS: [&[&str]; 5] = [
    &["diff", "--format", "text"],
    &["diff", "--format", "json"],
    &["diff", "--format", "markdown"],
    &["diff", "--format", "github"],
    &["pull"],
];

/// What a command took, and how it ended.
struct Cost {
    took: Duration,
    peak: u64,
    code: i32,
}

fn main() {
    let captured = page();
    let mut wrong = Vec::new();
    for (name, make) in PAGES {
        let text = make(&captured);
        let size = text.len() as u64;
        assert!(size > captured.len() as u64 || *name == "the captured page");
        let costs = COMMANDS.map(|command| cost(&text, command));
        let took = costs.iter().map(|cost| cost.took).max().unwrap_or_default();
        let peak = costs.iter().map(|cost| cost.peak).max().unwrap_or_default();
        let codes = costs.each_ref().map(|cost| cost.code);
        println!(
            "{name:<32} {:>6.1} MB  {:>6.2} s  {:>5} MB, {:>5.1} times  {codes:?}",
            size as f64 / 1e6,
            took.as_secs_f64(),
            peak >> 20,
            peak as f64 / size as f64,
        );
        if took > MOST {
            wrong.push(format!("{name} takes too long"));
        }
        if peak > BASE + TIMES * size {
            wrong.push(format!("{name} takes too much memory"));
        }
        // A crash has no code or 101.
        if codes.iter().any(|code| ![0, 1, 103, 104].contains(code)) {
            wrong.push(format!("{name} ends with {codes:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn cost(text: &str, arguments: &[&str]) -> Cost {
    let links = text.lines().filter(|line| line.starts_with("- [link"));
    let listed = list(&["acceptance"]) + &links.collect::<Vec<_>>().join("\n");
    let server = Server::start(&[(PUBLISHED_AT, ok(text)), ("/llms.txt", ok(&listed))]);
    let openapi = openapi();
    let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("spec")
        .args(arguments)
        .args(["--from", server.address(), "--openapi-dir"])
        .arg(openapi.path())
        .env("NO_PROXY", "*")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the command");
    let (mut peak, mut took) = (0, Duration::ZERO);
    let status = loop {
        peak = peak_of(child.id()).unwrap_or_default().max(peak);
        took = time_of(child.id()).unwrap_or_default().max(took);
        match child.try_wait().expect("the command") {
            Some(status) => break status,
            None => thread::sleep(Duration::from_millis(2)),
        }
    };
    Cost {
        took,
        peak,
        code: status.code().unwrap_or(-1),
    }
}

/// How long a process computed so far, where the system tells. Other work on the machine does not count.
fn time_of(process: u32) -> Option<Duration> {
    /// Of the system, in a second.
    const TICKS: u64 = 100;
    let line = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // Behind the name, which may have blanks: the state, and ten numbers before those of user and system.
    let numbers = line.rsplit(')').next()?.split_whitespace().skip(11);
    let ticks: u64 = numbers
        .take(2)
        .filter_map(|it| it.parse::<u64>().ok())
        .sum();
    Some(Duration::from_millis(ticks * 1000 / TICKS))
}

/// The most memory that a process had so far, in bytes, where the system tells.
fn peak_of(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes << 10)
}
