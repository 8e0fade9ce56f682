//! What the tests share: a resource type of their own, random stacks of it, a model cloud and a naive planner.

pub mod cloud;
pub mod conformance;
pub mod double;
pub mod examples;
pub mod facts;
pub mod force_new;
pub mod imports;
pub mod lifecycle;
pub mod naive;
pub mod readback;
pub mod scripted;
pub mod server;
pub mod spec;
pub mod thing;
