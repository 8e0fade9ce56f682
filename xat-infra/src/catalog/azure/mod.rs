//! Azure: its resource types, how it names resources, and the prelude for people who write stacks.

mod app_service_plan;
mod backup_schedule;
mod backup_vault;
mod common;
mod container_registry;
mod customer_key;
mod flexible_server;
mod flexible_server_checks;
mod flexible_server_origin;
mod flexible_server_parts;
mod key_rotation;
mod key_vault;
mod nat_gateway;
mod network_security_group;
mod network_security_rule;
mod pg_administrator;
mod pg_backup;
mod pg_backup_instance;
mod pg_backup_policy;
mod pg_configuration;
mod pg_database;
mod pg_firewall_rule;
mod private_dns_a_record;
mod private_dns_inbound_endpoint;
mod private_dns_resolver;
mod private_dns_zone;
mod private_dns_zone_link;
mod private_endpoint;
mod provider;
mod public_ip_address;
mod raw;
mod registry_cache_rule;
mod registry_credential_set;
mod registry_endpoint_connection;
mod registry_replication;
mod registry_task;
mod registry_task_parts;
mod registry_webhook;
mod resource_group;
mod role_assignment;
mod route_table;
mod site;
mod site_checks;
mod site_config;
mod site_parts;
mod site_runtime;
mod site_settings;
mod storage_account;
mod storage_account_checks;
mod storage_account_files;
mod storage_account_parts;
mod storage_container;
mod storage_lifecycle;
mod subnet;
mod subnet_sizes;
#[cfg(test)]
mod test;
#[cfg(test)]
mod testing;
mod user_assigned_identity;
mod vault_key;
mod vault_secret;
mod virtual_network;
mod virtual_network_gateway;
mod virtual_network_gateway_limits;
mod virtual_network_gateway_parts;
mod virtual_network_peering;
mod web_app;
mod web_app_image;
mod web_app_parts;
mod web_app_slot;

use crate::dsl::Resource;
use crate::schema::Registered;

pub use app_service_plan::{AppServicePlan, AppServicePlanOutputs, PlanSku};
pub use backup_schedule::{BackupMark, BackupSchedule, BackupSpan, Weekday};
pub use backup_vault::{
    BackupImmutability, BackupRedundancy, BackupSoftDelete, BackupVault, BackupVaultOutputs,
};
pub use common::{Region, Retention};
pub use container_registry::{
    AnonymousTier, Basic, ContainerRegistry, ContainerRegistryOutputs, Premium,
    RegistryNetworkRules, RegistrySku, RegistryTier, RoleAssignmentMode, Standard,
};
pub use customer_key::CustomerKey;
pub use flexible_server::{FlexibleServer, FlexibleServerOutputs};
pub use flexible_server_origin::ServerOrigin;
pub use flexible_server_parts::{
    BurstableSize, CreateMode, DataEncryption, ElasticCluster, EncryptionKeyType, HighAvailability,
    HighAvailabilityMode, MaintenanceWindow, PgSku, PgTier, PgVersion, PromoteMode, PromoteOption,
    ReplicationRole, ServerAuthentication, StorageTier, StorageType,
};
pub use key_rotation::KeyRotation;
pub use key_vault::{
    AccessPolicy, Bypass, KeyVault, KeyVaultOutputs, RuleAction, VaultNetworkRules, VaultSku,
};
pub use nat_gateway::{NatGateway, NatGatewayOutputs, NatGatewaySku};
pub use network_security_group::{
    Direction, NetworkSecurityGroup, NetworkSecurityGroupOutputs, Protocol, RuleKeeping,
    RulesApart, RulesInside, SecurityRule,
};
pub use network_security_rule::{NetworkSecurityRule, NetworkSecurityRuleOutputs};
pub use pg_administrator::{PgAdministrator, PgAdministratorOutputs, PgPrincipalType};
pub use pg_backup::{PgBackup, PgBackupOutputs};
pub use pg_backup_instance::{PgBackupInstance, PgBackupInstanceOutputs};
pub use pg_backup_policy::{PgBackupPolicy, PgBackupPolicyOutputs};
pub use pg_configuration::{PgBouncer, PgConfiguration, PgConfigurationOutputs, PoolMode};
pub use pg_database::{PgDatabase, PgDatabaseOutputs};
pub use pg_firewall_rule::{PgFirewallRule, PgFirewallRuleOutputs};
pub use private_dns_a_record::{PrivateDnsARecord, PrivateDnsARecordOutputs};
pub use private_dns_inbound_endpoint::{
    InboundAddress, PrivateDnsInboundEndpoint, PrivateDnsInboundEndpointOutputs,
};
pub use private_dns_resolver::{PrivateDnsResolver, PrivateDnsResolverOutputs};
pub use private_dns_zone::{PrivateDnsZone, PrivateDnsZoneOutputs};
pub use private_dns_zone_link::{PrivateDnsZoneLink, PrivateDnsZoneLinkOutputs, ResolutionPolicy};
pub use private_endpoint::{
    ConnectionState, EndpointDnsName, EndpointIp, PrivateEndpoint, PrivateEndpointOutputs,
    PrivateLinkConnection, PrivateLinkTarget,
};
pub use provider::{AzureScope, PROVIDER};
pub use public_ip_address::{
    DdosProtection, DnsLabelScope, IpAllocation, IpVersion, PublicIpAddress,
    PublicIpAddressOutputs, PublicIpReach, PublicIpSku,
};
pub use raw::{RawArm, RawArmOutputs};
pub use registry_cache_rule::{RegistryCacheRule, RegistryCacheRuleOutputs};
pub use registry_credential_set::{
    RegistryCredentialSet, RegistryCredentialSetOutputs, UpstreamCredential,
};
pub use registry_endpoint_connection::{
    ConnectionAnswer, ConnectionStatus, RegistryEndpointConnection,
    RegistryEndpointConnectionOutputs,
};
pub use registry_replication::{RegistryReplication, RegistryReplicationOutputs};
pub use registry_task::{RegistryTask, RegistryTaskOutputs};
pub use registry_task_parts::{
    BaseImageTrigger, BaseImages, DockerStep, EncodedStep, FileStep, LoginMode, SourceEvent,
    SourceHost, SourceTrigger, TaskArchitecture, TaskSystem, TimerTrigger,
};
pub use registry_webhook::{RegistryWebhook, RegistryWebhookOutputs, WebhookAction};
pub use resource_group::{ResourceGroup, ResourceGroupOutputs};
pub use role_assignment::{Role, RoleAssignment, RoleAssignmentOutputs};
pub use route_table::{NextHop, Route, RouteTable, RouteTableOutputs};
pub use site_parts::{
    AccessRestriction, ConnectionKind, ConnectionString, Cors, LogLevel, MountKind,
    RestrictionSource, SiteLogs, StorageMount,
};
pub use site_runtime::{
    AutoHeal, HealAction, LoadBalancing, PipelineMode, RequestTrigger, SlowTrigger, StatusTrigger,
    VirtualApplication,
};
pub use storage_account::{StorageAccount, StorageAccountOutputs};
pub use storage_account_files::{
    BlobCorsRule, DomainAccountType, FilesAuthentication, FilesDirectory, FilesDomain,
    SharePermission,
};
pub use storage_account_parts::{
    AccessTier, AccountImmutability, CopyScope, CustomDomain, DnsEndpointType, EncryptionKeySource,
    ImmutabilityState, KeyScope, ResourceAccess, Routing, RoutingChoice, SasAction, SasPolicy,
    StorageBypass, StorageKind, StorageNetworkRules, StorageSku, StorageTls,
};
pub use storage_container::{PublicAccess, StorageContainer, StorageContainerOutputs};
pub use storage_lifecycle::{
    BlobType, IndexTag, LifecycleRule, StorageLifecycle, StorageLifecycleOutputs,
};
pub use subnet::{
    ContainerEnvironments, DelegatedService, Delegation, DnsResolvers, Gateways,
    PostgresFlexibleServers, PrivateEndpointPolicies, ServiceEndpoint, SharingScope, Subnet,
    SubnetDelegation, SubnetOutputs, Undelegated, WebServerFarms,
};
pub use user_assigned_identity::{
    ClientId, IdentityType, IsolationScope, Principal, PrincipalId, PrincipalType,
    UserAssignedIdentity, UserAssignedIdentityOutputs,
};
pub use vault_key::{KeyCurve, KeyKind, KeyOperation, VaultKey, VaultKeyOutputs};
pub use vault_secret::{VaultSecret, VaultSecretOutputs};
pub use virtual_network::{
    EncryptionEnforcement, InlinePeering, InlineSubnet, PrivateEndpointVnetPolicies,
    VirtualNetwork, VirtualNetworkOutputs,
};
pub use virtual_network_gateway::{VirtualNetworkGateway, VirtualNetworkGatewayOutputs};
pub use virtual_network_gateway_parts::{
    BgpPeering, BgpSettings, GatewayAddress, GatewayGeneration, GatewayKind, GatewayNatRule,
    GatewaySku, NatKind, NatMode, RevokedCertificate, RootCertificate, VpnAuthentication,
    VpnClients, VpnProtocol, VpnRouting,
};
pub use virtual_network_peering::{VirtualNetworkPeering, VirtualNetworkPeeringOutputs};
pub use web_app::{WebApp, WebAppOutputs};
pub use web_app_image::{ContainerImage, Digest, Runtime, Tag};
pub use web_app_parts::{
    AppResources, ClientCertificateMode, Dapr, DaprLogLevel, FtpsState, HostNameSsl, HostType,
    RedundancyMode, SslState, TlsVersion,
};
pub use web_app_slot::{WebAppSlot, WebAppSlotOutputs};

/// Every type of this catalogue, by name.
pub static TYPES: &[Registered] = &[
    Registered {
        ty: <AppServicePlan as Resource>::resource_type,
        example: app_service_plan::example,
    },
    Registered { ty: <BackupVault as Resource>::resource_type, example: backup_vault::example },
    Registered {
        ty: <ContainerRegistry<Standard> as Resource>::resource_type,
        example: container_registry::example,
    },
    Registered {
        ty: <FlexibleServer as Resource>::resource_type,
        example: flexible_server::example,
    },
    Registered { ty: <KeyVault as Resource>::resource_type, example: key_vault::example },
    Registered { ty: <NatGateway as Resource>::resource_type, example: nat_gateway::example },
    Registered {
        ty: <NetworkSecurityGroup as Resource>::resource_type,
        example: network_security_group::example,
    },
    Registered {
        ty: <NetworkSecurityRule as Resource>::resource_type,
        example: network_security_rule::example,
    },
    Registered {
        ty: <PgAdministrator as Resource>::resource_type,
        example: pg_administrator::example,
    },
    Registered { ty: <PgBackup as Resource>::resource_type, example: pg_backup::example },
    Registered {
        ty: <PgBackupInstance as Resource>::resource_type,
        example: pg_backup_instance::example,
    },
    Registered {
        ty: <PgBackupPolicy as Resource>::resource_type,
        example: pg_backup_policy::example,
    },
    Registered {
        ty: <PgConfiguration as Resource>::resource_type,
        example: pg_configuration::example,
    },
    Registered { ty: <PgDatabase as Resource>::resource_type, example: pg_database::example },
    Registered {
        ty: <PgFirewallRule as Resource>::resource_type,
        example: pg_firewall_rule::example,
    },
    Registered {
        ty: <PrivateDnsARecord as Resource>::resource_type,
        example: private_dns_a_record::example,
    },
    Registered {
        ty: <PrivateDnsInboundEndpoint as Resource>::resource_type,
        example: private_dns_inbound_endpoint::example,
    },
    Registered {
        ty: <PrivateDnsResolver as Resource>::resource_type,
        example: private_dns_resolver::example,
    },
    Registered {
        ty: <PrivateDnsZone as Resource>::resource_type,
        example: private_dns_zone::example,
    },
    Registered {
        ty: <PrivateDnsZoneLink as Resource>::resource_type,
        example: private_dns_zone_link::example,
    },
    Registered {
        ty: <PrivateEndpoint as Resource>::resource_type,
        example: private_endpoint::example,
    },
    Registered {
        ty: <PublicIpAddress as Resource>::resource_type,
        example: public_ip_address::example,
    },
    Registered { ty: <RawArm as Resource>::resource_type, example: raw::example },
    Registered {
        ty: <RegistryCacheRule as Resource>::resource_type,
        example: registry_cache_rule::example,
    },
    Registered {
        ty: <RegistryCredentialSet as Resource>::resource_type,
        example: registry_credential_set::example,
    },
    Registered {
        ty: <RegistryEndpointConnection as Resource>::resource_type,
        example: registry_endpoint_connection::example,
    },
    Registered {
        ty: <RegistryReplication as Resource>::resource_type,
        example: registry_replication::example,
    },
    Registered { ty: <RegistryTask as Resource>::resource_type, example: registry_task::example },
    Registered {
        ty: <RegistryWebhook as Resource>::resource_type,
        example: registry_webhook::example,
    },
    Registered { ty: <ResourceGroup as Resource>::resource_type, example: resource_group::example },
    Registered {
        ty: <RoleAssignment as Resource>::resource_type,
        example: role_assignment::example,
    },
    Registered { ty: <RouteTable as Resource>::resource_type, example: route_table::example },
    Registered {
        ty: <StorageAccount as Resource>::resource_type,
        example: storage_account::example,
    },
    Registered {
        ty: <StorageContainer as Resource>::resource_type,
        example: storage_container::example,
    },
    Registered {
        ty: <StorageLifecycle as Resource>::resource_type,
        example: storage_lifecycle::example,
    },
    Registered { ty: <Subnet<Undelegated> as Resource>::resource_type, example: subnet::example },
    Registered {
        ty: <UserAssignedIdentity as Resource>::resource_type,
        example: user_assigned_identity::example,
    },
    Registered { ty: <VaultKey as Resource>::resource_type, example: vault_key::example },
    Registered { ty: <VaultSecret as Resource>::resource_type, example: vault_secret::example },
    Registered {
        ty: <VirtualNetwork as Resource>::resource_type,
        example: virtual_network::example,
    },
    Registered {
        ty: <VirtualNetworkGateway as Resource>::resource_type,
        example: virtual_network_gateway::example,
    },
    Registered {
        ty: <VirtualNetworkPeering as Resource>::resource_type,
        example: virtual_network_peering::example,
    },
    Registered { ty: <WebApp as Resource>::resource_type, example: web_app::example },
    Registered { ty: <WebAppSlot as Resource>::resource_type, example: web_app_slot::example },
];

/// Everything that a stack for Azure needs: `use xat_infra::azure::prelude::*;`.
pub mod prelude {
    pub use crate::dsl::{
        AnyRef, Cidr, DataLoss, Handle, Name, Output, RawBody, Ref, Resource as _, Stack,
    };
    pub use crate::value::{Secret, Text};
    pub use crate::{cidr, json, name, tag, text};

    pub use super::{
        AccessPolicy, AccessRestriction, AccessTier, AppServicePlan, AutoHeal, AzureScope,
        BackupImmutability, BackupMark, BackupRedundancy, BackupSchedule, BackupSoftDelete,
        BackupSpan, BackupVault, BaseImageTrigger, Basic, BgpPeering, BgpSettings, BurstableSize,
        Bypass, ClientCertificateMode, ConnectionAnswer, ConnectionKind, ConnectionStatus,
        ContainerEnvironments, ContainerImage, ContainerRegistry, Cors, DataEncryption,
        DdosProtection, Digest, Direction, DnsLabelScope, DnsResolvers, DockerStep, ElasticCluster,
        EncodedStep, EncryptionEnforcement, EndpointIp, FileStep, FlexibleServer, FtpsState,
        GatewayGeneration, GatewayNatRule, GatewaySku, Gateways, HealAction, HighAvailability,
        HighAvailabilityMode, HostNameSsl, IdentityType, InlineSubnet, IpAllocation, IpVersion,
        KeyVault, LoadBalancing, LogLevel, MaintenanceWindow, NatGateway, NatGatewaySku, NatKind,
        NatMode, NetworkSecurityGroup, NetworkSecurityRule, NextHop, PgAdministrator, PgBackup,
        PgBackupInstance, PgBackupPolicy, PgBouncer, PgConfiguration, PgDatabase, PgFirewallRule,
        PgPrincipalType, PgSku, PgTier, PgVersion, PipelineMode, PlanSku, PoolMode,
        PostgresFlexibleServers, Premium, Principal, PrincipalType, PrivateDnsARecord,
        PrivateDnsInboundEndpoint, PrivateDnsResolver, PrivateDnsZone, PrivateDnsZoneLink,
        PrivateEndpoint, PrivateEndpointPolicies, PrivateEndpointVnetPolicies,
        PrivateLinkConnection, PrivateLinkTarget, PromoteOption, Protocol, PublicIpAddress,
        PublicIpReach, PublicIpSku, RawArm, Region, RegistryCacheRule, RegistryCredentialSet,
        RegistryEndpointConnection, RegistryNetworkRules, RegistryReplication, RegistryTask,
        RegistryWebhook, RequestTrigger, ResolutionPolicy, ResourceGroup, RestrictionSource,
        Retention, RevokedCertificate, Role, RoleAssignment, RoleAssignmentMode, RootCertificate,
        Route, RouteTable, RuleAction, RulesApart, RulesInside, Runtime, SecurityRule,
        ServerAuthentication, ServerOrigin, ServiceEndpoint, SharingScope, SiteLogs, SlowTrigger,
        SourceTrigger, Standard, StatusTrigger, StorageMount, StorageTier, StorageType, Subnet,
        Tag, TimerTrigger, TlsVersion, Undelegated, UserAssignedIdentity, VaultNetworkRules,
        VaultSecret, VaultSku, VirtualApplication, VirtualNetwork, VirtualNetworkGateway,
        VirtualNetworkPeering, VpnClients, VpnProtocol, VpnRouting, WebApp, WebAppSlot,
        WebServerFarms, WebhookAction, Weekday,
    };
}
