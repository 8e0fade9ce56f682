//! The XAT estate.
pub mod internal;
