//! All integration tests, one binary.

mod book;
mod catalogue;
mod command_line;
mod diagnostics;
mod planner;
mod readers;
mod scenarios;
mod snapshots;
mod stacks;
mod tidy;
mod ui;
