//! The variables of an import: what each resource is called, which may be used where, and which are.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::references::{self, Index, node};
use super::{Item, is_raw};
use crate::schema::{Property, Variable, Variables};
use crate::value::{Fields, NodeRef, OutputRef, Text, Value};

/// All items of an import, as they are said.
pub(super) struct World {
    pub(super) items: Vec<Item>,
    pub(super) index: Index,
    /// What each declares, with references.
    pub(super) fields: Vec<Fields>,
    /// The variable of each.
    pub(super) names: Vec<String>,
    /// The arguments of generic types.
    pub(super) arguments: Vec<String>,
    /// What the stack says once.
    pub(super) parameters: BTreeMap<&'static str, String>,
    /// The tags that all resources have.
    pub(super) tags: Vec<(String, String)>,
}

/// The variables that one item may use, and those that it did.
pub(super) struct Names<'a> {
    pub(super) world: &'a World,
    /// Which variables are there already; all, if it is not settled yet.
    pub(super) there: Option<&'a HashSet<u32>>,
    /// Which were used.
    pub(super) used: RefCell<BTreeSet<u32>>,
    /// The item that is being said.
    pub(super) own: u32,
}

impl<'a> Names<'a> {
    pub(super) fn new(world: &'a World, own: u32, there: Option<&'a HashSet<u32>>) -> Self {
        Self { world, there, used: RefCell::default(), own }
    }

    /// The variable of the item with this index, if it may be used.
    pub(super) fn usable(&self, index: u32) -> Option<Variable<'a>> {
        let there = self.there.is_none_or(|there| there.contains(&index));
        let item = self.world.items.get(index as usize).filter(|_| there && index != self.own)?;
        self.used.borrow_mut().insert(index);
        Some(Variable {
            name: &self.world.names[index as usize],
            ty: item.ty,
            argument: &self.world.arguments[index as usize],
        })
    }
}

impl Variables for Names<'_> {
    fn variable(&self, node: NodeRef) -> Option<Variable<'_>> {
        self.usable(node.index)
    }

    fn known(&self, output: OutputRef) -> Option<String> {
        references::known(self.world.items.get(output.node.index as usize)?, output.output)
    }

    fn child(&self, parent: &Text, slug: &str) -> Option<Variable<'_>> {
        let of = match (parent.output(), parent.literal()) {
            (Some(output), _) => output.node,
            (None, Some(id)) => node(self.world.index.item(id)?),
            _ => return None,
        };
        let all = self.world.items.iter().zip(&self.world.fields);
        let found = all.into_iter().position(|(item, fields)| {
            let held = value_of(item, fields, |property| property.is_parent);
            let held = held.and_then(Value::as_text).and_then(Text::output);
            item.ty.slug == slug && held.is_some_and(|held| held.node == of)
        });
        self.usable(u32::try_from(found?).ok()?)
    }

    fn with_output(&self, output: &str, value: &str) -> Option<Variable<'_>> {
        let found = self.world.items.iter().position(|item| {
            item.outputs.iter().any(|(spec, live)| spec.name == output && live == value)
        });
        self.usable(u32::try_from(found?).ok()?)
    }

    fn has(&self, id: &str) -> bool {
        self.world.index.item(id).is_some()
    }
}

/// The value of the first property of a kind.
pub(super) fn value_of<'f>(
    item: &Item,
    fields: &'f Fields,
    is: impl Fn(&Property) -> bool,
) -> Option<&'f Value> {
    let at = item.ty.props.iter().position(is)?;
    fields.get(u16::try_from(at).ok()?)
}

/// Words that cannot be variables, and those that the function uses itself.
const TAKEN: &[&str] = &[
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern",
    "false", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut",
    "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "type", "unsafe",
    "use", "where", "while", "abstract", "become", "box", "do", "final", "macro", "override",
    "priv", "try", "typeof", "unsized", "virtual", "yield", "stack",
];

/// A name as a Rust word in snake case; empty where nothing of it is left.
pub(super) fn snake(name: &str) -> String {
    let mut out = String::new();
    let mut last_lower = false;
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            if c.is_ascii_uppercase() && last_lower {
                out.push('_');
            }
            out.push(c.to_ascii_lowercase());
            last_lower = c.is_ascii_lowercase();
        } else {
            if !out.is_empty() && !out.ends_with('_') {
                out.push('_');
            }
            last_lower = false;
        }
    }
    out.trim_end_matches('_').to_owned()
}

/// A variable for each item: its name, with the type behind it where two would be one.
pub(super) fn variables(items: &[Item]) -> Vec<String> {
    let mut taken: HashSet<String> = TAKEN.iter().map(|word| (*word).to_owned()).collect();
    let wanted: Vec<String> = items.iter().map(base).collect();
    let mut out = Vec::with_capacity(items.len());
    for (item, base) in items.iter().zip(&wanted) {
        let kind = match is_raw(item.ty) {
            true => snake(item.wire.rsplit('/').next().unwrap_or_default()),
            false => item.ty.slug.to_owned(),
        };
        let shared = wanted.iter().filter(|other| *other == base).count() > 1;
        let long = format!("{base}_{kind}");
        let first = if shared || taken.contains(base) { long.clone() } else { base.clone() };
        let numbered = (2..).map(|n| format!("{long}_{n}"));
        let name = std::iter::once(first).chain(numbered).find(|name| !taken.contains(name));
        let name = name.unwrap_or(long);
        taken.insert(name.clone());
        out.push(name);
    }
    out
}

fn base(item: &Item) -> String {
    let name = item.id.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let word = snake(name);
    // A GUID says nothing.
    let guid = name.len() == 36 && name.bytes().filter(|b| *b == b'-').count() == 4;
    let of_type = if is_raw(item.ty) { "raw" } else { item.ty.slug };
    if word.is_empty() || guid {
        of_type.to_owned()
    } else if word.starts_with(|c: char| c.is_ascii_digit()) {
        format!("{of_type}_{word}")
    } else {
        word
    }
}

/// The items that each item's declared values refer to.
pub(super) fn referred(fields: &Fields) -> BTreeSet<u32> {
    let mut out = BTreeSet::new();
    for field in fields.iter() {
        field.value.each_output(&mut |output| {
            out.insert(output.node.index);
        });
    }
    out
}

/// The text of a name as an expression: a literal that is checked while compiling.
pub(super) fn name(item: &Item) -> String {
    let text = value_of(item, &item.fields, |property| property.is_name).and_then(Value::as_str);
    text.map(|text| format!("name!({text:?})")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::snake;

    #[test]
    fn names_become_words() {
        for (name, word) in [
            ("xat-backend-kv", "xat_backend_kv"),
            ("privatelink.azurewebsites.net", "privatelink_azurewebsites_net"),
            ("GatewaySubnet", "gateway_subnet"),
            ("--x--", "x"),
            ("é", ""),
        ] {
            assert_eq!(snake(name), word);
        }
    }
}
