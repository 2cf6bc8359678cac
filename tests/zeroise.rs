//! When the credentials are dropped, the key is nowhere in the memory of the process.
#![cfg(target_os = "linux")]

use std::{
    fs::{self, File},
    os::unix::fs::FileExt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use payssam::{Client, Credentials};

/// The tests keep the key disguised, so that only the credentials hold it as it is.
const DISGUISE: u8 = 0x5a;

/// Most blocks of memory have no byte that the key begins with.
const BLOCK: usize = 256;

/// A key in disguise, different for each number.
fn disguised(number: u8) -> Vec<u8> {
    (0..32_u8)
        .map(|place| (b'a' + (place.wrapping_mul(7) ^ number) % 26) ^ DISGUISE)
        .collect()
}

fn undisguised(key: &[u8]) -> String {
    // A text that grows would leave parts of the key behind.
    let mut text = String::with_capacity(key.len());
    for byte in key {
        text.push(char::from(byte ^ DISGUISE));
    }
    text
}

/// Tests that search memory at the same time would find what the other one is comparing.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How often the key is in the memory that this process can write to.
fn found(key: &[u8]) -> usize {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let memory = File::open("/proc/self/mem").unwrap();
    let mut buffer = vec![0; 1 << 20];
    let own = buffer.as_ptr() as u64..(buffer.as_ptr() as u64 + buffer.len() as u64);
    let mut count = 0;
    for (start, end) in maps.lines().filter_map(writable) {
        // The buffer holds a copy of what was searched just now.
        for (start, end) in [(start, end.min(own.start)), (start.max(own.end), end)] {
            let mut at = start;
            while at + (key.len() as u64) <= end {
                let wanted = buffer.len().min((end - at) as usize);
                // Memory that was freed meanwhile holds nothing.
                let Ok(length) = memory.read_at(&mut buffer[..wanted], at) else {
                    break;
                };
                count += found_in(&buffer[..length], key);
                if length < wanted || at + length as u64 == end {
                    break;
                }
                at += (length - key.len() + 1) as u64;
            }
        }
    }
    buffer.fill(0);
    count
}

fn found_in(memory: &[u8], key: &[u8]) -> usize {
    let first = key[0] ^ DISGUISE;
    (0..memory.len())
        .step_by(BLOCK)
        .map(|start| start..memory.len().min(start + BLOCK))
        .filter(|block| memory[block.clone()].contains(&first))
        .flatten()
        .filter_map(|at| memory.get(at..at + key.len()))
        .filter(|window| {
            let mut bytes = window.iter().zip(key);
            bytes.all(|(byte, own)| byte ^ DISGUISE == *own)
        })
        .count()
}

/// The range of a line of the map, if it can be written to.
fn writable(line: &str) -> Option<(u64, u64)> {
    let mut columns = line.split_whitespace();
    let (range, rights) = (columns.next()?, columns.next()?);
    let (start, end) = range.split_once('-')?;
    let number = |text| u64::from_str_radix(text, 16).ok();
    Some((number(start)?, number(end)?)).filter(|_| rights.starts_with("rw"))
}

fn credentials(key: &[u8]) -> Credentials {
    Credentials::builder()
        .api_key(undisguised(key))
        .member("member")
        .merchant("merchant")
        .build()
        .unwrap()
}

#[test]
fn the_key_is_cleared_with_the_last_clone_of_the_credentials() {
    let _alone = alone();
    let key = disguised(1);
    assert_eq!(found(&key), 0, "the test itself holds no key");
    let credentials = credentials(&key);
    let clone = credentials.clone();
    assert_eq!(found(&key), 1, "there is one copy, whoever shares it");
    drop(credentials);
    assert_eq!(found(&key), 1);
    drop(clone);
    assert_eq!(found(&key), 0);
}

#[test]
fn the_key_is_cleared_with_the_client() {
    let _alone = alone();
    let key = disguised(2);
    let client = Client::builder(credentials(&key))
        .base_url("http://127.0.0.1:9")
        .build()
        .unwrap();
    let other = client
        .with_member("member")
        .unwrap()
        .with_merchant("merchant-2")
        .unwrap();
    drop(client);
    assert_eq!(found(&key), 1);
    drop(other);
    assert_eq!(found(&key), 0);
}

#[test]
fn a_key_that_is_rejected_is_cleared() {
    let _alone = alone();
    let key = disguised(3);
    Credentials::builder()
        .api_key(undisguised(&key))
        .member("")
        .merchant("merchant")
        .build()
        .unwrap_err();
    assert_eq!(found(&key), 0);
    let mut long = String::with_capacity(64);
    for byte in key.iter().chain(&key) {
        long.push(char::from(byte ^ DISGUISE));
    }
    Credentials::builder()
        .api_key(long)
        .member("member")
        .merchant("merchant")
        .build()
        .unwrap_err();
    assert_eq!(found(&key), 0);
}
