//! What clients that dial in to a gateway agree with it: how their traffic is encrypted, and which RADIUS servers are
//! asked about them.

use crate::azure::VpnClients;
use crate::azure::common::{blocks, said};
use crate::value::{Fields, Secret, Text, Value};
use crate::{Block, Choice};

/// How the traffic of clients over IKEv2 is encrypted, in place of what the service and they would agree on.
///
/// ```
/// use xat_infra::azure::prelude::*;
/// let policy = ClientIpsecPolicy::new(
///     27_000, 102_400_000, IpsecEncryption::GcmAes256, IpsecIntegrity::GcmAes256, IkeEncryption::Aes256,
///     IkeIntegrity::Sha384, DhGroup::Ecp384, PfsGroup::Ecp384,
/// );
/// ```
#[derive(Clone, Block)]
pub struct ClientIpsecPolicy {
    /// For how long a tunnel's keys hold: 300 to 172,799.
    #[prop(arm = "saLifeTimeSeconds", tf = "sa_lifetime_in_seconds", label = "lifetime of keys", unit = "seconds",
        danger = Downtime)]
    lifetime_seconds: u32,
    /// For how much traffic a tunnel's keys hold: 1024 or more, or 0 for any amount.
    #[prop(arm = "saDataSizeKilobytes", tf = "sa_data_size_in_kilobytes", label = "traffic of keys", unit = "KB",
        danger = Downtime)]
    traffic_kilobytes: u32,
    /// How traffic is encrypted.
    #[prop(arm = "ipsecEncryption", tf = "ipsec_encryption", label = "IPsec encryption", danger = Downtime)]
    ipsec_encryption: IpsecEncryption,
    /// How traffic is kept from being changed: for GCM the same as the encryption.
    #[prop(arm = "ipsecIntegrity", tf = "ipsec_integrity", label = "IPsec integrity", danger = Downtime)]
    ipsec_integrity: IpsecIntegrity,
    /// How the exchange of keys is encrypted.
    #[prop(arm = "ikeEncryption", tf = "ike_encryption", label = "IKE encryption", danger = Downtime)]
    ike_encryption: IkeEncryption,
    /// How the exchange of keys is kept from being changed.
    #[prop(arm = "ikeIntegrity", tf = "ike_integrity", label = "IKE integrity", danger = Downtime)]
    ike_integrity: IkeIntegrity,
    /// The group by which the first keys are agreed on.
    #[prop(arm = "dhGroup", tf = "dh_group", label = "DH group", danger = Downtime)]
    dh_group: DhGroup,
    /// The group by which new keys are agreed on.
    #[prop(arm = "pfsGroup", tf = "pfs_group", label = "PFS group", danger = Downtime)]
    pfs_group: PfsGroup,
}

/// Choices of words, each with a line of documentation. What is outdated is there for clients that know no better.
macro_rules! choices {
    ($($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* })*) => {
        $($(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
        pub enum $name {
            $($(#[$doc])*
            #[choice($word)]
            $variant,)*
        })*
    };
}

choices! {
    /// How traffic in a tunnel is encrypted.
    IpsecEncryption {
        /// Not at all.
        None = "None",
        /// AES with 128 bits.
        Aes128 = "AES128",
        /// AES with 192 bits.
        Aes192 = "AES192",
        /// AES with 256 bits.
        Aes256 = "AES256",
        /// AES with 128 bits, which also keeps it from being changed.
        GcmAes128 = "GCMAES128",
        /// AES with 192 bits, which also keeps it from being changed.
        GcmAes192 = "GCMAES192",
        /// AES with 256 bits, which also keeps it from being changed.
        GcmAes256 = "GCMAES256",
        /// DES, which is broken.
        Des = "DES",
        /// Triple DES, which is outdated.
        Des3 = "DES3",
    }
    /// How traffic in a tunnel is kept from being changed.
    IpsecIntegrity {
        /// SHA-2 with 256 bits.
        Sha256 = "SHA256",
        /// By the encryption, AES with 128 bits.
        GcmAes128 = "GCMAES128",
        /// By the encryption, AES with 192 bits.
        GcmAes192 = "GCMAES192",
        /// By the encryption, AES with 256 bits.
        GcmAes256 = "GCMAES256",
        /// SHA-1, which is outdated.
        Sha1 = "SHA1",
        /// MD5, which is broken.
        Md5 = "MD5",
    }
    /// How the exchange of keys is encrypted.
    IkeEncryption {
        /// AES with 128 bits.
        Aes128 = "AES128",
        /// AES with 192 bits.
        Aes192 = "AES192",
        /// AES with 256 bits.
        Aes256 = "AES256",
        /// AES with 128 bits, which also keeps it from being changed.
        GcmAes128 = "GCMAES128",
        /// AES with 256 bits, which also keeps it from being changed.
        GcmAes256 = "GCMAES256",
        /// DES, which is broken.
        Des = "DES",
        /// Triple DES, which is outdated.
        Des3 = "DES3",
    }
    /// How the exchange of keys is kept from being changed.
    IkeIntegrity {
        /// SHA-2 with 256 bits.
        Sha256 = "SHA256",
        /// SHA-2 with 384 bits.
        Sha384 = "SHA384",
        /// By the encryption, AES with 128 bits.
        GcmAes128 = "GCMAES128",
        /// By the encryption, AES with 256 bits.
        GcmAes256 = "GCMAES256",
        /// SHA-1, which is outdated.
        Sha1 = "SHA1",
        /// MD5, which is broken.
        Md5 = "MD5",
    }
    /// The group by which the first keys are agreed on.
    DhGroup {
        /// None.
        None = "None",
        /// 768 bits, which is outdated.
        Group1 = "DHGroup1",
        /// 1024 bits, which is outdated.
        Group2 = "DHGroup2",
        /// 2048 bits.
        Group14 = "DHGroup14",
        /// 2048 bits, by another name.
        Group2048 = "DHGroup2048",
        /// An elliptic curve of 256 bits.
        Ecp256 = "ECP256",
        /// An elliptic curve of 384 bits.
        Ecp384 = "ECP384",
        /// 2048 bits with a subgroup of 256.
        Group24 = "DHGroup24",
    }
    /// The group by which new keys are agreed on.
    PfsGroup {
        /// None: new keys follow from the old.
        None = "None",
        /// 768 bits, which is outdated.
        Pfs1 = "PFS1",
        /// 1024 bits, which is outdated.
        Pfs2 = "PFS2",
        /// 2048 bits.
        Pfs14 = "PFS14",
        /// 2048 bits, by another name.
        Pfs2048 = "PFS2048",
        /// An elliptic curve of 256 bits.
        Ecp256 = "ECP256",
        /// An elliptic curve of 384 bits.
        Ecp384 = "ECP384",
        /// 2048 bits with a subgroup of 256.
        Pfs24 = "PFS24",
        /// That of the first keys.
        Same = "PFSMM",
    }
}

/// One RADIUS server of several that are asked about clients.
#[derive(Clone, Block)]
pub struct RadiusServer {
    /// Its address in the network, or one that the network reaches.
    #[prop(arm = "radiusServerAddress", tf = "address", danger = Downtime)]
    address: Text,
    /// The secret that is shared with it.
    #[prop(arm = "radiusServerSecret", tf = "secret", write_only, danger = Downtime)]
    secret: Secret,
    /// Its rank: 1 to 30, and the highest is asked first.
    #[prop(arm = "radiusServerScore", tf = "score", label = "rank", danger = Downtime)]
    score: u8,
}

/// What the service refuses of how clients dial in, and where it says so.
pub(super) fn client_problems(clients: &Fields) -> Vec<(String, &'static str)> {
    const POLICIES: &str = "https://learn.microsoft.com/azure/vpn-gateway/ipsec-ike-policy-howto";
    const SERVERS: &str = "https://learn.microsoft.com/azure/templates/microsoft.network/virtualnetworkgateways#radiusserver";
    let mut found = Vec::new();
    let policy = said::<VpnClients>(clients, "ipsec_policy").and_then(Value::as_block);
    if let Some(policy) = policy {
        let int = |property| said::<ClientIpsecPolicy>(policy, property).and_then(Value::as_int);
        let word = |property| said::<ClientIpsecPolicy>(policy, property).and_then(Value::as_str);
        if let Some(seconds) = int("lifetime_seconds").filter(|n| !(300..=172_799).contains(n)) {
            let problem = format!("keys hold for 300 to 172799 seconds, not {seconds}");
            found.push((problem, POLICIES));
        }
        let few = |n: &i64| *n != 0 && !(1024..=i64::from(i32::MAX)).contains(n);
        if let Some(size) = int("traffic_kilobytes").filter(few) {
            found.push((format!("keys hold for 1024 to 2147483647 KB, not {size}"), POLICIES));
        }
        let (encryption, integrity) = (word("ipsec_encryption"), word("ipsec_integrity"));
        let gcm = |word: Option<&str>| word.is_some_and(|word| word.starts_with("GCM"));
        if (gcm(encryption) || gcm(integrity)) && encryption != integrity {
            let problem = "with GCM, IPsec encryption and integrity are the same";
            found.push((problem.to_owned(), POLICIES));
        }
    }
    for server in blocks::<VpnClients>(clients, "radius_servers") {
        let score = said::<RadiusServer>(server, "score").and_then(Value::as_int);
        if let Some(score) = score.filter(|score| !(1..=30).contains(score)) {
            found.push((format!("a RADIUS server has a rank of 1 to 30, not {score}"), SERVERS));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cidr;
    use crate::schema::PropertyType as _;

    fn problems(clients: VpnClients) -> usize {
        let value = clients.into_value();
        client_problems(value.as_block().unwrap()).len()
    }

    #[test]
    fn what_the_service_refuses_is_reported() {
        let pool = cidr!("172.16.0.0/24");
        let policy = |seconds, kilobytes, integrity| {
            let policy = ClientIpsecPolicy::new(
                seconds,
                kilobytes,
                IpsecEncryption::GcmAes256,
                integrity,
                IkeEncryption::Aes256,
                IkeIntegrity::Sha384,
                DhGroup::Ecp384,
                PfsGroup::Ecp384,
            );
            problems(VpnClients::entra_id("t", pool).ipsec_policy(policy))
        };
        assert_eq!(policy(27_000, 102_400_000, IpsecIntegrity::GcmAes256), 0);
        assert_eq!(policy(300, 0, IpsecIntegrity::GcmAes256), 0);
        assert_eq!(policy(299, 1024, IpsecIntegrity::GcmAes256), 1);
        assert_eq!(policy(300, 1023, IpsecIntegrity::GcmAes256), 1);
        assert_eq!(policy(300, 1024, IpsecIntegrity::Sha256), 1);
        let asked = |score| {
            let server = RadiusServer::new("10.0.0.9", Secret::generated("radius"), score);
            problems(VpnClients::radius_servers([server], pool))
        };
        assert_eq!(asked(30), 0);
        assert_eq!(asked(31), 1);
    }
}
