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
        Reported,
        "a payment is by card, with apprPayType CARD_VAN, or by bank transfer, with BANK",
        "seen in version 1; the set of them is open, and the page of version 2 says something else",
    ),
    (
        "bank_transfer_without_cash_receipt",
        Assumed,
        "a payment by bank transfer has no cash receipt: apprCashNum and its like are empty",
        "in version 1 the cash receipt of a bank transfer is issued in the process",
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
    (
        "phone_in_digits",
        Reported,
        "a phone with hyphens is rejected with MOCK_PHONE",
        "that hyphens are refused is relayed; PaySsam's code is not known",
    ),
    (
        "price_in_digits",
        Reported,
        "a price is 1 to 10 digits without commas or leading zeros; else MOCK_INVALID",
        "the limit of digits is published in part, the rest is used; PaySsam's code is not known",
    ),
    (
        "send_type",
        Known,
        "sendType is TALK or URL; else MOCK_SEND_TYPE",
        "the values are published in part; PaySsam's code is not known",
    ),
    (
        "expiry_date_form",
        Reported,
        "expireDt is YYYY-MM-DD, valid to midnight in Korea; else MOCK_EXPIRE_DT",
        "relayed; PaySsam's code is not known",
    ),
    (
        "empty_fields",
        Reported,
        "fields without a value are empty texts",
        "used by integrations; null and missing fields occur as well",
    ),
    (
        "hash_is_checked_first",
        Assumed,
        "a wrong hash is found before the bill is looked for, its state before its price",
        "no order is known",
    ),
    (
        "bill_id_form",
        Assumed,
        "a bill id with a comma, a control character or outer white space is rejected with MOCK_INVALID",
        "only its length and that it is used once are known",
    ),
    (
        "callback_url_with_user",
        Assumed,
        "a callbackUrl with a user or a password is rejected with MOCK_CALLBACK_URL",
        "what PaySsam does with one is not known",
    ),
    (
        "callback_hosts",
        Assumed,
        "callbacks go to loopback, or to hosts that were allowed, over http alone; any other URL is taken, and gets none",
        "PaySsam's go to public addresses",
    ),
    (
        "callback_fields",
        Reported,
        "a callback has the fields of a read in camelCase",
        "observed once; the older snake_case occurs too",
    ),
    (
        "callback_repeats_are_the_same",
        Assumed,
        "a callback that is sent again has the same bytes, also after a cancellation",
        "that duplicates occur was observed, what is in them was not compared",
    ),
    (
        "callback_time_limit",
        Assumed,
        "a receiver has 10 seconds to respond",
        "no limit is known",
    ),
    (
        "short_url",
        Assumed,
        "shortUrl leads to a page of the mock server, also after a cancellation or a destruction",
        "two other shapes were observed; after a destruction the link is dead (used once)",
    ),
    (
        "receipt_amounts",
        Assumed,
        "supplyPrice and tax that do not add up to price are rejected with MOCK_AMOUNTS",
        "what PaySsam does is not known",
    ),
    (
        "receipt_holder",
        Assumed,
        "trader is 0 or 1, and issuanceNumber has the digits of a phone, a business, a person or a card; else MOCK_TRADER or MOCK_ISSUANCE_NUMBER",
        "the values of trader were observed, the checks were not",
    ),
    (
        "receipt_not_found",
        Assumed,
        "a cash receipt that there is not is rejected with MOCK_NO_RECEIPT, one that is cancelled already with MOCK_ALREADY_CANCELLED",
        "PaySsam's codes are not known",
    ),
    (
        "receipt_order",
        Assumed,
        "the latest entry of a cash receipt comes first",
        "no order is promised",
    ),
    (
        "issuance_number_after_a_restore",
        Assumed,
        "a cash receipt that comes from a snapshot or a state file shows the last two digits of its issuanceNumber",
        "the mock server keeps nobody's number",
    ),
    (
        "wrong_types",
        Assumed,
        "a field that is no text is rejected with MOCK_NOT_TEXT, an object that is none with MOCK_NOT_AN_OBJECT",
        "PaySsam's codes are not known",
    ),
    (
        "malformed_requests",
        Assumed,
        "a body that is no JSON gets HTTP 400, a path that is none 404, another method than POST 405, another content type 415",
        "HTTP 400 and 404 are published in part, the codes of the mock server are its own",
    ),
    (
        "not_representable",
        Assumed,
        "a bill id or a price that the library cannot hold is rejected with MOCK_NOT_REPRESENTABLE and HTTP 501",
        "the mock server's own limit",
    ),
    (
        "not_served",
        Assumed,
        "an operation of which only the name is known is rejected with MOCK_NOT_SERVED",
        "what it does is not known",
    ),
    (
        "in_progress",
        Assumed,
        "while a write of the fault in-progress is carried out, others for the same bill are rejected with MOCK_IN_PROGRESS",
        "whether PaySsam refuses them is not known",
    ),
    (
        "full",
        Assumed,
        "a bill beyond 256 MiB of them is rejected with MOCK_FULL and HTTP 507",
        "the mock server's own limit",
    ),
    (
        "state_file",
        Assumed,
        "if the state file cannot be written, requests are refused with MOCK_STATE_FILE and HTTP 503",
        "the mock server's own",
    ),
    (
        "foreign_hosts",
        Assumed,
        "a request with a foreign Host or Origin is refused with HTTP 403",
        "the mock server's own: it protects the browser of its user",
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
