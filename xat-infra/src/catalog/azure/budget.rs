//! Budgets: tell someone when a group or the subscription costs more than it should.

use crate::azure::{
    ActionGroup, BudgetNotification, BudgetTerms, CostFilter, Region, ResourceGroup, TimeGrain,
};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::value::{NodeRef, Text};
use crate::{Resource, name};

/// A budget of a resource group: tells people and action groups when its costs reach a share of an amount. It stops
/// nothing.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Consumption/budgets@2024-08-01",
    terraform = "azurerm_consumption_budget_resource_group",
    label = "budget",
    check = crate::azure::budget_terms::limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.consumption/budgets"
)]
pub struct Budget {
    /// The budget's name, unique in its group.
    #[name(
        len = 1..=63, chars = alphanumeric, and = "-_", start = Any, end = Any,
        source = "https://learn.microsoft.com/rest/api/consumption/budgets/create-or-update"
    )]
    name: Name<Self>,
    /// The group whose costs are watched.
    #[prop(tf = "resource_group_id", parent)]
    group: Ref<ResourceGroup>,
    /// How much it may cost, and who is told.
    #[prop(arm = "properties", tf = "")]
    terms: BudgetTerms,
    meta: Meta,
}

/// A budget of the whole subscription: tells people and action groups when its costs reach a share of an amount. It
/// stops nothing.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Consumption/budgets@2024-08-01",
    terraform = "azurerm_consumption_budget_subscription",
    label = "budget of the subscription",
    scope = Root,
    check = crate::azure::budget_terms::limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.consumption/budgets"
)]
pub struct SubscriptionBudget {
    /// The budget's name, unique in the subscription.
    #[name(
        len = 1..=63, chars = alphanumeric, and = "-_", start = Any, end = Any,
        source = "https://learn.microsoft.com/rest/api/consumption/budgets/create-or-update"
    )]
    name: Name<Self>,
    /// The subscription; the stack's own.
    #[prop(tf = "subscription_id", parameter = "azure.subscription_scope", replace, no_setter)]
    subscription: Option<Text>,
    /// How much it may cost, and who is told.
    #[prop(arm = "properties", tf = "")]
    terms: BudgetTerms,
    meta: Meta,
}

/// The terms of both examples.
fn terms(stack: &mut Stack, group: &Ref<ResourceGroup>) -> BudgetTerms {
    let on_call = ActionGroup::new(name!("shop-money"), group.clone(), "shop-money");
    let on_call = stack.add(on_call.email("money", "money@example.com"));
    let nearly = BudgetNotification::forecast(100.0).group(on_call);
    let over =
        BudgetNotification::actual(90.0).email("money@example.com").role("Owner").enabled(true);
    BudgetTerms::new(1500.0, "2027-01-01T00:00:00Z")
        .time_grain(TimeGrain::Monthly)
        .until("2030-01-01T00:00:00Z")
        .filter(
            CostFilter::new()
                .dimension("ResourceType", ["Microsoft.Web/serverfarms"])
                .tag("team", ["shop"]),
        )
        .notify(nearly)
        .notify(over)
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let terms = terms(stack, &group.into());
    stack.add(Budget::new(name!("shop"), group, terms)).node()
}

/// The example in the reference page of the subscription's.
pub(crate) fn subscription_example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let terms = terms(stack, &group.into());
    stack.add(SubscriptionBudget::new(name!("all"), terms)).node()
}
