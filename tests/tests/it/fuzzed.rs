//! Damaged bodies for everything that reads them: recorded ones where `XAT_RECORDINGS` says where they are, elsewhere those of
//! the catalogue's examples. Nothing panics or overflows, and what does not fit is said with its place and its path.

use std::path::PathBuf;
use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};
use xat_infra::catalog::types;
use xat_infra::diagnostic::Diagnostic;
use xat_infra::graph::{self, Graph};
use xat_infra::live::{Estate, model};
use xat_infra::plan::{self, Options};
use xat_infra::schema::ResourceType;
use xat_infra::state::{Salt, State};
use xat_infra::value::{Value, from_json};
use xat_infra::wire;
use xat_tests::lifecycle;

use crate::mangle::{Damage, damaged, damages, places};

/// A body as it was read, and the stack and state that it is as declared for.
struct Sample {
    ty: &'static ResourceType,
    body: Json,
    graph: Graph,
    state: State,
}

impl std::fmt::Debug for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a {} {}", self.ty.slug, self.body)
    }
}

impl Sample {
    fn of(ty: &'static ResourceType, id: &str, mut body: Json) -> Self {
        body["id"] = Json::from(id);
        body.as_object_mut().expect("a body is an object").remove("type");
        let (fields, _) = wire::raise(ty, &from_json(&body), &|_| None);
        let graph = Graph::of_one(ty, id, fields);
        let state = plan::record(&graph, &estate(&body.to_string()), Salt::new("salt"), 1);
        Self { ty, body, graph, state }
    }
}

/// Every body that there is to damage.
static SAMPLES: LazyLock<Vec<Sample>> = LazyLock::new(|| {
    let recorded = std::env::var_os("XAT_RECORDINGS").map(PathBuf::from);
    let bodies = match recorded {
        Some(folder) => lifecycle::bodies(&folder.join("azure")).expect("the recordings are read"),
        None => {
            println!(
                "skipped: XAT_RECORDINGS does not say where recorded bodies are; the examples' are taken"
            );
            examples()
        }
    };
    bodies.into_iter().map(|(ty, id, body)| Sample::of(ty, &id, body)).collect()
});

fn examples() -> Vec<lifecycle::Read> {
    let example = |build: xat_infra::schema::Example| {
        let mut stack = xat_tests::examples::stack();
        let at = build(&mut stack);
        let graph = graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let node = graph.node(at).expect("an example is in its stack");
        (node.ty, node.id.clone(), model::bodies(&graph, node).remove(0).body)
    };
    types().iter().map(|registered| example(registered.example)).collect()
}

fn estate(body: &str) -> Estate {
    Estate::from_text("estate.json", format!("[{body}]"))
        .unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn sample() -> impl Strategy<Value = &'static Sample> {
    any::<prop::sample::Index>().prop_map(|at| at.get(&SAMPLES))
}

/// Every complaint points at a line and a column of what was read; those of a body that does not fit name the path.
fn placed(problems: &[Diagnostic], codes: &str) -> Result<(), TestCaseError> {
    prop_assert!(!problems.is_empty());
    for problem in problems {
        prop_assert!(problem.code.starts_with(codes), "{problem}");
        let spot = problem.spot();
        let is_placed = spot
            .is_some_and(|spot| spot.file.ends_with(".json") && spot.line > 0 && spot.column > 0);
        prop_assert!(is_placed, "{problem}");
        let names_it = problem.message.contains("at `")
            || problem.message.contains("cannot be read")
            || problem.message.contains("says that it is");
        prop_assert!(codes != "body-mismatch" || names_it, "{problem}");
    }
    Ok(())
}

/// Reads a text as an estate, and plans and looks for drift over whatever it holds.
fn survives(sample: &Sample, text: &str) -> Result<(), TestCaseError> {
    match Estate::from_text("estate.json", text.to_owned()) {
        Err(problems) => placed(&problems, "estate-")?,
        Ok(estate) => over(sample, &estate, &sample.state)?,
    }
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        let body = match &value {
            Value::List(items) => items.first().unwrap_or(&Value::Null),
            other => other,
        };
        for mismatch in wire::raise(sample.ty, body, &|_| None).1 {
            let known = sample.ty.props.iter().filter_map(|property| property.wire.as_ref());
            let is_known =
                known.map(|wire| wire.path.join(".")).any(|path| mismatch.path.starts_with(&path));
            prop_assert!(is_known && !mismatch.expected.is_empty(), "{mismatch:?}");
        }
    }
    Ok(())
}

fn over(sample: &Sample, estate: &Estate, state: &State) -> Result<(), TestCaseError> {
    let options = Options { unmanaged: true, ..Options::default() };
    if let Err(problems) = plan::plan(&sample.graph, estate, state, &options) {
        placed(&problems, "body-mismatch")?;
    }
    if let Err(problems) = plan::drift(&sample.graph, estate, state, true) {
        placed(&problems, "body-mismatch")?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, ..ProptestConfig::default() })]

    /// A body with a few damages in it.
    #[test]
    fn a_damaged_body_is_survived(sample in sample(), damages in damages()) {
        survives(sample, &format!("[{}]", damaged(&sample.body, &damages)))?;
    }

    /// The same body again under its ID, one of them damaged: said with both places.
    #[test]
    fn an_id_that_stands_twice_is_refused(sample in sample(), damages in damages()) {
        let damaged = damaged(&sample.body, &damages);
        let text = format!("[{},\n{damaged}]", sample.body);
        if serde_json::from_str::<Vec<Json>>(&text).is_ok() {
            let problems = Estate::from_text("estate.json", text).err().unwrap_or_default();
            placed(&problems, "estate-")?;
        } else {
            survives(sample, &text)?;
        }
    }

    /// A file that ends anywhere, or has a byte more or other anywhere: whatever it is, it is read or refused.
    #[test]
    fn bytes_are_survived(
        sample in sample(), cut in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), byte: u8, ends: bool
    ) {
        let mut bytes = serde_json::to_vec_pretty(&json!([sample.body])).expect("a body is JSON");
        let place = at.index(bytes.len());
        bytes[place] = byte;
        if ends {
            bytes.truncate(cut.index(bytes.len()));
        }
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("estate.json");
        std::fs::write(&file, &bytes).expect("it is written");
        match Estate::read(&file) {
            Ok(estate) => over(sample, &estate, &sample.state)?,
            Err(problems) => prop_assert!(problems.iter().all(|d| d.code.starts_with("estate-") && d.spot().is_some())),
        }
        if let Err(problems) = State::load(&file) {
            prop_assert!(problems.iter().all(|d| d.code.starts_with("state-") && d.spot().is_some()));
        }
        if let Ok(text) = String::from_utf8(bytes) {
            survives(sample, &text)?;
        }
    }

    /// A state with a few damages in it.
    #[test]
    fn a_damaged_state_is_survived(sample in sample(), damages in damages()) {
        let state: Json = serde_json::from_str(&sample.state.to_text().expect("a state is text")).expect("and JSON");
        match State::from_text("state.json", &damaged(&state, &damages)) {
            Err(problems) => {
                for problem in &problems {
                    prop_assert!(problem.code.starts_with("state-"), "{problem}");
                    prop_assert!(problem.spot().is_some_and(|spot| spot.file == "state.json"), "{problem}");
                }
            }
            Ok(state) => {
                let estate = estate(&sample.body.to_string());
                let found = plan::plan(&sample.graph, &estate, &state, &Options::default());
                prop_assert!(found.is_ok_and(|plan| plan.steps.len() <= 2) || state.stack != "one");
                let _ = plan::drift(&sample.graph, &estate, &state, true);
            }
        }
    }
}

/// The damages do what they say, and the judges see what is wrong.
#[test]
fn the_damages_are_real() {
    let body = json!({"id": "/a", "location": "here", "tags": {"a": "b"}});
    let mut paths = Vec::new();
    places(&body, "", &mut paths);
    assert_eq!(paths, ["/location", "/tags", "/tags/a"]);
    let with = |at, damage| damaged(&body, &[(at, damage)]).replace(['\n', ' '], "");
    assert_eq!(with(0, Damage::Drop), r#"{"id":"/a","tags":{"a":"b"}}"#);
    assert_eq!(
        with(0, Damage::Twice),
        r#"{"id":"/a","location":"here","tags":{"a":"b"},"location":"here"}"#
    );
    assert_eq!(with(2, Damage::Case), r#"{"id":"/a","location":"here","tags":{"A":"b"}}"#);
    assert_eq!(with(1, Damage::Wrap), r#"{"id":"/a","location":"here","tags":[{"a":"b"}]}"#);
    assert_eq!(
        with(2, Damage::Raw("1e400".into())),
        r#"{"id":"/a","location":"here","tags":{"a":1e400}}"#
    );
    assert!(placed(&[], "estate-").is_err(), "no complaint at all");
    assert!(placed(&[Diagnostic::error("estate-malformed", "x")], "estate-").is_err(), "no place");
    let spot = || xat_infra::diagnostic::Spot::new("estate.json", 1, 1);
    assert!(
        placed(&[Diagnostic::error("body-mismatch", "x").at(spot(), "here")], "body-mismatch")
            .is_err(),
        "no path"
    );
    assert!(SAMPLES.len() >= types().len() / 2, "{} bodies", SAMPLES.len());
}

/// A large body takes longer, and not without bounds: a set of many thousand, in another order, is no change. Compared each
/// with each it would not end while anyone waits.
#[test]
fn more_of_the_same_does_not_hang() {
    let plan_of = |n: usize| {
        let vault = |n: usize| {
            let rules: Vec<Json> = (0..n)
                .map(|at| json!({"value": format!("10.{}.{}.0/24", at / 256, at % 256)}))
                .collect();
            let tags: Map<String, Json> =
                (0..50).map(|at| (format!("t{at}"), at.to_string().into())).collect();
            json!({"location": "westeurope", "tags": tags, "properties": {"networkAcls": {"ipRules": rules, "defaultAction": "Deny"}}})
        };
        let ty = types()
            .into_iter()
            .map(|registered| (registered.ty)())
            .find(|ty| ty.slug == "key_vault")
            .expect("there are vaults");
        let sample = Sample::of(
            ty,
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv",
            vault(n),
        );
        let mut reversed = sample.body.clone();
        let rules =
            reversed.pointer_mut("/properties/networkAcls/ipRules").and_then(Json::as_array_mut);
        rules.expect("there are rules").reverse();
        let estate = estate(&reversed.to_string());
        let plan = plan::plan(&sample.graph, &estate, &sample.state, &Options::default())
            .expect("it plans");
        assert!(plan.steps.is_empty(), "order means nothing");
    };
    plan_of(30_000);
}
