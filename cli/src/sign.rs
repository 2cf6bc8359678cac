//! `payssam sign`: the hash alone.

use clap::Args;
use serde::Serialize;

use crate::{Output, help_with};
use payssam::{BillId, Error, Won, signature};

/// Prints the hash (통신 암호 키) of a request; nothing is sent.
///
/// It is the SHA-256 of `ID,PRICE`, which cancelling needs, or with --phone of
/// `ID,PHONE,PRICE`, which sending a bill needs. `payssam bill cancel` signs automatically.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = help_with(&[
    "payssam sign --bill-id 1024 --price 45000",
    "payssam sign --bill-id 1024 --price 45000 --phone 01012345678",
]))]
pub(crate) struct Sign {
    /// The bill: 1 to 20 characters, no comma.
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    bill_id: String,
    /// The price in won, digits only, such as 45000.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    price: String,
    /// The payer's phone, if the request has it: digits only, such as 01012345678.
    #[arg(long, value_name = "P", allow_hyphen_values = true)]
    phone: Option<String>,
}

impl Sign {
    pub(crate) fn run(self, output: Output) -> Result<(), Error> {
        let id = BillId::new(&self.bill_id)?;
        let price: Won = self.price.parse()?;
        let signature = match &self.phone {
            Some(phone) => signature::sign_with_phone(&id, phone, price)?,
            None => signature::sign(&id, price),
        };
        let hash = signature.as_str();
        output.result(hash, &Signed { hash });
        Ok(())
    }
}

#[derive(Serialize)]
struct Signed<'a> {
    hash: &'a str,
}
