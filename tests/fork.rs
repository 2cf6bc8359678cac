//! A blocking client in a child process that was forked.
#![cfg(unix)]

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
}

use std::{
    process,
    thread::sleep,
    time::{Duration, Instant},
};

use fork::{Fork, fork, waitpid_nohang};
use payssam::{Error, blocking::Client, callback::ApprovalCallback};
use support::caller::{bill_id, cancel, client};

/// Whether an error is the one of a client that was made before the fork.
fn is_of_fork(error: &Error) -> bool {
    error.kind() == "config" && error.to_string().contains("forked")
}

/// Makes calls in the child; its exit code says how they ended.
fn child(client: Client) -> i32 {
    let read = client.bills().read(&bill_id()).map(drop);
    let cancelled = client.bills().cancel(&cancel()).map(drop);
    let mut many = client.bills().read_many([bill_id(), bill_id()]);
    let of_many = many.by_ref().map(|(_, ended)| ended.map(drop));
    let fails = |ended: Result<(), Error>| ended.is_err_and(|error| is_of_fork(&error));
    let of_many: Vec<_> = of_many.map(fails).collect();
    let callback = ApprovalCallback::parse(br#"{"billId":"1"}"#).unwrap();
    let verified = client.verify(&callback).map(drop);
    drop(client);
    drop(many);
    let calls = of_many == [true, true]
        && read.is_err_and(|error| is_of_fork(&error))
        && cancelled.is_err_and(|error| is_of_fork(&error));
    i32::from(!calls || !verified.is_err_and(|error| error.to_string().contains("forked")))
}

#[test]
fn a_blocking_call_after_a_fork_is_an_error_at_once() {
    let client = Client::new(client("http://127.0.0.1:1")).unwrap();
    assert_eq!(
        client.bills().read(&bill_id()).unwrap_err().kind(),
        "not_sent"
    );
    let pid = match fork().unwrap() {
        Fork::Child => process::exit(child(client)),
        Fork::Parent(pid) => pid,
    };
    let deadline = Instant::now() + Duration::from_secs(30);
    let status = loop {
        if let Some(status) = waitpid_nohang(pid).unwrap() {
            break status;
        }
        if Instant::now() > deadline {
            drop(
                process::Command::new("kill")
                    .args(["-9", &pid.to_string()])
                    .status(),
            );
            panic!("the call did not end");
        }
        sleep(Duration::from_millis(5));
    };
    assert_eq!(status, 0, "the wait status of the child");
    assert_eq!(
        client.bills().read(&bill_id()).unwrap_err().kind(),
        "not_sent"
    );
}
