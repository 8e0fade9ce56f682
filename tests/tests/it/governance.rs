//! Governance, end to end: roles of one's own, terms that two types share, Terraform's names for what ARM names otherwise.

use xat_infra::azure::prelude::*;
use xat_infra::graph::Graph;
use xat_infra::plan::Action;
use xat_infra::wire;

use crate::scenarios::{applied, from_to, graph, only, planned, touched};

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

/// A provider's registration has an ID without a type, is always there to be read, and is registered where it is not.
#[test]
fn a_provider_is_registered() {
    let graph = graph(|stack, _| {
        stack.add(ResourceProviderRegistration::new(name!("Microsoft.Web")));
    });
    let address = "resource_provider_registration.Microsoft.Web";
    let at = graph.at(address).expect("it is there");
    let node = &graph.nodes[at as usize];
    assert!(node.id.ends_with("/providers/Microsoft.Web"), "{}", node.id);
    assert!(node.id.starts_with("/subscriptions/") && !node.id.contains("/resourceGroups/"));
    assert_eq!(node.ty.action.map(|a| (a.make, a.unmake)), Some(("register", "unregister")));
    let (_, state) = applied(&graph);
    let found = touched(&graph, address, |body| body["registrationState"] = "NotRegistered".into());
    let plan = planned(&graph, &found, &state);
    let step = only(&plan);
    assert_eq!((step.action, step.changes.len()), (Action::Update, 1));
    let found = touched(&graph, address, |body| body["registrationState"] = "registered".into());
    assert!(planned(&graph, &found, &state).steps.is_empty());
}
