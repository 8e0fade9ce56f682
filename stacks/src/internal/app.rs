//! The application: its identity, what that may do, its machines and how many, a slot for the next release, and private
//! endpoints for both.
//!
//! Releases come by delivery: the new image goes into the slot, is warmed up there until its health check answers, and is
//! swapped in. The stack says only with which image a new estate starts.

use std::collections::BTreeMap;

use xat_infra::azure::prelude::*;

use super::data::Data;
use super::monitoring::Monitoring;
use super::names::Names;
use super::naming::Naming;
use super::network::Network;
use super::workload::INSIGHTS;

/// What the application is made from.
pub struct AppInputs<'a> {
    /// How its resources are called.
    pub naming: Naming,
    /// The group that holds it.
    pub group: Handle<ResourceGroup>,
    /// The network that it calls from.
    pub network: &'a Network,
    /// The names under which it is found.
    pub names: &'a Names,
    /// What it works with.
    pub data: &'a Data,
    /// Who hears of it.
    pub monitoring: &'a Monitoring,
    /// What it reads as `ENVIRONMENT`.
    pub environment: &'static str,
    /// The image that a new estate starts with.
    pub image: Tag,
    /// The size of its machines; the slot runs on them too.
    pub machine: PlanSku,
    /// How few of them there are, and how many at most.
    pub machines: (u16, u16),
    /// Whether they are spread over zones: two at the least.
    pub zones: bool,
    /// What it needs.
    pub workload: &'a Workload,
}

/// What the other components need of the application.
pub struct App {
    /// The web app.
    pub web: Handle<WebApp>,
    /// The slot in which the next release warms up.
    pub next: Handle<WebAppSlot>,
    /// Its machines.
    pub plan: Handle<AppServicePlan>,
}

/// The slot that the next release waits in.
const SLOT: &str = "next";
/// What the application calls itself in error reports: the one setting that differs between the two, and stays.
const REPORTED_AS: &str = "ROLLBAR_ENVIRONMENT";
/// What web apps log. Their type has no group of categories, so that each is named.
const LOGS: [&str; 6] = [
    "AppServiceAppLogs",
    "AppServiceAuditLogs",
    "AppServiceConsoleLogs",
    "AppServiceHTTPLogs",
    "AppServiceIPSecAuditLogs",
    "AppServicePlatformLogs",
];

/// Says of the application or of its slot what is the same for both. They share their setters, and no trait.
macro_rules! as_both {
    ($site:expr, $identity:expr, $inputs:expr, $settings:expr) => {
        $site
            .pull_as($identity)
            .references_as($identity)
            .integrate($inputs.network.apps)
            .vnet_image_pull(true)
            .health_check_path($inputs.workload.ready_path())
            .settings($settings)
    };
}

impl App {
    /// Declares the application.
    pub fn new(stack: &mut Stack, inputs: &AppInputs<'_>) -> Self {
        let AppInputs { naming, group, names, data, monitoring, .. } = *inputs;
        let identity = UserAssignedIdentity::new(naming.named("backend-identity"), group);
        let identity = stack.add(identity);
        let may_pull = stack.add(RoleAssignment::new(Role::AcrPull, data.registry, identity));
        let may_read =
            stack.add(RoleAssignment::new(Role::KeyVaultSecretsUser, data.vault, identity));

        // The number of machines is the autoscaler's business once they are there.
        let plan =
            AppServicePlan::linux(naming.named("backend-plan"), group, inputs.machine.clone())
                .capacity(inputs.machines.0)
                .zone_redundant(inputs.zones)
                .ignore(AppServicePlan::CAPACITY);
        let plan = stack.add(plan);
        stack.add(monitoring.records("plan", plan).all_metrics());
        scaling(stack, inputs, plan);

        let telemetry = monitoring.insights.connection_string();
        let telemetry =
            stack.add(VaultSecret::new(Name::new(INSIGHTS.name()), data.vault, telemetry));
        let mut secrets = data.secrets.clone();
        secrets.insert(INSIGHTS, telemetry);
        let settings = |reported_as: String| settings(inputs, &secrets, reported_as);
        let repository = inputs.workload.repository();
        let image = || ContainerImage::tag(data.registry, repository, inputs.image.clone());

        let web = WebApp::container(naming.named("backend-internal"), group, plan, image());
        let web = as_both!(web, identity, inputs, settings(inputs.environment.to_owned()))
            .sticky_setting(REPORTED_AS)
            .ignore(WebApp::IMAGE)
            // The image is pulled and the secrets are read when the app first starts, so that both grants and both
            // private names must be there before it.
            .depends_on(may_pull)
            .depends_on(may_read)
            .depends_on(data.vault_endpoint)
            .depends_on(data.registry_endpoint);
        let web = stack.add(web);
        names.private(stack, "app-endpoint", web, names.apps);

        let slot = WebAppSlot::container(Name::new(SLOT), web, image()).plan(plan);
        let slot =
            as_both!(slot, identity, inputs, settings(format!("{}-{SLOT}", inputs.environment)));
        let next = stack.add(slot.ignore(WebAppSlot::IMAGE));
        names.private_slot(stack, "app-next-endpoint", web, SLOT, names.apps);

        let logged = |setting: DiagnosticSetting| {
            LOGS.into_iter().map(LogSelection::category).fold(setting, DiagnosticSetting::log)
        };
        stack.add(logged(monitoring.records("app", web)).all_metrics());
        stack.add(logged(monitoring.records("app-next", next)).all_metrics());
        Self { web, next, plan }
    }
}

/// What the application finds in its environment: what its workload says, under the names by which it is called here. The slot
/// is called by its own until it is swapped in, and by the application's then.
fn settings(
    inputs: &AppInputs<'_>,
    secrets: &BTreeMap<AppSecret, Handle<VaultSecret>>,
    reported_as: String,
) -> BTreeMap<String, Text> {
    let name = inputs.naming.text("backend-internal");
    let hosts = [&name, &format!("{name}-{SLOT}")].map(|app| format!("{app}.azurewebsites.net"));
    let mut settings = inputs.workload.app_service_settings(inputs.environment, &hosts, secrets);
    settings.insert(REPORTED_AS.to_owned(), reported_as.into());
    settings
}

/// More machines when they are busy, fewer when they are idle.
fn scaling(stack: &mut Stack, inputs: &AppInputs<'_>, plan: Handle<AppServicePlan>) {
    const CPU: &str = "CpuPercentage";
    let (fewest, most) = inputs.machines;
    let more = ScaleRule::above(CPU, plan, 70.0, ScaleStep::add(1)).window_minutes(5);
    // Far enough below that a machine less does not make the others busy at once.
    let fewer = ScaleRule::below(CPU, plan, 30.0, ScaleStep::remove(1))
        .window_minutes(15)
        .cooldown_minutes(15);
    let profile = AutoscaleProfile::new("default", fewest, fewest, most).rule(more).rule(fewer);
    let name = inputs.naming.named("backend-scale");
    let setting = stack.add(AutoscaleSetting::of(name, inputs.group, plan, profile));
    stack.add(inputs.monitoring.records("scaling", setting).all_logs().all_metrics());
}
