//! Role assignments: who may do what, and where.

use crate::azure::{
    KeyVault, Principal, PrincipalType, Region, ResourceGroup, Role, RoleDefinition,
    UserAssignedIdentity,
};
use crate::dsl::{AnyRef, Handle, Meta, Stack};
use crate::schema::{Fact, Kind, PropertyType, Saying, Variables, canons, rust};
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
    tf_name = "name",
    scope = Extension,
    private_new,
    import = say,
    derived_name("scope", "role", "principal"),
    fact = Fact::ListsBelow,
    fact = Fact::Grants { role: "role", to: "principal" },
    source = "https://learn.microsoft.com/azure/templates/microsoft.authorization/roleassignments"
)]
pub struct RoleAssignment {
    /// What the role is about. The narrower, the better.
    #[prop(tf = "scope", parent)]
    scope: AnyRef,
    /// The role that is given.
    // Answers put the subscription in front of the definition's ID; its last segment is the role.
    #[prop(arm = "properties.roleDefinitionId", tf = "role_definition_id",
        tf_within = "azure.subscription_scope", canon = canons::LAST_SEGMENT, replace,
        danger = Exposure)]
    role: GivenRole,
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
    #[prop(arm = "properties.description", tf = "description", danger = Cosmetic)]
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
    pub fn new(
        role: impl Into<GivenRole>,
        scope: impl Into<AnyRef>,
        principal: impl Into<Principal>,
    ) -> Self {
        let Principal { id, kind } = principal.into();
        let role = role.into();
        let hint = role.hint.clone();
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

/// The role that an assignment gives: a built-in one, or one that this stack defines.
#[derive(Clone)]
pub struct GivenRole {
    id: Text,
    hint: Option<String>,
}

impl From<Role> for GivenRole {
    fn from(role: Role) -> Self {
        let hint = role.name().map(crate::schema::kebab);
        Self { id: role.definition_id().to_owned().into(), hint }
    }
}

impl From<Handle<RoleDefinition>> for GivenRole {
    fn from(definition: Handle<RoleDefinition>) -> Self {
        Self { id: definition.role().into(), hint: None }
    }
}

#[diagnostic::do_not_recommend]
impl PropertyType for GivenRole {
    const KIND: &'static Kind = Role::KIND;
    fn into_value(self) -> Value {
        Value::Text(self.id)
    }
    fn rust(value: &Value, variables: &dyn Variables) -> Option<String> {
        match value.as_text()?.output() {
            Some(of) => Some(variables.variable(of.node)?.name.to_owned()),
            None => Role::rust(value, variables),
        }
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
