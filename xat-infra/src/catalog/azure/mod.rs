//! Azure: its resource types, how it names resources, and the prelude for people who write stacks.

mod common;
mod container_registry;
mod key_vault;
mod network_security_group;
mod private_dns_zone;
mod private_dns_zone_link;
mod private_endpoint;
mod provider;
mod resource_group;
mod subnet;
mod virtual_network;

pub use common::{Region, Retention};
pub use container_registry::{
    AnonymousTier, Basic, ContainerRegistry, ContainerRegistryOutputs, Premium,
    RegistryNetworkRules, RegistrySku, RegistryTier, RoleAssignmentMode, Standard,
};
pub use key_vault::{Bypass, KeyVault, KeyVaultOutputs, RuleAction, VaultNetworkRules, VaultSku};
pub use network_security_group::{
    Direction, NetworkSecurityGroup, NetworkSecurityGroupOutputs, Protocol, SecurityRule,
};
pub use private_dns_zone::{PrivateDnsZone, PrivateDnsZoneOutputs};
pub use private_dns_zone_link::{PrivateDnsZoneLink, PrivateDnsZoneLinkOutputs, ResolutionPolicy};
pub use private_endpoint::{
    ConnectionState, EndpointDnsName, EndpointIp, PrivateEndpoint, PrivateEndpointOutputs,
    PrivateLinkConnection, PrivateLinkTarget,
};
pub use provider::{AzureScope, PROVIDER};
pub use resource_group::{ResourceGroup, ResourceGroupOutputs};
pub use subnet::{
    ContainerEnvironments, DelegatedService, Delegation, PostgresFlexibleServers,
    PrivateEndpointPolicies, ServiceEndpoint, SharingScope, Subnet, SubnetDelegation,
    SubnetOutputs, Undelegated, WebServerFarms,
};
pub use virtual_network::{
    EncryptionEnforcement, InlinePeering, InlineSubnet, PrivateEndpointVnetPolicies,
    VirtualNetwork, VirtualNetworkOutputs,
};

/// Everything that a stack for Azure needs: `use xat_infra::azure::prelude::*;`.
pub mod prelude {
    pub use crate::dsl::{
        AnyRef, Cidr, DataLoss, Handle, Name, Output, RawBody, Ref, Resource as _, Stack,
    };
    pub use crate::value::{Secret, Text};
    pub use crate::{cidr, name, text};

    pub use super::{
        AzureScope, Basic, Bypass, ContainerEnvironments, ContainerRegistry, Direction,
        EncryptionEnforcement, EndpointIp, InlineSubnet, KeyVault, NetworkSecurityGroup,
        PostgresFlexibleServers, Premium, PrivateDnsZone, PrivateDnsZoneLink, PrivateEndpoint,
        PrivateEndpointPolicies, PrivateEndpointVnetPolicies, PrivateLinkConnection,
        PrivateLinkTarget, Protocol, Region, RegistryNetworkRules, ResolutionPolicy, ResourceGroup,
        Retention, RoleAssignmentMode, RuleAction, SecurityRule, ServiceEndpoint, SharingScope,
        Standard, Subnet, Undelegated, VaultNetworkRules, VaultSku, VirtualNetwork, WebServerFarms,
    };
}
