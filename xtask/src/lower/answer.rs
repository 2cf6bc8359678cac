//! Answers are handed to the facade as bytes.

use serde_json::{Value, json};

use super::walk::operations;
use super::{Error, shape};

/// Replaces the one answer of each operation by "any status, any content".
///
/// The generated client would throw away status and headers of an answer that
/// does not fit its schema, and call a payment that succeeded an error. This
/// way it returns the bytes with both, whatever the status, and the facade
/// reads them leniently. The schemas of the answers stay in `components`.
pub(super) fn hand_over_bytes(mut document: Value) -> Result<Value, Error> {
    for (at, operation) in operations(&mut document)? {
        let at = at.child("responses");
        let responses = operation.entry("responses").or_insert(Value::Null);
        let description = the_json_answer(responses)
            .ok_or_else(|| {
                let expected = "exactly one response, 200 with application/json content";
                shape(&at, expected, responses)
            })?
            .clone();
        *responses = json!({
            "default": {"description": description, "content": {"*/*": {}}}
        });
    }
    Ok(document)
}

/// The description of the answer, if it is the only one, a 200 and JSON.
fn the_json_answer(responses: &Value) -> Option<&Value> {
    let only = responses.as_object().filter(|all| all.len() == 1)?;
    let answer = only.get("200")?;
    let content = answer.get("content")?.as_object()?;
    (content.len() == 1 && content.contains_key("application/json"))
        .then(|| answer.get("description"))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(responses: Value) -> Value {
        json!({"paths": {"/a": {"post": {"responses": responses}}}})
    }

    #[test]
    fn an_answer_becomes_bytes_of_any_status_and_its_schema_stays() {
        let schema = json!({"$ref": "#/components/schemas/A"});
        let mut whole = spec(json!({
            "200": {"description": "성공", "content": {"application/json": {"schema": schema}}}
        }));
        whole["components"] = json!({"schemas": {"A": {"type": "object"}}});
        let mut expected = spec(json!({
            "default": {"description": "성공", "content": {"*/*": {}}}
        }));
        expected["components"] = whole["components"].clone();
        assert_eq!(hand_over_bytes(whole).unwrap(), expected);
    }

    #[test]
    fn anything_but_one_json_answer_is_refused_by_its_pointer() {
        let json_answer = json!({"description": "", "content": {"application/json": {}}});
        for responses in [
            json!({}),
            json!(null),
            json!({"200": json_answer, "404": json_answer}),
            json!({"201": json_answer}),
            json!({"default": json_answer}),
            json!({"200": {"description": ""}}),
            json!({"200": {"description": "", "content": {"text/html": {}}}}),
            json!({"200": {"content": {"application/json": {}}}}),
        ] {
            let message = hand_over_bytes(spec(responses)).unwrap_err().to_string();
            assert!(
                message.contains(", /paths/~1a/post/responses: expected exactly one response"),
                "{message}"
            );
        }
    }
}
