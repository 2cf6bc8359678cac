//! Receives callbacks with actix-web, from a mock server that forges one, doubles and reorders the others:
//! `cargo run --example actix --features mock server,preview`.

mod shop;

use std::error::Error;

use actix_web::{App, HttpResponse, HttpServer, http::StatusCode, web};
use payssam_mock::MockServer;
use shop::Shop;

async fn on_callback(shop: web::Data<Shop>, body: web::Bytes) -> HttpResponse {
    let answer = shop.receive(&body).await;
    let status = StatusCode::from_u16(answer.http_status()).expect("a status");
    HttpResponse::build(status)
        .content_type(answer.content_type())
        .body(answer.body())
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mock = MockServer::start().await?;
    let shop = web::Data::new(Shop::new(mock.client()?));
    let routes = shop.clone();
    let app = move || {
        App::new()
            .app_data(routes.clone())
            .route("/payssam", web::post().to(on_callback))
    };
    let server = HttpServer::new(app).workers(1).bind("127.0.0.1:0")?;
    let callback = format!("http://{}/payssam", server.addrs()[0]);
    let server = server.run();
    let handle = server.handle();
    let serving = actix_web::rt::spawn(server);
    shop::a_day(&mock, &shop, &callback).await?;
    handle.stop(true).await;
    serving.await??;
    Ok(())
}
