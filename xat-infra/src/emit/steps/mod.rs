//! A plan as ordered steps: `steps.json` for machines, `apply.sh` and `destroy.sh` for people with bash, az and jq.
//!
//! Every step asks what is there before it writes: a resource is written as what is live with what is declared laid over
//! it, so that nothing is dropped that the stack does not manage, and a second run finds nothing left to do.

mod bash;
mod jq;

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use self::jq::Program;
pub(super) use self::jq::variable;
use super::{File, unsafe_secret, unsayable};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::graph::{Graph, Node};
use crate::plan::{Action, Plan, Step};
use crate::schema::ResourceType;
use crate::wire::lower_rest;

/// What `steps.json` calls its form.
pub const FORMAT: &str = "xat-steps/1";

/// What the steps need to know beside graph and plan.
#[derive(Default)]
pub struct Options<'o> {
    /// Every type that a deleted resource may be of.
    pub types: &'o [&'static ResourceType],
}

/// One call.
struct Request {
    /// What it does.
    call: Call,
    /// The resource's full ID, or that of a part of it.
    id: String,
    api: String,
    body: Option<Program>,
    /// Paths of lists of which the stack owns only the elements that it names.
    open: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Call {
    /// Lays the body over what is live, or makes it.
    Write,
    /// Deletes it, if it is there.
    Delete,
    /// Calls the action that makes it, or takes it back.
    Act(&'static str),
}

impl Call {
    const fn word(self) -> &'static str {
        match self {
            Call::Write => "write",
            Call::Delete => "delete",
            Call::Act(_) => "action",
        }
    }
}

impl Call {
    const fn action(self) -> Option<&'static str> {
        match self {
            Call::Act(action) => Some(action),
            Call::Write | Call::Delete => None,
        }
    }
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
    for node in &graph.nodes {
        check(node, &mut problems);
    }
    if problems.has_errors() {
        return Err(problems.sorted());
    }
    let steps = machine(plan, &work);
    let text = serde_json::to_string_pretty(&steps).unwrap_or_default() + "\n";
    let mark = format!("{:016x}", crate::value::fold(&[&text]));
    let removal = removal(graph);
    Ok(vec![
        File::text("steps.json", text),
        File { name: "apply.sh".into(), text: bash::apply(plan, &work, &mark), executable: true },
        File {
            name: "destroy.sh".into(),
            text: bash::destroy(plan, &removal, &mark),
            executable: true,
        },
    ])
}

/// The calls of one step.
fn requests(graph: &Graph, step: &Step, options: &Options<'_>) -> Result<Vec<Request>, Diagnostic> {
    let old = step.old_resource.as_deref().unwrap_or(&step.resource);
    let node = graph.at(&step.address).map(|index| &graph.nodes[index as usize]);
    let delete = |id: &str| {
        let api = node.map(|node| node.api.to_string()).or_else(|| api_of(step, options));
        let ty = options.types.iter().find(|ty| ty.name() == step.type_name);
        let unmake = ty.and_then(|ty| ty.action.as_ref()).map(|action| action.unmake);
        match api {
            Some(api) => Ok(Request {
                call: unmake.map_or(Call::Delete, Call::Act),
                id: id.to_owned(),
                api,
                body: None,
                open: Vec::new(),
            }),
            None => Err(Diagnostic::error(
                "emit-unsayable",
                format!("`{}` cannot be said in steps: its type is not known here", step.address),
            )
            .help("declare it again, or let it be forgotten: `stack.forget(..)`")),
        }
    };
    let writes = || match node {
        Some(node) => writes(graph, node, step.action == Action::Recover),
        None => Vec::new(),
    };
    Ok(match step.action {
        Action::Delete => vec![delete(&step.resource)?],
        Action::Replace => {
            let mut out = vec![delete(old)?];
            out.extend(writes());
            out
        }
        Action::ReplaceCreateFirst => {
            let mut out = writes();
            out.push(delete(old)?);
            out
        }
        _ => writes(),
    })
}

fn api_of(step: &Step, options: &Options<'_>) -> Option<String> {
    let ty = options.types.iter().find(|ty| ty.name() == step.type_name)?;
    (ty.wire != "raw").then(|| ty.api.to_owned())
}

/// The writes that make a resource what it is declared to be.
fn writes(graph: &Graph, node: &Node, recover: bool) -> Vec<Request> {
    if let Some(action) = &node.ty.action {
        return vec![Request {
            call: Call::Act(action.make),
            id: node.id.clone(),
            api: node.api.to_string(),
            body: None,
            open: Vec::new(),
        }];
    }
    let open: Vec<String> = node
        .ty
        .props
        .iter()
        .filter(|property| property.open)
        .filter_map(|property| Some(property.wire.as_ref()?.path.join(".")))
        .collect();
    let mut out: Vec<Request> = Vec::new();
    for body in lower_rest(node, &node.fields) {
        let id = match &*body.suffix {
            "" => node.id.clone(),
            suffix => format!("{}/{suffix}", node.id),
        };
        let mut value = body.value;
        if recover
            && body.part.is_none()
            && let Some((path, word)) = node.ty.soft_delete.as_ref().and_then(|soft| soft.recover)
        {
            value.put(path, crate::value::Value::literal(word));
        }
        out.push(Request {
            call: Call::Write,
            id,
            api: node.api.to_string(),
            body: Some(Program::of(graph, &value)),
            open: if body.part.is_none() { open.clone() } else { Vec::new() },
        });
    }
    out
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
        // It goes with what holds it, and cannot go alone.
        if node.ty.undeletable {
            continue;
        }
        let keeps = keeps.into_iter().map(|kept| graph.nodes[kept as usize].address.as_str());
        let mut keeps: Vec<&str> = keeps.collect();
        keeps.sort_unstable();
        out.push(Removed { node, keeps });
    }
    out
}

/// One resource that `destroy.sh` deletes.
struct Removed<'r> {
    node: &'r Node,
    /// The resources that go only when they are named, and that need this one: itself, or what stands on it.
    keeps: Vec<&'r str>,
}

/// A secret that the program holds as a value stands in no file.
fn check(node: &Node, problems: &mut Diagnostics) {
    if node.ty.provider.name != "azure" {
        problems.push(unsayable(
            node,
            "steps",
            "its cloud has no steps yet",
            "emit this stack as Terraform",
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

/// The steps for machines.
fn machine(plan: &Plan, work: &[Work<'_>]) -> Json {
    let steps: Vec<Json> = work
        .iter()
        .map(|work| {
            let calls: Vec<Json> = work
                .requests
                .iter()
                .map(|request| {
                    json!({
                        "call": request.call.word(),
                        "id": request.id,
                        "api_version": request.api,
                        "action": request.call.action(),
                        "body": request.body.as_ref().map(Program::json),
                    })
                })
                .collect();
            json!({
                "id": work.step.id,
                "address": work.step.address,
                "type": work.step.type_name,
                "action": work.step.action.word(),
                "after": work.step.after,
                "wave": work.step.wave,
                "danger": work.step.danger.word(),
                "calls": calls,
            })
        })
        .collect();
    let secrets: BTreeSet<String> = secrets(work);
    json!({
        "format": FORMAT,
        "stack": plan.stack,
        "environment": plan.environment,
        "secrets": secrets,
        "steps": steps,
    })
}

/// The environment variables that secrets come from.
fn secrets(work: &[Work<'_>]) -> BTreeSet<String> {
    let bodies = work.iter().flat_map(|work| &work.requests).filter_map(|r| r.body.as_ref());
    bodies.flat_map(|body| body.secrets.iter().cloned()).collect()
}
