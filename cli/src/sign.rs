//! `payssam sign`: the hash of a request.

use clap::Args;
use payssam::{BillId, Error, Won, signature};
use serde::Serialize;

use crate::{help, output::Output, stdin};

/// Prints the hash (통신 암호 키) of a request, without sending anything.
///
/// It is the SHA-256 of `ID,PRICE` for a cancellation, or with --phone of `ID,PHONE,PRICE` for
/// sending a bill. The other commands compute it automatically.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = help::of_a_local_command(&[
    "payssam sign --bill-id 1024 --price 45000",
    "payssam sign --bill-id 1024 --price 45000 --phone 01012345678",
]))]
pub(crate) struct Sign {
    /// The bill id: 1 to 20 characters, no comma.
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    bill_id: String,
    /// The price in won, digits only, such as 45000.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    price: String,
    /// The payer's phone number, digits only, such as 01012345678; - reads it from stdin, which no
    /// other process can see.
    #[arg(long, value_name = "P", allow_hyphen_values = true)]
    phone: Option<String>,
}

#[derive(Serialize)]
struct Signed<'a> {
    hash: &'a str,
}

impl Sign {
    pub(crate) fn run(mut self, output: Output) -> Result<(), Error> {
        stdin::fill([("--phone", self.phone.as_mut())])?;
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
