//! The stacks that ship: their whole previews in every format, and the recorded estate behind them.

use std::path::Path;

use xat_infra::cli::StackEntry;
use xat_infra::graph::{self, Graph};
use xat_infra::live::Estate;
use xat_infra::plan::{self, Options, Plan};
use xat_infra::state::State;
use xat_infra::{lint, report};
use xat_stacks::STACKS;

use crate::snapshots;

#[path = "../../../stacks/examples/record_estate/main.rs"]
#[allow(dead_code, reason = "its `main` belongs to the example")]
pub(crate) mod record_estate;

fn told(problems: Vec<xat_infra::diagnostic::Diagnostic>) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn planned(entry: &StackEntry) -> (Graph, Plan) {
    let graph =
        graph::build((entry.build)()).unwrap_or_else(|problems| panic!("{}", told(problems)));
    let estate = match &entry.estate {
        Some(estate) => Estate::from_text(estate.name, estate.text),
        None => Ok(Estate::empty()),
    };
    let state = match &entry.state {
        Some(state) => State::from_text(state.name, state.text),
        None => Ok(State::empty()),
    };
    let estate = estate.unwrap_or_else(|problems| panic!("{}", told(problems)));
    let state = state.unwrap_or_else(|problems| panic!("{}", told(problems)));
    let options = Options { unmanaged: true, ..Options::default() };
    let plan = plan::plan(&graph, &estate, &state, &options)
        .unwrap_or_else(|problems| panic!("{}", told(problems)));
    (graph, plan)
}

#[test]
fn every_stack_in_every_format() {
    for entry in STACKS {
        let (graph, plan) = planned(entry);
        let options = report::Options { show_unchanged: true, ..report::Options::default() };
        snapshots::check(
            entry.name,
            "plan.text",
            &report::to_text(&plan, &report::Options::default()),
        );
        snapshots::check(entry.name, "plan.all.text", &report::to_text(&plan, &options));
        snapshots::check(entry.name, "plan.json", &report::to_json(&plan, &options).unwrap());
        snapshots::check(entry.name, "graph.dot", &graph::to_dot(&graph));
    }
}

#[test]
fn no_stack_breaks_a_rule() {
    for entry in STACKS {
        let (graph, _) = planned(entry);
        let found = lint::lint(&graph);
        assert!(found.is_empty(), "{}: {}", entry.name, told(found));
    }
}

/// The default preview shows what a person should see first: creates, updates, a drift, a refusal, an adoption,
/// a deletion.
#[test]
fn the_default_preview_shows_every_kind_of_line() {
    use plan::Action;
    let (_, plan) = planned(&STACKS[0]);
    for action in [Action::Create, Action::Update, Action::Replace, Action::Delete, Action::Adopt] {
        assert!(plan.steps.iter().any(|step| step.action == action), "{action:?}");
    }
    assert!(plan.steps.iter().any(|step| step.refused.is_some()));
    assert!(plan.steps.iter().flat_map(|step| &step.changes).any(|change| change.drifted));
}

/// The files that ship are what the example writes.
#[test]
fn the_recorded_estates_are_as_they_were_made() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stacks/estates");
    let read = |name: String| std::fs::read_to_string(folder.join(name)).unwrap();
    let help = "run `cargo run --example record_estate` and read the difference";
    let made = [
        ("xat-internal", record_estate::internal::record().unwrap()),
        ("xat-legacy", record_estate::legacy::record().unwrap()),
    ];
    for (stack, (live, state)) in made {
        assert!(
            live == read(format!("{stack}.live.json")),
            "{stack}: the live estate differs: {help}"
        );
        assert!(state == read(format!("{stack}.state.json")), "{stack}: the state differs: {help}");
    }
}

/// Planning is deterministic: the same values give the same bytes.
#[test]
fn a_plan_is_the_same_bytes_every_time() {
    for entry in STACKS {
        let json = |_| report::to_json(&planned(entry).1, &report::Options::default()).unwrap();
        assert_eq!(json(0), json(1));
    }
}

/// The README shows the preview as it is: each of its lines, in order, with `..` for what is left out.
#[test]
fn the_readme_shows_the_preview() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let preview = report::to_text(&planned(&STACKS[0]).1, &report::Options::default());
    let excerpt = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next());
    let mut rest = preview.lines();
    for line in excerpt.unwrap().lines().filter(|line| line.trim() != "..") {
        assert!(rest.any(|shown| shown == line), "not in the preview, or not there: {line}");
    }
}
