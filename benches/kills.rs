//! A thousand processes are killed over one SQLite file, in each of the two ways to book exactly once:
//! `cargo bench --bench kills`.
//!
//! It fails if a payment is booked twice or not at all, and prints the seed; `PAYSSAM_KILLS_SEED` repeats a run.
//! `PAYSSAM_KILLS` sets another number of kills.

#[cfg(unix)]
#[path = "../tests/support"]
mod support {
    pub mod database;
    pub mod kills;
}

#[cfg(unix)]
fn main() {
    use std::{env, time::Instant};

    use support::kills::{self, Way};

    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    if kills::is_child() {
        return runtime.block_on(kills::receive_until_killed());
    }
    let number = |variable: &str| {
        let text = env::var(variable).ok()?;
        Some(
            text.parse()
                .unwrap_or_else(|_| panic!("{variable} is a number")),
        )
    };
    let count = number("PAYSSAM_KILLS").map_or(1_000, |count: u64| count as usize);
    let seed = number("PAYSSAM_KILLS_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("{count} kills, seed {seed}");
    for way in [Way::Transaction, Way::Lease] {
        let begun = Instant::now();
        let report = runtime.block_on(kills::run(way, count, seed, &[]));
        println!(
            "{way:?}: {report:?}; each payment booked once; {:.0} s",
            begun.elapsed().as_secs_f64()
        );
    }
}

#[cfg(not(unix))]
fn main() {}
