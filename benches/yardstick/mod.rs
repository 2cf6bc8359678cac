//! What the facade is measured against, and a server for both.

mod by_hand;

use std::{convert::Infallible, net::SocketAddr, thread};

use http_body_util::{BodyExt, Full};
use hyper::{Response, body::Bytes, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use by_hand::ByHand;
use rustls::crypto::ring;

/// A paid bill with every field of the page filled.
const RESPONSE: &str = r#"{"code":"0000","message":"성공하였습니다.","data":{"apiKey":"0123456789abcdef0123456789abcdef","billId":"2024-0001","apprPayType":"CARD_VAN","apprCardType":"신용","apprDt":"20240102030405","apprOriginDt":"20240102030405","apprPrice":"45000","apprIssuer":"현대카드","apprIssuerCd":"1234","apprIssuerNum":"123456******7890","apprAcquirerCd":"5678","apprAcquirerNm":"현대카드사","apprNum":"12345678","apprOriginNum":"12345678","apprResCd":"0000","apprMonthly":"0","apprState":"F","apprCashNum":"","apprCashTrader":"","apprCashIssuanceNumber":"","apprCardMerchantNum":"","catId":"","dscTxNum":"","cardType":"","apprSign":"","udItem":{"student":"김하나","class":"A-3"}}}"#;

/// The cancellation of that bill, with the hash over `2024-0001,45000`.
const CANCELLED: &str = r#"{"code":"0000","message":"성공하였습니다.","data":{"apiKey":"0123456789abcdef0123456789abcdef","member":"member","merchant":"merchant","billId":"2024-0001","hash":"681f35e06c7051b89ccc878847ee4cc169e2f26b82ccd014aa4445c91a0e155e","apprNum":"87654321","apprOriginNum":"12345678","apprCancelDt":"20240103030405"}}"#;

/// What the bill was paid with.
pub const PRICE: u64 = 45_000;

/// The name of the server's thread.
pub const SERVER: &str = "server";

/// Calls by hand. Reqwest asks for TLS also where none is spoken; in this process the same is installed as the facade has.
pub fn by_hand(address: SocketAddr) -> ByHand {
    drop(ring::default_provider().install_default());
    ByHand::new(address)
}

/// Serves `CANCELLED` to every cancellation and `RESPONSE` to every other request, on a thread of its own, until the process ends.
pub fn serve() -> SocketAddr {
    let (sender, receiver) = std::sync::mpsc::channel();
    let serve = move || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime")
            .block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
                sender
                    .send(listener.local_addr().expect("an address"))
                    .expect("a listener");
                loop {
                    let (stream, _) = listener.accept().await.expect("a connection");
                    stream.set_nodelay(true).expect("a socket");
                    tokio::spawn(
                        hyper::server::conn::http1::Builder::new()
                            .serve_connection(TokioIo::new(stream), service_fn(respond)),
                    );
                }
            });
    };
    thread::Builder::new()
        .name(SERVER.to_owned())
        .spawn(serve)
        .expect("a thread");
    receiver.recv().expect("an address")
}

async fn respond(
    request: hyper::Request<hyper::body::Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let response = match request.uri().path().ends_with("/bill/cancel") {
        true => CANCELLED,
        false => RESPONSE,
    };
    request.collect().await.expect("a request");
    Ok(Response::builder()
        .header("content-type", "application/json;charset=UTF-8")
        .body(Full::new(Bytes::from_static(response.as_bytes())))
        .expect("a response"))
}

/// The same by the facade.
pub fn facade(address: SocketAddr) -> payssam::Client {
    let credentials = payssam::Credentials::builder()
        .api_key("0123456789abcdef0123456789abcdef")
        .member("member")
        .merchant("merchant")
        .build()
        .expect("credentials");
    payssam::Client::builder(credentials)
        .base_url(format!("http://{address}/partner"))
        .build()
        .expect("a client")
}

/// Reads a bill by the facade and returns its price, or panics.
pub async fn facade_read(client: &payssam::Client, bill_id: &payssam::BillId) -> u64 {
    let bill = client.bills().read(bill_id).await.expect("a bill");
    assert_eq!(*bill.state(), payssam::BillState::Paid);
    bill.approval()
        .price()
        .expect("won")
        .expect("a price")
        .get()
}

/// Cancels a bill by the facade, or panics.
#[allow(dead_code, reason = "not every bench cancels")]
pub async fn facade_cancel(client: &payssam::Client, bill_id: &payssam::BillId) {
    let price = payssam::Won::new(PRICE).expect("a price");
    let cancel = payssam::CancelBill::new(bill_id.clone(), price)
        .reason("고객 요청")
        .expect("a reason");
    let done = client.bills().cancel(&cancel).await.expect("success");
    assert!(done.cancelled_at().expect("a time").is_some());
}
