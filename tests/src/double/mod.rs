//! What the doubles of cloud programs share: a cloud in a folder, whole after every write, and mishaps to order.

pub mod google;
pub mod methods;
pub mod policies;
pub mod writes;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use serde_json::{Map, Value as Json, json};

/// A file of JSON, empty where there is none.
pub fn read(path: &Path) -> BTreeMap<String, Json> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|_| "{}".into());
    let map: Map<String, Json> = serde_json::from_str(&text).expect("the double wrote it");
    map.into_iter().collect()
}

/// Writes a file whole or not at all: whoever runs the double may be killed at any time.
///
/// # Errors
/// The folder cannot be written to.
pub fn write(path: &Path, content: &BTreeMap<String, Json>) -> Result<(), String> {
    let beside = path.with_extension(format!("{}.tmp", std::process::id()));
    std::fs::write(&beside, json!(content).to_string()).map_err(|e| e.to_string())?;
    std::fs::rename(&beside, path).map_err(|e| e.to_string())
}

/// Notes every argument, so that a test can see that no secret was among them.
///
/// # Errors
/// The folder cannot be written to.
pub fn note(folder: &Path, args: &[String]) -> Result<(), String> {
    let mut log = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join("argv.log"))
        .map_err(|e| e.to_string())?;
    writeln!(log, "{}", args.join(" ")).map_err(|e| e.to_string())
}

/// A write that was done and whose answer never came, by its number (`FAKE_LOSE`).
///
/// # Errors
/// It is one of these.
pub fn lost(folder: &Path) -> Result<(), String> {
    let Ok(numbers) = std::env::var("FAKE_LOSE") else { return Ok(()) };
    let path = folder.join("writes");
    let count = std::fs::read_to_string(&path).unwrap_or_default().len() + 1;
    std::fs::write(&path, ".".repeat(count)).map_err(|e| e.to_string())?;
    match numbers.split(',').any(|number| number == count.to_string()) {
        true => Err("the connection was lost".into()),
        false => Ok(()),
    }
}

/// Shows `see` every text in a body, keys too.
pub fn strings(json: &Json, see: &mut dyn FnMut(&str)) {
    match json {
        Json::String(text) => see(text),
        Json::Array(items) => items.iter().for_each(|item| strings(item, see)),
        Json::Object(map) => map.iter().for_each(|(key, value)| {
            see(key);
            strings(value, see);
        }),
        _ => {}
    }
}

/// Adds what only the service says. A key that is there in another case is the same.
pub fn add(body: &mut Json, answer: &Json) {
    if let (Json::Object(body), Json::Object(answer)) = (body, answer) {
        for (key, value) in answer {
            let known = body.keys().find(|known| known.eq_ignore_ascii_case(key)).cloned();
            let key = known.unwrap_or_else(|| key.clone());
            add(body.entry(key).or_insert_with(|| value.clone()), value);
        }
    }
}
