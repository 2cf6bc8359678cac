//! `payssam points`: the balances of points.

use clap::Args;
use payssam::{Error, Points, redact};
use serde::Serialize;

use crate::{connection::Connection, help, output::Output, rows::Rows};

/// Reads the points (쌤포인트) of the partner and of the merchant.
///
/// Sending a bill costs points of one of them, depending on the contract. Reconstructed, not
/// published: PaySsam may behave differently.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = help::of_a_call(&["payssam points"]))]
pub(crate) struct PointsArguments {}

#[derive(Serialize)]
struct Balances {
    partner: Points,
    merchant: Points,
}

impl PointsArguments {
    pub(crate) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let client = connection.client_from_env()?;
        let balances = Balances {
            partner: client.points().partner().await?,
            merchant: client.points().merchant().await?,
        };
        let mut rows = Rows::default();
        for (balance, charge, points) in [
            ("partner points", "partner charge url", &balances.partner),
            ("merchant points", "merchant charge url", &balances.merchant),
        ] {
            rows.put(balance, shown(points));
            rows.put(charge, points.charge_url().map(redact::shown_link));
        }
        output.result(rows, &balances);
        Ok(())
    }
}

fn shown(points: &Points) -> Option<String> {
    match points.balance() {
        Ok(balance) => balance.map(|balance| balance.to_string()),
        Err(malformed) => Some(malformed.to_string()),
    }
}
