//! Whatever the network does, what the client reports of each bill is true.
mod support {
    pub mod chaos;
    pub mod chaos_receipts;
    pub mod chaos_send;
    #[allow(dead_code, reason = "the tests of single faults use all of it")]
    pub mod faults;
}

use std::env;

/// The seed of the faults; the variable repeats another run.
fn seed() -> u64 {
    match env::var("PAYSSAM_CHAOS_SEED") {
        Ok(seed) => seed.parse().expect("PAYSSAM_CHAOS_SEED is a number"),
        Err(_) => 20_261_124,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_cancellations_in_chaos_all_end_as_they_are_reported() {
    let seed = seed();
    println!("seed {seed}; PAYSSAM_CHAOS_SEED={seed} repeats it");
    let endings = support::chaos::run(2_000, seed).await;
    println!("{endings:#?}");
    assert_eq!(endings.values().sum::<usize>(), 2_000);
    let otherwise = endings["rejected: another amount"] + endings["unknown: another amount"];
    assert_eq!(otherwise, 200);
    assert_eq!(
        endings["cancelled by this process, or by one that died"],
        200
    );
    assert_eq!(
        endings["rejected: not paid"] + endings["unknown: not paid"],
        200
    );
    for seen in [
        "cancelled, as the response said",
        "cancelled, as a read showed",
        "cancelled before",
    ] {
        assert!(endings[seen] > 0, "{seen}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_sends_in_chaos_make_one_bill_each() {
    let seed = seed();
    println!("seed {seed}; PAYSSAM_CHAOS_SEED={seed} repeats it");
    let endings = support::chaos_send::send(2_000, seed).await;
    println!("{endings:#?}");
    let sent = endings["sent, as the response said"] + endings["sent, as a read showed"];
    assert_eq!(sent, 1_400);
    assert_eq!(endings["another bill has the id"], 200);
    assert_eq!(endings["sent by this process, or by one that died"], 200);
    for seen in ["sent, as a read showed", "sent before"] {
        assert!(endings[seen] > 0, "{seen}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_destroys_in_chaos_all_end_as_they_are_reported() {
    let seed = seed();
    println!("seed {seed}; PAYSSAM_CHAOS_SEED={seed} repeats it");
    let endings = support::chaos_send::destroy(2_000, seed).await;
    println!("{endings:#?}");
    assert_eq!(endings["rejected: paid"], 200);
    for seen in ["destroyed, as a read showed", "destroyed before"] {
        assert!(endings[seen] > 0, "{seen}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_receipts_in_chaos_are_issued_and_cancelled_once() {
    let seed = seed();
    println!("seed {seed}; PAYSSAM_CHAOS_SEED={seed} repeats it");
    let endings = support::chaos_receipts::run(2_000, seed).await;
    println!("{endings:#?}");
    assert_eq!(endings.values().sum::<usize>(), 2_000);
    assert_eq!(endings.len(), 4, "every way of settling occurred");
}
