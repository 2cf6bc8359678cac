//! The hash that a request carries, computed apart from the client that it judges.

use sha2::{Digest, Sha256};

/// The SHA-256 of these fields, joined by commas, in lower-case hexadecimal digits.
pub(crate) fn of(fields: &[&str]) -> String {
    let digest = Sha256::digest(fields.join(","));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(
            of(&["1024", "45000"]),
            "c33145c60c4dff199c5320f45db1fee5af0eb245d2645b70334ead1549ea90d0"
        );
    }
}
