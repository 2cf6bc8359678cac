//! A call of the control API: what each act of the pages is, and the command that does the same.

use std::fmt::Write as _;

use axum::{Router, body::Body};
use http_body_util::BodyExt;
use hyper::{Method, Request as HttpRequest, header::CONTENT_TYPE};
use payssam::redact::is_invisible;
use serde_json::{Value, json};
use tower_service::Service as _;

use crate::{key::Key, masked, schedule::Scope};

/// The path of the control API.
const PATH: &str = "/_mock";

/// What stands in a command for what is masked.
const HIDDEN: &str = "…";

/// A call of the control API.
#[derive(Clone)]
pub(super) struct Call {
    method: Method,
    /// Behind the path of the control API, with its query.
    path: String,
    body: Option<Value>,
    /// The file that has the body, in the command.
    file: Option<&'static str>,
}

impl Call {
    pub(super) fn post(path: &str, body: Value) -> Self {
        Call {
            method: Method::POST,
            path: path.to_owned(),
            body: Some(body),
            file: None,
        }
    }

    pub(super) fn get(path: &str) -> Self {
        Call {
            method: Method::GET,
            path: path.to_owned(),
            body: None,
            file: None,
        }
    }

    pub(super) fn delete(path: &str) -> Self {
        Call {
            method: Method::DELETE,
            path: path.to_owned(),
            body: None,
            file: None,
        }
    }

    /// Something that is done with a bill.
    pub(super) fn on_bill(key: &Key, act: &str, body: Value) -> Self {
        let path = format!("/bills/{}/{act}", encoded(key.bill_id()));
        Call::post(&path, body).of(key)
    }

    /// The same call for the merchant of this bill alone.
    pub(super) fn of(self, key: &Key) -> Self {
        self.of_scope(&Scope {
            partner: Some(key.partner().to_owned()),
            member: Some(key.member().to_owned()),
            merchant: Some(key.merchant().to_owned()),
        })
    }

    /// The same call for these alone.
    pub(super) fn of_scope(mut self, scope: &Scope) -> Self {
        let parts = [
            ("partner", &scope.partner),
            ("member", &scope.member),
            ("merchant", &scope.merchant),
        ];
        for (name, part) in parts {
            if let Some(part) = part {
                let sign = if self.path.contains('?') { '&' } else { '?' };
                // Writing to a string cannot fail.
                let _ = write!(self.path, "{sign}{name}={}", encoded(part));
            }
        }
        self
    }

    /// The same call as it may be shown, and whether something is masked in it: what is personal or secret, and all of an
    /// address behind its server.
    pub(super) fn shown(&self, keys: &[&str]) -> (Self, bool) {
        let mut shown = self.clone();
        let mut is_masked = false;
        if self.file.is_none()
            && let Some(Value::Object(fields)) = &mut shown.body
        {
            for (name, value) in fields {
                let Value::String(text) = value else {
                    continue;
                };
                let is_shown = match &**name {
                    "bill_id" | "partner" | "member" | "merchant" => true,
                    "payer" | "url" | "callback_url" => text.is_empty(),
                    _ => *masked::text(text, keys.iter().copied()) == **text,
                };
                if !is_shown {
                    *text = HIDDEN.to_owned();
                    is_masked = true;
                }
            }
        }
        (shown, is_masked)
    }

    pub(super) fn duplicate(key: &Key) -> Self {
        Call::post("/callbacks/duplicate", json!({"bill_id": key.bill_id()})).of(key)
    }

    /// Sends one that waits, or all.
    pub(super) fn deliver(id: Option<u64>) -> Self {
        let which = id.map_or_else(|| json!({}), |id| json!({"id": id}));
        Call::post("/callbacks/deliver", which)
    }

    pub(super) fn hold(is_held: bool) -> Self {
        Call::post("/callbacks/hold", json!({"is_held": is_held}))
    }

    /// Puts one that waits before all others, or turns their order around.
    pub(super) fn reorder(first: Option<u64>) -> Self {
        let order = first.map_or_else(|| json!({}), |id| json!({"ids": [id]}));
        Call::post("/callbacks/reorder", order)
    }

    pub(super) fn advance(count: Value, unit: &str) -> Self {
        Call::post("/clock/advance", json!({unit: count}))
    }

    /// Brings the start back: of everything, or of a merchant.
    pub(super) fn reset() -> Self {
        Call::post("/reset", json!({}))
    }

    /// Brings back what a snapshot has.
    pub(super) fn restore(snapshot: Value) -> Self {
        Call {
            file: Some("snapshot.json"),
            ..Call::post("/restore", snapshot)
        }
    }

    /// The command for a shell that does the same.
    pub(super) fn command(&self, origin: &str) -> String {
        let url = quoted(&format!("{origin}{PATH}{}", self.path));
        let mut command = "curl -sS --fail-with-body".to_owned();
        if self
            .path
            .split(['/', '?'])
            .any(|part| matches!(part, "%2E" | "%2E%2E"))
        {
            command += " --path-as-is";
        }
        if let Some(file) = self.file {
            let _ = write!(command, " --json @{file}");
        } else if let Some(body) = &self.body {
            let _ = write!(command, " --json {}", quoted(&visible(&body.to_string())));
        } else if self.method != Method::GET {
            let _ = write!(command, " -X {}", self.method);
        }
        format!("{command} {url}")
    }

    /// Calls the control API: HTTP status and JSON.
    pub(super) async fn carry_out(&self, mut control: Router) -> (u16, Value) {
        let body = self.body.as_ref().map(Value::to_string);
        let request = HttpRequest::builder()
            .method(&self.method)
            .uri(&self.path)
            .header(CONTENT_TYPE, "application/json")
            .body(Body::from(body.unwrap_or_default()));
        let Ok(request) = request else {
            return (400, Value::Null);
        };
        let response = match control.call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let status = response.status().as_u16();
        let body = response.into_body().collect().await;
        let body = body.map(|body| body.to_bytes()).unwrap_or_default();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }
}

/// Percent-encoded, all but letters, digits, `-` and `_`.
pub(super) fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => encoded.push(byte.into()),
            _ => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

/// As one word of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// JSON in which invisible characters are escaped: its meaning is the same.
fn visible(json: &str) -> String {
    let mut visible = String::new();
    for c in json.chars() {
        match is_invisible(c) {
            true => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    let _ = write!(visible, "\\u{unit:04x}");
                }
            }
            false => visible.push(c),
        }
    }
    visible
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_command_keeps_quotes_dots_and_what_nobody_sees_from_the_shell() {
        let key = Key::new(&Arc::from("p"), "m m", "it's", "..");
        let command = Call::on_bill(&key, "pay", json!({})).command("http://127.0.0.1:1");
        assert_eq!(
            command,
            "curl -sS --fail-with-body --path-as-is --json '{}' \
             'http://127.0.0.1:1/_mock/bills/%2E%2E/pay?partner=p&member=m%20m&merchant=it%27s'"
        );
        let call = Call::post("/bills", json!({"a": "it's \u{202e}\n$(x)"}));
        assert_eq!(
            call.command("http://h"),
            r#"curl -sS --fail-with-body --json '{"a":"it'\''s \u202e\n$(x)"}' 'http://h/_mock/bills'"#
        );
        let call = Call::delete("/faults/1");
        assert_eq!(
            call.command("http://h"),
            "curl -sS --fail-with-body -X DELETE 'http://h/_mock/faults/1'"
        );
    }
}
