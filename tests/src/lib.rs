//! What the tests share: resource types of their own, random stacks of them, a model cloud and a naive planner.

pub mod changing;
pub mod cloud;
pub mod conformance;
pub mod defects;
pub mod double;
pub mod evaluated;
pub mod examples;
pub mod facts;
pub mod force_new;
pub mod imports;
pub mod lifecycle;
pub mod modules;
pub mod naive;
pub mod parcel;
pub mod readback;
pub mod scripted;
pub mod server;
pub mod spec;
pub mod thing;
