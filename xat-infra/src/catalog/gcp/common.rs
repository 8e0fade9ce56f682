//! What several Google types share: where things are, labels, durations.

use crate::schema::{CheckContext, Codec, Kind, PropertyType, Variables, canons, rust};
use crate::value::{Text, Value};

/// The page that says what labels may be.
const LABELS: &str = "https://cloud.google.com/resource-manager/docs/labels-overview#requirements";

/// A region (`us-central1`) or a larger place that a service offers (`EU`, `global`).
///
/// ```
/// use xat_infra::gcp::Location;
/// let close: Location = Location::EUROPE_WEST1;
/// let other = Location::named("europe-west12");
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Location(std::borrow::Cow<'static, str>);

macro_rules! locations {
    ($($(#[$doc:meta])* $name:ident = $word:literal),* $(,)?) => {
        impl Location {
            $($(#[$doc])* pub const $name: Location = Location(std::borrow::Cow::Borrowed($word));)*

            const KNOWN: &'static [(&'static str, &'static str)] =
                &[$((stringify!($name), $word)),*];
        }
    };
}

locations! {
    /// Belgium.
    EUROPE_WEST1 = "europe-west1",
    /// Frankfurt.
    EUROPE_WEST3 = "europe-west3",
    /// Netherlands.
    EUROPE_WEST4 = "europe-west4",
    /// Zurich.
    EUROPE_WEST6 = "europe-west6",
    /// Finland.
    EUROPE_NORTH1 = "europe-north1",
    /// Iowa.
    US_CENTRAL1 = "us-central1",
    /// South Carolina.
    US_EAST1 = "us-east1",
    /// Northern Virginia.
    US_EAST4 = "us-east4",
    /// Oregon.
    US_WEST1 = "us-west1",
    /// Tokyo.
    ASIA_NORTHEAST1 = "asia-northeast1",
    /// Singapore.
    ASIA_SOUTHEAST1 = "asia-southeast1",
    /// Several regions of the European Union, where a service offers that.
    EU = "EU",
    /// Several regions of the United States, where a service offers that.
    US = "US",
    /// No place in particular, where a service offers that.
    GLOBAL = "global",
}

impl Location {
    /// A location by Google's word for it.
    pub fn named(word: impl Into<String>) -> Self {
        Self(word.into().into())
    }

    /// Google's word for it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Location> for String {
    fn from(location: Location) -> Self {
        location.0.into_owned()
    }
}

#[diagnostic::do_not_recommend]
impl PropertyType for Location {
    const KIND: &'static Kind = &Kind::Text(&canons::CASE);
    fn into_value(self) -> Value {
        Value::Text(Text::Literal(self.0))
    }
    fn rust(value: &Value, _: &dyn Variables) -> Option<String> {
        // Some services answer with a region's URL.
        let word = value.as_str()?.rsplit('/').next()?;
        let known = Self::KNOWN.iter().find(|(_, known)| known.eq_ignore_ascii_case(word));
        Some(match known {
            Some((name, _)) => format!("Location::{name}"),
            None => format!("Location::named({})", rust::literal(word)),
        })
    }
}

/// Labels: lower-case letters, digits, `_` and `-`; keys start with a letter.
pub(crate) fn labels(check: &mut CheckContext<'_>) {
    let Some(Value::Map(labels)) = check.get("labels") else { return };
    let legal = |text: &str, least: usize| {
        let word = |c: char| {
            c.is_ascii_digit() || c == '_' || c == '-' || (c.is_alphabetic() && !c.is_uppercase())
        };
        (least..=63).contains(&text.chars().count()) && text.chars().all(word)
    };
    let mut bad = Vec::new();
    for (key, value) in labels.iter() {
        if !legal(key, 1) || !key.starts_with(|c: char| c.is_alphabetic()) {
            bad.push(format!("`{key}` cannot be a label's key"));
        }
        if let Some(value) = value.as_str().filter(|value| !legal(value, 0)) {
            bad.push(format!("`{value}` cannot be the value of the label `{key}`"));
        }
    }
    if labels.iter().count() > 64 {
        bad.push("a resource has at most 64 labels".to_owned());
    }
    for message in bad {
        check.report(
            "labels",
            message,
            format!("use at most 63 lower-case letters, digits, `_` and `-`: {LABELS}"),
        );
    }
}

/// Whole seconds, which REST writes with an `s` behind them.
pub(crate) static SECONDS: Codec = Codec {
    name: "seconds as text",
    encode: |value| value.as_int().map_or_else(|| value.clone(), |n| Value::from(format!("{n}s"))),
    decode: |value| match value {
        Value::Int(n) => Some(Value::Int(*n)),
        value => value.as_str()?.strip_suffix('s')?.parse().ok().map(Value::Int),
    },
};

/// Reports unless exactly one of these properties is declared; `what` says what they are, `source` the provider's page.
pub(crate) fn exactly_one(
    check: &mut CheckContext<'_>,
    of: &[&'static str],
    what: &str,
    source: &str,
) {
    let said: Vec<&'static str> =
        of.iter().copied().filter(|property| check.get(property).is_some()).collect();
    if said.len() != 1 {
        let at = said.last().copied().unwrap_or(of[0]);
        check.report(at, what.to_owned(), format!("say one of them: {source}"));
    }
}

#[cfg(test)]
mod tests {
    use super::{Location, SECONDS};
    use crate::value::Value;

    #[test]
    fn seconds_are_written_as_text() {
        assert_eq!((SECONDS.encode)(&Value::Int(90)).as_str(), Some("90s"));
        assert_eq!((SECONDS.decode)(&Value::literal("90s")).and_then(|v| v.as_int()), Some(90));
        assert!((SECONDS.decode)(&Value::literal("90")).is_none());
    }

    #[test]
    fn a_location_is_a_word() {
        assert_eq!(Location::EUROPE_WEST1.as_str(), "europe-west1");
        assert_eq!(String::from(Location::named("me-central2")), "me-central2");
    }
}
