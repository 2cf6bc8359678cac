//! Calls and the tokio runtime: its paused clock, and its end.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod script;
    pub mod wire;
}

use std::time::Duration;

use payssam::{BillId, BillState, CancelBill, Won};
use payssam_mock::{Fault, MockServer, Schedule};
use support::caller::{bill_id, cancel};
use tokio::{
    runtime::Runtime,
    time::{Instant, advance, pause, resume},
};

#[tokio::test(start_paused = true)]
async fn calls_are_made_while_a_paused_clock_runs() {
    resume();
    let mock = MockServer::start().await.unwrap();
    mock.add_bill(bill_id(), Won::new(45_000).unwrap()).unwrap();
    let client = mock.client().unwrap();
    client.bills().read(&bill_id()).await.unwrap();
    pause();
    let before = Instant::now();
    advance(Duration::from_secs(86_400)).await;
    assert!(before.elapsed() >= Duration::from_secs(86_400));
    resume();
    // The connection of before is as old as the clock says; a call makes another if need be.
    client.bills().read(&bill_id()).await.unwrap();
}

#[test]
fn a_write_whose_runtime_ends_may_be_carried_out_and_is_found_when_resuming() {
    let server = Runtime::new().unwrap();
    let mock = server.block_on(MockServer::start()).unwrap();
    mock.add_bill(bill_id(), Won::new(45_000).unwrap()).unwrap();
    mock.pay(&bill_id()).unwrap();
    mock.inject(Fault::ApplyThenHang, Schedule::once());
    let client = mock.client().unwrap();

    let first = Runtime::new().unwrap();
    let (bills, request) = (client.bills(), cancel());
    let task = first.spawn(async move { bills.cancel(&request).await.map(drop) });
    while *mock.bill(&bill_id()).unwrap().state() != BillState::Cancelled {
        std::thread::sleep(Duration::from_millis(1));
    }
    first.shutdown_background();
    let second = Runtime::new().unwrap();
    assert!(second.block_on(task).unwrap_err().is_cancelled());

    let again: CancelBill = cancel();
    let bills = client.bills();
    let done = second.block_on(async { bills.cancel_and_confirm(&again).resuming().await });
    let done = done.unwrap();
    assert_eq!(done.bill_id(), &BillId::new("2024-0001").unwrap());
    assert!(
        !done.was_already_cancelled(),
        "perhaps by the call that was dropped"
    );
    assert_eq!(mock.bill(&bill_id()).unwrap().cancellations(), 1);
}
