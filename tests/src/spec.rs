//! Random stacks: what to declare, as plain data that proptest can shrink and print.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use xat_infra::azure::prelude::*;
use xat_infra::gcp::GoogleScope as _;
use xat_infra::value::{NodeRef, Text};

use crate::parcel::Parcel;
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
    /// Whether it is a parcel, on Google Cloud, which has a size, a SKU, a password, notes and labels, and no more.
    pub google: bool,
}

/// Things, by index.
pub type Spec = Vec<ThingSpec>;

/// Up to `most` things, all on Azure.
pub fn spec(most: usize) -> impl Strategy<Value = Spec> {
    mixed(most).prop_map(|spec| {
        fix(spec.into_iter().map(|thing| ThingSpec { google: false, ..thing }).collect())
    })
}

/// Up to `most` things of both clouds.
pub fn mixed(most: usize) -> impl Strategy<Value = Spec> {
    vec(thing(), 1..=most).prop_map(fix)
}

/// A spec of both clouds, and what became of it.
pub fn specs(most: usize) -> impl Strategy<Value = (Spec, Spec)> {
    vec((thing(), thing(), 0u8..3), 1..=most).prop_map(|pairs| {
        // Two thirds of the things stay nearly as they are: one field changes at most.
        let old: Spec = pairs.iter().map(|(old, _, _)| old.clone()).collect();
        let new = pairs
            .into_iter()
            .map(|(old, other, kind)| match kind {
                0 => ThingSpec { google: old.google, ..other },
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
        (prop::bool::weighted(0.85), prop::bool::weighted(0.3)),
    )
        .prop_map(
            |(
                (size, sku, token_of),
                (labels, peers, anchor),
                (rules, public, password),
                (settings, tags, after),
                (present, google),
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
                    google,
                }
            },
        )
}

/// Keeps only references to earlier things that are declared, and of a parcel only what it has.
fn fix(mut spec: Spec) -> Spec {
    let known: Vec<(bool, bool)> = spec.iter().map(|thing| (thing.present, thing.google)).collect();
    for (at, thing) in spec.iter_mut().enumerate() {
        if thing.google {
            *thing = ThingSpec {
                size: thing.size,
                sku: thing.sku,
                token_of: thing.token_of,
                password: thing.password,
                tags: std::mem::take(&mut thing.tags),
                after: std::mem::take(&mut thing.after),
                present: thing.present,
                google: true,
                ..ThingSpec::default()
            };
        }
        let good = |to: &usize| *to < at && known[*to].0;
        // These name a resource of the same type.
        let thing_there = |to: &usize| good(to) && !known[*to].1;
        thing.token_of = thing.token_of.filter(good);
        thing.anchor = thing.anchor.filter(thing_there);
        thing.peers.retain(thing_there);
        thing.after.retain(good);
        for list in [&mut thing.peers, &mut thing.after] {
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
        .project("random-project")
        .tag("stack", "random");
    let mut waiting: Vec<usize> = (0..spec.len()).filter(|at| spec[*at].present).collect();
    let group = stack.add(ResourceGroup::new(name!("random-rg"), Region::WestEurope));
    let mut handles: BTreeMap<usize, Made> = BTreeMap::new();
    let mut seed = shuffle;
    while !waiting.is_empty() {
        let ready: Vec<usize> = (0..waiting.len())
            .filter(|at| references(&spec[waiting[*at]]).iter().all(|to| handles.contains_key(to)))
            .collect();
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let pick = if shuffle == 0 { 0 } else { (seed >> 33) as usize % ready.len() };
        let index = waiting.remove(ready[pick]);
        let made = match &spec[index] {
            thing if thing.google => Made::Parcel(stack.add(parcel(thing, index, &handles))),
            thing => Made::Thing(stack.add(build(thing, index, group, &handles))),
        };
        handles.insert(index, made);
    }
    stack
}

/// What was declared for a spec.
#[derive(Clone, Copy)]
enum Made {
    Thing(Handle<Thing>),
    Parcel(Handle<Parcel>),
}

impl Made {
    fn note(self) -> Text {
        match self {
            Made::Thing(thing) => text!("token is {}", thing.token()),
            Made::Parcel(parcel) => text!("token is {}", parcel.token()),
        }
    }

    fn node(self) -> NodeRef {
        match self {
            Made::Thing(thing) => thing.into(),
            Made::Parcel(parcel) => parcel.into(),
        }
    }
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
    handles: &BTreeMap<usize, Made>,
) -> Thing {
    let same = |at: &usize| match handles[at] {
        Made::Thing(thing) => thing,
        Made::Parcel(_) => unreachable!("a spec that was not mended"),
    };
    let mut thing = Thing::new(Name::new(name(index)), group).public_access(spec.public);
    if let Some(size) = spec.size {
        thing = thing.size(size);
    }
    if let Some(sku) = spec.sku {
        thing = thing.sku(format!("Sku{sku}"));
    }
    if let Some(of) = spec.token_of {
        thing = thing.notes(handles[&of].note());
    }
    for label in &spec.labels {
        thing = thing.label(format!("label-{label}"));
    }
    for peer in &spec.peers {
        thing = thing.peer(same(peer));
    }
    if let Some(anchor) = &spec.anchor {
        thing = thing.anchor(same(anchor));
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
        thing = thing.depends_on(handles[after].node());
    }
    thing
}

fn parcel(spec: &ThingSpec, index: usize, handles: &BTreeMap<usize, Made>) -> Parcel {
    let mut parcel = Parcel::new(Name::new(name(index)));
    if let Some(size) = spec.size {
        parcel = parcel.size(size);
    }
    if let Some(sku) = spec.sku {
        parcel = parcel.sku(format!("Sku{sku}"));
    }
    if let Some(of) = spec.token_of {
        parcel = parcel.notes(handles[&of].note());
    }
    if let Some(password) = spec.password {
        parcel = parcel.password(Secret::new(format!("{CANARY}-{password}")));
    }
    for (key, value) in &spec.tags {
        parcel = parcel.label(format!("t{key}"), format!("value-{value}"));
    }
    for after in &spec.after {
        parcel = parcel.depends_on(handles[after].node());
    }
    parcel
}
