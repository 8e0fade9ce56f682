//! Delivery to an Autopilot cluster of Google Kubernetes Engine: its limits, and typed handles to what a workload there uses. What runs
//! stands in no resource of the stack, but in manifests that come from the workload.

use std::collections::BTreeMap;

use super::app_engine_delivery::variables;
use super::cloud_run_delivery::PROJECT;
use super::google_delivery::{LIVE, google_names, let_in, referred, unread, version_of_postgres};
use crate::delivery::{
    AppSecret, Help, Host, Machine, Names, Surroundings, Target, Template, Told, Workload,
};
use crate::diagnostic::Diagnostic;
use crate::dsl::Handle;
use crate::gcp::{
    ArtifactRepository, AutopilotCluster, IamMember, IamRole, IdentityProvider,
    SecretManagerSecret, ServiceAccount, SqlDatabase, SqlInstance,
};
use crate::text;
use crate::value::{NodeRef, Text, Value};

/// Writes the list of manifests, each with its template's text in the program.
macro_rules! manifests {
    ($($name:literal),* $(,)?) => {
        &[
            $(Template::new(
                concat!("kubernetes{environment}/", $name),
                include_str!(concat!("templates/gke/", $name, ".tera")),
            ),)*
            Template::new(
                ".github/workflows/deploy-gcp{environment}.yml",
                include_str!("templates/deploy.yml.tera"),
            ),
            Template::new(
                "workload/await_release.py",
                include_str!("templates/await_release.py.tera"),
            ),
            Template::new("workload/lookup.py", include_str!("templates/gke/lookup.py.tera")),
            Template::new(
                "workload/release{environment}.sh",
                include_str!("templates/gke/release.sh.tera"),
            ),
            Template::new("workload/trace.py", include_str!("templates/trace.py.tera")),
        ]
    };
}

/// Autopilot clusters.
///
/// A load balancer of Google's waits for an answer as long as it is told, a day at most; here no longer than on its other services. A pod has
/// 600 s at most between SIGTERM and SIGKILL.
static GKE: Host = Host {
    name: "GKE",
    request: 3600,
    shutdown: 600,
    variables: &[PROJECT],
    by_files: true,
    told: |_| Told::default(),
    room: None,
    help: Help {
        port: "take it from the workload: `workload.bound_port()`",
        ready: "workload.ready_path()",
        alive: Some("workload.alive_path()"),
        size: None,
        settings: "GkeTarget::variables(workload, ..)",
        secret: "keep it in Secret Manager, and give the secret to the target: `GkeTarget::variables(..)` takes all of them",
    },
    version: version_of_postgres(),
    unresolved: None,
    lookup: Some(REFERENCE),
    traces: true,
    live: LIVE,
    names,
    held,
    files: manifests![
        "migrate/job.yaml",
        "migrate/kustomization.yaml",
        "serve/autoscaler.yaml",
        "serve/deployment.yaml",
        "serve/disruption.yaml",
        "serve/gateway.yaml",
        "serve/kustomization.yaml",
        "serve/service.yaml",
        "setup/accounts.yaml",
        "setup/kustomization.yaml",
        "setup/namespace.yaml",
        "setup/secrets.yaml",
        "verify/job.yaml",
        "verify/kustomization.yaml",
    ],
    parts: &[],
    source: "https://cloud.google.com/kubernetes-engine/docs/concepts/autopilot-resource-requests",
};

/// What a reference to a secret begins with. Behind it stands the file that the cluster's add-on mounts.
const REFERENCE: &str = "file:";

/// Where secrets are mounted.
const SECRETS: &str = "/run/secrets/workload";

/// The page of what pods may ask for.
const SIZES: &str = "https://cloud.google.com/kubernetes-engine/docs/concepts/autopilot-resource-requests#min-max-requests";

/// What runs a workload on GKE.
///
/// The cluster needs the Secret Manager add-on, by which pods find secrets as files, and an endpoint that whoever delivers reaches.
#[derive(Clone)]
pub struct GkeTarget {
    /// The cluster.
    pub cluster: Handle<AutopilotCluster>,
    /// As whom pods act that serve: it reads the application's secrets.
    pub runs_as: Handle<ServiceAccount>,
    /// As whom the pod acts that changes the database's tables: it reads the one secret with the database's URL.
    pub migrates_as: Handle<ServiceAccount>,
    /// What serving pods find in their environment ([`GkeTarget::variables()`]).
    pub variables: BTreeMap<String, Text>,
    /// The name under which the network calls the service.
    pub hostname: &'static str,
    /// The regional certificate, by name, with which the load balancer in the network answers for that name. Its key is nothing that a stack
    /// should know.
    pub certificate: &'static str,
    /// The database's server.
    pub server: Handle<SqlInstance>,
    /// The database.
    pub database: Handle<SqlDatabase>,
    /// The registry that images are pushed to and pulled from.
    pub registry: Handle<ArtifactRepository>,
    /// What vouches for workflows.
    pub provider: Handle<IdentityProvider>,
    /// As whom workflows deliver.
    pub account: Handle<ServiceAccount>,
}

impl GkeTarget {
    /// What serving pods find in their environment: the settings, the workers, and for each secret the file that it is mounted as.
    ///
    /// A secret of the workload that `secrets` does not have is left out; `xat emit delivery` reports it.
    #[must_use]
    pub fn variables(
        workload: &Workload,
        environment: &str,
        hostname: &str,
        project: impl Into<Text>,
        secrets: &BTreeMap<AppSecret, Handle<SecretManagerSecret>>,
    ) -> BTreeMap<String, Text> {
        let reference = |secret: &AppSecret| {
            Some(text!("{}{}/{}", REFERENCE, SECRETS, secrets.get(secret)?.name()))
        };
        let mut all = variables(workload, environment, &[hostname.to_owned()], reference);
        all.insert(PROJECT.to_owned(), project.into());
        all
    }
}

impl Workload {
    /// What its objects in a cluster are called, its namespace included: the last part of its name.
    #[must_use]
    pub fn kubernetes_name(&self) -> &'static str {
        self.repository().rsplit('/').next().unwrap_or_default()
    }

    /// The account of Kubernetes as which its pods serve, as a member of policies.
    #[must_use]
    pub fn kubernetes_member(&self, cluster: Handle<AutopilotCluster>) -> IamMember {
        IamMember::of_kubernetes(cluster, self.kubernetes_name(), self.kubernetes_name())
    }

    /// The one as which a pod changes the database's tables.
    #[must_use]
    pub fn kubernetes_migrator(&self, cluster: Handle<AutopilotCluster>) -> IamMember {
        IamMember::of_kubernetes(cluster, self.kubernetes_name(), &migrator(self))
    }
}

/// What the account of migrations is called in the cluster.
fn migrator(workload: &Workload) -> String {
    format!("{}-migrate", workload.kubernetes_name())
}

impl From<GkeTarget> for Target {
    fn from(target: GkeTarget) -> Self {
        Self {
            host: &GKE,
            apps: Vec::new(),
            server: target.server.node(),
            database: target.database.node(),
            registry: target.registry.node(),
            parts: BTreeMap::from([
                ("account", target.account.node()),
                ("cluster", target.cluster.node()),
                ("migrates_as", target.migrates_as.node()),
                ("provider", target.provider.node()),
                ("runs_as", target.runs_as.node()),
            ]),
            said: BTreeMap::from([
                ("certificate", target.certificate.to_owned()),
                ("hostname", target.hostname.to_owned()),
            ]),
            variables: target.variables,
        }
    }
}

/// The names by which `gcloud`, `docker` and the manifests are told of the resources.
fn names(of: &Surroundings<'_>) -> Result<Names, Diagnostic> {
    let (target, workload) = (of.target(), of.workload());
    let part = |part| target.parts.get(part).copied();
    let email = |account| part(account).map(|node| of.known(node, "email")).unwrap_or_default();
    let said = |word| target.said.get(word).cloned().unwrap_or_default();
    let mut names = google_names(of, part("cluster"))?;
    names.extend([
        ("app", workload.kubernetes_name().to_owned()),
        ("migrator", migrator(workload)),
        ("cluster", part("cluster").map(|node| of.name(node)).unwrap_or_default()),
        ("runs_as", email("runs_as")),
        ("migrates_as", email("migrates_as")),
        ("certificate", said("certificate")),
        ("hostname", said("hostname")),
        ("secrets", SECRETS.to_owned()),
        ("lookup", REFERENCE.to_owned()),
        // By which `kubectl` signs in.
        ("components", "gke-gcloud-auth-plugin".to_owned()),
    ]);
    Ok(names)
}

/// What an Autopilot cluster allows, and what the accounts may.
fn held(of: &Surroundings<'_>) -> Vec<Diagnostic> {
    let target = of.target();
    let part = |part| target.parts.get(part).copied();
    let (Some(cluster), Some(runs_as), Some(migrates_as)) =
        (part("cluster"), part("runs_as"), part("migrates_as"))
    else {
        return Vec::new();
    };
    let said = |variable: &str| target.variables.get(variable);
    let mut found = let_in(of);
    found.extend(unread(of, runs_as, referred(of.workload().secrets(), said)));
    let url = of.workload().secrets().filter(AppSecret::is_database_url);
    found.extend(unread(of, migrates_as, referred(url, said)));
    found.extend(size(of, cluster));
    found.extend(linked(of, cluster, runs_as, of.workload().kubernetes_name()));
    found.extend(linked(of, cluster, migrates_as, &migrator(of.workload())));
    let on = |property| {
        let said = of.declared(cluster).and_then(|cluster| cluster.get(property));
        matches!(said, Some(Value::Bool(true)))
    };
    if !on("secret_manager") {
        let what = "pods of this cluster cannot mount secrets of Secret Manager".to_owned();
        found.push(of.wrong(cluster, what, "turn the add-on on: `.secret_manager(true)`"));
    }
    if on("private_endpoint") && !on("dns_endpoint") {
        let what =
            "GitHub's runners reach no control plane that answers in its network only".to_owned();
        let help =
            "let it also answer by name, for whoever has the permission: `.dns_endpoint(true)`";
        found.push(of.wrong(cluster, what, help));
    }
    found
}

/// An account of Kubernetes may act as one of the stack's.
fn linked(
    of: &Surroundings<'_>,
    cluster: NodeRef,
    account: NodeRef,
    name: &str,
) -> Option<Diagnostic> {
    let namespace = of.workload().kubernetes_name();
    let pool = of.known(cluster, "workload_pool");
    let member = format!("serviceAccount:{pool}[{namespace}/{name}]");
    let role = IamRole::WORKLOAD_IDENTITY_USER;
    (!of.granted(account, role.as_str(), &member)).then(|| {
        let what = format!("`{namespace}/{name}` of the cluster may not act as this account");
        let help = "let it: `ServiceAccountIamMember::new(account, IamRole::WORKLOAD_IDENTITY_USER, \
                    workload.kubernetes_member(cluster))`, and `kubernetes_migrator` for migrations";
        of.wrong(account, what, help)
    })
}

/// What is wrong with the size of pods, and with the names of objects.
fn size(of: &Surroundings<'_>, cluster: NodeRef) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Some(Machine { cores, memory }) = of.workload().size() {
        let each = f64::from(memory) / 1024.0 / f64::from(cores);
        if !(1.0..=6.5).contains(&each) || cores > 30 {
            let what = format!(
                "a pod has at most 30 cores, each with 1 to 6.5 GiB of memory, and not {cores} with {memory} MiB"
            );
            found.push(of.wrong(cluster, what, &format!("the provider's reference: {SIZES}")));
        }
    }
    let name = of.workload().kubernetes_name();
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.len() > 50 || !name.chars().all(word) || name.ends_with('-') || name.starts_with('-') {
        let what = format!("`{name}` cannot name objects of a cluster");
        let help = "name the image by at most 50 letters in lower case, digits and `-` behind the last `/`";
        found.push(of.wrong(cluster, what, help));
    }
    found
}
