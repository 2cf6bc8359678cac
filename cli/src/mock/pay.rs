//! `payssam mock pay`.

use clap::Args;
use payssam::Error;
use serde::Serialize;

use crate::output::Output;

/// Pays a bill of a mock server on this machine, as its payer would.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Pay {
    /// The link from the response to `payssam bill send` (short_url).
    link: String,
}

#[derive(Serialize)]
struct Payment<'a> {
    link: &'a str,
    paid: bool,
}

impl Pay {
    pub(super) async fn run(self, output: Output) -> Result<(), Error> {
        payssam_mock::pay_by_link(&self.link).await?;
        let link = self.link.as_str();
        output.result("paid", &Payment { link, paid: true });
        Ok(())
    }
}
