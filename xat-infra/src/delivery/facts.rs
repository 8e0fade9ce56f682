//! The facts that templates may use, all of them, as plain data.

use std::collections::BTreeSet;

use serde::Serialize;

use super::actions::Actions;
use super::target::{Host, Names, Surroundings};
use super::{AppSecret, Delivery, backup, known};
use crate::diagnostic::{Diagnostic, Spot};
use crate::graph::Graph;
use crate::schema::DeclaredBlock;
use crate::value::Place;

/// The environment whose files have no word behind their names.
const PRODUCTION: &str = "production";

/// As whom the image runs, and its group.
const USER: u32 = 10001;

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
    /// How long an instance that is to end is still called, while whatever calls it hears of that.
    unlisted: u16,
    /// As whom the image runs: a number, so that whatever runs it can see that it is not root.
    user: u32,
    /// How big an instance is, where the workload says so.
    machine: Option<MachineFacts>,
    /// How many there are, where it says so.
    instances: Option<Instances>,
    /// The environment of what runs, where the host's files say it.
    variables: Vec<Setting>,
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
    host: HostFacts,
    environment: String,
    /// What stands behind the names of files that only this environment has.
    environment_suffix: String,
    cloud: Names,
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
struct MachineFacts {
    cores: u16,
    memory: u32,
}

#[derive(Serialize)]
struct Instances {
    least: u16,
    most: u16,
}

#[derive(Serialize)]
struct Setting {
    variable: String,
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
struct HostFacts {
    name: &'static str,
    /// What a reference begins with that was left standing.
    unresolved: Option<&'static str>,
    /// What a reference begins with that the application looks up.
    lookup: Option<&'static str>,
    traces: bool,
    live: &'static str,
    reader: &'static str,
    /// What of its own files lies beside the program and is no part of the image, as patterns.
    beside: Vec<String>,
}

impl Facts {
    /// The name of a file in the folder.
    pub(super) fn file(&self, name: &str) -> String {
        name.replace(super::render::OF_ENVIRONMENT, &self.environment_suffix)
    }

    /// All facts.
    ///
    /// # Errors
    /// The host's files name something that the stack does not say.
    pub(super) fn of(graph: &Graph, delivery: &Delivery, at: Place) -> Result<Self, Diagnostic> {
        let (workload, target) = (&delivery.workload, &delivery.target);
        let host = target.host;
        let the = |wanted: fn(&AppSecret) -> bool| workload.secrets().find(wanted).map(secret);
        let version = workload.python.version.as_str();
        let said_at = Spot::from(workload.at);
        let environment = environment(graph);
        Ok(Self {
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
            unlisted: workload.shutdown.value.div_ceil(6) / 2,
            user: USER,
            machine: workload
                .size()
                .map(|machine| MachineFacts { cores: machine.cores, memory: machine.memory }),
            instances: workload.instance_range().map(|(least, most)| Instances { least, most }),
            variables: variables(graph, delivery, at)?,
            static_files: workload.static_files,
            settings: workload
                .settings()
                .map(|(variable, value)| Setting {
                    variable: variable.to_owned(),
                    value: value.to_owned(),
                })
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
            host: HostFacts {
                name: host.name,
                unresolved: host.unresolved,
                lookup: host.lookup,
                traces: host.traces,
                live: host.live.word,
                reader: host.live.reader,
                beside: beside(host),
            },
            environment_suffix: suffix(&environment),
            environment,
            cloud: (host.names)(&Surroundings { graph, workload, target, at })?,
            actions: Actions::all(),
        })
    }
}

/// What of a host's files is no part of the image, of whatever environment: the folders or files at the top, but for `workload`, which is,
/// and for `.github`, which no image has.
fn beside(host: &Host) -> Vec<String> {
    let tops = host.files.iter().filter_map(|file| file.name.split('/').next());
    let tops: BTreeSet<&str> = tops.filter(|top| !["workload", ".github"].contains(top)).collect();
    let patterns = tops.into_iter().flat_map(|top| {
        let of = |what: &str| top.replace(super::render::OF_ENVIRONMENT, what);
        BTreeSet::from([of(""), of("-*")])
    });
    patterns.collect()
}

/// The environment that a stack delivers to.
pub(super) fn environment(graph: &Graph) -> String {
    graph.environment.clone().unwrap_or_else(|| PRODUCTION.to_owned())
}

/// What the host's files say of the environment, sorted: of the application, or of the target where there is none in the stack.
///
/// # Errors
/// A value that is not known before something else exists.
fn variables(graph: &Graph, delivery: &Delivery, at: Place) -> Result<Vec<Setting>, Diagnostic> {
    let target = &delivery.target;
    if !target.host.by_files {
        return Ok(Vec::new());
    }
    let app = target.apps.first().and_then(|app| graph.of(*app));
    let said: Vec<(&str, Option<String>)> = match app {
        Some(app) => {
            let told = (target.host.told)(DeclaredBlock::of(&app.fields, app.ty.props));
            let all = told.variables.into_iter();
            all.map(|(name, value)| (name, known::rendered(graph, value))).collect()
        }
        None => {
            let all = target.variables.iter();
            all.map(|(name, text)| (name.as_str(), known::text_of(graph, text))).collect()
        }
    };
    said.into_iter()
        .map(|(variable, value)| match value {
            Some(value) => Ok(Setting { variable: variable.to_owned(), value }),
            None => Err(Diagnostic::error(
                "delivery-unknown",
                format!("the delivered files say `{variable}`, and its value is not known yet"),
            )
            .at(at, "delivered here")
            .help("say a value that is known before anything is there: a name, or words")),
        })
        .collect()
}

/// What stands behind the names of files that only one environment has: nothing for production.
pub(super) fn suffix(environment: &str) -> String {
    if environment == PRODUCTION { String::new() } else { format!("-{environment}") }
}

/// Text that stays in the comment that it is put into.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn secret(secret: AppSecret) -> Secret {
    let (variable, name) = (secret.variable(), secret.name());
    Secret { variable, name, from_shell: format!("${{{variable}:-}}") }
}
