//! Which requests are retried automatically.

use crate::support::{SEND, canned_server::CannedServer, process::error_of};

#[test]
fn a_failed_read_is_attempted_three_times_unless_no_retry_is_given() {
    for (more, attempts) in [(&[][..], 3), (&["--no-retry"], 1)] {
        let server = CannedServer::responding("502 Bad Gateway", "");
        let arguments = [&["bill", "read", "a"][..], more].concat();
        error_of(5, &arguments, &server.environment());
        assert_eq!(server.bodies().len(), attempts);
    }
}

#[test]
fn the_longest_retry_after_and_time_limits_end_no_command_in_a_panic() {
    let forever = format!("{}s", i64::MAX);
    let limits = ["--timeout", &forever, "--connect-timeout", &forever];
    for arguments in [
        &["bill", "read", "a"][..],
        &["bill", "cancel", "a", "--price", "1000"],
        &["bill", "cancel", "a", "--price", "1000", "--confirm"],
        &[
            "bill",
            "cancel",
            "a",
            "--price",
            "1000",
            "--confirm",
            "--deadline",
            &forever,
        ],
    ] {
        for more in [&[][..], &limits] {
            let server = CannedServer::responding(
                "503 Service Unavailable\r\nretry-after: 18446744073709551615",
                "",
            );
            let error = error_of(5, &[arguments, more].concat(), &server.environment());
            assert_eq!(server.bodies().len(), 1, "{arguments:?} {error:?}");
        }
    }
}

#[test]
fn a_write_that_may_have_been_sent_is_not_retried() {
    for arguments in [
        &["bill", "cancel", "a", "--price", "1000"][..],
        &["bill", "destroy", "a", "--price", "1000"],
        &["bill", "resend", "a"],
        &SEND,
    ] {
        let server = CannedServer::responding("502 Bad Gateway", "");
        error_of(5, arguments, &server.environment());
        assert_eq!(server.bodies().len(), 1, "{arguments:?}");
    }
}
