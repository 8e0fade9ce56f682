//! All integration tests, one binary.

mod catalogue;
mod diagnostics;
mod planner;
mod readers;
mod scenarios;
mod snapshots;
mod stacks;
mod ui;
