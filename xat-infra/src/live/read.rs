//! Reading a cloud: many resources at once, patiently, and all or nothing.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

use serde_json::Value as Json;

use super::patience::Patience;
use super::wants::Want;
use super::{Ask, Clock, Fault, Limits, ReadError, Recording, Source, Wants};
use crate::diagnostic::{Diagnostic, Diagnostics};

/// Told how many resources were read, and how many are known to be wanted by now; always from the thread that reads.
pub type Progress<'a> = &'a mut dyn FnMut(usize, usize);

/// Reads what is wanted, whole or not at all.
///
/// A resource that is not there is no failure: it is missing from the recording. Anything else that keeps one from being
/// read is an error, since nobody should plan as if it were not there.
///
/// # Errors
/// A diagnostic for each resource that could not be read; one alone where nothing could be.
///
/// # Examples
///
/// A cloud in which nothing is:
///
/// ```
/// use serde_json::Value;
/// use xat_infra::live::{Ask, Fault, Limits, ReadError, Source, WallClock, Wants, read};
///
/// struct Nothing;
///
/// impl Source for Nothing {
///     fn name(&self) -> &'static str {
///         "nothing"
///     }
///     fn get(&self, ask: &Ask) -> Result<Value, ReadError> {
///         Err(ReadError::new(Fault::Absent, format!("there is no `{}`", ask.id)))
///     }
///     fn list(&self, _group: &str) -> Result<Vec<Value>, ReadError> {
///         Ok(Vec::new())
///     }
///     fn children(&self, _ask: &Ask) -> Result<Vec<Value>, ReadError> {
///         Ok(Vec::new())
///     }
///     fn beside(&self, _ask: &Ask) -> Result<Vec<Value>, ReadError> {
///         Ok(Vec::new())
///     }
///     fn deleted(&self, _ask: &Ask) -> Result<Vec<Value>, ReadError> {
///         Ok(Vec::new())
///     }
///     fn permission(&self, ask: &Ask) -> String {
///         format!("leave to read `{}`", ask.id)
///     }
/// }
///
/// let wants = Wants::new([]).resource("/things/one", "things");
/// let found = read(&Nothing, wants, &Limits::default(), &WallClock, &mut |_, _| {});
/// assert!(found.is_ok_and(|recording| recording.is_empty()));
/// ```
pub fn read(
    source: &dyn Source,
    mut wants: Wants,
    limits: &Limits,
    clock: &dyn Clock,
    progress: Progress<'_>,
) -> Result<Recording, Vec<Diagnostic>> {
    let mut reader = Reader {
        source,
        limits,
        clock,
        progress,
        done: 0,
        total: 0,
        stop: AtomicBool::new(false),
        problems: Diagnostics::new(),
    };
    let body = |ask: &Ask| match source.get(ask) {
        Ok(body) if !body.is_object() => {
            Err(ReadError::new(Fault::Refused, "the answer is not an object"))
        }
        answer => answer,
    };
    let mut recording = Recording::default();
    reader.groups(&mut wants, &mut recording);
    let mut found = Vec::new();
    let mut gone = Vec::new();
    let wanted = std::mem::take(&mut wants.resources);
    // A body that has elements is asked for once, whatever of it is wanted.
    let (mut holders, mut own, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    let (mut collections, mut numbered) = (Vec::new(), Vec::new());
    for want in wanted {
        let mut first = |of: &Want| seen.insert(of.ask.id.to_ascii_lowercase());
        if let Some(collection) = want.collection() {
            collections.extend(Some(collection).filter(|collection| first(collection)));
            numbered.push(want);
        } else if let Some(holder) = want.holder() {
            holders.extend(Some(holder).filter(|holder| first(holder)));
        } else {
            own.push(want);
        }
    }
    // Whoever else is in a collection is nobody's business.
    for (_, bodies) in reader.each_there(collections, |ask| source.collection(ask)) {
        for (id, body) in bodies.into_iter().flatten() {
            if let Some(want) = numbered.iter().find_map(|want| want.known_as(&id, &body)) {
                recording.add(&id, &want.ask.wire, body);
                found.push(want);
            }
        }
    }
    for (holder, body) in reader.each_there(holders, body) {
        for (id, wire, element) in body.iter().flat_map(|body| holder.elements(body)) {
            recording.add(&id, wire, element);
        }
    }
    for (want, body) in reader.each_there(own, body) {
        match body {
            Some(body) => {
                recording.add(&want.ask.id, &want.ask.wire, body);
                found.push(want);
            }
            None => gone.extend(want.kept()),
        }
    }
    let (mut below, mut beside) = (Vec::new(), Vec::new());
    while !found.is_empty() {
        below.extend(found.iter().flat_map(Want::below));
        beside.extend(found.iter().flat_map(|want| wants.beside(want)));
        let asks = found.iter().flat_map(|want| wants.children(want)).collect();
        let unlisted = found.iter().flat_map(|want| wants.unlisted(want)).collect();
        found = reader.children(&wants, asks, &mut recording);
        found.extend(reader.unlisted(&mut wants, unlisted, &mut recording));
    }
    reader.beside(&mut wants, beside, &mut recording);
    for (want, body) in reader.each_there(below, body) {
        if let Some(body) = body {
            recording.add(&want.ask.id, &want.ask.wire, body);
        }
    }
    for (ask, kept) in reader.each_there(gone, |ask| source.deleted(ask)) {
        let soft = ask.ty.and_then(|ty| ty.soft_delete.as_ref());
        for body in kept.into_iter().flatten() {
            let was = soft.and_then(|soft| soft.id.iter().try_fold(&body, |at, key| at.get(key)));
            if was.and_then(Json::as_str).is_some_and(|was| was.eq_ignore_ascii_case(&ask.ask.id))
                && let Some(id) = text(&body, "id")
            {
                recording.add(&id, &ask.ask.wire, body);
            }
        }
    }
    reader.problems.or_value(recording, &mut Vec::new())
}

/// The text at a key of a body.
fn text(body: &Json, key: &str) -> Option<String> {
    body.get(key)?.as_str().map(str::to_owned)
}

struct Reader<'a> {
    source: &'a dyn Source,
    limits: &'a Limits,
    clock: &'a dyn Clock,
    progress: Progress<'a>,
    done: usize,
    total: usize,
    /// Nothing more will succeed.
    stop: AtomicBool,
    problems: Diagnostics,
}

impl Reader<'_> {
    /// Lists groups: what a type models is wanted, the rest is read as far as that goes.
    fn groups(&mut self, wants: &mut Wants, recording: &mut Recording) {
        let source = self.source;
        let of = |must_be: bool| -> Vec<Want> {
            let groups = wants.groups.iter().filter(|group| group.must_be == must_be);
            groups.map(|group| wants.of(&group.id, "")).collect()
        };
        let (must_be, may_be) = (of(true), of(false));
        let mut lists: Vec<(Want, Option<Vec<Json>>)> = self
            .each(must_be, |want| source.list(&want.ask.id))
            .into_iter()
            .map(|(want, listed)| (want, Some(listed)))
            .collect();
        lists.extend(self.each_there(may_be, |ask| source.list(&ask.id)));
        let (mut strangers, mut listed_as) = (Vec::new(), Vec::new());
        for (group, listed) in lists {
            for body in listed.into_iter().flatten() {
                let (Some(id), Some(wire)) = (text(&body, "id"), text(&body, "type")) else {
                    self.nameless(&group);
                    continue;
                };
                let want = Want { whole: true, ..wants.of(&id, &wire) };
                if want.ty.is_none() {
                    listed_as.push(body);
                    strangers.push(want);
                } else {
                    wants.add(want);
                }
            }
        }
        // The list has their names and little more. What cannot be read whole is kept as the list has it.
        let whole = |want: &Want| {
            let read = source.version(&want.ask).and_then(|version| {
                let body = source.get(&Ask { api: version.clone(), ..want.ask.clone() })?;
                Ok((version, body))
            });
            match read {
                Ok(read) => Ok(Some(read)),
                Err(error)
                    if [Fault::Absent, Fault::Forbidden, Fault::Refused].contains(&error.fault) =>
                {
                    Ok(None)
                }
                Err(error) => Err(error),
            }
        };
        for (want, read) in self.each(strangers, whole) {
            if let Some((version, Json::Object(mut body))) = read {
                body.extend(version.map(|version| ("apiVersion".to_owned(), Json::from(version))));
                recording.add(&want.ask.id, &want.ask.wire, Json::Object(body));
            }
        }
        // What was read whole is there already.
        for body in listed_as {
            let text = |key| text(&body, key).unwrap_or_default();
            recording.add(&text("id"), &text("type"), body);
        }
    }

    /// Lists what stands beside resources, and keeps what is beside these or what they hold.
    fn beside(&mut self, wants: &mut Wants, asks: Vec<Want>, recording: &mut Recording) {
        let source = self.source;
        for (ask, found) in self.each_there(asks, |ask| source.beside(ask)) {
            for body in found.into_iter().flatten() {
                let Some(id) = text(&body, "id") else {
                    self.nameless(&ask);
                    continue;
                };
                let head = id.get(..ask.ask.id.len()).unwrap_or_default();
                let below = head.eq_ignore_ascii_case(&ask.ask.id)
                    && id.as_bytes().get(head.len()) == Some(&b'/');
                if below && wants.take_up(&id) {
                    recording.add(&id, &ask.ask.wire, body);
                }
            }
        }
    }

    /// Lists what is part of resources, and gives what was found.
    fn children(&mut self, wants: &Wants, asks: Vec<Want>, recording: &mut Recording) -> Vec<Want> {
        let mut found = Vec::new();
        let source = self.source;
        for (ask, children) in self.each_there(asks, |ask| source.children(ask)) {
            for body in children.into_iter().flatten() {
                let Some(id) = text(&body, "id") else {
                    self.nameless(&ask);
                    continue;
                };
                found.push(Want { whole: true, ..wants.of(&id, &ask.ask.wire) });
                recording.add(&id, &ask.ask.wire, body);
            }
        }
        found
    }

    /// Lists what the list of its scope left out, and gives what was found.
    fn unlisted(
        &mut self,
        wants: &mut Wants,
        asks: Vec<Want>,
        recording: &mut Recording,
    ) -> Vec<Want> {
        let mut found = Vec::new();
        let source = self.source;
        for (ask, bodies) in self.each_there(asks, |ask| source.collection(ask)) {
            for (id, body) in bodies.into_iter().flatten() {
                if wants.take_up(&id) {
                    found.push(Want { whole: true, ..wants.of(&id, &ask.ask.wire) });
                    recording.add(&id, &ask.ask.wire, body);
                }
            }
        }
        found
    }

    /// Asks for each; what is not there is `None`.
    fn each_there<T: Send>(
        &mut self,
        wants: Vec<Want>,
        ask: impl Fn(&Ask) -> Result<T, ReadError> + Sync,
    ) -> Vec<(Want, Option<T>)> {
        self.each(wants, |want| match ask(&want.ask) {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.fault == Fault::Absent => Ok(None),
            Err(error) => Err(error),
        })
    }

    /// Asks for each, several at once; answers come in the order of the questions. What fails becomes a problem.
    fn each<T: Send>(
        &mut self,
        wants: Vec<Want>,
        ask: impl Fn(&Want) -> Result<T, ReadError> + Sync,
    ) -> Vec<(Want, T)> {
        self.total += wants.len();
        let next = AtomicUsize::new(0);
        let mut answers: Vec<(usize, Result<T, ReadError>)> = Vec::with_capacity(wants.len());
        let patience = Patience { limits: self.limits, clock: self.clock, stop: &self.stop };
        std::thread::scope(|scope| {
            let (send, receive) = mpsc::channel();
            for _ in 0..self.limits.parallel.clamp(1, wants.len().max(1)) {
                let (send, patience, next, wants, ask) =
                    (send.clone(), &patience, &next, &wants, &ask);
                scope.spawn(move || {
                    while !patience.stop.load(Ordering::Relaxed) {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(want) = wants.get(at) else { break };
                        let answer = patience.ask(|| ask(want));
                        let hopeless = [Fault::Unauthenticated, Fault::Unreachable];
                        if answer.as_ref().is_err_and(|error| hopeless.contains(&error.fault)) {
                            patience.stop.store(true, Ordering::Relaxed);
                        }
                        if send.send((at, answer)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(send);
            for answer in receive {
                self.done += 1;
                (self.progress)(self.done, self.total);
                answers.push(answer);
            }
        });
        answers.sort_by_key(|(at, _)| *at);
        let mut wants: Vec<Option<Want>> = wants.into_iter().map(Some).collect();
        let mut out = Vec::with_capacity(answers.len());
        for (at, answer) in answers {
            let Some(want) = wants.get_mut(at).and_then(Option::take) else { continue };
            match answer {
                Ok(value) => out.push((want, value)),
                Err(error) => self.problem(&want, &error),
            }
        }
        out
    }

    fn nameless(&mut self, list: &Want) {
        let why = "it lists a resource without `id` or `type`";
        self.problem(list, &ReadError::new(Fault::Refused, why));
    }

    fn problem(&mut self, want: &Want, error: &ReadError) {
        let cloud = self.source.name();
        // What concerns all of them alike is told once, whichever came first.
        let (code, message, help) = match error.fault {
            Fault::Unauthenticated => (
                "live-unauthenticated",
                format!("{cloud} does not know who is asking: {}", error.why),
                self.source.sign_in().to_owned(),
            ),
            Fault::Unreachable => (
                "live-unreachable",
                format!("{cloud} cannot be reached: {}", error.why),
                "check the network and the endpoint".to_owned(),
            ),
            Fault::Forbidden => (
                "live-forbidden",
                format!("{} may not be read: {}", want.what, error.why),
                format!("ask for {}", self.source.permission(&want.ask)),
            ),
            Fault::Absent | Fault::Busy | Fault::Refused => (
                "live-unreadable",
                format!("{} could not be read: {}", want.what, error.why),
                "nothing is guessed about it: try again, or record the estate where it can be read"
                    .to_owned(),
            ),
        };
        let mut problem = Diagnostic::error(code, message).help(help);
        match (&want.at, error.fault) {
            (_, Fault::Unauthenticated | Fault::Unreachable) if self.told(code) => return,
            (_, Fault::Unauthenticated | Fault::Unreachable) | (None, _) => {}
            (Some(at), _) => problem = problem.at(at.clone(), "declared here"),
        }
        self.problems.push(problem);
    }

    fn told(&self, code: &str) -> bool {
        self.problems.clone().into_iter().any(|problem| problem.code == code)
    }
}
