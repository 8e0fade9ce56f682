//! Web applications on App Service.

use super::site::names::*;
use super::site::site;
use super::site_settings::{say_constructor, say_site, site_settings};
use crate::azure::{
    AccessRestriction, AzureScope as _, ConnectionKind, ContainerRegistry, Cors, EntraSignIn,
    HealAction, KeyVault, LogLevel, PlanSku, PrivateLinkTarget, ProxyHeaders, RequestTrigger,
    ResourceGroup, SlowTrigger, StatusTrigger, VaultSecret, VirtualNetwork,
};
use crate::schema::Saying;
use crate::value::Secret;
use crate::{cidr, name, tag};

site! {
    /// A web application on App Service.
    ///
    /// Secure from the start: no public network access, HTTPS only, TLS 1.2, no FTP, no publishing by password. Its
    /// settings are kept apart from its body, and the service returns neither them nor what they refer to.
    #[derive(Resource)]
    #[resource(
        arm = "Microsoft.Web/sites@2023-01-01",
        terraform = "azurerm_linux_web_app",
        part(key = "appsettings", suffix = "config/appsettings", arm = "Microsoft.Web/sites/config", read = "list"),
        part(key = "connectionstrings", suffix = "config/connectionstrings", arm = "Microsoft.Web/sites/config"),
        part(key = "mounts", suffix = "config/azurestorageaccounts", arm = "Microsoft.Web/sites/config"),
        part(key = "logs", suffix = "config/logs", arm = "Microsoft.Web/sites/config"),
        part(key = "sticky", suffix = "config/slotConfigNames", arm = "Microsoft.Web/sites/config"),
        part(key = "auth", suffix = "config/authsettingsV2", arm = "Microsoft.Web/sites/config"),
        part(key = "ftp", suffix = "basicPublishingCredentialsPolicies/ftp",
            arm = "Microsoft.Web/sites/basicPublishingCredentialsPolicies"),
        part(key = "scm", suffix = "basicPublishingCredentialsPolicies/scm",
            arm = "Microsoft.Web/sites/basicPublishingCredentialsPolicies"),
        import = say,
        source = "https://learn.microsoft.com/azure/templates/microsoft.web/sites"
    )]
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
        /// Settings that stay where they are when slots are swapped.
        #[prop(arm = "sticky:properties.appSettingNames", tf = "sticky_settings.app_setting_names",
            each = "sticky_setting", danger = Downtime)]
        sticky_settings: Option<Set<Text>>,
        /// Connection strings that stay where they are when slots are swapped.
        #[prop(arm = "sticky:properties.connectionStringNames", tf = "sticky_settings.connection_string_names",
            each = "sticky_connection_string", danger = Downtime)]
        sticky_connection_strings: Option<Set<Text>>,
        /// Mounts that stay where they are when slots are swapped.
        #[prop(arm = "sticky:properties.azureStorageConfigNames", each = "sticky_mount", danger = Downtime)]
        sticky_mounts: Option<Set<Text>>,
    }
}

site_settings!(WebApp);

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

/// How an import says an application: by what it runs, and on which plan.
fn say(app: &mut Saying<'_>) {
    if let Some(plan) = app.variable("plan", "id")
        && let Some(name) = app.expression("name")
        && let Some(group) = app.expression("group")
    {
        say_constructor(app, "WebApp", &[&name, &group, plan.name], &["name", "group", "plan"]);
    }
    say_site(app);
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
    let share_key =
        stack.add(VaultSecret::new(name!("share-key"), vault, Secret::supplied("share-key")));
    let sign_in = stack.add(VaultSecret::new(name!("sign-in"), vault, Secret::supplied("sign-in")));
    let database =
        stack.add(VaultSecret::new(name!("database-url"), vault, Secret::supplied("database-url")));
    let identity = stack.add(UserAssignedIdentity::new(name!("shop-web-id"), group));
    let plan = stack.add(AppServicePlan::linux(name!("shop-plan"), group, PlanSku::P1v3));
    let image = ContainerImage::tag(registry, "shop-web", tag!("2026.11.3"));
    let app = WebApp::container(name!("shop-web"), group, plan, image)
        .port(8000)
        .setting("SHOP_DEBUG", false)
        .secret_setting("SHOP_SESSION_KEY", key)
        .secret_setting("SHOP_SHARE_KEY", share_key)
        .secret_setting("SHOP_SIGN_IN_SECRET", sign_in)
        .auth(
            SiteAuth::entra_id(
                EntraSignIn::registered("5a1e0000-0000-4000-8000-000000000011", stack.tenant_id())
                    .secret_setting("SHOP_SIGN_IN_SECRET")
                    .audience("api://shop-web")
                    .application("5a1e0000-0000-4000-8000-000000000012")
                    .group("5a1e0000-0000-4000-8000-000000000013")
                    .person("5a1e0000-0000-4000-8000-000000000014")
                    .parameter("domain_hint", "shop.example.com")
                    .without_challenge(false),
            )
            .excluded_path("/health/ready")
            .path("/.auth")
            .proxy_headers(ProxyHeaders::Standard)
            .runtime_version("~1")
            .refresh_hours(24)
            .session("12:00:00")
            .sign_out_path("/sign-out")
            .redirect("https://shop.example.com/bye")
            .keep_fragments(true),
        )
        .sticky_setting("SHOP_DEBUG")
        .connection_string("SHOP_DATABASE", ConnectionKind::PostgreSql, database)
        .sticky_connection_string("SHOP_DATABASE")
        .mount("media", StorageMount::files("shopmedia", "media", "/media", "SHOP_SHARE_KEY"))
        .sticky_mount("media")
        .logs(
            SiteLogs::of(LogLevel::Warning)
                .calls(14, 35)
                .detailed_errors(true)
                .failed_requests(true),
        )
        .access_rule(
            AccessRestriction::allow("office", 100, "203.0.113.0/24")
                .description("The shop's own office"),
        )
        .access_rule(AccessRestriction::allow_subnet("apps", 110, apps))
        .access_rule(
            AccessRestriction::allow_service("doors", 120, "AzureFrontDoor.Backend")
                .front_door("5a1e0000-0000-4000-8000-000000000009"),
        )
        .access_rule(AccessRestriction::deny("guests", 130, "203.0.113.128/25"))
        .scm_access_rule(AccessRestriction::allow("office", 100, "203.0.113.0/24"))
        .scm_use_main_rules(false)
        .cors(Cors::of(["https://shop.example.com"]).credentials(true))
        .min_cipher_suite("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")
        .remote_debugging(false)
        .remote_debugging_version("VS2022")
        .default_documents(["index.html"])
        .load_balancing(LoadBalancing::LeastRequests)
        .pipeline_mode(PipelineMode::Integrated)
        .healed_by(
            AutoHeal::new(HealAction::Recycle)
                .least_run("00:05:00")
                .requests(RequestTrigger::new(1000, "00:01:00"))
                .slow_requests(SlowTrigger::new("00:00:30", 20, "00:05:00"))
                .status(StatusTrigger::new("500-503", 10, "00:01:00").path("/api")),
        )
        .elastic_scale_limit(5)
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
