//! What the facade is measured against: the same read written by hand with reqwest, serde structs
//! of owned strings, and nothing else; and a server that answers both.

use std::{convert::Infallible, net::SocketAddr, thread, time::Duration};

use http_body_util::{BodyExt, Full};
use hyper::{Response, body::Bytes, service::service_fn};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

/// A paid bill with every field of the page filled.
const ANSWER: &str = r#"{"code":"0000","message":"성공하였습니다.","data":{"apiKey":"0123456789abcdef0123456789abcdef","billId":"2024-0001","apprPayType":"CARD_VAN","apprCardType":"신용","apprDt":"20240102030405","apprOriginDt":"20240102030405","apprPrice":"45000","apprIssuer":"현대카드","apprIssuerCd":"1234","apprIssuerNum":"123456******7890","apprAcquirerCd":"5678","apprAcquirerNm":"현대카드사","apprNum":"12345678","apprOriginNum":"12345678","apprResCd":"0000","apprMonthly":"0","apprState":"F","apprCashNum":"","apprCashTrader":"","apprCashIssuanceNumber":"","apprCardMerchantNum":"","catId":"","dscTxNum":"","cardType":"","apprSign":"","udItem":{"student":"김하나","class":"A-3"}}}"#;

/// Serves `ANSWER` to every request, on a thread of its own, until the process ends.
pub fn serve() -> SocketAddr {
    let (tell, told) = std::sync::mpsc::channel();
    thread::spawn(move || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime")
            .block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
                tell.send(listener.local_addr().expect("an address"))
                    .expect("a listener");
                loop {
                    let (stream, _) = listener.accept().await.expect("a connection");
                    stream.set_nodelay(true).expect("a socket");
                    tokio::spawn(
                        hyper::server::conn::http1::Builder::new()
                            .serve_connection(TokioIo::new(stream), service_fn(answer)),
                    );
                }
            });
    });
    told.recv().expect("an address")
}

async fn answer(
    request: hyper::Request<hyper::body::Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    request.collect().await.expect("a request");
    Ok(Response::builder()
        .header("content-type", "application/json;charset=UTF-8")
        .body(Full::new(Bytes::from_static(ANSWER.as_bytes())))
        .expect("an answer"))
}

/// The client by hand.
#[derive(Clone)]
pub struct ByHand {
    http: reqwest::Client,
    base_url: String,
    api_key: String,
    member: String,
    merchant: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    api_key: &'a str,
    member: &'a str,
    merchant: &'a str,
    bill: RequestBill<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RequestBill<'a> {
    bill_id: &'a str,
}

#[derive(Deserialize)]
struct Envelope {
    code: String,
    #[expect(dead_code)]
    message: Option<String>,
    data: Option<Data>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code)]
pub struct Data {
    api_key: Option<String>,
    pub bill_id: Option<String>,
    appr_pay_type: Option<String>,
    appr_card_type: Option<String>,
    appr_dt: Option<String>,
    appr_origin_dt: Option<String>,
    pub appr_price: Option<String>,
    appr_issuer: Option<String>,
    appr_issuer_cd: Option<String>,
    appr_issuer_num: Option<String>,
    appr_acquirer_cd: Option<String>,
    appr_acquirer_nm: Option<String>,
    appr_num: Option<String>,
    appr_origin_num: Option<String>,
    appr_res_cd: Option<String>,
    appr_monthly: Option<String>,
    pub appr_state: Option<String>,
    appr_cash_num: Option<String>,
    appr_cash_trader: Option<String>,
    appr_cash_issuance_number: Option<String>,
    appr_card_merchant_num: Option<String>,
    cat_id: Option<String>,
    dsc_tx_num: Option<String>,
    card_type: Option<String>,
    appr_sign: Option<String>,
    ud_item: Option<serde_json::Value>,
}

impl ByHand {
    pub fn new(address: SocketAddr) -> Self {
        ByHand {
            http: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(Duration::from_secs(5))
                .timeout(Duration::from_secs(30))
                .no_proxy()
                .build()
                .expect("a client"),
            base_url: format!("http://{address}/partner"),
            api_key: "0123456789abcdef0123456789abcdef".into(),
            member: "member".into(),
            merchant: "merchant".into(),
        }
    }

    /// Reads a bill and gives its price, or panics.
    pub async fn read(&self, bill_id: &str) -> u64 {
        let answer: Envelope = self
            .http
            .post(format!("{}/bill/read", self.base_url))
            .json(&Request {
                api_key: &self.api_key,
                member: &self.member,
                merchant: &self.merchant,
                bill: RequestBill { bill_id },
            })
            .send()
            .await
            .expect("an answer")
            .json()
            .await
            .expect("an envelope");
        assert_eq!(answer.code, "0000");
        let data = answer.data.expect("a bill");
        assert_eq!(data.bill_id.as_deref(), Some(bill_id));
        assert_eq!(data.appr_state.as_deref(), Some("F"));
        data.appr_price.expect("a price").parse().expect("won")
    }
}

/// The same by the facade.
pub fn facade(address: SocketAddr) -> payssam::Client {
    let credentials =
        payssam::Credentials::new("0123456789abcdef0123456789abcdef", "member", "merchant")
            .expect("credentials");
    payssam::Client::builder(credentials)
        .base_url(format!("http://{address}/partner"))
        .build()
        .expect("a client")
}

/// Reads a bill by the facade and gives its price, or panics.
pub async fn facade_read(client: &payssam::Client, bill_id: &payssam::BillId) -> u64 {
    let bill = client.bills().read(bill_id).await.expect("a bill");
    assert_eq!(*bill.state(), payssam::BillState::Paid);
    bill.approval()
        .price()
        .expect("won")
        .expect("a price")
        .get()
}
