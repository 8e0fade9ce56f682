//! Values that many Azure types share: regions, retention in days.

use std::borrow::Cow;

use crate::schema::{Codec, Kind, PropertyType, canons};
use crate::value::Value;

/// An Azure region. The common ones are constants; any other is [`Region::other`].
///
/// ```
/// use xat_infra::azure::Region;
/// assert_eq!(Region::WestEurope.as_str(), "westeurope");
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Region(Cow<'static, str>);

#[allow(
    non_upper_case_globals,
    reason = "they read like the members of an enum, and the set is open"
)]
impl Region {
    /// Netherlands.
    pub const WestEurope: Region = Region(Cow::Borrowed("westeurope"));
    /// Ireland.
    pub const NorthEurope: Region = Region(Cow::Borrowed("northeurope"));
    /// Frankfurt.
    pub const GermanyWestCentral: Region = Region(Cow::Borrowed("germanywestcentral"));
    /// Paris.
    pub const FranceCentral: Region = Region(Cow::Borrowed("francecentral"));
    /// Zürich.
    pub const SwitzerlandNorth: Region = Region(Cow::Borrowed("switzerlandnorth"));
    /// London.
    pub const UkSouth: Region = Region(Cow::Borrowed("uksouth"));
    /// Gävle.
    pub const SwedenCentral: Region = Region(Cow::Borrowed("swedencentral"));
    /// Virginia.
    pub const EastUs: Region = Region(Cow::Borrowed("eastus"));
    /// Virginia.
    pub const EastUs2: Region = Region(Cow::Borrowed("eastus2"));
    /// California.
    pub const WestUs: Region = Region(Cow::Borrowed("westus"));
    /// Washington.
    pub const WestUs2: Region = Region(Cow::Borrowed("westus2"));
    /// Singapore.
    pub const SoutheastAsia: Region = Region(Cow::Borrowed("southeastasia"));
}

impl Region {
    /// A region by its programmatic name (`polandcentral`).
    pub fn other(name: impl Into<String>) -> Self {
        Self(Cow::Owned(name.into()))
    }

    /// The programmatic name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[diagnostic::do_not_recommend]
impl PropertyType for Region {
    const KIND: &'static Kind = &Kind::Text(&canons::REGION);
    fn into_value(self) -> Value {
        Value::literal(self.0)
    }
}

/// For how long something is kept, in whole days.
///
/// ```
/// use xat_infra::azure::Retention;
/// assert_eq!(Retention::weeks(4), Retention::days(28));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Retention(u16);

impl Retention {
    /// So many days.
    pub const fn days(days: u16) -> Self {
        Self(days)
    }

    /// So many weeks of seven days.
    pub const fn weeks(weeks: u16) -> Self {
        Self(weeks * 7)
    }
}

#[diagnostic::do_not_recommend]
impl PropertyType for Retention {
    const KIND: &'static Kind = &Kind::Int;
    fn into_value(self) -> Value {
        Value::Int(i64::from(self.0))
    }
}

/// The edge zone of a resource that is not in its region itself; there is one kind, which ARM wants said.
pub(crate) static EDGE_ZONE: Codec = Codec {
    name: "object with name and type",
    encode: |value| Value::map([("name", value.clone()), ("type", Value::literal("EdgeZone"))]),
    decode: |value| value.at(&["name"]).cloned(),
};
