//! Google's recorded lives: which resource a file is about, and what each request asks of it.

use serde_json::Value as Json;
use xat_infra::schema::ResourceType;

use super::google::{Address, body, filled, named, not_meant, wanted, without_envelope};
use super::google_enums::in_words;

/// A recorded life of one resource: its type, its full name, and its exchanges without placeholders.
pub struct Life {
    /// The type.
    pub ty: &'static ResourceType,
    /// The full name.
    pub id: String,
    /// The exchanges, in order.
    pub exchanges: Vec<Json>,
    rest: String,
    host: String,
}

/// What a request has to do with the resource.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum About {
    /// It is about the resource itself.
    It,
    /// It makes the resource in its collection.
    Making,
    /// It changes it by an action whose name says how.
    Action,
    /// It is about something else.
    Other,
}

impl Life {
    /// The life in a file; `None` where it is of another form, or of something that is an element of a body, can only be listed,
    /// or has no name of its own.
    pub fn of(file: &Json) -> Option<Self> {
        let file: Json = serde_json::from_str(&filled(&file.to_string())).ok()?;
        let exchanges = file["exchanges"].as_array()?.clone();
        let own = exchanges.iter().filter(|exchange| exchange["kind"] != "poll");
        let (host, rest, id, ty) = own.filter(|e| e["method"] != "POST").find_map(|exchange| {
            let address = Address::of(exchange["uri"].as_str()?)?;
            let (id, ty) = named(&address.host, &address.rest);
            let ty = ty.filter(|_| address.verb.is_none())?;
            Some((address.host, address.rest, id, ty))
        })?;
        let single = ty.element_of.is_none() && ty.fixed_name.is_none();
        let mut life = Self { ty, id, exchanges, rest, host };
        life.exchanges.truncate(life.of_one());
        (single && life.is_meant()).then_some(life)
    }

    /// How many exchanges are about one resource: what was made twice, and not deleted in between, are two that one placeholder
    /// names.
    fn of_one(&self) -> usize {
        let mut there = false;
        for (at, exchange) in self.exchanges.iter().enumerate() {
            let done = exchange["status"].as_u64().is_some_and(|status| status < 300);
            match (self.about(exchange), exchange["method"].as_str()) {
                (About::Making, _) if there && done => return at,
                (About::Making, _) if done => there = true,
                (About::It, Some("DELETE")) if done => there = false,
                _ => {}
            }
        }
        self.exchanges.len()
    }

    /// Whether the type models what was written and read, rather than another engine's.
    fn is_meant(&self) -> bool {
        self.exchanges.iter().all(|exchange| {
            let (sent, live) = (body(&exchange["request_body"]), self.answer(exchange));
            let seen = if live.is_null() { &sent } else { &live };
            seen.get("databaseVersion").is_none()
                || not_meant(&self.host, &self.rest, &sent, seen).is_none()
        })
    }

    /// What a request is about.
    pub fn about(&self, exchange: &Json) -> About {
        let uri = exchange["uri"].as_str().unwrap_or_default();
        let Some(address) = Address::of(uri).filter(|address| address.host == self.host) else {
            return About::Other;
        };
        let own = address.rest.eq_ignore_ascii_case(&self.rest);
        let collection = self.rest.rsplit_once('/').map_or("", |(collection, _)| collection);
        match (exchange["method"].as_str(), address.verb) {
            (Some("POST"), Some("enable" | "disable")) if own => About::Action,
            (Some("POST"), None) if address.rest.eq_ignore_ascii_case(collection) => About::Making,
            // Buckets are in no project, as their names go.
            (Some("POST"), None) if self.ty.slug == "bucket" && address.rest.ends_with("/b") => {
                About::Making
            }
            (_, None) if own => About::It,
            _ => About::Other,
        }
    }

    /// What a request wants of the resource, without wrapper, mask and envelope.
    pub fn request(&self, exchange: &Json) -> Json {
        let uri = exchange["uri"].as_str().unwrap_or_default();
        let Some(address) = Address::of(uri) else { return Json::Null };
        let sent = body(&exchange["request_body"]);
        if exchange["request_body"].is_null() && self.about(exchange) != About::Action {
            return Json::Null;
        }
        without_envelope(&self.host, &in_words(&self.host, wanted(&address, sent)), &self.rest)
    }

    /// The body that an answer is, in words; `Null` where it is a word on an operation or an error.
    pub fn answer(&self, exchange: &Json) -> Json {
        let answer = in_words(&self.host, body(&exchange["response_body"]));
        let is_other = ["error", "_raw", "operationType", "done", "metadata"]
            .iter()
            .any(|key| answer.get(key).is_some());
        let read = exchange["method"] == "GET" && answer.get("metadata").is_some();
        if is_other && !(read && answer.get("done").is_none() && answer.get("error").is_none()) {
            return Json::Null;
        }
        match answer.as_object() {
            Some(map) if !map.is_empty() => answer,
            _ => Json::Null,
        }
    }
}
