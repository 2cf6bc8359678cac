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
        let operation = match names[..] {
            // Its first request.
            ["inspect"] => Operation::BillSend,
            ["points"] => Operation::PointsPartner,
            ["call"] => Operation::Raw,
            _ => {
                let name = names.join(" ");
                let mut known = Operation::ALL.iter().copied();
                known.find(|operation| operation.as_str() == name)?
            }
        };
        // Not every command has each of these.
        let text = |name| last.try_get_one::<String>(name).ok().flatten();
        // `-` stands for ids on stdin.
        let id = text("id").filter(|id| *id != "-");
        let path = match operation {
            Operation::Raw => text("path").map_or("", String::as_str),
            _ => operation.path(),
        };
        Some(Intent {
            operation,
            subject: subject(operation, id.map_or("", String::as_str), path),
            is_one_write: operation.is_write() && !is_inspection,
            is_resuming: last.try_get_one("resuming").ok().flatten() == Some(&true),
        })
    }

    /// What is true after these requests; without any connection none of them left.
    pub(super) fn ending(&self, requests: &Requests, is_connected: bool) -> Ending {
        let unknown = |request: &RequestSeen| Ending::Unknown {
            operation: request.operation,
            subject: request.subject.clone(),
        };
        let intended = (self.operation, self.subject.clone());
        if is_connected {
            if let Some(write) = requests.writes.last() {
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
