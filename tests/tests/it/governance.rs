//! Governance, end to end: roles of one's own, terms that two types share, Terraform's names for what ARM names otherwise.

use xat_infra::azure::prelude::*;
use xat_infra::graph::Graph;
use xat_infra::wire;

use crate::scenarios::{from_to, graph, only};

/// A resource in Terraform's words.
fn terraform(graph: &Graph, address: &str) -> serde_json::Value {
    let at = graph.at(address).unwrap_or_else(|| panic!("no {address}"));
    let block = &wire::lower_terraform(graph, &graph.nodes[at as usize])[0];
    wire::render(&block.value, &wire::Terraform::new(graph))
}

/// A role assignment takes a role of the stack's own: the same GUID every time, an edge, and Terraform's right name for it.
#[test]
fn a_role_of_the_stack_can_be_given() {
    let build = || {
        graph(|stack, group| {
            let allowed = RolePermissions::new().action("Microsoft.Web/sites/restart/action");
            let role = stack.add(RoleDefinition::new("Restarter", group, allowed));
            let robot = stack.add(UserAssignedIdentity::new(name!("robot"), group));
            stack.add(RoleAssignment::new(role, group, robot));
        })
    };
    let (one, other) = (build(), build());
    let ids = |graph: &Graph| graph.nodes.iter().map(|node| node.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&one), ids(&other));
    let definition = one.at("role_definition.restarter").expect("the role");
    let definition = &one.nodes[definition as usize];
    assert!(definition.id.contains("/providers/Microsoft.Authorization/roleDefinitions/"));
    assert!(!definition.id.contains("/resourceGroups/"), "{}", definition.id);
    let given = one.nodes.iter().find(|node| node.ty.slug == "role_assignment").expect("it");
    let block = terraform(&one, &given.address);
    assert_eq!(
        block["role_definition_id"],
        "${azurerm_role_definition.restarter.role_definition_resource_id}"
    );
    assert!(from_to(&one, &other).steps.is_empty());
}

/// A change deep in shared terms is one leaf, and what cannot change in place replaces.
#[test]
fn terms_of_a_budget_change_leaf_by_leaf() {
    let budget = |share: f64, grain: TimeGrain| {
        graph(move |stack, group| {
            let told = BudgetNotification::actual(share).named("half").email("a@example.com");
            let terms =
                BudgetTerms::new(100.0, "2027-01-01T00:00:00Z").time_grain(grain).notify(told);
            stack.add(Budget::new(name!("all"), group, terms));
        })
    };
    let plan = from_to(&budget(50.0, TimeGrain::Monthly), &budget(60.0, TimeGrain::Monthly));
    let paths: Vec<&str> = only(&plan).changes.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(paths, ["terms.notifications[half].threshold"]);
    assert!(!only(&plan).changes[0].forces_replacement);
    let plan = from_to(&budget(50.0, TimeGrain::Monthly), &budget(50.0, TimeGrain::Annually));
    assert!(
        plan.steps.iter().flat_map(|step| &step.changes).any(|change| change.forces_replacement)
    );
}
