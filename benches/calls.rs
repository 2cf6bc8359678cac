//! Reads per second over loopback, by the facade and by hand, 1, 8 and 64 at a time:
//! `cargo bench --bench calls`.

mod yardstick;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use payssam::BillId;
use tokio::{runtime::Runtime, task::JoinSet};

fn reads(criterion: &mut Criterion) {
    let address = yardstick::serve();
    let runtime = Runtime::new().expect("a runtime");
    let mut group = criterion.benchmark_group("read");
    for at_a_time in [1_u64, 8, 64] {
        group.throughput(Throughput::Elements(at_a_time));
        group.bench_function(BenchmarkId::new("hand", at_a_time), |bencher| {
            let client = yardstick::by_hand(address);
            bencher.to_async(&runtime).iter(|| async {
                let mut calls = JoinSet::new();
                for _ in 0..at_a_time {
                    let client = client.clone();
                    calls.spawn(async move { black_box(client.read("2024-0001").await) });
                }
                calls.join_all().await
            });
        });
        group.bench_function(BenchmarkId::new("facade", at_a_time), |bencher| {
            let client = yardstick::facade(address);
            let id = BillId::new("2024-0001").expect("an id");
            bencher.to_async(&runtime).iter(|| async {
                let mut calls = JoinSet::new();
                for _ in 0..at_a_time {
                    let (client, id) = (client.clone(), id.clone());
                    calls.spawn(
                        async move { black_box(yardstick::facade_read(&client, &id).await) },
                    );
                }
                calls.join_all().await
            });
        });
    }
    group.finish();
}

criterion_group!(benches, reads);
criterion_main!(benches);
