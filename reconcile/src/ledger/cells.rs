//! The cells of one line as what the books believe.

use crate::{
    belief::{Belief, BelievedState},
    line::Line,
};

use super::{
    amount::{self, Written},
    bill_id_cell,
    columns::{Column, Columns, composed},
    day,
    state_word::StateWords,
};

/// The cells of one line, as they were written; `None` for one that is not there.
pub(super) struct Cells<'c> {
    pub(super) bill_id: Option<&'c str>,
    pub(super) amount: Option<&'c str>,
    pub(super) state: Option<&'c str>,
    pub(super) day: Option<&'c str>,
}

/// Reads them. What cannot be read is named by its line and its column.
pub(super) fn read(
    line: u64,
    cells: &Cells<'_>,
    columns: &Columns,
    words: &mut StateWords,
) -> Line {
    let at = |column, problem: &str| format!("line {line}, {}: {problem}", columns.shown(column));
    let bill_id = match bill_id_cell::read(cells.bill_id.unwrap_or_default()) {
        Ok(bill_id) => bill_id,
        Err(problem) => {
            return Line::Unreadable {
                line,
                bill_id: None,
                reason: at(Column::BillId, &problem),
            };
        }
    };
    let (state, amount) = match state_and_amount(cells, words) {
        Ok(read) => read,
        Err((column, problem)) => {
            return Line::Unreadable {
                line,
                bill_id: Some(bill_id),
                reason: at(column, problem),
            };
        }
    };
    Line::Belief(Belief {
        line,
        bill_id,
        amount: match amount {
            Written::Amount(amount) => Some(amount),
            Written::Nothing => None,
        },
        state,
        day: cells.day.and_then(|cell| day::read(&composed(cell))),
    })
}

fn state_and_amount(
    cells: &Cells<'_>,
    words: &mut StateWords,
) -> Result<(BelievedState, Written), (Column, &'static str)> {
    let word = cells.state.unwrap_or_default();
    if word.trim().is_empty() {
        return Err((Column::State, "the state is empty"));
    }
    let state = words.read(word).ok_or((
        Column::State,
        "it is no state that is known; write 미결제, 결제완료, 취소 or 파기 (unpaid, paid, cancelled or destroyed)",
    ))?;
    let amount = amount::read(&composed(cells.amount.unwrap_or_default()))
        .map_err(|problem| (Column::Amount, problem))?;
    if state == BelievedState::Paid && amount == Written::Nothing {
        return Err((Column::Amount, "the state is paid, and there is no amount"));
    }
    Ok((state, amount))
}
