//! The XAT backend on Azure, reachable from inside only: one function, an environment as its parameter.
//!
//! Each component is a function or struct of its own with typed inputs and outputs, and knows nothing of XAT's environments:
//! another team can take it. Here they are put together, and here every fact of the estate is said, once.

pub mod access;
pub mod alerts;
pub mod app;
pub mod backup;
pub mod data;
pub mod dumps;
pub mod governance;
pub mod monitoring;
pub mod names;
pub mod naming;
pub mod network;
pub mod vpn;
pub mod workload;

use xat_infra::azure::prelude::*;

use access::{AccessInputs, access};
use alerts::{AlertInputs, alerts};
use app::{App, AppInputs};
use backup::{Backup, BackupInputs};
use data::{Data, DataInputs, Operators};
use dumps::{DumpInputs, dumps};
use governance::Keeping;
use monitoring::{Monitoring, MonitoringInputs};
use names::Names;
use naming::Naming;
use network::{Network, NetworkInputs};
use vpn::Vpn;

/// What differs between environments. Everything else is the same by construction.
pub struct Environment {
    /// Its name: the stack's tag, and what the application reads as `ENVIRONMENT`.
    pub name: &'static str,
    /// The stack's name.
    pub stack: &'static str,
    /// The subscription that it lives in.
    pub subscription: &'static str,
    /// What is put behind names: empty for production.
    pub suffix: &'static str,
    /// The network's addresses.
    pub network: Cidr,
    /// The addresses of people who dial in.
    pub clients: Cidr,
    /// The machines of the application.
    pub plan: PlanSku,
    /// How few of them there are, and how many at most.
    pub machines: (u16, u16),
    /// For how long the database's own backups are kept.
    pub backup: Retention,
    /// For how long logs are kept.
    pub logs: Retention,
    /// Whether its data is kept: spread over zones, copied to another region, protected and locked against deletion.
    pub durable: bool,
    /// What it may cost in a month, in the subscription's currency.
    pub budget: f64,
    /// Where alerts are mailed to.
    pub on_call: &'static str,
    /// The image that it starts with.
    pub image: Tag,
    /// The storage account that keeps Terraform's state, for whoever applies by it. It is older than the stack, and no part of it.
    pub terraform_state: &'static str,
    /// What the application needs: its port, its workers on those machines, its secrets.
    pub workload: Workload,
}

/// The tenant of both subscriptions.
const TENANT: &str = "2b6f0c1e-7d4a-4e55-9a53-0d1c6f7e8a90";
/// Where everything is, for Azure and for its service health page.
const REGION: (Region, &str) = (Region::WestEurope, "West Europe");
/// The repository that releases come from.
const REPOSITORY: &str = "xat/xat-backend";
/// The label of the runners that stand in the network.
const RUNNER: &str = "xat-internal";
/// The people who operate the estate.
const OPERATORS: Operators =
    Operators { id: "7c9e6679-7425-40de-944b-e07fc1f90ae7", name: "xat-operators" };
impl Environment {
    /// What people work with.
    pub fn production() -> Self {
        let (plan, machines) = (PlanSku::P1v3, (2, 6));
        Self {
            name: "production",
            stack: "xat-internal",
            subscription: "8f3e2a10-4b5c-4d6e-8f70-91a2b3c4d5e6",
            suffix: "",
            network: cidr!("10.20.0.0/16"),
            clients: cidr!("172.16.20.0/24"),
            workload: workload::workload(&plan, machines),
            plan,
            machines,
            terraform_state: "xattfstate",
            backup: Retention::weeks(4),
            logs: Retention::days(90),
            durable: true,
            budget: 1500.0,
            on_call: "xat-on-call@example.com",
            image: tag!("2026.11.2"),
        }
    }

    /// Where a release is tried first.
    pub fn staging() -> Self {
        let (plan, machines) = (PlanSku::P1v3, (1, 2));
        Self {
            name: "staging",
            stack: "xat-internal-staging",
            subscription: "c0a7d9e4-1f2b-4c3d-9e8f-7a6b5c4d3e2f",
            suffix: "-stg",
            network: cidr!("10.21.0.0/16"),
            clients: cidr!("172.16.21.0/24"),
            workload: workload::workload(&plan, machines),
            plan,
            machines,
            terraform_state: "xattfstatestg",
            backup: Retention::weeks(1),
            logs: Retention::days(30),
            durable: false,
            budget: 700.0,
            on_call: "xat-team@example.com",
            image: tag!("2026.11.3"),
        }
    }

    /// How many connections to the database the application has open at most: one for each worker, on every machine, in the
    /// application and in its slot.
    fn connections(&self) -> u16 {
        self.workload.worker_number() * self.machines.1 * 2
    }
}

/// The whole estate of one environment.
pub fn stack(environment: &Environment) -> Stack {
    let mut stack = Stack::new(environment.stack)
        .environment(environment.name)
        .subscription(environment.subscription)
        .tenant(TENANT)
        .terraform_backend(
            "azurerm",
            [
                ("storage_account_name", environment.terraform_state),
                ("container_name", "tfstate"),
                ("key", environment.stack),
                ("use_azuread_auth", "true"),
            ],
        )
        .tag("environment", environment.name)
        .tag("owner", "xat")
        .tag("service", "xat-backend");
    let naming = Naming { prefix: "xat", suffix: environment.suffix };
    let keeping = Keeping { durable: environment.durable };
    let (workload, database) = (&environment.workload, workload::database());
    let connections = environment.connections();

    let (region, region_name) = REGION;
    let group = ResourceGroup::new(naming.named("backend-internal-rg"), region);
    let group = stack.add(keeping.protect(group));

    let monitoring = stack.component("monitoring", |stack| {
        let (retention, on_call) = (environment.logs, environment.on_call);
        Monitoring::new(stack, &MonitoringInputs { naming, group, keeping, retention, on_call })
    });
    let clients = environment.clients;
    let (network, names) = stack.component("network", |stack| {
        let inputs = NetworkInputs { naming, group, range: environment.network, clients };
        let network = Network::new(stack, &inputs);
        network.recorded(stack, &monitoring);
        let names = Names::new(stack, naming, group, &network);
        (network, names)
    });
    stack.component("vpn", |stack| {
        let vpn = Vpn::new(stack, naming, group, &network, clients);
        vpn.recorded(stack, &monitoring);
    });
    let data = stack.component("data", |stack| {
        let inputs = DataInputs {
            naming,
            group,
            network: &network,
            names: &names,
            monitoring: &monitoring,
            machine: PgSku::general_purpose(2),
            backup: environment.backup,
            keeping,
            connections,
            operators: OPERATORS,
            database: &database,
        };
        Data::new(stack, &inputs)
    });
    if environment.durable {
        stack.component("backup", |stack| {
            let (server, monitoring) = (data.server, &monitoring);
            Backup::new(stack, &BackupInputs { naming, group, server, keeping, monitoring })
        });
    }
    let backups = workload::backups();
    let dumps = stack.component("dumps", |stack| {
        let inputs = DumpInputs {
            naming,
            group,
            network: &network,
            names: &names,
            data: &data,
            keeping,
            monitoring: &monitoring,
            workload,
            database: &database,
            backups: &backups,
            operators: OPERATORS,
        };
        dumps(stack, &inputs)
    });
    let app = stack.component("app", |stack| {
        let inputs = AppInputs {
            naming,
            group,
            network: &network,
            names: &names,
            data: &data,
            monitoring: &monitoring,
            environment: environment.name,
            image: environment.image.clone(),
            machine: environment.plan.clone(),
            machines: environment.machines,
            zones: environment.durable,
            workload,
        };
        App::new(stack, &inputs)
    });
    let delivers = stack.component("access", |stack| {
        let inputs = AccessInputs {
            naming,
            group,
            registry: data.registry,
            web: app.web,
            database_url: data.secrets.get(&workload::DATABASE_URL).copied(),
            repository: REPOSITORY,
            environment: environment.name,
            operators: OPERATORS,
        };
        access(stack, &inputs)
    });
    stack.component("alerts", |stack| {
        let inputs = AlertInputs {
            naming,
            group,
            monitoring: &monitoring,
            web: app.web,
            plan: app.plan,
            server: data.server,
            connections,
            region: region_name,
            backups: environment.durable,
        };
        alerts(stack, &inputs);
        governance::budget(stack, group, &monitoring, environment.budget);
    });
    let target = AppServiceTarget {
        app: app.web,
        next: app.next,
        server: data.server,
        database: data.database,
        registry: data.registry,
        vault: data.vault,
        delivers,
        runner: RUNNER,
    };
    stack.deliver(Delivery::new(workload, target).backups(dumps));
    stack
}
