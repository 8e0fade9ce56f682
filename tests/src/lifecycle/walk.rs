//! Replaying a recorded lifecycle: a model of the world (the body last seen, the state of the last write, whether it is
//! deleted), and at each write the plan against it.

use serde_json::{Value as Json, json};
use xat_infra::dsl::Stack;
use xat_infra::graph::{self, Graph};
use xat_infra::live::Estate;
use xat_infra::plan::{self, Options};
use xat_infra::schema::{Property, ResourceType};
use xat_infra::state::{Salt, State};
use xat_infra::value::{Fields, Value, from_json};

use super::evidence::{changed, is_settled, nothing_new};
use super::recording::{Asked, Exchange, Recording};
use crate::conformance::subject::{Role, Subject};

/// What really happened at a point, and so what the plan must say.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Expected {
    /// It was not there: made new.
    Create,
    /// It was deleted and kept: taken back.
    Recover,
    /// The bodies prove a change: in place.
    Update,
    /// The bodies prove that nothing new was said: no change.
    Nothing,
    /// It was written and stayed: in place, or no change.
    InPlace,
    /// It was taken away.
    Delete,
    /// It was written, and read since: nothing to do.
    Quiet,
}

impl Expected {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Expected::Create => "create",
            Expected::Recover => "recover",
            Expected::Update => "update",
            Expected::Nothing => "no change",
            Expected::InPlace => "update or no change",
            Expected::Delete => "delete",
            Expected::Quiet => "nothing after write and read",
        }
    }

    /// Whether a plan's action is this one. What is taken into the state as it is does not change.
    pub fn allows(self, action: &str) -> bool {
        match self {
            Expected::Create => action == "create",
            Expected::Recover => action == "recover",
            Expected::Update => action == "update",
            Expected::Nothing => matches!(action, "none" | "adopt"),
            Expected::InPlace => matches!(action, "none" | "adopt" | "update"),
            Expected::Delete => action == "delete",
            Expected::Quiet => action == "none",
        }
    }
}

/// One point of a lifecycle: what happened, and what the plan said.
#[derive(Clone, Debug)]
pub struct Point {
    /// The exchange: its place in the file and its method.
    pub at: String,
    /// What really happened.
    pub expected: Expected,
    /// What the plan said: its action, or `none`; the paths that it would change stand behind it.
    pub got: String,
    /// Whether they agree.
    pub agrees: bool,
}

/// A resource that was deleted and made again, and what one plan would have done instead.
#[derive(Clone, Debug)]
pub struct Recreated {
    /// The exchange that made it again.
    pub at: String,
    /// The action planned against what was there before the deletion, with the paths that change.
    pub planned: String,
}

/// What came of one recording.
#[derive(Default)]
pub struct Walked {
    /// The points, in order.
    pub points: Vec<Point>,
    /// What was deleted and made again.
    pub recreated: Vec<Recreated>,
}

/// Walks a recording of something modelled: a resource, or a part or mirror of one, which is there as long as that is.
pub fn walk(subject: &Subject, recording: &Recording) -> Walked {
    let mut world = World {
        ty: subject.ty,
        id: &subject.id,
        subject,
        known: if matches!(subject.role, Role::Own) { Known::Nothing } else { Known::There },
        live: None,
        kept: false,
        declared: None,
        state: State::empty(),
        before_delete: None,
        quiet: None,
        out: Walked::default(),
    };
    for (at, exchange) in recording.exchanges.iter().enumerate() {
        world.step(exchange, &recording.exchanges[at + 1..]);
    }
    world.out
}

/// Whether the resource is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Nothing,
    There,
    Gone,
}

struct World<'r> {
    ty: &'static ResourceType,
    id: &'r str,
    subject: &'r Subject,
    known: Known,
    /// The body last seen.
    live: Option<Json>,
    /// Whether it was deleted and the service keeps it.
    kept: bool,
    declared: Option<Fields>,
    state: State,
    /// The body, state and so on at the last deletion.
    before_delete: Option<(Json, State)>,
    /// The body that was last found to need nothing; no reading is compared before a write.
    quiet: Option<Json>,
    out: Walked,
}

/// What a plan would do with the one resource.
struct Planned {
    action: &'static str,
    told: String,
}

impl World<'_> {
    fn step(&mut self, exchange: &Exchange, later: &[Exchange]) {
        match exchange.asked {
            Asked::Put | Asked::Patch if exchange.accepted() && exchange.request.is_object() => {
                self.write(exchange, later)
            }
            Asked::Get if exchange.accepted() && exchange.shows => self.read(exchange),
            Asked::Get | Asked::Head if exchange.status == 404 => self.missing(exchange),
            Asked::Head if exchange.accepted() => self.known = Known::There,
            Asked::Delete if exchange.accepted() || exchange.status == 404 => self.delete(exchange),
            Asked::Poll => {
                let status = exchange.answer["status"].as_str().unwrap_or_default();
                // What was written did not come to be; the next reading says how things are.
                if ["failed", "canceled"].contains(&status.to_lowercase().as_str()) {
                    self.declared = None;
                }
            }
            _ => {}
        }
    }

    fn write(&mut self, exchange: &Exchange, later: &[Exchange]) {
        let said = from_json(&exchange.request);
        let (fields, _) = self.subject.declared(&exchange.request);
        let fields = match &self.declared {
            Some(before) if exchange.asked == Asked::Patch => {
                laid_over(self.ty.props, before, &fields, &said)
            }
            _ => fields,
        };
        let graph = Graph::of_one(self.ty, self.id, fields.clone());
        let recovers = exchange.request["properties"]["createMode"]
            .as_str()
            .is_some_and(|mode| mode.eq_ignore_ascii_case("recover"));
        let expected = match (self.known, &self.live) {
            (Known::There, Some(before)) => Some(self.in_place(exchange, later, before, &graph)),
            // It is there, and nobody saw how.
            (Known::There, None) => None,
            (Known::Nothing, _) if exchange.asked == Asked::Patch => None,
            _ if recovers || self.kept => {
                self.kept = self.ty.soft_delete.is_some();
                Some(Expected::Recover)
            }
            _ => Some(Expected::Create),
        };
        if let Some(expected) = expected {
            let planned = self.plan(&graph, self.live.as_ref(), &self.state);
            self.point(exchange, expected, planned);
        }
        if let (Some((live, state)), Asked::Put) = (self.before_delete.take(), exchange.asked) {
            let planned = self.plan(&graph, Some(&live), &state);
            self.out
                .recreated
                .push(Recreated { at: exchange.point.clone(), planned: planned.told });
        }
        if exchange.shows {
            self.live = Some(exchange.answer.clone());
        }
        self.known = Known::There;
        self.kept = false;
        self.declared = Some(fields);
        self.state = self.recorded(&graph);
        self.quiet = None;
    }

    /// What the bodies prove of a write to a resource that is there.
    fn in_place(
        &self,
        exchange: &Exchange,
        later: &[Exchange],
        before: &Json,
        graph: &Graph,
    ) -> Expected {
        let read = later
            .iter()
            .take_while(|e| !matches!(e.asked, Asked::Put | Asked::Patch | Asked::Delete))
            .find(|e| e.asked == Asked::Get && e.shows && is_settled(&e.answer));
        let after = match read {
            Some(read) => &read.answer,
            None => &exchange.answer,
        };
        let paths = |state: &State| -> Vec<String> {
            state.resources.values().flat_map(|owned| owned.fields.keys().cloned()).collect()
        };
        let now = paths(&self.recorded(graph));
        let released = paths(&self.state).iter().any(|path| !now.contains(path));
        if changed(&exchange.request, before, after) {
            Expected::Update
        } else if nothing_new(&exchange.request, before) && !released {
            Expected::Nothing
        } else {
            Expected::InPlace
        }
    }

    fn read(&mut self, exchange: &Exchange) {
        self.known = Known::There;
        self.kept = false;
        self.live = Some(exchange.answer.clone());
        let Some(declared) = &self.declared else { return };
        if is_settled(&exchange.answer) && self.quiet.as_ref() != Some(&exchange.answer) {
            let graph = Graph::of_one(self.ty, self.id, declared.clone());
            let planned = self.plan(&graph, self.live.as_ref(), &self.state);
            self.quiet = Some(exchange.answer.clone());
            self.point(exchange, Expected::Quiet, planned);
        }
    }

    /// What was declared and is gone is made again.
    fn missing(&mut self, exchange: &Exchange) {
        self.known = Known::Gone;
        self.live = None;
        if let Some(declared) = &self.declared {
            let graph = Graph::of_one(self.ty, self.id, declared.clone());
            let expected = if self.kept { Expected::Recover } else { Expected::Create };
            let planned = self.plan(&graph, None, &self.state);
            self.point(exchange, expected, planned);
        }
    }

    fn delete(&mut self, exchange: &Exchange) {
        if self.known == Known::There {
            let live = self.live.clone().unwrap_or_else(|| json!({}));
            if self.state.is_empty() {
                // Nobody wrote it in this recording: it is taken into the state as it is first.
                let (fields, _) = self.subject.declared(&live);
                let graph = Graph::of_one(self.ty, self.id, fields);
                let planned = self.plan(&graph, Some(&live), &self.state);
                self.point(exchange, Expected::Nothing, planned);
                self.state = self.recorded(&graph);
            }
            if let Ok(nothing) = graph::build(Stack::new("one")) {
                let planned = self.plan(&nothing, Some(&live), &self.state);
                self.point(exchange, Expected::Delete, planned);
            }
            self.kept = exchange.accepted()
                && self.ty.soft_delete.is_some()
                && live["properties"]["enableSoftDelete"] == true;
            self.before_delete = Some((live, std::mem::replace(&mut self.state, State::empty())));
        }
        self.known = Known::Gone;
        self.live = None;
    }

    fn point(&mut self, exchange: &Exchange, expected: Expected, planned: Planned) {
        self.out.points.push(Point {
            at: exchange.point.clone(),
            expected,
            agrees: expected.allows(planned.action),
            got: planned.told,
        });
    }

    fn recorded(&self, graph: &Graph) -> State {
        plan::record(graph, &self.estate(self.live.as_ref()), Salt::new("lifecycles"), 1)
    }

    fn plan(&self, graph: &Graph, live: Option<&Json>, state: &State) -> Planned {
        let estate = self.estate(live);
        match plan::plan(graph, &estate, state, &Options::default()) {
            Ok(plan) => {
                let step = plan.steps.first();
                let action = step.map_or("none", |step| step.action.word());
                let paths: Vec<String> = step
                    .iter()
                    .flat_map(|step| &step.changes)
                    .map(|change| {
                        let forces = if change.forces_replacement { " (forces it)" } else { "" };
                        format!("{}{forces}", change.path)
                    })
                    .collect();
                let told = match paths.as_slice() {
                    [] => action.to_owned(),
                    _ => format!("{action}: {}", paths.join(", ")),
                };
                Planned { action, told }
            }
            Err(problems) => {
                let told = problems.first().map(ToString::to_string).unwrap_or_default();
                Planned { action: "unreadable", told: format!("unreadable: {told}") }
            }
        }
    }

    /// The estate of this one resource, or of what the service keeps of it.
    fn estate(&self, live: Option<&Json>) -> Estate {
        let mut bodies = Vec::new();
        if let Some(live) = live {
            bodies.extend(self.subject.bodies(live));
        }
        if let (Some(soft), true) = (&self.ty.soft_delete, self.kept) {
            let name = self.id.rsplit('/').next().unwrap_or_default();
            let mut body = json!({"id": format!("/deleted/{name}"), "type": soft.wire});
            body["properties"] = json!({"old": self.id});
            bodies.push(body);
        }
        Estate::from_text("recording", Json::Array(bodies).to_string())
            .unwrap_or_else(|_| Estate::empty())
    }
}

/// Whether a PATCH takes all assigned identities away: ARM keeps them exactly as long as the identity's type names them.
fn has_none(path: &[&str], body: &Value) -> bool {
    let kind = body.at(&["identity", "type"]).and_then(Value::as_str);
    path == ["identity", "userAssignedIdentities"]
        && kind.is_some_and(|kind| !kind.to_lowercase().contains("userassigned"))
}

/// What a PATCH leaves declared: what it says, over what was declared before. What it says is null is declared no more.
fn laid_over(props: &'static [Property], before: &Fields, said: &Fields, body: &Value) -> Fields {
    let mut out = Fields::new();
    for field in before.iter() {
        let taken_back =
            props.get(field.prop as usize).and_then(|property| property.wire.as_ref()).is_some_and(
                |wire| matches!(body.at(wire.path), Some(Value::Null)) || has_none(wire.path, body),
            );
        if !taken_back {
            out.set(field.prop, field.value.clone(), None);
        }
    }
    for field in said.iter() {
        let property = props.get(field.prop as usize);
        let value = match (property, out.get(field.prop), &field.value) {
            (Some(property), Some(Value::Block(old)), Value::Block(new)) => {
                let block = property.kind.block();
                let inner = property.wire.as_ref().and_then(|wire| body.at(wire.path));
                match (block, inner) {
                    (Some(block), Some(inner)) => {
                        Value::Block(laid_over(block.props, old, new, inner))
                    }
                    _ => field.value.clone(),
                }
            }
            _ => field.value.clone(),
        };
        out.set(field.prop, value, None);
    }
    out
}
