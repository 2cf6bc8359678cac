//! Strings that try to become code: each stays plain data, or is refused.

use serde_json::{Value, json};

use super::super::case::*;
use super::super::site::{Site, page_of, spec_of};
use openapi_compare::finding::Level::{Breaking, Doc, Info, Review};

/// Ends of comments, of strings of every kind, of blocks and of lines; a test that rustdoc would run.
const HOSTILE: &str = "\n```\npanic!(\"a page became code\");\n```\n*/ \"# \"## }} {{ \\ \" ' \r\n#![x] //! \u{2028}\u{202e}";

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    Case {
        name: "version-with-a-fence",
        change: |site| site.specs(|spec| spec["info"]["version"] = json!(HOSTILE)),
        expect: refused("version"),
    },
    Case {
        name: "version-with-a-blank",
        change: |site| site.specs(|spec| spec["info"]["version"] = json!("v0 \"#")),
        expect: refused("version"),
    },
    Case {
        name: "version-that-moves",
        change: |site| site.specs(|spec| spec["info"]["version"] = json!("1.0.1")),
        expect: builds(&[], PATCH, Review),
    },
    Case {
        name: "path-with-a-fence",
        change: |site| {
            let spec = spec_of(&format!("/bill/{HOSTILE}"), "post", json!({"type": "object"}), json!({}));
            site.page("acceptance").push_str(&page_of("\n## 조회", &[spec]));
        },
        expect: refused("path"),
    },
    Case {
        name: "hostile-title-terms-contact-and-docs",
        change: |site| site.specs(|spec| {
            spec["info"] = json!({
                "title": HOSTILE, "version": "v0", "description": HOSTILE, "summary": HOSTILE,
                "termsOfService": HOSTILE,
                "contact": {"name": HOSTILE, "url": HOSTILE, "email": HOSTILE},
                "license": {"name": HOSTILE, "url": HOSTILE},
            });
            spec["externalDocs"] = json!({"url": HOSTILE, "description": HOSTILE});
            spec["tags"] = json!([{"name": HOSTILE, "description": HOSTILE, "externalDocs": {"url": HOSTILE}}]);
        }),
        expect: builds(&[], PATCH, Doc),
    },
    Case {
        name: "hostile-words-of-an-operation",
        change: |site| site.operation(READ, |it| {
            it["summary"] = json!(HOSTILE);
            it["operationId"] = json!(HOSTILE);
            it["tags"] = json!([HOSTILE]);
            it["externalDocs"] = json!({"url": HOSTILE});
            it["responses"]["200"]["description"] = json!(HOSTILE);
            it["requestBody"]["description"] = json!(HOSTILE);
        }),
        expect: builds(&[], PATCH, Info),
    },
    Case {
        name: "hostile-words-of-schemas",
        change: |site| for (class, field) in [("CancelBillInfo", "billId"), ("BillReadPortResponse", "apprIssuer")] {
            site.class(class, |class| class["title"] = json!(HOSTILE));
            site.say(class, field, &json!({"description": HOSTILE, "title": HOSTILE, "example": HOSTILE, "$comment": HOSTILE}));
        },
        expect: builds(&[], PATCH, Doc),
    },
    Case {
        name: "hostile-values-of-an-enum",
        change: |site| site.say("CancelBillInfo", "cancelReason", &json!({"enum": [HOSTILE, "a\"#", "*/", "", "{}", "가"]})),
        expect: builds(&[LIMITS], PATCH, Breaking),
    },
    Case {
        name: "hostile-pattern",
        change: |site| site.say("CancelBillInfo", "price", &json!({"pattern": HOSTILE})),
        expect: builds(&[LIMITS], PATCH, Breaking),
    },
    Case {
        name: "pattern-that-is-none",
        change: |site| site.say("CancelBillInfo", "price", &json!({"pattern": "([0-9]+"})),
        expect: builds(&[LIMITS], PATCH, Breaking),
    },
    Case {
        name: "hostile-default",
        change: |site| site.say("CancelBillInfo", "cancelReason", &json!({"default": HOSTILE})),
        expect: builds(&[], PATCH, Review),
    },
    Case {
        name: "hostile-format",
        change: |site| site.say("CancelBillInfo", "price", &json!({"format": HOSTILE})),
        expect: builds(&[LIMITS], PATCH, Breaking),
    },
    Case {
        name: "hostile-media-type",
        change: |site| site.operation(READ, |it| {
            it["requestBody"]["content"][HOSTILE] = json!({"schema": {"type": "string"}});
            it["responses"]["200"]["content"][HOSTILE] = json!({"schema": {"type": "string"}});
        }),
        expect: builds(&[], NONE, Info),
    },
    Case {
        name: "hostile-name-of-a-field",
        change: |site| site.add("CancelBillInfo", HOSTILE, &json!({"type": "object", "properties": {HOSTILE: {"type": "string"}}})),
        expect: builds(&[PROPERTIES], PATCH, Info),
    },
    Case {
        name: "hostile-name-of-a-class",
        change: |site| site.replace("CancelBillInfo", "Cancel*\\\"```\\n<Info>"),
        expect: UNCHANGED,
    },
    Case {
        name: "hostile-header-that-is-required",
        change: |site| site.operation(READ, |it| {
            it["parameters"] = json!([{"in": "header", "name": HOSTILE, "required": true, "schema": {"type": "string"}}]);
        }),
        expect: builds(&[REQUESTS], PATCH, Breaking),
    },
    Case {
        name: "words-that-claim-a-reconstruction",
        change: |site| site.operation(READ, |it| it["summary"] = json!("Reconstructed reconstructed x-reconstructed")),
        expect: builds(&[], PATCH, Doc),
    },
    Case {
        name: "all-of-that-explodes",
        change: |site| explode(site, "allOf"),
        expect: refused("classes"),
    },
    Case {
        name: "one-of-that-explodes",
        change: |site| explode(site, "oneOf"),
        expect: refused("combinations"),
    },
    Case {
        name: "classes-that-explode",
        change: |site| {
            site.spec(READ, |spec| for level in 0..24 {
                let next = json!({"$ref": format!("#/components/schemas/E{}", level + 1)});
                spec["components"]["schemas"][format!("E{level}")] =
                    json!({"type": "object", "properties": {"a": next, "b": next}});
            });
            site.spec(READ, |spec| spec["components"]["schemas"]["E24"] = json!({"type": "object", "properties": {"c": {"type": "string"}}}));
            site.add("ReadBillInfo", "e", &json!({"$ref": "#/components/schemas/E0"}));
        },
        expect: refused("components"),
    },
    Case {
        name: "class-that-is-nothing-but-itself",
        change: |site| {
            site.spec(READ, |spec| spec["components"]["schemas"]["Loop"] = json!({"allOf": [{"$ref": "#/components/schemas/Loop"}]}));
            site.add("ReadBillInfo", "loop", &json!({"$ref": "#/components/schemas/Loop"}));
        },
        expect: refused("Loop"),
    },
    Case {
        name: "schema-without-bottom",
        change: |site| {
            let mut deep: Value = json!({"type": "string"});
            for _ in 0..60 {
                deep = json!({"type": "object", "properties": {"a": deep}});
            }
            site.add("ReadBillInfo", "deep", &deep);
        },
        expect: builds(&[PROPERTIES], PATCH, Info),
    },
];

/// Classes that each hold the next one twice: few bytes, and 2 to the 24th ways through them.
fn explode(site: &mut Site, keyword: &str) {
    site.spec(READ, |spec| {
        for level in 0..24 {
            let next = json!({"$ref": format!("#/components/schemas/E{}", level + 1)});
            spec["components"]["schemas"][format!("E{level}")] = json!({keyword: [next, next]});
        }
        spec["components"]["schemas"]["E24"] =
            json!({"type": "object", "properties": {"c": {"type": "string"}}});
    });
    site.add(
        "ReadBillInfo",
        "e",
        &json!({"$ref": "#/components/schemas/E0"}),
    );
}
