//! What an API may add other than bodies: parameters, security, methods, servers.

use serde_json::{Value, json};

use super::super::case::*;
use openapi_compare::finding::Level::{Breaking, Doc, Info, Review, Warn};

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    Case {
        name: "optional-header",
        change: |site| site.operation(CANCEL, |it| it["parameters"] = json!([parameter("header", "X-Request-Id", false)])),
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "required-header",
        change: |site| site.operation(CANCEL, |it| it["parameters"] = json!([parameter("header", "X-Signature", true)])),
        expect: builds(&[REQUESTS], PATCH, Breaking),
    },
    Case {
        name: "optional-query-parameter",
        change: |site| site.operation(READ, |it| it["parameters"] = json!([parameter("query", "lang", false)])),
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "required-query-parameter",
        change: |site| site.operation(READ, |it| it["parameters"] = json!([parameter("query", "page", true)])),
        expect: builds(&[REQUESTS], PATCH, Breaking),
    },
    Case {
        name: "required-cookie",
        change: |site| site.operation(READ, |it| it["parameters"] = json!([parameter("cookie", "SESSION", true)])),
        expect: builds(&[REQUESTS], PATCH, Breaking),
    },
    Case {
        name: "required-header-of-a-path",
        change: |site| site.spec(READ, |spec| {
            spec["paths"]["/bill/read"]["parameters"] = json!([parameter("header", "X-Partner", true)]);
        }),
        expect: builds(&[REQUESTS], PATCH, Breaking),
    },
    Case {
        name: "required-header-by-reference",
        change: |site| site.spec(READ, |spec| {
            spec["components"]["parameters"] = json!({"Trace": parameter("header", "X-Trace", true)});
            spec["paths"]["/bill/read"]["post"]["parameters"] = json!([{"$ref": "#/components/parameters/Trace"}]);
        }),
        expect: builds(&[REQUESTS], PATCH, Breaking),
    },
    Case {
        name: "header-that-is-a-media-type",
        change: |site| site.operation(READ, |it| it["parameters"] = json!([parameter("header", "Accept", false)])),
        expect: UNCHANGED,
    },
    Case {
        name: "security-of-everything",
        change: |site| site.specs(|spec| {
            spec["security"] = json!([{"bearerAuth": []}]);
            spec["components"]["securitySchemes"] = json!({"bearerAuth": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}});
        }),
        expect: builds(&[REQUESTS], PATCH, Breaking),
    },
    Case {
        name: "security-of-an-operation",
        change: |site| site.spec(CANCEL, |spec| {
            spec["paths"]["/bill/cancel"]["post"]["security"] = json!([{"key": []}]);
            spec["components"]["securitySchemes"] = json!({"key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}});
        }),
        expect: builds(&[REQUESTS], PATCH, Breaking),
    },
    Case {
        name: "security-that-is-optional",
        change: |site| site.spec(CANCEL, |spec| {
            spec["paths"]["/bill/cancel"]["post"]["security"] = json!([{"key": []}, {}]);
            spec["components"]["securitySchemes"] = json!({"key": {"type": "apiKey", "in": "query", "name": "k"}});
        }),
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "request-in-xml-alone",
        change: |site| site.operation(CANCEL, |it| {
            let content = &mut it["requestBody"]["content"];
            *content = json!({"application/xml": content["application/json"]});
        }),
        expect: builds(&[PINS, PROPERTIES, REQUESTS], PATCH, Breaking),
    },
    Case {
        name: "request-in-xml-too",
        change: |site| site.operation(CANCEL, |it| {
            let content = &mut it["requestBody"]["content"];
            content["application/xml"] = content["application/json"].clone();
        }),
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "request-optional",
        change: |site| site.operation(CANCEL, |it| it["requestBody"]["required"] = json!(false)),
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "request-of-json-with-a-charset",
        change: |site| site.operation(CANCEL, |it| {
            let content = &mut it["requestBody"]["content"];
            *content = json!({"application/json;charset=UTF-8": content["application/json"]});
        }),
        expect: UNCHANGED,
    },
    Case {
        name: "request-gone",
        change: |site| site.operation(READ, |it| drop(it.as_object_mut().and_then(|it| it.shift_remove("requestBody")))),
        expect: builds(&[PROPERTIES, REQUESTS], PATCH, Breaking),
    },
    Case {
        name: "further-method-of-a-path",
        change: |site| site.spec(READ, |spec| spec["paths"]["/bill/read"]["get"] = json!({
            "operationId": "billRead_1",
            "parameters": [parameter("query", "billId", true)],
            "responses": {"200": {"description": "성공", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/BaseResponseBillReadPortResponse"}}}}},
        })),
        expect: builds(&[OPERATIONS], PATCH, Review),
    },
    Case {
        name: "every-method-of-a-path",
        change: |site| site.spec(READ, |spec| for method in ["get", "put", "delete", "options", "head", "patch", "trace"] {
            spec["paths"]["/bill/read"][method] = json!({"responses": {"default": {"description": "?"}}});
        }),
        expect: builds(&[OPERATIONS], PATCH, Review),
    },
    Case {
        name: "parameter-in-a-path",
        change: |site| site.spec(READ, |spec| spec["paths"]["/bill/{billId}"] = json!({"get": {
            "operationId": "bill",
            "parameters": [parameter("path", "billId", true)],
            "responses": {"200": {"description": "성공"}},
        }})),
        expect: builds(&[OPERATIONS], PATCH, Review),
    },
    Case {
        name: "several-servers",
        change: |site| site.specs(|spec| spec["servers"] = json!([
            {"url": "https://sandbox.paymint.co.kr/partner", "description": "샌드박스"},
            {"url": "https://{host}/partner", "variables": {"host": {"default": "api.paymint.co.kr"}}},
        ])),
        expect: builds(&[], NONE, Warn),
    },
    Case {
        name: "no-servers",
        change: |site| site.specs(|spec| drop(spec.as_object_mut().and_then(|spec| spec.shift_remove("servers")))),
        expect: UNCHANGED,
    },
    Case {
        name: "servers-of-an-operation",
        change: |site| site.operation(READ, |it| it["servers"] = json!([{"url": "https://read.paymint.co.kr"}])),
        expect: builds(&[], NONE, Warn),
    },
    Case {
        name: "descriptions-that-are-null",
        change: |site| {
            site.say("BillReadPortResponse", "catId", &json!({"title": "단말기"}));
            site.property("BillReadPortResponse", "apprIssuer", |it| it["description"] = Value::Null);
            site.specs(|spec| spec["servers"][0]["description"] = Value::Null);
            site.operation(READ, |it| it["summary"] = Value::Null);
        },
        expect: builds(&[], PATCH, Doc),
    },
    Case {
        name: "operation-deprecated",
        change: |site| site.operation(CANCEL, |it| it["deprecated"] = json!(true)),
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "webhooks-and-callbacks",
        change: |site| {
            site.specs(|spec| spec["webhooks"] = json!({"paid": {"post": {"responses": {"200": {"description": "ok"}}}}}));
            site.operation(READ, |it| it["callbacks"] = json!({"paid": {"{$request.body#/url}": {"post": {"responses": {"200": {"description": "ok"}}}}}}));
        },
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "extensions-everywhere",
        change: |site| {
            site.specs(|spec| {
                spec["x-generator"] = json!("springdoc 3");
                spec["info"]["x-logo"] = json!({"url": "https://example.com/logo.png"});
            });
            site.operation(READ, |it| {
                it["x-reconstructed"] = json!(true);
                it["x-unsupported"] = json!(["everything"]);
                it["x-response"] = json!("#/components/schemas/Nowhere");
            });
            site.say("CancelBillInfo", "price", &json!({"x-order": 3}));
        },
        expect: builds(&[], NONE, Warn),
    },
    Case {
        name: "request-of-any-media-type",
        change: |site| site.operation(READ, |it| {
            let content = &mut it["requestBody"]["content"];
            *content = json!({"*/*": content["application/json"]});
        }),
        expect: builds(&[], NONE, Info),
    },
];

fn parameter(place: &str, name: &str, required: bool) -> Value {
    json!({"in": place, "name": name, "required": required, "schema": {"type": "string"}})
}
