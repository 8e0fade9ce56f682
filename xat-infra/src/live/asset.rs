//! Bodies that do not say what they are: Google's, kept as assets of its inventory.
//!
//! An asset is `{"name": "//service/..", "assetType": "service/Type", "resource": {"data": body}}`: the body as its service
//! returns it, under the resource's full name. <https://cloud.google.com/asset-inventory/docs/reference/rest/v1/Asset>.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value as Json, json};

/// What is read of an asset.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Asset<'t> {
    pub(super) name: String,
    pub(super) asset_type: String,
    #[serde(borrow)]
    pub(super) resource: AssetBody<'t>,
}

/// Where an asset has the resource's body.
#[derive(Deserialize)]
pub(super) struct AssetBody<'t> {
    #[serde(borrow)]
    pub(super) data: &'t RawValue,
}

/// Whether an ID is a resource's full name, whose body says neither ID nor type.
pub(crate) fn is_full_name(id: &str) -> bool {
    id.starts_with("//")
}

/// A body under its ID and type, as an estate has it.
pub(crate) fn wrap(id: &str, kind: &str, mut body: Json) -> Json {
    if is_full_name(id) {
        return json!({"name": id, "assetType": kind, "resource": {"data": body}});
    }
    if let Json::Object(map) = &mut body {
        let says = map.get("id").and_then(Json::as_str);
        // A body that says another ID of itself, or none, would not be found again.
        if !says.is_some_and(|says| says.eq_ignore_ascii_case(id)) {
            let rest = std::mem::take(map);
            map.insert("id".to_owned(), id.into());
            map.extend(rest.into_iter().filter(|(key, _)| key != "id"));
        }
    }
    body
}
