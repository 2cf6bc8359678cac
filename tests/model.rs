//! Any sequence of calls and faults ends as in a small model of a bill's life.
mod support {
    pub mod faults;
}

use std::{thread, time::Duration};

use payssam::{
    BillId, BillState, CancelBill, Client, ConfirmPolicy, Operation, RetryPolicy, UnknownReason,
    Won,
};
use payssam_mock::{Event, Fault, MockServer, Schedule};
use proptest::{prelude::*, sample::select};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use support::faults::{Seen, quick};
use tokio::runtime::Runtime;

const PRICE: u64 = 45_000;

/// What can happen.
#[derive(Clone, Debug)]
enum Step {
    Add,
    Pay,
    CancelWithoutRequest,
    Destroy,
    /// The next request of the operation has this fault.
    Inject(Fault, Operation),
    Read,
    Cancel(Request),
    CancelAndConfirm(Request),
}

/// What is cancelled, and how.
#[derive(Clone, Copy, Debug)]
struct Request {
    price: u64,
    first: bool,
    /// Whether an identical request may have left before; only for what is confirmed.
    resuming: bool,
}

impl Request {
    fn cancel(self) -> CancelBill {
        let cancel = CancelBill::new(id(), Won::new(self.price).unwrap());
        if self.first {
            cancel.check_first()
        } else {
            cancel
        }
    }
}

fn id() -> BillId {
    BillId::new("bill-1").unwrap()
}

/// The life of one bill, and how the last step ended.
#[derive(Clone, Debug)]
struct Model {
    /// `None` before there is a bill.
    state: Option<BillState>,
    /// The faults of the next requests of each operation, in order.
    faults: Vec<(Fault, Operation)>,
    ended: Option<Ended>,
}

/// How a step ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ended {
    Call(Seen),
    /// What is done at the mock server without a request; whether it is possible.
    Event(bool),
    /// It is certainly cancelled, and whether it already was.
    Confirmed {
        already: bool,
    },
}

impl Model {
    /// Moves to a state, if the present one allows it.
    fn move_to(&mut self, next: BillState) -> Ended {
        let can = match &self.state {
            None => next == BillState::Unpaid,
            Some(state) => state.can_become(&next),
        };
        if can {
            self.state = Some(next);
        }
        Ended::Event(can)
    }

    /// The fault of the next request of this operation.
    fn next_fault(&mut self, operation: Operation) -> Option<Fault> {
        let waits = |(_, on): &(Fault, Operation)| *on == operation;
        let fault = self
            .faults
            .iter()
            .find(|fault| waits(fault))
            .map(|(fault, _)| *fault);
        self.faults.retain(|fault| !waits(fault));
        fault
    }

    fn read(&mut self) -> Seen {
        let truth = match self.state {
            Some(_) => Seen::Success,
            None => Seen::Rejected(200),
        };
        match self.next_fault(Operation::BillRead) {
            Some(fault) => truth.through(fault),
            None => truth,
        }
    }

    /// Whether the state or the amount does not allow the cancellation.
    fn is_wrong(&self, request: Request) -> bool {
        self.state != Some(BillState::Paid) || request.price != PRICE
    }

    fn cancel(&mut self, request: Request) -> Ended {
        if request.first {
            match self.read() {
                Seen::Success if self.is_wrong(request) => {
                    return Ended::Call(Seen::RejectedByState);
                }
                Seen::Success => {}
                seen @ Seen::Rejected(_) => return Ended::Call(seen),
                _ => return Ended::Call(Seen::NotSent),
            }
        }
        Ended::Call(self.send(request))
    }

    fn send(&mut self, request: Request) -> Seen {
        let fault = self.next_fault(Operation::BillCancel);
        let applies = fault.is_none_or(Fault::applies);
        let truth = match self.is_wrong(request) {
            true => Seen::Rejected(200),
            false => Seen::Success,
        };
        if applies && truth == Seen::Success {
            self.state = Some(BillState::Cancelled);
        }
        match fault {
            Some(fault) => truth.through(fault),
            None => truth,
        }
    }

    /// The outcome at the end, whatever faults there were before.
    fn cancel_and_confirm(&mut self, request: Request) -> Ended {
        let before = self.state.clone();
        let is_unknown = |seen| matches!(seen, Seen::Unknown(_));
        let earlier = Ended::Call(Seen::Unknown(UnknownReason::EarlierWrite));
        let ended = match before {
            Some(BillState::Cancelled) if request.resuming => Ended::Confirmed { already: false },
            Some(BillState::Cancelled) if request.first => Ended::Confirmed { already: true },
            Some(BillState::Cancelled) => Ended::Confirmed {
                already: !is_unknown(self.send(request)),
            },
            // The earlier one may still arrive, unless the bill can never be cancelled.
            Some(BillState::Unpaid | BillState::Paid)
                if self.is_wrong(request) && request.first && request.resuming =>
            {
                earlier
            }
            Some(_) if self.is_wrong(request) && request.first => {
                Ended::Call(Seen::RejectedByState)
            }
            Some(BillState::Paid) if !self.is_wrong(request) => {
                self.state = Some(BillState::Cancelled);
                Ended::Confirmed { already: false }
            }
            // While one write is unknown, no rejection proves that nothing happened.
            Some(BillState::Paid) if request.resuming || is_unknown(self.send(request)) => earlier,
            Some(BillState::Unpaid) => match self.send(request) {
                Seen::Unknown(reason) => Ended::Call(Seen::Unknown(reason)),
                _ if request.resuming => earlier,
                _ => Ended::Call(Seen::Rejected(200)),
            },
            Some(_) => Ended::Call(Seen::Rejected(200)),
            None if request.first && request.resuming => earlier,
            None if request.first => Ended::Call(Seen::Rejected(200)),
            None => match self.send(request) {
                Seen::Unknown(reason) => Ended::Call(Seen::Unknown(reason)),
                _ if request.resuming => earlier,
                _ => Ended::Call(Seen::Rejected(200)),
            },
        };
        self.faults.clear();
        ended
    }
}

impl ReferenceStateMachine for Model {
    type State = Model;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Model> {
        Just(Model {
            state: None,
            faults: Vec::new(),
            ended: None,
        })
        .boxed()
    }

    fn transitions(_: &Model) -> BoxedStrategy<Step> {
        let price = select(vec![PRICE, PRICE, PRICE, PRICE - 1]);
        let request =
            (price, any::<bool>(), any::<bool>()).prop_map(|(price, first, resuming)| Request {
                price,
                first,
                resuming,
            });
        let operation = select(vec![Operation::BillRead, Operation::BillCancel]);
        prop_oneof![
            2 => Just(Step::Add),
            3 => Just(Step::Pay),
            1 => Just(Step::CancelWithoutRequest),
            1 => Just(Step::Destroy),
            6 => (select(quick()), operation).prop_map(|(fault, on)| match fault {
                // It ends a call that checks first, and a read has nothing to apply later.
                Fault::RejectThenApply(_) => Step::Inject(fault, Operation::BillCancel),
                _ => Step::Inject(fault, on),
            }),
            2 => Just(Step::Read),
            3 => request.clone().prop_map(Step::Cancel),
            3 => request.prop_map(Step::CancelAndConfirm),
        ]
        .boxed()
    }

    fn apply(mut model: Model, step: &Step) -> Model {
        model.ended = match step {
            Step::Add => Some(model.move_to(BillState::Unpaid)),
            Step::Pay => Some(model.move_to(BillState::Paid)),
            Step::CancelWithoutRequest => Some(model.move_to(BillState::Cancelled)),
            Step::Destroy => Some(model.move_to(BillState::Destroyed)),
            Step::Inject(fault, operation) => {
                model.faults.push((*fault, *operation));
                None
            }
            Step::Read => Some(Ended::Call(model.read())),
            Step::Cancel(request) => Some(model.cancel(*request)),
            Step::CancelAndConfirm(request) => Some(model.cancel_and_confirm(*request)),
        };
        model
    }
}

/// The library, with the mock server in the place of PaySsam.
struct Real {
    runtime: Runtime,
    mock: MockServer,
    /// Waits as long as a busy machine may need, so that only what hangs times out.
    patient: Client,
    /// For calls whose response may never come.
    hasty: Client,
    may_hang: bool,
}

impl Real {
    fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let mock = runtime.block_on(MockServer::start()).unwrap();
        let client = |timeout| {
            Client::builder(mock.credentials().clone())
                .base_url(mock.base_url())
                .timeout(timeout)
                .retry(RetryPolicy::off())
                .build()
                .unwrap()
        };
        Real {
            patient: client(Duration::from_secs(60)),
            hasty: client(Duration::from_millis(400)),
            may_hang: false,
            runtime,
            mock,
        }
    }

    /// Reads of a bill that does not exist decide nothing, and neither do those after a cancellation with another
    /// price once one is unknown: they are repeated until the deadline.
    fn policy(&self, step: &Step) -> ConfirmPolicy {
        let bill = self.mock.bill(&id());
        let is_paid = bill.is_some_and(|bill| *bill.state() != BillState::Unpaid);
        let has_the_price = match step {
            Step::CancelAndConfirm(request) => request.price == PRICE,
            _ => true,
        };
        let deadline = match is_paid && has_the_price {
            true => Duration::from_secs(60),
            false => Duration::from_secs(3),
        };
        ConfirmPolicy::new()
            .deadline(deadline)
            .settling(Duration::from_secs(1))
            .pauses(Duration::from_millis(1), Duration::from_millis(20))
    }

    /// Takes a step, and waits for what happens later because of it.
    fn take(&mut self, step: Step) -> Option<Ended> {
        let ended = self.begin(step);
        self.runtime.block_on(self.mock.wait_until_idle());
        ended
    }

    fn begin(&mut self, step: Step) -> Option<Ended> {
        let client = match self.may_hang {
            true => &self.hasty,
            false => &self.patient,
        }
        .with_confirm(self.policy(&step));
        let (mock, bills) = (&self.mock, client.bills());
        let event = |done: Result<(), _>| Some(Ended::Event(done.is_ok()));
        match step {
            Step::Add => event(mock.add_bill(id(), Won::new(PRICE).unwrap())),
            Step::Pay => event(mock.pay(&id())),
            Step::CancelWithoutRequest => event(mock.cancel(&id())),
            Step::Destroy => event(mock.destroy(&id())),
            Step::Inject(fault, operation) => {
                mock.inject(fault, Schedule::once().on(operation));
                self.may_hang |= fault == Fault::ApplyThenHang;
                None
            }
            Step::Read => {
                let read = self.runtime.block_on(bills.read(&id()));
                if let Ok(bill) = &read {
                    assert_eq!(
                        Some(bill.state()),
                        mock.bill(&id()).as_ref().map(|bill| bill.state())
                    );
                }
                Some(Ended::Call(Seen::of(&read)))
            }
            Step::Cancel(request) => {
                let cancelled = self.runtime.block_on(bills.cancel(&request.cancel()));
                Some(Ended::Call(Seen::of(&cancelled)))
            }
            Step::CancelAndConfirm(request) => {
                let cancel = request.cancel();
                let call = bills.cancel_and_confirm(&cancel);
                let call = match request.resuming {
                    true => call.resuming(),
                    false => call,
                };
                let cancelled = self.runtime.block_on(call);
                let ended = match cancelled {
                    Ok(done) => Ended::Confirmed {
                        already: done.was_already_cancelled(),
                    },
                    // Rejected by a response or by a state: that depends on which response was lost.
                    Err(error) => match Seen::of(&Err::<(), _>(error)) {
                        Seen::RejectedByState if !request.first => Ended::Call(Seen::Rejected(200)),
                        seen => Ended::Call(seen),
                    },
                };
                mock.clear_faults();
                self.may_hang = false;
                Some(ended)
            }
        }
    }
}

struct Test;

impl StateMachineTest for Test {
    type SystemUnderTest = Real;
    type Reference = Model;

    fn init_test(_: &Model) -> Real {
        Real::start()
    }

    fn apply(mut real: Real, model: &Model, step: Step) -> Real {
        let ended = real.take(step);
        assert_eq!(ended, model.ended);
        real
    }

    fn check_invariants(real: &Real, model: &Model) {
        let bill = real.mock.bill(&id());
        assert_eq!(bill.as_ref().map(|bill| bill.state()), model.state.as_ref());
        let Some(bill) = bill else { return };
        let is_cancelled = model.state == Some(BillState::Cancelled);
        assert_eq!(bill.cancellations(), usize::from(is_cancelled));
        let changes: Vec<&Event> = bill
            .history()
            .iter()
            .map(|entry| entry.event())
            .filter(|event| {
                matches!(
                    event,
                    Event::Added | Event::Paid | Event::Cancelled | Event::Destroyed
                )
            })
            .collect();
        let expected: &[&Event] = match bill.state() {
            BillState::Unpaid => &[&Event::Added],
            BillState::Paid => &[&Event::Added, &Event::Paid],
            BillState::Cancelled => &[&Event::Added, &Event::Paid, &Event::Cancelled],
            _ => &[&Event::Added, &Event::Destroyed],
        };
        assert_eq!(changes, expected);
    }
}

prop_state_machine! {
    #![proptest_config(ProptestConfig {
        // A call over a socket takes longer than the default number of cases allows for.
        cases: (ProptestConfig::default().cases / (4 * AT_A_TIME)).max(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    fn some_sequences(sequential 1..24 => Test);
}

/// Most of a sequence waits for deadlines.
const AT_A_TIME: u32 = 32;

#[test]
fn any_sequence_of_calls_and_faults_ends_as_in_the_model() {
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(some_sequences);
        }
    });
}
