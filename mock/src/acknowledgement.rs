//! The response that acknowledges a callback.

use crate::http_client::End;

/// The response, byte for byte. It is written out here instead of calling
/// [`payssam::callback::acknowledge`], so that a mistake there is found.
pub(crate) const ACKNOWLEDGEMENT: &str = r#"{"code":"0000","msg":"성공하였습니다."}"#;

/// How a response differs from the acknowledgement; `None` if it is the acknowledgement.
pub(crate) fn difference(http_status: u16, body: &[u8], end: End) -> Option<String> {
    if http_status != 200 {
        return Some(format!("HTTP {http_status} instead of HTTP 200"));
    }
    let expected = ACKNOWLEDGEMENT.as_bytes();
    let (given, wanted) = (body.len(), expected.len());
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
    if let Some(behind) = body.get(wanted) {
        return Some(format!(
            "it goes on behind the {wanted} bytes of the acknowledgement: byte {} is 0x{behind:02x}",
            wanted + 1
        ));
    }
    match end {
        End::Whole if given == wanted => None,
        End::Whole => Some(format!("it ends after {given} bytes instead of {wanted}")),
        End::BrokeOff => Some(format!(
            "it broke off after {given} bytes, and more were announced"
        )),
        End::GoesOn => Some(format!("it goes on after {given} bytes")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_named() {
        let exact = ACKNOWLEDGEMENT.to_owned();
        assert_eq!(difference(200, exact.as_bytes(), End::Whole), None);
        for (status, body, end, expected) in [
            (
                500,
                exact.clone(),
                End::Whole,
                "HTTP 500 instead of HTTP 200",
            ),
            (
                200,
                r#"{"code": "0000"}"#.to_owned(),
                End::Whole,
                "byte 9 is 0x20 instead of 0x22",
            ),
            (
                200,
                r#"{"code":"0000""#.to_owned(),
                End::Whole,
                "it ends after 14 bytes instead of 46",
            ),
            (
                200,
                format!("{exact}\n"),
                End::Whole,
                "it goes on behind the 46 bytes of the acknowledgement: byte 47 is 0x0a",
            ),
            (
                200,
                exact,
                End::BrokeOff,
                "it broke off after 46 bytes, and more were announced",
            ),
        ] {
            let found = difference(status, body.as_bytes(), end);
            assert_eq!(found.as_deref(), Some(expected));
        }
    }
}
