//! Words for the numbers by which some recorded clients write enumerations (`enum-encoding=int`).
//!
//! The discovery documents have the words and not the numbers; the numbers are those of the services' protocol buffers
//! (<https://github.com/googleapis/googleapis>). Only what the recordings have is listed: a number that is not stays one, and
//! is then a difference that a run tells.

use serde_json::{Map, Value as Json};

/// Service, key, and its words by number; an empty word is one that the recordings do not have.
const WORDS: &[(&str, &str, &[&str])] = &[
    ("artifactregistry.googleapis.com", "format", &["FORMAT_UNSPECIFIED", "DOCKER"]),
    (
        "artifactregistry.googleapis.com",
        "mode",
        &["MODE_UNSPECIFIED", "STANDARD_REPOSITORY", "VIRTUAL_REPOSITORY", "REMOTE_REPOSITORY"],
    ),
    (
        "run.googleapis.com",
        "egress",
        &["VPC_EGRESS_UNSPECIFIED", "ALL_TRAFFIC", "PRIVATE_RANGES_ONLY"],
    ),
    (
        "run.googleapis.com",
        "executionEnvironment",
        &[
            "EXECUTION_ENVIRONMENT_UNSPECIFIED",
            "EXECUTION_ENVIRONMENT_GEN1",
            "EXECUTION_ENVIRONMENT_GEN2",
        ],
    ),
    (
        "run.googleapis.com",
        "launchStage",
        &["LAUNCH_STAGE_UNSPECIFIED", "EARLY_ACCESS", "ALPHA", "BETA", "GA", "DEPRECATED"],
    ),
    (
        "secretmanager.googleapis.com",
        "state",
        &["STATE_UNSPECIFIED", "ENABLED", "DISABLED", "DESTROYED"],
    ),
];

/// A body of a service with words for numbers.
pub(super) fn in_words(service: &str, body: Json) -> Json {
    match body {
        Json::Object(map) => {
            let said = map.into_iter().map(|(key, value)| {
                let word = value.as_u64().and_then(|number| word(service, &key, number));
                let value = word.map_or_else(|| in_words(service, value), Json::from);
                (key, value)
            });
            Json::Object(said.collect::<Map<_, _>>())
        }
        Json::Array(items) => items.into_iter().map(|item| in_words(service, item)).collect(),
        other => other,
    }
}

fn word(service: &str, key: &str, number: u64) -> Option<&'static str> {
    let (_, _, words) = WORDS.iter().find(|(of, at, _)| *of == service && *at == key)?;
    words.get(usize::try_from(number).ok()?).copied()
}
