//! Everything that a stack for Google Cloud needs: `use xat_infra::gcp::prelude::*;`.

pub use crate::dsl::{
    AnyRef, Cidr, DataLoss, Handle, Name, Output, RawBody, Ref, Resource as _, Stack,
};
pub use crate::value::{Secret, Text};
pub use crate::{cidr, json, name, tag, text};

pub use super::{
    AddressPurpose, AddressType, AddressVersion, AutomaticReplication, CloudRunJob,
    CloudRunService, ConnectorMachine, Digest, Firewall, FirewallDirection, FirewallLogs,
    FirewallMetadata, FirewallOrder, FirewallTraffic, FlowInterval, FlowLogs, FlowMetadata,
    GlobalAddress, GoogleScope, IamMember, IamRole, Ipv6Access, Location, Network, PostgresVersion,
    ProjectIamMember, ProjectService, RoutingMode, RunBinaryAuthorization, RunBucketVolume,
    RunConnections, RunContainer, RunEgress, RunEmptyDir, RunEnvironment, RunGrpcProbe, RunHeader,
    RunHttpProbe, RunImage, RunIngress, RunInterface, RunLaunchStage, RunMedium, RunMount,
    RunNfsVolume, RunPort, RunProbe, RunProtocol, RunScaling, RunSecretFile, RunSecretVolume,
    RunTcpProbe, RunTraffic, RunTrafficKind, RunVariable, RunVolume, RunVpcAccess, SecondaryRange,
    SecretIamMember, SecretManagerSecret, SecretReplica, SecretTopic, SecretVersion,
    ServiceAccount, ServiceConnection, SqlActivation, SqlAuthorizedNetwork, SqlAvailability,
    SqlConnectors, SqlDatabase, SqlDisk, SqlEdition, SqlInsights, SqlInstance, SqlMaintenance,
    SqlPasswordPolicy, SqlQuietPeriod, SqlServerCa, SqlTier, SqlTls, SqlTrack, SqlUser,
    SqlUserKind, SqlUserPasswordPolicy, SubnetPurpose, SubnetRole, SubnetStack, Subnetwork, Tag,
    VersionState, VpcConnector,
};
