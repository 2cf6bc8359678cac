//! The bills of a database of `payssam ledger` as a ledger.

use std::{
    io::{self, BufWriter, Seek as _, SeekFrom},
    path::Path,
};

use payssam::{Client, Error};
use payssam_ledger::{KnownBill, Merchant};
use payssam_reconcile::{Format, Ledger};

use crate::failure::Failure;

/// Takes a copy of what the database says of the client's merchant, in the order of the bill ids.
pub(super) async fn ledger(path: &Path, client: &Client) -> Result<Ledger, Failure> {
    let invalid = |problem: String| Error::invalid_input("database", problem);
    if !path.is_file() {
        return Err(invalid(format!("there is no file {}", path.display())).into());
    }
    let failed = |error: io::Error| Error::config("temporary file", error);
    let database = payssam_ledger::Ledger::open(path)?;
    let merchant = Merchant::from(client.credentials());
    let mut copy = BufWriter::new(tempfile::tempfile().map_err(failed)?);
    let mut last = None;
    loop {
        let bills = database.bills(&merchant, last.as_ref()).await?;
        let Some(bill) = bills.last() else { break };
        last = Some(bill.bill_id.clone());
        write(&bills, &mut copy).map_err(failed)?;
    }
    if last.is_none() {
        return Err(invalid(format!("it has no bill of {merchant}")).into());
    }
    let mut copy = copy
        .into_inner()
        .map_err(|error| failed(error.into_error()))?;
    copy.seek(SeekFrom::Start(0)).map_err(failed)?;
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy();
    Ledger::read_from(copy, &name, Some(Format::JsonLines), &[]).map_err(Failure::not_begun)
}

fn write(bills: &[KnownBill], copy: &mut impl io::Write) -> io::Result<()> {
    for bill in bills {
        serde_json::to_writer(&mut *copy, bill)?;
        copy.write_all(b"\n")?;
    }
    Ok(())
}
