//! Azure: its resource types, how it names resources, and the prelude for people who write stacks.

mod app_service_plan;
mod common;
mod key_vault;
mod provider;
mod resource_group;
mod role_assignment;
mod user_assigned_identity;
mod vault_secret;




pub use app_service_plan::{AppServicePlan, AppServicePlanOutputs, PlanSku};
pub use common::{Region, Retention};
pub use key_vault::{KeyVault, KeyVaultOutputs};
pub use provider::{AzureScope, PROVIDER};
pub use resource_group::{ResourceGroup, ResourceGroupOutputs};
pub use role_assignment::{Role, RoleAssignment, RoleAssignmentOutputs};
pub use user_assigned_identity::{
    ClientId, IdentityType, IsolationScope, Principal, PrincipalId, PrincipalType, UserAssignedIdentity,
    UserAssignedIdentityOutputs,
};
pub use vault_secret::{VaultSecret, VaultSecretOutputs};

/// Everything that a stack for Azure needs: `use xat_infra::azure::prelude::*;`.
pub mod prelude {
    pub use crate::dsl::{AnyRef, Cidr, DataLoss, Handle, Name, Output, RawBody, Ref, Resource as _, Stack};
    pub use crate::value::{Secret, Text};
    pub use crate::{cidr, name, text};

    pub use super::{
        AppServicePlan, AzureScope, KeyVault, PlanSku, Principal, PrincipalType, Region, ResourceGroup, Retention,
        Role, RoleAssignment, UserAssignedIdentity, VaultSecret,
    };
}
