//! Policy assignments: a rule of the organisation holds for a group or for the subscription.

use crate::azure::{PolicyTerms, PrincipalId, Region, ResourceGroup, UserAssignedIdentity};
use crate::dsl::{AnyRef, Meta, Name, Ref, Stack};
use crate::value::{NodeRef, Text, Value};
use crate::{Resource, name};

/// A policy that holds for a resource group.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Authorization/policyAssignments@2025-03-01",
    terraform = "azurerm_resource_group_policy_assignment",
    check = crate::azure::policy_terms::limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.authorization/policyassignments"
)]
#[output(principal_id: PrincipalId, arm = "identity.principalId", tf = "identity.0.principal_id",
    doc = "The object ID of the assignment's own identity, if it has one.")]
pub struct PolicyAssignment {
    /// The assignment's name, unique in its group.
    #[name(
        len = 1..=64, chars = alphanumeric, and = " -_()[]", start = Any, end = NotDot,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftauthorization"
    )]
    name: Name<Self>,
    /// The group that the policy holds for.
    #[prop(tf = "resource_group_id", parent)]
    group: Ref<ResourceGroup>,
    /// Which policy holds, and how.
    #[prop(arm = "", tf = "")]
    terms: PolicyTerms,
    meta: Meta,
}

/// A policy that holds for the whole subscription.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Authorization/policyAssignments@2025-03-01",
    terraform = "azurerm_subscription_policy_assignment",
    label = "policy assignment of the subscription",
    scope = Root,
    check = crate::azure::policy_terms::limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.authorization/policyassignments"
)]
#[output(principal_id: PrincipalId, arm = "identity.principalId", tf = "identity.0.principal_id",
    doc = "The object ID of the assignment's own identity, if it has one.")]
pub struct SubscriptionPolicyAssignment {
    /// The assignment's name, unique in the subscription.
    #[name(
        len = 1..=64, chars = alphanumeric, and = " -_()[]", start = Any, end = NotDot,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftauthorization"
    )]
    name: Name<Self>,
    /// The subscription that the policy holds for; the stack's own.
    #[prop(tf = "subscription_id", parameter = "azure.subscription_scope", replace, no_setter)]
    subscription: Option<Text>,
    /// Which policy holds, and how.
    #[prop(arm = "", tf = "")]
    terms: PolicyTerms,
    meta: Meta,
}

/// The terms of both examples.
fn terms(stack: &mut Stack, group: Ref<ResourceGroup>) -> PolicyTerms {
    let mender = stack.add(UserAssignedIdentity::new(name!("policy-id"), group));
    PolicyTerms::built_in("e56962a6-4747-49cd-b67b-bf8b01975c4c")
        .display_name("Allowed locations")
        .description("What the shop keeps stays in Europe.")
        .enforced(true)
        .parameter(
            "listOfAllowedLocations",
            Value::List(vec!["westeurope".into(), "northeurope".into()]),
        )
        .except(AnyRef::existing(
            "/subscriptions/5a1e0000-0000-4000-8000-000000000001/resourceGroups/trials-rg",
        ))
        .message("Make it in Europe.")
        .mend_as(mender, Region::WestEurope)
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let terms = terms(stack, group.into());
    stack.add(PolicyAssignment::new(name!("in-europe"), group, terms)).node()
}

/// The example in the reference page of the subscription's.
pub(crate) fn subscription_example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let terms = terms(stack, group.into());
    stack.add(SubscriptionPolicyAssignment::new(name!("all-in-europe"), terms)).node()
}
