//! What must hold of a response, whatever it says. Corpus and fuzz targets share it.

use payssam::{
    Approval, Bill, BillId, CancelBill, Cancellation, Credentials, Error, KoreanTime, Malformed,
    Outcome, RawResponse, Won, callback::ApprovalCallback, signature,
};
use sha2::{Digest, Sha256};

/// The HTTP statuses that the first byte of a response in the corpus stands for.
pub const STATUSES: [u16; 10] = [200, 201, 204, 302, 400, 404, 408, 429, 500, 503];

/// A response of the corpus: HTTP status and body.
pub fn response(bytes: &[u8]) -> Option<(u16, &[u8])> {
    let (first, body) = bytes.split_first()?;
    Some((STATUSES[usize::from(*first) % STATUSES.len()], body))
}

/// The response of a read that has this text in a field.
pub fn with_field(name: &str, text: &str) -> Vec<u8> {
    let data = serde_json::json!({ name: text });
    let response = serde_json::json!({"code": "0000", "message": "m", "data": data});
    response.to_string().into_bytes()
}

/// The bill of every call.
pub fn bill_id() -> BillId {
    BillId::new("2024-0001").expect("a bill id")
}

/// The cancellation of every call.
pub fn cancel() -> CancelBill {
    CancelBill::new(bill_id(), Won::new(45_000).expect("a price"))
}

/// Calls every getter of a bill, and compares with the response.
pub fn read(read: &Result<Bill, Error>, status: u16) {
    let bill = match read {
        Ok(bill) => bill,
        Err(error) => return failure(error, status),
    };
    assert_eq!(status, 200);
    payment(bill.approval());
    let _ = format!("{bill:?} {bill:#?}");
    let written = serde_json::to_string(bill).expect("it can be written");
    serde_json::from_str::<serde_json::Value>(&written).expect("it is JSON");
}

/// Reads all of a raw response.
pub fn raw_call(called: &Result<RawResponse, Error>, status: u16) {
    let response = match called {
        Ok(response) => response,
        Err(error) => return failure(error, status),
    };
    assert_eq!(status, 200);
    let _ = format!("{response:?}");
    let _ = response.data::<serde_json::Value>();
    serde_json::from_str::<&serde_json::value::RawValue>(response.json()).expect("it is JSON");
}

/// Calls every getter of the history of a receipt.
pub fn receipt(read: &Result<payssam::ReceiptHistory, Error>, status: u16) {
    let history = match read {
        Ok(history) => history,
        Err(error) => return failure(error, status),
    };
    assert_eq!(status, 200);
    let _ = format!("{history:?} {history:#?}");
    for entry in history.entries().unwrap_or_default() {
        let _ = (entry.state(), entry.price(), entry.supply_price());
        let _ = (entry.tax(), entry.trader(), entry.at());
        let _ = (entry.approval_number(), entry.issuance_number());
        serde_json::to_string(entry).expect("it can be written");
    }
}

/// Calls every getter of a callback.
pub fn callback(body: &[u8]) {
    let Ok(callback) = ApprovalCallback::parse(body) else {
        return;
    };
    payment(callback.approval());
    let credentials = Credentials::builder()
        .api_key("the-key")
        .member("member")
        .merchant("merchant")
        .build()
        .expect("credentials");
    let _ = (callback.state(), callback.matches_key(&credentials));
    let _ = format!("{callback:?} {callback:#?}");
    assert!(BillId::new(callback.bill_id().as_str()).is_ok());
}

/// Calls every getter of an approval.
fn payment(approval: &Approval) {
    let _ = (
        approval.price(),
        approval.pay_type(),
        approval.installment_months(),
    );
    let _ = (
        approval.card_type(),
        approval.response_code(),
        approval.common_card_type(),
    );
    let _ = (approval.issuer_name(), approval.issuer_code());
    let _ = (approval.acquirer_name(), approval.acquirer_code());
    let _ = (
        approval.approval_number(),
        approval.original_approval_number(),
    );
    for (field, time) in [
        ("apprDt", approval.approved_at()),
        ("apprOriginDt", approval.original_approved_at()),
    ] {
        if let Ok(Some(time)) = time {
            is_whole(time, approval.raw(field).expect("it was read"));
        }
    }
    let (receipt, healthcare) = (approval.cash_receipt(), approval.healthcare());
    let _ = (
        receipt.approval_number(),
        receipt.trader(),
        receipt.issuance_number(),
    );
    let _ = (healthcare.card_merchant_number(), healthcare.terminal_id());
    let _ = (healthcare.transaction_number(), healthcare.sign());
    let _ = approval.user_item::<serde_json::Value>();
    let _ = format!("{:?}", approval.issuer_number());
    let written = serde_json::to_string(approval).expect("it can be written");
    serde_json::from_str::<serde_json::Value>(&written).expect("it is JSON");
}

/// Calls every getter of a cancellation, and compares with the response.
pub fn cancellation(cancelled: &Result<Cancellation, Error>, status: u16) {
    let done = match cancelled {
        Ok(done) => done,
        Err(error) => return failure(error, status),
    };
    assert_eq!(status, 200);
    assert!(
        done.raw("billId")
            .is_none_or(|echo| echo == bill_id().as_str())
    );
    let hash = signature::sign(&bill_id(), Won::new(45_000).expect("a price"));
    assert!(done.raw("hash").is_none_or(|echo| hash.matches(echo)));
    let _ = (done.approval_number(), done.original_approval_number());
    let _ = (done.cancelled_at(), done.member(), done.merchant());
    let _ = format!("{done:?} {done:#?}");
    let written = serde_json::to_string(done).expect("it can be written");
    serde_json::from_str::<serde_json::Value>(&written).expect("it is JSON");
}

/// A failure says what the HTTP status and the code allow to say.
fn failure(error: &Error, status: u16) {
    assert_eq!(error.http_status(), Some(status));
    let is_unclear = |code: &str| ["ERROR", "PAYMENT_001", "PAYMENT_002"].contains(&code);
    let code = error.code().map(|code| code.as_str());
    match error.outcome() {
        Outcome::NotSent => panic!("a response came: {error}"),
        Outcome::Rejected => {
            assert!(status == 200 || (400..500).contains(&status) && status != 408);
            assert!(status != 200 || code.is_some());
            assert!(code.is_none_or(|code| code != "0000" && !is_unclear(code)));
        }
        Outcome::Unknown => assert!(error.unknown_reason().is_some()),
    }
    if code.is_some_and(is_unclear) {
        assert_eq!(error.outcome(), Outcome::Unknown);
    }
    let _ = format!("{error} {error:?} {error:#?}");
    serde_json::to_string(error).expect("it can be written");
}

/// A time that was read is the one that was written.
pub fn is_whole(time: KoreanTime, text: &str) {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        assert!(time.digits().ends_with(text), "{text} was read as {time}");
    }
    assert_eq!(time.digits().parse(), Ok(time));
    assert_eq!(KoreanTime::from_timestamp(time.timestamp()), time);
    let written = serde_json::to_string(&time).expect("it can be written");
    assert_eq!(
        serde_json::from_str::<KoreanTime>(&written).ok(),
        Some(time)
    );
}

/// A hash is that of the parts with commas between them.
pub fn hash(id: &str, phone: &str, price: u64) {
    let (Ok(id), Ok(price)) = (BillId::new(id), Won::new(price)) else {
        return;
    };
    let digest = |text: String| {
        let digest = Sha256::digest(text);
        let hex = digest.iter().map(|byte| format!("{byte:02x}"));
        hex.collect::<String>()
    };
    let signed = signature::sign(&id, price);
    assert_eq!(signed.as_str(), digest(format!("{id},{}", price.get())));
    assert!(signed.matches(&signed.as_str().to_uppercase()));
    if let Ok(with_phone) = signature::sign_with_phone(&id, phone, price) {
        let expected = digest(format!("{id},{phone},{}", price.get()));
        assert_eq!(with_phone.as_str(), expected);
        assert!(!signed.matches(with_phone.as_str()));
    }
}

/// A text as a JSON string, and as a JSON number if it is one.
pub fn as_json(text: &str) -> Vec<String> {
    let is_number = text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
        && serde_json::from_str::<&serde_json::value::RawValue>(text)
            .is_ok_and(|number| number.get() == text);
    let mut json = vec![serde_json::Value::from(text).to_string()];
    json.extend(is_number.then(|| text.to_owned()));
    json
}

/// The response of a read that has this JSON for an amount.
pub fn with_amount(json: &str) -> String {
    format!(
        r#"{{"code":"0000","data":{{"billId":"2024-0001","apprState":"F","apprPrice":{json}}}}}"#
    )
}

/// The response of a read that has this JSON for a code.
pub fn with_code(json: &str) -> String {
    format!(r#"{{"code":{json},"data":{{"billId":"2024-0001","apprState":"F"}}}}"#)
}

/// An amount is the number that is written, or malformed.
pub fn amount(read: &Result<Option<Won>, Malformed>, json: &str, text: &str) {
    match said(text).and_then(|won| Won::new(won).ok()) {
        Some(won) => assert_eq!(read, &Ok(Some(won)), "{json}"),
        None if text.is_empty() => assert_eq!(read, &Ok(None), "{json}"),
        None => assert!(read.is_err(), "{json} was read as {read:?}"),
    }
}

/// The whole number that a text says: if it is one of the ways in which that number is written.
fn said(text: &str) -> Option<u64> {
    let text = text.trim();
    if let Some((mantissa, exponent)) = text.split_once(['e', 'E']) {
        return scaled(mantissa, exponent);
    }
    let number: String = text
        .chars()
        .take_while(|&c| c != '.')
        .filter(char::is_ascii_digit)
        .collect();
    let number: u64 = number.parse().ok()?;
    let mut writings = [number.to_string(), grouped(number)].into_iter();
    writings
        .any(|written| {
            let zeros = text.strip_prefix(&written);
            zeros.is_some_and(|zeros| match zeros.strip_prefix('.') {
                Some(zeros) => {
                    !zeros.is_empty() && zeros.len() != 3 && zeros.trim_matches('0').is_empty()
                }
                None => zeros.is_empty(),
            })
        })
        .then_some(number)
}

/// A number with an exponent, by exact arithmetic on all of its digits.
fn scaled(mantissa: &str, exponent: &str) -> Option<u64> {
    let (whole, decimals) = match mantissa.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (mantissa, ""),
    };
    let has_zeros = whole.len() > 1 && whole.starts_with('0');
    let is_digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || has_zeros || !is_digits(whole) || !is_digits(decimals) {
        return None;
    }
    let sign_and_digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if sign_and_digits.is_empty() || !is_digits(sign_and_digits) {
        return None;
    }
    // Digits with a point that moves; what falls off at the end must be zeros.
    let digits = format!("{whole}{decimals}");
    let is_zero = digits.bytes().all(|digit| digit == b'0');
    let exponent: i64 = exponent.parse().ok()?;
    if is_zero {
        return i32::try_from(exponent).is_ok().then_some(0);
    }
    let point = whole.len() as i64 + exponent;
    if !(1..=40).contains(&(point - leading_zeros(&digits))) {
        return None;
    }
    let mut number = 0_u64;
    for place in 0..point.max(digits.len() as i64) {
        let digit = digits.as_bytes().get(place as usize).unwrap_or(&b'0') - b'0';
        if place < point {
            number = number.checked_mul(10)?.checked_add(digit.into())?;
        } else if digit != 0 {
            return None;
        }
    }
    Some(number)
}

fn leading_zeros(digits: &str) -> i64 {
    digits.bytes().take_while(|digit| *digit == b'0').count() as i64
}

/// A number with commas between groups of three digits.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Only the code 0000 is success, only a code that is text rejects, and blanks are all that may surround it.
pub fn code<T>(ended: &Result<T, Error>, json: &str, text: &str) {
    let is_text = json.starts_with('"');
    match ended {
        Ok(_) => assert!(is_text && text.trim() == "0000", "{json} is success"),
        Err(error) => {
            failure(error, 200);
            assert!(!is_text || text.trim() != "0000", "{json}: {error}");
            if !is_text || text.is_empty() {
                assert_eq!(error.outcome(), Outcome::Unknown, "{json}: {error}");
            }
        }
    }
}
