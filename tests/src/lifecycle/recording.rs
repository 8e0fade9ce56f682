//! A recorded lifecycle as it stands in a file: one resource, and what was asked of it in turn.

use serde_json::Value as Json;

use super::evidence::is_resource;
use crate::conformance::google_life::{About, Life};

/// One resource in one recording.
pub struct Recording {
    /// The REST type.
    pub wire: String,
    /// The resource's ID, as the first request spells it.
    pub id: String,
    /// Which recording, with its date.
    pub source: String,
    /// What was asked, in order.
    pub exchanges: Vec<Exchange>,
}

/// One request and its answer.
pub struct Exchange {
    /// Its place in the file, from 1, and its method: how reports and the reviewed list call it.
    pub point: String,
    /// What was asked.
    pub asked: Asked,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The request's body.
    pub request: Json,
    /// The answer's body.
    pub answer: Json,
    /// Whether that is the resource, rather than a word on an operation.
    pub shows: bool,
}

/// What a request asks of the resource.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asked {
    /// To be as this body says.
    Put,
    /// To be as this body says where it says something.
    Patch,
    /// How it is.
    Get,
    /// Whether it is there.
    Head,
    /// To go.
    Delete,
    /// How a long operation stands.
    Poll,
    /// Anything else, or of anything else (a restart, its keys).
    Other,
}

impl Recording {
    /// A recording of either cloud; `None` for a file of another form.
    pub fn of(json: &Json) -> Option<Self> {
        Self::azure(json).or_else(|| Self::google(json))
    }

    /// A recording of Google's.
    fn google(json: &Json) -> Option<Self> {
        let life = Life::of(json)?;
        let source = json["source"].as_str().unwrap_or_default().to_owned();
        let exchanges = life
            .exchanges
            .iter()
            .enumerate()
            .map(|(at, json)| Exchange::google(at + 1, json, &life));
        let exchanges = exchanges.collect();
        Some(Self { wire: life.ty.wire.to_owned(), id: life.id.clone(), source, exchanges })
    }

    /// A recording of Azure's; `None` for a file of another form.
    fn azure(json: &Json) -> Option<Self> {
        let exchanges = json["exchanges"].as_array()?;
        let own = |exchange: &Json| id_of(exchange["uri"].as_str()?);
        let id = exchanges.iter().find(|e| is_own(e)).and_then(own)?;
        let wire = (xat_infra::azure::PROVIDER.type_of_id)(&id)?;
        let recorded = json["recorded"].as_str().unwrap_or_default();
        let source = format!("{} {recorded}", json["source"].as_str().unwrap_or_default());
        let exchanges =
            exchanges.iter().enumerate().map(|(at, json)| Exchange::of(at + 1, json, &id));
        Some(Self { wire, exchanges: exchanges.collect(), id, source: source.trim().to_owned() })
    }
}

impl Exchange {
    fn of(place: usize, json: &Json, id: &str) -> Self {
        let method = json["method"].as_str().unwrap_or_default();
        let of_it =
            json["uri"].as_str().and_then(id_of).is_some_and(|i| i.eq_ignore_ascii_case(id));
        // What holds secrets is read by a call of its own.
        let listed = json["uri"]
            .as_str()
            .and_then(id_of)
            .is_some_and(|i| i.eq_ignore_ascii_case(&format!("{id}/list")));
        let asked = match method {
            _ if json["kind"] == "poll" => Asked::Poll,
            "POST" if listed => Asked::Get,
            _ if !of_it => Asked::Other,
            "PUT" => Asked::Put,
            "PATCH" => Asked::Patch,
            "GET" => Asked::Get,
            "HEAD" => Asked::Head,
            "DELETE" => Asked::Delete,
            _ => Asked::Other,
        };
        let body = |key: &str| match &json[key] {
            Json::String(text) => serde_json::from_str(text).unwrap_or(Json::Null),
            other => other.clone(),
        };
        let answer = body("response_body");
        Self {
            point: format!("{place} {method}"),
            asked,
            status: status(json),
            request: body("request_body"),
            shows: is_resource(&answer),
            answer,
        }
    }

    fn google(place: usize, json: &Json, life: &Life) -> Self {
        let method = json["method"].as_str().unwrap_or_default();
        let asked = match (life.about(json), method) {
            _ if json["kind"] == "poll" => Asked::Poll,
            (About::Making, _) | (About::It, "PUT") => Asked::Put,
            (About::Action, _) | (About::It, "PATCH") => Asked::Patch,
            (About::It, "GET") => Asked::Get,
            (About::It, "DELETE") => Asked::Delete,
            _ => Asked::Other,
        };
        let answer = life.answer(json);
        Self {
            point: format!("{place} {method}"),
            asked,
            status: status(json),
            request: life.request(json),
            // What a write answers is not everywhere the resource as it is read.
            shows: asked == Asked::Get && answer.is_object(),
            answer,
        }
    }

    /// Whether the service did, or took on, what was asked.
    pub fn accepted(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

fn status(json: &Json) -> u16 {
    json["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or_default()
}

/// Whether an exchange is about the resource itself: polls and actions have addresses of their own.
fn is_own(exchange: &Json) -> bool {
    let method = exchange["method"].as_str().unwrap_or_default();
    exchange["kind"] != "poll" && ["PUT", "PATCH", "GET", "HEAD", "DELETE"].contains(&method)
}

/// The resource's ID in a request's address.
fn id_of(uri: &str) -> Option<String> {
    let path = uri.split('?').next()?;
    let from = path.find("/subscriptions/").or_else(|| path.find("/providers/"))?;
    // Some clients write a slash twice.
    Some(path[from..].replace("//", "/"))
}
