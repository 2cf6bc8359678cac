//! Receives callbacks (콜백) with axum. The mock server sends them in the wrong order, twice, and one that is
//! forged: `cargo run --example axum`.

mod receiver;

use std::{error::Error, sync::Arc};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::post,
};
use payssam_mock::MockServer;
use receiver::Receiver;
use tokio::net::TcpListener;

/// Nobody else knows it: 128 random bits, from the configuration of a real service. Other paths are 404.
const PATH: &str = "/payssam/5b1f0a6c83d94e27b6a0c7d2e94f1385";

async fn on_callback(State(receiver): State<Arc<Receiver>>, body: Bytes) -> Response {
    let response = receiver.receive(&body).await;
    let status = StatusCode::from_u16(response.http_status()).expect("a status");
    let content_type = [(CONTENT_TYPE, response.content_type())];
    (status, content_type, response.body()).into_response()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mock = MockServer::start().await?;
    let receiver = Arc::new(Receiver::new(mock.client()?));
    let routes = Router::new()
        .route(PATH, post(on_callback))
        .with_state(receiver.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let callback_url = format!("http://{}{PATH}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    receiver::try_out(&mock, &receiver, &callback_url).await?;
    Ok(())
}
