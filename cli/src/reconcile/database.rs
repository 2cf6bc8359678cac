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
    let database = payssam_ledger::Ledger::open(path).map_err(not_begun)?;
    let merchant = Merchant::from(client.credentials());
    let mut copy = BufWriter::new(tempfile::tempfile().map_err(failed)?);
    let mut last = None;
    loop {
        let bills = database.bills(&merchant, last.as_ref());
        let bills = bills.await.map_err(not_begun)?;
        let Some(bill) = bills.last() else { break };
        last = Some(bill.bill_id.clone());
        write(&bills, &mut copy).map_err(failed)?;
    }
    // Counted behind the lines: what became certain meanwhile is in neither, and no proof is claimed of it.
    let uncertain = database.uncertain_bills(&merchant);
    let uncertain = uncertain.await.map_err(not_begun)?;
    if last.is_none() {
        let problem = match uncertain {
            0 => format!("it has no bill of {merchant}"),
            _ => format!(
                "it has no bill of {merchant} of which anything is certain; of {uncertain} it is uncertain whether they were sent"
            ),
        };
        return Err(invalid(problem).into());
    }
    let mut copy = copy
        .into_inner()
        .map_err(|error| failed(error.into_error()))?;
    copy.seek(SeekFrom::Start(0)).map_err(failed)?;
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy();
    let ledger = Ledger::read_from(copy, &name, Some(Format::JsonLines), &[]);
    let ledger = ledger.map_err(Failure::not_begun)?;
    Ok(ledger.with_uncertain_bills(uncertain))
}

/// A database that cannot be read is no ledger: nothing was asked.
fn not_begun(error: payssam_ledger::Error) -> Failure {
    Error::invalid_input("database", error.to_string()).into()
}

fn write(bills: &[KnownBill], copy: &mut impl io::Write) -> io::Result<()> {
    for bill in bills {
        serde_json::to_writer(&mut *copy, bill)?;
        copy.write_all(b"\n")?;
    }
    Ok(())
}
