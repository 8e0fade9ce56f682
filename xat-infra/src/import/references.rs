//! References: IDs and outputs of other resources of the import, found in what an item declares.

use std::collections::{BTreeMap, HashMap};

use super::Item;
use super::items::{called, name_of};
use crate::schema::{
    Canon, ID, IdRequest, Kind, NAME, OutputSource, OutputSpec, Property, ResourceType, canons,
};
use crate::value::{Entries, Fields, NodeRef, OutputRef, Text, Value};

/// Where IDs and outputs lead.
pub(super) struct Index {
    by_id: HashMap<String, u32>,
    /// What bodies name resources by, where that is not the ID: two services may call theirs alike.
    by_reference: HashMap<String, Vec<u32>>,
    outputs: HashMap<String, (u32, &'static OutputSpec)>,
}

/// A reference to the item with this index. Imports are stack 0.
pub(super) fn node(index: u32) -> NodeRef {
    NodeRef { stack: 0, index }
}

impl Index {
    /// All that may be referred to. What the stack says once, its `parameters`, is no resource's to give.
    pub(super) fn of(items: &[Item], parameters: &[&str]) -> Self {
        let at = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        let by_id = items
            .iter()
            .enumerate()
            .map(|(i, item)| (item.id.trim_end_matches('/').to_ascii_lowercase(), at(i)))
            .collect();
        let mut by_reference: HashMap<String, Vec<u32>> = HashMap::new();
        for (i, item) in items.iter().enumerate() {
            let reference = (item.ty.provider.reference)(&item.id);
            if reference != item.id {
                by_reference.entry(reference.to_ascii_lowercase()).or_default().push(at(i));
            }
        }
        let mut outputs: HashMap<String, Option<(u32, &'static OutputSpec)>> = HashMap::new();
        for (i, item) in items.iter().enumerate() {
            for (spec, value) in &item.outputs {
                // Short words mean many things.
                if value.len() < 12 || parameters.contains(&value.as_str()) {
                    continue;
                }
                let found = outputs.entry(value.clone()).or_insert(Some((at(i), spec)));
                if found.is_some_and(|(of, _)| of != at(i)) {
                    *found = None;
                }
            }
        }
        let outputs = outputs.into_iter().filter_map(|(value, of)| Some((value, of?))).collect();
        Self { by_id, by_reference, outputs }
    }

    /// The item of a type that a reference means: by its name in bodies, whatever stands in front, or by another output that
    /// says which it is (an e-mail).
    fn of_type(&self, text: &str, ty: &'static ResourceType, items: &[Item]) -> Option<u32> {
        let is = |of: &u32| std::ptr::eq(items[*of as usize].ty, ty);
        let reference = (ty.provider.reference)(text).to_ascii_lowercase();
        if let Some(of) =
            self.by_reference.get(&reference).and_then(|all| all.iter().find(|of| is(of)))
        {
            return Some(*of);
        }
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let mut means = (0..count).filter(is).filter(|of| {
            let item = &items[*of as usize];
            let by = |output: &OutputSpec| known(item, output).as_deref() == Some(text);
            (ty.provider.same_reference)(&item.id, text)
                || (!text.contains('/') && (by(&NAME) || ty.outputs.iter().any(by)))
        });
        let found = means.next();
        found.filter(|_| means.next().is_none())
    }

    /// The item with this ID.
    pub(super) fn item(&self, id: &str) -> Option<u32> {
        self.by_id.get(&id.trim_end_matches('/').to_ascii_lowercase()).copied()
    }

    /// An item's properties with references in place of IDs and of others' outputs.
    pub(super) fn refer(&self, own: u32, item: &Item, items: &[Item]) -> Fields {
        let mut out = Fields::new();
        for field in item.fields.iter() {
            let Some(property) = item.ty.props.get(field.prop as usize) else { continue };
            let value = if property.is_name || property.is_tags {
                field.value.clone()
            } else {
                self.value(&field.value, property, property.kind, own, items)
            };
            out.set(field.prop, value, None);
        }
        out
    }

    fn value(
        &self,
        value: &Value,
        property: &Property,
        kind: &Kind,
        own: u32,
        items: &[Item],
    ) -> Value {
        match (kind, value) {
            (_, Value::Text(Text::Literal(text))) if text.contains('\u{1}') => {
                Value::Text(self.marked(text, items))
            }
            (Kind::Ref(ty), Value::Text(Text::Literal(text))) => {
                let of_type = || self.of_type(text, ty(), items).filter(|of| *of != own);
                let found = self.id(text, own).or_else(|| of_type().map(id_of));
                found.unwrap_or_else(|| value.clone())
            }
            (Kind::AnyRef, Value::Text(Text::Literal(text))) => {
                self.id(text, own).unwrap_or_else(|| value.clone())
            }
            (Kind::Text(_) | Kind::Json, Value::Text(Text::Literal(text))) => {
                let canon: &Canon = property.canon();
                let loose = std::ptr::eq(canon, &canons::RESOURCE_ID);
                let id = self.id(text, own).filter(|found| {
                    let of = found.as_text().and_then(Text::output);
                    // Where spelling counts, only an ID that is spelt as it would be written is the same.
                    loose || of.is_some_and(|of| items[of.node.index as usize].id == **text)
                });
                id.or_else(|| self.output(text, own)).unwrap_or_else(|| value.clone())
            }
            (Kind::List(inner) | Kind::Set(inner), Value::List(list)) => Value::List(
                list.iter().map(|item| self.value(item, property, inner, own, items)).collect(),
            ),
            (Kind::Json, Value::List(list)) => Value::List(
                list.iter().map(|item| self.value(item, property, kind, own, items)).collect(),
            ),
            (Kind::Map(inner), Value::Map(map)) => self.map(map, property, inner, own, items),
            (Kind::Json, Value::Map(map)) => self.map(map, property, kind, own, items),
            (Kind::Block(block), Value::Block(fields)) => {
                let mut out = Fields::new();
                for field in fields.iter() {
                    if let Some(inner) = block.props.get(field.prop as usize) {
                        let value = self.value(&field.value, inner, inner.kind, own, items);
                        out.set(field.prop, value, None);
                    }
                }
                Value::Block(out)
            }
            _ => value.clone(),
        }
    }

    fn map(
        &self,
        map: &Entries,
        property: &Property,
        kind: &Kind,
        own: u32,
        items: &[Item],
    ) -> Value {
        let inner = |value| self.value(value, property, kind, own, items);
        Value::Map(map.iter().map(|(key, value)| (key.to_owned(), inner(value))).collect())
    }

    fn id(&self, text: &str, own: u32) -> Option<Value> {
        let of = self.item(text).filter(|of| *of != own && text.starts_with('/'))?;
        Some(id_of(of))
    }

    /// Text with outputs in the place of its markers.
    fn marked(&self, text: &str, items: &[Item]) -> Text {
        Text::join(text.split('\u{1}').map(|piece| {
            let output = piece.split_once('\u{2}').and_then(|(id, path)| {
                let of = self.item(id)?;
                let keys: Vec<&str> = path.split('.').collect();
                let outputs = items[of as usize].ty.outputs;
                let spec = outputs.iter().find(|spec| same_path(spec.wire, &keys))?;
                Some(Text::Output(OutputRef { node: node(of), output: spec }))
            });
            output.unwrap_or_else(|| Text::from(piece.to_owned()))
        }))
    }

    fn output(&self, text: &str, own: u32) -> Option<Value> {
        let (of, output) = self.outputs.get(text).filter(|(of, _)| *of != own)?;
        Some(Value::Text(Text::Output(OutputRef { node: node(*of), output })))
    }
}

/// The ID of an item, as text.
fn id_of(index: u32) -> Value {
    Value::Text(Text::Output(OutputRef { node: node(index), output: &ID }))
}

/// What a template of an output makes of an item, whose ID says its parts.
pub(super) fn made(
    item: &Item,
    id: &str,
    template: &str,
    scope: &BTreeMap<&'static str, String>,
) -> Option<String> {
    let parts = item.ty.id_parts(id)?;
    let property = |name: &str| {
        let said = item.fields.named(item.ty.props, name).and_then(Value::as_str);
        parts.get(name).or(said).map(str::to_owned)
    };
    let mut in_id: BTreeMap<&'static str, String> = scope.clone();
    for parameter in item.ty.provider.parameters {
        in_id.extend(parts.get(parameter.key).map(|value| (parameter.key, value.to_owned())));
    }
    let request = IdRequest {
        ty: item.ty,
        wire: &item.wire,
        name: Some(name_of(item.ty, id)),
        derive_from: &[],
        parent: parts.get("parent"),
        scope: &in_id,
        property: &property,
    };
    request.fill(template).ok()
}

/// The live value of an output.
pub(super) fn known(item: &Item, output: &OutputSpec) -> Option<String> {
    match output.source {
        OutputSource::Id => Some(item.id.clone()),
        OutputSource::Name => {
            let said = called(item.ty, &item.fields);
            Some(said.unwrap_or_else(|| name_of(item.ty, &item.id)).to_owned())
        }
        OutputSource::Live => {
            let of = item.outputs.iter().find(|(spec, _)| spec.name == output.name);
            of.map(|(_, value)| value.clone())
        }
        OutputSource::Declared(property) => {
            item.fields.named(item.ty.props, property)?.as_str().map(str::to_owned)
        }
        OutputSource::Made(template) => made(item, &item.id, template, &BTreeMap::new()),
        OutputSource::Parent(_) => None,
    }
}

/// What stands in a text for a value that only the applied resource has: its ID, and where its body has the value.
pub(super) fn marker(id: &str, path: &str) -> String {
    format!("\u{1}{id}\u{2}{path}\u{1}")
}

/// Whether two paths are one, whatever their case.
pub(super) fn same_path(a: &[&str], b: &[&str]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.eq_ignore_ascii_case(b))
}
