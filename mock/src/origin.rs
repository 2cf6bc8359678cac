//! Where a request comes from: a program, a page of the mock server itself, or a web page elsewhere.
//!
//! A web page can make the browser of a developer send requests to loopback. It cannot choose the headers
//! by which the browser says so.

use hyper::{
    HeaderMap,
    http::{request::Parts, uri::Authority},
};

use crate::{links, loopback, reach::Reach, rejection::Rejection};

/// Refuses a request that names another host than the mock server on this port, or that a web page of
/// another origin caused.
pub(crate) fn check(head: &Parts, port: u16, reach: &Reach) -> Result<(), Rejection> {
    let host = only(&head.headers, "host").filter(|host| is_own(host, port, reach));
    // The target of a request takes precedence over the header, if it has a host.
    let target = head.uri.authority().map(Authority::as_str);
    let (Some(host), true) = (host, target.is_none_or(|host| is_own(host, port, reach))) else {
        return Err(Rejection::with_http_status(
            403,
            "MOCK_FOREIGN_HOST",
            format!(
                "the mock server answers to its own address only: the header Host must be 127.0.0.1:{port}, \
                 or another name of loopback with this port"
            ),
        ));
    };
    if is_own_origin(&head.headers, host) && (is_own_site(&head.headers) || opens_a_link(head)) {
        return Ok(());
    }
    Err(Rejection::with_http_status(
        403,
        "MOCK_FOREIGN_ORIGIN",
        "the mock server refuses requests of web pages: call it from a program, without the headers \
         Origin and Sec-Fetch-Site",
    ))
}

/// A name of loopback without user and password, with this port, or a name that was allowed.
fn is_own(host: &str, port: u16, reach: &Reach) -> bool {
    host.parse().is_ok_and(|authority: Authority| {
        let is_loopback = || {
            loopback::is_loopback(authority.host()) && authority.port_u16().unwrap_or(80) == port
        };
        !host.contains('@') && (is_loopback() || reach.is_called(host, port))
    })
}

/// Whether the request is of no page, or of one that the mock server sent under the same host.
fn is_own_origin(headers: &HeaderMap, host: &str) -> bool {
    if !headers.contains_key("origin") {
        return true;
    }
    let origin = only(headers, "origin").and_then(|origin| origin.strip_prefix("http://"));
    origin.is_some_and(|origin| origin.eq_ignore_ascii_case(host))
}

/// A browser says of every request whether a page of another site caused it, also where it names no origin.
fn is_own_site(headers: &HeaderMap) -> bool {
    !headers.contains_key("sec-fetch-site")
        || matches!(
            only(headers, "sec-fetch-site"),
            Some("same-origin" | "none")
        )
}

/// Whether somebody follows the link of a bill, in a shop or a mail. That shows the payment page in a tab of
/// its own, and changes nothing.
fn opens_a_link(head: &Parts) -> bool {
    head.method == "GET"
        && head.uri.path().starts_with(links::PATH)
        && only(&head.headers, "sec-fetch-mode") == Some("navigate")
        && only(&head.headers, "sec-fetch-dest") == Some("document")
}

/// The value of a header that is there exactly once.
fn only<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    first.to_str().ok().filter(|_| values.next().is_none())
}
