//! Keys and personal data do not appear in errors.

use crate::support::{
    CLOSED, KEY, PHONE, SEND,
    canned_server::CannedServer,
    process::{at, error_of, run},
};

#[test]
fn an_error_shows_neither_the_key_nor_the_payer_whatever_its_outcome() {
    let rejecting = CannedServer::rejecting("VALIDATION_002", &format!("번호 {PHONE} 확인"));
    let failing = CannedServer::responding("500 Internal Server Error", format!("{KEY} {PHONE}"));
    let mut invalid = at(CLOSED);
    invalid.insert("PAYSSAM_API_KEY".into(), format!("{KEY}{}", "y".repeat(40)));
    for (code, environment) in [
        (2, invalid),
        (3, rejecting.environment()),
        (4, at(CLOSED)),
        (5, failing.environment()),
    ] {
        for output in ["text", "json"] {
            let send = [&SEND[..], &["--no-retry", "--output", output]].concat();
            let ended = run(&send, &environment);
            assert_eq!(ended.code, code, "{ended:?}");
            assert_eq!(ended.stdout, "");
            for secret in [KEY, PHONE, "010-1234-5678", "김하나"] {
                assert!(!ended.stderr.contains(secret), "{ended:?}");
            }
        }
    }
}

#[test]
fn the_message_of_a_rejection_is_unmasked_only_in_text_with_reveal() {
    let server = CannedServer::rejecting("VALIDATION_002", &format!("번호 {PHONE} 확인"));
    for command in [
        &["bill", "read", "1"][..],
        &["bill", "cancel", "1", "--price", "1"],
        &["call", "/a", "{}"],
    ] {
        let ended = run(command, &server.environment());
        assert_eq!(ended.code, 3);
        assert!(ended.stderr.contains("번호 [masked] 확인"), "{ended:?}");
        assert!(!ended.stderr.contains(PHONE), "{ended:?}");
        let reveal = [command, &["--reveal"]].concat();
        let ended = run(&reveal, &server.environment());
        let message = format!("\n  message: 번호 {PHONE} 확인\n");
        assert!(ended.stderr.ends_with(&message), "{ended:?}");
        let error = error_of(3, &reveal, &server.environment());
        assert_eq!(error["code"], "VALIDATION_002");
        assert!(!error.to_string().contains(PHONE), "{error}");
    }
}
