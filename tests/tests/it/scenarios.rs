//! The planner's promises one by one: a small estate, one change, and what the plan makes of it. Here: names,
//! leave, and what becomes of a whole resource.

use serde_json::{Value as Json, json};
use xat_infra::azure::Retention;
use xat_infra::azure::prelude::*;
use xat_infra::graph::{self, Graph};
use xat_infra::live::{Estate, model};
use xat_infra::plan::{self, Action, Change, Options, Plan, Step};
use xat_infra::schema::Danger;
use xat_infra::state::{Salt, State};
use xat_tests::thing::Thing;

/// A stack of one group and what `build` adds.
pub(crate) fn graph(build: impl FnOnce(&mut Stack, Handle<ResourceGroup>)) -> Graph {
    let mut stack = Stack::new("demo")
        .subscription("5a1e0000-0000-4000-8000-000000000001")
        .tenant("5a1e0000-0000-4000-8000-000000000002");
    let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    build(&mut stack, group);
    graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The estate and the state after an apply.
pub(crate) fn applied(graph: &Graph) -> (Estate, State) {
    let estate = Estate::as_applied(graph).expect("the model reads");
    let state = plan::record(graph, &estate, Salt::new("salt"), 1);
    (estate, state)
}

pub(crate) fn planned(graph: &Graph, estate: &Estate, state: &State) -> Plan {
    plan::plan(graph, estate, state, &Options::default())
        .unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// What the plan from one graph to another is.
pub(crate) fn from_to(before: &Graph, after: &Graph) -> Plan {
    let (estate, state) = applied(before);
    // Whatever comes of the change, it comes of the change: before it there is nothing to do.
    let still = planned(before, &estate, &state);
    assert!(still.steps.is_empty(), "{:#?}", still.steps);
    planned(after, &estate, &state)
}

/// The live bodies of a graph with one of them changed behind the stack's back.
pub(crate) fn touched(graph: &Graph, address: &str, touch: impl FnOnce(&mut Json)) -> Estate {
    let mut bodies = model::applied(graph);
    let id = &graph.nodes[graph.at(address).expect("the resource") as usize].id;
    let list = bodies["resources"].as_array_mut().expect("bodies");
    touch(list.iter_mut().find(|body| body["id"] == **id).expect("its body"));
    Estate::from_text("estate.json", bodies.to_string()).expect("the estate reads")
}

pub(crate) fn step<'p>(plan: &'p Plan, address: &str) -> &'p Step {
    let found = plan.steps.iter().find(|step| step.address == address);
    found.unwrap_or_else(|| panic!("no step for {address}: {:#?}", plan.steps))
}

/// The only step of a plan.
pub(crate) fn only(plan: &Plan) -> &Step {
    let [step] = plan.steps.as_slice() else { panic!("one step: {:#?}", plan.steps) };
    step
}

pub(crate) fn actions(plan: &Plan) -> Vec<(&str, Action)> {
    plan.steps.iter().map(|step| (step.address.as_str(), step.action)).collect()
}

/// Path, value before, value after.
pub(crate) fn shown(change: &Change) -> (&str, Option<&str>, Option<&str>) {
    (
        &change.path,
        change.before.as_ref().map(|shown| shown.text.as_str()),
        change.after.as_ref().map(|shown| shown.text.as_str()),
    )
}

#[test]
fn a_new_key_moves_and_a_new_name_replaces() {
    let before = graph(|stack, group| {
        stack.add(Thing::new(name!("old"), group));
    });
    let rekeyed = graph(|stack, group| {
        stack.add(Thing::new(name!("old"), group).key("new").was("old"));
    });
    let plan = from_to(&before, &rekeyed);
    let moved = only(&plan);
    assert_eq!((moved.action, moved.danger), (Action::Move, Danger::None));
    assert_eq!(moved.moved_from.as_deref(), Some("thing.old"));
    assert!(!plan.steps[0].action.touches_cloud());

    let renamed = graph(|stack, group| {
        stack.add(Thing::new(name!("new"), group).was("old"));
    });
    let plan = from_to(&before, &renamed);
    let replaced = only(&plan);
    assert_eq!((replaced.action, replaced.danger), (Action::Replace, Danger::Downtime));
    assert_eq!(shown(&replaced.changes[0]), ("name", Some("old"), Some("new")));
    assert!(replaced.changes[0].forces_replacement);

    // Without a word of the old name it is one thing less and another more.
    let other = graph(|stack, group| {
        stack.add(Thing::new(name!("new"), group));
    });
    let plan = from_to(&before, &other);
    let expected = [("thing.new", Action::Create), ("thing.old", Action::Delete)];
    assert_eq!(actions(&plan), expected);
}

#[test]
fn a_move_and_a_change_are_one_step() {
    let before = graph(|stack, group| {
        stack.add(Thing::new(name!("old"), group).size(2));
    });
    let after = graph(|stack, group| {
        stack.component("apart", |stack| {
            stack.add(Thing::new(name!("old"), group).size(3).was("thing.old"))
        });
    });
    let plan = from_to(&before, &after);
    let step = only(&plan);
    assert_eq!((step.address.as_str(), step.action), ("apart/thing.old", Action::Update));
    assert_eq!(step.moved_from.as_deref(), Some("thing.old"));
    assert_eq!(shown(&step.changes[0]), ("size", Some("2"), Some("3")));
}

#[test]
fn the_new_one_comes_first_where_the_stack_says_so() {
    let before = graph(|stack, group| {
        stack.add(Thing::new(name!("old"), group).sku("small").create_before_destroy());
    });
    let after = graph(|stack, group| {
        let thing = Thing::new(name!("new"), group).sku("big").was("old");
        stack.add(thing.create_before_destroy());
    });
    let plan = from_to(&before, &after);
    let step = only(&plan);
    assert_eq!(step.action, Action::ReplaceCreateFirst);
    assert_eq!(step.danger, Danger::None, "nothing is down in between");
}

#[test]
fn what_is_protected_is_neither_replaced_nor_deleted() {
    let thing = |sku: &'static str, protected: bool| {
        graph(move |stack, group| {
            let thing = Thing::new(name!("first"), group).sku(sku);
            stack.add(if protected { thing.protect() } else { thing });
        })
    };
    let code = |plan: &Plan| only(plan).refused.as_ref().map(|refused| refused.code);
    let refused = Some("refused-protected");
    assert_eq!(code(&from_to(&thing("a", true), &thing("b", true))), refused);
    assert_eq!(code(&from_to(&thing("a", true), &thing("b", false))), refused);
    assert_eq!(code(&from_to(&thing("a", true), &graph(|_, _| {}))), refused);
    assert_eq!(code(&from_to(&thing("a", false), &thing("b", false))), None);
    assert_eq!(code(&from_to(&thing("a", false), &graph(|_, _| {}))), None);
}

fn vault(days: u16, leave: Option<DataLoss>) -> Graph {
    graph(move |stack, group| {
        let vault = KeyVault::new(name!("demo-kv"), group);
        let vault = vault.soft_delete_retention(Retention::days(days));
        stack.add(match leave {
            Some(leave) => vault.allow_replace(leave),
            None => vault,
        });
    })
}

#[test]
fn data_is_lost_only_with_leave_that_names_it() {
    let before = vault(30, None);
    let plan = from_to(&before, &vault(40, None));
    let step = only(&plan);
    assert_eq!((step.action, step.danger), (Action::Replace, Danger::DataLoss));
    assert_eq!(step.refused.as_ref().map(|r| r.code), Some("refused-data-loss"));
    assert_eq!(plan.summary().refused, 1);

    // Leave for another resource is no leave.
    let other = DataLoss::of("other-kv", "nobody uses it");
    assert!(only(&from_to(&before, &vault(40, Some(other)))).refused.is_some());

    let plan = from_to(&before, &vault(40, Some(DataLoss::of("demo-kv", "nobody uses it"))));
    let step = only(&plan);
    assert_eq!((step.action, step.danger), (Action::Replace, Danger::DataLoss));
    assert!(step.refused.is_none(), "{:?}", step.refused);
    assert!(step.because.iter().any(|why| why.contains("nobody uses it")), "{:?}", step.because);
}

#[test]
fn data_is_deleted_only_with_leave_and_may_be_forgotten() {
    let before = vault(30, None);
    let plan = from_to(&before, &graph(|_, _| {}));
    assert_eq!(only(&plan).refused.as_ref().map(|r| r.code), Some("refused-data-loss"));

    let allowed = graph(|stack, _| stack.allow_delete(DataLoss::of("demo-kv", "it was a trial")));
    let plan = from_to(&before, &allowed);
    let step = only(&plan);
    assert_eq!((step.action, step.danger), (Action::Delete, Danger::DataLoss));
    assert!(step.refused.is_none());
    assert!(step.because.iter().any(|why| why.contains("it was a trial")), "{:?}", step.because);

    let forgotten = graph(|stack, _| stack.forget("key_vault.demo-kv"));
    let plan = from_to(&before, &forgotten);
    let step = only(&plan);
    assert_eq!((step.action, step.danger), (Action::Forget, Danger::None));
    assert!(!step.action.touches_cloud() && step.refused.is_none());
}

#[test]
fn what_someone_deleted_is_made_again_and_a_gone_one_forgotten() {
    let one = graph(|stack, group| {
        stack.add(Thing::new(name!("first"), group));
    });
    let none = graph(|_, _| {});
    let (_, state) = applied(&one);
    let (estate, _) = applied(&none);
    let plan = planned(&one, &estate, &state);
    assert_eq!(only(&plan).action, Action::Create);
    assert!(only(&plan).because.iter().any(|why| why.contains("someone deleted it")));
    assert_eq!(only(&planned(&none, &estate, &state)).action, Action::Forget);
}

#[test]
fn a_deleted_vault_is_taken_back() {
    let graph = vault(30, None);
    let vault = &graph.nodes[graph.at("key_vault.demo-kv").expect("the vault") as usize];
    let mut bodies = model::applied(&graph);
    let list = bodies["resources"].as_array_mut().expect("bodies");
    list.retain(|body| body["id"] != *vault.id);
    let gone = |list: &[Json], of: &str| {
        let mut list = list.to_vec();
        list.push(json!({
            "id": "/subscriptions/s/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/demo-kv",
            "type": "Microsoft.KeyVault/deletedVaults",
            "properties": {"vaultId": of},
        }));
        Estate::from_text("estate.json", json!(list).to_string()).expect("the estate reads")
    };
    let plan = planned(&graph, &gone(list, &vault.id.to_uppercase()), &State::empty());
    let step = step(&plan, "key_vault.demo-kv");
    assert_eq!(step.action, Action::Recover);
    assert!(step.because.iter().any(|why| why.contains("still keeps it")), "{:?}", step.because);
    // Another vault among the deleted is another matter.
    let plan = planned(&graph, &gone(list, "/subscriptions/s/x/other-kv"), &State::empty());
    assert_eq!(plan.steps.last().map(|step| step.action), Some(Action::Create));
}

#[test]
fn an_ignored_property_is_set_once_and_left_alone() {
    let thing = |size: u32, ignored: bool| {
        graph(move |stack, group| {
            let thing = Thing::new(name!("first"), group).size(size);
            stack.add(if ignored { thing.ignore(Thing::SIZE) } else { thing });
        })
    };
    let before = thing(2, true);
    let (_, state) = applied(&before);
    let scaled = touched(&before, "thing.first", |body| body["properties"]["size"] = json!(9));
    assert!(planned(&before, &scaled, &state).steps.is_empty());
    assert_eq!(only(&planned(&thing(2, false), &scaled, &state)).action, Action::Update);
    // On creation it is there.
    let plan = planned(&before, &Estate::empty(), &State::empty());
    assert!(step(&plan, "thing.first").changes.iter().any(|change| change.path == "size"));
    // And dropped from the stack it does not go back to anything.
    let dropped = graph(|stack, group| {
        stack.add(Thing::new(name!("first"), group).ignore(Thing::SIZE));
    });
    assert!(planned(&dropped, &scaled, &state).steps.is_empty());
}
