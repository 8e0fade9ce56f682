//! The XAT backend on Azure, reachable from inside only: one function, an environment as its parameter.

pub mod app;
pub mod data;
pub mod network;

use xat_infra::azure::prelude::*;

/// What differs between environments. Everything else is the same by construction.
pub struct Environment {
    /// Its name: the stack's tag, and what the application reads as `ENVIRONMENT`.
    pub name: &'static str,
    /// The stack's name.
    pub stack: &'static str,
    /// The subscription that it lives in.
    pub subscription: &'static str,
    /// What is put behind names that must be unique: empty for production.
    pub suffix: &'static str,
    /// The network's addresses.
    pub network: Cidr,
    /// The machines of the application.
    pub plan: PlanSku,
    /// How many of them.
    pub machines: u16,
    /// The database's machine.
    pub database: PgSku,
    /// For how long its backups are kept.
    pub backup: Retention,
    /// Whether its backups are copied to another region, and data is protected from deletion.
    pub durable: bool,
    /// The image to run.
    pub image: Tag,
}

/// The tenant of both subscriptions.
const TENANT: &str = "2b6f0c1e-7d4a-4e55-9a53-0d1c6f7e8a90";
/// The one port: gunicorn binds it, App Service forwards to it.
const PORT: u16 = 8000;
/// How many gunicorn workers serve requests.
const WORKERS: u16 = 4;

impl Environment {
    /// What people work with.
    pub fn production() -> Self {
        Self {
            name: "production",
            stack: "xat-internal",
            subscription: "8f3e2a10-4b5c-4d6e-8f70-91a2b3c4d5e6",
            suffix: "",
            network: cidr!("10.20.0.0/16"),
            plan: PlanSku::P1v3,
            machines: 2,
            database: PgSku::general_purpose(2),
            backup: Retention::weeks(4),
            durable: true,
            image: tag!("2026.11.2"),
        }
    }

    /// Where a release is tried first.
    pub fn staging() -> Self {
        Self {
            name: "staging",
            stack: "xat-internal-staging",
            subscription: "c0a7d9e4-1f2b-4c3d-9e8f-7a6b5c4d3e2f",
            suffix: "-stg",
            network: cidr!("10.21.0.0/16"),
            plan: PlanSku::B1,
            machines: 1,
            database: PgSku::burstable(BurstableSize::B1ms),
            backup: Retention::weeks(1),
            durable: false,
            image: tag!("2026.11.3"),
        }
    }

    /// A name that is unique beyond the resource group, where hyphens are allowed.
    fn named<R>(&self, base: &str) -> Name<R> {
        Name::new(format!("{base}{}", self.suffix))
    }

    /// The same where they are not.
    fn joined<R>(&self, base: &str) -> Name<R> {
        Name::new(format!("{base}{}", self.suffix.replace('-', "")))
    }
}

/// The whole estate of one environment.
pub fn stack(environment: &Environment) -> Stack {
    let mut stack = Stack::new(environment.stack)
        .environment(environment.name)
        .subscription(environment.subscription)
        .tenant(TENANT)
        .tag("environment", environment.name)
        .tag("service", "xat-backend");

    let group = stack
        .add(ResourceGroup::new(environment.named("xat-backend-internal-rg"), Region::WestEurope));
    let network =
        stack.component("network", |stack| network::Network::new(stack, environment, group));
    let data =
        stack.component("data", |stack| data::Data::new(stack, environment, group, &network));
    stack.component("app", |stack| app::App::new(stack, environment, group, &network, &data));
    stack
}
