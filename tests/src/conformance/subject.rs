//! What a recorded exchange is about: a resource, or a part or mirror of one that REST keeps in a body of its own.

use serde_json::{Value as Json, json};
use xat_infra::catalog;
use xat_infra::live::Estate;
use xat_infra::schema::{Mirror, ResourceType};
use xat_infra::value::{Fields, Value, from_json};
use xat_infra::wire;

/// Which of a resource's bodies an exchange is about.
#[derive(Clone, Copy)]
pub(crate) enum Role {
    /// The resource's own.
    Own,
    /// A part that REST keeps in a body of its own.
    Part { key: &'static str, suffix: &'static str },
    /// The body that returns a subtree of the resource's own.
    Mirror(&'static Mirror),
}

/// The type that an exchange is compared as, and which of its bodies it is about.
pub struct Subject {
    pub(crate) ty: &'static ResourceType,
    pub(crate) role: Role,
    /// The ID of the resource itself.
    pub(crate) id: String,
    /// The REST type under which it counts.
    pub name: String,
}

impl Subject {
    /// What models a body of this REST type and ID, if anything does.
    pub fn of(wire: &str, id: &str) -> Option<Self> {
        let types = || catalog::types().into_iter().map(|registered| (registered.ty)());
        if let Some(ty) = types().find(|ty| ty.wire.eq_ignore_ascii_case(wire)) {
            let name = ty.wire.to_owned();
            return Some(Self { ty, role: Role::Own, id: id.to_owned(), name });
        }
        let holds = |ty: &ResourceType, holder: &str| {
            (ty.provider.type_of_id)(holder).is_some_and(|of| of.eq_ignore_ascii_case(ty.wire))
        };
        types().find_map(|ty| {
            let parts = ty
                .parts
                .iter()
                .map(|part| (part.suffix, Role::Part { key: part.key, suffix: part.suffix }));
            let mirrors = ty.mirrors.iter().map(|mirror| (mirror.suffix, Role::Mirror(mirror)));
            parts.chain(mirrors).find_map(|(suffix, role)| {
                let holder = holder_of(id, suffix).filter(|holder| holds(ty, holder))?;
                let name = format!("{}/{suffix}", ty.wire);
                Some(Self { ty, role, id: holder.to_owned(), name })
            })
        })
    }

    /// The key of the part that it is about, if it is about one.
    pub(crate) fn part(&self) -> Option<&'static str> {
        match self.role {
            Role::Part { key, .. } => Some(key),
            Role::Own | Role::Mirror(_) => None,
        }
    }

    /// What a body says. A mirror's says the subtree that it mirrors, and of the resource itself whatever else stands in
    /// it.
    pub(crate) fn declared(&self, body: &Json) -> (Fields, Vec<wire::Mismatch>) {
        let said = from_json(body);
        let nothing = Value::map::<String, Value>([]);
        let (main, part) = match self.role {
            Role::Own => (&said, None),
            Role::Part { suffix, .. } => (&nothing, Some(suffix)),
            Role::Mirror(mirror) => (&from_json(&without(body, mirror.from)), Some(mirror.suffix)),
        };
        let read = |suffix: &str| (part == Some(suffix)).then_some(&said);
        let (fields, bad) = wire::raise(self.ty, main, &read);
        (with_secrets(self.ty, self.part(), fields, &said), bad)
    }

    /// The bodies of an estate in which only this one body is known. A body read under another spelling of the ID is the
    /// same resource.
    pub(crate) fn bodies(&self, live: &Json) -> Vec<Json> {
        if self.id.starts_with("//") {
            let data = json!({"data": live});
            return vec![json!({"name": self.id, "assetType": self.ty.wire, "resource": data})];
        }
        let named = |mut body: Json, id: String| {
            body["id"] = Json::from(id);
            if let Some(map) = body.as_object_mut() {
                map.remove("type");
            }
            body
        };
        let below = |suffix: &str| named(live.clone(), format!("{}/{suffix}", self.id));
        let own = |body: Json| named(body, self.id.clone());
        match self.role {
            Role::Own => vec![own(live.clone())],
            Role::Part { suffix, .. } => vec![own(json!({})), below(suffix)],
            Role::Mirror(mirror) => vec![own(without(live, mirror.from)), below(mirror.suffix)],
        }
    }

    /// The estate of those bodies.
    pub(crate) fn estate(&self, live: &Json) -> Estate {
        Estate::from_text("recording", Json::Array(self.bodies(live)).to_string())
            .unwrap_or_else(|_| Estate::empty())
    }
}

/// The ID of what holds a body, by what follows it.
fn holder_of<'i>(id: &'i str, suffix: &str) -> Option<&'i str> {
    let cut = id.len().checked_sub(suffix.len() + 1)?;
    let (holder, rest) = id.split_at_checked(cut)?;
    rest[1..].eq_ignore_ascii_case(suffix).then_some(holder)
}

/// Secrets are never raised from a body; the test declares those of the request itself.
fn with_secrets(
    ty: &'static ResourceType,
    part: Option<&str>,
    mut fields: Fields,
    request: &Value,
) -> Fields {
    for (index, property) in (0u16..).zip(ty.props) {
        if let (xat_infra::schema::Kind::Secret, Some(wire)) = (property.kind, &property.wire)
            && wire.part == part
            && let Some(Value::Text(text)) = request.at(wire.path)
        {
            let secret = xat_infra::value::Secret::new(text.literal().unwrap_or_default());
            fields.set(index, Value::Secret(secret.into_inner()), None);
        }
    }
    fields
}

/// A body without the subtree at a path.
pub(crate) fn without(body: &Json, path: &[&str]) -> Json {
    let mut out = body.clone();
    if let Some((last, above)) = path.split_last()
        && let Some(Json::Object(map)) = above.iter().try_fold(&mut out, |at, key| at.get_mut(key))
    {
        map.remove(*last);
    }
    out
}

/// A body with another subtree at a path.
pub(crate) fn with(mut body: Json, path: &[&str], subtree: Json) -> Json {
    let mut at = &mut body;
    for key in path {
        at = &mut at[*key];
    }
    *at = subtree;
    body
}
