//! Canonical forms of text: the one spelling in which a declared and a live value are compared.
//!
//! Each exists because a service was seen to answer with another spelling than it was given.

use std::borrow::Cow;

/// A canonical form. It belongs to a property, by its type or by `#[prop(canon = ..)]`. Of a whole number it sees the
/// digits.
pub struct Canon {
    /// The form's name, for the reference pages.
    pub name: &'static str,
    /// Text to its one spelling.
    pub apply: fn(&str) -> Cow<'_, str>,
}

impl Canon {
    /// Whether two texts are one value.
    pub fn same(&self, a: &str, b: &str) -> bool {
        a == b || (self.apply)(a) == (self.apply)(b)
    }
}

/// The canonical forms that more than one type needs; a type's own stands in its file.
pub mod canons {
    use super::{Canon, Cow};

    /// Text as it stands.
    pub static EXACT: Canon = Canon { name: "exact", apply: |text| Cow::Borrowed(text) };

    /// Case does not matter (enum spellings, SKU tiers, charsets).
    pub static CASE: Canon = Canon { name: "case-insensitive", apply: lower };

    /// A region: `West Europe` and `westeurope` are one.
    pub static REGION: Canon = Canon {
        name: "region",
        apply: |text| {
            if text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
                Cow::Borrowed(text)
            } else {
                Cow::Owned(text.chars().filter(|c| *c != ' ').collect::<String>().to_lowercase())
            }
        },
    };

    /// A resource ID: case does not matter, nor a trailing slash.
    pub static RESOURCE_ID: Canon =
        Canon { name: "resource ID", apply: |text| lower(text.trim_end_matches('/')) };

    /// A URL or host name: case and a trailing slash do not matter.
    pub static URL: Canon = Canon { name: "URL", apply: |text| lower(text.trim_end_matches('/')) };

    /// A CIDR range: `10.0.0.5` and `10.0.0.5/32` are one.
    pub static CIDR: Canon = Canon {
        name: "CIDR",
        apply: |text| match text.strip_suffix("/32") {
            Some(address) if !address.contains(':') => Cow::Borrowed(address),
            _ => lower(text),
        },
    };

    /// A moment: `2026-01-02T03:04:05.000Z`, `2026-01-02T03:04:05+00:00` and `...05Z` are one.
    pub static DATE: Canon = Canon {
        name: "date",
        apply: |text| {
            let text = text.strip_suffix("+00:00").or(text.strip_suffix('Z')).unwrap_or(text);
            match text.split_once('.') {
                Some((whole, fraction)) => {
                    let fraction = fraction.trim_end_matches('0');
                    if fraction.is_empty() {
                        Cow::Borrowed(whole)
                    } else {
                        Cow::Owned(format!("{whole}.{fraction}"))
                    }
                }
                None => Cow::Borrowed(text),
            }
        },
    };

    /// The last segment of an ID: `/subscriptions/../roleDefinitions/GUID` and
    /// `/providers/../roleDefinitions/GUID` are one.
    pub static LAST_SEGMENT: Canon = Canon {
        name: "last segment",
        apply: |text| lower(text.rsplit('/').next().unwrap_or(text)),
    };

    fn lower(text: &str) -> Cow<'_, str> {
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::canons::*;

    #[test]
    fn spellings_seen_in_the_wild_are_one_value() {
        assert!(REGION.same("West Europe", "westeurope"));
        assert!(!REGION.same("West Europe", "northeurope"));
        assert!(
            RESOURCE_ID
                .same("/subscriptions/S/resourceGroups/g", "/subscriptions/s/resourcegroups/G/")
        );
        assert!(CIDR.same("10.0.0.5", "10.0.0.5/32"));
        assert!(!CIDR.same("10.0.0.5", "10.0.0.5/31"));
        assert!(DATE.same("2026-01-02T03:04:05.000Z", "2026-01-02T03:04:05+00:00"));
        assert!(!DATE.same("2026-01-02T03:04:05.001Z", "2026-01-02T03:04:05Z"));
        assert!(LAST_SEGMENT.same("/providers/x/roleDefinitions/A-1", "/subscriptions/s/x/a-1"));
    }
}
