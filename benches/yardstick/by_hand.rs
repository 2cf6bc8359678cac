//! The same calls written by hand with reqwest and serde structs of owned strings, and nothing else.

use std::{fmt::Write as _, net::SocketAddr, time::Duration};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

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
struct Request<'a, B> {
    api_key: &'a str,
    member: &'a str,
    merchant: &'a str,
    bill: B,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RequestBill<'a> {
    bill_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BillToCancel<'a> {
    bill_id: &'a str,
    price: &'a str,
    cancel_reason: &'a str,
    hash: &'a str,
}

#[derive(Deserialize)]
struct Envelope<D> {
    code: String,
    #[expect(dead_code)]
    message: Option<String>,
    data: Option<D>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code)]
struct Cancelled {
    api_key: Option<String>,
    member: Option<String>,
    merchant: Option<String>,
    bill_id: Option<String>,
    hash: Option<String>,
    appr_num: Option<String>,
    appr_origin_num: Option<String>,
    appr_cancel_dt: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code)]
struct Data {
    api_key: Option<String>,
    bill_id: Option<String>,
    appr_pay_type: Option<String>,
    appr_card_type: Option<String>,
    appr_dt: Option<String>,
    appr_origin_dt: Option<String>,
    appr_price: Option<String>,
    appr_issuer: Option<String>,
    appr_issuer_cd: Option<String>,
    appr_issuer_num: Option<String>,
    appr_acquirer_cd: Option<String>,
    appr_acquirer_nm: Option<String>,
    appr_num: Option<String>,
    appr_origin_num: Option<String>,
    appr_res_cd: Option<String>,
    appr_monthly: Option<String>,
    appr_state: Option<String>,
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

    /// Reads a bill and returns its price, or panics.
    pub async fn read(&self, bill_id: &str) -> u64 {
        let data: Data = self.call("/bill/read", RequestBill { bill_id }).await;
        assert_eq!(data.bill_id.as_deref(), Some(bill_id));
        assert_eq!(data.appr_state.as_deref(), Some("F"));
        data.appr_price.expect("a price").parse().expect("won")
    }

    /// Cancels a bill, or panics.
    #[allow(dead_code, reason = "not every bench cancels")]
    pub async fn cancel(&self, bill_id: &str, price: u64) {
        let price = price.to_string();
        let mut hash = String::with_capacity(64);
        for byte in Sha256::digest(format!("{bill_id},{price}")) {
            write!(hash, "{byte:02x}").expect("a hash");
        }
        let bill = BillToCancel {
            bill_id,
            price: &price,
            cancel_reason: "고객 요청",
            hash: &hash,
        };
        let data: Cancelled = self.call("/bill/cancel", bill).await;
        assert_eq!(data.bill_id.as_deref(), Some(bill_id));
        assert_eq!(data.hash.as_deref(), Some(hash.as_str()));
        assert!(data.appr_cancel_dt.is_some());
    }

    async fn call<D: DeserializeOwned>(&self, path: &str, bill: impl Serialize) -> D {
        let response: Envelope<D> = self
            .http
            .post(format!("{}{path}", self.base_url))
            .json(&Request {
                api_key: &self.api_key,
                member: &self.member,
                merchant: &self.merchant,
                bill,
            })
            .send()
            .await
            .expect("a response")
            .json()
            .await
            .expect("an envelope");
        assert_eq!(response.code, "0000");
        response.data.expect("a bill")
    }
}
