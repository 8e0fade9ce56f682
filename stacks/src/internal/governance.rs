//! Governance: what must not be lost is protected twice, and costs are watched.

use xat_infra::azure::prelude::*;
use xat_infra::dsl::Resource;

use super::monitoring::Monitoring;

/// Whether an environment's data is worth keeping.
///
/// Where it is, plans that would delete it are refused ([`protect`](Self::protect)), and so is everyone else, whatever
/// their role ([`lock`](Self::lock)).
#[derive(Clone, Copy, Debug)]
pub struct Keeping {
    /// Whether it is.
    pub durable: bool,
}

impl Keeping {
    /// The resource, protected from plans that would delete or replace it.
    #[track_caller]
    pub fn protect<R: Resource>(self, resource: R) -> R {
        if self.durable {
            resource.protect()
        } else {
            resource.allow("unprotected-data", "nothing here is worth keeping: it is made anew")
        }
    }

    /// Locks a resource against everybody. `key` tells the lock apart from others in the component.
    #[track_caller]
    pub fn lock(self, stack: &mut Stack, key: &str, target: impl Into<AnyRef>, why: &'static str) {
        if self.durable {
            let lock = ManagementLock::new(name!("keep"), target, LockLevel::CanNotDelete);
            stack.add(lock.notes(why).key(key));
        }
    }
}

/// Declares a monthly budget of a group, in the subscription's currency. It tells the people on call before the
/// money is spent, and when it is.
pub fn budget(
    stack: &mut Stack,
    group: Handle<ResourceGroup>,
    monitoring: &Monitoring,
    monthly: f64,
) {
    let terms = BudgetTerms::new(monthly, "2026-12-01T00:00:00Z")
        .time_grain(TimeGrain::Monthly)
        .notify(BudgetNotification::actual(80.0).group(monitoring.on_call))
        .notify(BudgetNotification::forecast(100.0).group(monitoring.on_call))
        .notify(BudgetNotification::actual(100.0).group(monitoring.on_call));
    stack.add(Budget::new(name!("monthly"), group, terms));
}
