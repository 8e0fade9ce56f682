//! The workload against the stack's own resources: what both say must be the same.

use std::collections::BTreeMap;

use super::target::{Surroundings, Told};
use super::{Delivery, Machine, Workload, limits};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::graph::{Graph, Node};
use crate::schema::{DeclaredBlock, Fact};
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
    for app in &target.apps {
        application(
            &Surroundings { graph, workload: &delivery.workload, target, at },
            delivery,
            *app,
            problems,
        );
    }
    if target.apps.is_empty() {
        let own = target.variables.iter().map(|(name, text)| (name, Value::Text(text.clone())));
        let own: Vec<(&String, Value)> = own.collect();
        let told = own.iter().map(|(name, value)| (name.as_str(), value)).collect();
        environment(graph, delivery, &told, (target.host.name, at), problems);
    }
    database(graph, delivery, problems);
    connections(graph, delivery, problems);
}

/// What the host wants beside this of the stack's resources.
pub(super) fn held(graph: &Graph, delivery: &Delivery, at: Place, problems: &mut Diagnostics) {
    let (workload, target) = (&delivery.workload, &delivery.target);
    for problem in (target.host.held)(&Surroundings { graph, workload, target, at }) {
        problems.push(problem);
    }
}

/// The workload says something, and a resource something else.
fn differs(what: String, said: Place, node: &Node, help: &str) -> Diagnostic {
    differs_at(what, said, node.declared_at(), help)
}

fn differs_at(what: String, said: Place, at: Place, help: &str) -> Diagnostic {
    Diagnostic::error("delivery-disagrees", what)
        .at(said, "the workload says this")
        .at(at, "and the stack something else here")
        .help(help.to_owned())
}

/// What one application is told of the workload.
fn application(
    of: &Surroundings<'_>,
    delivery: &Delivery,
    app: NodeRef,
    problems: &mut Diagnostics,
) {
    let (graph, workload, host) = (of.graph, of.workload, of.target.host);
    let room = host.room.map(|room| room(of, app));
    let Some(app) = graph.of(app) else { return };
    let mut told = (host.told)(DeclaredBlock::of(&app.fields, app.ty.props));
    if let Some(room) = room {
        (told.machine, told.instances) = (room.machine, room.instances);
    }
    let (port, name) = (workload.port.value.to_string(), &app.name);
    if told.port.as_ref() != Some(&port) {
        let forwarded = told.port.as_deref().unwrap_or("none that is said");
        let what = format!("the service binds port {port}, and `{name}` forwards to {forwarded}");
        problems.push(differs(what, workload.port.at, app, host.help.port));
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
    if let Some(help) = host.help.size {
        size(workload, &told, app, help, problems);
    }
    environment(graph, delivery, &told.variables, (name, app.declared_at()), problems);
}

/// How big an instance is, and how many there are.
fn size(workload: &Workload, told: &Told<'_>, app: &Node, help: &str, problems: &mut Diagnostics) {
    let (name, help) = (&app.name, format!("take it from the workload: `{help}`"));
    let machine = |machine: Machine| match machine {
        Machine { cores: 1, memory } => format!("1 core and {memory} MiB"),
        Machine { cores, memory } => format!("{cores} cores and {memory} MiB"),
    };
    if let Some(said) = workload.machine.as_ref().filter(|said| told.machine != Some(said.value)) {
        let given = told.machine.map_or("another size".to_owned(), machine);
        let what =
            format!("an instance has {}, and `{name}` gives it {given}", machine(said.value));
        problems.push(differs(what, said.at, app, &help));
    }
    let range = |(least, most): (i64, i64)| format!("{least} to {most}");
    if let Some(said) = &workload.instances {
        let (least, most) = said.value;
        let wanted = (i64::from(least), i64::from(most));
        if told.instances != Some(wanted) {
            let given = told.instances.map_or("another number".to_owned(), range);
            let what = format!("there are {} instances, and of `{name}` {given}", range(wanted));
            problems.push(differs(what, said.at, app, &help));
        }
    }
}

/// What is found in the environment of what runs: `whose`, and where the stack says it.
fn environment(
    graph: &Graph,
    delivery: &Delivery,
    told: &BTreeMap<&str, &Value>,
    whose: (&str, Place),
    problems: &mut Diagnostics,
) {
    let (workload, host) = (&delivery.workload, delivery.target.host);
    let (name, at) = whose;
    for (variable, said) in &workload.settings {
        // A setting that is there twice is reported as that.
        if limits::is_taken(delivery, variable) {
            continue;
        }
        let given = told.get(variable).and_then(|value| value.as_str());
        if given != Some(&said.value) {
            let given = given
                .map_or("does not give it".to_owned(), |value| format!("gives it as `{value}`"));
            let what = format!("`{variable}` is `{}`, and `{name}` {given}", said.value);
            let help = format!("take all settings from the workload: `{}`", host.help.settings);
            problems.push(differs_at(what, said.at, at, &help));
        }
    }
    for said in &workload.secrets {
        let (variable, wanted) = (said.value.variable(), said.value.name());
        let from = told.get(variable).and_then(|value| first(value));
        let what = match from.and_then(|node| graph.of(node)) {
            Some(secret) if secret.name == wanted => continue,
            Some(secret) => format!("gives it the secret `{}`", secret.name),
            None => "does not give it".to_owned(),
        };
        problems.push(
            Diagnostic::error(
                "delivery-secret",
                format!("`{variable}` is the secret `{wanted}`, and `{name}` {what}"),
            )
            .at(said.at, "the workload needs it")
            .at(at, "declared here")
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

/// All connections of all instances, held against what the database takes.
fn connections(graph: &Graph, delivery: &Delivery, problems: &mut Diagnostics) {
    let workload = &delivery.workload;
    let (Some(said), Some(database)) = (&workload.instances, &workload.database) else { return };
    let Some(server) = graph.of(delivery.target.server).filter(|_| !database.value.pooled) else {
        return;
    };
    let takes = server.ty.facts.iter().find_map(|fact| match fact {
        Fact::Accepts(takes) => takes(&DeclaredBlock::of(&server.fields, server.ty.props)),
        _ => None,
    });
    let (most, each) = (i64::from(said.value.1), i64::from(workload.worker_number()));
    if let Some(takes) = takes.filter(|takes| most * each > *takes) {
        let what = format!(
            "{most} instances with {each} workers open {} connections, and `{}` takes {takes}",
            most * each,
            server.name
        );
        let help = "allow fewer instances or workers, or take a larger machine for the database";
        problems.push(differs(what, said.at, server, help));
    }
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
