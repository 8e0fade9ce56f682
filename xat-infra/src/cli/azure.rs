//! `--live azure`: which Azure, and as whom.

use super::io::{Failure, Io};
use super::live::{Wanted, types};
use super::reading::ReadingArgs;
use crate::azure::PROVIDER;
use crate::diagnostic::Diagnostic;
use crate::live::azure::{Azure, Credential, PUBLIC, Settings};
use crate::live::{Recording, Wants, is_full_name};

/// The options of `--live azure`.
#[derive(clap::Args)]
pub(super) struct AzureArgs {
    /// With --live azure: the Resource Manager's address. AZURE_RESOURCE_MANAGER_ENDPOINT, else the public cloud's.
    #[arg(long, value_name = "URL")]
    azure_endpoint: Option<String>,
    /// With --live azure: the subscription of groups that are given by name. AZURE_SUBSCRIPTION_ID, else the stack's.
    /// With --arm-template: the one that the template is deployed to.
    #[arg(long, value_name = "ID")]
    subscription: Option<String>,
}

impl AzureArgs {
    /// The subscription, where it is said.
    pub(super) fn subscription(&self) -> Option<&str> {
        self.subscription.as_deref()
    }

    /// Reads what is wanted.
    pub(super) fn read(
        &self,
        reading: &ReadingArgs,
        wanted: Wanted<'_>,
        io: &Io<'_>,
    ) -> Result<Recording, Failure> {
        let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let wants = self.wants(wanted, &env)?;
        let endpoint = self.azure_endpoint.clone();
        let azure = Azure::connect(Settings {
            endpoint: endpoint
                .or_else(|| env("AZURE_RESOURCE_MANAGER_ENDPOINT"))
                .unwrap_or_else(|| PUBLIC.to_owned()),
            audience: env("AZURE_RESOURCE_MANAGER_AUDIENCE"),
            credential: credential(&env),
            timeout: reading.timeout(),
        })?;
        reading.read(&azure, wants, io)
    }

    fn wants(
        &self,
        wanted: Wanted<'_>,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Wants, Failure> {
        let type_of_id = PROVIDER.type_of_id;
        let mut wants = Wants::new(types(wanted.graph));
        if let Some(graph) = wanted.graph {
            wants = wants.stack_in(graph, PROVIDER.name);
            if wanted.unmanaged {
                wants = wants.around(graph);
            }
        }
        let owned = wanted.state.iter().flat_map(|state| state.resources.values());
        for owned in owned.filter(|owned| !is_full_name(&owned.id)) {
            wants = wants.resource(&owned.id, &type_of_id(&owned.id).unwrap_or_default());
        }
        for group in wanted.groups {
            let id = match group.starts_with('/') {
                true => group.trim_end_matches('/').to_owned(),
                false => {
                    let subscription = self
                        .subscription
                        .clone()
                        .or_else(|| env("AZURE_SUBSCRIPTION_ID"))
                        .or_else(|| of_stack(wanted))
                        .ok_or_else(|| no_subscription(group))?;
                    format!("/subscriptions/{subscription}/resourceGroups/{group}")
                }
            };
            wants = wants.resource(&id, &type_of_id(&id).unwrap_or_default()).group(&id);
        }
        Ok(wants)
    }
}

/// The subscription of the stack: that of its first resource.
fn of_stack(wanted: Wanted<'_>) -> Option<String> {
    let mut ids = wanted.graph?.nodes.iter().map(|node| &node.id);
    let id = ids.find(|id| !is_full_name(id))?;
    Some(id.strip_prefix("/subscriptions/")?.split('/').next()?.to_owned())
}

fn no_subscription(group: &str) -> Diagnostic {
    Diagnostic::error(
        "missing-parameter",
        format!("the subscription of the group `{group}` is not known"),
    )
    .help("say `--subscription ID`, set AZURE_SUBSCRIPTION_ID, or give the group's full ID")
}

/// Who asks, by the variables that Azure's own tools know. One is chosen, and told if it fails: trying others in turn would
/// end in the complaint of the last.
fn credential(env: &dyn Fn(&str) -> Option<String>) -> Credential {
    let authority = env("AZURE_AUTHORITY_HOST");
    let client = env("AZURE_CLIENT_ID");
    let chosen = env("AZURE_TOKEN_CREDENTIALS").unwrap_or_default().to_ascii_lowercase();
    let may = |name: &str| ["", "prod", name].contains(&chosen.as_str());
    let app = env("AZURE_TENANT_ID").zip(client.clone());
    if let (Some((tenant, client)), Some(secret), true) =
        (app.clone(), env("AZURE_CLIENT_SECRET"), may("environmentcredential"))
    {
        return Credential::ClientSecret { tenant, client, secret, authority };
    }
    if let (Some((tenant, client)), Some(file), true) =
        (app, env("AZURE_FEDERATED_TOKEN_FILE"), may("workloadidentitycredential"))
    {
        return Credential::Workload { tenant, client, token_file: file.into(), authority };
    }
    let on_azure = env("IDENTITY_ENDPOINT").is_some() && chosen.is_empty();
    if on_azure || ["prod", "managedidentitycredential"].contains(&chosen.as_str()) {
        return Credential::ManagedIdentity { client };
    }
    Credential::DeveloperTools
}

#[cfg(test)]
mod tests {
    use super::{Credential, credential};

    fn chosen(set: &[(&str, &str)]) -> &'static str {
        let env = |name: &str| {
            set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        match credential(&env) {
            Credential::Nobody => "nobody",
            Credential::DeveloperTools => "tools",
            Credential::ClientSecret { .. } => "secret",
            Credential::Workload { .. } => "workload",
            Credential::ManagedIdentity { client: None } => "machine",
            Credential::ManagedIdentity { client: Some(_) } => "assigned",
        }
    }

    #[test]
    fn who_asks_is_what_the_environment_says() {
        let app = [("AZURE_TENANT_ID", "t"), ("AZURE_CLIENT_ID", "c")];
        let with = |more: &[(&'static str, &'static str)]| [&app[..], more].concat();
        assert_eq!(chosen(&[]), "tools");
        assert_eq!(chosen(&app), "tools");
        assert_eq!(chosen(&with(&[("AZURE_CLIENT_SECRET", "s")])), "secret");
        assert_eq!(chosen(&[("AZURE_CLIENT_SECRET", "s")]), "tools");
        assert_eq!(chosen(&with(&[("AZURE_FEDERATED_TOKEN_FILE", "f")])), "workload");
        assert_eq!(chosen(&[("IDENTITY_ENDPOINT", "http://x")]), "machine");
        assert_eq!(chosen(&[("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")]), "machine");
        assert_eq!(chosen(&with(&[("AZURE_TOKEN_CREDENTIALS", "prod")])), "assigned");
        let dev = with(&[("AZURE_CLIENT_SECRET", "s"), ("AZURE_TOKEN_CREDENTIALS", "dev")]);
        assert_eq!(chosen(&dev), "tools");
    }
}
