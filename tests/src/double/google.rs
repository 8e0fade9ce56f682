//! A double of Google Cloud's services in a folder: it takes what they take, and refuses what they would.
//!
//! What is made takes two looks to be ready. Parents, and whatever a body refers to, must be there first; APIs that are
//! declared must be on. `google-model.json` has what services add of their own, by service and path.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use super::methods::Method;
use super::{read, write};

/// The status and body of an answer.
pub type Answer = (u16, Json);

/// The number of the one project.
pub(super) const NUMBER: &str = "123456789";

/// A cloud as it is between two requests.
pub struct Google {
    folder: PathBuf,
    /// What is there, by service and path without the version.
    pub things: BTreeMap<String, Json>,
    /// Policies, by whose they are.
    pub policies: BTreeMap<String, Json>,
    pub(super) model: BTreeMap<String, Json>,
    operations: BTreeMap<String, Json>,
    pub(super) count: u64,
}

/// One request, taken apart.
pub struct Request<'r> {
    /// What it is.
    pub method: &'r Method,
    /// Service and path without the version.
    pub key: String,
    /// Its query.
    pub query: BTreeMap<String, String>,
    /// Its body.
    pub body: Json,
}

/// A refusal in the services' own form.
pub fn refusal(status: u16, why: &str) -> Answer {
    (status, json!({"error": {"code": status, "message": why}}))
}

impl Google {
    /// The cloud in a folder.
    pub fn open(folder: &Path) -> Self {
        let mut all = read(&folder.join("google.json"));
        let mut part = |name: &str| -> BTreeMap<String, Json> {
            let part = all.remove(name).unwrap_or_else(|| json!({}));
            part.as_object().cloned().unwrap_or_default().into_iter().collect()
        };
        let (things, policies, operations) = (part("things"), part("policies"), part("operations"));
        let count = all.get("count").and_then(Json::as_u64).unwrap_or_default();
        let model = read(&folder.join("google-model.json"));
        Self { folder: folder.to_owned(), things, policies, model, operations, count }
    }

    /// Keeps it.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub fn save(&self) -> Result<(), String> {
        let all = [
            ("things", json!(self.things)),
            ("policies", json!(self.policies)),
            ("operations", json!(self.operations)),
            ("count", json!(self.count)),
        ];
        let all = all.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        write(&self.folder.join("google.json"), &all)
    }

    pub(super) fn next(&mut self) -> String {
        self.count += 1;
        self.count.to_string()
    }

    /// Answers a request.
    pub fn answer(&mut self, request: &Request<'_>) -> Answer {
        let (service, path) = request.key.split_once('/').unwrap_or_default();
        let api = format!("/services/{service}");
        let declared =
            self.model.keys().find(|key| key.starts_with("serviceusage") && key.ends_with(&api));
        if let Some(declared) = declared
            && self.things.get(declared).is_none_or(|api| api["state"] != "ENABLED" || pending(api))
        {
            return (
                403,
                json!({"error": {"code": 403, "message": format!("{service} is off"),
                "details": [{"reason": "SERVICE_DISABLED"}]}}),
            );
        }
        if path.contains("/operations/") || path.starts_with("operations/") {
            return self.operation(&request.key);
        }
        let (path, action) = match path.rsplit_once(':') {
            Some((path, action)) => (path, Some(action)),
            None => match path.rsplit_once('/') {
                Some((path, "iam")) if request.method.verb == "GET" => (path, Some("getIamPolicy")),
                Some((path, "iam")) => (path, Some("setIamPolicy")),
                Some((path, action)) if request.method.path.rsplit('/').next() == Some(action) => {
                    match action.starts_with("set") || action.starts_with("expand") {
                        true => (path, Some(action)),
                        false => (request.key.split_once('/').unwrap_or_default().1, None),
                    }
                }
                _ => (path, None),
            },
        };
        let key = format!("{service}/{path}");
        match (request.method.verb, action) {
            (_, Some(action)) => self.act(request, &key, action),
            ("GET", None) => self.get(request, &key),
            ("POST", None) if request.method.path.ends_with("connections/*") => {
                let network = request.body["consumerNetwork"].as_str().unwrap_or_default();
                self.delete(request, &self.connection(network))
            }
            ("POST", None) => self.create(request, &key),
            ("PATCH", None) if service == "servicenetworking.googleapis.com" => {
                let network = request.body["network"].as_str().unwrap_or_default();
                self.change(request, &self.connection(network))
            }
            ("PATCH", None) => self.change(request, &key),
            ("PUT" | "DELETE", None) if key.ends_with("/users") => {
                let Some(name) = request.query.get("name") else {
                    return refusal(400, "which user?");
                };
                let key = format!("{key}/{name}");
                if request.method.verb == "PUT" {
                    self.change(request, &key)
                } else {
                    self.delete(request, &key)
                }
            }
            _ => self.delete(request, &key),
        }
    }

    fn operation(&mut self, key: &str) -> Answer {
        let Some(operation) = self.operations.get_mut(key) else {
            return refusal(404, "no such operation");
        };
        let left = operation["left"].as_u64().unwrap_or_default();
        operation["left"] = json!(left.saturating_sub(1));
        let (of, mut answer) = (operation["of"].clone(), operation["answer"].clone());
        if left > 0 {
            return (200, answer);
        }
        if let Some(thing) = of.as_str().and_then(|of| self.things.get_mut(of)) {
            ready(thing);
        }
        match answer.get("status") {
            Some(_) => answer["status"] = json!("DONE"),
            None => answer["done"] = json!(true),
        }
        (200, answer)
    }

    /// What a method answers with: the resource, or an operation of its service's kind.
    pub(super) fn told(&mut self, method: &Method, key: &str) -> Answer {
        if !method.operation {
            return (200, self.things.get(key).map(shown).unwrap_or_else(|| json!({})));
        }
        let (service, path) = key.split_once('/').unwrap_or_default();
        let number = self.next();
        let scope = |words: usize| path.split('/').take(words).collect::<Vec<_>>().join("/");
        let (name, answer) = match service {
            "compute.googleapis.com" | "sqladmin.googleapis.com" | "container.googleapis.com" => {
                let words = match (service, path.split('/').nth(2)) {
                    ("sqladmin.googleapis.com", _) => 2,
                    (_, Some("global")) => 3,
                    _ => 4,
                };
                let name = format!("{}/operations/op-{number}", scope(words));
                let version = if service.starts_with("compute") { "compute/v1" } else { "v1" };
                let link = format!("https://{service}/{version}/{name}");
                let answer = json!({"kind": "x#operation", "operationType": "x", "name": format!("op-{number}"),
                    "selfLink": link, "status": "RUNNING"});
                (name, answer)
            }
            _ => {
                let name = match service {
                    "serviceusage.googleapis.com" | "servicenetworking.googleapis.com" => {
                        format!("operations/op-{number}")
                    }
                    "appengine.googleapis.com" => format!("{}/operations/op-{number}", scope(2)),
                    "iam.googleapis.com" => format!("{path}/operations/op-{number}"),
                    _ => format!("{}/operations/op-{number}", scope(4)),
                };
                (name.clone(), json!({"name": name}))
            }
        };
        let kept = json!({"left": 1, "of": key, "answer": answer});
        self.operations.insert(format!("{service}/{name}"), kept);
        if let Some(thing) = self.things.get_mut(key) {
            thing["$pending"] = json!(2);
        }
        (200, answer)
    }

    fn get(&mut self, request: &Request<'_>, key: &str) -> Answer {
        if key.starts_with("cloudresourcemanager") {
            return (200, json!({"projectNumber": NUMBER}));
        }
        if let Some(network) = request.query.get("network") {
            let found = self.look(&self.connection(network));
            return (200, json!({"connections": found.into_iter().collect::<Vec<_>>()}));
        }
        if let Some(secret) = key.strip_suffix("/versions/latest") {
            let versions = self.versions(secret);
            return match versions.last().and_then(|key| self.things.get(key)) {
                Some(version) => (200, shown(version)),
                None => refusal(404, "no version"),
            };
        }
        let last = request.method.path.rsplit('/').next();
        if last != Some("*") && request.method.query.contains(&"pageToken") {
            return self.list(request, key);
        }
        match self.look(key) {
            Some(found) => (200, found),
            // A service that nobody turned on is there, and off.
            None if key.starts_with("serviceusage") => (200, json!({"state": "DISABLED"})),
            None => refusal(404, &format!("{key} was not found")),
        }
    }

    /// A page of two.
    fn list(&self, request: &Request<'_>, key: &str) -> Answer {
        let start: usize = request.query.get("pageToken").and_then(|t| t.parse().ok()).unwrap_or(0);
        let below = format!("{key}/");
        let all: Vec<Json> = self
            .things
            .iter()
            .filter(|(key, _)| key.starts_with(&below))
            .map(|(_, b)| shown(b))
            .collect();
        let name = key.rsplit('/').next().unwrap_or_default();
        let mut answer = json!({name: all.iter().skip(start).take(2).collect::<Vec<_>>()});
        if all.len() > start + 2 {
            answer["nextPageToken"] = json!((start + 2).to_string());
        }
        (200, answer)
    }

    /// What is there, one look nearer to being ready.
    fn look(&mut self, key: &str) -> Option<Json> {
        let thing = self.things.get_mut(key)?;
        let left = thing["$pending"].as_u64().unwrap_or_default();
        let mut out = shown(thing);
        if left > 0 {
            thing["$pending"] = json!(left - 1);
            let busy = if key.starts_with("run") {
                ("reconciling", json!(true))
            } else {
                ("state", json!("CREATING"))
            };
            out[busy.0] = busy.1;
        } else {
            ready(thing);
        }
        Some(out)
    }

    pub(super) fn versions(&self, secret: &str) -> Vec<String> {
        let below = format!("{secret}/versions/");
        let mut keys: Vec<String> =
            self.things.keys().filter(|key| key.starts_with(&below)).cloned().collect();
        keys.sort_by_key(|key| key[below.len()..].parse::<u64>().unwrap_or_default());
        keys
    }

    /// The key of a network's connection: networks are named by the project's number there.
    pub(super) fn connection(&self, network: &str) -> String {
        let path = network.split('/').skip(2).collect::<Vec<_>>().join("/");
        let project = self.project();
        format!(
            "servicenetworking.googleapis.com/{project}{path}/connections/servicenetworking-googleapis-com"
        )
    }

    pub(super) fn project(&self) -> String {
        let of = |key: &String| {
            Some(format!("projects/{}/", key.split("projects/").nth(1)?.split('/').next()?))
        };
        self.things.keys().find_map(of).unwrap_or_default()
    }
}

pub(super) fn pending(thing: &Json) -> bool {
    thing["$pending"].as_u64().unwrap_or_default() > 0
}

fn ready(thing: &mut Json) {
    if let Some(map) = thing.as_object_mut() {
        map.remove("$pending");
    }
}

/// A body as the service shows it: passwords and the double's own notes are in none.
pub(super) fn shown(thing: &Json) -> Json {
    let map = thing.as_object().cloned().unwrap_or_default();
    Json::Object(
        map.into_iter().filter(|(key, _)| !key.starts_with('$') && key != "password").collect(),
    )
}
