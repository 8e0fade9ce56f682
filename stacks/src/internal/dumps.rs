//! Dumps of the database: a job in the network makes one each night, a storage account of its own keeps them for as long as the
//! workload says, and nobody can change or delete one before.
//!
//! The server's own backups go back to any second, and are lost with it. The vault's copies can be restored by Azure alone. A dump can
//! be restored anywhere, by hand, and into another version.

use xat_infra::azure::prelude::*;

use super::data::{Data, Operators};
use super::governance::Keeping;
use super::monitoring::Monitoring;
use super::names::Names;
use super::naming::Naming;
use super::network::Network;

/// What dumps are made from.
pub struct DumpInputs<'a> {
    /// How its resources are called.
    pub naming: Naming,
    /// The group that holds it.
    pub group: Handle<ResourceGroup>,
    /// The network that the job is in.
    pub network: &'a Network,
    /// The names under which everything is found.
    pub names: &'a Names,
    /// What is dumped, and where the secret and the image are.
    pub data: &'a Data,
    /// Whether dumps are worth keeping.
    pub keeping: Keeping,
    /// Who hears of it.
    pub monitoring: &'a Monitoring,
    /// What the application needs.
    pub workload: &'a Workload,
    /// Its database.
    pub database: &'a Database,
    /// How it is backed up.
    pub backups: &'a Backups,
    /// Who restores.
    pub operators: Operators,
}

/// The job's name.
const JOB: &str = "backup";
/// How long a dump may take, in seconds.
const LONGEST: u32 = 2 * 3600;

/// Declares the store, the job, and what both may do.
pub fn dumps(stack: &mut Stack, inputs: &DumpInputs<'_>) -> ContainerJobBackups {
    let DumpInputs { naming, group, names, data, monitoring, backups, .. } = *inputs;
    let (account, container, lifecycle) = store(stack, inputs);
    let endpoint = names.private(stack, "dumps-endpoint", account, names.blobs);

    let identity = stack.add(UserAssignedIdentity::new(naming.named("backup-identity"), group));
    let may_write =
        stack.add(RoleAssignment::new(Role::StorageBlobDataContributor, container, identity));
    let operators = Principal::existing(inputs.operators.id, PrincipalType::Group);
    stack.add(RoleAssignment::new(Role::StorageBlobDataReader, container, operators));
    let may_pull = stack.add(RoleAssignment::new(Role::AcrPull, data.registry, identity));

    // The server itself: what is dumped through a pooler is of many moments.
    let url = data.database.url(inputs.database.user());
    let url = stack.add(VaultSecret::new(Name::new(backups.url().name()), data.vault, url));
    let may_read = stack.add(RoleAssignment::new(Role::KeyVaultSecretsUser, url, identity));

    let environment =
        ContainerAppEnvironment::internal(naming.named("jobs"), group, inputs.network.jobs)
            .logs_to_monitor();
    let environment = stack.add(environment);
    stack.add(monitoring.records("jobs", environment).all_logs().all_metrics());

    let image = ContainerImage::tag(
        data.registry,
        inputs.workload.backup_repository(),
        Tag::new(backups.tag()),
    );
    let dump = backups.job_container(image, ContainerSize::cores(0.5), account, identity);
    let job = ContainerAppJob::scheduled(naming.named(JOB), group, environment, backups.schedule())
        .container(dump)
        .secret(Backups::JOB_SECRET, url, identity)
        .pull_as(data.registry, identity)
        .timeout(LONGEST)
        // What passes by itself is waited for inside; the rest is for people to look at.
        .retries(1)
        .depends_on(may_write)
        .depends_on(may_pull)
        .depends_on(may_read)
        .depends_on(endpoint)
        .depends_on(data.vault_endpoint)
        .depends_on(data.registry_endpoint);
    ContainerJobBackups { job: stack.add(job), container, lifecycle }
}

/// The account, its one container, and the rule by which dumps go.
fn store(
    stack: &mut Stack,
    inputs: &DumpInputs<'_>,
) -> (Handle<StorageAccount>, Handle<StorageContainer>, Handle<StorageLifecycle>) {
    let DumpInputs { naming, group, keeping, monitoring, backups, .. } = *inputs;
    let copies = if keeping.durable { StorageSku::StandardGzrs } else { StorageSku::StandardLrs };
    let account = StorageAccount::new(naming.joined("backenddumps"), group, copies);
    let account = stack.add(keeping.protect(account));
    keeping.lock(stack, "dumps", account, "Holds the dumps of the database.");
    let mut container = StorageContainer::new(Name::new(backups.place_name()), account);
    if keeping.durable {
        container = container.immutability_days(backups.days().into());
    }
    let container = stack.add(keeping.protect(container));
    let lifecycle = stack.add(StorageLifecycle::new(account, vec![backups.lifecycle_rule()]));
    stack.add(monitoring.records("dumps", account).all_metrics());
    (account, container, lifecycle)
}
