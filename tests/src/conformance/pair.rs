//! One recorded pair: a write, and the read that followed it.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use xat_infra::graph::Graph;
use xat_infra::plan::{self, Change, Options, Plan};
use xat_infra::schema::OutputSpec;
use xat_infra::state::Salt;
use xat_infra::value::to_json_lossy;
use xat_infra::wire;

use super::google::Written;
use super::subject::{Role, Subject, with, without};
use super::{Counts, Failure, Listed, mutate};

/// A write and the read that followed it.
pub struct Pair {
    /// The REST type.
    pub wire: String,
    id: String,
    source: String,
    request: Json,
    live: Json,
    /// Whether the bodies have ARM's envelope.
    enveloped: bool,
}

impl Pair {
    /// A pair of Azure's recordings; `None` for a line of another form.
    pub fn azure(json: &Json) -> Option<Self> {
        let uri = json["put_uri"].as_str()?;
        let id = uri.split('?').next()?;
        let id = &id[id.find("/subscriptions/").or_else(|| id.find("/providers/"))?..];
        let wire = (xat_infra::azure::PROVIDER.type_of_id)(id)?;
        let body = |key: &str| match &json[key] {
            Json::String(text) => serde_json::from_str(text).unwrap_or(Json::Null),
            other => other.clone(),
        };
        let recorded = json["recorded"].as_str().unwrap_or_default();
        // Some resources are made by a write without a body: it says nothing, and that can be read.
        let request = match body("put_request_body") {
            Json::Null => Json::Object(serde_json::Map::new()),
            said => said,
        };
        let source = format!("{} {recorded}", json["source"].as_str().unwrap_or_default());
        let live = body("get_response_body");
        Some(Self { wire, id: id.to_owned(), source, request, live, enveloped: true })
    }

    /// A pair of Google's recordings.
    pub fn google(written: Written, source: &str) -> Self {
        let Written { wire, id, request, live } = written;
        Self { wire, id, source: source.to_owned(), request, live, enveloped: false }
    }

    /// The type that models what was written: as a resource, or as a part or mirror of one.
    pub fn subject(&self) -> Option<Subject> {
        Subject::of(&self.wire, &self.id)
    }

    /// Counts noise, coverage and missed changes.
    pub fn check(&self, subject: &Subject, listed: &Listed, failures: &mut Vec<Failure>) -> Counts {
        let ty = subject.ty;
        let mut counts = Counts { pairs: 1, ..Counts::default() };
        let mut fail = |kind, path: &str, declared: Json, live: Json| {
            let source = self.source.clone();
            failures.push(Failure {
                kind,
                r#type: subject.name.clone(),
                source,
                path: path.to_owned(),
                declared,
                live,
            });
        };
        let (fields, bad) = subject.declared(&self.request);
        if listed.has_whole(&subject.name, &self.source) && bad.len() == 1 {
            counts.second_writes = 1;
            return counts;
        }
        for mismatch in &bad {
            fail("unreadable", &mismatch.path, Json::from(mismatch.expected), Json::Null);
        }
        if !self.request.is_object() || !self.live.is_object() {
            counts.unreadable = 1;
            return counts;
        }
        let estate = subject.estate(&self.live);
        let graph = Graph::of_one(ty, &subject.id, fields.clone());
        self.coverage(subject, &graph, &mut counts, &mut fail);
        let state = plan::record(&graph, &estate, Salt::new("conformance"), 1);
        let plan = match plan::plan(&graph, &estate, &state, &Options::default()) {
            Ok(plan) => plan,
            Err(problems) => {
                counts.unreadable = 1;
                fail("unreadable", "", Json::from(problems[0].to_string()), Json::Null);
                return counts;
            }
        };
        counts.compared = 1;
        let noise = changes(&plan);
        let (real, noisy): (Vec<&Change>, Vec<&Change>) =
            noise.iter().partition(|change| listed.has(&subject.name, &self.source, &change.path));
        counts.noisy = noisy.len();
        counts.second_writes = real.len();
        for change in noisy {
            fail("noise", &change.path, shown(&change.after), shown(&change.before));
        }
        for (path, fields) in mutate::each(ty, &fields) {
            counts.mutations += 1;
            let graph = Graph::of_one(ty, &subject.id, fields);
            let Ok(plan) = plan::plan(&graph, &estate, &state, &Options::default()) else {
                counts.missed += 1;
                continue;
            };
            let seen: Vec<String> =
                changes(&plan).iter().map(|change| change.path.clone()).collect();
            let quiet: Vec<&String> =
                seen.iter().filter(|path| !noise.iter().any(|n| n.path == **path)).collect();
            let hit = quiet.iter().all(|seen| touches(seen, &path)) && !quiet.is_empty();
            if !hit && !(noise.iter().any(|n| touches(&n.path, &path))) {
                counts.missed += 1;
                fail(
                    "missed",
                    &path,
                    Json::from(quiet.into_iter().cloned().collect::<Vec<_>>()),
                    Json::Null,
                );
            }
        }
        counts
    }

    /// Counts the request's leaves that come out again when what was read of it is written.
    fn coverage(
        &self,
        subject: &Subject,
        graph: &Graph,
        counts: &mut Counts,
        fail: &mut dyn FnMut(&'static str, &str, Json, Json),
    ) {
        let mut written: BTreeMap<String, Json> = BTreeMap::new();
        let key = subject.part();
        for body in wire::lower_rest(&graph.nodes[0], &graph.nodes[0].fields) {
            if body.part != key && !matches!(subject.role, Role::Own) {
                continue;
            }
            let mut body = to_json_lossy(&body.value, &|_| String::new());
            if let Role::Mirror(mirror) = subject.role {
                let subtree = mirror.at.iter().try_fold(&body, |at, key| at.get(key)).cloned();
                body = without(&body, mirror.at);
                body = with(body, mirror.from, subtree.unwrap_or_default());
            }
            leaves_but(&|_, _, _| false, &body, "", &mut |path, value| {
                written.insert(path.to_ascii_lowercase(), value.clone());
            });
        }
        let envelope = if self.enveloped { of_arm } else { |_: &str, _: &str, _: bool| false };
        leaves_but(&envelope, &self.request, "", &mut |path, value| {
            // What the service makes is read as an output, not declared.
            let output = |output: &OutputSpec| output.wire.join(".").eq_ignore_ascii_case(path);
            if graph.nodes[0].ty.outputs.iter().any(output) {
                return;
            }
            counts.leaves += 1;
            let found = written.get(&path.to_ascii_lowercase());
            if found.is_some_and(|found| same(found, value)) {
                counts.modelled += 1;
            } else {
                fail("unmodelled", path, value.clone(), found.cloned().unwrap_or(Json::Null));
            }
        });
    }
}

/// The changes that a plan proposes.
fn changes(plan: &Plan) -> Vec<&Change> {
    plan.steps
        .iter()
        .filter(|step| step.action.touches_cloud())
        .flat_map(|step| &step.changes)
        .collect()
}

fn shown(value: &Option<plan::Shown>) -> Json {
    value.as_ref().map_or(Json::Null, |shown| shown.json.clone())
}

/// Whether a change at one path is a change of the leaf at the other. Elements of lists are named by place in one and by
/// key in the other, and a set changes as a whole, so places and keys are left out and one may be a prefix of the other.
pub fn touches(change: &str, leaf: &str) -> bool {
    let plain = |path: &str| -> Vec<String> {
        let mut out = String::new();
        let mut depth = 0usize;
        for c in path.chars() {
            match c {
                '[' => depth += 1,
                ']' => depth = depth.saturating_sub(1),
                c if depth == 0 => out.push(c),
                _ => {}
            }
        }
        out.split('.').map(str::to_owned).collect()
    };
    plain(change).iter().zip(plain(leaf)).all(|(a, b)| *a == b)
}

/// Every leaf of a body of ARM's, with its path. What says nothing (null, empty lists and objects) is no leaf, nor is the
/// envelope that ARM puts around every resource: its identity, its ETag, how its provisioning stands.
pub(crate) fn leaves(value: &Json, path: &str, see: &mut dyn FnMut(&str, &Json)) {
    leaves_but(&of_arm, value, path, see);
}

/// Whether a key belongs to ARM's envelope: by where it stands, and whether a resource stands there.
fn of_arm(path: &str, key: &str, resource: bool) -> bool {
    match key {
        "id" | "type" | "etag" => resource,
        "name" => path.is_empty(),
        "provisioningState" => path.ends_with("properties"),
        _ => false,
    }
}

/// Every leaf of a body but those below the keys of its envelope.
fn leaves_but(
    envelope: &dyn Fn(&str, &str, bool) -> bool,
    value: &Json,
    path: &str,
    see: &mut dyn FnMut(&str, &Json),
) {
    match value {
        Json::Null => {}
        Json::Object(map) => {
            let resource = path.is_empty() || map.contains_key("properties");
            for (key, value) in map {
                let below = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                if !envelope(path, key, resource) {
                    leaves_but(envelope, value, &below, see);
                }
            }
        }
        Json::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                leaves_but(envelope, item, &format!("{path}[{at}]"), see);
            }
        }
        value => see(path, value),
    }
}

fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::String(a), Json::String(b)) => {
            a.eq_ignore_ascii_case(b) || a == "(secret)" || same_place(a, b)
        }
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        (Json::String(text), Json::Bool(value)) | (Json::Bool(value), Json::String(text)) => {
            text.parse() == Ok(*value)
        }
        (Json::String(text), Json::Number(value)) | (Json::Number(value), Json::String(text)) => {
            text.parse().ok() == value.as_f64()
        }
        _ => a == b,
    }
}

/// Whether two texts name one thing by its collection and name, with more or less in front (`regions/us-east1`).
fn same_place(a: &str, b: &str) -> bool {
    let end = |text: &str| {
        let mut parts = text.rsplit('/').map(str::to_ascii_lowercase);
        Some([parts.next()?, parts.next()?])
    };
    end(a).is_some_and(|last| end(b) == Some(last))
}
