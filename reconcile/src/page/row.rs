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
    reason_in_korean: String,
    korean_says_all: bool,
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
        let (reason_in_korean, korean_says_all) = reason_in_korean(finding);
        Row {
            line: finding.line,
            line_text: grouped(finding.line),
            bill_id: finding.bill_id.as_ref().map(|id| escape(id.as_str())),
            day: finding.day.map(|day| day.to_string()),
            class: finding.class.as_str(),
            name,
            tone,
            reason: escape(&finding.reason),
            reason_in_korean,
            korean_says_all,
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

/// In Korean, and whether that is all that the reason says. What more there is, such as a column, is shown beside it.
fn reason_in_korean(finding: &Finding) -> (String, bool) {
    let here = finding.here.as_ref();
    let here = here.map_or("—", |here| words::of_belief(here.state).ko);
    let there = finding.there.as_ref();
    let there = there.map_or("—", |there| words::of_state(&there.state).0.ko);
    match finding.class {
        Class::Agrees => (format!("둘 다 {here}입니다"), true),
        Class::PaidHereOnly | Class::PaidThereOnly | Class::CancelledElsewhere => {
            (format!("장부는 {here}, 결제선생은 {there}입니다"), true)
        }
        Class::AmountDiffers => (format!("둘 다 {here}인데 금액이 다릅니다"), true),
        Class::Destroyed => (
            format!(
                "장부는 {here}, 결제선생은 파기입니다. 현장납부였을 수 있으며 결제선생 조회로는 알 수 없습니다"
            ),
            true,
        ),
        Class::NotFound => {
            let has_more = finding.reason.contains("; ");
            (
                "결제선생에 이 가맹점의 청구서로 없습니다".to_owned(),
                !has_more,
            )
        }
        Class::Unsettled => (
            "결제선생의 응답만으로는 판단할 수 없습니다".to_owned(),
            false,
        ),
        Class::DuplicateLine => (
            "앞에 청구서 번호가 같은 행이 있어 그 행만 비교했습니다".to_owned(),
            false,
        ),
        Class::UnreadableLine => ("이 행을 읽을 수 없습니다".to_owned(), false),
        Class::CouldNotBeRead => ("결제선생에서 조회하지 못했습니다".to_owned(), false),
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
