//! Every type of Google Cloud, with its example, by name.

use super::{
    CloudRunJob, CloudRunService, Firewall, GlobalAddress, Network, ProjectIamMember,
    ProjectService, SecretIamMember, SecretManagerSecret, SecretVersion, ServiceAccount,
    ServiceConnection, SqlDatabase, SqlInstance, SqlUser, Subnetwork, VpcConnector, cloud_run_job,
    cloud_run_service, firewall, global_address, iam_member, network, project_service,
    secret_manager_secret, secret_version, service_account, service_connection, sql_database,
    sql_instance, sql_user, subnetwork, vpc_connector,
};
use crate::dsl::Resource as _;
use crate::schema::Registered;

/// Every type of Google Cloud. A test notices a file of the catalogue that is not here.
pub static TYPES: &[Registered] = &[
    Registered { ty: CloudRunJob::resource_type, example: cloud_run_job::example },
    Registered { ty: CloudRunService::resource_type, example: cloud_run_service::example },
    Registered { ty: Firewall::resource_type, example: firewall::example },
    Registered { ty: GlobalAddress::resource_type, example: global_address::example },
    Registered { ty: Network::resource_type, example: network::example },
    Registered { ty: ProjectIamMember::resource_type, example: iam_member::project_member },
    Registered { ty: ProjectService::resource_type, example: project_service::example },
    Registered { ty: SecretIamMember::resource_type, example: iam_member::secret_member },
    Registered { ty: SecretManagerSecret::resource_type, example: secret_manager_secret::example },
    Registered { ty: SecretVersion::resource_type, example: secret_version::example },
    Registered { ty: ServiceAccount::resource_type, example: service_account::example },
    Registered { ty: ServiceConnection::resource_type, example: service_connection::example },
    Registered { ty: SqlDatabase::resource_type, example: sql_database::example },
    Registered { ty: SqlInstance::resource_type, example: sql_instance::example },
    Registered { ty: SqlUser::resource_type, example: sql_user::example },
    Registered { ty: Subnetwork::resource_type, example: subnetwork::example },
    Registered { ty: VpcConnector::resource_type, example: vpc_connector::example },
];
