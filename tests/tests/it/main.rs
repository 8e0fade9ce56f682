//! All integration tests, one binary.

mod book;
mod catalogue;
mod layers;
mod planner;
mod snapshots;
mod stacks;
