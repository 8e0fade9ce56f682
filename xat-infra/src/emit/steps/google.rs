//! How a step says to a script by which requests a service of Google Cloud takes a resource: its type's verbs, filled in for one
//! resource, as JSON that the script's jq reads.

use serde_json::{Map, Value as Json, json};

use super::paths::Paths;
use crate::graph::{Graph, Node};
use crate::schema::{ResourceType, Says, Update, Verbs};

/// A resource of a service with verbs of its own.
pub(super) struct Subject<'s> {
    pub(super) ty: &'static ResourceType,
    pub(super) verbs: &'static Verbs,
    /// `https://run.googleapis.com/v2`
    api: String,
    /// Its path there.
    path: String,
    name: String,
    kind: String,
    /// Whether the number that the service gave it stands in its ID.
    numbered: bool,
    graph: &'s Graph,
}

impl<'s> Subject<'s> {
    /// A resource of a graph, or one that was found under another ID; `None` where nobody knows its verbs.
    pub(super) fn of_node(graph: &'s Graph, node: &Node, id: &str) -> Option<Self> {
        let name = if id == node.id { node.name.as_str() } else { last(id) };
        Self::new(graph, node.ty, (&node.wire, &node.api), (id, name), id != node.id)
    }

    /// A resource of a type that is in no stack any more.
    pub(super) fn of_type(graph: &'s Graph, ty: &'static ResourceType, id: &str) -> Option<Self> {
        let name = ty.id_parts(id).and_then(|parts| parts.get("name")).unwrap_or_else(|| last(id));
        Self::new(graph, ty, (ty.wire, ty.api), (id, name), true)
    }

    fn new(
        graph: &'s Graph,
        ty: &'static ResourceType,
        (wire, version): (&str, &str),
        (id, name): (&str, &str),
        elsewhere: bool,
    ) -> Option<Self> {
        let requests = ty.provider.requests.as_ref()?;
        let verbs = ty.verbs(wire)?;
        let word = wire.rsplit('/').next().unwrap_or_default();
        let mut letters = word.chars();
        let first = letters.next().map(|c| c.to_ascii_lowercase());
        Some(Self {
            ty,
            verbs,
            api: (requests.api)(wire, version)?,
            path: (requests.path)(id),
            name: name.to_owned(),
            kind: first.into_iter().chain(letters).collect(),
            numbered: elsewhere && verbs.listed.is_some_and(|listed| listed.list.is_empty()),
            graph,
        })
    }

    /// What stands in a request, or in what a body says beside properties. What is known only when it is sent stays.
    fn fill(&self, template: &str, url: bool) -> String {
        let path = |text: &str| if url { encoded(text, PATH) } else { text.to_owned() };
        let above = |text: &str| text.rsplit_once('/').map_or("", |(above, _)| above).to_owned();
        let holder = match self.ty.element_of {
            Some(element) => {
                let suffix = format!("/{}/", element.suffix);
                self.path.split(&suffix).next().unwrap_or_default().to_owned()
            }
            None => above(&above(&self.path)),
        };
        let word = |text: &str| if url { encoded(text, WORD) } else { text.to_owned() };
        let mut out = template
            .replace("{self}", &format!("{}/{}", self.api, path(&self.path)))
            .replace("{collection}", &format!("{}/{}", self.api, path(&above(&self.path))))
            .replace("{holder}", &format!("{}/{}", self.api, path(&holder)))
            .replace("{holder_name}", &word(last(&holder)))
            .replace("{path}", &path(&self.path))
            .replace("{api}", &self.api)
            .replace("{name}", &word(&self.name))
            .replace("{kind}", &self.kind);
        for (key, value) in &self.graph.scope {
            out = out.replace(&format!("{{{key}}}"), &word(value));
        }
        out
    }

    fn says(&self, says: Says) -> Json {
        let leaf = |(path, text): &(&str, &str)| json!([keys(path), self.fill(text, false)]);
        Json::Array(says.iter().map(leaf).collect())
    }

    /// How it is read.
    fn reading(&self) -> Map<String, Json> {
        let verbs = self.verbs;
        let mut out = Map::new();
        out.insert("api".into(), self.api.clone().into());
        let read = if self.numbered { "GET {self}" } else { verbs.read };
        out.insert("read".into(), self.fill(read, true).into());
        if !verbs.asks.is_empty() {
            out.insert("asks".into(), self.says(verbs.asks));
        }
        // One that is known by its number is asked for itself.
        if let Some(listed) = verbs.listed.filter(|_| !self.numbered) {
            let list = match listed.list {
                "" => self.path.rsplit('/').nth(1).unwrap_or_default(),
                list => list,
            };
            out.insert(
                "list".into(),
                json!({"list": list, "key": keys(listed.key), "is": self.name}),
            );
        }
        out
    }

    /// How one of its values is read.
    pub(super) fn to_read(&self) -> String {
        Json::Object(self.reading()).to_string()
    }

    /// How its policy is read and written.
    pub(super) fn to_join(&self) -> String {
        let mut out = self.reading();
        if let Some(update) = self.verbs.updates.first() {
            out.insert("write".into(), self.fill(update.request, true).into());
            out.insert("within".into(), update.within.into());
        }
        Json::Object(out).to_string()
    }

    /// How it is made, or made what it is declared to be.
    pub(super) fn to_make(&self, paths: &Paths) -> String {
        let verbs = self.verbs;
        let mut out = self.reading();
        let mut put = |key: &str, value: Json| {
            let none = matches!(&value, Json::Array(items) if items.is_empty())
                || matches!(&value, Json::String(text) if text.is_empty())
                || value == Json::Bool(false);
            if !none {
                out.insert(key.to_owned(), value);
            }
        };
        put("create", self.fill(verbs.create, true).into());
        put("says", self.says(verbs.says));
        put("within", verbs.within.into());
        put("late", verbs.late.iter().map(|path| keys(path)).collect());
        put("revive", self.fill(verbs.revive, true).into());
        put("once", verbs.updates.iter().any(|update| update.once).into());
        put("drops", paths.drops.clone().into());
        put("maps", paths.maps.clone().into());
        put("always", paths.always.clone().into());
        out.insert("paths".into(), paths.compared.clone().into());
        let updates: Json = verbs.updates.iter().map(|update| self.update(update)).collect();
        out.insert("updates".into(), updates);
        Json::Object(out).to_string()
    }

    fn update(&self, update: &Update) -> Json {
        let mut out = Map::new();
        out.insert("to".into(), self.fill(update.request, true).into());
        let lists = [("of", update.of), ("carries", update.carries)];
        for (key, paths) in lists.into_iter().filter(|(_, paths)| !paths.is_empty()) {
            out.insert(key.into(), paths.iter().map(|path| keys(path)).collect());
        }
        for (key, flag) in [("whole", update.whole), ("once", update.once)] {
            if flag {
                out.insert(key.into(), true.into());
            }
        }
        if !update.says.is_empty() {
            out.insert("says".into(), self.says(update.says));
        }
        if !update.within.is_empty() {
            out.insert("within".into(), update.within.into());
        }
        if !update.words.is_empty() {
            out.insert(
                "words".into(),
                update.words.iter().map(|(is, word)| json!([is, word])).collect(),
            );
        }
        Json::Object(out)
    }

    /// How it is deleted; `None` where its service knows no way.
    pub(super) fn to_delete(&self) -> Option<String> {
        if self.verbs.delete.is_empty() {
            return None;
        }
        let mut out = self.reading();
        out.insert("delete".into(), self.fill(self.verbs.delete, true).into());
        if !self.verbs.delete_says.is_empty() {
            out.insert("delete_says".into(), self.says(self.verbs.delete_says));
        }
        Some(Json::Object(out).to_string())
    }

    /// Which of the paths no request changes.
    pub(super) fn unchangeable<'p>(&self, paths: &'p [Json]) -> Option<&'p Json> {
        let takes = |update: &Update, path: &Json| {
            let starts = |of: &&str| {
                let of = keys(of);
                let (Json::Array(of), Json::Array(path)) = (of, path) else { return false };
                path.starts_with(&of)
            };
            update.of.is_empty() || update.of.iter().any(starts)
        };
        paths.iter().find(|path| !self.verbs.updates.iter().any(|update| takes(update, path)))
    }

    /// Whether a request of it says the project's number.
    pub(super) fn project_of_number(&self) -> Option<String> {
        let verbs = self.verbs;
        let asks = [verbs.read, verbs.create, verbs.delete].iter().any(|r| r.contains("{number}"));
        let project = self.graph.scope.get("gcp.project")?;
        asks.then(|| {
            let read =
                format!("GET https://cloudresourcemanager.googleapis.com/v1/projects/{project}");
            json!({"api": "https://cloudresourcemanager.googleapis.com/v1", "read": read})
                .to_string()
        })
    }
}

fn keys(path: &str) -> Json {
    path.split('.').collect()
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What a path and a word of a query may have beside letters and digits. <https://www.rfc-editor.org/rfc/rfc3986#appendix-A>
const PATH: &str = "-._~!$&()*+,;=:@/";
const WORD: &str = "-._~";

fn encoded(text: &str, kept: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            _ if byte.is_ascii_alphanumeric() || kept.as_bytes().contains(&byte) => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
