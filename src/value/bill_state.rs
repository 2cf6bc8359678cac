//! The state of a bill and the moves it can make.

use std::{convert::Infallible, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The state of a bill (`apprState`).
///
/// A bill moves only forward: unpaid → paid → cancelled, or unpaid → destroyed.
///
/// `Display` and serde write `unpaid`, `paid`, `cancelled` or `destroyed`, and a state that this crate
/// does not know as `unknown:` and its letters. [`letter`](BillState::letter) returns PaySsam's letters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(with = "String"))]
#[serde(from = "String", into = "String")]
#[doc(alias = "결제상태")]
#[non_exhaustive]
pub enum BillState {
    /// `W` 미결제: sent, and not paid yet.
    Unpaid,
    /// `F` 결제완료: paid.
    Paid,
    /// `C` 취소: paid, then cancelled. The money went back to the payer.
    Cancelled,
    /// `D` 파기: withdrawn before it was paid.
    Destroyed,
    /// Any other letters, as received. Empty when the response had none.
    Unknown(String),
}

impl BillState {
    /// Reads PaySsam's letters. Nothing is trimmed or folded: `f` is not `F`.
    pub fn from_letter(letter: &str) -> Self {
        match letter {
            "W" => BillState::Unpaid,
            "F" => BillState::Paid,
            "C" => BillState::Cancelled,
            "D" => BillState::Destroyed,
            other => BillState::Unknown(other.to_owned()),
        }
    }

    /// PaySsam's letters for this state.
    pub fn letter(&self) -> &str {
        match self {
            BillState::Unpaid => "W",
            BillState::Paid => "F",
            BillState::Cancelled => "C",
            BillState::Destroyed => "D",
            BillState::Unknown(letter) => letter,
        }
    }

    /// Whether a bill in this state can move to `next` in one step.
    ///
    /// `false` wherever an unknown state is involved: nothing is known of its moves.
    pub fn can_become(&self, next: &BillState) -> bool {
        matches!(
            (self, next),
            (BillState::Unpaid, BillState::Paid | BillState::Destroyed)
                | (BillState::Paid, BillState::Cancelled)
        )
    }

    /// Whether this state is final: cancelled or destroyed.
    pub fn is_final(&self) -> bool {
        matches!(self, BillState::Cancelled | BillState::Destroyed)
    }
}

impl fmt::Display for BillState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BillState::Unpaid => formatter.write_str("unpaid"),
            BillState::Paid => formatter.write_str("paid"),
            BillState::Cancelled => formatter.write_str("cancelled"),
            BillState::Destroyed => formatter.write_str("destroyed"),
            BillState::Unknown(letter) => write!(formatter, "unknown:{letter}"),
        }
    }
}

impl From<&str> for BillState {
    /// Reads what `Display` writes, and PaySsam's letters; any other text is an unknown state.
    fn from(text: &str) -> Self {
        match text {
            "unpaid" => BillState::Unpaid,
            "paid" => BillState::Paid,
            "cancelled" => BillState::Cancelled,
            "destroyed" => BillState::Destroyed,
            other => match other.strip_prefix("unknown:") {
                Some(letters) => BillState::Unknown(letters.to_owned()),
                None => BillState::from_letter(other),
            },
        }
    }
}

impl FromStr for BillState {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

impl From<String> for BillState {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<BillState> for String {
    fn from(state: BillState) -> String {
        state.to_string()
    }
}
