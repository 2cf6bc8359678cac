//! A hundred thousand each of cancelled, sent and destroyed bills and of cash receipts, with faults in many
//! of their requests: `cargo bench --bench chaos`.
//!
//! It fails if the client reports anything about a bill that is not true, and prints the seed;
//! `PAYSSAM_CHAOS_SEED` repeats a run. `PAYSSAM_CHAOS_BILLS` sets another number of bills.

#[path = "../tests/support"]
mod support {
    pub mod chaos;
    pub mod chaos_receipts;
    pub mod chaos_send;
    #[allow(dead_code, reason = "the tests of single faults use all of it")]
    pub mod faults;
}

use std::{env, time::Instant};

use tokio::runtime::Runtime;

fn main() {
    let bills = number("PAYSSAM_CHAOS_BILLS").map_or(100_000, |bills| bills as usize);
    let seed = number("PAYSSAM_CHAOS_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!(
        "{bills} bills, {} of all requests with a fault, seed {seed}",
        support::chaos::FAULTY
    );
    let runtime = Runtime::new().expect("a runtime");
    report(|| runtime.block_on(support::chaos::run(bills, seed)));
    report(|| runtime.block_on(support::chaos_send::send(bills, seed)));
    report(|| runtime.block_on(support::chaos_send::destroy(bills, seed)));
    report(|| runtime.block_on(support::chaos_receipts::run(bills, seed)));
}

fn report(run: impl FnOnce() -> support::chaos::Endings) {
    let begun = Instant::now();
    for (ending, count) in run() {
        println!("{count:>8} {ending}");
    }
    println!(
        "all reports are true; {:.0} s",
        begun.elapsed().as_secs_f64()
    );
}

fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} is a number")),
    )
}
