//! Receives callbacks with axum, from a mock server that forges one, doubles and reorders the others:
//! `cargo run --example axum --features mock server,preview`.

mod shop;

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
use shop::Shop;
use tokio::net::TcpListener;

async fn on_callback(State(shop): State<Arc<Shop>>, body: Bytes) -> Response {
    let answer = shop.receive(&body).await;
    let status = StatusCode::from_u16(answer.http_status()).expect("a status");
    let content_type = [(CONTENT_TYPE, answer.content_type())];
    (status, content_type, answer.body()).into_response()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mock = MockServer::start().await?;
    let shop = Arc::new(Shop::new(mock.client()?));
    let routes = Router::new()
        .route("/payssam", post(on_callback))
        .with_state(shop.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let callback = format!("http://{}/payssam", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    shop::a_day(&mock, &shop, &callback).await?;
    Ok(())
}
