//! How Cloud Run sees whether a container is well.

use crate::Block;
use crate::schema::DeclaredBlock;
use crate::value::Text;

/// A probe: a question that Cloud Run asks a container again and again.
#[derive(Clone, Block)]
pub struct RunProbe {
    /// A request over HTTP; an answer from 200 to 399 is good.
    #[prop(rest = "httpGet", tf = "http_get", label = "HTTP", danger = Downtime)]
    http_get: Option<RunHttpProbe>,
    /// A connection over TCP.
    #[prop(rest = "tcpSocket", tf = "tcp_socket", label = "TCP", danger = Downtime)]
    tcp_socket: Option<RunTcpProbe>,
    /// A call of gRPC's health service.
    #[prop(rest = "grpc", tf = "grpc", label = "gRPC", danger = Downtime)]
    grpc_call: Option<RunGrpcProbe>,
    /// How long after the start it is first asked, in seconds: up to 240, and up to 3600 for liveness.
    #[prop(
        rest = "initialDelaySeconds",
        tf = "initial_delay_seconds",
        unit = "seconds",
        service = 0
    )]
    initial_delay: Option<u16>,
    /// How often it is asked, in seconds: 1 to 240, and up to 3600 for liveness.
    #[prop(rest = "periodSeconds", tf = "period_seconds", unit = "seconds", service = 10)]
    period: Option<u16>,
    /// How long an answer may take, in seconds: 1 to 3600, and not longer than the period.
    #[prop(rest = "timeoutSeconds", tf = "timeout_seconds", unit = "seconds", service = 1)]
    timeout: Option<u16>,
    /// After how many failures it counts as failed.
    #[prop(rest = "failureThreshold", tf = "failure_threshold", service = 3)]
    failures: Option<u16>,
}

impl RunProbe {
    /// A request to a path.
    #[must_use]
    pub fn http(path: impl Into<Text>, port: u16) -> Self {
        Self::new().http_get(RunHttpProbe::new().path(path).port(port))
    }

    /// A connection to a port.
    #[must_use]
    pub fn tcp(port: u16) -> Self {
        Self::new().tcp_socket(RunTcpProbe::new().port(port))
    }

    /// A call of gRPC's health service at a port.
    #[must_use]
    pub fn grpc(port: u16) -> Self {
        Self::new().grpc_call(RunGrpcProbe::new().port(port))
    }
}

/// A request over HTTP.
#[derive(Clone, Block)]
pub struct RunHttpProbe {
    /// The path that is called.
    #[prop(rest = "path", tf = "path", service = "/".into())]
    path: Option<Text>,
    /// The port; the one at which the container listens, unless said.
    #[prop(rest = "port", tf = "port")]
    port: Option<u16>,
    /// Headers that are sent along.
    #[prop(rest = "httpHeaders", tf = "http_headers", key = "name", each = "header")]
    headers: Option<Vec<RunHeader>>,
}

/// A header of a probe's request.
#[derive(Clone, Block)]
pub struct RunHeader {
    /// Its name.
    #[prop(rest = "name", tf = "name")]
    name: Text,
    /// Its value.
    #[prop(rest = "value", tf = "value", service = "".into())]
    value: Text,
}

/// A connection over TCP.
#[derive(Clone, Block)]
pub struct RunTcpProbe {
    /// The port; the one at which the container listens, unless said.
    #[prop(rest = "port", tf = "port")]
    port: Option<u16>,
}

/// A call of gRPC's health service.
#[derive(Clone, Block)]
pub struct RunGrpcProbe {
    /// The port; the one at which the container listens, unless said.
    #[prop(rest = "port", tf = "port")]
    port: Option<u16>,
    /// The name that the health service is asked for.
    #[prop(rest = "service", tf = "service", service = "".into())]
    service: Option<Text>,
}

/// What is wrong with a probe.
pub(super) fn problems(probe: DeclaredBlock<'_>, liveness: bool) -> Vec<String> {
    let mut found = Vec::new();
    let kinds = ["http_get", "tcp_socket", "grpc_call"];
    if kinds.iter().filter(|kind| probe.get(kind).is_some()).count() != 1 {
        found.push("a probe asks over HTTP, TCP or gRPC, by one of them".to_owned());
    }
    let most = if liveness { 3600 } else { 240 };
    let limits = [
        ("initial_delay", 0..=most),
        ("period", 1..=most),
        ("timeout", 1..=3600),
        ("failures", 1..=i64::from(u16::MAX)),
    ];
    for (property, range) in limits {
        if let Some(n) = probe.int(property).filter(|n| !range.contains(n)) {
            let label = property.replace('_', " ");
            found.push(format!(
                "its {label} of {n} is outside {} to {}",
                range.start(),
                range.end()
            ));
        }
    }
    let (period, timeout) = (probe.int("period").unwrap_or(10), probe.int("timeout").unwrap_or(1));
    if timeout > period {
        found.push(format!("its timeout of {timeout} is longer than its period of {period}"));
    }
    if liveness && probe.get("tcp_socket").is_some() {
        found.push("liveness is asked over HTTP or gRPC".to_owned());
    }
    found
}
