//! A hundred thousand cancellations, sendings, destructions and receipts each, while nearly everything
//! goes wrong: `cargo bench --features mock server,preview --bench chaos`; without `preview` cancellations
//! alone.
//!
//! It fails when the client believes of any bill what is not true of it, and prints the seed, which
//! `PAYSSAM_CHAOS_SEED` repeats. `PAYSSAM_CHAOS_BILLS` sets another number of bills.

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
        "{bills} bills, {} of all requests struck, seed {seed}",
        support::chaos::STRUCK
    );
    let runtime = Runtime::new().expect("a runtime");
    tell(|| runtime.block_on(support::chaos::run(bills, seed)));
    tell(|| runtime.block_on(support::chaos_send::send(bills, seed)));
    tell(|| runtime.block_on(support::chaos_send::destroy(bills, seed)));
    tell(|| runtime.block_on(support::chaos_receipts::run(bills, seed)));
}

fn tell(run: impl FnOnce() -> support::chaos::Endings) {
    let begun = Instant::now();
    for (ending, count) in run() {
        println!("{count:>8} {ending}");
    }
    println!(
        "all beliefs are true; {:.0} s",
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
