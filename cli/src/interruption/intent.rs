//! What the command was called for, and what an interruption makes of it.

use clap::ArgMatches;
use payssam::{Operation, Subject};

use super::requests::{RequestSeen, Requests, subject};

/// The request that the command is to make, from its arguments.
#[derive(Clone, Debug)]
pub(crate) struct Intent {
    operation: Operation,
    subject: Subject,
    /// Whether it makes this one write, with reads around it.
    is_one_write: bool,
    /// Whether an earlier process may have sent the same write.
    is_resuming: bool,
    /// Whether it is written down in a ledger before it is sent: whoever works on that may send it later.
    is_in_ledger: bool,
}

/// How an interruption ends the command.
#[derive(Debug, PartialEq)]
pub(super) enum Ending {
    NotSent {
        operation: Operation,
        subject: Subject,
    },
    Unknown {
        operation: Operation,
        subject: Subject,
    },
    InLedger {
        operation: Operation,
        subject: Subject,
    },
}

impl Intent {
    /// `None` for a command that does not call PaySsam.
    pub(crate) fn of(arguments: &ArgMatches) -> Option<Self> {
        let mut names = Vec::new();
        let mut last = arguments;
        while let Some((name, further)) = last.subcommand() {
            names.push(name);
            last = further;
        }
        let is_inspection = names == ["inspect"];
        let is_in_ledger = names.first() == Some(&"ledger");
        let operation = match names[..] {
            // Its first request.
            ["inspect"] => Operation::BillSend,
            ["points"] => Operation::PointsPartner,
            ["call"] => Operation::Raw,
            ["ledger", "send"] => Operation::BillSend,
            ["ledger", "resend"] => Operation::BillResend,
            ["ledger", "cancel"] => Operation::BillCancel,
            ["ledger", "destroy"] => Operation::BillDestroy,
            _ => {
                let name = names.join(" ");
                let mut known = Operation::ALL.iter().copied();
                known.find(|operation| operation.as_str() == name)?
            }
        };
        // Not every command has each of these.
        let text = |name| last.try_get_one::<String>(name).ok().flatten();
        let ids = ["id", "ids"].into_iter().filter_map(|name| {
            let ids = last.try_get_many::<String>(name).ok().flatten();
            Some(ids?.collect::<Vec<_>>())
        });
        let id = match ids.flatten().collect::<Vec<_>>()[..] {
            // `-` stands for ids on stdin.
            [id] if id != "-" => id.as_str(),
            _ => "",
        };
        let path = match operation {
            Operation::Raw => text("path").map_or("", String::as_str),
            _ => operation.path(),
        };
        Some(Intent {
            operation,
            subject: subject(operation, id, path),
            is_one_write: operation.is_write() && !is_inspection,
            is_resuming: last.try_get_one("resuming").ok().flatten() == Some(&true),
            is_in_ledger,
        })
    }

    /// What is true after these requests; without any connection none of them left.
    pub(super) fn ending(&self, requests: &Requests, is_connected: bool) -> Ending {
        let unknown = |request: &RequestSeen| Ending::Unknown {
            operation: request.operation,
            subject: request.subject.clone(),
        };
        let intended = (self.operation, self.subject.clone());
        if self.is_in_ledger {
            // The id may have been generated.
            let seen = requests
                .last_write
                .as_ref()
                .or(requests.last_success.as_ref());
            let subject = seen.map(|request| request.subject.clone());
            return Ending::InLedger {
                operation: self.operation,
                subject: subject.unwrap_or(intended.1),
            };
        }
        if is_connected {
            if let Some(write) = &requests.last_write {
                return unknown(write);
            }
            // Its result may not have been written.
            if let Some(write) = requests.last_success.as_ref().filter(|_| self.is_one_write) {
                return unknown(write);
            }
        }
        let (operation, subject) = intended;
        if self.is_resuming {
            return Ending::Unknown { operation, subject };
        }
        match &requests.last_read {
            Some(read) if is_connected && !self.is_one_write => unknown(read),
            _ => Ending::NotSent { operation, subject },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::requests::End, *};

    const CONNECTED: bool = true;

    fn intent(operation: Operation) -> Intent {
        Intent {
            operation,
            subject: subject(operation, "a", ""),
            is_one_write: operation.is_write(),
            is_resuming: false,
            is_in_ledger: false,
        }
    }

    fn request(operation: Operation, end: Option<End>) -> RequestSeen {
        RequestSeen {
            operation,
            subject: subject(operation, "a", ""),
            end,
        }
    }

    fn unknown(operation: Operation) -> Ending {
        Ending::Unknown {
            operation,
            subject: subject(operation, "a", ""),
        }
    }

    fn not_sent(operation: Operation) -> Ending {
        Ending::NotSent {
            operation,
            subject: subject(operation, "a", ""),
        }
    }

    #[test]
    fn without_a_connection_nothing_left() {
        let requests = Requests {
            last_write: Some(request(Operation::BillCancel, None)),
            ..Requests::default()
        };
        let cancel = intent(Operation::BillCancel);
        assert_eq!(
            cancel.ending(&requests, !CONNECTED),
            not_sent(Operation::BillCancel)
        );
        assert_eq!(
            cancel.ending(&requests, CONNECTED),
            unknown(Operation::BillCancel)
        );
    }

    #[test]
    fn a_success_whose_result_may_not_have_been_written_is_unknown() {
        let requests = Requests {
            last_success: Some(request(Operation::BillCancel, Some(End::Success))),
            ..Requests::default()
        };
        assert_eq!(
            intent(Operation::BillCancel).ending(&requests, CONNECTED),
            unknown(Operation::BillCancel)
        );
    }

    #[test]
    fn a_read_before_a_write_leaves_the_write_unsent_unless_it_is_resumed() {
        let requests = Requests {
            last_read: Some(request(Operation::BillRead, None)),
            ..Requests::default()
        };
        let mut cancel = intent(Operation::BillCancel);
        assert_eq!(
            cancel.ending(&requests, CONNECTED),
            not_sent(Operation::BillCancel)
        );
        cancel.is_resuming = true;
        assert_eq!(
            cancel.ending(&requests, CONNECTED),
            unknown(Operation::BillCancel)
        );
        assert_eq!(
            intent(Operation::BillRead).ending(&requests, CONNECTED),
            unknown(Operation::BillRead)
        );
    }
}
