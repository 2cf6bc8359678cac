//! Fields that are added, removed and changed, in the envelope, in the bill and in the data of a response.

use serde_json::json;

use super::super::case::*;
use openapi_compare::finding::Level::{Breaking, Info, Review};

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    Case {
        name: "nothing-changed",
        change: |_| (),
        expect: UNCHANGED,
    },
    // Added fields.
    Case {
        name: "optional-field-of-the-envelope",
        change: |site| site.add("BillCancelPortRequest", "channel", &json!({"type": "string", "maxLength": 10})),
        expect: builds(&[PROPERTIES], PATCH, Info),
    },
    Case {
        name: "optional-field-of-a-bill",
        change: |site| site.add("CancelBillInfo", "memo", &json!({"type": "string", "maxLength": 50, "minLength": 0})),
        expect: builds(&[PROPERTIES], PATCH, Info),
    },
    Case {
        name: "optional-object-of-a-bill",
        change: |site| site.add("CancelBillInfo", "refundAccount", &json!({
            "type": "object",
            "properties": {"bank": {"type": "string"}, "number": {"type": "string"}},
            "required": ["bank", "number"],
        })),
        expect: builds(&[PROPERTIES], PATCH, Info),
    },
    Case {
        name: "required-field-of-the-envelope",
        change: |site| {
            site.add("BillReadPortRequest", "channel", &json!({"type": "string"}));
            site.require("BillReadPortRequest", "channel");
        },
        expect: builds(&[PROPERTIES, REQUESTS], PATCH, Breaking),
    },
    Case {
        name: "required-field-of-a-bill",
        change: |site| {
            site.add("CancelBillInfo", "terminalId", &json!({"type": "string", "minLength": 1}));
            site.require("CancelBillInfo", "terminalId");
        },
        expect: builds(&[PROPERTIES, REQUESTS], PATCH, Breaking),
    },
    Case {
        name: "field-of-a-response",
        change: |site| site.add("BillReadPortResponse", "apprVat", &json!({"type": "string", "description": "부가세"})),
        expect: builds(&[GETTERS, PROPERTIES], PATCH, Info),
    },
    Case {
        name: "object-of-a-response",
        change: |site| site.add("BillCancelPortResponse", "points", &json!({
            "type": "object",
            "properties": {"used": {"type": "integer", "format": "int32"}, "left": {"type": "integer", "format": "int64"}},
        })),
        expect: builds(&[GETTERS, PROPERTIES], PATCH, Info),
    },
    Case {
        name: "list-of-a-response",
        change: |site| site.add("BillReadPortResponse", "history", &json!({
            "type": "array",
            "items": {"type": "object", "properties": {"state": {"type": "string"}, "at": {"type": "string", "format": "date-time"}}},
        })),
        expect: builds(&[GETTERS, PROPERTIES], PATCH, Info),
    },
    Case {
        name: "field-beside-the-data-of-a-response",
        change: |site| site.add("BaseResponseBillReadPortResponse", "traceId", &json!({"type": "string", "format": "uuid"})),
        expect: builds(&[PROPERTIES], PATCH, Info),
    },
    // Removed fields.
    Case {
        name: "optional-field-of-a-bill-gone",
        change: |site| site.take("CancelBillInfo", "cancelReason"),
        expect: builds(&[PROPERTIES, REQUESTS], PATCH, Breaking),
    },
    Case {
        name: "required-field-of-a-bill-gone",
        change: |site| site.take("CancelBillInfo", "price"),
        expect: builds(&[PINS, PROPERTIES, REQUESTS], PATCH, Breaking),
    },
    Case {
        name: "field-of-the-envelope-gone",
        change: |site| site.take("BillReadPortRequest", "merchant"),
        expect: builds(&[PROPERTIES, REQUESTS], PATCH, Breaking),
    },
    Case {
        name: "bill-gone-from-the-envelope",
        change: |site| site.take("BillReadPortRequest", "bill"),
        expect: builds(&[PROPERTIES, REQUESTS], PATCH, Breaking),
    },
    Case {
        name: "field-of-a-response-gone",
        change: |site| site.take("BillReadPortResponse", "apprOriginDt"),
        expect: builds(&[GETTERS, PINS, PROPERTIES], PATCH, Breaking),
    },
    Case {
        name: "state-gone-from-a-response",
        change: |site| site.take("BillReadPortResponse", "apprState"),
        expect: builds(&[GETTERS, PINS, PROPERTIES, STATES], PATCH, Breaking),
    },
    Case {
        name: "field-of-a-response-renamed",
        change: |site| site.replace("\"catId\"", "\"terminalId\""),
        expect: builds(&[GETTERS, PROPERTIES], PATCH, Breaking),
    },
    Case {
        name: "message-of-a-response-renamed",
        change: |site| site.replace("\"message\"", "\"msg\""),
        expect: builds(&[PINS, PROPERTIES], PATCH, Breaking),
    },
    Case {
        name: "data-of-a-response-gone",
        change: |site| site.take("BaseResponseBillCancelPortResponse", "data"),
        expect: builds(&[DATE_FORMS, GETTERS, PINS, PROPERTIES], PATCH, Breaking),
    },
    // Other types.
    Case {
        name: "price-of-a-request-integer",
        change: |site| site.retype("CancelBillInfo", "price", &json!({"type": "integer", "format": "int64", "minimum": 1})),
        expect: builds(&[LIMITS, TYPES], PATCH, Breaking),
    },
    Case {
        name: "price-of-a-request-number",
        change: |site| site.retype("CancelBillInfo", "price", &json!({"type": "number"})),
        expect: builds(&[LIMITS, TYPES], PATCH, Breaking),
    },
    Case {
        name: "key-of-the-envelope-integer",
        change: |site| site.retype("BillReadPortRequest", "apiKey", &json!({"type": "integer", "format": "int32"})),
        expect: builds(&[LIMITS, TYPES], PATCH, Breaking),
    },
    Case {
        name: "reason-of-a-request-boolean",
        change: |site| site.retype("CancelBillInfo", "cancelReason", &json!({"type": "boolean"})),
        expect: builds(&[LIMITS, TYPES], PATCH, Breaking),
    },
    Case {
        name: "reason-of-a-request-object",
        change: |site| site.retype("CancelBillInfo", "cancelReason", &json!({
            "type": "object",
            "properties": {"code": {"type": "string"}, "text": {"type": "string"}},
        })),
        expect: builds(&[LIMITS, PROPERTIES, REQUESTS, TYPES], PATCH, Breaking),
    },
    Case {
        name: "reason-of-a-request-list",
        change: |site| site.retype("CancelBillInfo", "cancelReason", &json!({"type": "array", "items": {"type": "string"}})),
        expect: builds(&[LIMITS, REQUESTS, TYPES], PATCH, Breaking),
    },
    Case {
        name: "reason-of-a-request-any-type",
        change: |site| site.retype("CancelBillInfo", "cancelReason", &json!({})),
        expect: builds(&[LIMITS, TYPES], MINOR, Info),
    },
    Case {
        name: "bill-of-a-request-list",
        change: |site| site.property("BillReadPortRequest", "bill", |bill| {
            *bill = json!({"type": "array", "items": {"$ref": "#/components/schemas/ReadBillInfo"}});
        }),
        expect: builds(&[PROPERTIES, REQUESTS, TYPES], PATCH, Breaking),
    },
    Case {
        name: "price-of-a-response-integer",
        change: |site| site.retype("BillReadPortResponse", "apprPrice", &json!({"type": "integer", "format": "int64"})),
        expect: builds(&[TYPES], PATCH, Breaking),
    },
    Case {
        name: "months-of-a-response-number",
        change: |site| site.retype("BillReadPortResponse", "apprMonthly", &json!({"type": "number", "format": "double"})),
        expect: builds(&[TYPES], PATCH, Breaking),
    },
    Case {
        name: "field-of-a-response-boolean",
        change: |site| site.retype("BillReadPortResponse", "apprCashTrader", &json!({"type": "boolean"})),
        expect: builds(&[TYPES], PATCH, Breaking),
    },
    Case {
        name: "field-of-a-response-object",
        change: |site| site.retype("BillReadPortResponse", "apprIssuer", &json!({
            "type": "object",
            "properties": {"name": {"type": "string"}},
        })),
        expect: builds(&[PROPERTIES, TYPES], PATCH, Breaking),
    },
    Case {
        name: "field-of-a-response-list",
        change: |site| site.retype("BillReadPortResponse", "apprIssuerNum", &json!({"type": "array", "items": {"type": "string"}})),
        expect: builds(&[TYPES], PATCH, Breaking),
    },
    Case {
        name: "code-of-a-response-integer",
        change: |site| site.retype("BaseResponseBillReadPortResponse", "code", &json!({"type": "integer", "format": "int32"})),
        expect: builds(&[TYPES], PATCH, Breaking),
    },
    // Nullable and required.
    Case {
        name: "field-of-a-request-nullable",
        change: |site| site.say("CancelBillInfo", "cancelReason", &json!({"type": ["string", "null"]})),
        expect: builds(&[], PATCH, Info),
    },
    Case {
        name: "field-of-the-envelope-nullable",
        change: |site| site.say("BillReadPortRequest", "member", &json!({"type": ["string", "null"]})),
        expect: builds(&[], PATCH, Info),
    },
    Case {
        name: "field-of-a-response-nullable",
        change: |site| site.say("BillReadPortResponse", "apprDt", &json!({"type": ["string", "null"]})),
        expect: builds(&[], PATCH, Breaking),
    },
    Case {
        name: "text-or-number",
        change: |site| site.say("CancelBillInfo", "price", &json!({"type": ["string", "integer"]})),
        expect: builds(&[TYPES], PATCH, Info),
    },
    Case {
        name: "reason-of-a-request-required",
        change: |site| site.require("CancelBillInfo", "cancelReason"),
        expect: builds(&[], PATCH, Breaking),
    },
    Case {
        name: "bill-of-a-request-required",
        change: |site| site.require("BillReadPortRequest", "bill"),
        expect: builds(&[], PATCH, Breaking),
    },
    Case {
        name: "hash-of-a-request-optional",
        change: |site| site.class("CancelBillInfo", |class| class["required"] = json!(["billId", "price"])),
        expect: builds(&[], MINOR, Info),
    },
    Case {
        name: "fields-of-a-response-required",
        change: |site| {
            site.require("BaseResponseBillReadPortResponse", "data");
            site.require("BillReadPortResponse", "apprState");
        },
        expect: builds(&[], PATCH, Info),
    },
    // Lists of values.
    Case {
        name: "reason-of-a-request-enum",
        change: |site| site.say("CancelBillInfo", "cancelReason", &json!({"enum": ["고객 요청", "CUSTOMER", "2nd-try", ""]})),
        expect: builds(&[LIMITS], PATCH, Breaking),
    },
    Case {
        name: "state-of-a-response-enum",
        change: |site| site.say("BillReadPortResponse", "apprState", &json!({"enum": ["F", "W", "C", "D"]})),
        expect: builds(&[], PATCH, Review),
    },
    Case {
        name: "key-of-the-envelope-write-only",
        change: |site| site.say("BillReadPortRequest", "apiKey", &json!({"writeOnly": true})),
        expect: builds(&[], PATCH, Info),
    },
    Case {
        name: "field-of-a-response-deprecated",
        change: |site| site.say("BillReadPortResponse", "apprCardType", &json!({"deprecated": true})),
        expect: builds(&[], PATCH, Info),
    },
    Case {
        name: "no-further-fields-allowed",
        change: |site| site.class("BillReadPortResponse", |class| class["additionalProperties"] = json!(false)),
        expect: builds(&[], PATCH, Info),
    },
    Case {
        name: "custom-item-of-any-kind-of-text",
        change: |site| site.class("JsonNode", |class| *class = json!({"type": "object", "additionalProperties": {"type": "string"}})),
        expect: builds(&[TYPES], PATCH, Info),
    },
    Case {
        name: "request-put-together-of-two",
        change: |site| site.spec(CANCEL, |spec| {
            let classes = &mut spec["components"]["schemas"];
            let mut whole = classes["BillCancelPortRequest"].take();
            let bill = whole["properties"]["bill"].take();
            whole["properties"].as_object_mut().expect("properties").shift_remove("bill");
            classes["PartnerRequest"] = whole;
            classes["BillCancelPortRequest"] = json!({"allOf": [
                {"$ref": "#/components/schemas/PartnerRequest"},
                {"type": "object", "properties": {"bill": bill}},
            ]});
        }),
        expect: Expect::Builds { decisions: &[], release: PATCH, worst: None },
    },
    Case {
        name: "bill-of-a-request-one-of-two",
        change: |site| site.spec(CANCEL, |spec| {
            let classes = &mut spec["components"]["schemas"];
            classes["CancelByNumber"] = json!({
                "type": "object",
                "properties": {"kind": {"type": "string"}, "billNo": {"type": "string"}},
                "required": ["kind", "billNo"],
            });
            classes["BillCancelPortRequest"]["properties"]["bill"] = json!({
                "oneOf": [
                    {"$ref": "#/components/schemas/CancelBillInfo"},
                    {"$ref": "#/components/schemas/CancelByNumber"},
                ],
                "discriminator": {"propertyName": "kind"},
            });
        }),
        expect: builds(&[PROPERTIES], PATCH, Info),
    },
    Case {
        name: "bill-of-a-request-or-null",
        change: |site| site.property("BillReadPortRequest", "bill", |bill| {
            *bill = json!({"anyOf": [bill.take(), {"type": "null"}]});
        }),
        expect: builds(&[], PATCH, Info),
    },
];
