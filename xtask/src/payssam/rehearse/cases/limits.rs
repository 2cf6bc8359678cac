//! Limits, patterns, formats and defaults.

use serde_json::json;

use super::super::case::*;
use openapi_compare::finding::Level::{Breaking, Info, Review, Warn};

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    Case {
        name: "limit-of-the-bill-id-wider",
        change: |site| {
            site.say("ReadBillInfo", "billId", &json!({"maxLength": 40}));
            site.say("CancelBillInfo", "billId", &json!({"maxLength": 40}));
        },
        expect: builds(&[LIMITS], MINOR, Info),
    },
    Case {
        name: "limit-of-the-member-tighter",
        change: |site| site.say("BillReadPortRequest", "member", &json!({"maxLength": 30})),
        expect: builds(&[LIMITS], PATCH, Breaking),
    },
    Case {
        name: "limit-of-the-key-gone",
        change: |site| site.say("BillCancelPortRequest", "apiKey", &json!({"maxLength": null})),
        expect: builds(&[LIMITS], MINOR, Info),
    },
    Case {
        name: "limit-of-the-reason-tighter",
        change: |site| site.say("CancelBillInfo", "cancelReason", &json!({"maxLength": 10, "minLength": 2})),
        expect: builds(&[LIMITS], PATCH, Breaking),
    },
    Case {
        name: "limit-of-the-price-new",
        change: |site| site.say("CancelBillInfo", "price", &json!({"maxLength": 10})),
        expect: builds(&[LIMITS], PATCH, Breaking),
    },
    Case {
        name: "limit-of-the-price-so-tight-that-nothing-fits",
        change: |site| site.say("CancelBillInfo", "price", &json!({"minLength": 5, "maxLength": 4})),
        expect: builds(&[LIMITS], PATCH, Breaking),
    },
    Case {
        name: "limit-beyond-all-numbers",
        change: |site| site.say("CancelBillInfo", "price", &json!({"maxLength": 9_223_372_036_854_775_807_u64})),
        expect: builds(&[LIMITS], PATCH, Breaking),
    },
    Case {
        name: "pattern-of-the-price",
        change: |site| site.say("CancelBillInfo", "price", &json!({"pattern": "^[0-9]+$"})),
        expect: builds(&[LIMITS], PATCH, Breaking),
    },
    Case {
        name: "pattern-of-the-bill-id",
        change: |site| {
            site.say("ReadBillInfo", "billId", &json!({"pattern": "^[A-Za-z0-9_-]{1,20}$"}));
            site.say("CancelBillInfo", "billId", &json!({"pattern": "^[A-Za-z0-9_-]{1,20}$"}));
        },
        expect: builds(&[LIMITS], PATCH, Breaking),
    },
    Case {
        name: "pattern-that-looks-ahead",
        change: |site| site.say("CancelBillInfo", "price", &json!({"pattern": "^(?=.*[0-9])(?!0)\\d{1,9}$"})),
        expect: builds(&[LIMITS], PATCH, Breaking),
    },
    Case {
        name: "pattern-of-a-response",
        change: |site| site.say("BillReadPortResponse", "apprDt", &json!({"pattern": "^\\d{14}$"})),
        expect: builds(&[], PATCH, Review),
    },
    Case {
        name: "date-in-a-response",
        change: |site| site.say("BillReadPortResponse", "apprDt", &json!({"format": "date"})),
        expect: builds(&[], PATCH, Warn),
    },
    Case {
        name: "time-in-a-response",
        change: |site| site.say("BillCancelPortResponse", "apprCancelDt", &json!({"format": "date-time"})),
        expect: builds(&[], PATCH, Warn),
    },
    Case {
        name: "uuid-in-a-request",
        change: |site| {
            site.say("ReadBillInfo", "billId", &json!({"format": "uuid"}));
            site.say("CancelBillInfo", "billId", &json!({"format": "uuid"}));
        },
        expect: builds(&[LIMITS], PATCH, Breaking),
    },
    Case {
        name: "date-in-a-request",
        change: |site| site.say("CancelBillInfo", "cancelReason", &json!({"format": "date"})),
        expect: builds(&[LIMITS], PATCH, Breaking),
    },
    Case {
        name: "number-in-the-text-of-a-request",
        change: |site| site.say("CancelBillInfo", "price", &json!({"format": "int64"})),
        expect: builds(&[LIMITS], PATCH, Breaking),
    },
    Case {
        name: "format-of-their-own",
        change: |site| site.say("CancelBillInfo", "price", &json!({"format": "won"})),
        expect: builds(&[LIMITS], PATCH, Breaking),
    },
    Case {
        name: "default-in-a-request",
        change: |site| site.say("CancelBillInfo", "cancelReason", &json!({"default": "고객 요청"})),
        expect: builds(&[], PATCH, Review),
    },
    Case {
        name: "default-of-a-required-field",
        change: |site| site.say("BillReadPortRequest", "member", &json!({"default": "본점"})),
        expect: builds(&[], PATCH, Review),
    },
    Case {
        name: "default-that-breaks-its-own-limit",
        change: |site| site.say("CancelBillInfo", "cancelReason", &json!({"default": "가나다라마바사아자차카타파하가나다라마바사아자차"})),
        expect: builds(&[], PATCH, Review),
    },
    Case {
        name: "default-in-a-response",
        change: |site| site.say("BillReadPortResponse", "apprState", &json!({"default": "W"})),
        expect: builds(&[], PATCH, Review),
    },
    Case {
        name: "constant-in-a-response",
        change: |site| site.say("BaseResponseBillReadPortResponse", "code", &json!({"const": "0000"})),
        expect: builds(&[], PATCH, Review),
    },
    Case {
        name: "bounds-of-a-new-number",
        change: |site| site.add("CancelBillInfo", "months", &json!({"type": "integer", "exclusiveMinimum": 0, "maximum": 12, "multipleOf": 3})),
        expect: builds(&[PROPERTIES], PATCH, Info),
    },
];
