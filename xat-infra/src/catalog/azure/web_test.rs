//! Availability tests: a page that Azure asks for from several places of the world.

use std::collections::BTreeMap;

use crate::azure::{
    ApplicationInsights, ContentMatch, HttpVerb, LogAnalyticsWorkspace, Region, ResourceGroup,
    TestHeader, TestLocation, Validation, WebRequest,
};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::{CheckContext, Codec, Set, codecs};
use crate::value::{NodeRef, Text, Value};
use crate::{Resource, name, text};

/// An availability test: one request that Azure sends from several places at regular intervals.
///
/// Its results stand with the Application Insights resource. An alert on them is [`MetricAlert::web_test`].
///
/// [`MetricAlert::web_test`]: crate::azure::MetricAlert::web_test
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Insights/webtests@2022-06-15",
    terraform = "azurerm_application_insights_standard_web_test",
    tf_import = "{parent}/providers/Microsoft.Insights/webTests/{name}",
    label = "availability test",
    constant(arm = "kind", value = "standard"),
    constant(arm = "properties.Kind", value = "standard"),
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.insights/webtests"
)]
pub struct WebTest {
    /// The test's name, unique in its group.
    #[name(
        len = 1..=260, chars = alphanumeric, and = " -_.()[]", start = Any, end = NotDot,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftinsights"
    )]
    // ARM asks for the name twice more; Terraform writes both from the one.
    #[prop(arm = "properties", codec = NAMED_TWICE)]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// The region, which is that of the Application Insights resource; the group's, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// The Application Insights resource that has the results.
    // ARM has no property for it: a hidden tag is what links the two.
    #[prop(arm = "tags", tf = "application_insights_id", codec = HIDDEN_LINK, label = "Application Insights resource",
        replace)]
    insights: Ref<ApplicationInsights>,
    /// The request that is sent.
    #[prop(arm = "properties.Request", tf = "request")]
    request: WebRequest,
    /// The name that people see; the test's own, unless said.
    #[prop(arm = "properties.Name", danger = Cosmetic)]
    display_name: Option<Text>,
    /// What the test is for.
    #[prop(arm = "properties.Description", tf = "description", service = Text::from(""), danger = Cosmetic)]
    description: Option<Text>,
    /// Whether the request is sent.
    #[prop(arm = "properties.Enabled", tf = "enabled", default = true, danger = Downtime)]
    enabled: bool,
    /// After how many seconds the request is sent again from each place: 300, 600 or 900.
    #[prop(
        arm = "properties.Frequency",
        tf = "frequency",
        unit = "seconds",
        default = 300,
        service = 300
    )]
    frequency: u16,
    /// After how many seconds without an answer the test fails: 1 to 120.
    #[prop(
        arm = "properties.Timeout",
        tf = "timeout",
        unit = "seconds",
        default = 30,
        service = 30
    )]
    timeout: u16,
    /// Whether a failed request is sent up to three times before the test fails.
    #[prop(arm = "properties.RetryEnabled", tf = "retry_enabled", label = "retry", default = true)]
    retry: bool,
    /// The places that the request is sent from; Azure's advice is five or more.
    #[prop(arm = "properties.Locations", tf = "geo_locations", codec = PLACES,
        default = Set(TestLocation::AROUND_EUROPE.to_vec()))]
    places: Set<TestLocation>,
    /// What a good answer is.
    #[prop(arm = "properties.ValidationRules", tf = "validation_rules", default = Validation::new())]
    validation: Validation,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

/// The tag by which the portal finds the test's results: its name holds the ID of what has them.
static HIDDEN_LINK: Codec = Codec {
    name: "a tag `hidden-link:ID`",
    encode: |value| {
        let tag =
            value.as_text().map(|id| (text!("hidden-link:{}", id.clone()), "Resource".into()));
        Value::Pairs(tag.into_iter().collect())
    },
    decode: |value| match value {
        Value::Map(tags) => {
            let linked = tags.iter().find_map(|(tag, _)| tag.strip_prefix("hidden-link:"));
            Some(linked.map_or(Value::Null, |id| Value::from(id.to_owned())))
        }
        _ => None,
    },
};

/// The test's name, as it stands twice more in its body.
static NAMED_TWICE: Codec = Codec {
    name: "SyntheticMonitorId and Name",
    encode: |value| Value::map([("SyntheticMonitorId", value.clone()), ("Name", value.clone())]),
    decode: |value| value.at(&["SyntheticMonitorId"]).cloned(),
};

/// Places that ARM wraps each in an object.
static PLACES: Codec = Codec {
    name: "list of objects with Id",
    encode: |value| codecs::each(value, |place| Value::map([("Id", place.clone())])),
    decode: |value| codecs::try_each(value, |place| place.at(&["Id"]).cloned()),
};

fn limits(check: &mut CheckContext<'_>) {
    const SOURCE: &str = "https://learn.microsoft.com/azure/azure-monitor/app/availability";
    let help = || format!("the provider's reference: {SOURCE}");
    let seconds = check.get("frequency").and_then(Value::as_int);
    if let Some(seconds) = seconds.filter(|seconds| ![300, 600, 900].contains(seconds)) {
        let what = format!("a test runs every 300, 600 or 900 seconds, not every {seconds}");
        check.report("frequency", what, help());
    }
    check.range("timeout", 1..=120, SOURCE);
    if matches!(check.get("places"), Some(Value::List(places)) if places.is_empty()) {
        check.report("places", "a test without a place never runs", help());
    }
    let request = check.blocks("request");
    let plain = request.iter().any(|request| {
        request.text("url").is_some_and(|url| url.to_ascii_lowercase().starts_with("http://"))
    });
    for rules in check.blocks("validation") {
        let certified = matches!(rules.get("certificate"), Some(Value::Bool(true)));
        let days = rules.int("certificate_days");
        if certified && plain {
            let what = "there is no certificate to check behind `http://`";
            check.report("validation", what, "ask by `https://`, or turn `certificate` off");
        }
        if days.is_some_and(|days| !(1..=365).contains(&days)) {
            let what = "a certificate's lifetime is checked for 1 to 365 days ahead";
            check.report("validation", what, help());
        }
        if days.is_some() && !certified {
            let what = "a certificate's lifetime is checked only together with the certificate";
            check.report("validation", what, help());
        }
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let logs = stack.add(LogAnalyticsWorkspace::new(name!("shop-logs"), group));
    let insights = stack.add(ApplicationInsights::new(name!("shop-insights"), group, logs));
    let request = WebRequest::new("https://shop.example.com/health/ready")
        .verb(HttpVerb::Post)
        .header(TestHeader::new("accept", "application/json"))
        .body("e30=")
        .follow_redirects(false);
    let good = Validation::new()
        .status(200)
        .certificate_days(14)
        .content(ContentMatch::has("ready").ignore_case(true));
    let test = WebTest::new(name!("shop-ready"), group, insights, request)
        .display_name("The shop is ready")
        .description("Asks the shop whether it can serve")
        .frequency(300)
        .timeout(60)
        .places([TestLocation::WestEurope, TestLocation::EastUs, TestLocation::SoutheastAsia])
        .validation(good)
        .tag("owner", "platform");
    stack.add(test).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::{group, refusals};

    #[test]
    fn the_services_limits_hold() {
        let new = |url: &'static str| {
            WebTest::new(name!("ready"), group(), Ref::existing("/subscriptions/5a1e"), url)
        };
        let rules = |days| Validation::new().certificate_days(days);
        assert_eq!(refusals(new("https://x").frequency(900).validation(rules(365))), [""; 0]);
        let nowhere: [TestLocation; 0] = [];
        let bad = new("https://x").frequency(60).timeout(0).places(nowhere).validation(rules(0));
        assert_eq!(
            refusals(bad),
            [
                "frequency: a test runs every 300, 600 or 900 seconds, not every 60",
                "timeout: 0 is outside 1 to 120",
                "places: a test without a place never runs",
                "validation: a certificate's lifetime is checked for 1 to 365 days ahead",
            ]
        );
        assert_eq!(
            refusals(new("http://x")),
            ["validation: there is no certificate to check behind `http://`"]
        );
        assert_eq!(
            refusals(new("http://x").validation(rules(7).certificate(false))),
            ["validation: a certificate's lifetime is checked only together with the certificate"]
        );
    }

    #[test]
    fn the_hidden_link_is_read_from_the_tags() {
        let tags = Value::map([("owner", "x"), ("hidden-link:/subscriptions/a", "Resource")]);
        let id = (HIDDEN_LINK.decode)(&tags);
        assert_eq!(id.as_ref().and_then(Value::as_str), Some("/subscriptions/a"));
        let none = (HIDDEN_LINK.decode)(&Value::map([("owner", "x")]));
        assert!(matches!(none, Some(Value::Null)));
    }
}
