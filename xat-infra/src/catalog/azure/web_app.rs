//! Web applications on App Service.

use std::collections::BTreeMap;

use crate::azure::web_app_image::{APPLICATION_STACK, check_image};
use crate::azure::web_app_parts::{AT_LEAST_ONE, NAME_VALUE};
use crate::azure::{
    AppResources, AppServicePlan, ClientCertificateMode, ContainerImage, ContainerRegistry, Dapr,
    FtpsState, HostNameSsl, IdentityType, KeyVault, PlanSku, PrincipalId, PrivateLinkTarget,
    RedundancyMode, Region, ResourceGroup, Runtime, Subnet, TlsVersion, UserAssignedIdentity,
    VaultSecret, VirtualNetwork, WebServerFarms,
};
use crate::dsl::{Handle, Meta, Name, Ref, Stack};
use crate::schema::codecs::{ENABLED_DISABLED, ID_KEYS, INT_AS_TEXT};
use crate::schema::{CheckContext, Set, canons};
use crate::value::{NodeRef, Secret, Text};
use crate::{Resource, cidr, name, tag};

/// A web application on App Service.
///
/// Secure from the start: no public network access, HTTPS only, TLS 1.2, no FTP. Its settings are kept apart
/// from its body, and the service returns neither them nor what they refer to.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Web/sites@2023-01-01",
    terraform = "azurerm_linux_web_app",
    private_new,
    part(key = "appsettings", suffix = "config/appsettings", arm = "Microsoft.Web/sites/config"),
    mirror(at = "properties.siteConfig", suffix = "config/web", from = "properties"),
    check = limits,
    import = super::web_app_settings::say,
    source = "https://learn.microsoft.com/azure/templates/microsoft.web/sites"
)]
#[output(default_hostname: Text, arm = "properties.defaultHostName", tf = "default_hostname",
    doc = "The host name that the service gives the application.")]
#[output(principal_id: PrincipalId, arm = "identity.principalId", tf = "identity.0.principal_id",
    doc = "The object ID of the application's own identity, if it has one.")]
pub struct WebApp {
    /// The application's name, unique in the whole cloud: it becomes a host name.
    #[name(
        len = 2..=60, chars = alphanumeric, and = "-", start = Alphanumeric, end = Alphanumeric, global,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftweb"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// The region; the group's, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// The plan whose machines it runs on.
    // Some callers name the plan alone and are answered with its ID. Plans that an application could move
    // between are of one group, where names are unique, so the last segment tells them apart.
    #[prop(arm = "properties.serverFarmId", tf = "service_plan_id", canon = canons::LAST_SEGMENT,
        danger = Downtime)]
    plan: Ref<AppServicePlan>,
    /// What the application is, in the service's own words (`app,linux,container`, `functionapp`).
    #[prop(arm = "kind", canon = canons::CASE)]
    kind: Option<Text>,
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
    /// What the application finds in its environment. Secrets go by [`WebApp::secret_setting`].
    #[prop(arm = "appsettings:properties", tf = "app_settings", write_only, each = "setting", danger = Downtime)]
    settings: Option<BTreeMap<String, Text>>,
    /// Settings that the site's own body carries, as other tools write them. Stacks say `setting`.
    #[prop(arm = "properties.siteConfig.appSettings", codec = NAME_VALUE, write_only, no_setter, danger = Downtime)]
    inline_settings: Option<BTreeMap<String, Text>>,
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
        tf = "site_config.container_registry_use_managed_identity", label = "pull as identity",
        service = false, no_setter, danger = Downtime)]
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
    #[prop(arm = "properties.vnetRouteAllEnabled", tf = "site_config.vnet_route_all_enabled",
        service = false, danger = Downtime)]
    vnet_route_all: Option<bool>,
    /// Whether the image is pulled through the subnet.
    #[prop(arm = "properties.vnetImagePullEnabled", tf = "vnet_image_pull_enabled", service = false,
        danger = Downtime)]
    vnet_image_pull: Option<bool>,
    /// Whether shared content is read through the subnet.
    #[prop(arm = "properties.vnetContentShareEnabled", service = false, danger = Downtime)]
    vnet_content_share: Option<bool>,
    /// Whether the application answers on the internet at all.
    #[prop(arm = "properties.publicNetworkAccess", tf = "public_network_access_enabled",
        codec = ENABLED_DISABLED, default = false, service = true, exposes = true, danger = Downtime)]
    public_network_access: bool,
    /// Whether plain HTTP is sent on to HTTPS.
    #[prop(
        arm = "properties.httpsOnly",
        tf = "https_only",
        label = "HTTPS only",
        default = true,
        service = false,
        exposes = false
    )]
    https_only: bool,
    /// The oldest TLS that the application accepts.
    #[prop(arm = "properties.siteConfig.minTlsVersion", tf = "site_config.minimum_tls_version",
        label = "oldest TLS", default = TlsVersion::V1_2, service = TlsVersion::V1_2, danger = Exposure)]
    min_tls: TlsVersion,
    /// The oldest TLS that the deployment site accepts.
    #[prop(arm = "properties.siteConfig.scmMinTlsVersion", tf = "site_config.scm_minimum_tls_version",
        label = "oldest TLS for deployments", default = TlsVersion::V1_2, service = TlsVersion::V1_2,
        danger = Exposure)]
    scm_min_tls: TlsVersion,
    /// Whether files can be uploaded by FTP.
    #[prop(arm = "properties.siteConfig.ftpsState", tf = "site_config.ftps_state", label = "FTPS",
        default = FtpsState::Disabled, service = FtpsState::FtpsOnly, exposes = FtpsState::AllAllowed)]
    ftps_state: FtpsState,
    /// Whether the application answers in HTTP/2.
    #[prop(
        arm = "properties.siteConfig.http20Enabled",
        tf = "site_config.http2_enabled",
        label = "HTTP/2",
        default = true,
        service = false
    )]
    http20: bool,
    /// Whether the application stays loaded when nobody calls it.
    #[prop(arm = "properties.siteConfig.alwaysOn", tf = "site_config.always_on", default = true, service = false,
        danger = Downtime)]
    always_on: bool,
    /// Whether a client's calls all reach the same machine.
    #[prop(
        arm = "properties.clientAffinityEnabled",
        tf = "client_affinity_enabled",
        default = false,
        service = true
    )]
    client_affinity: bool,
    /// The path that the service calls to see whether a machine is well.
    #[prop(
        arm = "properties.siteConfig.healthCheckPath",
        tf = "site_config.health_check_path",
        no_setter
    )]
    pub(super) health_check_path: Option<Text>,
    /// For how many minutes a machine may be unwell before it gets no more calls: 2 to 10.
    #[prop(arm = "appsettings:properties.WEBSITE_HEALTHCHECK_MAXPINGFAILURES", codec = INT_AS_TEXT, write_only,
        tf = "site_config.health_check_eviction_time_in_min", label = "health check eviction")]
    pub(super) health_check_eviction: Option<u8>,
    /// The command that starts the application.
    #[prop(arm = "properties.siteConfig.appCommandLine", tf = "site_config.app_command_line",
        service = Text::from(""), danger = Downtime)]
    startup_command: Option<Text>,
    /// Whether the application takes web sockets.
    #[prop(arm = "properties.siteConfig.webSocketsEnabled", tf = "site_config.websockets_enabled",
        service = false, danger = Downtime)]
    websockets: Option<bool>,
    /// How many of the plan's machines the application runs on.
    #[prop(
        arm = "properties.siteConfig.numberOfWorkers",
        tf = "site_config.worker_count",
        label = "machines",
        service = 1
    )]
    workers: Option<u16>,
    /// Whether it runs as a 32-bit process.
    #[prop(arm = "properties.siteConfig.use32BitWorkerProcess", tf = "site_config.use_32_bit_worker",
        label = "32-bit", service = true, danger = Downtime)]
    use_32_bit: Option<bool>,
    /// Whether a MySQL server runs inside the application.
    #[prop(arm = "properties.siteConfig.localMySqlEnabled", tf = "site_config.local_mysql_enabled",
        label = "local MySQL", service = false, danger = DataLoss)]
    local_mysql: Option<bool>,
    /// The version of .NET on Windows.
    #[prop(arm = "properties.siteConfig.netFrameworkVersion", label = ".NET", service = Text::from("v4.6"),
        danger = Downtime)]
    net_framework: Option<Text>,
    /// The version of PowerShell on Windows.
    #[prop(arm = "properties.siteConfig.powerShellVersion", label = "PowerShell", service = Text::from(""),
        danger = Downtime)]
    power_shell: Option<Text>,
    /// How many machines stand warm beside those in use.
    #[prop(arm = "properties.siteConfig.preWarmedInstanceCount", service = 0, danger = Cost)]
    pre_warmed: Option<u16>,
    /// How many machines the application has at least, where it scales by itself.
    #[prop(arm = "properties.siteConfig.minimumElasticInstanceCount", codec = AT_LEAST_ONE, service = 1, danger = Cost)]
    minimum_elastic: Option<u16>,
    /// How many machines functions may scale to; 0 is any number.
    #[prop(arm = "properties.siteConfig.functionAppScaleLimit", service = 0, danger = Cost)]
    function_scale_limit: Option<u16>,
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
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    pub(super) meta: Meta,
}

impl WebApp {
    /// An application in a container, on Linux.
    #[track_caller]
    #[must_use]
    pub fn container(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        plan: Handle<AppServicePlan>,
        image: ContainerImage,
    ) -> Self {
        Self::on_linux(name, group, plan, "app,linux,container", image.into())
    }

    /// An application as code, on a Linux runtime that the service brings along.
    #[track_caller]
    #[must_use]
    pub fn code(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        plan: Handle<AppServicePlan>,
        runtime: Runtime,
    ) -> Self {
        Self::on_linux(name, group, plan, "app,linux", runtime)
    }

    #[track_caller]
    fn on_linux(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        plan: Handle<AppServicePlan>,
        kind: &'static str,
        runtime: Runtime,
    ) -> Self {
        Self {
            kind: Some(kind.into()),
            image: Some(runtime.into()),
            reserved: Some(true),
            ..Self::declare_new(name, group, plan)
        }
    }

    /// Runs a container image on Windows, in place of what the constructor was given.
    #[track_caller]
    #[must_use]
    pub fn windows_container(mut self, image: ContainerImage) -> Self {
        self.meta.set_here(Self::WINDOWS_IMAGE.index());
        (self.image, self.windows_image) = (None, Some(Runtime::from(image).into()));
        (self.reserved, self.hyper_v, self.kind) =
            (Some(false), Some(true), Some("app,container,windows".into()));
        self
    }
}

impl PrivateLinkTarget for WebApp {
    const GROUP: &'static str = "sites";
    const ZONE: &'static str = "privatelink.azurewebsites.net";
}

fn limits(check: &mut CheckContext<'_>) {
    const HEALTH: &str =
        "https://learn.microsoft.com/azure/app-service/monitor-instances-health-check";
    check.range("health_check_eviction", 2..=10, HEALTH);
    const SCALING: &str = "https://learn.microsoft.com/azure/app-service/manage-automatic-scaling";
    check.range("minimum_elastic", 1..=100, SCALING);
    check_image(check, "image");
    check_image(check, "windows_image");
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let net = stack.add(VirtualNetwork::new(name!("shop-net"), group, cidr!("10.20.0.0/16")));
    let apps = Subnet::delegated_to(WebServerFarms, name!("apps"), net, cidr!("10.20.1.0/24"));
    let apps = stack.add(apps);
    let registry = stack.add(ContainerRegistry::premium(name!("shopimages"), group));
    let vault = stack.add(KeyVault::new(name!("shop-kv"), group));
    let key =
        stack.add(VaultSecret::new(name!("session-key"), vault, Secret::generated("session-key")));
    let identity = stack.add(UserAssignedIdentity::new(name!("shop-web-id"), group));
    let plan = stack.add(AppServicePlan::linux(name!("shop-plan"), group, PlanSku::P1v3));
    let image = ContainerImage::tag(registry, "shop-web", tag!("2026.11.3"));
    let app = WebApp::container(name!("shop-web"), group, plan, image)
        .port(8000)
        .setting("SHOP_DEBUG", false)
        .secret_setting("SHOP_SESSION_KEY", key)
        .pull_as(identity)
        .references_as(identity)
        .integrate(apps)
        .vnet_image_pull(true)
        .vnet_content_share(false)
        .enabled(true)
        .health_check_path("/health/ready")
        .health_check_eviction(5)
        .startup_command("serve")
        .websockets(false)
        .workers(2)
        .use_32_bit(false)
        .client_certificate(true)
        .client_certificate_mode(ClientCertificateMode::Optional)
        .client_certificate_exclusions("/health")
        .scm_also_stopped(true)
        .host_name(HostNameSsl::new("shop.example.com"))
        .redundancy_mode(RedundancyMode::None)
        .storage_account_required(false)
        .tag("owner", "platform");
    stack.add(app).node()
}
