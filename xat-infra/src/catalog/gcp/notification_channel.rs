//! Whom alert policies of Cloud Monitoring tell.

use std::collections::BTreeMap;

use super::common::labels;
use crate::dsl::{Meta, Name, Stack};
use crate::gcp::PROVIDER;
use crate::schema::CheckContext;
use crate::value::{NodeRef, Secret, Text, Value};
use crate::{Choice, Resource, name};

/// The page of channels.
const CHANNELS: &str =
    "https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.notificationChannels";

/// Whom alert policies tell, and how.
///
/// The service numbers its channels: a stack finds one by its name, which people read, until the state knows its number. From then
/// on another name is a change like any other; in a stack, `.was(..)` says what it was called.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "monitoring.googleapis.com/NotificationChannel@v3",
    id = "//monitoring.googleapis.com/projects/{gcp.project}/notificationChannels/{name}",
    found_by = "name",
    terraform = "google_monitoring_notification_channel",
    tf_import = "{path}",
    scope = Root,
    check = limits,
    check = labels,
    source = "https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.notificationChannels"
)]
#[output(path: Text, rest = "name", tf = "name",
    doc = "Its name with its number, `projects/P/notificationChannels/N`: what policies tell it by.")]
pub struct NotificationChannel {
    /// What people call it, unique in its project.
    #[name(
        len = 1..=512, chars = alphanumeric, and = " -_.,:;()[]%<>=+&'", start = Any, end = Any,
        source = "https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.notificationChannels#NotificationChannel"
    )]
    #[prop(rest = "displayName", tf = "display_name", danger = Cosmetic)]
    name: Name<Self>,
    /// How they are told.
    #[prop(rest = "type", tf = "type", danger = Cosmetic)]
    kind: ChannelKind,
    /// Where: `email_address`, `number`, `channel_name`, `url`, `topic` or `username`, by how they are told.
    #[prop(rest = "labels", tf = "labels", each = "address", danger = Cosmetic)]
    addresses: Option<BTreeMap<String, Text>>,
    /// The token of a channel that has one (Slack, webhooks with a token).
    #[prop(rest = "labels.auth_token", tf = "sensitive_labels.auth_token", write_only, danger = Cosmetic)]
    auth_token: Option<Secret>,
    /// The password of a webhook that has one.
    #[prop(rest = "labels.password", tf = "sensitive_labels.password", write_only, danger = Cosmetic)]
    password: Option<Secret>,
    /// The key of PagerDuty.
    #[prop(rest = "labels.service_key", tf = "sensitive_labels.service_key", write_only, danger = Cosmetic)]
    service_key: Option<Secret>,
    /// What it is for, at most 1024 letters.
    #[prop(rest = "description", tf = "description", danger = Cosmetic)]
    description: Option<Text>,
    /// Whether they are told at all.
    #[prop(rest = "enabled", tf = "enabled", service = true, danger = Cosmetic)]
    enabled: Option<bool>,
    /// Labels for people and for reports.
    #[prop(rest = "userLabels", tf = "user_labels", tags, danger = Cosmetic, each = "label")]
    labels: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

/// How people are told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ChannelKind {
    /// By mail.
    #[choice("email")]
    Email,
    /// By text message.
    #[choice("sms")]
    Sms,
    /// In a channel of Slack.
    #[choice("slack")]
    Slack,
    /// By PagerDuty.
    #[choice("pagerduty")]
    PagerDuty,
    /// By a call of a URL with a token in it.
    #[choice("webhook_tokenauth")]
    Webhook,
    /// By a call of a URL with a name and a password.
    #[choice("webhook_basicauth")]
    WebhookWithPassword,
    /// By a topic of Pub/Sub.
    #[choice("pubsub")]
    PubSub,
}

impl NotificationChannel {
    /// Mail to an address.
    #[track_caller]
    #[must_use]
    pub fn email(name: Name<Self>, address: impl Into<Text>) -> Self {
        Self::new(name, ChannelKind::Email).address("email_address", address)
    }

    /// Messages to a topic (`projects/P/topics/T`).
    #[track_caller]
    #[must_use]
    pub fn topic(name: Name<Self>, topic: impl Into<Text>) -> Self {
        Self::new(name, ChannelKind::PubSub).address("topic", topic)
    }

    /// Posts in a channel of Slack (`#shop`), by the token of an app that may write there.
    #[track_caller]
    #[must_use]
    pub fn slack(name: Name<Self>, channel: impl Into<Text>, token: Secret) -> Self {
        Self::new(name, ChannelKind::Slack).address("channel_name", channel).auth_token(token)
    }
}

fn limits(check: &mut CheckContext<'_>) {
    let kind = check.text("kind").unwrap_or_default().to_owned();
    let wanted: (&[&str], Option<&'static str>) = match kind.as_str() {
        "email" => (&["email_address"], None),
        "sms" => (&["number"], None),
        "slack" => (&["channel_name"], Some("auth_token")),
        "pagerduty" => (&[], Some("service_key")),
        "webhook_tokenauth" => (&["url"], None),
        "webhook_basicauth" => (&["url", "username"], Some("password")),
        "pubsub" => (&["topic"], None),
        _ => return,
    };
    let said: Vec<String> = match check.get("addresses") {
        Some(Value::Map(entries)) => entries.iter().map(|(key, _)| key.to_owned()).collect(),
        _ => Vec::new(),
    };
    for key in wanted.0 {
        if !said.iter().any(|said| said == key) {
            let help = format!("say `.address(\"{key}\", \"..\")`: {CHANNELS}");
            check.report("addresses", format!("a channel of the kind {kind} has a `{key}`"), help);
        }
    }
    for secret in ["auth_token", "password", "service_key"] {
        if said.iter().any(|said| said == secret) {
            let help = format!("say it as a secret, `.{secret}(..)`: {CHANNELS}");
            check.report("addresses", format!("`{secret}` would be there for all to read"), help);
        }
        match (wanted.1 == Some(secret), check.get(secret).is_some()) {
            (true, false) => {
                let help = format!("say `.{secret}(..)`: {CHANNELS}");
                check.report(secret, format!("a channel of the kind {kind} has one"), help);
            }
            (false, true) if !(secret == "auth_token" && kind == "webhook_tokenauth") => {
                let help = format!("leave it out: {CHANNELS}");
                check.report(secret, format!("a channel of the kind {kind} has none"), help);
            }
            _ => {}
        }
    }
    if check.text("description").is_some_and(|text| text.chars().count() > 1024) {
        let help = format!("shorten it: {CHANNELS}");
        check.report("description", "it has at most 1024 letters", help);
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let token = Secret::supplied("slack-token");
    let channel = NotificationChannel::slack(name!("Shop on Slack"), "#shop", token)
        .description("Everyone who works on the shop")
        .enabled(true)
        .label("owner", "platform");
    stack.add(channel).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    #[test]
    fn each_kind_has_its_own_addresses() {
        let email = NotificationChannel::email(name!("Shop"), "a@example.com");
        assert_eq!(refused(email), [""; 0]);
        let of = |kind| NotificationChannel::new(name!("Shop"), kind);
        assert_eq!(refused(of(ChannelKind::Email)), ["addresses"]);
        assert_eq!(refused(of(ChannelKind::PagerDuty)), ["service_key"]);
        let webhook = of(ChannelKind::WebhookWithPassword).address("url", "https://x");
        assert_eq!(refused(webhook), ["addresses", "password"]);
        let mail = NotificationChannel::email(name!("Shop"), "a@example.com");
        assert_eq!(refused(mail.password(Secret::supplied("p"))), ["password"]);
    }

    #[test]
    fn a_secret_is_no_address() {
        let slack =
            NotificationChannel::slack(name!("Shop"), "#shop", Secret::supplied("slack-token"));
        assert_eq!(refused(slack.address("auth_token", "xoxb-1")), ["addresses"]);
        let long = NotificationChannel::topic(name!("Shop"), "projects/p/topics/t");
        assert_eq!(refused(long.description("x".repeat(1025))), ["description"]);
    }
}
