//! All integration tests, one binary.

mod book;
mod catalogue;
mod changes;
mod command_line;
mod damage;
mod data_services;
mod diagnostics;
mod drift;
mod drift_cases;
mod fuzzed;
mod governance;
mod lifecycle;
mod live;
#[cfg(feature = "azure")]
mod live_azure;
#[cfg(feature = "azure")]
mod live_replay;
mod mangle;
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
