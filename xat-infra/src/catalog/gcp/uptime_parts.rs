//! What an uptime check of Cloud Monitoring is made of.

use std::collections::BTreeMap;

use crate::value::{Secret, Text};
use crate::{Block, Choice};

/// How something is asked by HTTP. Certificates are looked at.
#[derive(Clone, Block)]
pub struct HttpCheck {
    /// The path, with `/` in front.
    #[prop(rest = "path", tf = "path")]
    path: Text,
    /// Whether it is asked by HTTPS.
    #[prop(rest = "useSsl", tf = "use_ssl", default = true, service = false)]
    https: bool,
    /// Whether a bad certificate is a failure.
    #[prop(rest = "validateSsl", tf = "validate_ssl", default = true, service = false)]
    validate_certificate: bool,
    /// The port; 443, or 80 without HTTPS, unless said.
    #[prop(rest = "port", tf = "port")]
    port: Option<u16>,
    /// The method.
    #[prop(rest = "requestMethod", tf = "request_method", service = UptimeMethod::Get)]
    method: Option<UptimeMethod>,
    /// Headers that are sent along, for all to read who may see the check: nothing secret.
    #[prop(rest = "headers", tf = "headers", each = "header")]
    headers: Option<BTreeMap<String, Text>>,
    /// Which answers are good; those from 200 to 299, unless said.
    #[prop(
        rest = "acceptedResponseStatusCodes",
        tf = "accepted_response_status_codes",
        each = "accept"
    )]
    accepted: Option<Vec<AcceptedStatus>>,
    /// Who signs in, where it asks for that.
    #[prop(rest = "authInfo.username", tf = "auth_info.username")]
    user: Option<Text>,
    /// The password of who signs in.
    #[prop(rest = "authInfo.password", tf = "auth_info.password_wo", write_only)]
    password: Option<Secret>,
    /// Whether the token of monitoring's own identity is sent along: what private services of Cloud Run ask for.
    #[prop(rest = "serviceAgentAuthentication.type", tf = "service_agent_authentication.type")]
    identity: Option<UptimeIdentity>,
}

/// Answers that are good.
#[derive(Clone, Block)]
pub struct AcceptedStatus {
    /// One status.
    #[prop(rest = "statusValue", tf = "status_value")]
    value: Option<u16>,
    /// All of a class.
    #[prop(rest = "statusClass", tf = "status_class")]
    class: Option<StatusClass>,
}

/// A class of status.
#[derive(Clone, Copy, Choice)]
pub enum StatusClass {
    /// 200 to 299.
    #[choice("STATUS_CLASS_2XX")]
    Success,
    /// 300 to 399.
    #[choice("STATUS_CLASS_3XX")]
    Redirection,
    /// 400 to 499.
    #[choice("STATUS_CLASS_4XX")]
    ClientError,
    /// 500 to 599.
    #[choice("STATUS_CLASS_5XX")]
    ServerError,
    /// Any.
    #[choice("STATUS_CLASS_ANY")]
    Any,
}

/// The method of a check.
#[derive(Clone, Copy, Choice)]
pub enum UptimeMethod {
    /// GET.
    #[choice("GET")]
    Get,
    /// POST.
    #[choice("POST")]
    Post,
}

/// Whose token is sent along.
#[derive(Clone, Copy, Choice)]
pub enum UptimeIdentity {
    /// A token of OpenID Connect of monitoring's own service agent.
    #[choice("OIDC_TOKEN")]
    OidcToken,
}

/// What an answer must have in it.
#[derive(Clone, Block)]
pub struct ContentMatcher {
    /// The text, or a regular expression; at most 1024 bytes.
    #[prop(rest = "content", tf = "content")]
    content: Text,
    /// How it is looked for.
    #[prop(rest = "matcher", tf = "matcher", service = ContentMatch::Contains)]
    matcher: Option<ContentMatch>,
}

/// How a text is looked for.
#[derive(Clone, Copy, Choice)]
pub enum ContentMatch {
    /// It is in there.
    #[choice("CONTAINS_STRING")]
    Contains,
    /// It is not.
    #[choice("NOT_CONTAINS_STRING")]
    ContainsNot,
    /// The expression fits.
    #[choice("MATCHES_REGEX")]
    Matches,
    /// It does not.
    #[choice("NOT_MATCHES_REGEX")]
    MatchesNot,
}

/// From where it is asked.
#[derive(Clone, Copy, Choice)]
pub enum UptimeRegion {
    /// Anywhere in the United States: three places.
    #[choice("USA")]
    Usa,
    /// Iowa.
    #[choice("USA_IOWA")]
    UsaIowa,
    /// Oregon.
    #[choice("USA_OREGON")]
    UsaOregon,
    /// Virginia.
    #[choice("USA_VIRGINIA")]
    UsaVirginia,
    /// Europe.
    #[choice("EUROPE")]
    Europe,
    /// South America.
    #[choice("SOUTH_AMERICA")]
    SouthAmerica,
    /// Asia and the Pacific.
    #[choice("ASIA_PACIFIC")]
    AsiaPacific,
}

/// From which side something is asked.
#[derive(Clone, Copy, Choice)]
pub enum CheckerType {
    /// From the internet.
    #[choice("STATIC_IP_CHECKERS")]
    Internet,
    /// From inside a network, by Service Directory.
    #[choice("VPC_CHECKERS")]
    Network,
}
