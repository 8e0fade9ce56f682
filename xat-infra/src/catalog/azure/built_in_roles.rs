//! Roles: the built-in ones by name, any other by the ID of its definition.

use std::borrow::Cow;

use crate::schema::{ChoiceType, Kind, PropertyType, Variables, Variant, canons, rust};
use crate::value::Value;

/// A role: a set of actions that can be given to someone.
///
/// The built-in roles that estates like these need are constants; any other is [`Role::custom`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Role(Cow<'static, str>);

/// The built-in roles, one line of documentation and one GUID each.
macro_rules! built_in_roles {
    ($($(#[doc = $doc_text:literal])* $name:ident = $guid:literal;)*) => {
        /// Built-in roles: <https://learn.microsoft.com/azure/role-based-access-control/built-in-roles>.
        #[allow(non_upper_case_globals, reason = "they read like the members of an enum, and the set is open")]
        impl Role {
            $($(#[doc = $doc_text])*
            pub const $name: Role = Role(Cow::Borrowed(concat!(
                "/providers/Microsoft.Authorization/roleDefinitions/",
                $guid
            )));)*
        }

        /// The last segments of the built-in roles' IDs.
        #[allow(non_upper_case_globals, dead_code, reason = "they are called as the roles are, and facts name a few")]
        mod guids {
            $(pub(super) const $name: &str = $guid;)*
        }

        /// The built-in roles as a choice: previews show names, not GUIDs.
        static BUILT_IN: ChoiceType = ChoiceType {
            rust: "Role",
            doc: "A role: a set of actions that can be given to someone.",
            variants: &[$(Variant {
                rust: stringify!($name),
                wire: concat!("/providers/Microsoft.Authorization/roleDefinitions/", $guid),
                tf: concat!("/providers/Microsoft.Authorization/roleDefinitions/", $guid),
                doc: concat!($($doc_text),*),
            }),*],
        };
    };
}

built_in_roles! {
    /// Everything, giving roles to others included.
    Owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
    /// Everything but giving roles to others.
    Contributor = "b24988ac-6180-42a0-ab88-20f7382dd24c";
    /// Sees everything, changes nothing.
    Reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
    /// Gives roles to others, and nothing else.
    RoleBasedAccessControlAdministrator = "f58310d9-a9f6-439a-9e8d-f62e7b41a168";
    /// Gives roles to others, by whichever way.
    UserAccessAdministrator = "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9";
    /// Pulls images from a registry.
    AcrPull = "7f951dda-4ed3-4680-a7ca-43fe172d538d";
    /// Pushes images to a registry, and pulls them.
    AcrPush = "8311e382-0749-4cb8-b61a-304f252e45ec";
    /// Deletes images from a registry.
    AcrDelete = "c2f4ef07-c644-48eb-af81-4b1b4947fb11";
    /// Lists the repositories of a registry whose roles are narrowed to repositories.
    ContainerRegistryRepositoryCatalogLister = "bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7";
    /// Pulls from repositories of a registry whose roles are narrowed to repositories.
    ContainerRegistryRepositoryReader = "b93aa761-3e63-49ed-ac28-beffa264f7ac";
    /// Pulls from and pushes to repositories of a registry whose roles are narrowed to repositories.
    ContainerRegistryRepositoryWriter = "2a1e307c-b015-4ebd-883e-5b7698a07328";
    /// Pulls, pushes and deletes in repositories of a registry whose roles are narrowed to repositories.
    ContainerRegistryRepositoryContributor = "2efddaa5-3f1f-4df3-97df-af3f13818f4c";
    /// Sets up and runs a registry's tasks, by which everything in it can be changed.
    ContainerRegistryTasksContributor = "fb382eab-e894-4461-af04-94435c366c3f";
    /// Manages container apps.
    ContainerAppsContributor = "358470bc-b998-42bd-ab17-a7e34c199c0f";
    /// Reads container apps and their logs, and runs commands in them.
    ContainerAppsOperator = "f3bd1b5c-91fa-40e7-afe7-0c11d331232c";
    /// Manages jobs of container apps.
    ContainerAppsJobsContributor = "4e3d2b60-56ae-4dc6-a233-09c8e5a82e68";
    /// Reads, starts and stops jobs of container apps.
    ContainerAppsJobsOperator = "b9a307c4-5aa3-4b52-ba60-2b17c136cd7b";
    /// Manages the environments that container apps run in.
    ContainerAppsManagedEnvironmentsContributor = "57cc5028-e6a7-4284-868d-0611c5923f8d";
    /// Everything in a vault.
    KeyVaultAdministrator = "00482a5a-887f-4fb3-b363-3b7fe8e74483";
    /// Writes, lists and deletes a vault's secrets.
    KeyVaultSecretsOfficer = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
    /// Reads the values of a vault's secrets.
    KeyVaultSecretsUser = "4633458b-17de-408a-b874-0445c86b69e6";
    /// Sees what a vault holds, without the values.
    KeyVaultReader = "21090545-7ca7-4776-b22c-e363652d74d2";
    /// Uses a vault's keys.
    KeyVaultCryptoUser = "12338af0-0e69-4776-bea7-57ae8d297424";
    /// Wraps and unwraps keys on behalf of a service that encrypts with them.
    KeyVaultCryptoServiceEncryptionUser = "e147488a-f6f5-4113-8e2d-b22465e65bf6";
    /// Manages vaults, without what is in them.
    KeyVaultContributor = "f25e0fa2-a7c8-4377-a976-54943a77a395";
    /// Writes, lists and deletes a vault's certificates.
    KeyVaultCertificatesOfficer = "a4417e6f-fecd-4de8-b567-7b0420556985";
    /// Reads a vault's certificates, their private keys included.
    KeyVaultCertificateUser = "db79e9a7-68ee-4b58-9aeb-b90e7c24fcba";
    /// Writes, lists and deletes a vault's keys.
    KeyVaultCryptoOfficer = "14b46e9e-c2b7-41b4-b07b-48a6ebf60603";
    /// Sends metrics about resources.
    MonitoringMetricsPublisher = "3913510d-42f4-4e42-8a64-420c390055eb";
    /// Reads all monitoring data.
    MonitoringReader = "43d0d8ad-25c7-4714-9337-8ba259a9fe05";
    /// Reads logs.
    LogAnalyticsReader = "73c42c96-874c-492b-b04d-ab87d138a893";
    /// Reads all monitoring data and changes how it is gathered.
    MonitoringContributor = "749f88d5-cbae-40b8-bcfc-e573ddc772fa";
    /// Reads logs, and sets up how they are gathered.
    LogAnalyticsContributor = "92aaf0da-9dab-42b6-94a3-d43ce8d16293";
    /// Searches logs, and sees nothing of how they are gathered.
    LogAnalyticsDataReader = "3b03c2da-16b3-4a49-8834-0f8130efdd3b";
    /// Manages Application Insights resources.
    ApplicationInsightsComponentContributor = "ae349356-3a1b-4a5e-921d-050484c6347e";
    /// Manages applications, not the plans that they run on.
    WebsiteContributor = "de139f84-1756-47ae-9be6-808fbbe84772";
    /// Manages App Service plans, not the applications on them.
    WebPlanContributor = "2cc479cb-7b4d-49a8-b449-8c00fd0f0a4b";
    /// Reads, writes and deletes blobs, and manages access to them.
    StorageBlobDataOwner = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
    /// Reads, writes and deletes blobs.
    StorageBlobDataContributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
    /// Reads blobs.
    StorageBlobDataReader = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
    /// Manages storage accounts, their keys included, by which everything in them can be read.
    StorageAccountContributor = "17d1049b-9a84-46fb-8f53-869881c3d3ab";
    /// Backs storage accounts up and restores them.
    StorageAccountBackupContributor = "e5e2a7ff-d759-4cd2-bb51-3152d37e2eb1";
    /// Makes links to blobs that are signed with an identity rather than a key.
    StorageBlobDelegator = "db58b8e5-c6ad-4a2a-8342-4190687cbf4a";
    /// Reads, writes and deletes queues and their messages.
    StorageQueueDataContributor = "974c5e8b-45b9-4653-ba55-5f855dd0fb88";
    /// Reads queues and their messages.
    StorageQueueDataReader = "19e7f393-937e-4f77-808e-94535e297925";
    /// Takes messages from queues.
    StorageQueueDataMessageProcessor = "8a0f0c08-91a1-4084-bc3d-661d67233fed";
    /// Puts messages into queues.
    StorageQueueDataMessageSender = "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a";
    /// Reads, writes and deletes tables and their rows.
    StorageTableDataContributor = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3";
    /// Reads tables and their rows.
    StorageTableDataReader = "76199698-9eea-4c19-bc75-cec21354c6b6";
    /// Reads, writes and deletes files of file shares.
    StorageFileDataSmbShareContributor = "0c867c2a-1d8c-454a-a3db-ab2ea1bdc8bb";
    /// Reads files of file shares.
    StorageFileDataSmbShareReader = "aba4ae5f-2193-4029-9191-0cb91df5e314";
    /// Backs up what a vault is told to, and restores it.
    BackupContributor = "5e467623-bb1f-42f4-a55d-6e525e11384b";
    /// Sees backups, and changes nothing.
    BackupReader = "a795c7a0-d4a2-40c1-ae25-d81f01202912";
    /// Lets a backup vault read a PostgreSQL server for backups that are kept for long.
    PostgreSqlFlexibleServerLongTermRetentionBackup = "c088a766-074b-43ba-90d4-1fb21feae531";
    /// Makes, changes and deletes managed identities.
    ManagedIdentityContributor = "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59";
    /// Assigns managed identities to resources.
    ManagedIdentityOperator = "f1a07417-d97a-45cb-824c-7a7467783830";
    /// Manages networks.
    NetworkContributor = "4d97b98b-1d4f-4787-a291-c67834d212e7";
    /// Manages private DNS zones, not the networks that they are linked to.
    PrivateDnsZoneContributor = "b12aa53e-6015-4669-85d0-8515ebb3ae7f";
    /// Manages public DNS zones.
    DnsZoneContributor = "befefa01-2a29-4197-83a8-272ff33ce314";
    /// Manages virtual machines, not the networks and accounts that they use.
    VirtualMachineContributor = "9980e02c-c2be-4d73-94e8-173b1dc7cf3c";
    /// Reads costs, and manages budgets and exports.
    CostManagementContributor = "434105ed-43f6-45c7-a02f-909b2ba83430";
    /// Reads costs, budgets and exports.
    CostManagementReader = "72fafb9e-0641-4937-9268-a91bfd8191a3";
    /// Changes tags, and nothing else.
    TagContributor = "4a9ae827-6dc8-4573-8ac7-8239d42aa03f";
    /// Writes policies and assigns them.
    ResourcePolicyContributor = "36243c78-bf99-498c-9df9-86d9f8d28608";
    /// Sets locks and takes them away.
    LocksContributor = "28bf596f-4eb7-45ce-b5bc-6cf482fec137";
    /// Reads what Defender for Cloud finds.
    SecurityReader = "39bc4728-0917-49c7-9d2c-d95423bc2eb4";
}

impl Role {
    /// A role by the full ID of its definition, for custom roles and for built-in ones without a constant.
    pub fn custom(definition_id: impl Into<String>) -> Self {
        Self(Cow::Owned(definition_id.into()))
    }

    /// The name of a built-in role (`AcrPull`).
    pub fn name(&self) -> Option<&'static str> {
        BUILT_IN.variants.iter().find(|role| role.wire == self.0).map(|role| role.rust)
    }

    /// The definition's ID.
    pub fn definition_id(&self) -> &str {
        &self.0
    }
}

#[diagnostic::do_not_recommend]
impl PropertyType for Role {
    const KIND: &'static Kind = &Kind::Choice(&BUILT_IN);
    fn into_value(self) -> Value {
        Value::literal(self.0)
    }
    fn rust(value: &Value, _: &dyn Variables) -> Option<String> {
        let id = value.as_str()?;
        let built_in = |role: &&Variant| canons::LAST_SEGMENT.same(role.wire, id);
        Some(match BUILT_IN.variants.iter().find(built_in) {
            Some(role) => format!("Role::{}", role.rust),
            None => format!("Role::custom({})", rust::literal(id)),
        })
    }
}

/// How a stack gives a role.
pub(crate) const GIVE_ROLE: &str = "RoleAssignment::new(Role::.., {used}, {who})";

/// The roles that let an identity pull a registry's images. The general ones may do so too.
pub(crate) const PULL_IMAGES: &[&str] = &[
    guids::AcrPull,
    guids::AcrPush,
    guids::ContainerRegistryRepositoryReader,
    guids::ContainerRegistryRepositoryWriter,
    guids::ContainerRegistryRepositoryContributor,
    guids::Reader,
    guids::Contributor,
    guids::Owner,
];

/// The roles that let an identity encrypt with a vault's keys.
pub(crate) const USE_KEYS: &[&str] = &[
    guids::KeyVaultCryptoServiceEncryptionUser,
    guids::KeyVaultCryptoUser,
    guids::KeyVaultCryptoOfficer,
    guids::KeyVaultAdministrator,
];

/// The roles that let an identity read the values of a vault's secrets. The general ones may not.
pub(crate) const READ_SECRETS: &[&str] =
    &[guids::KeyVaultSecretsUser, guids::KeyVaultSecretsOfficer, guids::KeyVaultAdministrator];

#[cfg(test)]
mod tests {
    use super::BUILT_IN;

    #[test]
    fn every_role_is_there_once() {
        let mut ids: Vec<&str> = BUILT_IN.variants.iter().map(|role| role.wire).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
        for id in ids {
            let guid = id.rsplit('/').next().unwrap_or_default();
            assert!(
                uuid::Uuid::parse_str(guid).is_ok_and(|parsed| parsed.to_string() == guid),
                "{id}"
            );
        }
    }
}
