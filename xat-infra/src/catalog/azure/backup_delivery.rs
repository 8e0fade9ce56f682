//! Backups of a workload on Azure: a job of Container Apps that the clock starts, a container for the dumps, and the lifecycle rule
//! that deletes them.

use crate::azure::{
    AppContainer, ContainerAppJob, ContainerImage, ContainerSize, LifecycleRule, StorageAccount,
    StorageContainer, StorageLifecycle, UserAssignedIdentity,
};
use crate::delivery::{BackupHost, BackupTarget, BackupTold, BackupWords, Backups};
use crate::dsl::Handle;
use crate::schema::DeclaredBlock;
use crate::text;
use crate::value::Value;

/// Container Apps and blobs. A lifecycle rule looks at a blob once a day:
/// <https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-overview>.
static CONTAINER_APPS: BackupHost = BackupHost { told, starts, keeps, words };

/// What makes backups on Azure, and what keeps them.
#[derive(Clone, Copy)]
pub struct ContainerJobBackups {
    /// The job.
    pub job: Handle<ContainerAppJob>,
    /// The container for the dumps.
    pub container: Handle<StorageContainer>,
    /// The rules that delete old dumps.
    pub lifecycle: Handle<StorageLifecycle>,
}

impl From<ContainerJobBackups> for BackupTarget {
    fn from(target: ContainerJobBackups) -> Self {
        Self {
            host: &CONTAINER_APPS,
            job: target.job.node(),
            clock: target.job.node(),
            place: target.container.node(),
            rule: target.lifecycle.node(),
        }
    }
}

impl Backups {
    /// The name by which a job knows the secret with the database's URL: `.secret(Backups::JOB_SECRET, secret, identity)`.
    pub const JOB_SECRET: &'static str = "database-url";

    /// The container of a job that makes them: its environment has the address of the store and the URL of the database, and the
    /// store is opened as this identity.
    #[must_use]
    pub fn job_container(
        &self,
        image: ContainerImage,
        size: ContainerSize,
        account: Handle<StorageAccount>,
        identity: Handle<UserAssignedIdentity>,
    ) -> AppContainer {
        AppContainer::of("backup", image, size)
            .env("AZURE_CLIENT_ID", identity.client_id())
            .env(Self::STORE, text!("{}{}", account.blob_endpoint(), self.place_name()))
            .secret_env(Self::DATABASE_URL, Self::JOB_SECRET)
    }

    /// The rule that deletes them when their time is over, and nothing else.
    #[must_use]
    pub fn lifecycle_rule(&self) -> LifecycleRule {
        LifecycleRule::new("backups")
            .prefix(format!("{}/", self.place_name()))
            .delete_after_creation(self.days().into())
    }
}

fn told(job: DeclaredBlock<'_>) -> BackupTold<'_> {
    let containers = job.blocks("containers");
    let Some(container) = containers.first() else {
        return BackupTold::default();
    };
    let secrets = job.blocks("secrets");
    let secret = |name: &str| {
        let named = secrets
            .iter()
            .find(|secret| secret.text("name").is_some_and(|own| own.eq_ignore_ascii_case(name)));
        named?.get("reference")
    };
    let variables = container.blocks("variables").into_iter().filter_map(|variable| {
        let value = variable.text("secret").map_or(variable.get("value"), secret);
        Some((variable.text("name")?, value?))
    });
    BackupTold { image: container.get("image"), variables: variables.collect() }
}

fn starts(job: DeclaredBlock<'_>) -> Option<&str> {
    job.text("schedule")
}

fn keeps(lifecycle: DeclaredBlock<'_>, place: &str) -> Option<i64> {
    let about = |rule: &DeclaredBlock<'_>| match rule.get("prefixes") {
        Some(Value::List(prefixes)) => prefixes.iter().filter_map(Value::as_str).any(|prefix| {
            prefix.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest == "/")
        }),
        _ => true,
    };
    let followed =
        |rule: &DeclaredBlock<'_>| !matches!(rule.get("enabled"), Some(Value::Bool(false)));
    let days = |rule: DeclaredBlock<'_>| {
        rule.int("delete_after_creation").or_else(|| rule.int("delete_after_change"))
    };
    let rules = lifecycle.blocks("rules").into_iter();
    // Where two are about it, the shorter time decides.
    rules.filter(|rule| about(rule) && followed(rule)).filter_map(days).min()
}

fn words(job: &str, place: &str) -> BackupWords {
    // `/subscriptions/ID/resourceGroups/NAME/providers/Microsoft.Storage/storageAccounts/NAME/blobServices/default/containers/NAME`
    let part = |id: &str, at: usize| id.split('/').nth(at).unwrap_or_default().to_owned();
    let job = format!("--name {} --resource-group {}", part(job, 8), part(job, 4));
    BackupWords {
        address: format!("https://{}.blob.core.windows.net/{}", part(place, 8), part(place, 12)),
        start: format!("az containerapp job start {job}"),
        runs: format!("az containerapp job execution list {job} --output table"),
        token: "az account get-access-token --resource https://storage.azure.com/ --query accessToken --output tsv"
            .to_owned(),
        rule: "the lifecycle rule `backups` of the storage account",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsl::{Ref, Resource};

    fn kept(rules: Vec<LifecycleRule>) -> Option<i64> {
        let account = Ref::<StorageAccount>::existing("/subscriptions/s/x");
        let (fields, _) = StorageLifecycle::new(account, rules).declare();
        keeps(DeclaredBlock::of(&fields, StorageLifecycle::resource_type().props), "dumps")
    }

    /// Only a rule that is followed, and is about these blobs, keeps them for a time.
    #[test]
    fn what_deletes_dumps_is_found() {
        let rule = || LifecycleRule::new("old").delete_after_creation(28);
        assert_eq!(kept(vec![rule()]), Some(28));
        assert_eq!(kept(vec![rule().prefix("dumps/")]), Some(28));
        assert_eq!(kept(vec![rule().prefix("others/")]), None);
        assert_eq!(kept(vec![rule().prefix("dumps/old/")]), None);
        assert_eq!(kept(vec![rule().prefix("dumpsters/")]), None);
        assert_eq!(kept(vec![rule().enabled(false)]), None);
        assert_eq!(kept(vec![LifecycleRule::new("cool").cool_after_creation(28)]), None);
        let sooner = LifecycleRule::new("sooner").delete_after_change(7);
        assert_eq!(kept(vec![rule(), sooner]), Some(7));
    }
}
