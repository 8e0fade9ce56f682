//! Damages to a body's text: keys dropped, doubled or in another case, other kinds, and text that no JSON value can hold.

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use crate::damage::of_another_kind;

/// One damage, to the place that a number picks.
#[derive(Clone, Debug)]
pub(crate) enum Damage {
    Drop,
    Twice,
    Case,
    Wrap,
    Kind(u8),
    /// Text that stands there instead, as it is.
    Raw(String),
}

fn damage() -> impl Strategy<Value = Damage> {
    let numbers = [
        "1e400",
        "-1e400",
        "1e-400",
        "-0",
        "18446744073709551616",
        "0.1e308",
        "123456789012345678901234567890",
    ];
    let texts = [
        r#""\u0000""#,
        r#""\ud83d\ude00""#,
        r#""\ud800""#,
        "\"\u{feff}\u{202e}a\"",
        r#""]}""#,
        "\"\u{1b}[2J\"",
        r#""\u00e4\u0308""#,
    ];
    prop_oneof![
        Just(Damage::Drop),
        Just(Damage::Twice),
        Just(Damage::Case),
        Just(Damage::Wrap),
        any::<u8>().prop_map(Damage::Kind),
        Just(Damage::Raw("null".into())),
        prop::sample::select(numbers.to_vec()).prop_map(|text| Damage::Raw(text.into())),
        prop::sample::select(texts.to_vec()).prop_map(|text| Damage::Raw(text.into())),
        prop::sample::select(vec![3usize, 100, 127, 128, 10_000])
            .prop_map(|depth| Damage::Raw(nested(depth))),
        Just(Damage::Raw(format!("\"{}\"", "x".repeat(100_000)))),
        ".{0,40}".prop_map(|text| Damage::Raw(Json::from(text).to_string())),
    ]
}

fn nested(depth: usize) -> String {
    match depth % 2 {
        0 => format!("{}1{}", "[".repeat(depth), "]".repeat(depth)),
        _ => format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth)),
    }
}

/// What stands for text that no JSON value can hold, until the body is written.
const RAW: &str = "@@raw@@";
/// In front of a key that stands for the same key again.
const AGAIN: &str = "@@again@@";

/// A body with damages, as text.
pub(crate) fn damaged(body: &Json, damages: &[(u16, Damage)]) -> String {
    let mut body = body.clone();
    let mut raws: Vec<&str> = Vec::new();
    for (at, damage) in damages {
        let mut paths = Vec::new();
        places(&body, "", &mut paths);
        let Some(path) = paths.get(usize::from(*at) % paths.len().max(1)) else { continue };
        let (parent, key) = path.rsplit_once('/').expect("a place has a parent");
        let key = key.replace("~1", "/").replace("~0", "~");
        let Some(there) = body.pointer_mut(path) else { continue };
        match damage {
            Damage::Kind(pick) => *there = of_another_kind(there, *pick),
            Damage::Wrap => *there = json!([there.take()]),
            Damage::Raw(text) => {
                *there = Json::from(format!("{RAW}{}", raws.len()));
                raws.push(text);
            }
            Damage::Drop | Damage::Twice | Damage::Case => {
                if let Some(Json::Object(map)) = body.pointer_mut(parent) {
                    restructure(map, &key, damage);
                }
            }
        }
    }
    let mut text = serde_json::to_string_pretty(&body).expect("a body is JSON");
    for (at, raw) in raws.iter().enumerate() {
        text = text.replacen(&format!("\"{RAW}{at}\""), raw, 1);
    }
    text.replace(AGAIN, "")
}

fn restructure(map: &mut Map<String, Json>, key: &str, damage: &Damage) {
    match damage {
        Damage::Drop => {
            map.shift_remove(key);
        }
        Damage::Twice => {
            let value = map.get(key).cloned().unwrap_or_default();
            map.insert(format!("{AGAIN}{key}"), value);
        }
        _ => {
            if let Some(value) = map.shift_remove(key) {
                map.insert(key.to_uppercase(), value);
            }
        }
    }
}

/// Every place in a body, objects and lists among them, but for the ID by which it is found.
pub(crate) fn places(json: &Json, at: &str, out: &mut Vec<String>) {
    if !at.is_empty() && at != "/id" {
        out.push(at.to_owned());
    }
    match json {
        Json::Object(map) => {
            for (key, value) in map.iter().filter(|(key, _)| !key.starts_with(AGAIN)) {
                places(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), out);
            }
        }
        Json::Array(items) => {
            items.iter().enumerate().for_each(|(n, item)| places(item, &format!("{at}/{n}"), out));
        }
        _ => {}
    }
}

pub(crate) type Damages = Vec<(u16, Damage)>;

pub(crate) fn damages() -> impl Strategy<Value = Damages> {
    prop::collection::vec((any::<u16>(), damage()), 1..5)
}
