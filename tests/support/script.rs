//! A server with a script: one reply for each request, whatever it asks for.

use super::wire::{Action, Server, http};

/// What comes of one request.
#[derive(Clone, Copy)]
pub enum Reply {
    /// The connection is closed without a response.
    Lost,
    /// No response comes, and the connection stays open.
    Never,
    /// HTTP status, further headers and body.
    Http(&'static str, &'static str),
    /// HTTP 200 and this body.
    Body(&'static str),
}

/// Replies to the requests one after the other, and to all that follow as to the last one.
pub async fn server(script: &[Reply]) -> Server {
    let script = script.to_vec();
    Server::start(move |place| match script[place.min(script.len() - 1)] {
        Reply::Lost => Action::WriteAndClose(Vec::new()),
        Reply::Never => Action::Write(Vec::new()),
        Reply::Http(status, headers) => Action::Write(
            format!("HTTP/1.1 {status}\r\n{headers}content-length: 0\r\n\r\n").into_bytes(),
        ),
        Reply::Body(body) => Action::Write(http("200 OK", body)),
    })
    .await
}

/// What was requested, in order, such as `read` or `cancel`.
pub fn requested(server: &Server) -> Vec<&'static str> {
    let (_, requests) = server.received();
    requests
        .iter()
        .map(|request| match request.split(' ').nth(1) {
            Some("/bill/read") => "read",
            Some("/bill/cancel") => "cancel",
            Some("/bill") => "send",
            Some("/bill/destroy") => "destroy",
            other => panic!("no test requests {other:?}"),
        })
        .collect()
}

pub const CANCEL_DONE: Reply = Reply::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprNum":"2","apprOriginNum":"1","apprCancelDt":"20240102030405"}}"#,
);
pub const PAID: Reply = Reply::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"F","apprPrice":"45000"}}"#,
);
pub const NOT_FOUND: Reply = Reply::Body(r#"{"code":"BILL_003","message":"no","data":null}"#);
pub const ERROR: Reply = Reply::Body(r#"{"code":"ERROR","message":"m","data":null}"#);
pub const HTML: Reply = Reply::Body("<html></html>");
pub const BAD_GATEWAY: Reply = Reply::Http("502 Bad Gateway", "");
