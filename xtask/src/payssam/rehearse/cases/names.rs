//! Names and order, which are not part of the API; classes that are shared, or contain themselves.

use serde_json::{Value, json};

use super::super::case::*;
use openapi_compare::finding::Level::{self, Breaking, Info};

const NO_CHANGE_OF_THE_API: Expect = UNCHANGED;

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    Case {
        name: "classes-renamed",
        change: |site| {
            for class in CLASSES {
                site.replace(&format!("/{class}\""), &format!("/{class}V2Dto\""));
                site.replace(&format!("\"{class}\":"), &format!("\"{class}V2Dto\":"));
            }
        },
        expect: NO_CHANGE_OF_THE_API,
    },
    Case {
        name: "classes-renamed-to-generics",
        change: |site| {
            for class in ["BaseResponseBillCancelPortResponse", "BaseResponseBillReadPortResponse"] {
                let name = class.replace("BaseResponse", "BaseResponse_") + "_.v2-beta";
                site.replace(&format!("/{class}\""), &format!("/{name}\""));
                site.replace(&format!("\"{class}\":"), &format!("\"{name}\":"));
            }
        },
        expect: NO_CHANGE_OF_THE_API,
    },
    Case {
        name: "classes-renamed-to-our-names",
        change: |site| {
            for (class, name) in [("BillReadPortRequest", "BillCancelRequest"), ("ReadBillInfo", "BillReadRequest")] {
                site.replace(&format!("/{class}\""), &format!("/{name}\""));
                site.replace(&format!("\"{class}\":"), &format!("\"{name}\":"));
            }
        },
        expect: NO_CHANGE_OF_THE_API,
    },
    Case {
        name: "equal-names-of-different-classes",
        change: |site| {
            for class in ["BaseResponseBillCancelPortResponse", "BaseResponseBillReadPortResponse"] {
                site.replace(class, "BaseResponse");
            }
            for class in ["CancelBillInfo", "ReadBillInfo"] {
                site.replace(class, "BillInfo");
            }
        },
        expect: NO_CHANGE_OF_THE_API,
    },
    Case {
        name: "classes-written-out-in-place",
        change: |site| site.specs(|spec| {
            let classes = spec["components"]["schemas"].clone();
            for class in ["ReadBillInfo", "CancelBillInfo", "BillReadPortRequest", "BillCancelPortRequest"] {
                write_out(spec, class, &classes[class]);
            }
        }),
        expect: NO_CHANGE_OF_THE_API,
    },
    Case {
        name: "class-shared-by-two-operations",
        change: |site| {
            site.spec(CANCEL, |spec| {
                let shared = json!({"type": "object", "properties": {"code": {"type": "string", "maxLength": 4}}});
                spec["components"]["schemas"]["Reason"] = shared;
            });
            site.spec(READ, |spec| {
                let shared = json!({"type": "object", "properties": {"code": {"type": "string", "maxLength": 4}}});
                spec["components"]["schemas"]["Reason"] = shared;
            });
            let reason = json!({"$ref": "#/components/schemas/Reason"});
            site.add("CancelBillInfo", "reason", &reason);
            site.add("ReadBillInfo", "reason", &reason);
        },
        expect: builds(&[PROPERTIES], PATCH, Info),
    },
    Case {
        name: "class-used-twice-in-an-operation",
        change: |site| {
            site.spec(CANCEL, |spec| {
                spec["components"]["schemas"]["Account"] = json!({
                    "type": "object",
                    "properties": {"bank": {"type": "string"}, "kind": {"type": "string", "enum": ["A", "B"]}},
                });
            });
            let account = json!({"$ref": "#/components/schemas/Account"});
            site.add("CancelBillInfo", "from", &account);
            site.add("CancelBillInfo", "to", &account);
        },
        expect: builds(&[PROPERTIES], PATCH, Info),
    },
    Case {
        name: "class-of-a-request-that-holds-itself",
        change: |site| site.add("CancelBillInfo", "parent", &json!({"$ref": "#/components/schemas/CancelBillInfo"})),
        expect: builds(&[PROPERTIES], PATCH, Info),
    },
    Case {
        name: "class-of-a-response-that-holds-itself",
        change: |site| site.add("BillReadPortResponse", "parts", &json!({
            "type": "array",
            "items": {"$ref": "#/components/schemas/BillReadPortResponse"},
        })),
        expect: builds(&[GETTERS, PROPERTIES], PATCH, Info),
    },
    Case {
        name: "fields-that-differ-in-case-alone",
        change: |site| {
            site.add("CancelBillInfo", "memo", &json!({"type": "string"}));
            site.add("CancelBillInfo", "Memo", &json!({"type": "string"}));
            site.add("CancelBillInfo", "me_mo", &json!({"type": "object", "properties": {"a": {"type": "string"}}}));
        },
        expect: builds(&[PROPERTIES], PATCH, Info),
    },
    Case {
        name: "fields-named-like-words-of-rust",
        change: |site| {
            for name in ["type", "self", "Self", "async", "_", "1st", "결제", "r#fn", ""] {
                site.add("CancelBillInfo", name, &json!({"type": "string"}));
            }
        },
        expect: builds(&[PROPERTIES], PATCH, Info),
    },
    Case {
        name: "operation-ids-renamed",
        change: |site| {
            site.replace("\"billCancel\"", "\"cancelBill_1\"");
            site.replace("\"billRead\"", "\"조회\"");
        },
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "operation-ids-doubled",
        change: |site| {
            site.replace("\"billCancel\"", "\"bill\"");
            site.replace("\"billRead\"", "\"bill\"");
        },
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "operation-ids-missing",
        change: |site| {
            for operation in [CANCEL, READ] {
                site.operation(operation, |it| drop(it.as_object_mut().and_then(|it| it.shift_remove("operationId"))));
            }
        },
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "tags-changed",
        change: |site| {
            site.replace("청구서 ERP 연동 (취소/조회)", "V2 청구서");
            site.specs(|spec| spec["tags"] = json!([{"name": "V2 청구서", "description": "청구서"}]));
        },
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "order-of-everything-else",
        change: |site| {
            site.specs(|spec| {
                if let Some(Value::Object(classes)) = spec.pointer_mut("/components/schemas") {
                    classes.sort_keys();
                }
            });
            let page = site.withdraw("acceptance");
            let (head, read) = page.split_once("## 청구서 단건 조회").expect("the heading of the read");
            let (top, cancel) = head.split_once("## 청구서 결제 취소").expect("the heading of the cancellation");
            site.publish("acceptance", format!("{top}## 청구서 단건 조회{read}\n## 청구서 결제 취소{cancel}"));
        },
        expect: NO_CHANGE_OF_THE_API,
    },
    Case {
        name: "title-of-the-api",
        change: |site| site.specs(|spec| spec["info"]["title"] = json!("결제선생 Partner API")),
        expect: builds(&[], PATCH, Level::Doc),
    },
    Case {
        name: "bill-gone-from-its-class",
        change: |site| {
            site.spec(READ, |spec| {
                spec["components"]["schemas"]["BillReadPortRequest"]["properties"]["bill"] = json!({"type": "object"});
            });
        },
        expect: builds(&[PROPERTIES], PATCH, Breaking),
    },
    Case {
        name: "operation-by-reference",
        change: |site| site.spec(READ, |spec| {
            let item = spec["paths"]["/bill/read"].take();
            spec["components"]["pathItems"] = json!({"Read": item});
            spec["paths"]["/bill/read"] = json!({"$ref": "#/components/pathItems/Read"});
        }),
        expect: UNCHANGED,
    },
];

const CLASSES: [&str; 9] = [
    "BillCancelPortRequest",
    "CancelBillInfo",
    "BaseResponseBillCancelPortResponse",
    "BillCancelPortResponse",
    "BillReadPortRequest",
    "ReadBillInfo",
    "BaseResponseBillReadPortResponse",
    "BillReadPortResponse",
    "JsonNode",
];

/// Puts a class in the place of each reference to it.
fn write_out(value: &mut Value, class: &str, schema: &Value) {
    if value["$ref"] == format!("#/components/schemas/{class}") {
        *value = schema.clone();
        return;
    }
    match value {
        Value::Object(object) => object
            .values_mut()
            .for_each(|it| write_out(it, class, schema)),
        Value::Array(items) => items.iter_mut().for_each(|it| write_out(it, class, schema)),
        _ => {}
    }
}
