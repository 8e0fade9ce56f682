//! What a web application runs: a container image by tag or digest, or a runtime of the service's own.

use std::borrow::Cow;

use crate::azure::{ContainerRegistry, RegistryTier};
use crate::catalog::image::{Digest, IMAGE_NAMES, Tag, image_problem, pieces, say_version};
use crate::dsl::Handle;
use crate::schema::{CheckContext, Codec, Variables, rust};
use crate::text;
use crate::value::{Part, Text, Value};

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
        Self(text!("{}/{}@sha256:{}", registry.login_server(), repository.into(), digest.digits()))
    }

    /// An image of a registry that exists elsewhere, by the registry's host name.
    #[must_use]
    pub fn at(host: impl Into<Text>, repository: impl Into<Text>, tag: Tag) -> Self {
        Self(text!("{}/{}:{}", host.into(), repository.into(), Text::from(tag)))
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

fn joined(parts: Vec<Part>) -> Text {
    Text::join(parts.into_iter().map(|part| match part {
        Part::Literal(text) => Text::Literal(text),
        Part::Output(output) => Text::Output(output),
    }))
}

/// `DOCKER|host/repository:tag` as the constructor's call; `None` for what has no lasting name or is no image.
pub(crate) fn say_image(runs: &str, variables: &dyn Variables) -> Option<String> {
    let (host, rest) = runs.strip_prefix("DOCKER|")?.split_once('/')?;
    let (by, repository, word) = say_version(rest)?;
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
}
