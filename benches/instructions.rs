//! Instructions per call, by the facade and by hand, counted by valgrind's callgrind: of reads, and of a
//! cancellation and a read in turn. `cargo bench --bench instructions`.
//!
//! The server runs in this process; valgrind runs this program again as a client that makes a
//! number of calls one after the other over one connection. What a call costs is the difference
//! between a long and a short run.

mod yardstick;

use std::{env, error::Error, net::SocketAddr, process::Command};

use payssam::BillId;

const READS: &str = "a read";
const CANCELS: &str = "a cancellation and a read";

const SHORT: u64 = 200;
const LONG: u64 = 1200;

fn main() -> Result<(), Box<dyn Error>> {
    if let [_, mark, who, what, count, address] = env::args().collect::<Vec<_>>().as_slice()
        && mark == "--as-client"
    {
        return client(who, what == CANCELS, count.parse()?, address.parse()?);
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("valgrind is not installed: no instructions counted");
        return Ok(());
    }
    let address = yardstick::serve();
    for what in [READS, CANCELS] {
        let hand = per_turn("hand", what, address)?;
        let facade = per_turn("facade", what, address)?;
        println!("{what}");
        println!("  by hand  {hand:>9} instructions");
        println!("  facade   {facade:>9} instructions");
        println!("  ratio    {:>9.3}", facade as f64 / hand as f64);
    }
    Ok(())
}

fn per_turn(who: &str, what: &str, address: SocketAddr) -> Result<u64, Box<dyn Error>> {
    let short = instructions(who, what, SHORT, address)?;
    let long = instructions(who, what, LONG, address)?;
    Ok((long - short) / (LONG - SHORT))
}

fn instructions(
    who: &str,
    what: &str,
    count: u64,
    address: SocketAddr,
) -> Result<u64, Box<dyn Error>> {
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe()?)
        .args(["--as-client", who, what])
        .args([count.to_string(), address.to_string()])
        .output()?;
    let said = String::from_utf8_lossy(&run.stderr);
    said.lines()
        .find_map(|line| line.split_once("Collected : "))
        .ok_or_else(|| format!("valgrind counted nothing: {said}"))?
        .1
        .trim()
        .parse()
        .map_err(Into::into)
}

fn client(who: &str, cancels: bool, count: u64, address: SocketAddr) -> Result<(), Box<dyn Error>> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let id = BillId::new("2024-0001")?;
            match who {
                "hand" => {
                    let client = yardstick::by_hand(address);
                    for _ in 0..count {
                        if cancels {
                            client.cancel(id.as_str(), yardstick::PRICE).await;
                        }
                        client.read(id.as_str()).await;
                    }
                }
                _ => {
                    let client = yardstick::facade(address);
                    for _ in 0..count {
                        if cancels {
                            yardstick::facade_cancel(&client, &id).await;
                        }
                        yardstick::facade_read(&client, &id).await;
                    }
                }
            }
            Ok(())
        })
}
