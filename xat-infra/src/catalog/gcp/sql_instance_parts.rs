//! What a Cloud SQL instance is made of: disks, encryption, maintenance, insights.

use crate::schema::{Codec, Saying, canons};
use crate::value::{Text, Value};
use crate::{Block, Choice};

/// Whether a second machine stands by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum SqlAvailability {
    /// None: a failed zone takes the database along.
    #[choice("ZONAL")]
    Zonal,
    /// One, in another zone of the region.
    #[choice("REGIONAL")]
    Regional,
}

/// What an instance is to others.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum SqlInstanceKind {
    /// It has data of its own.
    #[choice("CLOUD_SQL_INSTANCE")]
    Primary,
    /// It repeats another.
    #[choice("READ_REPLICA_INSTANCE")]
    ReadReplica,
}

/// Whether an instance runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum SqlActivation {
    /// It does.
    #[choice("ALWAYS")]
    Always,
    /// It is stopped; its disk is kept and paid.
    #[choice("NEVER")]
    Never,
}

/// A kind of disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum SqlDisk {
    /// SSD.
    #[choice("PD_SSD")]
    Ssd,
    /// Magnetic.
    #[choice("PD_HDD")]
    Hdd,
    /// Hyperdisk, for machines that have no other.
    #[choice("HYPERDISK_BALANCED")]
    Hyperdisk,
}

/// Whether connections are encrypted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum SqlTls {
    /// As the client likes: passwords and data may cross the network in plain text.
    #[choice("ALLOW_UNENCRYPTED_AND_ENCRYPTED")]
    Optional,
    /// Always.
    #[choice("ENCRYPTED_ONLY")]
    EncryptedOnly,
    /// Always, and clients show a certificate, as the connectors and the proxy do.
    #[choice("TRUSTED_CLIENT_CERTIFICATE_REQUIRED")]
    ClientCertificate,
}

/// Who signs an instance's own certificate.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum SqlServerCa {
    /// An authority of the instance alone.
    #[choice("GOOGLE_MANAGED_INTERNAL_CA")]
    OfInstance,
    /// An authority that all instances of a region share.
    #[choice("GOOGLE_MANAGED_CAS_CA")]
    Shared,
}

/// Whether clients must come by a connector or the proxy.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum SqlConnectors {
    /// No.
    #[choice("NOT_REQUIRED")]
    NotRequired,
    /// Yes: direct connections are refused.
    #[choice("REQUIRED")]
    Required,
}

/// How an instance is paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum SqlPricing {
    /// By the second.
    #[choice("PER_USE")]
    PerUse,
    /// By the day; for instances of the first generation, which are gone.
    #[choice("PACKAGE")]
    Package,
}

/// The hour of the week in which the service may restart an instance to mend it.
#[derive(Clone, Block)]
pub struct SqlMaintenance {
    /// The day of the week: 1 is Monday, 7 Sunday.
    #[prop(rest = "day", tf = "day")]
    day: u8,
    /// The hour, in UTC: 0 to 23.
    #[prop(rest = "hour", tf = "hour", service = 0)]
    hour: u8,
    /// How early it gets a new version.
    #[prop(rest = "updateTrack", tf = "update_track")]
    track: Option<SqlTrack>,
}

/// How early an instance gets a new maintenance version.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum SqlTrack {
    /// A week or more before the others.
    #[choice("canary")]
    Canary,
    /// With most.
    #[choice("stable")]
    Stable,
    /// Five weeks behind the first.
    #[choice("week5")]
    Week5,
}

/// Days on which the service does not restart an instance, at most 90 in one go.
#[derive(Clone, Block)]
pub struct SqlQuietPeriod {
    /// The first day: `2026-11-25`, or `11-25` for every year.
    #[prop(rest = "startDate", tf = "start_date")]
    start: Text,
    /// The last day, in the same form.
    #[prop(rest = "endDate", tf = "end_date")]
    end: Text,
    /// When it starts and ends on those days, in UTC: `00:00:00`.
    #[prop(rest = "time", tf = "time", default = "00:00:00".into(), service = "00:00:00".into())]
    time: Text,
}

/// What the service notes about queries.
#[derive(Clone, Block)]
pub struct SqlInsights {
    /// Whether it does.
    #[prop(
        rest = "queryInsightsEnabled",
        tf = "query_insights_enabled",
        default = true,
        service = false
    )]
    enabled: bool,
    /// How many plans a minute it takes down: 0 to 20, and to 200 with Enterprise Plus.
    #[prop(rest = "queryPlansPerMinute", tf = "query_plans_per_minute", service = 5)]
    plans_per_minute: Option<u16>,
    /// How much of a query it keeps, in bytes: 256 to 4500, and to 100,000 with Enterprise Plus. Changing it restarts the instance.
    #[prop(rest = "queryStringLength", tf = "query_string_length", unit = "bytes", service = 1024)]
    query_length: Option<u32>,
    /// Whether it keeps what the application says of itself in comments.
    #[prop(rest = "recordApplicationTags", tf = "record_application_tags", service = false)]
    application_tags: Option<bool>,
    /// Whether it keeps the client's address.
    #[prop(rest = "recordClientAddress", tf = "record_client_address", service = false)]
    client_address: Option<bool>,
}

/// What passwords of built-in users must be.
#[derive(Clone, Block)]
pub struct SqlPasswordPolicy {
    /// Whether it holds.
    #[prop(rest = "enablePasswordPolicy", tf = "enable_password_policy", default = true)]
    enabled: bool,
    /// The fewest characters.
    #[prop(rest = "minLength", tf = "min_length")]
    least_length: Option<u16>,
    /// Whether lower- and upper-case letters, digits and others must all be there.
    #[prop(rest = "complexity", tf = "complexity", codec = COMPLEXITY, tf_codec = COMPLEXITY)]
    complex: Option<bool>,
    /// How many earlier passwords cannot be taken again.
    #[prop(rest = "reuseInterval", tf = "reuse_interval")]
    no_reuse: Option<u16>,
    /// Whether the user's name cannot be part of it.
    #[prop(
        rest = "disallowUsernameSubstring",
        tf = "disallow_username_substring",
        service = false
    )]
    without_user_name: Option<bool>,
    /// How soon it may be changed again, in seconds.
    #[prop(rest = "passwordChangeInterval", tf = "password_change_interval", unit = "seconds",
        codec = super::common::SECONDS, tf_codec = super::common::SECONDS)]
    change_interval: Option<u32>,
}

static COMPLEXITY: Codec = Codec {
    name: "default or unspecified",
    encode: |value| {
        crate::schema::codecs::words(value, "COMPLEXITY_DEFAULT", "COMPLEXITY_UNSPECIFIED")
    },
    decode: |value| {
        crate::schema::codecs::from_words(value, "COMPLEXITY_DEFAULT", "COMPLEXITY_UNSPECIFIED")
    },
};

/// A range on the internet that may reach an instance.
#[derive(Clone, Block)]
pub struct SqlAuthorizedNetwork {
    /// The range (`203.0.113.0/24`).
    #[prop(rest = "value", tf = "value", canon = canons::CIDR)]
    range: Text,
    /// What it is, for people.
    #[prop(rest = "name", tf = "name", danger = Cosmetic)]
    name: Option<Text>,
    /// When it ends, in UTC.
    #[prop(rest = "expirationTime", tf = "expiration_time", canon = canons::DATE)]
    expires: Option<Text>,
}

/// Flags: by name here, a list of names and values there.
pub(super) static FLAGS: Codec = Codec {
    name: "list of names and values",
    encode: |value| {
        let Value::Map(flags) = value else { return value.clone() };
        let one = |(name, value): (&str, &Value)| {
            Value::map([("name", Value::from(name.to_owned())), ("value", value.clone())])
        };
        Value::List(flags.iter().map(one).collect())
    },
    decode: |value| {
        let Value::List(flags) = value else { return None };
        let one = |flag: &Value| {
            let name = flag.at(&["name"])?.as_str()?.to_owned();
            Some((name, flag.at(&["value"]).cloned().unwrap_or_else(|| Value::literal(""))))
        };
        flags.iter().map(one).collect::<Option<_>>().map(Value::Map)
    },
};

/// The primary of a replica: the service answers with the project in front of its name.
pub(super) static PRIMARY: Codec = Codec {
    name: "name, with its project or without",
    encode: Value::clone,
    decode: |value| match value.as_str().and_then(|text| text.rsplit_once(':')) {
        Some((_, name)) => Some(Value::from(name.to_owned())),
        None => Some(value.clone()),
    },
};

/// How many backups are kept: a number here, a number with its unit there.
pub(super) static RETAINED: Codec = Codec {
    name: "count",
    encode: |value| {
        Value::map([("retainedBackups", value.clone()), ("retentionUnit", Value::literal("COUNT"))])
    },
    decode: |value| value.at(&["retainedBackups"]).cloned(),
};

/// The same in Terraform's words.
pub(super) static TF_RETAINED: Codec = Codec {
    name: "count",
    encode: |value| {
        Value::map([
            ("retained_backups", value.clone()),
            ("retention_unit", Value::literal("COUNT")),
        ])
    },
    decode: |value| value.at(&["retained_backups"]).cloned(),
};

/// An instance that is protected against the service's own deletion is so against Terraform's.
pub(super) static TF_PROTECTION: Codec = Codec {
    name: "in two places",
    encode: |value| {
        Value::map([
            ("deletion_protection", value.clone()),
            ("settings", Value::map([("deletion_protection_enabled", value.clone())])),
        ])
    },
    decode: |value| value.at(&["settings", "deletion_protection_enabled"]).cloned(),
};

/// An instance is inside a network or on the internet, and the constructors say which.
pub(super) fn say(server: &mut Saying<'_>) {
    let inside = server
        .get("private_network")
        .and_then(Value::as_text)
        .and_then(|network| server.variables.child(network, "service_connection"))
        .map(|connection| connection.name.to_owned());
    let base = ["name", "version", "tier"].map(|property| server.expression(property));
    if let ([Some(name), Some(version), Some(tier)], Some(inside)) = (&base, inside) {
        let says = ["name", "version", "tier", "private_network"];
        server.construct_as(
            format!("SqlInstance::private({name}, {version}, {tier}, {inside})"),
            &says,
        );
    } else if server.is("public_ip", true) {
        server.construct("SqlInstance::public", &["name", "version", "tier"]);
        server.implies("public_ip", true);
    }
    if let Some(primary) = server.expression("primary") {
        server.call(format!(".replica_of({primary})"), &["primary", "kind"]);
        server.implies("backups", false);
        server.implies("point_in_time_recovery", false);
    }
}
