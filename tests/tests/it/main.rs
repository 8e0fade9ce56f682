//! All integration tests, one binary.

mod book;
mod catalogue;
mod planner;
mod snapshots;
mod stacks;
