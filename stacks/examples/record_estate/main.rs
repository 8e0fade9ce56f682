//! How the estates and the states that ship with the stacks were made: `cargo run --example record_estate`.
//!
//! A test keeps the files equal to what this program writes.

pub mod internal;
pub mod legacy;
mod legacy_first;

use std::path::Path;

use serde_json::{Map, Value};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("estates");
    std::fs::create_dir_all(&folder)?;
    for (stack, (live, state)) in
        [("xat-internal", internal::record()?), ("xat-legacy", legacy::record()?)]
    {
        std::fs::write(folder.join(format!("{stack}.live.json")), live)?;
        std::fs::write(folder.join(format!("{stack}.state.json")), state)?;
    }
    Ok(())
}

/// Sets a dotted path.
fn set(body: &mut Value, path: &str, value: Value) {
    let mut at = body;
    for key in path.split('.') {
        if !at.is_object() {
            *at = Value::Object(Map::new());
        }
        let Value::Object(map) = at else { return };
        at = map.entry(key).or_insert(Value::Null);
    }
    *at = value;
}
