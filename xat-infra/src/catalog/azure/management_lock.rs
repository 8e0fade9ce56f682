//! Locks: nobody deletes or changes what they hold, whatever their role.

use crate::azure::{Region, ResourceGroup};
use crate::dsl::{AnyRef, Meta, Name, Stack};
use crate::schema::{CheckContext, Fact};
use crate::value::{NodeRef, Text, Value};
use crate::{Choice, Resource, name};

/// A lock on a resource, a group or the subscription, and on all that is below.
///
/// A plan that deletes what a lock holds fails when it is applied: take the lock away in a plan of its own first.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Authorization/locks@2020-05-01",
    terraform = "azurerm_management_lock",
    label = "lock",
    scope = Extension,
    check = limits,
    fact = Fact::ListsBelow,
    fact = Fact::Guards,
    source = "https://learn.microsoft.com/azure/templates/microsoft.authorization/locks"
)]
pub struct ManagementLock {
    /// The lock's name, unique for what it holds.
    #[name(
        len = 1..=90, chars = alphanumeric, and = "-_.()", start = Any, end = NotDot,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftauthorization"
    )]
    name: Name<Self>,
    /// What the lock holds.
    #[prop(tf = "scope", parent)]
    target: AnyRef,
    /// What nobody can do.
    #[prop(arm = "properties.level", tf = "lock_level", replace, danger = Exposure)]
    level: LockLevel,
    /// Why the lock is there: 512 characters at most.
    #[prop(arm = "properties.notes", tf = "notes", replace)]
    notes: Option<Text>,
    meta: Meta,
}

/// What nobody can do to what a lock holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum LockLevel {
    /// Delete it.
    CanNotDelete,
    /// Delete or change it. Some reading needs more than that, listing keys above all, and fails too.
    ReadOnly,
}

fn limits(check: &mut CheckContext<'_>) {
    let notes = check.get("notes").and_then(Value::as_str);
    if notes.is_some_and(|notes| notes.chars().count() > 512) {
        check.report(
            "notes",
            "notes have 512 characters at most",
            "the provider's reference: \
             https://learn.microsoft.com/azure/templates/microsoft.authorization/locks",
        );
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let lock = ManagementLock::new(name!("keep"), group, LockLevel::CanNotDelete)
        .notes("Holds the shop's orders: ask the platform team.");
    stack.add(lock).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refusals;

    #[test]
    fn notes_are_short() {
        let lock = |notes: String| {
            ManagementLock::new(
                name!("keep"),
                AnyRef::existing("/subscriptions/5a1e"),
                LockLevel::ReadOnly,
            )
            .notes(notes)
        };
        assert_eq!(refusals(lock("x".repeat(512))), [""; 0]);
        assert_eq!(refusals(lock("x".repeat(513))), ["notes: notes have 512 characters at most"]);
    }
}
