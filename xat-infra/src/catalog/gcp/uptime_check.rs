//! Uptime checks of Cloud Monitoring.

use std::collections::BTreeMap;

use super::common::{SECONDS, exactly_one, labels};
use crate::dsl::{Meta, Name, Stack};
use crate::gcp::{
    AcceptedStatus, CheckerType, ContentMatch, ContentMatcher, HttpCheck, PROVIDER, StatusClass,
    UptimeIdentity, UptimeMethod, UptimeRegion,
};
use crate::schema::{CheckContext, Set};
use crate::value::{NodeRef, Text};
use crate::{Resource, name};

/// The page of checks.
const CHECKS: &str =
    "https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.uptimeCheckConfigs";

/// Asks from several places whether something answers.
///
/// The service numbers its checks: a stack finds one by its name, which people read, until the state knows its number. From then
/// on another name is a change like any other; in a stack, `.was(..)` says what it was called.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "monitoring.googleapis.com/UptimeCheckConfig@v3",
    id = "//monitoring.googleapis.com/projects/{gcp.project}/uptimeCheckConfigs/{name}",
    found_by = "name",
    terraform = "google_monitoring_uptime_check_config",
    tf_import = "{path}",
    scope = Root,
    check = limits,
    check = labels,
    private_new,
    source = "https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.uptimeCheckConfigs"
)]
#[output(path: Text, rest = "name", tf = "name",
    doc = "Its name with its number, `projects/P/uptimeCheckConfigs/N`.")]
pub struct UptimeCheck {
    /// What people call it, unique in its project.
    #[name(
        len = 1..=512, chars = alphanumeric, and = " -_.,:;()[]%<>=+&'", start = Any, end = Any,
        source = "https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.uptimeCheckConfigs#UptimeCheckConfig"
    )]
    #[prop(rest = "displayName", tf = "display_name", danger = Cosmetic)]
    name: Name<Self>,
    /// The type of what is asked (`uptime_url`, `cloud_run_revision`).
    #[prop(rest = "monitoredResource.type", tf = "monitored_resource.type", replace)]
    resource_type: Text,
    /// Which one: labels of that type (`host`, `project_id`).
    #[prop(rest = "monitoredResource.labels", tf = "monitored_resource.labels", replace)]
    resource_labels: BTreeMap<String, Text>,
    /// Asked by HTTP.
    #[prop(rest = "httpCheck", tf = "http_check", danger = Cosmetic)]
    http: Option<HttpCheck>,
    /// Asked by opening a connection to this port.
    #[prop(rest = "tcpCheck.port", tf = "tcp_check.port", danger = Cosmetic)]
    tcp_port: Option<u16>,
    /// How long an answer may take, in seconds: 1 to 60.
    #[prop(rest = "timeout", tf = "timeout", codec = SECONDS, tf_codec = SECONDS, default = 10, unit = "seconds",
        danger = Cosmetic)]
    timeout_seconds: u32,
    /// How often it is asked, in seconds: 60, 300, 600 or 900.
    #[prop(rest = "period", tf = "period", codec = SECONDS, tf_codec = SECONDS, default = 300, unit = "seconds",
        danger = Cosmetic)]
    period_seconds: u32,
    /// What an answer must have in it.
    #[prop(rest = "contentMatchers", tf = "content_matchers", each = "content", danger = Cosmetic)]
    contents: Option<Vec<ContentMatcher>>,
    /// From where it is asked; from everywhere, unless said.
    #[prop(rest = "selectedRegions", tf = "selected_regions", danger = Cosmetic)]
    regions: Option<Set<UptimeRegion>>,
    /// From which side it is asked.
    #[prop(rest = "checkerType", tf = "checker_type", service = CheckerType::Internet, replace)]
    checker: Option<CheckerType>,
    /// Labels for people and for reports.
    #[prop(rest = "userLabels", tf = "user_labels", tags, danger = Cosmetic, each = "label")]
    labels: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

impl UptimeCheck {
    /// Asks a host on the internet by HTTPS.
    #[track_caller]
    #[must_use]
    pub fn https(name: Name<Self>, host: impl Into<Text>, path: impl Into<Text>) -> Self {
        Self::of(name, "uptime_url", [("host", host.into())]).http(HttpCheck::new(path))
    }

    /// Asks a resource of a type that monitoring knows, by its labels.
    #[track_caller]
    #[must_use]
    pub fn of<'k>(
        name: Name<Self>,
        resource_type: impl Into<Text>,
        labels: impl IntoIterator<Item = (&'k str, Text)>,
    ) -> Self {
        let labels = labels.into_iter().map(|(key, value)| (key.to_owned(), value));
        Self::declare_new(name, resource_type, labels.collect::<BTreeMap<String, Text>>())
    }
}

fn limits(check: &mut CheckContext<'_>) {
    exactly_one(check, &["http", "tcp_port"], "it is asked by HTTP or by a connection", CHECKS);
    check.range("timeout_seconds", 1..=60, CHECKS);
    let period = check.get("period_seconds").and_then(crate::value::Value::as_int);
    if period.is_some_and(|period| ![60, 300, 600, 900].contains(&period)) {
        let help = format!("say 60, 300, 600 or 900 seconds: {CHECKS}");
        check.report("period_seconds", "it is asked every 1, 5, 10 or 15 minutes", help);
    }
    if check.blocks("contents").len() > 1 {
        let help = format!("say one: {CHECKS}");
        check.report("contents", "of several texts only the first is looked for", help);
    }
    let mut found = Vec::new();
    for http in check.blocks("http") {
        for accepted in http.blocks("accepted") {
            if accepted.get("value").is_some() == accepted.get("class").is_some() {
                found.push(("an answer is said by its status or by its class", "say one of them"));
            }
        }
        if http.get("password").is_some() && http.get("user").is_none() {
            found.push(("nobody signs in with the password", "also say `.user(..)`"));
        }
        if http.get("identity").is_some() && http.get("user").is_some() {
            found.push(("two of them sign in", "say `.user(..)` or `.identity(..)`"));
        }
    }
    for (message, help) in found {
        check.report("http", message, format!("{help}: {CHECKS}"));
    }
    // Three places at least: only the United States have that many.
    if let Some(crate::value::Value::List(regions)) = check.get("regions") {
        let whole = regions.iter().any(|region| region.as_str() == Some("USA"));
        if regions.len() < 3 && !whole {
            let help = format!("name three regions or `UptimeRegion::Usa`: {CHECKS}");
            check.report("regions", "it is asked from 3 places or more", help);
        }
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let http = HttpCheck::new("/health/")
        .port(8443)
        .method(UptimeMethod::Get)
        .header("Accept", "application/json")
        .accept(AcceptedStatus::new().value(200))
        .accept(AcceptedStatus::new().class(StatusClass::Redirection))
        .identity(UptimeIdentity::OidcToken);
    let check = UptimeCheck::https(name!("Shop"), "shop.example.com", "/health/")
        .http(http)
        .timeout_seconds(10)
        .period_seconds(300)
        .content(ContentMatcher::new("\"ok\"").matcher(ContentMatch::Contains))
        .regions([UptimeRegion::Usa, UptimeRegion::Europe])
        .label("owner", "platform");
    stack.add(check).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;
    use crate::value::Secret;

    fn check() -> UptimeCheck {
        UptimeCheck::https(name!("Shop"), "shop.example.com", "/health/")
    }

    #[test]
    fn what_the_service_refuses_is_reported() {
        assert_eq!(refused(check()), [""; 0]);
        assert_eq!(refused(check().tcp_port(5432)), ["tcp_port"]);
        assert_eq!(refused(check().timeout_seconds(61)), ["timeout_seconds"]);
        assert_eq!(refused(check().period_seconds(120)), ["period_seconds"]);
        let two = check().content(ContentMatcher::new("a")).content(ContentMatcher::new("b"));
        assert_eq!(refused(two), ["contents"]);
        let of = |http: HttpCheck| refused(check().http(http));
        assert_eq!(of(HttpCheck::new("/").accept(AcceptedStatus::new())), ["http"]);
        assert_eq!(of(HttpCheck::new("/").password(Secret::supplied("p"))), ["http"]);
        let both = HttpCheck::new("/").user("u").identity(UptimeIdentity::OidcToken);
        assert_eq!(of(both), ["http"]);
        assert_eq!(refused(check().regions([UptimeRegion::Europe])), ["regions"]);
    }
}
