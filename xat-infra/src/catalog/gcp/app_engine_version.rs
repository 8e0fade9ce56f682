//! Versions of services of App Engine, flexible environment, from container images.

use crate::schema::Verbs;
use std::collections::BTreeMap;

use super::common::exactly_one;
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::gcp::{
    AppEngineApplication, AppIpMode, AppLiveness, AppNetwork, AppReadiness, AppResources,
    AppScaling, Network, PROVIDER, ServiceAccount,
};
use crate::schema::CheckContext;
use crate::value::{NodeRef, Text};
use crate::{Choice, Resource, name};

/// The page of versions.
const VERSIONS: &str =
    "https://cloud.google.com/appengine/docs/admin-api/reference/rest/v1/apps.services.versions";

/// A version of a service of App Engine: containers on machines of their own. What runs is fixed; another image is another
/// version.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "appengine.googleapis.com/Version@v1",
    id = "//appengine.googleapis.com/{parent}/services/{service}/versions/{name}",
    terraform = "google_app_engine_flexible_app_version",
    label = "App Engine version",
    scope = Child,
    verbs = Verbs {
        // Unasked, the service leaves out what runs.
        read: "GET {self}?view=FULL",
        create: "POST {collection}",
        says: &[("id", "{name}")],
        ..Verbs::STANDARD
    },
    check = limits,
    constant(rest = "runtime", tf = "runtime", value = "custom"),
    constant(rest = "env", value = "flexible"),
    source = "https://cloud.google.com/appengine/docs/admin-api/reference/rest/v1/apps.services.versions"
)]
#[output(url: Text, rest = "versionUrl", doc = "The URL of this version alone.")]
pub struct AppEngineVersion {
    /// The version's name, unique in its service.
    #[name(
        len = 1..=63, chars = lower_alphanumeric, and = "-",
        source = "https://cloud.google.com/appengine/docs/admin-api/reference/rest/v1/apps.services.versions#Version"
    )]
    #[prop(tf = "version_id")]
    name: Name<Self>,
    /// The application.
    #[prop(parent)]
    application: Ref<AppEngineApplication>,
    /// The service; the first one of an application is `default`.
    #[prop(tf = "service", default = "default".into(), replace)]
    service: Text,
    /// The image, with its tag or digest.
    #[prop(rest = "deployment.container.image", tf = "deployment.container.image", replace)]
    image: Text,
    /// When an instance is given requests.
    #[prop(rest = "readinessCheck", tf = "readiness_check", replace)]
    readiness: AppReadiness,
    /// When an instance is started again.
    #[prop(rest = "livenessCheck", tf = "liveness_check", replace)]
    liveness: AppLiveness,
    /// How many instances there are, by load.
    #[prop(rest = "automaticScaling", tf = "automatic_scaling", danger = Cost)]
    scaling: Option<AppScaling>,
    /// How many instances there are, always.
    #[prop(rest = "manualScaling.instances", tf = "manual_scaling.instances", danger = Cost)]
    instances: Option<u32>,
    /// How big an instance is.
    #[prop(rest = "resources", tf = "resources", replace)]
    resources: Option<AppResources>,
    /// The network of its machines.
    #[prop(rest = "network", tf = "network", replace)]
    network: Option<AppNetwork>,
    /// Its variables, for all to read who may see the version: nothing secret.
    #[prop(rest = "envVariables", tf = "env_variables", each = "env", replace)]
    env_variables: Option<BTreeMap<String, Text>>,
    /// Settings that have no place of their own (`cloud_sql_instances`).
    #[prop(rest = "betaSettings", tf = "beta_settings", each = "beta_setting", replace)]
    beta_settings: Option<BTreeMap<String, Text>>,
    /// Whom it acts as.
    #[prop(rest = "serviceAccount", tf = "service_account", via = "email", replace)]
    service_account: Ref<ServiceAccount>,
    /// Whether its instances run.
    #[prop(rest = "servingStatus", tf = "serving_status", service = VersionServing::Serving, danger = Downtime)]
    serving: Option<VersionServing>,
    meta: Meta,
}

/// Whether the instances of a version run.
#[derive(Clone, Copy, Choice)]
pub enum VersionServing {
    /// They do.
    #[choice("SERVING")]
    Serving,
    /// They do not, and cost nothing.
    #[choice("STOPPED")]
    Stopped,
}

fn limits(check: &mut CheckContext<'_>) {
    exactly_one(
        check,
        &["scaling", "instances"],
        "there are instances by load or so many",
        VERSIONS,
    );
    check.range("instances", 1..=1000, VERSIONS);
    let name = check.text("name").unwrap_or_default();
    if ["default", "latest"].contains(&name) || name.starts_with("ah-") {
        let message = format!("`{name}` is App Engine's own name");
        check.report("name", message, format!("choose another name: {VERSIONS}"));
    }
    if check.text("image").is_some_and(|image| !image.contains('@') && !tagged(image)) {
        let help = format!("say its digest or its tag: {VERSIONS}");
        check.report("image", "which version of the image is meant", help);
    }
    for (message, help) in super::app_engine_parts::oversized(check) {
        check.report("resources", message, format!("{help}: {VERSIONS}"));
    }
    for (message, help) in super::app_engine_parts::refused(check) {
        check.report("scaling", message, format!("{help}: {VERSIONS}"));
    }
}

/// Whether the last part of an image's name has a tag: a port has its colon further in front.
fn tagged(image: &str) -> bool {
    image.rsplit('/').next().is_some_and(|last| last.contains(':'))
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let application = stack.add(AppEngineApplication::new("europe-west"));
    let account = stack.add(ServiceAccount::new(name!("shop-app")));
    let network = stack.add(Network::new(name!("shop")));
    let version = AppEngineVersion::new(
        name!("v1"),
        application,
        "europe-west1-docker.pkg.dev/shop/shop/web:1.4.2",
        AppReadiness::new("/health/").app_start_seconds(300).check_seconds(5).timeout_seconds(4),
        AppLiveness::new("/health/").initial_delay_seconds(300).failures(4).successes(2),
        account,
    )
    .service("shop")
    .scaling(AppScaling::new(0.6).min_instances(2).max_instances(4).cool_down_seconds(120))
    .resources(AppResources::new().cpu(2.0).memory_gb(4.0).disk_gb(20.0))
    .network(
        AppNetwork::new(network)
            .subnetwork("shop-app")
            .session_affinity(false)
            .ip_mode(AppIpMode::External),
    )
    .env("PORT", "8080")
    .beta_setting("cloud_sql_instances", "shop:europe-west1:shop")
    .serving(VersionServing::Serving);
    stack.add(version).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    fn version(image: &'static str) -> AppEngineVersion {
        AppEngineVersion::new(
            name!("v1"),
            Ref::existing("apps/shop"),
            image,
            AppReadiness::new("/"),
            AppLiveness::new("/"),
            Ref::existing("projects/shop/serviceAccounts/app@shop.iam.gserviceaccount.com"),
        )
    }

    #[test]
    fn what_the_service_refuses_is_reported() {
        assert_eq!(refused(version("a/b:1").instances(2)), [""; 0]);
        assert_eq!(refused(version("a/b:1").scaling(AppScaling::new(0.5))), [""; 0]);
        assert_eq!(refused(version("a/b:1")), ["scaling"]);
        assert_eq!(refused(version("a/b:1").instances(0)), ["instances"]);
        assert_eq!(refused(version("host:5000/b").instances(1)), ["image"]);
        assert_eq!(refused(version("a/b@sha256:0").instances(1)), [""; 0]);
        assert_eq!(refused(version("a/b:1").scaling(AppScaling::new(1.5))), ["scaling"]);
        let turned = AppScaling::new(0.5).min_instances(3).max_instances(2);
        assert_eq!(refused(version("a/b:1").scaling(turned)), ["scaling"]);
    }

    #[test]
    fn sizes_that_no_machine_has_are_reported() {
        let of = |cpu, memory| {
            let resources = AppResources::new().cpu(cpu).memory_gb(memory);
            refused(version("a/b:1").instances(1).resources(resources))
        };
        assert_eq!(of(2.0, 2.0), [""; 0]);
        assert_eq!(of(36.0, 40.0), [""; 0]);
        assert_eq!(of(3.0, 4.0), ["resources"]);
        assert_eq!(of(34.0, 40.0), ["resources"]);
        assert_eq!(of(2.0, 1.5), ["resources"]);
        assert_eq!(of(2.0, 13.0), ["resources"]);
        let small = AppResources::new().disk_gb(5.0);
        assert_eq!(refused(version("a/b:1").instances(1).resources(small)), ["resources"]);
    }

    #[test]
    fn names_of_app_engine_are_reported() {
        for name in ["default", "latest", "ah-1"] {
            let version = AppEngineVersion::new(
                Name::new(name),
                Ref::existing("apps/shop"),
                "a/b:1",
                AppReadiness::new("/"),
                AppLiveness::new("/"),
                Ref::existing("projects/shop/serviceAccounts/a@b"),
            );
            assert_eq!(refused(version.instances(1)), ["name"], "{name}");
        }
    }
}
