//! `payssam points` shows the points of the partner and of the merchant.

use crate::support::{
    mock_server::mock,
    process::{json_of, run},
    text::row,
};

#[test]
fn points_are_those_of_the_partner_and_of_the_merchant() {
    let (_mock_server, at) = mock(&[]);
    let points = json_of(&["points"], &at);
    assert_eq!(points["partner"]["balance"], 1_000_000_000);
    assert_eq!(points["merchant"]["balance"], 0);
    let ended = run(&["points"], &at);
    assert_eq!(row(&ended.stdout, "partner points"), Some("1000000000"));
    assert_eq!(row(&ended.stdout, "merchant points"), Some("0"));
}
