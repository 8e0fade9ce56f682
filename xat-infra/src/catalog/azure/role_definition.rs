//! Custom roles: sets of actions that no built-in role has.

use crate::azure::{Region, ResourceGroup, Role, RoleAssignment, UserAssignedIdentity};
use crate::dsl::{AnyRef, Meta, Output, Stack};
use crate::schema::codecs::ONE_IN_LIST;
use crate::schema::{CheckContext, ID, Saying, Set, canons};
use crate::value::{NodeRef, Text, Value};
use crate::{Block, Resource, name};

/// A custom role: a set of actions that can be given to someone.
///
/// It is kept in the subscription, under a GUID made of that and of the name that people see, which is unique in the
/// tenant. A [`RoleAssignment`] takes its handle in place of a built-in [`Role`].
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Authorization/roleDefinitions@2022-04-01",
    terraform = "azurerm_role_definition",
    tf_name = "role_definition_id",
    tf_id = "role_definition_resource_id",
    tf_import = "{id}|{parent}",
    label = "custom role",
    scope = Root,
    private_new,
    import = say,
    derived_name("subscription", "role_name"),
    constant(arm = "properties.type", value = "CustomRole"),
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.authorization/roledefinitions"
)]
pub struct RoleDefinition {
    /// The subscription that keeps it; the stack's own.
    #[prop(tf = "scope", parameter = "azure.subscription_scope", replace, no_setter)]
    subscription: Option<Text>,
    /// The name that people see, unique in the tenant: 1 to 512 characters.
    #[prop(arm = "properties.roleName", tf = "name", replace)]
    role_name: Text,
    /// What the role allows.
    #[prop(arm = "properties.permissions", tf = "permissions", codec = ONE_IN_LIST, danger = Exposure)]
    permissions: RolePermissions,
    /// Where the role can be given.
    #[prop(arm = "properties.assignableScopes", tf = "assignable_scopes", each = "assignable_scope", danger = Exposure)]
    assignable_scopes: Option<Set<AnyRef>>,
    /// What the role is for.
    #[prop(arm = "properties.description", tf = "description", service = Text::from(""), danger = Cosmetic)]
    description: Option<Text>,
    meta: Meta,
}

impl RoleDefinition {
    /// A role that can be given within `scope`: `stack.subscription_scope()` or a resource group.
    #[track_caller]
    #[must_use]
    pub fn new(
        role_name: impl Into<Text>,
        scope: impl Into<AnyRef>,
        permissions: RolePermissions,
    ) -> Self {
        let role_name = role_name.into();
        let hint = role_name.literal().map(|name| name.to_lowercase().replace(' ', "-"));
        let mut role = Self {
            assignable_scopes: Some(Set(vec![scope.into()])),
            ..Self::declare_new(role_name, permissions)
        };
        if let Some(hint) = hint {
            role.meta.key_hint(hint);
        }
        role
    }
}

/// The first scope is the constructor's.
fn say(role: &mut Saying<'_>) {
    let base = ["role_name", "permissions"].map(|property| role.expression(property));
    let scopes = role.each("assignable_scopes").unwrap_or_default();
    if let ([Some(name), Some(permissions)], [first, more @ ..]) = (base, scopes.as_slice()) {
        let head = format!("RoleDefinition::new({name}, {first}, {permissions})");
        role.construct_as(head, &["role_name", "permissions"]);
        let more = more.iter().map(|scope| format!(".assignable_scope({scope})"));
        role.call(more.collect(), &["assignable_scopes"]);
    }
}

impl RoleDefinitionOutputs {
    /// The role, as a role assignment takes it.
    pub(super) fn role(&self) -> Output {
        Output::new(self.node, &ID)
    }
}

/// What a role allows: actions on resources and on the data in them.
#[derive(Clone, Block)]
pub struct RolePermissions {
    /// Actions on resources (`Microsoft.Web/sites/restart/action`); one `*` stands for any word.
    #[prop(arm = "actions", tf = "actions", canon = canons::CASE, each = "action", danger = Exposure)]
    actions: Option<Set<Text>>,
    /// Of these actions, those that are not allowed after all. Another role can still allow them.
    #[prop(arm = "notActions", tf = "not_actions", canon = canons::CASE, each = "not_action", danger = Exposure)]
    not_actions: Option<Set<Text>>,
    /// Actions on data (`Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read`).
    #[prop(arm = "dataActions", tf = "data_actions", canon = canons::CASE, each = "data_action", danger = Exposure)]
    data_actions: Option<Set<Text>>,
    /// Of these actions on data, those that are not allowed after all.
    #[prop(arm = "notDataActions", tf = "not_data_actions", canon = canons::CASE, each = "not_data_action",
        danger = Exposure)]
    not_data_actions: Option<Set<Text>>,
}

fn limits(check: &mut CheckContext<'_>) {
    const SOURCE: &str = "https://learn.microsoft.com/azure/role-based-access-control/custom-roles";
    let help = || format!("the provider's reference: {SOURCE}");
    let long = |text: &&str, most| !(1..=most).contains(&text.chars().count());
    let name = check.get("role_name").and_then(Value::as_str);
    if name.filter(|name| long(name, 512)).is_some() {
        check.report("role_name", "a role's name has 1 to 512 characters", help());
    }
    let description = check.get("description").and_then(Value::as_str);
    if description.filter(|text| text.chars().count() > 2048).is_some() {
        check.report("description", "a role's description has 2048 characters at most", help());
    }
    if let Some(Value::List(scopes)) = check.get("assignable_scopes") {
        let root = |scope: &&Value| matches!(scope.as_str(), Some("/" | "*"));
        if scopes.is_empty() || scopes.iter().any(|scope| root(&scope)) {
            let what = "a custom role can be given in named scopes only, and in one at least";
            check.report("assignable_scopes", what, help());
        }
    }
    for permissions in check.blocks("permissions") {
        let kinds = ["actions", "not_actions", "data_actions", "not_data_actions"];
        let all = kinds.into_iter().filter_map(|kind| permissions.get(kind));
        let words = all.flat_map(|list| match list {
            Value::List(items) => items.as_slice(),
            _ => &[],
        });
        let words: Vec<&str> = words.filter_map(Value::as_str).collect();
        if kinds.iter().all(|kind| permissions.get(kind).is_none()) {
            check.report("permissions", "a role that allows nothing is refused", help());
        }
        for word in words {
            if word != "*" && (!word.contains('/') || word.matches('*').count() > 1) {
                let what = format!(
                    "`{word}` is no action: a provider, a type and a verb, with one `*` at most"
                );
                check.report("permissions", what, help());
            }
        }
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let robot = stack.add(UserAssignedIdentity::new(name!("shop-robot-id"), group));
    let restarts = RolePermissions::new()
        .action("Microsoft.Web/sites/read")
        .action("Microsoft.Web/sites/restart/action")
        .not_action("Microsoft.Web/sites/*/delete")
        .data_action("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read")
        .not_data_action("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete");
    let role = RoleDefinition::new("Shop restarter", group, restarts)
        .description("Restarts the shop's applications.");
    let role = stack.add(role);
    stack.add(RoleAssignment::new(role, group, robot));
    stack.add(RoleAssignment::new(Role::Reader, group, robot));
    role.node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refusals;

    #[test]
    fn the_services_limits_hold() {
        let new = |permissions| {
            RoleDefinition::new("Shop", AnyRef::existing("/subscriptions/5a1e"), permissions)
        };
        let any = RolePermissions::new().action("*").data_action("Microsoft.Storage/*/read");
        assert_eq!(refusals(new(any)), [""; 0]);
        assert_eq!(
            refusals(new(RolePermissions::new())),
            ["permissions: a role that allows nothing is refused"]
        );
        let odd = new(RolePermissions::new().action("restart"))
            .assignable_scope(AnyRef::existing("/"))
            .description("x".repeat(2049));
        assert_eq!(
            refusals(odd),
            [
                "description: a role's description has 2048 characters at most",
                "assignable_scopes: a custom role can be given in named scopes only, and in one at least",
                "permissions: `restart` is no action: a provider, a type and a verb, with one `*` at most",
            ]
        );
    }
}
