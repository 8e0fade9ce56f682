//! Items as the source of one function, in order, not yet formatted.

use std::collections::{BTreeSet, HashSet};

use super::items;
use super::order::order;
use super::raw::as_raw;
use super::references::Index;
use super::scope::{Names, World, referred, snake, variables};
use super::{Item, Options, is_raw, parameters, place, providers, say};
use crate::schema::{Provider, Registered, Scope};
use crate::value::{Entries, Fields, Value};

/// The macro that stands for a comment, by its number, until the source is formatted.
pub(super) const NOTE: &str = "note_of_import";

/// The source of the function that gives the stack, and its comments.
pub(super) fn write(
    items: Vec<Item>,
    types: &[Registered],
    options: &Options,
    notes: &mut Vec<String>,
) -> (String, Vec<String>) {
    let world = world(items, types, notes);
    let mut comments = Vec::new();
    let count = u32::try_from(world.items.len()).unwrap_or(u32::MAX);
    let uses: Vec<BTreeSet<u32>> = (0..count)
        .map(|own| {
            let (item, fields) = (&world.items[own as usize], &world.fields[own as usize]);
            let names = Names::new(&world, own, None);
            say::said(item, fields, &names);
            let waits = item.depends_on.iter().filter_map(|id| world.index.item(id));
            waits.chain(referred(fields)).chain(names.used.into_inner()).collect()
        })
        .collect();
    let first = |index: u32| world.items[index as usize].ty.scope == Scope::Root;
    let order = order(&uses, &first);
    let calls = place::calls(&world, &order);
    let mut there = HashSet::new();
    let mut said: Vec<(u32, String)> = Vec::new();
    for &own in &order {
        let at = own as usize;
        let (item, fields) = (&world.items[at], &world.fields[at]);
        let names = Names::new(&world, own, Some(&there));
        let expression =
            calls[at].as_ref().and_then(|calls| say::expression(item, fields, &names, calls));
        match expression {
            Some(expression) => {
                let first = comments.len();
                comments.extend(expression.notes);
                let above = (first..comments.len()).map(|n| format!("{NOTE}!({n});\n"));
                said.push((own, above.collect::<String>() + "@" + &expression.text));
                there.insert(own);
            }
            None => notes
                .push(format!("`{}` is left out: a stack of this scope cannot name it", item.id)),
        }
        notes.extend(supplied(fields));
    }
    (function(&world, options, &said), comments)
}

/// What is written, settled: types that cannot say an item give way to the raw escape, shared tags go to the stack.
fn world(mut all: Vec<Item>, types: &[Registered], notes: &mut Vec<String>) -> World {
    let parameters = parameters(&all);
    let given: Vec<&str> = parameters.values().map(String::as_str).collect();
    let mut index = Index::of(&all, &given);
    let fields: Vec<Fields> =
        (0u32..).zip(&all).map(|(own, item)| index.refer(own, item, &all)).collect();
    let names = variables(&all);
    let arguments = vec![String::new(); all.len()];
    let mut world = World {
        items: std::mem::take(&mut all),
        index,
        fields,
        names,
        arguments,
        parameters,
        tags: Vec::new(),
    };
    world.arguments = each(&world, |item, fields, names| say::said(item, fields, names).argument);
    let sayable = each(&world, |item, fields, names| {
        is_raw(item.ty) || (say::sayable(item, names) && say::sayable(&with(item, fields), names))
    });
    for (item, sayable) in world.items.iter_mut().zip(sayable) {
        if !sayable && let Some(raw) = as_raw(item, types, notes) {
            *item = raw;
        }
    }
    // One property less may break another limit: each round takes what broke one.
    for _ in 0..4 {
        let declared = each(&world, |item, _, names| say::declared(item, &item.fields, names));
        for (item, declared) in world.items.iter_mut().zip(&declared) {
            if !is_raw(item.ty)
                && !items::limits(item, declared)
                && let Some(raw) = as_raw(item, types, notes)
            {
                *item = raw;
            }
        }
    }
    world.tags = common_tags(&mut world.items);
    let given: Vec<&str> = world.parameters.values().map(String::as_str).collect();
    index = Index::of(&world.items, &given);
    world.fields = (0u32..)
        .zip(&world.items)
        .map(|(own, item)| index.refer(own, item, &world.items))
        .collect();
    world.index = index;
    world.names = variables(&world.items);
    world.arguments = each(&world, |item, fields, names| say::said(item, fields, names).argument);
    world
}

/// An item with references in place of IDs.
fn with(item: &Item, fields: &Fields) -> Item {
    Item { fields: fields.clone(), ..item.clone() }
}

fn each<T>(world: &World, f: impl Fn(&Item, &Fields, &Names<'_>) -> T) -> Vec<T> {
    (0u32..)
        .zip(world.items.iter().zip(&world.fields))
        .map(|(own, (item, fields))| f(item, fields, &Names::new(world, own, None)))
        .collect()
}

/// Tags that every resource with tags has, taken from each: the stack says them once.
fn common_tags(items: &mut [Item]) -> Vec<(String, String)> {
    let tags_of = |item: &Item| {
        let at = item.ty.props.iter().position(|property| property.is_tags)?;
        let at = u16::try_from(at).ok()?;
        Some((at, item.fields.get(at).cloned().unwrap_or_default()))
    };
    let all: Vec<Value> = items.iter().filter_map(tags_of).map(|(_, tags)| tags).collect();
    let (Some(Value::Map(first)), true) = (all.first(), all.len() > 2) else { return Vec::new() };
    let everywhere = |key: &str, value: &Value| {
        all.iter().all(|tags| match tags {
            Value::Map(tags) => tags.get(key).and_then(Value::as_str) == value.as_str(),
            _ => false,
        })
    };
    let common: Vec<(String, String)> = first
        .iter()
        .filter(|(key, value)| value.as_str().is_some() && everywhere(key, value))
        .map(|(key, value)| (key.to_owned(), value.as_str().unwrap_or_default().to_owned()))
        .collect();
    for item in items {
        let Some((at, Value::Map(tags))) = tags_of(item) else { continue };
        let own = tags.iter().filter(|(key, _)| !common.iter().any(|(shared, _)| shared == key));
        let own: Entries = own.map(|(key, value)| (key.to_owned(), value.clone())).collect();
        item.fields.set(at, Value::Map(own), None);
    }
    common
}

/// The secrets that have to be given.
fn supplied(fields: &Fields) -> Vec<String> {
    let mut out = Vec::new();
    for field in fields.iter() {
        field.value.each_secret(&mut |secret| {
            let name = secret.supplied_name();
            out.extend(name.map(|name| format!("the secret `{name}` must be supplied at apply")));
        });
    }
    out
}

fn function(world: &World, options: &Options, said: &[(u32, String)]) -> String {
    let name = if options.name.is_empty() { "imported" } else { &options.name };
    let mut out = format!("#![doc = {:?}]\n", format!(" Imported from {}.", options.from));
    let providers = providers(&world.items);
    for provider in &providers {
        out += &format!("use xat_infra::{}::prelude::*;\n", provider.name);
        let beside = beside_prelude(provider, world, said);
        if !beside.is_empty() {
            out += &format!("use xat_infra::{}::{{{}}};\n", provider.name, beside.join(", "));
        }
    }
    if providers.is_empty() {
        out += "use xat_infra::dsl::Stack;\n";
    }
    out += &format!("/// The stack as it was found: {} resources.\n", said.len());
    let function = Some(snake(name))
        .filter(|word| !word.is_empty() && !word.starts_with(|c: char| c.is_ascii_digit()));
    let function = function.unwrap_or_else(|| "imported".to_owned());
    let mutable = if said.is_empty() { "" } else { "mut " };
    out += &format!("pub fn {function}() -> Stack {{ let {mutable}stack = Stack::new({name:?})");
    for parameter in providers.into_iter().flat_map(|of| of.parameters) {
        if let Some(value) = world.parameters.get(parameter.key) {
            out += &format!(".{}({value:?})", parameter.setter);
        }
    }
    for (key, value) in &world.tags {
        out += &format!(".tag({key:?}, {value:?})");
    }
    out += ";\n";
    let used: HashSet<String> = said
        .iter()
        .flat_map(|(_, text)| words(text).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    for (own, text) in said {
        let (comments, expression) = text.split_once('@').unwrap_or(("", text));
        let variable = &world.names[*own as usize];
        let binding =
            if used.contains(variable) { format!("let {variable} = ") } else { String::new() };
        out += &format!("{comments}{binding}stack.add({expression});\n");
    }
    out + "stack }\n"
}

/// The names that a cloud's resources use and that its prelude does not have.
fn beside_prelude(provider: &Provider, world: &World, said: &[(u32, String)]) -> Vec<String> {
    let known: HashSet<&str> = words(provider.prelude).collect();
    let mut out = BTreeSet::new();
    let of_it = |own: u32| std::ptr::eq(world.items[own as usize].ty.provider, provider);
    for (_, text) in said.iter().filter(|(own, _)| of_it(*own)) {
        let names = words(text).filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()));
        for name in names.filter(|name| !known.contains(name) && *name != "Vec") {
            // Behind a path's separator stands a member, not a name.
            let before = &text[..name.as_ptr() as usize - text.as_ptr() as usize];
            if !before.ends_with("::") {
                out.insert(name.to_owned());
            }
        }
    }
    out.into_iter().collect()
}

/// The words of a source outside its literals of text.
pub(super) fn words(source: &str) -> impl Iterator<Item = &str> {
    let mut rest = source;
    std::iter::from_fn(move || {
        loop {
            let first = rest.chars().next()?;
            if first == '"' {
                let mut escaped = false;
                let end = rest[1..].char_indices().find(|(_, c)| {
                    let ends = *c == '"' && !escaped;
                    escaped = *c == '\\' && !escaped;
                    ends
                });
                rest = end.map_or("", |(at, _)| &rest[at + 2..]);
            } else if first.is_alphanumeric() || first == '_' {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'));
                let (word, behind) = rest.split_at(end.unwrap_or(rest.len()));
                rest = behind;
                return Some(word);
            } else {
                rest = &rest[first.len_utf8()..];
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_in_text_are_none() {
        let source = r#"A::new(name!("a \" b"), group).x("c\\", d_1)"#;
        assert_eq!(words(source).collect::<Vec<_>>(), ["A", "new", "name", "group", "x", "d_1"]);
    }
}
