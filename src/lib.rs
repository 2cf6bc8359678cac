//! payssam
