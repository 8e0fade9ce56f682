//! The emitted scripts, run by a real bash against an `az` that keeps a cloud in a folder.
//!
//! Without bash or jq on the machine these tests say that they were skipped.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Map, Value as Json, json};
use xat_infra::emit::{File, steps};
use xat_infra::graph::{self, Graph};
use xat_infra::live::{Estate, model};
use xat_infra::plan::{self, Action, Plan};
use xat_infra::state::{Salt, State};
use xat_tests::spec::CANARY;

/// A cloud in a folder, and a place for scripts.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new(graph: &Graph) -> Option<Self> {
        for tool in ["bash", "jq"] {
            if Command::new(tool).arg("--version").output().is_err() {
                eprintln!("skipped: no {tool} on this machine");
                return None;
            }
        }
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("bin")).unwrap();
        std::fs::copy(env!("CARGO_BIN_EXE_fake-az"), folder.path().join("bin/az")).unwrap();
        let place = Self { folder };
        let mut bodies = Map::new();
        for body in model::applied(graph)["resources"].as_array().unwrap() {
            bodies.insert(body["id"].as_str().unwrap().to_ascii_lowercase(), body.clone());
        }
        std::fs::write(place.path("model.json"), Json::Object(bodies).to_string()).unwrap();
        Some(place)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, files: &[File]) {
        for file in files {
            std::fs::write(self.path(&file.name), &file.text).unwrap();
        }
    }

    fn run(&self, script: &str, args: &[&str], env: &[(&str, &str)]) -> Output {
        let paths = std::env::var_os("PATH").unwrap_or_default();
        let bin = self.path("bin");
        let paths = std::env::join_paths(std::iter::once(bin).chain(std::env::split_paths(&paths)));
        Command::new("bash")
            .arg(self.path(script))
            .args(args)
            .env("PATH", paths.unwrap())
            .env("FAKE_ARM", self.folder.path())
            .env("XAT_PAUSE_SECONDS", "0")
            .envs(env.iter().copied())
            .output()
            .unwrap()
    }

    fn bodies(&self) -> Map<String, Json> {
        let text =
            std::fs::read_to_string(self.path("estate.json")).unwrap_or_else(|_| "{}".into());
        serde_json::from_str(&text).unwrap()
    }

    fn estate(&self) -> Estate {
        let bodies: Vec<Json> = self.bodies().into_iter().map(|(_, body)| body).collect();
        let text = json!({"format": "xat-estate/1", "resources": bodies}).to_string();
        Estate::from_text("the folder", text).unwrap()
    }
}

fn stack() -> Graph {
    let stack = (xat_stacks::STACKS[0].build)();
    graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn planned(graph: &Graph, estate: &Estate, state: &State) -> Plan {
    plan::plan(graph, estate, state, &plan::Options::default()).unwrap()
}

fn secrets(graph: &Graph, plan: &Plan) -> Vec<String> {
    let files = steps::emit(graph, plan, &steps::Options::default()).unwrap();
    let json: Json = serde_json::from_str(&files[0].text).unwrap();
    json["secrets"].as_array().unwrap().iter().map(|s| s.as_str().unwrap().to_owned()).collect()
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn file(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

#[test]
fn an_empty_subscription_becomes_the_estate() {
    let graph = stack();
    let Some(place) = Place::new(&graph) else { return };
    let plan = planned(&graph, &Estate::empty(), &State::empty());
    place.put(&steps::emit(&graph, &plan, &steps::Options::default()).unwrap());
    let names = secrets(&graph, &plan);

    // Without its secrets it begins nothing.
    let refused = place.run("apply.sh", &[], &[]);
    assert!(!refused.status.success() && text(&refused).contains(&names[0]), "{}", text(&refused));
    assert!(place.bodies().is_empty());

    let env: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), CANARY)).collect();
    // A run that is stopped in the middle is taken up again.
    let mut failing = env.clone();
    failing.push(("FAKE_FAIL", "flexibleservers"));
    let stopped = place.run("apply.sh", &[], &failing);
    assert!(!stopped.status.success(), "{}", text(&stopped));
    let made = place.bodies().len();
    assert!(made > 0);
    let done = place.run("apply.sh", &[], &env);
    assert!(done.status.success(), "{}", text(&done));
    assert!(place.bodies().len() > made);

    // What is there is what was declared.
    let after = planned(&graph, &place.estate(), &State::empty());
    let odd: Vec<_> = after.steps.iter().filter(|step| step.action != Action::Adopt).collect();
    assert!(odd.is_empty(), "{odd:#?}");
    // The secret went to the cloud, and nowhere else.
    assert!(file(&place.path("estate.json")).contains(CANARY));
    assert!(!file(&place.path("argv.log")).contains(CANARY));
    assert!(!text(&done).contains(CANARY) && !text(&stopped).contains(CANARY));

    // A second run does nothing; without the journal it writes the same again.
    let before = place.bodies();
    let again = place.run("apply.sh", &[], &env);
    assert!(again.status.success() && text(&again).contains("done before"), "{}", text(&again));
    assert_eq!(place.bodies(), before);
    std::fs::remove_file(place.path("apply.journal")).unwrap();
    let anew = place.run("apply.sh", &[], &env);
    assert!(anew.status.success(), "{}", text(&anew));
    assert_eq!(place.bodies(), before);

    // Deleting keeps what holds data until it is named.
    let gone = place.run("destroy.sh", &[], &[]);
    assert!(gone.status.success(), "{}", text(&gone));
    let kept: Vec<String> = place.bodies().keys().cloned().collect();
    let holds =
        |id: &str| graph.nodes.iter().any(|n| n.ty.holds_data && n.id.eq_ignore_ascii_case(id));
    assert!(!kept.is_empty() && text(&gone).contains("holds data"));
    assert!(kept.iter().any(|id| holds(id)), "{kept:?}");
}

#[test]
fn a_step_can_be_named_and_unknown_words_are_refused() {
    let graph = stack();
    let Some(place) = Place::new(&graph) else { return };
    let plan = planned(&graph, &Estate::empty(), &State::empty());
    place.put(&steps::emit(&graph, &plan, &steps::Options::default()).unwrap());
    let listed = place.run("apply.sh", &["--list"], &[]);
    assert_eq!(text(&listed).lines().count(), plan.steps.len());
    let names = secrets(&graph, &plan);
    let env: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), CANARY)).collect();
    for args in [&["--form", "x"][..], &["--from", "step_999"][..], &["--from"][..]] {
        let refused = place.run("apply.sh", args, &env);
        assert!(!refused.status.success(), "{args:?}: {}", text(&refused));
        assert!(place.bodies().is_empty(), "{args:?}");
    }
    // Beginning in the middle begins there: what holds the second step's resource is not there yet.
    let second = format!("step_{:03}", plan.steps[1].id);
    let early = place.run("apply.sh", &["--from", &second], &env);
    assert!(!early.status.success() && text(&early).contains("which holds it"), "{}", text(&early));
}

#[test]
fn an_update_keeps_what_the_stack_does_not_manage() {
    let graph = stack();
    let Some(place) = Place::new(&graph) else { return };
    let mut bodies = Map::new();
    let state = {
        let estate = Estate::as_applied(&graph).unwrap();
        plan::record(&graph, &estate, Salt::new("salt"), 1)
    };
    for body in model::applied(&graph)["resources"].as_array().unwrap() {
        let mut body = body.clone();
        if body["type"] == "Microsoft.Network/virtualNetworks" {
            body["properties"]["addressSpace"]["addressPrefixes"] = json!(["10.99.0.0/16"]);
            body["properties"]["ddosProtectionPlan"] = json!({"id": "someone's"});
            body["properties"]["subnets"] = json!([{"name": "theirs"}]);
        }
        bodies.insert(body["id"].as_str().unwrap().to_ascii_lowercase(), body);
    }
    std::fs::write(place.path("estate.json"), Json::Object(bodies).to_string()).unwrap();
    let plan = planned(&graph, &place.estate(), &state);
    assert_eq!(plan.steps.len(), 1);
    assert_eq!(plan.steps[0].action, Action::Update);
    place.put(&steps::emit(&graph, &plan, &steps::Options::default()).unwrap());
    let done = place.run("apply.sh", &[], &[]);
    assert!(done.status.success(), "{}", text(&done));
    let net = place.bodies().into_iter().find(|(id, _)| id.ends_with("virtualnetworks/xat-vnet"));
    let (_, net) = net.unwrap();
    assert_eq!(net["properties"]["addressSpace"]["addressPrefixes"], json!(["10.20.0.0/16"]));
    assert_eq!(net["properties"]["ddosProtectionPlan"]["id"], "someone's");
    assert_eq!(net["properties"]["subnets"][0]["name"], "theirs");
    assert!(planned(&graph, &place.estate(), &state).steps.is_empty());
}
