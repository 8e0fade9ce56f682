//! Everything that a stack for Google Cloud needs: `use xat_infra::gcp::prelude::*;`.

pub use crate::delivery::{
    AppSecret, Backups, Database, Delivery, Machine, Pinned, Postgres, Python, Workers, Workload,
};
pub use crate::dsl::{
    AnyRef, Cidr, DataLoss, Handle, Name, Output, RawBody, Ref, Resource as _, Stack,
};
pub use crate::value::{Secret, Text};
pub use crate::{cidr, json, name, sha256, tag, text};

pub use super::{
    AcceptedStatus, AddressPurpose, AddressType, AddressVersion, Aggregation, AlertCondition,
    AlertLink, AlertPolicy, AlertPrompt, AlertSeverity, Aligner, AppEngineApplication,
    AppEngineDatabase, AppEngineService, AppEngineTarget, AppEngineVersion, AppIngress, AppIpMode,
    AppLiveness, AppNetwork, AppReadiness, AppResources, AppScaling, AppServing, ArtifactFormat,
    ArtifactRepository, AuthorizedNetwork, AutomaticReplication, AutopilotCluster,
    BinaryAuthorization, Bucket, BucketCors, BucketIamMember, Build, BuildLogging, BuildSecret,
    BuildStep, BuildTrigger, CallMethod, ChannelKind, CheckerType, CleanupAction, CleanupPolicy,
    CloudRunBackups, CloudRunJob, CloudRunService, CloudRunTarget, Combiner, CommentControl,
    Comparison, ConnectorMachine, ContentMatch, ContentMatcher, Digest, EncryptionState, Firewall,
    FirewallDirection, FirewallLogs, FirewallMetadata, FirewallOrder, FirewallTraffic,
    FlowInterval, FlowLogs, FlowMetadata, GitHubSource, GkeTarget, GlobalAddress, GoogleScope,
    HttpCheck, IamMember, IamRole, IdentityPool, IdentityProvider, Ipv6Access, LifecycleAction,
    LifecycleRule, Location, LogDestination, LogExclusion, LogMatch, LogSink, LogsOnGitHub,
    MavenVersions, MetricAbsence, MetricThreshold, MissingData, NatAllocation, NatLog, NatLogged,
    NatRanges, NatSubnet, NatSubnetRanges, Network, NotificationChannel, PostgresVersion,
    ProjectIamMember, ProjectService, PrometheusQuery, PublicAccessPrevention, PublicRegistry,
    PullRequest, Push, RawGoogle, RecoveryPoint, Reducer, ReleaseChannel, RepositoryEvents,
    RepositoryIamMember, RepositoryMode, Router, RouterNat, RoutingMode, RunBinaryAuthorization,
    RunBucketVolume, RunConnections, RunContainer, RunEgress, RunEmptyDir, RunEnvironment,
    RunGrpcProbe, RunHeader, RunHttpProbe, RunImage, RunIngress, RunInterface, RunJobIamMember,
    RunLaunchStage, RunMedium, RunMount, RunNfsVolume, RunPort, RunProbe, RunProtocol, RunScaling,
    RunSecretFile, RunSecretVolume, RunServiceIamMember, RunTcpProbe, RunTraffic, RunTrafficKind,
    RunVariable, RunVolume, RunVpcAccess, SchedulerJob, SecondaryRange, SecretEncryption,
    SecretIamMember, SecretManagerSecret, SecretReplica, SecretTopic, SecretVersion,
    ServiceAccount, ServiceAccountIamMember, ServiceConnection, SqlActivation,
    SqlAuthorizedNetwork, SqlAvailability, SqlConnectors, SqlDatabase, SqlDisk, SqlEdition,
    SqlInsights, SqlInstance, SqlMaintenance, SqlPasswordPolicy, SqlPricing, SqlQuietPeriod,
    SqlServerCa, SqlTier, SqlTls, SqlTrack, SqlUser, SqlUserKind, SqlUserPasswordPolicy,
    StatusClass, StorageClass, SubnetPurpose, SubnetRole, SubnetStack, Subnetwork, Tag,
    TaggedVersions, UpstreamPolicy, UptimeCheck, UptimeIdentity, UptimeMethod, UptimeRegion,
    VersionServing, VersionState, VpcConnector, VulnerabilityScanning,
};
