//! Calls to operations for which this crate has no method.

use std::{fmt, sync::Arc};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{
    Client, Doubt, Error, Malformed, Operation, Subject,
    answer::{DATA, Fields, Names},
    call::Call,
};

const API_KEY: &str = "apiKey";

impl Client {
    /// Calls an operation for which this crate has no method, `POST` to `path` behind the base URL.
    ///
    /// `apiKey`, `member` and `merchant` are added to the fields of `body`. `member` and `merchant` in
    /// `body` are sent in place of the client's own, and left out where they are `null`; `apiKey` is
    /// refused there. Nothing else is known of such an operation, so nothing else is checked: limits,
    /// [hashes](crate::signature) and the fields of the answer are the caller's business. PaySsam
    /// takes numbers as JSON strings.
    ///
    /// Timeouts, the size cap, what becomes of an error, what is logged and what is masked are the same
    /// as of every other call. Since nobody knows whether the operation changes something, it is taken
    /// for a write: once it may have left, it is never made again.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client) -> Result<(), payssam::Error> {
    /// use serde_json::json;
    ///
    /// let answer = client.call("/bill/rp", json!({"bill": {"billId": "2026-0001"}})).await?;
    /// println!("{}", answer.json());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when `path` is not one or more names of ASCII letters, digits and `.`,
    /// `_`, `-`, each after a slash, or when `body` is not a JSON object or has the field `apiKey`. Else
    /// see [`Error`]; a success without data is a success here.
    pub async fn call(&self, path: &str, body: impl Serialize) -> Result<RawAnswer, Error> {
        self.check_runtime()?;
        check(path)?;
        let body = &self.envelope(body)?;
        let raw = self.raw();
        let call = Call::new(Operation::Raw, Subject::Path(path.into()), self);
        let request = || async move { raw.answer(raw.call(path, body).await).await };
        let data = call.make(Names::WHOLE, request, doubts).await?;
        Ok(RawAnswer { data: data.into() })
    }

    fn envelope(&self, body: impl Serialize) -> Result<Map<String, Value>, Error> {
        let invalid = |problem: &str| Error::invalid_input("body", problem);
        let body =
            serde_json::to_value(body).map_err(|_| invalid("it cannot be written as JSON"))?;
        let Value::Object(mut body) = body else {
            return Err(invalid("it must be a JSON object"));
        };
        if body.contains_key(API_KEY) {
            return Err(invalid("the client adds apiKey by itself"));
        }
        let credentials = self.credentials();
        for (field, own) in [
            ("member", credentials.member()),
            ("merchant", credentials.merchant()),
        ] {
            match body.get(field) {
                None => drop(body.insert(field.into(), own.into())),
                Some(Value::Null) => drop(body.remove(field)),
                Some(_) => {}
            }
        }
        body.insert(API_KEY.into(), credentials.reveal_api_key().into());
        Ok(body)
    }
}

/// Reads this answer as that to a raw call.
#[cfg(fuzzing)]
pub(crate) fn answered(client: &Client, answer: crate::raw::Answer) -> Result<RawAnswer, Error> {
    let call = Call::new(Operation::Raw, Subject::Path("/".into()), client);
    let data = call.judge(Ok(answer), Names::WHOLE, doubts)?;
    Ok(RawAnswer { data: data.into() })
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

/// What the operation answers is not known, so that it can contradict nothing but itself.
fn doubts(answer: &Fields<1>) -> Option<Doubt> {
    answer
        .contradicts_itself(DATA)
        .then_some(Doubt::Contradiction)
}

/// What PaySsam answered to a [raw call](Client::call) that succeeded.
///
/// `Debug` does not show it: it may hold the key and personal data.
#[derive(Clone)]
pub struct RawAnswer {
    data: Arc<Fields<1>>,
}

impl RawAnswer {
    /// The field `data` as JSON, exactly as it came; `null` when there was none.
    ///
    /// It may hold secrets, and PaySsam echoes the key: keep it out of logs.
    pub fn json(&self) -> &str {
        self.data.raw(DATA).unwrap_or("null")
    }

    /// The field `data`, read as `T`.
    ///
    /// # Errors
    ///
    /// [`Malformed`] when it does not fit. The call was a success all the same.
    pub fn data<T: DeserializeOwned>(&self) -> Result<T, Malformed> {
        // What serde says of a misfit may repeat the value.
        serde_json::from_str(self.json()).map_err(|misfit| {
            Malformed::new(DATA, format!("it does not fit ({:?})", misfit.classify()))
        })
    }
}

impl fmt::Debug for RawAnswer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "RawAnswer({} bytes)", self.json().len())
    }
}
