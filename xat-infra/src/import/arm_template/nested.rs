//! Templates inside a template: where each is deployed, what it is given, and in whose words it is written.
//!
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/linked-templates>

use super::eval::{Evaluator, Found};
use super::json::Node;
use super::world::{Declared, Level, Template, World};
use super::{Deployment, given, resources};
use crate::diagnostic::Diagnostics;
use crate::value::{Entries, Value};

/// What deploys a template inside another.
pub(super) const DEPLOYMENTS: &str = "Microsoft.Resources/deployments";

/// Where the deployment that a node declares goes to: where the template around it does, unless it says otherwise.
pub(super) fn target(
    own: &Evaluator<'_, '_>,
    words: &Evaluator<'_, '_>,
    node: &Node,
) -> Found<(Level, Deployment)> {
    if let Some(scope) = node.get("scope") {
        let what = "deployments to a tenant or a management group are not read".to_owned();
        return Err(words
            .wrong("template-unsupported", what, scope.at)
            .help("read the inner template by itself"));
    }
    let text = |key: &str| -> Found<Option<String>> {
        let value = node.get(key).map(|node| words.value(node)).transpose()?;
        Ok(value.as_ref().and_then(Value::as_str).map(str::to_owned))
    };
    let around = own.template();
    let (subscription, group) = (text("subscriptionId")?, text("resourceGroup")?);
    let level = match (&subscription, &group) {
        (_, Some(_)) => Level::Group,
        (Some(_), None) => Level::Subscription,
        (None, None) => around.level,
    };
    let stays = |other: &Option<String>, known: Option<&str>| {
        other.as_deref().is_none_or(|other| known.is_some_and(|k| k.eq_ignore_ascii_case(other)))
    };
    let same = level == around.level
        && stays(&group, around.to.group.as_deref())
        && stays(&subscription, around.to.subscription.as_deref());
    let subscription = match subscription {
        Some(subscription) => subscription,
        None => own.subscription(node.at)?.to_owned(),
    };
    let to = Deployment {
        subscription: Some(subscription),
        group: match level {
            Level::Group if group.is_none() => {
                own.group_id(node.at).ok().and(around.to.group.clone())
            }
            _ => group,
        },
        location: around.to.location.clone().filter(|_| same),
        tenant: around.to.tenant.clone(),
        ..Deployment::default()
    };
    Ok((level, to))
}

/// The ID of what a deployment goes to.
pub(super) fn scope_of(level: Level, to: &Deployment) -> String {
    let subscription = to.subscription.as_deref().unwrap_or_default();
    match level {
        Level::Group => {
            let group = to.group.as_deref().unwrap_or_default();
            format!("/subscriptions/{subscription}/resourceGroups/{group}")
        }
        Level::Subscription => format!("/subscriptions/{subscription}"),
    }
}

/// Opens the template that a deployment deploys, and declares what is in it.
///
/// # Errors
/// There is none, or it is given what it does not take.
pub(super) fn open<'t>(
    world: &mut World<'t>,
    deployment: usize,
    problems: &mut Diagnostics,
) -> Found<()> {
    let declared = &world.declared[deployment];
    let (node, outer) = (declared.node, declared.by);
    let properties = node.get("properties");
    let own = Evaluator { world, at: outer };
    let words = Evaluator { world, at: own.template().read_by };
    let property = |key: &str| properties.and_then(|properties| properties.get(key));
    if let Some(link) = property("templateLink") {
        let what = "a template that stands somewhere else is not read".to_owned();
        return Err(words
            .wrong("template-unsupported", what, link.at)
            .help("read that template by itself, or put it into the deployment"));
    }
    let Some((template, listed)) =
        property("template").and_then(|template| Some((template, template.get("resources")?)))
    else {
        let what = "this deployment has no template with `resources`".to_owned();
        return Err(words
            .wrong("template-malformed", what, node.at)
            .help("it stands under `properties.template`"));
    };
    let (level, to) = target(&own, &words, node)?;
    let said = property("expressionEvaluationOptions").and_then(|options| options.get("scope"));
    let said = said.map(|node| words.value(node)).transpose()?;
    let inner =
        said.as_ref().and_then(Value::as_str).is_some_and(|s| s.eq_ignore_ascii_case("inner"));
    let read_by = own.template().read_by;
    let number = world.templates.len();
    let mut made = Template::new(template, level, to, number);
    made.deployed_by = Some(deployment);
    if !inner {
        made.read_by = read_by;
    }
    world.templates.push(made);
    world.declared[deployment].deploys = Some(number);
    if let Some(said) = property("parameters") {
        given::take_said(world, number, read_by, said)?;
    }
    resources::place_all(world, number, listed, None, problems);
    Ok(())
}

/// Texts that the template around has evaluated, and that the inner one would evaluate again.
pub(super) fn check_read(
    evaluator: &Evaluator<'_, '_>,
    declared: &Declared<'_>,
    body: &Entries,
    problems: &mut Diagnostics,
) {
    if body.iter().any(|(_, value)| is_expression(value)) {
        let what = "this resource has expressions that are evaluated twice, which is not read";
        problems.push(
            evaluator.wrong("template-unsupported", what.to_owned(), declared.node.at).help(
                "say `\"expressionEvaluationOptions\": {\"scope\": \"inner\"}` in its deployment",
            ),
        );
    }
}

fn is_expression(value: &Value) -> bool {
    match value {
        Value::List(items) => items.iter().any(is_expression),
        Value::Map(entries) => entries.iter().any(|(_, value)| is_expression(value)),
        value => value.as_str().is_some_and(|t| t.starts_with('[') && t.ends_with(']')),
    }
}
