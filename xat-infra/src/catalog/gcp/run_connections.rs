//! What a Cloud Run service says of its connections to databases, so that a rule can count them.

use crate::Block;
use crate::dsl::Ref;
use crate::gcp::SqlInstance;

/// How many instances there may be where nothing is said.
///
/// <https://cloud.google.com/run/docs/configuring/max-instances>
pub(super) const MOST_INSTANCES: i64 = 100;

/// Connections of an instance to a database.
#[derive(Clone, Block)]
pub struct RunConnections {
    /// The database's instance.
    #[prop(via = "name")]
    database: Ref<SqlInstance>,
    /// How many each instance of the service opens at most.
    #[prop()]
    each: u16,
}
