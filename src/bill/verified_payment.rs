//! A payment that a read of the bill has shown, or its cancellation.

use std::fmt;

use super::read::Bill;
use crate::{
    client::Credentials,
    value::{BillId, Won},
};

/// What there is to book about a bill. Each kind is booked once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PaymentKind {
    /// The money came.
    Paid,
    /// The money went back to the payer.
    Cancelled,
}

impl PaymentKind {
    /// `paid` or `cancelled`, to be stored.
    pub fn as_str(self) -> &'static str {
        match self {
            PaymentKind::Paid => "paid",
            PaymentKind::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for PaymentKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What identifies a payment among duplicates: member, merchant, bill id and kind.
///
/// A bill is paid once, so nothing else is needed. The approval number is not a part of it: it may come late,
/// or as a number without its leading zeros. A key comes only from a [`VerifiedPayment`] or a
/// [`VerifiedCancellation`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PaymentKey {
    member: Box<str>,
    merchant: Box<str>,
    bill_id: BillId,
    kind: PaymentKind,
}

impl PaymentKey {
    fn of(bill: &Bill, credentials: &Credentials, kind: PaymentKind) -> Self {
        PaymentKey {
            member: credentials.member().into(),
            merchant: credentials.merchant().into(),
            bill_id: bill.bill_id().clone(),
            kind,
        }
    }

    /// The member of the client that read the bill.
    pub fn member(&self) -> &str {
        &self.member
    }

    /// The merchant of the client that read the bill.
    pub fn merchant(&self) -> &str {
        &self.merchant
    }

    /// The bill.
    pub fn bill_id(&self) -> &BillId {
        &self.bill_id
    }

    /// What there is to book.
    pub fn kind(&self) -> PaymentKind {
        self.kind
    }
}

impl AsRef<PaymentKey> for PaymentKey {
    fn as_ref(&self) -> &PaymentKey {
        self
    }
}

/// Declares what a read has proved, with the getters that all of them have.
macro_rules! verified {
    ($(#[$attribute:meta])* pub struct $Name:ident { amount: $Amount:ty, $(#[$doc:meta])* }) => {
        $(#[$attribute])*
        #[derive(Clone, Debug)]
        #[must_use]
        pub struct $Name {
            key: PaymentKey,
            bill: Bill,
            amount: $Amount,
        }

        impl $Name {
            /// What identifies it among duplicates.
            pub fn key(&self) -> &PaymentKey {
                &self.key
            }

            /// The member of the client that read the bill.
            pub fn member(&self) -> &str {
                self.key.member()
            }

            /// The merchant of the client that read the bill.
            pub fn merchant(&self) -> &str {
                self.key.merchant()
            }

            /// The bill.
            pub fn bill_id(&self) -> &BillId {
                self.key.bill_id()
            }

            /// The bill as it was read. Nothing that a callback says is in it.
            pub fn bill(&self) -> &Bill {
                &self.bill
            }

            $(#[$doc])*
            pub fn amount(&self) -> $Amount {
                self.amount
            }

            /// The approval number (`apprNum`) as it was read. It is evidence, and identifies nothing: it may
            /// come late, and in another form.
            pub fn approval_number(&self) -> Option<&str> {
                self.bill.approval().raw("apprNum")
            }
        }

        impl AsRef<PaymentKey> for $Name {
            fn as_ref(&self) -> &PaymentKey {
                &self.key
            }
        }
    };
}

verified! {
    /// A payment that a read of the bill has shown. Only this may be booked.
    ///
    /// It comes from [`ApprovalCallback::verify`](crate::callback::ApprovalCallback::verify) and from
    /// [`Bills::verify_payment`](crate::Bills::verify_payment), and from nothing else.
    pub struct VerifiedPayment {
        amount: Won,
        /// The amount that was paid, in won.
    }
}

verified! {
    /// A cancellation that a read of the bill has shown: the bill was paid, and the money went back in full.
    ///
    /// It is final. Where the payment was booked, book this too; where it was not, it is all that you hear of
    /// the payment. It comes from [`NotVerified::CancelledSince`](crate::callback::NotVerified::CancelledSince).
    pub struct VerifiedCancellation {
        amount: Option<Won>,
        /// The amount that was paid and went back, in won; `None` when the read states none that can be
        /// read.
    }
}

impl VerifiedPayment {
    /// `bill` was read with `credentials`, in the state paid.
    pub(super) fn new(bill: Bill, amount: Won, credentials: &Credentials) -> Self {
        let key = PaymentKey::of(&bill, credentials, PaymentKind::Paid);
        VerifiedPayment { key, bill, amount }
    }
}

impl VerifiedCancellation {
    /// `bill` was read with `credentials`, in the state cancelled.
    pub(super) fn new(bill: Bill, amount: Option<Won>, credentials: &Credentials) -> Self {
        let key = PaymentKey::of(&bill, credentials, PaymentKind::Cancelled);
        VerifiedCancellation { key, bill, amount }
    }
}
