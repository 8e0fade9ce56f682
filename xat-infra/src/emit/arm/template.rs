//! One template: its resources, the secrets that it takes, and what it waits for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use crate::graph::Node;
use crate::wire::{Arm, lower_rest};

/// A template being written.
#[derive(Default)]
pub(super) struct Template {
    schema: &'static str,
    pub(super) metadata: Option<String>,
    /// What has to be made before the template is deployed.
    pub(super) by_hand: Vec<String>,
    pub(super) resources: Vec<Json>,
    pub(super) secrets: BTreeSet<String>,
    pub(super) waits: BTreeSet<String>,
    pub(super) outputs: BTreeMap<String, Json>,
}

impl Template {
    pub(super) fn new(schema: &'static str) -> Self {
        Self { schema, ..Self::default() }
    }

    pub(super) fn json(self) -> Json {
        let parameters: Map<String, Json> = self
            .secrets
            .iter()
            .map(|name| {
                let about = json!({"description": format!("The secret `{name}`.")});
                (Arm::parameter(name), json!({"type": "secureString", "metadata": about}))
            })
            .collect();
        let mut out = json!({"$schema": self.schema, "contentVersion": "1.0.0.0"});
        if let Some(text) = &self.metadata {
            out["metadata"] = json!({"description": text});
            if !self.by_hand.is_empty() {
                out["metadata"]["madeBeforehand"] = json!(self.by_hand);
            }
        }
        if !parameters.is_empty() {
            out["parameters"] = Json::Object(parameters);
        }
        let mut resources = self.resources;
        if let Some(labels) = share_labels(&mut resources) {
            out["variables"] = json!({"tags": labels});
        }
        out["resources"] = Json::Array(resources);
        if !self.outputs.is_empty() {
            out["outputs"] = json!(self.outputs);
        }
        out
    }
}

/// One resource on its way into a template.
pub(super) struct Entry<'e> {
    pub(super) spell: &'e Arm<'e>,
    pub(super) node: &'e Node,
}

impl Entry<'_> {
    /// The IDs of the bodies that carry a node, as expressions: whoever waits for it waits for its parts too.
    pub(super) fn ids_of(&self, node: &Node) -> Vec<String> {
        lower_rest(node, &node.fields)
            .iter()
            .map(|body| self.spell.id(node, &body.suffix))
            .collect()
    }

    /// Adds the node's bodies; `waits` are the expressions of what its own template makes before it.
    pub(super) fn add(&self, waits: &[String], template: &mut Template) {
        let node = self.node;
        for body in lower_rest(node, &node.fields) {
            let id = match &*body.suffix {
                "" => node.id.clone(),
                suffix => format!("{}/{suffix}", node.id),
            };
            let fields = self.spell.body(node, &body);
            let mut entry = Map::new();
            entry.insert("type".into(), Json::from(body.kind));
            entry.insert("apiVersion".into(), Json::from(&*node.api));
            entry.insert("name".into(), Json::from(name_of(&id)));
            if let Some(scope) = extended(&id) {
                entry.insert("scope".into(), Json::from(scope));
            }
            let mut before: BTreeSet<String> = waits.iter().cloned().collect();
            if body.part.is_some() {
                before.insert(self.spell.id(node, ""));
            }
            let before: Vec<Json> = before.iter().map(|id| Json::from(format!("[{id}]"))).collect();
            if !before.is_empty() {
                entry.insert("dependsOn".into(), Json::Array(before));
            }
            if let Json::Object(fields) = fields {
                entry.extend(fields);
            }
            template.resources.push(Json::Object(entry));
        }
    }
}

/// Adds to what a resource waits for.
pub(super) fn wait(entry: &mut Json, expressions: impl IntoIterator<Item = String>) {
    let mut all: BTreeSet<String> = entry["dependsOn"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|known| known.as_str().map(str::to_owned))
        .collect();
    all.extend(expressions.into_iter().map(|expression| format!("[{expression}]")));
    if !all.is_empty() {
        entry["dependsOn"] = json!(all);
    }
}

/// What a resource waits for, as expressions without their brackets.
pub(super) fn waits(entry: &Json) -> impl Iterator<Item = &str> {
    let all = entry["dependsOn"].as_array().into_iter().flatten().filter_map(Json::as_str);
    all.filter_map(|id| id.strip_prefix('[')?.strip_suffix(']'))
}

/// Takes out of what a resource waits for whatever is not to be kept.
pub(super) fn keep_waits(entry: &mut Json, keep: impl Fn(&str) -> bool) {
    let kept: Vec<String> =
        waits(entry).filter(|id| keep(id)).map(|id| format!("[{id}]")).collect();
    if let Some(fields) = entry.as_object_mut().filter(|fields| fields.contains_key("dependsOn")) {
        if kept.is_empty() {
            fields.shift_remove("dependsOn");
        } else {
            fields.insert("dependsOn".into(), json!(kept));
        }
    }
}

/// The labels that the most resources have alike, as a variable: it is said once, and every one of them names it.
///
/// Labels with expressions in them stay: a variable can hold no `reference`.
fn share_labels(resources: &mut [Json]) -> Option<Json> {
    let literal = |resource: &Json| -> Option<String> {
        let labels = resource["tags"].as_object().filter(|labels| !labels.is_empty())?;
        let plain = labels.values().all(|v| v.as_str().is_some_and(|text| !text.starts_with('[')));
        plain.then(|| resource["tags"].to_string())
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for labels in resources.iter().filter_map(literal) {
        *counts.entry(labels).or_default() += 1;
    }
    let (most, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    if count < 2 {
        return None;
    }
    let mut shared = None;
    for resource in
        resources.iter_mut().filter(|resource| literal(resource).as_ref() == Some(&most))
    {
        shared = Some(std::mem::replace(&mut resource["tags"], json!("[variables('tags')]")));
    }
    shared
}

/// The name of a resource in a template: the names along its type, joined.
fn name_of(id: &str) -> String {
    let Some(at) = id.rfind("/providers/") else {
        return id.rsplit('/').next().unwrap_or_default().to_owned();
    };
    let rest = id[at + "/providers/".len()..].split('/').skip(2).step_by(2);
    rest.collect::<Vec<_>>().join("/")
}

/// The resource that an extension is about, relative to the deployment.
fn extended(id: &str) -> Option<String> {
    let (first, last) = (id.find("/providers/")?, id.rfind("/providers/")?);
    (first != last).then(|| id[first + "/providers/".len()..last].to_owned())
}
