//! Paying a bill by its link, as its payer would.

use payssam::Error;
use reqwest::{Url, header::CONTENT_TYPE};

use crate::{http_client, links, loopback};

/// Pays the bill that a link (`shortUrl`) of a mock server leads to, as its payer would.
///
/// The mock server may run in another process, such as `payssam mock`. The link of a bill is in the
/// response to the request that sent it.
///
/// # Errors
///
/// [`Error::InvalidInput`] when the link does not lead to loopback, when there is no mock server or no
/// such bill, or when the bill is not unpaid.
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
    let post = http_client::new()?.post(url);
    // The payment page takes the form of its own page, and JSON from programs.
    let post = post.header(CONTENT_TYPE, "application/json").body("{}");
    let response = post.send().await;
    match response.map(|response| response.status().as_u16()) {
        Ok(200) => Ok(()),
        Ok(409) => Err(invalid("the bill is not unpaid".into())),
        Ok(404) => Err(invalid("the mock server has no such bill".into())),
        Ok(status) => Err(invalid(format!(
            "there is no mock server at this address: it responded with HTTP {status}"
        ))),
        Err(_) => Err(invalid(
            "there is no mock server at this address: it did not respond".into(),
        )),
    }
}
