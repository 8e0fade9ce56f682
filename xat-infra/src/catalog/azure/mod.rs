//! Azure: its resource types, how it names resources, and the prelude for people who write stacks.

mod common;
mod key_vault;
mod provider;
mod resource_group;




pub use common::{Region, Retention};
pub use key_vault::{KeyVault, KeyVaultOutputs};
pub use provider::{AzureScope, PROVIDER};
pub use resource_group::{ResourceGroup, ResourceGroupOutputs};

/// Everything that a stack for Azure needs: `use xat_infra::azure::prelude::*;`.
pub mod prelude {
    pub use crate::dsl::{AnyRef, Cidr, DataLoss, Handle, Name, Output, RawBody, Ref, Resource as _, Stack};
    pub use crate::value::{Secret, Text};
    pub use crate::{cidr, name, text};

    pub use super::{AzureScope, KeyVault, Region, ResourceGroup, Retention};
}
