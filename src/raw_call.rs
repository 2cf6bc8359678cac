//! Calls operations for which this crate has no method.

use std::{fmt, sync::Arc};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{
    client::Client,
    endpoint::{Body, DATA, Endpoint, Fields, Malformed, Names},
    operation::Operation,
    outcome::{Error, Subject},
};

/// A request to any path.
pub(crate) struct RawCall {
    path: Box<str>,
    body: Map<String, Value>,
}

impl RawCall {
    pub(crate) fn new(path: &str, body: impl Serialize) -> Result<Self, Error> {
        check(path)?;
        let invalid = |problem: &str| Error::invalid_input("body", problem);
        let body =
            serde_json::to_value(body).map_err(|_| invalid("it cannot be written as JSON"))?;
        let Value::Object(body) = body else {
            return Err(invalid("it must be a JSON object"));
        };
        if body.contains_key("apiKey") {
            return Err(invalid("the client adds apiKey automatically"));
        }
        Ok(RawCall {
            path: path.into(),
            body,
        })
    }
}

impl Endpoint for RawCall {
    type Response = RawResponse;

    const OPERATION: Operation = Operation::Raw;
    const NAMES: &'static Names = Names::WHOLE;
    const HAS_DATA: bool = false;

    fn subject(&self) -> Subject {
        Subject::Path(self.path.clone())
    }

    fn body<R>(&self, _: &str, send: impl FnOnce(Body<'_>) -> R) -> R {
        send(Body::Free(&self.path, &self.body))
    }

    /// What such a response holds is unknown, so it can contradict only itself.
    fn contradicts(data: &Fields) -> bool {
        data.contradicts_itself(DATA)
    }

    fn response(&self, data: Fields) -> RawResponse {
        RawResponse { data: data.into() }
    }
}

impl Client {
    /// Calls an operation for which this crate has no method, `POST` to `path` behind the base URL.
    ///
    /// `apiKey`, `member` and `merchant` are added to the fields of `body`. `member` and `merchant` in
    /// `body` replace the client's own, and are left out if they are `null`; `apiKey` is not allowed there.
    /// Nothing else is known of such an operation, so nothing else is checked: limits,
    /// [hashes](crate::signature) and the fields of the response are up to the caller. PaySsam takes numbers
    /// as JSON strings.
    ///
    /// Timeouts, the size limit, errors, logs and masking are the same as for every other call. Nobody knows
    /// whether the operation changes something, so it counts as a write: once it may have left, it is never
    /// retried.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client) -> Result<(), payssam::Error> {
    /// use serde_json::json;
    ///
    /// let response = client.call("/bill/rp", json!({"bill": {"billId": "2026-0001"}})).await?;
    /// println!("{}", response.json());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when `path` is not one or more names of ASCII letters, digits and `.`,
    /// `_`, `-`, each after a slash, or when `body` is not a JSON object or has the field `apiKey`. Else
    /// see [`Error`]; a success without data is a success here.
    pub async fn call(&self, path: &str, body: impl Serialize) -> Result<RawResponse, Error> {
        self.execute(&RawCall::new(path, body)?).await
    }
}

/// Refuses a path that could lead away from the base URL, or carry a secret in a query.
fn check(path: &str) -> Result<(), Error> {
    let is_name = |name: &str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        name.bytes().all(is_plain) && name.bytes().any(|byte| byte != b'.')
    };
    match path.strip_prefix('/') {
        Some(names) if names.split('/').all(is_name) => Ok(()),
        _ => Err(Error::invalid_input(
            "path",
            "it must be names of ASCII letters, digits and . _ -, each after a slash, such as /bill/rp",
        )),
    }
}

/// The response to a [raw call](Client::call) that succeeded.
///
/// `Debug` does not show it: it may hold the key and personal data.
#[derive(Clone)]
pub struct RawResponse {
    data: Arc<Fields>,
}

impl RawResponse {
    /// The field `data` as JSON, exactly as received; `null` when there was none.
    ///
    /// It may hold secrets, and PaySsam echoes the key: keep it out of logs.
    pub fn json(&self) -> &str {
        self.data.raw(DATA).unwrap_or("null")
    }

    /// The field `data`, read as `T`.
    ///
    /// # Errors
    ///
    /// [`Malformed`] when it does not fit. The call succeeded nevertheless.
    pub fn data<T: DeserializeOwned>(&self) -> Result<T, Malformed> {
        // The message of serde may repeat the value.
        serde_json::from_str(self.json()).map_err(|misfit| {
            Malformed::new(DATA, format!("it does not fit ({:?})", misfit.classify()))
        })
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "RawResponse({} bytes)", self.json().len())
    }
}
