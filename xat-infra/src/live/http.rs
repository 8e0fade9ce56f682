//! What the readers of all clouds share: one way to a server, and what it means when no answer comes.

use std::time::Duration;

use reqwest::Url;

use super::{Fault, ReadError};
use crate::diagnostic::Diagnostic;

/// A client that follows nobody elsewhere, and what it runs on.
pub(super) fn client(
    cloud: &str,
    timeout: Duration,
    local: bool,
) -> Result<(reqwest::Client, tokio::runtime::Runtime), Diagnostic> {
    let trouble = |why: String| {
        Diagnostic::error("live-unreachable", format!("{cloud} cannot be reached: {why}"))
            .help("check what trusts certificates on this machine")
    };
    let http = reqwest::Client::builder()
        .connect_timeout(timeout.min(Duration::from_secs(10)))
        .timeout(timeout)
        .redirect(reqwest::redirect::Policy::none());
    // A proxy would be asked for its own machine, not for this one.
    let http = if local { http.no_proxy() } else { http };
    let http = http.build().map_err(|error| trouble(error.to_string()))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| trouble(error.to_string()))?;
    Ok((http, runtime))
}

/// An endpoint's address. A token goes to it, so it is encrypted or on this machine. `help` names the cloud's own.
pub(super) fn address(text: &str, help: &str) -> Result<Url, Diagnostic> {
    let bad = |why: &str| {
        Diagnostic::error("live-unreachable", format!("the endpoint `{text}` {why}")).help(help)
    };
    let mut url = Url::parse(text).map_err(|error| bad(&format!("is no address: {error}")))?;
    match url.scheme() {
        "https" => {}
        "http" if is_local(&url) => {}
        "http" => return Err(bad("is not encrypted, and is not on this machine")),
        _ => return Err(bad("is no web address")),
    }
    url.set_path("");
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

/// Whether a server is on this machine, where nobody else listens.
pub(super) fn is_local(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let ip = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    url.scheme() == "http" && (host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback()))
}

/// No answer at all.
pub(super) fn failed(error: reqwest::Error) -> ReadError {
    let error = error.without_url();
    let fault = match () {
        () if error.is_connect() => Fault::Unreachable,
        () if error.is_timeout() || error.is_request() => Fault::Busy,
        () => Fault::Refused,
    };
    let why = match error.is_timeout() {
        true => "no answer in time".to_owned(),
        false => innermost(&error),
    };
    ReadError::new(fault, why)
}

/// An answer that breaks off is as good as none.
pub(super) fn broken(error: reqwest::Error) -> ReadError {
    ReadError { fault: Fault::Busy, ..failed(error) }
}

/// What an answer says beside its status: its code, and the first line of its message.
pub(super) fn told(status: u16, code: &str, message: &str) -> String {
    let mut why = status.to_string();
    if !code.is_empty() && code != why {
        why = format!("{why} {code}");
    }
    let message = message.lines().next().unwrap_or_default().trim();
    match message.is_empty() {
        true => why,
        false => format!("{why}: {}", message.chars().take(300).collect::<String>()),
    }
}

/// The cause of an error behind all that wraps it.
pub(super) fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut at = error;
    while let Some(source) = at.source() {
        at = source;
    }
    at.to_string()
}
