//! The canonical form of names of Google resources, where a property holds one as text.

use std::borrow::Cow;

use super::PROVIDER;
use crate::schema::Canon;

/// A resource's name, whatever service or URL stands in front of it.
pub(crate) static REFERENCE: Canon = Canon {
    name: "resource name",
    apply: |text| Cow::Owned((PROVIDER.reference)(text).to_ascii_lowercase()),
};
