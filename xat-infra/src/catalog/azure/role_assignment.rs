//! Role assignments: who may do what, and where.

use std::borrow::Cow;

use crate::azure::{
    KeyVault, Principal, PrincipalType, Region, ResourceGroup, UserAssignedIdentity,
};
use crate::dsl::{AnyRef, Meta, Stack};
use crate::schema::{ChoiceType, Kind, PropertyType, Saying, Variables, Variant, canons, rust};
use crate::value::{NodeRef, Text, Value};
use crate::{Resource, name};

/// A role given to someone over a resource, a group or a subscription.
///
/// Its name is a GUID made of the scope, the role and the principal, so that the same grant is the same
/// resource every time. A grant is never changed into another: it is taken away and given anew.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Authorization/roleAssignments@2022-04-01",
    terraform = "azurerm_role_assignment",
    scope = Extension,
    private_new,
    import = say,
    derived_name("scope", "role", "principal"),
    source = "https://learn.microsoft.com/azure/templates/microsoft.authorization/roleassignments"
)]
pub struct RoleAssignment {
    /// What the role is about. The narrower, the better.
    #[prop(tf = "scope", parent)]
    scope: AnyRef,
    /// The role that is given.
    // Answers put the subscription in front of the definition's ID; its last segment is the role.
    #[prop(arm = "properties.roleDefinitionId", tf = "role_definition_id", canon = canons::LAST_SEGMENT, replace,
        danger = Exposure)]
    role: Role,
    /// Who gets the role (an object ID).
    #[prop(arm = "properties.principalId", tf = "principal_id", canon = canons::CASE, replace,
        danger = Exposure)]
    principal: Text,
    /// What kind of principal that is. Saying it spares a look-up that fails for an identity made moments ago.
    #[prop(arm = "properties.principalType", tf = "principal_type", replace)]
    principal_type: PrincipalType,
    /// Under which condition the role holds, in the language of role conditions.
    #[prop(arm = "properties.condition", tf = "condition", no_setter, danger = Exposure)]
    condition: Option<Text>,
    /// The version of the language of the condition.
    #[prop(arm = "properties.conditionVersion", tf = "condition_version", no_setter)]
    condition_version: Option<Text>,
    /// Why the role was given.
    #[prop(arm = "properties.description", danger = Cosmetic)]
    description: Option<Text>,
    /// The identity of another tenant on whose behalf the role is given.
    #[prop(arm = "properties.delegatedManagedIdentityResourceId", tf = "delegated_managed_identity_resource_id",
        canon = canons::RESOURCE_ID, replace)]
    delegated_identity: Option<Text>,
    meta: Meta,
}

impl RoleAssignment {
    /// Gives `role` over `scope` to `principal`.
    #[track_caller]
    #[must_use]
    pub fn new(role: Role, scope: impl Into<AnyRef>, principal: impl Into<Principal>) -> Self {
        let Principal { id, kind } = principal.into();
        let hint = role.name().map(crate::schema::kebab);
        let mut assignment = Self::declare_new(scope, role, id, kind);
        if let Some(hint) = hint {
            assignment.meta.key_hint(hint);
        }
        assignment
    }

    /// Narrows the role by a condition, in the language of role conditions (version 2.0).
    #[track_caller]
    #[must_use]
    pub fn condition(mut self, condition: impl Into<Text>) -> Self {
        self.meta.set_here(Self::CONDITION.index());
        self.meta.set_here(Self::CONDITION_VERSION.index());
        self.condition = Some(condition.into());
        // 2.0 is the only version that the service accepts; a condition without one is refused.
        self.condition_version = Some("2.0".into());
        self
    }
}

/// Who gets the role is said together with what kind of principal that is.
fn say(assignment: &mut Saying<'_>) {
    let identity = assignment
        .variable("principal", "principal_id")
        .filter(|_| assignment.reads("principal_type", "ServicePrincipal"))
        .map(|variable| variable.name.to_owned());
    let existing = || {
        let kind = assignment.expression("principal_type")?;
        let id = assignment.text("principal")?;
        Some(format!("Principal::existing({}, {kind})", rust::literal(id)))
    };
    let principal = identity.or_else(existing);
    let base = ["role", "scope"].map(|property| assignment.expression(property));
    if let ([Some(role), Some(scope)], Some(principal)) = (base, principal) {
        assignment.construct_as(
            format!("RoleAssignment::new({role}, {scope}, {principal})"),
            &["role", "scope", "principal", "principal_type"],
        );
    }
    if let Some(condition) = assignment.expression("condition")
        && assignment.reads("condition_version", "2.0")
    {
        let says = ["condition", "condition_version"];
        assignment.call(format!(".condition({condition})"), &says);
    }
}

/// A role: a set of actions that can be given to someone.
///
/// The built-in roles that estates like these need are constants; any other is [`Role::custom`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Role(Cow<'static, str>);

/// The built-in roles, one line of documentation and one GUID each.
macro_rules! built_in_roles {
    ($($(#[doc = $doc_text:literal])* $name:ident = $guid:literal;)*) => {
        /// Built-in roles: <https://learn.microsoft.com/azure/role-based-access-control/built-in-roles>.
        #[allow(non_upper_case_globals, reason = "they read like the members of an enum, and the set is open")]
        impl Role {
            $($(#[doc = $doc_text])*
            pub const $name: Role = Role(Cow::Borrowed(concat!(
                "/providers/Microsoft.Authorization/roleDefinitions/",
                $guid
            )));)*
        }

        /// The built-in roles as a choice: previews show names, not GUIDs.
        static BUILT_IN: ChoiceType = ChoiceType {
            rust: "Role",
            doc: "A role: a set of actions that can be given to someone.",
            variants: &[$(Variant {
                rust: stringify!($name),
                wire: concat!("/providers/Microsoft.Authorization/roleDefinitions/", $guid),
                tf: concat!("/providers/Microsoft.Authorization/roleDefinitions/", $guid),
                doc: concat!($($doc_text),*),
            }),*],
        };
    };
}

built_in_roles! {
    /// Everything, giving roles to others included.
    Owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
    /// Everything but giving roles to others.
    Contributor = "b24988ac-6180-42a0-ab88-20f7382dd24c";
    /// Sees everything, changes nothing.
    Reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
    /// Pulls images from a registry.
    AcrPull = "7f951dda-4ed3-4680-a7ca-43fe172d538d";
    /// Pushes images to a registry, and pulls them.
    AcrPush = "8311e382-0749-4cb8-b61a-304f252e45ec";
    /// Deletes images from a registry.
    AcrDelete = "c2f4ef07-c644-48eb-af81-4b1b4947fb11";
    /// Everything in a vault.
    KeyVaultAdministrator = "00482a5a-887f-4fb3-b363-3b7fe8e74483";
    /// Writes, lists and deletes a vault's secrets.
    KeyVaultSecretsOfficer = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
    /// Reads the values of a vault's secrets.
    KeyVaultSecretsUser = "4633458b-17de-408a-b874-0445c86b69e6";
    /// Sees what a vault holds, without the values.
    KeyVaultReader = "21090545-7ca7-4776-b22c-e363652d74d2";
    /// Uses a vault's keys.
    KeyVaultCryptoUser = "12338af0-0e69-4776-bea7-57ae8d297424";
    /// Wraps and unwraps keys on behalf of a service that encrypts with them.
    KeyVaultCryptoServiceEncryptionUser = "e147488a-f6f5-4113-8e2d-b22465e65bf6";
    /// Sends metrics about resources.
    MonitoringMetricsPublisher = "3913510d-42f4-4e42-8a64-420c390055eb";
    /// Reads all monitoring data.
    MonitoringReader = "43d0d8ad-25c7-4714-9337-8ba259a9fe05";
    /// Reads logs.
    LogAnalyticsReader = "73c42c96-874c-492b-b04d-ab87d138a893";
    /// Manages applications, not the plans that they run on.
    WebsiteContributor = "de139f84-1756-47ae-9be6-808fbbe84772";
    /// Manages App Service plans, not the applications on them.
    WebPlanContributor = "2cc479cb-7b4d-49a8-b449-8c00fd0f0a4b";
    /// Reads, writes and deletes blobs, and manages access to them.
    StorageBlobDataOwner = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
    /// Reads, writes and deletes blobs.
    StorageBlobDataContributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
    /// Reads blobs.
    StorageBlobDataReader = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
    /// Copies PostgreSQL flexible servers to a backup vault.
    PostgresLongTermBackup = "c088a766-074b-43ba-90d4-1fb21feae531";
    /// Assigns managed identities to resources.
    ManagedIdentityOperator = "f1a07417-d97a-45cb-824c-7a7467783830";
    /// Manages networks.
    NetworkContributor = "4d97b98b-1d4f-4787-a291-c67834d212e7";
    /// Manages private DNS zones, not the networks that they are linked to.
    PrivateDnsZoneContributor = "b12aa53e-6015-4669-85d0-8515ebb3ae7f";
}

impl Role {
    /// A role by the full ID of its definition, for custom roles and for built-in ones without a constant.
    pub fn custom(definition_id: impl Into<String>) -> Self {
        Self(Cow::Owned(definition_id.into()))
    }

    /// The name of a built-in role (`AcrPull`).
    pub fn name(&self) -> Option<&'static str> {
        BUILT_IN.variants.iter().find(|role| role.wire == self.0).map(|role| role.rust)
    }

    /// The definition's ID.
    pub fn definition_id(&self) -> &str {
        &self.0
    }
}

#[diagnostic::do_not_recommend]
impl PropertyType for Role {
    const KIND: &'static Kind = &Kind::Choice(&BUILT_IN);
    fn into_value(self) -> Value {
        Value::literal(self.0)
    }
    fn rust(value: &Value, _: &dyn Variables) -> Option<String> {
        let id = value.as_str()?;
        let built_in = |role: &&Variant| canons::LAST_SEGMENT.same(role.wire, id);
        Some(match BUILT_IN.variants.iter().find(built_in) {
            Some(role) => format!("Role::{}", role.rust),
            None => format!("Role::custom({})", rust::literal(id)),
        })
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let vault = stack.add(KeyVault::new(name!("shop-kv"), group));
    let web = stack.add(UserAssignedIdentity::new(name!("shop-web-id"), group));
    let assignment = RoleAssignment::new(Role::KeyVaultSecretsUser, vault, web)
        .description("The shop reads its settings from the vault.");
    stack.add(assignment).node()
}
