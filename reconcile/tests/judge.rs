//! Every pair of what the books believe and what PaySsam says falls into the class that the words of the issue give it.

use payssam::{BillId, BillState, Won};
use payssam_reconcile::{Amount, Belief, BelievedState, Class, Finding, Seen, judge};

fn won(amount: u64) -> Won {
    Won::new(amount).unwrap()
}

fn belief(state: BelievedState, amount: Option<u64>) -> Belief {
    Belief {
        line: 2,
        bill_id: BillId::new("2024-0001").unwrap(),
        amount: amount.map(won),
        state,
        day: None,
    }
}

fn bill(state: BillState, amount: Amount) -> Seen {
    Seen::Bill {
        state,
        amount,
        day: None,
        is_named: true,
    }
}

fn states() -> Vec<BillState> {
    ["W", "F", "C", "D", "X", "", "f"]
        .map(BillState::from_letter)
        .to_vec()
}

/// The judge of the judge: questions with yes or no, in another order than the table of the crate.
fn expected(
    here: BelievedState,
    amount: Option<u64>,
    there: &BillState,
    paid: Amount,
) -> &'static str {
    let holds_money_there = there.letter() == "F";
    let letters_known = ["W", "F", "C", "D"].contains(&there.letter());
    if !letters_known {
        return "unsettled";
    }
    let same_state = there.to_string() == here.as_str();
    if same_state {
        if there.letter() == "W" || there.letter() == "D" {
            return "agrees";
        }
        return match (amount, paid) {
            (Some(one), Amount::Is(other)) if one == other.get() => "agrees",
            (Some(_), Amount::Is(_)) => "amount_differs",
            _ => "unsettled",
        };
    }
    if holds_money_there {
        return "paid_there_only";
    }
    if there.letter() == "C" {
        return "cancelled_elsewhere";
    }
    if there.letter() == "D" {
        return "destroyed";
    }
    // Unpaid there, and not here.
    if here == BelievedState::Paid {
        "paid_here_only"
    } else {
        "unsettled"
    }
}

#[test]
fn every_pair_of_states_and_amounts_is_judged_as_its_words_say() {
    let amounts = [
        Amount::Is(won(45_000)),
        Amount::Is(won(44_999)),
        Amount::Missing,
        Amount::Malformed,
    ];
    let mut seen = std::collections::BTreeSet::new();
    for here in BelievedState::ALL {
        for amount in [Some(45_000), Some(1), None] {
            for there in states() {
                for paid in amounts {
                    let finding = judge(&belief(here, amount), &bill(there.clone(), paid));
                    let class = expected(here, amount, &there, paid);
                    assert_eq!(
                        finding.class.as_str(),
                        class,
                        "{here} {amount:?} {there} {paid:?}"
                    );
                    seen.insert(class);
                }
            }
        }
    }
    assert_eq!(seen.len(), 7, "{seen:?}");
}

#[test]
fn what_is_not_known_never_becomes_agreement() {
    for here in BelievedState::ALL {
        let belief = belief(here, Some(45_000));
        let failed = judge(&belief, &Seen::Failed("timeout".to_owned()));
        assert_eq!((failed.class, failed.there), (Class::CouldNotBeRead, None));
        assert!(!failed.class.is_mismatch());
        assert_eq!(judge(&belief, &Seen::NotFound).class, Class::NotFound);
        let unnamed = Seen::Bill {
            state: BillState::from(here.as_str()),
            amount: Amount::Is(won(45_000)),
            day: None,
            is_named: false,
        };
        assert_eq!(judge(&belief, &unnamed).class, Class::Unsettled, "{here}");
    }
}

#[test]
fn every_text_of_a_finding_is_short_however_long_a_response_is() {
    let belief = belief(BelievedState::Paid, Some(45_000));
    for letters in [
        "F".repeat(70_000),
        "\u{10ffff}".repeat(70_000),
        "상태".repeat(70_000),
    ] {
        let found = judge(
            &belief,
            &bill(BillState::from_letter(&letters), Amount::Missing),
        );
        assert_eq!(found.class, Class::Unsettled);
        let line = serde_json::to_string(&found).unwrap();
        assert!(line.len() < 4_000, "{}", line.len());
        assert_eq!(serde_json::from_str::<Finding>(&line).unwrap(), found);
        let failed = judge(&belief, &Seen::Failed(letters));
        assert!(failed.reason.chars().count() <= 401, "{}", failed.reason);
    }
}

#[test]
fn a_reason_says_what_both_sides_say_and_what_that_means() {
    use BelievedState::{Cancelled, Destroyed, Paid, Unpaid};
    let on_site = "; it may have been paid on site, which PaySsam does not show";
    for (here, there, expected) in [
        (Unpaid, "W", "both say unpaid"),
        (Destroyed, "D", "both say destroyed"),
        (Unpaid, "F", "the books say unpaid, and PaySsam says paid"),
        (Paid, "W", "the books say paid, and PaySsam says unpaid"),
        (Paid, "C", "the books say paid, and PaySsam says cancelled"),
        (
            Cancelled,
            "W",
            "the books say cancelled, and PaySsam says unpaid: the payer can still pay",
        ),
        (
            Destroyed,
            "W",
            "the books say destroyed, and PaySsam says unpaid: the payer can still pay",
        ),
        (
            Paid,
            "D",
            &format!("the books say paid, and PaySsam says destroyed{on_site}"),
        ),
        (Paid, "F", "both say paid, 45000 won"),
    ] {
        let there = BillState::from_letter(there);
        let finding = judge(
            &belief(here, Some(45_000)),
            &bill(there, Amount::Is(won(45_000))),
        );
        assert_eq!(finding.reason, expected);
    }
}

#[test]
fn an_amount_of_a_bill_that_was_not_paid_is_not_looked_at() {
    for letter in ["W", "D"] {
        let state = BillState::from_letter(letter);
        let here = match letter {
            "W" => BelievedState::Unpaid,
            _ => BelievedState::Destroyed,
        };
        for amount in [Amount::Is(won(1)), Amount::Missing, Amount::Malformed] {
            let finding = judge(&belief(here, Some(45_000)), &bill(state.clone(), amount));
            assert_eq!(finding.class, Class::Agrees);
            assert_eq!(finding.there.unwrap().amount, None);
        }
    }
}

#[test]
fn a_finding_and_a_summary_are_read_as_they_were_written() {
    let amount = Amount::Is(won(44_000));
    let mut finding = judge(
        &belief(BelievedState::Paid, Some(45_000)),
        &bill(BillState::Paid, amount),
    );
    finding.day = Some("2026-11-25".parse().unwrap());
    let written = serde_json::to_string(&finding).unwrap();
    assert_eq!(
        written,
        r#"{"line":2,"bill_id":"2024-0001","class":"amount_differs","here":{"state":"paid","amount":45000},"there":{"state":"paid","amount":44000},"day":"2026-11-25","reason":"both say paid; the books have 45000 won, and PaySsam 44000 won"}"#
    );
    assert_eq!(serde_json::from_str::<Finding>(&written).unwrap(), finding);

    let mut summary = payssam_reconcile::Summary::new("books.csv", "a/b", "1/4".parse().ok());
    summary.add(&finding);
    finding.day = None;
    finding.class = Class::CouldNotBeRead;
    summary.add(&finding);
    let written = serde_json::to_string(&summary).unwrap();
    assert_eq!(
        serde_json::from_str::<payssam_reconcile::Summary>(&written).unwrap(),
        summary
    );
    let value: serde_json::Value = serde_json::from_str(&written).unwrap();
    assert_eq!(
        (&value["lines"], &value["partial"], &value["shard"]),
        (&2.into(), &true.into(), &"1/4".into())
    );
    assert_eq!(value["days"]["2026-11-25"]["amount_differs"], 1);
    assert_eq!(value["days"]["unknown"]["could_not_be_read"], 1);
    assert_eq!(
        value["classes"].as_object().unwrap().len(),
        Class::ALL.len()
    );
}
