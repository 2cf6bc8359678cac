//! How sure it is that PaySsam behaves as the mock server does.

use axum::extract::State as Shared;
use serde_json::{Value, json};

use super::{
    answer::{Answer, json as answer},
    handle::Control,
    input::{Asked, NoQuery},
};

/// How sure it is.
#[derive(Clone, Copy)]
enum Provenance {
    /// PaySsam published it, or integrations observed it.
    Known,
    /// Integrations say or use it, and nobody says that it was checked.
    Reported,
    /// Nobody has said it. The mock server had to do something.
    Assumed,
}

use Provenance::{Assumed, Known, Reported};

/// Each behaviour: a name, how sure it is, what the mock server does, and what is known.
const BEHAVIOURS: &[(&str, Provenance, &str, &str)] = &[
    (
        "success",
        Known,
        "success is the code 0000, and nothing else",
        "published",
    ),
    (
        "rejections_with_http_200",
        Known,
        "a rejection comes with HTTP 200, a code, a message and data null",
        "observed by two integrations; HTTP 400 and 404 are documented too",
    ),
    (
        "limits_of_fields",
        Known,
        "lengths and required fields are those of the specification",
        "published for /bill/read and /bill/cancel, in part for others",
    ),
    (
        "hash",
        Known,
        "SHA-256 in lower-case hexadecimal digits over billId,phone,price if the request has a phone, else over billId,price",
        "the rule is published, the algorithm and the encoding were observed",
    ),
    (
        "three_part_hash_elsewhere",
        Known,
        "a three-part hash on any other request than a send is rejected with VALIDATION_002",
        "observed",
    ),
    (
        "states",
        Known,
        "W becomes F or D, F becomes C, and nothing else happens",
        "published",
    ),
    (
        "cancel_whole",
        Known,
        "only a paid bill is cancelled, always with its whole amount",
        "published; no partial cancellation is described",
    ),
    (
        "bill_id_stays_taken",
        Known,
        "a bill id that was used is rejected with BILL_001, also after a cancellation and for a cash receipt",
        "observed",
    ),
    (
        "bill_not_found",
        Known,
        "a bill that its member and merchant did not send is not found: BILL_003",
        "the code was observed; that the merchant counts is published in part, and used",
    ),
    (
        "cash_receipt_history",
        Known,
        "the entries of a cash receipt have no billId, and times of 12 digits",
        "observed; no order is promised",
    ),
    (
        "supply_price_is_required",
        Known,
        "a cash receipt without supplyPrice is rejected with VALIDATION_002",
        "observed",
    ),
    (
        "key_in_responses",
        Known,
        "responses have the key, and so have callbacks",
        "published and observed; callbacks without it were observed too",
    ),
    (
        "acknowledgement",
        Known,
        "a callback is acknowledged by exactly {\"code\":\"0000\",\"msg\":\"성공하였습니다.\"}",
        "published in part; that nothing else counts, not even the HTTP status 200 alone, is taken strictly here",
    ),
    (
        "unknown_key",
        Known,
        "a key that is missing is rejected with PARTNER_002",
        "published in part: the key is missing or malformed",
    ),
    (
        "callback_repeats",
        Reported,
        "a callback that is not acknowledged is sent again every hour for 24 hours",
        "published for version 1 of the API",
    ),
    (
        "callback_of_payments_alone",
        Reported,
        "a payment is called back, and a failure, a cancellation or a destruction is not",
        "published for version 1; one guide says that cancellations are",
    ),
    (
        "resend_unpaid_alone",
        Reported,
        "only an unpaid bill is resent; else BILL_006",
        "used by integrations; the code is relayed",
    ),
    (
        "destroy_unpaid_alone",
        Reported,
        "only an unpaid bill is destroyed",
        "observed once, and used",
    ),
    (
        "points",
        Reported,
        "sending a bill costs 55 points of the partner; with fewer it is rejected with POINT_001",
        "relayed; by contract they may be those of the merchant",
    ),
    (
        "paid_on_site",
        Reported,
        "a bill that was paid on site reads destroyed (D), and the API shows no reason",
        "observed by one integration",
    ),
    (
        "times_after_cancellation",
        Reported,
        "after a cancellation apprDt and apprNum are those of the cancellation, apprOriginDt and apprOriginNum those of the payment",
        "observed once, and relayed",
    ),
    (
        "payment_001",
        Reported,
        "the fault payment-001: the card company or the bank gave no response",
        "relayed",
    ),
    (
        "register_merchant",
        Reported,
        "/auth/mapping gives a url",
        "the request is published in part, the response used by one integration",
    ),
    (
        "foreign_key",
        Assumed,
        "a key that is not known is rejected with PARTNER_002 as well",
        "PARTNER_002 is published for a missing or malformed key; PARTNER_003 and PARTNER_005 could be meant too",
    ),
    (
        "foreign_merchant",
        Assumed,
        "where a seed lists the merchants of a partner, another one is rejected with PARTNER_004",
        "the code and its message are published in part, when it is given is not known",
    ),
    (
        "wrong_state_codes",
        Assumed,
        "cancelling an unpaid bill or one twice, and destroying a paid one, have codes that begin with MOCK_",
        "PaySsam's codes are not known",
    ),
    (
        "other_price",
        Assumed,
        "a price other than that of the bill is rejected with MOCK_PRICE_DIFFERS",
        "PaySsam's code is not known",
    ),
    (
        "expiry",
        Assumed,
        "after its last day a bill stays unpaid, and cannot be paid",
        "what a read of an expired bill shows is not known",
    ),
    (
        "last_day_in_the_past",
        Assumed,
        "a bill whose last day is over is rejected with MOCK_EXPIRED",
        "what PaySsam does with it is not known",
    ),
    (
        "way_of_payment",
        Assumed,
        "a payment is by card, with apprPayType CARD_VAN, or by bank transfer, with BANK and no cash receipt in the response",
        "the letters were seen in version 1, the set of them is open",
    ),
    (
        "approval_numbers",
        Assumed,
        "approval numbers are eight digits that count from 1",
        "only that they may begin with zeros was observed",
    ),
    (
        "points_of_the_merchant",
        Assumed,
        "the points of a merchant are 0",
        "whether there are any depends on the contract",
    ),
    (
        "desk_cancellation",
        Assumed,
        "a cancellation at the desk has the same effect as one by the API, and no callback",
        "that there is a manager app is known, what a read shows afterwards is not",
    ),
];

pub(super) async fn list(Shared(_): Shared<Control>, _: Asked<NoQuery>) -> Answer {
    let behaviours = BEHAVIOURS.iter().map(|(name, provenance, does, basis)| {
        let provenance = match provenance {
            Known => "known",
            Reported => "reported",
            Assumed => "assumed",
        };
        json!({"name": name, "provenance": provenance, "does": does, "basis": basis})
    });
    let behaviours: Vec<Value> = behaviours.collect();
    Ok(answer(&json!({"behaviours": behaviours})))
}
