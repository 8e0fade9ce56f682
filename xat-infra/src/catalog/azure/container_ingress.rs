//! How container apps are called: ports, revisions, who may.

use crate::schema::{Codec, Set, canons, codecs};
use crate::value::Text;
use crate::{Block, Choice};

use super::key_vault::RuleAction;

/// How a container app is called.
///
/// ```
/// use xat_infra::azure::prelude::*;
/// let inside = AppIngress::inside(8000);
/// let outside = AppIngress::outside(8000).rule(IngressRule::allow("office", "203.0.113.0/24"));
/// ```
#[derive(Clone, Block)]
#[block(private_new, import = say_ingress)]
pub struct AppIngress {
    /// The port on which the container listens.
    #[prop(arm = "targetPort", tf = "target_port", danger = Downtime)]
    target_port: u16,
    /// Whether it is called from outside its environment.
    #[prop(arm = "external", tf = "external_enabled", service = false, exposes = true, danger = Downtime, no_setter)]
    external: Option<bool>,
    /// Whether plain HTTP is taken rather than sent on to HTTPS.
    #[prop(
        arm = "allowInsecure",
        tf = "allow_insecure_connections",
        label = "plain HTTP",
        default = false,
        service = false,
        exposes = true
    )]
    allow_insecure: bool,
    /// The protocol that it speaks.
    #[prop(arm = "transport", tf = "transport", canon = canons::CASE, service = IngressTransport::Auto,
        danger = Downtime)]
    transport: Option<IngressTransport>,
    /// The port at which it is called over TCP.
    #[prop(arm = "exposedPort", tf = "exposed_port", service = 0, danger = Downtime)]
    exposed_port: Option<u16>,
    /// Whether callers show certificates.
    #[prop(arm = "clientCertificateMode", tf = "client_certificate_mode", canon = canons::CASE,
        service = IngressCertificates::Ignore, danger = Exposure)]
    client_certificates: Option<IngressCertificates>,
    /// Whether a caller's calls all reach the same replica.
    #[prop(arm = "stickySessions.affinity", codec = STICKY, service = false)]
    sticky: Option<bool>,
    /// How calls are shared out over revisions, in per cent.
    #[prop(arm = "traffic", tf = "traffic_weight", default = vec![TrafficWeight::latest(100)], danger = Downtime)]
    traffic: Vec<TrafficWeight>,
    /// Who may call: either all rules allow, and all others are turned away, or all deny.
    #[prop(arm = "ipSecurityRestrictions", tf = "ip_security_restriction", key = "name", each = "rule",
        danger = Exposure)]
    rules: Option<Vec<IngressRule>>,
    /// From which other sites' pages browsers may call.
    #[prop(arm = "corsPolicy", tf = "cors", label = "CORS")]
    cors: Option<IngressCors>,
}

impl AppIngress {
    /// Called from its own environment only.
    #[must_use]
    pub fn inside(port: u16) -> Self {
        Self { external: Some(false), ..Self::new(port) }
    }

    /// Called from wherever its environment is: from its network, or from the internet.
    #[must_use]
    pub fn outside(port: u16) -> Self {
        Self { external: Some(true), ..Self::new(port) }
    }
}

fn say_ingress(ingress: &mut crate::schema::Saying<'_>) {
    let outside = ingress.is("external", true);
    let constructor = if outside { "AppIngress::outside" } else { "AppIngress::inside" };
    if ingress.construct(constructor, &["target_port"]) {
        ingress.settle(&["external"]);
    }
}

/// The protocol that an app speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum IngressTransport {
    /// HTTP of whichever version.
    #[choice("auto")]
    Auto,
    /// HTTP 1.1.
    #[choice("http")]
    Http,
    /// HTTP 2, as gRPC needs it.
    #[choice("http2")]
    Http2,
    /// TCP.
    #[choice("tcp")]
    Tcp,
}

/// Whether callers show certificates.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum IngressCertificates {
    /// Nobody asks.
    #[choice("ignore")]
    Ignore,
    /// They may.
    #[choice("accept")]
    Accept,
    /// They must.
    #[choice("require")]
    Require,
}

/// Stickiness in the service's words.
static STICKY: Codec = Codec {
    name: "sticky/none",
    encode: |value| codecs::words(value, "sticky", "none"),
    decode: |value| codecs::from_words(value, "sticky", "none"),
};

/// How many of the calls a revision gets.
#[derive(Clone, Block)]
#[block(private_new, import = say_weight)]
pub struct TrafficWeight {
    /// In per cent; all revisions' together are 100.
    #[prop(arm = "weight", tf = "percentage", label = "share", unit = "per cent", danger = Downtime)]
    weight: u16,
    /// Whether it is the newest revision, whichever that is.
    #[prop(arm = "latestRevision", tf = "latest_revision", service = false, no_setter, danger = Downtime)]
    latest: Option<bool>,
    /// The revision.
    #[prop(arm = "revisionName", tf = "revision_suffix", tf_codec = SUFFIX, canon = canons::CASE, no_setter,
        danger = Downtime)]
    revision: Option<Text>,
    /// A name under which the revision is called by itself.
    #[prop(arm = "label", tf = "label", canon = canons::CASE)]
    label: Option<Text>,
}

impl TrafficWeight {
    /// So many per cent to the newest revision.
    #[must_use]
    pub fn latest(percent: u16) -> Self {
        Self { latest: Some(true), ..Self::new(percent) }
    }

    /// So many per cent to a revision, by its full name (`shop-web--v2`).
    #[must_use]
    pub fn revision(name: impl Into<Text>, percent: u16) -> Self {
        Self { revision: Some(name.into()), ..Self::new(percent) }
    }
}

fn say_weight(weight: &mut crate::schema::Saying<'_>) {
    if weight.is("latest", true) {
        weight.construct("TrafficWeight::latest", &["weight"]);
        weight.settle(&["latest", "revision"]);
    } else {
        weight.construct("TrafficWeight::revision", &["revision", "weight"]);
    }
}

/// A revision's name as Terraform has it: what follows the app's name and two hyphens.
static SUFFIX: Codec = Codec {
    name: "revision's suffix",
    encode: |value| match value.as_str().and_then(|name| name.split_once("--")) {
        Some((_, suffix)) => crate::value::Value::from(suffix.to_owned()),
        None => value.clone(),
    },
    decode: |value| Some(value.clone()),
};

/// Whether a range of addresses may call.
#[derive(Clone, Block)]
pub struct IngressRule {
    /// The rule's name.
    #[prop(arm = "name", tf = "name", canon = canons::CASE)]
    name: Text,
    /// The range.
    #[prop(arm = "ipAddressRange", tf = "ip_address_range", canon = canons::CIDR, danger = Exposure,
        exposes = Text::from("0.0.0.0/0"))]
    range: Text,
    /// Whether it may.
    #[prop(arm = "action", tf = "action", canon = canons::CASE)]
    action: RuleAction,
}

impl IngressRule {
    /// It may.
    #[must_use]
    pub fn allow(name: impl Into<Text>, range: impl Into<Text>) -> Self {
        Self::new(name, range, RuleAction::Allow)
    }

    /// It may not.
    #[must_use]
    pub fn deny(name: impl Into<Text>, range: impl Into<Text>) -> Self {
        Self::new(name, range, RuleAction::Deny)
    }
}

/// From which other sites' pages browsers may call an app.
#[derive(Clone, Block)]
pub struct IngressCors {
    /// The sites, with their scheme; `*` is any.
    #[prop(arm = "allowedOrigins", tf = "allowed_origins", canon = canons::URL, danger = Exposure)]
    origins: Set<Text>,
    /// The methods that they may use.
    #[prop(arm = "allowedMethods", tf = "allowed_methods")]
    methods: Option<Set<Text>>,
    /// The headers that they may send.
    #[prop(arm = "allowedHeaders", tf = "allowed_headers", canon = canons::CASE)]
    headers: Option<Set<Text>>,
    /// The headers that they may read.
    #[prop(arm = "exposeHeaders", tf = "exposed_headers", canon = canons::CASE)]
    exposed_headers: Option<Set<Text>>,
    /// For how many seconds browsers remember this.
    #[prop(arm = "maxAge", tf = "max_age_in_seconds", unit = "seconds")]
    max_age: Option<u32>,
    /// Whether browsers may send cookies and passwords along.
    #[prop(
        arm = "allowCredentials",
        tf = "allow_credentials_enabled",
        label = "credentials",
        service = false,
        exposes = true
    )]
    credentials: Option<bool>,
}

impl IngressCors {
    /// Lets pages of these sites call (`https://shop.example.com`); `*` is any.
    #[must_use]
    pub fn of<T: Into<Text>>(sites: impl IntoIterator<Item = T>) -> Self {
        Self::new(sites.into_iter().map(Into::into).collect::<Set<Text>>())
    }
}
