//! One line of the ledger on the page.

use askama::Template;
use payssam::{Won, redact::escape};

use super::{
    number::{grouped, signed, won},
    words::{self, Words},
};
use crate::{belief::BelievedState, class::Class, finding::Finding};

/// One row.
#[derive(Template)]
#[template(path = "row.html")]
pub(crate) struct Row {
    line: u64,
    line_text: String,
    bill_id: Option<String>,
    day: Option<String>,
    class: &'static str,
    name: Words,
    tone: &'static str,
    reason: String,
    reason_in_korean: Option<String>,
    here: Option<Side>,
    there: Option<Side>,
    difference: Option<Difference>,
}

/// What one side says.
struct Side {
    state: Words,
    letters: Option<String>,
    amount: Option<Amount>,
}

struct Amount {
    won: u64,
    text: String,
}

/// How much more money PaySsam has than the books say.
struct Difference {
    won: i64,
    text: String,
}

impl Row {
    pub(crate) fn of(finding: &Finding) -> Self {
        let (name, tone, _) = words::of_class(finding.class);
        let here = finding.here.as_ref().map(|here| Side {
            state: words::of_belief(here.state),
            letters: None,
            amount: here.amount.map(amount),
        });
        let there = finding.there.as_ref().map(|there| {
            let (state, letters) = words::of_state(&there.state);
            Side {
                state,
                letters,
                amount: there.amount.map(amount),
            }
        });
        Row {
            line: finding.line,
            line_text: grouped(finding.line),
            bill_id: finding.bill_id.as_ref().map(|id| escape(id.as_str())),
            day: finding.day.map(|day| day.to_string()),
            class: finding.class.as_str(),
            name,
            tone,
            reason: escape(&finding.reason),
            reason_in_korean: reason_in_korean(finding),
            here,
            there,
            difference: difference(finding),
        }
    }
}

fn amount(amount: Won) -> Amount {
    Amount {
        won: amount.get(),
        text: won(amount),
    }
}

/// Where the class and both states say all that the reason does. Any other reason has more, and is shown as it is.
fn reason_in_korean(finding: &Finding) -> Option<String> {
    let here = words::of_belief(finding.here.as_ref()?.state).ko;
    let (there, _) = words::of_state(&finding.there.as_ref()?.state);
    match finding.class {
        Class::PaidHereOnly | Class::PaidThereOnly | Class::CancelledElsewhere => {
            Some(format!("장부는 {here}, 결제선생은 {}입니다", there.ko))
        }
        Class::AmountDiffers => Some(format!("둘 다 {here}인데 금액이 다릅니다")),
        Class::Destroyed => Some(format!(
            "장부는 {here}, 결제선생은 파기입니다. 현장납부였을 수 있으며 결제선생 조회로는 알 수 없습니다"
        )),
        _ => None,
    }
}

/// Only where both sides are known: a destroyed bill, for one, may have been paid on site.
fn difference(finding: &Finding) -> Option<Difference> {
    let believed = finding.here.as_ref()?;
    let here = believed.amount.map(i64::from);
    let there = finding.there.as_ref()?.amount.map(i64::from);
    let won = match finding.class {
        Class::PaidThereOnly => there?,
        Class::PaidHereOnly => -here?,
        Class::CancelledElsewhere if believed.state == BelievedState::Paid => -here?,
        Class::AmountDiffers => there? - here?,
        _ => return None,
    };
    Some(Difference {
        won,
        text: signed(won),
    })
}
