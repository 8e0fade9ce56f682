//! How many replicas a container app has, and how often an event starts a job: by what waits.

use std::collections::BTreeMap;

use crate::Block;
use crate::azure::UserAssignedIdentity;
use crate::dsl::Ref;
use crate::schema::codecs::INT_AS_TEXT;
use crate::schema::{Codec, Saying, canons};
use crate::value::{Entries, Text, Value};

/// By what a container app is scaled.
#[derive(Clone, Block)]
#[block(private_new, import = say_rule)]
pub struct AppScaleRule {
    /// The rule's name.
    #[prop(arm = "name", tf = "name", canon = canons::CASE)]
    name: Text,
    /// By calls over HTTP.
    #[prop(arm = "http", tf = "http_scale_rule", label = "HTTP", no_setter)]
    http: Option<HttpScale>,
    /// By connections over TCP.
    #[prop(arm = "tcp", tf = "tcp_scale_rule", label = "TCP", no_setter)]
    tcp: Option<TcpScale>,
    /// By a scaler of KEDA.
    #[prop(arm = "custom", tf = "custom_scale_rule", no_setter)]
    custom: Option<CustomScale>,
}

impl AppScaleRule {
    /// A replica for so many calls at a time.
    #[must_use]
    pub fn http(name: impl Into<Text>, calls: u32) -> Self {
        Self { http: Some(HttpScale::new(calls)), ..Self::new(name) }
    }

    /// A replica for so many connections at a time.
    #[must_use]
    pub fn tcp(name: impl Into<Text>, connections: u32) -> Self {
        Self { tcp: Some(TcpScale::new(connections)), ..Self::new(name) }
    }

    /// By a scaler of KEDA.
    #[must_use]
    pub fn custom(name: impl Into<Text>, scale: CustomScale) -> Self {
        Self { custom: Some(scale), ..Self::new(name) }
    }
}

fn say_rule(rule: &mut Saying<'_>) {
    // The descriptions of the first two have one property each, which the constructors take as a number.
    let number = |property| {
        let fields = rule.get(property)?.as_block()?;
        match fields.iter().collect::<Vec<_>>().as_slice() {
            [only] => only.value.as_int(),
            _ => None,
        }
    };
    let name = rule.expression("name");
    match (name, number("http"), number("tcp")) {
        (Some(name), Some(calls), None) => {
            rule.construct_as(format!("AppScaleRule::http({name}, {calls})"), &["name", "http"]);
        }
        (Some(name), None, Some(connections)) => {
            rule.construct_as(
                format!("AppScaleRule::tcp({name}, {connections})"),
                &["name", "tcp"],
            );
        }
        _ => {
            rule.construct("AppScaleRule::custom", &["name", "custom"]);
        }
    }
}

/// So many calls for each replica.
#[derive(Clone, Block)]
pub struct HttpScale {
    /// How many calls at a time.
    #[prop(arm = "metadata.concurrentRequests", tf = "concurrent_requests", codec = INT_AS_TEXT, tf_codec = INT_AS_TEXT)]
    calls: u32,
}

/// So many connections for each replica.
#[derive(Clone, Block)]
pub struct TcpScale {
    /// How many connections at a time.
    #[prop(arm = "metadata.concurrentConnections", tf = "concurrent_requests", codec = INT_AS_TEXT,
        tf_codec = INT_AS_TEXT)]
    connections: u32,
}

/// A scaler of KEDA: what it watches, and as whom.
///
/// ```
/// use xat_infra::azure::prelude::*;
/// let queue = CustomScale::new("azure-queue").setting("queueName", "orders").setting("queueLength", "5");
/// ```
#[derive(Clone, Block)]
pub struct CustomScale {
    /// The scaler (`azure-queue`, `cron`).
    #[prop(arm = "type", tf = "custom_rule_type", canon = canons::CASE)]
    scaler: Text,
    /// Its settings, in KEDA's words.
    #[prop(arm = "metadata", tf = "metadata", default = BTreeMap::new(), each = "setting")]
    settings: BTreeMap<String, Text>,
    /// The identity as which it looks, which the app or job has too.
    #[prop(arm = "identity", tf = "identity_id")]
    identity: Option<Ref<UserAssignedIdentity>>,
    /// Settings that are secrets of the app or job.
    #[prop(arm = "auth", tf = "authentication", key = "parameter", each = "secret_setting")]
    secret_settings: Option<Vec<ScaleSecret>>,
}

/// A setting of a scaler that is a secret of the app or job.
#[derive(Clone, Block)]
pub struct ScaleSecret {
    /// The setting.
    #[prop(arm = "triggerParameter", tf = "trigger_parameter", canon = canons::CASE)]
    parameter: Text,
    /// The secret's name there.
    #[prop(arm = "secretRef", tf = "secret_name", canon = canons::CASE)]
    secret: Text,
}

/// By what a job is started.
#[derive(Clone, Block)]
pub struct JobScaleRule {
    /// The rule's name.
    #[prop(arm = "name", tf = "name", canon = canons::CASE)]
    name: Text,
    /// The scaler of KEDA that watches for it.
    #[prop(arm = "", tf = "", label = "by")]
    scale: CustomScale,
}

/// Rules that Terraform tells apart by the kind of block, rather than by what stands in them.
pub(super) static RULES: Codec = Codec {
    name: "a block for each kind",
    encode: |value| {
        let Value::List(rules) = value else { return value.clone() };
        let mut out = Value::Map(Entries::new());
        for kind in KINDS {
            let blocks: Vec<Value> = rules
                .iter()
                .filter_map(|rule| {
                    let mut block = rule.at(&[kind])?.clone();
                    block.put(&[], Value::map([("name", rule.at(&["name"])?.clone())]));
                    Some(block)
                })
                .collect();
            if !blocks.is_empty() {
                out.put(&[], Value::map([(kind, Value::List(blocks))]));
            }
        }
        out
    },
    decode: |value| {
        let mut rules = Vec::new();
        for kind in KINDS {
            if let Some(Value::List(blocks)) = value.at(&[kind]) {
                for block in blocks {
                    rules.push(Value::map([
                        ("name", block.at(&["name"])?.clone()),
                        (kind, block.clone()),
                    ]));
                }
            }
        }
        Some(Value::List(rules))
    },
};

const KINDS: [&str; 3] = ["http_scale_rule", "tcp_scale_rule", "custom_scale_rule"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_told_apart_by_their_block() {
        let calls = Value::map([("concurrent_requests", Value::literal("50"))]);
        let rule = Value::map([("name", Value::literal("calls")), ("http_scale_rule", calls)]);
        let sent = (RULES.encode)(&Value::List(vec![rule]));
        let Some(Value::List(blocks)) = sent.at(&["http_scale_rule"]) else { panic!("no block") };
        let block = |key| blocks.first().and_then(|block| block.at(&[key])?.as_str());
        assert_eq!((block("name"), block("concurrent_requests")), (Some("calls"), Some("50")));
        let Some(Value::List(back)) = (RULES.decode)(&sent) else { panic!("not a list") };
        assert_eq!(back.len(), 1);
        assert_eq!(back.first().and_then(|rule| rule.at(&["name"])?.as_str()), Some("calls"));
    }
}
