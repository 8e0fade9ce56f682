//! Container images: the tags and digests by which every cloud names them, and what is no lasting name.

use std::borrow::Cow;

use crate::schema::rust;
use crate::value::{Part, Text};

/// An image's tag. A literal is written with [`tag!`](crate::tag) and checked while compiling:
///
/// ```
/// use xat_infra::azure::prelude::*;
/// let tag = tag!("2026.11.3");
/// ```
///
/// `latest` names another image every time, so that nobody could say what runs:
///
/// ```compile_fail,E0080
/// use xat_infra::azure::prelude::*;
/// let tag = tag!("latest");
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tag(Cow<'static, str>);

impl Tag {
    /// A literal tag. In a constant, a bad one does not compile: this is what [`tag!`](crate::tag) does.
    ///
    /// # Panics
    /// If the tag is `latest` or malformed. Use [`Tag::new`] for tags that are made while running.
    #[track_caller]
    #[expect(
        clippy::panic,
        reason = "it is evaluated in a constant, where a panic is a compile error"
    )]
    pub const fn literal(text: &'static str) -> Self {
        match tag_problem(text) {
            None => Self(Cow::Borrowed(text)),
            Some(problem) => panic!("{}", problem),
        }
    }

    /// A tag that is made while running; the graph reports it if it is `latest` or malformed.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Cow::Owned(text.into()))
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An image's tag, checked while compiling. See [`Tag`](crate::azure::Tag).
#[macro_export]
macro_rules! tag {
    ($text:literal) => {{
        const TAG: $crate::azure::Tag = $crate::azure::Tag::literal($text);
        TAG
    }};
}

/// An image's digest: it names one image for good.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Digest(String);

impl Digest {
    /// A SHA-256 digest, with or without `sha256:` in front of its 64 hexadecimal digits.
    pub fn sha256(digest: impl Into<String>) -> Self {
        let digest = digest.into();
        Self(digest.strip_prefix("sha256:").map(str::to_owned).unwrap_or(digest))
    }

    /// Its hexadecimal digits.
    pub(crate) fn digits(self) -> String {
        self.0
    }
}

#[diagnostic::do_not_recommend]
impl From<Tag> for Text {
    fn from(tag: Tag) -> Self {
        Text::Literal(tag.0)
    }
}

/// What is wrong with a tag. Usable in constants.
const fn tag_problem(tag: &str) -> Option<&'static str> {
    let bytes = tag.as_bytes();
    if bytes.is_empty() || bytes.len() > 128 {
        return Some("an image tag has 1 to 128 characters");
    }
    if let b"latest" = bytes {
        return Some("`latest` names another image every time: name the one that should run");
    }
    let mut i = 0;
    while i < bytes.len() {
        let inside = i > 0 && (bytes[i] == b'.' || bytes[i] == b'-');
        if !(bytes[i].is_ascii_alphanumeric() || bytes[i] == b'_' || inside) {
            return Some(
                "an image tag is made of letters, digits, `_`, `.` and `-`, the last two not in front",
            );
        }
        i += 1;
    }
    None
}

/// Where it is said what an image may be called.
pub(crate) const IMAGE_NAMES: &str = "https://docs.docker.com/reference/cli/docker/image/tag/";

/// Why an image has no lasting name, if it has none.
pub(crate) fn image_problem(image: &Text) -> Option<&'static str> {
    let parts = pieces(image);
    let Some(Part::Literal(last)) = parts.last() else { return None };
    let name = last.rsplit('/').next().unwrap_or(last);
    if let Some((_, digest)) = name.split_once("@sha256:") {
        let good = digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit());
        return (!good).then_some("a SHA-256 digest has 64 hexadecimal digits");
    }
    match name.split_once(':') {
        Some((_, tag)) => tag_problem(tag),
        None => Some("an image without a tag is `latest`: name the one that should run"),
    }
}

/// What stands behind an image's registry, as Rust: which constructor (`tag` or `digest`), the repository, and the tag or
/// digest; `None` for what has no lasting name.
pub(crate) fn say_version(image: &str) -> Option<(&'static str, &str, String)> {
    if let Some((repository, digest)) = image.split_once('@') {
        let good = digest.strip_prefix("sha256:").is_some_and(|digits| digits.len() == 64);
        return good
            .then(|| ("digest", repository, format!("Digest::sha256({})", rust::literal(digest))));
    }
    let (repository, tag) = image.rsplit_once(':')?;
    tag_problem(tag).is_none().then(|| ("tag", repository, format!("tag!({})", rust::literal(tag))))
}

/// The pieces of a text.
pub(crate) fn pieces(text: &Text) -> Vec<Part> {
    match text {
        Text::Literal(text) => vec![Part::Literal(text.clone())],
        Text::Output(output) => vec![Part::Output(*output)],
        Text::Joined(parts) => parts.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::{say_version, tag_problem};

    #[test]
    fn tags_that_say_nothing_are_refused() {
        assert_eq!(tag_problem("2026.11.3"), None);
        for bad in ["latest", "", ".a", "-a", "a b", "a:b", "a/b"] {
            assert!(tag_problem(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn a_lasting_name_is_said_and_no_other() {
        let said = say_version("team/shop:2026.11.3");
        assert_eq!(said, Some(("tag", "team/shop", "tag!(\"2026.11.3\")".to_owned())));
        assert!(say_version(&format!("shop@sha256:{}", "0".repeat(64))).is_some());
        for bad in ["shop", "shop:latest", "shop@sha256:00"] {
            assert_eq!(say_version(bad), None, "{bad}");
        }
    }
}
