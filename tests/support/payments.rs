//! Verified payments and cancellations, as a read shows them.

use payssam::{
    Client,
    callback::{ApprovalCallback, NotVerified, VerifiedCancellation, VerifiedPayment},
};
use serde_json::{Value, json};

use super::{
    caller::client,
    wire::{Action, Server, http},
};

/// What a read of any bill shows.
pub async fn reading(data: Value) -> (Server, Client) {
    let body = json!({"code": "0000", "message": "m", "data": data}).to_string();
    let server = Server::start(move |_| Action::Write(http("200 OK", &body))).await;
    let client = client(&server.base_url());
    (server, client)
}

/// A callback about the bill 2024-0001 that says nothing else.
pub fn callback() -> ApprovalCallback {
    ApprovalCallback::parse(br#"{"billId":"2024-0001"}"#).unwrap()
}

/// The fields of a read of the bill 2024-0001.
pub fn fields(state: &str, approval_number: Value) -> Value {
    json!({
        "billId": "2024-0001", "apprState": state, "apprPrice": "45000", "apprNum": approval_number,
    })
}

/// The payment of the bill 2024-0001 of a merchant, as a read with this approval number shows it.
pub async fn payment_of(merchant: &str, approval_number: Value) -> VerifiedPayment {
    let (_server, client) = reading(fields("F", approval_number)).await;
    let client = client.with_merchant(merchant).unwrap();
    callback().verify(&client).await.unwrap()
}

/// The payment of the bill 2024-0001 of `merchant-1`.
pub async fn payment() -> VerifiedPayment {
    payment_of("merchant-1", "00012345".into()).await
}

/// The cancellation of that payment.
pub async fn cancellation() -> VerifiedCancellation {
    let (_server, client) = reading(fields("C", "00012346".into())).await;
    match callback().verify(&client).await {
        Err(NotVerified::CancelledSince(cancellation)) => *cancellation,
        other => panic!("{other:?}"),
    }
}
