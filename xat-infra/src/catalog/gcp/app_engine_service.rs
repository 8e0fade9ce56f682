//! Services of App Engine: from where their versions are called.

use crate::dsl::{Meta, Name, Ref, Stack};
use crate::gcp::{
    AppEngineApplication, AppEngineVersion, AppLiveness, AppReadiness, AppScaling, PROVIDER,
    ServiceAccount,
};
use crate::schema::Verbs;
use crate::value::NodeRef;
use crate::{Choice, Resource, name};

/// A service of App Engine. Its first version makes it, and it cannot be deleted before the last one is; what there is to say of it is
/// from where all its versions are called.
///
/// Between the first version and this it can be called from everywhere.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "appengine.googleapis.com/Service@v1",
    id = "//appengine.googleapis.com/{parent}/services/{name}",
    terraform = "google_app_engine_service_network_settings",
    label = "App Engine service",
    scope = Child,
    private_new,
    undeletable,
    verbs = Verbs { create: "PATCH {self}?updateMask=networkSettings", delete: "", ..Verbs::STANDARD },
    source = "https://cloud.google.com/appengine/docs/flexible/ingress-settings"
)]
pub struct AppEngineService {
    /// The service's name, unique in its application; the first one is `default`.
    #[name(
        len = 1..=63, chars = lower_alphanumeric, and = "-", start = Alphanumeric, end = Alphanumeric,
        source = "https://cloud.google.com/appengine/docs/admin-api/reference/rest/v1/apps.services"
    )]
    #[prop(tf = "service")]
    name: Name<Self>,
    /// The application.
    #[prop(parent)]
    application: Ref<AppEngineApplication>,
    /// The version that makes it: there is no service before it has one.
    #[prop(danger = Cosmetic)]
    made_by: Option<Ref<AppEngineVersion>>,
    /// From where it is called, by whatever name: from the project's networks only, unless the stack says otherwise.
    #[prop(rest = "networkSettings.ingressTrafficAllowed", tf = "network_settings.ingress_traffic_allowed",
        default = AppIngress::Internal, service = AppIngress::All, exposes = AppIngress::All, danger = Downtime)]
    ingress: AppIngress,
    meta: Meta,
}

/// From where a service of App Engine is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum AppIngress {
    /// From everywhere.
    #[choice("INGRESS_TRAFFIC_ALLOWED_ALL")]
    All,
    /// From the project's networks.
    #[choice("INGRESS_TRAFFIC_ALLOWED_INTERNAL_ONLY")]
    Internal,
    /// From there, and through a load balancer.
    #[choice("INGRESS_TRAFFIC_ALLOWED_INTERNAL_AND_LB")]
    LoadBalancer,
}

impl AppEngineService {
    /// The service that a version makes.
    #[track_caller]
    #[must_use]
    pub fn of(
        name: Name<Self>,
        application: impl Into<Ref<AppEngineApplication>>,
        version: impl Into<Ref<AppEngineVersion>>,
    ) -> Self {
        Self::declare_new(name, application).made_by(version)
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let application = stack.add(AppEngineApplication::new("europe-west"));
    let account = stack.add(ServiceAccount::new(name!("shop-app")));
    let version = AppEngineVersion::new(
        name!("v1"),
        application,
        "europe-west1-docker.pkg.dev/shop/shop/web:1.4.2",
        AppReadiness::new("/health/"),
        AppLiveness::new("/health/live/"),
        account,
    )
    .scaling(AppScaling::new(0.6));
    let version = stack.add(version);
    let service = AppEngineService::of(name!("default"), application, version)
        .ingress(AppIngress::LoadBalancer);
    stack.add(service).node()
}
