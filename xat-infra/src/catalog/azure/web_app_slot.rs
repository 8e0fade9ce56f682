//! Deployment slots: a second place for a web application, to try a version before it takes over.

use super::site::names::*;
use super::site::site;
use super::site_settings::{say_constructor, say_site, site_settings};
use crate::azure::{
    AzureScope as _, ConnectionKind, ContainerRegistry, EntraSignIn, KeyVault, PlanSku,
    ResourceGroup, VaultSecret, WebApp,
};
use crate::schema::Saying;
use crate::value::Secret;
use crate::{name, tag};

site! {
    /// A deployment slot of a web application: an application of its own beside it, on the same plan.
    ///
    /// What runs in a slot takes over by a *swap*: `az webapp deployment slot swap`, a step of the delivery, or the
    /// service itself once something is deployed (`auto_swap`). A swap is an operation, not a state: it exchanges
    /// what the two run and all settings that are not sticky (`sticky_setting` of the application). A stack whose
    /// images move by swaps leaves the image to them on both sides, or the next plan would bring the old one back:
    ///
    /// ```
    /// use xat_infra::azure::prelude::*;
    /// # fn stack(stack: &mut Stack, group: Handle<ResourceGroup>, plan: Handle<AppServicePlan>) {
    /// let image = || ContainerImage::at("registry.example.com", "shop-web", tag!("2026.11.3"));
    /// let app = WebApp::container(name!("shop-web"), group, plan, image()).ignore(WebApp::IMAGE);
    /// let app = stack.add(app);
    /// stack.add(WebAppSlot::container(name!("next"), app, image()).ignore(WebAppSlot::IMAGE));
    /// # }
    /// ```
    #[derive(Resource)]
    #[resource(
        arm = "Microsoft.Web/sites/slots@2023-01-01",
        terraform = "azurerm_linux_web_app_slot",
        scope = Child,
        label = "web app slot",
        part(key = "appsettings", suffix = "config/appsettings", arm = "Microsoft.Web/sites/slots/config", read = "list"),
        part(key = "connectionstrings", suffix = "config/connectionstrings",
            arm = "Microsoft.Web/sites/slots/config"),
        part(key = "mounts", suffix = "config/azurestorageaccounts", arm = "Microsoft.Web/sites/slots/config"),
        part(key = "logs", suffix = "config/logs", arm = "Microsoft.Web/sites/slots/config"),
        part(key = "auth", suffix = "config/authsettingsV2", arm = "Microsoft.Web/sites/slots/config"),
        part(key = "ftp", suffix = "basicPublishingCredentialsPolicies/ftp",
            arm = "Microsoft.Web/sites/slots/basicPublishingCredentialsPolicies"),
        part(key = "scm", suffix = "basicPublishingCredentialsPolicies/scm",
            arm = "Microsoft.Web/sites/slots/basicPublishingCredentialsPolicies"),
        import = say,
        source = "https://learn.microsoft.com/azure/templates/microsoft.web/sites/slots"
    )]
    pub struct WebAppSlot {
        /// The slot's name, unique in its application. The host name is the application's and this, with a hyphen.
        #[name(
            len = 2..=59, chars = alphanumeric, and = "-", start = Alphanumeric, end = Alphanumeric,
            source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftweb"
        )]
        name: Name<Self>,
        /// The application that it stands in for.
        #[prop(tf = "app_service_id", parent)]
        app: Ref<WebApp>,
        /// The region: the application's.
        #[prop(arm = "location", inherited, replace)]
        location: Option<Region>,
        /// The plan whose machines it runs on; the application's, unless said.
        #[prop(arm = "properties.serverFarmId", tf = "service_plan_id", canon = canons::LAST_SEGMENT,
            danger = Downtime)]
        plan: Option<Ref<AppServicePlan>>,
        /// What the slot is, in the service's own words (`app,linux,container`).
        #[prop(arm = "kind", canon = canons::CASE)]
        kind: Option<Text>,
        /// The slot that it is swapped with as soon as something is deployed (`production`).
        #[prop(arm = "properties.siteConfig.autoSwapSlotName", tf = "site_config.auto_swap_slot_name",
            label = "automatic swap", danger = Downtime)]
        auto_swap: Option<Text>,
    }
}

site_settings!(WebAppSlot);

impl WebAppSlot {
    /// A slot that runs a container, on Linux.
    #[track_caller]
    #[must_use]
    pub fn container(name: Name<Self>, app: Handle<WebApp>, image: ContainerImage) -> Self {
        Self::on_linux(name, app, "app,linux,container", image.into())
    }

    /// A slot that runs code, on a Linux runtime that the service brings along.
    #[track_caller]
    #[must_use]
    pub fn code(name: Name<Self>, app: Handle<WebApp>, runtime: Runtime) -> Self {
        Self::on_linux(name, app, "app,linux", runtime)
    }

    #[track_caller]
    fn on_linux(
        name: Name<Self>,
        app: Handle<WebApp>,
        kind: &'static str,
        runtime: Runtime,
    ) -> Self {
        Self {
            kind: Some(kind.into()),
            image: Some(runtime.into()),
            reserved: Some(true),
            ..Self::declare_new(name, app)
        }
    }
}

/// How an import says a slot: by what it runs, and of which application.
fn say(slot: &mut Saying<'_>) {
    if let Some(app) = slot.variable("app", "id")
        && let Some(name) = slot.expression("name")
    {
        say_constructor(slot, "WebAppSlot", &[&name, app.name], &["name", "app"]);
    }
    say_site(slot);
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let registry = stack.add(ContainerRegistry::premium(name!("shopimages"), group));
    let identity = stack.add(UserAssignedIdentity::new(name!("shop-web-id"), group));
    let vault = stack.add(KeyVault::new(name!("shop-kv"), group));
    let database =
        stack.add(VaultSecret::new(name!("database-url"), vault, Secret::supplied("database-url")));
    let plan = stack.add(AppServicePlan::linux(name!("shop-plan"), group, PlanSku::P1v3));
    let image = ContainerImage::tag(registry, "shop-web", tag!("2026.11.3"));
    let app = stack.add(WebApp::container(name!("shop-web"), group, plan, image));
    let next = ContainerImage::tag(registry, "shop-web", tag!("2026.12.1"));
    let slot = WebAppSlot::container(name!("next"), app, next)
        .plan(plan)
        .port(8000)
        .setting("SHOP_DEBUG", true)
        .connection_string("SHOP_DATABASE", ConnectionKind::PostgreSql, database)
        .pull_as(identity)
        .references_as(identity)
        .health_check_path("/health/ready")
        .auth(SiteAuth::entra_id(EntraSignIn::registered(
            "5a1e0000-0000-4000-8000-000000000011",
            stack.tenant_id(),
        )))
        .auto_swap("production")
        .tag("owner", "platform");
    stack.add(slot).node()
}
