#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod causes;
mod comparing;
pub mod exact;
pub mod finding;
pub mod models;
pub mod pointer;
mod report;
pub mod rules;
pub mod spelling;

pub use comparing::{Error, Options, Side, compare, compare_with};
pub use report::Report;
