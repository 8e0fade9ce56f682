//! Resources that their service numbers: found by what people call them, until the state knows the number.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use xat_infra::diagnostic::Diagnostic;
use xat_infra::emit::terraform::{self, Existing};
use xat_infra::gcp::prelude::*;
use xat_infra::graph::{self, Graph};
use xat_infra::live::{Estate, model};
use xat_infra::plan::{self, Action, Options, Plan};
use xat_infra::state::{Salt, State};

const CHANNELS: &str = "//monitoring.googleapis.com/projects/shop-prod/notificationChannels";

fn built(stack: Stack) -> Graph {
    graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn stack() -> Stack {
    Stack::new("shop").project("shop-prod").region("europe-west1")
}

fn channel(name: &str) -> NotificationChannel {
    NotificationChannel::email(Name::new(name), "on-call@example.com")
}

/// A policy, and whom it tells.
fn watched(channel: NotificationChannel) -> Graph {
    let mut stack = stack();
    let people = stack.add(channel);
    let slow = MetricThreshold::new("metric.type=\"a/b\"", Comparison::Greater, 2.0, 300);
    let policy = AlertPolicy::new(name!("Slow")).condition(AlertCondition::over("Slow", slow));
    stack.add(policy.channel(people));
    built(stack)
}

/// A live channel with a number and a name.
fn live(number: u32, called: &str) -> Json {
    let graph = built({
        let mut stack = stack();
        stack.add(channel(called));
        stack
    });
    let mut body = model::bodies(&graph, &graph.nodes[0]).remove(0).body;
    body["name"] = format!("projects/shop-prod/notificationChannels/{number}").into();
    let name = format!("{CHANNELS}/{number}");
    json!({"name": name, "assetType": "monitoring.googleapis.com/NotificationChannel", "resource": {"data": body}})
}

fn estate(bodies: &[Json]) -> Estate {
    let text = json!({"format": "xat-estate/1", "resources": bodies}).to_string();
    Estate::from_text("estate.json", text).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn attempted(graph: &Graph, estate: &Estate, state: &State) -> Result<Plan, Vec<Diagnostic>> {
    plan::plan(graph, estate, state, &Options::default())
}

fn planned(graph: &Graph, estate: &Estate, state: &State) -> Plan {
    attempted(graph, estate, state).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn recorded(graph: &Graph, estate: &Estate) -> State {
    plan::record(graph, estate, Salt::new("salt"), 1)
}

/// One channel against what is live.
fn one(channel: NotificationChannel, bodies: &[Json], state: &State) -> Plan {
    let mut stack = stack();
    stack.add(channel);
    planned(&built(stack), &estate(bodies), state)
}

/// The state of an apply that left a channel under this number.
fn state_of(name: &str, number: u32) -> State {
    let mut stack = stack();
    stack.add(channel(name));
    recorded(&built(stack), &estate(&[live(number, name)]))
}

fn actions(plan: &Plan) -> Vec<(&str, Action, &str)> {
    plan.steps
        .iter()
        .map(|s| (s.key.as_str(), s.action, s.resource.rsplit('/').next().unwrap_or_default()))
        .collect()
}

#[test]
fn from_nothing_the_number_is_known_after_the_apply() {
    let graph = watched(channel("On call"));
    let plan = planned(&graph, &Estate::empty(), &State::empty());
    let policy = plan.steps.iter().find(|step| step.key == "Slow").expect("a step");
    let channels =
        policy.changes.iter().find(|change| change.path == "channels").expect("channels");
    assert!(channels.known_after_apply, "{channels:#?}");
    let node = &graph.nodes[0];
    assert_eq!(node.known(node.ty.output("id").expect("an ID")), None);
    let numbered = node.numbered().expect("the service numbers it");
    assert_eq!((numbered.collection.as_str(), numbered.value.as_str()), (CHANNELS, "On call"));
}

#[test]
fn what_is_there_is_adopted_and_referred_to_by_its_number() {
    let graph = watched(channel("On call"));
    let there = Estate::as_applied(&graph).unwrap();
    let plan = planned(&graph, &there, &State::empty());
    assert!(plan.steps.iter().all(|step| step.action == Action::Adopt), "{:#?}", plan.steps);
    assert_eq!(plan.steps.len(), 2);
    for step in &plan.steps {
        assert!(there.has(&step.resource), "the step names the live one: {}", step.resource);
    }
    let state = recorded(&graph, &there);
    assert!(state.resources.values().all(|owned| there.has(&owned.id)));
    assert!(planned(&graph, &there, &state).steps.is_empty());

    // The policy tells somebody else by now: another number is a difference.
    let mut bodies = model::applied(&graph);
    for asset in bodies["resources"].as_array_mut().unwrap() {
        if let Some(list) = asset["resource"]["data"].get_mut("notificationChannels") {
            *list = json!(["projects/shop-prod/notificationChannels/1"]);
        }
    }
    let other = Estate::from_text("estate.json", bodies.to_string()).unwrap();
    let plan = planned(&graph, &other, &state);
    assert_eq!(plan.steps.len(), 1, "{:#?}", plan.steps);
    assert_eq!((plan.steps[0].key.as_str(), plan.steps[0].action), ("Slow", Action::Update));
}

#[test]
fn a_name_that_the_state_knows_by_number_changes_in_place() {
    let state = state_of("On call", 7);
    let there = [live(7, "On call"), live(8, "Somebody else")];
    let plan = one(channel("Night shift").was("On call"), &there, &state);
    assert_eq!(actions(&plan), [("Night shift", Action::Update, "7")]);
    let changes: Vec<&str> = plan.steps[0].changes.iter().map(|c| c.path.as_str()).collect();
    assert_eq!(changes, ["name"]);
    // Without a word of what it was, it is another one; and a name that is taken is adopted.
    let plan = one(channel("Somebody else"), &there, &state);
    assert_eq!(
        actions(&plan),
        [("Somebody else", Action::Adopt, "8"), ("On call", Action::Delete, "7"),]
    );
    // Under another key it is the same one: nobody has to say so.
    let plan = one(channel("On call").key("people"), &there, &state);
    assert_eq!(actions(&plan), [("people", Action::Move, "7")]);
}

#[test]
fn what_was_renamed_by_hand_is_still_known() {
    let state = state_of("On call", 7);
    let plan = one(channel("On call"), &[live(7, "Weekend")], &state);
    assert_eq!(actions(&plan), [("On call", Action::Update, "7")]);
    let mut stack = stack();
    stack.add(channel("On call"));
    let drift = plan::drift(&built(stack), &estate(&[live(7, "Weekend")]), &state, false).unwrap();
    let leaves: Vec<&str> =
        drift.from_applied.iter().flat_map(|d| &d.leaves).map(|leaf| leaf.path.as_str()).collect();
    assert_eq!(leaves, ["name"]);
}

#[test]
fn what_was_deleted_and_made_again_by_hand_is_adopted() {
    let state = state_of("On call", 7);
    let plan = one(channel("On call"), &[live(9, "On call")], &state);
    assert_eq!(actions(&plan), [("On call", Action::Adopt, "9")]);
    assert_eq!(plan.steps[0].old_resource.as_deref(), Some(&*format!("{CHANNELS}/7")));
    let plan = one(channel("On call"), &[live(9, "Weekend")], &state);
    assert_eq!(actions(&plan), [("On call", Action::Create, "On call")]);
}

#[test]
fn two_of_one_name_are_never_guessed_at() {
    let twins = [live(7, "On call"), live(8, "On call")];
    let mut stack = stack();
    stack.add(channel("On call"));
    let graph = built(stack);
    let problems = attempted(&graph, &estate(&twins), &State::empty()).expect_err("a problem");
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].code, "ambiguous-live");
    let text = problems[0].to_string();
    assert!(text.contains("estate.json") && text.contains("`7`") && text.contains("`8`"), "{text}");
    // The state knows which.
    let plan = one(channel("On call"), &twins, &state_of("On call", 8));
    assert!(plan.steps.is_empty(), "{:#?}", plan.steps);
}

#[test]
fn terraform_imports_what_was_found() {
    let graph = watched(channel("On call"));
    let there = Estate::as_applied(&graph).unwrap();
    let places = plan::places(&graph, &there, &State::empty()).unwrap();
    let body = |id: &str| there.text(places.live(id)).map(str::to_owned);
    let existing = Existing { adopted: &|_| true, body: &body };
    let options = terraform::Options { existing: Some(existing), ..Default::default() };
    let files = terraform::emit(&graph, &options).unwrap_or_else(|p| panic!("{p:#?}"));
    let text: String = files.iter().map(|file| file.text.as_str()).collect();
    for node in &graph.nodes {
        let id = places.id(node).expect("it is there");
        let name = id.strip_prefix("//monitoring.googleapis.com/").expect("a full name");
        assert!(text.contains(&format!("\"{name}\"")), "{name}: {text}");
    }
}

/// A channel of another stack is said by its whole name, however it is spelt.
#[test]
fn what_exists_elsewhere_is_said_by_its_number() {
    let name = "projects/shop-prod/notificationChannels/7";
    for said in [name.to_owned(), format!("//monitoring.googleapis.com/{name}")] {
        let slow = MetricThreshold::new("metric.type=\"a/b\"", Comparison::Greater, 2.0, 300);
        let policy = AlertPolicy::new(name!("Slow")).condition(AlertCondition::over("Slow", slow));
        let mut stack = stack();
        stack.add(policy.channel(Ref::existing(said)));
        let graph = built(stack);
        let mut body = model::bodies(&graph, &graph.nodes[0]).remove(0);
        body.body["notificationChannels"] = json!([name]);
        let plan = planned(&graph, &estate(&[body.entry()]), &State::empty());
        assert_eq!(plan.steps[0].action, Action::Adopt, "{:#?}", plan.steps[0].changes);
    }
}

/// What a name is about: whether it is declared, how many live ones have it, and whether the state knows one, by its first
/// number, which may be called something else by now.
#[derive(Clone, Debug)]
struct Case {
    declared: bool,
    live: u8,
    known: bool,
    renamed: bool,
}

fn case() -> impl Strategy<Value = Case> {
    (any::<bool>(), 0u8..3, any::<bool>(), any::<bool>())
        .prop_map(|(declared, live, known, renamed)| Case { declared, live, known, renamed })
}

/// What should be done: `Err` where nobody can know.
fn expected(case: &Case) -> Result<Option<Action>, ()> {
    let (known_lives, called) = match (case.known, case.live) {
        (true, live @ 1..) => (true, live - 1),
        (_, live) => (false, live),
    };
    match (case.declared, known_lives) {
        (false, true) => Ok(Some(Action::Delete)),
        (false, false) => Ok(case.known.then_some(Action::Forget)),
        (true, true) => Ok(case.renamed.then_some(Action::Update)),
        (true, false) => match called {
            0 => Ok(Some(Action::Create)),
            1 => Ok(Some(Action::Adopt)),
            _ => Err(()),
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// The planner finds what a rule that fits on a page finds, whatever stands beside it.
    #[test]
    fn the_planner_finds_who_is_who(cases in prop::collection::vec(case(), 1..6)) {
        let (mut bodies, mut before, mut after) = (Vec::new(), stack(), stack());
        let mut applied = Vec::new();
        for (at, case) in cases.iter().enumerate() {
            let name = format!("Channel {at}");
            let number = |nth: usize| u32::try_from(at * 10 + nth).expect("few");
            for nth in 0..usize::from(case.live) {
                let first = nth == 0 && case.known && case.renamed;
                bodies.push(live(number(nth), if first { "By hand" } else { &name }));
            }
            if case.known {
                before.add(channel(&name));
                applied.push(live(number(0), &name));
            }
            if case.declared {
                after.add(channel(&name));
            }
        }
        let state = recorded(&built(before), &estate(&applied));
        let graph = built(after);
        let there = estate(&bodies);
        let outcome = attempted(&graph, &there, &state);
        let unknown = cases.iter().filter(|case| expected(case).is_err()).count();
        if unknown > 0 {
            prop_assert_eq!(outcome.err().map(|problems| problems.len()), Some(unknown));
            return Ok(());
        }
        let plan = outcome.unwrap_or_else(|problems| panic!("{problems:#?}"));
        let done: BTreeMap<String, Action> = plan.steps.iter().map(|s| (s.key.clone(), s.action)).collect();
        let wanted: BTreeMap<String, Action> = cases
            .iter()
            .enumerate()
            .filter_map(|(at, case)| Some((format!("Channel {at}"), expected(case).ok()??)))
            .collect();
        prop_assert_eq!(done, wanted);
        for step in plan.steps.iter().filter(|step| step.action != Action::Create && step.action != Action::Forget) {
            prop_assert!(there.has(&step.resource), "{} is not there", step.resource);
        }
    }

    /// What was applied plans to nothing, by the state and by the names alone.
    #[test]
    fn applied_plans_to_nothing(count in 1usize..6) {
        let mut stack = stack();
        for at in 0..count {
            stack.add(channel(&format!("Channel {at}")));
        }
        let graph = built(stack);
        let there = Estate::as_applied(&graph).unwrap();
        prop_assert!(planned(&graph, &there, &recorded(&graph, &there)).steps.is_empty());
        let adopted = planned(&graph, &there, &State::empty());
        prop_assert!(adopted.steps.iter().all(|step| step.action == Action::Adopt));
    }
}
