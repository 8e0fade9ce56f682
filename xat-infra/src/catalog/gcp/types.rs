//! Every type of Google Cloud, with its example, by name.

use super::{
    GlobalAddress, Network, ProjectIamMember, ProjectService, SecretIamMember, SecretManagerSecret,
    SecretVersion, ServiceAccount, ServiceConnection, global_address, iam_member, network,
    project_service, secret_manager_secret, secret_version, service_account, service_connection,
};
use crate::dsl::Resource as _;
use crate::schema::Registered;

/// Every type of Google Cloud. A test notices a file of the catalogue that is not here.
pub static TYPES: &[Registered] = &[
    Registered { ty: GlobalAddress::resource_type, example: global_address::example },
    Registered { ty: Network::resource_type, example: network::example },
    Registered { ty: ProjectIamMember::resource_type, example: iam_member::project_member },
    Registered { ty: ProjectService::resource_type, example: project_service::example },
    Registered { ty: SecretIamMember::resource_type, example: iam_member::secret_member },
    Registered { ty: SecretManagerSecret::resource_type, example: secret_manager_secret::example },
    Registered { ty: SecretVersion::resource_type, example: secret_version::example },
    Registered { ty: ServiceAccount::resource_type, example: service_account::example },
    Registered { ty: ServiceConnection::resource_type, example: service_connection::example },
];
