//! ARM templates are evaluated as Azure would, and make what their stack declares: nothing else, nothing less, in its order.

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use xat_infra::azure::prelude::*;
use xat_infra::emit::arm;
use xat_infra::graph::{self, Graph};
use xat_tests::evaluated::{judge, judge_leaves, plan, read};
use xat_tests::spec;

use crate::emit_forms::{json as parsed, on_azure};

fn templates(graph: &Graph) -> Vec<Json> {
    let files = arm::emit(graph).unwrap_or_else(|problems| panic!("{problems:#?}"));
    files.iter().filter(|file| file.name.ends_with(".json")).map(parsed).collect()
}

fn built(stack: Stack) -> Graph {
    graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

#[test]
fn every_template_makes_what_its_stack_declares() {
    let mut wrong = Vec::new();
    for (name, graph) in on_azure() {
        let templates = templates(&graph);
        for result in [judge(&graph, &templates), plan(&graph, &templates)] {
            wrong.extend(result.err().map(|why| format!("{name}: {why}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where the resources of a template stand, those of templates inside too, as JSON pointers.
fn resources(template: &Json, at: &str, out: &mut Vec<String>) {
    for (index, resource) in template["resources"].as_array().into_iter().flatten().enumerate() {
        let at = format!("{at}/resources/{index}");
        let inner = &resource["properties"]["template"];
        if resource["resourceGroup"].is_string() {
            resources(inner, &format!("{at}/properties/template"), out);
        }
        out.push(at);
    }
}

/// The leaves below a place, but for what it waits for.
fn leaves(json: &Json, at: &str, out: &mut Vec<String>) {
    match json {
        Json::Object(map) => {
            for (key, value) in map.iter().filter(|(key, _)| *key != "dependsOn") {
                leaves(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), out);
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                leaves(item, &format!("{at}/{index}"), out);
            }
        }
        _ => out.push(at.to_owned()),
    }
}

/// Another value in the place of a leaf.
fn changed(leaf: &Json) -> Json {
    match leaf {
        Json::String(text) => json!(format!("{text}x")),
        Json::Bool(value) => json!(!value),
        Json::Number(n) => json!(n.as_f64().unwrap_or_default() + 1.0),
        _ => json!("x"),
    }
}

/// Each leaf of each resource is changed alone, in turn over the catalogue; every change is noticed.
#[test]
fn a_wrong_leaf_is_noticed() {
    let mut planted = 0;
    for (turn, (name, graph)) in on_azure().into_iter().enumerate() {
        let whole = templates(&graph);
        let (mut places, mut all) = (Vec::new(), Vec::new());
        resources(&whole[0], "", &mut places);
        for place in places {
            let resource = whole[0].pointer(&place).unwrap();
            if resource["resourceGroup"].is_null() {
                leaves(resource, &place, &mut all);
            }
        }
        let every = if graph.nodes.len() > 30 { 37 } else { 4 };
        for leaf in all.iter().skip(turn % every).step_by(every) {
            let mut broken = whole.clone();
            let value = broken[0].pointer_mut(leaf).unwrap();
            *value = changed(value);
            planted += 1;
            assert!(judge_leaves(&graph, &broken).is_err(), "{name}: {leaf}");
        }
    }
    eprintln!("{planted} wrong leaves");
    assert!(planted > 500);
}

/// A deployment to another group, and an ID of another scope, are noticed wherever they stand.
#[test]
fn a_wrong_scope_is_noticed() {
    let graph = built((xat_stacks::STACKS[0].build)());
    let whole = templates(&graph);
    let text = whole[0].to_string();
    let mut kinds = 0;
    for (right, wrong) in [
        ("[resourceId('", "[subscriptionResourceId('"),
        ("[resourceId('", "[resourceId('another-rg', '"),
        ("[subscriptionResourceId('", "[tenantResourceId('"),
        ("extensionResourceId(resourceId('", "extensionResourceId(subscriptionResourceId('"),
        ("[resourceGroup().id]", "[subscription().id]"),
        ("\"resourceGroup\":\"xat-backend-internal-rg\"", "\"resourceGroup\":\"another-rg\""),
        ("\"scope\":\"Microsoft", "\"scoop\":\"Microsoft"),
        ("\"scope\":\"inner\"", "\"scope\":\"outer\""),
    ] {
        let places: Vec<usize> = text.match_indices(right).map(|(at, _)| at).collect();
        kinds += usize::from(!places.is_empty());
        // Few are enough of what stands everywhere.
        for at in places.iter().step_by(places.len() / 12 + 1) {
            let broken = format!("{}{wrong}{}", &text[..*at], &text[at + right.len()..]);
            let broken: Json = serde_json::from_str(&broken).unwrap();
            assert!(
                judge(&graph, &[broken]).is_err(),
                "{right} at {at}: {}",
                &text[at - 80..at + 80]
            );
        }
    }
    assert!(kinds >= 6, "{kinds}");
}

/// What is waited for and is not there is refused; where nothing is waited for any more, it is noticed.
#[test]
fn a_wrong_wait_is_noticed() {
    let graph = built((xat_stacks::STACKS[1].build)());
    let whole = templates(&graph);
    let mut places = Vec::new();
    resources(&whole[0], "", &mut places);
    let (mut planted, mut noticed) = (0, 0);
    // A third of them says enough, and takes a third of the time.
    for place in places.into_iter().step_by(3) {
        let count = whole[0].pointer(&place).unwrap()["dependsOn"].as_array().map_or(0, Vec::len);
        if count == 0 {
            continue;
        }
        let mut broken = whole.clone();
        broken[0].pointer_mut(&place).unwrap()["dependsOn"][0] =
            json!("[resourceId('A.B/c', 'd')]");
        assert!(judge(&graph, &broken).is_err(), "{place}");
        let mut broken = whole.clone();
        broken[0].pointer_mut(&place).unwrap()["dependsOn"] = json!([]);
        planted += 1;
        match judge(&graph, &broken) {
            Err(_) => noticed += 1,
            Ok(()) => eprintln!("{}", whole[0].pointer(&place).unwrap()),
        }
    }
    eprintln!("{noticed} of {planted} lists of what is waited for are needed");
    assert!(planted > 20 && noticed == planted);
}

/// A secret that one level shows is noticed.
#[test]
fn a_secret_that_is_shown_is_noticed() {
    let graph = built((xat_stacks::STACKS[0].build)());
    let whole = templates(&graph);
    let mut planted = 0;
    for (at, deployment) in whole[0]["resources"].as_array().unwrap().iter().enumerate() {
        let inner = &deployment["properties"]["template"]["parameters"];
        for name in inner.as_object().into_iter().flatten().map(|(name, _)| name) {
            let mut broken = whole.clone();
            broken[0]["resources"][at]["properties"]["template"]["parameters"][name]["type"] =
                json!("string");
            let why = judge(&graph, &broken).unwrap_err();
            assert!(why.contains("is shown by a deployment"), "{why}");
            planted += 1;
        }
    }
    assert!(planted > 0);
    let mut broken = whole;
    let name = broken[0]["parameters"].as_object().unwrap().keys().next().unwrap().clone();
    broken[0]["outputs"] =
        json!({"x": {"type": "string", "value": format!("[parameters('{name}')]")}});
    assert_eq!(judge(&graph, &broken).unwrap_err(), "a secret is shown");
}

/// A template that the stack hands on is deployed as it is written; what the stack itself says with brackets stays text.
#[test]
fn a_template_that_is_handed_on_stays_one() {
    let blank = || {
        let mut stack = Stack::new("shop").subscription("5a1e0000-0000-4000-8000-000000000001");
        let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
        (stack, group)
    };
    let (mut stack, group) = blank();
    let text = |key: &str, value: &str| {
        json!({"type": "Microsoft.Cdn/profiles", "apiVersion": "2024-02-01",
        "name": key, "location": "global", "tags": {"said": value}})
    };
    let template = RawBody::new(json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {"owner": {"type": "string"}},
        "variables": {"whose": "[concat('of ', parameters('owner'))]"},
        "resources": [text("a", "[variables('whose')]"), text("b", "[[plain]"), text("c", "[open")],
    }));
    stack.add(
        TemplateDeployment::of(name!("bought"), group, template.clone())
            .parameter("owner", text!("[{}]", group.name()))
            .tag("odd", "[x]"),
    );
    let raw = RawBody::new(json!({"properties": {"[a]": "[b]", "c": "[d", "e": "[f] g"}}));
    stack.add(RawArm::new("Shop.Things/things", "2026-01-01", name!("raw"), group, raw));
    let graph = built(stack);
    let templates = templates(&graph);
    assert_eq!(judge(&graph, &templates), Ok(()));
    let said_by = |graph: &Graph, templates: &[Json], name: &str| {
        let read = read(graph, templates).unwrap();
        let body = read.bodies.iter().find(|body| body.id.ends_with(name)).unwrap();
        body.value
            .at(&["tags", "said"])
            .and_then(|value| value.as_str())
            .unwrap_or_default()
            .to_owned()
    };
    let said = |name: &str| said_by(&graph, &templates, name);
    assert_eq!(said("/profiles/a"), "of [shop-rg]");
    assert_eq!(said("/profiles/b"), "[plain]");
    assert_eq!(said("/profiles/c"), "[open");
    // As it would be if its brackets were doubled, or its words were the outer template's.
    for (right, wrong) in [
        ("[variables('whose')]", "[[variables('whose')]"),
        ("[[x]", "[x]"),
        ("[[a]", "[a]"),
        ("[[b]", "[b]"),
    ] {
        let text = templates[0].to_string();
        assert!(text.contains(right), "{right}");
        let broken: Json = serde_json::from_str(&text.replace(right, wrong)).unwrap();
        assert!(judge(&graph, &[broken]).is_err(), "{wrong}");
    }
    let mut broken = templates.clone();
    let places = broken[0]["resources"].as_array_mut().unwrap();
    let within = places.iter_mut().find(|r| r["resourceGroup"].is_string()).unwrap();
    let made = within["properties"]["template"]["resources"].as_array_mut().unwrap();
    let bought = made.iter_mut().find(|r| r["name"] == "bought").unwrap();
    bought["properties"].as_object_mut().unwrap().remove("expressionEvaluationOptions");
    assert!(judge(&graph, &broken).is_err());

    // What the stack puts into it is an expression there, which means the same.
    let (mut stack, group) = blank();
    let template = template.with("variables.whose", group.id());
    stack.add(TemplateDeployment::of(name!("bought"), group, template).parameter("owner", "x"));
    let graph = built(stack);
    let id = "/subscriptions/5a1e0000-0000-4000-8000-000000000001/resourceGroups/shop-rg";
    assert_eq!(said_by(&graph, &self::templates(&graph), "/profiles/a"), id);
}

/// The ID of a group is one wherever it is a value, in the template of its group, of another group and of the subscription;
/// and so are the IDs of resources.
#[test]
fn ids_are_what_they_are_in_every_scope() {
    let mut stack = Stack::new("shop")
        .subscription("5a1e0000-0000-4000-8000-000000000001")
        .tenant("5a1e0000-0000-4000-8000-000000000002");
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let other = stack.add(ResourceGroup::new(name!("other-rg"), Region::NorthEurope));
    let vault = stack.add(KeyVault::new(name!("shop-kv"), group));
    let zone = stack.add(PrivateDnsZone::new(name!("shop.example.com"), other));
    let says = |at: &str| {
        let body = RawBody::new(json!({"properties": {"kind": at}}));
        let ids = [
            ("group", group.id()),
            ("other", other.id()),
            ("vault", vault.id()),
            ("zone", zone.id()),
        ];
        ids.into_iter().fold(body, |body, (key, id)| body.with(&format!("properties.{key}"), id))
    };
    let thing = "Shop.Things/things";
    stack.add(RawArm::new(thing, "2026-01-01", name!("here"), group, says("here")));
    stack.add(RawArm::new(thing, "2026-01-01", name!("there"), other, says("there")));
    stack.add(RawArm::new(thing, "2026-01-01", name!("on-vault"), vault, says("on-vault")));
    stack.output("group", group.id());
    stack.output("vault", vault.id());
    stack.output("uri", vault.uri());
    let graph = built(stack);
    let templates = templates(&graph);
    assert_eq!(judge(&graph, &templates), Ok(()));
    assert_eq!(plan(&graph, &templates), Ok(()));
    let outputs = &templates[0]["outputs"];
    assert_eq!(outputs["group"]["value"], "[concat(subscription().id, '/resourceGroups/shop-rg')]");
    // As `dependsOn` spells it, it would be another ID.
    let text = templates[0].to_string();
    let wrong = "subscriptionResourceId('Microsoft.Resources/resourceGroups', 'shop-rg')";
    let broken = text.replace("resourceGroup().id", wrong);
    assert_ne!(text, broken);
    assert!(judge(&graph, &[serde_json::from_str(&broken).unwrap()]).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn templates_of_random_stacks_make_what_they_declare(spec in spec::spec(8)) {
        let spec = spec.into_iter().map(|thing| spec::ThingSpec { password: None, ..thing }).collect();
        let graph = built(spec::stack(&spec, 0));
        let templates = templates(&graph);
        prop_assert_eq!(judge(&graph, &templates), Ok(()));
        prop_assert_eq!(plan(&graph, &templates), Ok(()));
    }
}
