//! A value together with the line of Rust that says it.

use crate::value::Place;

/// A value, and where the user's Rust says it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said<T> {
    pub(super) value: T,
    pub(super) at: Place,
}

impl<T> Said<T> {
    #[track_caller]
    pub(super) fn here(value: T) -> Self {
        Self { value, at: std::panic::Location::caller() }
    }
}
