//! `payssam mock pay`.

use clap::Args;
use payssam::{BillId, Error};
use payssam_mock::MockServer;
use serde::Serialize;

use crate::{connection::Connection, output::Output};

/// The base URL of a mock server that was started without `--listen`.
const BASE_URL: &str = "http://127.0.0.1:8787/partner";

/// Pays a bill of a mock server on this machine, as its payer would.
///
/// A link says where the mock server is. With --bill it is at --base-url, PAYSSAM_BASE_URL or the address in
/// the file that PAYSSAM_BASE_URL_FILE names [default: http://127.0.0.1:8787/partner], with the
/// credentials of its other variables or files.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Pay {
    /// The link from the response to `payssam bill send` (short_url).
    #[arg(required_unless_present = "bill", conflicts_with = "bill")]
    link: Option<String>,
    /// The bill id, instead of a link.
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    bill: Option<String>,
}

#[derive(Serialize)]
struct Payment<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bill_id: Option<&'a str>,
    paid: bool,
}

impl Pay {
    pub(super) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        if let Some(link) = &self.link {
            payssam_mock::pay_by_link(link).await?;
        }
        if let Some(bill) = &self.bill {
            let id = BillId::new(bill)?;
            let credentials = MockServer::credentials_from_env()?;
            let base_url = connection
                .base_url()?
                .unwrap_or_else(|| BASE_URL.to_owned());
            payssam_mock::pay_by_id(&base_url, &credentials, &id).await?;
        }
        let payment = Payment {
            link: self.link.as_deref(),
            bill_id: self.bill.as_deref(),
            paid: true,
        };
        output.result("paid", &payment);
        Ok(())
    }
}
