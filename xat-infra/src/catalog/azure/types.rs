//! Every type of the catalogue, with its example.

use super::*;
use crate::dsl::Resource;
use crate::schema::Registered;

/// Every type, by its name in addresses.
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
        ty: <ResourceProviderRegistration as Resource>::resource_type,
        example: resource_provider_registration::example,
    },
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
    Registered { ty: <TableRoute as Resource>::resource_type, example: table_route::example },
    Registered {
        ty: <TemplateDeployment as Resource>::resource_type,
        example: template_deployment::example,
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
