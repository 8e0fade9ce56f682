//! How requests leave: GETs, and the one POST that only reads; and what an answer means.

use std::time::Duration;

use reqwest::{StatusCode, Url};
use serde_json::Value as Json;

use crate::live::http::{broken, failed, told};
use crate::live::{Fault, ReadError};

/// The way to the services. It has no way to send anything but a read.
pub(super) struct Transport {
    http: reqwest::Client,
}

impl Transport {
    pub(super) fn new(http: reqwest::Client) -> Self {
        Self { http }
    }

    /// The JSON at an address. A body makes it a POST, which only policies are read by.
    pub(super) async fn read(
        &self,
        url: Url,
        body: Option<&Json>,
        token: &str,
    ) -> Result<Json, ReadError> {
        let whole = url.path().to_owned();
        let request = match body {
            None => self.http.get(url),
            Some(body) if url.path().ends_with(":getIamPolicy") => self
                .http
                .post(url)
                .header("content-type", "application/json")
                .body(body.to_string()),
            Some(_) => return Err(ReadError::new(Fault::Refused, "only reads are sent")),
        };
        let answer = request.bearer_auth(token).send().await.map_err(failed)?;
        let status = answer.status();
        let wait = answer.headers().get("retry-after").and_then(|text| text.to_str().ok());
        let wait = wait.and_then(|text| text.parse().ok()).map(Duration::from_secs);
        let bytes = answer.bytes().await.map_err(broken)?;
        if status != StatusCode::OK {
            return Err(ReadError { wait, ..said(status.as_u16(), &whole, &bytes) });
        }
        serde_json::from_slice(&bytes).map_err(|error| {
            ReadError::new(Fault::Refused, format!("its answer is not JSON: {error}"))
        })
    }
}

/// What an answer that is not a body says: `{"error": {"code", "message", "status", "details"}}`, older services with
/// `errors` and a `reason` in place of `status`. <https://cloud.google.com/apis/design/errors>
fn said(status: u16, path: &str, bytes: &[u8]) -> ReadError {
    let json = serde_json::from_slice::<Json>(bytes).unwrap_or_default();
    let error = json.get("error").unwrap_or(&Json::Null);
    let text = |key: &str| error.get(key).and_then(Json::as_str).unwrap_or_default();
    let first = |list: &str| {
        let items = error.get(list).and_then(Json::as_array);
        items.into_iter().flatten().find_map(|item| item.get("reason")?.as_str())
    };
    // The details are more exact: an API that is off is also a permission that is denied.
    let code = first("details").or_else(|| first("errors")).unwrap_or_else(|| text("status"));
    let message = text("message");
    let fault = match status {
        401 => Fault::Unauthenticated,
        // What an API that is off has kept, nobody can know.
        403 if matches!(code, "SERVICE_DISABLED" | "accessNotConfigured") => Fault::Refused,
        403 if matches!(
            code,
            "rateLimitExceeded" | "userRateLimitExceeded" | "RATE_LIMIT_EXCEEDED"
        ) =>
        {
            Fault::Busy
        }
        403 => Fault::Forbidden,
        // Only a service that knows the question can say that there is nothing. Other 404s are pages, and projects that
        // are not there.
        404 if !message.is_empty() && !is_of_project(message, path) => Fault::Absent,
        408 | 429 | 500 | 502 | 503 | 504 => Fault::Busy,
        _ => Fault::Refused,
    };
    ReadError::new(fault, told(status, code, message))
}

/// Whether what is not there is the project itself.
fn is_of_project(message: &str, path: &str) -> bool {
    let Some((_, behind)) = path.split_once("/projects/") else { return false };
    let project = behind.split(['/', ':']).next().unwrap_or_default();
    ["'", "\"", "[", "`"].iter().any(|open| {
        message
            .split_once(&format!("{open}projects/{project}"))
            .is_some_and(|(_, after)| !after.starts_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::Url;
    use serde_json::json;

    use super::{Transport, said};
    use crate::live::Fault;

    /// Whatever it could be brought to send: only reads leave. Nothing listens where these would go, so one that left would
    /// fail otherwise.
    #[test]
    fn no_post_but_the_one_that_reads_leaves() {
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(5));
        let transport = Transport::new(http.build().unwrap());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let why = |path: &str| {
            let url = Url::parse(&format!("http://127.0.0.1:9/{path}")).unwrap();
            runtime.block_on(transport.read(url, Some(&json!({})), "t")).unwrap_err().why
        };
        for path in ["v1/projects/p:setIamPolicy", "v1/projects/p", "v1/x:disable?y=:getIamPolicy"]
        {
            assert_eq!(why(path), "only reads are sent");
        }
        assert!(why("v1/projects/p:getIamPolicy").contains("refused"), "a read leaves");
    }

    #[test]
    fn what_an_answer_means() {
        let path = "/compute/v1/projects/p/global/networks/n";
        let fault = |status: u16, body: serde_json::Value| {
            said(status, path, body.to_string().as_bytes()).fault
        };
        let old = |reason: &str, message: &str| json!({"error": {"code": 404, "message": message, "errors": [{"reason": reason}]}});
        let gone = "The resource 'projects/p/global/networks/n' was not found";
        assert_eq!(fault(404, old("notFound", gone)), Fault::Absent);
        let no_project = "The resource 'projects/p' was not found";
        assert_eq!(fault(404, old("notFound", no_project)), Fault::Refused);
        assert_eq!(fault(404, json!("not found")), Fault::Refused);
        let new = |status: &str, reason: &str| json!({"error": {"message": "no", "status": status, "details": [{"reason": reason}]}});
        assert_eq!(fault(403, new("PERMISSION_DENIED", "IAM_PERMISSION_DENIED")), Fault::Forbidden);
        assert_eq!(fault(403, new("PERMISSION_DENIED", "SERVICE_DISABLED")), Fault::Refused);
        assert_eq!(fault(403, old("rateLimitExceeded", "slow")), Fault::Busy);
        assert_eq!(fault(429, new("RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED")), Fault::Busy);
        assert_eq!(fault(401, json!({})), Fault::Unauthenticated);
        assert_eq!(fault(400, json!({})), Fault::Refused);
    }
}
