//! The words that books use for the state of a bill.

use super::columns::composed;
use crate::belief::BelievedState;

/// Each state with its words, without white space and in lower case.
///
/// A partial cancellation is none of them: PaySsam describes none.
const WORDS: [(BelievedState, &[&str]); 4] = [
    (
        BelievedState::Unpaid,
        &[
            "w",
            "unpaid",
            "pending",
            "waiting",
            "open",
            "sent",
            "issued",
            "미결제",
            "미납",
            "미납부",
            "미수납",
            "미수",
            "미입금",
            "미완료",
            "대기",
            "대기중",
            "결제대기",
            "결제대기중",
            "승인대기",
            "납부대기",
            "수납대기",
            "입금대기",
            "결제전",
            "발송",
            "발송완료",
            "청구",
            "청구중",
            "청구완료",
        ],
    ),
    (
        BelievedState::Paid,
        &[
            "f",
            "paid",
            "approved",
            "complete",
            "completed",
            "succeeded",
            "결제완료",
            "결제",
            "결제됨",
            "결제승인",
            "승인",
            "승인완료",
            "완료",
            "수납",
            "수납완료",
            "납부",
            "납부완료",
            "완납",
            "입금",
            "입금완료",
            "지불완료",
        ],
    ),
    (
        BelievedState::Cancelled,
        &[
            "c",
            "cancelled",
            "canceled",
            "refunded",
            "취소",
            "취소됨",
            "취소완료",
            "결제취소",
            "결제취소완료",
            "승인취소",
            "승인취소완료",
            "전액취소",
            "환불",
            "환불완료",
            "전액환불",
        ],
    ),
    (
        BelievedState::Destroyed,
        &[
            "d",
            "destroyed",
            "withdrawn",
            "파기",
            "파기됨",
            "파기완료",
            "청구서파기",
            "청구파기",
            "청구취소",
            "청구서취소",
            "폐기",
        ],
    ),
];

/// Reads words, and knows the last one: most lines have the same.
#[derive(Debug, Default)]
pub(super) struct StateWords {
    last: Option<(String, BelievedState)>,
}

impl StateWords {
    /// Reads a word of any width, case and white space. `None` if it is not known.
    pub(super) fn read(&mut self, word: &str) -> Option<BelievedState> {
        if let Some((_, state)) = self.last.as_ref().filter(|(last, _)| last == word) {
            return Some(*state);
        }
        let state = read(&composed(word))?;
        self.last = Some((word.to_owned(), state));
        Some(state)
    }
}

fn read(word: &str) -> Option<BelievedState> {
    let mut plain: String = word.chars().filter(|c| !c.is_whitespace()).collect();
    plain.make_ascii_lowercase();
    let mut states = WORDS.iter();
    states
        .find(|(_, words)| words.contains(&plain.as_str()))
        .map(|(state, _)| *state)
}
