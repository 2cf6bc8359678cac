//! What the parts of a new bill accept and reject.
use std::{collections::HashSet, thread};

use payssam::{
    BillId, BillMessage, Error, ExpiryDate, IssuerName, PayerName, PhoneNumber, ProductName, Tax,
    Won, callback::CallbackUrl,
};

/// The problem of an invalid input.
fn problem<T: std::fmt::Debug>(refused: Result<T, impl Into<Error>>) -> String {
    match refused.map_err(Into::into) {
        Err(Error::InvalidInput { problem, .. }) => problem.into(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_phone_number_is_the_digits_of_a_mobile_phone_in_korea() {
    for (given, digits) in [
        ("01012345678", "01012345678"),
        ("010-1234-5678", "01012345678"),
        ("010 1234 5678", "01012345678"),
        (" 010-12345678 ", "01012345678"),
        ("011-123-4567", "0111234567"),
        ("011-1234-5678", "01112345678"),
        ("0161234567", "0161234567"),
        ("0171234567", "0171234567"),
        ("0181234567", "0181234567"),
        ("0191234567", "0191234567"),
    ] {
        assert_eq!(PhoneNumber::new(given).unwrap().reveal(), digits);
        assert_eq!(given.parse::<PhoneNumber>().unwrap().reveal(), digits);
    }
}

#[test]
fn a_number_that_is_not_a_mobile_phone_in_korea_is_rejected_and_not_repeated() {
    for wrong in [
        "",
        "-",
        "010",
        "0101234567",
        "010123456789",
        "0121234567",
        "01512345678",
        "02-1234-5678",
        "031-123-4567",
        "+821012345678",
        "82-10-1234-5678",
        "010.1234.5678",
        "０１０１２３４５６７８",
        "010-1234-567a",
        "011-123-456",
    ] {
        let problem = problem(PhoneNumber::new(wrong));
        assert!(!problem.contains("1234"), "{wrong}: {problem}");
    }
}

#[test]
fn personal_parts_show_nothing_in_debug() {
    let phone = PhoneNumber::new("010-1234-5678").unwrap();
    assert_eq!(format!("{phone:?}"), "PhoneNumber([masked])");
    let payer = PayerName::new("김하나").unwrap();
    assert_eq!(format!("{payer:?}"), "PayerName([masked])");
    assert_eq!(payer.reveal(), "김하나");
    let message = BillMessage::new("김하나 님").unwrap();
    assert_eq!(format!("{message:?}"), "BillMessage([masked])");
    let callback = CallbackUrl::new("https://a.example/b?token=secret#x").unwrap();
    assert_eq!(
        format!("{callback:?}"),
        "CallbackUrl(https://a.example/[masked])"
    );
}

#[test]
fn texts_are_kept_as_they_are_and_must_not_be_empty() {
    let long = "가".repeat(1_000);
    for name in ["a", "3월 수강료 👍", " x ", &long] {
        assert_eq!(ProductName::new(name).unwrap().as_str(), name);
        assert_eq!(PayerName::new(name).unwrap().reveal(), name);
        assert_eq!(BillMessage::new(name).unwrap().reveal(), name);
        assert_eq!(IssuerName::new(name).unwrap().as_str(), name);
    }
    for wrong in ["", " ", "a\u{0}", "a\u{1b}[31m"] {
        problem(ProductName::new(wrong));
        problem(PayerName::new(wrong));
        problem(IssuerName::new(wrong));
        problem(BillMessage::new(wrong));
    }
    for lines in ["a\nb", "a\r\nb"] {
        problem(ProductName::new(lines));
        problem(PayerName::new(lines));
        assert_eq!(BillMessage::new(lines).unwrap().reveal(), lines);
    }
}

#[test]
fn an_expiry_date_is_a_day_in_one_form() {
    for day in ["2026-11-24", "2028-02-29", "9999-12-31"] {
        let date: ExpiryDate = day.parse().unwrap();
        assert_eq!(date.to_string(), day);
        assert_eq!(ExpiryDate::try_from(date.day()).unwrap(), date);
    }
    for wrong in [
        "",
        "2026-02-29",
        "2026-13-01",
        "2026-1-1",
        "20261124",
        "2026/11/24",
        "2026-11-24T00:00",
        "0999-01-01",
        "-026-01-01",
        "２０２６-11-24",
    ] {
        problem(wrong.parse::<ExpiryDate>());
    }
}

#[test]
fn a_callback_goes_to_https_or_to_loopback() {
    for address in [
        "https://academy.example/payssam",
        "https://academy.example:8443/payssam?store=1",
        "http://127.0.0.1:8080/callback",
        "http://[::1]/callback",
        "http://localhost:3000",
    ] {
        assert_eq!(CallbackUrl::new(address).unwrap().as_str(), address);
    }
    for wrong in [
        "",
        "academy.example",
        "http://academy.example/payssam",
        "http://127.0.0.1.example/",
        "ftp://academy.example/",
        "https://user:secret@academy.example/",
        "https://user@academy.example/",
        "https://academy.example/a b",
        " https://academy.example/",
        "https://",
    ] {
        let problem = problem(CallbackUrl::new(wrong));
        assert!(!problem.contains("secret"), "{problem}");
    }
}

#[test]
fn the_parts_of_an_amount_always_add_up() {
    let won = |amount| Won::new(amount).unwrap();
    for (price, supply_price, tax) in [
        (1, 1, 0),
        (5, 5, 0),
        (6, 5, 1),
        (10, 9, 1),
        (11, 10, 1),
        (1_000, 909, 91),
        (1_100, 1_000, 100),
        (7_500, 6_818, 682),
        (45_000, 40_909, 4_091),
        (Won::MAX, 9_090_909_090, 909_090_909),
    ] {
        let vat = Tax::included(won(price));
        assert_eq!(
            (vat.supply_price(), vat.tax()),
            (supply_price, tax),
            "{price}"
        );
        assert_eq!(Tax::new(won(price), supply_price, tax).unwrap(), vat);
        assert_eq!(vat.price(), won(price));
        let free = Tax::free(won(price));
        assert_eq!((free.supply_price(), free.tax()), (price, 0));
    }
    for amount in 1..20_000 {
        let vat = Tax::included(won(amount));
        assert_eq!(vat.supply_price() + vat.tax(), amount);
        // The nearest: half a won of the exact 10/11 at most, in 22nds.
        assert!(
            (vat.supply_price() * 22).abs_diff(amount * 20) <= 11,
            "{amount}"
        );
    }
    for (supply_price, tax) in [(0, 0), (40_909, 4_090), (45_000, 1), (u64::MAX, 45_001)] {
        problem(Tax::new(won(45_000), supply_price, tax));
    }
    assert_eq!(Tax::new(won(45_000), 0, 45_000).unwrap().supply_price(), 0);
}

#[test]
fn a_generated_id_has_20_characters_and_sorts_by_time() {
    let before = BillId::generate();
    thread::sleep(std::time::Duration::from_millis(3));
    let after = BillId::generate();
    for id in [&before, &after] {
        assert_eq!(id.as_str().len(), 20);
        let is_allowed = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_lowercase();
        assert!(id.as_str().bytes().all(is_allowed), "{id}");
        assert_eq!(&BillId::new(id.as_str()).unwrap(), id);
    }
    assert!(before < after, "{before} {after}");
}

#[test]
fn a_million_ids_of_many_threads_are_distinct_by_their_random_part_alone() {
    let threads: Vec<_> = (0..8)
        .map(|_| {
            thread::spawn(|| -> Vec<BillId> { (0..125_000).map(|_| BillId::generate()).collect() })
        })
        .collect();
    let mut seen = HashSet::new();
    for thread in threads {
        for id in thread.join().unwrap() {
            // As if all had been generated in one millisecond.
            assert!(seen.insert(id.as_str()[8..].to_owned()), "{id}");
        }
    }
    assert_eq!(seen.len(), 1_000_000);
}
