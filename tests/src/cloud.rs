//! A model cloud: bodies by ID, changed only by the steps of a plan.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use xat_infra::graph::Graph;
use xat_infra::live::{Estate, model};
use xat_infra::plan::{Action, Plan};
use xat_infra::state::State;

/// Live bodies by lower-case ID.
#[derive(Clone, Default)]
pub struct Cloud {
    bodies: BTreeMap<String, Value>,
}

impl Cloud {
    /// Does what a plan says, step by step.
    pub fn apply(&mut self, plan: &Plan, graph: &Graph, state: &State) {
        for step in &plan.steps {
            match step.action {
                Action::Delete => {
                    let owned = &state.resources[&step.address];
                    self.remove(&owned.id);
                }
                Action::Forget | Action::Move | Action::Adopt => {}
                _ => {
                    let node = &graph.nodes
                        [graph.at(&step.address).expect("a step names a resource") as usize];
                    self.remove(&node.id);
                    for body in model::bodies(graph, node) {
                        self.bodies.insert(body.id.to_lowercase(), body.entry());
                    }
                }
            }
        }
    }

    fn remove(&mut self, id: &str) {
        let id = id.to_lowercase();
        let below = format!("{id}/");
        self.bodies.retain(|key, _| *key != id && !key.starts_with(&below));
    }

    /// The estate as it is read, with what real bodies add: other spellings, other order, leaves that nobody manages.
    pub fn estate(&self) -> Estate {
        let bodies: Vec<Value> = self.bodies.values().map(noisy).collect();
        let text = json!({"format": "xat-estate/1", "resources": bodies}).to_string();
        Estate::from_text("model.json", text).expect("the model's estate reads")
    }
}

fn noisy(body: &Value) -> Value {
    let mut body = body.clone();
    if body["location"] == "westeurope" {
        body["location"] = json!("West Europe");
    }
    if let Some(sku) = body["sku"]["name"].as_str().map(str::to_uppercase) {
        body["sku"]["name"] = json!(sku);
    }
    if let Some(labels) = body["properties"]["labels"].as_array_mut() {
        labels.reverse();
    }
    if let Some(peers) = body["properties"]["peers"].as_array_mut() {
        peers.reverse();
        for peer in peers {
            let id =
                peer["id"].as_str().unwrap_or_default().replace("resourceGroups", "resourcegroups");
            *peer = json!({"id": id, "etag": "W/1"});
        }
    }
    body["properties"]["provisioningState"] = json!("Succeeded");
    body
}
