//! One recorded pair: a write, and the read that followed it.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use xat_infra::graph::Graph;
use xat_infra::live::Estate;
use xat_infra::plan::{self, Change, Options, Plan};
use xat_infra::schema::{Mirror, OutputSpec, ResourceType};
use xat_infra::state::Salt;
use xat_infra::value::{Fields, Value, from_json, to_json_lossy};
use xat_infra::wire;

use super::{Counts, Failure, Listed, mutate};

/// Which of a resource's bodies a pair is about.
#[derive(Clone, Copy)]
enum Role {
    /// The resource's own.
    Own,
    /// A part that REST keeps in a body of its own.
    Part { key: &'static str, suffix: &'static str },
    /// The body that returns a subtree of the resource's own.
    Mirror(&'static Mirror),
}

/// The type that a pair is compared as, and which of its bodies the pair is about.
pub struct Subject {
    ty: &'static ResourceType,
    role: Role,
    /// The ID of the resource itself.
    id: String,
    /// The REST type under which the pair counts.
    pub name: String,
}

/// A write and the read that followed it.
pub struct Pair {
    /// The REST type.
    pub wire: String,
    id: String,
    source: String,
    request: Json,
    live: Json,
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
        Some(Self { wire, id: id.to_owned(), source, request, live: body("get_response_body") })
    }

    /// The type that models what was written: as a resource, or as a part or mirror of one.
    pub fn subject(&self, types: impl Iterator<Item = &'static ResourceType>) -> Option<Subject> {
        let below = |ty: &'static ResourceType, suffix: &'static str, role: Role| {
            let cut = self.id.len().checked_sub(suffix.len() + 1)?;
            let (id, rest) = self.id.split_at_checked(cut)?;
            let fits = rest[1..].eq_ignore_ascii_case(suffix)
                && (xat_infra::azure::PROVIDER.type_of_id)(id)?.eq_ignore_ascii_case(ty.wire);
            let name = format!("{}/{suffix}", ty.wire);
            fits.then(|| Subject { ty, role, id: id.to_owned(), name })
        };
        let mut types = types.collect::<Vec<_>>().into_iter();
        let own = types.as_slice().iter().find(|ty| ty.wire.eq_ignore_ascii_case(&self.wire));
        if let Some(ty) = own {
            let name = ty.wire.to_owned();
            return Some(Subject { ty, role: Role::Own, id: self.id.clone(), name });
        }
        types.find_map(|ty| {
            let parts = ty
                .parts
                .iter()
                .map(|part| (part.suffix, Role::Part { key: part.key, suffix: part.suffix }));
            let mirrors = ty.mirrors.iter().map(|mirror| (mirror.suffix, Role::Mirror(mirror)));
            parts.chain(mirrors).find_map(|(suffix, role)| below(ty, suffix, role))
        })
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
        let (fields, bad) = self.declared(subject);
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
        let estate = self.estate(subject);
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

    /// What the request declares. A mirror's request says the subtree that it mirrors, and of the resource itself
    /// whatever else stands in it.
    fn declared(&self, subject: &Subject) -> (Fields, Vec<wire::Mismatch>) {
        let request = from_json(&self.request);
        let nothing = Value::map::<String, Value>([]);
        let (main, part) = match subject.role {
            Role::Own => (&request, None),
            Role::Part { suffix, .. } => (&nothing, Some(suffix)),
            Role::Mirror(mirror) => {
                (&from_json(&without(&self.request, mirror.from)), Some(mirror.suffix))
            }
        };
        let read = |suffix: &str| (part == Some(suffix)).then_some(&request);
        let (fields, bad) = wire::raise(subject.ty, main, &read);
        let key = match subject.role {
            Role::Part { key, .. } => Some(key),
            Role::Own | Role::Mirror(_) => None,
        };
        (with_secrets(subject.ty, key, fields, &request), bad)
    }

    /// The estate of this one resource. A body read under another spelling of the ID is the same resource.
    fn estate(&self, subject: &Subject) -> Estate {
        let named = |mut body: Json, id: String| {
            body["id"] = Json::from(id);
            if let Some(map) = body.as_object_mut() {
                map.remove("type");
            }
            body
        };
        let below = |suffix: &str| named(self.live.clone(), format!("{}/{suffix}", subject.id));
        let own = |body: Json| named(body, subject.id.clone());
        let bodies = match subject.role {
            Role::Own => vec![own(self.live.clone())],
            Role::Part { suffix, .. } => vec![own(json!({})), below(suffix)],
            Role::Mirror(mirror) => {
                vec![own(without(&self.live, mirror.from)), below(mirror.suffix)]
            }
        };
        Estate::from_text("recording", Json::Array(bodies).to_string())
            .unwrap_or_else(|_| Estate::empty())
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
        let key = match subject.role {
            Role::Part { key, .. } => Some(key),
            Role::Own | Role::Mirror(_) => None,
        };
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
            leaves(&body, "", &mut |path, value| {
                written.insert(path.to_ascii_lowercase(), value.clone());
            });
        }
        leaves(&self.request, "", &mut |path, value| {
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

/// Secrets are never raised from a body; the test declares those of the request itself.
pub(crate) fn with_secrets(
    ty: &'static ResourceType,
    part: Option<&str>,
    mut fields: Fields,
    request: &Value,
) -> Fields {
    for (index, property) in (0u16..).zip(ty.props) {
        if let (xat_infra::schema::Kind::Secret, Some(wire)) = (property.kind, &property.wire)
            && wire.part == part
            && let Some(Value::Text(text)) = request.at(wire.path)
        {
            let secret = xat_infra::value::Secret::new(text.literal().unwrap_or_default());
            fields.set(index, Value::Secret(secret.into_inner()), None);
        }
    }
    fields
}

/// A body without the subtree at a path.
fn without(body: &Json, path: &[&str]) -> Json {
    let mut out = body.clone();
    if let Some((last, above)) = path.split_last()
        && let Some(Json::Object(map)) = above.iter().try_fold(&mut out, |at, key| at.get_mut(key))
    {
        map.remove(*last);
    }
    out
}

/// A body with another subtree at a path.
fn with(mut body: Json, path: &[&str], subtree: Json) -> Json {
    let mut at = &mut body;
    for key in path {
        at = &mut at[*key];
    }
    *at = subtree;
    body
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

/// Every leaf of a body, with its path. What says nothing (null, empty lists and objects) is no leaf, nor is the
/// envelope that ARM puts around every resource: its identity, its ETag, how its provisioning stands.
pub(crate) fn leaves(value: &Json, path: &str, see: &mut dyn FnMut(&str, &Json)) {
    match value {
        Json::Null => {}
        Json::Object(map) => {
            let resource = path.is_empty() || map.contains_key("properties");
            for (key, value) in map {
                let envelope = match key.as_str() {
                    "id" | "type" | "etag" => resource,
                    "name" => path.is_empty(),
                    "provisioningState" => path.ends_with("properties"),
                    _ => false,
                };
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                if !envelope {
                    leaves(value, &path, see);
                }
            }
        }
        Json::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                leaves(item, &format!("{path}[{at}]"), see);
            }
        }
        value => see(path, value),
    }
}

fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::String(a), Json::String(b)) => a.eq_ignore_ascii_case(b) || a == "(secret)",
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
