//! What the tests share.

pub mod canned_server;
pub mod folder;
pub mod mock_server;
pub mod own_mock;
pub mod process;
pub mod setting_file;
pub mod text;

/// A base URL on which nothing listens: no test is ever given this port.
pub const CLOSED: &str = "http://127.0.0.1:1/partner";

pub const KEY: &str = "the-key";
pub const PHONE: &str = "01012345678";

/// The SHA-256 of `1024,45000`.
pub const HASH: &str = "c33145c60c4dff199c5320f45db1fee5af0eb245d2645b70334ead1549ea90d0";
/// The SHA-256 of `1024,01012345678,45000`.
pub const HASH_WITH_PHONE: &str =
    "c381cdd2f56bc990da035d998b0bee8df1f12f9d59966483db8306cead9d96e9";

/// The required arguments of `payssam bill send`, except for the id.
pub const SEND: [&str; 12] = [
    "bill",
    "send",
    "--price",
    "45000",
    "--product",
    "3월 수강료",
    "--payer",
    "김하나",
    "--phone",
    "010-1234-5678",
    "--callback",
    "https://academy.example/payssam",
];
