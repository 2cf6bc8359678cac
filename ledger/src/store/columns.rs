//! How values are kept in columns.

use jiff::Timestamp;
use payssam::{BillId, Won};
use rusqlite::{Result, Row};

/// A time: milliseconds since 1970.
pub(crate) type Millis = i64;

pub(crate) fn time(millis: Millis) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX)
}

pub(super) fn parsed(row: &Row<'_>, column: usize) -> Result<BillId> {
    let text: String = row.get(column)?;
    BillId::new(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Text,
            Box::new(error),
        )
    })
}

pub(super) fn won(row: &Row<'_>, column: usize) -> Result<Option<Won>> {
    let won: Option<i64> = row.get(column)?;
    Ok(won.and_then(|won| Won::new(won.unsigned_abs()).ok()))
}
