//! The hash of a request (통신 암호 키).
//!
//! The mock server computes it on its own instead of calling [`payssam::signature`]. A mistake in the
//! library's hash then makes the mock server reject the request, instead of being repeated here.

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
    fn the_hash_matches_the_published_vectors() {
        assert_eq!(
            of(&["1024", "45000"]),
            "c33145c60c4dff199c5320f45db1fee5af0eb245d2645b70334ead1549ea90d0"
        );
        assert_eq!(
            of(&["1024", "01012345678", "45000"]),
            "c381cdd2f56bc990da035d998b0bee8df1f12f9d59966483db8306cead9d96e9"
        );
    }

    #[test]
    fn the_order_of_the_fields_matters() {
        assert_ne!(of(&["1024", "45000"]), of(&["45000", "1024"]));
    }

    #[test]
    fn text_is_hashed_as_utf_8() {
        // printf '3월 수강료,45000' | sha256sum
        assert_eq!(
            of(&["3월 수강료", "45000"]),
            "63adbcce9cb0b6d5d863cdcf3542236469316a950b0339cdd135563db5f380e4"
        );
    }
}
