//! Digests, and how they are written.

use payssam::BillId;
use sha2::{Digest as _, Sha256};

/// Half of a SHA-256, so that nobody can make two ids that are taken for one.
pub(crate) fn of_id(id: &BillId) -> u128 {
    let digest = Sha256::digest(id.as_str());
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    u128::from_be_bytes(half)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
