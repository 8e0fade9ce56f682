//! Google Cloud as a [`Source`]: plain REST, and nothing but reads.
//!
//! Each service has a server of its own; what is asked of which follows from a resource's full name and its type's version. Policies of
//! some services are read by a POST of `:getIamPolicy`, which changes nothing; no other POST can be sent.

mod credential;
mod inventory;
mod route;
mod transport;

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use reqwest::Url;
use serde_json::Value as Json;

pub use credential::Credential;
use credential::Tokens;
use route::Route;
use transport::Transport;

use super::http::{address, client, is_local};
use super::{Ask, Fault, ReadError, Source};
use crate::diagnostic::Diagnostic;

/// How many pages of a list are read. A service that never stops giving the next one is not believed.
const MAX_PAGES: usize = 1000;

/// Which Google Cloud is read, and as whom.
pub struct Settings {
    /// One server that plays all services, each below its own name: a server on this machine. The services themselves unless
    /// said.
    pub endpoint: Option<String>,
    /// Who asks.
    pub credential: Credential,
    /// How long one answer may take.
    pub timeout: Duration,
}

/// A Google Cloud that can be read.
pub struct Google {
    endpoint: Option<Url>,
    transport: Transport,
    tokens: Tokens,
    runtime: tokio::runtime::Runtime,
    /// The numbers of projects, where they were asked for.
    numbers: Mutex<HashMap<String, String>>,
}

impl Google {
    /// Makes everything ready. Nothing is sent yet.
    ///
    /// # Errors
    /// The endpoint is no address, or not one that a token may be sent to; the credential is incomplete.
    pub fn connect(settings: Settings) -> Result<Self, Diagnostic> {
        let help = "leave it out to ask Google's own services";
        let endpoint =
            settings.endpoint.as_deref().map(|endpoint| address(endpoint, help)).transpose()?;
        let local = endpoint.as_ref().is_some_and(is_local);
        let (http, runtime) = client("gcp", settings.timeout, local)?;
        let tokens = {
            let _runs = runtime.enter();
            settings.credential.ready(local)?
        };
        Ok(Self {
            endpoint,
            transport: Transport::new(http),
            tokens,
            runtime,
            numbers: Mutex::default(),
        })
    }

    fn fetch(&self, route: &Route) -> Result<Json, ReadError> {
        let url = route
            .url(self.endpoint.as_ref())
            .ok_or_else(|| ReadError::new(Fault::Refused, "its name makes no address"))?;
        self.runtime.block_on(async {
            let token = self.tokens.token().await?;
            self.transport.read(url, route.body.as_ref(), &token).await
        })
    }

    /// What a list holds under the first of these keys that it has, on all its pages: <https://google.aip.dev/158>.
    fn pages(&self, mut route: Route, keys: &[&str]) -> Result<Vec<Json>, ReadError> {
        let said = route.query.clone();
        let mut out = Vec::new();
        for _ in 0..MAX_PAGES {
            let mut page = self.fetch(&route)?;
            let key = keys.iter().find(|key| page.get(**key).is_some_and(Json::is_array));
            if let Some(Json::Array(items)) = key.and_then(|key| page.get_mut(*key)).map(Json::take)
            {
                out.extend(items);
            }
            match page.get("nextPageToken").and_then(Json::as_str) {
                Some(next) if !next.is_empty() => {
                    route.query = said.clone();
                    route.query.push(("pageToken", next.to_owned()));
                }
                _ => return Ok(out),
            }
        }
        Err(ReadError::new(Fault::Refused, format!("its list has more than {MAX_PAGES} pages")))
    }

    /// The number of a project: some services know it by nothing else.
    fn number(&self, project: &str) -> Result<String, ReadError> {
        let known = self.numbers.lock().ok().and_then(|numbers| numbers.get(project).cloned());
        if let Some(known) = known {
            return Ok(known);
        }
        let told = self.fetch(&Route::project(project)).map_err(|error| ReadError {
            // What cannot be asked for is not missing.
            fault: if error.fault == Fault::Absent { Fault::Refused } else { error.fault },
            why: format!("the number of the project `{project}`: {}", error.why),
            ..error
        })?;
        let number = told.get("projectNumber").and_then(Json::as_str).ok_or_else(|| {
            ReadError::new(Fault::Refused, format!("the project `{project}` has no number"))
        })?;
        if let Ok(mut numbers) = self.numbers.lock() {
            numbers.insert(project.to_owned(), number.to_owned());
        }
        Ok(number.to_owned())
    }
}

impl Source for Google {
    fn name(&self) -> &'static str {
        "gcp"
    }

    fn get(&self, ask: &Ask) -> Result<Json, ReadError> {
        let route = Route::of(ask, |project| self.number(project))?;
        let mut answer = self.fetch(&route)?;
        let Some((list, key, name)) = &route.listed else { return Ok(answer) };
        let items = answer.get_mut(*list).map(Json::take);
        let own = |item: &Json| item.get(key).and_then(Json::as_str) == Some(name);
        match items {
            Some(Json::Array(items)) => items.into_iter().find(own),
            _ => None,
        }
        .ok_or_else(|| ReadError::new(Fault::Absent, format!("no {key} of its {list} is `{name}`")))
    }

    fn collection(&self, ask: &Ask) -> Result<Vec<(String, Json)>, ReadError> {
        let route = Route::of(ask, |project| self.number(project))?;
        let own = ask.id.rsplit('/').next().unwrap_or_default();
        let listed = inventory::of_wire(&ask.wire).and_then(|ty| ty.verbs(ty.wire)?.listed);
        let by = listed.filter(|listed| !listed.list.is_empty()).map(|listed| listed.key);
        // Where a name is what people say, the full one stands elsewhere.
        let keys = ["resourceName", "name"].into_iter().chain(by);
        let named = |body: Json| {
            let name = keys.clone().find_map(|key| body.get(key)?.as_str());
            let name = name.and_then(|name| name.rsplit('/').next()).ok_or_else(|| {
                ReadError::new(Fault::Refused, format!("one of its {own} has no name"))
            })?;
            Ok((format!("{}/{name}", ask.id), body))
        };
        // Google's older services have `items` in every list.
        self.pages(route, &[own, "items"])?.into_iter().map(named).collect()
    }

    /// What the inventory knows of a project: <https://cloud.google.com/asset-inventory/docs/reference/rest/v1/assets/list>.
    fn list(&self, group: &str) -> Result<Vec<Json>, ReadError> {
        let project = group.strip_prefix(inventory::PROJECT).filter(|id| !id.contains('/'));
        let project = project.ok_or_else(|| {
            ReadError::new(Fault::Refused, "Google Cloud has no groups of resources but projects")
        })?;
        let mut out = Vec::new();
        for content in ["RESOURCE", "IAM_POLICY"] {
            let assets = self.pages(Route::assets(project, content), &["assets"])?;
            out.extend(assets.iter().flat_map(|asset| inventory::listed(asset, project)));
        }
        Ok(out)
    }

    /// What is part of a Google resource has a full name of its own, by which it is wanted.
    fn children(&self, _: &Ask) -> Result<Vec<Json>, ReadError> {
        Ok(Vec::new())
    }

    /// Nothing stands beside a Google resource: members of its policy are elements of that.
    fn beside(&self, _: &Ask) -> Result<Vec<Json>, ReadError> {
        Ok(Vec::new())
    }

    /// No type of Google's says that its service keeps what was deleted under another name.
    fn deleted(&self, _: &Ask) -> Result<Vec<Json>, ReadError> {
        Ok(Vec::new())
    }

    /// <https://cloud.google.com/iam/docs/understanding-roles#basic>,
    /// <https://cloud.google.com/iam/docs/roles-permissions/iam#iam.securityReviewer>
    fn permission(&self, ask: &Ask) -> String {
        let of_project =
            ask.id.strip_prefix(inventory::PROJECT).is_some_and(|id| !id.contains('/'));
        let role = match ask.id.ends_with("/iamPolicy") {
            true => "Security Reviewer (`roles/iam.securityReviewer`)",
            // <https://cloud.google.com/asset-inventory/docs/access-control>
            false if of_project => "Cloud Asset Viewer (`roles/cloudasset.viewer`)",
            false => "Viewer (`roles/viewer`)",
        };
        format!("leave to read `{}`; the role {role} has it", ask.id)
    }

    fn sign_in(&self) -> &'static str {
        "sign in (`gcloud auth application-default login`), or set what the how-to \"Read a live estate\" lists"
    }
}

impl From<String> for ReadError {
    fn from(why: String) -> Self {
        Self::new(Fault::Refused, why)
    }
}
