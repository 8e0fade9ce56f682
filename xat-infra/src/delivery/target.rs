//! Where a workload runs: resources of the stack, and what the service that hosts it allows and wants.

use std::collections::BTreeMap;

use super::{BackupTarget, Machine, Workload, known};
use crate::diagnostic::Diagnostic;
use crate::graph::Graph;
use crate::schema::DeclaredBlock;
use crate::value::{NodeRef, Place, Text, Value};

/// What a service that hosts containers allows, how it is told of a workload, and the files that only it needs.
///
/// Each cloud's catalogue has the constants; nothing here knows which there are.
#[derive(Debug)]
pub struct Host {
    /// What it is called.
    pub name: &'static str,
    /// For how many seconds a request may last before its caller is sent away.
    pub request: u16,
    /// How many seconds it leaves at most between telling a container to end and ending it.
    pub shutdown: u16,
    /// The variables of the environment that are its own: no setting or secret can be one of them.
    pub variables: &'static [&'static str],
    /// Whether its own files say what runs: then the workload says on how big a machine and how many instances, and each variable is
    /// known before anything is there.
    pub by_files: bool,
    /// What an application of the stack is told of its workload.
    pub told: for<'n> fn(DeclaredBlock<'n>) -> Told<'n>,
    /// On what an application runs, where other resources of the stack than the application itself say it.
    pub room: Option<fn(&Surroundings<'_>, NodeRef) -> Room>,
    /// How a stack tells it what the workload says.
    pub help: Help,
    /// The property of the database's server that holds the version, and what stands in front of it there.
    pub version: (&'static str, &'static str),
    /// What a reference to a secret begins with, where the service leaves it standing if it cannot look it up.
    pub unresolved: Option<&'static str>,
    /// What a reference to a secret begins with that the application looks up itself: then `workload/lookup.py` is among its files.
    pub lookup: Option<&'static str>,
    /// Whether a request brings a trace that log records are to name: then `workload/trace.py` is among its files.
    pub traces: bool,
    /// How a preview reads it: the word behind `--live`, the variable of the environment that says as whom, and the steps of a
    /// workflow that sign in.
    pub live: Live,
    /// The names that its own files use, by what the files call them: `cloud.NAME`.
    pub names: fn(&Surroundings<'_>) -> Result<Names, Diagnostic>,
    /// What else must hold of the stack's resources.
    pub held: fn(&Surroundings<'_>) -> Vec<Diagnostic>,
    /// The files that only it needs.
    pub files: &'static [Template],
    /// Templates that these include.
    pub parts: &'static [Template],
    /// The provider's own page.
    pub source: &'static str,
}

/// Names in a cloud, by what the templates call them.
pub type Names = BTreeMap<&'static str, String>;

/// What an application of the stack is told of its workload.
#[derive(Default)]
pub struct Told<'n> {
    /// The port that calls are forwarded to.
    pub port: Option<String>,
    /// Where it is asked whether it can work.
    pub ready: Option<&'n str>,
    /// Where it is asked whether it runs, for services that ask that too.
    pub alive: Option<&'n str>,
    /// After how many seconds a request is cut off, for services that let a stack say so.
    pub request: Option<i64>,
    /// How big each instance is.
    pub machine: Option<Machine>,
    /// How few instances there are, and how many at most.
    pub instances: Option<(i64, i64)>,
    /// Its environment.
    pub variables: BTreeMap<&'n str, &'n Value>,
}

/// On what an application runs, as the stack has it; what it does not say is unknown.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Room {
    /// What each machine has.
    pub machine: Option<Machine>,
    /// How few of them there are, and how many at most.
    pub instances: Option<(i64, i64)>,
}

/// How a workflow reads a cloud.
#[derive(Clone, Copy, Debug)]
pub struct Live {
    /// What stands behind `--live`.
    pub word: &'static str,
    /// The variable of the workflow's environment that says who reads.
    pub reader: &'static str,
    /// The template of the steps that sign in as that.
    pub sign_in: &'static str,
}

/// How a stack says to a service what the workload says: the call that does.
#[derive(Clone, Copy, Debug)]
pub struct Help {
    /// What to do about another port.
    pub port: &'static str,
    /// The path of readiness.
    pub ready: &'static str,
    /// The path of liveness; none where the service does not ask.
    pub alive: Option<&'static str>,
    /// The size of an instance, and how many there are; none where the service is told of its plan's.
    pub size: Option<&'static str>,
    /// The settings.
    pub settings: &'static str,
    /// A secret.
    pub secret: &'static str,
}

/// A file by its name in the folder, and the template that it is made from.
///
/// In the name `{environment}` is nothing for production, and `-NAME` for any other environment.
#[derive(Debug)]
pub struct Template {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
}

impl Template {
    /// A file and its template, in the language of Tera. What it may use are the facts of delivery, and `cloud.NAME`.
    #[must_use]
    pub const fn new(name: &'static str, text: &'static str) -> Self {
        Self { name, text }
    }
}

/// What a service's names are taken from.
pub struct Surroundings<'g> {
    pub(super) graph: &'g Graph,
    pub(super) workload: &'g Workload,
    pub(super) target: &'g Target,
    pub(super) at: Place,
}

impl Surroundings<'_> {
    /// The workload.
    #[must_use]
    pub fn workload(&self) -> &Workload {
        self.workload
    }

    /// What runs it.
    #[must_use]
    pub fn target(&self) -> &Target {
        self.target
    }

    /// The graph of its stack.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        self.graph
    }

    /// The environment that is delivered to.
    #[must_use]
    pub fn environment(&self) -> String {
        super::facts::environment(self.graph)
    }

    /// What stands behind the names of what only this environment has: nothing for production, else `-NAME`.
    #[must_use]
    pub fn suffix(&self) -> String {
        super::facts::suffix(&self.environment())
    }

    /// All resources of a type, by its word in addresses.
    #[must_use]
    pub fn all(&self, slug: &str) -> Vec<NodeRef> {
        let indices = (0u32..).zip(&self.graph.nodes).filter(|(_, node)| node.ty.slug == slug);
        indices.map(|(index, _)| self.graph.reference(index)).collect()
    }

    /// The resource that holds another.
    #[must_use]
    pub fn holder(&self, of: NodeRef) -> Option<NodeRef> {
        self.graph.of(of)?.parent.map(|index| self.graph.reference(index))
    }

    /// The name of a resource.
    #[must_use]
    pub fn name(&self, of: NodeRef) -> String {
        self.graph.of(of).map(|node| node.name.clone()).unwrap_or_default()
    }

    /// The full ID of a resource.
    #[must_use]
    pub fn id(&self, of: NodeRef) -> &str {
        self.graph.of(of).map_or("", |node| &node.id)
    }

    /// An output that is known before the resource exists; empty where it is not.
    #[must_use]
    pub fn known(&self, of: NodeRef, output: &str) -> String {
        let node = self.graph.of(of);
        let made = node.and_then(|node| node.made.iter().find(|(name, _)| *name == output));
        made.map(|(_, text)| text.clone()).unwrap_or_default()
    }

    /// What a resource declares.
    #[must_use]
    pub fn declared(&self, of: NodeRef) -> Option<DeclaredBlock<'_>> {
        self.graph.of(of).map(|node| DeclaredBlock::of(&node.fields, node.ty.props))
    }

    /// A declared text, with all that is known before anything exists; empty where some of it is not.
    #[must_use]
    pub fn text(&self, value: &Value) -> String {
        known::rendered(self.graph, value).unwrap_or_default()
    }

    /// Whether a role over a resource is given to a member, both as policies write them.
    #[must_use]
    pub fn granted(&self, over: NodeRef, role: &str, member: &str) -> bool {
        known::granted(self.graph, over, role, member)
    }

    /// What is wrong with a resource.
    #[must_use]
    pub fn wrong(&self, of: NodeRef, what: String, help: &str) -> Diagnostic {
        let problem = Diagnostic::error("delivery-disagrees", what).at(self.at, "delivered here");
        let problem = match self.graph.of(of) {
            Some(node) => problem.at(node.declared_at(), "declared here"),
            None => problem,
        };
        problem.help(help.to_owned())
    }

    /// A parameter of the stack (`gcp.project`); empty where the stack does not say it.
    #[must_use]
    pub fn parameter(&self, name: &str) -> String {
        self.graph.scope.get(name).cloned().unwrap_or_default()
    }

    /// A parameter of the stack that the files cannot do without.
    ///
    /// # Errors
    /// The stack does not say it: a diagnostic with what to write.
    pub fn needed(&self, name: &str, call: &str) -> Result<String, Diagnostic> {
        match self.parameter(name) {
            said if !said.is_empty() => Ok(said),
            _ => Err(Diagnostic::error(
                "delivery-unknown",
                format!("the delivered files name `{name}`, and the stack does not say it"),
            )
            .at(self.at, "delivered here")
            .help(format!("say it where the stack begins: `Stack::new(..){call}`"))),
        }
    }
}

/// The resources that run a workload. The catalogue of each cloud makes it from typed handles.
#[derive(Clone)]
pub struct Target {
    /// The service that hosts it.
    pub host: &'static Host,
    /// What runs it and is told of the workload: the application, and its slots if it has some.
    pub apps: Vec<NodeRef>,
    /// Its database's server, which says the version.
    pub server: NodeRef,
    /// The database.
    pub database: NodeRef,
    /// The registry that images are pulled from.
    pub registry: NodeRef,
    /// What else delivery uses, by the words of the host's `names`.
    pub parts: BTreeMap<&'static str, NodeRef>,
    /// What else the host's `names` are told, as it is.
    pub said: BTreeMap<&'static str, String>,
    /// The environment of what runs, where the host's files say it and no resource of the stack.
    pub variables: BTreeMap<String, Text>,
}

/// A workload with where it runs: what [`Stack::deliver`](crate::dsl::Stack::deliver) takes.
#[derive(Clone)]
pub struct Delivery {
    pub(super) workload: Workload,
    pub(super) target: Target,
    pub(super) backups: Option<BackupTarget>,
}

impl Delivery {
    /// A workload, delivered to a target.
    #[must_use]
    pub fn new(workload: &Workload, target: impl Into<Target>) -> Self {
        Self { workload: workload.clone(), target: target.into(), backups: None }
    }

    /// What makes the workload's backups, and what keeps them.
    #[must_use]
    pub fn backups(mut self, target: impl Into<BackupTarget>) -> Self {
        self.backups = Some(target.into());
        self
    }
}
