//! `payssam bill resend`.

use clap::Args;
use payssam::{BillId, Error, ResendBill};

use crate::{
    connection::{self, Connection},
    output::{Output, Rows},
};

/// Sends the message for an unpaid bill again (청구서 재발송).
///
/// Reconstructed, not published: PaySsam may behave differently.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = connection::help(&["payssam bill resend 2024-0001"]))]
pub(super) struct Resend {
    /// The bill: 1 to 20 characters, no comma.
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// Show the message of PaySsam's rejection as it came (in text); it may hold personal data.
    #[arg(long)]
    pub(super) reveal: bool,
}

impl Resend {
    pub(super) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let resend = ResendBill::new(BillId::new(&self.id)?);
        let client = connection.client_from_env()?;
        let resent = client.bills().resend(&resend).await?;
        let mut rows = Rows::default();
        rows.put("bill id", resent.bill_id().to_string());
        rows.put("message", "sent again".to_owned());
        output.result(rows, &resent);
        Ok(())
    }
}
