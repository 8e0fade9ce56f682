//! Drift in single cases: resources that come and go, raw bodies, older states, and what a person sees.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use xat_infra::azure::prelude::*;
use xat_infra::graph::{self, Graph};
use xat_infra::live::Estate;
use xat_infra::plan::{Cause, Drift, Presence};
use xat_infra::report;
use xat_infra::state::State;
use xat_stacks::STACKS;
use xat_tests::spec::{Spec, ThingSpec};

use crate::drift::{between, build, drift, estate_of, leaves, live, recorded};
use crate::snapshots;

/// Resources that came and went.
#[test]
fn whole_resources_drift() {
    let thing = |present: bool| ThingSpec { present, ..ThingSpec::default() };
    let (none, one, two) = (
        vec![thing(false), thing(false)],
        vec![thing(true), thing(false)],
        vec![thing(true), thing(true)],
    );
    let told = |drift: &Drift| -> Vec<(String, Presence, Cause)> {
        let both = drift.from_applied.iter().chain(&drift.from_declared);
        both.map(|found| (found.key.clone(), found.presence, found.cause)).collect()
    };
    let key = |key: &str| key.to_owned();
    assert_eq!(
        told(&between(&two, &one, &two)),
        [
            (key("thing-1"), Presence::Gone, Cause::ByHand),
            (key("thing-1"), Presence::Missing, Cause::ByHand)
        ],
        "somebody deleted it"
    );
    assert_eq!(
        told(&between(&one, &two, &two)),
        [(key("thing-1"), Presence::Appeared, Cause::ByHand)],
        "somebody made what is declared"
    );
    assert_eq!(
        told(&between(&one, &one, &two)),
        [(key("thing-1"), Presence::Missing, Cause::NotApplied)],
        "the stack says more"
    );
    assert_eq!(
        told(&between(&two, &two, &one)),
        [(key("thing-1"), Presence::Undeclared, Cause::NotApplied)],
        "the stack says less"
    );
    assert_eq!(
        told(&between(&two, &one, &one)),
        [(key("thing-1"), Presence::Gone, Cause::Both)],
        "dropped in both"
    );
    let unknown = drift(&build(&two), &live(&two), &State::empty());
    assert!(unknown.from_applied.is_empty() && unknown.applied == 0, "{unknown:#?}");
    assert!(!between(&none, &none, &none).is_any());
}

/// What is said of the REST body itself drifts leaf by leaf.
#[test]
fn raw_bodies_drift_leaf_by_leaf() {
    let graph = |size: i64, name: &'static str| {
        let mut stack = Stack::new("raw").subscription("5a1e0000-0000-4000-8000-000000000001");
        let group = stack.add(ResourceGroup::new(name!("raw-rg"), Region::WestEurope));
        let body = json!({"location": "global", "properties": {"size": size, "name.full": name}});
        stack.add(RawArm::new(
            "Microsoft.Cdn/profiles",
            "2024-02-01",
            name!("cdn"),
            group,
            RawBody::new(body),
        ));
        let vault = KeyVault::new(name!("raw-kv"), group)
            .raw("properties.extra", json!({"level": name, "size": size}));
        stack.add(vault.tenant("5a1e0000-0000-4000-8000-000000000002"));
        graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"))
    };
    let applied = graph(1, "a");
    let state = recorded(&applied, &estate_of(&applied));
    let found = |declared: &Graph, there: &Graph| -> Vec<(String, Cause)> {
        let drift = drift(declared, &estate_of(there), &state);
        let leaves = drift.from_applied.iter().flat_map(|found| &found.leaves);
        leaves.map(|leaf| (leaf.path.clone(), leaf.cause)).collect()
    };
    let size =
        |cause| ["properties.extra.size", "properties.size"].map(|path| (path.to_owned(), cause));
    assert_eq!(found(&applied, &applied), []);
    assert_eq!(found(&applied, &graph(2, "a")), size(Cause::ByHand));
    assert_eq!(
        found(&graph(1, "b"), &graph(2, "a")),
        size(Cause::ByHand),
        "the stack changed another leaf"
    );
    assert_eq!(found(&graph(2, "a"), &graph(2, "a")), size(Cause::Both), "both, and alike");
    assert_eq!(found(&graph(2, "b"), &applied), [], "only the stack changed");
}

/// A state from before lists were recorded leaf by leaf still tells what it can.
#[test]
fn an_older_state_still_tells() {
    let rules = |priority: u32| {
        let rules = [(0u8, (true, priority)), (1, (false, 2))].into();
        vec![ThingSpec { present: true, size: Some(2), rules, ..ThingSpec::default() }]
    };
    let mut state = recorded(&build(&rules(1)), &live(&rules(1)));
    for owned in state.resources.values_mut() {
        owned.fields.retain(|path, _| !path.contains('['));
    }
    let found = |declared: &Spec, there: &Spec| {
        leaves(&drift(&build(declared), &live(there), &state).from_applied)
    };
    let priority = BTreeMap::from([("rules[rule-0].priority".to_owned(), Cause::ByHand)]);
    assert_eq!(found(&rules(1), &rules(3)), priority);
    // Whether somebody changed a list that the stack changed too is not on record; nothing is claimed.
    assert_eq!(found(&rules(2), &rules(1)), BTreeMap::new());
}

/// The drift of every stack that ships, as a person and as a machine sees it.
#[test]
fn every_stack_has_a_picture() {
    for entry in STACKS {
        let graph = graph::build((entry.build)()).unwrap_or_else(|p| panic!("{p:#?}"));
        let estate = entry
            .estate
            .map_or_else(Estate::empty, |e| Estate::from_text(e.name, e.text).expect("it reads"));
        let state = entry
            .state
            .map_or_else(State::empty, |s| State::from_text(s.name, s.text).expect("it reads"));
        let drift = drift(&graph, &estate, &state);
        snapshots::check(
            entry.name,
            "drift.text",
            &report::drift_to_text(&drift, &report::Options::default()),
        );
        snapshots::check(
            entry.name,
            "drift.json",
            &report::drift_to_json(&drift).expect("it is JSON"),
        );
    }
}

/// No line is wider than asked for, and colours add escapes and nothing else.
#[test]
fn the_text_fits() {
    let spec = |size: u32| {
        let tags = [(0, 1), (1, 1)].into();
        vec![ThingSpec {
            present: true,
            size: Some(size),
            tags,
            settings: [(0, 1)].into(),
            ..ThingSpec::default()
        }]
    };
    let drift = between(&spec(1), &spec(2), &spec(3));
    for width in 40..=120 {
        let plain = report::Options { width, ..report::Options::default() };
        let text = report::drift_to_text(&drift, &plain);
        for line in text.lines() {
            assert!(line.chars().count() <= width, "{width}: {line}");
            assert_eq!(line.trim_end(), line);
        }
        let toned = report::drift_to_text(&drift, &report::Options { colour: true, ..plain });
        assert!(toned.contains('\x1b') && !text.contains('\x1b'));
    }
    let json: Json =
        serde_json::from_str(&report::drift_to_json(&drift).expect("JSON")).expect("JSON");
    assert_eq!(json["from_applied"][0]["changes"][0]["cause"], "both");
}
