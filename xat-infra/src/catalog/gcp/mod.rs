//! Google Cloud: its resource types, how it names resources, and the prelude for people who write stacks.

mod alert_condition;
mod alert_limits;
mod alert_policy;
mod alert_terms;
mod app_engine_application;
mod app_engine_delivery;
mod app_engine_parts;
mod app_engine_service;
mod app_engine_version;
mod artifact_cleanup;
mod artifact_repository;
mod autopilot_cluster;
mod backup_delivery;
mod bucket;
mod bucket_limits;
mod bucket_parts;
mod build_limits;
mod build_parts;
mod build_trigger;
mod cloud_run_delivery;
mod cloud_run_job;
mod cloud_run_service;
#[cfg(test)]
mod cloud_run_service_tests;
mod cloud_run_workload;
mod common;
mod firewall;
mod gke_delivery;
mod global_address;
mod google_delivery;
mod iam_member;
mod iam_terms;
mod identity_pool;
mod identity_provider;
mod log_sink;
mod network;
mod notification_channel;
pub mod prelude;
mod project_service;
mod provider;
mod raw;
mod references;
mod router;
mod run_connections;
mod run_container;
mod run_image;
mod run_network;
mod run_probe;
mod run_volume;
mod scheduler_job;
mod secret_manager_secret;
mod secret_version;
mod service_account;
mod service_connection;
mod sql_audit;
mod sql_database;
mod sql_instance;
mod sql_instance_checks;
mod sql_instance_parts;
mod sql_machine;
mod sql_user;
mod subnetwork;
mod types;
mod uptime_check;
mod uptime_parts;
mod verbs;
mod vpc_connector;

pub use crate::catalog::image::{Digest, Tag};
pub use alert_condition::{
    Aggregation, AlertCondition, Comparison, LogMatch, MetricAbsence, MetricThreshold, MissingData,
    PrometheusQuery,
};
pub use alert_policy::{
    AlertLink, AlertPolicy, AlertPolicyOutputs, AlertPrompt, AlertSeverity, Combiner,
};
pub use alert_terms::{Aligner, Reducer};
pub use app_engine_application::{
    AppEngineApplication, AppEngineApplicationOutputs, AppEngineDatabase, AppServing,
};
pub use app_engine_delivery::AppEngineTarget;
pub use app_engine_parts::{
    AppIpMode, AppLiveness, AppNetwork, AppReadiness, AppResources, AppScaling,
};
pub use app_engine_service::{AppEngineService, AppEngineServiceOutputs, AppIngress};
pub use app_engine_version::{AppEngineVersion, AppEngineVersionOutputs, VersionServing};
pub use artifact_cleanup::{CleanupAction, CleanupPolicy, TaggedVersions};
pub use artifact_repository::{
    ArtifactFormat, ArtifactRepository, ArtifactRepositoryOutputs, MavenVersions, PublicRegistry,
    RepositoryMode, UpstreamPolicy, VulnerabilityScanning,
};
pub use autopilot_cluster::{
    AuthorizedNetwork, AutopilotCluster, AutopilotClusterOutputs, BinaryAuthorization,
    EncryptionState, ReleaseChannel, SecretEncryption,
};
pub use backup_delivery::CloudRunBackups;
pub use bucket::{Bucket, BucketOutputs};
pub use bucket_parts::{
    BucketCors, LifecycleAction, LifecycleRule, PublicAccessPrevention, RecoveryPoint, StorageClass,
};
pub use build_parts::{
    Build, BuildLogging, BuildSecret, BuildStep, CommentControl, GitHubSource, PullRequest, Push,
    RepositoryEvents,
};
pub use build_trigger::{BuildTrigger, BuildTriggerOutputs, LogsOnGitHub};
pub use cloud_run_delivery::CloudRunTarget;
pub use cloud_run_job::{CloudRunJob, CloudRunJobOutputs};
pub use cloud_run_service::{
    CloudRunService, CloudRunServiceOutputs, RunIngress, RunScaling, RunTraffic, RunTrafficKind,
};
pub use cloud_run_workload::{RunBinaryAuthorization, RunEnvironment, RunLaunchStage};
pub use common::Location;
pub use firewall::{
    Firewall, FirewallDirection, FirewallLogs, FirewallMetadata, FirewallOutputs, FirewallTraffic,
};
pub use gke_delivery::GkeTarget;
pub use global_address::{
    AddressPurpose, AddressType, AddressVersion, GlobalAddress, GlobalAddressOutputs,
};
pub use iam_member::{
    BucketIamMember, BucketIamMemberOutputs, ProjectIamMember, ProjectIamMemberOutputs,
    RepositoryIamMember, RepositoryIamMemberOutputs, RunJobIamMember, RunJobIamMemberOutputs,
    RunServiceIamMember, RunServiceIamMemberOutputs, SecretIamMember, SecretIamMemberOutputs,
    ServiceAccountIamMember, ServiceAccountIamMemberOutputs,
};
pub use iam_terms::{IamMember, IamRole};
pub use identity_pool::{IdentityPool, IdentityPoolOutputs};
pub use identity_provider::{IdentityProvider, IdentityProviderOutputs};
pub use log_sink::{LogDestination, LogExclusion, LogSink, LogSinkOutputs};
pub use network::{FirewallOrder, Network, NetworkOutputs, RoutingMode};
pub use notification_channel::{ChannelKind, NotificationChannel, NotificationChannelOutputs};
pub use project_service::{ApiState, ProjectService, ProjectServiceOutputs};
pub use provider::{GoogleScope, PROVIDER};
pub use raw::{RawGoogle, RawGoogleOutputs};
pub use router::{
    NatAllocation, NatLog, NatLogged, NatRanges, NatSubnet, NatSubnetRanges, Router, RouterNat,
    RouterOutputs,
};
pub use run_connections::RunConnections;
pub use run_container::{RunContainer, RunPort, RunProtocol, RunVariable};
pub use run_image::RunImage;
pub use run_network::{RunEgress, RunInterface, RunVpcAccess};
pub use run_probe::{RunGrpcProbe, RunHeader, RunHttpProbe, RunProbe, RunTcpProbe};
pub use run_volume::{
    RunBucketVolume, RunEmptyDir, RunMedium, RunMount, RunNfsVolume, RunSecretFile,
    RunSecretVolume, RunVolume,
};
pub use scheduler_job::{CallMethod, SchedulerJob, SchedulerJobOutputs};
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
    SqlInstanceKind, SqlMaintenance, SqlPasswordPolicy, SqlPricing, SqlQuietPeriod, SqlServerCa,
    SqlTls, SqlTrack,
};
pub use sql_machine::{PostgresVersion, SqlEdition, SqlTier};
pub use sql_user::{SqlUser, SqlUserKind, SqlUserOutputs, SqlUserPasswordPolicy};
pub use subnetwork::{
    FlowInterval, FlowLogs, FlowMetadata, Ipv6Access, SecondaryRange, SubnetPurpose, SubnetRole,
    SubnetStack, Subnetwork, SubnetworkOutputs,
};
pub use types::TYPES;
pub use uptime_check::{UptimeCheck, UptimeCheckOutputs};
pub use uptime_parts::{
    AcceptedStatus, CheckerType, ContentMatch, ContentMatcher, HttpCheck, StatusClass,
    UptimeIdentity, UptimeMethod, UptimeRegion,
};
pub use vpc_connector::{ConnectorMachine, VpcConnector, VpcConnectorOutputs};
