//! Azure: its resource types, how it names resources, and the prelude for people who write stacks.

mod action_group;
mod action_group_parts;
mod activity_condition;
mod activity_log_alert;
mod alert_parts;
mod app_service_plan;
mod application_insights;
mod autoscale_parts;
mod autoscale_rule;
mod autoscale_setting;
mod backup_schedule;
mod backup_vault;
mod budget;
mod budget_terms;
mod built_in_roles;
mod common;
mod container_app;
mod container_app_environment;
mod container_app_job;
mod container_ingress;
mod container_parts;
mod container_probe;
mod container_registry;
mod container_scale;
mod container_workload;
mod customer_key;
mod diagnostic_setting;
mod federated_identity_credential;
mod flexible_server;
mod flexible_server_checks;
mod flexible_server_origin;
mod flexible_server_parts;
mod identity_setters;
mod key_rotation;
mod key_vault;
mod log_analytics_workspace;
mod log_search_alert;
mod log_search_alert_parts;
mod management_lock;
mod metric_alert;
mod metric_alert_parts;
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
mod policy_assignment;
mod policy_terms;
mod private_dns_a_record;
mod private_dns_inbound_endpoint;
mod private_dns_resolver;
mod private_dns_zone;
mod private_dns_zone_link;
mod private_endpoint;
mod provider;
mod public_ip_address;
mod raw;
#[cfg(test)]
mod refusals;
mod registry_cache_rule;
mod registry_credential_set;
mod registry_endpoint_connection;
mod registry_replication;
mod registry_task;
mod registry_task_parts;
mod registry_webhook;
mod resource_group;
mod role_assignment;
mod role_definition;
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
mod web_test;
mod web_test_parts;

use crate::dsl::Resource;
use crate::schema::Registered;

pub use action_group::{ActionGroup, ActionGroupOutputs};
pub use action_group_parts::{
    AppReceiver, EmailReceiver, EventHubReceiver, FunctionReceiver, LogicAppReceiver, RoleReceiver,
    RunbookReceiver, SmsReceiver, VoiceReceiver, WebhookReceiver,
};
pub use activity_condition::{
    ActivityCategory, ActivityCondition, ActivityLevel, HealthCause, HealthEvent,
    RecommendationCategory, RecommendationImpact, ResourceHealth,
};
pub use activity_log_alert::{ActivityLogAlert, ActivityLogAlertOutputs};
pub use alert_parts::{AlertAction, AlertDimension, AlertPeriod, AlertSeverity, DimensionOperator};
pub use app_service_plan::{AppServicePlan, AppServicePlanOutputs, PlanSku};
pub use application_insights::{ApplicationInsights, ApplicationInsightsOutputs, ApplicationType};
pub use autoscale_parts::{
    AutoscaleNotification, AutoscaleProfile, AutoscaleWebhook, PredictiveMode, PredictiveScaling,
    ScaleFrequency, ScaleOperation, ScaleSchedule, ScaleWindow,
};
pub use autoscale_rule::{
    ScaleDimension, ScaleDimensionOperator, ScaleDirection, ScaleKind, ScaleOperator, ScaleRule,
    ScaleStatistic, ScaleStep, TimeAggregation,
};
pub use autoscale_setting::{AutoscaleSetting, AutoscaleSettingOutputs, Scalable};
pub use backup_schedule::{BackupMark, BackupSchedule, BackupSpan};
pub use backup_vault::{
    BackupImmutability, BackupRedundancy, BackupSoftDelete, BackupVault, BackupVaultOutputs,
};
pub use budget::{Budget, BudgetOutputs, SubscriptionBudget, SubscriptionBudgetOutputs};
pub use budget_terms::{
    BudgetNotification, BudgetTerms, CostFilter, CostKind, CostProperty, ThresholdOperator,
    TimeGrain,
};
pub use built_in_roles::Role;
pub use common::{Region, Retention, Weekday};
pub use container_app::{AppDapr, ContainerApp, ContainerAppOutputs, DaprProtocol, RevisionMode};
pub use container_app_environment::{
    ContainerAppEnvironment, ContainerAppEnvironmentOutputs, LogsDestination, WorkloadProfile,
};
pub use container_app_job::{ContainerAppJob, ContainerAppJobOutputs, JobTrigger};
pub use container_ingress::{
    AppIngress, IngressCertificates, IngressCors, IngressRule, IngressTransport, TrafficWeight,
};
pub use container_parts::{
    AppContainer, AppRegistry, AppSecret, AppVolume, ContainerSize, EnvironmentVariable,
    VolumeKind, VolumeMount,
};
pub use container_probe::{
    ContainerProbe, HttpProbe, ProbeHeader, ProbeKind, ProbeScheme, TcpProbe, TcpTransport,
};
pub use container_registry::{
    AnonymousTier, Basic, ContainerRegistry, ContainerRegistryOutputs, Premium,
    RegistryNetworkRules, RegistrySku, RegistryTier, RoleAssignmentMode, Standard,
};
pub use container_scale::{
    AppScaleRule, CustomScale, HttpScale, JobScaleRule, ScaleSecret, TcpScale,
};
pub use customer_key::CustomerKey;
pub use diagnostic_setting::{
    DiagnosticSetting, DiagnosticSettingOutputs, LogSelection, MetricSelection, WorkspaceTables,
};
pub use federated_identity_credential::{
    FederatedIdentityCredential, FederatedIdentityCredentialOutputs, GithubSubject,
};
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
pub use log_analytics_workspace::{
    LogAnalyticsWorkspace, LogAnalyticsWorkspaceOutputs, WorkspaceAccess, WorkspaceSku,
};
pub use log_search_alert::{LogSearchAlert, LogSearchAlertOutputs};
pub use log_search_alert_parts::{LogAlertActions, LogCriterion, LogOperator};
pub use management_lock::{LockLevel, ManagementLock, ManagementLockOutputs};
pub use metric_alert::{MetricAlert, MetricAlertOutputs};
pub use metric_alert_parts::{
    AlertSensitivity, CriteriaKind, CriterionKind, MetricAggregation, MetricCriteria,
    MetricCriterion, MetricOperator,
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
pub use policy_assignment::{
    PolicyAssignment, PolicyAssignmentOutputs, SubscriptionPolicyAssignment,
    SubscriptionPolicyAssignmentOutputs,
};
pub use policy_terms::{PolicyMessage, PolicyTerms};
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
pub use role_assignment::{GivenRole, RoleAssignment, RoleAssignmentOutputs};
pub use role_definition::{RoleDefinition, RoleDefinitionOutputs, RolePermissions};
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
pub use web_test::{WebTest, WebTestOutputs};
pub use web_test_parts::{
    ContentMatch, HttpVerb, TestHeader, TestLocation, Validation, WebRequest,
};

/// Every type of this catalogue, by name.
pub static TYPES: &[Registered] = &[
    Registered { ty: <ActionGroup as Resource>::resource_type, example: action_group::example },
    Registered {
        ty: <ActivityLogAlert as Resource>::resource_type,
        example: activity_log_alert::example,
    },
    Registered {
        ty: <AppServicePlan as Resource>::resource_type,
        example: app_service_plan::example,
    },
    Registered {
        ty: <ApplicationInsights as Resource>::resource_type,
        example: application_insights::example,
    },
    Registered {
        ty: <AutoscaleSetting as Resource>::resource_type,
        example: autoscale_setting::example,
    },
    Registered { ty: <BackupVault as Resource>::resource_type, example: backup_vault::example },
    Registered { ty: <Budget as Resource>::resource_type, example: budget::example },
    Registered { ty: <ContainerApp as Resource>::resource_type, example: container_app::example },
    Registered {
        ty: <ContainerAppEnvironment as Resource>::resource_type,
        example: container_app_environment::example,
    },
    Registered {
        ty: <ContainerAppJob as Resource>::resource_type,
        example: container_app_job::example,
    },
    Registered {
        ty: <ContainerRegistry<Standard> as Resource>::resource_type,
        example: container_registry::example,
    },
    Registered {
        ty: <DiagnosticSetting as Resource>::resource_type,
        example: diagnostic_setting::example,
    },
    Registered {
        ty: <FederatedIdentityCredential as Resource>::resource_type,
        example: federated_identity_credential::example,
    },
    Registered {
        ty: <FlexibleServer as Resource>::resource_type,
        example: flexible_server::example,
    },
    Registered { ty: <KeyVault as Resource>::resource_type, example: key_vault::example },
    Registered {
        ty: <LogAnalyticsWorkspace as Resource>::resource_type,
        example: log_analytics_workspace::example,
    },
    Registered {
        ty: <LogSearchAlert as Resource>::resource_type,
        example: log_search_alert::example,
    },
    Registered {
        ty: <ManagementLock as Resource>::resource_type,
        example: management_lock::example,
    },
    Registered { ty: <MetricAlert as Resource>::resource_type, example: metric_alert::example },
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
        ty: <PolicyAssignment as Resource>::resource_type,
        example: policy_assignment::example,
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
    Registered {
        ty: <RoleDefinition as Resource>::resource_type,
        example: role_definition::example,
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
        ty: <SubscriptionBudget as Resource>::resource_type,
        example: budget::subscription_example,
    },
    Registered {
        ty: <SubscriptionPolicyAssignment as Resource>::resource_type,
        example: policy_assignment::subscription_example,
    },
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
    Registered { ty: <WebTest as Resource>::resource_type, example: web_test::example },
];

/// Everything that a stack for Azure needs: `use xat_infra::azure::prelude::*;`.
pub mod prelude {
    pub use crate::dsl::{
        AnyRef, Cidr, DataLoss, Handle, Name, Output, RawBody, Ref, Resource as _, Stack,
    };
    pub use crate::value::{Secret, Text};
    pub use crate::{cidr, json, name, tag, text};

    pub use super::{
        AccessPolicy, AccessRestriction, AccessTier, ActionGroup, ActivityCondition, ActivityLevel,
        ActivityLogAlert, AlertAction, AlertDimension, AlertPeriod, AlertSensitivity,
        AlertSeverity, AppContainer, AppDapr, AppIngress, AppReceiver, AppScaleRule,
        AppServicePlan, AppVolume, ApplicationInsights, ApplicationType, AutoHeal,
        AutoscaleNotification, AutoscaleProfile, AutoscaleSetting, AutoscaleWebhook, AzureScope,
        BackupImmutability, BackupMark, BackupRedundancy, BackupSchedule, BackupSoftDelete,
        BackupSpan, BackupVault, BaseImageTrigger, Basic, BgpPeering, BgpSettings, Budget,
        BudgetNotification, BudgetTerms, BurstableSize, Bypass, ClientCertificateMode,
        ConnectionAnswer, ConnectionKind, ConnectionStatus, ContainerApp, ContainerAppEnvironment,
        ContainerAppJob, ContainerEnvironments, ContainerImage, ContainerProbe, ContainerRegistry,
        ContainerSize, ContentMatch, Cors, CostFilter, CostKind, CustomScale, DaprProtocol,
        DataEncryption, DdosProtection, DiagnosticSetting, Digest, DimensionOperator, Direction,
        DnsLabelScope, DnsResolvers, DockerStep, ElasticCluster, EmailReceiver, EncodedStep,
        EncryptionEnforcement, EndpointIp, EventHubReceiver, FederatedIdentityCredential, FileStep,
        FlexibleServer, FtpsState, FunctionReceiver, GatewayGeneration, GatewayNatRule, GatewaySku,
        Gateways, GithubSubject, HealAction, HealthCause, HealthEvent, HighAvailability,
        HighAvailabilityMode, HostNameSsl, HttpProbe, HttpVerb, IdentityType, IngressCertificates,
        IngressCors, IngressRule, IngressTransport, InlineSubnet, IpAllocation, IpVersion,
        JobScaleRule, JobTrigger, KeyVault, LoadBalancing, LockLevel, LogAnalyticsWorkspace,
        LogCriterion, LogLevel, LogOperator, LogSearchAlert, LogSelection, LogicAppReceiver,
        LogsDestination, MaintenanceWindow, ManagementLock, MetricAggregation, MetricAlert,
        MetricCriterion, NatGateway, NatGatewaySku, NatKind, NatMode, NetworkSecurityGroup,
        NetworkSecurityRule, NextHop, PgAdministrator, PgBackup, PgBackupInstance, PgBackupPolicy,
        PgBouncer, PgConfiguration, PgDatabase, PgFirewallRule, PgPrincipalType, PgSku, PgTier,
        PgVersion, PipelineMode, PlanSku, PolicyAssignment, PolicyMessage, PolicyTerms, PoolMode,
        PostgresFlexibleServers, PredictiveMode, PredictiveScaling, Premium, Principal,
        PrincipalType, PrivateDnsARecord, PrivateDnsInboundEndpoint, PrivateDnsResolver,
        PrivateDnsZone, PrivateDnsZoneLink, PrivateEndpoint, PrivateEndpointPolicies,
        PrivateEndpointVnetPolicies, PrivateLinkConnection, PrivateLinkTarget, ProbeHeader,
        ProbeKind, ProbeScheme, PromoteOption, Protocol, PublicIpAddress, PublicIpReach,
        PublicIpSku, RawArm, RecommendationCategory, RecommendationImpact, Region,
        RegistryCacheRule, RegistryCredentialSet, RegistryEndpointConnection, RegistryNetworkRules,
        RegistryReplication, RegistryTask, RegistryWebhook, RequestTrigger, ResolutionPolicy,
        ResourceGroup, ResourceHealth, RestrictionSource, Retention, RevisionMode,
        RevokedCertificate, Role, RoleAssignment, RoleAssignmentMode, RoleDefinition,
        RolePermissions, RoleReceiver, RootCertificate, Route, RouteTable, RuleAction, RulesApart,
        RulesInside, RunbookReceiver, Runtime, Scalable, ScaleDimension, ScaleDirection, ScaleKind,
        ScaleOperator, ScaleRule, ScaleSchedule, ScaleSecret, ScaleStatistic, ScaleStep,
        ScaleWindow, SecurityRule, ServerAuthentication, ServerOrigin, ServiceEndpoint,
        SharingScope, SiteLogs, SlowTrigger, SmsReceiver, SourceTrigger, Standard, StatusTrigger,
        StorageMount, StorageTier, StorageType, Subnet, SubscriptionBudget,
        SubscriptionPolicyAssignment, Tag, TcpProbe, TestHeader, TestLocation, ThresholdOperator,
        TimeAggregation, TimeGrain, TimerTrigger, TlsVersion, TrafficWeight, Undelegated,
        UserAssignedIdentity, Validation, VaultNetworkRules, VaultSecret, VaultSku,
        VirtualApplication, VirtualNetwork, VirtualNetworkGateway, VirtualNetworkPeering,
        VoiceReceiver, VolumeKind, VolumeMount, VpnClients, VpnProtocol, VpnRouting, WebApp,
        WebAppSlot, WebRequest, WebServerFarms, WebTest, WebhookAction, WebhookReceiver, Weekday,
        WorkloadProfile, WorkspaceAccess, WorkspaceSku, WorkspaceTables,
    };
}
