//! Where a resource is read: from its full name to a request, by the services' discovery documents.
//! <https://cloud.google.com/docs/discovery>

use reqwest::Url;
use serde_json::{Value as Json, json};

use crate::gcp::PROVIDER;
use crate::live::Ask;

/// One read.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Route {
    /// The service (`run.googleapis.com`).
    pub(super) service: String,
    /// The path's segments.
    path: Vec<String>,
    /// What stands behind the last segment (`:getIamPolicy`).
    verb: &'static str,
    /// The query.
    pub(super) query: Vec<(&'static str, String)>,
    /// What is sent, for the reads that some services take as a POST.
    pub(super) body: Option<Json>,
    /// The key of the list that the answer has, and the element that is meant, for what can only be listed.
    pub(super) listed: Option<(&'static str, &'static str, String)>,
}

/// Policies have conditions from this version on: <https://cloud.google.com/iam/docs/policies#versions>.
const POLICY_VERSION: &str = "3";

impl Route {
    /// Where a resource is read; `number` finds out the number of a project.
    ///
    /// # Errors
    /// Nobody knows where it is read, or what `number` says.
    pub(super) fn of<E: From<String>>(
        ask: &Ask,
        number: impl Fn(&str) -> Result<String, E>,
    ) -> Result<Self, E> {
        let (id, policy) = match ask.id.strip_suffix("/iamPolicy") {
            Some(id) => (id, true),
            None => (ask.id.as_str(), false),
        };
        let host = id.strip_prefix("//").and_then(|rest| rest.split('/').next());
        let host = host.ok_or_else(|| E::from("it is not a full name".to_owned()))?;
        let api = ask.api.as_deref();
        let api = api.ok_or_else(|| E::from("no type says which version reads it".to_owned()))?;
        // The inventory calls databases by another service than the one that has them.
        let service = match (host, ask.wire.split('/').next()) {
            (_, Some(service)) if !policy && service.contains('.') => service,
            ("cloudsql.googleapis.com", _) => "sqladmin.googleapis.com",
            _ => host,
        };
        let mut path = match service {
            "compute.googleapis.com" => vec!["compute".to_owned(), api.to_owned()],
            "storage.googleapis.com" => {
                vec!["storage".to_owned(), api.to_owned(), "b".to_owned()]
            }
            _ => vec![api.to_owned()],
        };
        let reference = (PROVIDER.reference)(id);
        let route = Self {
            service: service.to_owned(),
            path: Vec::new(),
            verb: "",
            query: Vec::new(),
            body: None,
            listed: None,
        };
        if let Some((network, peering)) = reference.split_once("/connections")
            && service == "servicenetworking.googleapis.com"
        {
            let peering = peering.trim_start_matches('/');
            // Connections are listed for a network, which is asked for by its project's number.
            let mut parts = network.split('/');
            let project = parts.nth(1).unwrap_or_default();
            let network =
                format!("projects/{}/{}", number(project)?, parts.collect::<Vec<_>>().join("/"));
            path.extend(["services", service, "connections"].map(str::to_owned));
            return Ok(Self {
                path,
                query: vec![("network", network)],
                listed: (!peering.is_empty())
                    .then(|| ("connections", "peering", peering.to_owned())),
                ..route
            });
        }
        path.extend(reference.split('/').map(str::to_owned));
        if !policy {
            return Ok(Self { path, query: view(&ask.wire), ..route });
        }
        Ok(match service {
            "storage.googleapis.com" => {
                path.push("iam".to_owned());
                let query = vec![("optionsRequestedPolicyVersion", POLICY_VERSION.to_owned())];
                Self { path, query, ..route }
            }
            "compute.googleapis.com" => {
                path.push("getIamPolicy".to_owned());
                let query = vec![("optionsRequestedPolicyVersion", POLICY_VERSION.to_owned())];
                Self { path, query, ..route }
            }
            "cloudresourcemanager.googleapis.com" | "iam.googleapis.com" => Self {
                path,
                verb: ":getIamPolicy",
                body: Some(json!({"options": {"requestedPolicyVersion": 3}})),
                ..route
            },
            _ => {
                let query = vec![("options.requestedPolicyVersion", POLICY_VERSION.to_owned())];
                Self { path, verb: ":getIamPolicy", query, ..route }
            }
        })
    }

    /// The resource of a project itself.
    pub(super) fn project(id: &str) -> Self {
        Self {
            service: "cloudresourcemanager.googleapis.com".to_owned(),
            path: ["v1", "projects", id].map(str::to_owned).into(),
            verb: "",
            query: Vec::new(),
            body: None,
            listed: None,
        }
    }

    /// The inventory of a project, or its policies.
    pub(super) fn assets(project: &str, content: &str) -> Self {
        let query = vec![("contentType", content.to_owned()), ("pageSize", "1000".to_owned())];
        Self {
            service: "cloudasset.googleapis.com".to_owned(),
            path: ["v1", "projects", project, "assets"].map(str::to_owned).into(),
            query,
            ..Self::project(project)
        }
    }

    /// The address: at the service itself, or below a server that plays all of them.
    pub(super) fn url(&self, endpoint: Option<&Url>) -> Option<Url> {
        let mut url = match endpoint {
            Some(endpoint) => endpoint.clone(),
            None => Url::parse(&format!("https://{}", self.service)).ok()?,
        };
        {
            let mut segments = url.path_segments_mut().ok()?;
            segments.clear();
            if endpoint.is_some() {
                segments.push(&self.service);
            }
            let (last, above) = self.path.split_last()?;
            segments.extend(above).push(&format!("{last}{}", self.verb));
        }
        for (key, value) in &self.query {
            url.query_pairs_mut().append_pair(key, value);
        }
        Some(url)
    }
}

/// The query that a resource is read with, where its type says one: not every service returns all of a resource unasked.
fn view(wire: &str) -> Vec<(&'static str, String)> {
    let read = super::inventory::of_wire(wire).and_then(|ty| Some(ty.verbs(wire)?.read));
    let query = read.and_then(|read| read.strip_prefix("GET {self}?"));
    let pairs = query.into_iter().flat_map(|query| query.split('&'));
    pairs.filter_map(|pair| pair.split_once('=')).map(|(k, v)| (k, v.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::Route;
    use crate::live::Ask;

    fn route(id: &str, wire: &str, api: &str) -> (String, bool) {
        let ask = Ask { id: id.to_owned(), wire: wire.to_owned(), api: Some(api.to_owned()) };
        let route = Route::of::<String>(&ask, |_| Ok("42".to_owned())).unwrap();
        (route.url(None).unwrap().to_string(), route.body.is_some())
    }

    #[test]
    fn each_service_is_read_where_its_discovery_document_says() {
        let policy = "iam.googleapis.com/Policy";
        let cases = [
            (
                "//compute.googleapis.com/projects/p/global/networks/n",
                "compute.googleapis.com/Network",
                "v1",
                "https://compute.googleapis.com/compute/v1/projects/p/global/networks/n",
            ),
            (
                "//cloudsql.googleapis.com/projects/p/instances/i",
                "sqladmin.googleapis.com/Instance",
                "v1",
                "https://sqladmin.googleapis.com/v1/projects/p/instances/i",
            ),
            (
                "//storage.googleapis.com/bucket",
                "storage.googleapis.com/Bucket",
                "v1",
                "https://storage.googleapis.com/storage/v1/b/bucket",
            ),
            (
                "//storage.googleapis.com/bucket/iamPolicy",
                policy,
                "v1",
                "https://storage.googleapis.com/storage/v1/b/bucket/iam?optionsRequestedPolicyVersion=3",
            ),
            (
                "//run.googleapis.com/projects/p/locations/l/services/s",
                "run.googleapis.com/Service",
                "v2",
                "https://run.googleapis.com/v2/projects/p/locations/l/services/s",
            ),
            (
                "//run.googleapis.com/projects/p/locations/l/services/s/iamPolicy",
                policy,
                "v2",
                "https://run.googleapis.com/v2/projects/p/locations/l/services/s:getIamPolicy?options.requestedPolicyVersion=3",
            ),
            (
                "//servicenetworking.googleapis.com/projects/p/global/networks/n/connections/x",
                "servicenetworking.googleapis.com/Connection",
                "v1",
                "https://servicenetworking.googleapis.com/v1/services/servicenetworking.googleapis.com/connections?network=projects%2F42%2Fglobal%2Fnetworks%2Fn",
            ),
            (
                "//cloudsql.googleapis.com/projects/p/instances/i/databases",
                "sqladmin.googleapis.com/Database",
                "v1",
                "https://sqladmin.googleapis.com/v1/projects/p/instances/i/databases",
            ),
        ];
        let version = "//appengine.googleapis.com/apps/p/services/default/versions/v";
        let url =
            "https://appengine.googleapis.com/v1/apps/p/services/default/versions/v?view=FULL";
        assert_eq!(
            route(version, "appengine.googleapis.com/Version", "v1"),
            (url.to_owned(), false)
        );
        for (id, wire, api, url) in cases {
            assert_eq!(route(id, wire, api), (url.to_owned(), false));
        }
        let project = "//cloudresourcemanager.googleapis.com/projects/p/iamPolicy";
        let url = "https://cloudresourcemanager.googleapis.com/v1/projects/p:getIamPolicy";
        assert_eq!(route(project, policy, "v1"), (url.to_owned(), true));
    }

    #[test]
    fn a_name_cannot_leave_its_place() {
        let id = "//secretmanager.googleapis.com/projects/p/secrets/a?b#c";
        let (url, _) = route(id, "secretmanager.googleapis.com/Secret", "v1");
        assert_eq!(url, "https://secretmanager.googleapis.com/v1/projects/p/secrets/a%3Fb%23c");
        let ask = |id: &str, api: Option<&str>| {
            let ask = Ask { id: id.into(), wire: String::new(), api: api.map(Into::into) };
            Route::of::<String>(&ask, |_| Err("no".to_owned()))
        };
        assert!(ask("/subscriptions/s", Some("v1")).is_err());
        assert!(ask("//run.googleapis.com/projects/p/x/y", None).is_err());
    }
}
