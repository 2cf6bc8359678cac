//! `payssam inspect` produces the proofs that PaySsam requires before going live.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
};

use crate::support::{
    mock_server::mock,
    process::{drained, nothing, run, spawn, state},
    text::{keys, one_line},
};

#[test]
fn an_inspection_gives_the_five_bills_to_hand_in() {
    let (_mock_server, at) = mock(&[]);
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = free.local_addr().unwrap().to_string();
    drop(free);
    let callback = format!("http://{listen}/payssam");
    let arguments = [
        "--output",
        "json",
        "inspect",
        "--payer",
        "김하나",
        "--phone",
        "01012345678",
        "--callback",
        &callback,
        "--listen",
        &listen,
        "--wait",
        "28s",
    ];
    let mut inspection = spawn(&arguments, &at);
    let mut hints = BufReader::new(inspection.0.stderr.take().unwrap());
    for _ in 0..3 {
        let mut hint = String::new();
        hints.read_line(&mut hint).unwrap();
        let (bill, link) = hint.trim_end().split_once(": ").unwrap();
        assert!(bill.starts_with("pay bill "), "{hint}");
        assert_eq!(run(&["mock", "pay", link], &nothing()).code, 0, "{hint}");
    }
    let stdout = drained(inspection.0.stdout.take().unwrap());
    assert_eq!(inspection.exit_code(), 0);
    let proofs = one_line(&stdout.join().unwrap());
    assert_eq!(keys(&proofs).len(), 5);
    for (proof, expected) in [
        ("approved", "paid"),
        ("cancelled", "cancelled"),
        ("destroyed", "destroyed"),
        ("read", "unpaid"),
        ("callback_acknowledged", "paid"),
    ] {
        assert_eq!(state(proofs[proof].as_str().unwrap(), &at), expected);
    }
}

#[test]
fn an_inspection_without_payments_ends_at_its_time_limit_and_names_the_bill() {
    let (_mock_server, at) = mock(&[]);
    let arguments = [
        "inspect",
        "--payer",
        "김하나",
        "--phone",
        "01012345678",
        "--wait",
        "1s",
        "--callback",
        "http://127.0.0.1:1",
        "--listen",
        "127.0.0.1:0",
    ];
    let ended = run(&arguments, &at);
    assert_eq!(ended.code, 5);
    let first = ended.stderr.lines().next().unwrap();
    let bill = first.strip_prefix("pay ").unwrap();
    let (bill, _) = bill.split_once(": ").unwrap();
    let warning = format!("{bill}: it was not paid within the time limit of --wait");
    assert!(ended.stderr.contains(&warning), "{ended:?}");
    assert!(!ended.stderr.contains("김하나"), "{ended:?}");
    assert!(!ended.stderr.contains("01012345678"), "{ended:?}");
}
