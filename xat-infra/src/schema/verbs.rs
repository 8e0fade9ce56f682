//! Verbs: by which requests a service makes, changes and deletes a resource, where each service has a way of its own.
//!
//! A request is said as one text, `METHOD URL`. In it, and in what bodies say beside the declared properties, stand:
//!
//! - `{api}`: the service with its version, `https://run.googleapis.com/v2`; `{path}`: the resource below it;
//! - `{self}`: both together; `{collection}`: the same without the last segment; `{holder}`: what it is a part of;
//! - `{name}`, `{kind}` (the last word of the REST type, `secret`), and the stack's parameters (`{gcp.project}`);
//! - what is known only when it is sent: `{mask}` (the paths that change), `{live.name}` (any leaf of the live body),
//!   `{number}` (the project's), `{word}` (of [`Update::words`]).

/// By which requests a resource is made, changed and deleted.
///
/// ```
/// use xat_infra::schema::Verbs;
/// // A service whose bodies say the name themselves, and that merges what it is sent.
/// const VERBS: Verbs = Verbs { says: &[("name", "{name}")], ..Verbs::STANDARD };
/// assert_eq!(VERBS.delete, "DELETE {self}");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Verbs {
    /// What reads it.
    pub read: &'static str,
    /// What a read says in its body, for the reads that are a POST.
    pub asks: Says,
    /// Where it is found, for what can only be listed.
    pub listed: Option<Listed>,
    /// What makes it; empty where nothing does.
    pub create: &'static str,
    /// What its first body says beside the declared properties: dotted paths, and text.
    pub says: Says,
    /// The key under which the resource stands in the first body, where it does not stand there itself.
    pub within: &'static str,
    /// The paths that the first body cannot say, or that the service ignores in it: they are written when it is there.
    pub late: &'static [&'static str],
    /// What changes it: the first that is for a path takes it. A path that none takes cannot be changed.
    pub updates: &'static [Update],
    /// What takes it back while the service keeps it deleted.
    pub revive: &'static str,
    /// What deletes it.
    pub delete: &'static str,
    /// What the body of that says.
    pub delete_says: Says,
}

/// Leaves of a body: dotted paths, and text with what stands in requests.
pub type Says = &'static [(&'static str, &'static str)];

/// One way to change a resource.
#[derive(Clone, Copy, Debug)]
pub struct Update {
    /// The paths that it is for, with everything below them; empty for all.
    pub of: &'static [&'static str],
    /// The request.
    pub request: &'static str,
    /// Whether the body is the whole resource, as it is live with what is declared laid over it; else only what changes.
    pub whole: bool,
    /// Leaves of the live body that go with it: a fingerprint shows that nobody else wrote in between.
    pub carries: &'static [&'static str],
    /// What the body says beside them.
    pub says: Says,
    /// The key under which the resource stands in the body.
    pub within: &'static str,
    /// Where the path's value is said by a word of the request: what JSON has, and the word. The body is then empty.
    pub words: Says,
    /// Whether doing it twice makes two: what was there before is noted, and it is not done again when that has changed.
    pub once: bool,
}

/// Where a resource is found among others.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// The key of the list in the answer; empty for the collection's own name.
    pub list: &'static str,
    /// The path in an element that says the name.
    pub key: &'static str,
}

impl Update {
    /// Writes what changes by a PATCH that names it.
    pub const MASK: Update = Update {
        of: &[],
        request: "PATCH {self}?updateMask={mask}",
        whole: false,
        carries: &[],
        says: &[],
        within: "",
        words: &[],
        once: false,
    };

    /// Writes what changes by a PATCH that leaves everything else alone.
    pub const MERGE: Update = Update { request: "PATCH {self}", ..Update::MASK };
}

impl Verbs {
    /// The standard methods of Google's interfaces: the collection makes it under an ID in the query, a PATCH with a mask
    /// changes it. <https://google.aip.dev/133>, <https://google.aip.dev/134>, <https://google.aip.dev/135>
    pub const STANDARD: Verbs = Verbs {
        read: "GET {self}",
        asks: &[],
        listed: None,
        create: "POST {collection}?{kind}Id={name}",
        says: &[],
        within: "",
        late: &[],
        updates: &[Update::MASK],
        revive: "",
        delete: "DELETE {self}",
        delete_says: &[],
    };
}
