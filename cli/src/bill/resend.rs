//! `payssam bill resend`.

use clap::Args;
use payssam::{BillId, Error, ResendBill};

use crate::{connection::Connection, help, output::Output, rows::Rows};

/// Resends the message for an unpaid bill (청구서 재발송).
///
/// Reconstructed, not published: PaySsam may behave differently. The request is not retried once
/// it may have been sent. After exit code 5 ask the payer before you repeat it: no read shows
/// whether the message was sent.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = help::of_a_call(&["payssam bill resend 2024-0001"]))]
pub(super) struct Resend {
    /// The bill id: 1 to 20 characters, no comma.
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// If PaySsam rejects the request, show its message unmasked (text output only).
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
        rows.put("message", "resent".to_owned());
        output.result(rows, &resent);
        Ok(())
    }
}
