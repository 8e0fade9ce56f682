//! Who asks. Tokens come from `google-cloud-auth`; nothing here shows one.

use google_cloud_auth::credentials::{AccessTokenCredentials, Builder};

use crate::diagnostic::Diagnostic;
use crate::live::http::innermost;
use crate::live::{Fault, ReadError};

/// The scope that every service knows; what may be read is a matter of roles.
/// <https://developers.google.com/identity/protocols/oauth2/scopes>
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";

/// By what a Google Cloud knows who asks. It cannot be shown: it may hold a secret.
pub enum Credential {
    /// No one: a token that means nothing. Only servers on this machine are sent it.
    Nobody,
    /// What Google's own tools use: a key, a person's sign-in, a workload that another identity provider vouches for, or the
    /// machine on which this runs. <https://cloud.google.com/docs/authentication/application-default-credentials>
    ApplicationDefault,
    /// A token that somebody else asked for (`gcloud auth print-access-token`).
    Token(String),
}

/// What gives out tokens.
pub(super) enum Tokens {
    Fixed(String),
    Asked(AccessTokenCredentials),
}

impl Credential {
    /// What gives out tokens for it. A server on this machine is sent none that means anything.
    pub(super) fn ready(self, local: bool) -> Result<Tokens, Diagnostic> {
        let nobody = |why: String| {
            Diagnostic::error(
                "live-unauthenticated",
                format!("gcp does not know who is asking: {why}"),
            )
        };
        match self {
            _ if local => Ok(Tokens::Fixed("nobody".to_owned())),
            Credential::Nobody => Err(nobody("no credential was given".to_owned())
                .help("only a server on this machine is asked without one")),
            Credential::Token(token) => Ok(Tokens::Fixed(token)),
            Credential::ApplicationDefault => {
                // The library of TLS below asks which implementation to use; another part of the program may have said it.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let asked = Builder::default().with_scopes([SCOPE]);
                let tokens = asked.build_access_token_credentials().map_err(|error| {
                    nobody(innermost(&error))
                        .help("the how-to \"Read a live estate\" lists what can be set")
                })?;
                Ok(Tokens::Asked(tokens))
            }
        }
    }
}

impl Tokens {
    pub(super) async fn token(&self) -> Result<String, ReadError> {
        match self {
            Tokens::Fixed(token) => Ok(token.clone()),
            Tokens::Asked(credentials) => credentials
                .access_token()
                .await
                .map(|token| token.token)
                .map_err(|error| ReadError::new(Fault::Unauthenticated, innermost(&error))),
        }
    }
}
