//! `payssam demo`: the life of one bill, step by step.

use std::fmt::Display;

use clap::Args;
use serde::Serialize;

use crate::{
    Connection, Output, bill, help_with,
    output::{Rows, tell, won},
};
use payssam::{
    Bill, BillId, BillState, CancelBill, Cancellation, Error, Operation, PAYSSAM_SANDBOX_URL, Won,
};
use payssam_mock::MockServer;

/// Shows the life of one bill with a mock server on this machine; no account, no money.
///
/// The mock server (see `payssam mock`) gets a free port. A bill is added, paid, read,
/// cancelled and read again by the same client that programs use. Nothing outside
/// this machine is called.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = help_with(&[
    "payssam demo",
    "payssam demo --output json",
]))]
pub(crate) struct Demo {}

impl Demo {
    pub(crate) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let mut story = Story::new(output);
        story.say(
            "The life of one bill (청구서), played against a mock on this machine.\n\
             No account is needed, and no money moves.",
        );

        let mock = MockServer::start().await?;
        let client = connection.build(mock.client_builder())?;
        story.played(
            "start_mock_server",
            "The mock server starts, in place of PaySsam (결제선생).",
            format_args!("{:LEFT$}  {}", "listening on", mock.base_url()),
        );

        let (id, price) = (BillId::new("demo-0001")?, Won::new(45_000)?);
        mock.add_bill(id.clone(), price)?;
        let mut rows = Rows::default();
        rows.put("bill id", id.to_string());
        rows.put("amount", won(price));
        story.played(
            "add_bill",
            "The mock server gets a bill, as if a merchant had sent it to a payer's phone (청구서 발송).",
            format_args!(
                "{}\n{rows:LEFT$}",
                became("in the mock server", &BillState::Unpaid)
            ),
        );

        mock.pay(&id)?;
        story.played(
            "pay",
            "The mock server pretends that the payer pays it by card (결제).",
            became("in the mock server", &BillState::Paid),
        );

        story.read(
            "read",
            "The merchant reads the bill (조회). A read changes nothing.",
            client.bills().read(&id).await?,
        );

        let cancel = CancelBill::new(id.clone(), price).reason("고객 요청")?;
        story.cancelled(
            "cancel",
            "The merchant cancels the payment (결제 취소). A hash (통신 암호 키) signs the amount.",
            client.bills().cancel(&cancel).await?,
        );

        story.read(
            "read_again",
            "The merchant reads the bill again. A cancelled bill stays cancelled for good.",
            client.bills().read(&id).await?,
        );

        story.say(format_args!(
            "
That is the whole life of a bill. What to do next:

Try the commands yourself. Leave a mock server running in one terminal,
  payssam mock --bill 2024-0001:45000:paid
paste the export lines that it prints into another, and there run
  payssam bill read 2024-0001
  payssam bill cancel 2024-0001 --price 45000

With an account, call PaySsam's own sandbox. PaySsam gives you the key, member and merchant:
  export PAYSSAM_BASE_URL={PAYSSAM_SANDBOX_URL}
  export PAYSSAM_API_KEY=...
  export PAYSSAM_MEMBER=...
  export PAYSSAM_MERCHANT=...
  payssam bill read ID

From a checkout, `cargo run --` stands for `payssam`."
        ));
        story.end();
        Ok(())
    }
}

/// The width of the left column.
const LEFT: usize = 24;

/// Which state a step resulted in.
fn became(cause: &str, state: &BillState) -> String {
    format!("{cause:LEFT$}  → {}", bill::state(state))
}

/// Shows each step as it happens in text, and all of them at the end in JSON.
struct Story {
    output: Output,
    steps: Vec<Step>,
}

#[derive(Default, Serialize)]
struct Step {
    step: &'static str,
    operation: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bill: Option<Bill>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancellation: Option<Cancellation>,
}

impl Story {
    fn new(output: Output) -> Self {
        Story {
            output,
            steps: Vec::new(),
        }
    }

    fn say(&self, text: impl Display) {
        if self.output == Output::Text {
            tell(text);
        }
    }

    fn tell_step(&mut self, step: Step, title: &str, body: impl Display) {
        self.steps.push(step);
        let body = body.to_string().replace('\n', "\n   ");
        self.say(format_args!("\n{}. {title}\n   {body}", self.steps.len()));
    }

    /// Tells what the mock server does by itself.
    fn played(&mut self, step: &'static str, title: &str, body: impl Display) {
        let step = Step {
            step,
            ..Step::default()
        };
        self.tell_step(step, title, body);
    }

    fn read(&mut self, step: &'static str, title: &str, bill: Bill) {
        let rows = bill::rows(&bill, false).only(&[
            "amount",
            "approved at",
            "approval number",
            "cancelled at",
            "cancellation number",
            "original approval number",
            "issuer",
            "card or account",
        ]);
        let body = format!("{}\n{rows:LEFT$}", became("POST /bill/read", bill.state()));
        let step = Step {
            step,
            operation: Some(Operation::BillRead.as_str()),
            bill: Some(bill),
            ..Step::default()
        };
        self.tell_step(step, title, body);
    }

    fn cancelled(&mut self, step: &'static str, title: &str, cancellation: Cancellation) {
        let rows = bill::cancellation_rows(&cancellation).only(&[
            "cancelled at",
            "cancellation number",
            "original approval number",
        ]);
        let body = format!(
            "{}\n{rows:LEFT$}",
            became("POST /bill/cancel", &BillState::Cancelled)
        );
        let step = Step {
            step,
            operation: Some(Operation::BillCancel.as_str()),
            cancellation: Some(cancellation),
            ..Step::default()
        };
        self.tell_step(step, title, body);
    }

    fn end(self) {
        #[derive(Serialize)]
        struct Told {
            steps: Vec<Step>,
        }
        if self.output == Output::Json {
            self.output.result("", &Told { steps: self.steps });
        }
    }
}
