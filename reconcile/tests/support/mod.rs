//! What the tests share.

pub mod counting_server;
