//! The workload against the stack's own resources: what both say must be the same.

use super::{Delivery, Surroundings, check_room, limits};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::graph::{Graph, Node};
use crate::schema::DeclaredBlock;
use crate::value::{NodeRef, Place, Value};

/// Everything in which the stack says something else than the workload, and every secret that it does not provide.
pub(super) fn check(graph: &Graph, delivery: &Delivery, at: Place, problems: &mut Diagnostics) {
    let target = &delivery.target;
    let others = [target.server, target.database, target.registry];
    let mut nodes = target.apps.iter().copied().chain(others).chain(target.parts.values().copied());
    if nodes.any(|node| graph.of(node).is_none()) {
        problems.push(
            Diagnostic::error("dangling-reference", "a target with resources of another stack")
                .at(at, "the handles come from a stack that is not this one")
                .help("deliver to resources that this stack adds itself"),
        );
        return;
    }
    for app in target.apps.iter().filter_map(|app| graph.of(*app)) {
        application(graph, delivery, app, problems);
    }
    let of = Surroundings { graph, workload: &delivery.workload, target, at };
    check_room::check(&of, problems);
    (target.host.own)(&of, problems);
    database(graph, delivery, problems);
}

/// The workload says something, and a resource something else.
pub(super) fn differs(what: String, said: Place, node: &Node, help: &str) -> Diagnostic {
    Diagnostic::error("delivery-disagrees", what)
        .at(said, "the workload says this")
        .at(node.declared_at(), "and the stack something else here")
        .help(help.to_owned())
}

/// What one application is told of the workload.
fn application(graph: &Graph, delivery: &Delivery, app: &Node, problems: &mut Diagnostics) {
    let (workload, host) = (&delivery.workload, delivery.target.host);
    let told = (host.told)(DeclaredBlock::of(&app.fields, app.ty.props));
    let (port, name) = (workload.port.value.to_string(), &app.name);
    if told.port.as_ref() != Some(&port) {
        let forwarded = told.port.as_deref().unwrap_or("none that is said");
        let what = format!("the service binds port {port}, and `{name}` forwards to {forwarded}");
        let help = format!("take it from the workload: `{}`", host.help.port);
        problems.push(differs(what, workload.port.at, app, &help));
    }
    let ready = Some((&workload.ready, told.ready, host.help.ready));
    let alive = host.help.alive.map(|help| (&workload.alive, told.alive, help));
    for (said, asked, help) in ready.into_iter().chain(alive) {
        if asked != Some(said.value) {
            let asked = asked.map_or("nowhere".to_owned(), |path| format!("at `{path}`"));
            let what =
                format!("the service answers at `{}`, and `{name}` is asked {asked}", said.value);
            let help = format!("take it from the workload: `{help}`");
            problems.push(differs(what, said.at, app, &help));
        }
    }
    if let Some(seconds) = told.request.filter(|most| *most < i64::from(workload.request.value)) {
        let what = format!(
            "a request may take {} s, and `{name}` cuts it off after {seconds}",
            workload.request.value
        );
        let help = "say as much to the service: `.timeout(workload.request_seconds().into())`";
        problems.push(differs(what, workload.request.at, app, help));
    }
    for (variable, said) in &workload.settings {
        // A setting that is there twice is reported as that.
        if limits::is_taken(delivery, variable) {
            continue;
        }
        let given = told.variables.get(variable).and_then(|value| value.as_str());
        if given != Some(&said.value) {
            let given = given
                .map_or("does not give it".to_owned(), |value| format!("gives it as `{value}`"));
            let what = format!("`{variable}` is `{}`, and `{name}` {given}", said.value);
            let help = format!("take all settings from the workload: `{}`", host.help.settings);
            problems.push(differs(what, said.at, app, &help));
        }
    }
    for said in &workload.secrets {
        let (variable, name) = (said.value.variable(), said.value.name());
        let from = told.variables.get(variable).and_then(|value| first(value));
        let what = match from.and_then(|node| graph.of(node)) {
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
            .help(host.help.secret),
        );
    }
}

/// The first resource whose output a value is made of.
fn first(value: &Value) -> Option<NodeRef> {
    let mut found = None;
    value.each_output(&mut |output| found = found.or(Some(output.node)));
    found
}

/// The database's server and name.
fn database(graph: &Graph, delivery: &Delivery, problems: &mut Diagnostics) {
    let (workload, target) = (&delivery.workload, &delivery.target);
    let Some(said) = &workload.database else { return };
    let (database, postgres) = (&said.value, said.value.version().as_str());
    if let Some(server) = graph.of(target.server) {
        let (property, before) = target.host.version;
        let version = server.fields.named(server.ty.props, property).and_then(Value::as_str);
        let version = version.map(|word| word.strip_prefix(before).unwrap_or(word));
        if version != Some(postgres) {
            let version = version.unwrap_or("a version that is not said");
            let what = format!(
                "the workload is for PostgreSQL {postgres}, and `{}` has {version}",
                server.name
            );
            let help =
                "an older client cannot dump a newer server: take the version from the workload";
            problems.push(differs(what, said.at, server, help));
        }
    }
    if let Some(node) = graph.of(target.database).filter(|node| node.name != database.name) {
        let what =
            format!("the workload's database is `{}`, and this is `{}`", database.name, node.name);
        problems.push(differs(what, said.at, node, "take the name from the workload"));
    }
}

impl Graph {
    /// The node behind a reference, where the reference is of this stack.
    pub(super) fn of(&self, reference: NodeRef) -> Option<&Node> {
        self.node(reference).filter(|_| reference.stack == self.stack_id)
    }
}
