//! One lowered resource as a Terraform body: which objects are blocks and which are arguments, and where secrets go.

use std::collections::{HashMap, HashSet};

use super::secrets::Secrets;
use super::syntax::{Block, Body, Expr, Item};
use crate::graph::Node;
use crate::schema::{Kind, Property, ResourceType};
use crate::value::{Text, Value};
use crate::wire::{Expressions, Terraform};

/// What the description says of a type's arguments, by part and dotted path.
#[derive(Default)]
pub(super) struct Shape {
    /// Arguments that are objects with free keys: never blocks.
    objects: HashSet<(Option<&'static str>, String)>,
    /// Lists of blocks: nothing at all when empty.
    lists: HashSet<(Option<&'static str>, String)>,
    /// Blocks that Terraform has as objects of an attribute, with all their keys.
    whole: HashMap<(Option<&'static str>, String), &'static [&'static str]>,
}

impl Shape {
    pub(super) fn of(ty: &'static ResourceType) -> Self {
        let mut shape = Self::default();
        shape.gather(ty.props, None, "");
        shape
    }

    fn gather(&mut self, props: &'static [Property], part: Option<&'static str>, prefix: &str) {
        for property in props {
            let Some(tf) = &property.tf else { continue };
            let part = tf.part.or(part);
            let mut path = prefix.to_owned();
            for step in tf.path {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(step);
            }
            match property.kind {
                Kind::Map(_) | Kind::Json if !property.tf_blocks => {
                    self.objects.insert((part, path.clone()));
                }
                Kind::Map(_) => {
                    self.lists.insert((part, path.clone()));
                }
                Kind::List(_) | Kind::Set(_) if property.kind.block().is_some() => {
                    self.lists.insert((part, path.clone()));
                }
                _ => {}
            }
            if let (true, Some((map, _))) = (property.tf_map, path.rsplit_once('.')) {
                self.objects.insert((part, map.to_owned()));
            }
            if !property.tf_object.is_empty() {
                // Of a leaf it is the object that its path lies in.
                let leaf = property.kind.block().is_none() && tf.codec.is_none();
                let inside = path.rsplit_once('.').filter(|_| leaf);
                let at = inside.map_or(path.clone(), |(object, _)| object.to_owned());
                self.whole.insert((part, at), property.tf_object);
            }
            if let Some(block) = property.kind.block()
                && !matches!(property.kind, Kind::Map(_))
            {
                self.gather(block.props, part, &path);
            }
        }
    }
}

/// What a body is being written for.
pub(super) struct Writer<'w, 'g> {
    pub(super) spell: &'w Terraform<'g>,
    pub(super) shape: &'w Shape,
    pub(super) secrets: &'w mut Secrets,
    pub(super) node: &'w Node,
    /// Whether it goes through the raw provider.
    pub(super) raw: bool,
    pub(super) part: Option<&'static str>,
}

impl Writer<'_, '_> {
    /// The body of one lowered resource.
    pub(super) fn body(&mut self, value: &Value) -> Body {
        let mut body = Body::default();
        self.fill(value, "", &mut body);
        body
    }

    fn fill(&mut self, value: &Value, prefix: &str, body: &mut Body) {
        let Value::Map(entries) = value else { return };
        let mut blocks = Vec::new();
        for (name, value) in entries.iter() {
            let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
            let element = self.shape.whole.contains_key(&(self.part, path.clone()));
            match self.blocks(value, &path) {
                // No element at all is said too: an attribute that is left out may keep what it has.
                Some(found) if found.is_empty() && element => {
                    body.attr(name, Expr::List(Vec::new()));
                }
                Some(found) => blocks.extend(
                    found.into_iter().map(|body| Block { element, ..Block::new(name, &[], body) }),
                ),
                None => self.attribute(name, value, &path, body),
            }
        }
        body.0.extend(blocks.into_iter().map(Item::Block));
    }

    /// The blocks that a value is; `None` where it is an argument.
    fn blocks(&mut self, value: &Value, path: &str) -> Option<Vec<Body>> {
        let key = (self.part, path.to_owned());
        if self.shape.objects.contains(&key) || self.free(path) {
            return None;
        }
        match value {
            Value::Map(_) => Some(vec![self.block(value, path)]),
            Value::List(items) if items.is_empty() => {
                self.shape.lists.contains(&key).then(Vec::new)
            }
            Value::List(items) if items.iter().all(|item| matches!(item, Value::Map(_))) => {
                Some(items.iter().map(|item| self.block(item, path)).collect())
            }
            _ => None,
        }
    }

    fn block(&mut self, value: &Value, path: &str) -> Body {
        let mut body = Body::default();
        self.fill(value, path, &mut body);
        let whole = self.shape.whole.get(&(self.part, path.to_owned()));
        for key in whole.copied().unwrap_or_default() {
            let said = body.0.iter().any(|item| match item {
                Item::Attr(name, _) => name == key,
                Item::Block(block) => block.kind == *key,
                _ => false,
            });
            if !said {
                body.0.push(Item::Absent(key));
            }
        }
        body
    }

    /// Whether a path lies in the free body of a resource that goes through the raw provider.
    fn free(&self, path: &str) -> bool {
        self.raw && path.split('.').next().is_some_and(|first| first != "identity")
    }

    fn attribute(&mut self, name: &str, value: &Value, path: &str, body: &mut Body) {
        if let Value::Secret(secret) = value {
            if name.ends_with("_wo") {
                let value = self.secrets.write(self.spell, self.node, path, secret);
                body.set(name, value);
                let version = self.secrets.version(self.spell, secret);
                body.set(&format!("{name}_version"), version);
            } else {
                self.secrets.refuse(self.node, path);
            }
            return;
        }
        // A version beside a write-only argument is the secret's, however the type spells it.
        let versioned = name.strip_suffix("_version").is_some_and(|wo| {
            wo.ends_with("_wo")
                && body.0.iter().any(|item| matches!(item, Item::Attr(known, _) if known == name))
        });
        if !versioned {
            let value = self.expression(value, path, name == "sensitive_body");
            body.attr(name, value);
        }
    }

    fn expression(&mut self, value: &Value, path: &str, safe: bool) -> Expr {
        match value {
            Value::Null | Value::Block(_) => Expr::Null,
            Value::Bool(value) => Expr::Bool(*value),
            Value::Int(value) => Expr::Int(*value),
            Value::Float(value) => Expr::Float(*value),
            Value::Text(text) => Expr::Template(self.spell.text(text)),
            Value::List(items) => {
                Expr::List(items.iter().map(|item| self.expression(item, path, safe)).collect())
            }
            Value::Map(entries) => Expr::Object(
                entries
                    .iter()
                    .map(|(key, value)| {
                        let path = format!("{path}.{key}");
                        (
                            self.spell.text(&Text::from(key.to_owned())),
                            self.expression(value, &path, safe),
                        )
                    })
                    .collect(),
            ),
            Value::Pairs(pairs) => Expr::Object(
                pairs
                    .iter()
                    .map(|(key, value)| (self.spell.text(key), self.expression(value, path, safe)))
                    .collect(),
            ),
            Value::Secret(secret) if safe => {
                self.secrets.write(self.spell, self.node, path, secret)
            }
            Value::Secret(_) => {
                self.secrets.refuse(self.node, path);
                Expr::Null
            }
        }
    }
}
