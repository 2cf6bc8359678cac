//! All words of the pages, in Korean and English.

use super::language::Language;
use crate::fault::Fault;

/// Each phrase in both languages: without one of them it does not compile.
macro_rules! phrases {
    ($($name:ident: $korean:literal, $english:literal;)*) => {
        /// The words of the pages in one language.
        pub(super) struct Words {
            $(pub(super) $name: &'static str,)*
            /// What stands before and behind an amount.
            pub(super) won: (&'static str, &'static str),
            pub(super) the_first: fn(&str) -> String,
            pub(super) these: fn(&str) -> String,
            pub(super) every: fn(&str) -> String,
            pub(super) beyond: fn(&str) -> String,
            pub(super) with_probability: fn(&str, &str) -> String,
            pub(super) at_least: fn(usize) -> String,
            /// A count of a unit, such as a day.
            pub(super) counted: fn(i64, &str) -> String,
            pub(super) language: Language,
        }

        const KOREAN: Words = Words {
            $($name: $korean,)*
            won: ("", "원"),
            the_first: |count| format!("처음 {count}건"),
            these: |places| format!("{places}번째 요청"),
            every: |nth| format!("{nth}건마다 한 번"),
            beyond: |count| format!("1초에 {count}건을 넘는 요청"),
            with_probability: |probability, seed| format!("확률 {probability}, 시드 {seed}"),
            at_least: |count| format!("{count} 이상"),
            counted: |count, unit| format!("{count}{unit}"),
            language: Language::Korean,
        };

        const ENGLISH: Words = Words {
            $($name: $english,)*
            won: ("₩", ""),
            the_first: |count| format!("the first {count}"),
            these: |places| format!("the requests {places}"),
            every: |nth| format!("one in {nth}"),
            beyond: |count| format!("those beyond {count} in a second"),
            with_probability: |probability, seed| format!("with probability {probability} and seed {seed}"),
            at_least: |count| format!("at least {count}"),
            counted: |count, units| match count {
                1 => format!("1 {}", units.trim_end_matches('s')),
                _ => format!("{count} {units}"),
            },
            language: Language::English,
        };
    };
}

phrases! {
    // Every page.
    brand: "결제선생 모의 서버", "PaySsam mock server";
    no_money: "결제선생이 아닌 모의 서버입니다. 실제 돈은 오가지 않습니다.", "This is a mock server, not PaySsam. No money moves.";
    places: "메뉴", "Pages";
    skip: "본문으로 건너뛰기", "Skip to the content";
    bills: "청구서", "Bills";
    callbacks: "콜백", "Callbacks";
    faults: "장애 주입", "Faults";
    clock: "시계", "Clock";
    requests: "요청", "Requests";
    control_api: "제어 API (OpenAPI)", "Control API (OpenAPI)";
    fidelity: "결제선생과 얼마나 같은가", "How close it is to PaySsam";
    now: "모의 서버 시각", "Clock of the mock server";
    ahead: "앞당김", "ahead";
    hours_short: "시간", "h";
    unusual: "평소와 다른 점", "What is not as usual";
    active_faults: "주입된 장애:", "Active faults:";
    callbacks_are_held: "콜백을 붙잡아 두었습니다.", "Callbacks are held.";
    done: "완료", "Done";
    not_done: "처리하지 않았습니다", "Nothing was done";
    back_to_bills: "청구서 목록으로", "Back to the bills";
    command: "같은 일을 하는 명령", "The command that does this";
    command_for_example: "같은 일을 하는 명령의 예", "A command that does this, for example";
    command_of_that: "방금 한 일의 명령", "The command that did this";
    masked_in_command: "명령의 …는 가린 값입니다. 실행하기 전에 채우세요.", "What is masked is … in the command: fill it in before you run it.";
    copy: "복사", "Copy";
    copied: "복사했습니다", "Copied";
    lost: "모의 서버와 연결이 끊겼습니다. 아래 내용은 지금과 다를 수 있습니다.", "The mock server cannot be reached. What you see may be out of date.";
    polling: "실시간 연결이 없어 몇 초마다 새로 읽습니다.", "There is no live connection: the page is read again every few seconds.";
    changed: "내용이 바뀌었습니다", "The page has changed";

    // Refusals.
    wrong_token: "이 양식은 다른 모의 서버의 것이거나 오래되었습니다. 페이지를 새로고침한 뒤 다시 하세요.", "This form is of another mock server, or too old. Reload its page, and do it again.";
    no_form: "이 주소는 이 페이지의 양식만 받습니다. 프로그램에서는 제어 API를 쓰세요.", "This address takes the forms of these pages only. Programs use the control API.";
    too_large: "양식이 64 KiB보다 크거나 다 오지 않았습니다.", "The form is larger than 64 KiB, or incomplete.";
    too_large_snapshot: "양식이 4 MiB보다 크거나 다 오지 않았습니다. 큰 스냅숏은 제어 API로 복원하세요.", "The form is larger than 4 MiB, or incomplete. Restore a large snapshot by the control API.";
    too_slow: "양식이 40초 안에 다 오지 않았습니다.", "The form was not complete within 40 seconds.";
    no_such_act: "그런 동작은 없습니다.", "There is no such act.";
    wrong_field: "알 수 없는 값이라 아무것도 하지 않았습니다.", "A field is not what it must be, so nothing was done.";
    must_be_known: "이 양식에 없는 항목입니다.", "This form has no such field.";
    must_be_there_once: "값이 꼭 하나 있어야 합니다.", "It must be there exactly once.";
    must_be_whole: "숫자만 적으세요. 쉼표는 천 단위에만 쓸 수 있습니다.", "It must be a whole number, with commas before each three digits or none.";
    must_be_price: "1 이상, 최대 10자리의 정수여야 합니다. 쉼표는 천 단위에만 쓸 수 있습니다.", "price must be a whole number of won, 1 or more, of at most 10 digits, with commas before each three of them or none.";
    must_be_decimal: "0.5처럼 숫자와 소수점만 적으세요.", "It must be a number such as 0.5.";
    must_be_id: "번호여야 합니다.", "It must be a number by which something is known.";
    must_be_address: "http:// 또는 https://로 시작하고 사용자와 비밀번호가 없는 주소여야 합니다.", "It must be an http or https URL without user and password.";
    must_be_snapshot: "내려받은 스냅숏의 JSON 전체여야 합니다.", "It must be the whole JSON of a snapshot.";
    must_be_offered: "양식에서 고를 수 있는 값이어야 합니다.", "It must be one of those that the form offers.";
    refused_otherwise: "제어 API가 거절했습니다. 이유는 아래와 같습니다.", "The control API refused it. This is why:";

    // The list of bills.
    search: "검색", "Search";
    filter: "찾기", "Filter";
    merchant: "매장", "Merchant";
    all_merchants: "모든 매장", "All merchants";
    first_merchant: "첫 번째 매장", "The first one";
    states: "상태", "States";
    all: "전체", "All";
    bill_id: "청구서 아이디", "Bill id";
    product: "상품", "Product";
    payer: "납부자", "Payer";
    price: "금액", "Price";
    price_in_won: "금액(원)", "Price in won";
    state: "상태", "State";
    expiry: "결제 기한", "Last day";
    last_event: "최근 이벤트", "Last event";
    no_expiry: "없음", "none";
    pages: "쪽", "Pages of the list";
    newer: "← 이전", "← Newer";
    older: "다음 →", "Older →";
    none_fit: "조건에 맞는 청구서가 없습니다.", "No bill fits.";
    all_bills: "모든 청구서 보기", "Show all bills";
    no_bills_yet: "아직 청구서가 없습니다", "There are no bills yet";
    how_bills_come: "프로그램이 아래 접속 정보로 청구서를 발송하면 여기에 바로 나타납니다. 지금 바로 아래 양식으로 하나 보내 보세요.", "Let your program send one, connected as shown below: it appears here at once. Or send one now with the form below.";
    or_by_command: "터미널에서는 이 명령으로 추가합니다.", "In a terminal, this command adds one:";
    connect: "접속 정보", "How your program connects";
    base_url: "기본 URL", "Base URL";
    api_key: "API 키", "API key";
    own_key: "모의 서버를 시작할 때 준 키(표시하지 않음)", "the one that the mock server was started with (not shown)";
    send_a_bill: "청구서 보내기", "Send a bill";
    send: "보내기", "Send";
    example_product: "수강료", "Tuition";
    example_payer: "김하나", "Kim Hana";
    callback_url: "콜백 URL", "Callback URL";

    // States and events.
    unpaid: "미결제", "Unpaid";
    paid: "결제완료", "Paid";
    cancelled: "취소", "Cancelled";
    destroyed: "파기", "Destroyed";
    unknown_state: "알 수 없음", "Unknown";
    expired: "기한 지남", "Expired";
    paid_on_site: "현장납부", "Paid on site";
    event_added: "발송", "Sent";
    event_paid: "결제", "Paid";
    event_cancelled: "결제 취소", "Cancelled";
    event_destroyed: "파기", "Destroyed";
    event_paid_on_site: "현장납부", "Paid on site";
    event_expired: "기한 지남", "Expired";
    event_resent: "재발송", "Resent";
    event_read: "조회", "Read";
    event_rejected: "거절", "Rejected";
    event_not_applied: "처리되지 않음", "Not carried out";

    // A bill.
    bill: "청구서", "Bill";
    no_such_bill: "그런 청구서가 없습니다.", "There is no such bill.";
    paid_at: "결제 시각", "Paid at";
    cancelled_at: "취소 시각", "Cancelled at";
    card: "카드", "card";
    account: "계좌이체", "bank transfer";
    partner: "파트너", "Partner";
    not_called_back: "이 주소로는 콜백을 보내지 않습니다", "no callback is sent there";
    payers_page: "납부자가 보는 결제 화면", "The payer's page";
    what_can_be_done: "할 수 있는 일", "What can be done";
    pay_by_card: "카드로 결제", "Pay by card";
    pay_by_account: "계좌이체로 결제", "Pay by bank transfer";
    expire: "기한 지나게 하기", "Let it expire";
    mark_paid_on_site: "현장납부로 표시", "Mark as paid on site";
    cancel: "결제 취소", "Cancel the payment";
    cancel_at_the_desk: "결제 취소 (매니저 앱처럼)", "Cancel the payment (as in the manager app)";
    bill_is_final: "이 청구서의 상태는 더 바뀌지 않습니다.", "The state of this bill does not change any more.";
    duplicate: "콜백 한 번 더 보내기", "Send the callback once more";
    forge_for_bill: "위조 콜백 보내기", "Send a forged callback";
    timeline: "일어난 일", "What happened";
    earlier: "더 이전", "Earlier";
    latest: "가장 최근", "Latest";
    without_request: "요청 없이", "without a request";
    rule: "어긴 규칙", "The rule it broke:";
    met_fault: "만난 장애", "Met the fault";
    hash: "해시", "Hash";
    request_and_response: "요청과 응답", "Request and response";
    request: "요청", "Request";
    response: "응답", "Response";
    not_kept: "본문이 없거나 너무 길어 남기지 않았습니다.", "There was none, or it was too long to be kept.";
    callback_sent: "콜백 보냄", "Callback sent";
    callback_queued: "콜백 대기", "Callback queued";

    // Callbacks.
    about_callbacks: "결제되면 청구서의 콜백 URL로 보냅니다. 응답이 다음과 한 글자라도 다르면 한 시간마다 24번까지 다시 보냅니다:", "Sent to the callback URL of a bill when it is paid, and again every hour, up to 24 times, unless the response is exactly:";
    no_callbacks_yet: "아직 콜백이 없습니다. 콜백 URL이 있는 청구서를 결제하면 여기에 나타납니다.", "There are no callbacks yet. Pay a bill that has a callback URL.";
    callback: "콜백", "Callback";
    waiting: "대기 중", "Waiting";
    sent: "보낸 콜백", "Sent";
    previous_ones: "← 앞", "← Previous";
    next_ones: "다음 →", "Next →";
    on_its_way: "보내는 중", "on its way";
    held: "붙잡아 둠", "held";
    due: "예정", "due";
    repeat: "재전송", "repeat";
    forged: "위조", "forged";
    acknowledged: "확인됨", "acknowledged";
    not_acknowledged: "확인되지 않음", "not acknowledged";
    difference: "다른 점", "The difference:";
    bytes_out: "보낸 바이트", "Bytes out";
    secrets_masked: "비밀은 가림", "secrets masked";
    bytes_back: "받은 바이트", "Bytes back";
    nothing_came: "받은 것이 없습니다", "nothing came";
    wanted: "정확한 응답", "Expected";
    came: "받은 응답", "Received";
    hold: "콜백 붙잡기", "Hold callbacks";
    let_go: "콜백 풀어 주기", "Let callbacks go";
    deliver: "지금 보내기", "Send now";
    deliver_all: "대기 중인 것 모두 보내기", "Send all that wait";
    reverse: "순서 뒤집기", "Reverse the order";
    reorder: "맨 앞으로", "Put first";
    forge: "위조 콜백 보내기", "Send a forged callback";
    forge_a_callback: "위조 콜백 만들기", "Forge a callback";
    about_forging: "URL을 아는 사람이면 누구나 보낼 수 있는 거짓 결제 콜백입니다. 프로그램은 이것을 수납 처리하면 안 됩니다. URL을 비우면 청구서의 콜백 URL로 보냅니다.", "It says that a bill was paid, as anybody could who knows the URL. Your program must not book it. Without a URL it goes to the callback URL of the bill.";

    // Faults.
    about_faults: "네트워크, 프록시, 결제선생에서 실제로 일어나는 장애를 요청에 주입합니다. 요청 하나는 장애를 하나만 만납니다.", "Requests fail as networks, proxies and PaySsam are known to fail. A request meets one fault at most.";
    no_faults: "주입된 장애가 없습니다.", "No fault is injected.";
    inject_a_fault: "장애 주입하기", "Inject a fault";
    inject: "주입", "Inject";
    fault: "장애", "Fault";
    operation: "요청 종류", "Operation";
    which: "어느 요청", "Which requests";
    count: "수", "Number";
    milliseconds: "시간(ms)", "Time in ms";
    seed: "시드", "Seed";
    time: "시간", "Time";
    all_requests: "모든 요청", "all requests";
    when_next: "다음 요청 하나", "the next one";
    when_first: "처음 n건", "the first n";
    when_every: "n건마다 한 번", "every nth";
    when_probability: "확률 n", "with probability n";
    when_per_second: "1초에 n건을 넘는 요청", "those beyond n in a second";
    is_over: "끝남", "over";
    is_active: "동작 중", "active";
    is_applied: "요청은 처리됨", "applied";
    is_not_applied: "요청은 처리되지 않음", "not applied";
    met: "만난 요청", "met";
    remove_fault: "이 장애 없애기", "Remove this fault";
    clear_faults: "장애 모두 없애기", "Remove all faults";

    // The clock and the world.
    about_clock: "시계를 앞당기면 청구서의 시각, 기한, 콜백 재전송이 함께 움직입니다. 되돌릴 수는 없습니다.", "It moves the times of bills, when they expire and when callbacks are due. It never goes back.";
    advance: "시계 앞당기기", "Advance the clock";
    an_hour: "한 시간 앞당기기", "Advance by an hour";
    a_day: "하루 앞당기기", "Advance by a day";
    unit: "단위", "Unit";
    hours: "시간", "hours";
    days: "일", "days";
    seconds: "초", "seconds";
    callbacks_waiting: "대기 중인 콜백", "Callbacks that wait";
    begin_anew: "처음으로 되돌리기", "Begin anew";
    about_reset: "청구서, 콜백, 장애를 시작할 때의 상태로 되돌립니다. 한 매장만 고르면 다른 매장은 그대로입니다.", "Brings back the bills, callbacks and faults of the start. With one merchant chosen, the others stay as they are.";
    everything: "모두", "Everything";
    reset: "초기화", "Reset";
    keep_and_restore: "보관과 복원", "Keep and restore";
    snapshot: "스냅숏 내려받기", "Download a snapshot";
    snapshot_file: "스냅숏 파일", "File of a snapshot";
    paste_a_snapshot: "스냅숏의 JSON (4 MiB까지)", "JSON of a snapshot (up to 4 MiB)";
    restore: "복원", "Restore";
    restored: "복원했습니다.", "Restored.";
    not_restored: "복원하지 못했습니다.", "Not restored.";
    restore_by_command: "터미널에서는 이 명령으로 복원합니다.", "In a terminal, this command restores it:";

    // Requests.
    about_requests: "결제선생 API로 온 요청입니다. 처리되었든 아니든 모두, 최근 것부터 보입니다. 비밀과 개인정보는 가려집니다.", "The requests to PaySsam's operations, carried out or not, the latest first. Secrets and personal data are masked.";
    no_requests_yet: "아직 온 요청이 없습니다. 프로그램의 기본 URL:", "No request has come yet. The base URL for your program:";

    // The payer's page.
    mock_payment: "모의 결제", "Mock payment";
    let_expire: "결제하지 않고 기한 넘기기", "Do not pay, and let it expire";
    nothing_to_pay: "더 할 일이 없습니다.", "There is nothing left to do.";
    you_paid: "결제했습니다.", "You have paid.";
    it_expired: "결제 기한이 지났습니다.", "The bill has expired.";
    not_unpaid: "미결제 상태의 청구서가 아닙니다.", "The bill is not unpaid.";
    has_expired: "결제 기한이 지난 청구서입니다.", "The bill expired.";
}

pub(super) fn of(language: Language) -> &'static Words {
    match language {
        Language::Korean => &KOREAN,
        Language::English => &ENGLISH,
    }
}

impl Words {
    fn either(&self, korean: &'static str, english: &'static str) -> &'static str {
        match self.language {
            Language::Korean => korean,
            Language::English => english,
        }
    }

    /// Why the control API refused something, by its code; `None` where its message has to say it.
    pub(super) fn refused_because(&self, code: &str) -> Option<&'static str> {
        Some(match code {
            "MOCK_NO_BILL" => self.no_such_bill,
            "MOCK_WRONG_STATE" => self.either(
                "청구서가 그럴 수 있는 상태가 아닙니다.",
                "The state of the bill does not allow it.",
            ),
            "MOCK_EXPIRED" => self.has_expired,
            "MOCK_NO_CALLBACK" => self.either(
                "보낼 콜백이 없습니다. 콜백 URL이 있고 결제된 청구서여야 합니다.",
                "There is no callback to send: the bill must have a callback URL, and be paid.",
            ),
            "BILL_001" => self.either(
                "이미 쓴 청구서 아이디입니다. 다른 아이디를 쓰세요.",
                "The bill id was used before: take another.",
            ),
            "MOCK_INVALID" => self.either(
                "값 가운데 하나가 올바르지 않습니다. 이유는 아래와 같습니다.",
                "One of the values is not what it must be. This is why:",
            ),
            "MOCK_CALLBACK_URL" => self.either(
                "콜백 URL이 올바르지 않습니다.",
                "The callback URL is not what it must be.",
            ),
            "MOCK_NO_FAULT" => {
                self.either("그 장애는 이미 없습니다.", "That fault is gone already.")
            }
            "MOCK_FULL" => self.either(
                "모의 서버가 가득 찼습니다. 초기화하거나 새로 시작하세요.",
                "The mock server is full: reset it, or start another.",
            ),
            _ => return None,
        })
    }

    /// What a fault does.
    pub(super) fn says_of(&self, fault: Fault) -> &'static str {
        let (korean, english) = match fault {
            Fault::Latency(_) => (
                "늦게 처리하고 응답합니다.",
                "carried out and responded to late.",
            ),
            Fault::CloseBeforeReading => (
                "읽지 않고 연결을 끊습니다.",
                "the connection is reset unread.",
            ),
            Fault::CloseAfterReading => (
                "읽기만 하고 연결을 끊습니다.",
                "read, then the connection is closed.",
            ),
            Fault::ApplyThenClose => (
                "처리한 뒤 응답 없이 연결을 끊습니다.",
                "carried out, and the response is lost.",
            ),
            Fault::ApplyThenHang => (
                "처리한 뒤 응답하지 않습니다.",
                "carried out, and no response comes.",
            ),
            Fault::CutResponse => ("응답이 중간에 끊깁니다.", "the response breaks off."),
            Fault::LyingLength => (
                "Content-Length가 실제의 절반입니다.",
                "Content-Length is half of the truth.",
            ),
            Fault::BadGateway { .. } => (
                "프록시의 HTML과 HTTP 502가 옵니다.",
                "a proxy's HTML with HTTP 502.",
            ),
            Fault::ServerError { .. } => (
                "코드 ERROR와 HTTP 500이 옵니다.",
                "the code ERROR with HTTP 500.",
            ),
            Fault::HtmlPage { .. } => ("HTTP 200으로 HTML이 옵니다.", "HTML with HTTP 200."),
            Fault::EmptyResponse { .. } => (
                "HTTP 200과 빈 본문이 옵니다.",
                "HTTP 200 with an empty body.",
            ),
            Fault::WrongEcho => (
                "응답에 다른 청구서의 아이디가 있습니다.",
                "the response names another bill.",
            ),
            Fault::SlowDrip(_) => ("응답이 조금씩 옵니다.", "the response comes in pieces."),
            Fault::ErrorCode { .. } => (
                "코드 ERROR와 HTTP 200이 옵니다.",
                "the code ERROR with HTTP 200.",
            ),
            Fault::Payment001 { .. } => (
                "카드사나 은행의 응답이 없다는 PAYMENT_001이 옵니다.",
                "PAYMENT_001: the card company or bank gave no answer.",
            ),
            Fault::TooManyRequests { .. } => (
                "HTTP 429와 Retry-After가 옵니다.",
                "HTTP 429 with Retry-After.",
            ),
            Fault::RedirectElsewhere => (
                "다른 주소로 보내는 HTTP 307이 옵니다.",
                "HTTP 307 to another address.",
            ),
            Fault::MsgForMessage => ("message 대신 msg가 옵니다.", "msg instead of message."),
            Fault::NumbersForStrings => (
                "문자열이어야 할 숫자가 JSON 숫자로 옵니다.",
                "digits come as JSON numbers.",
            ),
            Fault::NoApprovalNumber => (
                "승인 번호가 빠져 있습니다.",
                "the approval number is missing.",
            ),
            Fault::InProgress(_) => (
                "연결을 끊고, 나중에 처리합니다.",
                "the connection is closed, and it is carried out later.",
            ),
            Fault::RejectThenApply(_) => (
                "거절한 뒤, 나중에 처리합니다.",
                "rejected at once, and carried out later.",
            ),
            Fault::PaddedCode => (
                "코드 앞뒤에 공백이 있습니다.",
                "white space around the code.",
            ),
        };
        self.either(korean, english)
    }
}
