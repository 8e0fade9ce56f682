//! What can be said: the resource types, a folder per cloud, a file per type.

pub mod azure;
pub mod gcp;
pub(crate) mod image;

use crate::schema::Registered;

/// Every type of every cloud.
pub fn types() -> Vec<Registered> {
    azure::TYPES.iter().chain(gcp::TYPES).copied().collect()
}
