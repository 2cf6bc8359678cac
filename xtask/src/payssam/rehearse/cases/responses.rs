//! Which responses are documented, and how.

use serde_json::{Value, json};

use super::super::case::*;
use openapi_compare::finding::Level::{self, Breaking, Info};

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    Case {
        name: "http-400-documented",
        change: |site| site.operation(CANCEL, |it| it["responses"]["400"] = failure("잘못된 요청")),
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "http-400-404-and-500-documented-everywhere",
        change: |site| for operation in [CANCEL, READ] {
            site.operation(operation, |it| for code in ["400", "404", "500"] {
                it["responses"][code] = failure("실패");
            });
        },
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "default-response-documented",
        change: |site| site.operation(READ, |it| it["responses"]["default"] = failure("오류")),
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "range-of-responses-documented",
        change: |site| site.operation(READ, |it| it["responses"]["4XX"] = failure("오류")),
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "response-with-several-media-types",
        change: |site| site.operation(READ, |it| {
            let content = &mut it["responses"]["200"]["content"];
            content["application/xml"] = content["application/json"].clone();
            content["text/plain"] = json!({"schema": {"type": "string"}});
        }),
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "response-of-any-media-type",
        change: |site| site.operation(READ, |it| {
            let content = &mut it["responses"]["200"]["content"];
            *content = json!({"*/*": content["application/json"]});
        }),
        expect: builds(&[], NONE, Breaking),
    },
    Case {
        name: "response-without-body",
        change: |site| site.operation(CANCEL, |it| it["responses"]["200"] = json!({"description": "성공"})),
        expect: builds(&[DATE_FORMS, GETTERS, PINS, PROPERTIES], PATCH, Breaking),
    },
    Case {
        name: "http-204-beside-the-response",
        change: |site| site.operation(CANCEL, |it| it["responses"]["204"] = json!({"description": "없음"})),
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "http-201-instead",
        change: |site| site.operation(CANCEL, |it| {
            let response = it["responses"]["200"].clone();
            it["responses"] = json!({"201": response});
        }),
        expect: builds(&[], NONE, Breaking),
    },
    Case {
        name: "response-by-reference",
        change: |site| site.spec(READ, |spec| {
            let response = spec["paths"]["/bill/read"]["post"]["responses"]["200"].take();
            spec["components"]["responses"] = json!({"Read": response});
            spec["paths"]["/bill/read"]["post"]["responses"]["200"] = json!({"$ref": "#/components/responses/Read"});
        }),
        expect: UNCHANGED,
    },
    Case {
        name: "request-body-by-reference",
        change: |site| site.spec(READ, |spec| {
            let body = spec["paths"]["/bill/read"]["post"]["requestBody"].take();
            spec["components"]["requestBodies"] = json!({"Read": body});
            spec["paths"]["/bill/read"]["post"]["requestBody"] = json!({"$ref": "#/components/requestBodies/Read"});
        }),
        expect: UNCHANGED,
    },
    Case {
        name: "headers-of-a-response",
        change: |site| site.operation(READ, |it| {
            it["responses"]["200"]["headers"] = json!({"X-Request-Id": {"schema": {"type": "string"}, "description": "추적"}});
        }),
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "links-and-examples-of-a-response",
        change: |site| site.operation(READ, |it| {
            it["responses"]["200"]["content"]["application/json"]["examples"] = json!({"성공": {"value": {"code": "0000"}}});
            it["responses"]["200"]["links"] = json!({"cancel": {"operationId": "billCancel"}});
        }),
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "words-of-a-response",
        change: |site| site.replace("\"description\":\"성공\"", "\"description\":\"정상 처리\""),
        expect: builds(&[], PATCH, Level::Doc),
    },
    Case {
        name: "choice-of-responses",
        change: |site| site.operation(CANCEL, |it| {
            let schema = &mut it["responses"]["200"]["content"]["application/json"]["schema"];
            *schema = json!({"oneOf": [*schema, {"type": "object", "properties": {"error": {"type": "string"}}}]});
        }),
        expect: builds(&[PROPERTIES], PATCH, Breaking),
    },
    Case {
        name: "response-put-together-of-two",
        change: |site| site.operation(CANCEL, |it| {
            let schema = &mut it["responses"]["200"]["content"]["application/json"]["schema"];
            *schema = json!({"allOf": [*schema, {"type": "object", "properties": {"traceId": {"type": "string"}}}]});
        }),
        expect: builds(&[PROPERTIES], PATCH, Info),
    },
];

fn failure(description: &str) -> Value {
    json!({
        "description": description,
        "content": {"*/*": {"schema": {
            "type": "object",
            "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
        }}},
    })
}
