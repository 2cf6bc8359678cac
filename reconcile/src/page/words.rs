//! The words of the page, in Korean and in English.

use payssam::BillState;
use payssam::redact::escape;

use crate::{belief::BelievedState, class::Class};

/// The same in both languages.
#[derive(Clone, Copy)]
pub(crate) struct Words {
    pub(crate) ko: &'static str,
    pub(crate) en: &'static str,
}

const fn words(ko: &'static str, en: &'static str) -> Words {
    Words { ko, en }
}

pub(crate) const UNPAID: Words = words("미결제", "Unpaid");
pub(crate) const PAID: Words = words("결제완료", "Paid");
pub(crate) const CANCELLED: Words = words("취소", "Cancelled");
pub(crate) const DESTROYED: Words = words("파기", "Destroyed");
pub(crate) const NOT_KNOWN: Words = words("알 수 없음", "Not known");
pub(crate) const MISMATCH: Words = words("불일치", "Mismatches");
pub(crate) const COULD_NOT_BE_READ: Words = words("조회 실패", "Could not be read");

/// The states of the chart with their colours, by the names that the style has for them.
pub(crate) const STATES: [(&str, Words); 5] = [
    ("paid", PAID),
    ("unpaid", UNPAID),
    ("cancelled", CANCELLED),
    ("destroyed", DESTROYED),
    ("unknown", NOT_KNOWN),
];

/// What is no agreement, in the chart.
pub(crate) const TROUBLE: [(&str, Words); 2] = [("money", MISMATCH), ("unread", COULD_NOT_BE_READ)];

/// The columns of the list, by the names that the style has for them.
pub(crate) const COLUMNS: [(&str, Words); 7] = [
    ("line", words("행", "Line")),
    ("bill", words("청구서", "Bill")),
    ("found", words("분류", "Class")),
    ("here", words("장부", "Books")),
    ("there", words("결제선생", "PaySsam")),
    ("difference", words("차액", "Difference")),
    ("why", words("이유", "Reason")),
];

/// The state that the books give a bill.
pub(crate) fn of_belief(state: BelievedState) -> Words {
    match state {
        BelievedState::Unpaid => UNPAID,
        BelievedState::Paid => PAID,
        BelievedState::Cancelled => CANCELLED,
        BelievedState::Destroyed => DESTROYED,
    }
}

/// The state that PaySsam says, and the letters of one that is not known.
pub(crate) fn of_state(state: &BillState) -> (Words, Option<String>) {
    match state {
        BillState::Unpaid => (UNPAID, None),
        BillState::Paid => (PAID, None),
        BillState::Cancelled => (CANCELLED, None),
        BillState::Destroyed => (DESTROYED, None),
        other => (NOT_KNOWN, Some(escape(other.letter()))),
    }
}

/// The name of a class, its colour by the name that the style has for it, and what to do about it.
pub(crate) fn of_class(class: Class) -> (Words, &'static str, Words) {
    match class {
        Class::Agrees => (
            words("일치", "Agrees"),
            "agrees",
            words("할 일이 없습니다.", "Nothing to do."),
        ),
        Class::PaidThereOnly => (
            words("결제선생에만 결제완료", "Paid at PaySsam only"),
            "money",
            words(
                "결제선생에는 결제가 있는데 장부에는 없습니다. 같은 결제가 다른 번호로 이미 수납 처리되지 않았는지 확인한 뒤 한 번만 \
                 수납 처리하세요. 장부에 ‘취소’로 되어 있다면 다른 방법으로 이미 환불했는지부터 확인하세요. 확인하지 않고 결제를 \
                 취소하면 돈이 두 번 나갈 수 있습니다.",
                "PaySsam holds a payment that the books do not have. Look for the same payment under another id, then \
                 book it once. If the books say cancelled, find out first whether the money went back in another way: \
                 a cancellation now could pay it back twice.",
            ),
        ),
        Class::CancelledElsewhere => (
            words("다른 곳에서 취소됨", "Cancelled elsewhere"),
            "money",
            words(
                "결제선생에서 결제가 취소되어 돈이 납부자에게 돌아갔습니다. 따로 환불하지 마세요. 장부에 결제가 있으면 취소를 한 번만 \
                 기록하고, 누가 취소했는지 확인하세요.",
                "The payment was cancelled at PaySsam, so the money went back to the payer: do not pay it back again. \
                 If the payment is in the books, enter its cancellation once, and find out who cancelled it.",
            ),
        ),
        Class::PaidHereOnly => (
            words("장부에만 결제완료", "Paid in the books only"),
            "money",
            words(
                "장부에는 결제완료인데 결제선생에는 미결제입니다. 현장에서 받은 돈인지, 다른 청구서의 결제인지, 잘못 기록한 것인지 \
                 확인하세요. 이 청구서는 아직 결제할 수 있으므로, 확인하기 전에 다시 청구하면 두 번 결제될 수 있습니다.",
                "The books say paid; PaySsam says that nobody has paid. Find out whether it was paid on site, paid with \
                 another bill, or booked by mistake. The bill can still be paid: whoever asks for the money again \
                 before that is clear may get it twice.",
            ),
        ),
        Class::AmountDiffers => (
            words("금액 다름", "Amount differs"),
            "money",
            words(
                "상태는 같은데 금액이 다릅니다. 주문이나 계약에서 맞는 금액을 먼저 찾으세요. 결제 취소는 전액만 가능하므로, 어느 쪽이 \
                 틀렸는지 알기 전에는 취소하거나 일부를 돌려주지 마세요.",
                "Both say the same state with different amounts. Find the right one in the order or the contract first. \
                 A cancellation is always of the full amount, so cancel nothing and pay nothing back before you know \
                 which side is wrong.",
            ),
        ),
        Class::Destroyed => (
            words("파기됨", "Destroyed"),
            "books",
            words(
                "결제선생에서 파기된 청구서라 더는 결제할 수 없습니다. 다만 현장납부로 받고 파기했을 수 있으며 조회로는 알 수 없습니다. \
                 매장에 확인한 뒤 장부를 고치거나 새로 청구하세요.",
                "The bill was destroyed at PaySsam, so nobody can pay it any more. It may have been paid on site \
                 (현장납부), which a read does not show: ask at the shop before you correct the books or send a new \
                 bill.",
            ),
        ),
        Class::NotFound => (
            words("청구서 없음", "Not found"),
            "books",
            words(
                "이 파트너 사용자와 매장에는 그런 청구서가 없습니다. 매장, 접속 주소(테스트·운영), 청구서 번호를 확인하세요. \
                 스프레드시트에서 앞자리 0이 사라지는 일이 많습니다. 확인하기 전에는 새 번호로 다시 보내지 마세요.",
                "This member and merchant have no such bill at PaySsam. Check the merchant, the address (sandbox or \
                 live) and the id: spreadsheets drop leading zeros. Do not send it again under a new id before you \
                 know.",
            ),
        ),
        Class::Unsettled => (
            words("판단 보류", "Unsettled"),
            "books",
            words(
                "결제선생이 응답했지만 일치하는지 판단할 수 없습니다. 처음 보는 상태이거나, 금액이 없거나, 장부에서는 끝났는데 아직 \
                 결제할 수 있는 청구서입니다. 목록의 이유를 보고 결제선생 관리 화면에서 확인하세요. 그 전에는 수납 처리하지 마세요.",
                "PaySsam responded, and that settles nothing: a state that is not known, no amount, or a bill that is \
                 over in the books and can still be paid. Read the reason in the list and look at the bill in PaySsam's \
                 manager. Book nothing before that.",
            ),
        ),
        Class::DuplicateLine => (
            words("중복 행", "Duplicate line"),
            "books",
            words(
                "같은 청구서 번호가 앞 행에 있어 이 행은 비교하지 않았습니다. 청구서는 한 번만 결제됩니다. 두 행이 모두 수납 처리되어 \
                 있으면 하나는 지워야 합니다. 장부를 고치고 다시 실행하세요.",
                "An earlier line has the same bill id, and this one was not compared. A bill is paid once: if both \
                 lines are booked, one is too many. Correct the ledger and run again.",
            ),
        ),
        Class::UnreadableLine => (
            words("읽을 수 없는 행", "Unreadable line"),
            "books",
            words(
                "행을 읽을 수 없어 조회하지 않았습니다. 목록의 이유를 보고 장부를 고친 뒤 다시 실행하세요.",
                "The line cannot be read, and nothing was asked about it. Correct it in the ledger, by the reason in \
                 the list, and run again.",
            ),
        ),
        Class::CouldNotBeRead => (
            words("조회 실패", "Could not be read"),
            "unread",
            words(
                "일치도 불일치도 아닙니다. 결제선생에 조회하지 못했거나 응답을 읽을 수 없었습니다. 이 결과로 장부를 고치거나 돈을 \
                 돌려주지 말고, 다시 실행하세요.",
                "Neither agreement nor a mismatch: PaySsam could not be asked, or its response cannot be read. Correct \
                 nothing and pay nothing back because of it; run again.",
            ),
        ),
    }
}
