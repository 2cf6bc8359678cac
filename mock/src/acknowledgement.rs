//! The response that acknowledges a callback.

/// The response, byte for byte. It is written out here instead of calling
/// [`payssam::callback::acknowledge`], so that a mistake there is found.
pub(crate) const ACKNOWLEDGEMENT: &str = r#"{"code":"0000","msg":"성공하였습니다."}"#;

/// How a response differs from the acknowledgement; `None` if it is the acknowledgement.
pub(crate) fn difference(http_status: u16, body: &[u8], is_whole: bool) -> Option<String> {
    if http_status != 200 {
        return Some(format!("HTTP {http_status} instead of HTTP 200"));
    }
    let expected = ACKNOWLEDGEMENT.as_bytes();
    let pairs = body.iter().zip(expected);
    if let Some(place) = pairs
        .clone()
        .position(|(given, expected)| given != expected)
    {
        return Some(format!(
            "byte {} is 0x{:02x} instead of 0x{:02x}",
            place + 1,
            body[place],
            expected[place]
        ));
    }
    match (body.len() < expected.len(), is_whole) {
        (true, _) => Some(format!(
            "it ends after {} bytes instead of {}",
            body.len(),
            expected.len()
        )),
        (false, true) => None,
        (false, false) => Some(format!(
            "it goes on behind the {} bytes of the acknowledgement, or broke off",
            expected.len()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_named() {
        assert_eq!(difference(200, ACKNOWLEDGEMENT.as_bytes(), true), None);
        for (status, body, whole, part) in [
            (500, ACKNOWLEDGEMENT, true, "HTTP 500"),
            (
                200,
                r#"{"code": "0000"}"#,
                true,
                "byte 9 is 0x20 instead of 0x22",
            ),
            (200, r#"{"code":"0000""#, true, "ends after 14 bytes"),
            (200, ACKNOWLEDGEMENT, false, "goes on"),
        ] {
            let found = difference(status, body.as_bytes(), whole).unwrap();
            assert!(found.contains(part), "{found}");
        }
    }
}
