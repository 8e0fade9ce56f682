//! A plan as ordered steps: `steps.json` for machines, `apply.sh` and `destroy.sh` for people with bash, jq, and az or gcloud.
//!
//! Every step asks what is there before it writes: a resource is written as what is live with what is declared laid over
//! it, so that nothing is dropped that the stack does not manage, and a second run finds nothing left to do.

mod bash;
mod calls;
mod google;
mod jq;
mod laid;
mod paths;

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value as Json;

use self::calls::{Request, removal_of, requests};
use self::google::Subject;
use self::jq::Program;
pub(super) use self::jq::variable;
use super::{File, foreign, unsafe_secret, unsayable};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::graph::{Graph, Node};
use crate::plan::{Plan, Step};
use crate::schema::{ResourceType, Scope};

/// What `steps.json` calls its form.
pub const FORMAT: &str = "xat-steps/1";

/// What the steps need to know beside graph and plan.
#[derive(Default)]
pub struct Options<'o> {
    /// Every type that a deleted resource may be of.
    pub types: &'o [&'static ResourceType],
}

/// One step with its calls.
struct Work<'w> {
    step: &'w Step,
    requests: Vec<Request>,
}

/// The files of a plan's steps.
///
/// # Errors
/// A step is refused, or cannot be done by a call; all such problems at once.
pub fn emit(
    graph: &Graph,
    plan: &Plan,
    options: &Options<'_>,
) -> Result<Vec<File>, Vec<Diagnostic>> {
    let mut problems = Diagnostics::new();
    problems.extend(plan.diagnostics.iter().filter(|d| d.code.starts_with("refused")).cloned());
    let mut work = Vec::new();
    for step in plan.steps.iter().filter(|step| step.action.touches_cloud()) {
        match requests(graph, step, options) {
            Ok(requests) => work.push(Work { step, requests }),
            Err(problem) => problems.push(problem),
        }
    }
    let known =
        |node: &Node| node.ty.provider.name == "azure" || node.ty.provider.requests.is_some();
    problems.extend(foreign(graph, "steps", &known, "emit this stack as Terraform"));
    for node in &graph.nodes {
        check(graph, node, &mut problems);
    }
    if problems.has_errors() {
        return Err(problems.sorted());
    }
    let secrets = secrets(&work);
    let text = machine(plan, &work, &secrets);
    let mark = format!("{:016x}", crate::value::fold(&[&text]));
    let removal = removal(graph);
    Ok(vec![
        File::text("steps.json", text),
        File {
            name: "apply.sh".into(),
            text: bash::apply(plan, &work, &secrets, &mark),
            executable: true,
        },
        File {
            name: "destroy.sh".into(),
            text: bash::destroy(plan, &removal, &mark),
            executable: true,
        },
    ])
}

/// Everything that the stack declares, users before what they use.
fn removal(graph: &Graph) -> Vec<Removed<'_>> {
    let mut keep: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); graph.nodes.len()];
    let mut out = Vec::with_capacity(graph.nodes.len());
    for &index in graph.order.iter().rev() {
        let node = &graph.nodes[index as usize];
        let mut keeps = std::mem::take(&mut keep[index as usize]);
        if node.ty.holds_data || node.meta.protect {
            keeps.insert(index);
        }
        // What is kept needs what it waits for: its group most of all, with which it would go.
        for edge in &node.edges {
            keep[edge.to as usize].extend(&keeps);
        }
        // What is kept keeps its parts: they are of its data.
        if let Some(holder) =
            node.parent.filter(|_| node.ty.scope == Scope::Child && node.ty.element_of.is_none())
        {
            let of = &graph.nodes[holder as usize];
            if of.ty.holds_data || of.meta.protect {
                keeps.insert(holder);
            }
        }
        // It goes with what holds it, and cannot go alone.
        if node.ty.undeletable {
            continue;
        }
        let Some(request) = removal_of(graph, node) else { continue };
        let keeps = keeps.into_iter().map(|kept| graph.nodes[kept as usize].address.as_str());
        let mut keeps: Vec<&str> = keeps.collect();
        keeps.sort_unstable();
        out.push(Removed { node, request, keeps });
    }
    out
}

/// One resource that `destroy.sh` deletes.
struct Removed<'r> {
    node: &'r Node,
    /// What deletes it.
    request: Request,
    /// The resources that go only when they are named, and that need this one: itself, or what stands on it.
    keeps: Vec<&'r str>,
}

/// A secret that the program holds as a value stands in no file; what nobody says the requests of cannot be written.
fn check(graph: &Graph, node: &Node, problems: &mut Diagnostics) {
    if node.ty.provider.requests.is_some() && Subject::of_node(graph, node, &node.id).is_none() {
        problems.push(unsayable(
            node,
            "steps",
            "nobody says by which requests its service takes it",
            "declare a type of its own, with `verbs`, or make it by other means",
        ));
    }
    for field in node.fields.iter() {
        let property = node.ty.props.get(field.prop as usize);
        let name = property.map_or("", |p| p.name);
        field.value.each_secret(&mut |secret| {
            if !secret.is_named() {
                problems.push(unsafe_secret(
                    node,
                    "a script",
                    name,
                    "its value stands in the program: say `Secret::supplied(\"name\")` and hand it in when applying",
                ));
            }
        });
    }
}

/// The steps for machines. Bodies are large: they are written from where they stand.
#[derive(Serialize)]
struct Machine<'m> {
    format: &'static str,
    stack: &'m str,
    environment: Option<&'m str>,
    secrets: &'m BTreeSet<String>,
    steps: Vec<MachineStep<'m>>,
}

#[derive(Serialize)]
struct MachineStep<'m> {
    id: u32,
    address: &'m str,
    r#type: &'m str,
    action: &'static str,
    after: &'m [u32],
    wave: u32,
    danger: &'static str,
    calls: Vec<MachineCall<'m>>,
}

#[derive(Serialize)]
struct MachineCall<'m> {
    call: &'static str,
    id: &'m str,
    api_version: &'m str,
    action: Option<&'static str>,
    requests: Option<Json>,
    body: Option<&'m Json>,
    laid: Option<&'m Json>,
}

fn machine(plan: &Plan, work: &[Work<'_>], secrets: &BTreeSet<String>) -> String {
    let steps = work.iter().map(|work| MachineStep {
        id: work.step.id,
        address: &work.step.address,
        r#type: &work.step.type_name,
        action: work.step.action.word(),
        after: &work.step.after,
        wave: work.step.wave,
        danger: work.step.danger.word(),
        calls: work.requests.iter().map(MachineCall::of).collect(),
    });
    let machine = Machine {
        format: FORMAT,
        stack: &plan.stack,
        environment: plan.environment.as_deref(),
        secrets,
        steps: steps.collect(),
    };
    serde_json::to_string_pretty(&machine).unwrap_or_default() + "\n"
}

impl<'m> MachineCall<'m> {
    fn of(request: &'m Request) -> Self {
        Self {
            call: request.call.word(),
            id: &request.id,
            api_version: &request.api,
            action: request.call.action(),
            requests: request.call.requests(),
            body: request.body.as_ref().map(Program::json),
            laid: request.laid.as_ref(),
        }
    }
}

/// The environment variables that secrets come from.
fn secrets(work: &[Work<'_>]) -> BTreeSet<String> {
    let bodies = work.iter().flat_map(|work| &work.requests).filter_map(|r| r.body.as_ref());
    bodies.flat_map(|body| body.secrets.iter().cloned()).collect()
}
