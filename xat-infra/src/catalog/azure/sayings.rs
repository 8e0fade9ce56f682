//! How imports say what has constructors of its own and belongs to no single type: blocks of a PostgreSQL server, lists
//! that are declared inside a resource or apart from it.

use crate::azure::common::said;
use crate::schema::{PropertyType, Saying};
use crate::value::Value;

/// An hour every week, or any time.
pub(super) fn say_window(window: &mut Saying<'_>) {
    if window.is("custom", true) {
        window.construct("MaintenanceWindow::weekly", &["day", "hour", "minute"]);
        window.settle(&["custom"]);
    } else if ["day", "hour", "minute"]
        .iter()
        .all(|property| window.get(property).and_then(Value::as_int).unwrap_or_default() == 0)
    {
        let says = ["custom", "day", "hour", "minute"];
        window.construct_as("MaintenanceWindow::any_time()".to_owned(), &says);
    }
}

/// A key of one's own, through an identity.
pub(super) fn say_encryption(encryption: &mut Saying<'_>) {
    if encryption.reads("kind", "AzureKeyVault") {
        encryption.construct("DataEncryption::with_key", &["key", "identity"]);
        encryption.settle(&["kind"]);
    }
}

/// Says a resource whose list of named blocks is declared inside it, or as resources of their own where the estate has
/// each of them as one, at `segment` below it. `inside` and `apart`: the type argument and the constructor of each.
pub(crate) fn say_inside_or_apart<B: PropertyType>(
    holder: &mut Saying<'_>,
    list: &str,
    segment: &str,
    inside: (&str, &str),
    apart: (&str, &str),
) {
    let elements = match holder.get(list) {
        Some(Value::List(elements)) => elements.as_slice(),
        _ => &[],
    };
    let is_apart = |element: &Value| {
        let name = said::<B>(element.as_block()?, "name")?.as_str()?;
        Some(holder.variables.has(&format!("{}/{segment}/{name}", holder.found.id)))
    };
    let all_apart =
        !elements.is_empty() && elements.iter().all(|element| is_apart(element) == Some(true));
    let (argument, constructor) = if all_apart { apart } else { inside };
    holder.argument(argument);
    holder.construct(constructor, &["name", "group"]);
    if all_apart {
        holder.settle(&[list]);
    } else {
        holder.implies(list, Value::List(Vec::new()));
    }
}
