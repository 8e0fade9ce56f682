//! What a web application runs: a container image by tag or digest, or a runtime of the service's own.

use std::borrow::Cow;

use crate::azure::{ContainerRegistry, RegistryTier};
use crate::dsl::Handle;
use crate::schema::{CheckContext, Codec, Variables, rust};
use crate::text;
use crate::value::{Part, Text, Value};

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
}

/// A container image, with the registry that it is pulled from.
#[derive(Clone)]
pub struct ContainerImage(Text);

impl ContainerImage {
    /// An image of a registry of this stack, by its tag.
    #[must_use]
    pub fn tag<T: RegistryTier>(
        registry: Handle<ContainerRegistry<T>>,
        repository: impl Into<Text>,
        tag: Tag,
    ) -> Self {
        Self::at(registry.login_server(), repository, tag)
    }

    /// An image of a registry of this stack, by its digest.
    #[must_use]
    pub fn digest<T: RegistryTier>(
        registry: Handle<ContainerRegistry<T>>,
        repository: impl Into<Text>,
        digest: Digest,
    ) -> Self {
        Self(text!("{}/{}@sha256:{}", registry.login_server(), repository.into(), digest.0))
    }

    /// An image of a registry that exists elsewhere, by the registry's host name.
    #[must_use]
    pub fn at(host: impl Into<Text>, repository: impl Into<Text>, tag: Tag) -> Self {
        Self(text!("{}/{}:{}", host.into(), repository.into(), Text::from(tag)))
    }
}

#[diagnostic::do_not_recommend]
impl From<Tag> for Text {
    fn from(tag: Tag) -> Self {
        Text::Literal(tag.0)
    }
}

/// The image with its registry, as `docker pull` takes it.
#[diagnostic::do_not_recommend]
impl From<ContainerImage> for Text {
    fn from(image: ContainerImage) -> Self {
        image.0
    }
}

/// What an application runs, in the words of App Service (`DOCKER|host/repository:tag`, `NODE|20-lts`).
#[derive(Clone)]
pub struct Runtime(Text);

impl Runtime {
    /// A runtime that the service brings along (`NODE|20-lts`, `PYTHON|3.12`), for applications without an image.
    #[must_use]
    pub fn other(runtime: impl Into<Text>) -> Self {
        Self(runtime.into())
    }
}

impl From<ContainerImage> for Runtime {
    fn from(image: ContainerImage) -> Self {
        Self(text!("DOCKER|{}", image.0))
    }
}

#[diagnostic::do_not_recommend]
impl From<Runtime> for Text {
    fn from(runtime: Runtime) -> Self {
        runtime.0
    }
}

/// Runtimes as App Service calls them, and as Terraform does.
const RUNTIMES: [(&str, &str); 5] = [
    ("DOTNETCORE", "dotnet_version"),
    ("GO", "go_version"),
    ("NODE", "node_version"),
    ("PHP", "php_version"),
    ("PYTHON", "python_version"),
];

/// Where Docker Hub answers: images without a host come from there.
const DOCKER_HUB: &str = "index.docker.io";

/// `DOCKER|host/repository:tag` as Terraform's image name and registry address.
pub(crate) static APPLICATION_STACK: Codec = Codec {
    name: "application stack",
    encode: |value| value.as_text().and_then(stack_of).unwrap_or_default(),
    decode: |value| {
        let text = |key| value.at(&[key]).and_then(Value::as_str);
        if let Some(image) = text("docker_image_name") {
            let url = text("docker_registry_url").unwrap_or_default();
            let host = url.strip_prefix("https://").unwrap_or(url).trim_end_matches('/');
            let between = if host.is_empty() || host == DOCKER_HUB { "" } else { "/" };
            let host = if between.is_empty() { "" } else { host };
            return Some(Value::from(format!("DOCKER|{host}{between}{image}")));
        }
        RUNTIMES
            .iter()
            .find_map(|(runtime, key)| Some(Value::from(format!("{runtime}|{}", text(key)?))))
    },
};

fn stack_of(text: &Text) -> Option<Value> {
    let mut parts = pieces(text);
    let Some(Part::Literal(first)) = parts.first_mut() else { return None };
    let (runtime, rest) =
        first.split_once('|').map(|(runtime, rest)| (runtime.to_owned(), rest.to_owned()))?;
    *first = Cow::Owned(rest);
    if runtime.eq_ignore_ascii_case("DOCKER") {
        let (host, image) = split_at_slash(parts);
        return Some(Value::map([
            ("docker_image_name", Value::Text(image)),
            ("docker_registry_url", Value::Text(text!("https://{host}"))),
        ]));
    }
    let (_, key) = RUNTIMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(&runtime))?;
    Some(Value::map([(*key, Value::Text(joined(parts)))]))
}

/// An image's host and the rest of it. The first part of an image is a host if it is an output or has a dot
/// or a port; otherwise the image is of Docker Hub.
fn split_at_slash(parts: Vec<Part>) -> (Text, Text) {
    let slash = parts.iter().enumerate().find_map(|(at, part)| match part {
        Part::Literal(text) => text.find('/').map(|byte| (at, byte)),
        Part::Output(_) => None,
    });
    let split = slash.map(|(at, byte)| {
        let (mut host, mut image) = (parts[..at].to_vec(), parts[at + 1..].to_vec());
        if let Part::Literal(text) = &parts[at] {
            host.push(Part::Literal(Cow::Owned(text[..byte].to_owned())));
            image.insert(0, Part::Literal(Cow::Owned(text[byte + 1..].to_owned())));
        }
        (joined(host), joined(image))
    });
    match split {
        Some((host, image)) if host.literal().is_none_or(|host| host.contains(['.', ':'])) => {
            (host, image)
        }
        _ => (DOCKER_HUB.into(), joined(parts)),
    }
}

fn pieces(text: &Text) -> Vec<Part> {
    match text {
        Text::Literal(text) => vec![Part::Literal(text.clone())],
        Text::Output(output) => vec![Part::Output(*output)],
        Text::Joined(parts) => parts.to_vec(),
    }
}

fn joined(parts: Vec<Part>) -> Text {
    Text::join(parts.into_iter().map(|part| match part {
        Part::Literal(text) => Text::Literal(text),
        Part::Output(output) => Text::Output(output),
    }))
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

/// `DOCKER|host/repository:tag` as the constructor's call; `None` for what has no lasting name or is no image.
pub(crate) fn say_image(runs: &str, variables: &dyn Variables) -> Option<String> {
    let (host, rest) = runs.strip_prefix("DOCKER|")?.split_once('/')?;
    let (by, repository, word) = match rest.split_once('@') {
        Some((repository, digest)) => {
            let good = digest.strip_prefix("sha256:").is_some_and(|digits| digits.len() == 64);
            good.then_some(())?;
            ("digest", repository, format!("Digest::sha256({})", rust::literal(digest)))
        }
        None => {
            let (repository, tag) = rest.rsplit_once(':')?;
            tag_problem(tag).is_none().then_some(())?;
            ("tag", repository, format!("tag!({})", rust::literal(tag)))
        }
    };
    let repository = rust::literal(repository);
    match variables.with_output("login_server", host) {
        Some(registry) => {
            Some(format!("ContainerImage::{by}({}, {repository}, {word})", registry.name))
        }
        None if by == "tag" => {
            Some(format!("ContainerImage::at({}, {repository}, {word})", rust::literal(host)))
        }
        None => None,
    }
}

/// Reports what a property runs, if it is an image without a lasting name.
pub(crate) fn check_image(check: &mut CheckContext<'_>, property: &'static str) {
    let Some(text) = check.get(property).and_then(Value::as_text) else { return };
    let docker =
        matches!(pieces(text).first(), Some(Part::Literal(text)) if text.starts_with("DOCKER|"));
    if let Some(problem) = docker.then(|| image_problem(text)).flatten() {
        check.report(property, problem, IMAGE_NAMES);
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str, key: &str) -> Option<String> {
        let sent = (APPLICATION_STACK.encode)(&Value::from(text.to_owned()));
        sent.at(&[key]).and_then(Value::as_str).map(str::to_owned)
    }

    #[test]
    fn an_image_is_one_word_here_and_two_there() {
        for (text, image, url) in [
            ("DOCKER|mcr.example.net/a/b:1", "a/b:1", "https://mcr.example.net"),
            ("DOCKER|library/nginx:1", "library/nginx:1", "https://index.docker.io"),
            ("DOCKER|localhost:5000/x:1", "x:1", "https://localhost:5000"),
        ] {
            assert_eq!(encoded(text, "docker_image_name").as_deref(), Some(image));
            assert_eq!(encoded(text, "docker_registry_url").as_deref(), Some(url));
            let back = (APPLICATION_STACK.decode)(&(APPLICATION_STACK.encode)(&Value::from(text)));
            assert_eq!(back.as_ref().and_then(Value::as_str), Some(text));
        }
        assert_eq!(encoded("NODE|20-lts", "node_version").as_deref(), Some("20-lts"));
    }

    #[test]
    fn tags_that_say_nothing_are_refused() {
        assert_eq!(tag_problem("2026.11.3"), None);
        for bad in ["latest", "", ".a", "-a", "a b", "a:b", "a/b"] {
            assert!(tag_problem(bad).is_some(), "{bad}");
        }
    }
}
