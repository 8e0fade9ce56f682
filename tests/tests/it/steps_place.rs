//! A place in which emitted scripts run: a folder with a cloud in it, and doubles of the programs that they call.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Map, Value as Json, json};
use xat_infra::emit::{File, steps};
use xat_infra::graph::{Graph, Node};
use xat_infra::live::{Estate, model};
use xat_infra::plan::{self, Plan};
use xat_infra::state::State;
use xat_infra::value::{Piece, Value, from_json, to_json_lossy};

/// A cloud in a folder, and a place for scripts.
pub(crate) struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new(graph: &Graph) -> Option<Self> {
        for tool in ["bash", "jq"] {
            if Command::new(tool).arg("--version").output().is_err() {
                eprintln!("skipped: no {tool} on this machine");
                return None;
            }
        }
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("bin")).unwrap();
        std::fs::copy(env!("CARGO_BIN_EXE_fake-az"), folder.path().join("bin/az")).unwrap();
        for program in ["gcloud", "curl"] {
            let at = folder.path().join("bin").join(program);
            std::fs::copy(env!("CARGO_BIN_EXE_fake-google"), at).unwrap();
        }
        let place = Self { folder };
        place.model(graph);
        Some(place)
    }

    /// Makes the services add of their own what they add to the resources of this graph.
    pub(crate) fn model(&self, graph: &Graph) {
        let place = self;
        let mut bodies = Map::new();
        for body in model::applied(graph)["resources"].as_array().unwrap() {
            // Google's stand under full names.
            if let Some(id) = body["id"].as_str() {
                bodies.insert(id.to_ascii_lowercase(), body.clone());
            }
        }
        let google: Map<String, Json> = graph
            .nodes
            .iter()
            .filter(|node| node.ty.element_of.is_none())
            .filter_map(|node| Some((key(node)?, model::bodies(graph, node).swap_remove(0).body)))
            .collect();
        let google = Json::Object(google);
        std::fs::write(place.path("model.json"), Json::Object(bodies).to_string()).unwrap();
        std::fs::write(place.path("google-model.json"), google.to_string()).unwrap();
        let kept = graph.nodes.iter().filter(|node| node.ty.undeletable);
        let kept: Map<String, Json> =
            kept.map(|node| (node.id.to_ascii_lowercase(), Json::Null)).collect();
        std::fs::write(place.path("undeletable.json"), Json::Object(kept).to_string()).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn put(&self, files: &[File]) {
        for file in files {
            std::fs::write(self.path(&file.name), &file.text).unwrap();
        }
    }

    pub(crate) fn command(&self, script: &str, args: &[&str], env: &[(&str, &str)]) -> Command {
        let paths = std::env::var_os("PATH").unwrap_or_default();
        let bin = self.path("bin");
        let paths = std::env::join_paths(std::iter::once(bin).chain(std::env::split_paths(&paths)));
        let mut command = Command::new("bash");
        command
            .arg(self.path(script))
            .args(args)
            .env("PATH", paths.unwrap())
            .env("FAKE_ARM", self.folder.path())
            .env("XAT_PAUSE_SECONDS", "0")
            .envs(env.iter().copied());
        command
    }

    pub(crate) fn run(&self, script: &str, args: &[&str], env: &[(&str, &str)]) -> Output {
        self.command(script, args, env).output().unwrap()
    }

    pub(crate) fn bodies(&self) -> Map<String, Json> {
        let text =
            std::fs::read_to_string(self.path("estate.json")).unwrap_or_else(|_| "{}".into());
        serde_json::from_str(&text).unwrap()
    }

    /// What is there of Google's, by service and path.
    pub(crate) fn google(&self) -> Json {
        let text =
            std::fs::read_to_string(self.path("google.json")).unwrap_or_else(|_| "{}".into());
        serde_json::from_str(&text).unwrap()
    }

    pub(crate) fn estate(&self, graph: &Graph) -> Estate {
        let mut bodies: Vec<Json> = self.bodies().into_iter().map(|(_, body)| body).collect();
        let google = self.google();
        let things = google["things"].as_object().cloned().unwrap_or_default();
        for node in &graph.nodes {
            let Some(key) = key(node) else { continue };
            let mut id = node.id.clone();
            let found = match node.ty.element_of {
                Some(element) => {
                    let (holder, name) = key.split_once("/iamPolicy/").unwrap();
                    let policy = from_json(&google["policies"][holder]);
                    // What a live output says stands in the policy in place of it.
                    let members = (element.split)(&policy);
                    let plain = |value: &Value| {
                        to_json_lossy(value, &|text| text.literal().unwrap_or_default().into())
                    };
                    let resolved = self.member(graph, node);
                    members
                        .iter()
                        .find(|(known, _)| known == name || Some(known) == resolved.as_ref())
                        .map(|(_, body)| plain(body))
                }
                None => {
                    let (collection, _) = key.rsplit_once('/').unwrap();
                    let secret = collection.strip_suffix("/versions");
                    let newest = || {
                        let below = format!("{collection}/");
                        let of = things.iter().filter(|(key, _)| key.starts_with(&below));
                        of.max_by_key(|(key, _)| key[below.len()..].parse::<u64>().unwrap_or(0))
                            .map(|(_, body)| body)
                    };
                    match (secret, node.numbered()) {
                        (Some(_), _) => newest(),
                        (_, Some(numbered)) => {
                            let below = format!("{collection}/");
                            let is = |key: &str, body: &Json| {
                                key.starts_with(&below) && body["displayName"] == *numbered.value
                            };
                            let found = things.iter().find(|(key, body)| is(key, body));
                            // Under the number that the service gave it.
                            id = found.map_or(id, |(key, _)| format!("//{key}"));
                            found.map(|(_, body)| body)
                        }
                        _ => things.get(&key),
                    }
                    .filter(|body| body["state"] != "DELETED" && body["state"] != "DESTROYED")
                    .cloned()
                }
            };
            if let Some(body) = found {
                bodies.push(
                    json!({"name": id, "assetType": &*node.wire, "resource": {"data": body}}),
                );
            }
        }
        let text = json!({"format": "xat-estate/1", "resources": bodies}).to_string();
        Estate::from_text("the folder", text).unwrap()
    }

    /// The name of a member whose text has outputs in it that only the cloud knows.
    fn member(&self, graph: &Graph, node: &Node) -> Option<String> {
        let named = |property: &str| node.fields.named(node.ty.props, property);
        let things = self.google();
        let mut member = String::new();
        for piece in named("member")?.as_text()?.parts() {
            match piece {
                Piece::Literal(text) => member.push_str(text),
                Piece::Output(output) => {
                    let of = graph.node(output.node)?;
                    let live = &things["things"][key(of)?.as_str()];
                    let known = of.known(output.output).map(str::to_owned);
                    let read = || {
                        output
                            .output
                            .wire
                            .iter()
                            .try_fold(live, |at, key| at.get(*key))?
                            .as_str()
                            .map(str::to_owned)
                    };
                    member.push_str(&known.or_else(read)?);
                }
            }
        }
        Some(format!("{}/{member}", named("role")?.as_str()?))
    }
}

/// Where the double keeps a resource: service, and path without the version.
pub(crate) fn key(node: &Node) -> Option<String> {
    let requests = node.ty.provider.requests.as_ref()?;
    let api = (requests.api)(&node.wire, &node.api)?;
    let service = api.strip_prefix("https://")?.split('/').next()?;
    Some(format!("{service}/{}", (requests.path)(&node.id)))
}

pub(crate) fn planned(graph: &Graph, estate: &Estate, state: &State) -> Plan {
    plan::plan(graph, estate, state, &plan::Options::default()).unwrap()
}

pub(crate) fn secrets(graph: &Graph, plan: &Plan) -> Vec<String> {
    let files = steps::emit(graph, plan, &steps::Options::default()).unwrap();
    let json: Json = serde_json::from_str(&files[0].text).unwrap();
    json["secrets"].as_array().unwrap().iter().map(|s| s.as_str().unwrap().to_owned()).collect()
}

pub(crate) fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

pub(crate) fn file(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}
