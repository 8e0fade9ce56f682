//! The modules that tests hold against Terraform: of every example and every stack, as it is new and as it exists already.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};
use xat_infra::catalog;
use xat_infra::diagnostic::Diagnostic;
use xat_infra::emit::terraform::{self, Existing, Options, Syntax};
use xat_infra::graph::{self, Graph};
use xat_infra::live::{Estate, model};
use xat_infra::plan;
use xat_infra::schema::ResourceType;
use xat_infra::state::State;
use xat_infra::wire::Terraform;

use crate::{examples, readback};

/// The types whose examples Terraform refuses to say, which `gcp_delivery` holds.
const REFUSED: [&str; 2] = ["notification_channel", "raw_google"];

/// A graph, and what it is called.
pub type Named = (String, Graph);

/// The graph of every example that Terraform can say, by the type's name.
///
/// # Errors
/// An example is no graph.
pub fn of_examples() -> Result<Vec<Named>, Vec<Diagnostic>> {
    let types = catalog::types().into_iter().map(|registered| (registered, (registered.ty)()));
    let sayable = types.filter(|(_, ty)| !REFUSED.contains(&ty.slug));
    sayable
        .map(|(registered, ty)| {
            let mut stack = examples::stack();
            (registered.example)(&mut stack);
            Ok((ty.name(), graph::build(stack)?))
        })
        .collect()
}

/// The graph of every stack, by its name.
///
/// # Errors
/// A stack is no graph.
pub fn of_stacks() -> Result<Vec<Named>, Vec<Diagnostic>> {
    let stacks = xat_stacks::STACKS.iter();
    stacks.map(|entry| Ok((entry.name.to_owned(), graph::build((entry.build)())?))).collect()
}

/// Every type, for resources that are forgotten.
pub fn types() -> Vec<&'static ResourceType> {
    catalog::types().into_iter().map(|registered| (registered.ty)()).collect()
}

/// The text of a graph's module, nothing of which exists.
///
/// # Errors
/// Terraform cannot say it.
pub fn text(graph: &Graph, syntax: Syntax) -> Result<String, Vec<Diagnostic>> {
    let types = types();
    let options = Options { syntax, types: &types, ..Options::default() };
    first(terraform::emit(graph, &options)?)
}

fn first(files: Vec<xat_infra::emit::File>) -> Result<String, Vec<Diagnostic>> {
    Ok(files.into_iter().next().map(|file| file.text).unwrap_or_default())
}

/// The text of the module of a graph all of which exists, as an estate has it.
///
/// # Errors
/// Terraform cannot say it, or what is there does not say by what it is imported.
pub fn taken_over(
    graph: &Graph,
    estate: &Estate,
    syntax: Syntax,
) -> Result<String, Vec<Diagnostic>> {
    let whole = |text: &str| {
        let body = serde_json::from_str(text).unwrap_or_default();
        addressed(body).to_string()
    };
    let places = plan::places(graph, estate, &State::empty())?;
    let body = |id: &str| estate.text(places.live(id)).map(whole);
    let existing = Existing { adopted: &|_| true, body: &body };
    let types = types();
    let options = Options { existing: Some(existing), types: &types, syntax };
    first(terraform::emit(graph, &options)?)
}

/// A body of the model cloud with the addresses that a real vault gives its objects.
fn addressed(mut body: Json) -> Json {
    for (key, kind) in [("secretUriWithVersion", "secrets"), ("keyUriWithVersion", "keys")] {
        if body["properties"][key].is_string() {
            let name = body["name"].as_str().unwrap_or_default();
            let address = format!("https://shop-kv.vault.azure.net/{kind}/{name}/fdf067c9");
            body["properties"][key] = Json::from(address);
        }
    }
    body
}

/// The estate of a stack as if it were applied, where what Google numbers has its number.
///
/// # Errors
/// The estate does not read.
pub fn estate(graph: &Graph) -> Result<Estate, Vec<Diagnostic>> {
    let mut applied = model::applied(graph);
    let numbered: BTreeMap<&str, &str> = [
        ("monitoring.googleapis.com/AlertPolicy", "projects/shop/alertPolicies"),
        ("monitoring.googleapis.com/NotificationChannel", "projects/shop/notificationChannels"),
        ("monitoring.googleapis.com/UptimeCheckConfig", "projects/shop/uptimeCheckConfigs"),
    ]
    .into();
    for (at, asset) in applied["resources"].as_array_mut().into_iter().flatten().enumerate() {
        let kind = asset["assetType"].as_str().unwrap_or_default().to_owned();
        let name = asset["name"].as_str().unwrap_or_default();
        let named = match numbered.get(kind.as_str()) {
            Some(collection) => format!("{collection}/{}", 17 + at),
            None if kind == "secretmanager.googleapis.com/SecretVersion" => {
                let name = name.trim_start_matches("//secretmanager.googleapis.com/");
                name.replace("/latest", "/3")
            }
            None => continue,
        };
        asset["resource"]["data"]["name"] = Json::from(named);
    }
    Estate::from_text("estate", applied.to_string())
}

/// A module in which every resource leaves every property to others that Terraform has an argument for.
pub fn ignoring(graph: &Graph, module: &Json) -> Json {
    let mut module = module.clone();
    let spell = Terraform::new(graph);
    for (at, node) in graph.nodes.iter().enumerate().filter(|(at, _)| !spell.is_raw(*at)) {
        let own = (0u16..).zip(node.ty.props);
        let own = own.filter(|(_, p)| p.tf.is_some_and(|tf| tf.part.is_none()));
        let places: BTreeSet<String> =
            own.flat_map(|(prop, _)| terraform::places(node, prop)).collect();
        let body = &mut module["resource"][spell.resource(at)][spell.label(at)];
        body["lifecycle"]["ignore_changes"] = json!(places);
    }
    module
}

/// What Terraform must come to find out of a module by itself: for each resource of the stack the ones of Terraform that carry it,
/// what it waits for, however far, and whether destroying it is refused.
pub fn expected(graph: &Graph, module: &Json) -> Json {
    let carriers = readback::carriers(graph, module);
    let waits = readback::of_stack(graph);
    let nodes = graph.nodes.iter().map(|node| {
        let said = json!({"carriers": carriers[&node.address], "waits": waits[&node.address],
            "keeps": node.ty.holds_data});
        (node.address.clone(), said)
    });
    Json::Object(nodes.collect())
}
