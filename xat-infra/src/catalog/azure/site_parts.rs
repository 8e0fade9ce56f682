//! What web applications and their slots are made of: access rules, logs, connection strings, mounts, CORS.

use crate::azure::{RuleAction, VaultSecret};
use crate::dsl::{AnyRef, Handle};
use crate::schema::{Codec, Saying, Set, canons};
use crate::value::{Entries, Text, Value};
use crate::{Block, Choice, text};

/// A rule about who may call an application. Lower priorities are asked first.
///
/// ```
/// use xat_infra::azure::prelude::*;
/// let office = AccessRestriction::allow("office", 100, "203.0.113.0/24");
/// let doors = AccessRestriction::allow_service("doors", 110, "AzureFrontDoor.Backend")
///     .front_door("5a1e0000-0000-4000-8000-000000000009");
/// ```
#[derive(Clone, Block)]
#[block(private_new, import = say_rule)]
pub struct AccessRestriction {
    /// The rule's name.
    #[prop(arm = "name", tf = "name", canon = canons::CASE)]
    name: Text,
    /// Whether who fits may call.
    #[prop(arm = "action", tf = "action", canon = canons::CASE, exposes = RuleAction::Allow)]
    action: RuleAction,
    /// Its place in the order.
    #[prop(arm = "priority", tf = "priority", danger = Exposure)]
    priority: u32,
    /// The range of addresses or the service tag that it is about.
    #[prop(arm = "ipAddress", tf = "", tf_codec = RANGE_OR_TAG, canon = canons::CIDR, danger = Exposure,
        exposes = Text::from("Any"), no_setter)]
    source: Option<Text>,
    /// What its source is.
    #[prop(arm = "tag", label = "kind of source", service = RestrictionSource::Range, no_setter, danger = Exposure)]
    tag: Option<RestrictionSource>,
    /// The subnet that it is about, which needs the service endpoint `Microsoft.Web`.
    #[prop(arm = "vnetSubnetResourceId", tf = "virtual_network_subnet_id", no_setter, danger = Exposure)]
    subnet: Option<AnyRef>,
    /// The IDs of the Front Doors whose calls it is about, at most eight.
    #[prop(arm = "headers.x-azure-fdid", tf = "headers", tf_codec = FRONT_DOORS,
        tf_object("x_azure_fdid", "x_fd_health_probe", "x_forwarded_for", "x_forwarded_host"), canon = canons::CASE,
        each = "front_door", danger = Exposure)]
    front_doors: Option<Set<Text>>,
    /// What the rule is for.
    #[prop(arm = "description", danger = Cosmetic)]
    description: Option<Text>,
}

impl AccessRestriction {
    /// Lets a range of addresses call.
    #[must_use]
    pub fn allow(name: impl Into<Text>, priority: u32, range: impl Into<Text>) -> Self {
        Self { source: Some(range.into()), ..Self::new(name, RuleAction::Allow, priority) }
    }

    /// Turns a range of addresses away.
    #[must_use]
    pub fn deny(name: impl Into<Text>, priority: u32, range: impl Into<Text>) -> Self {
        Self { source: Some(range.into()), ..Self::new(name, RuleAction::Deny, priority) }
    }

    /// Lets a service of Azure call, by its service tag.
    #[must_use]
    pub fn allow_service(name: impl Into<Text>, priority: u32, tag: impl Into<Text>) -> Self {
        Self { tag: Some(RestrictionSource::ServiceTag), ..Self::allow(name, priority, tag) }
    }

    /// Lets a subnet call.
    #[must_use]
    pub fn allow_subnet(name: impl Into<Text>, priority: u32, subnet: impl Into<AnyRef>) -> Self {
        Self { subnet: Some(subnet.into()), ..Self::new(name, RuleAction::Allow, priority) }
    }
}

fn say_rule(rule: &mut Saying<'_>) {
    let allow = rule.reads("action", "Allow");
    let constructor = match (allow, rule.get("subnet").is_some(), rule.reads("tag", "ServiceTag")) {
        (true, true, false) => ("allow_subnet", "subnet"),
        (true, false, true) => ("allow_service", "source"),
        (true, false, false) => ("allow", "source"),
        (false, false, false) => ("deny", "source"),
        // The description finds no setter, and the rule is said raw.
        _ => return,
    };
    let (name, from) = constructor;
    if rule.construct(&format!("AccessRestriction::{name}"), &["name", "priority", from]) {
        rule.settle(&["action"]);
        if name == "allow_service" {
            rule.settle(&["tag"]);
        }
    }
}

/// What an access rule's source is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum RestrictionSource {
    /// A range of addresses.
    #[choice("Default")]
    Range,
    /// A range of addresses that a proxy in front reports.
    XffProxy,
    /// A service tag.
    ServiceTag,
}

/// An access rule's source for Terraform, which has an argument for each kind.
static RANGE_OR_TAG: Codec = Codec {
    name: "range or service tag",
    encode: |value| {
        let range = |text: &str| {
            text.contains(['/', ':']) || text.starts_with(|c: char| c.is_ascii_digit())
        };
        let key = if value.as_str().is_none_or(range) { "ip_address" } else { "service_tag" };
        Value::map([(key, value.clone())])
    },
    decode: |value| value.at(&["ip_address"]).or_else(|| value.at(&["service_tag"])).cloned(),
};

/// The headers of an access rule for Terraform, all of which stand in one object.
static FRONT_DOORS: Codec = Codec {
    name: "list with one object of headers",
    encode: |value| {
        let none = || Value::List(Vec::new());
        Value::List(vec![Value::map([
            ("x_azure_fdid", value.clone()),
            ("x_fd_health_probe", none()),
            ("x_forwarded_for", none()),
            ("x_forwarded_host", none()),
        ])])
    },
    decode: |value| match value {
        Value::List(items) => items.first()?.at(&["x_azure_fdid"]).cloned(),
        _ => None,
    },
};

/// Access rules without the one that the service closes the list with, which says the default action once more. It
/// stands alone where there are no rules.
pub(crate) static CLOSING_RULE: Codec = Codec {
    name: "rules without the closing one",
    encode: Value::clone,
    decode: |value| match value {
        Value::List(rules) => {
            let closing = |rule: &Value| {
                rule.at(&["priority"]).and_then(Value::as_int) == Some(i64::from(i32::MAX))
            };
            let kept = rules.iter().filter(|rule| rules.len() == 1 || !closing(rule));
            Some(Value::List(kept.cloned().collect()))
        }
        _ => None,
    },
};

/// What an application's machines write down.
#[derive(Clone, Block)]
#[block(private_new, import = say_logs)]
pub struct SiteLogs {
    /// From which level on the application's own messages are kept.
    #[prop(arm = "applicationLogs.fileSystem.level", tf = "application_logs.file_system_level",
        service = LogLevel::Off)]
    application: Option<LogLevel>,
    /// Whether calls are logged.
    #[prop(arm = "httpLogs.fileSystem.enabled", label = "calls", service = false, no_setter)]
    http: Option<bool>,
    /// For how many days the log of calls is kept.
    #[prop(arm = "httpLogs.fileSystem.retentionInDays", tf = "http_logs.file_system.retention_in_days",
        label = "retention of calls", unit = "days", no_setter, shrink = DataLoss)]
    http_retention: Option<u16>,
    /// How much the log of calls may grow to, in MB: 25 to 100.
    #[prop(
        arm = "httpLogs.fileSystem.retentionInMb",
        tf = "http_logs.file_system.retention_in_mb",
        label = "size of the log of calls",
        unit = "MB",
        no_setter
    )]
    http_size: Option<u16>,
    /// Whether the pages of errors are kept.
    #[prop(arm = "detailedErrorMessages.enabled", tf = "detailed_error_messages", service = false)]
    detailed_errors: Option<bool>,
    /// Whether failed calls are traced.
    #[prop(arm = "failedRequestsTracing.enabled", tf = "failed_request_tracing", service = false)]
    failed_requests: Option<bool>,
}

impl SiteLogs {
    /// Keeps the application's own messages from a level on.
    #[must_use]
    pub fn of(level: LogLevel) -> Self {
        Self { application: Some(level), ..Self::new() }
    }

    /// Keeps a log of calls, for so many days and up to so many MB (25 to 100).
    #[must_use]
    pub fn calls(self, days: u16, megabytes: u16) -> Self {
        Self { http: Some(true), http_retention: Some(days), http_size: Some(megabytes), ..self }
    }
}

fn say_logs(logs: &mut Saying<'_>) {
    if !logs.construct("SiteLogs::of", &["application"]) {
        return;
    }
    if let (true, Some(days), Some(size)) =
        (logs.is("http", true), logs.expression("http_retention"), logs.expression("http_size"))
    {
        let says = ["http", "http_retention", "http_size"];
        logs.call(format!(".calls({days}, {size})"), &says);
    }
}

/// How much is logged.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// Errors.
    Error,
    /// And warnings.
    Warning,
    /// And what happens.
    Information,
    /// All.
    Verbose,
}

/// A connection string of an application: always a reference to a secret of a vault.
#[derive(Clone, Block)]
#[block(private_new)]
pub struct ConnectionString {
    /// What it connects to, which decides the prefix of its variable.
    #[prop(arm = "type", tf = "type", danger = Downtime)]
    kind: ConnectionKind,
    /// The reference.
    #[prop(arm = "value", tf = "value", danger = Downtime)]
    value: Text,
}

impl ConnectionString {
    pub(super) fn secret(kind: ConnectionKind, secret: Handle<VaultSecret>) -> Self {
        Self::new(kind, secret.reference())
    }
}

/// What a connection string connects to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ConnectionKind {
    /// PostgreSQL: the variable begins with `POSTGRESQLCONNSTR_`.
    #[choice("PostgreSQL")]
    PostgreSql,
    /// MySQL: `MYSQLCONNSTR_`.
    #[choice("MySql", tf = "MySQL")]
    MySql,
    /// SQL Server: `SQLCONNSTR_`.
    #[choice("SQLServer")]
    SqlServer,
    /// Azure SQL: `SQLAZURECONNSTR_`.
    #[choice("SQLAzure")]
    SqlAzure,
    /// Azure Cache for Redis: `REDISCACHECONNSTR_`.
    RedisCache,
    /// Cosmos DB: `DOCDBCONNSTR_`.
    DocDb,
    /// Service Bus: `SERVICEBUSCONNSTR_`.
    ServiceBus,
    /// Event Hubs: `EVENTHUBCONNSTR_`.
    EventHub,
    /// Notification Hubs: `NOTIFICATIONHUBCONNSTR_`.
    NotificationHub,
    /// Anything: `CUSTOMCONNSTR_`.
    Custom,
}

/// A share or container of a storage account that an application sees as a folder.
#[derive(Clone, Block)]
#[block(private_new)]
pub struct StorageMount {
    /// What is mounted.
    #[prop(arm = "type", tf = "type", danger = Downtime)]
    kind: MountKind,
    /// The storage account's name.
    #[prop(arm = "accountName", tf = "account_name", danger = Downtime)]
    account: Text,
    /// The share's or container's name.
    #[prop(arm = "shareName", tf = "share_name", danger = Downtime)]
    share: Text,
    /// Where the application sees it.
    #[prop(arm = "mountPath", tf = "mount_path", danger = Downtime)]
    path: Text,
    /// The account's key, by the setting that refers to it.
    #[prop(arm = "accessKey", tf = "access_key", label = "key", danger = Downtime)]
    key: Text,
}

impl StorageMount {
    /// A file share. `key_setting` is the setting that refers to the account's key in a vault
    /// (`secret_setting`), so that the key itself stands nowhere.
    #[must_use]
    pub fn files(
        account: impl Into<Text>,
        share: impl Into<Text>,
        path: impl Into<Text>,
        key_setting: &str,
    ) -> Self {
        let key = text!("@AppSettingRef({})", key_setting.to_owned());
        Self::new(MountKind::AzureFiles, account, share, path, key)
    }

    /// A container of blobs, to read only.
    #[must_use]
    pub fn blobs(
        account: impl Into<Text>,
        container: impl Into<Text>,
        path: impl Into<Text>,
        key_setting: &str,
    ) -> Self {
        Self { kind: MountKind::AzureBlob, ..Self::files(account, container, path, key_setting) }
    }
}

/// What is mounted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum MountKind {
    /// A file share.
    AzureFiles,
    /// A container of blobs.
    AzureBlob,
}

/// Objects by name, as Terraform has them: a list whose elements carry their names.
pub(crate) static NAMED: Codec = Codec {
    name: "list of named objects",
    encode: |value| match value {
        Value::Map(entries) => Value::List(
            entries
                .iter()
                .map(|(name, value)| {
                    let mut named = Value::map([("name", Value::from(name.to_owned()))]);
                    named.put(&[], value.clone());
                    named
                })
                .collect(),
        ),
        other => other.clone(),
    },
    decode: |value| match value {
        Value::List(items) => items
            .iter()
            .map(|item| Some((item.at(&["name"])?.as_str()?.to_owned(), item.clone())))
            .collect::<Option<Entries>>()
            .map(Value::Map),
        _ => None,
    },
};

/// From which other sites' pages browsers may call an application.
#[derive(Clone, Block)]
pub struct Cors {
    /// The sites, with their scheme (`https://shop.example.com`); `*` is any.
    #[prop(arm = "allowedOrigins", tf = "allowed_origins", canon = canons::URL, danger = Exposure)]
    origins: Set<Text>,
    /// Whether browsers may send cookies and passwords along.
    #[prop(
        arm = "supportCredentials",
        tf = "support_credentials",
        label = "credentials",
        service = false,
        exposes = true
    )]
    credentials: Option<bool>,
}

impl Cors {
    /// Lets pages of these sites call (`https://shop.example.com`); `*` is any.
    #[must_use]
    pub fn of<T: Into<Text>>(sites: impl IntoIterator<Item = T>) -> Self {
        Self::new(sites.into_iter().map(Into::into).collect::<Set<Text>>())
    }
}
