//! Emitted files say what the stack says: the same graph in every format, the same bytes in every order, no secret in any.

use std::process::Command;

use proptest::prelude::*;
use serde_json::{Map, Value as Json};
use xat_infra::azure::prelude::*;
use xat_infra::emit::terraform::{Options, Syntax};
use xat_infra::emit::{File, arm, terraform};
use xat_infra::graph::{self, Graph};
use xat_tests::spec::{self, CANARY, Spec};
use xat_tests::{modules, readback};

fn built(stack: Stack) -> Graph {
    graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The graph of every example that Terraform can say, and of every stack, by name.
pub(crate) fn graphs() -> Vec<(String, Graph)> {
    let mut all = modules::of_examples().unwrap_or_else(|problems| panic!("{problems:#?}"));
    all.extend(modules::of_stacks().unwrap_or_else(|problems| panic!("{problems:#?}")));
    all
}

/// Those of them that are on Azure alone: these can be said in every format.
pub(crate) fn on_azure() -> Vec<(String, Graph)> {
    graphs().into_iter().filter(|(_, graph)| is_on_azure(graph)).collect()
}

fn is_on_azure(graph: &Graph) -> bool {
    graph.nodes.iter().all(|node| node.ty.provider.name == "azure")
}

pub(crate) fn module(graph: &Graph, syntax: Syntax) -> File {
    let options = Options { syntax, ..Options::default() };
    let files = terraform::emit(graph, &options).unwrap_or_else(|problems| panic!("{problems:#?}"));
    files.into_iter().next().expect("a module")
}

pub(crate) fn json(file: &File) -> Json {
    serde_json::from_str(&file.text).unwrap()
}

fn template(graph: &Graph) -> File {
    let files = arm::emit(graph).unwrap_or_else(|problems| panic!("{problems:#?}"));
    files.into_iter().next().expect("a template")
}

fn same_graph(name: &str, graph: &Graph) -> Result<(), String> {
    let stack = readback::of_stack(graph);
    let module = readback::of_terraform(graph, &json(&module(graph, Syntax::Json)));
    let template = is_on_azure(graph).then(|| readback::of_arm(graph, &json(&template(graph))));
    for (address, said) in &stack {
        if module[address] != *said {
            return Err(format!(
                "{name}, Terraform, {address}: {:?}, and not {said:?}",
                module[address]
            ));
        }
        // A template of several groups waits for whole deployments: it says no less, and may say more.
        let less = template.as_ref().map(|template| &template[address]);
        if let Some(less) = less.filter(|template| !template.is_superset(said)) {
            return Err(format!("{name}, ARM, {address}: {less:?}, and not {said:?}"));
        }
    }
    Ok(())
}

#[test]
fn every_type_and_stack_is_the_same_graph_in_every_format() {
    for (name, graph) in graphs() {
        same_graph(&name, &graph).unwrap_or_else(|why| panic!("{why}"));
    }
}

/// Whoever waits for a resource waits for all that carries it: a subnet without its security group is not the subnet of the stack.
#[test]
fn nobody_waits_for_half_of_a_resource() {
    for (name, graph) in graphs() {
        let module = json(&module(&graph, Syntax::Json));
        let half = readback::half_waits(&graph, &module);
        assert!(half.is_empty(), "{name}: {half:#?}");
    }
    // The stacks have such parts, and without `depends_on` it is noticed.
    let graph = built((xat_stacks::STACKS[0].build)());
    let mut module = json(&module(&graph, Syntax::Json));
    let endpoints = module["resource"]["azurerm_private_endpoint"].as_object_mut().unwrap();
    for endpoint in endpoints.values_mut() {
        endpoint.as_object_mut().unwrap().remove("depends_on");
    }
    let half = readback::half_waits(&graph, &module);
    assert!(half.iter().any(|half| half.starts_with("azurerm_private_endpoint.")), "{half:#?}");
}

/// A reference taken out of the module, or an entry out of `dependsOn`, is noticed.
#[test]
fn a_lost_reference_is_noticed() {
    let graph = built((xat_stacks::STACKS[0].build)());
    let whole = readback::of_stack(&graph);
    let text = module(&graph, Syntax::Json).text.replace("service_plan_id", "service_plan_id_of");
    let mut broken: Json = serde_json::from_str(&text).unwrap();
    for (_, body) in broken["resource"]["azurerm_linux_web_app"].as_object_mut().unwrap() {
        body.as_object_mut().unwrap().remove("service_plan_id_of");
    }
    assert_ne!(readback::of_terraform(&graph, &broken), whole);
    let mut template = json(&template(&graph));
    let nested = template["resources"].as_array_mut().unwrap().iter_mut();
    for resource in
        nested.flat_map(|r| r["properties"]["template"]["resources"].as_array_mut()).flatten()
    {
        resource.as_object_mut().unwrap().remove("dependsOn");
    }
    assert_ne!(readback::of_arm(&graph, &template), whole);
}

/// Both spellings of a module are one module.
#[test]
fn hcl_says_what_json_says() {
    for (name, graph) in graphs() {
        let hcl = module(&graph, Syntax::Hcl).text;
        let read: Json = hcl::from_str(&hcl).unwrap_or_else(|e| panic!("{name}: {e}\n{hcl}"));
        let mut other = json(&module(&graph, Syntax::Json));
        other.as_object_mut().unwrap().remove("//");
        let (read, other) = (plain(&read), plain(&other));
        for (kind, said) in other.as_object().unwrap() {
            assert_eq!(read[kind], *said, "{name}: {kind}");
        }
        assert_eq!(read.as_object().unwrap().len(), other.as_object().unwrap().len(), "{name}");
    }
}

/// A module without what the two spellings cannot have alike: absent arguments, lists of one block, spaces in expressions.
fn plain(json: &Json) -> Json {
    match json {
        Json::Object(map) => Json::Object(
            map.iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| (bare(key), plain(value)))
                .collect::<Map<String, Json>>(),
        ),
        Json::Array(items) if items.len() == 1 && items[0].is_object() => plain(&items[0]),
        Json::Array(items) => Json::Array(items.iter().map(plain).collect()),
        Json::String(text) => Json::String(bare(text)),
        Json::Number(n) => Json::from(n.as_f64()),
        other => other.clone(),
    }
}

/// An expression alone, with and without `${}` around it.
fn bare(text: &str) -> String {
    let inner = text.strip_prefix("${").and_then(|text| text.strip_suffix('}'));
    let inner = inner.filter(|inner| !inner.contains("${")).unwrap_or(text);
    inner.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Without `terraform` on the machine this says that it was skipped.
#[test]
fn terraform_has_nothing_to_format() {
    if Command::new("terraform").arg("version").output().is_err() {
        eprintln!("skipped: no terraform on this machine");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let check = |name: &str, text: &str| {
        let path = folder.path().join(format!("{name}.tf"));
        std::fs::write(&path, text).unwrap();
        Command::new("terraform").args(["fmt", "-check", "-diff"]).arg(&path).output().unwrap()
    };
    assert!(!check("planted", "locals {\n  a = 1\n  bcd = 2\n}\n").status.success());
    for (name, graph) in graphs() {
        let said = check(&name, &module(&graph, Syntax::Hcl).text);
        assert!(said.status.success(), "{name}: {}", String::from_utf8_lossy(&said.stdout));
    }
}

fn without_values(mut spec: Spec) -> Spec {
    spec.iter_mut().for_each(|thing| thing.password = None);
    spec
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    /// The graph read back from Terraform, from ARM and from the stack is one.
    #[test]
    fn random_stacks_are_the_same_graph_in_every_format(spec in spec::spec(8)) {
        let graph = built(spec::stack(&without_values(spec), 0));
        prop_assert_eq!(same_graph("random", &graph), Ok(()));
    }

    /// So is the graph of both clouds, whose resources name each other's, in the format that can say both.
    #[test]
    fn random_stacks_of_both_clouds_are_the_same_graph(spec in spec::mixed(8)) {
        let graph = built(spec::stack(&without_values(spec), 0));
        prop_assert_eq!(same_graph("random", &graph), Ok(()));
    }

    /// Equal stacks give equal bytes, in whatever order they were written.
    #[test]
    fn insertion_order_means_nothing_to_files(spec in spec::spec(8), shuffle in 1u64..1000) {
        let spec = without_values(spec);
        let (one, other) = (built(spec::stack(&spec, 0)), built(spec::stack(&spec, shuffle)));
        prop_assert_eq!(module(&one, Syntax::Hcl), module(&other, Syntax::Hcl));
        prop_assert_eq!(module(&one, Syntax::Json), module(&other, Syntax::Json));
        prop_assert_eq!(template(&one), template(&other));
    }

    /// A secret whose value the program holds is refused by name, and is not in the refusal either.
    #[test]
    fn a_secret_that_is_a_value_is_in_no_file(spec in spec::spec(6)) {
        let some = spec.iter().any(|thing| thing.present && thing.password.is_some());
        let graph = built(spec::stack(&spec, 0));
        for emitted in [terraform::emit(&graph, &Options::default()), arm::emit(&graph)] {
            match emitted {
                Ok(files) => {
                    prop_assert!(!some);
                    prop_assert!(files.iter().all(|file| !file.text.contains(CANARY)));
                }
                Err(problems) => {
                    prop_assert!(some);
                    prop_assert!(problems.iter().all(|problem| problem.code == "emit-secret"));
                    prop_assert!(problems.iter().all(|problem| !problem.to_string().contains(CANARY)));
                }
            }
        }
    }
}
