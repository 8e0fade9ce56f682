//! Service accounts.

use crate::Resource;
use crate::dsl::{Meta, Name, Stack};
use crate::gcp::{GoogleScope as _, PROVIDER};
use crate::name;
use crate::schema::{Update, Verbs};
use crate::value::{NodeRef, Text};

/// A service account: whom a workload acts as. It has no keys; workloads on Google Cloud need none, and others come by
/// workload identity federation.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "iam.googleapis.com/ServiceAccount@v1",
    id = "//iam.googleapis.com/projects/{gcp.project}/serviceAccounts/{name}@{gcp.project}.iam.gserviceaccount.com",
    terraform = "google_service_account",
    scope = Root,
    verbs = Verbs {
        create: "POST {collection}",
        says: &[("accountId", "{name}")],
        within: "serviceAccount",
        late: &["disabled"],
        updates: &[
            Update {
                of: &["disabled"],
                request: "POST {self}:{word}",
                words: &[("true", "disable"), ("false", "enable")],
                ..Update::MASK
            },
            Update { within: "serviceAccount", says: &[("updateMask", "{mask}")], ..Update::MERGE },
        ],
        ..Verbs::STANDARD
    },
    source = "https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts"
)]
#[output(email: Text, rest = "email", tf = "email",
    made = "{name}@{gcp.project}.iam.gserviceaccount.com",
    doc = "Its address, by which workloads run as it and policies name it.")]
#[output(member: Text, tf = "member",
    made = "serviceAccount:{name}@{gcp.project}.iam.gserviceaccount.com",
    doc = "It as a member of policies, `serviceAccount:..`.")]
#[output(database_user: Text, made = "{name}@{gcp.project}.iam",
    doc = "The name by which it signs in to PostgreSQL.")]
#[output(unique_id: Text, rest = "uniqueId", tf = "unique_id",
    doc = "The number that tells it from a later one of the same name.")]
pub struct ServiceAccount {
    /// The account's name, in front of the `@` of its address.
    #[name(
        len = 6..=30, chars = lower_alphanumeric, and = "-", start = Letter, end = Alphanumeric,
        source = "https://cloud.google.com/iam/docs/service-accounts-create#creating"
    )]
    #[prop(tf = "account_id")]
    name: Name<Self>,
    /// What people call it, at most 100 bytes.
    #[prop(rest = "displayName", tf = "display_name", danger = Cosmetic)]
    display_name: Option<Text>,
    /// What it is for, at most 256 bytes.
    #[prop(rest = "description", tf = "description", danger = Cosmetic)]
    description: Option<Text>,
    /// Whether nobody may act as it for now.
    #[prop(rest = "disabled", tf = "disabled", service = false, danger = Downtime)]
    disabled: Option<bool>,
    meta: Meta,
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let account = ServiceAccount::new(name!("shop-run"))
        .display_name("Shop")
        .description(crate::text!("Runs the shop in {}", stack.project_id()))
        .disabled(false);
    stack.add(account).node()
}
