//! Drift: what changed since the last apply and what is not as declared, apart; over random stacks and over every type.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use xat_infra::catalog::types;
use xat_infra::graph::{self, Graph};
use xat_infra::live::{Estate, model};
use xat_infra::plan::{self, Cause, Drift};
use xat_infra::state::{Salt, State};
use xat_infra::value::{Fields, Value, from_json};
use xat_infra::{report, wire};
use xat_tests::cloud::Cloud;
use xat_tests::conformance::{mutate, pair::touches};
use xat_tests::spec::{self, CANARY, Spec, ThingSpec};

pub(crate) fn build(spec: &Spec) -> Graph {
    graph::build(spec::stack(spec, 0)).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The cloud as an apply of this spec leaves it.
pub(crate) fn live(spec: &Spec) -> Estate {
    let graph = build(spec);
    let plan = plan::plan(&graph, &Estate::empty(), &State::empty(), &Default::default());
    let mut cloud = Cloud::default();
    cloud.apply(&plan.unwrap_or_else(|p| panic!("{p:#?}")), &graph, &State::empty());
    cloud.estate()
}

pub(crate) fn recorded(graph: &Graph, estate: &Estate) -> State {
    plan::record(graph, estate, Salt::new("salt"), 3)
}

pub(crate) fn drift(declared: &Graph, estate: &Estate, state: &State) -> Drift {
    plan::drift(declared, estate, state, false).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The drift where one spec was applied, another is live and a third is declared.
pub(crate) fn between(applied: &Spec, there: &Spec, declared: &Spec) -> Drift {
    let state = recorded(&build(applied), &live(applied));
    drift(&build(declared), &live(there), &state)
}

/// The paths and causes of one list, of things alone.
pub(crate) fn leaves(found: &[plan::Drifted]) -> BTreeMap<String, Cause> {
    let things = found.iter().filter(|found| found.address.starts_with("thing."));
    things.flat_map(|thing| &thing.leaves).map(|leaf| (leaf.path.clone(), leaf.cause)).collect()
}

/// A thing that refers to nothing, so that what differs can be told from its spec alone.
fn lone() -> impl Strategy<Value = ThingSpec> {
    spec::spec(1).prop_map(|mut spec| {
        let mut thing = spec.remove(0);
        thing.present = true;
        thing.sku = thing.sku.map(|sku| sku % 2);
        thing
    })
}

/// What a spec says, leaf by leaf: what is owned once it was applied, and can be read.
fn said(thing: &ThingSpec) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut say = |path: String, value: String| out.insert(path, value);
    if let Some(size) = thing.size {
        say("size".into(), size.to_string());
    }
    if let Some(sku) = thing.sku {
        say("sku".into(), sku.to_string());
    }
    if !thing.labels.is_empty() {
        say("labels".into(), format!("{:?}", thing.labels));
    }
    for (name, (allow, priority)) in &thing.rules {
        say(format!("rules[rule-{name}].effect"), allow.to_string());
        say(format!("rules[rule-{name}].priority"), priority.to_string());
    }
    say("public_access".into(), thing.public.to_string());
    for (key, value) in &thing.tags {
        say(format!("tags.t{key}"), value.to_string());
    }
    out
}

/// The paths at which what was applied is not what is live: a list too simple to be wrong.
fn changed(applied: &ThingSpec, there: &ThingSpec) -> BTreeSet<String> {
    let mut seen = said(there);
    // The service says this by itself.
    seen.entry("size".into()).or_insert_with(|| "1".into());
    let mut out = BTreeSet::new();
    for (path, value) in said(applied) {
        let element = path.split_once("].").map(|(element, _)| format!("{element}]"));
        match element.filter(|element| !seen.keys().any(|path| path.starts_with(element.as_str())))
        {
            Some(gone) => out.insert(gone),
            None if seen.get(&path) != Some(&value) => out.insert(path),
            None => false,
        };
    }
    let added = there.rules.keys().filter(|name| !applied.rules.contains_key(name));
    if !applied.rules.is_empty() {
        out.extend(added.map(|name| format!("rules[rule-{name}]")));
    }
    out
}

/// Whether what two specs say differs at a path, or inside it.
fn says_otherwise(one: &ThingSpec, other: &ThingSpec, path: &str) -> bool {
    let (one, other) = (said(one), said(other));
    let inside =
        |key: &&String| key.strip_prefix(path).is_some_and(|r| r.is_empty() || r.starts_with('.'));
    one.keys().chain(other.keys()).filter(inside).any(|key| one.get(key) != other.get(key))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// What was just applied has not drifted, whatever spellings the service answers with.
    #[test]
    fn what_was_applied_has_not_drifted(spec in spec::spec(6)) {
        let drift = between(&spec, &spec, &spec);
        prop_assert!(!drift.is_any(), "{drift:#?}");
    }

    /// Three ways: what was changed by hand is exactly what differs between the apply and the cloud, whatever the stack
    /// says by now; and each leaf says whether the stack changed it too.
    #[test]
    fn by_hand_is_what_differs_from_the_apply(applied in lone(), there in lone(), declared in lone()) {
        // Another SKU is another thing in the cloud; changes in place are the point here.
        let there = ThingSpec { sku: applied.sku, ..there };
        let drift = between(&vec![applied.clone()], &vec![there.clone()], &vec![declared.clone()]);
        let found = leaves(&drift.from_applied);
        prop_assert_eq!(found.keys().cloned().collect::<BTreeSet<_>>(), changed(&applied, &there), "{:#?}", drift);
        for (path, cause) in &found {
            let both = says_otherwise(&applied, &declared, path);
            prop_assert_eq!(*cause, if both { Cause::Both } else { Cause::ByHand }, "{} in {:#?}", path, drift);
        }
        for (path, cause) in &leaves(&drift.from_declared) {
            let by_hand = found.keys().any(|found| found.starts_with(path.as_str()) || path.starts_with(found.as_str()));
            prop_assert_eq!(*cause != Cause::NotApplied, by_hand, "{} in {:#?}", path, drift);
        }
    }

    /// A stack that was edited and not applied: nothing was changed by hand, and all that is not as declared says so.
    #[test]
    fn an_edited_stack_is_not_applied_yet(applied in lone(), declared in lone()) {
        let drift = between(&vec![applied.clone()], &vec![applied.clone()], &vec![declared.clone()]);
        prop_assert!(drift.from_applied.is_empty(), "{:#?}", drift.from_applied);
        let found = leaves(&drift.from_declared);
        prop_assert!(found.values().all(|cause| *cause == Cause::NotApplied), "{found:#?}");
        for path in changed(&declared, &applied) {
            prop_assert!(found.contains_key(&path), "{path} is missing from {found:#?}");
        }
    }

    /// No secret appears in any drift.
    #[test]
    fn no_canary_in_a_drift((applied, declared) in spec::specs(5)) {
        let drift = between(&applied, &applied, &declared);
        let outputs = [
            report::drift_to_text(&drift, &report::Options::default()),
            report::drift_to_json(&drift).expect("a drift is JSON"),
            format!("{drift:?}"),
        ];
        for output in outputs {
            prop_assert!(!output.contains(CANARY), "{output}");
        }
    }
}

/// Over every type of the catalogue: each declared leaf, changed in the cloud, is found there and nothing else is; changed
/// in the stack, it is not applied yet and nothing was changed by hand.
#[test]
fn every_leaf_of_every_type_drifts_alone() {
    let (mut by_hand, mut in_stack) = (0, 0);
    for registered in types() {
        let mut stack = xat_tests::examples::stack();
        let at = (registered.example)(&mut stack);
        let whole = graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let Some(node) = whole.node(at) else { panic!("an example is in its stack") };
        let ty = node.ty;
        let (fields, id) = (read_back(&whole, node), node.id.clone());
        let one = |fields| {
            let mut one = Graph::of_one(ty, &id, fields);
            one.nodes[0].wire = node.wire.clone();
            one
        };
        let original = one(fields.clone());
        let estate = estate_of(&original);
        let state = recorded(&original, &estate);
        let quiet = drift(&original, &estate, &state);
        assert!(!quiet.is_any(), "{}: {quiet:#?}", ty.slug);
        for (path, changed) in mutate::each(ty, &fields) {
            let edited = one(changed);
            let told = |drift: &Drift| format!("{} {path}: {drift:#?}", ty.slug);
            let other = estate_of(&edited);
            let found = drift(&original, &other, &state);
            let paths: Vec<&str> = paths(&found.from_applied);
            let is_shown = paths.iter().all(|found| touches(found, &path));
            assert!(is_shown, "{}", told(&found));
            // What the service does not return cannot be seen to change.
            by_hand += usize::from(!paths.is_empty());
            let hidden = found.unseen.iter().any(|unseen| !unseen.labels.is_empty());
            assert!(
                !paths.is_empty() || hidden || is_constant(&estate, &other, &id),
                "{}",
                told(&found)
            );
            let found = drift(&edited, &estate, &state);
            assert!(found.from_applied.is_empty(), "{}", told(&found));
            let leaves = found.from_declared.iter().flat_map(|found| &found.leaves);
            assert!(leaves.clone().all(|leaf| leaf.cause == Cause::NotApplied), "{}", told(&found));
            in_stack += leaves.count();
        }
    }
    assert!(by_hand > 150 && in_stack > 150, "{by_hand} by hand, {in_stack} in the stack");
}

fn paths(found: &[plan::Drifted]) -> Vec<&str> {
    found.iter().flat_map(|found| &found.leaves).map(|leaf| leaf.path.as_str()).collect()
}

/// What an example's bodies say, references as IDs: as a stack that was read from them would declare it.
fn read_back(graph: &Graph, node: &graph::Node) -> Fields {
    let bodies: Vec<(String, Value)> = model::bodies(graph, node)
        .iter()
        .map(|found| (found.id.clone(), from_json(&found.body)))
        .collect();
    let below = |suffix: &str| {
        let id = format!("{}/{suffix}", node.id);
        bodies.iter().find(|(other, _)| other.eq_ignore_ascii_case(&id)).map(|(_, body)| body)
    };
    let raised = wire::raise(node.ty, &bodies[0].1, &below).0;
    // Several properties may stand at one path of the body, and a stack declares one of them.
    let mut fields = Fields::new();
    for field in raised.iter().filter(|field| node.fields.get(field.prop).is_some()) {
        fields.set(field.prop, field.value.clone(), None);
    }
    fields
}

pub(crate) fn estate_of(graph: &Graph) -> Estate {
    let text = model::applied(graph).to_string();
    Estate::from_text("model.json", text).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// Whether the change reaches no body: what is written nowhere cannot drift.
fn is_constant(one: &Estate, other: &Estate, id: &str) -> bool {
    let body = |estate: &Estate| estate.text(id).map(str::to_owned);
    body(one) == body(other)
}
