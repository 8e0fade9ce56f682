//! All integration tests, one binary.

mod planner;
