//! What types say of the paths in a body: which are secret, and which are surely not.

use std::collections::{HashMap, HashSet};

use crate::schema::{Kind, Property, Provider, ResourceType};

/// What types describe of their own bodies, and of those that carry the rest of a resource.
pub(super) struct Catalogue {
    own: HashMap<String, Described>,
    /// Type of the resource, what follows its ID, what is described there.
    below: Vec<(&'static ResourceType, String, Described)>,
    providers: Vec<&'static Provider>,
}

impl Catalogue {
    pub(super) fn of(types: &[&'static ResourceType]) -> Self {
        let mut out = Self { own: HashMap::new(), below: Vec::new(), providers: Vec::new() };
        for ty in types.iter().filter(|ty| !ty.wire.is_empty()) {
            if !out.providers.iter().any(|known| std::ptr::eq(*known, ty.provider)) {
                out.providers.push(ty.provider);
            }
            let own = Described::of(ty, None);
            for mirror in ty.mirrors {
                let suffix = format!("/{}", mirror.suffix).to_ascii_lowercase();
                out.below.push((ty, suffix, own.moved(mirror.at, mirror.from)));
            }
            for part in ty.parts {
                let suffix = format!("/{}", part.suffix).to_ascii_lowercase();
                out.below.push((ty, suffix, Described::of(ty, Some(part.key))));
            }
            out.own.entry(ty.wire.to_ascii_lowercase()).or_insert(own);
        }
        out
    }

    /// What is described of a body, by its ID in lower case and its type.
    pub(super) fn find(&self, id: &str, kind: &str) -> Option<&Described> {
        let carried = |(ty, suffix, _): &&(&'static ResourceType, String, Described)| {
            id.strip_suffix(suffix.as_str())
                .and_then(ty.provider.type_of_id)
                .is_some_and(|of| of.eq_ignore_ascii_case(ty.wire))
        };
        let below = self.below.iter().find(carried).map(|(_, _, described)| described);
        // Not every service says the type in every body; the ID has it.
        let by_id = || {
            let kind = self.providers.iter().find_map(|provider| (provider.type_of_id)(id))?;
            self.own.get(&kind.to_ascii_lowercase())
        };
        below.or_else(|| self.own.get(&kind.to_ascii_lowercase())).or_else(by_id)
    }
}

/// The paths that a type describes in one body, in lower case, without places in lists.
#[derive(Default)]
pub(super) struct Described {
    secret: HashSet<String>,
    open: HashSet<String>,
}

impl Described {
    fn of(ty: &'static ResourceType, part: Option<&str>) -> Self {
        let mut out = Self::default();
        out.props(ty.props, "", part);
        out
    }

    fn props(&mut self, props: &'static [Property], prefix: &str, part: Option<&str>) {
        for property in props {
            let here = property.wire.as_ref().filter(|w| w.part == part && !w.path.is_empty());
            let Some(wire) = here else { continue };
            let path = format!("{prefix}{}", wire.path.join(".")).to_ascii_lowercase();
            if property.write_only || is_secret(property.kind) {
                self.secret.insert(path);
            } else if let Some(block) = property.kind.block() {
                self.props(block.props, &format!("{path}."), None);
            } else {
                self.open.insert(path);
            }
        }
    }

    /// The same below another path.
    fn moved(&self, at: &[&str], from: &[&str]) -> Self {
        let at = format!("{}.", at.join(".")).to_ascii_lowercase();
        let from = format!("{}.", from.join(".")).to_ascii_lowercase();
        let moved = |paths: &HashSet<String>| {
            paths
                .iter()
                .filter_map(|path| Some(format!("{from}{}", path.strip_prefix(&at)?)))
                .collect()
        };
        Self { secret: moved(&self.secret), open: moved(&self.open) }
    }

    /// Whether a type says that what stands here is secret, or never returned.
    pub(super) fn is_secret(&self, path: &str) -> bool {
        self.secret.contains(path)
    }

    /// Whether a type says what stands here, or holds free entries above, and that it is no secret.
    pub(super) fn is_open(&self, path: &[String]) -> bool {
        (1..=path.len()).any(|to| self.open.contains(&path[..to].join(".")))
    }
}

fn is_secret(kind: &Kind) -> bool {
    match kind {
        Kind::Secret => true,
        Kind::List(inner) | Kind::Set(inner) | Kind::Map(inner) => is_secret(inner),
        _ => false,
    }
}
