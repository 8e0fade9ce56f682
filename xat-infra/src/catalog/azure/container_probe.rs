//! How the service sees whether a container is well.

use crate::schema::{Codec, Saying, canons};
use crate::value::{Entries, Text, Value};
use crate::{Block, Choice};

/// A probe: a question that the service asks a container again and again.
#[derive(Clone, Block)]
#[block(private_new, import = say_probe)]
pub struct ContainerProbe {
    /// What the answer decides.
    #[prop(arm = "type", tf = "kind", danger = Downtime)]
    kind: ProbeKind,
    /// A request over HTTP.
    #[prop(arm = "httpGet", tf = "", label = "HTTP", no_setter, danger = Downtime)]
    http: Option<HttpProbe>,
    /// A connection over TCP.
    #[prop(arm = "tcpSocket", tf = "", label = "TCP", no_setter, danger = Downtime)]
    tcp: Option<TcpProbe>,
    /// How long after the start it is first asked, in seconds: up to 60.
    #[prop(arm = "initialDelaySeconds", tf = "initial_delay", unit = "seconds", service = 0)]
    initial_delay: Option<u16>,
    /// How often it is asked, in seconds: 1 to 240.
    #[prop(arm = "periodSeconds", tf = "interval_seconds", unit = "seconds", service = 10)]
    period: Option<u16>,
    /// How long an answer may take, in seconds: 1 to 240.
    #[prop(arm = "timeoutSeconds", tf = "timeout", unit = "seconds", service = 1)]
    timeout: Option<u16>,
    /// After how many failures it counts as failed: 1 to 10.
    #[prop(arm = "failureThreshold", tf = "failure_count_threshold", service = 3)]
    failures: Option<u16>,
    /// After how many good answers it counts as well again: 1 to 10, and 1 but for readiness.
    #[prop(arm = "successThreshold", tf = "success_count_threshold", service = 1)]
    successes: Option<u16>,
}

impl ContainerProbe {
    /// A request to a path; any answer from 200 to 399 is good.
    #[must_use]
    pub fn http(kind: ProbeKind, path: impl Into<Text>, port: u16) -> Self {
        Self::http_as(kind, HttpProbe::new(path, port))
    }

    /// A request with headers, over HTTPS or to another host.
    #[must_use]
    pub fn http_as(kind: ProbeKind, request: HttpProbe) -> Self {
        Self { http: Some(request), ..Self::new(kind) }
    }

    /// A connection to a port.
    #[must_use]
    pub fn tcp(kind: ProbeKind, port: u16) -> Self {
        Self::tcp_as(kind, TcpProbe::new(port))
    }

    /// A connection to another host.
    #[must_use]
    pub fn tcp_as(kind: ProbeKind, connection: TcpProbe) -> Self {
        Self { tcp: Some(connection), ..Self::new(kind) }
    }
}

fn say_probe(probe: &mut Saying<'_>) {
    if probe.get("tcp").is_none() {
        probe.construct("ContainerProbe::http_as", &["kind", "http"]);
    } else if probe.get("http").is_none() {
        probe.construct("ContainerProbe::tcp_as", &["kind", "tcp"]);
    }
}

/// What the answer to a probe decides.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ProbeKind {
    /// Whether the container is started anew.
    Liveness,
    /// Whether it gets calls.
    Readiness,
    /// Whether it has started; the others wait for it.
    Startup,
}

/// A request over HTTP.
#[derive(Clone, Block)]
pub struct HttpProbe {
    /// The path that is called.
    #[prop(arm = "path", tf = "path")]
    path: Text,
    /// The port on which the container listens.
    #[prop(arm = "port", tf = "port")]
    port: u16,
    /// Whether it is called over HTTP or HTTPS.
    #[prop(arm = "scheme", tf = "transport", default = ProbeScheme::Http, service = ProbeScheme::Http)]
    scheme: ProbeScheme,
    /// The host that is called; the replica itself, unless said.
    #[prop(arm = "host", tf = "host", canon = canons::URL)]
    host: Option<Text>,
    /// Headers that are sent along.
    #[prop(arm = "httpHeaders", tf = "header", key = "name", each = "header")]
    headers: Option<Vec<ProbeHeader>>,
}

/// Whether something is called over HTTP or HTTPS.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ProbeScheme {
    /// Over HTTP.
    #[choice("HTTP")]
    Http,
    /// Over HTTPS.
    #[choice("HTTPS")]
    Https,
}

/// A header of a probe's request.
#[derive(Clone, Block)]
pub struct ProbeHeader {
    /// Its name.
    #[prop(arm = "name", tf = "name", canon = canons::CASE)]
    name: Text,
    /// Its value.
    #[prop(arm = "value", tf = "value")]
    value: Text,
}

/// A connection over TCP.
#[derive(Clone, Block)]
pub struct TcpProbe {
    /// The port on which the container listens.
    #[prop(arm = "port", tf = "port")]
    port: u16,
    /// The host that is called; the replica itself, unless said.
    #[prop(arm = "host", tf = "host", canon = canons::URL)]
    host: Option<Text>,
    /// How Terraform tells it from the others.
    #[prop(tf = "transport", default = TcpTransport::Tcp, no_setter)]
    transport: TcpTransport,
}

/// The transport of a connection over TCP.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum TcpTransport {
    /// TCP.
    #[choice("TCP")]
    Tcp,
}

/// A list whose elements Terraform tells apart by the kind of block, rather than by a word in them: from that word and
/// to it. Only readiness has a number of good answers there.
pub(super) static PROBES: Codec = Codec {
    name: "a block for each kind",
    encode: |value| {
        let Value::List(probes) = value else { return value.clone() };
        let mut out = Value::Map(Entries::new());
        for (word, block) in KINDS {
            let of_kind =
                probes.iter().filter(|p| p.at(&["kind"]).and_then(Value::as_str) == Some(word));
            let left = |probe: &Value| {
                let Value::Map(entries) = probe else { return probe.clone() };
                let kept = entries.iter().filter(|(key, _)| {
                    *key != "kind" && (word == "Readiness" || *key != "success_count_threshold")
                });
                let mut kept: Entries =
                    kept.map(|(key, value)| (key.to_owned(), value.clone())).collect();
                // Terraform would take three where the service takes one.
                if word == "Readiness" && kept.get("success_count_threshold").is_none() {
                    kept.insert("success_count_threshold".to_owned(), Value::Int(1));
                }
                Value::Map(kept)
            };
            let blocks: Vec<Value> = of_kind.map(left).collect();
            if !blocks.is_empty() {
                out.put(&[], Value::map([(block, Value::List(blocks))]));
            }
        }
        out
    },
    decode: |value| {
        let mut probes = Vec::new();
        for (word, block) in KINDS {
            if let Some(Value::List(blocks)) = value.at(&[block]) {
                for probe in blocks {
                    let mut probe = probe.clone();
                    probe.put(&[], Value::map([("kind", Value::literal(word))]));
                    probes.push(probe);
                }
            }
        }
        Some(Value::List(probes))
    },
};

const KINDS: [(&str, &str); 3] = [
    ("Liveness", "liveness_probe"),
    ("Readiness", "readiness_probe"),
    ("Startup", "startup_probe"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probes_are_told_apart_by_their_block() {
        let probe = |kind: &'static str, port| {
            Value::map([("kind", Value::literal(kind)), ("port", Value::Int(port))])
        };
        let sent = (PROBES.encode)(&Value::List(vec![probe("Liveness", 1), probe("Readiness", 2)]));
        let first = |block| match sent.at(&[block]) {
            Some(Value::List(blocks)) => blocks.first().cloned(),
            _ => None,
        };
        let number = |block, key| first(block).and_then(|b| b.at(&[key]).and_then(Value::as_int));
        assert_eq!(number("liveness_probe", "port"), Some(1));
        assert_eq!(number("liveness_probe", "success_count_threshold"), None);
        assert_eq!(number("readiness_probe", "success_count_threshold"), Some(1));
        assert!(first("liveness_probe").is_some_and(|probe| probe.at(&["kind"]).is_none()));
        let Some(Value::List(back)) = (PROBES.decode)(&sent) else { panic!("not a list") };
        let kinds: Vec<_> = back.iter().filter_map(|probe| probe.at(&["kind"])?.as_str()).collect();
        assert_eq!(kinds, ["Liveness", "Readiness"]);
    }
}
