//! Secrets in a key vault.

use std::collections::BTreeMap;

use crate::azure::built_in_roles::{GIVE_ROLE, READ_SECRETS};
use crate::azure::{KeyVault, Region, ResourceGroup};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::{CheckContext, Codec, Fact, canons};
use crate::value::{NodeRef, Secret, Text, Value};
use crate::{Resource, name, text};

/// A secret in a key vault.
///
/// It does not count as data: vaults keep deleted secrets for recovery, and what a stack writes here it can
/// write again.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.KeyVault/vaults/secrets@2024-11-01",
    terraform = "azurerm_key_vault_secret",
    tf_id = "resource_versionless_id",
    tf_import = "{versioned_uri}",
    scope = Child,
    constant(tf = "value_wo_version", value = 1i64),
    check = dates,
    fact = Fact::ForOthers,
    fact = Fact::Needs { output: "versionless_uri", roles: READ_SECRETS, give: GIVE_ROLE },
    source = "https://learn.microsoft.com/azure/templates/microsoft.keyvault/vaults/secrets"
)]
#[output(versionless_uri: Text, arm = "properties.secretUri", tf = "versionless_id",
    doc = "The secret's address without a version: whoever reads there gets the newest.")]
#[output(versioned_uri: Text, arm = "properties.secretUriWithVersion", tf = "id",
    doc = "The address of the secret's newest version.")]
pub struct VaultSecret {
    /// The secret's name, unique in its vault.
    #[name(
        len = 1..=127, chars = alphanumeric, and = "-", start = Any, end = Any,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault"
    )]
    name: Name<Self>,
    /// The vault that holds it.
    #[prop(tf = "key_vault_id", parent)]
    vault: Ref<KeyVault>,
    /// What is kept secret. A new value becomes a new version.
    #[prop(arm = "properties.value", tf = "value_wo", write_only, danger = Downtime)]
    value: Secret,
    /// What the value is, for people (`text/plain`, `postgres-url`).
    #[prop(arm = "properties.contentType", tf = "content_type", danger = Cosmetic)]
    content_type: Option<Text>,
    /// Whether the value can be read at all.
    #[prop(arm = "properties.attributes.enabled", service = true, danger = Downtime)]
    enabled: Option<bool>,
    /// From when on the value can be read, in UTC (`2027-01-31T00:00:00Z`).
    #[prop(arm = "properties.attributes.nbf", tf = "not_before_date", codec = UNIX_SECONDS,
        canon = canons::DATE, danger = Downtime)]
    not_before: Option<Text>,
    /// Until when the value is meant to be used, in UTC (`2027-01-31T00:00:00Z`).
    #[prop(arm = "properties.attributes.exp", tf = "expiration_date", codec = UNIX_SECONDS,
        canon = canons::DATE)]
    expires: Option<Text>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

impl VaultSecretOutputs {
    /// The text by which App Service looks the secret up itself, so that no setting ever holds its value.
    ///
    /// It names no version: a new value reaches the application without a deployment.
    pub fn reference(&self) -> Text {
        text!("@Microsoft.KeyVault(SecretUri={})", self.versionless_uri())
    }
}

/// Moments that ARM writes as seconds since 1970, and Terraform and people as dates.
pub(crate) static UNIX_SECONDS: Codec = Codec {
    name: "seconds since 1970",
    encode: |value| value.as_str().and_then(seconds).map_or_else(|| value.clone(), Value::Int),
    decode: |value| value.as_int().map(|seconds| Value::from(date(seconds))),
};

const DAY: i64 = 86_400;

/// `2027-01-31T00:00:00Z` as seconds since 1970.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let (day, time) = text.strip_suffix('Z')?.split_once('T')?;
    let [year, month, day] = numbers(day, '-')?;
    let [hour, minute, second] = numbers(time, ':')?;
    let fits = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..60).contains(&second);
    let at = days_before(year, month)? + day - 1;
    // The last day of a month is the day before the first of the next.
    let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    (fits && day >= 1 && at < days_before(next_year, next)?)
        .then_some(at * DAY + hour * 3600 + minute * 60 + second)
}

fn numbers(text: &str, separator: char) -> Option<[i64; 3]> {
    let parts: Vec<i64> = text
        .split(separator)
        .map(|part| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok()).flatten())
        .collect::<Option<_>>()?;
    parts.try_into().ok()
}

/// Days from 1970-01-01 to the first of a month.
fn days_before(year: i64, month: i64) -> Option<i64> {
    const BEFORE: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let leap_days = |year: i64| year / 4 - year / 100 + year / 400;
    let years = (year - 1970) * 365 + leap_days(year - 1) - leap_days(1969);
    let months = BEFORE.get(usize::try_from(month - 1).ok()?)?;
    Some(years + months + i64::from(leap && month > 2))
}

/// Seconds since 1970 as a date.
fn date(seconds: i64) -> String {
    let (days, rest) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    let mut year = 1970 + days / 366;
    while days_before(year + 1, 1).is_some_and(|next| next <= days) {
        year += 1;
    }
    let month = (1..=12)
        .rev()
        .find(|m| days_before(year, *m).is_some_and(|first| first <= days))
        .unwrap_or(1);
    let day = days - days_before(year, month).unwrap_or(0) + 1;
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        rest / 3600,
        rest / 60 % 60,
        rest % 60
    )
}

pub(crate) fn dates(check: &mut CheckContext<'_>) {
    for property in ["not_before", "expires"] {
        let bad =
            check.get(property).and_then(Value::as_str).filter(|text| seconds(text).is_none());
        if let Some(message) = bad.map(|text| format!("`{text}` is not a moment in UTC")) {
            check.report(property, message, "write it as 2027-01-31T00:00:00Z");
        }
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let vault = stack.add(KeyVault::new(name!("shop-kv"), group));
    let secret = VaultSecret::new(name!("session-key"), vault, Secret::generated("session-key"))
        .content_type("text/plain")
        .enabled(true)
        .not_before("2026-01-01T00:00:00Z")
        .expires("2028-02-29T12:30:00Z")
        .tag("owner", "platform");
    stack.add(secret).node()
}

#[cfg(test)]
mod tests {
    use super::{date, seconds};

    #[test]
    fn dates_and_seconds_are_one_moment() {
        for (text, unix) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T23:59:59Z", 951_868_799),
            ("2026-12-31T00:00:00Z", 1_798_675_200),
            ("2028-03-01T12:30:01Z", 1_835_526_601),
        ] {
            assert_eq!(seconds(text), Some(unix), "{text}");
            assert_eq!(date(unix), text);
        }
        for bad in [
            "2027-02-29T00:00:00Z",
            "2027-13-01T00:00:00Z",
            "2027-01-01",
            "2027-01-01T24:00:00Z",
            "x",
        ] {
            assert_eq!(seconds(bad), None, "{bad}");
        }
    }
}
