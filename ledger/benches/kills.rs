//! Two thousand processes are killed over one ledger: `cargo bench -p payssam-ledger --bench kills`.
//!
//! It fails if a payment is booked twice or not at all, or an intent is lost or doubled, and prints the seed;
//! `PAYSSAM_KILLS_SEED` repeats a run. `PAYSSAM_KILLS` sets another number of kills.

#[cfg(unix)]
#[path = "../tests/support/mod.rs"]
mod support;

#[cfg(unix)]
#[path = "../tests/killed/mod.rs"]
#[allow(dead_code, reason = "a test uses the rest")]
mod killed;

#[cfg(unix)]
fn main() {
    use std::{env, time::Instant};

    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    if killed::is_child() {
        return runtime.block_on(killed::work_until_killed());
    }
    let number = |variable: &str| {
        let text = env::var(variable).ok()?;
        Some(
            text.parse()
                .unwrap_or_else(|_| panic!("{variable} is a number")),
        )
    };
    let count = number("PAYSSAM_KILLS").map_or(2_000, |count: u64| count as usize);
    let seed = number("PAYSSAM_KILLS_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("{count} kills, seed {seed}");
    let begun = Instant::now();
    let report = runtime.block_on(killed::run(count, seed, &[]));
    println!(
        "{report:?}; each payment booked once, no intent lost or doubled; {:.0} s",
        begun.elapsed().as_secs_f64()
    );
}

#[cfg(not(unix))]
fn main() {}
