//! What an activity log alert tells of, and how ARM writes it: a list of fields and what they must equal.

use crate::dsl::AnyRef;
use crate::schema::{Codec, Saying, Set, canons};
use crate::value::{Entries, Text, Value};
use crate::{Block, Choice};

/// What an activity log alert tells of: all that is said must hold, and of several values any.
#[derive(Clone, Block)]
#[block(private_new, import = say_condition)]
pub struct ActivityCondition {
    /// The kind of event.
    #[prop(arm = "category", tf = "category")]
    category: ActivityCategory,
    /// What was done (`Microsoft.Web/sites/delete`).
    #[prop(arm = "operationName", tf = "operation_name", canon = canons::CASE)]
    operation: Option<Text>,
    /// Who did it: an address, or the object ID of an application.
    #[prop(arm = "caller", tf = "caller", canon = canons::CASE)]
    caller: Option<Text>,
    /// How bad it is.
    #[prop(arm = "level", tf = "levels", each = "level")]
    levels: Option<Set<ActivityLevel>>,
    /// How it went (`Started`, `Succeeded`, `Failed`).
    #[prop(arm = "status", tf = "statuses", canon = canons::CASE, each = "status")]
    statuses: Option<Set<Text>>,
    /// How it went, as an HTTP status.
    #[prop(arm = "subStatus", tf = "sub_statuses", canon = canons::CASE, each = "sub_status")]
    sub_statuses: Option<Set<Text>>,
    /// The resource providers that it happens to (`Microsoft.Web`).
    #[prop(arm = "resourceProvider", tf = "resource_providers", canon = canons::CASE, each = "resource_provider")]
    resource_providers: Option<Set<Text>>,
    /// The REST types that it happens to (`Microsoft.Web/sites`).
    #[prop(arm = "resourceType", tf = "resource_types", canon = canons::CASE, each = "resource_type")]
    resource_types: Option<Set<Text>>,
    /// The groups that it happens in, by name.
    #[prop(arm = "resourceGroup", tf = "resource_groups", canon = canons::CASE, each = "resource_group")]
    resource_groups: Option<Set<Text>>,
    /// The resources that it happens to.
    #[prop(arm = "resourceId", tf = "resource_ids", each = "resource")]
    resources: Option<Set<AnyRef>>,
    /// The category of a recommendation.
    #[prop(arm = "recommendationCategory", tf = "recommendation_category")]
    recommendation_category: Option<RecommendationCategory>,
    /// How much a recommendation would bring.
    #[prop(arm = "recommendationImpact", tf = "recommendation_impact")]
    recommendation_impact: Option<RecommendationImpact>,
    /// The type of a recommendation (a GUID).
    #[prop(arm = "recommendationType", tf = "recommendation_type", canon = canons::CASE)]
    recommendation_type: Option<Text>,
    /// The kinds of event of Azure itself; every kind, unless said.
    #[prop(arm = "events", tf = "service_health.events", each = "event")]
    events: Option<Set<HealthEvent>>,
    /// The services that fail, by the names of the service health page; every service, unless said.
    #[prop(arm = "services", tf = "service_health.services", each = "service")]
    services: Option<Set<Text>>,
    /// The regions that they fail in, by display name (`West Europe`); every region, unless said.
    #[prop(arm = "regions", tf = "service_health.locations", canon = canons::REGION, each = "region")]
    regions: Option<Set<Text>>,
    /// How the resource is now.
    #[prop(arm = "currentHealth", tf = "resource_health.current", each = "current")]
    current_health: Option<Set<ResourceHealth>>,
    /// How the resource was before.
    #[prop(arm = "previousHealth", tf = "resource_health.previous", each = "previous")]
    previous_health: Option<Set<ResourceHealth>>,
    /// Why the resource's health changed.
    #[prop(arm = "cause", tf = "resource_health.reason", label = "cause", each = "because")]
    cause: Option<Set<HealthCause>>,
}

impl ActivityCondition {
    /// Azure itself fails, is maintained, or has something to say.
    #[must_use]
    pub fn service_health() -> Self {
        Self::new(ActivityCategory::ServiceHealth)
    }

    /// Any event of a kind; the other constructors say the usual ones.
    #[must_use]
    pub fn of(category: ActivityCategory) -> Self {
        Self::new(category)
    }

    /// A resource becomes well or unwell.
    #[must_use]
    pub fn resource_health() -> Self {
        Self::new(ActivityCategory::ResourceHealth)
    }

    /// Someone does something to a resource (`Microsoft.Web/sites/delete`).
    #[must_use]
    pub fn administrative(operation: impl Into<Text>) -> Self {
        Self::new(ActivityCategory::Administrative).operation(operation)
    }

    /// A policy audits or denies something.
    #[must_use]
    pub fn policy() -> Self {
        Self::new(ActivityCategory::Policy)
    }

    /// Defender for Cloud raises an alert.
    #[must_use]
    pub fn security() -> Self {
        Self::new(ActivityCategory::Security)
    }

    /// Something scales by itself.
    #[must_use]
    pub fn autoscale() -> Self {
        Self::new(ActivityCategory::Autoscale)
    }

    /// Advisor recommends something.
    #[must_use]
    pub fn recommendation() -> Self {
        Self::new(ActivityCategory::Recommendation)
    }
}

/// Each kind of event has a constructor; that of what people do also says what they do.
fn say_condition(condition: &mut Saying<'_>) {
    let category = condition.text("category").map(str::to_ascii_lowercase);
    let (constructor, arguments): (_, &[&str]) = match category.as_deref() {
        Some("servicehealth") => ("service_health", &[]),
        Some("resourcehealth") => ("resource_health", &[]),
        Some("administrative") if condition.get("operation").is_some() => {
            ("administrative", &["operation"])
        }
        Some("policy") => ("policy", &[]),
        Some("security") => ("security", &[]),
        Some("autoscale") => ("autoscale", &[]),
        Some("recommendation") => ("recommendation", &[]),
        _ => ("of", &["category"]),
    };
    condition.construct(&format!("ActivityCondition::{constructor}"), arguments);
    condition.settle(&["category"]);
}

/// A kind of event in the activity log.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ActivityCategory {
    /// Someone does something to a resource.
    Administrative,
    /// Something scales by itself.
    Autoscale,
    /// A policy audits or denies something.
    Policy,
    /// Advisor recommends something.
    Recommendation,
    /// A resource becomes well or unwell.
    ResourceHealth,
    /// Defender for Cloud raises an alert.
    Security,
    /// Azure itself fails, is maintained, or has something to say.
    ServiceHealth,
}

/// How bad an event is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ActivityLevel {
    /// Worth keeping.
    Verbose,
    /// Worth knowing.
    Informational,
    /// Something will fail.
    Warning,
    /// Something fails.
    Error,
    /// Something is down.
    Critical,
}

/// The category of a recommendation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum RecommendationCategory {
    /// To spend less.
    Cost,
    /// To fail less.
    Reliability,
    /// To operate better.
    OperationalExcellence,
    /// To be faster.
    Performance,
    /// To be there more: the older word for reliability.
    HighAvailability,
}

/// How much a recommendation would bring.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum RecommendationImpact {
    /// Much.
    High,
    /// Some.
    Medium,
    /// Little.
    Low,
}

/// A kind of event of Azure itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum HealthEvent {
    /// Something fails.
    Incident,
    /// Something will be worked on.
    Maintenance,
    /// Something is worth knowing.
    Informational,
    /// Something must be done.
    ActionRequired,
    /// Something concerns security.
    Security,
}

/// How a resource is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ResourceHealth {
    /// Well.
    Available,
    /// Slow or in part unwell.
    Degraded,
    /// Down.
    Unavailable,
    /// Nobody knows.
    Unknown,
}

/// Why a resource's health changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum HealthCause {
    /// Azure did it.
    PlatformInitiated,
    /// Someone did it.
    UserInitiated,
    /// Nobody knows.
    Unknown,
}

/// The fields whose names are paths into the event, by the words that stand for them here.
const PATHS: [(&str, &str); 9] = [
    ("recommendationCategory", "properties.recommendationCategory"),
    ("recommendationImpact", "properties.recommendationImpact"),
    ("recommendationType", "properties.recommendationType"),
    ("events", "properties.incidentType"),
    ("services", "properties.impactedServices[*].ServiceName"),
    ("regions", "properties.impactedServices[*].ImpactedRegions[*].RegionName"),
    ("currentHealth", "properties.currentHealthStatus"),
    ("previousHealth", "properties.previousHealthStatus"),
    ("cause", "properties.cause"),
];

/// An object of fields as ARM's list of conditions: `equals` for one value, `anyOf` for several, and `containsAny`
/// where the event has several itself.
pub(super) static CONDITIONS: Codec = Codec {
    name: "list of conditions on fields",
    encode: |value| match value {
        Value::Map(fields) => {
            Value::List(fields.iter().map(|(key, value)| one(key, value)).collect())
        }
        other => other.clone(),
    },
    decode: |value| {
        let Value::List(conditions) = value else { return None };
        let mut fields = Entries::new();
        for condition in conditions {
            let (field, value) = read(condition)?;
            let known = PATHS.iter().find(|(_, path)| path.eq_ignore_ascii_case(field));
            let plain = || plain(field).map(|key| (key, LISTS.contains(&key)));
            let (key, list) = known.map(|(key, _)| (*key, LISTS.contains(key))).or_else(plain)?;
            let value = match (list, value) {
                (true, value @ Value::Text(_)) => Value::List(vec![value]),
                (false, Value::List(items)) => items.into_iter().next()?,
                (_, value) => value,
            };
            fields.insert(key, value);
        }
        Some(Value::Map(fields))
    },
};

/// The fields that may have one of several values.
const LISTS: [&str; 13] = [
    "level",
    "status",
    "subStatus",
    "resourceProvider",
    "resourceType",
    "resourceGroup",
    "resourceId",
    "events",
    "services",
    "regions",
    "currentHealth",
    "previousHealth",
    "cause",
];

/// The field of this name, as this file spells it.
fn plain(field: &str) -> Option<&'static str> {
    LISTS[..7]
        .iter()
        .chain(&["category", "operationName", "caller"])
        .copied()
        .find(|known| known.eq_ignore_ascii_case(field))
}

fn one(key: &str, value: &Value) -> Value {
    let field = PATHS.iter().find(|(word, _)| *word == key).map_or(key, |(_, path)| *path);
    let equals = |value: &Value| {
        Value::map([("field", Value::from(field.to_owned())), ("equals", value.clone())])
    };
    match value {
        Value::List(items) if field.contains("[*]") => Value::map([
            ("field", Value::from(field.to_owned())),
            ("containsAny", Value::List(items.clone())),
        ]),
        Value::List(items) => match items.as_slice() {
            [single] => equals(single),
            several => Value::map([("anyOf", Value::List(several.iter().map(equals).collect()))]),
        },
        single => equals(single),
    }
}

/// The field of a condition, and its value or values.
fn read(condition: &Value) -> Option<(&str, Value)> {
    let leaf = |leaf| Value::at(leaf, &["field"]).and_then(Value::as_str);
    if let Some(Value::List(leaves)) = condition.at(&["anyOf"]) {
        let field = leaf(leaves.first()?)?;
        let values = leaves.iter().filter(|one| leaf(one) == Some(field));
        let values: Vec<Value> = values.filter_map(|one| one.at(&["equals"]).cloned()).collect();
        // Conditions on different fields are more than this type says.
        return (values.len() == leaves.len()).then_some((field, Value::List(values)));
    }
    let field = leaf(condition)?;
    let several = condition.at(&["containsAny"]).filter(|value| matches!(value, Value::List(_)));
    Some((field, several.or_else(|| condition.at(&["equals"]))?.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(words: &[&'static str]) -> Value {
        Value::List(words.iter().map(|word| Value::literal(*word)).collect())
    }

    #[test]
    fn conditions_are_fields_and_back() {
        let fields = Value::map([
            ("category", Value::literal("ServiceHealth")),
            ("level", list(&["Error"])),
            ("events", list(&["Incident", "Security"])),
            ("services", list(&["App Service"])),
        ]);
        let sent = (CONDITIONS.encode)(&fields);
        let text = |path: &[&str]| sent.at(path).and_then(Value::as_str).map(str::to_owned);
        assert_eq!(text(&["1", "equals"]).as_deref(), Some("Error"));
        assert_eq!(text(&["2", "anyOf", "1", "field"]).as_deref(), Some("properties.incidentType"));
        assert_eq!(text(&["3", "containsAny", "0"]).as_deref(), Some("App Service"));
        let back = (CONDITIONS.decode)(&sent).expect("fields");
        for path in [&["category"][..], &["level", "0"], &["events", "1"], &["services", "0"]] {
            let word = |of: &Value| of.at(path).and_then(Value::as_str).map(str::to_owned);
            assert!(word(&back).is_some() && word(&back) == word(&fields), "{path:?}");
        }
    }

    #[test]
    fn what_this_type_does_not_say_is_not_read() {
        let leaf = |field: &'static str| Value::map([("field", field), ("equals", "x")]);
        let mixed = Value::map([("anyOf", Value::List(vec![leaf("level"), leaf("status")]))]);
        assert!((CONDITIONS.decode)(&Value::List(vec![mixed])).is_none());
        assert!((CONDITIONS.decode)(&Value::List(vec![leaf("properties.other")])).is_none());
    }
}
