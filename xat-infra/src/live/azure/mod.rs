//! Azure Resource Manager as a [`Source`]: GETs through `azure_mgmt_resources`, and nothing else.
//!
//! The generic operations of that crate send one fixed API version. A version in the query of the endpoint goes before it,
//! so each request is made by a client of its own, which costs a few allocations. Pages of a list are asked for in the same
//! way, by the path and query of their link.

mod credential;
mod transport;

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use azure_core_legacy::auth::TokenCredential;
use azure_core_legacy::{Error, Response, RetryOptions, TransportOptions, Url};
use azure_mgmt_resources::package_resources_2021_04::Client;
use futures::StreamExt;
use serde_json::Value as Json;

pub use credential::Credential;
use transport::Transport;

use super::http::{address, client, innermost, is_local};
use super::{Ask, Fault, ReadError, Source};
use crate::diagnostic::Diagnostic;

/// Where the public cloud's Resource Manager is.
pub const PUBLIC: &str = "https://management.azure.com";

/// The code by which a service says that a type of resource has nothing of a kind beside it.
const NOT_SUPPORTED: &str = "ResourceTypeNotSupported";

/// The version of `Microsoft.Resources` that lists and describes with.
const RESOURCES: &str = "2021-04-01";

/// Which Azure is read, and as whom.
pub struct Settings {
    /// The Resource Manager's address: [`PUBLIC`], that of a sovereign cloud, or a server on this machine.
    pub endpoint: String,
    /// What tokens are asked for; the endpoint itself unless said.
    pub audience: Option<String>,
    /// Who asks.
    pub credential: Credential,
    /// How long one answer may take.
    pub timeout: Duration,
}

/// An Azure that can be read.
pub struct Azure {
    endpoint: Url,
    scope: String,
    transport: Arc<Transport>,
    credential: Arc<dyn TokenCredential>,
    runtime: tokio::runtime::Runtime,
    /// The newest stable API version of a type, where it was asked for.
    newest: Mutex<HashMap<String, String>>,
}

impl Azure {
    /// Makes everything ready. Nothing is sent yet.
    ///
    /// # Errors
    /// The endpoint is no address, or not one that a token may be sent to; the credential is incomplete.
    pub fn connect(settings: Settings) -> Result<Self, Diagnostic> {
        let endpoint = address(
            &settings.endpoint,
            "give the Resource Manager's own address, such as `https://management.azure.com`",
        )?;
        let local = is_local(&endpoint);
        let (http, runtime) = client("azure", settings.timeout, local)?;
        let audience = settings.audience.as_deref().unwrap_or(endpoint.as_str());
        Ok(Self {
            scope: format!("{}/.default", audience.trim_end_matches('/')),
            credential: settings.credential.ready(local, &http)?,
            transport: Arc::new(Transport::new(http, &endpoint)),
            endpoint,
            runtime,
            newest: Mutex::default(),
        })
    }

    /// A client whose requests have this query.
    fn client(&self, query: &str) -> Result<Client, ReadError> {
        let mut endpoint = self.endpoint.clone();
        endpoint.set_query(Some(query));
        Client::builder(self.credential.clone())
            .endpoint(endpoint)
            .scopes(&[&self.scope])
            // The reader of all clouds tries again; two that do would multiply.
            .retry(RetryOptions::none())
            .transport(TransportOptions::new(self.transport.clone()))
            .build()
            .map_err(read_error)
    }

    fn wait<T>(&self, answer: impl Future<Output = Result<T, Error>>) -> Result<T, ReadError> {
        self.runtime.block_on(answer).map_err(read_error)
    }

    /// The JSON at a path.
    fn fetch(&self, path: &str, query: &str) -> Result<Json, ReadError> {
        // The client puts a slash in front itself.
        let request =
            self.client(query)?.resources_client().get_by_id(path.trim_start_matches('/'));
        self.json(request.send())
    }

    fn json<R: Into<Response>>(
        &self,
        answer: impl Future<Output = Result<R, Error>>,
    ) -> Result<Json, ReadError> {
        let bytes = self.wait(async { answer.await?.into().into_body().collect().await })?;
        serde_json::from_slice(&bytes).map_err(|error| {
            ReadError::new(Fault::Refused, format!("its answer is not JSON: {error}"))
        })
    }

    /// All elements of a list, page by page.
    fn pages(&self, path: &str, api: &str) -> Result<Vec<Json>, ReadError> {
        let mut out = Vec::new();
        let (mut path, mut query) = (path.to_owned(), version(api));
        loop {
            let mut page = self.fetch(&path, &query)?;
            match page.get_mut("value").map(Json::take) {
                Some(Json::Array(values)) => out.extend(values),
                _ => return Err(ReadError::new(Fault::Refused, "its answer is not a list")),
            }
            let Some(next) = page.get("nextLink").and_then(Json::as_str).filter(|n| !n.is_empty())
            else {
                return Ok(out);
            };
            let next = Url::parse(next).ok().filter(|next| next.origin() == self.endpoint.origin());
            let Some(next) = next else {
                return Err(ReadError::new(Fault::Refused, "its next page is on another server"));
            };
            path = next.path().to_owned();
            query = next.query().unwrap_or_default().to_owned();
        }
    }

    /// The newest API version of a type that is no preview; of previews, the newest.
    fn newest(&self, ask: &Ask) -> Result<String, ReadError> {
        let key = ask.wire.to_ascii_lowercase();
        let known = self.newest.lock().ok().and_then(|newest| newest.get(&key).cloned());
        if let Some(known) = known {
            return Ok(known);
        }
        let unknown = |why: &str| ReadError::new(Fault::Refused, format!("`{}` {why}", ask.wire));
        let (namespace, kind) = ask.wire.split_once('/').ok_or_else(|| unknown("is no type"))?;
        let subscription = subscription(&ask.id).ok_or_else(|| unknown("has no subscription"))?;
        let request =
            self.client(&version(RESOURCES))?.providers_client().get(namespace, subscription);
        let provider = self.json(request.send())?;
        let types = provider.get("resourceTypes").and_then(Json::as_array);
        let described = types.into_iter().flatten().find(|described| {
            let name = described.get("resourceType").and_then(Json::as_str);
            name.is_some_and(|name| name.eq_ignore_ascii_case(kind))
        });
        let versions = described.and_then(|described| described.get("apiVersions")?.as_array());
        let newest = versions
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .max_by_key(|version| (!version.contains('-') || version.len() == 10, *version))
            .ok_or_else(|| unknown("has no API version here"))?;
        if let Ok(mut known) = self.newest.lock() {
            known.insert(key, newest.to_owned());
        }
        Ok(newest.to_owned())
    }

    fn api(&self, ask: &Ask) -> Result<String, ReadError> {
        ask.api.clone().map_or_else(|| self.newest(ask), Ok)
    }
}

impl Source for Azure {
    fn name(&self) -> &'static str {
        "azure"
    }

    fn get(&self, ask: &Ask) -> Result<Json, ReadError> {
        self.fetch(&ask.id, &version(&self.api(ask)?))
    }

    fn list(&self, group: &str) -> Result<Vec<Json>, ReadError> {
        let (Some(subscription), Some(name)) =
            (subscription(group), after(group, "resourceGroups"))
        else {
            return Err(ReadError::new(Fault::Refused, "it is not the ID of a resource group"));
        };
        let request = self.client(&version(RESOURCES))?.resources_client();
        let mut pages = request.list_by_resource_group(name, subscription).into_stream();
        let mut out = Vec::new();
        while let Some(page) = self.wait(async { pages.next().await.transpose() })? {
            for resource in page.value {
                let body = serde_json::to_value(resource).map_err(|error| {
                    ReadError::new(Fault::Refused, format!("its answer makes no sense: {error}"))
                })?;
                out.push(body);
            }
        }
        Ok(out)
    }

    fn children(&self, ask: &Ask) -> Result<Vec<Json>, ReadError> {
        let kind = ask.wire.rsplit('/').next().unwrap_or_default();
        self.pages(&format!("{}/{kind}", ask.id), &self.api(ask)?)
    }

    /// Many types have no diagnostic settings, which is no fault of whoever asks.
    fn beside(&self, ask: &Ask) -> Result<Vec<Json>, ReadError> {
        let path = format!("{}/providers/{}", ask.id, ask.wire);
        match self.pages(&path, &self.api(ask)?) {
            Err(error) if error.why.contains(NOT_SUPPORTED) => Ok(Vec::new()),
            answer => answer,
        }
    }

    fn version(&self, ask: &Ask) -> Result<Option<String>, ReadError> {
        self.api(ask).map(Some)
    }

    fn deleted(&self, ask: &Ask) -> Result<Vec<Json>, ReadError> {
        let subscription = subscription(&ask.id)
            .ok_or_else(|| ReadError::new(Fault::Refused, "its ID names no subscription"))?;
        let path = format!("/subscriptions/{subscription}/providers/{}", ask.wire);
        self.pages(&path, &self.api(ask)?)
    }

    /// <https://learn.microsoft.com/azure/role-based-access-control/resource-provider-operations>
    fn permission(&self, ask: &Ask) -> String {
        let action = match ask.wire.as_str() {
            // Groups and what they hold are of the subscription's own type.
            "" | "Microsoft.Resources/resourceGroups" => {
                "Microsoft.Resources/subscriptions/resourceGroups/read"
            }
            wire => &format!("{wire}/read"),
        };
        let scope = match (subscription(&ask.id), after(&ask.id, "resourceGroups")) {
            (Some(subscription), Some(group)) if !ask.wire.contains("/deleted") => {
                format!("/subscriptions/{subscription}/resourceGroups/{group}")
            }
            (Some(subscription), _) => format!("/subscriptions/{subscription}"),
            _ => ask.id.clone(),
        };
        format!("`{action}` on `{scope}`; the role Reader has it")
    }

    fn sign_in(&self) -> &'static str {
        "sign in (`az login`), or set what the how-to \"Read a live estate\" lists"
    }
}

fn version(api: &str) -> String {
    format!("api-version={api}")
}

/// The subscription that an ID names.
fn subscription(id: &str) -> Option<&str> {
    after(id, "subscriptions")
}

/// The name behind a segment of an ID.
fn after<'i>(id: &'i str, segment: &str) -> Option<&'i str> {
    let mut segments = id.split('/').skip_while(|s| !s.eq_ignore_ascii_case(segment)).skip(1);
    segments.next().filter(|name| !name.is_empty())
}

/// What went wrong in the client: what the transport or the credential said, else its own words.
fn read_error(error: Error) -> ReadError {
    match error.into_downcast::<ReadError>() {
        Ok(error) => error,
        Err(error) => ReadError::new(
            Fault::Refused,
            format!("its answer makes no sense: {}", innermost(&error)),
        ),
    }
}
