//! The requests of these tests.

use payssam::{
    DestroyBill, IssueReceipt, NewBill, PayerName, PhoneNumber, ProductName, ReceiptHolder,
    RegisterMerchant, SendBill, Won, callback::CallbackUrl,
};

use super::caller::bill_id;

/// The request to send 2024-0001 for 45,000 won by KakaoTalk, without any option.
pub fn send() -> SendBill {
    SendBill::kakaotalk(new_bill())
}

/// The bill 2024-0001.
pub fn new_bill() -> NewBill {
    NewBill {
        bill_id: bill_id(),
        product: ProductName::new("3월 수강료").expect("a name"),
        price: Won::new(45_000).expect("a price"),
        payer: PayerName::new("김하나").expect("a name"),
        phone: PhoneNumber::new("010-1234-5678").expect("a phone"),
        callback: CallbackUrl::new("https://academy.example/payssam").expect("an address"),
    }
}

/// The request to destroy 2024-0001, which was sent with 45,000 won.
pub fn destroy() -> DestroyBill {
    DestroyBill::new(bill_id(), Won::new(45_000).expect("a price"))
}

/// The receipt 2024-0001 over 45,000 won without tax, for a person.
pub fn issue() -> IssueReceipt {
    let phone = PhoneNumber::new("010-1234-5678").expect("a phone");
    IssueReceipt::tax_free(Won::new(45_000).expect("a price"))
        .to(bill_id(), ReceiptHolder::Person(phone.into()))
}

pub fn new_merchant() -> RegisterMerchant {
    let url = |address| CallbackUrl::new(address).expect("an address");
    RegisterMerchant {
        member: "m".into(),
        merchant: "s".into(),
        business_number: "220-81-62517".parse().expect("a business number"),
        callback: url("https://academy.example/mapping"),
        redirect: url("https://academy.example/done"),
    }
}
