//! All of the page before its rows.

use askama::Template;
use jiff::{Timestamp, tz::Offset};
use payssam::redact::escape;

use super::{
    bar::{Bar, bars},
    number::grouped,
    policy::policy,
    share::{Share, is_listed},
    words::{self, Words},
};
use crate::{class::Class, shard::Shard, summary::Summary};

const STYLE: &str = include_str!("../../templates/style.css");

#[derive(Template)]
#[template(path = "head.html")]
pub(crate) struct Head {
    policy: String,
    style: &'static str,
    verdict: Verdict,
    verdict_tone: &'static str,
    is_partial: bool,
    ledger: String,
    merchant: String,
    shard: Option<Shard>,
    started: Option<String>,
    ended: Option<String>,
    lines: String,
    agreeing: String,
    mismatches: String,
    unread: String,
    classes: Vec<ClassTotal>,
    bars: Vec<Bar>,
    listed: u64,
    listed_text: String,
    shown: u64,
    shown_text: String,
    full_list: Option<Link>,
}

/// What the lines come to.
enum Verdict {
    Partial,
    NoLines,
    AllAgree,
    Mismatch,
    Mismatches,
}

/// One class in the totals.
struct ClassTotal {
    class: &'static str,
    name: Words,
    tone: &'static str,
    advice: Words,
    is_listed: bool,
    lines: u64,
    lines_text: String,
}

/// The file with all lines.
struct Link {
    address: String,
    text: String,
}

/// Those whose money may be in the wrong place come first.
const ORDER: [Class; 11] = [
    Class::PaidThereOnly,
    Class::CancelledElsewhere,
    Class::PaidHereOnly,
    Class::AmountDiffers,
    Class::Destroyed,
    Class::NotFound,
    Class::Unsettled,
    Class::DuplicateLine,
    Class::UnreadableLine,
    Class::CouldNotBeRead,
    Class::Agrees,
];

impl Head {
    pub(crate) fn of(
        summary: &Summary,
        share: &Share,
        full_list: Option<&str>,
        script: &str,
    ) -> Self {
        let classes = &summary.classes;
        let unread = classes.of(Class::CouldNotBeRead);
        let is_partial = summary.partial || unread > 0;
        let (verdict, verdict_tone) = match classes.mismatches() {
            _ if is_partial => (Verdict::Partial, "unread"),
            0 if summary.lines == 0 => (Verdict::NoLines, "unread"),
            0 => (Verdict::AllAgree, "agrees"),
            1 => (Verdict::Mismatch, "money"),
            _ => (Verdict::Mismatches, "money"),
        };
        let listed = classes.mismatches() + unread;
        Head {
            policy: policy(STYLE, script),
            style: STYLE,
            verdict,
            verdict_tone,
            is_partial,
            ledger: escape(&summary.ledger),
            merchant: escape(&summary.merchant),
            shard: summary.shard,
            started: summary.started.map(in_korea),
            ended: summary.ended.map(in_korea),
            lines: grouped(summary.lines),
            agreeing: grouped(classes.of(Class::Agrees)),
            mismatches: grouped(classes.mismatches()),
            unread: grouped(unread),
            classes: ORDER
                .map(|class| class_total(class, classes.of(class)))
                .into(),
            bars: bars(summary),
            listed,
            listed_text: grouped(listed),
            shown: share.rows(),
            shown_text: grouped(share.rows()),
            full_list: full_list.map(|path| Link {
                address: address(path),
                text: escape(path),
            }),
        }
    }

    /// Whether the chart says more than the totals.
    fn has_days(&self) -> bool {
        self.bars.iter().any(|bar| bar.period.is_some())
    }

    fn legend(&self) -> impl Iterator<Item = (&'static str, Words)> {
        words::STATES.into_iter().chain(words::TROUBLE)
    }

    fn columns(&self) -> [(&'static str, Words); 7] {
        words::COLUMNS
    }
}

fn class_total(class: Class, lines: u64) -> ClassTotal {
    let (name, tone, advice) = words::of_class(class);
    ClassTotal {
        class: class.as_str(),
        name,
        tone,
        advice,
        is_listed: is_listed(class),
        lines,
        lines_text: grouped(lines),
    }
}

/// Korean time; that of UTC in a year that has none.
fn in_korea(time: Timestamp) -> String {
    let korea = Offset::constant(9).to_datetime(time);
    korea.strftime("%Y-%m-%d %H:%M").to_string()
}

/// The address of a file, relative to the page; no part of the path can become a scheme, a host or a query.
fn address(path: &str) -> String {
    let mut address = match path {
        _ if path.starts_with("//") => "/.".to_owned(),
        _ if path.starts_with('/') => String::new(),
        _ => "./".to_owned(),
    };
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                address.push(char::from(byte));
            }
            byte => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address
}
