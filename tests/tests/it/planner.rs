//! Properties of the planner over random stacks: order, idempotence, independence of insertion order, agreement
//! with a naive planner, and secrets that appear nowhere.

use std::collections::BTreeMap;

use proptest::prelude::*;
use xat_infra::graph::{self, Graph};
use xat_infra::live::Estate;
use xat_infra::plan::{self, Action, Options, Plan};
use xat_infra::state::{Salt, State};
use xat_infra::{report, wire};
use xat_tests::cloud::Cloud;
use xat_tests::naive;
use xat_tests::spec::{self, CANARY, Spec};

fn build(spec: &Spec, shuffle: u64) -> Graph {
    graph::build(spec::stack(spec, shuffle)).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn planned(graph: &Graph, estate: &Estate, state: &State) -> Plan {
    plan::plan(graph, estate, state, &Options::default())
        .unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The cloud and the state after a first apply of `graph`.
fn first_apply(graph: &Graph) -> (Cloud, State) {
    let mut cloud = Cloud::default();
    let plan = planned(graph, &Estate::empty(), &State::empty());
    cloud.apply(&plan, graph, &State::empty());
    let state = plan::record(graph, &cloud.estate(), Salt::new("salt"), 1);
    (cloud, state)
}

fn json(plan: &Plan) -> String {
    report::to_json(plan, &report::Options::default()).expect("a plan is JSON")
}

fn actions(plan: &Plan) -> BTreeMap<String, Action> {
    plan.steps.iter().map(|step| (step.key.clone(), step.action)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    /// What was just planned and applied plans to nothing.
    #[test]
    fn applied_plans_to_nothing(spec in spec::mixed(8)) {
        let graph = build(&spec, 0);
        let (cloud, state) = first_apply(&graph);
        let again = planned(&graph, &cloud.estate(), &state);
        prop_assert!(again.steps.is_empty(), "{:#?}", again.steps);
    }

    /// After any change, applying the plan leaves nothing to do, and the plan does what the naive planner says.
    #[test]
    fn changes_converge_and_the_naive_planner_agrees((old, new) in spec::specs(8)) {
        let (before, after) = (build(&old, 0), build(&new, 0));
        let (mut cloud, state) = first_apply(&before);
        let plan = planned(&after, &cloud.estate(), &state);
        prop_assert_eq!(actions(&plan), naive::plan(&old, &new), "{:#?}", plan.steps);
        cloud.apply(&plan, &after, &state);
        let state = plan::record(&after, &cloud.estate(), Salt::new("salt"), 2);
        let again = planned(&after, &cloud.estate(), &state);
        prop_assert!(again.steps.is_empty(), "{:#?}", again.steps);
    }

    /// Every step comes behind what it waits for, in number and in wave, and deletes run the other way round.
    #[test]
    fn order_respects_every_edge((old, new) in spec::specs(8)) {
        let (before, after) = (build(&old, 0), build(&new, 0));
        let (cloud, state) = first_apply(&before);
        let plan = planned(&after, &cloud.estate(), &state);
        let by_key: BTreeMap<&str, &plan::Step> = plan.steps.iter().map(|step| (step.key.as_str(), step)).collect();
        let reaches = |from: &plan::Step, to: &plan::Step| {
            from.id > to.id && from.wave > to.wave && from.after.contains(&to.id)
        };
        for (at, thing) in new.iter().enumerate().filter(|(_, thing)| thing.present) {
            let Some(step) = by_key.get(spec::name(at).as_str()) else { continue };
            for to in spec::references(thing) {
                if let Some(waited) = by_key.get(spec::name(to).as_str()) {
                    prop_assert!(reaches(step, waited), "{} behind {}", step.key, waited.key);
                }
            }
        }
        for (at, thing) in old.iter().enumerate().filter(|(_, thing)| thing.present) {
            for to in spec::references(thing) {
                let (user, used) = (by_key.get(spec::name(at).as_str()), by_key.get(spec::name(to).as_str()));
                if let (Some(user), Some(used)) = (user, used)
                    && used.action == Action::Delete
                {
                    prop_assert!(reaches(used, user), "{} deleted behind {}", used.key, user.key);
                }
            }
        }
    }

    /// Insertion order means nothing: the same stack in another order gives the same bytes.
    #[test]
    fn insertion_order_does_not_matter((old, new) in spec::specs(8), shuffle in 1u64..) {
        let before = build(&old, 0);
        let (cloud, state) = first_apply(&before);
        let (one, other) = (build(&new, 0), build(&new, shuffle));
        let (estate, other_estate) = (cloud.estate(), cloud.estate());
        let (one_plan, other_plan) = (planned(&one, &estate, &state), planned(&other, &other_estate, &state));
        prop_assert_eq!(json(&one_plan), json(&other_plan));
        prop_assert_eq!(graph::to_dot(&one), graph::to_dot(&other));
    }

    /// No secret appears in any output.
    #[test]
    fn no_canary_in_any_output((old, new) in spec::specs(6)) {
        let (before, after) = (build(&old, 0), build(&new, 0));
        let (cloud, state) = first_apply(&before);
        let plan = planned(&after, &cloud.estate(), &state);
        let mut outputs = vec![
            report::to_text(&plan, &report::Options::default()),
            json(&plan),
            graph::to_dot(&after),
            format!("{plan:?}"),
            state.to_text().expect("a state is text"),
        ];
        for node in &after.nodes {
            for body in wire::lower_rest(node, &node.fields) {
                outputs.push(wire::render(&body.value, &wire::Arm::of(&after, node)).to_string());
            }
            for body in wire::lower_terraform(&after, node) {
                outputs.push(wire::render(&body.value, &wire::Terraform::new(&after)).to_string());
            }
        }
        for output in outputs {
            prop_assert!(!output.contains(CANARY), "{output}");
        }
    }
}

/// The canary test can fail: the secret really is in the stack that it searches.
#[test]
fn the_canary_is_planted() {
    let mut one = spec::ThingSpec { present: true, ..Default::default() };
    one.password = Some(0);
    let graph = build(&vec![one.clone()], 0);
    let plan_of = |graph: &Graph, state: &State, cloud: &Cloud| {
        planned(graph, &cloud.estate(), state).steps.len()
    };
    let (cloud, state) = first_apply(&graph);
    assert_eq!(plan_of(&graph, &state, &cloud), 0);
    one.password = Some(1);
    assert_eq!(
        plan_of(&build(&vec![one], 0), &state, &cloud),
        1,
        "another password is another hash"
    );
}
