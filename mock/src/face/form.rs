//! What somebody filled in.

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use http_body_util::{BodyExt, Limited};
use hyper::{Request as HttpRequest, StatusCode, header::CONTENT_TYPE, http::request::Parts};
use serde_json::{Map, Value};
use tokio::time::timeout;
use url::{Url, form_urlencoded};

use super::{token::Token, visit, words::Words};
use crate::{key::Key, schedule::Scope, state::State};

/// The most bytes of a form.
#[derive(Clone, Copy)]
pub(super) enum Limit {
    Small,
    /// Of one that brings a snapshot.
    Snapshot,
}

impl Limit {
    fn bytes(self) -> usize {
        match self {
            Limit::Small => 64 * 1024,
            Limit::Snapshot => 4 * 1024 * 1024,
        }
    }

    fn broken(self) -> fn(&Words) -> &'static str {
        match self {
            Limit::Small => |words| words.too_large,
            Limit::Snapshot => |words| words.too_large_snapshot,
        }
    }
}

/// How long a form may take.
const TIME_LIMIT: Duration = Duration::from_secs(40);

/// The fields of a form that a page of this process has.
pub(super) struct Form(Vec<(String, String)>);

/// Why a form is not taken: HTTP status, and what to do.
pub(super) type NotTaken = (StatusCode, fn(&Words) -> &'static str);

/// A field that is not what it must be.
pub(super) struct Wrong {
    pub(super) field: String,
    pub(super) must: fn(&Words) -> &'static str,
}

impl Wrong {
    pub(super) fn new(field: &str, must: fn(&Words) -> &'static str) -> Self {
        Wrong {
            field: field.to_owned(),
            must,
        }
    }
}

/// What a field says, if it is understood. What is not understood is never taken for a default.
pub(super) type Understood<T> = Result<T, Wrong>;

impl Form {
    /// Reads a form, and checks its token.
    pub(super) async fn read(
        request: HttpRequest<Body>,
        token: &Token,
        limit: Limit,
    ) -> Result<Self, NotTaken> {
        let (head, body) = request.into_parts();
        if !is_form(&head) {
            return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, |words| words.no_form));
        }
        let body = match timeout(TIME_LIMIT, Limited::new(body, limit.bytes()).collect()).await {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(_)) => return Err((StatusCode::PAYLOAD_TOO_LARGE, limit.broken())),
            Err(_) => return Err((StatusCode::REQUEST_TIMEOUT, |words| words.too_slow)),
        };
        let form = Form::of(&body);
        match token.is(form.get("token")) {
            true => Ok(form),
            false => Err((StatusCode::FORBIDDEN, |words| words.wrong_token)),
        }
    }

    /// The fields of a body.
    pub(super) fn of(body: &[u8]) -> Self {
        Form(form_urlencoded::parse(body).into_owned().collect())
    }

    /// A field without white space at its ends; empty if there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.given(name).unwrap_or_default().trim()
    }

    /// A field as it came, if it did.
    fn given(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| &**value)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.given(name).is_some()
    }

    /// Whether it has fields of these names only, each once: another one may be a limit that was misspelt.
    pub(super) fn has_only(&self, names: &[&str]) -> Understood<()> {
        let mut seen: Vec<&str> = Vec::new();
        let fields = self.0.iter();
        for (name, _) in fields.filter(|(name, value)| !(name.is_empty() && value.is_empty())) {
            if name != "token" && !names.contains(&&**name) {
                return Err(Wrong::new(name, |words| words.must_be_known));
            }
            if seen.contains(&&**name) {
                return Err(Wrong::new(name, |words| words.must_be_there_once));
            }
            seen.push(name);
        }
        Ok(())
    }

    /// A whole number. Commas may stand before each three digits.
    pub(super) fn whole(&self, name: &str) -> Understood<u64> {
        let text = self.get(name);
        let mut groups = text.split(',');
        let first = groups.next().unwrap_or_default();
        let is_grouped = |group: &str| group.len() == 3;
        let is_whole = match text.contains(',') {
            true => (1..=3).contains(&first.len()) && groups.all(is_grouped),
            false => true,
        };
        let digits = text.replace(',', "");
        plain(&digits)
            .filter(|_| is_whole)
            .ok_or_else(|| match name {
                "price" => Wrong::new(name, |words| words.must_be_price),
                _ => Wrong::new(name, |words| words.must_be_whole),
            })
    }

    /// The same, or nothing if the field was left empty.
    pub(super) fn whole_if_filled(&self, name: &str) -> Understood<Option<u64>> {
        match self.get(name) {
            "" => Ok(None),
            _ => self.whole(name).map(Some),
        }
    }

    /// A number that may have a decimal point.
    pub(super) fn decimal(&self, name: &str) -> Understood<f64> {
        let text = self.get(name);
        let is_decimal = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.'));
        let number: Option<f64> = text.parse().ok().filter(|_| is_decimal);
        number
            .filter(|number| number.is_finite())
            .ok_or_else(|| Wrong::new(name, |words| words.must_be_decimal))
    }

    /// The number of something, if it has the field.
    pub(super) fn id(&self, name: &str) -> Understood<Option<u64>> {
        match self.given(name) {
            None => Ok(None),
            Some(text) => plain(text)
                .map(Some)
                .ok_or_else(|| Wrong::new(name, |words| words.must_be_id)),
        }
    }

    /// What one of these words stands for.
    pub(super) fn one_of<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Understood<T> {
        let given = self.given(name);
        let found = words.iter().find(|(word, _)| given == Some(*word));
        found
            .map(|(_, meant)| *meant)
            .ok_or_else(|| Wrong::new(name, |words| words.must_be_offered))
    }

    /// A JSON object.
    pub(super) fn object(&self, name: &str) -> Understood<Value> {
        let object: Option<Value> = serde_json::from_str(self.get(name)).ok();
        object
            .filter(Value::is_object)
            .ok_or_else(|| Wrong::new(name, |words| words.must_be_snapshot))
    }

    /// An object of those texts that are given.
    pub(super) fn texts(&self, names: &[&str]) -> Map<String, Value> {
        let given = names.iter().filter(|name| !self.get(name).is_empty());
        given
            .map(|name| ((*name).to_owned(), self.get(name).into()))
            .collect()
    }

    /// An address of the web, if the field was filled in.
    pub(super) fn address_if_filled(&self, name: &str) -> Understood<()> {
        let text = self.get(name);
        let is_address = Url::parse(text).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.username().is_empty()
                && url.password().is_none()
        });
        match text.is_empty() || is_address {
            true => Ok(()),
            false => Err(Wrong::new(name, |words| words.must_be_address)),
        }
    }

    /// Whose it is, as one field of the form says it; of all, if that is empty or not there.
    pub(super) fn whose(&self) -> Understood<Scope> {
        match self.given("whose") {
            None | Some("") => Ok(Scope::default()),
            Some(text) => visit::scope_of(text)
                .ok_or_else(|| Wrong::new("whose", |words| words.must_be_offered)),
        }
    }

    /// The bill that it is about, whether there is such a bill or not.
    pub(super) fn key(&self, state: &State) -> Understood<Key> {
        let field = |name| {
            let given = self.given(name).filter(|value| !value.is_empty());
            given.ok_or_else(|| Wrong::new(name, |words| words.must_be_there_once))
        };
        let name = field("partner")?;
        let known = state.service.partners.by_name(name);
        let partner = known.map_or_else(|| Arc::from(name), |partner| partner.name.clone());
        Ok(Key::new(
            &partner,
            field("member")?,
            field("merchant")?,
            field("bill_id")?,
        ))
    }
}

/// A number of digits alone.
fn plain(text: &str) -> Option<u64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}

/// Whether a request says that its body is a form, and nothing else.
pub(super) fn is_form(head: &Parts) -> bool {
    let mut types = head.headers.get_all(CONTENT_TYPE).iter();
    let first = types.next().and_then(|value| value.to_str().ok());
    let media_type = first.and_then(|value| value.split(';').next());
    types.next().is_none()
        && media_type.is_some_and(|media_type| {
            media_type
                .trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        })
}
