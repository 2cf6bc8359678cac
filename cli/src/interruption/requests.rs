//! Which requests the command has begun, and how each ended, as the spans of the library say.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use payssam::{BillId, Error, Operation, Subject};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber,
};

use super::stop;

/// How a request ended, as far as that matters to an interruption.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum End {
    Success,
    NotSent,
    /// Rejected or unknown. The rejection of a write that is being confirmed proves little.
    Other,
}

/// A request that was begun.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RequestSeen {
    pub(super) operation: Operation,
    pub(super) subject: Subject,
    /// `None` while it is in progress.
    pub(super) end: Option<End>,
}

/// The last requests that were begun.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Requests {
    /// Of the writes that may have left, but for those that succeeded.
    pub(super) last_write: Option<RequestSeen>,
    pub(super) last_read: Option<RequestSeen>,
    pub(super) last_success: Option<RequestSeen>,
}

/// Notes the requests of the library from its spans. After a signal no further one begins.
#[derive(Clone, Default)]
pub(super) struct RequestsSeen(Arc<Noted>);

#[derive(Default)]
struct Noted {
    last_id: AtomicU64,
    requests: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    /// The spans that are open, with the number of their handles.
    spans: HashMap<u64, (RequestSeen, usize)>,
    /// Of the writes that may have left and whose span is closed.
    last_write: Option<RequestSeen>,
    last_read: Option<RequestSeen>,
    last_success: Option<RequestSeen>,
}

impl RequestsSeen {
    /// Notes every request from now on.
    pub(super) fn start() -> Result<Self, Error> {
        let seen = RequestsSeen::default();
        subscriber::set_global_default(seen.clone())
            .map_err(|error| Error::config("requests", error))?;
        Ok(seen)
    }

    /// The requests so far.
    pub(super) fn now(&self) -> Requests {
        let open = self.open();
        let last = |is_it: fn(&RequestSeen) -> bool| {
            let spans = open.spans.iter();
            let spans = spans.filter(|(_, (request, _))| is_it(request));
            let last = spans.max_by_key(|(id, _)| **id);
            last.map(|(_, (request, _))| request)
        };
        let may_have_left = |request: &RequestSeen| {
            request.operation.is_write()
                && !matches!(request.end, Some(End::Success | End::NotSent))
        };
        let has_succeeded = |request: &RequestSeen| {
            request.operation.is_write() && request.end == Some(End::Success)
        };
        let is_read = |request: &RequestSeen| !request.operation.is_write();
        Requests {
            last_write: last(may_have_left).or(open.last_write.as_ref()).cloned(),
            last_read: last(is_read).or(open.last_read.as_ref()).cloned(),
            last_success: last(has_succeeded).or(open.last_success.as_ref()).cloned(),
        }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        let requests = &self.0.requests;
        requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn close(&mut self, request: RequestSeen) {
        match (request.operation.is_write(), request.end) {
            (true, Some(End::Success)) => self.last_success = Some(request),
            (true, Some(End::NotSent)) => {}
            (true, _) => self.last_write = Some(request),
            (false, _) => self.last_read = Some(request),
        }
    }
}

impl Subscriber for RequestsSeen {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span() && metadata.name() == "payssam.request"
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let id = self.0.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        let mut fields = Fields::default();
        span.record(&mut fields);
        let request = fields.request();
        let mut open = self.open();
        // Either this sees the signal, or the signal sees the request.
        if stop::has_begun() {
            drop(open);
            stop::wait_for_the_end();
        }
        open.spans.insert(id, (request, 1));
        Id::from_u64(id)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        if let Some((request, _)) = self.open().spans.get_mut(&span.into_u64())
            && let Some(end) = fields.end()
        {
            request.end = Some(end);
        }
    }

    fn clone_span(&self, id: &Id) -> Id {
        if let Some((_, handles)) = self.open().spans.get_mut(&id.into_u64()) {
            *handles += 1;
        }
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        let id = id.into_u64();
        let mut open = self.open();
        let Some((_, handles)) = open.spans.get_mut(&id) else {
            return false;
        };
        *handles -= 1;
        if *handles > 0 {
            return false;
        }
        if let Some((request, _)) = open.spans.remove(&id) {
            open.close(request);
        }
        true
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// The fields of a span that say which request it is, and how it ended.
#[derive(Default)]
struct Fields {
    operation: String,
    bill_id: String,
    /// `POST` and the path.
    name: String,
    code: String,
    outcome: String,
}

impl Fields {
    fn request(self) -> RequestSeen {
        let mut known = Operation::ALL.iter().copied();
        let operation = known.find(|operation| operation.as_str() == self.operation);
        let operation = operation.unwrap_or(Operation::Raw);
        let path = self.name.strip_prefix("POST ").unwrap_or_default();
        RequestSeen {
            operation,
            subject: subject(operation, &self.bill_id, path),
            end: None,
        }
    }

    fn end(&self) -> Option<End> {
        match (self.outcome.as_str(), self.code.as_str()) {
            ("not_sent", _) => Some(End::NotSent),
            ("", "0000") => Some(End::Success),
            ("", _) => None,
            _ => Some(End::Other),
        }
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let text = match field.name() {
            "payssam.operation" => &mut self.operation,
            "payssam.bill_id" => &mut self.bill_id,
            "payssam.code" => &mut self.code,
            "payssam.outcome" => &mut self.outcome,
            "otel.name" => &mut self.name,
            _ => return,
        };
        value.clone_into(text);
    }
}

/// What a request is about.
pub(super) fn subject(operation: Operation, bill_id: &str, path: &str) -> Subject {
    match (BillId::new(bill_id), operation) {
        (Ok(id), Operation::ReceiptIssue | Operation::ReceiptCancel | Operation::ReceiptRead) => {
            Subject::Receipt(id)
        }
        (Ok(id), _) => Subject::Bill(id),
        (Err(_), _) => Subject::Path(path.into()),
    }
}

#[cfg(test)]
mod tests {
    use tracing::{field::Empty, info_span};

    use super::*;

    #[test]
    fn a_write_that_succeeded_is_noted_while_its_span_is_still_open() {
        let seen = RequestsSeen::default();
        subscriber::with_default(seen.clone(), || {
            let span = info_span!(
                "payssam.request",
                payssam.operation = "bill cancel",
                payssam.bill_id = "a",
                payssam.code = Empty,
            );
            let is_cancellation = |request: Option<RequestSeen>| {
                request.is_some_and(|request| request.operation == Operation::BillCancel)
            };
            assert!(is_cancellation(seen.now().last_write));
            span.record("payssam.code", "0000");
            assert_eq!(seen.now().last_write, None);
            assert!(is_cancellation(seen.now().last_success));
            drop(span);
            assert!(is_cancellation(seen.now().last_success));
        });
    }
}
