//! Where a PostgreSQL flexible server comes from (another server's past, backups, a server to follow), and elastic clusters.

use crate::azure::FlexibleServer;
use crate::azure::flexible_server_parts::CreateMode;
use crate::dsl::Ref;
use crate::value::Text;
use crate::{Block, Choice};

/// Where a server comes from, where it does not start empty. It matters once, when the server is made; afterwards it
/// may be taken out of the stack again.
#[derive(Clone)]
pub struct ServerOrigin {
    mode: CreateMode,
    source: Ref<FlexibleServer>,
    moment: Option<Text>,
}

impl ServerOrigin {
    /// Another server as it was at a moment in UTC (`2026-01-31T03:04:05Z`), within its backups' retention.
    pub fn point_in_time(source: impl Into<Ref<FlexibleServer>>, moment: impl Into<Text>) -> Self {
        Self::past(CreateMode::PointInTimeRestore, source, moment)
    }

    /// A server of the paired region as it was at a moment in UTC, from its geo-redundant backups.
    pub fn geo_restore(source: impl Into<Ref<FlexibleServer>>, moment: impl Into<Text>) -> Self {
        Self::past(CreateMode::GeoRestore, source, moment)
    }

    /// A server that was deleted less than five days ago, by the ID that it had, as it was at a moment in UTC.
    pub fn revived(dropped: Ref<FlexibleServer>, moment: impl Into<Text>) -> Self {
        Self::past(CreateMode::ReviveDropped, dropped, moment)
    }

    /// A server that this one follows, read-only, until it is promoted.
    pub fn replica_of(source: impl Into<Ref<FlexibleServer>>) -> Self {
        Self { mode: CreateMode::Replica, source: source.into(), moment: None }
    }

    fn past(
        mode: CreateMode,
        source: impl Into<Ref<FlexibleServer>>,
        moment: impl Into<Text>,
    ) -> Self {
        Self { mode, source: source.into(), moment: Some(moment.into()) }
    }
}

impl FlexibleServer {
    /// Says where the server comes from. Its version must be that of its source.
    #[track_caller]
    #[must_use]
    pub fn origin(mut self, origin: ServerOrigin) -> Self {
        for property in [Self::CREATE_MODE, Self::SOURCE_SERVER, Self::POINT_IN_TIME] {
            self.meta.set_here(property.index());
        }
        self.create_mode = Some(origin.mode);
        self.source_server = Some(origin.source);
        self.point_in_time = origin.moment;
        self
    }

    /// Makes a server of its own of a replica: it follows no longer and can be written. There is no way back.
    #[track_caller]
    #[must_use]
    pub fn promoted(mut self, option: PromoteOption) -> Self {
        for property in [Self::PROMOTE_MODE, Self::PROMOTE_OPTION, Self::REPLICATION_ROLE] {
            self.meta.set_here(property.index());
        }
        self.promote_mode = Some(PromoteMode::Standalone);
        self.promote_option = Some(option);
        self.replication_role = Some(ReplicationRole::None);
        self
    }
}

/// An elastic cluster: servers among which tables are spread.
#[derive(Clone, Block)]
pub struct ElasticCluster {
    /// How many servers there are.
    #[prop(arm = "clusterSize", tf = "size", danger = Cost)]
    size: u16,
    /// The database whose tables are spread.
    #[prop(arm = "defaultDatabaseName", tf = "default_database_name", service = Text::from("postgres"),
        replace)]
    default_database: Option<Text>,
}

/// What becomes of a replica that is promoted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum PromoteMode {
    /// A server of its own.
    Standalone,
    /// The primary, which then follows it.
    Switchover,
}

/// Whether a replica catches up before it is promoted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum PromoteOption {
    /// It does: nothing is lost.
    Planned,
    /// It does not: what has not arrived is lost.
    Forced,
}

/// What a server is to others.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ReplicationRole {
    /// Nothing: it stands alone.
    None,
}
