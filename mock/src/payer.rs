//! Paying a bill of a mock server in another process, as its payer would.

use payssam::{BillId, Credentials, Error};
use serde_json::json;
use url::Url;

use crate::{http_client, links, loopback, payment_by_id, reach::Reach};

/// Pays the bill that a link (`shortUrl`) of a mock server leads to, as its payer would.
///
/// The mock server may run in another process, such as `payssam mock`. The link of a bill is in the
/// response to the request that sent it.
///
/// # Errors
///
/// [`Error::InvalidInput`] when the link does not lead to loopback, when there is no mock server or no
/// such bill, or when the bill is not unpaid or expired.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let error = payssam_mock::pay_by_link("https://payssam.example/1").await.unwrap_err();
/// assert!(error.to_string().contains("not a link of a mock server on this machine"));
/// # }
/// ```
pub async fn pay_by_link(link: &str) -> Result<(), Error> {
    let invalid = |problem: String| Error::invalid_input("link", problem);
    let is_link = |url: &Url| url.path().starts_with(links::PATH);
    let Some(url) = loopback::url(link).filter(is_link) else {
        return Err(invalid(
            "not a link of a mock server on this machine".into(),
        ));
    };
    // The payment page takes the form of its own page, and JSON from programs.
    let response =
        http_client::post(&url, "application/json", "{}".into(), 0, &Reach::default()).await;
    match response.map(|response| response.status) {
        Ok(200) => Ok(()),
        Ok(409) => Err(invalid("the bill is not unpaid".into())),
        Ok(410) => Err(invalid(EXPIRED.into())),
        Ok(404) => Err(invalid("the mock server has no such bill".into())),
        Ok(status) => Err(invalid(not_there(&format!("responded with HTTP {status}")))),
        Err(_) => Err(invalid(not_there("did not respond"))),
    }
}

/// Pays the bill with this id, as its payer would, on the mock server with this base URL.
///
/// The mock server may run in another process, such as `payssam mock`. The credentials are those of its
/// clients, with the member and merchant that sent the bill.
///
/// # Errors
///
/// [`Error::InvalidInput`] when the base URL does not lead to loopback, when there is no mock server with these
/// credentials or no such bill, or when the bill is not unpaid or expired.
///
/// ```
/// # use payssam::{BillId, BillState, Won};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), payssam::Error> {
/// # let mock = payssam_mock::MockServer::start().await?;
/// let id = BillId::new("2024-0001")?;
/// mock.add_bill(id.clone(), Won::new(45_000)?)?;
/// payssam_mock::pay_by_id(&mock.base_url(), mock.credentials(), &id).await?;
/// assert_eq!(*mock.client()?.bills().read(&id).await?.state(), BillState::Paid);
/// # Ok(())
/// # }
/// ```
pub async fn pay_by_id(
    base_url: &str,
    credentials: &Credentials,
    id: &BillId,
) -> Result<(), Error> {
    let Some(mut url) = loopback::url(base_url) else {
        return Err(Error::invalid_input(
            "base url",
            "not a mock server on this machine",
        ));
    };
    url.set_path(payment_by_id::PATH);
    url.set_query(None);
    let body = json!({
        "apiKey": credentials.reveal_api_key(),
        "member": credentials.member(),
        "merchant": credentials.merchant(),
        "bill": {"billId": id.as_str()},
    });
    let response = http_client::post(
        &url,
        "application/json",
        body.to_string(),
        0,
        &Reach::default(),
    )
    .await;
    let invalid = |problem: String| Error::invalid_input("bill id", problem);
    match response.map(|response| response.status) {
        Ok(200) => Ok(()),
        Ok(409) => Err(invalid("the bill is not unpaid".into())),
        Ok(410) => Err(invalid(EXPIRED.into())),
        Ok(404) => Err(invalid(
            "the mock server has no such bill of this member and merchant".into(),
        )),
        Ok(403) => Err(Error::invalid_input(
            "api key",
            "the mock server has another one",
        )),
        Ok(status) => {
            let problem = not_there(&format!("responded with HTTP {status}"));
            Err(Error::invalid_input("base url", problem))
        }
        Err(_) => Err(Error::invalid_input(
            "base url",
            not_there("did not respond"),
        )),
    }
}

const EXPIRED: &str = "the bill expired: its last day is over";

fn not_there(evidence: &str) -> String {
    format!("there is no mock server at this address: it {evidence}")
}
