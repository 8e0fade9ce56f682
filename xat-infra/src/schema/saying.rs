//! One resource or block on its way to Rust: which constructor, which setters, and what is left over.
//!
//! Most types need nothing of this: their constructor is `new` and every property has a setter. A type with
//! constructors or setters of its own has a function `import = path`, which says what it can and leaves the rest.

use super::{BlockType, Kind, Property, Variable, Variables, rust};
use crate::value::{Fields, Value};

/// How a type says itself by its own constructors and setters.
pub type Say = fn(&mut Saying<'_>);

/// A resource or block that is being said in Rust.
///
/// ```
/// use xat_infra::schema::Saying;
///
/// /// A plan is for Linux or for Windows, and its constructor says which.
/// fn say(plan: &mut Saying<'_>) {
///     let linux = plan.is("reserved", true);
///     plan.construct(if linux { "AppServicePlan::linux" } else { "AppServicePlan::windows" }, &["name", "group", "sku"]);
///     plan.implies("kind", if linux { "linux" } else { "app" });
///     plan.implies("reserved", linux);
/// }
/// ```
pub struct Saying<'a> {
    props: &'static [Property],
    fields: &'a Fields,
    /// The variables that expressions may use.
    pub variables: &'a dyn Variables,
    /// What a resource has beside its properties; empty for a block.
    pub found: Found<'a>,
    head: Option<String>,
    argument: String,
    calls: Vec<String>,
    settled: Vec<u16>,
    implied: Fields,
}

/// What a resource has beside its properties.
#[derive(Clone, Copy, Default)]
pub struct Found<'a> {
    /// The expression for its name.
    pub name: &'a str,
    /// Its ID.
    pub id: &'a str,
    /// Its REST type.
    pub wire: &'a str,
    /// The REST API version.
    pub api: &'a str,
}

/// What became of a [`Saying`], for whoever says the rest.
pub struct Said {
    /// The constructor's call; `None` where the type leaves that to the description.
    pub head: Option<String>,
    /// The type's argument.
    pub argument: String,
    /// Calls behind the constructor's.
    pub calls: Vec<String>,
    /// Properties of which nothing more is to be said.
    pub settled: Vec<u16>,
    /// What constructor and calls declare by themselves.
    pub implied: Fields,
}

impl<'a> Saying<'a> {
    /// What is to be said, by the type's description.
    pub fn new(
        props: &'static [Property],
        fields: &'a Fields,
        variables: &'a dyn Variables,
        found: Found<'a>,
    ) -> Self {
        Self {
            props,
            fields,
            variables,
            found,
            head: None,
            argument: String::new(),
            calls: Vec::new(),
            settled: Vec::new(),
            implied: Fields::new(),
        }
    }

    /// The value of a property.
    pub fn get(&self, property: &str) -> Option<&'a Value> {
        self.fields.named(self.props, property)
    }

    /// The literal text of a property.
    pub fn text(&self, property: &str) -> Option<&'a str> {
        self.get(property)?.as_str()
    }

    /// Whether a property has this text, whatever its case.
    pub fn reads(&self, property: &str, text: &str) -> bool {
        self.text(property).is_some_and(|value| value.eq_ignore_ascii_case(text))
    }

    /// Whether a property is `value`.
    pub fn is(&self, property: &str, value: bool) -> bool {
        matches!(self.get(property), Some(Value::Bool(found)) if *found == value)
    }

    /// The expression of a property's value.
    pub fn expression(&self, property: &str) -> Option<String> {
        let index = self.index(property)?;
        let description = &self.props[index as usize];
        if description.is_name {
            return Some(self.found.name.to_owned()).filter(|name| !name.is_empty());
        }
        (description.rust)(self.fields.get(index)?, self.variables)
    }

    /// The expression of each element of a property's value.
    pub fn each(&self, property: &str) -> Option<Vec<String>> {
        let index = self.index(property)?;
        (self.props[index as usize].rust_each)(self.fields.get(index)?, self.variables)
    }

    /// The blocks of a property, each to be looked at by itself.
    pub fn blocks(&self, property: &str) -> Vec<Saying<'a>> {
        let Some(block) = self.index(property).and_then(|i| self.props[i as usize].kind.block())
        else {
            return Vec::new();
        };
        let items = match self.get(property) {
            Some(Value::List(items)) => items.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        let fields = items.iter().filter_map(Value::as_block);
        fields
            .map(|fields| Saying::new(block.props, fields, self.variables, Found::default()))
            .collect()
    }

    /// The variable of the resource that a property refers to by its ID or by `output`.
    pub fn variable(&self, property: &str, output: &str) -> Option<Variable<'a>> {
        let of = self.get(property)?.as_text()?.output().filter(|of| of.output.name == output)?;
        self.variables.variable(of.node)
    }

    /// Constructs it by `path` with properties as arguments; false if one of them cannot be said.
    pub fn construct(&mut self, path: &str, arguments: &[&str]) -> bool {
        let said: Option<Vec<String>> = arguments.iter().map(|a| self.expression(a)).collect();
        let Some(said) = said else { return false };
        self.construct_as(format!("{path}({})", said.join(", ")), arguments);
        true
    }

    /// Constructs it by the constructor that the derive writes, with these required properties; false if one of them cannot
    /// be said. It takes lists and maps as they are, so that their elements are turned here.
    pub fn construct_new(&mut self, path: &str, required: &[&str]) -> bool {
        let argument = |property: &&str| {
            let said = self.expression(property)?;
            let kind = self.index(property).map(|index| self.props[index as usize].kind);
            Some(match kind {
                Some(Kind::List(_)) if said == "[]" => "Vec::new()".to_owned(),
                Some(Kind::List(_)) => format!("{said}.map(|item| item.into())"),
                Some(Kind::Map(_)) => format!("{said}.map(|(key, value)| (key.to_owned(), value))"),
                _ => said,
            })
        };
        let said: Option<Vec<String>> = required.iter().map(argument).collect();
        let Some(said) = said else { return false };
        self.construct_as(format!("{path}({})", said.join(", ")), required);
        true
    }

    /// Constructs it by `path` with properties and the first element of a list as arguments, and says the other elements
    /// by `call`; false if one of them cannot be said, or the list is empty.
    pub fn construct_with_first(
        &mut self,
        path: &str,
        arguments: &[&str],
        list: &str,
        call: &str,
    ) -> bool {
        let said: Option<Vec<String>> = arguments.iter().map(|a| self.expression(a)).collect();
        let (Some(mut said), Some(mut items)) = (said, self.each(list)) else { return false };
        if items.is_empty() {
            return false;
        }
        let more: String =
            items.split_off(1).iter().map(|item| format!(".{call}({item})")).collect();
        said.append(&mut items);
        self.construct_as(format!("{path}({})", said.join(", ")), arguments);
        self.call(more, &[list]);
        true
    }

    /// Constructs it by an expression that says these properties.
    pub fn construct_as(&mut self, expression: String, says: &[&str]) {
        self.head = Some(expression);
        self.settle(says);
    }

    /// Calls a setter, by an expression from the dot on, that says these properties.
    pub fn call(&mut self, call: String, says: &[&str]) {
        self.calls.push(call);
        self.settle(says);
    }

    /// What the constructor or a call declares by itself: it is said again only where it is another.
    pub fn implies(&mut self, property: &str, value: impl Into<Value>) {
        if let Some(index) = self.index(property) {
            self.implied.set(index, value.into(), None);
        }
    }

    /// Says no more of these properties: they are said, or the service makes them itself.
    pub fn settle(&mut self, properties: &[&str]) {
        let indices = properties.iter().filter_map(|property| self.index(property));
        let indices: Vec<u16> = indices.collect();
        self.settled.extend(indices);
    }

    /// The argument of a generic type (`Premium`), by which references to it are checked.
    pub fn argument(&mut self, argument: &str) {
        self.argument = argument.to_owned();
    }

    /// What was said.
    pub fn finish(self) -> Said {
        Said {
            head: self.head,
            argument: self.argument,
            calls: self.calls,
            settled: self.settled,
            implied: self.implied,
        }
    }

    fn index(&self, property: &str) -> Option<u16> {
        let at = self.props.iter().position(|p| p.name == property)?;
        u16::try_from(at).ok()
    }
}

/// A block as an expression; `None` where its constructors and setters cannot say it exactly.
pub fn block(ty: &'static BlockType, value: &Value, variables: &dyn Variables) -> Option<String> {
    let fields = value.as_block()?;
    let mut saying = Saying::new(ty.props, fields, variables, Found::default());
    if let Some(say) = ty.import {
        say(&mut saying);
    } else if !ty.private_new {
        let required: Vec<&str> = ty.props.iter().filter(|p| p.required).map(|p| p.name).collect();
        saying.construct_new(&format!("{}::new", ty.rust), &required);
    }
    let said = saying.finish();
    let mut out = said.head? + &said.calls.concat();
    for (index, property) in (0u16..).zip(ty.props) {
        if said.settled.contains(&index) || property.write_only {
            continue;
        }
        let implied = said.implied.get(index).cloned().or_else(|| property.default.map(|d| d()));
        match rest(property, fields.get(index), implied.as_ref()) {
            Rest::Nothing => {}
            Rest::Say(value) => out += &rust::setter(property, &value, "", variables)?,
            Rest::Unsaid => return None,
        }
    }
    Some(out)
}

/// What is still to be said of a property, given what is live and what would be declared without a word.
pub enum Rest {
    /// Nothing: they are one.
    Nothing,
    /// This value.
    Say(Value),
    /// It would be declared, it is not live, and no value stands for that.
    Unsaid,
}

/// Compares what is live with what would be declared anyway.
pub fn rest(property: &Property, live: Option<&Value>, implied: Option<&Value>) -> Rest {
    let same = |a: &Value, b: &Value| rust::same(property, property.kind, a, b);
    let service = property.service.map(|service| service());
    match (live, implied) {
        (None, None) => Rest::Nothing,
        (Some(live), Some(implied)) if same(live, implied) => Rest::Nothing,
        (Some(live), None) if rust::is_nothing(live) => Rest::Nothing,
        (Some(live), None) if service.as_ref().is_some_and(|service| same(live, service)) => {
            Rest::Nothing
        }
        (Some(live), _) => Rest::Say(live.clone()),
        (None, Some(implied)) if rust::is_nothing(implied) || property.wire.is_none() => {
            Rest::Nothing
        }
        (None, Some(implied)) => match service {
            Some(service) if same(implied, &service) => Rest::Nothing,
            Some(service) => Rest::Say(service),
            None => Rest::Unsaid,
        },
    }
}
