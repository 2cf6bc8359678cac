//! A server that tells a story: one turn for each request, whatever is asked.

use super::wire::{Server, Turn, http};

/// How one request is met.
#[derive(Clone, Copy)]
pub enum Met {
    /// The connection is closed without an answer.
    Lost,
    /// No answer comes, and the connection stays.
    Silence,
    /// HTTP status, further headers and body.
    Http(&'static str, &'static str),
    /// HTTP 200 and this body.
    Body(&'static str),
}

/// Meets the requests so, one after the other, and the last one's way from then on.
pub async fn server(story: &[Met]) -> Server {
    let story = story.to_vec();
    Server::start(move |place| match story[place.min(story.len() - 1)] {
        Met::Lost => Turn::SayAndClose(Vec::new()),
        Met::Silence => Turn::Say(Vec::new()),
        Met::Http(status, headers) => Turn::Say(
            format!("HTTP/1.1 {status}\r\n{headers}content-length: 0\r\n\r\n").into_bytes(),
        ),
        Met::Body(body) => Turn::Say(http("200 OK", body)),
    })
    .await
}

/// What was asked, in order, such as `read` or `cancel`.
pub fn asked(server: &Server) -> Vec<&'static str> {
    let (_, requests) = server.heard();
    requests
        .iter()
        .map(|request| match request.split(' ').nth(1) {
            Some("/bill/read") => "read",
            Some("/bill/cancel") => "cancel",
            Some("/bill") => "send",
            Some("/bill/destroy") => "destroy",
            other => panic!("nobody should ask for {other:?}"),
        })
        .collect()
}

pub const CANCEL_DONE: Met = Met::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprNum":"2","apprOriginNum":"1","apprCancelDt":"20240102030405"}}"#,
);
pub const PAID: Met = Met::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"F","apprPrice":"45000"}}"#,
);
pub const NOT_FOUND: Met = Met::Body(r#"{"code":"BILL_003","message":"no","data":null}"#);
pub const ERROR: Met = Met::Body(r#"{"code":"ERROR","message":"m","data":null}"#);
pub const HTML: Met = Met::Body("<html></html>");
pub const BAD_GATEWAY: Met = Met::Http("502 Bad Gateway", "");
