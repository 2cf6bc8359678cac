//! Receives callbacks (콜백) with actix-web. The mock server sends them in the wrong order, twice, and one that
//! is forged: `cargo run --example actix`.

mod receiver;

use std::error::Error;

use actix_web::{App, HttpResponse, HttpServer, http::StatusCode, web};
use payssam_mock::MockServer;
use receiver::Receiver;

/// Nobody else knows it: 128 random bits, from the configuration of a real service. Other paths are 404.
const PATH: &str = "/payssam/5b1f0a6c83d94e27b6a0c7d2e94f1385";

async fn on_callback(receiver: web::Data<Receiver>, body: web::Bytes) -> HttpResponse {
    let response = receiver.receive(&body).await;
    let status = StatusCode::from_u16(response.http_status()).expect("a status");
    HttpResponse::build(status)
        .content_type(response.content_type())
        .body(response.body())
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mock = MockServer::start().await?;
    let receiver = web::Data::new(Receiver::new(mock.client()?));
    let routes = receiver.clone();
    let app = move || {
        App::new()
            .app_data(routes.clone())
            .route(PATH, web::post().to(on_callback))
    };
    let server = HttpServer::new(app).workers(1).bind("127.0.0.1:0")?;
    let callback_url = format!("http://{}{PATH}", server.addrs()[0]);
    let server = server.run();
    let handle = server.handle();
    let serving = actix_web::rt::spawn(server);
    receiver::try_out(&mock, &receiver, &callback_url).await?;
    handle.stop(true).await;
    serving.await??;
    Ok(())
}
