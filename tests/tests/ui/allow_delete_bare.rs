//! Leave to lose data names what is lost and says why.
use xat_infra::azure::prelude::*;

fn main() {
    let mut stack = Stack::new("demo");
    stack.allow_delete("demo-kv");
    let _ = DataLoss::of("demo-kv");
}
