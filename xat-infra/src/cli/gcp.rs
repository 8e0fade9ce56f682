//! `--live gcp`: which Google Cloud, and as whom.

use super::io::{Failure, Io};
use super::live::{Wanted, types};
use super::reading::ReadingArgs;
use crate::diagnostic::Diagnostic;
use crate::gcp::PROVIDER;
use crate::live::gcp::{Credential, Google, Settings};
use crate::live::{Recording, Wants};

/// The options of `--live gcp`.
#[derive(clap::Args)]
pub(super) struct GcpArgs {
    /// With --live gcp: one server that plays all services, each below its own name, in place of the services themselves.
    #[arg(long, value_name = "URL")]
    gcp_endpoint: Option<String>,
    /// With --live gcp: reads all that the inventory of this project's assets knows, beside what a stack declares. Its ID.
    #[arg(long, value_name = "ID")]
    project: Option<String>,
}

impl GcpArgs {
    /// The project of which all is read, where it is said.
    pub(super) fn project(&self) -> Option<&str> {
        self.project.as_deref()
    }

    /// Reads what is wanted.
    pub(super) fn read(
        &self,
        reading: &ReadingArgs,
        wanted: Wanted<'_>,
        io: &Io<'_>,
    ) -> Result<Recording, Failure> {
        if let Some(group) = wanted.groups.first() {
            let what = format!("Google Cloud has no resource groups, and so no `{group}`");
            let help = "say `--project ID` to read all of a project, which holds resources here as groups do elsewhere";
            return Err(Diagnostic::error("missing-parameter", what).help(help).into());
        }
        if wanted.graph.is_none() && self.project.is_none() {
            let what = "nothing says what is to be read of Google Cloud";
            let help = "say which project: `--project ID`";
            return Err(Diagnostic::error("missing-parameter", what).help(help).into());
        }
        let mut wants = Wants::new(types(wanted.graph));
        if let Some(graph) = wanted.graph {
            wants = wants.stack_in(graph, PROVIDER.name);
        }
        for owned in wanted.state.iter().flat_map(|state| state.resources.values()) {
            if let Some(wire) = (PROVIDER.type_of_id)(&owned.id) {
                wants = wants.resource(&owned.id, &wire);
            }
        }
        if let Some(project) = self.project.as_deref().or_else(|| of_stack(wanted)) {
            wants =
                wants.group(&format!("//cloudresourcemanager.googleapis.com/projects/{project}"));
        }
        let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let google = Google::connect(Settings {
            endpoint: self.gcp_endpoint.clone(),
            credential: credential(&env),
            timeout: reading.timeout(),
        })?;
        reading.read(&google, wants, io)
    }
}

/// The project of the stack, where all is to be read that it does not declare.
fn of_stack(wanted: Wanted<'_>) -> Option<&str> {
    let graph = wanted.graph.filter(|_| wanted.unmanaged)?;
    graph.scope.get("gcp.project").map(String::as_str)
}

/// Who asks: a token that was asked for elsewhere, as Terraform's provider takes it, else what Google's own tools use.
/// <https://github.com/hashicorp/terraform-provider-google/blob/main/website/docs/guides/provider_reference.html.markdown>
fn credential(env: &dyn Fn(&str) -> Option<String>) -> Credential {
    match env("GOOGLE_OAUTH_ACCESS_TOKEN") {
        Some(token) => Credential::Token(token),
        None => Credential::ApplicationDefault,
    }
}

#[cfg(test)]
mod tests {
    use super::{Credential, credential};

    #[test]
    fn who_asks_is_what_the_environment_says() {
        assert!(matches!(credential(&|_| None), Credential::ApplicationDefault));
        let token = |name: &str| (name == "GOOGLE_OAUTH_ACCESS_TOKEN").then(|| "t".to_owned());
        assert!(matches!(credential(&token), Credential::Token(t) if t == "t"));
    }
}
