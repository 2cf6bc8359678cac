//! Every type for a checked text is made, given and stored in the same ways.

use std::{any::type_name, fmt::Debug, hash::Hash, str::FromStr};

use payssam::{
    BillId, BillMessage, BusinessNumber, CancelReason, Error, InvalidValue, IssuerName, PayerName,
    PhoneNumber, ProductName, ReceiptCardNumber, ResidentNumber, Won, callback::CallbackUrl,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

/// What every type for a checked text can do.
trait Text:
    Clone
    + Debug
    + Eq
    + Ord
    + Hash
    + AsRef<str>
    + Into<String>
    + FromStr<Err = InvalidValue>
    + TryFrom<String, Error = InvalidValue>
    + Serialize
    + DeserializeOwned
    + Send
    + Sync
    + 'static
{
}

impl<T> Text for T where
    T: Clone
        + Debug
        + Eq
        + Ord
        + Hash
        + AsRef<str>
        + Into<String>
        + FromStr<Err = InvalidValue>
        + TryFrom<String, Error = InvalidValue>
        + Serialize
        + DeserializeOwned
        + Send
        + Sync
        + 'static
{
}

/// Checks a type with a text that it takes, the text that it keeps of it, and a text that it refuses.
///
/// `is_secret` says whether `Debug` must mask it.
fn check<T>(given: &str, kept: &str, refused: &str, is_secret: bool)
where
    T: Text
        + for<'a> TryFrom<&'a str, Error = InvalidValue>
        + for<'a> TryFrom<&'a String, Error = InvalidValue>,
{
    let name = type_name::<T>();
    let owned = given.to_owned();
    let parsed: T = given.parse().unwrap();
    for made in [
        T::try_from(given).unwrap(),
        T::try_from(&owned).unwrap(),
        T::try_from(owned).unwrap(),
        serde_json::from_value(json!(given)).unwrap(),
        serde_json::from_value(json!(kept)).unwrap(),
    ] {
        assert_eq!(made, parsed, "{name}");
    }
    assert_eq!(parsed.as_ref(), kept, "{name}");
    assert_eq!(serde_json::to_value(&parsed).unwrap(), json!(kept));
    assert_eq!(Into::<String>::into(parsed.clone()), kept, "{name}");
    assert_eq!(format!("{parsed:?}").contains(kept), !is_secret, "{name}");

    let owned = refused.to_owned();
    let problem = refused.parse::<T>().unwrap_err().to_string();
    for invalid in [
        T::try_from(refused).unwrap_err(),
        T::try_from(&owned).unwrap_err(),
        T::try_from(owned).unwrap_err(),
    ] {
        assert_eq!(invalid.to_string(), problem, "{name}");
        let error = Error::from(invalid);
        assert!(matches!(error, Error::InvalidInput { .. }), "{name}");
    }
    let read = serde_json::from_value::<T>(json!(refused)).unwrap_err();
    assert!(read.to_string().contains(&problem), "{name}: {read}");
    assert!(serde_json::from_value::<T>(json!(1)).is_err(), "{name}");
}

/// One row for each type: a text that it takes, what it keeps, what it refuses, whether it is secret.
macro_rules! texts {
    ($($test:ident: $Type:ty, $given:literal => $kept:literal, not $refused:literal, secret $secret:literal;)+) => {
        $(
            #[test]
            fn $test() {
                check::<$Type>($given, $kept, $refused, $secret);
                assert_eq!(<$Type>::new($given).unwrap().as_ref(), $kept);
            }
        )+
    };
}

texts! {
    a_bill_id_is_a_text: BillId, "3월 수강료/1" => "3월 수강료/1", not "a,b", secret false;
    a_cancel_reason_is_a_text: CancelReason, "고객 요청" => "고객 요청", not "a\nb", secret false;
    a_product_name_is_a_text: ProductName, "3월 수강료" => "3월 수강료", not " ", secret false;
    an_issuer_name_is_a_text: IssuerName, "하나 학원" => "하나 학원", not "", secret false;
    a_payer_name_is_a_text: PayerName, "김하나" => "김하나", not "\n", secret true;
    a_message_is_a_text: BillMessage, "안녕하세요\n김하나 님" => "안녕하세요\n김하나 님", not "\u{0}", secret true;
    a_phone_number_is_a_text: PhoneNumber, "010-1234-5678" => "01012345678", not "02-123-4567", secret true;
    a_business_number_is_a_text: BusinessNumber, "220-81-62517" => "2208162517", not "220-81-62518", secret true;
    a_receipt_card_number_is_a_text: ReceiptCardNumber, "1234-5678-9012-3456" => "1234567890123456", not "123456789012", secret true;
    a_resident_number_is_a_text: ResidentNumber, "900101-1234568" => "9001011234568", not "901301-1234567", secret true;
    a_callback_url_is_a_text: CallbackUrl, "https://a.example/b" => "https://a.example/b", not "http://a.example", secret true;
}

#[test]
fn an_amount_converts_from_and_to_the_integers_of_a_database() {
    for won in [1_i64, 45_000, Won::MAX as i64] {
        let amount = Won::try_from(won).unwrap();
        assert_eq!(i64::from(amount), won);
        assert_eq!(amount.get(), won as u64);
        assert_eq!(Won::try_from(u64::from(amount)), Ok(amount));
    }
    for wrong in [0, -1, i64::MIN, Won::MAX as i64 + 1, i64::MAX] {
        let error = Error::from(Won::try_from(wrong).unwrap_err());
        let text = error.to_string();
        assert!(text.starts_with("invalid price: "), "{text}");
        assert!(text.contains(&wrong.to_string()), "{text}");
    }
}
