//! The receivers of an action group.
//!
//! Addresses that let whoever knows them call are secrets: the service returns them to people with a role over the
//! group, and no output of this library shows them.

use crate::Block;
use crate::azure::Role;
use crate::dsl::AnyRef;
use crate::schema::{PropertyType, Saying, canons, rust};
use crate::value::{Secret, Text, Value};

/// Someone who gets an e-mail.
#[derive(Clone, Block)]
pub struct EmailReceiver {
    /// The receiver's name, unique in the group.
    #[prop(arm = "name", tf = "name")]
    name: Text,
    /// The address.
    #[prop(arm = "emailAddress", tf = "email_address")]
    address: Text,
    /// Whether the message has the form that all alerts share.
    #[prop(
        arm = "useCommonAlertSchema",
        tf = "use_common_alert_schema",
        default = true,
        service = false
    )]
    common_schema: bool,
}

/// Someone who gets a text message or a call.
#[derive(Clone, Block)]
pub struct PhoneReceiver {
    /// The receiver's name, unique in the group.
    #[prop(arm = "name", tf = "name")]
    name: Text,
    /// The country's code, without a plus sign.
    #[prop(arm = "countryCode", tf = "country_code")]
    country_code: Text,
    /// The number, digits only.
    #[prop(arm = "phoneNumber", tf = "phone_number")]
    phone_number: Text,
}

/// Someone who is told by the Azure app.
#[derive(Clone, Block)]
pub struct AppReceiver {
    /// The receiver's name, unique in the group.
    #[prop(arm = "name", tf = "name")]
    name: Text,
    /// The address by which they sign in to the app.
    #[prop(arm = "emailAddress", tf = "email_address")]
    address: Text,
}

/// A web hook that is called.
#[derive(Clone, Block)]
#[block(import = say_webhook)]
pub struct WebhookReceiver {
    /// The receiver's name, unique in the group.
    #[prop(arm = "name", tf = "name")]
    name: Text,
    /// The address.
    #[prop(arm = "serviceUri", tf = "service_uri", label = "URI", write_only)]
    uri: Secret,
    /// Whether the call has the form that all alerts share.
    #[prop(
        arm = "useCommonAlertSchema",
        tf = "use_common_alert_schema",
        default = true,
        service = false
    )]
    common_schema: bool,
    /// Whether the call carries a token of the directory.
    #[prop(arm = "useAadAuth", service = false, no_setter)]
    signs_in: Option<bool>,
    /// The object ID of the application that the token is for.
    #[prop(arm = "objectId", tf = "aad_auth.object_id", canon = canons::CASE, service = Text::from(""), no_setter)]
    application: Option<Text>,
    /// The address of the application that the token is for.
    #[prop(arm = "identifierUri", tf = "aad_auth.identifier_uri", label = "identifier URI", service = Text::from(""),
        no_setter)]
    identifier_uri: Option<Text>,
    /// The tenant of the application.
    #[prop(arm = "tenantId", tf = "aad_auth.tenant_id", canon = canons::CASE, service = Text::from(""))]
    tenant: Option<Text>,
}

impl WebhookReceiver {
    /// Signs in with a token of the directory, for an application by object ID and address.
    #[must_use]
    pub fn sign_in(mut self, object_id: impl Into<Text>, identifier_uri: impl Into<Text>) -> Self {
        self.signs_in = Some(true);
        (self.application, self.identifier_uri) =
            (Some(object_id.into()), Some(identifier_uri.into()));
        self
    }
}

/// What calls by a secret address is said with that address as supplied: under the receiver's name and the property's.
fn say_with_secret(receiver: &mut Saying<'_>, constructor: &str, arguments: &[&str], secret: &str) {
    let Some(name) = receiver.text("name") else { return };
    let supplied = rust::literal(&format!("{name}-{}", secret.replace('_', "-")));
    let said: Option<Vec<String>> = arguments.iter().map(|a| receiver.expression(a)).collect();
    if let Some(said) = said {
        let said = said.join(", ");
        let head = format!("{constructor}::new({said}, Secret::supplied({supplied}))");
        receiver.construct_as(head, arguments);
        receiver.settle(&[secret]);
    }
}

fn say_webhook(receiver: &mut Saying<'_>) {
    say_with_secret(receiver, "WebhookReceiver", &["name"], "uri");
    let signs = ["application", "identifier_uri"].map(|property| receiver.expression(property));
    if let ([Some(application), Some(uri)], true) = (signs, receiver.is("signs_in", true)) {
        let says = ["signs_in", "application", "identifier_uri"];
        receiver.call(format!(".sign_in({application}, {uri})"), &says);
    }
}

fn say_logic_app(receiver: &mut Saying<'_>) {
    say_with_secret(receiver, "LogicAppReceiver", &["name", "logic_app"], "callback_url");
}

fn say_function(receiver: &mut Saying<'_>) {
    let arguments = ["name", "function_app", "function"];
    say_with_secret(receiver, "FunctionReceiver", &arguments, "trigger_url");
}

fn say_runbook(receiver: &mut Saying<'_>) {
    let arguments = ["account", "runbook", "webhook", "global", "name"];
    say_with_secret(receiver, "RunbookReceiver", &arguments, "uri");
}

/// Everyone who holds a role over the subscription.
#[derive(Clone, Block)]
#[block(private_new, import = say_role)]
pub struct RoleReceiver {
    /// The receiver's name, unique in the group.
    #[prop(arm = "name", tf = "name")]
    name: Text,
    /// The GUID of the role's definition.
    #[prop(arm = "roleId", tf = "role_id", label = "role", canon = canons::LAST_SEGMENT)]
    role: Text,
    /// Whether the message has the form that all alerts share.
    #[prop(
        arm = "useCommonAlertSchema",
        tf = "use_common_alert_schema",
        default = true,
        service = false
    )]
    common_schema: bool,
}

impl RoleReceiver {
    /// Everyone who holds `role`. The service takes only built-in roles.
    #[must_use]
    pub fn of(name: impl Into<Text>, role: &Role) -> Self {
        let id = role.definition_id();
        Self::new(name, id.rsplit('/').next().unwrap_or(id).to_owned())
    }
}

fn say_role(receiver: &mut Saying<'_>) {
    let id = receiver.text("role").map(|id| {
        let guid = id.rsplit('/').next().unwrap_or(id);
        Value::from(format!("/providers/Microsoft.Authorization/roleDefinitions/{guid}"))
    });
    let role = id.and_then(|id| Role::rust(&id, receiver.variables));
    if let (Some(name), Some(role)) = (receiver.expression("name"), role) {
        receiver.construct_as(format!("RoleReceiver::of({name}, &{role})"), &["name", "role"]);
    }
}

/// A logic app that runs.
#[derive(Clone, Block)]
#[block(import = say_logic_app)]
pub struct LogicAppReceiver {
    /// The receiver's name, unique in the group.
    #[prop(arm = "name", tf = "name")]
    name: Text,
    /// The logic app.
    #[prop(arm = "resourceId", tf = "resource_id")]
    logic_app: AnyRef,
    /// The address that starts it, with its signature.
    #[prop(arm = "callbackUrl", tf = "callback_url", label = "callback URL", write_only)]
    callback_url: Secret,
    /// Whether it is started with the form that all alerts share.
    #[prop(
        arm = "useCommonAlertSchema",
        tf = "use_common_alert_schema",
        default = true,
        service = false
    )]
    common_schema: bool,
}

/// A function that runs.
#[derive(Clone, Block)]
#[block(import = say_function)]
pub struct FunctionReceiver {
    /// The receiver's name, unique in the group.
    #[prop(arm = "name", tf = "name")]
    name: Text,
    /// The function app.
    #[prop(arm = "functionAppResourceId", tf = "function_app_resource_id")]
    function_app: AnyRef,
    /// The function.
    #[prop(arm = "functionName", tf = "function_name")]
    function: Text,
    /// The address that starts it, with its key.
    #[prop(arm = "httpTriggerUrl", tf = "http_trigger_url", label = "trigger URL", write_only)]
    trigger_url: Secret,
    /// Whether it is started with the form that all alerts share.
    #[prop(
        arm = "useCommonAlertSchema",
        tf = "use_common_alert_schema",
        default = true,
        service = false
    )]
    common_schema: bool,
}

/// An event hub that gets the alert.
#[derive(Clone, Block)]
pub struct EventHubReceiver {
    /// The receiver's name, unique in the group.
    #[prop(arm = "name", tf = "name")]
    name: Text,
    /// The namespace of the event hub, by name.
    #[prop(arm = "eventHubNameSpace", tf = "event_hub_namespace")]
    namespace: Text,
    /// The event hub, by name.
    #[prop(arm = "eventHubName", tf = "event_hub_name")]
    event_hub: Text,
    /// The subscription of the namespace (a GUID).
    #[prop(arm = "subscriptionId", tf = "subscription_id", canon = canons::CASE)]
    subscription: Text,
    /// The tenant of the namespace (a GUID); the action group's own, unless said.
    #[prop(arm = "tenantId", tf = "tenant_id", canon = canons::CASE)]
    tenant: Option<Text>,
    /// Whether the event has the form that all alerts share.
    #[prop(
        arm = "useCommonAlertSchema",
        tf = "use_common_alert_schema",
        default = true,
        service = false
    )]
    common_schema: bool,
}

/// An automation runbook that runs.
#[derive(Clone, Block)]
#[block(import = say_runbook)]
pub struct RunbookReceiver {
    /// The automation account.
    #[prop(arm = "automationAccountId", tf = "automation_account_id")]
    account: AnyRef,
    /// The runbook, by name.
    #[prop(arm = "runbookName", tf = "runbook_name")]
    runbook: Text,
    /// The web hook that starts it.
    #[prop(arm = "webhookResourceId", tf = "webhook_resource_id")]
    webhook: AnyRef,
    /// Whether the runbook is one that every account has.
    #[prop(arm = "isGlobalRunbook", tf = "is_global_runbook")]
    global: bool,
    /// The receiver's name, unique in the group.
    #[prop(arm = "name", tf = "name")]
    name: Text,
    /// The address of the web hook.
    #[prop(arm = "serviceUri", tf = "service_uri", label = "URI", write_only)]
    uri: Secret,
    /// Whether it is started with the form that all alerts share.
    #[prop(
        arm = "useCommonAlertSchema",
        tf = "use_common_alert_schema",
        default = true,
        service = false
    )]
    common_schema: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::said;

    #[test]
    fn secret_addresses_are_said_as_supplied() {
        let hook = WebhookReceiver::new("chat", Secret::supplied("whatever"));
        assert_eq!(
            said(hook.sign_in("app", "api://app")).as_deref(),
            Some(
                "WebhookReceiver::new(\"chat\", Secret::supplied(\"chat-uri\")).sign_in(\"app\", \"api://app\")"
            )
        );
        assert_eq!(
            said(RoleReceiver::of("owners", &Role::Owner)).as_deref(),
            Some("RoleReceiver::of(\"owners\", &Role::Owner)")
        );
    }
}
