//! The application of a project in App Engine.

use crate::dsl::{Meta, Stack};
use crate::gcp::PROVIDER;
use crate::schema::Verbs;
use crate::value::{NodeRef, Text};
use crate::{Choice, Resource};

/// The application of a project in App Engine: a project has one, in one place for good, and it cannot be deleted.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "appengine.googleapis.com/Application@v1",
    id = "//appengine.googleapis.com/apps/{gcp.project}",
    fixed_name = "app",
    derived_name("location"),
    terraform = "google_app_engine_application",
    label = "App Engine application",
    tf_import = "{gcp.project}",
    scope = Root,
    verbs = Verbs {
        create: "POST {collection}",
        says: &[("id", "{gcp.project}")],
        delete: "",
        ..Verbs::STANDARD
    },
    undeletable,
    source = "https://cloud.google.com/appengine/docs/admin-api/reference/rest/v1/apps"
)]
#[output(hostname: Text, rest = "defaultHostname", tf = "default_hostname", doc = "The host name by which it answers.")]
pub struct AppEngineApplication {
    /// Where it is (`us-central`, `europe-west`): two of App Engine's locations have no number.
    #[prop(rest = "locationId", tf = "location_id", replace)]
    location: Text,
    /// The database that came with it.
    #[prop(rest = "databaseType", tf = "database_type", danger = Downtime)]
    database: Option<AppEngineDatabase>,
    /// The domain whose people may sign in.
    #[prop(rest = "authDomain", tf = "auth_domain", danger = Exposure)]
    auth_domain: Option<Text>,
    /// Whether it answers.
    #[prop(rest = "servingStatus", tf = "serving_status", service = AppServing::Serving, danger = Downtime)]
    serving: Option<AppServing>,
    /// Whether versions are asked apart if they are alive and if they are ready.
    #[prop(rest = "featureSettings.splitHealthChecks", tf = "feature_settings.split_health_checks", default = true,
        service = true, danger = Downtime)]
    split_health_checks: bool,
    meta: Meta,
}

/// The database that comes with an application.
#[derive(Clone, Copy, Choice)]
pub enum AppEngineDatabase {
    /// Firestore.
    #[choice("CLOUD_FIRESTORE")]
    Firestore,
    /// Firestore that answers as Datastore.
    #[choice("CLOUD_DATASTORE_COMPATIBILITY")]
    DatastoreCompatible,
    /// Datastore.
    #[choice("CLOUD_DATASTORE")]
    Datastore,
}

/// Whether an application answers.
#[derive(Clone, Copy, Choice)]
pub enum AppServing {
    /// It does.
    #[choice("SERVING")]
    Serving,
    /// Somebody turned it off.
    #[choice("USER_DISABLED")]
    Disabled,
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let application = AppEngineApplication::new("europe-west")
        .database(AppEngineDatabase::Firestore)
        .auth_domain("example.com")
        .serving(AppServing::Serving);
    stack.add(application).node()
}
