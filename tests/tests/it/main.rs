//! All integration tests, one binary.

mod catalogue;
mod diagnostics;
mod planner;
mod scenarios;
mod snapshots;
mod ui;
