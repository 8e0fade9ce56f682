//! Random stacks: what to declare, as plain data that proptest can shrink and print.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use xat_infra::azure::prelude::*;
use xat_infra::value::Text;

use crate::thing::{Effect, Rule, Thing};

/// Text that must never appear anywhere.
pub const CANARY: &str = "CANARY-7f3a9";

/// One thing to declare. References are indices of earlier things.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ThingSpec {
    /// A number that can change in place.
    pub size: Option<u32>,
    /// A word that cannot.
    pub sku: Option<u8>,
    /// Whose token its notes hold.
    pub token_of: Option<usize>,
    /// Words in any order.
    pub labels: Vec<u8>,
    /// Other things.
    pub peers: Vec<usize>,
    /// Another thing, for good.
    pub anchor: Option<usize>,
    /// Rules by name: allow or deny, priority.
    pub rules: BTreeMap<u8, (bool, u32)>,
    /// Whether the world may see it.
    pub public: bool,
    /// Which password.
    pub password: Option<u8>,
    /// Settings.
    pub settings: BTreeMap<u8, u8>,
    /// Tags.
    pub tags: BTreeMap<u8, u8>,
    /// Ordered after these.
    pub after: Vec<usize>,
    /// Whether it is declared at all.
    pub present: bool,
}

/// Things, by index.
pub type Spec = Vec<ThingSpec>;

/// Up to `most` things.
pub fn spec(most: usize) -> impl Strategy<Value = Spec> {
    vec(thing(), 1..=most).prop_map(fix)
}

/// A spec, and what became of it.
pub fn specs(most: usize) -> impl Strategy<Value = (Spec, Spec)> {
    vec((thing(), thing(), 0u8..3), 1..=most).prop_map(|pairs| {
        // Two thirds of the things stay nearly as they are: one field changes at most.
        let old: Spec = pairs.iter().map(|(old, _, _)| old.clone()).collect();
        let new = pairs
            .into_iter()
            .map(|(old, other, kind)| match kind {
                0 => other,
                1 => old,
                _ => ThingSpec { size: other.size, tags: other.tags, ..old },
            })
            .collect();
        (fix(old), fix(new))
    })
}

fn thing() -> impl Strategy<Value = ThingSpec> {
    let index = 0usize..8;
    (
        (
            proptest::option::of(1u32..4),
            proptest::option::of(0u8..3),
            proptest::option::of(index.clone()),
        ),
        (
            vec(0u8..4, 0..3),
            vec(index.clone(), 0..3),
            proptest::option::weighted(0.3, index.clone()),
        ),
        (
            btree_map(0u8..3, (any::<bool>(), 1u32..4), 0..3),
            any::<bool>(),
            proptest::option::of(0u8..2),
        ),
        (btree_map(0u8..3, 0u8..3, 0..3), btree_map(0u8..3, 0u8..3, 0..3), btree_set(index, 0..2)),
        prop::bool::weighted(0.85),
    )
        .prop_map(
            |(
                (size, sku, token_of),
                (labels, peers, anchor),
                (rules, public, password),
                (settings, tags, after),
                present,
            )| {
                let mut labels = labels;
                labels.sort_unstable();
                labels.dedup();
                let after = after.into_iter().collect();
                ThingSpec {
                    size,
                    sku,
                    token_of,
                    labels,
                    peers,
                    anchor,
                    rules,
                    public,
                    password,
                    settings,
                    tags,
                    after,
                    present,
                }
            },
        )
}

/// Keeps only references to earlier things that are declared.
fn fix(mut spec: Spec) -> Spec {
    let present: Vec<bool> = spec.iter().map(|thing| thing.present).collect();
    for (at, thing) in spec.iter_mut().enumerate() {
        let good = |to: &usize| *to < at && present[*to];
        thing.token_of = thing.token_of.filter(good);
        thing.anchor = thing.anchor.filter(good);
        for list in [&mut thing.peers, &mut thing.after] {
            list.retain(good);
            list.sort_unstable();
            list.dedup();
        }
    }
    spec
}

/// The name of a thing.
pub fn name(index: usize) -> String {
    format!("thing-{index}")
}

/// The stack of a spec. `shuffle` picks one of the insertion orders that mean the same.
pub fn stack(spec: &Spec, shuffle: u64) -> Stack {
    let mut stack = Stack::new("random")
        .subscription("5a1e0000-0000-4000-8000-000000000001")
        .tag("stack", "random");
    let mut waiting: Vec<usize> = (0..spec.len()).filter(|at| spec[*at].present).collect();
    let group = stack.add(ResourceGroup::new(name!("random-rg"), Region::WestEurope));
    let mut handles: BTreeMap<usize, Handle<Thing>> = BTreeMap::new();
    let mut seed = shuffle;
    while !waiting.is_empty() {
        let ready: Vec<usize> = (0..waiting.len())
            .filter(|at| references(&spec[waiting[*at]]).iter().all(|to| handles.contains_key(to)))
            .collect();
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let pick = if shuffle == 0 { 0 } else { (seed >> 33) as usize % ready.len() };
        let index = waiting.remove(ready[pick]);
        let thing = build(&spec[index], index, group, &handles);
        handles.insert(index, stack.add(thing));
    }
    stack
}

/// What a thing refers to.
pub fn references(thing: &ThingSpec) -> Vec<usize> {
    let mut out = thing.peers.clone();
    out.extend(&thing.after);
    out.extend(thing.token_of);
    out.extend(thing.anchor);
    out.sort_unstable();
    out.dedup();
    out
}

fn build(
    spec: &ThingSpec,
    index: usize,
    group: Handle<ResourceGroup>,
    handles: &BTreeMap<usize, Handle<Thing>>,
) -> Thing {
    let mut thing = Thing::new(Name::new(name(index)), group).public_access(spec.public);
    if let Some(size) = spec.size {
        thing = thing.size(size);
    }
    if let Some(sku) = spec.sku {
        thing = thing.sku(format!("Sku{sku}"));
    }
    if let Some(of) = spec.token_of {
        thing = thing.notes(text!("token is {}", handles[&of].token()));
    }
    for label in &spec.labels {
        thing = thing.label(format!("label-{label}"));
    }
    for peer in &spec.peers {
        thing = thing.peer(handles[peer]);
    }
    if let Some(anchor) = spec.anchor {
        thing = thing.anchor(handles[&anchor]);
    }
    for (name, (allow, priority)) in &spec.rules {
        let effect = if *allow { Effect::Allow } else { Effect::Deny };
        thing = thing.rule(Rule::new(format!("rule-{name}"), effect).priority(*priority));
    }
    if let Some(password) = spec.password {
        thing = thing.password(Secret::new(format!("{CANARY}-{password}")));
    }
    for (key, value) in &spec.settings {
        thing = thing.setting(format!("S{key}"), Text::from(format!("value-{value}")));
    }
    for (key, value) in &spec.tags {
        thing = thing.tag(format!("t{key}"), format!("value-{value}"));
    }
    for after in &spec.after {
        thing = thing.depends_on(handles[after]);
    }
    thing
}
