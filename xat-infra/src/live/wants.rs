//! What of a cloud is to be read: what a stack declares, what the last apply left, whole groups.

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use super::Ask;
use crate::diagnostic::Spot;
use crate::graph::{Graph, Numbered};
use crate::schema::{Fact, ResourceType, Scope};
use crate::value::{from_json, to_json_lossy};
use crate::wire::text_at;

/// What is to be read. Each resource is asked for once, whoever wants it.
#[derive(Default)]
pub struct Wants {
    pub(super) resources: Vec<Want>,
    pub(super) groups: Vec<Group>,
    seen: HashSet<String>,
    types: HashMap<String, &'static ResourceType>,
}

/// A group of which all is to be read.
pub(super) struct Group {
    pub(super) id: String,
    /// Whether it is a mistake if it is not there.
    pub(super) must_be: bool,
}

/// One resource that is to be read.
#[derive(Clone)]
pub(super) struct Want {
    pub(super) ask: Ask,
    pub(super) ty: Option<&'static ResourceType>,
    /// What messages call it.
    pub(super) what: String,
    /// Where the stack declares it.
    pub(super) at: Option<Spot>,
    /// Whether all that is part of it is wanted too.
    pub(super) whole: bool,
    /// What it is found by, where nobody knows its ID: the one of the question stands for that.
    pub(super) numbered: Option<Numbered>,
}

impl Wants {
    /// Nothing, for now. `types` are those whose bodies can be read whole when a group holds them.
    pub fn new(types: impl IntoIterator<Item = &'static ResourceType>) -> Self {
        let mut wants = Self::default();
        wants.know(types);
        wants
    }

    /// Adds what a stack declares, with its types.
    #[must_use]
    pub fn stack(self, graph: &Graph) -> Self {
        self.nodes(graph, &|_| true)
    }

    /// Adds what a stack declares in one cloud, by the cloud's name, with its types.
    #[must_use]
    pub fn stack_in(self, graph: &Graph, cloud: &str) -> Self {
        self.nodes(graph, &|ty| ty.provider.name == cloud)
    }

    fn nodes(mut self, graph: &Graph, wanted: &dyn Fn(&ResourceType) -> bool) -> Self {
        self.know(graph.nodes.iter().map(|node| node.ty));
        for &index in &graph.order {
            let node = &graph.nodes[index as usize];
            if !wanted(node.ty) {
                continue;
            }
            self.add(Want {
                ask: Ask {
                    id: node.id.clone(),
                    wire: node.wire.to_string(),
                    api: Some(node.api.to_string()),
                },
                ty: Some(node.ty),
                what: format!("{} `{}`", node.ty.label, node.key),
                at: Some(node.declared_at().into()),
                whole: false,
                numbered: node.numbered().cloned(),
            });
        }
        self
    }

    /// Adds a resource by its ID and REST type.
    #[must_use]
    pub fn resource(mut self, id: &str, wire: &str) -> Self {
        let want = self.of(id, wire);
        self.add(want);
        self
    }

    /// Adds a group, by its ID, and all that it holds.
    #[must_use]
    pub fn group(mut self, id: &str) -> Self {
        self.hold(id, true);
        self
    }

    /// Adds all that the groups of a stack's resources hold, as far as these groups are there.
    #[must_use]
    pub fn around(mut self, graph: &Graph) -> Self {
        for node in graph.nodes.iter().filter(|node| node.ty.scope == Scope::Group) {
            let Some(id) = (node.ty.provider.parent_of_id)(&node.id) else { continue };
            let wire = (node.ty.provider.type_of_id)(&id).unwrap_or_default();
            let group = self.of(&id, &wire);
            self.add(group);
            self.hold(&id, false);
        }
        self
    }

    fn hold(&mut self, id: &str, must_be: bool) {
        match self.groups.iter_mut().find(|group| group.id.eq_ignore_ascii_case(id)) {
            Some(group) => group.must_be |= must_be,
            None => self.groups.push(Group { id: id.to_owned(), must_be }),
        }
    }

    /// How many resources are wanted by name.
    pub fn len(&self) -> usize {
        self.resources.len()
    }

    /// Whether nothing is wanted.
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty() && self.groups.is_empty()
    }

    /// A resource that nobody declares.
    pub(super) fn of(&self, id: &str, wire: &str) -> Want {
        let ty = self.ty(wire);
        Want {
            ask: Ask {
                id: id.to_owned(),
                wire: wire.to_owned(),
                api: ty.map(|ty| ty.api.to_owned()),
            },
            ty,
            what: format!("`{id}`"),
            at: None,
            whole: false,
            numbered: None,
        }
    }

    /// The questions for all that is part of a resource and of a known type.
    pub(super) fn children(&self, of: &Want) -> Vec<Want> {
        let parent = of.ask.wire.to_ascii_lowercase();
        let part = |wire: &str| {
            let kind = wire.strip_prefix(&parent)?.strip_prefix('/')?;
            (!kind.contains('/')).then_some(())
        };
        let mut types: Vec<_> =
            self.types.iter().filter(|(wire, _)| part(wire).is_some()).collect();
        types.sort_by_key(|(wire, _)| wire.as_str());
        let parts = types.into_iter().filter(|(_, ty)| of.whole && ty.scope == Scope::Child);
        parts.map(|(_, ty)| of.each(ty)).collect()
    }

    /// The questions for what is part of a resource of which all is wanted, where what lists the scope leaves it out.
    pub(super) fn unlisted(&self, of: &Want) -> Vec<Want> {
        let Some(holder) = of.ty.filter(|_| of.whole) else { return Vec::new() };
        let parts = self.types.values().filter(|ty| ty.unlisted && ty.is_part_of(holder));
        let mut types: Vec<_> = parts.collect();
        types.sort_by_key(|ty| ty.wire);
        let each = |ty: &&'static ResourceType| {
            let id = ty.collection_in(&of.ask.id)?;
            let each = of.each(ty);
            Some(Want { ask: Ask { id, ..each.ask }, ..each })
        };
        types.into_iter().filter_map(each).collect()
    }

    /// The questions for all that stands beside a resource of which all is wanted, and is of a known type. What a group lists
    /// of everything in it is asked of the group alone; and of parts, which are many, only those are asked that write logs.
    pub(super) fn beside(&self, of: &Want) -> Vec<Want> {
        let is_group = self.groups.iter().any(|group| group.id.eq_ignore_ascii_case(&of.ask.id));
        let is_plain_part = of.ty.is_some_and(|ty| {
            ty.scope == Scope::Child && !ty.facts.iter().any(|fact| fact.is(Fact::Logs))
        });
        let own = of.whole && !is_plain_part;
        let mut types: Vec<_> = self
            .types
            .values()
            .filter(|ty| ty.scope == Scope::Extension)
            .filter(|ty| {
                is_group || (own && !ty.facts.iter().any(|fact| fact.is(Fact::ListsBelow)))
            })
            .collect();
        types.sort_by_key(|ty| ty.wire);
        types.into_iter().map(|ty| of.each(ty)).collect()
    }

    /// Whether nobody wanted this resource so far; from now on somebody does.
    pub(super) fn take_up(&mut self, id: &str) -> bool {
        self.seen.insert(id.to_ascii_lowercase())
    }

    /// The type with this REST type, if one is known.
    pub(super) fn ty(&self, wire: &str) -> Option<&'static ResourceType> {
        self.types.get(&wire.to_ascii_lowercase()).copied()
    }

    /// Adds one unless it is there, and says whether it was added.
    pub(super) fn add(&mut self, want: Want) -> bool {
        let new = self.seen.insert(want.ask.id.to_ascii_lowercase());
        if new {
            self.resources.push(want);
        }
        new
    }

    fn know(&mut self, types: impl IntoIterator<Item = &'static ResourceType>) {
        // The raw escape has no REST type of its own.
        for ty in types.into_iter().filter(|ty| !ty.wire.is_empty()) {
            self.types.entry(ty.wire.to_ascii_lowercase()).or_insert(ty);
        }
    }
}

impl Want {
    /// The question for each of a type that is part of it or stands beside it.
    fn each(&self, ty: &'static ResourceType) -> Self {
        let api = Some(ty.api.to_owned());
        Self {
            ask: Ask { wire: ty.wire.to_owned(), api, ..self.ask.clone() },
            ty: Some(ty),
            what: format!("each {} of {}", ty.label, self.what),
            ..self.clone()
        }
    }

    /// The bodies that carry the rest of it. A part of which nothing can be read back is not asked for: to read it would
    /// take the right to read secrets, and nothing would be compared.
    pub(super) fn below(&self) -> Vec<Want> {
        let Some(ty) = self.ty else { return Vec::new() };
        let readable = |key: &str| {
            ty.props.iter().any(|property| {
                !property.write_only
                    && property.wire.as_ref().is_some_and(|wire| wire.part == Some(key))
            })
        };
        let mirrors = ty.mirrors.iter().map(|mirror| (mirror.suffix, self.ask.wire.as_str()));
        let parts =
            ty.parts.iter().filter(|part| readable(part.key)).map(|part| (part.suffix, part.wire));
        mirrors
            .chain(parts)
            .map(|(suffix, wire)| Want {
                ask: Ask {
                    id: format!("{}/{suffix}", self.ask.id),
                    wire: wire.to_owned(),
                    api: self.ask.api.clone(),
                },
                ty: None,
                what: format!("{suffix} of {}", self.what),
                at: self.at.clone(),
                whole: false,
                numbered: None,
            })
            .collect()
    }

    /// The question for all that are in one collection with it, where nobody knows its ID.
    pub(super) fn collection(&self) -> Option<Want> {
        let ask = Ask { id: self.numbered.as_ref()?.collection.clone(), ..self.ask.clone() };
        Some(Want { ask, ..self.clone() })
    }

    /// It under the ID of a body of its collection, if that may be it.
    pub(super) fn known_as(&self, id: &str, body: &Json) -> Option<Want> {
        let numbered = self.numbered.as_ref()?;
        let property = self.ty?.props.get(usize::from(numbered.by))?;
        let (collection, _) = id.rsplit_once('/')?;
        let own = collection.eq_ignore_ascii_case(&numbered.collection)
            && property.canon().same(&text_at(property, &from_json(body))?, &numbered.value);
        let ask = Ask { id: id.to_owned(), ..self.ask.clone() };
        own.then(|| Want { ask, numbered: None, ..self.clone() })
    }

    /// The question for the body of which it is an element.
    pub(super) fn holder(&self) -> Option<Want> {
        let ty = self.ty?;
        let element = ty.element_of?;
        let of = (ty.provider.parent_of_id)(&self.ask.id)?;
        let id = match element.suffix {
            "" => of,
            suffix => format!("{of}/{suffix}"),
        };
        let ask = Ask { id, wire: element.wire.to_owned(), api: self.ask.api.clone() };
        Some(Want { what: format!("what holds {}", self.what), ask, ..self.clone() })
    }

    /// The elements of the body that answers it: ID, REST type and body of each.
    pub(super) fn elements(&self, body: &Json) -> Vec<(String, &'static str, Json)> {
        let Some((ty, element)) = self.ty.and_then(|ty| Some((ty, ty.element_of?))) else {
            return Vec::new();
        };
        let parts = (element.split)(&from_json(body)).into_iter();
        parts
            .map(|(name, body)| {
                let body = to_json_lossy(&body, &|text| text.literal().unwrap_or_default().into());
                (format!("{}/{name}", self.ask.id), ty.wire, body)
            })
            .collect()
    }

    /// The question whether the service keeps it, now that it is deleted.
    pub(super) fn kept(&self) -> Option<Want> {
        let soft = self.ty?.soft_delete.as_ref()?;
        let ask = Ask { wire: soft.wire.to_owned(), ..self.ask.clone() };
        Some(Want { ask, what: format!("deleted {}", self.what), ..self.clone() })
    }
}
