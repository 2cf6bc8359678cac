//! `payssam call`: operations that have no command of their own.

use std::io::{self, Read};

use clap::Args;
use payssam::{
    Error,
    redact::{self, MASKED},
};
use serde::Serialize;
use serde_json::{Value, value::RawValue};

use crate::{connection::Connection, help, json, output::Output};

/// Calls an operation that has no command of its own, and prints the `data` of its response.
///
/// apiKey, member and merchant are added to the fields of JSON. A member or merchant in JSON
/// replaces PAYSSAM_MEMBER or PAYSSAM_MERCHANT; null leaves it out. The operation may be a
/// write, so it is not retried once it may have been sent.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = help::of_a_call(&[
    r#"payssam call /bill/read '{"bill":{"billId":"2024-0001"}}'"#,
    "payssam call /bill/rp - < body.json",
]))]
pub(crate) struct CallArguments {
    /// The path after the base URL, such as /bill/rp.
    path: String,
    /// The fields of the request as a JSON object; - reads them from stdin, which no other
    /// process can see.
    #[arg(value_name = "JSON", allow_hyphen_values = true)]
    body: String,
    /// Show the response unmasked, except for the API key.
    ///
    /// By default, known personal fields are masked, and so are texts and numbers that look
    /// like a phone, card or receipt number, a hash or a key.
    #[arg(long)]
    pub(crate) reveal: bool,
}

#[derive(Serialize)]
struct CallResult<'a> {
    path: &'a str,
    data: Box<RawValue>,
}

impl CallArguments {
    pub(crate) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let body = self.body()?;
        let client = connection.client_from_env()?;
        let response = client.call(&self.path, body).await?;
        let data = match self.reveal {
            true => response.json().to_owned(),
            false => masked(response.json()),
        };
        let data = data.replace(client.credentials().reveal_api_key(), MASKED);
        // If masking the key broke the JSON, nothing of it is shown.
        let data = RawValue::from_string(data)
            .or_else(|_| serde_json::value::to_raw_value(MASKED))
            .map_err(|error| Error::config("output", error))?;
        let (path, text) = (&self.path, json::line(&data).unwrap_or_default());
        output.result(text, &CallResult { path, data });
        Ok(())
    }

    fn body(&self) -> Result<Value, Error> {
        let mut stdin = String::new();
        let json = match self.body.as_str() {
            "-" => {
                let read = io::stdin().read_to_string(&mut stdin);
                read.map_err(|error| Error::invalid_input("body", error))?;
                &stdin
            }
            json => json,
        };
        // The message of serde_json may repeat the value.
        serde_json::from_str(json).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            Error::invalid_input(
                "body",
                format!("it is not valid JSON (line {line}, column {column})"),
            )
        })
    }
}

/// The names of fields that are personal or secret, in any spelling.
const PERSONAL: [&str; 9] = [
    "apikey",
    "phone",
    "membername",
    "hash",
    "issuancenumber",
    "apprissuernum",
    "apprcashnum",
    "apprcashissuancenumber",
    "apprsign",
];

/// JSON with everything masked that is known to be personal or looks like it.
fn masked(json: &str) -> String {
    match serde_json::from_str(json) {
        Ok(mut value) => {
            mask_value(&mut value);
            value.to_string()
        }
        // Such as a number that is too large for serde_json.
        Err(_) => Value::from(MASKED).to_string(),
    }
}

fn mask_value(value: &mut Value) {
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Number(number) => {
            if redact::mask(&number.to_string()).contains(MASKED) {
                *value = MASKED.into();
            }
        }
        Value::String(text) => *text = redact::mask(text),
        Value::Array(values) => values.iter_mut().for_each(mask_value),
        Value::Object(fields) => {
            for (name, value) in fields {
                let name = name.replace('_', "").to_lowercase();
                match PERSONAL.contains(&name.as_str()) && *value != Value::Null {
                    true => *value = MASKED.into(),
                    false => mask_value(value),
                }
            }
        }
    }
}
