//! How file shares of a storage account tell who their users are, and who may call its blobs from web pages.

use crate::schema::canons;
use crate::value::Text;
use crate::{Block, Choice};

/// How file shares tell who their users are.
#[derive(Clone, Block)]
#[block(private_new)]
pub struct FilesAuthentication {
    /// The directory that vouches for users.
    #[prop(arm = "directoryServiceOptions", tf = "directory_type")]
    directory: FilesDirectory,
    /// The domain, where the directory is one's own.
    #[prop(arm = "activeDirectoryProperties", tf = "active_directory")]
    domain: Option<FilesDomain>,
    /// What users may do who have no role on a share.
    #[prop(arm = "defaultSharePermission", tf = "default_share_level_permission", service = SharePermission::None,
        danger = Exposure)]
    default_permission: Option<SharePermission>,
}

impl FilesAuthentication {
    /// No one signs in by name: there are keys alone.
    #[must_use]
    pub fn none() -> Self {
        Self::new(FilesDirectory::None)
    }

    /// Kerberos tickets of the cloud directory (Microsoft Entra).
    #[must_use]
    pub fn entra_kerberos() -> Self {
        Self::new(FilesDirectory::EntraKerberos)
    }

    /// A managed domain (Microsoft Entra Domain Services).
    #[must_use]
    pub fn entra_domain_services() -> Self {
        Self::new(FilesDirectory::EntraDomainServices)
    }

    /// A domain of one's own, which the account has joined.
    #[must_use]
    pub fn active_directory(domain: FilesDomain) -> Self {
        Self::new(FilesDirectory::ActiveDirectory).domain(domain)
    }
}

/// The directory that vouches for users of file shares.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum FilesDirectory {
    /// None.
    None,
    /// Microsoft Entra, by Kerberos.
    #[choice("AADKERB")]
    EntraKerberos,
    /// Microsoft Entra Domain Services.
    #[choice("AADDS")]
    EntraDomainServices,
    /// An Active Directory of one's own.
    #[choice("AD")]
    ActiveDirectory,
}

/// What users of file shares may do who have no role.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum SharePermission {
    /// Nothing.
    None,
    /// Read.
    #[choice("StorageFileDataSmbShareReader")]
    Reader,
    /// Read, write and delete.
    #[choice("StorageFileDataSmbShareContributor")]
    Contributor,
    /// Read, write, delete, and say who may.
    #[choice("StorageFileDataSmbShareElevatedContributor")]
    ElevatedContributor,
}

/// A domain of an Active Directory that a storage account has joined.
#[derive(Clone, Block)]
pub struct FilesDomain {
    /// The domain's name.
    #[prop(arm = "domainName", tf = "domain_name", canon = canons::CASE)]
    name: Text,
    /// The domain's GUID.
    #[prop(arm = "domainGuid", tf = "domain_guid", canon = canons::CASE)]
    guid: Text,
    /// The domain's security identifier.
    #[prop(arm = "domainSid", tf = "domain_sid")]
    sid: Option<Text>,
    /// The forest that the domain belongs to.
    #[prop(arm = "forestName", tf = "forest_name", canon = canons::CASE)]
    forest: Option<Text>,
    /// The domain's NetBIOS name.
    #[prop(arm = "netBiosDomainName", tf = "netbios_domain_name", canon = canons::CASE)]
    netbios_name: Option<Text>,
    /// The security identifier of the account in the domain.
    #[prop(arm = "azureStorageSid", tf = "storage_sid")]
    storage_sid: Option<Text>,
    /// The name of the account in the domain.
    #[prop(arm = "samAccountName")]
    sam_account_name: Option<Text>,
    /// Whether the account is a user or a machine of the domain.
    #[prop(arm = "accountType", service = DomainAccountType::Computer)]
    account_type: Option<DomainAccountType>,
}

/// What a storage account is in a domain.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum DomainAccountType {
    /// A machine.
    Computer,
    /// A user.
    User,
}

/// Which web pages of other hosts may call the blob service.
#[derive(Clone, Block)]
#[block(private_new)]
pub struct BlobCorsRule {
    /// The hosts that the pages come from (`https://shop.example`, or `*` for all).
    #[prop(arm = "allowedOrigins", tf = "allowed_origins", danger = Exposure, each = "origin")]
    origins: Vec<Text>,
    /// The methods that they may use.
    #[prop(arm = "allowedMethods", tf = "allowed_methods", danger = Exposure, each = "method")]
    methods: Vec<Text>,
    /// The headers that they may send (`*` for all).
    #[prop(arm = "allowedHeaders", tf = "allowed_headers", each = "allowed_header")]
    allowed_headers: Vec<Text>,
    /// The headers that they may read (`*` for all).
    #[prop(arm = "exposedHeaders", tf = "exposed_headers", each = "exposed_header")]
    exposed_headers: Vec<Text>,
    /// For how many seconds browsers may remember the rule.
    #[prop(arm = "maxAgeInSeconds", tf = "max_age_in_seconds", default = 0, unit = "seconds")]
    max_age_seconds: u32,
}

impl BlobCorsRule {
    /// Pages of this origin may read, with any headers.
    #[must_use]
    pub fn get_from(origin: impl Into<Text>) -> Self {
        let all = || vec![Text::from("*")];
        Self::new(
            vec![origin.into()],
            vec![Text::from("GET"), Text::from("HEAD"), Text::from("OPTIONS")],
            all(),
            all(),
        )
    }
}
