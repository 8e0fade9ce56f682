//! The application itself: what it needs, each fact once. The resources' settings and the files around it follow.

use xat_infra::azure::prelude::*;

/// Django's signing key.
pub const SIGNING_KEY: AppSecret = AppSecret::signing_key("django-secret-key");
/// How to reach the database through its pooler, password included.
pub const DATABASE_URL: AppSecret = AppSecret::database_url("database-url");
/// The token for error reports.
pub const ROLLBAR_TOKEN: AppSecret = AppSecret::rollbar("rollbar-token");
/// Where telemetry goes.
pub const INSIGHTS: AppSecret = AppSecret::application_insights("insights-connection");

/// Its database, as it is said wherever it runs.
pub fn postgres() -> Database {
    let postgres = Postgres::V17
        .at(sha256!("742f40ea20b9ff2ff31db5458d127452988a2164df9e17441e191f3b72252193"));
    Database::postgres(postgres, "xatdashboard", "xatadmin")
}

/// Its database on Azure, behind the server's pooler.
pub fn database() -> Database {
    postgres().pooled_by_transaction()
}

/// The dumps of it on Azure: one each night, kept for four weeks.
pub fn backups() -> Backups {
    Backups::scheduled("30 1 * * *", Backups::database_url("backup-database-url"))
        .kept_days(28)
        .place("database-backups")
        .image_tag("17-1")
}

/// What the XAT backend needs wherever it runs: one port, one pair of probes, the three secrets, with so many workers.
pub fn backend(workers: Workers) -> Workload {
    let python = Python::V3_13
        .at(sha256!("67a1e1f215ccda113cfc024e8639049257e88f273898f595b61476d128d387e8"));
    Workload::django("xat-backend", "core", python)
        .port(8000)
        .probes("/health/", "/health/live/")
        .workers(workers)
        .request_timeout(120)
        .static_files()
        .secret(SIGNING_KEY)
        .secret(DATABASE_URL)
        .secret(ROLLBAR_TOKEN)
        .database(postgres())
}

/// What it needs on Azure, on so many machines of this size.
pub fn workload(machine: &PlanSku, machines: (u16, u16)) -> Workload {
    let machine = machine.machine();
    let workload = backend(machine.map_or(Workers::exactly(1), Workers::on));
    let workload = match machine {
        Some(machine) => workload.machine(machine),
        None => workload,
    };
    workload
        .instances(machines.0, machines.1)
        .shutdown_timeout(60)
        .secret(INSIGHTS)
        .database(database())
        .backups(backups())
}
