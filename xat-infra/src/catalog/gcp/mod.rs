//! Google Cloud: its resource types, how it names resources, and the prelude for people who write stacks.

mod cloud_run_job;
mod cloud_run_service;
#[cfg(test)]
mod cloud_run_service_tests;
mod cloud_run_workload;
mod common;
mod firewall;
mod global_address;
mod iam_member;
mod iam_terms;
mod network;
pub mod prelude;
mod project_service;
mod provider;
mod references;
mod run_connections;
mod run_container;
mod run_image;
mod run_network;
mod run_probe;
mod run_volume;
mod secret_manager_secret;
mod secret_version;
mod service_account;
mod service_connection;
mod sql_database;
mod sql_instance;
mod sql_instance_checks;
mod sql_instance_parts;
mod sql_machine;
mod sql_user;
mod subnetwork;
mod types;
mod vpc_connector;

pub use crate::catalog::image::{Digest, Tag};
pub use cloud_run_job::{CloudRunJob, CloudRunJobOutputs};
pub use cloud_run_service::{
    CloudRunService, CloudRunServiceOutputs, RunIngress, RunScaling, RunTraffic, RunTrafficKind,
};
pub use cloud_run_workload::{RunBinaryAuthorization, RunEnvironment, RunLaunchStage};
pub use common::Location;
pub use firewall::{
    Firewall, FirewallDirection, FirewallLogs, FirewallMetadata, FirewallOutputs, FirewallTraffic,
};
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
pub use run_connections::RunConnections;
pub use run_container::{RunContainer, RunPort, RunProtocol, RunVariable};
pub use run_image::RunImage;
pub use run_network::{RunEgress, RunInterface, RunVpcAccess};
pub use run_probe::{RunGrpcProbe, RunHeader, RunHttpProbe, RunProbe, RunTcpProbe};
pub use run_volume::{
    RunBucketVolume, RunEmptyDir, RunMedium, RunMount, RunNfsVolume, RunSecretFile,
    RunSecretVolume, RunVolume,
};
pub use secret_manager_secret::{
    AutomaticReplication, SecretManagerSecret, SecretManagerSecretOutputs, SecretReplica,
    SecretTopic,
};
pub use secret_version::{SecretVersion, SecretVersionOutputs, VersionState};
pub use service_account::{ServiceAccount, ServiceAccountOutputs};
pub use service_connection::{ServiceConnection, ServiceConnectionOutputs};
pub use sql_database::{SqlDatabase, SqlDatabaseOutputs};
pub use sql_instance::{SqlInstance, SqlInstanceOutputs};
pub use sql_instance_parts::{
    SqlActivation, SqlAuthorizedNetwork, SqlAvailability, SqlConnectors, SqlDisk, SqlInsights,
    SqlMaintenance, SqlPasswordPolicy, SqlQuietPeriod, SqlServerCa, SqlTls, SqlTrack,
};
pub use sql_machine::{PostgresVersion, SqlEdition, SqlTier};
pub use sql_user::{SqlUser, SqlUserKind, SqlUserOutputs, SqlUserPasswordPolicy};
pub use subnetwork::{
    FlowInterval, FlowLogs, FlowMetadata, Ipv6Access, SecondaryRange, SubnetPurpose, SubnetRole,
    SubnetStack, Subnetwork, SubnetworkOutputs,
};
pub use types::TYPES;
pub use vpc_connector::{ConnectorMachine, VpcConnector, VpcConnectorOutputs};
