//! All integration tests, one binary.

mod book;
mod catalogue;
mod changes;
mod command_line;
mod damage;
mod diagnostics;
mod governance;
mod lifecycle;
mod live;
mod monitoring;
mod planner;
mod provocations;
mod readers;
mod recordings;
mod scenarios;
mod snapshots;
mod stacks;
mod tidy;
mod ui;
