//! The page that accounting reads.

mod bar;
mod head;
mod number;
mod policy;
mod row;
mod share;
mod words;

use std::io;

use askama::Template;

use self::{head::Head, row::Row, share::Share};
use crate::{finding::Finding, summary::Summary};

/// The most lines that the page shows.
pub const MOST_ROWS: u64 = 5_000;

const SCRIPT: &str = include_str!("../templates/script.js");

/// All of the page behind its rows.
#[derive(Template)]
#[template(path = "tail.html")]
struct Tail {
    version: &'static str,
    script: &'static str,
}

/// Writes one self-contained HTML page: the summary, and the lines that somebody must look at.
///
/// `findings` are those of the summary, all of them or all but those that agree, in the order of the ledger.
/// [`MOST_ROWS`] of them are shown; every class has its share, so that none is crowded out by another. `full_list` is
/// the file with all of them: a path relative to the page, with `/` between its folders.
///
/// The page makes no request and runs no script but its own. It is written as `findings` come; none is kept.
///
/// # Errors
///
/// Those of `findings` and of `to`, and `InvalidData` when the findings are not those that the summary counted: then
/// the page is not complete.
///
/// ```
/// # fn main() -> std::io::Result<()> {
/// use payssam_reconcile::{Class, Finding, Summary, page};
///
/// let finding = Finding {
///     line: 2,
///     bill_id: None,
///     class: Class::UnreadableLine,
///     here: None,
///     there: None,
///     day: None,
///     reason: "the amount is empty".to_owned(),
/// };
/// let mut summary = Summary::new("books.csv", "academy/seoul", None);
/// summary.add(&finding);
/// let findings = [Ok::<_, std::io::Error>(finding)];
/// let mut html = Vec::new();
/// page(&summary, findings.into_iter(), Some("books.jsonl"), &mut html)?;
/// assert!(String::from_utf8_lossy(&html).contains("the amount is empty"));
/// # Ok(())
/// # }
/// ```
pub fn page<E: Into<io::Error>>(
    summary: &Summary,
    findings: impl Iterator<Item = Result<Finding, E>>,
    full_list: Option<&str>,
    mut to: impl io::Write,
) -> io::Result<()> {
    let mut share = Share::of(&summary.classes, MOST_ROWS);
    Head::of(summary, &share, full_list, SCRIPT).write_into(&mut to)?;
    for finding in findings {
        let finding = finding.map_err(Into::into)?;
        if share.takes(finding.class) {
            Row::of(&finding).write_into(&mut to)?;
        }
    }
    if !share.is_used_up() {
        let text = "these are not the findings that the summary counts: the page is not complete";
        return Err(io::Error::new(io::ErrorKind::InvalidData, text));
    }
    let tail = Tail {
        version: env!("CARGO_PKG_VERSION"),
        script: SCRIPT,
    };
    tail.write_into(&mut to)?;
    to.flush()
}
