//! Emitted scripts that are killed at any instant, and run again until they are done: the end is that of a run that nobody
//! disturbed, with nothing twice and nothing left over.

#![cfg(unix)]

use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use xat_infra::azure::prelude::*;
use xat_infra::graph::{self, Graph};
use xat_infra::live::Estate;
use xat_infra::state::State;
use xat_tests::spec::CANARY;

use crate::emit_steps_google::{ENV, built, emit, is_as_declared, shop};
use crate::emit_steps_laid::all_data;
use crate::steps_place::{Place, planned, text};

/// How many lives there are at most, and for how long new ones begin.
const SEEDS: u64 = 24;
const ENOUGH: Duration = Duration::from_secs(30);
/// How often one life is ended.
const KILLS: u32 = 5;

/// Numbers that look random and are the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most.max(1)
    }
}

/// Runs a script until it is done or its time is over; then it and whatever it started is gone at once. Whether it was done.
fn run_for(
    place: &Place,
    script: &str,
    args: &[&str],
    env: &[(&str, &str)],
    time: Duration,
) -> bool {
    let mut command = place.command(script, args, env);
    let mut child =
        command.process_group(0).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let started = Instant::now();
    while started.elapsed() < time {
        if let Some(status) = child.try_wait().unwrap() {
            return status.success();
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let group = format!("-{}", child.id());
    let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
    child.wait().unwrap();
    false
}

/// Kills the scripts of a graph many times over; `end` is what is there at the end.
fn ends_alike(graph: &Graph, env: &[(&str, &str)], end: &dyn Fn(&Place) -> Json) {
    let Some(calm) = Place::new(graph) else { return };
    let plan = planned(graph, &Estate::empty(), &State::empty());
    emit(&calm, graph, &plan);
    let started = Instant::now();
    let done = calm.run("apply.sh", &[], env);
    assert!(done.status.success(), "{}", text(&done));
    let (whole, expected) = (started.elapsed(), end(&calm));
    assert!(expected.as_object().is_some_and(|things| things.len() > 2), "{expected}");
    let began = Instant::now();
    let (mut lives, mut killed) = (0, 0);
    for seed in 1..=SEEDS {
        if began.elapsed() > ENOUGH {
            break;
        }
        lives += 1;
        let mut chance = Chance(seed);
        let place = Place::new(graph).unwrap();
        emit(&place, graph, &plan);
        for _ in 0..KILLS {
            let time = chance.below(u64::try_from(whole.as_micros()).unwrap() / 2);
            if run_for(&place, "apply.sh", &[], env, Duration::from_micros(time)) {
                break;
            }
            killed += 1;
        }
        let done = place.run("apply.sh", &[], env);
        assert!(done.status.success(), "seed {seed}: {}", text(&done));
        assert_eq!(end(&place), expected, "seed {seed}");
        is_as_declared(&place, graph);
    }
    eprintln!("{lives} lives, ended {killed} times");
    assert!(lives >= 1 && killed > 0);
    is_taken_away(&calm, graph, env);
}

/// Kills `destroy.sh` many times over; at the end nothing is left that it deletes.
fn is_taken_away(full: &Place, graph: &Graph, env: &[(&str, &str)]) {
    let args = all_data(full, graph);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let plan = planned(graph, &Estate::empty(), &State::empty());
    let life = |seed: u64, time: Duration| {
        let place = Place::new(graph).unwrap();
        emit(&place, graph, &plan);
        for name in ["estate.json", "google.json"] {
            if full.path(name).exists() {
                std::fs::copy(full.path(name), place.path(name)).unwrap();
            }
        }
        unprotect(&place);
        let mut chance = Chance(seed);
        let mut killed = 0;
        for _ in 0..if time.is_zero() { 0 } else { KILLS } {
            let time = chance.below(u64::try_from(time.as_micros()).unwrap() / 2);
            if run_for(&place, "destroy.sh", &args, env, Duration::from_micros(time)) {
                break;
            }
            killed += 1;
        }
        let started = Instant::now();
        let done = place.run("destroy.sh", &args, env);
        assert!(done.status.success(), "seed {seed}: {}", text(&done));
        let things = |json: Json| json.as_object().map_or(0, serde_json::Map::len);
        let left = (json!(place.bodies()), place.google()["things"].clone());
        let count = things(left.0.clone()) + things(left.1.clone());
        (killed, started.elapsed(), left, count)
    };
    let before =
        full.bodies().len() + full.google()["things"].as_object().map_or(0, serde_json::Map::len);
    let (_, whole, left, count) = life(0, Duration::ZERO);
    assert!(before > 2 * count, "{before} became {count}: {left:?}");
    let (began, mut killed, mut lives) = (Instant::now(), 0, 0);
    for seed in 1..=SEEDS {
        if began.elapsed() > ENOUGH {
            break;
        }
        let (times, _, end, _) = life(seed, whole);
        lives += 1;
        killed += times;
        assert_eq!(end, left, "seed {seed}");
    }
    eprintln!("{lives} lives of destroy.sh, ended {killed} times");
    assert!(lives >= 1 && killed > 0);
}

/// What protects itself is deleted by nobody.
fn unprotect(place: &Place) {
    let text = place.google().to_string();
    let open =
        text.replace("\"deletionProtectionEnabled\":true", "\"deletionProtectionEnabled\":false");
    if open != text {
        std::fs::write(place.path("google.json"), open).unwrap();
    }
}

#[test]
fn google_ends_alike() {
    let graph = built(shop());
    ends_alike(&graph, ENV, &|place| {
        let google = place.google();
        let mut things = google["things"].as_object().unwrap().clone();
        for thing in things.values_mut() {
            // What counts writes is another number after a write more.
            for path in ["/fingerprint", "/labelFingerprint", "/etag", "/settings/settingsVersion"]
            {
                if let Some(counter) = thing.pointer_mut(path) {
                    *counter = Json::Null;
                }
            }
        }
        for (key, policy) in google["policies"].as_object().unwrap() {
            things.insert(format!("policy of {key}"), policy["bindings"].clone());
        }
        Json::Object(things)
    });
}

#[test]
fn azure_ends_alike() {
    let mut stack = Stack::new("shop")
        .subscription("5a1e0000-0000-4000-8000-000000000001")
        .tenant("5a1e0000-0000-4000-8000-000000000002");
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    stack.add(VirtualNetwork::new(name!("shop-vnet"), group, cidr!("10.0.0.0/16")));
    let vault = stack.add(KeyVault::new(name!("shop-kv"), group));
    stack.add(VaultSecret::new(name!("key"), vault, Secret::supplied("key")));
    let graph = graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"));
    ends_alike(&graph, &[("XAT_SECRET_KEY", CANARY)], &|place| json!(place.bodies()));
}
