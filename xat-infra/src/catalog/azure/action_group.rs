//! Action groups: who is told when an alert fires.

use std::collections::BTreeMap;

use crate::azure::action_group_parts::{
    AppReceiver, EmailReceiver, EventHubReceiver, FunctionReceiver, LogicAppReceiver,
    PhoneReceiver, RoleReceiver, RunbookReceiver, WebhookReceiver,
};
use crate::azure::{Region, ResourceGroup, Role};
use crate::dsl::{AnyRef, Meta, Name, Ref, Stack};
use crate::schema::{CheckContext, DeclaredBlock, Fact, Set};
use crate::value::{NodeRef, Secret, Text};
use crate::{Resource, name};

/// An action group: the people and programs that alerts reach.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Insights/actionGroups@2023-01-01",
    terraform = "azurerm_monitor_action_group",
    check = limits,
    fact = Fact::Tells(&RECEIVERS),
    source = "https://learn.microsoft.com/azure/templates/microsoft.insights/actiongroups"
)]
pub struct ActionGroup {
    /// The group's name, unique in its resource group.
    #[name(
        len = 1..=260, chars = alphanumeric, and = " -_.()[]", start = Any, end = NotDot,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftinsights"
    )]
    name: Name<Self>,
    /// The resource group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// What e-mails and text messages call the group: 1 to 12 characters.
    #[prop(arm = "properties.groupShortName", tf = "short_name", danger = Cosmetic)]
    short_name: Text,
    /// Where the group is processed: everywhere, or only in one region for data that must stay there.
    #[prop(arm = "location", tf = "location", default = Region::Global, replace)]
    location: Region,
    /// Whether the group tells anyone anything.
    #[prop(arm = "properties.enabled", tf = "enabled", default = true, danger = Downtime)]
    enabled: bool,
    /// Who gets an e-mail.
    #[prop(
        arm = "properties.emailReceivers",
        tf = "email_receiver",
        key = "name",
        each = "email_receiver"
    )]
    email_receivers: Option<Set<EmailReceiver>>,
    /// Who gets a text message.
    #[prop(
        arm = "properties.smsReceivers",
        tf = "sms_receiver",
        label = "SMS receivers",
        key = "name",
        each = "sms_receiver"
    )]
    sms_receivers: Option<Set<PhoneReceiver>>,
    /// Who is called.
    #[prop(
        arm = "properties.voiceReceivers",
        tf = "voice_receiver",
        key = "name",
        each = "voice_receiver"
    )]
    voice_receivers: Option<Set<PhoneReceiver>>,
    /// Who is told by the Azure app.
    #[prop(
        arm = "properties.azureAppPushReceivers",
        tf = "azure_app_push_receiver",
        key = "name",
        each = "app_receiver"
    )]
    app_receivers: Option<Set<AppReceiver>>,
    /// Which web hooks are called.
    #[prop(
        arm = "properties.webhookReceivers",
        tf = "webhook_receiver",
        key = "name",
        each = "webhook_receiver"
    )]
    webhook_receivers: Option<Set<WebhookReceiver>>,
    /// Which roles' holders get an e-mail.
    #[prop(
        arm = "properties.armRoleReceivers",
        tf = "arm_role_receiver",
        key = "name",
        each = "role_receiver"
    )]
    role_receivers: Option<Set<RoleReceiver>>,
    /// Which logic apps run.
    #[prop(
        arm = "properties.logicAppReceivers",
        tf = "logic_app_receiver",
        key = "name",
        each = "logic_app_receiver"
    )]
    logic_app_receivers: Option<Set<LogicAppReceiver>>,
    /// Which functions run.
    #[prop(
        arm = "properties.azureFunctionReceivers",
        tf = "azure_function_receiver",
        key = "name",
        each = "function_receiver"
    )]
    function_receivers: Option<Set<FunctionReceiver>>,
    /// Which event hubs get the alert.
    #[prop(
        arm = "properties.eventHubReceivers",
        tf = "event_hub_receiver",
        key = "name",
        each = "event_hub_receiver"
    )]
    event_hub_receivers: Option<Set<EventHubReceiver>>,
    /// Which automation runbooks run.
    #[prop(
        arm = "properties.automationRunbookReceivers",
        tf = "automation_runbook_receiver",
        key = "name",
        each = "runbook_receiver"
    )]
    runbook_receivers: Option<Set<RunbookReceiver>>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

impl ActionGroup {
    /// Sends an e-mail to an address, under a name that is unique in the group.
    #[track_caller]
    #[must_use]
    pub fn email(self, name: impl Into<Text>, address: impl Into<Text>) -> Self {
        self.email_receiver(EmailReceiver::new(name, address))
    }

    /// Sends a text message to a number of a country (`"49"`, `"15112345678"`).
    #[track_caller]
    #[must_use]
    pub fn sms(
        self,
        name: impl Into<Text>,
        country_code: impl Into<Text>,
        number: impl Into<Text>,
    ) -> Self {
        self.sms_receiver(PhoneReceiver::new(name, country_code, number))
    }

    /// Calls a web hook. Its address is a secret, because whoever knows it can call it too.
    #[track_caller]
    #[must_use]
    pub fn webhook(self, name: impl Into<Text>, uri: Secret) -> Self {
        self.webhook_receiver(WebhookReceiver::new(name, uri))
    }

    /// Sends an e-mail to everyone who holds a role over the subscription.
    #[track_caller]
    #[must_use]
    pub fn role(self, name: impl Into<Text>, role: &Role) -> Self {
        self.role_receiver(RoleReceiver::of(name, role))
    }
}

const RECEIVERS: [&str; 10] = [
    "email_receivers",
    "sms_receivers",
    "voice_receivers",
    "app_receivers",
    "webhook_receivers",
    "role_receivers",
    "logic_app_receivers",
    "function_receivers",
    "event_hub_receivers",
    "runbook_receivers",
];

fn limits(check: &mut CheckContext<'_>) {
    const SOURCE: &str = "https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups";
    const LIMITS: &str =
        "https://learn.microsoft.com/azure/azure-monitor/fundamentals/service-limits#action-groups";
    let short = check.get("short_name").and_then(crate::value::Value::as_str);
    if let Some(short) = short.filter(|short| !(1..=12).contains(&short.chars().count())) {
        check.report(
            "short_name",
            format!("`{short}` has not 1 to 12 characters"),
            format!("the provider's reference: {SOURCE}"),
        );
    }
    let mut names: Vec<&str> = Vec::new();
    for property in RECEIVERS {
        let receivers = check.blocks(property);
        let most = if property == "email_receivers" { 1000 } else { 10 };
        if receivers.len() > most {
            let what = format!("a group takes {most} of these, not {}", receivers.len());
            check.report(property, what, format!("use a second group: {LIMITS}"));
        }
        for name in receivers.iter().filter_map(|receiver| receiver.text("name")) {
            if names.contains(&name) {
                check.report(
                    property,
                    format!("the name `{name}` is taken by another receiver"),
                    format!(
                        "names are unique in the group, whatever the kind of receiver: {SOURCE}"
                    ),
                );
            }
            names.push(name);
        }
        receivers.iter().filter_map(bad_number).for_each(|what| {
            let help = "the country's code and the number, digits only: \
                        https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups";
            check.report(property, what, help);
        });
    }
}

/// What is wrong with a receiver's telephone number, if it has one.
fn bad_number(receiver: &DeclaredBlock<'_>) -> Option<String> {
    ["country_code", "phone_number"].into_iter().filter_map(|part| receiver.text(part)).find_map(
        |text| {
            let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            (!digits).then(|| format!("`{text}` is not the digits of a telephone number"))
        },
    )
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    const SUBSCRIPTION: &str = "5a1e0000-0000-4000-8000-000000000001";
    let of = |kind: &str, name: &str| {
        let id =
            format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/shop-rg/providers/{kind}/{name}");
        AnyRef::existing(id)
    };
    let runbook = RunbookReceiver::new(
        of("Microsoft.Automation/automationAccounts", "shop-auto"),
        "restart",
        of("Microsoft.Automation/automationAccounts/shop-auto/webhooks", "restart"),
        false,
        "restart",
        Secret::supplied("restart-hook"),
    );
    let actions = ActionGroup::new(name!("shop-on-call"), group, "shop-on-call")
        .email("on call", "on-call@example.com")
        .sms("night", "49", "15112345678")
        .voice_receiver(PhoneReceiver::new("boss", "49", "15187654321"))
        .app_receiver(AppReceiver::new("phone", "on-call@example.com"))
        .webhook("chat", Secret::supplied("chat-hook"))
        .role("owners", &Role::Owner)
        .logic_app_receiver(LogicAppReceiver::new(
            "ticket",
            of("Microsoft.Logic/workflows", "ticket"),
            Secret::supplied("ticket-callback"),
        ))
        .function_receiver(FunctionReceiver::new(
            "heal",
            of("Microsoft.Web/sites", "shop-heal"),
            "heal",
            Secret::supplied("heal-trigger"),
        ))
        .event_hub_receiver(EventHubReceiver::new("archive", "shop-events", "alerts", SUBSCRIPTION))
        .runbook_receiver(runbook)
        .tag("owner", "platform");
    stack.add(actions).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::{group, refusals};

    #[test]
    fn the_services_limits_hold() {
        let new = |short: &str| ActionGroup::new(name!("on-call"), group(), short.to_owned());
        let good = new("on-call").email("one", "a@example.com").sms("two", "49", "151");
        assert_eq!(refusals(good), [""; 0]);
        assert_eq!(
            refusals(new("on-call-people")),
            ["short_name: `on-call-people` has not 1 to 12 characters"]
        );
        let twice = new("x").email("one", "a@example.com").sms("one", "+49", "151");
        assert_eq!(
            refusals(twice),
            [
                "sms_receivers: the name `one` is taken by another receiver",
                "sms_receivers: `+49` is not the digits of a telephone number",
            ]
        );
        let many = (0..11).fold(new("x"), |of, i| of.sms(i.to_string(), "49", "151"));
        assert_eq!(refusals(many), ["sms_receivers: a group takes 10 of these, not 11"]);
    }
}
