//! Azure: its resource types, how it names resources, and the prelude for people who write stacks.

mod app_service_plan;
mod common;
mod container_registry;
mod flexible_server;
mod flexible_server_parts;
mod key_vault;
mod network_security_group;
mod pg_database;
mod private_dns_zone;
mod private_dns_zone_link;
mod private_endpoint;
mod provider;
mod raw;
mod resource_group;
mod role_assignment;
mod site;
mod site_checks;
mod site_config;
mod site_parts;
mod site_runtime;
mod site_settings;
mod subnet;
mod user_assigned_identity;
mod vault_secret;
mod virtual_network;
mod web_app;
mod web_app_image;
mod web_app_parts;
mod web_app_slot;

use crate::dsl::Resource;
use crate::schema::Registered;

pub use app_service_plan::{AppServicePlan, AppServicePlanOutputs, PlanSku};
pub use common::{Region, Retention};
pub use container_registry::{
    AnonymousTier, Basic, ContainerRegistry, ContainerRegistryOutputs, Premium,
    RegistryNetworkRules, RegistrySku, RegistryTier, RoleAssignmentMode, Standard,
};
pub use flexible_server::{FlexibleServer, FlexibleServerOutputs};
pub use flexible_server_parts::{
    BurstableSize, CreateMode, DataEncryption, EncryptionKeyType, HighAvailability,
    HighAvailabilityMode, MaintenanceWindow, PgSku, PgTier, PgVersion, ServerAuthentication,
    StorageTier, StorageType,
};
pub use key_vault::{
    AccessPolicy, Bypass, KeyVault, KeyVaultOutputs, RuleAction, VaultNetworkRules, VaultSku,
};
pub use network_security_group::{
    Direction, NetworkSecurityGroup, NetworkSecurityGroupOutputs, Protocol, SecurityRule,
};
pub use pg_database::{PgDatabase, PgDatabaseOutputs};
pub use private_dns_zone::{PrivateDnsZone, PrivateDnsZoneOutputs};
pub use private_dns_zone_link::{PrivateDnsZoneLink, PrivateDnsZoneLinkOutputs, ResolutionPolicy};
pub use private_endpoint::{
    ConnectionState, EndpointDnsName, EndpointIp, PrivateEndpoint, PrivateEndpointOutputs,
    PrivateLinkConnection, PrivateLinkTarget,
};
pub use provider::{AzureScope, PROVIDER};
pub use raw::{RawArm, RawArmOutputs};
pub use resource_group::{ResourceGroup, ResourceGroupOutputs};
pub use role_assignment::{Role, RoleAssignment, RoleAssignmentOutputs};
pub use site_parts::{
    AccessRestriction, ConnectionKind, ConnectionString, Cors, LogLevel, MountKind,
    RestrictionSource, SiteLogs, StorageMount,
};
pub use site_runtime::{
    AutoHeal, HealAction, LoadBalancing, PipelineMode, RequestTrigger, SlowTrigger, StatusTrigger,
    VirtualApplication,
};
pub use subnet::{
    ContainerEnvironments, DelegatedService, Delegation, PostgresFlexibleServers,
    PrivateEndpointPolicies, ServiceEndpoint, SharingScope, Subnet, SubnetDelegation,
    SubnetOutputs, Undelegated, WebServerFarms,
};
pub use user_assigned_identity::{
    ClientId, IdentityType, IsolationScope, Principal, PrincipalId, PrincipalType,
    UserAssignedIdentity, UserAssignedIdentityOutputs,
};
pub use vault_secret::{VaultSecret, VaultSecretOutputs};
pub use virtual_network::{
    EncryptionEnforcement, InlinePeering, InlineSubnet, PrivateEndpointVnetPolicies,
    VirtualNetwork, VirtualNetworkOutputs,
};
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
    Registered {
        ty: <ContainerRegistry<Standard> as Resource>::resource_type,
        example: container_registry::example,
    },
    Registered {
        ty: <FlexibleServer as Resource>::resource_type,
        example: flexible_server::example,
    },
    Registered { ty: <KeyVault as Resource>::resource_type, example: key_vault::example },
    Registered {
        ty: <NetworkSecurityGroup as Resource>::resource_type,
        example: network_security_group::example,
    },
    Registered { ty: <PgDatabase as Resource>::resource_type, example: pg_database::example },
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
    Registered { ty: <RawArm as Resource>::resource_type, example: raw::example },
    Registered { ty: <ResourceGroup as Resource>::resource_type, example: resource_group::example },
    Registered {
        ty: <RoleAssignment as Resource>::resource_type,
        example: role_assignment::example,
    },
    Registered { ty: <Subnet<Undelegated> as Resource>::resource_type, example: subnet::example },
    Registered {
        ty: <UserAssignedIdentity as Resource>::resource_type,
        example: user_assigned_identity::example,
    },
    Registered { ty: <VaultSecret as Resource>::resource_type, example: vault_secret::example },
    Registered {
        ty: <VirtualNetwork as Resource>::resource_type,
        example: virtual_network::example,
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
        AccessPolicy, AccessRestriction, AppServicePlan, AutoHeal, AzureScope, Basic,
        BurstableSize, Bypass, ClientCertificateMode, ConnectionKind, ContainerEnvironments,
        ContainerImage, ContainerRegistry, Cors, DataEncryption, Digest, Direction,
        EncryptionEnforcement, EndpointIp, FlexibleServer, FtpsState, HealAction, HighAvailability,
        HighAvailabilityMode, HostNameSsl, IdentityType, InlineSubnet, KeyVault, LoadBalancing,
        LogLevel, MaintenanceWindow, NetworkSecurityGroup, PgDatabase, PgSku, PgTier, PgVersion,
        PipelineMode, PlanSku, PostgresFlexibleServers, Premium, Principal, PrincipalType,
        PrivateDnsZone, PrivateDnsZoneLink, PrivateEndpoint, PrivateEndpointPolicies,
        PrivateEndpointVnetPolicies, PrivateLinkConnection, PrivateLinkTarget, Protocol, RawArm,
        Region, RegistryNetworkRules, RequestTrigger, ResolutionPolicy, ResourceGroup,
        RestrictionSource, Retention, Role, RoleAssignment, RoleAssignmentMode, RuleAction,
        Runtime, SecurityRule, ServerAuthentication, ServiceEndpoint, SharingScope, SiteLogs,
        SlowTrigger, Standard, StatusTrigger, StorageMount, StorageTier, StorageType, Subnet, Tag,
        TlsVersion, Undelegated, UserAssignedIdentity, VaultNetworkRules, VaultSecret, VaultSku,
        VirtualApplication, VirtualNetwork, WebApp, WebAppSlot, WebServerFarms,
    };
}
