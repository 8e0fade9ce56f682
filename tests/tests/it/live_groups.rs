//! Reading whole groups: what stands beside resources, what no type models, and what is around a stack.

use serde_json::{Value as Json, json};
use xat_infra::azure::TYPES;
use xat_infra::azure::prelude::*;
use xat_infra::diagnostic::Diagnostic;
use xat_infra::graph::Graph;
use xat_infra::live::{Limits, Recording, Wants, model, read};
use xat_infra::plan::{self, Options};
use xat_infra::state::State;
use xat_tests::scripted::{Noted, Scripted, short};

use crate::provocations::{built, grouped};

const GROUP: &str = "/subscriptions/5a1e0000-0000-4000-8000-000000000001/resourceGroups/demo-rg";

fn wants() -> Wants {
    Wants::new(TYPES.iter().map(|registered| (registered.ty)()))
}

fn reading(cloud: &Scripted, wants: Wants) -> Result<Recording, Vec<Diagnostic>> {
    read(cloud, wants, &Limits::default(), &Noted::default(), &mut |_, _| {})
}

/// The bodies of a recording as JSON.
fn bodies(recording: &Recording) -> Vec<Json> {
    let json: Json = serde_json::from_str(&recording.to_text(None)).unwrap();
    json["resources"].as_array().unwrap().clone()
}

fn ids(bodies: &[Json]) -> Vec<&str> {
    bodies.iter().filter_map(|body| body["id"].as_str()).collect()
}

fn beside(scope: &str, wire: &str, name: &str) -> Json {
    short(&format!("{scope}/providers/{wire}/{name}"), wire)
}

const LOCK: &str = "Microsoft.Authorization/locks";
const ROLE: &str = "Microsoft.Authorization/roleAssignments";
const SETTING: &str = "Microsoft.Insights/diagnosticSettings";

#[test]
fn locks_roles_and_settings_of_a_group_are_found() {
    let vault = format!("{GROUP}/providers/Microsoft.KeyVault/vaults/v");
    let whole = short(&vault, "Microsoft.KeyVault/vaults");
    let above = GROUP.split("/resourceGroups").next().unwrap();
    let found = [
        beside(GROUP, LOCK, "keep-group"),
        beside(&vault, LOCK, "keep-vault"),
        beside(&vault, ROLE, "reader"),
        beside(&vault, SETTING, "to-logs"),
    ];
    // Lists of roles have those from above too, and a group's name may begin as another's does.
    let others = [beside(above, ROLE, "owner"), beside(&format!("{GROUP}-2"), LOCK, "other")];
    let group = short(GROUP, "Microsoft.Resources/resourceGroups");
    let held = [vec![group, whole.clone()], found.to_vec(), others.to_vec()].concat();
    let cloud = Scripted::holding(held).group(GROUP, &[whole]);
    let wire = "Microsoft.Resources/resourceGroups";
    let recording = reading(&cloud, wants().resource(GROUP, wire).group(GROUP)).unwrap();
    let bodies = bodies(&recording);
    let seen = ids(&bodies);
    for body in &found {
        assert!(seen.contains(&body["id"].as_str().unwrap()), "{body}");
    }
    for body in &others {
        assert!(!seen.contains(&body["id"].as_str().unwrap()), "{body}");
    }
    // What the group lists for all that is in it is asked of the group alone.
    let asked = cloud.asked();
    let times = |what: &str| asked.iter().filter(|id| id.ends_with(what)).count();
    assert_eq!(times("/providers/Microsoft.Authorization/locks/*"), 1, "{asked:?}");
    assert_eq!(times("/providers/Microsoft.Insights/diagnosticSettings/*"), 2, "{asked:?}");
}

/// What no type models is read in the newest version of its API, and says which; an import then says the same.
#[test]
fn what_no_type_models_is_read_whole() {
    let odd = format!("{GROUP}/providers/Microsoft.Odd/things/o");
    let listed = short(&odd, "Microsoft.Odd/things");
    let mut whole = listed.clone();
    whole["location"] = json!("westeurope");
    whole["properties"] = json!({"size": 3});
    let cloud = Scripted::holding([whole]).group(GROUP, &[listed]);
    let recording = reading(&cloud, wants().group(GROUP)).unwrap();
    let body = bodies(&recording).remove(0);
    assert_eq!(body["properties"]["size"], 3);
    assert_eq!(body["apiVersion"], "2026-01-01");
    let estate = recording.into_estate("recorded").unwrap();
    let imported = xat_infra::import::import(&estate, TYPES, &Default::default()).unwrap();
    assert!(imported.source.contains("\"2026-01-01\""), "{}", imported.source);
    assert!(!imported.source.contains("0000-00-00"), "{}", imported.source);
}

/// A stack with a vault, in a group that holds something else as well.
fn stack() -> Graph {
    let (mut stack, group) = grouped();
    stack.add(KeyVault::new(name!("demo-kv"), group));
    built(stack)
}

#[test]
fn what_is_around_a_stack_is_read_where_it_is_asked_for() {
    let graph = stack();
    let applied = model::applied(&graph);
    let held = applied["resources"].as_array().unwrap().clone();
    let stranger = short(
        &format!("{GROUP}/providers/Microsoft.Network/publicIPAddresses/forgotten"),
        "Microsoft.Network/publicIPAddresses",
    );
    let lock = beside(GROUP, LOCK, "by-hand");
    let all = [held.clone(), vec![stranger.clone(), lock.clone()]].concat();
    let cloud =
        || Scripted::holding(all.clone()).group(GROUP, &[held[1].clone(), stranger.clone()]);
    let unmanaged = |wants: Wants| -> Vec<String> {
        let estate = reading(&cloud(), wants).unwrap().into_estate("scripted").unwrap();
        let options = Options { unmanaged: true, ..Options::default() };
        let plan = plan::plan(&graph, &estate, &State::empty(), &options).unwrap();
        plan.unmanaged.into_iter().filter(|u| u.address.is_none()).map(|u| u.id).collect()
    };
    assert_eq!(unmanaged(wants().stack(&graph)), [""; 0]);
    let found = unmanaged(wants().stack(&graph).around(&graph));
    let expected = [&lock, &stranger].map(|body| body["id"].as_str().unwrap().to_owned());
    assert_eq!(found, expected);
    // A group that the stack is yet to make holds nothing.
    let nothing = reading(&Scripted::default(), wants().stack(&graph).around(&graph)).unwrap();
    assert!(nothing.is_empty());
}

#[cfg(feature = "azure")]
mod over_http {
    use super::*;
    use crate::live_azure::{NOT_FOUND, azure, reads_only};
    use xat_infra::live::{Ask, Fault, Source};
    use xat_tests::server::{Answer, Server};

    /// A type without diagnostic settings has none; any other refusal is one.
    #[test]
    fn what_a_type_does_not_have_is_nothing() {
        let server = Server::start(|request, _| match request.path.as_str() {
            path if path.starts_with("/none") => Answer::new(
                400,
                r#"{"code": "ResourceTypeNotSupported", "message": "It has no diagnostic settings."}"#,
            ),
            path if path.starts_with("/some") => Answer::new(
                200,
                json!({"value": [beside("/some", SETTING, "to-logs")]}).to_string(),
            ),
            path if path.starts_with("/bad") => {
                Answer::new(400, r#"{"code": "BadRequest", "message": "No."}"#)
            }
            _ => Answer::new(404, NOT_FOUND),
        });
        let azure = azure(&server);
        let ask = |id: &str| {
            let api = Some("2021-05-01-preview".to_owned());
            azure.beside(&Ask { id: id.to_owned(), wire: SETTING.to_owned(), api })
        };
        assert_eq!(ask("/none").unwrap(), Vec::<Json>::new());
        assert_eq!(ask("/some").unwrap().len(), 1);
        assert_eq!(ask("/bad").unwrap_err().fault, Fault::Refused);
        assert_eq!(ask("/gone").unwrap_err().fault, Fault::Absent);
        let path = "/some/providers/Microsoft.Insights/diagnosticSettings";
        assert!(server.log().iter().any(|request| request.path == path));
        reads_only(&server);
    }
}
