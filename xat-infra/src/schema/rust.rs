//! Values as Rust source: the expressions that an import writes, and where it finds variables for resources.
//!
//! A type of value says itself by [`PropertyType::rust`](super::PropertyType::rust); the derives write it for blocks
//! and choices. What has no expression is said by the raw escape.

pub use super::rust_json::{expression, json, pieces, split};
use super::{Kind, Property, ResourceType};
use crate::value::{NodeRef, Piece, Text, Value};

/// A variable that holds a resource's handle.
pub struct Variable<'a> {
    /// Its name.
    pub name: &'a str,
    /// The resource's type.
    pub ty: &'static ResourceType,
    /// The type's argument (`Premium`); empty where it has none.
    pub argument: &'a str,
}

/// What an expression may refer to.
pub trait Variables {
    /// The variable of a resource; `None` where it has none, or none yet.
    fn variable(&self, node: NodeRef) -> Option<Variable<'_>>;

    /// The live value of an output, for where no variable can be used.
    fn known(&self, output: crate::value::OutputRef) -> Option<String>;

    /// A resource of this type and with this parent that has a variable. What uses it waits for it.
    fn child(&self, parent: &Text, slug: &str) -> Option<Variable<'_>>;

    /// A resource with this live value of one of its outputs that has a variable.
    fn with_output(&self, output: &str, value: &str) -> Option<Variable<'_>>;

    /// Whether a resource with this ID is written too.
    fn has(&self, id: &str) -> bool;
}

/// Text as a literal of Rust.
pub fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// Text as an argument for `impl Into<Text>`.
pub fn text(text: &Text, variables: &dyn Variables) -> Option<String> {
    if let Some(text) = text.literal() {
        return Some(literal(text));
    }
    let (mut format, mut arguments) = (String::new(), Vec::new());
    for piece in text.parts() {
        let plain = match piece {
            Piece::Literal(text) => text.to_owned(),
            Piece::Output(output) => match variables.variable(output.node) {
                Some(variable) => {
                    arguments.push(format!("{}.{}()", variable.name, output.output.name));
                    format.push_str("{}");
                    continue;
                }
                None => variables.known(output)?,
            },
        };
        format.push_str(&plain.replace('{', "{{").replace('}', "}}"));
    }
    Some(match arguments.as_slice() {
        [] => literal(&format.replace("{{", "{").replace("}}", "}")),
        [one] if format == "{}" => one.clone(),
        _ => format!("text!({}, {})", literal(&format), arguments.join(", ")),
    })
}

/// A reference as an argument: the variable, where it is of the right type, else the ID. `constructor` makes a
/// reference of an ID; `ty` is the type that is wanted and its argument, if it matters.
pub fn reference(
    value: &Value,
    variables: &dyn Variables,
    constructor: &str,
    wanted: Option<(&'static ResourceType, &str)>,
) -> Option<String> {
    let text = value.as_text()?;
    let existing = |id: &str| format!("{constructor}::existing({})", literal(id));
    match (text.literal(), text.output()) {
        (Some(id), _) => Some(existing(id)),
        (None, Some(output)) if output.output.name == "id" => {
            let fits = |variable: &Variable<'_>| {
                wanted.is_none_or(|(ty, argument)| {
                    std::ptr::eq(ty, variable.ty) && argument == variable.argument
                })
            };
            match variables.variable(output.node).filter(fits) {
                Some(variable) => Some(variable.name.to_owned()),
                None => Some(existing(&variables.known(output)?)),
            }
        }
        _ => None,
    }
}

/// A list as an array expression: its elements as arguments where they are all alike, else each made exact.
pub fn array(
    items: &[Value],
    variables: &dyn Variables,
    argument: fn(&Value, &dyn Variables) -> Option<String>,
    exact: fn(&Value, &dyn Variables) -> Option<String>,
) -> Option<String> {
    let arguments =
        items.iter().map(|item| argument(item, variables)).collect::<Option<Vec<_>>>()?;
    let alike = arguments.len() == 1 || arguments.iter().all(|item| item.starts_with('"'));
    let items = if alike {
        arguments
    } else {
        items.iter().map(|item| exact(item, variables)).collect::<Option<Vec<_>>>()?
    };
    Some(format!("[{}]", items.join(", ")))
}

/// A member of a closed set of words; `None` for a word outside it.
pub fn choice(kind: &Kind, value: &Value) -> Option<String> {
    let Kind::Choice(choice) = kind else { return None };
    Some(format!("{}::{}", choice.rust, choice.by_wire(value.as_str()?)?.rust))
}

/// The call of a property's setter, or a call for each element; `None` where it has none, or none for this value.
pub fn setter(
    property: &Property,
    value: &Value,
    argument: &str,
    variables: &dyn Variables,
) -> Option<String> {
    if !property.setter || property.only.is_some_and(|only| only != argument) {
        return None;
    }
    // A long list reads better as one.
    const MANY: usize = 8;
    if let Some(each) = property.each
        && let Some(arguments) = (property.rust_each)(value, variables)
        && (1..=MANY).contains(&arguments.len())
    {
        return Some(arguments.iter().map(|a| format!(".{each}({a})")).collect());
    }
    Some(format!(".{}({})", property.name, (property.rust)(value, variables)?))
}

/// Whether two plain values are one in the property's canonical form.
pub fn same(property: &Property, kind: &Kind, a: &Value, b: &Value) -> bool {
    match (kind, a, b) {
        (_, Value::Text(a), Value::Text(b)) => match (a.literal(), b.literal()) {
            (Some(a), Some(b)) => property.canon().same(a, b),
            _ => a == b,
        },
        (Kind::Set(inner), Value::List(a), Value::List(b)) => {
            let mut rest: Vec<&Value> = b.iter().collect();
            a.len() == b.len()
                && a.iter().all(|item| {
                    let at = rest.iter().position(|other| same(property, inner, item, other));
                    at.map(|at| rest.swap_remove(at)).is_some()
                })
        }
        (_, Value::List(a), Value::List(b)) => {
            let inner = kind.element().unwrap_or(kind);
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(property, inner, a, b))
        }
        (Kind::Block(block), Value::Block(a), Value::Block(b)) => {
            a.len() == b.len()
                && a.iter().zip(b.iter()).all(|(a, b)| {
                    let inner = block.props.get(a.prop as usize);
                    a.prop == b.prop && inner.is_some_and(|p| same(p, p.kind, &a.value, &b.value))
                })
        }
        (_, Value::Map(a), Value::Map(b)) => {
            let inner = if let Kind::Map(inner) = kind { inner } else { kind };
            a.len() == b.len()
                && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(property, inner, a, b)))
        }
        (_, Value::Bool(a), Value::Bool(b)) => a == b,
        (_, Value::Int(a), Value::Int(b)) => a == b,
        (_, Value::Float(a), Value::Float(b)) => a == b,
        (_, Value::Int(a), Value::Float(b)) | (_, Value::Float(b), Value::Int(a)) => {
            *a as f64 == *b
        }
        (_, a, b) => is_nothing(a) && is_nothing(b),
    }
}

/// Whether a value says nothing: services return empty lists and objects for what is not there.
pub fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        Value::Block(fields) => fields.iter().all(|field| is_nothing(&field.value)),
        other => other.as_str() == Some(""),
    }
}
