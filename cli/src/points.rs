//! `payssam points`: how many are left.

use clap::Args;
use serde::Serialize;

use crate::{Connection, Output, connection, output::Rows};
use payssam::{Error, Points};

/// Reads how many points (쌤포인트) the partner and the shop have left.
///
/// Sending a bill costs points, of the one or the other, by contract. Reconstructed, not
/// published: PaySsam may see it otherwise.
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
        for (balance, charge, points) in [
            ("points of the partner", "charged at", &both.partner),
            ("points of the shop", "charged at", &both.merchant),
        ] {
            rows.put(balance, told(points));
            let url = points.charge_url().unwrap_or_default();
            rows.put(charge, url.map(str::to_owned));
        }
        output.result(rows, &both);
        Ok(())
    }
}

fn told(points: &Points) -> Option<String> {
    match points.balance() {
        Ok(balance) => balance.map(|balance| balance.to_string()),
        Err(malformed) => Some(malformed.to_string()),
    }
}
