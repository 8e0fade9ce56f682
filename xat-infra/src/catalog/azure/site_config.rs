//! What a site's `siteConfig` holds, beside what it runs and how its health is checked. It is written inside the
//! site's body and returned whole only by a body of its own.

/// Writes a type with the properties of a site's configuration behind those that it has.
macro_rules! site_config {
    ($(#[$($about:tt)*])* pub struct $name:ident { $($own:tt)* }) => {
        $(#[$($about)*])*
        pub struct $name {
            $($own)*
            /// Settings that the site's own body carries, as other tools write them. Stacks say `setting`.
            #[prop(arm = "properties.siteConfig.appSettings", codec = NAME_VALUE, write_only, no_setter, danger = Downtime)]
            inline_settings: Option<BTreeMap<String, Text>>,
            /// The oldest TLS that the application accepts.
            #[prop(arm = "properties.siteConfig.minTlsVersion", tf = "site_config.minimum_tls_version",
                label = "oldest TLS", default = TlsVersion::V1_2, service = TlsVersion::V1_2, danger = Exposure)]
            min_tls: TlsVersion,
            /// The oldest TLS that the deployment site accepts.
            #[prop(arm = "properties.siteConfig.scmMinTlsVersion", tf = "site_config.scm_minimum_tls_version",
                label = "oldest TLS for deployments", default = TlsVersion::V1_2, service = TlsVersion::V1_2,
                danger = Exposure)]
            scm_min_tls: TlsVersion,
            /// Whether files can be uploaded by FTP.
            #[prop(arm = "properties.siteConfig.ftpsState", tf = "site_config.ftps_state", label = "FTPS",
                default = FtpsState::Disabled, service = FtpsState::FtpsOnly, exposes = FtpsState::AllAllowed)]
            ftps_state: FtpsState,
            /// Whether the application answers in HTTP/2.
            #[prop(arm = "properties.siteConfig.http20Enabled", tf = "site_config.http2_enabled", label = "HTTP/2",
                default = true, service = false)]
            http20: bool,
            /// Whether the application stays loaded when nobody calls it.
            #[prop(arm = "properties.siteConfig.alwaysOn", tf = "site_config.always_on", default = true, service = false,
                danger = Downtime)]
            always_on: bool,
            /// The command that starts the application.
            #[prop(arm = "properties.siteConfig.appCommandLine", tf = "site_config.app_command_line",
                service = Text::from(""), danger = Downtime)]
            startup_command: Option<Text>,
            /// Whether the application takes web sockets.
            #[prop(arm = "properties.siteConfig.webSocketsEnabled", tf = "site_config.websockets_enabled", service = false,
                danger = Downtime)]
            websockets: Option<bool>,
            /// How many of the plan's machines the application runs on.
            #[prop(arm = "properties.siteConfig.numberOfWorkers", tf = "site_config.worker_count", label = "machines",
                service = 1)]
            workers: Option<u16>,
            /// Whether it runs as a 32-bit process.
            #[prop(arm = "properties.siteConfig.use32BitWorkerProcess", tf = "site_config.use_32_bit_worker",
                label = "32-bit", service = true, danger = Downtime)]
            use_32_bit: Option<bool>,
            /// Whether a MySQL server runs inside the application.
            #[prop(arm = "properties.siteConfig.localMySqlEnabled", tf = "site_config.local_mysql_enabled",
                label = "local MySQL", service = false, danger = DataLoss)]
            local_mysql: Option<bool>,
            /// The version of .NET on Windows.
            #[prop(arm = "properties.siteConfig.netFrameworkVersion", label = ".NET", canon = NET_VERSION, service = Text::from("v4.6"),
                danger = Downtime)]
            net_framework: Option<Text>,
            /// The version of PowerShell on Windows.
            #[prop(arm = "properties.siteConfig.powerShellVersion", label = "PowerShell", service = Text::from(""),
                danger = Downtime)]
            power_shell: Option<Text>,
            /// How many machines stand warm beside those in use.
            #[prop(arm = "properties.siteConfig.preWarmedInstanceCount", service = 0, danger = Cost)]
            pre_warmed: Option<u16>,
            /// How many machines the application has at least, where it scales by itself.
            #[prop(arm = "properties.siteConfig.minimumElasticInstanceCount", canon = AT_LEAST_ONE, service = 1,
                danger = Cost)]
            minimum_elastic: Option<u16>,
            /// How many machines functions may scale to; 0 is any number.
            #[prop(arm = "properties.siteConfig.functionAppScaleLimit", service = 0, danger = Cost)]
            function_scale_limit: Option<u16>,
            /// Whether everything that the application calls goes through its subnet, as older clients say it. Stacks say
            /// `vnet_route_all`.
            #[prop(arm = "properties.siteConfig.vnetRouteAllEnabled", service = false, no_setter, danger = Downtime)]
            config_route_all: Option<bool>,
            /// The network that the application is integrated with, in the service's own words.
            #[prop(arm = "properties.siteConfig.vnetName", label = "network name", service = Text::from(""), no_setter)]
            vnet_name: Option<Text>,
            /// How many ports of its subnet the application listens on for others of its plan.
            #[prop(arm = "properties.siteConfig.vnetPrivatePortsCount", label = "private ports", service = 0)]
            private_ports: Option<u16>,
            /// Who may call the application. The service closes the list with a rule of its own: the default action.
            #[prop(arm = "properties.siteConfig.ipSecurityRestrictions", tf = "site_config.ip_restriction",
                codec = CLOSING_RULE, key = "name", no_setter, danger = Exposure)]
            pub(super) access_rules: Option<Set<AccessRestriction>>,
            /// What happens to callers that no rule names; with rules and nothing said, they are turned away.
            #[prop(arm = "properties.siteConfig.ipSecurityRestrictionsDefaultAction", exposes = RuleAction::Allow,
                tf = "site_config.ip_restriction_default_action", label = "access by default", danger = Exposure)]
            pub(super) access_default: Option<RuleAction>,
            /// Who may call the deployment site.
            #[prop(arm = "properties.siteConfig.scmIpSecurityRestrictions", tf = "site_config.scm_ip_restriction",
                codec = CLOSING_RULE, key = "name", no_setter, danger = Exposure)]
            pub(super) scm_access_rules: Option<Set<AccessRestriction>>,
            /// What happens to callers of the deployment site that no rule names.
            #[prop(arm = "properties.siteConfig.scmIpSecurityRestrictionsDefaultAction", exposes = RuleAction::Allow,
                tf = "site_config.scm_ip_restriction_default_action", label = "deployment access by default",
                danger = Exposure)]
            pub(super) scm_access_default: Option<RuleAction>,
            /// Whether the application's own access rules hold for the deployment site too.
            #[prop(arm = "properties.siteConfig.scmIpSecurityRestrictionsUseMain", service = false, danger = Exposure,
                tf = "site_config.scm_use_main_ip_restriction", label = "one set of access rules")]
            scm_use_main_rules: Option<bool>,
            /// From which other sites' pages browsers may call the application.
            #[prop(arm = "properties.siteConfig.cors", tf = "site_config.cors", label = "CORS")]
            cors: Option<Cors>,
            /// The weakest cipher suite that the application accepts (`TLS_AES_128_GCM_SHA256`).
            #[prop(arm = "properties.siteConfig.minTlsCipherSuite", tf = "site_config.minimum_tls_cipher_suite",
                label = "weakest cipher suite", canon = canons::CASE, danger = Exposure)]
            min_cipher_suite: Option<Text>,
            /// Whether a debugger can be attached from elsewhere.
            #[prop(arm = "properties.siteConfig.remoteDebuggingEnabled", tf = "site_config.remote_debugging_enabled",
                service = false, exposes = true)]
            remote_debugging: Option<bool>,
            /// The version of the debugger (`VS2022`).
            #[prop(arm = "properties.siteConfig.remoteDebuggingVersion", tf = "site_config.remote_debugging_version")]
            remote_debugging_version: Option<Text>,
            /// The files that answer for a folder, the first that is there.
            #[prop(arm = "properties.siteConfig.defaultDocuments", tf = "site_config.default_documents",
                each = "default_document", danger = Downtime)]
            default_documents: Option<Vec<Text>>,
            /// The folders of the site and what is served from them, on Windows.
            #[prop(arm = "properties.siteConfig.virtualApplications", key = "virtual_path", each = "virtual_application",
                danger = Downtime)]
            virtual_applications: Option<Set<VirtualApplication>>,
            /// How requests pass through the web server on Windows.
            #[prop(arm = "properties.siteConfig.managedPipelineMode", tf = "site_config.managed_pipeline_mode",
                service = PipelineMode::Integrated, danger = Downtime)]
            pipeline_mode: Option<PipelineMode>,
            /// How calls are shared out over the machines.
            #[prop(arm = "properties.siteConfig.loadBalancing", tf = "site_config.load_balancing_mode",
                service = LoadBalancing::LeastRequests)]
            load_balancing: Option<LoadBalancing>,
            /// Whether an unwell application is mended by rules.
            #[prop(arm = "properties.siteConfig.autoHealEnabled", label = "healing", service = false, no_setter)]
            pub(super) auto_heal: Option<bool>,
            /// When the application counts as unwell, and what is done then.
            #[prop(arm = "properties.siteConfig.autoHealRules", tf = "site_config.auto_heal_setting", label = "healing",
                no_setter, danger = Downtime)]
            pub(super) auto_heal_rules: Option<AutoHeal>,
            /// The version of PHP on Windows.
            #[prop(arm = "properties.siteConfig.phpVersion", label = "PHP", service = Text::from(""), danger = Downtime)]
            php: Option<Text>,
            /// The version of Python on Windows.
            #[prop(arm = "properties.siteConfig.pythonVersion", label = "Python", service = Text::from(""), danger = Downtime)]
            python: Option<Text>,
            /// The version of Node.js on Windows.
            #[prop(arm = "properties.siteConfig.nodeVersion", label = "Node.js", service = Text::from(""), danger = Downtime)]
            node: Option<Text>,
            /// The version of Java on Windows.
            #[prop(arm = "properties.siteConfig.javaVersion", label = "Java", danger = Downtime)]
            java: Option<Text>,
            /// The server that runs Java on Windows (`TOMCAT`).
            #[prop(arm = "properties.siteConfig.javaContainer", canon = canons::CASE, danger = Downtime)]
            java_container: Option<Text>,
            /// That server's version.
            #[prop(arm = "properties.siteConfig.javaContainerVersion", danger = Downtime)]
            java_container_version: Option<Text>,
            /// How many machines the application may scale to by itself; 0 is any number.
            #[prop(arm = "properties.siteConfig.elasticWebAppScaleLimit", service = 0, danger = Cost)]
            elastic_scale_limit: Option<u16>,
            /// Whether the service watches the sources of functions' events.
            #[prop(arm = "properties.siteConfig.functionsRuntimeScaleMonitoringEnabled", service = false)]
            functions_scale_monitoring: Option<bool>,
            // The service makes these two up for the application's identities.
            /// The number of its own identity, which the service makes.
            #[prop(arm = "properties.siteConfig.managedServiceIdentityId", by_record, no_setter)]
            identity_number: Option<u32>,
            /// The number of its other identities, which the service makes.
            #[prop(arm = "properties.siteConfig.xManagedServiceIdentityId", by_record, no_setter)]
            other_identity_number: Option<u32>,
            // The log switches as the configuration's own body has them. What `logs` says sets them.
            /// Whether calls are logged.
            #[prop(arm = "properties.siteConfig.httpLoggingEnabled", label = "HTTP logging", service = false, no_setter)]
            http_logging: Option<bool>,
            /// Whether the pages of errors are kept.
            #[prop(arm = "properties.siteConfig.detailedErrorLoggingEnabled", service = false, no_setter)]
            detailed_error_logging: Option<bool>,
            /// Whether failed calls are traced.
            #[prop(arm = "properties.siteConfig.requestTracingEnabled", service = false, no_setter)]
            request_tracing: Option<bool>,
            /// How much the logs may grow to, in MB.
            #[prop(arm = "properties.siteConfig.logsDirectorySizeLimit", unit = "MB", service = 35, no_setter)]
            log_directory_limit: Option<u16>,
            /// Where code comes from, in the service's own words. What deploys says it.
            #[prop(arm = "properties.siteConfig.scmType", label = "source control", canon = canons::CASE,
                service = Text::from("None"), no_setter)]
            scm_type: Option<Text>,
            /// The user for publishing by password. The service makes it.
            #[prop(arm = "properties.siteConfig.publishingUsername", canon = canons::CASE, no_setter)]
            publishing_user: Option<Text>,
            pub(super) meta: Meta,
        }
    };
}
pub(super) use site_config;
