//! App Service plans: the machines that web applications run on.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::azure::{Region, ResourceGroup};
use crate::delivery::Machine;
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::{
    CheckContext, Codec, Kind, PropertyType, Saying, Variables, canons, codecs, rust,
};
use crate::value::{NodeRef, Text, Value};
use crate::{Resource, name};

/// An App Service plan: a number of machines of one size, which its applications share.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Web/serverfarms@2025-03-01",
    terraform = "azurerm_service_plan",
    tf_import = "{parent}/providers/Microsoft.Web/serverFarms/{name}",
    private_new,
    import = say,
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.web/serverfarms"
)]
pub struct AppServicePlan {
    /// The plan's name, unique in its group.
    #[name(
        len = 1..=60, chars = alphanumeric, and = "-_", start = Any, end = Any,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftweb"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// The region; the group's, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// What the plan is for, in the service's own words (`linux`, `app`, `elastic`).
    #[prop(arm = "kind", canon = canons::CASE)]
    kind: Option<Text>,
    /// Whether the machines run Linux. It cannot be changed.
    #[prop(arm = "properties.reserved", tf = "os_type", tf_codec = OS_TYPE, label = "Linux",
        service = false, replace)]
    reserved: Option<bool>,
    /// The machines' size and the features that come with it.
    #[prop(arm = "sku.name", tf = "sku_name", danger = Cost)]
    sku: PlanSku,
    /// The size's tier (`PremiumV3`); the service knows it from the size, unless said.
    #[prop(arm = "sku.tier", canon = canons::CASE, danger = Cost)]
    tier: Option<Text>,
    /// The size's family (`Pv3`); the service knows it from the size, unless said.
    #[prop(arm = "sku.family", canon = canons::CASE, danger = Cost)]
    family: Option<Text>,
    /// The size itself (`P1v3`), where it is told apart from the SKU; the service knows it, unless said.
    #[prop(arm = "sku.size", canon = canons::CASE, danger = Cost)]
    size: Option<Text>,
    /// How many machines there are.
    #[prop(arm = "sku.capacity", tf = "worker_count", label = "machines", danger = Cost)]
    capacity: Option<u16>,
    /// Whether each application can be spread over its own number of machines.
    #[prop(arm = "properties.perSiteScaling", tf = "per_site_scaling_enabled", service = false)]
    per_site_scaling: Option<bool>,
    /// Whether the machines are spread over availability zones; it takes two or more of them.
    #[prop(arm = "properties.zoneRedundant", tf = "zone_balancing_enabled", service = false, danger = Cost)]
    zone_redundant: Option<bool>,
    /// Whether the plan adds machines by itself when traffic rises.
    #[prop(arm = "properties.elasticScaleEnabled", tf = "premium_plan_auto_scale_enabled",
        label = "automatic scaling", service = false, danger = Cost)]
    elastic_scale: Option<bool>,
    /// How many machines the plan may grow to by itself.
    #[prop(arm = "properties.maximumElasticWorkerCount", tf = "maximum_elastic_worker_count",
        label = "most machines", danger = Cost)]
    maximum_elastic_workers: Option<u16>,
    /// How many machines a scaling under way aims at.
    #[prop(arm = "properties.targetWorkerCount", service = 0, danger = Cost)]
    target_worker_count: Option<u16>,
    /// Which size of machine a scaling under way aims at.
    #[prop(arm = "properties.targetWorkerSizeId", service = 0, danger = Cost)]
    target_worker_size: Option<u16>,
    /// Whether the machines are spare ones, which can be taken away at any time.
    #[prop(arm = "properties.isSpot", label = "spot", service = false, replace, danger = Cost)]
    spot: Option<bool>,
    /// Whether the machines run Windows containers, each in a small virtual machine.
    #[prop(arm = "properties.hyperV", label = "Hyper-V", service = false, replace)]
    hyper_v: Option<bool>,
    /// The older word for Windows containers; the service keeps it like the newer one, whatever it is told.
    #[prop(arm = "properties.isXenon", label = "Xenon", by_record, replace)]
    xenon: Option<bool>,
    /// The App Service environment that holds the machines, by its full ID. A plan cannot move to another.
    #[prop(arm = "properties.hostingEnvironmentProfile.id", tf = "app_service_environment_id",
        canon = canons::RESOURCE_ID, replace)]
    environment: Option<Text>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

impl AppServicePlan {
    /// A plan of Linux machines.
    #[track_caller]
    #[must_use]
    pub fn linux(name: Name<Self>, group: impl Into<Ref<ResourceGroup>>, sku: PlanSku) -> Self {
        // The service takes a plan for Windows, whatever its kind says, unless it is `reserved`.
        Self {
            kind: Some("linux".into()),
            reserved: Some(true),
            ..Self::declare_new(name, group, sku)
        }
    }

    /// A plan of Windows machines.
    #[track_caller]
    #[must_use]
    pub fn windows(name: Name<Self>, group: impl Into<Ref<ResourceGroup>>, sku: PlanSku) -> Self {
        Self {
            kind: Some("app".into()),
            reserved: Some(false),
            ..Self::declare_new(name, group, sku)
        }
    }
}

/// A plan is for Linux or for Windows, and the constructors say which.
fn say(plan: &mut Saying<'_>) {
    let linux = plan.is("reserved", true);
    let constructor = if linux { "AppServicePlan::linux" } else { "AppServicePlan::windows" };
    plan.construct(constructor, &["name", "group", "sku"]);
    plan.implies("kind", if linux { "linux" } else { "app" });
    plan.implies("reserved", linux);
    // The service knows the rest of the size from its name.
    plan.settle(&["tier", "family", "size"]);
}

/// Linux or Windows, as Terraform says it.
static OS_TYPE: Codec = Codec {
    name: "Linux/Windows",
    encode: |value| codecs::words(value, "Linux", "Windows"),
    decode: |value| codecs::from_words(value, "Linux", "Windows"),
};

/// The size of a plan's machines. The common ones are constants; any other is [`PlanSku::other`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanSku(Cow<'static, str>);

/// The sizes, one line of documentation each.
macro_rules! plan_skus {
    ($($(#[$doc:meta])* $name:ident $(= $cores:literal, $memory:literal)?;)*) => {
        #[allow(non_upper_case_globals, reason = "they are the service's own words, and the set is open")]
        impl PlanSku {
            $($(#[$doc])*
            pub const $name: PlanSku = PlanSku(Cow::Borrowed(stringify!($name)));)*
        }

        /// The constants' names.
        const SKUS: &[&str] = &[$(stringify!($name)),*];
        /// What machines of each size have, where they are a machine at all.
        const MACHINES: &[(&str, u16, u32)] =
            &[$($((stringify!($name), $cores, $memory),)?)*];
    };
}

plan_skus! {
    /// Free: a share of a machine, for trials.
    F1;
    /// Basic: 1 core, 1.75 GB. No slots, no automatic scaling.
    B1 = 1, 1792;
    /// Basic: 2 cores, 3.5 GB.
    B2 = 2, 3584;
    /// Basic: 4 cores, 7 GB.
    B3 = 4, 7168;
    /// Standard: 1 core, 1.75 GB. Slots and scaling by rules.
    S1 = 1, 1792;
    /// Standard: 2 cores, 3.5 GB.
    S2 = 2, 3584;
    /// Standard: 4 cores, 7 GB.
    S3 = 4, 7168;
    /// Premium v2: 1 core, 3.5 GB.
    P1v2 = 1, 3584;
    /// Premium v2: 2 cores, 7 GB.
    P2v2 = 2, 7168;
    /// Premium v2: 4 cores, 14 GB.
    P3v2 = 4, 14336;
    /// Premium v3: 1 core, 4 GB.
    P0v3 = 1, 4096;
    /// Premium v3: 2 cores, 8 GB.
    P1v3 = 2, 8192;
    /// Premium v3: 4 cores, 16 GB.
    P2v3 = 4, 16384;
    /// Premium v3: 8 cores, 32 GB.
    P3v3 = 8, 32768;
    /// Premium v3 with more memory: 2 cores, 16 GB.
    P1mv3 = 2, 16384;
    /// Premium v3 with more memory: 4 cores, 32 GB.
    P2mv3 = 4, 32768;
    /// Premium v4: 1 core, 4 GB.
    P0v4 = 1, 4096;
    /// Premium v4: 2 cores, 8 GB.
    P1v4 = 2, 8192;
    /// Premium v4: 4 cores, 16 GB.
    P2v4 = 4, 16384;
    /// Premium v4: 8 cores, 32 GB.
    P3v4 = 8, 32768;
}

impl PlanSku {
    /// A size by the service's own word for it (`EP1`, `I1v2`).
    pub fn other(name: impl Into<String>) -> Self {
        Self(Cow::Owned(name.into()))
    }

    /// The service's word for it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a machine of this size has; none for a share of one, and for sizes that are not constants.
    pub fn machine(&self) -> Option<Machine> {
        let known = MACHINES.iter().find(|(name, ..)| name.eq_ignore_ascii_case(&self.0));
        known.map(|&(_, cores, memory)| Machine { cores, memory })
    }
}

#[diagnostic::do_not_recommend]
impl PropertyType for PlanSku {
    // `P1V3` comes back as `P1v3`.
    const KIND: &'static Kind = &Kind::Text(&canons::CASE);
    fn into_value(self) -> Value {
        Value::literal(self.0)
    }
    fn rust(value: &Value, _: &dyn Variables) -> Option<String> {
        let name = value.as_str()?;
        Some(match SKUS.iter().find(|sku| sku.eq_ignore_ascii_case(name)) {
            Some(sku) => format!("PlanSku::{sku}"),
            None => format!("PlanSku::other({})", rust::literal(name)),
        })
    }
}

const ZONES: &str = "https://learn.microsoft.com/azure/reliability/reliability-app-service";
const SCALING: &str = "https://learn.microsoft.com/azure/app-service/manage-automatic-scaling";
const LIMITS: &str = "https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-app-service-limits";

/// What the service refuses in a plan.
fn limits(check: &mut CheckContext<'_>) {
    let Some(sku) = check.get("sku").and_then(Value::as_str).map(str::to_ascii_uppercase) else {
        return;
    };
    let yes = |property| matches!(check.get(property), Some(Value::Bool(true)));
    let capacity = check.get("capacity").and_then(Value::as_int);
    let premium = sku.starts_with('P') && sku.contains('V');
    let mut found: Vec<(&'static str, String, &str)> = Vec::new();
    if yes("zone_redundant") {
        // Premium of the second version on, isolated machines of the second, and what scales by itself.
        let fits = premium
            || (sku.starts_with('I') && sku.contains('V'))
            || sku.starts_with("EP")
            || sku.starts_with("WS");
        if !fits {
            let what = format!("machines of the size {sku} are not spread over zones");
            found.push(("zone_redundant", what, ZONES));
        } else if capacity.unwrap_or(1) < 2 {
            let what = "two machines are the fewest that zones share: say `.capacity(2)` or more";
            found.push(("zone_redundant", what.to_owned(), ZONES));
        }
    }
    if yes("elastic_scale") {
        if !premium {
            let what = format!("machines of the size {sku} do not scale by themselves");
            found.push(("elastic_scale", what, SCALING));
        } else if yes("per_site_scaling") {
            let what = "automatic scaling and scaling by application exclude each other";
            found.push(("per_site_scaling", what.to_owned(), SCALING));
        }
    }
    if let (Some(most), Some(now)) =
        (check.get("maximum_elastic_workers").and_then(Value::as_int), capacity)
        && most < now
    {
        let what = format!("{most} machines at most are fewer than the {now} that there are");
        found.push(("maximum_elastic_workers", what, SCALING));
    }
    let most = match sku.as_bytes() {
        [b'F' | b'D', b'0'..=b'9', ..] => Some(1),
        [b'B', b'0'..=b'9', ..] => Some(3),
        [b'S', b'0'..=b'9', ..] => Some(10),
        _ => premium.then_some(30),
    };
    if let (Some(most), Some(now)) = (most, capacity.filter(|now| *now > most.unwrap_or(*now))) {
        let what = format!("{now} machines of the size {sku} are more than {most}");
        found.push(("capacity", what, LIMITS));
    }
    for (property, problem, source) in found {
        check.report(property, problem, format!("the provider's reference: {source}"));
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let plan = AppServicePlan::linux(name!("shop-plan"), group, PlanSku::P1v3)
        .tier("PremiumV3")
        .capacity(2)
        .per_site_scaling(false)
        .zone_redundant(true)
        .elastic_scale(true)
        .maximum_elastic_workers(5)
        .tag("owner", "platform");
    stack.add(plan).node()
}

#[cfg(test)]
mod tests {
    use crate::azure::prelude::*;
    use crate::azure::refusals;

    fn refused(
        sku: PlanSku,
        change: impl FnOnce(AppServicePlan) -> AppServicePlan,
    ) -> Vec<&'static str> {
        let group = Stack::new("test").add(ResourceGroup::new(name!("g"), Region::WestEurope));
        refusals::refused(change(AppServicePlan::linux(name!("p"), group, sku)))
    }

    #[test]
    fn what_the_service_refuses_is_reported() {
        let none = Vec::<&str>::new();
        assert_eq!(refused(PlanSku::P1v3, |plan| plan.capacity(2).zone_redundant(true)), none);
        assert_eq!(refused(PlanSku::P1v3, |plan| plan.zone_redundant(true)), ["zone_redundant"]);
        assert_eq!(
            refused(PlanSku::S1, |plan| plan.capacity(3).zone_redundant(true)),
            ["zone_redundant"]
        );
        assert_eq!(refused(PlanSku::P0v4, |plan| plan.elastic_scale(true)), none);
        assert_eq!(refused(PlanSku::B1, |plan| plan.elastic_scale(true)), ["elastic_scale"]);
        let both = |plan: AppServicePlan| plan.elastic_scale(true).per_site_scaling(true);
        assert_eq!(refused(PlanSku::P1v3, both), ["per_site_scaling"]);
        let few = |plan: AppServicePlan| plan.capacity(3).maximum_elastic_workers(2);
        assert_eq!(refused(PlanSku::P1v3, few), ["maximum_elastic_workers"]);
        for (sku, most) in
            [(PlanSku::F1, 1), (PlanSku::B2, 3), (PlanSku::S3, 10), (PlanSku::P2v3, 30)]
        {
            assert_eq!(refused(sku.clone(), |plan| plan.capacity(most)), none, "{}", sku.as_str());
            assert_eq!(
                refused(sku.clone(), |plan| plan.capacity(most + 1)),
                ["capacity"],
                "{}",
                sku.as_str()
            );
        }
    }
}
