//! How imports say blocks of a PostgreSQL server that have constructors of their own.

use crate::schema::Saying;
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
