//! Monitoring, end to end: secrets that resources give to others, receivers that are told apart by name.

use serde_json::json;
use xat_infra::azure::prelude::*;
use xat_infra::graph::Graph;
use xat_infra::report;
use xat_infra::wire;

use crate::scenarios::{applied, from_to, graph, only, planned, shown, touched};

const CANARY: &str = "InstrumentationKey=canary-4711";

/// An Application Insights resource whose connection string goes into a vault.
fn insights() -> Graph {
    graph(|stack, group| {
        let logs = stack.add(LogAnalyticsWorkspace::new(name!("demo-logs"), group));
        let insights = stack.add(ApplicationInsights::new(name!("demo-insights"), group, logs));
        let vault = stack.add(KeyVault::new(name!("demo-kv"), group));
        let secret = VaultSecret::new(name!("insights"), vault, insights.connection_string());
        stack.add(secret);
    })
}

/// An output that is a secret is an expression in both formats, and its value is shown by no plan.
#[test]
fn a_secret_output_reaches_a_vault_unseen() {
    let graph = insights();
    let at = graph.at("vault_secret.insights").expect("the secret");
    let secret = &graph.nodes[at as usize];
    let arm = wire::render(
        &wire::lower_rest(secret, &secret.fields)[0].value,
        &wire::Arm::of(&graph, secret),
    );
    assert_eq!(
        arm["properties"]["value"],
        "[reference(resourceId('Microsoft.Insights/components', 'demo-insights'), '2020-02-02').ConnectionString]"
    );
    let block = &wire::lower_terraform(&graph, secret)[0];
    let terraform = wire::render(&block.value, &wire::Terraform::new(&graph));
    assert_eq!(
        terraform["value_wo"],
        "${azurerm_application_insights.demo-insights.connection_string}"
    );

    let (_, state) = applied(&graph);
    let other = touched(&graph, "application_insights.demo-insights", |body| {
        body["properties"]["ConnectionString"] = json!(CANARY);
    });
    let plan = planned(&graph, &other, &state);
    let change = &only(&plan).changes[0];
    assert!(change.secret && shown(change) == ("value", None, None));
    let text = report::to_text(&plan, &report::Options::default());
    for output in [text, format!("{plan:?}"), state.to_text().expect("a state is text")] {
        assert!(!output.contains("canary"), "{output}");
    }
}

/// A receiver's address that nobody can read back is compared by its hash; a receiver that goes is named.
#[test]
fn receivers_are_told_apart_by_name() {
    let group_of = |hook: &'static str, mail: bool| {
        graph(move |stack, group| {
            let on_call = ActionGroup::new(name!("on-call"), group, "on-call")
                .webhook("chat", Secret::supplied(hook));
            stack.add(if mail { on_call.email("mail", "a@example.com") } else { on_call });
        })
    };
    let plan = from_to(&group_of("one", true), &group_of("two", true));
    let paths: Vec<&str> = only(&plan).changes.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(paths, ["webhook_receivers[chat].uri"]);
    assert!(only(&plan).changes[0].secret);
    let plan = from_to(&group_of("one", true), &group_of("one", false));
    let change = &only(&plan).changes[0];
    assert!(change.path.starts_with("email_receivers") && change.after.is_none(), "{change:?}");
    assert!(from_to(&group_of("one", true), &group_of("one", true)).steps.is_empty());
}
