//! APIs that a project has turned on.

use crate::dsl::{Meta, Name, Stack};
use crate::gcp::PROVIDER;
use crate::schema::{Update, Verbs};
use crate::value::NodeRef;
use crate::{Choice, Resource, name};

/// An API that the project uses. Resources of that API in the same stack wait for it.
///
/// Taken out of a stack, the API stays on: turning one off breaks whatever else uses it.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "serviceusage.googleapis.com/Service@v1",
    id = "//serviceusage.googleapis.com/projects/{gcp.project}/services/{name}",
    terraform = "google_project_service",
    tf_import = "{gcp.project}/{name}",
    scope = Root,
    undeletable,
    verbs = Verbs {
        create: "",
        updates: &[Update {
            of: &["state"], request: "POST {self}:{word}", words: &[("ENABLED", "enable")], ..Update::MASK
        }],
        delete: "",
        ..Verbs::STANDARD
    },
    enables,
    constant(tf = "disable_on_destroy", value = false),
    source = "https://cloud.google.com/service-usage/docs/reference/rest/v1/services"
)]
pub struct ProjectService {
    /// The API's name (`run.googleapis.com`).
    #[name(
        len = 3..=128, chars = lower_alphanumeric, and = "-.", start = Letter, end = Alphanumeric,
        source = "https://cloud.google.com/service-usage/docs/list-services"
    )]
    #[prop(tf = "service")]
    name: Name<Self>,
    /// Whether it is on.
    #[prop(rest = "state", default = ApiState::Enabled, no_setter, danger = Downtime)]
    state: ApiState,
    meta: Meta,
}

/// Whether an API is on.
#[derive(Clone, Copy, Choice)]
pub enum ApiState {
    /// It is.
    #[choice("ENABLED")]
    Enabled,
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    stack.add(ProjectService::new(name!("secretmanager.googleapis.com"))).node()
}
