//! All integration tests, one binary.

mod catalogue;
mod command_line;
mod planner;
mod snapshots;
mod stacks;
mod tidy;
