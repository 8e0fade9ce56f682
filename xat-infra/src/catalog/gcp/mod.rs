//! Google Cloud: its resource types, how it names resources, and the prelude for people who write stacks.

mod common;
mod global_address;
mod iam_member;
mod iam_terms;
mod network;
pub mod prelude;
mod project_service;
mod provider;
mod references;
mod secret_manager_secret;
mod secret_version;
mod service_account;
mod service_connection;
mod types;

pub use common::Location;
pub use global_address::{
    AddressPurpose, AddressType, AddressVersion, GlobalAddress, GlobalAddressOutputs,
};
pub use iam_member::{
    ProjectIamMember, ProjectIamMemberOutputs, SecretIamMember, SecretIamMemberOutputs,
};
pub use iam_terms::{IamMember, IamRole};
pub use network::{FirewallOrder, Network, NetworkOutputs, RoutingMode};
pub use project_service::{ApiState, ProjectService, ProjectServiceOutputs};
pub use provider::{GoogleScope, PROVIDER};
pub use secret_manager_secret::{
    AutomaticReplication, SecretManagerSecret, SecretManagerSecretOutputs, SecretReplica,
    SecretTopic,
};
pub use secret_version::{SecretVersion, SecretVersionOutputs, VersionState};
pub use service_account::{ServiceAccount, ServiceAccountOutputs};
pub use service_connection::{ServiceConnection, ServiceConnectionOutputs};
pub use types::TYPES;
