//! The one list of actions that delivered workflows use, each by the commit that was looked at.

use serde::Serialize;

/// An action. A tag can be moved to other code, a commit cannot.
struct Action {
    name: &'static str,
    commit: &'static str,
    version: &'static str,
}

impl Action {
    /// An action by its commit.
    ///
    /// # Panics
    /// If the commit is not 40 hexadecimal digits. It is called in constants alone, where that does not compile.
    #[expect(
        clippy::panic,
        reason = "it is evaluated in a constant, where a panic is a compile error"
    )]
    const fn at(name: &'static str, commit: &'static str, version: &'static str) -> Self {
        let bytes = commit.as_bytes();
        let mut at = 0;
        while at < bytes.len() && matches!(bytes[at], b'0'..=b'9' | b'a'..=b'f') {
            at += 1;
        }
        if at != 40 || bytes.len() != 40 {
            panic!("a commit has 40 hexadecimal digits in lower case");
        }
        Self { name, commit, version }
    }

    /// As it stands behind `uses:`.
    fn uses(&self) -> String {
        format!("{}@{} # {}", self.name, self.commit, self.version)
    }
}

// All of them run on Node.js 24: GitHub has taken 20 away.
const CHECKOUT: Action =
    Action::at("actions/checkout", "df4cb1c069e1874edd31b4311f1884172cec0e10", "v6.0.3");
const SETUP_PYTHON: Action =
    Action::at("actions/setup-python", "a309ff8b426b58ec0e2a45f0f869d46889d02405", "v6.2.0");
const UPLOAD_ARTIFACT: Action =
    Action::at("actions/upload-artifact", "043fb46d1a93c77aae656e7c1c64a875d1fc6a0a", "v7.0.1");
const DOWNLOAD_ARTIFACT: Action =
    Action::at("actions/download-artifact", "3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c", "v8.0.1");
const AZURE_LOGIN: Action =
    Action::at("azure/login", "532459ea530d8321f2fb9bb10d1e0bcf23869a43", "v3.0.0");
const GOOGLE_AUTH: Action =
    Action::at("google-github-actions/auth", "7c6bc770dae815cd3e89ee6cdf493a5fab2cc093", "v3.0.0");
const GOOGLE_SETUP: Action = Action::at(
    "google-github-actions/setup-gcloud",
    "aa5489c8933f4cc7a4f7d45035b3b1440c9c10db",
    "v3.0.1",
);

/// The actions as templates name them.
#[derive(Serialize)]
pub(super) struct Actions {
    checkout: String,
    setup_python: String,
    upload_artifact: String,
    download_artifact: String,
    azure_login: String,
    google_auth: String,
    google_setup: String,
}

impl Actions {
    pub(super) fn all() -> Self {
        Self {
            checkout: CHECKOUT.uses(),
            setup_python: SETUP_PYTHON.uses(),
            upload_artifact: UPLOAD_ARTIFACT.uses(),
            download_artifact: DOWNLOAD_ARTIFACT.uses(),
            azure_login: AZURE_LOGIN.uses(),
            google_auth: GOOGLE_AUTH.uses(),
            google_setup: GOOGLE_SETUP.uses(),
        }
    }
}
