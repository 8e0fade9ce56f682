//! Values that many Azure types share: regions, retention in days.

use std::borrow::Cow;

use crate::schema::{Codec, Kind, PropertyType, Saying, Variables, canons, rust};
use crate::value::Value;

/// An Azure region. The common ones are constants; any other is [`Region::other`].
///
/// ```
/// use xat_infra::azure::Region;
/// assert_eq!(Region::WestEurope.as_str(), "westeurope");
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Region(Cow<'static, str>);

/// The regions, one line of documentation and the programmatic name each.
macro_rules! regions {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        #[allow(non_upper_case_globals, reason = "they read like the members of an enum, and the set is open")]
        impl Region {
            $($(#[$doc])*
            pub const $name: Region = Region(Cow::Borrowed($word));)*
        }

        /// The constants, by the region's name.
        const REGIONS: &[(&str, &str)] = &[$(($word, stringify!($name))),*];
    };
}

regions! {
    /// Netherlands.
    WestEurope = "westeurope";
    /// Ireland.
    NorthEurope = "northeurope";
    /// Frankfurt.
    GermanyWestCentral = "germanywestcentral";
    /// Paris.
    FranceCentral = "francecentral";
    /// Zürich.
    SwitzerlandNorth = "switzerlandnorth";
    /// London.
    UkSouth = "uksouth";
    /// Gävle.
    SwedenCentral = "swedencentral";
    /// Virginia.
    EastUs = "eastus";
    /// Virginia.
    EastUs2 = "eastus2";
    /// California.
    WestUs = "westus";
    /// Washington.
    WestUs2 = "westus2";
    /// Singapore.
    SoutheastAsia = "southeastasia";
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
    fn rust(value: &Value, _: &dyn Variables) -> Option<String> {
        let name = (canons::REGION.apply)(value.as_str()?);
        Some(match REGIONS.iter().find(|(word, _)| *word == name) {
            Some((_, constant)) => format!("Region::{constant}"),
            None => format!("Region::other({})", rust::literal(&name)),
        })
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
    fn rust(value: &Value, _: &dyn Variables) -> Option<String> {
        Some(format!("Retention::days({})", u16::try_from(value.as_int()?).ok()?))
    }
}

/// The edge zone of a resource that is not in its region itself; there is one kind, which ARM wants said.
pub(crate) static EDGE_ZONE: Codec = Codec {
    name: "object with name and type",
    encode: |value| Value::map([("name", value.clone()), ("type", Value::literal("EdgeZone"))]),
    decode: |value| value.at(&["name"]).cloned(),
};

/// Says which identities a resource has by `.system_identity()` and `.identity(..)`, where its type has them.
/// `handles`: the setter takes handles, so that identities outside the stack cannot be said by it.
pub(crate) fn say_identities(saying: &mut Saying<'_>, handles: bool) {
    const SAID: &[&str] = &["identity_type", "identities"];
    let Some(kind) = saying.text("identity_type").map(str::to_ascii_lowercase) else { return };
    let identities = match saying.get("identities") {
        Some(Value::List(items)) if !items.is_empty() => saying.each("identities"),
        _ => Some(Vec::new()),
    };
    let Some(identities) = identities else { return };
    let known = !handles || identities.iter().all(|identity| !identity.contains("::"));
    if kind == "none" || !known || kind.contains("userassigned") == identities.is_empty() {
        return;
    }
    let mut calls: String =
        identities.iter().map(|identity| format!(".identity({identity})")).collect();
    if kind.contains("systemassigned") {
        calls.push_str(".system_identity()");
    }
    saying.call(calls, SAID);
}
