//! Reading a cloud, whichever it is: what is asked for, how often, and that nothing is planned on half an answer.

use std::time::Duration;

use serde_json::{Value as Json, json};
use xat_infra::catalog;
use xat_infra::diagnostic::Diagnostic;
use xat_infra::graph::{self, Graph};
use xat_infra::live::{Estate, Fault, Limits, ReadError, Recording, Wants, model, read};
use xat_infra::plan::{self, Action, Options, Plan};
use xat_infra::report;
use xat_infra::schema::{Kind, Property, ResourceType};
use xat_infra::state::State;
use xat_stacks::{RECORDED_ESTATE, RECORDED_STATE, STACKS};
use xat_tests::scripted::{Noted, Scripted, short};

use crate::provocations::{built, grouped, vault};
use crate::scenarios;

fn types() -> Vec<&'static ResourceType> {
    catalog::types().iter().map(|registered| (registered.ty)()).collect()
}

fn reading(cloud: &Scripted, wants: Wants, clock: &Noted) -> Result<Recording, Vec<Diagnostic>> {
    read(cloud, wants, &Limits::default(), clock, &mut |_, _| {})
}

/// What reading a graph from a cloud finds.
fn found(cloud: &Scripted, graph: &Graph) -> Result<Recording, Vec<Diagnostic>> {
    reading(cloud, Wants::new(types()).stack(graph), &Noted::default())
}

fn production() -> Graph {
    graph::build((STACKS[0].build)()).expect("the stack builds")
}

fn state() -> State {
    State::from_text("state.json", RECORDED_STATE).expect("the state reads")
}

fn planned(estate: &Estate) -> Plan {
    plan::plan(&production(), estate, &state(), &Options::default()).expect("a plan")
}

/// The parts of a plan that do not name where it was read from.
fn told(mut plan: Plan) -> String {
    plan.live.clear();
    report::to_json(&plan, &report::Options::default()).expect("a plan is JSON")
}

/// What `diagnostics` provokes: one thing wrong with reading a vault.
pub(crate) fn provoke(fault: Fault, why: &str) -> Vec<Diagnostic> {
    let graph = built(vault(30));
    let id = &graph.nodes[graph.at("key_vault.demo-kv").expect("the vault") as usize].id;
    let cloud = Scripted::default().failing(id, &ReadError::new(fault, why), usize::from(u8::MAX));
    found(&cloud, &graph).err().expect("a reading that fails")
}

/// Everything that planning needs was asked for: with whatever the state owns, the plan is that of the recorded estate.
#[test]
fn a_plan_over_a_cloud_is_the_plan_over_its_recording() {
    let cloud = Scripted::recorded(RECORDED_ESTATE);
    let mut wants = Wants::new(types()).stack(&production());
    for owned in state().resources.values() {
        wants = wants.resource(&owned.id, "");
    }
    let estate =
        reading(&cloud, wants, &Noted::default()).unwrap().into_estate("scripted").unwrap();
    let recorded = Estate::from_text("estate.json", RECORDED_ESTATE).unwrap();
    assert_eq!(told(planned(&estate)), told(planned(&recorded)));
    assert_eq!(planned(&estate).live, "scripted");
    let asked = cloud.asked();
    let mut once = asked.clone();
    once.dedup();
    assert_eq!(asked, once, "nothing is asked for twice");
    // What the state owns and the stack dropped is deleted, so it must have been asked for.
    assert!(planned(&estate).steps.iter().any(|step| step.action == Action::Delete));
}

/// Bodies that carry the rest of a resource are asked for where the resource is there, and where they can be read back.
#[test]
fn parts_are_asked_for_where_something_can_be_read() {
    let graph = production();
    let all: Vec<Json> = model::applied(&graph)["resources"].as_array().unwrap().clone();
    let cloud = Scripted::holding(all);
    found(&cloud, &graph).unwrap();
    let asked = cloud.asked();
    let ends = |end: &str| asked.iter().filter(|id| id.ends_with(end)).count();
    assert_eq!(ends("/config/web"), 2, "mirrors of the application and its slot");
    assert_eq!(
        ends("/config/appsettings"),
        0,
        "settings are never returned, and need the right to read secrets"
    );
    assert!(ends("/privateDnsZoneGroups/default") > 0, "a part: {asked:#?}");
    let nothing = Scripted::default();
    found(&nothing, &graph).unwrap();
    assert!(!nothing.asked().iter().any(|id| id.ends_with("/config/web")));
}

#[test]
fn a_deleted_vault_is_found_among_the_deleted() {
    let graph = built(vault(30));
    let id = &graph.nodes[graph.at("key_vault.demo-kv").unwrap() as usize].id;
    let wire = "Microsoft.KeyVault/deletedVaults";
    let kept = |of: &str| {
        let mut body = short("/subscriptions/s/providers/x/deletedVaults/demo-kv", wire);
        body["properties"] = json!({"vaultId": of});
        body
    };
    let action = |cloud: &Scripted| {
        let estate = found(cloud, &graph).unwrap().into_estate("scripted").unwrap();
        let plan = plan::plan(&graph, &estate, &State::empty(), &Options::default()).unwrap();
        scenarios::step(&plan, "key_vault.demo-kv").action
    };
    assert_eq!(action(&Scripted::default().deleted(wire, &[kept(id)])), Action::Recover);
    let other = Scripted::default().deleted(wire, &[kept("/subscriptions/s/other")]);
    assert_eq!(action(&other), Action::Create, "another vault of that name");
    // One that is there is not looked for among the deleted.
    let there = Scripted::recorded(&model::applied(&graph).to_string());
    found(&there, &graph).unwrap();
    assert!(!there.asked().iter().any(|asked| asked.starts_with(wire)));
}

#[test]
fn pauses_are_those_that_the_cloud_asks_for_or_grow() {
    let (stack, _) = grouped();
    let graph = built(stack);
    let id = &graph.nodes[0].id;
    let busy = ReadError::new(Fault::Busy, "429");
    let asks = |seconds| ReadError { wait: Some(Duration::from_secs(seconds)), ..busy.clone() };
    let run = |error: &ReadError, times| {
        let cloud =
            Scripted::recorded(&model::applied(&graph).to_string()).failing(id, error, times);
        let clock = Noted::default();
        let outcome = reading(&cloud, Wants::new(types()).stack(&graph), &clock);
        (outcome.map(|recording| recording.len()), clock.pauses(), cloud.asked().len())
    };
    assert_eq!(run(&busy, 0), (Ok(1), vec![], 1));
    assert_eq!(run(&busy, 3), (Ok(1), vec![1.0, 2.0, 4.0], 4));
    assert_eq!(run(&asks(11), 2), (Ok(1), vec![11.0, 11.0], 3));
    assert_eq!(run(&asks(0), 2), (Ok(1), vec![1.0, 2.0], 3), "at once is not at all");
    let (outcome, pauses, asked) = run(&busy, 99);
    assert_eq!((pauses, asked), (vec![1.0, 2.0, 4.0, 8.0, 16.0], 6));
    assert!(outcome.unwrap_err()[0].message.contains("asked 6 times"));
    let (outcome, pauses, asked) = run(&asks(3600), 99);
    assert_eq!((pauses, asked), (vec![], 1), "nobody waits an hour");
    assert!(outcome.unwrap_err()[0].message.contains("3600 s"));
    // What will not get better is not asked for again.
    let (outcome, pauses, asked) = run(&ReadError::new(Fault::Refused, "400"), 1);
    assert!(outcome.is_err());
    assert_eq!((pauses, asked), (vec![], 1));
}

#[test]
fn each_failure_is_told_and_nothing_is_planned_around_it() {
    let graph = production();
    let ids: Vec<&str> = graph.nodes.iter().map(|node| node.id.as_str()).take(3).collect();
    let cloud = Scripted::recorded(RECORDED_ESTATE)
        .failing(ids[0], &ReadError::new(Fault::Forbidden, "403"), 9)
        .failing(ids[1], &ReadError::new(Fault::Refused, "400"), 9);
    let problems = found(&cloud, &graph).err().expect("a reading that fails");
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes.len(), 2, "{problems:#?}");
    assert!(codes.contains(&"live-forbidden") && codes.contains(&"live-unreadable"));
    assert!(problems.iter().all(|problem| problem.spot().is_some()));
    assert!(cloud.asked().len() >= graph.nodes.len(), "the others were read all the same");
}

/// Where nobody is let in, one question is enough to know.
#[test]
fn nobody_asks_on_where_nobody_is_let_in() {
    let graph = production();
    for (fault, code) in
        [(Fault::Unauthenticated, "live-unauthenticated"), (Fault::Unreachable, "live-unreachable")]
    {
        let mut cloud = Scripted::default();
        for node in &graph.nodes {
            cloud = cloud.failing(&node.id, &ReadError::new(fault, "no"), 9);
        }
        let problems = found(&cloud, &graph).err().expect("a reading that fails");
        assert_eq!(problems.iter().map(|p| p.code).collect::<Vec<_>>(), [code]);
        assert!(cloud.asked().len() <= Limits::default().parallel, "{}", cloud.asked().len());
    }
}

#[test]
fn several_are_asked_at_once_and_no_more_than_allowed() {
    let graph = production();
    for parallel in [1, 3] {
        let mut cloud = Scripted::recorded(RECORDED_ESTATE);
        cloud.delay = Duration::from_millis(10);
        let limits = Limits { parallel, ..Limits::default() };
        let mut seen = Vec::new();
        let wants = Wants::new(types()).stack(&graph);
        read(&cloud, wants, &limits, &Noted::default(), &mut |done, total| {
            seen.push((done, total))
        })
        .unwrap();
        assert_eq!(cloud.most_at_once(), parallel);
        assert_eq!(seen.len(), cloud.asked().len(), "progress is told of each");
        assert!(seen.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1));
    }
}

#[test]
fn a_group_is_read_with_all_that_it_holds() {
    let group = "/subscriptions/s/resourceGroups/g";
    let vault = format!("{group}/providers/Microsoft.KeyVault/vaults/v");
    let odd = format!("{group}/providers/Microsoft.Odd/things/o");
    let mut whole = short(&vault, "Microsoft.KeyVault/vaults");
    whole["properties"] = json!({"sku": {"name": "standard"}});
    let listed = [short(&vault, "Microsoft.KeyVault/vaults"), short(&odd, "Microsoft.Odd/things")];
    let secret = short(&format!("{vault}/secrets/s"), "Microsoft.KeyVault/vaults/secrets");
    let cloud = Scripted::holding([whole, secret.clone()]).group(group, &listed);
    let wants = || Wants::new(types()).group(group).group(&group.to_ascii_uppercase());
    let text = reading(&cloud, wants(), &Noted::default()).unwrap().to_text(None);
    let json: Json = serde_json::from_str(&text).unwrap();
    let by_id =
        |id: &str| json["resources"].as_array().unwrap().iter().find(|body| body["id"] == id);
    assert_eq!(by_id(&vault).unwrap()["properties"]["sku"]["name"], "standard", "read whole");
    assert_eq!(by_id(&odd), Some(&listed[1]), "no type models it: as the list has it");
    assert_eq!(
        by_id(secret["id"].as_str().unwrap()),
        Some(&secret),
        "a child, which the list does not have"
    );
    let asked = cloud.asked();
    assert_eq!(asked[..2], [format!("{group}/*"), vault.clone()]);
    assert!(asked.contains(&format!("{vault}/secrets/*")), "{asked:?}");
    // One that a stack declares is not searched for children that nobody asked for.
    let alone = Wants::new(types()).resource(&vault, "Microsoft.KeyVault/vaults");
    reading(&cloud, alone, &Noted::default()).unwrap();
    assert_eq!(cloud.asked().iter().filter(|id| id.ends_with("/secrets/*")).count(), 1);
    // A group that is not there is a mistake, not an empty group.
    let problems = reading(&Scripted::default(), wants(), &Noted::default()).err().unwrap();
    assert_eq!(problems[0].code, "live-unreadable");
}

/// A body that calls itself otherwise, or nothing, is found under the ID by which it was asked for.
#[test]
fn a_body_is_found_under_the_id_that_was_asked_for() {
    let (stack, _) = grouped();
    let graph = built(stack);
    for says in [json!("/another/id"), Json::Null] {
        let id = &graph.nodes[0].id;
        let mut body = short(id, "Microsoft.Resources/resourceGroups");
        body["id"] = says;
        let source = Scripted::default().with(id, body);
        let estate = found(&source, &graph).unwrap().into_estate("scripted").unwrap();
        assert!(estate.has(id));
        assert_eq!(estate.len(), 1);
    }
}

#[test]
fn a_recording_is_the_same_bytes_whatever_came_first() {
    let graph = production();
    let text = |parallel| {
        let mut cloud = Scripted::recorded(RECORDED_ESTATE);
        cloud.delay = Duration::from_millis(1);
        let limits = Limits { parallel, ..Limits::default() };
        let wants = Wants::new(types()).stack(&graph);
        let recording = read(&cloud, wants, &limits, &Noted::default(), &mut |_, _| {}).unwrap();
        recording.to_text(Some("2026-01-02"))
    };
    let once = text(1);
    assert_eq!(once, text(8));
    assert!(
        once.starts_with("{\n  \"format\": \"xat-estate/1\",\n  \"recorded\": \"2026-01-02\",\n")
    );
    let again = Recording::of(&Estate::from_text("estate.json", once.clone()).unwrap()).unwrap();
    assert_eq!(again.to_text(Some("2026-01-02")), once, "recording a recording changes nothing");
}

/// The body of an entry of an estate, if it has this ID: itself, or what an asset holds.
fn own_body<'e>(entry: &'e mut Json, id: &str) -> Option<&'e mut Json> {
    if entry["assetType"].is_string() {
        return (entry["name"] == *id).then(|| &mut entry["resource"]["data"]);
    }
    (entry["id"] == *id).then_some(entry)
}

/// Every path that a type says is secret or never returned is taken out of the body that has it; every other one stays.
#[test]
fn no_canary_survives_and_nothing_that_is_compared_is_lost() {
    const CANARY: &str = "canary-in-a-live-body";
    let mut planted = 0;
    for ty in types() {
        let mut stack = xat_tests::examples::stack();
        let reference =
            (catalog::types().iter().find(|t| std::ptr::eq((t.ty)(), ty)).unwrap().example)(
                &mut stack,
            );
        let graph = built(stack);
        let node = graph.node(reference).unwrap();
        let mut bodies = model::applied(&graph);
        let there = Estate::as_applied(&graph).unwrap();
        let places = plan::places(&graph, &there, &State::empty()).unwrap();
        let id = places.live(&node.id);
        let list = bodies["resources"].as_array_mut().unwrap();
        let mut clean = list.clone();
        let body = list.iter_mut().find_map(|entry| own_body(entry, id)).unwrap();
        for path in secret_paths(ty.props, &[]) {
            planted += plant(body, &path, &mut |at| *at = CANARY.into());
            // What a service never returns is in no body of its own making.
            let own = clean.iter_mut().find_map(|entry| own_body(entry, id)).unwrap();
            plant(own, &path, &mut |at| *at = Json::Null);
        }
        let before = Estate::from_text("before", json!({"resources": clean}).to_string()).unwrap();
        let plan = |estate: &Estate| {
            told(plan::plan(&graph, estate, &State::empty(), &Options::default()).unwrap())
        };
        // Not every service says the type in every body.
        for nameless in [false, true] {
            if nameless {
                for body in bodies["resources"].as_array_mut().unwrap() {
                    body.as_object_mut().unwrap().remove("type");
                }
            }
            let dirty = Estate::from_text("dirty", bodies.to_string()).unwrap();
            let mut recording = Recording::of(&dirty).unwrap();
            recording.scrub(&types());
            let text = recording.to_text(None);
            assert!(!text.contains(CANARY), "{}: {text}", ty.slug);
            let after = recording.into_estate("after").unwrap();
            assert_eq!(plan(&after), plan(&before), "{}", ty.slug);
        }
    }
    assert!(planted > 1, "something was planted");
}

/// The paths in a type's own body that are secret or never returned.
fn secret_paths(props: &'static [Property], above: &[&'static str]) -> Vec<Vec<&'static str>> {
    let mut out = Vec::new();
    for property in props {
        let Some(wire) = property.wire.filter(|wire| wire.part.is_none() && !wire.path.is_empty())
        else {
            continue;
        };
        let path = [above, wire.path].concat();
        match property.kind {
            _ if property.write_only => out.push(path),
            Kind::Secret => out.push(path),
            kind => {
                let block = kind.block().map_or(&[][..], |block| block.props);
                out.extend(secret_paths(block, &path));
            }
        }
    }
    out
}

/// Puts something at a path, in every element of the lists on the way, and says at how many places. What would hold it must
/// be there.
fn plant(body: &mut Json, path: &[&str], put: &mut dyn FnMut(&mut Json)) -> usize {
    match (path, body) {
        (_, Json::Array(list)) => list.iter_mut().map(|element| plant(element, path, put)).sum(),
        ([leaf], Json::Object(map)) => {
            put(map.entry(*leaf).or_insert(Json::Null));
            1
        }
        ([key, rest @ ..], Json::Object(map)) => {
            map.get_mut(*key).map_or(0, |below| plant(below, rest, put))
        }
        _ => 0,
    }
}
