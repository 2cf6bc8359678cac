//! What an error proves about a request, why it was not sent, and why its outcome is unknown.

use std::fmt;

use serde::Serialize;

/// Declares an enum of reasons: variant, name in serde, and its words.
macro_rules! reasons {
    ($(#[$attribute:meta])* pub enum $Reason:ident {
        $($(#[$doc:meta])* $Name:ident = $name:literal, $words:literal;)+
    }) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum $Reason {
            $($(#[$doc])* $Name,)+
        }

        impl $Reason {
            /// The name in serde and in spans.
            pub fn as_str(self) -> &'static str {
                match self {
                    $($Reason::$Name => $name,)+
                }
            }
        }

        impl fmt::Display for $Reason {
            /// The reason in words.
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(match self {
                    $($Reason::$Name => $words,)+
                })
            }
        }
    };
}

reasons! {
    /// What an error proves about a request. It has this one meaning in errors, attempts, spans, logs and the
    /// exit codes of the command.
    pub enum Outcome {
        /// The request provably never left this machine. Nothing changed.
        NotSent = "not_sent", "not_sent";
        /// PaySsam, or the state of the bill, rejected the request. Nothing changed, if the error
        /// [is settled](crate::Error::is_settled).
        Rejected = "rejected", "rejected";
        /// The request may have been carried out, or not.
        Unknown = "unknown", "unknown";
    }
}

reasons! {
    /// Why a request provably never left this machine.
    #[non_exhaustive]
    pub enum NotSentReason {
        /// The name of the server was not resolved.
        NameNotResolved = "name_not_resolved", "the name of the server was not resolved";
        /// The server refused the connection.
        ConnectionRefused = "connection_refused", "the server refused the connection";
        /// TLS failed, such as for a certificate that is not trusted.
        Tls = "tls", "TLS failed";
        /// Connecting took longer than the limit.
        ConnectTimeout = "connect_timeout", "connecting took longer than the limit";
        /// There was no connection for another reason.
        NotConnected = "not_connected", "PaySsam could not be reached";
        /// The bill could not be read before a write that checks first.
        NotRead = "not_read", "the bill could not be read first";
    }
}

reasons! {
    /// Why the outcome of a request is unknown.
    #[non_exhaustive]
    pub enum UnknownReason {
        /// No complete response arrived within the time limit.
        Timeout = "timeout", "no complete response arrived within the time limit";
        /// The connection ended before a complete response was read. With a
        /// [custom HTTP client](crate::ClientBuilder::http_client) it may never have been made.
        ConnectionLost = "connection_lost", "the connection ended before a complete response arrived";
        /// The response is larger than 1 MiB.
        ResponseTooLarge = "response_too_large", "the response is larger than 1 MiB";
        /// The response is not in PaySsam's envelope: a page of a proxy, an empty body, no text in `code`.
        InvalidResponse = "invalid_response", "the response is not in PaySsam's format";
        /// The HTTP status proves nothing: 408, 5xx, 3xx, or a 2xx other than 200.
        HttpStatus = "http_status", "the HTTP status proves nothing";
        /// The code says that PaySsam itself does not know: `ERROR`, `PAYMENT_001`, `PAYMENT_002`.
        UnclearCode = "unclear_code", "PaySsam itself does not know what happened";
        /// The response contradicts itself or the request: two codes, success with HTTP 4xx, another bill,
        /// another hash.
        Contradiction = "contradiction", "the response contradicts itself or the request";
        /// An earlier write, of this call or of one that is [resumed](crate::Confirming::resuming), may still be
        /// carried out, and may be why PaySsam rejected this one; only from
        /// [`cancel_and_confirm`](crate::Bills::cancel_and_confirm) and its like.
        EarlierWrite = "earlier_write", "an earlier request may still be carried out, so nothing later proves \
            that it was not";
        /// There is something under the id that this call was to create, and the read does not say for how much;
        /// only from `send_and_confirm` and `issue_and_confirm`.
        NoAmount = "no_amount", "the id is taken, and the read does not say by which amount";
        /// The code says success, but the response has no data.
        EmptyResponse = "empty_response", "the response says success but has no data";
        /// The response does not say which bill it is about, and money depends on it; only where a read verifies
        /// a payment, comes before a write, or reconciles one.
        NoBillId = "no_bill_id", "the response does not say which bill it is about";
        /// The read shows an amount that cannot be read as won, and the call depends on it; only where a read
        /// comes before a write, or reconciles a bill or a receipt that was sent.
        UnreadableAmount = "unreadable_amount", "the amount in the response cannot be read";
        /// PaySsam rejected the request, and until the deadline no read showed for the
        /// [settling time](crate::ConfirmPolicy::settling) that it was not carried out; only from
        /// [`cancel_and_confirm`](crate::Bills::cancel_and_confirm) and its like.
        NotRead = "not_read", "PaySsam rejected it, and no read showed whether it was carried out";
    }
}
