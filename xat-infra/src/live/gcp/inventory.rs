//! All of a project, as the inventory of its assets lists it.
//!
//! The inventory knows names; each resource is then read whole where it is. It does not know everything: types that say `unlisted`
//! (databases and users of an instance, connections of networks) are not in it, and are listed in what holds them.
//! <https://cloud.google.com/asset-inventory/docs/asset-types>

use serde_json::{Value as Json, json};

use crate::gcp::{PROVIDER, TYPES};
use crate::schema::ResourceType;
use crate::value::from_json;

/// What stands in front of a project's ID in its full name.
pub(super) const PROJECT: &str = "//cloudresourcemanager.googleapis.com/projects/";

/// The modelled resources that an asset is, or whose policy it shows: ID and type of each.
pub(super) fn listed(asset: &Json, project: &str) -> Vec<Json> {
    let entry = |id: &str, wire: &str| json!({"id": id, "type": wire});
    let text = |value: &Json| value.as_str().map(str::to_owned);
    let Some(name) = text(&asset["name"]).map(|name| by_id(&name, project)) else {
        return Vec::new();
    };
    if asset.get("iamPolicy").is_some() {
        return members(&name, &asset["iamPolicy"])
            .into_iter()
            .map(|(id, wire)| entry(&id, wire))
            .collect();
    }
    let wire = text(&asset["assetType"]).unwrap_or_default();
    // The inventory numbers some that their service names.
    let host = name.trim_start_matches('/').split('/').next().unwrap_or_default();
    let said =
        text(&asset["resource"]["data"]["name"]).filter(|name| name.starts_with("projects/"));
    let said = said.map(|said| by_id(&format!("//{host}/{said}"), project));
    let named = [Some(name.clone()), said].into_iter().flatten().find_map(|id| {
        let ty = modelled(&id).filter(|ty| ty.wire.eq_ignore_ascii_case(&wire))?;
        Some((id, ty))
    });
    let Some((id, ty)) = named else { return Vec::new() };
    let id = match (ty.fixed_name, id.rsplit_once('/')) {
        (Some(fixed), Some((above, _))) if ty.is_named_in_id() => format!("{above}/{fixed}"),
        _ => id,
    };
    vec![entry(&id, ty.wire)]
}

/// The members of a resource's policy, as far as a type models them.
fn members(name: &str, policy: &Json) -> Vec<(String, &'static str)> {
    let policy = from_json(policy);
    let types = TYPES.iter().map(|registered| (registered.ty)());
    let mut out = Vec::new();
    for (ty, element) in types.filter_map(|ty| Some((ty, ty.element_of?))) {
        for (member, _) in (element.split)(&policy) {
            let id = format!("{name}/{}/{member}", element.suffix);
            if modelled(&id).is_some_and(|of| std::ptr::eq(of, ty)) {
                out.push((id, ty.wire));
            }
        }
    }
    out
}

fn modelled(id: &str) -> Option<&'static ResourceType> {
    of_wire(&(PROVIDER.type_of_id)(id)?)
}

/// The type of Google's with this REST type.
pub(super) fn of_wire(wire: &str) -> Option<&'static ResourceType> {
    TYPES.iter().map(|registered| (registered.ty)()).find(|ty| ty.wire == wire)
}

/// A name with the project's ID where it has the project's number.
fn by_id(name: &str, project: &str) -> String {
    let Some((before, behind)) = name.split_once("/projects/") else { return name.to_owned() };
    let (of, rest) = behind.split_once('/').map_or((behind, None), |(of, rest)| (of, Some(rest)));
    if of.is_empty() || !of.bytes().all(|byte| byte.is_ascii_digit()) {
        return name.to_owned();
    }
    match rest {
        Some(rest) => format!("{before}/projects/{project}/{rest}"),
        None => format!("{before}/projects/{project}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::listed;

    fn ids(asset: Json) -> Vec<String> {
        listed(&asset, "shop").iter().map(|body| body["id"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn assets_are_called_as_their_services_call_them() {
        let of = |name: &str, wire: &str, data: Json| {
            ids(json!({"name": name, "assetType": wire, "resource": {"data": data}}))
        };
        let secret = "//secretmanager.googleapis.com/projects/shop/secrets/key";
        let numbered = secret.replace("/shop/", "/123/");
        assert_eq!(of(&numbered, "secretmanager.googleapis.com/Secret", json!({})), [secret]);
        let version = format!("{numbered}/versions/3");
        assert_eq!(
            of(&version, "secretmanager.googleapis.com/SecretVersion", json!({})),
            [format!("{secret}/versions/latest")]
        );
        let account = "projects/shop/serviceAccounts/app@shop.iam.gserviceaccount.com";
        let name = "//iam.googleapis.com/projects/shop/serviceAccounts/1234567890";
        assert_eq!(
            of(name, "iam.googleapis.com/ServiceAccount", json!({"name": account})),
            [format!("//iam.googleapis.com/{account}")]
        );
        let application = "//appengine.googleapis.com/apps/shop";
        let wire = "appengine.googleapis.com/Application";
        assert_eq!(of(application, wire, json!({"name": "apps/shop"})), [application]);
        assert!(of("//nowhere.googleapis.com/x", "nowhere.googleapis.com/X", json!({})).is_empty());
    }

    #[test]
    fn policies_are_their_members() {
        let bindings = json!({"bindings": [{"role": "roles/a", "members": ["user:x", "user:y"]}]});
        let of = |name: &str| ids(json!({"name": name, "assetType": "x/Y", "iamPolicy": bindings}));
        let secret = "//secretmanager.googleapis.com/projects/shop/secrets/key";
        let members = ["user:x", "user:y"].map(|who| format!("{secret}/iamPolicy/roles/a/{who}"));
        assert_eq!(of(&secret.replace("shop", "123")), members);
        let project = "//cloudresourcemanager.googleapis.com/projects/shop";
        assert_eq!(
            of(&project.replace("shop", "123"))[0],
            format!("{project}/iamPolicy/roles/a/user:x")
        );
        assert!(of("//nowhere.googleapis.com/projects/shop/x/y").is_empty());
    }
}
