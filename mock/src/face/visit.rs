//! What a request for a page brings.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use hyper::http::{header::HOST, request::Parts};
use url::form_urlencoded;

use super::{
    language::Language,
    words::{self, Words},
};
use crate::{key::Key, schedule::Scope};

/// The parameters that say which page of a list it is.
const PLACES: [&str; 4] = ["from", "before", "waiting_from", "sent_from"];

/// What a request for a page brings.
pub(super) struct Visit {
    pub(super) language: Language,
    pub(super) words: &'static Words,
    /// Whether the language was chosen by this request.
    pub(super) is_language_chosen: bool,
    /// Where the browser found the mock server, such as `http://127.0.0.1:8787`.
    pub(super) origin: String,
    /// Whether a script cannot ask for it again.
    pub(super) is_of_a_form: bool,
    path: String,
    query: Vec<(String, String)>,
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(head: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Visit::of(head))
    }
}

impl Visit {
    pub(super) fn of(head: &Parts) -> Self {
        let query = head.uri.query().unwrap_or_default();
        let query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let chosen = query.iter().find(|(name, _)| name == "lang");
        let chosen = chosen.and_then(|(_, tag)| Language::of_tag(tag));
        let language = chosen.unwrap_or_else(|| Language::of_headers(&head.headers));
        // `origin.rs` has checked it.
        let host = head.headers.get(HOST).and_then(|host| host.to_str().ok());
        Visit {
            language,
            words: words::of(language),
            is_language_chosen: chosen.is_some(),
            origin: format!("http://{}", host.unwrap_or("127.0.0.1")),
            is_of_a_form: false,
            path: head.uri.path().to_owned(),
            query,
        }
    }

    /// The same for the response to a form, which has no address of its own: what leads to it leads to the first page.
    pub(super) fn of_a_form(head: &Parts) -> Self {
        Visit {
            path: "/".to_owned(),
            query: Vec::new(),
            is_of_a_form: true,
            ..Visit::of(head)
        }
    }

    /// A parameter that is not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name);
        found
            .map(|(_, value)| &**value)
            .filter(|value| !value.is_empty())
    }

    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.get(name)?.parse().ok()
    }

    /// Whether the script asks for what may have changed.
    pub(super) fn is_for_changes(&self) -> bool {
        self.get("part") == Some("live")
    }

    /// Whose bills are asked for.
    pub(super) fn scope(&self) -> Scope {
        if let Some(whose) = self.get("whose") {
            return scope_of(whose).unwrap_or_else(nobody);
        }
        let part = |name| self.get(name).map(str::to_owned);
        Scope {
            partner: part("partner"),
            member: part("member"),
            merchant: part("merchant"),
        }
    }

    /// This page with another value of a parameter, or without it.
    pub(super) fn with(&self, name: &str, value: Option<&str>) -> String {
        let passing = ["part", "lang", "did", name];
        // Another choice begins at its first page.
        let is_choice = name != "lang" && !PLACES.contains(&name);
        let kept = self.query.iter().filter(|(known, value)| {
            let is_left = is_choice && PLACES.contains(&known.as_str());
            !(is_left || value.is_empty() || passing.contains(&known.as_str()))
        });
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(kept);
        if let Some(value) = value {
            query.append_pair(name, value);
        }
        address(&self.path, &query.finish())
    }
}

fn address(path: &str, query: &str) -> String {
    match query.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{query}"),
    }
}

/// The address of a page with these parameters.
pub(super) fn link(path: &str, parameters: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parameters);
    address(path, &query.finish())
}

/// The page of a bill.
pub(super) fn bill_page(merchant: [&str; 3], bill_id: &str) -> String {
    let [partner, member, merchant] = merchant;
    let parameters = [
        ("partner", partner),
        ("member", member),
        ("merchant", merchant),
        ("id", bill_id),
    ];
    link("/bill", &parameters)
}

pub(super) fn bill_page_of(key: &Key) -> String {
    bill_page([key.partner(), key.member(), key.merchant()], key.bill_id())
}

/// Whose bills, in one parameter.
pub(super) fn whose(parts: [&str; 3]) -> String {
    serde_json::json!(parts).to_string()
}

/// What [whose] wrote, or the same with null for any. It says at least something.
pub(super) fn scope_of(whose: &str) -> Option<Scope> {
    let parts: [Option<String>; 3] = serde_json::from_str(whose).ok()?;
    let [partner, member, merchant] = parts;
    let scope = Scope {
        partner,
        member,
        merchant,
    };
    Some(scope).filter(|scope| !scope.is_all())
}

/// A scope in one parameter; `None` for all.
pub(super) fn whose_of(scope: &Scope) -> Option<String> {
    let parts = [&scope.partner, &scope.member, &scope.merchant];
    (!scope.is_all()).then(|| serde_json::json!(parts).to_string())
}

fn nobody() -> Scope {
    Scope {
        partner: Some(String::new()),
        member: Some(String::new()),
        merchant: Some(String::new()),
    }
}
