//! Everything that a stack for Google Cloud needs: `use xat_infra::gcp::prelude::*;`.

pub use crate::dsl::{
    AnyRef, Cidr, DataLoss, Handle, Name, Output, RawBody, Ref, Resource as _, Stack,
};
pub use crate::value::{Secret, Text};
pub use crate::{cidr, json, name, tag, text};

pub use super::{
    AddressPurpose, AddressType, AddressVersion, AutomaticReplication, FirewallOrder,
    GlobalAddress, GoogleScope, IamMember, IamRole, Location, Network, ProjectIamMember,
    ProjectService, RoutingMode, SecretIamMember, SecretManagerSecret, SecretReplica, SecretTopic,
    SecretVersion, ServiceAccount, ServiceConnection, VersionState,
};
