//! How a payer pays.

use serde::Deserialize;

/// How a payer pays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PaidBy {
    #[default]
    Card,
    /// By bank transfer.
    Account,
}

impl PaidBy {
    pub(crate) fn name(self) -> &'static str {
        match self {
            PaidBy::Card => "card",
            PaidBy::Account => "account",
        }
    }
}
