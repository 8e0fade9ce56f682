//! When a new version of a vault's key is made, and how ARM and Terraform say it.

use crate::schema::{Codec, Kind, PropertyType, canons};
use crate::value::{Entries, Text, Value};

/// When a new version of a key is made. All spans are ISO 8601 durations (`P90D`, `P2Y`).
#[derive(Clone, Default)]
pub struct KeyRotation(Entries);

impl KeyRotation {
    /// A new version so long after the last was made; each is good until `expire`.
    #[must_use]
    pub fn after(created: impl Into<Text>, expire: impl Into<Text>) -> Self {
        Self::default().with(EXPIRE, expire).with(ROTATE_AFTER, created)
    }

    /// A new version so long before the last expires; each is good until `expire`.
    #[must_use]
    pub fn before_expiry(left: impl Into<Text>, expire: impl Into<Text>) -> Self {
        Self::default().with(EXPIRE, expire).with(ROTATE_BEFORE, left)
    }

    /// Tells people so long before a version expires.
    #[must_use]
    pub fn notify(self, left: impl Into<Text>) -> Self {
        self.with(NOTIFY, left)
    }

    fn with(mut self, key: &'static str, span: impl Into<Text>) -> Self {
        self.0.insert(key, Value::Text(span.into()));
        self
    }
}

#[diagnostic::do_not_recommend]
impl PropertyType for KeyRotation {
    const KIND: &'static Kind = &Kind::Map(&Kind::Text(&canons::CASE));
    fn into_value(self) -> Value {
        Value::Map(self.0)
    }
}

const EXPIRE: &str = "expire_after";
const ROTATE_AFTER: &str = "rotate_after_creation";
const ROTATE_BEFORE: &str = "rotate_before_expiry";
const NOTIFY: &str = "notify_before_expiry";

/// What each span is in ARM: the action, and what triggers it.
const TRIGGERS: [(&str, &str, &str); 3] = [
    (ROTATE_AFTER, "rotate", "timeAfterCreate"),
    (ROTATE_BEFORE, "rotate", "timeBeforeExpiry"),
    (NOTIFY, "notify", "timeBeforeExpiry"),
];

/// ARM has a list of actions with a trigger each.
pub(crate) static ROTATION: Codec = Codec {
    name: "rotation policy",
    encode: |value| {
        let actions = TRIGGERS.iter().filter_map(|(key, action, trigger)| {
            let span = value.at(&[key])?.clone();
            Some(Value::map([
                ("action", Value::map([("type", Value::literal(*action))])),
                ("trigger", Value::map([(*trigger, span)])),
            ]))
        });
        let mut policy = Value::map([("lifetimeActions", Value::List(actions.collect()))]);
        if let Some(span) = value.at(&[EXPIRE]) {
            policy.put(&["attributes", "expiryTime"], span.clone());
        }
        policy
    },
    decode: |policy| {
        let mut spans = Entries::new();
        if let Some(span @ Value::Text(_)) = policy.at(&["attributes", "expiryTime"]) {
            spans.insert(EXPIRE, span.clone());
        }
        if let Some(Value::List(actions)) = policy.at(&["lifetimeActions"]) {
            for action in actions {
                let kind = action.at(&["action", "type"])?.as_str()?;
                for (key, wanted, trigger) in TRIGGERS {
                    if let Some(span @ Value::Text(_)) = action.at(&["trigger", trigger])
                        && kind.eq_ignore_ascii_case(wanted)
                    {
                        spans.insert(key, span.clone());
                    }
                }
            }
        }
        Some(Value::Map(spans))
    },
};

/// Terraform keeps the two ways to rotate in a block of their own.
pub(crate) static TF_ROTATION: Codec = Codec {
    name: "rotation policy in Terraform's words",
    encode: |value| {
        let mut policy = Value::map::<String, Value>([]);
        for (key, path) in TF_SPANS {
            if let Some(span) = value.at(&[key]) {
                policy.put(path, span.clone());
            }
        }
        policy
    },
    decode: |policy| {
        let found =
            TF_SPANS.iter().filter_map(|(key, path)| Some((*key, policy.at(path)?.clone())));
        Some(Value::map(found))
    },
};

const TF_SPANS: [(&str, crate::schema::Path); 4] = [
    (EXPIRE, &["expire_after"]),
    (ROTATE_AFTER, &["automatic", "time_after_creation"]),
    (ROTATE_BEFORE, &["automatic", "time_before_expiry"]),
    (NOTIFY, &["notify_before_expiry"]),
];

/// `P90D`, `P18M` or `P2Y`.
pub(crate) fn is_duration(text: &str) -> bool {
    let number = text
        .strip_prefix('P')
        .and_then(|rest| rest.strip_suffix(['D', 'M', 'Y']))
        .filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    number.is_some_and(|number| number.parse::<u32>().is_ok_and(|number| number > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotation_reads_back() {
        let rotation = KeyRotation::after("P18M", "P2Y").notify("P30D").into_value();
        for codec in [&ROTATION, &TF_ROTATION] {
            let back = (codec.decode)(&(codec.encode)(&rotation)).unwrap();
            for (key, span) in [(EXPIRE, "P2Y"), (ROTATE_AFTER, "P18M"), (NOTIFY, "P30D")] {
                assert_eq!(back.at(&[key]).and_then(Value::as_str), Some(span), "{}", codec.name);
            }
            assert!(back.at(&[ROTATE_BEFORE]).is_none());
        }
    }
}
