//! Azure: its resource types, how it names resources, and the prelude for people who write stacks.

mod action_group;
mod action_group_parts;
mod activity_condition;
mod activity_log_alert;
mod alert_parts;
mod app_service_checks;
mod app_service_delivery;
mod app_service_plan;
mod application_insights;
mod autoscale_parts;
mod autoscale_rule;
mod autoscale_setting;
mod backup_delivery;
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
mod gateway_nat;
mod json_text;
mod key_rotation;
mod key_vault;
mod log_analytics_workspace;
mod log_search_alert;
mod log_search_alert_parts;
mod management_lock;
mod metric_alert;
mod metric_alert_import;
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
pub mod prelude;
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
pub(crate) mod refusals;
mod registry_cache_rule;
mod registry_credential_set;
mod registry_endpoint_connection;
mod registry_replication;
mod registry_task;
mod registry_task_parts;
mod registry_webhook;
mod resource_group;
mod resource_provider_registration;
mod role_assignment;
mod role_definition;
mod route_table;
mod sayings;
mod security_rule;
mod site;
mod site_auth;
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
mod table_route;
mod template_deployment;
mod terraform;
mod types;
mod user_assigned_identity;
mod vault_key;
mod vault_secret;
mod virtual_network;
mod virtual_network_gateway;
mod virtual_network_gateway_limits;
mod virtual_network_gateway_parts;
mod virtual_network_peering;
mod vpn_client_parts;
mod web_app;
mod web_app_image;
mod web_app_parts;
mod web_app_slot;
mod web_test;
mod web_test_parts;

pub use crate::catalog::image::{Digest, Tag};
pub use action_group::{ActionGroup, ActionGroupOutputs};
pub use action_group_parts::{
    AppReceiver, EmailReceiver, EventHubReceiver, FunctionReceiver, LogicAppReceiver,
    PhoneReceiver, RoleReceiver, RunbookReceiver, WebhookReceiver,
};
pub use activity_condition::{
    ActivityCategory, ActivityCondition, ActivityLevel, HealthCause, HealthEvent,
    RecommendationCategory, RecommendationImpact, ResourceHealth,
};
pub use activity_log_alert::{ActivityLogAlert, ActivityLogAlertOutputs};
pub use alert_parts::{AlertAction, AlertDimension, AlertPeriod, AlertSeverity, DimensionOperator};
pub use app_service_delivery::AppServiceTarget;
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
pub use backup_delivery::ContainerJobBackups;
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
pub use flexible_server_origin::{
    ElasticCluster, PromoteMode, PromoteOption, ReplicationRole, ServerOrigin,
};
pub use flexible_server_parts::{
    BurstableSize, CreateMode, DataEncryption, EncryptionKeyType, HighAvailability,
    HighAvailabilityMode, MaintenanceWindow, PgSku, PgTier, PgVersion, ServerAuthentication,
    StorageTier, StorageType,
};
pub use gateway_nat::{GatewayNatRule, NatKind, NatMode};
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
    NetworkSecurityGroup, NetworkSecurityGroupOutputs, RuleKeeping, RulesApart, RulesInside,
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
pub use resource_provider_registration::{
    RegistrationState, ResourceProviderRegistration, ResourceProviderRegistrationOutputs,
};
pub use role_assignment::{GivenRole, RoleAssignment, RoleAssignmentOutputs};
pub use role_definition::{RoleDefinition, RoleDefinitionOutputs, RolePermissions};
pub use route_table::{
    NextHop, Route, RouteKeeping, RouteTable, RouteTableOutputs, RoutesApart, RoutesInside,
};
pub use security_rule::{Direction, Protocol, SecurityRule};
pub use site_auth::{EntraSignIn, ProxyHeaders, SiteAuth, Unauthenticated};
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
pub use table_route::{TableRoute, TableRouteOutputs};
pub use template_deployment::{
    DebugDetail, DeploymentMode, TemplateDeployment, TemplateDeploymentOutputs,
};
pub use types::TYPES;
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
    BgpPeering, BgpSettings, GatewayAddress, GatewayGeneration, GatewayKind, GatewaySku,
    RevokedCertificate, RootCertificate, VpnAuthentication, VpnClients, VpnProtocol, VpnRouting,
};
pub use virtual_network_peering::{VirtualNetworkPeering, VirtualNetworkPeeringOutputs};
pub use vpn_client_parts::{
    ClientIpsecPolicy, DhGroup, IkeEncryption, IkeIntegrity, IpsecEncryption, IpsecIntegrity,
    PfsGroup, RadiusServer,
};
pub use web_app::{WebApp, WebAppOutputs};
pub use web_app_image::{ContainerImage, Runtime};
pub use web_app_parts::{
    AppResources, ClientCertificateMode, Dapr, DaprLogLevel, FtpsState, HostNameSsl, HostType,
    RedundancyMode, SslState, TlsVersion,
};
pub use web_app_slot::{WebAppSlot, WebAppSlotOutputs};
pub use web_test::{WebTest, WebTestOutputs};
pub use web_test_parts::{
    ContentMatch, HttpVerb, TestHeader, TestLocation, Validation, WebRequest,
};
