//! What delivery to any of Google Cloud's services has in common: names, versions.

use crate::delivery::{AppSecret, Live, Names, Postgres, Surroundings, Template};
use crate::diagnostic::Diagnostic;
use crate::dsl::Resource as _;
use crate::gcp::{IamRole, PostgresVersion, ServiceAccountIamMember};
use crate::schema::DeclaredBlock;
use crate::value::{NodeRef, Piece, Text, Value};

/// Where Cloud SQL says its version, and what stands in front of it.
pub(super) const fn version_of_postgres() -> (&'static str, &'static str) {
    ("version", "POSTGRES_")
}

/// How a workflow reads Google Cloud.
pub(super) const LIVE: Live =
    Live { word: "gcp", reader: "GOOGLE_READER", sign_in: include_str!("templates/sign-in.tera") };

/// The names that files for all of its services use. `service` is what says where it is.
pub(super) fn google_names(
    of: &Surroundings<'_>,
    located: Option<NodeRef>,
) -> Result<Names, Diagnostic> {
    let target = of.target();
    let project = of.needed("gcp.project", ".project(\"..\")")?;
    let number = of.needed("gcp.project_number", ".project_number(\"..\")")?;
    // `//service/projects/P/locations/L/..`
    let id = located.map_or("", |node| of.id(node));
    let region = id.split('/').nth(6).unwrap_or_default().to_owned();
    // Tokens are exchanged under the project's number.
    let provider = target.parts.get("provider").map_or("", |node| of.id(*node));
    let provider = provider.split_once("/locations/").map_or("", |(_, rest)| rest);
    let account = target.parts.get("account");
    let account = account.map(|node| of.known(*node, "email")).unwrap_or_default();
    let images = of.known(target.registry, "docker_path");
    let host = images.split('/').next().unwrap_or_default().to_owned();
    Ok(Names::from([
        ("account", account),
        // What `gcloud` does not have of itself.
        ("components", String::new()),
        ("image", format!("{images}/{}", of.workload().repository())),
        ("project", project),
        ("provider", format!("projects/{number}/locations/{provider}")),
        ("region", region),
        ("registry", host),
    ]))
}

/// How a script runs a Cloud Run job with the image of a release.
pub(super) const RUN_JOB: Template =
    Template::new("run-job", include_str!("templates/run-job.tera"));

/// What is wrong with who may read the secrets of a workload: each of those that `secrets` gives, `account` needs the role for it.
pub(super) fn unread(
    of: &Surroundings<'_>,
    account: NodeRef,
    secrets: impl IntoIterator<Item = NodeRef>,
) -> Vec<Diagnostic> {
    let member = of.known(account, "member");
    let role = IamRole::SECRET_ACCESSOR;
    secrets
        .into_iter()
        .filter(|secret| !of.granted(*secret, role.as_str(), &member))
        .map(|secret| {
            let (secret_name, name) = (of.name(secret), of.name(account));
            let what = format!("`{name}` reads the secret `{secret_name}`, and may not");
            let help = "give it the role: `SecretIamMember::new(secret, IamRole::SECRET_ACCESSOR, account)`";
            of.wrong(secret, what, help)
        })
        .collect()
}

/// The secrets of the store behind those of a workload, where `variable` finds what the environment says of one.
pub(super) fn referred<'v>(
    secrets: impl IntoIterator<Item = AppSecret>,
    variable: impl Fn(&str) -> Option<&'v Text>,
) -> Vec<NodeRef> {
    let secret = |one: AppSecret| Some(variable(one.variable())?.outputs().next()?.node);
    secrets.into_iter().filter_map(secret).collect()
}

/// The role by which workflows act as the account that delivers.
const ACTS_AS: &str = "roles/iam.workloadIdentityUser";

/// Who may act as the account that delivers: jobs of one GitHub environment, and nobody else.
pub(super) fn let_in(of: &Surroundings<'_>) -> Vec<Diagnostic> {
    let environment = of.environment();
    let Some(account) = of.target().parts.get("account").copied() else { return Vec::new() };
    let mut problems = Vec::new();
    let wanted = format!(":environment:{environment}");
    let help = format!(
        "say `IamMember::of_environment(pool, repository, \"{environment}\")`: that environment can ask for an approval, and no other \
         workflow of the repository may deliver"
    );
    let members = of.all(ServiceAccountIamMember::resource_type().slug);
    let of_account = members.into_iter().filter(|node| of.holder(*node) == Some(account));
    let mut some = false;
    for (node, member) in of_account.filter_map(|node| Some((node, of.declared(node)?))) {
        if said(member, "role") != ACTS_AS {
            continue;
        }
        some = true;
        let who = said(member, "member");
        let subject = who.split_once("/subject/repo:").map_or("", |(_, subject)| subject);
        if !(subject.ends_with(&wanted) && subject.matches(':').count() == 2) {
            let what = format!(
                "the workflow signs in from the environment `{environment}`, and others may act as `{}`: `{who}`",
                of.name(account)
            );
            problems.push(of.wrong(node, what, &help));
        }
    }
    if !some {
        let what = format!(
            "the workflow signs in from the environment `{environment}`, and nobody may act as `{}`",
            of.name(account)
        );
        problems.push(of.wrong(account, what, &help));
    }
    problems
}

/// What a property says, outputs left out.
fn said(member: DeclaredBlock<'_>, property: &str) -> String {
    let value = member.get(property).and_then(Value::as_text);
    let literal = |piece| match piece {
        Piece::Literal(text) => text,
        Piece::Output(_) => "",
    };
    value.map(|text| text.parts().map(literal).collect()).unwrap_or_default()
}

impl From<&Postgres> for PostgresVersion {
    fn from(postgres: &Postgres) -> Self {
        match (postgres.as_str(), postgres.reason()) {
            (version, Some(reason)) => PostgresVersion::end_of_life(version, reason),
            ("15", None) => PostgresVersion::V15,
            ("16", None) => PostgresVersion::V16,
            ("17", None) => PostgresVersion::V17,
            // The four are all that there is without a reason.
            _ => PostgresVersion::V18,
        }
    }
}
