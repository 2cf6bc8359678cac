//! What is said of a ledger whose columns cannot be found.

use super::columns::{Column, NoHeader};
use crate::error::Error;

/// The error for the row that was most like a header.
pub(super) fn no_header(nearest: Option<NoHeader>) -> Error {
    let problem = match nearest {
        Some(NoHeader::Ambiguous(column, both)) => {
            let column = column.as_str();
            format!("both {both} could be the {column}; say which with --map {column}=NAME")
        }
        Some(NoHeader::Missing(columns)) if columns.len() < 3 => {
            let names: Vec<_> = columns.into_iter().map(Column::as_str).collect();
            format!(
                "no column for {}; name it with --map {}=NAME, NAME being the text of its header",
                names.join(" and "),
                names[0]
            )
        }
        _ => "it has no header with a bill id, an amount and a state; a ledger is CSV with such a header (청구서번호, 금액, \
              상태), or JSON lines with bill_id, amount and state"
            .to_owned(),
    };
    Error::NotALedger(problem)
}
