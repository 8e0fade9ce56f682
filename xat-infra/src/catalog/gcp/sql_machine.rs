//! What a Cloud SQL instance runs, and on which machine: versions, tiers, editions.

use std::borrow::Cow;

use crate::Choice;
use crate::schema::{Kind, PropertyType, Variables, canons, rust};
use crate::value::Value;

/// A major version of PostgreSQL.
///
/// Supported ones are constants. One past its end of life needs a reason:
///
/// ```
/// use xat_infra::gcp::PostgresVersion;
/// let old = PostgresVersion::end_of_life("12", "the reporting tool is being replaced");
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PostgresVersion {
    version: Cow<'static, str>,
    reason: Option<String>,
}

impl PostgresVersion {
    /// PostgreSQL 15, maintained until November 2027.
    pub const V15: PostgresVersion = PostgresVersion::supported("POSTGRES_15");
    /// PostgreSQL 16, maintained until November 2028.
    pub const V16: PostgresVersion = PostgresVersion::supported("POSTGRES_16");
    /// PostgreSQL 17, maintained until November 2029.
    pub const V17: PostgresVersion = PostgresVersion::supported("POSTGRES_17");
    /// PostgreSQL 18, maintained until November 2030.
    pub const V18: PostgresVersion = PostgresVersion::supported("POSTGRES_18");

    const fn supported(version: &'static str) -> Self {
        Self { version: Cow::Borrowed(version), reason: None }
    }

    /// A version that nobody mends any more (`12`, `9.6`), and why it is still wanted.
    pub fn end_of_life(version: &str, reason: impl Into<String>) -> Self {
        let version = format!("POSTGRES_{}", version.replace('.', "_"));
        Self { version: Cow::Owned(version), reason: Some(reason.into()) }
    }

    pub(super) fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}

#[diagnostic::do_not_recommend]
impl PropertyType for PostgresVersion {
    const KIND: &'static Kind = &Kind::Text(&canons::CASE);
    fn into_value(self) -> Value {
        Value::literal(self.version)
    }
    fn rust(value: &Value, _: &dyn Variables) -> Option<String> {
        let version = value.as_str()?.strip_prefix("POSTGRES_")?;
        match version.split('_').next()?.parse::<u16>().ok()? {
            15..=18 if !version.contains('_') => Some(format!("PostgresVersion::V{version}")),
            ..15 => Some(format!(
                "PostgresVersion::end_of_life({}, \"it was found so\")",
                rust::literal(&version.replace('_', "."))
            )),
            _ => None,
        }
    }
}

/// An instance's machine.
///
/// <https://cloud.google.com/sql/docs/postgres/machine-series-overview>
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SqlTier(String);

impl SqlTier {
    /// So many cores (1, or an even number up to 96) and so much memory: 3840 MB or more, 921.6 to 6656 MB for each
    /// core, in steps of 256 MB. For the edition Enterprise.
    pub fn custom(cores: u16, memory_mb: u32) -> Self {
        Self(format!("db-custom-{cores}-{memory_mb}"))
    }

    /// So many cores with 8 GB each: 2, 4, 8, 16, 32, 48, 64, 80, 96 or 128. For the edition Enterprise Plus.
    pub fn performance_optimized(cores: u16) -> Self {
        Self(format!("db-perf-optimized-N-{cores}"))
    }

    /// A part of a core and 0.6 GB, for trials: Google gives no guarantees for it.
    pub fn micro() -> Self {
        Self::named("db-f1-micro")
    }

    /// A part of a core and 1.7 GB, for trials: Google gives no guarantees for it.
    pub fn small() -> Self {
        Self::named("db-g1-small")
    }

    /// Any other machine, by the service's own word for it.
    pub fn named(tier: impl Into<String>) -> Self {
        Self(tier.into())
    }

    /// How many connections PostgreSQL takes on this machine where no flag `max_connections` says another number;
    /// `None` for machines whose memory is not in their name.
    ///
    /// <https://cloud.google.com/sql/docs/postgres/flags#postgres-m>
    pub fn connections(&self) -> Option<u16> {
        let gb = match self.0.as_str() {
            "db-f1-micro" => return Some(25),
            "db-g1-small" => return Some(50),
            tier => memory_mb(tier)? / 1024.0,
        };
        const STEPS: [(f64, u16); 7] = [
            (6.0, 100),
            (7.5, 200),
            (15.0, 400),
            (30.0, 500),
            (60.0, 600),
            (120.0, 800),
            (f64::INFINITY, 1000),
        ];
        STEPS.iter().find(|(below, _)| gb < *below).map(|(_, connections)| *connections)
    }

    /// What is wrong with a machine of the series that the constructors offer.
    pub(super) fn problem(tier: &str) -> Option<String> {
        if let Some(cores) = performance_cores(tier) {
            const CORES: [u16; 10] = [2, 4, 8, 16, 32, 48, 64, 80, 96, 128];
            return (!CORES.contains(&cores))
                .then(|| format!("no machine of this series has {cores} cores"));
        }
        let (cores, memory) = custom(tier)?;
        if !(cores == 1 || (cores.is_multiple_of(2) && (2..=96).contains(&cores))) {
            return Some(format!("{cores} cores are neither 1 nor an even number up to 96"));
        }
        let (least, most) = (f64::from(cores) * 921.6, u32::from(cores) * 6656);
        if memory < 3840 || f64::from(memory) < least || memory > most {
            let least = least.max(3840.0).ceil();
            return Some(format!(
                "{memory} MB are outside {least} to {most} MB, which {cores} cores may have"
            ));
        }
        (!memory.is_multiple_of(256)).then(|| format!("{memory} MB is no multiple of 256 MB"))
    }

    /// The edition that a machine is for, where its name says so.
    pub(super) fn edition(tier: &str) -> Option<SqlEdition> {
        let small = ["db-f1-micro", "db-g1-small"].contains(&tier);
        match (performance_cores(tier), custom(tier)) {
            (Some(_), _) => Some(SqlEdition::EnterprisePlus),
            (None, Some(_)) => Some(SqlEdition::Enterprise),
            (None, None) => small.then_some(SqlEdition::Enterprise),
        }
    }
}

fn custom(tier: &str) -> Option<(u16, u32)> {
    let (cores, memory) = tier.strip_prefix("db-custom-")?.split_once('-')?;
    Some((cores.parse().ok()?, memory.parse().ok()?))
}

fn performance_cores(tier: &str) -> Option<u16> {
    tier.strip_prefix("db-perf-optimized-N-")?.parse().ok()
}

fn memory_mb(tier: &str) -> Option<f64> {
    let of_custom = custom(tier).map(|(_, memory)| f64::from(memory));
    of_custom.or_else(|| Some(f64::from(performance_cores(tier)?) * 8192.0))
}

#[diagnostic::do_not_recommend]
impl PropertyType for SqlTier {
    const KIND: &'static Kind = &Kind::Text(&canons::CASE);
    fn into_value(self) -> Value {
        Value::from(self.0)
    }
    fn rust(value: &Value, _: &dyn Variables) -> Option<String> {
        let tier = value.as_str()?;
        Some(match (tier, custom(tier), performance_cores(tier)) {
            ("db-f1-micro", ..) => "SqlTier::micro()".to_owned(),
            ("db-g1-small", ..) => "SqlTier::small()".to_owned(),
            (_, Some((cores, memory)), _) => format!("SqlTier::custom({cores}, {memory})"),
            (.., Some(cores)) => format!("SqlTier::performance_optimized({cores})"),
            _ => format!("SqlTier::named({})", rust::literal(tier)),
        })
    }
}

/// An edition of Cloud SQL.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum SqlEdition {
    /// For most databases.
    #[choice("ENTERPRISE")]
    Enterprise,
    /// With faster machines, logs for up to 35 days, and maintenance that nearly nobody notices.
    #[choice("ENTERPRISE_PLUS")]
    EnterprisePlus,
}
