//! Volumes of Cloud Run services and jobs: sockets of databases, secrets, memory, buckets, file shares.

use crate::Block;
use crate::Choice;
use crate::dsl::Ref;
use crate::gcp::{SecretManagerSecret, SqlDatabase, SqlInstance};
use crate::schema::Set;
use crate::value::Text;

/// The volume in which [`RunVolume::cloud_sql`] shows sockets.
const CLOUD_SQL: &str = "cloudsql";

/// A volume that containers can see as a folder.
#[derive(Clone, Block)]
pub struct RunVolume {
    /// The volume's name.
    #[prop(rest = "name", tf = "name", danger = Downtime)]
    name: Text,
    /// The Cloud SQL instances whose sockets it shows.
    #[prop(rest = "cloudSqlInstance.instances", tf = "cloud_sql_instance.instances", via = "connection_name",
        label = "Cloud SQL instances", each = "cloud_sql_instance", danger = Downtime)]
    cloud_sql_instances: Option<Set<Ref<SqlInstance>>>,
    /// The secret whose versions it shows as files.
    #[prop(rest = "secret", tf = "secret", danger = Downtime)]
    secret: Option<RunSecretVolume>,
    /// An empty folder, which lives as long as the instance of the service or the task.
    #[prop(rest = "emptyDir", tf = "empty_dir", label = "empty folder", danger = Downtime)]
    empty_dir: Option<RunEmptyDir>,
    /// The bucket whose objects it shows as files.
    #[prop(rest = "gcs", tf = "gcs", danger = Downtime)]
    bucket: Option<RunBucketVolume>,
    /// The file share that it shows.
    #[prop(rest = "nfs", tf = "nfs", label = "NFS", danger = Downtime)]
    nfs: Option<RunNfsVolume>,
}

impl RunVolume {
    /// The sockets of a Cloud SQL instance, which containers see by [`RunMount::cloud_sql`]. The account needs the role
    /// [`CLOUD_SQL_CLIENT`](crate::gcp::IamRole::CLOUD_SQL_CLIENT).
    #[must_use]
    pub fn cloud_sql(instance: impl Into<Ref<SqlInstance>>) -> Self {
        Self::new(CLOUD_SQL).cloud_sql_instance(instance)
    }
}

/// The versions of a secret as files.
#[derive(Clone, Block)]
pub struct RunSecretVolume {
    /// The secret.
    #[prop(rest = "secret", tf = "secret")]
    secret: Ref<SecretManagerSecret>,
    /// Which version is which file; the newest one under the secret's name, unless said.
    #[prop(rest = "items", tf = "items", key = "path", each = "file")]
    files: Option<Vec<RunSecretFile>>,
    /// The files' mode, as a decimal number: 292 is 0444.
    #[prop(rest = "defaultMode", tf = "default_mode", service = 292)]
    mode: Option<u16>,
}

/// A version of a secret as a file.
#[derive(Clone, Block)]
pub struct RunSecretFile {
    /// The file's path in the volume.
    #[prop(rest = "path", tf = "path")]
    path: Text,
    /// The version's number or alias.
    #[prop(rest = "version", tf = "version", default = "latest".into())]
    version: Text,
    /// The file's mode, as a decimal number.
    #[prop(rest = "mode", tf = "mode")]
    mode: Option<u16>,
}

/// An empty folder.
#[derive(Clone, Block)]
pub struct RunEmptyDir {
    /// Where it is.
    #[prop(rest = "medium", tf = "medium", default = RunMedium::Memory)]
    medium: RunMedium,
    /// How large it may get (`256Mi`).
    #[prop(rest = "sizeLimit", tf = "size_limit", canon = super::run_container::MEMORY)]
    limit: Option<Text>,
}

/// Where an empty folder is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum RunMedium {
    /// In memory, and part of the containers' limit.
    #[choice("MEMORY")]
    Memory,
    /// On a disk.
    #[choice("DISK")]
    Disk,
}

/// A bucket as a folder.
#[derive(Clone, Block)]
pub struct RunBucketVolume {
    /// The bucket's name.
    #[prop(rest = "bucket", tf = "bucket")]
    bucket: Text,
    /// Whether nothing is written to it.
    #[prop(rest = "readOnly", tf = "read_only", default = false, service = false)]
    read_only: bool,
}

/// A file share over NFS.
#[derive(Clone, Block)]
pub struct RunNfsVolume {
    /// The server's host name or address.
    #[prop(rest = "server", tf = "server")]
    server: Text,
    /// What it exports.
    #[prop(rest = "path", tf = "path")]
    path: Text,
    /// Whether nothing is written to it.
    #[prop(rest = "readOnly", tf = "read_only", default = false, service = false)]
    read_only: bool,
}

/// A volume as a container sees it.
#[derive(Clone, Block)]
pub struct RunMount {
    /// The volume's name.
    #[prop(rest = "name", tf = "name", danger = Downtime)]
    volume: Text,
    /// Where the container sees it.
    #[prop(rest = "mountPath", tf = "mount_path", danger = Downtime)]
    path: Text,
}

impl RunMount {
    /// The sockets of [`RunVolume::cloud_sql`], where programs look for them: in `/cloudsql`.
    #[must_use]
    pub fn cloud_sql() -> Self {
        Self::new(CLOUD_SQL, SqlDatabase::SOCKETS)
    }
}
