//! What a web application is made of: its blocks, choices and codecs.

use std::borrow::Cow;

use crate::schema::{Canon, Codec, canons};
use crate::value::{Entries, Text, Value};
use crate::{Block, Choice};

/// A version of TLS.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum TlsVersion {
    /// 1.0, broken.
    #[choice("1.0")]
    V1_0,
    /// 1.1, broken.
    #[choice("1.1")]
    V1_1,
    /// 1.2.
    #[choice("1.2")]
    V1_2,
    /// 1.3.
    #[choice("1.3")]
    V1_3,
}

/// Whether files can be uploaded by FTP.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum FtpsState {
    /// Yes, even unencrypted.
    AllAllowed,
    /// Only encrypted.
    FtpsOnly,
    /// No.
    Disabled,
}

/// Whether clients show certificates.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ClientCertificateMode {
    /// They must.
    Required,
    /// They may.
    Optional,
    /// They may, and people are not asked for one.
    OptionalInteractiveUser,
}

/// How an application stands in for another region's.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum RedundancyMode {
    /// It does not.
    None,
    /// Someone switches over.
    Manual,
    /// It takes over when the other fails.
    Failover,
    /// Both serve.
    ActiveActive,
    /// Its data is copied.
    GeoRedundant,
}

/// A host name of an application, and its certificate.
#[derive(Clone, Block)]
pub struct HostNameSsl {
    /// The host name.
    #[prop(arm = "name", danger = Downtime)]
    name: Text,
    /// How the certificate is served.
    #[prop(arm = "sslState", service = SslState::Disabled, danger = Downtime)]
    state: Option<SslState>,
    /// The certificate's thumbprint.
    #[prop(arm = "thumbprint", canon = canons::CASE, danger = Downtime)]
    thumbprint: Option<Text>,
    /// Whether this call sets the certificate. The service forgets it at once.
    #[prop(arm = "toUpdate", write_only, write_only)]
    to_update: Option<bool>,
    /// Whether the name is the application's or its deployment site's.
    #[prop(arm = "hostType", service = HostType::Standard)]
    host_type: Option<HostType>,
}

/// How a host name's certificate is served.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum SslState {
    /// There is none.
    Disabled,
    /// By the name that the client asks for.
    SniEnabled,
    /// By an address of its own.
    IpBasedEnabled,
}

/// Whose host name it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum HostType {
    /// The application's.
    Standard,
    /// Its deployment site's.
    Repository,
}

/// Dapr beside an application in a container environment.
#[derive(Clone, Block)]
pub struct Dapr {
    /// Whether it runs.
    #[prop(arm = "enabled", service = false, danger = Downtime)]
    enabled: Option<bool>,
    /// The application's name for Dapr.
    #[prop(arm = "appId", danger = Downtime)]
    app_id: Option<Text>,
    /// The port on which the application listens for Dapr.
    #[prop(arm = "appPort", danger = Downtime)]
    app_port: Option<u16>,
    /// Whether calls to it are logged.
    #[prop(arm = "enableApiLogging", service = false)]
    api_logging: Option<bool>,
    /// The largest request, in MB.
    #[prop(arm = "httpMaxRequestSize", service = 4)]
    http_max_request_size: Option<u16>,
    /// The buffer for request headers, in KB.
    #[prop(arm = "httpReadBufferSize", service = 4)]
    http_read_buffer_size: Option<u16>,
    /// How much it logs.
    #[prop(arm = "logLevel", service = DaprLogLevel::Info)]
    log_level: Option<DaprLogLevel>,
}

/// How much Dapr logs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum DaprLogLevel {
    /// What goes on.
    #[choice("info")]
    Info,
    /// Everything.
    #[choice("debug")]
    Debug,
    /// What is odd.
    #[choice("warn")]
    Warn,
    /// What goes wrong.
    #[choice("error")]
    Error,
}

/// What an application in a container environment gets of a machine.
#[derive(Clone, Block)]
pub struct AppResources {
    /// Cores.
    #[prop(arm = "cpu", danger = Downtime)]
    cpu: f64,
    /// Memory (`2Gi`).
    #[prop(arm = "memory", danger = Downtime)]
    memory: Text,
}

/// Settings that the site's own body carries as a list of names and values.
pub(crate) static NAME_VALUE: Codec = Codec {
    name: "list of names and values",
    encode: |value| match value {
        Value::Map(entries) => Value::List(
            entries
                .iter()
                .map(|(name, value)| {
                    Value::map([("name", Value::from(name.to_owned())), ("value", value.clone())])
                })
                .collect(),
        ),
        other => other.clone(),
    },
    decode: |value| match value {
        Value::List(items) => items
            .iter()
            .map(|item| {
                let name = item.at(&["name"])?.as_str()?.to_owned();
                // A setting without a value is an empty one.
                let value = item.at(&["value"]).filter(|value| !matches!(value, Value::Null));
                Some((name, value.cloned().unwrap_or_else(|| Value::literal(""))))
            })
            .collect::<Option<Entries>>()
            .map(Value::Map),
        _ => None,
    },
};

/// A least number of machines: the service answers 1 where 0 was sent.
pub(crate) static AT_LEAST_ONE: Canon = Canon {
    name: "at least one",
    apply: |text| if text == "0" { Cow::Borrowed("1") } else { Cow::Borrowed(text) },
};

/// A version of .NET: 3.5 runs on what 3.0 runs on, and the service answers `v3.0` to both.
pub(crate) static NET_VERSION: Canon = Canon {
    name: ".NET version",
    apply: |text| {
        if text.eq_ignore_ascii_case("v3.5") {
            Cow::Borrowed("v3.0")
        } else {
            (canons::CASE.apply)(text)
        }
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_service_answers_for_another_is_one_value() {
        assert!(AT_LEAST_ONE.same("0", "1") && !AT_LEAST_ONE.same("1", "2"));
        assert!(NET_VERSION.same("v3.5", "v3.0") && !NET_VERSION.same("v4.0", "v3.0"));
    }
}
