//! Google's recordings: which resource an exchange is about, and what was really asked of it.
//!
//! Recorded texts have placeholders (`${projectId}`), which are filled the same way everywhere. Writes have many forms: the
//! body alone, in a wrapper, beside a mask of what is meant, as an action without a body, as a whole policy.

use serde_json::{Map, Value as Json, json};
use xat_infra::gcp::{PROVIDER, TYPES};
use xat_infra::schema::ResourceType;
use xat_infra::value::{from_json, to_json_lossy};

use super::google_enums::in_words;

/// What a recorded write was about, and the answer to the read that followed it.
pub struct Written {
    /// The REST type, as the catalogue has it; else the service and the collection.
    pub wire: String,
    /// The full name.
    pub id: String,
    /// What was asked for.
    pub request: Json,
    /// What was read.
    pub live: Json,
}

/// What was written in one line of a recording; several members for a policy. `Err` is the reason why a line is left out.
///
/// `None` is a line of another form.
pub fn written(line: &Json) -> Option<Result<Vec<Written>, &'static str>> {
    line["write_uri"].as_str()?;
    let text = filled(&line.to_string());
    let line: Json = serde_json::from_str(&text).ok()?;
    let (write, read) = (line["write_uri"].as_str()?, line["get_uri"].as_str()?);
    let of_write = Address::of(write)?;
    let place = Address::of(read)?;
    let sent = body(&line["request_body"]);
    let request = in_words(&place.host, wanted(&of_write, sent.clone()));
    let live = in_words(&place.host, body(&line["get_response_body"]));
    Some(match place.verb {
        Some("getIamPolicy") => members(&place, &request, &live),
        _ => one(&place, &sent, &request, live).map(|written| vec![written]),
    })
}

/// The address of a request.
pub(super) struct Address<'u> {
    pub(super) host: String,
    /// The resource as bodies name it (`projects/p/secrets/s`).
    pub(super) rest: String,
    /// What is asked of it, for what is neither a read nor a write of it all (`disable`).
    pub(super) verb: Option<&'u str>,
    query: &'u str,
}

impl<'u> Address<'u> {
    pub(super) fn of(uri: &'u str) -> Option<Self> {
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        let host = path.split_once("://")?.1.split('/').next()?.to_owned();
        let (path, verb) = match path.rsplit_once(':') {
            Some((path, verb)) if !verb.contains(['/', '@']) => (path, Some(verb)),
            _ => (path, None),
        };
        let rest = match path.split_once("/projects/").or_else(|| path.split_once("/b/")) {
            Some(_) => (PROVIDER.reference)(path).to_owned(),
            None => path.split_once("://")?.1.split_once('/')?.1.to_owned(),
        };
        Some(Self { host, rest, verb, query })
    }

    fn asked(&self, key: &str) -> Option<String> {
        let value =
            self.query.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='));
        value.map(unescaped)
    }
}

/// The full name of what lies here, with its type where the catalogue has one.
pub(super) fn named(host: &str, rest: &str) -> (String, Option<&'static ResourceType>) {
    let types = TYPES.iter().map(|registered| (registered.ty)());
    for ty in types.filter(|ty| ty.wire.split('/').next() == Some(host)) {
        let service = ty.id.trim_start_matches('/').split('/').next().unwrap_or(host);
        let id = format!("//{service}/{rest}");
        if (PROVIDER.type_of_id)(&id).as_deref() == Some(ty.wire) {
            return (id, Some(ty));
        }
    }
    (format!("//{host}/{rest}"), None)
}

/// A resource of its own.
fn one(
    place: &Address<'_>,
    sent: &Json,
    request: &Json,
    live: Json,
) -> Result<Written, &'static str> {
    let (rest, live) = listed(place, sent, live)?;
    let (id, ty) = named(&place.host, &rest);
    let collection = rest.rsplit('/').nth(1).unwrap_or_default();
    if let Some(why) = not_meant(&place.host, &rest, sent, &live) {
        return Err(why);
    }
    let unknown = || format!("{}/{collection}", place.host).trim_end_matches('/').to_owned();
    let wire = ty.map_or_else(unknown, |ty| ty.wire.to_owned());
    // A version that was written last is what the newest one is then.
    let (id, wire) = match ty {
        Some(ty) if ty.fixed_name.is_some() => {
            let above = id.rsplit_once('/').map_or(id.as_str(), |(above, _)| above);
            (format!("{above}/{}", ty.fixed_name.unwrap_or_default()), wire)
        }
        _ => (id, wire),
    };
    let request = without_envelope(&place.host, request, &rest);
    Ok(Written { wire, id, request, live })
}

/// Why a resource is another thing than the type of its collection models.
pub(super) fn not_meant(host: &str, rest: &str, sent: &Json, live: &Json) -> Option<&'static str> {
    let collection = rest.rsplit('/').nth(1).unwrap_or_default();
    match (host, collection) {
        ("sqladmin.googleapis.com", "instances") => {
            let engine = live["databaseVersion"].as_str().unwrap_or_default();
            (!engine.starts_with("POSTGRES"))
                .then_some("an instance of another engine than PostgreSQL")
        }
        ("sqladmin.googleapis.com", "users") => {
            let host = sent["host"].as_str().unwrap_or_default();
            (!host.is_empty()).then_some("a user of another engine: PostgreSQL's have no host")
        }
        _ => None,
    }
}

/// What can only be listed is the element of the list that was written.
fn listed(place: &Address<'_>, sent: &Json, live: Json) -> Result<(String, Json), &'static str> {
    const EMPTY: &str = "the list that was read does not have what was written";
    let own = |list: &Json, key: &str| {
        let same = |item: &&Json| item[key] == sent[key];
        list.as_array().and_then(|items| items.iter().find(same)).cloned().ok_or(EMPTY)
    };
    let text = |key: &str| sent[key].as_str().unwrap_or_default().to_owned();
    Ok(match live["kind"].as_str() {
        Some("sql#usersList") => {
            (format!("{}/{}", place.rest, text("name")), own(&live["items"], "name")?)
        }
        _ if live.get("connections").is_some() => {
            let made = own(&live["connections"], "network")?;
            let rest = format!("{}/connections/servicenetworking-googleapis-com", text("network"));
            (rest, made)
        }
        _ => (place.rest.clone(), live),
    })
}

/// The members that a policy was written with, each as the resource that it is.
fn members(place: &Address<'_>, request: &Json, live: &Json) -> Result<Vec<Written>, &'static str> {
    let rest = format!("{}/iamPolicy/roles/none/none", place.rest);
    let (_, Some(ty)) = named(&place.host, &rest) else {
        let collection = place.rest.rsplit('/').nth(1).unwrap_or_default();
        let wire = format!("{}/{collection}:iamPolicy", place.host);
        let id = format!("//{}/{}", place.host, place.rest);
        return Ok(vec![Written { wire, id, request: request.clone(), live: live.clone() }]);
    };
    let Some(element) = ty.element_of else { return Err("the type has no elements") };
    let split = |policy: &Json| -> Vec<(String, Json)> {
        let plain = |body| to_json_lossy(body, &|text| text.literal().unwrap_or_default().into());
        (element.split)(&from_json(policy))
            .iter()
            .map(|(n, body)| (n.clone(), plain(body)))
            .collect()
    };
    let found = split(live);
    let wanted = split(request);
    if wanted.is_empty() {
        return Err("a policy without members declares nothing");
    }
    let written = wanted.into_iter().map(|(name, request)| {
        let live = found.iter().find(|(known, _)| *known == name);
        let (id, _) = named(&place.host, &format!("{}/iamPolicy/{name}", place.rest));
        let live = live.map_or(Json::Null, |(_, body)| body.clone());
        Written { wire: ty.wire.to_owned(), id, request, live }
    });
    Ok(written.collect())
}

/// What a request wants of the resource, without what it is wrapped in.
pub(super) fn wanted(address: &Address<'_>, body: Json) -> Json {
    let inner = ["policy", "serviceAccount"].iter().find_map(|key| body.get(key)).cloned();
    let mask = address.asked("updateMask");
    let mask = mask.or_else(|| body["updateMask"].as_str().map(str::to_owned));
    let body = inner.unwrap_or(body);
    match (address.verb, mask) {
        // What an action does, its name says.
        (Some(verb @ ("disable" | "enable")), _) => match address.host.as_str() {
            "iam.googleapis.com" => json!({"disabled": verb == "disable"}),
            _ => json!({"state": if verb == "disable" { "DISABLED" } else { "ENABLED" }}),
        },
        (Some(_), _) | (None, None) => body,
        (None, Some(mask)) => masked(&body, &mask),
    }
}

/// The part of a body that a mask names; the rest is sent along and means nothing.
fn masked(body: &Json, mask: &str) -> Json {
    let mut out = Json::Object(Map::new());
    for path in mask.split(',').filter(|path| *path != "*") {
        let keys: Vec<String> = path.split('.').map(camel).collect();
        let value = keys.iter().try_fold(body, |at, key| at.get(key));
        let mut at = &mut out;
        for key in &keys {
            at = &mut at[key];
        }
        *at = value.cloned().unwrap_or(Json::Null);
    }
    if mask == "*" { body.clone() } else { out }
}

/// `display_name` as JSON has it.
fn camel(snake: &str) -> String {
    let mut words = snake.split('_');
    let mut out = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        out.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}

/// What clients send along as they read it: locks, what discovery documents mark as output only (`readOnly`) or `deprecated`, and the
/// version that the service runs at the time.
const SENT_ALONG: &[(&str, &str)] = &[
    ("sqladmin.googleapis.com", "maintenanceVersion"),
    ("sqladmin.googleapis.com", "settings.backupConfiguration.backupTier"),
    ("sqladmin.googleapis.com", "settings.backupConfiguration.transactionalLogStorageState"),
    ("sqladmin.googleapis.com", "settings.replicationType"),
    ("sqladmin.googleapis.com", "settings.settingsVersion"),
];

/// A request without what says which resource it is and what only the service says: `kind` is a word of the service's own
/// on what kind of object follows. A holder is left out where the address has it.
pub(super) fn without_envelope(host: &str, request: &Json, rest: &str) -> Json {
    const IDENTITY: &[&str] = &["name", "parent", "project", "etag", "id", "selfLink"];
    const HOLDERS: &[&str] = &["instance", "network"];
    fn without_kinds(value: &Json) -> Json {
        match value {
            Json::Object(map) => {
                let own = |key: &str, value: &Json| {
                    key == "kind" && value.as_str().is_some_and(|kind| kind.contains('#'))
                };
                let rest = map.iter().filter(|(key, value)| !own(key, value));
                Json::Object(rest.map(|(key, value)| (key.clone(), without_kinds(value))).collect())
            }
            Json::Array(items) => items.iter().map(without_kinds).collect(),
            other => other.clone(),
        }
    }
    let mut out = without_kinds(request);
    for (_, path) in SENT_ALONG.iter().filter(|(of, _)| *of == host) {
        let mut keys: Vec<&str> = path.split('.').collect();
        let last = keys.pop().unwrap_or_default();
        let above = keys.into_iter().try_fold(&mut out, |at, key| at.get_mut(key));
        if let Some(Json::Object(map)) = above {
            map.remove(last);
        }
    }
    if let Json::Object(map) = &mut out {
        let said = |value: &Json| value.as_str().is_some_and(|value| rest.contains(value));
        map.retain(|key, value| {
            let holder = HOLDERS.contains(&key.as_str()) && said(value);
            !holder && !IDENTITY.contains(&key.as_str())
        });
    }
    out
}

pub(super) fn body(value: &Json) -> Json {
    match value {
        Json::String(text) => serde_json::from_str(text).unwrap_or(Json::Null),
        Json::Null => Json::Object(Map::new()),
        other => other.clone(),
    }
}

/// A text with something in place of each placeholder: a number for numbers, else its own name.
pub(super) fn filled(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("${") {
        let Some((name, after)) = behind.split_once('}') else { break };
        out.push_str(before);
        match name.to_ascii_lowercase() {
            number if number.ends_with("number") => out.push_str("100000000001"),
            word => out.push_str(&word),
        }
        rest = after;
    }
    out + rest
}

/// A value of a query without its escapes.
fn unescaped(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let digits =
            (byte == b'%').then(|| [bytes.next(), bytes.next()].map(Option::unwrap_or_default));
        let code = digits
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok());
        out.push(code.unwrap_or(byte));
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::written;

    fn line(write: &str, request: Json, read: &str, live: Json) -> Json {
        let uri = |rest: &str| format!("https://{rest}");
        json!({
            "write_method": "POST", "write_uri": uri(write), "request_body": request, "get_uri": uri(read),
            "get_response_body": live, "source": "planted",
        })
    }

    #[test]
    fn wrappers_masks_and_actions_are_taken_off() {
        let account = "iam.googleapis.com/v1/projects/${projectId}/serviceAccounts/a@b";
        let asked = |write: &str, request: Json| {
            let line = line(write, request, account, json!({}));
            let mut written = written(&line).unwrap().unwrap();
            assert_eq!(written.len(), 1);
            written.remove(0).request
        };
        let made = json!({"accountId": "a", "serviceAccount": {"displayName": "A"}});
        let all = "iam.googleapis.com/v1/projects/${projectId}/serviceAccounts";
        assert_eq!(asked(all, made), json!({"displayName": "A"}));
        let patch = json!({"serviceAccount": {"displayName": "B", "etag": "x", "uniqueId": "1"}, "updateMask": "display_name"});
        assert_eq!(asked(account, patch), json!({"displayName": "B"}));
        let off = format!("{account}:disable?alt=json");
        assert_eq!(asked(&off, json!({})), json!({"disabled": true}));
        let masked = format!("{account}?updateMask=a%2Cb.c");
        let body = json!({"a": 1, "b": {"c": 2, "d": 3}, "e": 4});
        assert_eq!(asked(&masked, body), json!({"a": 1, "b": {"c": 2}}));
    }

    #[test]
    fn a_policy_is_a_pair_for_each_member() {
        let policy = json!({"bindings": [{"role": "roles/a", "members": ["allUsers", "user:x@example.com"]}]});
        let project = "cloudresourcemanager.googleapis.com/v1/projects/${projectId}";
        let (write, read) = (format!("{project}:setIamPolicy"), format!("{project}:getIamPolicy"));
        let pairs = written(&line(&write, json!({"policy": policy}), &read, policy.clone()))
            .unwrap()
            .unwrap();
        assert_eq!(pairs.len(), 2);
        assert_eq!(
            pairs[1].id,
            "//cloudresourcemanager.googleapis.com/projects/projectid/iamPolicy/roles/a/user:x@example.com"
        );
        assert_eq!(pairs[1].request, json!({"role": "roles/a", "member": "user:x@example.com"}));
        assert_eq!(pairs[1].live, pairs[1].request);
        let nothing = line(&write, json!({"policy": {"etag": "x"}}), &read, json!({}));
        assert!(written(&nothing).unwrap().is_err());
    }

    #[test]
    fn what_can_only_be_listed_is_found_in_the_list() {
        let users = "sqladmin.googleapis.com/sql/v1beta4/projects/p/instances/i/users";
        let of = |items: Json| {
            let live = json!({"kind": "sql#usersList", "items": items});
            written(&line(users, json!({"name": "app", "password": "x"}), users, live)).unwrap()
        };
        let found = of(json!([{"name": "other"}, {"name": "app", "host": "%"}])).unwrap();
        assert_eq!(found[0].live, json!({"name": "app", "host": "%"}));
        assert!(of(json!([{"name": "other"}])).is_err());
    }

    #[test]
    fn numbers_of_enumerations_are_read_as_words() {
        let version = "secretmanager.googleapis.com/v1/projects/p/secrets/s/versions/1";
        let line = line(&format!("{version}:disable"), json!({}), version, json!({"state": 2}));
        let pairs = written(&line).unwrap().unwrap();
        assert_eq!(pairs[0].live, json!({"state": "DISABLED"}));
        assert_eq!(
            pairs[0].id,
            "//secretmanager.googleapis.com/projects/p/secrets/s/versions/latest"
        );
    }
}
