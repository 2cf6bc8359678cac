//! A thousand processes are killed that book with claims in one file, marked in the transaction that books:
//! `cargo bench --bench kills`.
//!
//! It fails if a payment is booked twice or not at all, and prints the seed; `PAYSSAM_KILLS_SEED` repeats a run.
//! `PAYSSAM_KILLS` sets another number of kills.

#[cfg(unix)]
#[path = "../tests/support"]
mod support {
    pub mod database;
    pub mod kills;
    pub mod seen_in_file;
    pub mod stranger;
}

#[cfg(unix)]
fn main() {
    use std::{env, time::Instant};

    use support::kills;

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
    let begun = Instant::now();
    let report = runtime.block_on(kills::run(count, seed, &[]));
    println!(
        "{report:?}; each payment booked once; {:.0} s",
        begun.elapsed().as_secs_f64()
    );
}

#[cfg(not(unix))]
fn main() {}
