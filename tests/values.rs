//! Values: what is accepted is exactly what the rule allows, what is written can be read back, and
//! no text makes anything panic.

use icu_properties::{CodePointSetData, props::DefaultIgnorableCodePoint};
use payssam::{
    BillId, BillMessage, BillState, CancelBill, CancelReason, CodeKind, Credentials, Error,
    IssuerName, KoreanTime, PayerName, ProductName, ResultCode, Won, redact, signature,
};
use proptest::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

const ZERO_WIDTH: &[char] = &[
    '\u{180e}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}',
];

const BIDIRECTIONAL: &[char] = &[
    '\u{061c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}',
    '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}',
];

/// What Unicode says of a character that nobody sees.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}')
}

/// Texts of every kind, among them many that are nearly an identifier or a reason.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,24}",
        "[a-zA-Z0-9가-힣 /'\"-]{0,24}",
        "[a-z가-힣👍 ,\t\n\u{a0}\u{3000}\u{200b}\u{202e}\u{feff}]{0,22}",
        any::<String>(),
    ]
}

/// As many cases as usual. A failing one is printed, and no file is written.
fn cases() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// The text of the error that an invalid value becomes, which must be one of input.
fn error_text<E: Clone + Into<Error>>(invalid: &E) -> String {
    let error: Error = invalid.clone().into();
    assert_eq!(error.kind(), "invalid_input", "{error}");
    assert_eq!(error.operation(), None);
    error.to_string()
}

// Bill ids

fn is_bill_id(text: &str) -> bool {
    (1..=20).contains(&text.chars().count())
        && text.trim() == text
        && !text.chars().any(|c| c == ',' || is_hidden(c))
        && text.nfc().eq(text.chars())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_bill_id_is_accepted_exactly_when_the_rule_allows_it(text in text()) {
        let id = BillId::new(&text);
        prop_assert_eq!(id.is_ok(), is_bill_id(&text));
        prop_assert_eq!(text.parse::<BillId>().is_ok(), is_bill_id(&text));
        prop_assert_eq!(serde_json::from_value::<BillId>(json!(text)).is_ok(), is_bill_id(&text));
    }

    #[test]
    fn a_bill_id_is_read_back_as_it_was_written(text in text().prop_filter("an id", |text| is_bill_id(text))) {
        let id = BillId::new(&text).unwrap();
        prop_assert_eq!(id.as_str(), &text);
        prop_assert_eq!(id.to_string(), text);
        prop_assert_eq!(&id.to_string().parse::<BillId>().unwrap(), &id);
        let json = serde_json::to_string(&id).unwrap();
        prop_assert_eq!(serde_json::from_str::<BillId>(&json).unwrap(), id);
    }
}

#[test]
fn letters_of_any_script_spaces_inside_and_quotes_are_allowed_in_a_bill_id() {
    for id in [
        "1",
        "-",
        "/",
        "'",
        "\"",
        "2024-0001",
        "3월 수강료/김",
        "a  b",
        "請求書",
        "فاتورة",
        "ünï",
        "e\u{332}",
        "❤",
        "👍",
        "<b>",
        "%2F",
        "\\",
    ] {
        assert_eq!(BillId::new(id).map(String::from).ok(), Some(id.to_owned()));
    }
}

#[test]
fn a_bill_id_is_counted_in_unicode_scalar_values() {
    for character in ["a", "가", "👍"] {
        assert!(BillId::new(character.repeat(20)).is_ok(), "{character}");
        let message = error_text(&BillId::new(character.repeat(21)).unwrap_err());
        assert!(message.contains("20 characters"), "{message}");
    }
    // Two scalar values each, although they look like one letter.
    assert!(BillId::new("e\u{332}".repeat(10)).is_ok());
    assert!(BillId::new("e\u{332}".repeat(11)).is_err());
}

#[test]
fn an_invalid_bill_id_says_which_rule_it_breaks() {
    for (id, rule) in [
        ("", "empty"),
        (" ", "white space"),
        ("   ", "white space"),
        ("\u{3000}", "white space"),
        (" a", "white space"),
        ("a ", "white space"),
        ("a\u{a0}", "white space"),
        ("\u{2003}a", "white space"),
        ("a,b", "comma"),
        (",", "comma"),
        ("a\u{0}b", "U+0000"),
        ("a\tb", "U+0009"),
        ("a\nb", "U+000A"),
        ("a\u{7f}b", "U+007F"),
        ("a\u{85}b", "U+0085"),
        ("a\u{200b}b", "U+200B"),
        ("a\u{200d}b", "U+200D"),
        ("\u{feff}a", "U+FEFF"),
        ("a\u{2060}b", "U+2060"),
        ("a\u{202e}b", "U+202E"),
        ("a\u{2066}b", "U+2066"),
        ("a\u{200f}b", "U+200F"),
        ("a\u{061c}b", "U+061C"),
    ] {
        let message = error_text(&BillId::new(id).unwrap_err());
        assert!(message.starts_with("invalid bill id: "), "{message}");
        assert!(message.ends_with("; nothing was sent"), "{message}");
        assert!(message.contains(rule), "{id:?}: {message}");
    }
    for hidden in ZERO_WIDTH.iter().chain(BIDIRECTIONAL) {
        let message = error_text(&BillId::new(format!("a{hidden}b")).unwrap_err());
        assert!(
            message.contains(&format!("U+{:04X}", *hidden as u32)),
            "{message}"
        );
        assert!(!message.contains(*hidden), "it is named, not repeated");
    }
}

// Amounts

fn is_amount(text: &str) -> bool {
    (1..=10).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && !text.starts_with('0')
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn an_amount_is_accepted_exactly_within_its_limits(won in prop_oneof![any::<u64>(), 0..20_000_000_000_u64]) {
        let within = (1..=9_999_999_999).contains(&won);
        prop_assert_eq!(Won::new(won).is_ok(), within);
        prop_assert_eq!(Won::try_from(won).is_ok(), within);
        prop_assert_eq!(won.to_string().parse::<Won>().is_ok(), within);
        prop_assert_eq!(serde_json::from_value::<Won>(json!(won)).is_ok(), within);
    }

    #[test]
    fn an_amount_is_read_back_as_it_was_written(won in 1..=9_999_999_999_u64) {
        let amount = Won::new(won).unwrap();
        prop_assert_eq!(amount.get(), won);
        prop_assert_eq!(u64::from(amount), won);
        prop_assert_eq!(amount.to_string(), won.to_string());
        prop_assert_eq!(amount.to_string().parse::<Won>().unwrap(), amount);
        let json = serde_json::to_string(&amount).unwrap();
        prop_assert_eq!(&json, &won.to_string());
        prop_assert_eq!(serde_json::from_str::<Won>(&json).unwrap(), amount);
        let column = i64::from(amount);
        prop_assert_eq!(column.to_string(), won.to_string());
        prop_assert_eq!(Won::try_from(column).unwrap(), amount);
    }

    #[test]
    fn an_amount_is_digits_alone(text in prop_oneof![".{0,12}", "[0-9]{0,21}", "[+-]?[0-9.,_ 원]{0,12}"]) {
        prop_assert_eq!(text.parse::<Won>().is_ok(), is_amount(&text), "{}", text);
    }
}

#[test]
fn an_invalid_amount_says_which_rule_it_breaks() {
    for (text, rule) in [
        ("", "digits"),
        ("0", "must not begin with 0"),
        ("045", "must not begin with 0"),
        ("+5", "without sign"),
        ("-5", "without sign"),
        ("45,000", "separator"),
        ("45_000", "digits"),
        ("4.5", "decimals"),
        ("45000원", "unit"),
        (" 5", "digits"),
        ("５", "digits"),
        ("1e3", "digits"),
        ("10000000000", "9999999999"),
        ("99999999999999999999", "9999999999"),
    ] {
        let message = error_text(&text.parse::<Won>().unwrap_err());
        assert!(message.starts_with("invalid price: "), "{message}");
        assert!(message.contains(rule), "{text}: {message}");
    }
    for won in [0, Won::MAX + 1, u64::MAX] {
        let message = error_text(&Won::new(won).unwrap_err());
        assert!(message.contains("between 1 and 9999999999"), "{message}");
    }
    assert_eq!("9999999999".parse::<Won>().unwrap().get(), Won::MAX);
    for json in [json!(-1), json!(4.5), json!(null), json!(1e12)] {
        assert!(serde_json::from_value::<Won>(json).is_err());
    }
}

// Reasons

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_cancel_reason_is_accepted_exactly_when_the_rule_allows_it(text in text()) {
        let text: String = text.nfc().collect();
        let allowed = text.chars().count() <= 20 && !text.chars().any(char::is_control);
        let reason = CancelReason::new(&text);
        prop_assert_eq!(reason.is_ok(), allowed);
        if let Ok(reason) = reason {
            prop_assert_eq!(reason.as_str(), &text);
            prop_assert_eq!(serde_json::to_value(&reason).unwrap(), json!(text));
            prop_assert_eq!(reason.to_string().parse::<CancelReason>().unwrap(), reason);
        }
    }
}

#[test]
fn an_invalid_cancel_reason_says_which_rule_it_breaks() {
    for character in ["a", "가", "👍"] {
        assert!(CancelReason::new(character.repeat(20)).is_ok());
        let message = error_text(&CancelReason::new(character.repeat(21)).unwrap_err());
        assert!(message.starts_with("invalid cancel reason: "), "{message}");
        assert!(message.contains("20 characters"), "{message}");
    }
    for (reason, rule) in [
        ("a\nb", "U+000A"),
        ("\u{1b}[31m", "U+001B"),
        ("a\u{9b}", "U+009B"),
    ] {
        let message = error_text(&CancelReason::new(reason).unwrap_err());
        assert!(message.contains(rule), "{message}");
    }
    assert_eq!(CancelReason::new("").unwrap().as_str(), "");
}

// States

fn state() -> impl Strategy<Value = BillState> {
    prop_oneof![
        Just(BillState::Unpaid),
        Just(BillState::Paid),
        Just(BillState::Cancelled),
        Just(BillState::Destroyed),
        "[A-Za-z가-힣 !-/]{0,12}".prop_map(BillState::Unknown),
        "(unknown:|unpaid|paid|cancelled|destroyed|W|F|C|D){0,3}".prop_map(BillState::Unknown),
    ]
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn the_letters_of_a_state_are_kept(letters in prop_oneof![any::<String>(), "[A-Z]{0,2}"]) {
        let state = BillState::from_letter(&letters);
        prop_assert_eq!(state.letter(), &letters);
        let known = ["W", "F", "C", "D"].contains(&letters.as_str());
        prop_assert_eq!(matches!(state, BillState::Unknown(_)), !known);
    }

    #[test]
    fn a_state_is_read_back_as_it_was_written(state in state()) {
        prop_assert_eq!(&state.to_string().parse::<BillState>().unwrap(), &state);
        let json = serde_json::to_string(&state).unwrap();
        prop_assert_eq!(serde_json::from_str::<BillState>(&json).unwrap(), state);
    }

    #[test]
    fn an_unknown_state_has_no_moves_and_is_not_final(letters in any::<String>(), other in state()) {
        let state = BillState::Unknown(letters);
        prop_assert!(!state.can_become(&other));
        prop_assert!(!other.can_become(&state));
        prop_assert!(!state.is_final());
    }
}

#[test]
fn a_bill_makes_three_moves_and_no_other() {
    let states = ["W", "F", "C", "D", "X", ""].map(BillState::from_letter);
    let mut moves = Vec::new();
    for from in &states {
        for to in &states {
            if from.can_become(to) {
                moves.push((from.letter(), to.letter()));
            }
        }
    }
    assert_eq!(moves, [("W", "F"), ("W", "D"), ("F", "C")]);
}

#[test]
fn a_bill_stays_cancelled_and_destroyed() {
    let last: Vec<BillState> = ["W", "F", "C", "D", "X", ""]
        .map(BillState::from_letter)
        .into_iter()
        .filter(BillState::is_final)
        .collect();
    assert_eq!(last, [BillState::Cancelled, BillState::Destroyed]);
}

#[test]
fn a_state_is_read_from_words_and_from_letters() {
    for (text, letters) in [
        ("unpaid", "W"),
        ("W", "W"),
        ("F", "F"),
        ("C", "C"),
        ("D", "D"),
        ("unknown:Q", "Q"),
        ("Q", "Q"),
    ] {
        let state: BillState = text.parse().unwrap();
        assert_eq!(state, BillState::from_letter(letters), "{text}");
    }
    let odd: BillState = "unknown:F".parse().unwrap();
    assert_eq!(odd, BillState::Unknown("F".to_owned()));
}

#[test]
fn a_cancellation_can_be_stored_before_it_is_carried_out() {
    let id = BillId::new("2024-0001").unwrap();
    let cancel = CancelBill::new(id, Won::new(45_000).unwrap())
        .reason("고객 요청")
        .unwrap();
    let json = serde_json::to_value(&cancel).unwrap();
    assert_eq!(
        json,
        json!({"bill_id": "2024-0001", "price": 45_000, "reason": "고객 요청"})
    );
    assert_eq!(serde_json::from_value::<CancelBill>(json).unwrap(), cancel);
    assert_eq!(cancel.cancel_reason().unwrap().as_str(), "고객 요청");
    let wrong = json!({"bill_id": "2024,0001", "price": 45_000});
    assert!(serde_json::from_value::<CancelBill>(wrong).is_err());
    let wrong = json!({"bill_id": "1", "price": 0});
    assert!(serde_json::from_value::<CancelBill>(wrong).is_err());
}

#[test]
fn a_state_is_written_in_words() {
    for (letter, name) in [
        ("W", "unpaid"),
        ("F", "paid"),
        ("C", "cancelled"),
        ("D", "destroyed"),
        ("R", "unknown:R"),
        ("", "unknown:"),
    ] {
        let state = BillState::from_letter(letter);
        assert_eq!(state.to_string(), name);
        assert_eq!(serde_json::to_value(&state).unwrap(), json!(name));
    }
}

// Codes

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_code_is_kept_as_it_came_and_shown_without_what_nobody_sees(text in any::<String>()) {
        let code = ResultCode::new(text.clone());
        prop_assert_eq!(code.as_str(), &text);
        let known = ResultCode::KNOWN.contains(&code);
        prop_assert_eq!(code.kind() == CodeKind::Unknown, !known);
        let shown = code.to_string();
        prop_assert!(!shown.chars().any(redact::is_invisible), "{}", shown);
        prop_assert_eq!(serde_json::to_value(&code).unwrap(), json!(shown));
    }

    #[test]
    fn a_code_of_letters_and_a_few_digits_is_shown_and_stored_as_it_came(text in "[A-Z_]{1,50}[0-9]{0,8}") {
        let code = ResultCode::new(text.clone());
        prop_assert_eq!(code.to_string(), text.clone());
        prop_assert_eq!(serde_json::to_value(&code).unwrap(), json!(text));
        prop_assert_eq!(serde_json::from_value::<ResultCode>(json!(text)).unwrap(), code);
    }
}

#[test]
fn the_codes_of_the_documentation_have_a_constant_and_a_kind() {
    let known: Vec<&str> = ResultCode::KNOWN.iter().map(ResultCode::as_str).collect();
    assert_eq!(
        known,
        [
            "0000",
            "ERROR",
            "PARTNER_001",
            "PARTNER_002",
            "PARTNER_003",
            "PARTNER_004",
            "PARTNER_005",
            "PARTNER_006",
            "BILL_001",
            "BILL_003",
            "BILL_006",
            "VALIDATION_002",
            "POINT_001",
            "PAYMENT_001",
            "PAYMENT_002",
        ]
    );
    for code in ResultCode::KNOWN {
        assert_ne!(code.kind(), CodeKind::Unknown, "{code}");
        assert_eq!(&ResultCode::new(code.as_str()), code);
    }
    let unclear: Vec<&str> = ResultCode::KNOWN
        .iter()
        .filter(|code| code.kind() == CodeKind::Unclear)
        .map(ResultCode::as_str)
        .collect();
    assert_eq!(unclear, ["ERROR", "PAYMENT_001", "PAYMENT_002"]);
}

// Times

/// An instant from the year 1 to the year 9999 in Korea, to the nanosecond.
fn instant() -> impl Strategy<Value = jiff::Timestamp> {
    let seconds = prop_oneof![
        -62_135_596_800 - 32_400..=253_402_300_799_i64 - 172_800,
        -2_i64..=2,
        1_700_000_000..=1_800_000_000_i64,
    ];
    let nanoseconds = prop_oneof![Just(0), Just(1), 0..1_000_000_000_i64];
    (seconds, nanoseconds).prop_map(|(seconds, nanoseconds)| {
        let whole = jiff::Timestamp::from_second(seconds).unwrap();
        whole + jiff::SignedDuration::from_nanos(nanoseconds)
    })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_time_is_read_back_as_it_was_written(instant in instant()) {
        let time = KoreanTime::from_timestamp(instant);
        prop_assert_eq!(time.digits().parse::<KoreanTime>().unwrap(), time);
        prop_assert_eq!(time.to_string().parse::<KoreanTime>().unwrap(), time);
        let json = serde_json::to_string(&time).unwrap();
        prop_assert_eq!(&json, &format!("\"{time}\""));
        prop_assert_eq!(serde_json::from_str::<KoreanTime>(&json).unwrap(), time);
        prop_assert_eq!(time.to_string().parse::<jiff::Timestamp>().unwrap(), time.timestamp());
    }

    #[test]
    fn a_time_is_the_second_in_which_the_instant_falls(instant in instant()) {
        let time = KoreanTime::from_timestamp(instant).timestamp();
        prop_assert_eq!(time.subsec_nanosecond(), 0);
        prop_assert!(time <= instant, "{} is after {}", time, instant);
        prop_assert!(instant.duration_since(time).as_secs() == 0, "{} is long before {}", time, instant);
    }

    #[test]
    fn a_clock_in_korea_is_nine_hours_ahead_all_year(instant in instant()) {
        let time = KoreanTime::from_timestamp(instant);
        let utc = jiff::tz::Offset::UTC.to_datetime(time.timestamp());
        prop_assert_eq!(time.civil(), utc + jiff::SignedDuration::from_hours(9));
        prop_assert_eq!(time.zoned().timestamp(), time.timestamp());
        prop_assert_eq!(time.zoned().datetime(), time.civil());
    }

    #[test]
    fn twelve_digits_are_a_time_of_this_century(instant in 946_684_800_i64..4_102_412_400) {
        let instant = jiff::Timestamp::from_second(instant).unwrap();
        let time = KoreanTime::from_timestamp(instant);
        let digits = time.digits();
        prop_assert_eq!(digits[2..].parse::<KoreanTime>().unwrap(), time);
    }

    #[test]
    fn any_text_is_a_time_or_an_error_that_does_not_repeat_it(
        text in prop_oneof![any::<String>(), "[0-9]{14}", "[0-9]{12}", "[0-9]{10,16}", "[0-9가]{12,14}"]
    ) {
        match text.parse::<KoreanTime>() {
            Ok(time) => prop_assert!(time.digits().ends_with(&text), "{} {}", text, time),
            Err(error) => prop_assert!(text.len() < 10 || !error.to_string().contains(&text)),
        }
    }
}

#[test]
fn a_time_is_shown_with_the_offset_of_korea() {
    let time: KoreanTime = "20240102030405".parse().unwrap();
    assert_eq!(time.to_string(), "2024-01-02T03:04:05+09:00");
    assert_eq!(format!("{time:?}"), "2024-01-02T03:04:05+09:00");
    assert_eq!(time.digits(), "20240102030405");
    assert_eq!(time.timestamp().to_string(), "2024-01-01T18:04:05Z");
}

#[test]
fn a_text_that_is_not_a_time_is_rejected_with_the_reason() {
    for (text, reason) in [
        ("", "neither 14 nor 12 digits"),
        ("2024010203040", "neither 14 nor 12 digits"),
        ("202401020304056", "neither 14 nor 12 digits"),
        ("2024-01-02 03:04", "digits only"),
        ("+2024010203040", "digits only"),
        ("２０２４", "digits only"),
        ("20241302030405", "does not exist"),
        ("20240230030405", "does not exist"),
        ("20230229030405", "does not exist"),
        ("20240102240000", "does not exist"),
        ("20240102036000", "does not exist"),
        ("20240102030460", "does not exist"),
        ("20240002030405", "does not exist"),
        ("240230030405", "does not exist"),
    ] {
        let message = text.parse::<KoreanTime>().unwrap_err().to_string();
        assert!(message.contains(reason), "{text}: {message}");
    }
    assert!("20240229235959".parse::<KoreanTime>().is_ok());
}

// The signature

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_signature_is_the_sha256_of_its_parts_with_commas_between(
        id in text().prop_filter("an id", |text| is_bill_id(text)),
        won in 1..=9_999_999_999_u64,
        phone in "[0-9]{1,15}",
    ) {
        let hex = |text: String| -> String {
            Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
        };
        let bill_id = BillId::new(&id).unwrap();
        let price = Won::new(won).unwrap();

        let two = signature::sign(&bill_id, price);
        prop_assert_eq!(two.as_str(), hex(format!("{id},{won}")));
        let three = signature::sign_with_phone(&bill_id, &phone, price).unwrap();
        prop_assert_eq!(three.as_str(), hex(format!("{id},{phone},{won}")));

        prop_assert!(two.matches(two.as_str()));
        prop_assert!(two.matches(&two.as_str().to_uppercase()));
        prop_assert!(!two.matches(three.as_str()));
        prop_assert!(!two.matches(&two.as_str()[1..]));
    }

    #[test]
    fn a_phone_number_is_signed_exactly_when_it_is_digits(phone in prop_oneof![any::<String>(), "[0-9 -]{0,13}"]) {
        let signed = signature::sign_with_phone(
            &BillId::new("1024").unwrap(),
            &phone,
            Won::new(45_000).unwrap(),
        );
        let digits = !phone.is_empty() && phone.bytes().all(|byte| byte.is_ascii_digit());
        prop_assert_eq!(signed.is_ok(), digits);
        if let Err(error) = signed {
            prop_assert!(phone.len() < 8 || !error.to_string().contains(&phone));
        }
    }
}

// Credentials

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn credentials_are_rejected_without_repeating_a_value(
        key in prop_oneof!["[a-z0-9]{8,60}", any::<String>()],
        code in prop_oneof!["[a-z0-9]{8,90}", any::<String>()],
    ) {
        for credentials in [
            Credentials::builder().api_key(key.clone()).member("member-1").merchant("merchant-1").build(),
            Credentials::builder().api_key("k").member(&code).merchant("merchant-1").build(),
            Credentials::builder().api_key("k").member("member-1").merchant(&code).build(),
        ] {
            if let Err(error) = credentials {
                let message = error_text(&error);
                prop_assert!(key.len() < 8 || !message.contains(&key), "{}", message);
                prop_assert!(code.len() < 8 || !message.contains(&code), "{}", message);
            }
        }
    }
}

#[test]
fn invalid_credentials_say_which_part_and_why() {
    for (key, member, merchant, message) in [
        (
            "",
            "m",
            "m",
            "invalid api key: it is empty; nothing was sent",
        ),
        (
            " ",
            "m",
            "m",
            "invalid api key: it is empty; nothing was sent",
        ),
        (
            "k",
            "",
            "m",
            "invalid member: it is empty; nothing was sent",
        ),
        (
            "k",
            "m",
            "",
            "invalid merchant: it is empty; nothing was sent",
        ),
        (
            "k\n",
            "m",
            "m",
            "invalid api key: it ends with a line end (U+000A), which is no part of it; nothing was sent",
        ),
        (
            "k",
            "\u{feff}m",
            "m",
            "invalid member: it begins with a byte order mark (U+FEFF), which is no part of it; nothing was sent",
        ),
        (
            "k",
            "m",
            "m\u{200b}m",
            "invalid merchant: it contains the invisible character U+200B; nothing was sent",
        ),
    ] {
        let error = Credentials::builder()
            .api_key(key)
            .member(member)
            .merchant(merchant)
            .build()
            .unwrap_err();
        assert_eq!(error_text(&error), message);
    }
    for (key, member, merchant, field, limit) in [
        (33, 1, 1, "api key", "32 characters"),
        (1, 61, 1, "member", "60 characters"),
        (1, 1, 61, "merchant", "60 characters"),
    ] {
        let error = Credentials::builder()
            .api_key("k".repeat(key))
            .member("m".repeat(member))
            .merchant("m".repeat(merchant))
            .build()
            .unwrap_err();
        let message = error_text(&error);
        assert!(
            message.starts_with(&format!("invalid {field}: ")),
            "{message}"
        );
        assert!(message.contains(limit), "{message}");
    }
}

/// 한글 in single letters, as the files of some systems have it.
const DECOMPOSED: &str = "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}";

/// The same, with a last letter behind a syllable that is whole without it.
const HALF_COMPOSED: &str = "하\u{11ab}글";

#[test]
fn texts_for_people_are_kept_in_composed_form() {
    assert_eq!(CancelReason::new(DECOMPOSED).unwrap().as_str(), "한글");
    assert_eq!(ProductName::new(DECOMPOSED).unwrap().as_str(), "한글");
    assert_eq!(PayerName::new(DECOMPOSED).unwrap().reveal(), "한글");
    assert_eq!(BillMessage::new(DECOMPOSED).unwrap().reveal(), "한글");
    assert_eq!(IssuerName::new(DECOMPOSED).unwrap().as_str(), "한글");
    assert_eq!(CancelReason::new(HALF_COMPOSED).unwrap().as_str(), "한글");
    // The limit counts what is sent.
    assert!(CancelReason::new(DECOMPOSED.repeat(10)).is_ok());
    assert!(CancelReason::new(DECOMPOSED.repeat(11)).is_err());
    let stored = serde_json::to_string(DECOMPOSED).unwrap();
    let read: CancelReason = serde_json::from_str(&stored).unwrap();
    assert_eq!(read.as_str(), "한글");
}

#[test]
fn an_id_that_is_not_in_composed_form_is_refused_and_the_reason_says_so() {
    let error = BillId::new(DECOMPOSED).unwrap_err();
    assert!(error.to_string().contains("composed form (NFC)"), "{error}");
    assert!(BillId::new(HALF_COMPOSED).is_err());
    assert!(BillId::new("한글").is_ok());
}
