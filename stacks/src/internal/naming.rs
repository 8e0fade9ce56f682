//! Names: what belongs to whom, derived from a prefix and the environment's suffix.

use xat_infra::azure::prelude::*;

/// How the resources of one environment are called: a prefix in front, and a suffix behind that keeps environments apart.
///
/// ```
/// use xat_infra::azure::prelude::*;
/// use xat_stacks::internal::naming::Naming;
/// let naming = Naming { prefix: "shop", suffix: "-stg" };
/// assert_eq!(naming.named::<KeyVault>("kv").as_str(), "shop-kv-stg");
/// assert_eq!(naming.joined::<ContainerRegistry<Premium>>("images").as_str(), "shopimagesstg");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Naming {
    /// What every name begins with.
    pub prefix: &'static str,
    /// What every name ends with, its hyphen included; empty where the environment needs no telling apart.
    pub suffix: &'static str,
}

impl Naming {
    /// A name with hyphens.
    pub fn named<R>(self, base: &str) -> Name<R> {
        Name::new(self.text(base))
    }

    /// A name for resources that take letters and digits only.
    pub fn joined<R>(self, base: &str) -> Name<R> {
        Name::new(self.text(base).replace('-', ""))
    }

    /// The same words as [`named`](Self::named), for texts that are no resource's name.
    pub fn text(self, base: &str) -> String {
        format!("{}-{base}{}", self.prefix, self.suffix)
    }
}
