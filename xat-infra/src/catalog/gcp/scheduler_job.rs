//! Jobs of Cloud Scheduler.

use crate::schema::{Update, Verbs};
use std::collections::BTreeMap;

use super::common::SECONDS;
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::gcp::{Location, PROVIDER, ServiceAccount};
use crate::schema::{CheckContext, Codec, codecs};
use crate::value::{NodeRef, Text};
use crate::{Choice, Resource, name};

/// The page of jobs.
const JOBS: &str =
    "https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs";

/// Calls a URL at set times.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "cloudscheduler.googleapis.com/Job@v1",
    id = "//cloudscheduler.googleapis.com/projects/{gcp.project}/locations/{region}/jobs/{name}",
    terraform = "google_cloud_scheduler_job",
    scope = Root,
    verbs = Verbs {
        create: "POST {collection}",
        says: &[("name", "{path}")],
        late: &["state"],
        updates: &[
            Update {
                of: &["state"],
                request: "POST {self}:{word}",
                words: &[("ENABLED", "resume"), ("PAUSED", "pause")],
                ..Update::MASK
            },
            Update::MASK,
        ],
        ..Verbs::STANDARD
    },
    check = limits,
    source = "https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs"
)]
pub struct SchedulerJob {
    /// The job's name, unique in its project and region.
    #[name(
        len = 1..=500, chars = alphanumeric, and = "-_", start = Any, end = Any,
        source = "https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs#Job"
    )]
    name: Name<Self>,
    /// The region; the stack's, unless said.
    #[prop(tf = "region", parameter = "gcp.region", replace)]
    region: Option<Location>,
    /// When, as `cron` says it (`0 3 * * 0`, Sundays at three).
    #[prop(rest = "schedule", tf = "schedule", danger = Downtime)]
    schedule: Text,
    /// In which time zone (`Europe/Berlin`).
    #[prop(rest = "timeZone", tf = "time_zone", default = "Etc/UTC".into(), danger = Downtime)]
    time_zone: Text,
    /// What is called: a URL.
    #[prop(rest = "httpTarget.uri", tf = "http_target.uri", danger = Downtime)]
    uri: Text,
    /// The method.
    #[prop(rest = "httpTarget.httpMethod", tf = "http_target.http_method", service = CallMethod::Post, danger = Downtime)]
    method: Option<CallMethod>,
    /// Headers that are sent along.
    #[prop(rest = "httpTarget.headers", tf = "http_target.headers", each = "header", danger = Downtime)]
    headers: Option<BTreeMap<String, Text>>,
    /// What is sent: literal text, since REST wants it encoded.
    #[prop(rest = "httpTarget.body", tf = "http_target.body", codec = codecs::BASE64, tf_codec = codecs::BASE64,
        danger = Downtime)]
    body: Option<Text>,
    /// Whose token of OpenID Connect is sent along: what Cloud Run and one's own services ask for.
    #[prop(rest = "httpTarget.oidcToken.serviceAccountEmail", tf = "http_target.oidc_token.service_account_email",
        via = "email", danger = Downtime)]
    oidc_account: Option<Ref<ServiceAccount>>,
    /// For whom that token is; for the URL, unless said.
    #[prop(rest = "httpTarget.oidcToken.audience", tf = "http_target.oidc_token.audience", danger = Downtime)]
    oidc_audience: Option<Text>,
    /// Whose access token is sent along: what Google's own APIs ask for.
    #[prop(rest = "httpTarget.oauthToken.serviceAccountEmail", tf = "http_target.oauth_token.service_account_email",
        via = "email", danger = Downtime)]
    oauth_account: Option<Ref<ServiceAccount>>,
    /// What that token may be used for; for all of Google Cloud, unless said.
    #[prop(rest = "httpTarget.oauthToken.scope", tf = "http_target.oauth_token.scope",
        service = Text::from("https://www.googleapis.com/auth/cloud-platform"), danger = Downtime)]
    oauth_scope: Option<Text>,
    /// What it is for, at most 500 letters.
    #[prop(rest = "description", tf = "description", danger = Cosmetic)]
    description: Option<Text>,
    /// How long an answer may take, in seconds: 15 to 1800.
    #[prop(rest = "attemptDeadline", tf = "attempt_deadline", codec = SECONDS, tf_codec = SECONDS, service = 180u32,
        unit = "seconds")]
    deadline_seconds: Option<u32>,
    /// Whether it rests for now.
    #[prop(rest = "state", tf = "paused", codec = PAUSED, service = false, danger = Downtime)]
    paused: Option<bool>,
    /// How often a call that failed is tried again: up to 5 times.
    #[prop(rest = "retryConfig.retryCount", tf = "retry_config.retry_count", service = 0u8)]
    retries: Option<u8>,
    /// How long that may go on, in seconds; without end, unless said.
    #[prop(rest = "retryConfig.maxRetryDuration", tf = "retry_config.max_retry_duration", codec = SECONDS,
        tf_codec = SECONDS, service = 0u32, unit = "seconds")]
    retry_seconds: Option<u32>,
    /// The shortest wait before it is tried again, in seconds.
    #[prop(rest = "retryConfig.minBackoffDuration", tf = "retry_config.min_backoff_duration", codec = SECONDS,
        tf_codec = SECONDS, service = 5u32, unit = "seconds")]
    min_backoff_seconds: Option<u32>,
    /// The longest wait, in seconds.
    #[prop(rest = "retryConfig.maxBackoffDuration", tf = "retry_config.max_backoff_duration", codec = SECONDS,
        tf_codec = SECONDS, service = 3600u32, unit = "seconds")]
    max_backoff_seconds: Option<u32>,
    /// How often the wait doubles before it grows evenly.
    #[prop(rest = "retryConfig.maxDoublings", tf = "retry_config.max_doublings", service = 5u8)]
    max_doublings: Option<u8>,
    meta: Meta,
}

/// A method of HTTP.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum CallMethod {
    /// POST.
    #[choice("POST")]
    Post,
    /// GET.
    #[choice("GET")]
    Get,
    /// HEAD.
    #[choice("HEAD")]
    Head,
    /// PUT.
    #[choice("PUT")]
    Put,
    /// DELETE.
    #[choice("DELETE")]
    Delete,
    /// PATCH.
    #[choice("PATCH")]
    Patch,
    /// OPTIONS.
    #[choice("OPTIONS")]
    Options,
}

/// REST has a state where Terraform and people have true and false. Any other state is a fault, not a wish.
static PAUSED: Codec = Codec {
    name: "PAUSED/ENABLED",
    encode: |value| codecs::words(value, "PAUSED", "ENABLED"),
    decode: |value| Some(value.as_str()?.eq_ignore_ascii_case("PAUSED").into()),
};

fn limits(check: &mut CheckContext<'_>) {
    check.range("deadline_seconds", 15..=1800, JOBS);
    check.range("retries", 0..=5, JOBS);
    let says = |check: &CheckContext<'_>, property| check.get(property).is_some();
    if says(check, "oidc_account") && says(check, "oauth_account") {
        let help = format!("say one account: {JOBS}");
        check.report("oauth_account", "one token is sent along, and not two", help);
    }
    for (property, of) in [("oidc_audience", "oidc_account"), ("oauth_scope", "oauth_account")] {
        if says(check, property) && !says(check, of) {
            let help = format!("also say `.{of}(..)`: {JOBS}");
            check.report(property, "no token is sent along", help);
        }
    }
    let method = check.text("method").unwrap_or(CallMethod::Post.word());
    let with_body = [CallMethod::Post, CallMethod::Put, CallMethod::Patch];
    if says(check, "body") {
        if !with_body.iter().any(|one| one.word() == method) {
            let message = format!("a call with {method} sends nothing");
            check.report("body", message, format!("leave it out: {JOBS}"));
        }
        if check.text("body").is_none() {
            let help = "send what is known before the job is made, or put it into the URL";
            check.report("body", "an output cannot be encoded before it is known", help);
        }
    }
    if check.text("uri").is_some_and(|uri| !uri.starts_with("http")) {
        let help = format!("say it with `https://`: {JOBS}");
        check.report("uri", "this is no URL", help);
    }
    if check.text("description").is_some_and(|text| text.chars().count() > 500) {
        check.report("description", "it has at most 500 letters", format!("shorten it: {JOBS}"));
    }
    let seconds = |property| check.get(property).and_then(crate::value::Value::as_int);
    let (least, most) = (seconds("min_backoff_seconds"), seconds("max_backoff_seconds"));
    if least.unwrap_or(5) > most.unwrap_or(3600) {
        let at = if least.is_some() { "min_backoff_seconds" } else { "max_backoff_seconds" };
        let help = format!("say a longer longest wait: {JOBS}");
        check.report(at, "the shortest wait is longer than the longest", help);
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let account = stack.add(ServiceAccount::new(name!("shop-export")));
    let job = SchedulerJob::new(
        name!("weekly-export"),
        "0 3 * * 0",
        crate::text!(
            "https://sqladmin.googleapis.com/v1/projects/{}/instances/shop/export",
            crate::gcp::GoogleScope::project_id(stack)
        ),
    )
    .region(Location::EUROPE_WEST1)
    .time_zone("Europe/Berlin")
    .method(CallMethod::Post)
    .header("Content-Type", "application/json")
    .body("{\"exportContext\":{\"fileType\":\"SQL\"}}")
    .oauth_account(account)
    .oauth_scope("https://www.googleapis.com/auth/sqlservice.admin")
    .description("Exports the database")
    .deadline_seconds(320)
    .paused(true)
    .retries(3)
    .retry_seconds(3600)
    .min_backoff_seconds(30)
    .max_backoff_seconds(600)
    .max_doublings(2);
    stack.add(job).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    fn job() -> SchedulerJob {
        SchedulerJob::new(name!("job"), "* * * * *", "https://shop.example.com/")
    }

    #[test]
    fn what_the_service_refuses_is_reported() {
        let account = || Ref::<ServiceAccount>::existing("projects/p/serviceAccounts/a@p.x");
        assert_eq!(refused(job().oidc_account(account()).oidc_audience("x")), [""; 0]);
        assert_eq!(refused(job().oidc_audience("x")), ["oidc_audience"]);
        assert_eq!(refused(job().oauth_scope("x")), ["oauth_scope"]);
        let both = job().oidc_account(account()).oauth_account(account());
        assert_eq!(refused(both), ["oauth_account"]);
        assert_eq!(refused(job().deadline_seconds(14)), ["deadline_seconds"]);
        assert_eq!(refused(job().retries(6)), ["retries"]);
        assert_eq!(refused(job().body("x")), [""; 0]);
        assert_eq!(refused(job().method(CallMethod::Get).body("x")), ["body"]);
        assert_eq!(refused(job().description("x".repeat(501))), ["description"]);
        assert_eq!(refused(job().min_backoff_seconds(3601)), ["min_backoff_seconds"]);
        assert_eq!(refused(job().max_backoff_seconds(4)), ["max_backoff_seconds"]);
        let odd = SchedulerJob::new(name!("job"), "* * * * *", "shop.example.com");
        assert_eq!(refused(odd), ["uri"]);
    }
}
