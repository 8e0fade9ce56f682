//! All integration tests, one binary.

mod catalogue;
mod planner;
mod snapshots;
mod stacks;
mod ui;
