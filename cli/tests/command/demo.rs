//! `payssam demo` shows the life cycle of a bill without an account or a network.

use serde_json::{Value, json};

use crate::support::{
    canned_server::CannedServer,
    process::{json_of, nothing, run},
    text::{assert_in_order, keys},
};

#[test]
fn the_demo_shows_the_life_cycle_of_a_bill_and_the_next_steps() {
    let ended = run(&["demo"], &nothing());
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{ended:?}");
    assert_in_order(
        &ended.stdout,
        &[
            "청구서",
            "결제선생",
            "http://127.0.0.1:",
            "in the mock server",
            "→ unpaid (W)",
            "45,000 won",
            "in the mock server",
            "→ paid (F)",
            "POST /bill/read",
            "→ paid (F)",
            "45,000 won",
            " KST",
            "결제 취소",
            "POST /bill/cancel",
            "→ cancelled (C)",
            " KST",
            "POST /bill/read",
            "→ cancelled (C)",
            "export PAYSSAM_BASE_URL=",
            "export PAYSSAM_API_KEY=",
            "export PAYSSAM_MEMBER=",
            "export PAYSSAM_MERCHANT=",
            "payssam bill read",
        ],
    );
}

#[test]
fn the_demo_in_json_is_one_object_with_the_result_of_each_step() {
    let result = json_of(&["demo"], &nothing());
    assert_eq!(keys(&result), ["steps"]);
    let steps = result["steps"].as_array().unwrap();
    let outline: Vec<_> = steps
        .iter()
        .map(|step| (step["step"].as_str().unwrap(), &step["operation"]))
        .collect();
    assert_eq!(
        outline,
        [
            ("start_mock_server", &Value::Null),
            ("add_bill", &Value::Null),
            ("pay", &Value::Null),
            ("read", &json!("bill read")),
            ("cancel", &json!("bill cancel")),
            ("read_again", &json!("bill read")),
        ]
    );
    for (step, more) in steps.iter().zip([
        None,
        None,
        None,
        Some("bill"),
        Some("cancellation"),
        Some("bill"),
    ]) {
        let mut expected: Vec<&str> = ["operation", "step"].into_iter().chain(more).collect();
        expected.sort_unstable();
        assert_eq!(keys(step), expected);
    }
    let (paid, cancelled) = (&steps[3]["bill"], &steps[5]["bill"]);
    assert_eq!(keys(paid), ["approval", "bill_id", "state"]);
    assert_eq!(
        (&paid["state"], &cancelled["state"]),
        (&json!("paid"), &json!("cancelled"))
    );
    assert_eq!(paid["approval"]["price"], 45_000);
    assert_eq!(
        keys(&steps[4]["cancellation"]),
        [
            "approval_number",
            "bill_id",
            "cancelled_at",
            "original_approval_number"
        ]
    );
}

#[test]
fn the_demo_calls_only_its_own_mock_server() {
    let elsewhere = CannedServer::responding("500 Internal Server Error", "");
    let mut environment = elsewhere.environment();
    environment.insert("HTTP_PROXY".into(), elsewhere.base_url.clone());
    environment.insert("http_proxy".into(), elsewhere.base_url.clone());
    let ended = run(&["demo", "--base-url", &elsewhere.base_url], &environment);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(elsewhere.bodies(), [Value::Null; 0]);
}
