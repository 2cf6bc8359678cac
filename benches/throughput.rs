//! Calls per second and processor time a call, of the facade against by hand, 1, 8 and 64 at a time: of reads,
//! and of a cancellation and a read in turn. `cargo bench --bench throughput` (Linux).
//!
//! Both are measured in turns of a few thousand calls, so that a machine whose speed drifts
//! changes both alike; the median over the pairs is what to quote. The processor time is that of
//! all threads of this process but the server's.

mod yardstick;

use std::{
    fs,
    time::{Duration, Instant},
};

use payssam::BillId;
use tokio::{runtime::Runtime, task::JoinSet};

const CALLS: usize = 3_000;
const PAIRS: usize = 40;
const ID: &str = "2024-0001";

/// What some calls took.
struct Cost {
    time: Duration,
    processor: Duration,
}

fn main() {
    let address = yardstick::serve();
    let runtime = Runtime::new().expect("a runtime");
    let id = BillId::new(ID).expect("an id");
    for (what, cancels) in [("reads", false), ("a cancellation and a read", true)] {
        println!("{what}");
        let tasks = if cancels { CALLS / 2 } else { CALLS };
        for at_a_time in [1, 8, 64] {
            let (by_hand, facade) = (yardstick::by_hand(address), yardstick::facade(address));
            let hand = || {
                cost(&runtime, tasks, at_a_time, || {
                    let client = by_hand.clone();
                    async move {
                        if cancels {
                            client.cancel(ID, yardstick::PRICE).await;
                        }
                        client.read(ID).await;
                    }
                })
            };
            let facade = || {
                cost(&runtime, tasks, at_a_time, || {
                    let (client, id) = (facade.clone(), id.clone());
                    async move {
                        if cancels {
                            yardstick::facade_cancel(&client, &id).await;
                        }
                        yardstick::facade_read(&client, &id).await;
                    }
                })
            };
            hand();
            facade();
            let pairs: Vec<(Cost, Cost)> = (0..PAIRS)
                .map(|pair| {
                    if pair % 2 == 0 {
                        (hand(), facade())
                    } else {
                        let facade = facade();
                        (hand(), facade)
                    }
                })
                .collect();
            let (rate, rates) = median(&pairs, |hand, facade| {
                hand.time.as_secs_f64() / facade.time.as_secs_f64()
            });
            let (processor, processors) = median(&pairs, |hand, facade| {
                facade.processor.as_secs_f64() / hand.processor.as_secs_f64()
            });
            println!(
                "{at_a_time:>4} at a time: {rate:.3} of the calls per second by hand ({rates}), \
                 {processor:.3} of the processor time ({processors})"
            );
        }
    }
}

/// The median of the ratios, and from where to where they go.
fn median(pairs: &[(Cost, Cost)], ratio: impl Fn(&Cost, &Cost) -> f64) -> (f64, String) {
    let mut ratios: Vec<f64> = pairs
        .iter()
        .map(|(hand, facade)| ratio(hand, facade))
        .collect();
    ratios.sort_by(f64::total_cmp);
    let ends = format!("{:.3} to {:.3}", ratios[0], ratios[ratios.len() - 1]);
    (ratios[ratios.len() / 2], ends)
}

/// What these tasks take, this many at a time.
fn cost<C: Future<Output = ()> + Send + 'static>(
    runtime: &Runtime,
    tasks: usize,
    at_a_time: usize,
    task: impl Fn() -> C,
) -> Cost {
    let (begin, used) = (Instant::now(), processor_time());
    runtime.block_on(async {
        let mut running = JoinSet::new();
        for _ in 0..tasks {
            if running.len() == at_a_time {
                running.join_next().await;
            }
            running.spawn(task());
        }
        running.join_all().await;
    });
    Cost {
        time: begin.elapsed(),
        processor: processor_time() - used,
    }
}

/// What the threads of this process have used by now, without the server's.
fn processor_time() -> Duration {
    let nanoseconds = fs::read_dir("/proc/self/task")
        .expect("the threads of a Linux process")
        .map(|thread| thread.expect("a thread").path())
        .filter(|thread| {
            fs::read_to_string(thread.join("comm"))
                .expect("a name")
                .trim()
                != yardstick::SERVER
        })
        .map(|thread| {
            let times = fs::read_to_string(thread.join("schedstat")).expect("its times");
            let used = times.split(' ').next().expect("the time that it ran");
            used.parse::<u64>().expect("nanoseconds")
        })
        .sum();
    Duration::from_nanos(nanoseconds)
}
