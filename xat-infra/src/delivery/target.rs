//! Where a workload runs: resources of the stack, and what the service that hosts it allows.

use super::{BackupTarget, Workload};
use crate::value::NodeRef;

/// What a service that hosts containers allows and how it is told, in the words of its type's description.
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
    /// The property that holds the application's environment.
    pub settings: &'static str,
    /// The setting that says on which port the container answers.
    pub port: &'static str,
    /// The property that holds the path which is asked for health.
    pub health: &'static str,
    /// What a reference to a secret begins with, where the service leaves it standing if it cannot look it up.
    pub unresolved: &'static str,
    /// The workflow that delivers to it.
    pub workflow: &'static str,
    /// The provider's own page.
    pub source: &'static str,
}

/// The resources that run a workload. The catalogue of each cloud makes it from typed handles.
#[derive(Clone, Debug)]
pub struct Target {
    /// The service that hosts it.
    pub host: &'static Host,
    /// What runs it: the application, and its slots if it has some.
    pub apps: Vec<NodeRef>,
    /// Its database's server, which says the version.
    pub server: NodeRef,
    /// The property of the server that holds the version.
    pub version: &'static str,
    /// The database.
    pub database: NodeRef,
    /// The registry that images are pulled from.
    pub registry: NodeRef,
    /// The store that keeps secrets.
    pub vault: NodeRef,
    /// The label of runners that reach all of these, the application included.
    pub runner: &'static str,
}

/// A workload with where it runs: what [`Stack::deliver`](crate::dsl::Stack::deliver) takes.
#[derive(Clone, Debug)]
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
