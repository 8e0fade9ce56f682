//! Values and spellings that many Azure types share: regions, retention in days, identities, network rules.

use std::borrow::Cow;

use crate::Choice;
use crate::schema::codecs::{each, from_words, try_each, words};
use crate::schema::{Canon, Codec, Kind, PropertyType, Saying, Variables, canons, rust};
use crate::value::{Fields, Value};

/// A day of the week.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum Weekday {
    /// Sunday.
    Sunday,
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
}

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
    /// No region: for what Azure keeps in all of them at once.
    Global = "global";
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

/// Addresses that ARM wraps each in a rule; there are no rules but those that let through.
pub(crate) static ALLOWED_IPS: Codec = Codec {
    name: "list of rules with value",
    encode: |value| each(value, |ip| allow("value", ip)),
    decode: |value| try_each(value, |rule| rule.at(&["value"]).cloned()),
};

/// Subnets that ARM wraps each in a rule.
pub(crate) static ALLOWED_SUBNETS: Codec = Codec {
    name: "list of rules with id",
    encode: |value| each(value, |id| allow("id", id)),
    decode: |value| try_each(value, |rule| rule.at(&["id"]).cloned()),
};

/// An element of a list that is declared as a resource of its own: inside the list it carries its name, alone it has it
/// in its ID.
pub(crate) static NAMELESS: Codec = Codec {
    name: "without its name",
    encode: |element| match element {
        Value::Map(entries) => {
            let kept = entries.iter().filter(|(key, _)| *key != "name");
            Value::map(kept.map(|(key, value)| (key.to_owned(), value.clone())))
        }
        other => other.clone(),
    },
    decode: |element| Some(element.clone()),
};

/// A rule that lets one thing through.
pub(crate) fn allow(key: &'static str, what: &Value) -> Value {
    Value::map([("action", Value::literal("Allow")), (key, what.clone())])
}

/// Days that ARM keeps beside a switch; days without the switch mean nothing.
pub(crate) static ENABLED_DAYS: Codec = Codec {
    name: "object with days and enabled",
    encode: |value| Value::map([("enabled", Value::Bool(true)), ("days", value.clone())]),
    decode: |value| match value.at(&["enabled"]) {
        Some(Value::Bool(true)) => value.at(&["days"]).cloned(),
        _ => Some(Value::Null),
    },
};

/// Switches that ARM wraps in an object with a state.
pub(crate) static STATE: Codec = Codec {
    name: "object with state Enabled/Disabled",
    encode: |value| Value::map([("state", words(value, "Enabled", "Disabled"))]),
    decode: |value| from_words(value.at(&["state"])?, "Enabled", "Disabled"),
};

/// Switches that are spelt in lower case.
pub(crate) static STATUS: Codec = Codec {
    name: "enabled/disabled",
    encode: |value| words(value, "enabled", "disabled"),
    decode: |value| from_words(value, "enabled", "disabled"),
};

/// Some services write a list of two identity types without a space.
pub(crate) static CLOSE_COMMA: Codec = Codec {
    name: "list without spaces",
    encode: |value| {
        value.as_str().map_or_else(|| value.clone(), |text| Value::from(text.replace(", ", ",")))
    },
    decode: |value| Some(Value::from(value.as_str()?.replace(", ", ",").replace(',', ", "))),
};

/// Identity types, with and without a space behind the comma.
pub(crate) static NO_SPACES: Canon = Canon {
    name: "case-insensitive, without spaces",
    apply: |text| {
        let wasteful = text.bytes().any(|b| b == b' ' || b.is_ascii_uppercase());
        if wasteful {
            Cow::Owned(text.replace(' ', "").to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        }
    },
};

/// What is wrong with an address or range that should be a public one of version 4, for checks. `longest` is the
/// longest prefix that a range may have.
pub(crate) fn public_ip_problem(ip: &str, longest: u8) -> Option<String> {
    let (address, length) = match ip.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (ip, None),
    };
    let Ok(address) = address.parse::<std::net::Ipv4Addr>() else {
        return Some(format!("`{ip}` is no IPv4 address or range"));
    };
    if address.is_private() {
        return Some(format!("`{ip}` is a private address"));
    }
    match length.map(str::parse::<u8>) {
        Some(Ok(length)) if length > longest && length <= 32 => {
            Some(format!("`{ip}` is a range of too few addresses"))
        }
        None | Some(Ok(0..=32)) => None,
        Some(_) => Some(format!("`{ip}` is no IPv4 address or range")),
    }
}

/// `1.12:05:06`: days, hours, minutes, seconds.
pub(crate) fn is_time_span(text: &str) -> bool {
    let (days, time) = text.split_once('.').unwrap_or(("0", text));
    let parts: Vec<Option<u32>> = time.split(':').map(|part| part.parse().ok()).collect();
    days.parse::<u32>().is_ok() && matches!(parts[..], [Some(0..=23), Some(0..=59), Some(0..=59)])
}

/// What a block of type `B` declares at a property, for checks.
pub(crate) fn inner<'v, B: PropertyType>(block: &'v Value, property: &str) -> Option<&'v Value> {
    block.as_block()?.named(B::KIND.block()?.props, property)
}

/// The setters of a type that has `identity_type` and `identities`: `identity_setters!(impl StorageAccount);`.
macro_rules! identity_setters {
    ($($head:tt)+) => {
        $($head)+ {
            /// Gives it an identity that stands on its own, beside those given before.
            #[track_caller]
            #[must_use]
            pub fn identity(
                mut self,
                identity: impl Into<$crate::dsl::Ref<$crate::azure::UserAssignedIdentity>>,
            ) -> Self {
                use $crate::azure::IdentityType;
                self.meta.set_here(Self::IDENTITIES.index());
                self.meta.set_here(Self::IDENTITY_TYPE.index());
                self.identity_type = Some(IdentityType::with_user_assigned(self.identity_type));
                let identities = self.identities.get_or_insert_default();
                let identity = identity.into();
                // An identity may be given for more than one purpose.
                if !identities.0.iter().any(|given| given.text() == identity.text()) {
                    identities.extend([identity]);
                }
                self
            }

            /// Gives it an identity that is made and deleted together with it.
            #[track_caller]
            #[must_use]
            pub fn system_identity(mut self) -> Self {
                use $crate::azure::IdentityType;
                self.meta.set_here(Self::IDENTITY_TYPE.index());
                self.identity_type = Some(IdentityType::with_system_assigned(self.identity_type));
                self
            }
        }
    };
}
pub(crate) use identity_setters;

/// A property of a block of type `T`, for checks.
pub(crate) fn said<'f, T: PropertyType>(fields: &'f Fields, property: &str) -> Option<&'f Value> {
    fields.named(T::KIND.block()?.props, property)
}

/// The blocks in a property of a block of type `T`, for checks.
pub(crate) fn blocks<'f, T: PropertyType>(fields: &'f Fields, property: &str) -> Vec<&'f Fields> {
    match said::<T>(fields, property) {
        Some(Value::List(items)) => items.iter().filter_map(Value::as_block).collect(),
        _ => Vec::new(),
    }
}

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
