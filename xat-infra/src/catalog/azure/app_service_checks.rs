//! What delivery to App Service is held against beside the application itself: its plan, who may deliver, and what runners reach.

use super::{AutoscaleSetting, PlanSku};
use crate::delivery::{Room, Surroundings};
use crate::diagnostic::Diagnostic;
use crate::dsl::Resource as _;
use crate::schema::DeclaredBlock;
use crate::value::{NodeRef, Value};

/// What the runners that GitHub itself has are called (`ubuntu-24.04`, `windows-latest`):
/// <https://docs.github.com/actions/reference/runners/github-hosted-runners>.
const OF_GITHUB: [&str; 3] = ["macos-", "ubuntu-", "windows-"];

/// The machines of an application's plan, and the bounds between which what scales that plan keeps their number.
pub(super) fn room(of: &Surroundings<'_>, app: NodeRef) -> Room {
    let refers = |node, property| of.declared(node).and_then(|block| reference(block, property));
    // A slot runs where its application does, unless it says another plan.
    let plan = refers(app, "plan").or_else(|| refers(of.holder(app)?, "plan"));
    let Some((plan, declared)) = plan.and_then(|plan| Some((plan, of.declared(plan)?))) else {
        return Room::default();
    };
    let sku = declared.text("sku").map(|sku| PlanSku::other(sku.to_owned()));
    let settings = of.all(AutoscaleSetting::resource_type().slug);
    let scaled = settings.into_iter().find(|setting| refers(*setting, "target") == Some(plan));
    let instances = match scaled.and_then(|setting| of.declared(setting)) {
        Some(setting) => bounds(setting),
        // Nothing changes their number.
        None => declared.int("capacity").map(|number| (number, number)),
    };
    Room { machine: sku.and_then(|sku| sku.machine()), instances }
}

/// The fewest and the most of any profile: each holds at some time.
fn bounds(setting: DeclaredBlock<'_>) -> Option<(i64, i64)> {
    let profiles = setting.blocks("profiles");
    let all = |property| profiles.iter().filter_map(move |profile| profile.int(property));
    Some((all("minimum").min()?, all("maximum").max()?))
}

/// The resource that a property refers to.
fn reference(block: DeclaredBlock<'_>, property: &str) -> Option<NodeRef> {
    let mut found = None;
    block.get(property)?.each_output(&mut |output| found = found.or(Some(output.node)));
    found
}

/// Where a workflow runs: the stack's label, and behind it the environment, whose network is another.
pub(super) fn runner(of: &Surroundings<'_>) -> String {
    let base = of.target().said.get("runner").map_or("", String::as_str);
    format!("{base}{}", of.suffix())
}

/// Who may deliver, and whether runners reach what they deliver to.
pub(super) fn held(of: &Surroundings<'_>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let target = of.target();
    let environment = of.environment();
    let credential = target.parts.get("delivers").copied();
    let subject = credential.and_then(|node| of.declared(node)?.text("subject"));
    let wanted = format!(":environment:{environment}");
    let lets_in = subject.is_some_and(|subject| {
        subject.starts_with("repo:")
            && subject.ends_with(&wanted)
            && subject.matches(':').count() == 3
    });
    if !lets_in {
        let what = format!(
            "the workflow signs in from the environment `{environment}`, and `{}` lets in `{}`",
            credential.map(|node| of.name(node)).unwrap_or_default(),
            subject.unwrap_or_default()
        );
        let help = format!(
            "say `GithubSubject::environment(repository, \"{environment}\")`: that environment can ask for an approval, and no \
             other workflow of the repository may deliver"
        );
        problems.extend(credential.map(|credential| of.wrong(credential, what, &help)));
    }
    let runner = runner(of);
    if OF_GITHUB.iter().any(|own| runner.starts_with(own)) {
        let private = [target.registry].into_iter().chain(target.apps.iter().copied());
        let private = private.chain(target.parts.get("vault").copied()).find(|node| {
            let open = of.declared(*node).and_then(|block| block.get("public_network_access"));
            matches!(open, Some(Value::Bool(false)))
        });
        if let Some(private) = private {
            let what = format!(
                "`{}` answers inside its network alone, and `{runner}` is a machine of GitHub's outside",
                of.name(private)
            );
            let help = "name the label of a runner of your own in that network: \
                        https://docs.github.com/actions/how-tos/manage-runners/self-hosted-runners";
            problems.push(of.wrong(private, what, help));
        }
    }
    problems
}
