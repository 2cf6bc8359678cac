//! Why something was refused, or how a response differs: the mock server says it in English, and this says it in Korean.

use maud::{Markup, html};
use payssam::redact;

use super::language::Language;

/// Each sentence of the mock server, with `{}` where something stands in it that is given.
const KOREAN: &[(&str, &str)] = &[
    // Hashes.
    (
        "the hash is the three-part hash of a send (billId,phone,price); this operation takes billId,price",
        "발송용 세 부분 해시(billId,phone,price)입니다. 이 요청은 billId,price의 해시를 씁니다.",
    ),
    (
        "the hash leaves out phone: a send takes {}",
        "해시에 phone이 빠졌습니다. 발송은 {}의 해시를 씁니다.",
    ),
    (
        "the hash must be in lower-case letters",
        "해시는 소문자로 써야 합니다.",
    ),
    (
        "the hash is over the phone with hyphens: it takes the digits, as in the request",
        "하이픈이 있는 전화번호로 만든 해시입니다. 요청에 있는 숫자 그대로 만드세요.",
    ),
    (
        "the hash is over the price with commas: it takes the digits, as in the request",
        "쉼표가 있는 금액으로 만든 해시입니다. 요청에 있는 숫자 그대로 만드세요.",
    ),
    (
        "the hash has its parts in another order: it takes {}",
        "해시 부분의 순서가 다릅니다. 순서는 {}입니다.",
    ),
    (
        "the parts of the hash must be joined by a comma alone: {}",
        "해시의 부분은 쉼표 하나로만 이어야 합니다: {}",
    ),
    (
        "the hash is not the SHA-256 of {} of this request ({})",
        "이 요청의 {}로 만든 SHA-256이 아닙니다. 전화번호의 하이픈, 금액의 쉼표, 부분의 수를 확인하세요.",
    ),
    // Who and what.
    (
        "apiKey is not one that the mock server was given",
        "모의 서버가 모르는 apiKey입니다.",
    ),
    (
        "the seed has no such member and merchant of this partner",
        "시드에 이 파트너의 그런 member와 merchant가 없습니다.",
    ),
    (
        "another member or merchant sent the bill with this id: a bill is found only with those that sent it",
        "이 아이디의 청구서는 다른 member나 merchant가 보냈습니다. 보낸 쪽으로만 찾을 수 있습니다.",
    ),
    (
        "there is no bill with this id",
        "이 아이디의 청구서가 없습니다.",
    ),
    (
        "the bill id was used before",
        "이미 쓴 청구서 아이디입니다.",
    ),
    (
        "a fault kept it from being carried out",
        "주입된 장애 때문에 처리하지 않았습니다.",
    ),
    (
        "another request for this bill or cash receipt is in progress",
        "이 청구서나 현금영수증의 다른 요청을 처리하고 있습니다.",
    ),
    (
        "the bill is {}, and must be {}",
        "청구서 상태가 {}인데 {}{이어야} 합니다.",
    ),
    (
        "there is no such cash receipt",
        "그런 현금영수증이 없습니다.",
    ),
    (
        "the cash receipt is already cancelled",
        "이미 취소한 현금영수증입니다.",
    ),
    (
        "trader must be the one that the cash receipt was issued to",
        "trader가 발급할 때와 다릅니다.",
    ),
    // Fields.
    (
        "price is {}, and must be {}",
        "price가 {}인데 {}{이어야} 합니다.",
    ),
    (
        "price must be digits without commas, sign or unit: {}",
        "price는 쉼표, 부호, 단위 없는 숫자여야 합니다: {}",
    ),
    (
        "price must be digits without commas, sign or unit",
        "price는 쉼표, 부호, 단위 없는 숫자여야 합니다.",
    ),
    (
        "price must not begin with 0",
        "price는 0으로 시작할 수 없습니다.",
    ),
    (
        "price must have at most 10 digits",
        "price는 최대 10자리입니다.",
    ),
    (
        "price must be the price of the bill",
        "price가 청구서의 금액과 다릅니다.",
    ),
    (
        "price must be the price of the cash receipt",
        "price가 현금영수증의 금액과 다릅니다.",
    ),
    (
        "phone must be digits without hyphens",
        "phone은 하이픈 없는 숫자여야 합니다.",
    ),
    (
        "sendType must be TALK or URL",
        "sendType은 TALK나 URL이어야 합니다.",
    ),
    (
        "callbackUrl must have no user and no password",
        "callbackUrl에 사용자와 비밀번호를 넣을 수 없습니다.",
    ),
    (
        "expireDt must be a date as YYYY-MM-DD",
        "expireDt는 YYYY-MM-DD 형식의 날짜여야 합니다.",
    ),
    (
        "expireDt must not be in the past, and in Korea it is {}",
        "expireDt가 지난 날짜입니다. 한국은 지금 {}입니다.",
    ),
    (
        "supplyPrice and tax must add up to price",
        "supplyPrice와 tax의 합이 price와 같아야 합니다.",
    ),
    (
        "trader must be 0 (a person) or 1 (a business)",
        "trader는 0(개인)이나 1(사업자)이어야 합니다.",
    ),
    (
        "issuanceNumber must be digits without hyphens",
        "issuanceNumber는 하이픈 없는 숫자여야 합니다.",
    ),
    (
        "issuanceNumber of a business must have 10 digits",
        "사업자의 issuanceNumber는 10자리여야 합니다.",
    ),
    (
        "issuanceNumber of a person must be a mobile phone, 0100001234, or 13 to 19 digits",
        "개인의 issuanceNumber는 휴대전화 번호, 0100001234, 13~19자리 숫자 가운데 하나여야 합니다.",
    ),
    (
        "billId begins or ends with white space",
        "billId의 앞이나 뒤에 공백이 있습니다.",
    ),
    (
        "billId has a comma, which makes the hash ambiguous",
        "billId에 쉼표가 있어 해시가 모호해집니다.",
    ),
    (
        "billId has a control character",
        "billId에 제어 문자가 있습니다.",
    ),
    (
        "the mock server cannot store this {}: {}",
        "모의 서버가 저장할 수 없는 {}입니다: {}",
    ),
    (
        "the request must be a JSON object",
        "요청은 JSON 객체여야 합니다.",
    ),
    ("{} must be a JSON string", "{}: JSON 문자열이어야 합니다."),
    ("{} must be a JSON object", "{}: JSON 객체여야 합니다."),
    // Requests.
    (
        "there is no operation at this path",
        "이 주소에는 API가 없습니다.",
    ),
    ("every operation is a POST", "모든 API는 POST입니다."),
    (
        "the header Content-Type must be application/json",
        "Content-Type 헤더는 application/json이어야 합니다.",
    ),
    (
        "the body is not valid JSON: {}",
        "본문이 올바른 JSON이 아닙니다: {}",
    ),
    (
        "the bills and cash receipts of this mock server take 256 MiB: start another",
        "청구서와 현금영수증이 256 MiB를 차지합니다. 모의 서버를 새로 시작하세요.",
    ),
    // What the control API refuses.
    (
        "price must be a whole number of won, 1 or more, of at most 10 digits, without quotes and commas",
        "1 이상, 최대 10자리의 정수여야 합니다.",
    ),
    (
        "it must be a whole number from 0 to 2^53",
        "0 이상 2^53 이하의 정수여야 합니다.",
    ),
    (
        "it must be a whole number, 1 or more, and at most 2^53",
        "1 이상 2^53 이하의 정수여야 합니다.",
    ),
    (
        "it must be a whole number, 0 or more",
        "0 이상의 정수여야 합니다.",
    ),
    ("it must be a number", "숫자여야 합니다."),
    (
        "probability must be a number from 0 to 1",
        "확률은 0에서 1 사이의 숫자여야 합니다.",
    ),
    (
        "it must be a date as YYYY-MM-DD, in quotes",
        "YYYY-MM-DD 형식의 날짜여야 합니다.",
    ),
    (
        "it must be a name of 1 to 60 characters",
        "1자에서 60자 사이의 이름이어야 합니다.",
    ),
    ("it is missing", "값이 없습니다."),
    (
        "give days, hours or seconds, more than 0 of one",
        "앞당길 시간은 0보다 커야 합니다.",
    ),
    (
        "{} takes no milliseconds",
        "{}: 밀리초를 쓰지 않는 장애입니다.",
    ),
    ("a seed needs a probability", "시드는 확률과 함께 씁니다."),
    (
        "url must be http on loopback, or on a host of --callbacks-to, without user and password",
        "이 컴퓨터나 --callbacks-to로 허용한 호스트의 http 주소여야 하고, 사용자와 비밀번호가 없어야 합니다.",
    ),
    (
        "this bill has no callback URL: give url",
        "이 청구서에는 콜백 URL이 없습니다. 주소를 주세요.",
    ),
    (
        "callback_url must have no user and no password",
        "콜백 URL에 사용자와 비밀번호를 넣을 수 없습니다.",
    ),
    (
        "a bill that expired on {} cannot be paid: expires_on must be {} or later",
        "기한이 {}에 지난 청구서는 결제할 수 없습니다. 기한은 {} 이후여야 합니다.",
    ),
    ("must not be empty", "비워 둘 수 없습니다."),
    ("must have at most {} characters", "최대 {}자입니다."),
    // Responses to callbacks.
    (
        "HTTP {} instead of HTTP 200",
        "HTTP 200이 아니라 HTTP {}입니다.",
    ),
    (
        "byte {} is {} instead of {}",
        "{}번째 바이트가 {}입니다. {}{이어야} 합니다.",
    ),
    (
        "it ends after {} bytes instead of {}",
        "{}바이트에서 끝납니다. {}바이트여야 합니다.",
    ),
    (
        "it goes on behind the {} bytes of the acknowledgement: byte {} is {}",
        "정확한 응답 {}바이트 뒤에 더 있습니다: {}번째 바이트가 {}입니다.",
    ),
    (
        "it broke off after {} bytes, and more were announced",
        "{}바이트 뒤에 끊겼습니다. 더 온다고 했습니다.",
    ),
    (
        "nobody listens there, so no callback was sent",
        "그 주소에 받는 프로그램이 없어 보내지 못했습니다.",
    ),
    (
        "there was no whole response within 10 seconds",
        "10초 안에 온전한 응답이 없었습니다.",
    ),
];

/// A reason in the language of the page; in English where nobody has said it in Korean.
pub(super) fn show(language: Language, reason: &str) -> Markup {
    let korean = of_ours(reason);
    let (text, is_in) = match (language, &korean) {
        (Language::Korean, Some(korean)) => (&**korean, Language::Korean),
        (_, None) if is_korean(reason) => (reason, Language::Korean),
        _ => (reason, Language::English),
    };
    html! { span lang=[(is_in != language).then(|| is_in.tag())] { (redact::escape(text)) } }
}

/// Whether a sentence is Korean, as PaySsam's own messages are: it ends with a verb, whatever names stand before it.
fn is_korean(sentence: &str) -> bool {
    let end = sentence.chars().rev().find(|c| c.is_alphanumeric());
    end.is_some_and(|c| ('가'..='힣').contains(&c))
}

/// The Korean sentence for one of the mock server's own.
fn of_ours(reason: &str) -> Option<String> {
    KOREAN
        .iter()
        .find_map(|(english, korean)| filled(english, korean, reason))
}

/// The Korean sentence with what is given, if this is the English one.
fn filled(english: &str, korean: &str, reason: &str) -> Option<String> {
    let mut parts = english.split("{}");
    let mut left = reason.strip_prefix(parts.next()?)?;
    let mut given = Vec::new();
    let mut rest = parts.peekable();
    while let Some(part) = rest.next() {
        let end = match (part.is_empty(), rest.peek().is_none()) {
            (true, true) => left.len(),
            (false, true) => left
                .len()
                .checked_sub(part.len())
                .filter(|end| left.get(*end..) == Some(part))?,
            _ => left.find(part)?,
        };
        given.push(&left[..end]);
        left = &left[end + part.len()..];
    }
    if !left.is_empty() {
        return None;
    }
    let mut filled = String::new();
    let mut given = given.into_iter();
    for (place, piece) in korean.split("{}").enumerate() {
        if place > 0 {
            let value = given.next().unwrap_or_default();
            filled.push_str(state(value));
        }
        match piece.strip_prefix(MUST_BE) {
            Some(piece) => {
                let has_final = filled
                    .chars()
                    .next_back()
                    .is_some_and(ends_with_a_consonant);
                filled.push_str(if has_final { "이어야" } else { "여야" });
                filled.push_str(piece);
            }
            None => filled.push_str(piece),
        }
    }
    Some(filled)
}

/// Where a particle stands that depends on the sound before it.
const MUST_BE: &str = "{이어야}";

/// A state of a bill in Korean; anything else as it is.
fn state(value: &str) -> &str {
    match value {
        "unpaid" => "미결제",
        "paid" => "결제완료",
        "cancelled" => "취소",
        "destroyed" => "파기",
        other => other,
    }
}

/// Whether the last sound of what ends with this character is a consonant, as it is read in Korean.
fn ends_with_a_consonant(last: char) -> bool {
    match last {
        '가'..='힣' => !(last as u32 - '가' as u32).is_multiple_of(28),
        // 영, 일, 삼, 육, 칠, 팔.
        '0' | '1' | '3' | '6' | '7' | '8' => true,
        // 엘, 엠, 엔, 알.
        'l' | 'm' | 'n' | 'r' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_stands_in_the_korean_sentence_too() {
        for (english, korean) in [
            (
                "byte 9 is 0x20 instead of 0x22",
                "9번째 바이트가 0x20입니다. 0x22여야 합니다.",
            ),
            (
                "byte 2 is 0x20 instead of 0x63",
                "2번째 바이트가 0x20입니다. 0x63이어야 합니다.",
            ),
            (
                "the bill is unpaid, and must be paid",
                "청구서 상태가 미결제인데 결제완료여야 합니다.",
            ),
            (
                "HTTP 500 instead of HTTP 200",
                "HTTP 200이 아니라 HTTP 500입니다.",
            ),
            (
                "there is no bill with this id",
                "이 아이디의 청구서가 없습니다.",
            ),
        ] {
            assert_eq!(of_ours(english).as_deref(), Some(korean));
        }
        for other in [
            "there is no bill with this id at all",
            "something else",
            "phone는 필수값입니다.",
        ] {
            assert_eq!(of_ours(other), None);
        }
    }
}
