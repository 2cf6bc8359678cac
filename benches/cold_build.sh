#!/usr/bin/env bash
# How long a cold debug build takes of a program that uses the last commit of this crate with its default
# features, against one that makes the same call by hand: bash benches/cold_build.sh [ROUNDS]
# Each round also builds the program with the crate by its path: cargo compiles that incrementally, which takes
# longer, where a dependency of git or of a registry is compiled once.
# How large their stripped release binaries are: bash benches/cold_build.sh --size
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
rounds=${1:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

program() { # NAME; its dependencies on stdin
    mkdir -p "$work/$1/src"
    {
        printf '[package]\nname = "%s"\nversion = "0.0.0"\nedition = "2024"\n\n' "$1"
        printf '[workspace]\n\n[dependencies]\n'
        printf 'tokio = { version = "1", features = ["macros", "rt"] }\n'
        cat
    } >"$work/$1/Cargo.toml"
    cp "$root/Cargo.lock" "$work/$1/"
}

program by-hand <<'TOML'
reqwest = { version = "0.13.5", default-features = false, features = ["json", "rustls"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
sha2 = "0.11"
TOML
cat >"$work/by-hand/src/main.rs" <<RUST
#[path = "$root/benches/yardstick/by_hand.rs"]
mod by_hand;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    use sha2::Digest;
    println!("{:x?}", sha2::Sha256::digest("2024-0001,45000"));
    let address = "127.0.0.1:1".parse().expect("an address");
    println!("{}", by_hand::ByHand::new(address).read("2024-0001").await);
}
RUST

program facade <<TOML
payssam = { git = "file://$root" }
TOML
program facade-by-path <<TOML
payssam = { path = "$root" }
TOML
cat >"$work/facade/src/main.rs" <<'RUST'
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), payssam::Error> {
    let id = payssam::BillId::new("2024-0001")?;
    println!("{}", payssam::signature::sign(&id, payssam::Won::new(45_000)?).as_str());
    println!("{:?}", payssam::Client::from_env()?.bills().read(&id).await?);
    Ok(())
}
RUST

cp "$work/facade/src/main.rs" "$work/facade-by-path/src/"

build() { # NAME; prints wall and CPU seconds
    cd "$work/$1"
    rm -rf target
    local TIMEFORMAT='%R %U %S'
    { time cargo build --quiet --offline; } 2>&1 | tail -n 1
}

for name in by-hand facade facade-by-path; do
    (cd "$work/$name" && cargo fetch --quiet)
done
for name in by-hand facade; do
    crates=$(cd "$work/$name" && cargo tree --prefix none --edges normal,build | sort -u | grep -vc '(\*)')
    echo "$name: $crates crates"
done
if [ "$rounds" = --size ]; then
    for name in by-hand facade; do
        (cd "$work/$name" && CARGO_PROFILE_RELEASE_STRIP=true cargo build --quiet --offline --release)
        echo "$name: $(stat --format %s "$work/$name/target/release/$name") bytes"
    done
    exit
fi
for ((round = 1; round <= rounds; round++)); do
    hand=$(build by-hand)
    facade=$(build facade)
    by_path=$(build facade-by-path)
    echo "$hand $facade $by_path" | awk '{
        printf "by hand %.1f s (CPU %.1f s)", $1, $2 + $3
        printf "; facade %.1f s (CPU %.1f s): %.2f of the time, %.2f of the CPU",
            $4, $5 + $6, $4 / $1, ($5 + $6) / ($2 + $3)
        printf "; by path %.1f s (CPU %.1f s): %.2f, %.2f\n",
            $7, $8 + $9, $7 / $1, ($8 + $9) / ($2 + $3)
    }'
done
