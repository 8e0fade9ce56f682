//! A cloud that answers from a script and remembers what it was asked: for tests of reading, without a network.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value as Json, json};
use xat_infra::live::{Ask, Clock, Fault, ReadError, Source};

/// The answers of a cloud, by ID in lower case.
#[derive(Default)]
pub struct Scripted {
    bodies: HashMap<String, Json>,
    groups: HashMap<String, Vec<Json>>,
    deleted: HashMap<String, Vec<Json>>,
    /// What an ID is answered with, and how often, before its body.
    faults: Mutex<HashMap<String, Vec<ReadError>>>,
    /// How long each answer takes.
    pub delay: Duration,
    asked: Mutex<Vec<String>>,
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Scripted {
    /// A cloud in which these bodies are.
    pub fn holding(bodies: impl IntoIterator<Item = Json>) -> Self {
        let by_id = |body: Json| (id_of(&body), body);
        Self { bodies: bodies.into_iter().map(by_id).collect(), ..Self::default() }
    }

    /// A cloud with the bodies of a recorded estate.
    pub fn recorded(estate: &str) -> Self {
        let json: Json = serde_json::from_str(estate).expect("an estate is JSON");
        Self::holding(json["resources"].as_array().expect("bodies").clone())
    }

    /// Answers an ID with another body.
    #[must_use]
    pub fn with(mut self, id: &str, body: Json) -> Self {
        self.bodies.insert(id.to_ascii_lowercase(), body);
        self
    }

    /// Answers an ID with an error, so many times.
    #[must_use]
    pub fn failing(self, id: &str, error: &ReadError, times: usize) -> Self {
        self.faults
            .lock()
            .expect("one thread so far")
            .insert(id.to_ascii_lowercase(), vec![error.clone(); times]);
        self
    }

    /// Answers for a group.
    #[must_use]
    pub fn group(mut self, id: &str, listed: &[Json]) -> Self {
        self.groups.insert(id.to_ascii_lowercase(), listed.to_vec());
        self
    }

    /// Keeps deleted resources of a type.
    #[must_use]
    pub fn deleted(mut self, wire: &str, bodies: &[Json]) -> Self {
        self.deleted.insert(wire.to_owned(), bodies.to_vec());
        self
    }

    /// The IDs that were asked for, in the order of the alphabet.
    pub fn asked(&self) -> Vec<String> {
        let mut asked = self.asked.lock().expect("no thread panicked").clone();
        asked.sort();
        asked
    }

    /// How many questions were open at once, at most.
    pub fn most_at_once(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }

    fn answer<T>(&self, id: &str, value: Option<T>) -> Result<T, ReadError> {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        std::thread::sleep(self.delay);
        self.now.fetch_sub(1, Ordering::SeqCst);
        self.asked.lock().expect("no thread panicked").push(id.to_owned());
        let mut faults = self.faults.lock().expect("no thread panicked");
        if let Some(error) = faults.get_mut(&id.to_ascii_lowercase()).and_then(Vec::pop) {
            return Err(error);
        }
        value.ok_or_else(|| ReadError::new(Fault::Absent, "404 ResourceNotFound"))
    }
}

impl Source for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn get(&self, ask: &Ask) -> Result<Json, ReadError> {
        self.answer(&ask.id, self.bodies.get(&ask.id.to_ascii_lowercase()).cloned())
    }

    fn list(&self, group: &str) -> Result<Vec<Json>, ReadError> {
        self.answer(&format!("{group}/*"), self.groups.get(&group.to_ascii_lowercase()).cloned())
    }

    fn children(&self, ask: &Ask) -> Result<Vec<Json>, ReadError> {
        let kind = ask.wire.rsplit('/').next().unwrap_or_default();
        let below = format!("{}/{kind}/", ask.id).to_ascii_lowercase();
        let mut of: Vec<&Json> = self
            .bodies
            .iter()
            .filter(|(id, _)| id.strip_prefix(&below).is_some_and(|name| !name.contains('/')))
            .map(|(_, body)| body)
            .collect();
        of.sort_by_key(|body| id_of(body));
        self.answer(&format!("{}/{kind}/*", ask.id), Some(of.into_iter().cloned().collect()))
    }

    fn beside(&self, ask: &Ask) -> Result<Vec<Json>, ReadError> {
        let kind = format!("/providers/{}/", ask.wire).to_ascii_lowercase();
        let head = ask.id.to_ascii_lowercase();
        let is_one = |id: &str| {
            id.starts_with(&head)
                && id.rsplit_once(&kind).is_some_and(|(_, name)| !name.contains('/'))
        };
        let mut of: Vec<&Json> =
            self.bodies.iter().filter(|(id, _)| is_one(id)).map(|(_, body)| body).collect();
        of.sort_by_key(|body| id_of(body));
        self.answer(
            &format!("{}/providers/{}/*", ask.id, ask.wire),
            Some(of.into_iter().cloned().collect()),
        )
    }

    fn version(&self, ask: &Ask) -> Result<Option<String>, ReadError> {
        Ok(Some(ask.api.clone().unwrap_or_else(|| "2026-01-01".to_owned())))
    }

    fn deleted(&self, ask: &Ask) -> Result<Vec<Json>, ReadError> {
        let kept = self.deleted.get(&ask.wire).cloned().unwrap_or_default();
        self.answer(&format!("{} {}", ask.wire, ask.id), Some(kept))
    }

    fn permission(&self, ask: &Ask) -> String {
        format!("leave to read `{}`", ask.wire)
    }
}

/// A clock that only notes how long it was asked to wait.
#[derive(Default)]
pub struct Noted(Mutex<Vec<Duration>>);

impl Noted {
    /// The pauses in seconds, in the order in which they were asked for.
    pub fn pauses(&self) -> Vec<f64> {
        self.0.lock().expect("no thread panicked").iter().map(Duration::as_secs_f64).collect()
    }
}

impl Clock for Noted {
    fn sleep(&self, time: Duration) {
        self.0.lock().expect("no thread panicked").push(time);
    }
}

fn id_of(body: &Json) -> String {
    body["id"].as_str().expect("a body has an ID").to_ascii_lowercase()
}

/// A short body, as lists have them.
pub fn short(id: &str, wire: &str) -> Json {
    json!({"id": id, "name": id.rsplit('/').next(), "type": wire})
}
