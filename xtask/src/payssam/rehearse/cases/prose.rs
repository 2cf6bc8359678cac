//! Prose that carries a contract, and prose that does not.

use super::super::case::*;
use openapi_compare::finding::Level::{Doc, Info, Review};

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    Case {
        name: "hash-rule-changed",
        change: |site| site.replace("{bill_id} + \\\",\\\" + {price} 값으로", "{price} + \\\",\\\" + {bill_id} 값으로"),
        expect: builds(&[PINS], PATCH, Review),
    },
    Case {
        name: "new-state",
        change: |site| {
            site.replace("C(취소), D(파기)", "C(취소), D(파기), R(환불)");
            site.replace("C:취소, D:파기", "C:취소, D:파기, R:환불");
        },
        expect: builds(&[PINS, STATES], PATCH, Review),
    },
    Case {
        name: "new-move-between-states",
        change: |site| site.replace("W(미결제) -> D(파기)", "W(미결제) -> D(파기) -> W(미결제)"),
        expect: builds(&[MOVES, PINS], PATCH, Review),
    },
    Case {
        name: "state-gone-from-the-words",
        change: |site| site.replace("C:취소, D:파기", "C:취소"),
        expect: builds(&[PINS, STATES], PATCH, Review),
    },
    Case {
        name: "form-of-dates",
        change: |site| site.replace("승인 일시 (YYYYMMDDhhmmss)", "승인 일시 (YYYY-MM-DD hh:mm:ss)"),
        expect: builds(&[DATE_FORMS, PINS], PATCH, Review),
    },
    Case {
        name: "unit-of-the-price",
        change: |site| site.replace("\"승인 금액\"", "\"승인 금액 (전)\""),
        expect: builds(&[PINS], PATCH, Review),
    },
    Case {
        name: "rule-of-use-in-the-words-of-the-page-alone",
        change: |site| site.replace("> &#x20;   결제가 완료되지 않은 청구서는 사용할 수 없습니다.<br>", "> &#x20;   결제 당일에만 사용할 수 있습니다.<br>"),
        expect: builds(&[PINS], NONE, Review),
    },
    Case {
        name: "words-of-a-field-that-nobody-pinned",
        change: |site| site.replace("카드명 또는 은행명", "카드사 또는 은행 이름"),
        expect: builds(&[], PATCH, Doc),
    },
    Case {
        name: "words-at-the-top-of-the-page",
        change: |site| site.replace("# 수납 및 결제취소\n", "# 수납 및 결제취소\n\n새 안내입니다.\n"),
        expect: builds(&[], NONE, Doc),
    },
    Case {
        name: "new-result-code",
        change: |site| site.page("acceptance").push_str(
            "\n## 응답 코드\n\n| 코드 | 메시지 | 원인 |\n| --- | --- | --- |\n| BILL_009 | 이미 파기된 청구서입니다. | 파기 |\n",
        ),
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "markup-around-the-words",
        change: |site| site.replace("사용할 수 없습니다.<br>", "**사용할 수 없습니다.**"),
        expect: UNCHANGED,
    },
];
