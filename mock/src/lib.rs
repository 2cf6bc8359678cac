//! A mock server (모의 서버) for PaySsam's (결제선생) Partner API V2: bills, cash receipts, callbacks
//! and faults on your own machine, for tests and first steps. You need no account, and no money moves.
//!
//! ```
//! use payssam::{BillId, BillState, CancelBill, Won};
//! use payssam_mock::MockServer;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), payssam::Error> {
//! let mock = MockServer::start().await?;
//! let (id, price) = (BillId::new("2024-0001")?, Won::new(45_000)?);
//! mock.add_bill(id.clone(), price)?;
//! mock.pay(&id)?;
//!
//! let client = mock.client()?;
//! assert_eq!(*client.bills().read(&id).await?.state(), BillState::Paid);
//! client.bills().cancel(&CancelBill::new(id.clone(), price)).await?;
//! assert_eq!(*client.bills().read(&id).await?.state(), BillState::Cancelled);
//! # Ok(())
//! # }
//! ```
//!
//! # What it does
//!
//! | you want to | call |
//! |---|---|
//! | start it | [`MockServer::start`], [`MockServer::builder`] |
//! | connect to it | [`client`](MockServer::client), or [`base_url`](MockServer::base_url) and [`credentials`](MockServer::credentials) |
//! | create a bill | [`add_bill`](MockServer::add_bill), or send one through the client |
//! | pay a bill as its payer | [`pay`](MockServer::pay), [`pay_by_link`], [`pay_by_id`] |
//! | change a bill without a request | [`cancel`](MockServer::cancel), [`destroy`](MockServer::destroy) |
//! | see what really happened | [`bill`](MockServer::bill), [`receipt`](MockServer::receipt), [`requests`](MockServer::requests), [`callbacks`](MockServer::callbacks) |
//! | see it as it happens, with the reason of a rejection | [`log`](MockServer::log) |
//! | inject a fault (장애 주입) | [`inject`](MockServer::inject), [`clear_faults`](MockServer::clear_faults) |
//! | test a callback handler | [`hold_callbacks`](MockServer::hold_callbacks), [`duplicate_callback`](MockServer::duplicate_callback), [`forge_callback`](MockServer::forge_callback) |
//! | begin with merchants, bills and faults of a file | [`Seed`], [`MockServerBuilder::seed`] |
//! | go on after an end | [`MockServerBuilder::state_file`] |
//! | see and change all this in a browser | its pages, from `/` on |
//! | see and change all this from another language | its control API under `/_mock/`, as `/_mock/openapi.json` says |
//! | advance the clock | [`advance_clock`](MockServer::advance_clock), [`wait_until_idle`](MockServer::wait_until_idle) |
//!
//! # How close it is to PaySsam
//!
//! The mock server behaves like PaySsam as far as PaySsam's behaviour is known: the key, members and
//! merchants, the hash, the limits of the specification, the states of a bill, rejections with HTTP 200,
//! and the fields of responses. Where PaySsam's result code is not known, the mock server responds with a
//! code that begins with `MOCK_`. Do not depend on those codes.
//!
//! Its purpose is to find mistakes in clients, so it shares no rule with the library `payssam`. It has its
//! own hash, its own table of states, its own paths, formats and checks, and it reads the limits from
//! the specification ([`payssam::OPENAPI`]) itself. From the library it uses public types, such as
//! [`BillId`](payssam::BillId). A value that such a type cannot hold is rejected with
//! `MOCK_NOT_REPRESENTABLE` and HTTP 501.
//!
//! # Who may call it
//!
//! Programs on this machine. A web page that is open in your browser may not, because it could pay bills
//! and send callbacks to other services of the machine:
//!
//! | a request | is refused with |
//! |---|---|
//! | whose header `Host` is not a name of loopback (127.0.0.0/8, `[::1]` or `localhost`) with the port of the mock server | HTTP 403, `MOCK_FOREIGN_HOST` |
//! | with a header `Origin` other than that of the mock server itself, or that a browser marks as of another site (`Sec-Fetch-Site`) | HTTP 403, `MOCK_FOREIGN_ORIGIN` |
//! | that posts anything but `Content-Type: application/json` | HTTP 415, `MOCK_NOT_JSON` |
//!
//! This holds for every path. The payment page of a link opens from another site too, and takes the form of
//! its own page. So do the other pages, whose forms carry a token of this mock server besides: without it they get
//! HTTP 403. Requests with a foreign host or origin are not among
//! [`requests`](MockServer::requests), and faults do not count them.
//!
//! Whoever knows the link of a bill (`shortUrl`) can pay it, so links are random. A seed of faults does not
//! change that: it repeats which requests meet a fault, and not the links in the responses. Links are equally
//! long, so a fault that cuts a response cuts the same part of it.
//!
//! The control API under `/_mock/` needs no key, and is behind the same checks. Its responses mask what is secret or
//! personal. Other hosts and names than those of loopback are served only by
//! [`listen_beyond_loopback`](MockServerBuilder::listen_beyond_loopback) and
//! [`allow_host`](MockServerBuilder::allow_host).
//!
//! # Limits
//!
//! No client can make the mock server hold more than this, whatever it sends:
//!
//! | what | limit | beyond it |
//! |---|---|---|
//! | connections at the same time | 256 | further ones wait until one of these ends |
//! | headers of a request | 64 KiB or a little more, within 40 seconds | HTTP 431, or the connection is closed |
//! | a connection that waits for its next request | 40 seconds | the connection is closed |
//! | body of a request | 64 KiB, within 40 seconds | HTTP 413, `MOCK_TOO_LARGE`; HTTP 408, `MOCK_TOO_SLOW` |
//! | [`requests`](MockServer::requests) | the last 1,000, and 16 MiB | the oldest are forgotten |
//! | [`callbacks`](MockServer::callbacks) | the last 1,000 | the oldest are forgotten |
//! | [`log`](MockServer::log) | 1,024 entries that nobody has read yet | the oldest are dropped, and counted |
//! | events of the control API | the last 10,000, and 16 MiB | the oldest are forgotten, and a stream is told |
//! | requests that wait or stream in the control API | 64, each wait for 30 seconds | HTTP 503, `MOCK_TOO_MANY_WAITING` |
//! | pages with a stream of what happens | 64 | HTTP 503; the page reads again every few seconds |
//! | rows of a page | 100 bills, 100 entries of a history, 50 callbacks or requests | on the next page, or counted |
//! | a snapshot that is restored | 64 MiB, 4 at a time | HTTP 413, `MOCK_TOO_LARGE`; HTTP 503, `MOCK_TOO_MANY_WAITING` |
//! | a body that is shown in a history | 8 KiB | it is left out |
//! | callbacks on their way | 256, and 32 to one server | further ones wait |
//! | callbacks that wait | 10,000, and those of payments | HTTP 507, `MOCK_FULL`, for forged ones and duplicates |
//! | a client that takes nothing of a response or a stream | 60 seconds | the connection is closed |
//! | bills and cash receipts with their histories | 256 MiB | HTTP 507, `MOCK_FULL`, for new ones |
//! | [history](MockBill::history) of a bill | every change, and the last 1,000 requests that changed nothing; only the last one, if bills and receipts take 256 MiB | the oldest that changed nothing are forgotten |
//!
//! # Callbacks
//!
//! When a bill that was sent with a callback URL on loopback is paid, the mock server sends its callback.
//! It sends the callback again every hour until it is acknowledged, up to 24 times. The receiver must
//! respond within 10 seconds.
//!
//! The callbacks of one bill are sent one after the other. Those of other bills do not wait for a receiver
//! that is slow: the next one to the same server is sent when the one before is responded to, or 50
//! milliseconds later. So a receiver that responds sooner gets its callbacks in their order.
//!
//! Loopback is an address in 127.0.0.0/8, `[::1]`, or `localhost`, which means 127.0.0.1 and `[::1]` here,
//! whatever the hosts file says. Unless [`callbacks_to`](MockServerBuilder::callbacks_to) allows a host, the mock server
//! looks no name up. It has no TLS: a bill with another callback URL, or with https, gets no callback, and the [log](MockServer::log) says so. A callback URL with a user or a password is rejected with `MOCK_CALLBACK_URL`.
//!
//! The acknowledgement is HTTP 200 with the body `{"code":"0000","msg":"성공하였습니다."}`, byte for byte.
//!
//! # Expiry
//!
//! A bill with a last day (`expireDt`) cannot be paid once that day is over in Korea, by the clock of the mock
//! server. It stays unpaid, and reads show that: what a read of an expired bill shows at PaySsam is not known, so
//! this is an assumption. A request to send a bill whose last day is in the past is rejected with
//! `MOCK_EXPIRED`; what PaySsam does with it is not known either.
//!
//! # Faults
//!
//! [`MockServer::inject`] makes requests fail as networks, proxies and PaySsam itself are known to make
//! them fail; [`Fault`] lists the ways. [`MockBill::history`] records what really happened to each bill,
//! to compare with what the client reports.
//!
//! ```
//! use payssam::{BillId, CancelBill, Operation, Won};
//! use payssam_mock::{Event, Fault, MockServer, Schedule};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), payssam::Error> {
//! let mock = MockServer::start().await?;
//! let (id, price) = (BillId::new("2024-0001")?, Won::new(45_000)?);
//! mock.add_bill(id.clone(), price)?;
//! mock.pay(&id)?;
//! mock.inject(Fault::ApplyThenClose, Schedule::once().on(Operation::BillCancel));
//!
//! let client = mock.client()?;
//! let done = client.bills().cancel_and_confirm(&CancelBill::new(id.clone(), price)).await?;
//! assert!(done.confirmed_by_read());
//!
//! let bill = mock.bill(&id).expect("it was added");
//! let events: Vec<&Event> = bill.history().iter().map(|entry| entry.event()).collect();
//! assert_eq!(events, [&Event::Added, &Event::Paid, &Event::Cancelled, &Event::Read]);
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

mod abort;
mod acknowledgement;
mod bill;
mod bill_filter;
mod bill_operations;
mod callback;
mod callback_queue;
mod callback_sender;
mod checks;
mod clock;
mod control;
mod event;
mod exchange;
mod face;
mod fault;
mod fault_on_wire;
mod hash;
mod history;
mod http_client;
mod http_response;
mod http_server;
mod injections;
mod journal;
mod key;
mod late_requests;
mod limits;
mod links;
mod log;
mod loopback;
mod masked;
mod memory;
mod moves;
mod nearest;
mod object;
mod operation_path;
mod origin;
mod paid_by;
mod partner;
mod payer;
mod payment_by_id;
mod points;
mod reach;
mod receipt;
mod receipt_operations;
mod recent;
mod rejection;
mod request;
mod request_body;
mod response;
mod saved;
mod schedule;
mod seed;
mod server;
mod service;
mod state;
mod store;
mod target;
mod transaction;
mod wish;
mod write_limit;
mod wrong_hash;

pub use bill::MockBill;
pub use callback::MockCallback;
pub use event::Event;
pub use fault::Fault;
pub use history::HistoryEntry;
pub use log::{LogEntry, LogKind, MockLog};
pub use payer::{pay_by_id, pay_by_link};
pub use receipt::MockReceipt;
pub use request::MockRequest;
pub use schedule::Schedule;
pub use seed::{Seed, SeedMistake};
pub use server::{API_KEY, MEMBER, MERCHANT, MockServer, MockServerBuilder};
