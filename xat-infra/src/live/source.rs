//! The seam to a cloud: what can be asked of one, and how asking can fail. There is no way to ask for a write.

use std::fmt;
use std::time::Duration;

use serde_json::Value as Json;

/// A cloud that can be read, and nothing else.
///
/// Each method is one attempt and waits for its answer: [`read`](super::read) calls it from several threads, tries again
/// where that may help, and turns what fails into diagnostics. A cloud joins by implementing this.
pub trait Source: Sync {
    /// What `--live` calls it, and what a plan's heading shows.
    fn name(&self) -> &'static str;

    /// The body of one resource.
    ///
    /// # Errors
    /// [`Fault::Absent`] if there is none; any other fault if that could not be found out.
    fn get(&self, ask: &Ask) -> Result<Json, ReadError>;

    /// What a group holds: bodies that may be short, each with `id` and `type`.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    fn list(&self, group: &str) -> Result<Vec<Json>, ReadError>;

    /// The resources of the type `ask.wire` that are part of the one at `ask.id`: whole bodies, each with `id`.
    ///
    /// # Errors
    /// As [`get`](Self::get); [`Fault::Absent`] where there can be none.
    fn children(&self, ask: &Ask) -> Result<Vec<Json>, ReadError>;

    /// The resources of the type `ask.wire` that stand beside the one at `ask.id` (its locks, roles, diagnostic settings):
    /// whole bodies, each with `id`. Those beside what is above or below it may be among them.
    ///
    /// # Errors
    /// As [`get`](Self::get); [`Fault::Absent`] where there can be none.
    fn beside(&self, ask: &Ask) -> Result<Vec<Json>, ReadError>;

    /// All resources of the type `ask.wire` in the collection at `ask.id`, with their IDs and whole bodies: asked where the
    /// service makes up the last part of an ID, and where [`list`](Self::list) leaves a type out. A cloud without such has none.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    fn collection(&self, ask: &Ask) -> Result<Vec<(String, Json)>, ReadError> {
        Err(ReadError::new(Fault::Refused, format!("`{}` cannot be listed", ask.id)))
    }

    /// The version of the API in which [`get`](Self::get) reads a resource, where the cloud has versions.
    ///
    /// # Errors
    /// Nobody says which, and it could not be found out.
    fn version(&self, ask: &Ask) -> Result<Option<String>, ReadError> {
        Ok(ask.api.clone())
    }

    /// Resources that were deleted and that the service still keeps: those of the type `ask.wire`, in the scope in which
    /// `ask.id` was.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    fn deleted(&self, ask: &Ask) -> Result<Vec<Json>, ReadError>;

    /// What a person must ask for to read a resource.
    fn permission(&self, ask: &Ask) -> String;

    /// What a person does whom the cloud does not know.
    fn sign_in(&self) -> &'static str {
        "sign in, or set what the how-to \"Read a live estate\" lists"
    }
}

/// One resource to read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ask {
    /// Its full ID.
    pub id: String,
    /// Its REST type.
    pub wire: String,
    /// The API version; the newest stable one where nobody says which.
    pub api: Option<String>,
}

/// What kept a resource from being read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// It is not there.
    Absent,
    /// Whoever asks may not read it.
    Forbidden,
    /// Nobody knows who asks. Asking for something else does not help.
    Unauthenticated,
    /// The cloud cannot be reached. Asking for something else does not help.
    Unreachable,
    /// It may well work in a moment: throttling, a failing server, an answer that does not come.
    Busy,
    /// Anything else: the answer makes no sense, or the request was refused.
    Refused,
}

/// Why one attempt to read gave nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadError {
    /// What kind of failure it is.
    pub fault: Fault,
    /// What the cloud says, in its own words.
    pub why: String,
    /// How long the cloud asks to be left alone.
    pub wait: Option<Duration>,
}

impl ReadError {
    /// A failure, with the cloud's own words.
    pub fn new(fault: Fault, why: impl Into<String>) -> Self {
        Self { fault, why: why.into(), wait: None }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for ReadError {}

/// How time passes between two attempts; tests bring their own.
pub trait Clock: Sync {
    /// Returns when this much time is over.
    fn sleep(&self, time: Duration);
}

/// The clock on the wall.
pub struct WallClock;

impl Clock for WallClock {
    fn sleep(&self, time: Duration) {
        std::thread::sleep(time);
    }
}
