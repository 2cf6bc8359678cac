//! The ratio of reads per second, by the facade to by hand, 1, 8 and 64 at a time:
//! `cargo bench --bench throughput`.
//!
//! Both are measured in turns of a few thousand calls, so that a machine whose speed drifts
//! changes both alike; the median over the pairs is what to quote.

mod yardstick;

use std::time::{Duration, Instant};

use payssam::BillId;
use tokio::{runtime::Runtime, task::JoinSet};

const CALLS: usize = 3_000;
const PAIRS: usize = 40;

fn main() {
    let address = yardstick::serve();
    let runtime = Runtime::new().expect("a runtime");
    let id = BillId::new("2024-0001").expect("an id");
    for at_a_time in [1, 8, 64] {
        let (by_hand, facade) = (yardstick::by_hand(address), yardstick::facade(address));
        let hand = || {
            timed(&runtime, at_a_time, || {
                let client = by_hand.clone();
                async move {
                    client.read("2024-0001").await;
                }
            })
        };
        let facade = || {
            timed(&runtime, at_a_time, || {
                let (client, id) = (facade.clone(), id.clone());
                async move {
                    yardstick::facade_read(&client, &id).await;
                }
            })
        };
        hand();
        facade();
        let mut ratios: Vec<f64> = (0..PAIRS)
            .map(|pair| {
                let (hand, facade) = if pair % 2 == 0 {
                    (hand(), facade())
                } else {
                    let facade = facade();
                    (hand(), facade)
                };
                hand.as_secs_f64() / facade.as_secs_f64()
            })
            .collect();
        ratios.sort_by(f64::total_cmp);
        println!(
            "{at_a_time:>2} at a time: {:.3} of the calls per second by hand ({:.3} to {:.3})",
            ratios[PAIRS / 2],
            ratios[0],
            ratios[PAIRS - 1]
        );
    }
}

/// How long `CALLS` calls take, this many at a time.
fn timed<C: Future<Output = ()> + Send + 'static>(
    runtime: &Runtime,
    at_a_time: usize,
    call: impl Fn() -> C,
) -> Duration {
    let begin = Instant::now();
    runtime.block_on(async {
        let mut calls = JoinSet::new();
        for _ in 0..CALLS {
            if calls.len() == at_a_time {
                calls.join_next().await;
            }
            calls.spawn(call());
        }
        calls.join_all().await;
    });
    begin.elapsed()
}
