//! How people sign in to a web application or slot before it sees their calls: App Service authentication, with Entra ID.

use std::collections::BTreeMap;

use crate::azure::common::{is_time_span, said};
use crate::schema::{CheckContext, Codec, Saying, Set, canons, rust};
use crate::value::{Entries, Text, Value};
use crate::{Block, Choice, text};

const AUTH: &str =
    "https://learn.microsoft.com/azure/app-service/overview-authentication-authorization";
const FILE: &str =
    "https://learn.microsoft.com/azure/app-service/configure-authentication-file-based";
const TENANTS: &str = "https://login.microsoftonline.com/";

/// The sign-in that App Service puts in front of an application: who has not signed in does not reach it.
///
/// Signing in is required and goes over HTTPS; tokens are kept, so that the application can call others in the user's
/// name. The secret of the registration stands in a setting of the application, best one that refers to a vault:
///
/// ```
/// use xat_infra::azure::prelude::*;
/// # fn signed_in(app: WebApp, stack: &Stack, secret: Handle<VaultSecret>) -> WebApp {
/// let registration = EntraSignIn::registered("5a1e0000-0000-4000-8000-000000000011", stack.tenant_id())
///     .secret_setting("SIGN_IN_SECRET");
/// app.secret_setting("SIGN_IN_SECRET", secret).auth(SiteAuth::entra_id(registration))
/// # }
/// ```
///
/// Other providers (GitHub, Google, one of one's own by OpenID Connect) have no types yet.
#[derive(Clone, Block)]
#[block(private_new, import = say_auth)]
pub struct SiteAuth {
    /// Whether App Service looks at calls at all.
    #[prop(arm = "platform.enabled", tf = "auth_enabled", default = true, service = false, exposes = false,
        danger = Downtime)]
    enabled: bool,
    /// Whether only those who have signed in reach the application.
    #[prop(arm = "globalValidation.requireAuthentication", tf = "require_authentication", label = "sign-in required",
        default = true, service = false, exposes = false, danger = Downtime)]
    required: bool,
    /// What is done with calls of others.
    #[prop(arm = "globalValidation.unauthenticatedClientAction", tf = "unauthenticated_action",
        label = "calls without sign-in", default = Unauthenticated::RedirectToLoginPage,
        service = Unauthenticated::RedirectToLoginPage, exposes = Unauthenticated::AllowAnonymous, danger = Downtime)]
    unauthenticated: Unauthenticated,
    /// The provider to whose page they are sent.
    #[prop(arm = "globalValidation.redirectToProvider", tf = "default_provider", label = "default provider",
        canon = canons::CASE, no_setter)]
    default_provider: Option<Text>,
    /// Paths that anyone may call, such as that of a health check.
    #[prop(arm = "globalValidation.excludedPaths", tf = "excluded_paths", service = Set::default(),
        each = "excluded_path", danger = Exposure)]
    excluded_paths: Option<Set<Text>>,
    /// Whether people sign in over HTTPS only.
    #[prop(
        arm = "httpSettings.requireHttps",
        tf = "require_https",
        label = "HTTPS required",
        default = true,
        service = true,
        exposes = false
    )]
    require_https: bool,
    /// The path below which the service's own pages for signing in and out lie.
    #[prop(arm = "httpSettings.routes.apiPrefix", tf = "http_route_api_prefix", label = "path of the sign-in",
        service = Text::from("/.auth"), danger = Downtime)]
    path: Option<Text>,
    /// Which headers say under what name the application was called, where a proxy stands in front of it.
    #[prop(arm = "httpSettings.forwardProxy.convention", tf = "forward_proxy_convention", label = "proxy headers",
        service = ProxyHeaders::NoProxy, danger = Downtime)]
    proxy_headers: Option<ProxyHeaders>,
    /// The version of the service's module (`~1` is the newest of the first).
    #[prop(arm = "platform.runtimeVersion", tf = "runtime_version", service = Text::from("~1"))]
    runtime_version: Option<Text>,
    /// Entra ID as the provider.
    #[prop(arm = "identityProviders.azureActiveDirectory", tf = "active_directory_v2", label = "Entra ID",
        danger = Downtime, no_setter)]
    entra_id: Option<EntraSignIn>,
    /// Whether the tokens of those who signed in are kept for the application.
    #[prop(arm = "login.tokenStore.enabled", tf = "login.token_store_enabled", default = true, service = false,
        danger = Downtime)]
    token_store: bool,
    /// For how many hours a token can be renewed after it has run out.
    #[prop(
        arm = "login.tokenStore.tokenRefreshExtensionHours",
        tf = "login.token_refresh_extension_time",
        label = "renewal of tokens",
        unit = "hours",
        service = 72
    )]
    refresh_hours: Option<u16>,
    /// For how long people stay signed in (`08:00:00`).
    #[prop(arm = "login.cookieExpiration.timeToExpiration", tf = "login.cookie_expiration_time",
        label = "end of the sign-in", service = Text::from("08:00:00"))]
    session: Option<Text>,
    /// The path that signs out.
    #[prop(
        arm = "login.routes.logoutEndpoint",
        tf = "login.logout_endpoint",
        label = "path for signing out"
    )]
    sign_out_path: Option<Text>,
    /// Other sites to which people may be sent after signing in or out.
    #[prop(arm = "login.allowedExternalRedirectUrls", tf = "login.allowed_external_redirect_urls",
        service = Set::default(), each = "redirect", danger = Exposure)]
    redirects: Option<Set<Text>>,
    /// Whether what stands behind `#` in an address survives signing in.
    #[prop(
        arm = "login.preserveUrlFragmentsForLogins",
        tf = "login.preserve_url_fragments_for_logins",
        service = false
    )]
    keep_fragments: Option<bool>,
}

impl SiteAuth {
    /// People sign in with Entra ID.
    #[must_use]
    pub fn entra_id(registration: EntraSignIn) -> Self {
        Self {
            entra_id: Some(registration),
            default_provider: Some(ENTRA_ID.into()),
            ..Self::new()
        }
    }
}

/// What the service calls Entra ID among the providers.
const ENTRA_ID: &str = "azureactivedirectory";

/// An application of Entra ID for which people sign in: its registration, and who may.
#[derive(Clone, Block)]
#[block(private_new, import = say_entra)]
pub struct EntraSignIn {
    /// Whether this provider is used.
    #[prop(arm = "enabled", default = true, service = false, marker, no_setter, danger = Downtime)]
    enabled: bool,
    /// The registration's application ID, a GUID.
    #[prop(arm = "registration.clientId", tf = "client_id", canon = canons::CASE, danger = Downtime)]
    client_id: Text,
    /// Who issues the tokens: the tenant, as the address of its sign-in.
    #[prop(arm = "registration.openIdIssuer", tf = "tenant_auth_endpoint", canon = canons::URL, danger = Exposure)]
    issuer: Text,
    /// The setting of the application that holds the registration's secret.
    #[prop(arm = "registration.clientSecretSettingName", tf = "client_secret_setting_name",
        label = "setting with the secret", danger = Downtime)]
    secret_setting: Option<Text>,
    /// The audiences for which a token may have been issued, beside the application itself.
    #[prop(arm = "validation.allowedAudiences", tf = "allowed_audiences", service = Set::default(),
        each = "audience", danger = Exposure)]
    audiences: Option<Set<Text>>,
    /// The applications whose tokens are taken, by ID; the registration's own, unless said.
    #[prop(arm = "validation.defaultAuthorizationPolicy.allowedApplications", tf = "allowed_applications",
        service = Set::default(), each = "application", danger = Exposure)]
    applications: Option<Set<Text>>,
    /// The groups whose members may sign in, by object ID; everyone of the tenant, unless groups or people are named.
    #[prop(arm = "validation.defaultAuthorizationPolicy.allowedPrincipals.groups", tf = "allowed_groups",
        service = Set::default(), each = "group", danger = Exposure)]
    groups: Option<Set<Text>>,
    /// The people and identities who may sign in, by object ID.
    #[prop(arm = "validation.defaultAuthorizationPolicy.allowedPrincipals.identities", tf = "allowed_identities",
        service = Set::default(), each = "person", danger = Exposure)]
    people: Option<Set<Text>>,
    /// What the request for signing in says beside the usual, by name (`domain_hint`).
    #[prop(arm = "login.loginParameters", tf = "login_parameters", codec = PARAMETERS, each = "parameter")]
    parameters: Option<BTreeMap<String, Text>>,
    /// Whether answers leave out where to sign in.
    #[prop(
        arm = "login.disableWWWAuthenticate",
        tf = "www_authentication_disabled",
        label = "without WWW-Authenticate",
        service = false
    )]
    without_challenge: Option<bool>,
}

impl EntraSignIn {
    /// An application registered in a tenant (a GUID; [`tenant_id`](crate::azure::AzureScope::tenant_id) gives the
    /// stack's), by its application ID.
    #[must_use]
    pub fn registered(client_id: impl Into<Text>, tenant: impl Into<Text>) -> Self {
        Self::new(client_id, text!("{}{}/v2.0", TENANTS, tenant.into()))
    }
}

/// What is done with the calls of those who have not signed in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum Unauthenticated {
    /// They are sent to the provider's page.
    RedirectToLoginPage,
    /// They are answered with 401.
    Return401,
    /// They are answered with 403.
    Return403,
    /// They reach the application.
    AllowAnonymous,
}

/// Which headers say under what name an application was called.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ProxyHeaders {
    /// `Host`.
    NoProxy,
    /// `X-Forwarded-Host` and `X-Forwarded-Proto`.
    Standard,
}

/// Parameters that ARM has as a list of `name=value`.
static PARAMETERS: Codec = Codec {
    name: "list of name=value",
    encode: |value| match value {
        Value::Map(entries) => Value::List(
            entries
                .iter()
                .filter_map(|(name, value)| {
                    Some(Value::Text(text!("{}={}", name.to_owned(), value.as_text()?.clone())))
                })
                .collect(),
        ),
        other => other.clone(),
    },
    decode: |value| match value {
        Value::List(items) => items
            .iter()
            .map(|item| {
                let (name, value) = item.as_str()?.split_once('=')?;
                Some((name.to_owned(), Value::from(value.to_owned())))
            })
            .collect::<Option<Entries>>()
            .map(Value::Map),
        _ => None,
    },
};

fn say_auth(auth: &mut Saying<'_>) {
    if auth.construct("SiteAuth::entra_id", &["entra_id"]) {
        auth.implies("default_provider", ENTRA_ID);
    }
}

fn say_entra(entra: &mut Saying<'_>) {
    let tenant = entra.text("issuer").and_then(|issuer| issuer.strip_prefix(TENANTS));
    let tenant = tenant.and_then(|rest| rest.trim_end_matches('/').strip_suffix("/v2.0"));
    if let (Some(tenant), Some(client)) = (tenant.map(rust::literal), entra.expression("client_id"))
    {
        let head = format!("EntraSignIn::registered({client}, {tenant})");
        entra.construct_as(head, &["client_id", "issuer"]);
    }
}

/// What is wrong with how people sign in: the problem, and where the provider says so.
pub(super) fn problems(check: &CheckContext<'_>) -> Vec<(String, &'static str)> {
    let Some(auth) = check.get("auth").and_then(Value::as_block) else { return Vec::new() };
    let mut found = Vec::new();
    for path in texts(said::<SiteAuth>(auth, "excluded_paths")) {
        if !path.starts_with('/') {
            found.push((format!("the path `{path}` does not start with `/`"), FILE));
        }
    }
    if let Some(session) = said::<SiteAuth>(auth, "session").and_then(Value::as_str)
        && !is_time_span(session)
    {
        found.push((format!("`{session}` is no span of hours, minutes and seconds"), FILE));
    }
    let Some(entra) = said::<SiteAuth>(auth, "entra_id").and_then(Value::as_block) else {
        return found;
    };
    let text = |property| said::<EntraSignIn>(entra, property).and_then(Value::as_str);
    if let Some(client) = text("client_id").filter(|id| uuid::Uuid::parse_str(id).is_err()) {
        found.push((format!("the application ID `{client}` is no GUID"), AUTH));
    }
    if text("issuer").is_some_and(|issuer| issuer == "https://login.microsoftonline.com//v2.0") {
        let problem = "no tenant is named: say the stack's, `Stack::new(..).tenant(\"..\")`, before it is asked for";
        found.push((problem.to_owned(), AUTH));
    }
    if let Some(setting) = text("secret_setting") {
        let settings = match check.get("settings") {
            Some(Value::Map(settings)) => settings.get(setting),
            _ => None,
        };
        if settings.is_none() && check.get("inline_settings").is_none() {
            found.push((format!("the application has no setting `{setting}`"), FILE));
        }
    }
    found
}

fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let items = match value {
        Some(Value::List(items)) => items.as_slice(),
        _ => &[],
    };
    items.iter().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals;
    use crate::azure::site_checks::tests::refused;

    const CLIENT: &str = "5a1e0000-0000-4000-8000-000000000011";

    #[test]
    fn what_the_service_refuses_is_reported() {
        let of = |client: &'static str, tenant: &'static str| {
            SiteAuth::entra_id(EntraSignIn::registered(client, tenant))
        };
        let with_secret =
            || SiteAuth::entra_id(EntraSignIn::registered(CLIENT, "t").secret_setting("SIGN_IN"));
        assert_eq!(refused(|app| app.auth(of(CLIENT, "t"))), [""; 0]);
        assert_eq!(refused(|app| app.auth(of("the-application", "t"))), ["auth"]);
        assert_eq!(refused(|app| app.auth(of(CLIENT, ""))), ["auth"]);
        assert_eq!(refused(|app| app.auth(of(CLIENT, "t").excluded_path("health"))), ["auth"]);
        assert_eq!(refused(|app| app.auth(of(CLIENT, "t").excluded_path("/health"))), [""; 0]);
        assert_eq!(refused(|app| app.auth(of(CLIENT, "t").session("8 hours"))), ["auth"]);
        assert_eq!(refused(|app| app.auth(of(CLIENT, "t").session("12:00:00"))), [""; 0]);
        assert_eq!(refused(|app| app.auth(with_secret())), ["auth"]);
        assert_eq!(refused(|app| app.setting("SIGN_IN", "s").auth(with_secret())), [""; 0]);
    }

    #[test]
    fn parameters_are_texts_with_an_equals_sign() {
        let said = Value::map([("domain_hint", Value::from("shop.example.com"))]);
        let wire = (PARAMETERS.encode)(&said);
        let Value::List(items) = &wire else { panic!("a list") };
        assert_eq!(items[0].as_str(), Some("domain_hint=shop.example.com"));
        let back = (PARAMETERS.decode)(&wire).unwrap();
        assert_eq!(back.at(&["domain_hint"]).and_then(Value::as_str), Some("shop.example.com"));
        assert!((PARAMETERS.decode)(&Value::List(vec![Value::from("domain_hint")])).is_none());
    }

    #[test]
    fn an_import_says_a_sign_in_by_its_registration() {
        let entra = EntraSignIn::registered(CLIENT, "t").group("g");
        let said = refusals::said(SiteAuth::entra_id(entra).excluded_path("/health"));
        let expected = format!(
            "SiteAuth::entra_id(EntraSignIn::registered({CLIENT:?}, \"t\").group(\"g\"))\
             .excluded_path(\"/health\")"
        );
        assert_eq!(said, Some(expected));
    }
}
