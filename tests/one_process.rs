//! The tests that can share one process: so they wait at the same time, and are linked once. Whatever needs a process of
//! its own, or most of the machine, is a test of its own in `Cargo.toml`.
#![allow(
    clippy::duplicate_mod,
    reason = "each file says what it needs of the support, so that it can be a test of its own"
)]

#[path = "amounts.rs"]
mod amounts;
#[path = "answers.rs"]
mod answers;
#[path = "blocking.rs"]
mod blocking;
#[path = "callback.rs"]
mod callback;
#[path = "claims.rs"]
mod claims;
#[path = "claims_in_a_file.rs"]
mod claims_in_a_file;
#[path = "confirm.rs"]
mod confirm;
#[path = "confirmed.rs"]
mod confirmed;
#[path = "contradictions.rs"]
mod contradictions;
#[path = "corpus.rs"]
mod corpus;
#[path = "error_kinds.rs"]
mod error_kinds;
#[path = "error_texts.rs"]
mod error_texts;
#[path = "faults.rs"]
mod faults;
#[path = "getters.rs"]
mod getters;
#[path = "ids_of_digits.rs"]
mod ids_of_digits;
#[path = "invisible.rs"]
mod invisible;
#[path = "kills.rs"]
mod kills;
#[path = "many.rs"]
mod many;
#[path = "new_bill.rs"]
mod new_bill;
#[path = "not_sent.rs"]
mod not_sent;
#[path = "raw_call.rs"]
mod raw_call;
#[path = "receipts.rs"]
mod receipts;
#[path = "requests.rs"]
mod requests;
#[path = "response_fields.rs"]
mod response_fields;
#[path = "response_limits.rs"]
mod response_limits;
#[path = "runtime.rs"]
mod runtime;
#[path = "send.rs"]
mod send;
#[path = "stored_requests.rs"]
mod stored_requests;
#[path = "text_values.rs"]
mod text_values;
#[path = "values.rs"]
mod values;
#[path = "verdicts.rs"]
mod verdicts;
#[path = "verify_payment.rs"]
mod verify_payment;
