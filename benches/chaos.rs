//! A hundred thousand cancellations while nearly everything goes wrong:
//! `cargo bench --features sandbox --bench chaos`.
//!
//! It fails when the client believes of any bill what is not true of it, and prints the seed, which
//! `PAYSSAM_CHAOS_SEED` repeats. `PAYSSAM_CHAOS_BILLS` sets another number of bills.

#[path = "../tests/support"]
mod support {
    pub mod chaos;
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
    let begun = Instant::now();
    let endings = Runtime::new()
        .expect("a runtime")
        .block_on(support::chaos::run(bills, seed));
    for (ending, count) in endings {
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
