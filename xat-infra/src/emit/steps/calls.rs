//! The calls of a step: what is written, deleted or called, in which order.

use serde_json::Value as Json;

use super::google::Subject;
use super::jq::Program;
use super::laid::laid;
use super::paths::Paths;
use super::{Options, unsayable};
use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Node};
use crate::plan::{Action, Step};
use crate::value::{Value, from_json};
use crate::wire::{Body, lower_rest};

/// One call.
pub(super) struct Request {
    /// What it does.
    pub(super) call: Call,
    /// The resource's full ID, or that of a part of it.
    pub(super) id: String,
    pub(super) api: String,
    pub(super) body: Option<Program>,
    /// How the body is laid over what is live: JSON of [`laid`].
    pub(super) laid: Option<Json>,
    /// What says the project's number, where a request needs it.
    pub(super) number: Option<String>,
}

/// What a call does. Services with verbs of their own say by which requests, as JSON.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Call {
    /// Lays the body over what is live, or makes it.
    Write,
    /// Deletes it, if it is there.
    Delete,
    /// Calls the action that makes it, or takes it back.
    Act(&'static str),
    /// Makes it what it is declared to be, by requests of its own.
    Make(String),
    /// Deletes it, if it is there, by requests of its own.
    Unmake(String),
    /// Adds it to the policy that it is a member of.
    Join(String),
    /// Takes it from the policy that it is a member of.
    Leave(String),
}

impl Call {
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Call::Write | Call::Make(_) => "write",
            Call::Delete | Call::Unmake(_) => "delete",
            Call::Act(_) => "action",
            Call::Join(_) => "join",
            Call::Leave(_) => "leave",
        }
    }

    pub(super) const fn action(&self) -> Option<&'static str> {
        match self {
            Call::Act(action) => Some(action),
            _ => None,
        }
    }

    /// By which requests, where they are the service's own.
    pub(super) fn requests(&self) -> Option<Json> {
        match self {
            Call::Make(spec) | Call::Unmake(spec) | Call::Join(spec) | Call::Leave(spec) => {
                serde_json::from_str(spec).ok()
            }
            Call::Write | Call::Delete | Call::Act(_) => None,
        }
    }

    /// Whether it takes something away.
    pub(super) const fn deletes(&self) -> bool {
        matches!(self, Call::Delete | Call::Unmake(_) | Call::Leave(_))
    }
}

/// The calls of one step.
///
/// # Errors
/// Nobody knows how to do it.
pub(super) fn requests(
    graph: &Graph,
    step: &Step,
    options: &Options<'_>,
) -> Result<Vec<Request>, Diagnostic> {
    let old = step.old_resource.as_deref().unwrap_or(&step.resource);
    let node = graph.at(&step.address).map(|index| &graph.nodes[index as usize]);
    let writes = || node.map_or_else(|| Ok(Vec::new()), |node| writes(graph, node, step));
    Ok(match step.action {
        Action::Delete => vec![delete(graph, node, step, &step.resource, options)?],
        Action::Replace => {
            let mut out = vec![delete(graph, node, step, old, options)?];
            out.extend(writes()?);
            out
        }
        Action::ReplaceCreateFirst => {
            let mut out = writes()?;
            out.push(delete(graph, node, step, old, options)?);
            out
        }
        _ => writes()?,
    })
}

/// What deletes a resource of the stack; `None` where its service knows no way.
pub(super) fn removal_of(graph: &Graph, node: &Node) -> Option<Request> {
    let request = |call| Request {
        call,
        id: node.id.clone(),
        api: node.api.to_string(),
        body: None,
        laid: None,
        number: None,
    };
    if let Some(subject) = Subject::of_node(graph, node, &node.id) {
        return match node.ty.element_of {
            Some(_) => Some(Request {
                body: Some(element(graph, node)),
                ..request(Call::Leave(subject.to_join()))
            }),
            None => Some(Request {
                number: subject.project_of_number(),
                ..request(Call::Unmake(subject.to_delete()?))
            }),
        };
    }
    let unmake = node.ty.action.as_ref().map(|action| action.unmake);
    Some(request(unmake.map_or(Call::Delete, Call::Act)))
}

/// What deletes what a step takes away: an old ID of a resource, or a resource that the stack no longer has.
fn delete(
    graph: &Graph,
    node: Option<&Node>,
    step: &Step,
    id: &str,
    options: &Options<'_>,
) -> Result<Request, Diagnostic> {
    let unknown = |why: &str| {
        Diagnostic::error(
            "emit-unsayable",
            format!("`{}` cannot be said in steps: {why}", step.address),
        )
        .help("declare it again, or let it be forgotten: `stack.forget(..)`")
    };
    let ty = options.types.iter().copied().find(|ty| ty.name() == step.type_name);
    let ty =
        ty.or(node.map(|node| node.ty)).ok_or_else(|| unknown("its type is not known here"))?;
    let api = node.map(|node| node.api.to_string());
    let api = api.or_else(|| (ty.wire != "raw").then(|| ty.api.to_owned()));
    let api = api.ok_or_else(|| unknown("its type is not known here"))?;
    let request = |call, body| Request {
        call,
        id: id.to_owned(),
        api: api.clone(),
        body,
        laid: None,
        number: None,
    };
    if ty.provider.requests.is_none() {
        let unmake = ty.action.as_ref().map(|action| action.unmake);
        return Ok(request(unmake.map_or(Call::Delete, Call::Act), None));
    }
    let subject = match node {
        Some(node) => Subject::of_node(graph, node, id),
        None => Subject::of_type(graph, ty, id),
    };
    let subject =
        subject.ok_or_else(|| unknown("nobody says by which requests its service takes it"))?;
    if let Some(element) = ty.element_of {
        let mark = format!("/{}/", element.suffix);
        let name = id.split_once(&mark).map_or(id, |(_, name)| name);
        let body = Program::of(graph, &Value::map([("name", name.to_owned())]));
        return Ok(request(Call::Leave(subject.to_join()), Some(body)));
    }
    let spec =
        subject.to_delete().ok_or_else(|| unknown("its service knows no way to delete it"))?;
    Ok(Request { number: subject.project_of_number(), ..request(Call::Unmake(spec), None) })
}

/// The writes that make a resource what it is declared to be.
fn writes(graph: &Graph, node: &Node, step: &Step) -> Result<Vec<Request>, Diagnostic> {
    let request = |call, id, body| Request {
        call,
        id,
        api: node.api.to_string(),
        body,
        laid: None,
        number: None,
    };
    if let Some(subject) = Subject::of_node(graph, node, &step.resource) {
        let id = step.resource.clone();
        if node.ty.element_of.is_some() {
            return Ok(vec![request(
                Call::Join(subject.to_join()),
                id,
                Some(element(graph, node)),
            )]);
        }
        let paths = Paths::of(node, step, subject.verbs);
        if step.action == Action::Update
            && let Some(path) = subject.unchangeable(&paths.compared)
        {
            return Err(unsayable(
                node,
                "steps",
                &format!("no request of its service changes `{}`", dotted(path)),
                "change it with the service's own tools, and plan again",
            ));
        }
        let body = lower_rest(node, &node.fields).into_iter().next();
        let body = body.map(|body| Program::of(graph, &body.value));
        let call = Call::Make(subject.to_make(&paths));
        return Ok(vec![Request {
            number: subject.project_of_number(),
            ..request(call, id, body)
        }]);
    }
    if let Some(action) = &node.ty.action {
        return Ok(vec![request(Call::Act(action.make), node.id.clone(), None)]);
    }
    let mut out: Vec<Request> = Vec::new();
    let mut bodies = lower_rest(node, &node.fields);
    // Of a part of which nothing is declared any more, something may have to be taken away.
    for part in node.ty.parts {
        let lowered = bodies.iter().any(|body| body.part == Some(part.key));
        let said = laid(node, step, Some(part.key));
        if !lowered && said.is_some_and(|said| said.get("drops").is_some()) {
            bodies.push(Body {
                part: Some(part.key),
                suffix: part.suffix.into(),
                kind: part.wire.to_owned(),
                value: Value::map::<String, Value>([]),
            });
        }
    }
    for body in bodies {
        let id = match &*body.suffix {
            "" => node.id.clone(),
            suffix => format!("{}/{suffix}", node.id),
        };
        let mut value = body.value;
        if step.action == Action::Recover
            && body.part.is_none()
            && let Some((path, word)) = node.ty.soft_delete.as_ref().and_then(|soft| soft.recover)
        {
            value.put(path, Value::literal(word));
        }
        out.push(Request {
            laid: laid(node, step, body.part),
            ..request(Call::Write, id, Some(Program::of(graph, &value)))
        });
    }
    Ok(out)
}

/// A member of a policy, as policies have it.
fn element(graph: &Graph, node: &Node) -> Program {
    let body = lower_rest(node, &node.fields).into_iter().next();
    Program::of(graph, &body.map_or_else(|| from_json(&Json::Null), |body| body.value))
}

fn dotted(path: &Json) -> String {
    let keys = path.as_array().into_iter().flatten().filter_map(Json::as_str);
    keys.collect::<Vec<_>>().join(".")
}
