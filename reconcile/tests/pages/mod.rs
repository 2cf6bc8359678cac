//! Findings to make pages of.

#![allow(dead_code, reason = "no test needs all of it")]

use std::io;

use fantoccini::Locator;

use payssam::{BillId, BillState, Won};
pub use payssam_browser::Browser;
use payssam_reconcile::{BelievedState, Class, Finding, Here, Summary, There, page};

pub fn won(won: u64) -> Option<Won> {
    Some(Won::new(won).unwrap())
}

/// A line of this class, with what both sides typically say.
pub fn finding(line: u64, class: Class) -> Finding {
    use BelievedState as Believed;
    let amount = line * 1_000;
    let here = |state| {
        Some(Here {
            state,
            amount: won(amount),
        })
    };
    let there = |state, amount| Some(There { state, amount });
    let (here, there) = match class {
        Class::Agrees => (here(Believed::Paid), there(BillState::Paid, won(amount))),
        Class::PaidHereOnly => (here(Believed::Paid), there(BillState::Unpaid, None)),
        Class::PaidThereOnly => (here(Believed::Unpaid), there(BillState::Paid, won(amount))),
        Class::AmountDiffers => (
            here(Believed::Paid),
            there(BillState::Paid, won(amount + 5_000)),
        ),
        Class::CancelledElsewhere => (
            here(Believed::Paid),
            there(BillState::Cancelled, won(amount)),
        ),
        Class::Destroyed => (here(Believed::Unpaid), there(BillState::Destroyed, None)),
        Class::Unsettled => (
            here(Believed::Paid),
            there(BillState::Unknown("X".into()), None),
        ),
        Class::UnreadableLine => (None, None),
        _ => (here(Believed::Paid), None),
    };
    let id = BillId::new(format!("B-{line:06}")).unwrap();
    Finding {
        line,
        bill_id: (class != Class::UnreadableLine).then_some(id),
        class,
        here,
        there,
        day: Some(format!("2026-03-{:02}", 1 + line % 9).parse().unwrap()),
        reason: format!("the reason of line {line} ends here: end-{line:06}"),
    }
}

/// One line of every class, from line 2.
pub fn one_of_each() -> Vec<Finding> {
    let lines = (2..).zip(Class::ALL);
    lines.map(|(line, class)| finding(line, class)).collect()
}

pub fn summary(findings: &[Finding]) -> Summary {
    let mut summary = Summary::new("books.csv", "academy/seoul", None);
    for finding in findings {
        summary.add(finding);
    }
    summary
}

/// The page of these findings.
pub fn html_of(findings: Vec<Finding>, full_list: Option<&str>) -> String {
    html(&summary(&findings), findings, full_list)
}

pub fn html(summary: &Summary, findings: Vec<Finding>, full_list: Option<&str>) -> String {
    let mut html = Vec::new();
    let findings = findings.into_iter().map(Ok::<_, io::Error>);
    page(summary, findings, full_list, &mut html).unwrap();
    String::from_utf8(html).unwrap()
}

/// What a person does with the findings of the page.
pub trait Findings {
    /// The lines of the ledger that are seen in the list, from above.
    async fn lines(&self) -> Vec<u64>;

    /// Types into the field for searching, in place of what is there.
    async fn search(&self, text: &str);
}

impl Findings for Browser {
    async fn lines(&self) -> Vec<u64> {
        let cells = self.texts(".findings tbody td.line").await;
        let number = |text: String| text.replace(',', "").parse().unwrap();
        cells.into_iter().map(number).collect()
    }

    async fn search(&self, text: &str) {
        let field = self.client.find(Locator::Id("search")).await.unwrap();
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }
}
