//! Closed pipes and full disks do not change what happened.

use serde_json::json;

use crate::support::{
    CLOSED,
    canned_server::CannedServer,
    process::{at, drained, nothing, payssam, spawn},
};

#[test]
fn a_closed_stdout_changes_nothing() {
    let server = CannedServer::with_data(json!({"billId": "1024"}));
    for arguments in [
        &["demo"][..],
        &["demo", "--output", "json"],
        &["--help"],
        &["sign", "--bill-id", "1024", "--price", "45000"],
        &["bill", "cancel", "1024", "--price", "45000"],
    ] {
        let mut child = spawn(arguments, &server.environment());
        drop(child.0.stdout.take());
        let stderr = drained(child.0.stderr.take().unwrap());
        assert_eq!(child.exit_code(), 0, "{arguments:?}");
        assert_eq!(stderr.join().unwrap(), "", "{arguments:?}");
    }
    assert_eq!(server.bodies().len(), 1, "the cancellation was sent");
}

#[test]
fn a_closed_stderr_does_not_change_the_exit_code() {
    for (arguments, code) in [
        (&["bill", "read", "1"][..], 4),
        (&["bill", "read", "1", "--output", "json"], 4),
        (&["bill"], 2),
    ] {
        let mut child = spawn(arguments, &at(CLOSED));
        drop(child.0.stderr.take());
        assert_eq!(child.exit_code(), code, "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_written_is_a_warning() {
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut command = payssam(&["sign", "--bill-id", "1", "--price", "1"], &nothing());
    let ended = command.stdout(full).output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
    let stderr = String::from_utf8_lossy(&ended.stderr);
    assert!(
        stderr.starts_with("warning: the command succeeded, but "),
        "{stderr}"
    );
}
