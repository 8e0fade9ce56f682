//! What Cloud Run runs: a container image by tag or digest.

use crate::catalog::image::{Digest, Tag, say_version};
use crate::schema::rust;
use crate::text;
use crate::value::Text;

/// A container image, with the repository that it is pulled from.
///
/// ```
/// use xat_infra::gcp::prelude::*;
/// let image = RunImage::tag("europe-west4-docker.pkg.dev/shop/images/web", tag!("2026.11.3"));
/// ```
#[derive(Clone)]
pub struct RunImage(Text);

impl RunImage {
    /// An image by its tag. `repository` has the host in front
    /// (`europe-west4-docker.pkg.dev/project/repository/image`).
    #[must_use]
    pub fn tag(repository: impl Into<Text>, tag: Tag) -> Self {
        Self(text!("{}:{}", repository.into(), Text::from(tag)))
    }

    /// An image by its digest, which names one image for good.
    #[must_use]
    pub fn digest(repository: impl Into<Text>, digest: Digest) -> Self {
        Self(text!("{}@sha256:{}", repository.into(), digest.digits()))
    }
}

/// The image with its host, as `docker pull` takes it.
#[diagnostic::do_not_recommend]
impl From<RunImage> for Text {
    fn from(image: RunImage) -> Self {
        image.0
    }
}

/// An image as the constructor's call; `None` for what has no lasting name.
pub(super) fn say_image(image: &str) -> Option<String> {
    let (by, repository, word) = say_version(image)?;
    Some(format!("RunImage::{by}({}, {word})", rust::literal(repository)))
}

#[cfg(test)]
mod tests {
    use super::{RunImage, say_image};
    use crate::gcp::prelude::{Digest, Text};
    use crate::tag;

    #[test]
    fn an_image_is_said_as_it_was_made() {
        let repository = "europe-west4-docker.pkg.dev/shop/images/web";
        let text = Text::from(RunImage::tag(repository, tag!("1.2")));
        let said = text.literal().and_then(say_image);
        let wanted = format!("RunImage::tag(\"{repository}\", tag!(\"1.2\"))");
        assert_eq!(said, Some(wanted));
        let text = Text::from(RunImage::digest(repository, Digest::sha256("0".repeat(64))));
        assert!(text.literal().and_then(say_image).is_some_and(|said| said.contains("::digest(")));
        assert_eq!(say_image("gcr.io/shop/web:latest"), None);
    }
}
