//! Versions that a workload runs on, each pinned to an image: Python and PostgreSQL.
//!
//! A supported version is a constant. One past its end of life needs a reason, as everywhere in this library.

use std::borrow::Cow;

/// An image's digest: 64 hexadecimal digits that name one image for good.
///
/// A literal is written with [`sha256!`](crate::sha256) and checked while compiling:
///
/// ```
/// use xat_infra::sha256;
/// let digest = sha256!("67a1e1f215ccda113cfc024e8639049257e88f273898f595b61476d128d387e8");
/// ```
///
/// ```compile_fail,E0080
/// use xat_infra::sha256;
/// let digest = sha256!("67a1e1f2");
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sha256(&'static str);

impl Sha256 {
    /// A literal digest. In a constant, a bad one does not compile: this is what [`sha256!`](crate::sha256) does.
    ///
    /// # Panics
    /// If the text is not 64 hexadecimal digits in lower case.
    #[expect(
        clippy::panic,
        reason = "it is evaluated in a constant, where a panic is a compile error"
    )]
    #[must_use]
    pub const fn literal(digits: &'static str) -> Self {
        let bytes = digits.as_bytes();
        let mut legal = bytes.len() == 64;
        let mut at = 0;
        while at < bytes.len() {
            legal = legal && matches!(bytes[at], b'0'..=b'9' | b'a'..=b'f');
            at += 1;
        }
        if legal {
            Self(digits)
        } else {
            panic!("an image's digest has 64 hexadecimal digits in lower case")
        }
    }
}

/// An image's digest, checked while compiling. See [`Sha256`](crate::delivery::Sha256).
#[macro_export]
macro_rules! sha256 {
    ($digits:literal) => {
        const { $crate::delivery::Sha256::literal($digits) }
    };
}

/// A version with the image that brings it. A digest alone decides what is pulled, so that the two are said together:
/// whoever changes one sees the other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pinned<V> {
    /// The version.
    pub version: V,
    digest: Sha256,
}

/// Writes a type for the versions of one program.
macro_rules! versions {
    ($(#[$doc:meta])* $name:ident: $($(#[$each:meta])* $constant:ident = $text:literal),* $(,)?) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub struct $name {
            version: Cow<'static, str>,
            reason: Option<String>,
        }

        impl $name {
            $($(#[$each])*
            pub const $constant: Self = Self { version: Cow::Borrowed($text), reason: None };)*

            /// A version that nobody mends any more, and why it is still wanted.
            pub fn end_of_life(version: impl Into<String>, reason: impl Into<String>) -> Self {
                Self { version: Cow::Owned(version.into()), reason: Some(reason.into()) }
            }

            /// The version as text.
            pub fn as_str(&self) -> &str {
                &self.version
            }

            /// Why a version past its end of life is still wanted, if it is one.
            pub fn reason(&self) -> Option<&str> {
                self.reason.as_deref()
            }

            /// This version in the official image with this digest.
            #[must_use]
            pub fn at(self, digest: Sha256) -> Pinned<Self> {
                Pinned { version: self, digest }
            }
        }
    };
}

versions! {
    /// A version of Python. Ends of life: <https://devguide.python.org/versions/>.
    ///
    /// ```compile_fail,E0599
    /// use xat_infra::delivery::Python;
    /// let old = Python::V3_9;
    /// ```
    Python:
    /// Python 3.11, mended until October 2027.
    V3_11 = "3.11",
    /// Python 3.12, mended until October 2028.
    V3_12 = "3.12",
    /// Python 3.13, mended until October 2029.
    V3_13 = "3.13",
    /// Python 3.14, mended until October 2030.
    V3_14 = "3.14",
}

versions! {
    /// A major version of PostgreSQL. Ends of life: <https://www.postgresql.org/support/versioning/>.
    Postgres:
    /// PostgreSQL 15, mended until November 2027.
    V15 = "15",
    /// PostgreSQL 16, mended until November 2028.
    V16 = "16",
    /// PostgreSQL 17, mended until November 2029.
    V17 = "17",
    /// PostgreSQL 18, mended until November 2030.
    V18 = "18",
}

impl Pinned<Python> {
    /// The image that an application is built on and runs in: Debian without what only development needs.
    pub(super) fn image(&self) -> String {
        format!("python:{}-slim-bookworm@sha256:{}", self.version.as_str(), self.digest.0)
    }
}

impl Pinned<Postgres> {
    /// The image of a server for development and tests.
    pub(super) fn image(&self) -> String {
        format!("postgres:{}-alpine@sha256:{}", self.version.as_str(), self.digest.0)
    }

    /// Where that image keeps its data: one folder up since 18, so that an upgrade has both versions in one volume.
    pub(super) fn data(&self) -> &'static str {
        match self.version.as_str().parse::<u16>() {
            Ok(18..) => "/var/lib/postgresql",
            _ => "/var/lib/postgresql/data",
        }
    }
}
