//! `payssam points`: how many are left.

use clap::Args;
use serde::Serialize;

use crate::{Connection, Output, connection, output::Rows};
use payssam::{Error, Points};

/// Reads how many points (쌤포인트) the partner and the merchant have left.
///
/// Sending a bill costs points of one of them, depending on the contract. Reconstructed, not
/// published: PaySsam may behave differently.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = connection::help(&["payssam points"]))]
pub(crate) struct PointsArguments {}

#[derive(Serialize)]
struct Both {
    partner: Points,
    merchant: Points,
}

impl PointsArguments {
    pub(crate) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let client = connection.client_from_env()?;
        let both = Both {
            partner: client.points().partner().await?,
            merchant: client.points().merchant().await?,
        };
        let mut rows = Rows::default();
        for (label, charge, points) in [
            ("points of the partner", "buy more at", &both.partner),
            ("points of the merchant", "buy more at", &both.merchant),
        ] {
            rows.put(label, balance(points));
            let url = points.charge_url();
            rows.put(charge, url.map(str::to_owned));
        }
        output.result(rows, &both);
        Ok(())
    }
}

fn balance(points: &Points) -> Option<String> {
    match points.balance() {
        Ok(balance) => balance.map(|balance| balance.to_string()),
        Err(malformed) => Some(malformed.to_string()),
    }
}
