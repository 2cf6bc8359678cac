//! `payssam demo`: the life cycle of a bill against a mock server.

use std::fmt::Display;

use clap::Args;
use payssam::{
    Bill, BillId, BillState, CancelBill, Cancellation, Error, Operation, PAYSSAM_SANDBOX_URL, Won,
};
use payssam_mock::MockServer;
use serde::Serialize;

use crate::{
    bill::rows::{bill_rows, cancellation_rows, state},
    connection::Connection,
    help,
    output::{Output, print},
    rows::{Rows, won},
};

/// Shows the life cycle of a bill with a mock server (모의 서버), without an account or money.
///
/// The mock server (see `payssam help mock`) runs on a free port of this machine. The demo adds a
/// bill, pays it, reads it, cancels it and reads it again with the client of the library. It makes
/// no request to any other machine.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = help::of_a_local_command(&[
    "payssam demo",
    "payssam demo --output json",
]))]
pub(crate) struct Demo {}

impl Demo {
    pub(crate) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let mut steps = Steps::new(output);
        steps.print(
            "The life cycle of a bill (청구서), with a mock server (모의 서버) on this machine.\n\
             It needs no account and moves no money.",
        );

        let mock = MockServer::start().await?;
        let client = connection.build(mock.client_builder())?;
        steps.mock_server(
            "start_mock_server",
            "The mock server starts, in place of PaySsam (결제선생).",
            format_args!("{:LABELS$}  {}", "base url", mock.base_url()),
        );

        let (id, price) = (BillId::new("demo-0001")?, Won::new(45_000)?);
        mock.add_bill(id.clone(), price)?;
        let mut rows = Rows::default();
        rows.put("bill id", id.to_string());
        rows.put("amount", won(price));
        steps.mock_server(
            "add_bill",
            "A bill is added to the mock server, as if the merchant had sent it (청구서 발송).",
            format_args!(
                "{}\n{rows:LABELS$}",
                change("in the mock server", &BillState::Unpaid)
            ),
        );

        mock.pay(&id)?;
        steps.mock_server(
            "pay",
            "The mock server acts as the payer and pays the bill by card (결제).",
            change("in the mock server", &BillState::Paid),
        );

        steps.read(
            "read",
            "The merchant reads the bill (조회). A read changes nothing.",
            client.bills().read(&id).await?,
        );

        let cancel = CancelBill::new(id.clone(), price).reason("고객 요청")?;
        steps.cancelled(
            "cancel",
            "The merchant cancels the payment (결제 취소). A hash (통신 암호 키) signs the amount.",
            client.bills().cancel(&cancel).await?,
        );

        steps.read(
            "read_again",
            "The merchant reads the bill again. The cancellation is final.",
            client.bills().read(&id).await?,
        );

        steps.print(format_args!(
            "
Next steps:

Run the commands yourself. Start a mock server in one terminal:
  payssam mock --bill 2024-0001:45000:paid
Paste the export lines that it prints into another terminal, and run there:
  payssam bill read 2024-0001
  payssam bill cancel 2024-0001 --price 45000

With an account, use PaySsam's own sandbox. PaySsam issues the key, member and merchant:
  export PAYSSAM_BASE_URL={PAYSSAM_SANDBOX_URL}
  export PAYSSAM_API_KEY=...
  export PAYSSAM_MEMBER=...
  export PAYSSAM_MERCHANT=...
  payssam bill read ID

In a checkout, write `cargo run --` instead of `payssam`."
        ));
        steps.finish();
        Ok(())
    }
}

/// The width of the labels.
const LABELS: usize = 24;

/// The state that a step results in.
fn change(cause: &str, to: &BillState) -> String {
    format!("{cause:LABELS$}  → {}", state(to))
}

/// Prints each step as it happens in text, and all of them at the end in JSON.
struct Steps {
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

impl Steps {
    fn new(output: Output) -> Self {
        Steps {
            output,
            steps: Vec::new(),
        }
    }

    fn print(&self, text: impl Display) {
        if self.output == Output::Text {
            print(text);
        }
    }

    fn add(&mut self, step: Step, title: &str, body: impl Display) {
        self.steps.push(step);
        let body = body.to_string().replace('\n', "\n   ");
        self.print(format_args!("\n{}. {title}\n   {body}", self.steps.len()));
    }

    /// A step of the mock server, without a request.
    fn mock_server(&mut self, step: &'static str, title: &str, body: impl Display) {
        let step = Step {
            step,
            ..Step::default()
        };
        self.add(step, title, body);
    }

    fn read(&mut self, step: &'static str, title: &str, bill: Bill) {
        let rows = bill_rows(&bill, false).only(&[
            "amount",
            "approved at",
            "approval number",
            "cancelled at",
            "cancellation number",
            "original approval number",
            "issuer",
            "card or account number",
        ]);
        let body = format!(
            "{}\n{rows:LABELS$}",
            change("POST /bill/read", bill.state())
        );
        let step = Step {
            step,
            operation: Some(Operation::BillRead.as_str()),
            bill: Some(bill),
            ..Step::default()
        };
        self.add(step, title, body);
    }

    fn cancelled(&mut self, step: &'static str, title: &str, cancellation: Cancellation) {
        let rows = cancellation_rows(&cancellation).only(&[
            "cancelled at",
            "cancellation number",
            "original approval number",
        ]);
        let body = format!(
            "{}\n{rows:LABELS$}",
            change("POST /bill/cancel", &BillState::Cancelled)
        );
        let step = Step {
            step,
            operation: Some(Operation::BillCancel.as_str()),
            cancellation: Some(cancellation),
            ..Step::default()
        };
        self.add(step, title, body);
    }

    /// Writes the steps as JSON, if that is the format.
    fn finish(self) {
        #[derive(Serialize)]
        struct DemoResult {
            steps: Vec<Step>,
        }
        if self.output == Output::Json {
            self.output.result("", &DemoResult { steps: self.steps });
        }
    }
}
