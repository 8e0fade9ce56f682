//! Who asks. Tokens come from `azure_identity`; nothing here reads the environment or shows a secret.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, Secret, TokenCredential};
use azure_core_legacy::auth as legacy;
use azure_core_legacy::error::ErrorKind;

use super::transport::Authority;
use crate::diagnostic::Diagnostic;
use crate::live::http::innermost;
use crate::live::{Fault, ReadError};

/// By what an Azure knows who asks. It cannot be shown: it may hold a secret.
pub enum Credential {
    /// No one: a token that means nothing. Only servers on this machine are sent it.
    Nobody,
    /// A person who is signed in to the Azure CLI or the Azure Developer CLI.
    DeveloperTools,
    /// An application, by a secret.
    ClientSecret {
        /// The tenant's ID.
        tenant: String,
        /// The application's ID.
        client: String,
        /// Its secret.
        secret: String,
        /// Who gives out tokens, where that is not the public cloud's authority.
        authority: Option<String>,
    },
    /// A workload that another identity provider vouches for, by a token in a file.
    Workload {
        /// The tenant's ID.
        tenant: String,
        /// The application's ID.
        client: String,
        /// Where the other provider's token is.
        token_file: PathBuf,
        /// Who gives out tokens, where that is not the public cloud's authority.
        authority: Option<String>,
    },
    /// The identity of the machine or app on which this runs.
    ManagedIdentity {
        /// The client ID of one that was assigned; the machine's own unless said.
        client: Option<String>,
    },
}

impl Credential {
    /// What gives out tokens for it.
    pub(super) fn ready(
        self,
        local: bool,
        http: &reqwest::Client,
    ) -> Result<Arc<dyn legacy::TokenCredential>, Diagnostic> {
        let bad = |error: azure_core::Error| {
            Diagnostic::error(
                "live-unauthenticated",
                format!("azure does not know who is asking: {}", innermost(&error)),
            )
            .help("the how-to \"Read a live estate\" lists what can be set")
        };
        let options = |authority: Option<String>| {
            let mut options = Authority(http.clone()).options();
            if let Some(authority_host) = authority {
                let mut custom = azure_core::cloud::CustomConfiguration::default();
                custom.authority_host = authority_host;
                options.cloud = Some(Arc::new(custom.into()));
            }
            options
        };
        let inner: Arc<dyn TokenCredential> = match self {
            _ if local => Arc::new(Fixed),
            Credential::Nobody => {
                return Err(Diagnostic::error(
                    "live-unauthenticated",
                    "azure does not know who is asking: no credential was given",
                )
                .help("only a server on this machine is asked without one"));
            }
            Credential::DeveloperTools => {
                azure_identity::DeveloperToolsCredential::new(None).map_err(bad)?
            }
            Credential::ClientSecret { tenant, client, secret, authority } => {
                let options = azure_identity::ClientSecretCredentialOptions {
                    client_options: options(authority),
                };
                let secret = Secret::new(secret);
                azure_identity::ClientSecretCredential::new(&tenant, client, secret, Some(options))
                    .map_err(bad)?
            }
            Credential::Workload { tenant, client, token_file, authority } => {
                let options = azure_identity::WorkloadIdentityCredentialOptions {
                    credential_options: azure_identity::ClientAssertionCredentialOptions {
                        client_options: options(authority),
                    },
                    client_id: Some(client),
                    tenant_id: Some(tenant),
                    token_file_path: Some(token_file),
                };
                azure_identity::WorkloadIdentityCredential::new(Some(options)).map_err(bad)?
            }
            Credential::ManagedIdentity { client } => {
                let options = azure_identity::ManagedIdentityCredentialOptions {
                    user_assigned_id: client.map(azure_identity::UserAssignedId::ClientId),
                    client_options: options(None),
                };
                azure_identity::ManagedIdentityCredential::new(Some(options)).map_err(bad)?
            }
        };
        Ok(Arc::new(Adapter(inner)))
    }
}

/// A credential of today for the client of yesterday.
#[derive(Debug)]
struct Adapter(Arc<dyn TokenCredential>);

#[async_trait]
impl legacy::TokenCredential for Adapter {
    async fn get_token(&self, scopes: &[&str]) -> azure_core_legacy::Result<legacy::AccessToken> {
        let AccessToken { token, expires_on, .. } =
            self.0.get_token(scopes, None).await.map_err(|error| {
                azure_core_legacy::Error::new(
                    ErrorKind::Credential,
                    ReadError::new(Fault::Unauthenticated, complaint(&error.to_string())),
                )
            })?;
        Ok(legacy::AccessToken::new(token.secret().to_owned(), expires_on))
    }

    async fn clear_cache(&self) -> azure_core_legacy::Result<()> {
        Ok(())
    }
}

/// What each tool complains of, without the frame that a chain of them puts around it.
fn complaint(told: &str) -> String {
    let own = |line: &&str| {
        !line.is_empty()
            && !line.starts_with("Multiple errors")
            && !line.starts_with("To troubleshoot")
    };
    told.lines().map(str::trim).filter(own).take(3).collect::<Vec<_>>().join("; ")
}

/// The token for servers on this machine.
#[derive(Debug)]
struct Fixed;

#[async_trait]
impl TokenCredential for Fixed {
    async fn get_token(
        &self,
        _: &[&str],
        _: Option<azure_core::credentials::TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let later = azure_core::time::OffsetDateTime::now_utc() + Duration::from_secs(3600);
        Ok(AccessToken::new("nobody", later))
    }
}
