//! The graph: a stack's resources as data, in order, with addresses, identities and every edge between them.
//!
//! Building it reports all that is wrong with the stack as such. Nothing here knows a resource type beyond its
//! description, nor what is live.

mod address;
mod build;
mod complete;
mod dot;
mod identity;
mod order;
mod symbolic;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

pub use build::build;
pub use dot::to_dot;

use crate::delivery::Delivery;
use crate::diagnostic::Diagnostic;
use crate::dsl::{DataLoss, Meta, StackOutput, TerraformBackend};
use crate::schema::{OutputSource, OutputSpec, ResourceType};
use crate::value::{Fields, NodeRef, Place, Text, Value};

/// A stack in order.
pub struct Graph {
    /// The stack's name.
    pub stack: String,
    /// Its environment, if it says one.
    pub environment: Option<String>,
    /// The resources, in the order in which the stack added them; a [`NodeRef`] is an index here.
    pub nodes: Vec<Node>,
    /// Indices into `nodes`, every resource behind what it waits for, ties by address.
    pub order: Vec<u32>,
    /// What is worth knowing about the stack.
    pub warnings: Vec<Diagnostic>,
    pub(crate) stack_id: u32,
    pub(crate) by_address: HashMap<String, u32>,
    /// Resources by the case-folded hash of their ID, and of what other bodies name them by.
    pub(crate) by_id: HashMap<u64, u32>,
    pub(crate) forgets: Vec<(String, Place)>,
    pub(crate) allow_deletes: Vec<DataLoss>,
    pub(crate) outputs: Vec<StackOutput>,
    pub(crate) terraform_backend: Option<TerraformBackend>,
    pub(crate) delivery: Option<(Delivery, Place)>,
    pub(crate) scope: BTreeMap<&'static str, String>,
}

/// A resource of the graph.
pub struct Node {
    /// Component, type and key: unique in the stack, stable across plans.
    pub address: String,
    /// The last part of the address.
    pub key: String,
    /// The component.
    pub component: Option<Arc<str>>,
    /// The description of its type.
    pub ty: &'static ResourceType,
    /// The REST type: the description's, or what the raw escape says.
    pub wire: Arc<str>,
    /// The REST API version.
    pub api: Arc<str>,
    /// What it declares, with stack-wide tags and inherited values filled in.
    pub fields: Fields,
    /// Its name in the cloud.
    pub name: String,
    /// Its full ID in the cloud. Where the service numbers its resources, what it is found by stands in place of the number
    /// ([`numbered`](Self::numbered)); [`plan::places`](crate::plan::places()) finds the live one.
    pub id: String,
    pub(crate) numbered: Option<Numbered>,
    /// Its outputs that are known before it exists.
    pub(crate) made: Vec<(&'static str, String)>,
    /// The resource of this stack that holds it.
    pub parent: Option<u32>,
    /// What it waits for, each once.
    pub edges: Vec<Edge>,
    pub(crate) meta: Meta,
}

/// What a resource is found by whose ID the service makes up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Numbered {
    /// The ID of the collection that it is in, without a slash at its end.
    pub collection: String,
    /// The property by which it is recognised there.
    pub by: u16,
    /// What it declares there.
    pub value: String,
}

/// One resource waiting for another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Edge {
    /// The resource that is waited for.
    pub to: u32,
    /// Why.
    pub why: Why,
    /// Where it is said.
    pub at: Place,
}

/// Why one resource waits for another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Why {
    /// It is part of it.
    Contained,
    /// A property refers to it, by the property's index.
    Property(u16),
    /// The stack says so, or a value was taken through it.
    Ordered,
}

impl Graph {
    /// The node behind a reference.
    pub fn node(&self, reference: NodeRef) -> Option<&Node> {
        self.nodes.get(reference.index as usize)
    }

    /// A reference to the resource with this index.
    pub fn reference(&self, index: u32) -> NodeRef {
        NodeRef { stack: self.stack_id, index }
    }

    /// The index of the resource with this address.
    pub fn at(&self, address: &str) -> Option<u32> {
        self.by_address.get(address).copied()
    }

    /// The resource with this ID, whatever its case.
    pub fn with_id(&self, id: &str) -> Option<&Node> {
        let index = *self.by_id.get(&crate::value::fold(&[id]))?;
        self.nodes.get(index as usize).filter(|node| node.id.eq_ignore_ascii_case(id))
    }

    /// The resource that other bodies name so, whatever the case.
    pub fn with_reference(&self, reference: &str) -> Option<&Node> {
        let index = *self.by_id.get(&crate::value::fold(&[reference]))?;
        let node = self.nodes.get(index as usize)?;
        [&node.id, node.reference()]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(reference))
            .then_some(node)
    }

    /// Text for a reader, with each output as the key of its resource and the output's name.
    pub fn show(&self, text: &Text) -> String {
        let mut out = String::new();
        for piece in text.parts() {
            match piece {
                crate::value::Piece::Literal(text) => out.push_str(text),
                crate::value::Piece::Output(output) => {
                    let key = self.node(output.node).map_or("?", |node| node.key.as_str());
                    match output.output.name {
                        "id" => out.push_str(key),
                        // Alone it reads as what it is; inside text it needs bounds.
                        name if text.output().is_some() => out.push_str(&format!("{key}.{name}")),
                        name => out.push_str(&format!("{{{key}.{name}}}")),
                    }
                }
            }
        }
        out
    }
}

impl Node {
    /// Its ID as other bodies name it, and its output `id`.
    pub fn reference(&self) -> &str {
        (self.ty.provider.reference)(&self.id)
    }

    /// What an output says where that is known before the resource exists: its ID, its name, what the service makes of
    /// these.
    pub fn known(&self, output: &OutputSpec) -> Option<&str> {
        match output.source {
            OutputSource::Id => self.numbered.is_none().then(|| self.reference()),
            OutputSource::Name => Some(&self.name),
            OutputSource::Made(_) => {
                let made = self.made.iter().find(|(name, _)| *name == output.name);
                made.map(|(_, text)| text.as_str())
            }
            _ => None,
        }
    }

    /// What it is found by, where the service makes up its ID: nobody knows that before it exists.
    pub fn numbered(&self) -> Option<&Numbered> {
        self.numbered.as_ref()
    }

    /// Where the stack declares it.
    pub fn declared_at(&self) -> Place {
        self.meta.at
    }

    /// Whether the stack leaves this property to others once the resource exists.
    pub fn ignores(&self, prop: u16) -> bool {
        self.meta.ignore.contains(&prop)
    }

    /// The declared value of a property, without what the stack leaves to others inside it.
    pub(crate) fn compared(&self, prop: u16) -> Option<Cow<'_, Value>> {
        let value = self.fields.get(prop)?;
        let mut left = self.meta.ignore_in.iter().filter(|(of, _)| *of == prop).peekable();
        if left.peek().is_none() {
            return Some(Cow::Borrowed(value));
        }
        let block = self.ty.props.get(prop as usize).and_then(|property| property.kind.block());
        let mut value = value.clone();
        let blocks = match &mut value {
            Value::List(items) => items.as_mut_slice(),
            one => std::slice::from_mut(one),
        };
        for (_, leaf) in left {
            let at = block.and_then(|block| block.props.iter().position(|p| p.name == *leaf));
            for item in blocks.iter_mut() {
                if let (Value::Block(fields), Some(at)) = (item, at) {
                    fields.take(at);
                }
            }
        }
        Some(Cow::Owned(value))
    }

    /// Whether a path of a preview lies in what the stack leaves to others inside a property.
    pub(crate) fn ignores_path(&self, path: &str) -> bool {
        self.meta.ignore_in.iter().any(|(prop, leaf)| {
            let property = self.ty.props.get(*prop as usize).map_or("", |property| property.name);
            let inner = path.strip_prefix(property).and_then(|rest| rest.rsplit_once('.'));
            inner.is_some_and(|(_, last)| last == *leaf)
        })
    }

    /// What the stack says beside the type's properties: dotted paths of the REST body, with values and places.
    pub fn raw(&self) -> impl Iterator<Item = (&str, &Value, Place)> {
        self.meta.raw.iter().map(|(path, value, at)| (path.as_str(), value, *at))
    }
}

impl Graph {
    /// A graph of one resource that was not written in a stack: its properties were read from a body.
    ///
    /// References in it are IDs, and what refers to what is not known. Comparing single bodies needs no more.
    #[track_caller]
    pub fn of_one(ty: &'static ResourceType, id: &str, fields: Fields) -> Self {
        let name = id.rsplit('/').next().unwrap_or(id).to_owned();
        let address = format!("{}.{name}", ty.slug);
        let node = Node {
            address: address.clone(),
            key: name.clone(),
            component: None,
            ty,
            wire: ty.wire.into(),
            api: ty.api.into(),
            fields,
            name,
            id: id.to_owned(),
            numbered: None,
            made: Vec::new(),
            parent: None,
            edges: Vec::new(),
            meta: Meta::here(),
        };
        Self {
            stack: "one".to_owned(),
            environment: None,
            nodes: vec![node],
            order: vec![0],
            warnings: Vec::new(),
            stack_id: 0,
            by_address: HashMap::from([(address, 0)]),
            by_id: HashMap::from([(crate::value::fold(&[id]), 0)]),
            forgets: Vec::new(),
            allow_deletes: Vec::new(),
            outputs: Vec::new(),
            terraform_backend: None,
            delivery: None,
            scope: BTreeMap::new(),
        }
    }
}
