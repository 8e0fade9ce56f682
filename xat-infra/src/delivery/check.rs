//! The workload against the stack's own resources: what both say must be the same.

use super::{Delivery, Target};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::graph::{Graph, Node};
use crate::value::{NodeRef, Place, Value};

/// Everything in which the stack says something else than the workload, and every secret that it does not provide.
pub(super) fn check(graph: &Graph, delivery: &Delivery, at: Place, problems: &mut Diagnostics) {
    let (workload, target) = (&delivery.workload, &delivery.target);
    let others = [target.server, target.database, target.registry, target.vault];
    let mut nodes = target.apps.iter().copied().chain(others);
    if nodes.any(|node| graph.of(node).is_none()) {
        problems.push(
            Diagnostic::error("dangling-reference", "a target with resources of another stack")
                .at(at, "the handles come from a stack that is not this one")
                .help("deliver to resources that this stack adds itself"),
        );
        return;
    }
    let mut differs = |what: String, node: &Node, said: Place, help: &str| {
        problems.push(
            Diagnostic::error("delivery-disagrees", what)
                .at(said, "the workload says this")
                .at(node.declared_at(), "and the stack something else here")
                .help(help.to_owned()),
        );
    };

    for app in target.apps.iter().filter_map(|app| graph.of(*app)) {
        let (port, forwarded) = (workload.port.value.to_string(), setting(app, target));
        if forwarded != Some(&port) {
            differs(
                format!(
                    "the service binds port {port}, and `{}` forwards to {}",
                    app.name,
                    forwarded.map_or("none that is said", |text| text)
                ),
                app,
                workload.port.at,
                "take it from the workload: `.port(workload.bound_port())`",
            );
        }
        let asked = named(app, target.host.health).and_then(Value::as_str);
        if asked != Some(workload.ready.value) {
            differs(
                format!(
                    "the service answers at `{}`, and `{}` is asked {}",
                    workload.ready.value,
                    app.name,
                    asked.map_or("nowhere".to_owned(), |path| format!("at `{path}`"))
                ),
                app,
                workload.ready.at,
                "take it from the workload: `.health_check_path(workload.ready_path())`",
            );
        }
    }
    if let Some(said) = &workload.database {
        let (database, postgres) = (&said.value, said.value.version().as_str());
        if let Some(server) = graph.of(target.server) {
            let version = named(server, target.version).and_then(Value::as_str);
            if version != Some(postgres) {
                differs(
                    format!(
                        "the workload is for PostgreSQL {postgres}, and `{}` has {}",
                        server.name,
                        version.unwrap_or("a version that is not said")
                    ),
                    server,
                    said.at,
                    "an older client cannot dump a newer server: take the version from the workload",
                );
            }
        }
        if let Some(node) = graph.of(target.database)
            && node.name != database.name
        {
            differs(
                format!(
                    "the workload's database is `{}`, and this is `{}`",
                    database.name, node.name
                ),
                node,
                said.at,
                "take the name from the workload",
            );
        }
    }
    secrets(graph, delivery, problems);
}

/// Secrets that an application is not given, or is given from another name.
fn secrets(graph: &Graph, delivery: &Delivery, problems: &mut Diagnostics) {
    let target = &delivery.target;
    for app in target.apps.iter().filter_map(|app| graph.of(*app)) {
        for said in &delivery.workload.secrets {
            let (variable, name) = (said.value.variable(), said.value.name());
            let given = named(app, target.host.settings).and_then(|all| all.at(&[variable]));
            let from = given
                .and_then(Value::as_text)
                .and_then(|text| text.outputs().next())
                .and_then(|output| graph.of(output.node));
            let what = match from {
                Some(secret) if secret.name == name => continue,
                Some(secret) => format!("gives it the secret `{}`", secret.name),
                None => "does not give it".to_owned(),
            };
            problems.push(
                Diagnostic::error(
                    "delivery-secret",
                    format!("`{variable}` is the secret `{name}`, and `{}` {what}", app.name),
                )
                .at(said.at, "the workload needs it")
                .at(app.declared_at(), "declared here")
                .help("keep the secret in the vault, and give its reference to the application's settings"),
            );
        }
    }
}

/// The port that the service in front forwards to.
fn setting<'n>(app: &'n Node, target: &Target) -> Option<&'n str> {
    named(app, target.host.settings)?.at(&[target.host.port])?.as_str()
}

fn named<'n>(node: &'n Node, property: &str) -> Option<&'n Value> {
    node.fields.named(node.ty.props, property)
}

impl Graph {
    /// The node behind a reference, where the reference is of this stack.
    pub(super) fn of(&self, reference: NodeRef) -> Option<&Node> {
        self.node(reference).filter(|_| reference.stack == self.stack_id)
    }
}
