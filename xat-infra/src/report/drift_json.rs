//! Drift for machines: format `xat-drift/1`, documented by `book/src/drift.schema.json`.
//!
//! Within one version fields are only added. Every key is always there, `null` where it has nothing to say.

use serde::Serialize;
use serde_json::Value as Json;

use super::json::{UnmanagedDoc, line, unmanaged};
use crate::plan::{Cause, Drift, Drifted, DriftedLeaf, Shown, Unseen};

/// The format's name and version.
pub const DRIFT_FORMAT: &str = "xat-drift/1";

#[derive(Serialize)]
struct DriftDoc<'a> {
    format: &'static str,
    stack: &'a str,
    environment: Option<&'a str>,
    live: &'a str,
    state: StateDoc,
    declared: usize,
    summary: SummaryDoc,
    from_applied: Vec<ResourceDoc<'a>>,
    from_declared: Vec<ResourceDoc<'a>>,
    unseen: Vec<UnseenDoc<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unmanaged: Vec<UnmanagedDoc<'a>>,
}

#[derive(Serialize)]
struct StateDoc {
    serial: u64,
    resources: usize,
}

#[derive(Serialize)]
struct SummaryDoc {
    from_applied: usize,
    from_declared: usize,
    #[serde(rename = "by-hand")]
    by_hand: usize,
    #[serde(rename = "not-applied")]
    not_applied: usize,
    both: usize,
}

#[derive(Serialize)]
struct ResourceDoc<'a> {
    address: &'a str,
    r#type: &'a str,
    presence: &'static str,
    cause: &'static str,
    declared_at: Option<String>,
    changes: Vec<LeafDoc<'a>>,
}

#[derive(Serialize)]
struct LeafDoc<'a> {
    path: &'a str,
    expected: Option<&'a Json>,
    live: Option<&'a Json>,
    secret: bool,
    cause: &'static str,
}

#[derive(Serialize)]
struct UnseenDoc<'a> {
    address: &'a str,
    properties: &'a [String],
}

/// The drift as JSON, with a line feed at its end.
///
/// # Errors
/// None that a drift can cause: its keys are text and its numbers came from JSON.
pub fn drift_to_json(drift: &Drift) -> serde_json::Result<String> {
    let doc = DriftDoc {
        format: DRIFT_FORMAT,
        stack: &drift.stack,
        environment: drift.environment.as_deref(),
        live: &drift.live,
        state: StateDoc { serial: drift.serial, resources: drift.applied },
        declared: drift.declared,
        summary: summary(drift),
        from_applied: drift.from_applied.iter().map(resource).collect(),
        from_declared: drift.from_declared.iter().map(resource).collect(),
        unseen: drift.unseen.iter().map(unseen).collect(),
        unmanaged: drift.unmanaged.iter().map(unmanaged).collect(),
    };
    let mut text = serde_json::to_string_pretty(&doc)?;
    text.push('\n');
    Ok(text)
}

/// How many resources each list has, and how many of all are of each cause.
fn summary(drift: &Drift) -> SummaryDoc {
    let mut by_address: std::collections::BTreeMap<&str, Vec<Cause>> = Default::default();
    for found in drift.from_applied.iter().chain(&drift.from_declared) {
        by_address.entry(&found.address).or_default().push(found.cause);
    }
    let count = |wanted: Cause| {
        by_address
            .values()
            .filter(|causes| {
                let all = |cause| causes.iter().all(|c| *c == cause);
                match wanted {
                    Cause::Both => !all(Cause::ByHand) && !all(Cause::NotApplied),
                    one => all(one),
                }
            })
            .count()
    };
    SummaryDoc {
        from_applied: drift.from_applied.len(),
        from_declared: drift.from_declared.len(),
        by_hand: count(Cause::ByHand),
        not_applied: count(Cause::NotApplied),
        both: count(Cause::Both),
    }
}

fn resource(found: &Drifted) -> ResourceDoc<'_> {
    ResourceDoc {
        address: &found.address,
        r#type: &found.type_name,
        presence: found.presence.word(),
        cause: found.cause.word(),
        declared_at: found.declared_at.as_ref().map(line),
        changes: found.leaves.iter().map(leaf).collect(),
    }
}

fn leaf(leaf: &DriftedLeaf) -> LeafDoc<'_> {
    let shown = |value: &'_ Option<Shown>| value.is_some() && !leaf.secret;
    LeafDoc {
        path: &leaf.path,
        expected: leaf.expected.as_ref().filter(|_| shown(&leaf.expected)).map(|v| &v.json),
        live: leaf.live.as_ref().filter(|_| shown(&leaf.live)).map(|v| &v.json),
        secret: leaf.secret,
        cause: leaf.cause.word(),
    }
}

fn unseen(unseen: &Unseen) -> UnseenDoc<'_> {
    UnseenDoc { address: &unseen.address, properties: &unseen.labels }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Presence;
    use crate::report::schema_check;

    fn sample() -> Drift {
        let value = |text: &str| Some(Shown { json: text.into(), text: text.into() });
        let leaf = DriftedLeaf {
            path: "tags.owner".into(),
            label: "tags owner".into(),
            expected: value("platform"),
            live: value("nobody"),
            secret: false,
            cause: Cause::ByHand,
        };
        let hidden = DriftedLeaf {
            path: "password".into(),
            secret: true,
            live: value("hunter2"),
            ..leaf.clone()
        };
        let found = Drifted {
            address: "key_vault.kv".into(),
            key: "kv".into(),
            type_name: "azure.key_vault".into(),
            type_label: "key vault".into(),
            presence: Presence::Changed,
            cause: Cause::ByHand,
            declared_at: None,
            leaves: vec![leaf, hidden],
        };
        let gone = Drifted {
            address: "key_vault.old".into(),
            presence: Presence::Gone,
            cause: Cause::Both,
            leaves: Vec::new(),
            ..found.clone()
        };
        Drift {
            stack: "demo".into(),
            live: "nothing".into(),
            applied: 2,
            from_applied: vec![found.clone(), gone],
            from_declared: vec![found],
            unseen: vec![Unseen { address: "key_vault.kv".into(), labels: vec!["value".into()] }],
            ..Drift::default()
        }
    }

    #[test]
    fn drift_is_as_the_schema_says() {
        let schema = include_str!("../../../book/src/drift.schema.json");
        let schema: Json = serde_json::from_str(schema).unwrap();
        for drift in [Drift::default(), sample()] {
            let json: Json = serde_json::from_str(&drift_to_json(&drift).unwrap()).unwrap();
            assert_eq!(schema_check::check(&schema, &json), [""; 0]);
        }
        let mut wrong: Json = serde_json::from_str(&drift_to_json(&sample()).unwrap()).unwrap();
        wrong["from_applied"][0]["presence"] = "lost".into();
        wrong["from_declared"][0]["changes"][0]["extra"] = true.into();
        assert_eq!(schema_check::check(&schema, &wrong).len(), 2);
    }

    #[test]
    fn no_secret_is_written_even_if_the_drift_holds_one() {
        let drift = sample();
        let text = crate::report::drift_to_text(&drift, &crate::report::Options::default());
        for text in [text, drift_to_json(&drift).unwrap()] {
            assert!(!text.contains("hunter2"), "{text}");
            assert!(text.contains("nobody"), "{text}");
        }
    }

    #[test]
    fn causes_are_counted_by_resource() {
        let summary = summary(&sample());
        assert_eq!((summary.from_applied, summary.from_declared), (2, 1));
        assert_eq!((summary.by_hand, summary.not_applied, summary.both), (1, 0, 1));
    }
}
