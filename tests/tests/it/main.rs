//! All integration tests, one binary.

mod book;
mod catalogue;
mod changes;
mod command_line;
mod command_line_import;
mod damage;
mod data_services;
mod diagnostics;
mod drift;
mod drift_cases;
mod fuzzed;
mod governance;
mod import;
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
mod provocations_templates;
mod readers;
mod recordings;
mod scenarios;
mod snapshots;
mod stacks;
mod templates;
mod tidy;
mod ui;
