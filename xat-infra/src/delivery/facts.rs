//! The facts that templates may use, all of them, as plain data.

use serde::Serialize;

use super::actions::Actions;
use super::{AppSecret, Delivery, Target, Workload, backup};
use crate::diagnostic::Spot;
use crate::graph::Graph;

/// The variables that a workload sets of itself; no setting or secret can be one of them.
pub(super) const OWN_VARIABLES: [&str; 5] =
    ["ALLOWED_HOSTS", "ENVIRONMENT", "GUNICORN_WORKERS", "PORT", "RELEASE"];

/// Everything that a template may say.
#[derive(Serialize)]
pub(super) struct Facts {
    stack: String,
    said_at: String,
    name: &'static str,
    /// What Compose calls the project: the last part of the name.
    short_name: &'static str,
    project: &'static str,
    python: Python,
    port: u16,
    ready: &'static str,
    alive: &'static str,
    workers: u16,
    /// `core.wsgi:application`.
    wsgi: String,
    request: u16,
    shutdown: u16,
    /// What of `shutdown` requests get; the rest is for ending the processes.
    drain: u16,
    static_files: bool,
    settings: Vec<Setting>,
    /// Those that the application reads itself, and that the generated settings do not know.
    own_secrets: Vec<Secret>,
    secrets: Vec<Secret>,
    signing_key: Option<Secret>,
    rollbar: Option<Secret>,
    telemetry: Option<Secret>,
    database: Option<Database>,
    pub(super) backups: Option<backup::Facts>,
    host: Host,
    environment: String,
    runner: &'static str,
    azure: Azure,
    actions: Actions,
}

#[derive(Serialize)]
struct Python {
    version: String,
    image: String,
    /// `3.13` as Python compares it: `(3, 13)`.
    tuple: String,
    /// Why a version past its end of life is still wanted.
    reason: Option<String>,
}

#[derive(Serialize)]
struct Setting {
    variable: &'static str,
    value: String,
}

#[derive(Clone, Serialize)]
struct Secret {
    variable: &'static str,
    name: &'static str,
    /// The shell's own variable, as Compose reads it: empty where there is none.
    from_shell: String,
}

#[derive(Serialize)]
struct Database {
    version: String,
    image: String,
    reason: Option<String>,
    name: &'static str,
    user: &'static str,
    pooled: bool,
    secret: Option<Secret>,
    /// Where the image keeps its data.
    data: &'static str,
    /// How the server on one machine is reached.
    local: String,
    /// The same where tests run beside it.
    in_tests: String,
    /// The arguments with which `pg_isready` asks.
    asking: [String; 2],
}

#[derive(Serialize)]
struct Host {
    name: &'static str,
    unresolved: &'static str,
}

/// The names of what runs it, as `az` takes them.
#[derive(Serialize)]
struct Azure {
    tenant: String,
    subscription: String,
    group: String,
    app: String,
    slot: String,
    registry: String,
    /// The repository with its registry.
    image: String,
    vault: String,
}

impl Facts {
    pub(super) fn of(graph: &Graph, delivery: &Delivery) -> Self {
        let (workload, target) = (&delivery.workload, &delivery.target);
        let the = |wanted: fn(&AppSecret) -> bool| workload.secrets().find(wanted).map(secret);
        let version = workload.python.version.as_str();
        let said_at = Spot::from(workload.at);
        Self {
            stack: graph.stack.clone(),
            said_at: format!("{}:{}", said_at.file, said_at.line),
            name: workload.name,
            short_name: workload.name.rsplit('/').next().unwrap_or(workload.name),
            project: workload.project,
            python: Python {
                version: version.to_owned(),
                image: workload.python.image(),
                tuple: format!("({})", version.replace('.', ", ")),
                reason: workload.python.version.reason().map(one_line),
            },
            port: workload.port.value,
            ready: workload.ready.value,
            alive: workload.alive.value,
            workers: workload.workers.value.number(),
            wsgi: format!("{}.wsgi:application", workload.project),
            request: workload.request.value,
            shutdown: workload.shutdown.value,
            drain: workload.shutdown.value - workload.shutdown.value.div_ceil(6),
            static_files: workload.static_files,
            settings: workload
                .settings()
                .map(|(variable, value)| Setting { variable, value: value.to_owned() })
                .collect(),
            own_secrets: workload.secrets().filter(AppSecret::is_own).map(secret).collect(),
            secrets: workload.secrets().map(secret).collect(),
            signing_key: the(AppSecret::is_signing_key),
            rollbar: the(AppSecret::is_rollbar),
            telemetry: the(AppSecret::is_telemetry),
            database: workload.database.as_ref().map(|said| Database {
                version: said.value.version().as_str().to_owned(),
                image: said.value.postgres.image(),
                reason: said.value.version().reason().map(one_line),
                name: said.value.name,
                user: said.value.user,
                pooled: said.value.pooled,
                secret: the(AppSecret::is_database_url),
                data: said.value.postgres.data(),
                local: format!(
                    "postgresql://{}:local@database:5432/{}?sslmode=disable",
                    said.value.user, said.value.name
                ),
                in_tests: format!(
                    "postgresql://{}:local@127.0.0.1:5432/{}?sslmode=disable",
                    said.value.user, said.value.name
                ),
                asking: [
                    format!("--username={}", said.value.user),
                    format!("--dbname={}", said.value.name),
                ],
            }),
            backups: backup::Facts::of(graph, delivery),
            host: Host { name: target.host.name, unresolved: target.host.unresolved },
            environment: graph.environment.clone().unwrap_or_else(|| "production".to_owned()),
            runner: target.runner,
            azure: Azure::of(graph, workload, target),
            actions: Actions::all(),
        }
    }
}

impl Azure {
    fn of(graph: &Graph, workload: &Workload, target: &Target) -> Self {
        let name = |node| graph.of(node).map(|node| node.name.clone()).unwrap_or_default();
        let mut apps = target.apps.iter().copied();
        let app = apps.next();
        let id = app.and_then(|app| graph.of(app)).map_or("", |app| app.id.as_str());
        // `/subscriptions/ID/resourceGroups/NAME/..`
        let part = |at| id.split('/').nth(at).unwrap_or_default().to_owned();
        let registry = name(target.registry);
        Self {
            tenant: graph.scope.get("azure.tenant").cloned().unwrap_or_default(),
            subscription: part(2),
            group: part(4),
            app: app.map(name).unwrap_or_default(),
            slot: apps.next().map(name).unwrap_or_default(),
            image: format!("{registry}.azurecr.io/{}", workload.name),
            registry,
            vault: name(target.vault),
        }
    }
}

/// Text that stays in the comment that it is put into.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn secret(secret: AppSecret) -> Secret {
    let (variable, name) = (secret.variable(), secret.name());
    Secret { variable, name, from_shell: format!("${{{variable}:-}}") }
}
