//! What can be said: the resource types, a folder per cloud, a file per type.

pub mod azure;
