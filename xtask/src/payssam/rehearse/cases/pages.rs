//! Pages that are split, joined, moved or new, and the first pages of reconstructed operations.

use serde_json::{Value, json};

use super::super::case::*;
use super::super::site::{page_of, spec_of};
use crate::payssam::exit;
use openapi_compare::finding::Level::{Breaking, Info, Review};

/// The specs that a page of a reconstructed operation changes: names, words and provenance.
const PUBLISHED: Expect = builds(&[], PATCH, Info);

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    Case {
        name: "page-split",
        change: |site| {
            let page = site.withdraw("acceptance");
            let (cancel, read) = page.split_once("## 청구서 단건 조회").expect("the heading of the read");
            site.publish("acceptance", cancel);
            site.publish("inquiry", format!("# 조회\n\n## 청구서 단건 조회{read}"));
        },
        expect: builds(&[PINS], NONE, Review),
    },
    Case {
        name: "page-split-into-two-new-ones",
        change: |site| {
            let page = site.withdraw("acceptance");
            let (cancel, read) = page.split_once("## 청구서 단건 조회").expect("the heading of the read");
            site.publish("cancel", cancel);
            site.publish("inquiry", format!("# 조회\n\n## 청구서 단건 조회{read}"));
        },
        expect: builds(&[PINS], NONE, Review),
    },
    Case {
        name: "page-moved",
        change: |site| {
            let page = site.withdraw("acceptance");
            site.publish("payments", page);
        },
        expect: UNCHANGED,
    },
    Case {
        name: "page-joined-by-a-reconstructed-operation",
        change: |site| {
            let spec = site.springdoc("bill-destroy");
            site.page("acceptance").push_str(&page_of("\n## 청구서 파기", &[spec]));
        },
        expect: PUBLISHED,
    },
    Case {
        name: "page-gone-and-nothing-in-its-place",
        change: |site| {
            site.withdraw("acceptance");
            site.publish("guide", "# Guide\n");
        },
        expect: Expect::Refused { code: exit::UPSTREAM_UNREACHABLE, word: "acceptance" },
    },
    Case {
        name: "page-without-its-specs",
        change: |site| site.publish("acceptance", "# 수납 및 결제취소\n\n점검 중입니다.\n"),
        expect: refused("no spec on this page"),
    },
    Case {
        name: "page-cut-off-in-a-spec",
        change: |site| {
            let page = site.page("acceptance");
            let half = page.find("\"JsonNode\":{}").expect("the end of the last spec");
            page.truncate(half);
        },
        expect: refused("not valid JSON"),
    },
    Case {
        name: "page-of-bill-rp",
        change: |site| site.publish("recurring", page_of("# 정기결제", &[recurring("/bill/rp")])),
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "page-joined-by-bill-rp",
        change: |site| site.page("acceptance").push_str(&page_of("\n## 정기결제", &[recurring("/bill/rp")])),
        expect: builds(&[OPERATIONS], PATCH, Review),
    },
    Case {
        name: "page-joined-by-bill-dash-read",
        change: |site| site.page("acceptance").push_str(&page_of("\n## 조회", &[recurring("/bill-read")])),
        expect: builds(&[OPERATIONS], PATCH, Review),
    },
    Case {
        name: "page-joined-by-paths-that-look-alike",
        change: |site| for path in ["/bill_read", "/billRead", "/Bill/read", "/bill/read/", "/bill.read", "/bill/underscore/read", "/1/dash"] {
            site.page("acceptance").push_str(&page_of("\n## 조회", &[recurring(path)]));
        },
        expect: builds(&[OPERATIONS], PATCH, Review),
    },
    Case {
        name: "page-of-bill-send",
        change: |site| site.publish_reconstruction("bill-send"),
        expect: PUBLISHED,
    },
    Case {
        name: "page-of-bill-resend",
        change: |site| site.publish_reconstruction("bill-resend"),
        expect: PUBLISHED,
    },
    Case {
        name: "page-of-bill-destroy",
        change: |site| site.publish_reconstruction("bill-destroy"),
        expect: PUBLISHED,
    },
    Case {
        name: "page-of-receipt-issue",
        change: |site| site.publish_reconstruction("receipt-issue"),
        expect: PUBLISHED,
    },
    Case {
        name: "page-of-receipt-cancel",
        change: |site| site.publish_reconstruction("receipt-cancel"),
        expect: PUBLISHED,
    },
    Case {
        name: "page-of-receipt-read",
        change: |site| site.publish_reconstruction("receipt-read"),
        expect: PUBLISHED,
    },
    Case {
        name: "page-of-points-partner",
        change: |site| site.publish_reconstruction("points-partner"),
        expect: PUBLISHED,
    },
    Case {
        name: "page-of-points-merchant",
        change: |site| site.publish_reconstruction("points-merchant"),
        expect: PUBLISHED,
    },
    Case {
        name: "page-of-mapping-open",
        change: |site| site.publish_reconstruction("mapping-open"),
        expect: PUBLISHED,
    },
    Case {
        name: "pages-of-everything-reconstructed",
        change: |site| for reconstruction in site.reconstructions() {
            site.publish_reconstruction(&reconstruction);
        },
        expect: PUBLISHED,
    },
    Case {
        name: "page-of-everything-reconstructed",
        change: |site| {
            let specs: Vec<Value> = site.reconstructions().iter().map(|reconstruction| site.springdoc(reconstruction)).collect();
            site.publish("bills", page_of("# 청구서", &specs));
        },
        expect: PUBLISHED,
    },
    Case {
        name: "page-of-bill-send-with-other-fields",
        change: |site| {
            site.publish_reconstruction("bill-send");
            site.add("BillToSendInfo", "smsYn", &json!({"type": "string", "enum": ["Y", "N"]}));
            site.say("BillToSendInfo", "sendType", &json!({"enum": ["TALK", "URL", "SMS"]}));
            site.take("BillToSendInfo", "message");
            site.require("BillToSendInfo", "expireDt");
        },
        expect: builds(&[LIMITS, PROPERTIES, REQUESTS], MINOR, Breaking),
    },
    Case {
        name: "operation-gone",
        change: |site| {
            let page = site.page("acceptance");
            let read = page.find("## 청구서 단건 조회").expect("the heading of the read");
            page.truncate(read);
        },
        expect: builds(&[DATE_FORMS, GETTERS, MOVES, OPERATIONS, PINS, PROPERTIES, REQUESTS, STATES], PATCH, Breaking),
    },
    Case {
        name: "path-in-korean",
        change: |site| site.page("acceptance").push_str(&page_of("\n## 조회", &[recurring("/청구서/조회")])),
        expect: refused("/청구서/조회"),
    },
    Case {
        name: "page-in-openapi-3-0",
        change: |site| {
            let mut spec = site.springdoc("receipt-read");
            spec["openapi"] = "3.0.1".into();
            spec["components"]["schemas"]["ReceiptToReadInfo"]["properties"]["price"]["nullable"] = true.into();
            site.publish("receipt", page_of("# 현금영수증 조회", &[spec]));
        },
        expect: PUBLISHED,
    },
    Case {
        name: "page-of-receipt-issue-with-numbers",
        change: |site| {
            site.publish_reconstruction("receipt-issue");
            site.retype("ReceiptToIssueInfo", "trader", &json!({"type": "integer", "enum": [0, 1]}));
            site.retype("ReceiptToIssueInfo", "price", &json!({"type": "integer", "format": "int64", "minimum": 1}));
        },
        expect: builds(&[LIMITS, TYPES], PATCH, Breaking),
    },
];

fn recurring(path: &str) -> Value {
    let request = json!({
        "type": "object",
        "properties": {"apiKey": {"type": "string", "maxLength": 32}, "customer": {"type": "string"}},
        "required": ["apiKey"],
    });
    spec_of(
        path,
        "post",
        request,
        json!({"type": "object", "properties": {"url": {"type": "string"}}}),
    )
}
