//! Lowering: one resource to the bodies that carry it in REST, or to its Terraform blocks.

use std::borrow::Cow;

use crate::dsl::put_dotted;
use crate::graph::{Graph, Node};
use crate::schema::{ChoiceType, Kind, NAME, Path, Property, TfPart, WirePath};
use crate::value::{Entries, Fields, OutputRef, Text, Value};

/// One body that carries a resource, or a part of it.
pub struct Body {
    /// The part, where it is not the resource itself.
    pub part: Option<&'static str>,
    /// What follows the resource's ID in the body's own, or its label in Terraform; empty for the resource itself.
    pub suffix: Cow<'static, str>,
    /// The REST type or the Terraform resource.
    pub kind: String,
    /// The body.
    pub value: Value,
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Rest,
    Terraform,
}

impl Side {
    fn path(self, property: &Property) -> Option<&WirePath> {
        match self {
            Side::Rest => property.wire.as_ref(),
            Side::Terraform => property.tf.as_ref(),
        }
    }
}

/// The REST bodies that carry `fields` of a resource (all that it declares, or some), its own first.
pub fn lower_rest(node: &Node, fields: &Fields) -> Vec<Body> {
    let ty = node.ty;
    let mut bodies = vec![Body {
        part: None,
        suffix: Cow::Borrowed(""),
        kind: node.wire.to_string(),
        value: Value::map::<String, Value>([]),
    }];
    bodies.extend(ty.parts.iter().map(|part| Body {
        part: Some(part.key),
        suffix: Cow::Borrowed(part.suffix),
        kind: part.wire.to_owned(),
        value: Value::Null,
    }));
    for constant in ty.constants {
        if let Some(path) = constant.wire {
            bodies[0].value.put(path, (constant.value)());
        }
    }
    lower_fields(fields, ty.props, Side::Rest, &mut |part, path, value| {
        if let Some(body) = bodies.iter_mut().find(|body| body.part == part) {
            body.value.put(path, value);
        }
    });
    for (path, value, _) in node.raw() {
        put_dotted(&mut bodies[0].value, path, value.clone());
    }
    // A part without anything declared in it is not written.
    bodies.retain(|body| body.part.is_none() || !matches!(body.value, Value::Null));
    bodies
}

/// The Terraform resources that carry a resource, its own first; none where the type has no mapping.
pub fn lower_terraform(graph: &Graph, node: &Node) -> Vec<Body> {
    let ty = node.ty;
    if ty.terraform.is_empty() {
        return Vec::new();
    }
    let mut bodies = vec![Body {
        part: None,
        suffix: Cow::Borrowed(""),
        kind: ty.terraform.to_owned(),
        value: Value::map::<String, Value>([]),
    }];
    bodies.extend(ty.tf_parts.iter().map(|part| Body {
        part: Some(part.key),
        suffix: Cow::Borrowed(part.key),
        kind: part.resource.to_owned(),
        value: Value::Null,
    }));
    for (attribute, wire, output) in ty.tf_ancestors {
        if let Some((ancestor, spec)) = ancestor(graph, node, wire, output) {
            bodies[0].value.put(
                &[],
                Value::map([(
                    *attribute,
                    Value::Text(Text::Output(OutputRef { node: ancestor, output: spec })),
                )]),
            );
        }
    }
    if !ty.tf_name.is_empty() {
        bodies[0].value.put(&[ty.tf_name], Value::from(node.name.clone()));
    }
    let scoped = ty.props.iter().any(|property| property.tf_within.is_some());
    lower_fields(&node.fields, ty.props, Side::Terraform, &mut |part, path, value| {
        let value = if scoped { within(graph, node, part, path, value) } else { value };
        if let Some(body) = bodies.iter_mut().find(|body| body.part == part) {
            body.value.put(path, value);
        }
    });
    for constant in ty.constants {
        if let Some(path) = constant.tf {
            bodies[0].value.put(path, (constant.value)());
        }
    }
    bodies.retain(|body| body.part.is_none() || !matches!(body.value, Value::Null));
    let Some(own) = graph.at(&node.address).map(|own| graph.reference(own)) else { return bodies };
    let shares = |part: &TfPart| Some((part.shares, bodies[0].value.at(&[part.shares])?.clone()));
    let shared: Vec<Option<(&str, Value)>> = ty.tf_parts.iter().map(shares).collect();
    let mut out = Vec::with_capacity(bodies.len());
    for mut body in bodies {
        let of = ty.tf_parts.iter().zip(&shared).find(|(part, _)| body.part == Some(part.key));
        if let Some((part, shared)) = of {
            let main = OutputRef { node: own, output: part.held_by(ty) };
            let main = Value::Text(Text::Output(main));
            body.value.put(&[], Value::map([(part.attribute(), main)]));
            body.value.put(&[], Value::map(shared.clone()));
            if part.each {
                out.extend(one_each(graph, &body));
                continue;
            }
        }
        out.push(body);
    }
    out
}

/// An ID that leaves out its scope, with the scope in front.
fn within(
    graph: &Graph,
    node: &Node,
    part: Option<&'static str>,
    path: Path,
    value: Value,
) -> Value {
    let at = |property: &&Property| {
        property.tf.is_some_and(|tf| tf.part == part && std::ptr::eq(tf.path, path))
    };
    let parameter = node.ty.props.iter().find(at).and_then(|property| property.tf_within);
    let Some(scope) = parameter.and_then(|parameter| graph.scope.get(parameter)) else {
        return value;
    };
    let has_one = |id: &str| node.ty.provider.parameters.iter().any(|p| (p.of_id)(id).is_some());
    match value.as_str().filter(|id| !has_one(id)) {
        Some(id) => Value::from(format!("{scope}{id}")),
        None => value,
    }
}

/// A part whose list gives a resource for each element: a value of an argument, or a whole block of them. Its label is
/// what the element refers to, or its name: taking one away then leaves the labels of the others.
fn one_each(graph: &Graph, body: &Body) -> Vec<Body> {
    let Value::Map(entries) = &body.value else { return Vec::new() };
    let list = entries.iter().find_map(|(key, value)| match value {
        Value::List(items) => Some((key, items)),
        _ => None,
    });
    let Some((at, items)) = list else { return Vec::new() };
    let mut out: Vec<Body> = Vec::with_capacity(items.len());
    for item in items {
        let mut suffix = Cow::Owned(format!("{}-{}", body.suffix, label(graph, item)));
        if out.iter().any(|other| other.suffix == suffix) {
            suffix = Cow::Owned(format!("{suffix}-{}", out.len()));
        }
        let mut value = Value::Map(Entries::new());
        for (key, other) in entries.iter() {
            match (key == at, item) {
                (true, Value::Map(_)) => value.put(&[], item.clone()),
                (true, _) => value.put(&[], Value::map([(key.to_owned(), item.clone())])),
                (false, _) => value.put(&[], Value::map([(key.to_owned(), other.clone())])),
            }
        }
        out.push(Body { part: body.part, suffix, kind: body.kind.clone(), value });
    }
    out
}

/// What an element is or refers to, in a word: a name.
fn label(graph: &Graph, item: &Value) -> String {
    let text = item.at(&["name"]).unwrap_or(item).as_text();
    match text.and_then(Text::output).and_then(|output| graph.node(output.node)) {
        Some(node) => node.name.clone(),
        None => {
            let literal = text.and_then(Text::literal).unwrap_or_default();
            literal.rsplit('/').next().unwrap_or_default().to_owned()
        }
    }
}

/// The resource of REST type `wire` that holds `node`, however far up, and one of its outputs.
fn ancestor(
    graph: &Graph,
    node: &Node,
    wire: &str,
    output: &str,
) -> Option<(crate::value::NodeRef, &'static crate::schema::OutputSpec)> {
    let mut at = node;
    loop {
        let prop = at.ty.props.iter().position(|p| p.is_parent)?;
        let parent = at.fields.get(u16::try_from(prop).ok()?)?.as_text()?.output()?.node;
        at = graph.node(parent)?;
        if at.ty.wire.eq_ignore_ascii_case(wire) {
            return Some((parent, at.ty.output(output)?));
        }
    }
}

type Put<'a> = dyn FnMut(Option<&'static str>, Path, Value) + 'a;

fn lower_fields(fields: &Fields, props: &'static [Property], side: Side, put: &mut Put<'_>) {
    for field in fields.iter() {
        let Some(property) = props.get(field.prop as usize) else { continue };
        let Some(path) = side.path(property) else { continue };
        let value = match path.codec {
            // A codec over blocks sees them as the wire has them.
            Some(codec) if property.kind.block().is_some() => {
                (codec.encode)(&encode(&field.value, property, property.kind, side))
            }
            Some(codec) => (codec.encode)(&field.value),
            None => encode(&field.value, property, property.kind, side),
        };
        put(path.part, path.path, value);
    }
}

/// What Terraform gets of a property that is merged into the body itself; `None` where it is not.
pub(crate) fn merged(node: &Node, prop: u16) -> Option<Value> {
    let mut one = Fields::new();
    one.set(prop, node.fields.get(prop)?.clone(), None);
    let mut out = None;
    lower_fields(&one, node.ty.props, Side::Terraform, &mut |_, path, value| {
        out = path.is_empty().then_some(value);
    });
    out
}

fn encode(value: &Value, property: &Property, kind: &Kind, side: Side) -> Value {
    match (kind, value) {
        (Kind::Choice(choice), Value::Text(text)) if side == Side::Terraform => {
            terraform_word(choice, text)
        }
        (Kind::Block(block), Value::Block(fields)) => {
            let mut out = Value::Map(Entries::new());
            lower_fields(fields, block.props, side, &mut |_, path, value| out.put(path, value));
            out
        }
        (Kind::List(inner) | Kind::Set(inner), Value::List(items)) => {
            Value::List(items.iter().map(|item| encode(item, property, inner, side)).collect())
        }
        (Kind::Map(inner), Value::Map(entries)) => Value::Map(
            entries.iter().map(|(k, v)| (k.to_owned(), encode(v, property, inner, side))).collect(),
        ),
        (Kind::Ref(_), Value::Text(Text::Output(output)))
            if side == Side::Terraform && property.tf_ref != "id" =>
        {
            // Terraform names some resources by another attribute than their ID.
            let spec = if property.tf_ref == "name" { &NAME } else { output.output };
            Value::Text(Text::Output(OutputRef { node: output.node, output: spec }))
        }
        _ => value.clone(),
    }
}

fn terraform_word(choice: &ChoiceType, text: &Text) -> Value {
    match text.literal().and_then(|word| choice.by_wire(word)) {
        Some(variant) => Value::literal(variant.tf),
        None => Value::Text(text.clone()),
    }
}
