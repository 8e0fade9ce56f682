//! What a policy assignment says: which policy, with which values, where not, and as whom it mends.

use std::collections::BTreeMap;

use crate::Block;
use crate::azure::json_text::json_text;
use crate::azure::{IdentityType, Region, UserAssignedIdentity};
use crate::dsl::{AnyRef, Ref};
use crate::schema::codecs::{ID_KEYS, from_words, words};
use crate::schema::{CheckContext, Codec, Saying, Set, canons};
use crate::value::{Entries, Text, Value, from_json};

/// Which policy holds, and how.
#[derive(Clone, Block)]
#[block(import = say_terms)]
pub struct PolicyTerms {
    /// The policy or initiative, by the full ID of its definition.
    #[prop(arm = "properties.policyDefinitionId", tf = "policy_definition_id", canon = canons::RESOURCE_ID, replace)]
    definition: Text,
    /// The name that people see: 128 characters at most.
    #[prop(arm = "properties.displayName", tf = "display_name", danger = Cosmetic)]
    display_name: Option<Text>,
    /// Why the policy holds: 512 characters at most.
    #[prop(arm = "properties.description", tf = "description", danger = Cosmetic)]
    description: Option<Text>,
    /// Whether the policy denies and mends, or only says what it would do.
    #[prop(arm = "properties.enforcementMode", tf = "enforce", codec = MODE, default = true, service = true,
        danger = Exposure)]
    enforced: bool,
    /// The policy's parameters.
    #[prop(arm = "properties.parameters", tf = "parameters", codec = VALUES, tf_codec = VALUES_AS_TEXT,
        each = "parameter", danger = Downtime)]
    parameters: Option<BTreeMap<String, Value>>,
    /// What the policy does not hold for.
    #[prop(arm = "properties.notScopes", tf = "not_scopes", each = "except", danger = Exposure)]
    exceptions: Option<Set<AnyRef>>,
    /// What people are told whom the policy stops.
    #[prop(arm = "properties.nonComplianceMessages", tf = "non_compliance_message", no_setter, danger = Cosmetic)]
    messages: Option<Vec<PolicyMessage>>,
    /// The region of the identity as which the policy mends.
    #[prop(arm = "location", tf = "location", replace, no_setter)]
    location: Option<Region>,
    /// Which identities the policy mends as.
    #[prop(arm = "identity.type", tf = "identity.type", canon = canons::CASE, service = IdentityType::None, no_setter)]
    identity_type: Option<IdentityType>,
    /// The identity that stands on its own.
    #[prop(arm = "identity.userAssignedIdentities", tf = "identity.identity_ids", codec = ID_KEYS, no_setter)]
    identities: Option<Set<Ref<UserAssignedIdentity>>>,
}

impl PolicyTerms {
    /// A built-in policy, by the GUID of its definition.
    #[must_use]
    pub fn built_in(guid: &str) -> Self {
        Self::new(format!("/providers/Microsoft.Authorization/policyDefinitions/{guid}"))
    }

    /// A built-in initiative, by the GUID of its definition.
    #[must_use]
    pub fn built_in_initiative(guid: &str) -> Self {
        Self::new(format!("/providers/Microsoft.Authorization/policySetDefinitions/{guid}"))
    }

    /// Tells people this whom the policy stops.
    #[must_use]
    pub fn message(mut self, text: impl Into<Text>) -> Self {
        self.messages.get_or_insert_default().push(PolicyMessage::new(text));
        self
    }

    /// Tells people this whom one policy of an initiative stops, by its reference in the initiative.
    #[must_use]
    pub fn message_of(mut self, reference: impl Into<Text>, text: impl Into<Text>) -> Self {
        self.messages.get_or_insert_default().push(PolicyMessage::new(text).reference(reference));
        self
    }

    /// Mends as an identity, which needs the roles that the policy names. Azure keeps a copy of it in a region.
    #[must_use]
    pub fn mend_as(
        mut self,
        identity: impl Into<Ref<UserAssignedIdentity>>,
        region: Region,
    ) -> Self {
        self.identity_type = Some(IdentityType::UserAssigned);
        (self.identities, self.location) = (Some(Set(vec![identity.into()])), Some(region));
        self
    }

    /// Mends as an identity of its own in a region, which needs the roles that the policy names.
    #[must_use]
    pub fn mend_as_itself(mut self, region: Region) -> Self {
        self.identity_type = Some(IdentityType::SystemAssigned);
        (self.identities, self.location) = (None, Some(region));
        self
    }
}

/// Built-in policies have a constructor; what belongs together is said together.
fn say_terms(terms: &mut Saying<'_>) {
    const BUILT_IN: [(&str, &str); 2] = [
        ("/providers/microsoft.authorization/policydefinitions/", "built_in"),
        ("/providers/microsoft.authorization/policysetdefinitions/", "built_in_initiative"),
    ];
    let id = terms.text("definition").map(str::to_ascii_lowercase).unwrap_or_default();
    let built_in = BUILT_IN.iter().find_map(|(at, call)| Some((id.strip_prefix(at)?, call)));
    match built_in {
        Some((guid, call)) => {
            terms.construct_as(format!("PolicyTerms::{call}({guid:?})"), &["definition"]);
        }
        None => {
            terms.construct("PolicyTerms::new", &["definition"]);
        }
    }
    let message = |message: &Saying<'_>| {
        let text = message.expression("text")?;
        Some(match message.get("reference").and_then(|_| message.expression("reference")) {
            Some(reference) => format!(".message_of({reference}, {text})"),
            None => format!(".message({text})"),
        })
    };
    let messages: Option<String> = terms.blocks("messages").iter().map(message).collect();
    if let Some(calls) = messages {
        terms.call(calls, &["messages"]);
    }
    let mends = ["identity_type", "identities", "location"];
    let identities = terms.each("identities").unwrap_or_default();
    let Some(region) = terms.expression("location") else { return };
    if let ([identity], true) =
        (identities.as_slice(), terms.reads("identity_type", IdentityType::UserAssigned.word()))
    {
        terms.call(format!(".mend_as({identity}, {region})"), &mends);
    } else if identities.is_empty()
        && terms.reads("identity_type", IdentityType::SystemAssigned.word())
    {
        terms.call(format!(".mend_as_itself({region})"), &mends);
    }
}

/// What people are told whom a policy stops.
#[derive(Clone, Block)]
pub struct PolicyMessage {
    /// The text.
    #[prop(arm = "message", tf = "content")]
    text: Text,
    /// The policy of an initiative that it is about; all, unless said.
    #[prop(arm = "policyDefinitionReferenceId", tf = "policy_definition_reference_id", canon = canons::CASE)]
    reference: Option<Text>,
}

/// ARM has words for whether a policy is enforced.
static MODE: Codec = Codec {
    name: "Default/DoNotEnforce",
    encode: |value| words(value, "Default", "DoNotEnforce"),
    decode: |value| from_words(value, "Default", "DoNotEnforce"),
};

/// Parameters that ARM wraps each in an object.
static VALUES: Codec = Codec { name: "objects with value", encode: wrapped, decode: unwrapped };

/// The same as JSON in a text, which is how Terraform takes them.
static VALUES_AS_TEXT: Codec = Codec {
    name: "JSON of objects with value",
    encode: |value| Value::Text(json_text(&wrapped(value))),
    decode: |value| unwrapped(&from_json(&serde_json::from_str(value.as_str()?).ok()?)),
};

fn wrapped(value: &Value) -> Value {
    match value {
        Value::Map(entries) => Value::Map(
            entries
                .iter()
                .map(|(name, value)| (name.to_owned(), Value::map([("value", value.clone())])))
                .collect::<Entries>(),
        ),
        other => other.clone(),
    }
}

fn unwrapped(value: &Value) -> Option<Value> {
    let Value::Map(entries) = value else { return None };
    let values = entries
        .iter()
        .map(|(name, value)| Some((name.to_owned(), value.at(&["value"])?.clone())))
        .collect::<Option<Entries>>()?;
    Some(Value::Map(values))
}

pub(super) fn limits(check: &mut CheckContext<'_>) {
    const SOURCE: &str =
        "https://learn.microsoft.com/azure/governance/policy/concepts/assignment-structure";
    let help = || format!("the provider's reference: {SOURCE}");
    for terms in check.blocks("terms") {
        for (property, most) in [("display_name", 128), ("description", 512)] {
            if terms.text(property).is_some_and(|text| text.chars().count() > most) {
                check.report(
                    "terms",
                    format!("`{property}` has {most} characters at most"),
                    help(),
                );
            }
        }
        if let Some(id) = terms.text("definition") {
            let lower = id.to_ascii_lowercase();
            let known = ["/policydefinitions/", "/policysetdefinitions/"];
            if !known.iter().any(|kind| lower.contains(kind)) {
                let what = format!("`{id}` is not the ID of a policy or an initiative");
                check.report("terms", what, help());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::PolicyAssignment;
    use crate::azure::refusals::{group, refusals, said};
    use crate::name;

    #[test]
    fn the_services_limits_hold() {
        let new = |terms| PolicyAssignment::new(name!("one"), group(), terms);
        assert_eq!(refusals(new(PolicyTerms::built_in_initiative("5a1e"))), [""; 0]);
        let bad = PolicyTerms::new("5a1e").display_name("x".repeat(129));
        assert_eq!(
            refusals(new(bad)),
            [
                "terms: `display_name` has 128 characters at most",
                "terms: `5a1e` is not the ID of a policy or an initiative",
            ]
        );
    }

    #[test]
    fn parameters_are_wrapped_and_become_text_for_terraform() {
        let tree = Value::map([
            ("places", Value::List(vec!["a\"b".into(), "c".into()])),
            ("most", Value::Int(3)),
        ]);
        let sent = (VALUES.encode)(&tree);
        assert_eq!(sent.at(&["most", "value"]).and_then(Value::as_int), Some(3));
        let text = (VALUES_AS_TEXT.encode)(&tree);
        assert_eq!(text.as_str(), Some(r#"{"places":{"value":["a\"b","c"]},"most":{"value":3}}"#));
        let back = (VALUES_AS_TEXT.decode)(&text).expect("parameters");
        assert_eq!(back.at(&["places", "0"]).and_then(Value::as_str), Some("a\"b"));
    }

    #[test]
    fn built_in_policies_and_their_identities_are_said_by_name() {
        let terms = PolicyTerms::built_in("e56962a6-4747-49cd-b67b-bf8b01975c4c");
        let terms = terms.message("No.").mend_as_itself(Region::WestEurope);
        assert_eq!(
            said(terms).as_deref(),
            Some(
                "PolicyTerms::built_in(\"e56962a6-4747-49cd-b67b-bf8b01975c4c\").message(\"No.\")\
                 .mend_as_itself(Region::WestEurope)"
            )
        );
    }
}
