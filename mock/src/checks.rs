//! What the mock server checks in a request in addition to the limits of the specification.
//!
//! These are its own rules. It calls no check of the library, so that a mistake in those is found.

use std::borrow::Cow;

use jiff::civil::Date;
use payssam::{BillId, BillState, KoreanTime, Won, redact::shown};
use serde_json::Value;
use url::Url;

use crate::{
    bill::MockBill, clock, hash, loopback, receipt::MockReceipt, rejection::Rejection,
    request_body::text, wrong_hash,
};

/// The most digits of a price.
const PRICE_DIGITS: usize = 10;

/// The bill id of a bill or a cash receipt.
pub(crate) fn bill_id(id: &str) -> Result<BillId, Rejection> {
    let problem = match id {
        _ if id.trim() != id => "begins or ends with white space",
        _ if id.contains(',') => "has a comma, which makes the hash ambiguous",
        _ if id.contains(char::is_control) => "has a control character",
        _ => return BillId::new(id).map_err(|error| not_representable("billId", error)),
    };
    Err(Rejection::new("MOCK_INVALID", format!("billId {problem}")))
}

/// A price in won: digits, more than zero.
pub(crate) fn price(digits: &str) -> Result<Won, Rejection> {
    let invalid = |problem| Rejection::new("MOCK_INVALID", format!("price {problem}"));
    if !is_digits(digits) {
        return Err(invalid("must be digits without commas, sign or unit"));
    }
    if digits.starts_with('0') {
        return Err(invalid("must not begin with 0"));
    }
    if digits.len() > PRICE_DIGITS {
        return Err(invalid("must have at most 10 digits"));
    }
    let won = digits
        .parse()
        .map_err(|_| invalid("must have at most 10 digits"))?;
    Won::new(won).map_err(|error| not_representable("price", error))
}

/// The public types of the mock server are the library's, and cannot hold the value.
fn not_representable(field: &str, error: payssam::InvalidValue) -> Rejection {
    Rejection::with_http_status(
        501,
        "MOCK_NOT_REPRESENTABLE",
        format!(
            "the mock server cannot store this {field}: {}",
            shown(&error.to_string())
        ),
    )
}

/// The hash over these fields of a bill or a cash receipt, if the request has the right one.
pub(crate) fn hash(inner: &Value, fields: &[&str]) -> Result<String, Rejection> {
    let values: Vec<&str> = fields.iter().map(|field| text(&inner[field])).collect();
    let hash = hash::of(&values);
    if inner["hash"] != hash {
        let rejection = Rejection::new("VALIDATION_002", "해싱값을 확인하시기 바랍니다.");
        let reason = wrong_hash::reason(text(&inner["hash"]), fields, inner);
        return Err(rejection.because(reason));
    }
    Ok(hash)
}

/// As [`hash`], for a bill that may have been sent with another one.
pub(crate) fn hash_of_sent(
    request: &Value,
    fields: &[&str],
    bill: Option<&MockBill>,
) -> Result<String, Rejection> {
    hash(request, fields).map_err(|rejection| {
        let sent = bill.and_then(|bill| bill.send_hash.as_ref());
        match sent.is_some_and(|sent| sent.may_be(text(&request["hash"]))) {
            true => rejection.because(wrong_hash::THREE_PART),
            false => rejection,
        }
    })
}

/// The phone number of a payer.
pub(crate) fn phone(phone: &str) -> Result<(), Rejection> {
    if is_digits(phone) {
        return Ok(());
    }
    Err(Rejection::new(
        "MOCK_PHONE",
        "phone must be digits without hyphens",
    ))
}

/// How a bill is sent.
pub(crate) fn send_type(send_type: &str) -> Result<(), Rejection> {
    match send_type {
        "TALK" | "URL" => Ok(()),
        _ => Err(Rejection::new(
            "MOCK_SEND_TYPE",
            "sendType must be TALK or URL",
        )),
    }
}

/// Where the callback of a bill is sent.
pub(crate) fn callback_url(url: &str) -> Result<(), Rejection> {
    if Url::parse(url).is_ok_and(|url| loopback::has_user(&url)) {
        return Err(Rejection::new(
            "MOCK_CALLBACK_URL",
            "callbackUrl must have no user and no password",
        ));
    }
    Ok(())
}

/// The last day of a bill, if there is one. What PaySsam does with one in the past is not known.
pub(crate) fn expiry_date(date: &str, now: KoreanTime) -> Result<Option<Date>, Rejection> {
    if date.is_empty() {
        return Ok(None);
    }
    let Some(last) = date.parse().ok().filter(|_: &Date| date.len() == 10) else {
        return Err(Rejection::new(
            "MOCK_EXPIRE_DT",
            "expireDt must be a date as YYYY-MM-DD",
        ));
    };
    let today = clock::day(now);
    if last < today {
        return Err(Rejection::new(
            "MOCK_EXPIRED",
            format!("expireDt must not be in the past, and in Korea it is {today}"),
        ));
    }
    Ok(Some(last))
}

/// The amounts of a cash receipt.
pub(crate) fn amounts(price: Won, supply_price: &str, tax: &str) -> Result<(), Rejection> {
    let number = |digits: &str| digits.parse::<u64>().ok().filter(|_| is_digits(digits));
    let sum = number(supply_price)
        .zip(number(tax))
        .and_then(|(supply_price, tax)| supply_price.checked_add(tax));
    if sum == Some(price.get()) {
        return Ok(());
    }
    Err(Rejection::new(
        "MOCK_AMOUNTS",
        "supplyPrice and tax must add up to price",
    ))
}

/// Whether a cash receipt is for a person or a business.
pub(crate) fn trader(trader: &str) -> Result<(), Rejection> {
    match trader {
        "0" | "1" => Ok(()),
        _ => Err(Rejection::new(
            "MOCK_TRADER",
            "trader must be 0 (a person) or 1 (a business)",
        )),
    }
}

/// Whom a cash receipt is for: a business by its 10 digits; a person by a mobile phone of 10 or 11, which the
/// number for payers without one resembles, or by a resident number or a receipt card of 13 to 19.
pub(crate) fn issuance_number(number: &str, trader: &str) -> Result<(), Rejection> {
    let invalid = |problem| Err(Rejection::new("MOCK_ISSUANCE_NUMBER", problem));
    if !is_digits(number) {
        return invalid("issuanceNumber must be digits without hyphens");
    }
    match (trader, number.len()) {
        ("1", 10) | ("0", 13..=19) => Ok(()),
        ("1", _) => invalid("issuanceNumber of a business must have 10 digits"),
        (_, 10 | 11) if number.starts_with("01") => Ok(()),
        _ => invalid(
            "issuanceNumber of a person must be a mobile phone, 0100001234, or 13 to 19 digits",
        ),
    }
}

/// PaySsam's codes for a bill in another state are not known.
pub(crate) fn state(bill: &MockBill, needed: &BillState) -> Result<(), Rejection> {
    let code = match bill.state() {
        state if state == needed => return Ok(()),
        BillState::Paid => "MOCK_PAID",
        BillState::Cancelled => "MOCK_ALREADY_CANCELLED",
        BillState::Destroyed => "MOCK_DESTROYED",
        _ => "MOCK_NOT_PAID",
    };
    Err(Rejection::new(
        code,
        format!("the bill is {}, and must be {needed}", bill.state()),
    ))
}

/// The price of a request that changes a bill.
pub(crate) fn same_price(request: &Value, bill: &MockBill) -> Result<(), Rejection> {
    if *request == digits(bill.price()) {
        return Ok(());
    }
    let rejection = Rejection::new("MOCK_PRICE_DIFFERS", "price must be the price of the bill");
    Err(rejection.because(other_price(request, bill.price())))
}

/// The price of a request about a cash receipt.
pub(crate) fn same_receipt_price(request: &Value, receipt: &MockReceipt) -> Result<(), Rejection> {
    if *request == digits(receipt.price()) {
        return Ok(());
    }
    let rejection = Rejection::new(
        "MOCK_PRICE_DIFFERS",
        "price must be the price of the cash receipt",
    );
    Err(rejection.because(other_price(request, receipt.price())))
}

fn other_price(request: &Value, price: Won) -> String {
    let (given, price) = (text(request), digits(price));
    match is_digits(given) {
        true => format!("price is {}, and must be {price}", shown_price(given)),
        false => format!("price must be digits without commas, sign or unit: {price}"),
    }
}

/// Digits that were given for a price: whole if they can be one, else masked as a number of somebody.
fn shown_price(digits: &str) -> Cow<'_, str> {
    match digits.len() <= PRICE_DIGITS && !digits.starts_with('0') {
        true => digits.into(),
        false => shown(digits).into(),
    }
}

/// A price as it is written: digits, without separator or unit.
pub(crate) fn digits(price: Won) -> String {
    price.get().to_string()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code<T>(checked: Result<T, Rejection>) -> &'static str {
        checked.map_or_else(|rejection| rejection.code, |_| "")
    }

    #[test]
    fn a_price_is_digits_greater_than_zero() {
        for (digits, won) in [("1", 1), ("45000", 45_000), ("9999999999", 9_999_999_999)] {
            assert_eq!(price(digits).unwrap().get(), won);
        }
        for digits in [
            "",
            "0",
            "045000",
            "45,000",
            "+45000",
            "-1",
            "45000원",
            "٣",
            "10000000000",
            "99999999999999999999999",
        ] {
            assert_eq!(code(price(digits)), "MOCK_INVALID", "{digits}");
        }
    }

    #[test]
    fn a_bill_id_has_no_comma_outer_space_or_control_character() {
        for id in ["1", "3월 수강료/김", "a:b"] {
            assert_eq!(bill_id(id).unwrap().as_str(), id);
        }
        for id in [" 1", "1 ", "1,2", "1\n2", "1\u{7f}"] {
            assert_eq!(code(bill_id(id)), "MOCK_INVALID", "{id:?}");
        }
    }

    #[test]
    fn a_bill_id_that_the_library_cannot_hold_is_told_apart() {
        let rejection = bill_id("1\u{200b}2").unwrap_err();
        assert_eq!(rejection.http_status, 501);
        assert_eq!(rejection.code, "MOCK_NOT_REPRESENTABLE");
    }

    fn at(digits: &str) -> KoreanTime {
        digits.parse().unwrap()
    }

    #[test]
    fn an_expiry_date_is_past_after_midnight_in_korea() {
        for (now, is_past) in [
            ("20260102000000", false),
            ("20260102235959", false),
            ("20260103000000", true),
        ] {
            let expected = if is_past { "MOCK_EXPIRED" } else { "" };
            assert_eq!(code(expiry_date("2026-01-02", at(now))), expected, "{now}");
        }
    }

    #[test]
    fn an_expiry_date_is_empty_or_a_date() {
        for date in ["", "2026-12-31", "2028-02-29"] {
            assert_eq!(code(expiry_date(date, at("20260102000000"))), "", "{date}");
        }
        for date in [
            "20261231",
            "2026-02-29",
            "2026-1-1",
            "31-12-2026",
            "tomorrow",
        ] {
            assert_eq!(
                code(expiry_date(date, at("20260102000000"))),
                "MOCK_EXPIRE_DT",
                "{date}"
            );
        }
    }

    #[test]
    fn a_receipt_is_for_a_phone_a_person_a_card_a_business_or_a_payer_without_a_number() {
        for (number, trader) in [
            ("01012345678", "0"),
            ("0111234567", "0"),
            ("0100001234", "0"),
            ("9001011234568", "0"),
            ("1234567890123456789", "0"),
            ("2208162517", "1"),
        ] {
            assert_eq!(code(issuance_number(number, trader)), "", "{number}");
        }
        for (number, trader) in [
            ("010-000-1234", "0"),
            ("2208162517", "0"),
            ("010123456789", "0"),
            ("12345678901234567890", "0"),
            ("01012345678", "1"),
            ("", "0"),
            ("", "1"),
        ] {
            assert_eq!(
                code(issuance_number(number, trader)),
                "MOCK_ISSUANCE_NUMBER",
                "{number}"
            );
        }
    }

    #[test]
    fn the_parts_of_an_amount_add_up_to_the_price() {
        let price = Won::new(45_000).unwrap();
        assert_eq!(code(amounts(price, "40909", "4091")), "");
        assert_eq!(code(amounts(price, "45000", "0")), "");
        for (supply_price, tax) in [
            ("45000", "1"),
            ("45000", ""),
            ("+45000", "0"),
            ("45000", "-0"),
            ("18446744073709551615", "1"),
        ] {
            assert_eq!(code(amounts(price, supply_price, tax)), "MOCK_AMOUNTS");
        }
    }
}
