//! How requests leave: GETs to one server, and nothing else; and what an answer means.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use azure_core::http as identity;
use azure_core_legacy::error::ErrorKind;
use azure_core_legacy::headers::Headers;
use azure_core_legacy::{
    BytesStream, Error, HttpClient, Method, Request, Response, StatusCode, Url,
};
use serde_json::Value as Json;

use crate::live::http::{broken, failed, innermost, told};
use crate::live::{Fault, ReadError};

/// The way to the Resource Manager. It has no way to send anything but a GET, whatever the client above it offers, and
/// sends tokens to no other server.
#[derive(Debug)]
pub(super) struct Transport {
    http: reqwest::Client,
    endpoint: Url,
}

impl Transport {
    pub(super) fn new(http: reqwest::Client, endpoint: &Url) -> Self {
        Self { http, endpoint: endpoint.clone() }
    }

    async fn get(&self, request: &Request) -> Result<Response, ReadError> {
        let refused = |why: &str| Err(ReadError::new(Fault::Refused, why));
        if *request.method() != Method::Get {
            return refused("only reads are sent");
        }
        if request.url().origin() != self.endpoint.origin() {
            return refused("its next page is on another server");
        }
        let mut get = self.http.get(request.url().clone());
        for (name, value) in request.headers().iter() {
            get = get.header(name.as_str(), value.as_str());
        }
        let answer = get.send().await.map_err(failed)?;
        let status = answer.status();
        let wait = pause(answer.headers());
        let bytes = answer.bytes().await.map_err(broken)?;
        if status != reqwest::StatusCode::OK {
            return Err(ReadError { wait, ..said(status.as_u16(), &bytes) });
        }
        let body = Box::pin(BytesStream::new(bytes));
        Ok(Response::new(StatusCode::Ok, Headers::new(), body))
    }
}

#[async_trait]
impl HttpClient for Transport {
    async fn execute_request(&self, request: &Request) -> azure_core_legacy::Result<Response> {
        self.get(request).await.map_err(|error| Error::new(ErrorKind::Other, error))
    }
}

/// What an answer that is not a body says: ARM has `{"error": {"code", "message"}}`; some services leave the wrapper out, or
/// begin the keys with capitals.
fn said(status: u16, bytes: &[u8]) -> ReadError {
    let json = serde_json::from_slice::<Json>(bytes).unwrap_or_default();
    let inner = json.get("error").or_else(|| json.get("Error")).unwrap_or(&json);
    let text = |keys: [&str; 2]| keys.iter().find_map(|key| inner.get(key)?.as_str());
    let code = text(["code", "Code"]).unwrap_or_default();
    let message = text(["message", "Message"]).unwrap_or_default();
    let fault = match status {
        401 => Fault::Unauthenticated,
        403 => Fault::Forbidden,
        // Only a service that knows the question can say that there is nothing. A page of a proxy, a wrong subscription
        // and an API version that does not exist are 404 as well.
        404 if code.ends_with("NotFound")
            && !["SubscriptionNotFound", "TenantNotFound"].contains(&code) =>
        {
            Fault::Absent
        }
        408 | 429 | 500 | 502 | 503 | 504 => Fault::Busy,
        _ => Fault::Refused,
    };
    ReadError::new(fault, told(status, code, message))
}

/// How long the server asks to be left alone: <https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling>
fn pause(headers: &reqwest::header::HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    let milliseconds = ["retry-after-ms", "x-ms-retry-after-ms"].iter().find_map(|name| text(name));
    if let Some(milliseconds) = milliseconds.and_then(|text| text.parse().ok()) {
        return Some(Duration::from_millis(milliseconds));
    }
    let text = text("retry-after")?;
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = azure_core_legacy::date::parse_rfc1123(text).ok()?;
    SystemTime::from(until).duration_since(SystemTime::now()).ok()
}

/// The way to whoever gives out tokens. Asking for one is a POST, and goes to the authority alone.
#[derive(Debug)]
pub(super) struct Authority(pub(super) reqwest::Client);

impl Authority {
    pub(super) fn options(self) -> identity::ClientOptions {
        identity::ClientOptions {
            transport: Some(identity::Transport::new(Arc::new(self))),
            ..Default::default()
        }
    }
}

#[async_trait]
impl identity::HttpClient for Authority {
    async fn execute_request(
        &self,
        request: &identity::Request,
    ) -> azure_core::Result<identity::AsyncRawResponse> {
        let failed = |error: reqwest::Error| {
            let kind = match error.is_connect() {
                true => azure_core::error::ErrorKind::Connection,
                false => azure_core::error::ErrorKind::Io,
            };
            azure_core::Error::with_message(kind, innermost(&error.without_url()))
        };
        let method = match request.method() {
            identity::Method::Post => reqwest::Method::POST,
            _ => reqwest::Method::GET,
        };
        let mut ask = self.0.request(method, request.url().clone());
        for (name, value) in request.headers().iter() {
            ask = ask.header(name.as_str(), value.as_str());
        }
        if let identity::Body::Bytes(bytes) = request.body() {
            ask = ask.body(bytes.clone());
        }
        let answer = ask.send().await.map_err(failed)?;
        let status = answer.status().as_u16().into();
        let headers: Vec<_> = answer
            .headers()
            .iter()
            .filter_map(|(name, value)| {
                Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
            })
            .collect();
        let mut of_answer = identity::headers::Headers::new();
        for (name, value) in headers {
            of_answer.insert(name, value);
        }
        let bytes = answer.bytes().await.map_err(failed)?;
        Ok(identity::AsyncRawResponse::from_bytes(status, of_answer, bytes))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use azure_core_legacy::{HttpClient, Method, Request, Url};

    use super::{ReadError, Transport};

    /// Whatever the client above could be brought to send: only GETs to its own server leave. Nothing listens where these
    /// would go, so one that left would fail otherwise.
    #[test]
    fn nothing_but_a_get_to_its_own_server_leaves() {
        let endpoint = Url::parse("http://127.0.0.1:9").unwrap();
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(5));
        let transport = Transport::new(http.build().unwrap(), &endpoint);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let why = |url: &str, method| {
            let request = Request::new(Url::parse(url).unwrap(), method);
            let error = runtime.block_on(transport.execute_request(&request)).unwrap_err();
            error.into_downcast::<ReadError>().unwrap().why
        };
        for method in [Method::Put, Method::Post, Method::Patch, Method::Delete, Method::Head] {
            assert_eq!(why("http://127.0.0.1:9/x", method), "only reads are sent");
        }
        let away = why("http://127.0.0.1:10/x", Method::Get);
        assert_eq!(away, "its next page is on another server");
        assert!(why("http://127.0.0.1:9/x", Method::Get).contains("refused"), "a read leaves");
    }
}
