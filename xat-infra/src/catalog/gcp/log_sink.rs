//! Where logs are sent on to.

use crate::dsl::{Handle, Meta, Name, Ref, Stack};
use crate::gcp::{Bucket, PROVIDER};
use crate::schema::{CheckContext, Kind, PropertyType, Variables, canons, rust};
use crate::schema::{Update, Verbs};
use crate::value::{NodeRef, Text, Value};
use crate::{Block, Resource, name, text};

/// The page of sinks.
const SINKS: &str = "https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.sinks";

/// Sends a project's logs on. What it writes as is an identity of its own, [`writer`](LogSinkOutputs::writer), which must
/// be let in where it writes.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "logging.googleapis.com/LogSink@v2",
    id = "//logging.googleapis.com/projects/{gcp.project}/sinks/{name}",
    terraform = "google_logging_project_sink",
    scope = Root,
    verbs = Verbs {
        create: "POST {collection}?uniqueWriterIdentity=true",
        says: &[("name", "{name}")],
        updates: &[Update {
            request: "PATCH {self}?updateMask={mask}&uniqueWriterIdentity=true", ..Update::MASK
        }],
        ..Verbs::STANDARD
    },
    check = limits,
    constant(tf = "unique_writer_identity", value = true),
    source = "https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.sinks"
)]
#[output(writer: Text, rest = "writerIdentity", tf = "writer_identity",
    doc = "Whom it writes as, a member of policies.")]
pub struct LogSink {
    /// The sink's name, unique in its project.
    #[name(
        len = 1..=100, chars = alphanumeric, and = "-_.", start = Alphanumeric, end = Any,
        source = "https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.sinks#LogSink"
    )]
    name: Name<Self>,
    /// Where they go.
    #[prop(rest = "destination", tf = "destination", danger = Downtime)]
    destination: LogDestination,
    /// Which of them, in the language of logging queries; all, unless said.
    #[prop(rest = "filter", tf = "filter", danger = Downtime)]
    filter: Option<Text>,
    /// Which of those do not.
    #[prop(rest = "exclusions", tf = "exclusions", key = "name", each = "exclusion", danger = Downtime)]
    exclusions: Option<Vec<LogExclusion>>,
    /// Whether a dataset has a table that is split by day, and not one table a day.
    #[prop(rest = "bigqueryOptions.usePartitionedTables", tf = "bigquery_options.use_partitioned_tables", service = false,
        danger = Downtime)]
    partitioned_tables: Option<bool>,
    /// What it is for.
    #[prop(rest = "description", tf = "description", danger = Cosmetic)]
    description: Option<Text>,
    /// Whether it rests for now.
    #[prop(rest = "disabled", tf = "disabled", service = false, danger = Downtime)]
    disabled: Option<bool>,
    meta: Meta,
}

/// Logs that are not sent on.
#[derive(Clone, Block)]
pub struct LogExclusion {
    /// What that is called.
    #[prop(rest = "name", tf = "name")]
    name: Text,
    /// Which logs, in the language of logging queries.
    #[prop(rest = "filter", tf = "filter")]
    filter: Text,
    /// Why.
    #[prop(rest = "description", tf = "description", danger = Cosmetic)]
    description: Option<Text>,
    /// Whether they are sent on for now.
    #[prop(rest = "disabled", tf = "disabled", service = false)]
    disabled: Option<bool>,
}

/// Where logs go.
#[derive(Clone)]
pub struct LogDestination(Text);

impl LogDestination {
    /// A destination as logging writes it: `bigquery.googleapis.com/projects/P/datasets/D`,
    /// `pubsub.googleapis.com/projects/P/topics/T`, `logging.googleapis.com/projects/P/locations/L/buckets/B`.
    pub fn named(destination: impl Into<Text>) -> Self {
        Self(destination.into())
    }
}

impl From<Handle<Bucket>> for LogDestination {
    fn from(bucket: Handle<Bucket>) -> Self {
        Self(text!("storage.googleapis.com/{}", bucket.id()))
    }
}

impl From<Ref<Bucket>> for LogDestination {
    fn from(bucket: Ref<Bucket>) -> Self {
        Self(text!("storage.googleapis.com/{}", bucket.by_name().text().clone()))
    }
}

#[diagnostic::do_not_recommend]
impl PropertyType for LogDestination {
    const KIND: &'static Kind = &Kind::Text(&canons::EXACT);
    fn into_value(self) -> Value {
        Value::Text(self.0)
    }
    fn rust(value: &Value, variables: &dyn Variables) -> Option<String> {
        Some(format!("LogDestination::named({})", rust::text(value.as_text()?, variables)?))
    }
}

fn limits(check: &mut CheckContext<'_>) {
    const KINDS: [&str; 5] = ["storage", "bigquery", "pubsub", "logging", "cloudresourcemanager"];
    if let Some(destination) = check.text("destination").map(str::to_owned) {
        let service = destination.split_once(".googleapis.com/").map(|(service, _)| service);
        if !service.is_some_and(|service| KINDS.contains(&service)) {
            let message = format!("logs cannot go to `{destination}`");
            check.report(
                "destination",
                message,
                format!("name a bucket, a dataset, a topic: {SINKS}"),
            );
        }
        if check.get("partitioned_tables").is_some() && service != Some("bigquery") {
            let help = format!("leave it out: {SINKS}");
            check.report("partitioned_tables", "only datasets have tables", help);
        }
    }
    if check.text("filter").is_some_and(|filter| filter.chars().count() > 20_000) {
        check.report(
            "filter",
            "a filter has at most 20000 letters",
            format!("shorten it: {SINKS}"),
        );
    }
    let exclusions = check.blocks("exclusions");
    let count = exclusions.len();
    let long = |name: &str| name.chars().count() > 100;
    let named = exclusions.iter().filter_map(|exclusion| exclusion.text("name"));
    let too_long: Vec<String> = named.filter(|name| long(name)).map(str::to_owned).collect();
    if count > 50 {
        check.report(
            "exclusions",
            "a sink has at most 50 exclusions",
            format!("say fewer: {SINKS}"),
        );
    }
    for name in too_long {
        let message = format!("`{name}` is longer than 100 letters");
        check.report("exclusions", message, format!("shorten it: {SINKS}"));
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let bucket = stack.add(Bucket::new(name!("shop-audit-logs")));
    let sink = LogSink::new(name!("audit"), bucket)
        .filter("log_id(\"cloudaudit.googleapis.com/activity\")")
        .exclusion(
            LogExclusion::new("health", "httpRequest.requestUrl:\"/health/\"")
                .description("The probes")
                .disabled(false),
        )
        .description("Who changed what")
        .disabled(false);
    stack.add(sink).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    #[test]
    fn what_the_service_refuses_is_reported() {
        let of = |to: &'static str| LogSink::new(name!("audit"), LogDestination::named(to));
        assert_eq!(refused(of("storage.googleapis.com/logs")), [""; 0]);
        assert_eq!(refused(of("s3.amazonaws.com/logs")), ["destination"]);
        let data = "bigquery.googleapis.com/projects/p/datasets/d";
        assert_eq!(refused(of(data).partitioned_tables(true)), [""; 0]);
        let bucket = LogSink::new(name!("audit"), Ref::<Bucket>::existing("logs"));
        assert_eq!(refused(bucket.partitioned_tables(true)), ["partitioned_tables"]);
        assert_eq!(refused(of(data).filter("x".repeat(20_001))), ["filter"]);
        let many = (0..51).map(|n| LogExclusion::new(n.to_string(), "x"));
        assert_eq!(refused(of(data).exclusions(many)), ["exclusions"]);
        assert_eq!(
            refused(of(data).exclusion(LogExclusion::new("x".repeat(101), "x"))),
            ["exclusions"]
        );
    }
}
