//! The newest value of a secret of Secret Manager.

use crate::dsl::{Meta, Ref, Stack};
use crate::gcp::{PROVIDER, SecretManagerSecret};
use crate::schema::{Update, Verbs, codecs};
use crate::value::{NodeRef, Secret, Text};
use crate::{Choice, Resource, name};

/// What a secret holds now: its newest version. A changed value is a new version; older ones stay until they are
/// destroyed by hand.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "secretmanager.googleapis.com/SecretVersion@v1",
    id = "//secretmanager.googleapis.com/{parent}/versions/{name}",
    fixed_name = "latest",
    terraform = "google_secret_manager_secret_version",
    // Terraform tells values apart by a number that no version says: one that is imported is made anew at once.
    tf_import = "",
    scope = Child,
    completes,
    verbs = Verbs {
        create: "POST {holder}:addVersion",
        late: &["state"],
        updates: &[
            Update { of: &["payload"], request: "POST {holder}:addVersion", once: true, ..Update::MASK },
            Update {
                of: &["state"],
                request: "POST {api}/{live.name}:{word}",
                words: &[("ENABLED", "enable"), ("DISABLED", "disable")],
                ..Update::MASK
            },
        ],
        delete: "POST {api}/{live.name}:destroy",
        ..Verbs::STANDARD
    },
    constant(tf = "secret_data_wo_version", value = 1i64),
    // Without it Terraform destroys the old version before there is a new one.
    constant(tf = "deletion_policy", value = "ABANDON"),
    source = "https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions"
)]
#[output(version: Text, rest = "name", tf = "name",
    doc = "Its name with its number, `projects/P/secrets/S/versions/N`.")]
pub struct SecretVersion {
    /// The secret.
    #[prop(tf = "secret", parent)]
    secret: Ref<SecretManagerSecret>,
    /// The value.
    #[prop(rest = "payload.data", tf = "secret_data_wo", codec = codecs::BASE64, write_only, danger = Downtime)]
    value: Secret,
    /// Whether it can be read.
    #[prop(rest = "state", tf = "enabled", tf_codec = ENABLED, service = VersionState::Enabled, danger = Downtime)]
    state: Option<VersionState>,
    meta: Meta,
}

/// Whether a version can be read.
#[derive(Clone, Copy, Choice)]
pub enum VersionState {
    /// It can.
    #[choice("ENABLED")]
    Enabled,
    /// Not for now.
    #[choice("DISABLED")]
    Disabled,
}

static ENABLED: crate::schema::Codec = crate::schema::Codec {
    name: "true or false",
    encode: |value| crate::value::Value::Bool(value.as_str() == Some("ENABLED")),
    decode: |value| match value {
        crate::value::Value::Bool(true) => Some(crate::value::Value::literal("ENABLED")),
        crate::value::Value::Bool(false) => Some(crate::value::Value::literal("DISABLED")),
        _ => None,
    },
};

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let secret = stack.add(
        SecretManagerSecret::new(name!("session-key"))
            .automatic(crate::gcp::AutomaticReplication::default()),
    );
    let version =
        SecretVersion::new(secret, Secret::generated("session-key")).state(VersionState::Enabled);
    stack.add(version).node()
}
