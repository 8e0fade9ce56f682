//! What a web application and its deployment slots have in common: everything but their place and their plan.
//!
//! A slot is an application of its own beside the one that it stands in for, with the same body. The macros write these
//! properties into both types, so that neither can have one that the other lacks.

/// What the macros' properties are made of.
pub(super) mod names {
    pub(in super::super) use std::collections::BTreeMap;

    pub(in super::super) use crate::Resource;
    pub(in super::super) use crate::azure::site_auth::SiteAuth;
    pub(in super::super) use crate::azure::site_parts::{
        AccessRestriction, CLOSING_RULE, ConnectionString, Cors, NAMED, SiteLogs, StorageMount,
    };
    pub(in super::super) use crate::azure::site_runtime::{
        AutoHeal, LoadBalancing, PipelineMode, VirtualApplication,
    };
    pub(in super::super) use crate::azure::web_app_image::APPLICATION_STACK;
    pub(in super::super) use crate::azure::web_app_parts::{AT_LEAST_ONE, NAME_VALUE, NET_VERSION};
    pub(in super::super) use crate::azure::{
        AppResources, AppServicePlan, ClientCertificateMode, ContainerImage, Dapr, FtpsState,
        HostNameSsl, IdentityType, PrincipalId, RedundancyMode, Region, RuleAction, Runtime,
        Subnet, TlsVersion, UserAssignedIdentity, WebServerFarms,
    };
    pub(in super::super) use crate::dsl::{Handle, Meta, Name, Ref, Stack};
    pub(in super::super) use crate::schema::codecs::{ENABLED_DISABLED, ID_KEYS, INT_AS_TEXT};
    pub(in super::super) use crate::schema::{Fact, Set, canons};
    pub(in super::super) use crate::value::{NodeRef, Text};
}

/// Writes a type with the properties of a site behind its own.
macro_rules! site {
    ($(#[$($about:tt)*])* pub struct $name:ident { $($own:tt)* }) => {
        crate::azure::site_config::site_config! {
            $(#[$($about)*])*
            #[resource(
                private_new,
                mirror(at = "properties.siteConfig", suffix = "config/web", from = "properties"),
                check = crate::azure::site_checks::limits,
                fact = Fact::Logs,
                fact = Fact::Acts { through: &["image", "windows_image"], identity: "pull_identity" },
                fact = Fact::Acts { through: &["settings", "connection_strings"], identity: "reference_identity" }
            )]
            #[output(default_hostname: Text, arm = "properties.defaultHostName", tf = "default_hostname",
                doc = "The host name that the service gives it.")]
            #[output(principal_id: PrincipalId, arm = "identity.principalId", tf = "identity.0.principal_id",
                doc = "The object ID of its own identity, if it has one.")]
            #[output(outbound_addresses: Text, arm = "properties.outboundIpAddresses", tf = "outbound_ip_addresses",
                doc = "The addresses that it calls others from, separated by commas.")]
            pub struct $name {
                $($own)*
                /// The container image or runtime on Linux.
                #[prop(arm = "properties.siteConfig.linuxFxVersion", tf = "site_config.application_stack",
                    tf_codec = APPLICATION_STACK, service = Text::from(""), no_setter, danger = Downtime)]
                image: Option<Text>,
                /// The container image or runtime on Windows.
                #[prop(arm = "properties.siteConfig.windowsFxVersion", service = Text::from(""), no_setter, danger = Downtime)]
                windows_image: Option<Text>,
                // The service takes these three from the plan, whatever it is told.
                /// Whether it runs on Linux.
                #[prop(arm = "properties.reserved", label = "Linux", by_record, replace)]
                reserved: Option<bool>,
                /// Whether it runs in Windows containers, each in a small virtual machine.
                #[prop(arm = "properties.hyperV", label = "Hyper-V", by_record, replace)]
                hyper_v: Option<bool>,
                /// The older word for Windows containers; the service keeps both alike.
                #[prop(arm = "properties.isXenon", label = "Xenon", by_record, replace)]
                xenon: Option<bool>,
                /// Whether it runs at all.
                #[prop(arm = "properties.enabled", tf = "enabled", service = true, danger = Downtime)]
                enabled: Option<bool>,
                /// What the application finds in its environment. Secrets go by `secret_setting`.
                #[prop(arm = "appsettings:properties", tf = "app_settings", write_only, each = "setting", danger = Downtime)]
                settings: Option<BTreeMap<String, Text>>,
                /// Which identities the application has.
                #[prop(arm = "identity.type", tf = "identity.type", canon = canons::CASE, service = IdentityType::None,
                    no_setter, danger = Downtime)]
                pub(super) identity_type: Option<IdentityType>,
                /// The identities that the application has beside its own.
                #[prop(arm = "identity.userAssignedIdentities", tf = "identity.identity_ids", codec = ID_KEYS, no_setter,
                    danger = Downtime)]
                pub(super) identities: Option<Set<Ref<UserAssignedIdentity>>>,
                /// Whether the image is pulled as an identity rather than with a password.
                #[prop(arm = "properties.siteConfig.acrUseManagedIdentityCreds",
                    tf = "site_config.container_registry_use_managed_identity", label = "pull as identity", service = false,
                    no_setter, danger = Downtime)]
                pub(super) pull_with_identity: Option<bool>,
                /// The application ID of the identity that pulls the image; the application's own, unless said.
                #[prop(arm = "properties.siteConfig.acrUserManagedIdentityID",
                    tf = "site_config.container_registry_managed_identity_client_id", canon = canons::CASE, no_setter,
                    danger = Downtime)]
                pub(super) pull_identity: Option<Text>,
                /// The identity that reads the secrets that settings refer to; the application's own, unless said.
                #[prop(arm = "properties.keyVaultReferenceIdentity", tf = "key_vault_reference_identity_id",
                    canon = canons::RESOURCE_ID, service = Text::from("SystemAssigned"), no_setter, danger = Downtime)]
                pub(super) reference_identity: Option<Text>,
                /// The subnet from which the application calls others.
                #[prop(arm = "properties.virtualNetworkSubnetId", tf = "virtual_network_subnet_id", no_setter,
                    danger = Downtime)]
                pub(super) subnet: Option<Ref<Subnet<WebServerFarms>>>,
                /// Whether everything that the application calls goes through its subnet, the internet included.
                #[prop(arm = "properties.vnetRouteAllEnabled", tf = "site_config.vnet_route_all_enabled", service = false,
                    danger = Downtime)]
                vnet_route_all: Option<bool>,
                /// Whether the image is pulled through the subnet.
                #[prop(arm = "properties.vnetImagePullEnabled", tf = "vnet_image_pull_enabled", service = false,
                    danger = Downtime)]
                vnet_image_pull: Option<bool>,
                /// Whether shared content is read through the subnet.
                #[prop(arm = "properties.vnetContentShareEnabled", service = false, danger = Downtime)]
                vnet_content_share: Option<bool>,
                /// Whether the application answers on the internet at all.
                #[prop(arm = "properties.publicNetworkAccess", tf = "public_network_access_enabled", codec = ENABLED_DISABLED,
                    default = false, service = true, exposes = true, danger = Downtime)]
                public_network_access: bool,
                /// Whether plain HTTP is sent on to HTTPS.
                #[prop(arm = "properties.httpsOnly", tf = "https_only", label = "HTTPS only", default = true, service = false,
                    exposes = false)]
                https_only: bool,
                /// Whether a client's calls all reach the same machine.
                #[prop(arm = "properties.clientAffinityEnabled", tf = "client_affinity_enabled", default = false,
                    service = true)]
                client_affinity: bool,
                /// The path that the service calls to see whether a machine is well.
                #[prop(arm = "properties.siteConfig.healthCheckPath", tf = "site_config.health_check_path", no_setter)]
                pub(super) health_check_path: Option<Text>,
                /// For how many minutes a machine may be unwell before it gets no more calls: 2 to 10.
                #[prop(arm = "appsettings:properties.WEBSITE_HEALTHCHECK_MAXPINGFAILURES", codec = INT_AS_TEXT, write_only,
                    tf = "site_config.health_check_eviction_time_in_min", label = "health check eviction")]
                pub(super) health_check_eviction: Option<u8>,
                /// Whether clients are asked for a certificate.
                #[prop(arm = "properties.clientCertEnabled", tf = "client_certificate_enabled", service = false,
                    danger = Downtime)]
                client_certificate: Option<bool>,
                /// Whether clients must have one.
                #[prop(arm = "properties.clientCertMode", tf = "client_certificate_mode",
                    service = ClientCertificateMode::Required, danger = Exposure)]
                client_certificate_mode: Option<ClientCertificateMode>,
                /// Paths for which no certificate is asked, separated by semicolons.
                #[prop(arm = "properties.clientCertExclusionPaths", tf = "client_certificate_exclusion_paths",
                    danger = Exposure)]
                client_certificate_exclusions: Option<Text>,
                /// Whether the deployment site stops together with the application.
                #[prop(arm = "properties.scmSiteAlsoStopped", service = false)]
                scm_also_stopped: Option<bool>,
                /// Whether the application's own host names are switched off.
                #[prop(arm = "properties.hostNamesDisabled", service = false, danger = Downtime)]
                host_names_disabled: Option<bool>,
                /// The application's host names and their certificates; only those named here are looked after.
                #[prop(arm = "properties.hostNameSslStates", key = "name", open, each = "host_name", danger = Downtime)]
                host_names: Option<Set<HostNameSsl>>,
                /// The text by which the owner of a domain proves it. The service makes it.
                #[prop(arm = "properties.customDomainVerificationId", canon = canons::CASE, no_setter)]
                domain_verification: Option<Text>,
                /// How the application stands in for another region's.
                #[prop(arm = "properties.redundancyMode", service = RedundancyMode::None)]
                redundancy_mode: Option<RedundancyMode>,
                /// Whether the application must bring its own storage.
                #[prop(arm = "properties.storageAccountRequired", service = false)]
                storage_account_required: Option<bool>,
                /// The size of a function's container, in MB; 0 where it does not apply.
                #[prop(arm = "properties.containerSize", service = 0)]
                container_size: Option<u32>,
                /// How much memory functions may use a day, in MB-seconds; 0 is any amount.
                #[prop(arm = "properties.dailyMemoryTimeQuota", service = 0, danger = Downtime)]
                daily_memory_quota: Option<u32>,
                /// The container environment that the application runs in, by its full ID.
                #[prop(arm = "properties.managedEnvironmentId", canon = canons::RESOURCE_ID, replace)]
                managed_environment: Option<Text>,
                /// The environment's workload profile that it runs on.
                #[prop(arm = "properties.workloadProfileName", danger = Cost)]
                workload_profile: Option<Text>,
                /// Dapr beside the application.
                #[prop(arm = "properties.daprConfig")]
                dapr: Option<Dapr>,
                /// What the application gets of a machine in a container environment.
                #[prop(arm = "properties.resourceConfig")]
                resources: Option<AppResources>,
                /// Connection strings, which the application finds in its environment under a prefix of their kind. Each refers to
                /// a secret of a vault.
                #[prop(arm = "connectionstrings:properties", tf = "connection_string", tf_codec = NAMED, tf_blocks, write_only, no_setter,
                    danger = Downtime)]
                pub(super) connection_strings: Option<BTreeMap<String, ConnectionString>>,
                /// Shares of storage accounts that the application sees as folders: at most five, by name.
                #[prop(arm = "mounts:properties", tf = "storage_account", tf_codec = NAMED, tf_blocks, write_only, each = "mount",
                    danger = Downtime)]
                mounts: Option<BTreeMap<String, StorageMount>>,
                /// What the application's machines write down, and for how long they keep it.
                #[prop(arm = "logs:properties", tf = "logs")]
                logs: Option<SiteLogs>,
                /// How people sign in before the application sees their calls, if App Service looks after it.
                #[prop(arm = "auth:properties", tf = "auth_settings_v2", label = "sign-in", danger = Exposure)]
                auth: Option<SiteAuth>,
                /// Whether files can be published by FTP with a password.
                #[prop(arm = "ftp:properties.allow", tf = "ftp_publish_basic_authentication_enabled",
                    label = "publishing by FTP password", default = false, service = true, exposes = true)]
                ftp_password: bool,
                /// Whether code can be published to the deployment site with a password.
                #[prop(arm = "scm:properties.allow", tf = "webdeploy_publish_basic_authentication_enabled",
                    label = "publishing by password", default = false, service = true, exposes = true)]
                publishing_password: bool,
                /// Labels for people and for cost reports.
                #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
                tags: Option<BTreeMap<String, Text>>,
            }
        }
    };
}
pub(super) use site;
