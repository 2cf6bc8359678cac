//! The operations, with calls that block.

use serde::Serialize;

use super::{client::Client, many::Many};
use crate::{
    bill::{Bill, CancelBill, Cancellation, ConfirmedCancellation},
    callback::{ApprovalCallback, NotVerified, VerifiedPayment},
    outcome::Error,
    raw_call::{RawCall, RawResponse},
    value::BillId,
};
#[cfg(feature = "preview")]
use crate::{
    bill::{
        ConfirmedDestroy, ConfirmedSend, DestroyBill, DestroyedBill, ResendBill, ResentBill,
        SendBill, SentBill,
    },
    onboarding::{RegisterMerchant, Registration},
    points::Points,
    receipt::{
        CancelReceipt, CancelledReceipt, ConfirmedIssue, ConfirmedReceiptCancellation,
        IssueReceipt, IssuedReceipt, ReceiptHistory,
    },
    value::Won,
};

/// Declares a handle whose methods block until the asynchronous method of the same name ends.
macro_rules! blocking {
    (
        $(#[$attribute:meta])*
        $Handle:ident from $accessor:ident {
            $($(#[$feature:meta])* $method:ident($($argument:ident: &$Argument:ty $(, $more:ident: $More:ty)?)?) -> $Response:ty;)+
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug)]
        #[must_use]
        pub struct $Handle {
            pub(super) client: Client,
        }

        impl Client {
            #[doc = concat!("As [`Client::", stringify!($accessor), "`](crate::Client::", stringify!($accessor), ").")]
            pub fn $accessor(&self) -> $Handle {
                $Handle { client: self.clone() }
            }
        }

        impl $Handle {
            $(
                $(#[$feature])*
                #[doc = concat!("As [`", stringify!($method), "`](crate::", stringify!($Handle), "::", stringify!($method), ").")]
                ///
                /// # Errors
                ///
                /// As for that method.
                pub fn $method(&self $(, $argument: &$Argument $(, $more: $More)?)?) -> Result<$Response, Error> {
                    $(let $argument = $argument.clone();)?
                    self.client.wait(|client| async move {
                        client.$accessor().$method($(&$argument $(, $more)?)?).await
                    })
                }
            )+
        }
    };
}

blocking! {
    /// The bills of one member and merchant, from [`Client::bills`].
    Bills from bills {
        read(id: &BillId) -> Bill;
        cancel(cancel: &CancelBill) -> Cancellation;
        cancel_and_confirm(cancel: &CancelBill) -> ConfirmedCancellation;
        #[cfg(feature = "preview")]
        send(send: &SendBill) -> SentBill;
        #[cfg(feature = "preview")]
        send_and_confirm(send: &SendBill) -> ConfirmedSend;
        #[cfg(feature = "preview")]
        resend(resend: &ResendBill) -> ResentBill;
        #[cfg(feature = "preview")]
        destroy(destroy: &DestroyBill) -> DestroyedBill;
        #[cfg(feature = "preview")]
        destroy_and_confirm(destroy: &DestroyBill) -> ConfirmedDestroy;
    }
}

#[cfg(feature = "preview")]
blocking! {
    /// The cash receipts of one member and merchant, from [`Client::receipts`].
    Receipts from receipts {
        issue(issue: &IssueReceipt) -> IssuedReceipt;
        issue_and_confirm(issue: &IssueReceipt) -> ConfirmedIssue;
        cancel(cancel: &CancelReceipt) -> CancelledReceipt;
        cancel_and_confirm(cancel: &CancelReceipt) -> ConfirmedReceiptCancellation;
        read(id: &BillId, price: Won) -> ReceiptHistory;
    }
}

#[cfg(feature = "preview")]
blocking! {
    /// The points of a partner and of a merchant, from [`Client::points`].
    PointsOf from points {
        partner() -> Points;
        merchant() -> Points;
    }
}

#[cfg(feature = "preview")]
blocking! {
    /// Connects merchants to the partner, from [`Client::onboarding`].
    Onboarding from onboarding {
        register(merchant: &RegisterMerchant) -> Registration;
    }
}

impl Bills {
    /// As [`read_many`](crate::Bills::read_many), as an iterator.
    pub fn read_many<I>(&self, ids: I) -> Many<BillId, (BillId, Result<Bill, Error>)>
    where
        I: IntoIterator<Item = BillId>,
        I::IntoIter: Send + 'static,
    {
        Many::new(
            &self.client,
            ids,
            |client, ids, most| client.bills().read_many(ids).into_tasks().concurrency(most),
            |id, error| (id, Err(error)),
        )
    }

    /// As [`send_many`](crate::Bills::send_many), as an iterator.
    #[cfg(feature = "preview")]
    pub fn send_many<I>(&self, bills: I) -> Many<SendBill, (BillId, Result<ConfirmedSend, Error>)>
    where
        I: IntoIterator<Item = SendBill>,
        I::IntoIter: Send + 'static,
    {
        Many::new(
            &self.client,
            bills,
            |client, bills, most| {
                client
                    .bills()
                    .send_many(bills)
                    .into_tasks()
                    .concurrency(most)
            },
            |send, error| (send.bill_id().clone(), Err(error)),
        )
    }
}

/// Declares the handle whose calls [resume](crate::Confirming::resuming).
macro_rules! resuming {
    (
        $Handle:ident to $Resuming:ident from $accessor:ident {
            $($(#[$feature:meta])* $method:ident($argument:ident: &$Argument:ty) -> $Response:ty;)+
        }
    ) => {
        #[doc = concat!("Calls that [resume](crate::Confirming::resuming), from [`", stringify!($Handle), "::resuming`].")]
        #[derive(Clone, Debug)]
        #[must_use]
        pub struct $Resuming {
            client: Client,
        }

        impl $Handle {
            /// Calls for requests that may have been sent before, as
            /// [`Confirming::resuming`](crate::Confirming::resuming).
            pub fn resuming(&self) -> $Resuming {
                $Resuming { client: self.client.clone() }
            }
        }

        impl $Resuming {
            $(
                $(#[$feature])*
                #[doc = concat!("As [`", stringify!($method), "`](crate::", stringify!($Handle), "::", stringify!($method), "), resuming.")]
                ///
                /// # Errors
                ///
                /// As for that method.
                pub fn $method(&self, $argument: &$Argument) -> Result<$Response, Error> {
                    let $argument = $argument.clone();
                    self.client.wait(|client| async move {
                        client.$accessor().$method(&$argument).resuming().await
                    })
                }
            )+
        }
    };
}

resuming! {
    Bills to ResumingBills from bills {
        cancel_and_confirm(cancel: &CancelBill) -> ConfirmedCancellation;
        #[cfg(feature = "preview")]
        send_and_confirm(send: &SendBill) -> ConfirmedSend;
        #[cfg(feature = "preview")]
        destroy_and_confirm(destroy: &DestroyBill) -> ConfirmedDestroy;
    }
}

#[cfg(feature = "preview")]
resuming! {
    Receipts to ResumingReceipts from receipts {
        issue_and_confirm(issue: &IssueReceipt) -> ConfirmedIssue;
        cancel_and_confirm(cancel: &CancelReceipt) -> ConfirmedReceiptCancellation;
    }
}

impl Client {
    /// As [`payssam::Client::call`](crate::Client::call).
    ///
    /// # Errors
    ///
    /// As for that method.
    pub fn call(&self, path: &str, body: impl Serialize) -> Result<RawResponse, Error> {
        let call = RawCall::new(path, body)?;
        self.wait(|client| async move { client.execute(&call).await })
    }

    /// As [`ApprovalCallback::verify`].
    ///
    /// # Errors
    ///
    /// As for that method.
    pub fn verify(&self, callback: &ApprovalCallback) -> Result<VerifiedPayment, NotVerified> {
        let callback = callback.clone();
        self.wait(|client| async move { callback.verify(&client).await })
    }
}
