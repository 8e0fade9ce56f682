//! What is said of a web application or slot beside its plain properties: settings, identities, network, health.

use crate::azure::RuleAction;
use crate::azure::common::say_identities;
use crate::azure::web_app_image::say_image;
use crate::schema::Saying;
use crate::value::Value;

/// Writes the setters that applications and slots share.
macro_rules! site_settings {
    ($name:ident) => {
        crate::azure::common::identity_setters!(impl $name);

        impl $name {
            /// A setting whose value the service looks up in a vault: the application sees the value, nobody else does.
            /// The identity that looks it up needs a role over the vault.
            #[track_caller]
            #[must_use]
            pub fn secret_setting(
                self,
                key: impl Into<String>,
                secret: Handle<VaultSecret>,
            ) -> Self {
                self.setting(key, secret.reference())
            }

            /// The port on which the container listens.
            #[track_caller]
            #[must_use]
            pub fn port(self, port: u16) -> Self {
                self.setting("WEBSITES_PORT", port)
            }

            /// Pulls the image as this identity, which needs a role over the registry.
            #[track_caller]
            #[must_use]
            pub fn pull_as(mut self, identity: Handle<UserAssignedIdentity>) -> Self {
                self.meta.set_here(Self::PULL_WITH_IDENTITY.index());
                self.meta.set_here(Self::PULL_IDENTITY.index());
                self.pull_with_identity = Some(true);
                self.pull_identity = Some(identity.client_id().into());
                self.identity(identity)
            }

            /// Looks secrets up as this identity, which needs a role over the vault.
            #[track_caller]
            #[must_use]
            pub fn references_as(mut self, identity: Handle<UserAssignedIdentity>) -> Self {
                self.meta.set_here(Self::REFERENCE_IDENTITY.index());
                self.reference_identity = Some(identity.id().into());
                self.identity(identity)
            }

            /// Calls others from this subnet, and through it only.
            #[track_caller]
            #[must_use]
            pub fn integrate(mut self, subnet: Handle<Subnet<WebServerFarms>>) -> Self {
                self.meta.set_here(Self::SUBNET.index());
                self.subnet = Some(subnet.into());
                self.vnet_route_all(true)
            }

            /// The path that the service calls to see whether a machine is well. A machine that is not gets no more
            /// calls after ten minutes, unless [`Self::health_check_eviction`] says otherwise.
            #[track_caller]
            #[must_use]
            pub fn health_check_path(mut self, path: impl Into<Text>) -> Self {
                self.meta.set_here(Self::HEALTH_CHECK_PATH.index());
                self.health_check_path = Some(path.into());
                // Terraform takes the two only together; ten minutes is what the service does unasked.
                self.health_check_eviction.get_or_insert(10);
                self
            }

            /// A connection string whose value the service looks up in a vault: the application sees the value, nobody else
            /// does. The identity that looks it up needs a role over the vault.
            #[track_caller]
            #[must_use]
            pub fn connection_string(
                mut self,
                name: impl Into<String>,
                kind: ConnectionKind,
                secret: Handle<VaultSecret>,
            ) -> Self {
                self.meta.set_here(Self::CONNECTION_STRINGS.index());
                let strings = self.connection_strings.get_or_insert_default();
                strings.insert(name.into(), ConnectionString::secret(kind, secret));
                self
            }

            /// Adds a rule about who may call it. Whom no rule names is turned away, unless `access_default` says otherwise.
            #[track_caller]
            #[must_use]
            pub fn access_rule(mut self, rule: AccessRestriction) -> Self {
                self.meta.set_here(Self::ACCESS_RULES.index());
                self.access_rules.get_or_insert_default().extend([rule]);
                // Terraform lets everybody in where nothing is said, whatever rules there are.
                self.access_default.get_or_insert(RuleAction::Deny);
                self
            }

            /// Adds a rule about who may call its deployment site. Whom no rule names is turned away, unless
            /// `scm_access_default` says otherwise.
            #[track_caller]
            #[must_use]
            pub fn scm_access_rule(mut self, rule: AccessRestriction) -> Self {
                self.meta.set_here(Self::SCM_ACCESS_RULES.index());
                self.scm_access_rules.get_or_insert_default().extend([rule]);
                self.scm_access_default.get_or_insert(RuleAction::Deny);
                self
            }

            /// Mends it by rules when it is unwell.
            #[track_caller]
            #[must_use]
            pub fn healed_by(mut self, rules: AutoHeal) -> Self {
                self.meta.set_here(Self::AUTO_HEAL_RULES.index());
                self.auto_heal = Some(true);
                self.auto_heal_rules = Some(rules);
                self
            }
        }
    };
}
pub(super) use site_settings;

/// How an import says an application or slot: as whom it runs, from which subnet, and who may call it.
pub(super) fn say_site(app: &mut Saying<'_>) {
    // The service makes the one and takes the others from the plan.
    app.settle(&["domain_verification", "reserved", "hyper_v", "xenon"]);
    say_identities(app, true);
    if let Some(identity) = app.variable("reference_identity", "id") {
        app.call(format!(".references_as({})", identity.name), &["reference_identity"]);
    }
    if let Some(identity) = app.variable("pull_identity", "client_id")
        && app.is("pull_with_identity", true)
    {
        let says = ["pull_with_identity", "pull_identity"];
        app.call(format!(".pull_as({})", identity.name), &says);
    }
    if let Some(subnet) = app.variable("subnet", "id")
        && subnet.argument == "WebServerFarms"
        && app.is("vnet_route_all", true)
    {
        app.call(format!(".integrate({})", subnet.name), &["subnet", "vnet_route_all"]);
    }
    if let Some(path) = app.expression("health_check_path") {
        app.call(format!(".health_check_path({path})"), &["health_check_path"]);
    }
    // The names under the service's own domain are there whether anyone says them or not.
    if let Some(Value::List(names)) = app.get("host_names") {
        let own = |name: &Value| {
            let fields = name.as_block()?.iter().next()?.value.as_str()?;
            Some(fields.ends_with(".azurewebsites.net"))
        };
        if names.iter().all(|name| own(name) == Some(true)) {
            app.settle(&["host_names"]);
        }
    }
    for (rules, call, default) in [
        ("access_rules", "access_rule", "access_default"),
        ("scm_access_rules", "scm_access_rule", "scm_access_default"),
    ] {
        // Alone, the service's own rule says no more than that nothing was said.
        let own = |rules: &[Value]| {
            let name =
                |rule: &Value| rule.as_block()?.iter().next()?.value.as_str().map(str::to_owned);
            matches!(rules, [rule] if name(rule).as_deref() == Some("Allow all"))
        };
        match (app.get(rules), app.each(rules)) {
            (Some(Value::List(items)), _) if own(items) => app.settle(&[rules]),
            (_, Some(said)) if !said.is_empty() => {
                let calls: String = said.iter().map(|rule| format!(".{call}({rule})")).collect();
                app.call(calls, &[rules]);
                app.implies(default, RuleAction::Deny.word());
            }
            _ => {}
        }
    }
    if let (true, Some(rules)) = (app.is("auto_heal", true), app.expression("auto_heal_rules")) {
        app.call(format!(".healed_by({rules})"), &["auto_heal", "auto_heal_rules"]);
    }
    // What the service keeps beside what is said: how the switches of the logs and the network stand.
    app.settle(&[
        "http_logging",
        "detailed_error_logging",
        "request_tracing",
        "log_directory_limit",
        "scm_type",
        "publishing_user",
        "vnet_name",
        "config_route_all",
        "inline_settings",
        "identity_number",
        "other_identity_number",
    ]);
}

/// The call of a constructor by what the site runs, with `arguments` between its name and that.
pub(super) fn say_constructor(app: &mut Saying<'_>, ty: &str, arguments: &[&str], says: &[&str]) {
    let (Some(image), false) = (app.text("image"), arguments.is_empty()) else { return };
    let (constructor, kind, runs) = match say_image(image, app.variables) {
        Some(image) => ("container", "app,linux,container", image),
        None if image.is_empty() || image.starts_with("DOCKER|") => return,
        None => ("code", "app,linux", format!("Runtime::other({image:?})")),
    };
    app.construct_as(format!("{ty}::{constructor}({}, {runs})", arguments.join(", ")), says);
    app.settle(&["image"]);
    app.implies("kind", kind);
}
