//! Bad input: arbitrary and damaged JSON for everything that is read. Nothing panics, nothing hangs, and what cannot
//! be read is said with its place.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use xat_infra::catalog::types;
use xat_infra::diagnostic::Diagnostic;
use xat_infra::graph::{self, Graph};
use xat_infra::live::{Estate, Recorded, model};
use xat_infra::plan::{self, Action, Options};
use xat_infra::state::{Salt, State};

use crate::damage::{is_of_nobody, json, leaves, of_another_kind};

/// One type's example, with its bodies and the state after its apply.
struct Example {
    graph: Graph,
    bodies: Vec<Recorded>,
    /// The bodies as the text of an estate.
    text: String,
    state: State,
}

impl std::fmt::Debug for Example {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the example with {} bodies, first {}", self.bodies.len(), self.bodies[0].id)
    }
}

/// Every example of the catalogue.
static EXAMPLES: LazyLock<Vec<Example>> = LazyLock::new(|| {
    let example = |build: xat_infra::schema::Example| {
        let mut stack = xat_tests::examples::stack();
        build(&mut stack);
        let graph = graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let applied = model::applied(&graph);
        let text = serde_json::to_string_pretty(&applied).expect("bodies are JSON");
        let estate = Estate::from_text("estate.json", text.clone()).expect("the model reads");
        let state = plan::record(&graph, &estate, Salt::new("salt"), 1);
        let order = graph.order.iter().map(|at| &graph.nodes[*at as usize]);
        let bodies = order.flat_map(|node| model::bodies(&graph, node)).collect();
        Example { graph, bodies, text, state }
    };
    types().iter().map(|registered| example(registered.example)).collect()
});

fn one() -> impl Strategy<Value = &'static Example> {
    any::<prop::sample::Index>().prop_map(|at| &EXAMPLES[at.index(EXAMPLES.len())])
}

fn estate_of(bodies: &[Recorded]) -> Estate {
    let entries: Json = bodies.iter().cloned().map(Recorded::entry).collect();
    let text = serde_json::to_string_pretty(&entries).expect("bodies are JSON");
    Estate::from_text("estate.json", text).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// What came of planning an example against other bodies: nothing to do, changes, or complaints of a body.
#[derive(Debug, PartialEq)]
enum Outcome {
    Nothing,
    Changes(Vec<String>),
    Mismatch,
}

fn planned(example: &Example, bodies: &[Recorded]) -> Result<Outcome, TestCaseError> {
    let estate = estate_of(bodies);
    let options = Options { unmanaged: true, ..Options::default() };
    match plan::plan(&example.graph, &estate, &example.state, &options) {
        Ok(plan) if plan.steps.is_empty() => Ok(Outcome::Nothing),
        Ok(plan) => Ok(Outcome::Changes(
            plan.steps.iter().flat_map(|s| &s.changes).map(|change| change.path.clone()).collect(),
        )),
        Err(problems) => {
            prop_assert!(problems.iter().all(|d| d.code == "body-mismatch"), "{problems:#?}");
            placed(&problems)?;
            Ok(Outcome::Mismatch)
        }
    }
}

/// Every diagnostic points at a line of what was read.
fn placed(problems: &[Diagnostic]) -> Result<(), TestCaseError> {
    prop_assert!(!problems.is_empty());
    for problem in problems {
        let spot = problem.spot();
        prop_assert!(spot.is_some_and(|spot| spot.file.ends_with(".json")), "{problem}");
    }
    Ok(())
}

/// Reads a text as everything that is read; what it is not comes back as diagnostics with a place.
fn read(text: &str) -> Result<(), TestCaseError> {
    if let Err(problems) = Estate::from_text("estate.json", text.to_owned()) {
        placed(&problems)?;
        prop_assert!(problems.iter().all(|d| d.code.starts_with("estate-")), "{problems:#?}");
    }
    if let Err(problems) = State::from_text("state.json", text) {
        placed(&problems)?;
        prop_assert!(problems.iter().all(|d| d.code.starts_with("state-")), "{problems:#?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,200}") {
        read(&text)?;
    }

    #[test]
    fn any_json_is_read_or_refused(json in json()) {
        read(&json.to_string())?;
        read(&json!([json]).to_string())?;
        read(&json!({"format": "xat-estate/1", "resources": json}).to_string())?;
        read(&json!({"format": "xat-state/1", "resources": json}).to_string())?;
    }

    /// A file that was cut off anywhere is refused, at a place inside it.
    #[test]
    fn a_cut_file_is_refused(example in one(), at in any::<prop::sample::Index>()) {
        let state = example.state.to_text().expect("a state is text");
        for (text, is_state) in [(&example.text, false), (&state, true)] {
            let whole = text.trim_end();
            let mut end = at.index(whole.len());
            while !whole.is_char_boundary(end) {
                end -= 1;
            }
            let cut = &whole[..end];
            let problems = if is_state {
                State::from_text("state.json", cut).err()
            } else {
                Estate::from_text("estate.json", cut.to_owned()).err()
            };
            prop_assert!(problems.is_some(), "{} bytes of {} passed for all", end, whole.len());
            let problems = problems.unwrap_or_default();
            placed(&problems)?;
            let line = problems[0].spot().map_or(0, |spot| spot.line) as usize;
            // A state that says no format yet is refused as a whole file.
            let lines = cut.matches('\n').count() + 1;
            prop_assert!((0..=lines).contains(&line), "{}", problems[0]);
        }
    }

    /// One byte more, less or other anywhere in a file: it is read or refused, and planning with it is quiet.
    #[test]
    fn a_damaged_byte_is_survived(
        example in one(), at in any::<prop::sample::Index>(), with in "[{}\\[\\]\",:0-9a-z]?"
    ) {
        let at = at.index(example.text.len());
        if example.text.is_char_boundary(at) && example.text.is_char_boundary(at + 1) {
            let text = format!("{}{with}{}", &example.text[..at], &example.text[at + 1..]);
            read(&text)?;
            if let Ok(estate) = Estate::from_text("estate.json", text) {
                let _ = plan::plan(&example.graph, &estate, &example.state, &Options::default());
            }
        }
    }

    /// A leaf of another kind is a change, a body that does not fit, or nothing where nobody manages it; and what
    /// it changes is in the resource that has it.
    #[test]
    fn a_leaf_of_another_kind_is_noticed_or_nobodys(
        example in one(), body in any::<prop::sample::Index>(), leaf in any::<prop::sample::Index>(), kind: u8
    ) {
        let mut bodies = example.bodies.clone();
        let body = body.get(&(0..bodies.len()).collect::<Vec<_>>()).to_owned();
        let mut paths = Vec::new();
        leaves(&bodies[body].body, "", &mut paths);
        if !paths.is_empty() {
            let path = leaf.get(&paths);
            let there = bodies[body].body.pointer_mut(path).expect("a leaf");
            *there = of_another_kind(there, kind);
            planned(example, &bodies)?;
        }
    }

    /// Any JSON in the place of a subtree.
    #[test]
    fn any_json_in_a_body_is_survived(
        example in one(), body in any::<prop::sample::Index>(), key in any::<prop::sample::Index>(), new in json()
    ) {
        let mut bodies = example.bodies.clone();
        let body = body.get(&(0..bodies.len()).collect::<Vec<_>>()).to_owned();
        let map = bodies[body].body.as_object_mut().expect("a body is an object");
        let keys: Vec<String> = map.keys().filter(|k| *k != "id" && *k != "type").cloned().collect();
        if !keys.is_empty() {
            map.insert(key.get(&keys).clone(), new);
            planned(example, &bodies)?;
        }
    }

    /// A key that stands twice is read one way or the other, and never breaks the reader.
    #[test]
    fn a_key_that_stands_twice_is_survived(example in one(), at in any::<prop::sample::Index>()) {
        let lines: Vec<&str> = example.text.lines().collect();
        let keyed: Vec<usize> = (0..lines.len()).filter(|n| lines[*n].ends_with(',') && lines[*n].contains("\": ")).collect();
        let at = *at.get(&keyed);
        let mut twice = lines.clone();
        twice.insert(at, lines[at]);
        let text = twice.join("\n");
        read(&text)?;
        if let Ok(estate) = Estate::from_text("estate.json", text) {
            let plan = plan::plan(&example.graph, &estate, &example.state, &Options::default());
            // The same value twice is the same value.
            prop_assert!(plan.is_ok_and(|plan| plan.steps.is_empty()));
        }
    }

    /// A state whose hashes or addresses are damaged plans all the same.
    #[test]
    fn a_strange_state_is_survived(example in one(), at in any::<prop::sample::Index>(), word in "[a-z./\\[\\]]{0,8}") {
        let mut state = example.state.clone();
        let addresses: Vec<String> = state.resources.keys().cloned().collect();
        let address = at.get(&addresses);
        let mut owned = state.resources.remove(address).expect("a resource");
        owned.fields.insert(word.clone(), word.clone());
        owned.after.push(word.clone());
        owned.id.push_str(&word);
        state.resources.insert(word, owned);
        let estate = estate_of(&example.bodies);
        if let Ok(plan) = plan::plan(&example.graph, &estate, &state, &Options::default()) {
            prop_assert!(plan.steps.len() <= example.graph.nodes.len() + 1);
        }
    }
}

/// Every leaf of every example, once: nothing panics, and what a stack declares is never passed over in silence.
#[test]
fn every_declared_leaf_of_another_kind_is_noticed() {
    let (mut silent, mut unexpected) = (Vec::new(), Vec::new());
    let mut counts = [0usize; 3];
    for example in EXAMPLES.iter() {
        let declared = example.graph.nodes.last().expect("a resource");
        for (at, body) in example.bodies.iter().enumerate() {
            let mut paths = Vec::new();
            leaves(&body.body, "", &mut paths);
            for path in paths {
                let mut bodies = example.bodies.clone();
                let there = bodies[at].body.pointer_mut(&path).expect("a leaf");
                // Text is what many kinds are written as; a list is what none but lists are.
                *there = if there.is_array() { json!({"x": 1}) } else { json!([["x"]]) };
                match planned(example, &bodies).unwrap_or_else(|why| panic!("{path}: {why}")) {
                    Outcome::Nothing => {
                        counts[0] += 1;
                        let line = format!("{} {} {path}", declared.ty.slug, body.kind);
                        if !is_of_nobody(&body.kind, &path) {
                            unexpected.push(line.clone());
                        }
                        silent.push(line);
                    }
                    Outcome::Changes(_) => counts[1] += 1,
                    Outcome::Mismatch => counts[2] += 1,
                }
            }
        }
    }
    let [nothing, changes, mismatches] = counts;
    assert!(changes + mismatches > 100, "{counts:?}");
    assert!(nothing < changes + mismatches, "{counts:?}\n{}", silent.join("\n"));
    assert!(unexpected.is_empty(), "{unexpected:#?}");
}

/// Deep nesting ends in a refusal, not in the end of the stack.
#[test]
fn deep_nesting_is_refused() {
    for depth in [100, 1_000, 200_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let inner = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            for text in [
                inner.clone(),
                format!(
                    "{{\"format\": \"xat-estate/1\", \"resources\": [{{\"id\": \"/a\", \"properties\": {inner}}}]}}"
                ),
                format!("{{\"format\": \"xat-state/1\", \"resources\": {inner}}}"),
            ] {
                read(&text).unwrap_or_else(|why| panic!("{why}"));
            }
        }
    }
    let graph = &EXAMPLES[0].graph;
    let id = &graph.nodes[0].id;
    let inner = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    for key in ["location", "tags", "properties", "other"] {
        let text = format!("[{{\"id\": \"{id}\", \"{key}\": {inner}}}]");
        if let Ok(estate) = Estate::from_text("estate.json", text) {
            let options = Options { unmanaged: true, ..Options::default() };
            let found = plan::plan(graph, &estate, &State::empty(), &options);
            let refused = found.is_err_and(|problems| placed(&problems).is_ok());
            assert!(refused || key != "location", "what is declared is read, and cannot be");
        }
    }
}

/// The checkers can fail: an example is quiet against its own bodies, and one other leaf is noticed.
#[test]
fn the_judges_see_a_planted_change() {
    for example in EXAMPLES.iter() {
        assert_eq!(planned(example, &example.bodies).expect("it plans"), Outcome::Nothing);
    }
    let example = &EXAMPLES[0];
    let mut bodies = example.bodies.clone();
    bodies[0].body["location"] = json!("elsewhere");
    let Outcome::Changes(paths) = planned(example, &bodies).expect("it plans") else {
        panic!("another region is a change")
    };
    assert!(paths.iter().any(|path| path == "location"), "{paths:?}");
    bodies[0].body["location"] = json!({"name": "elsewhere"});
    assert_eq!(planned(example, &bodies).expect("it plans"), Outcome::Mismatch);
    let unmanaged =
        plan::plan(&example.graph, &Estate::empty(), &State::empty(), &Options::default());
    assert!(unmanaged.expect("it plans").steps.iter().all(|step| step.action == Action::Create));
    assert!(placed(&[Diagnostic::error("planted", "without a place")]).is_err());
}
