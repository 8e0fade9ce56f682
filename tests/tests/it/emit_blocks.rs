//! What is a block and what an argument in emitted HCL, held against the providers' schemas: JSON spells both alike, and
//! Terraform takes neither for the other.

use hcl::{Body, Structure};
use serde_json::Value as Json;
use xat_infra::emit::terraform::Syntax;
use xat_tests::facts::terraform::Facts;

use crate::emit_forms::{graphs, module};

/// What every resource may say beside its arguments.
const META: [&str; 2] = ["depends_on", "lifecycle"];

/// What is written as the one and is the other.
fn misshapen(facts: &Json, body: &Body, path: &str, found: &mut Vec<String>) {
    for structure in body.iter() {
        let name = match structure {
            Structure::Attribute(attribute) => attribute.key(),
            Structure::Block(block) => block.identifier(),
        };
        let (argument, block) = (&facts["a"][name], &facts["b"][name]);
        match structure {
            _ if META.contains(&name) => {}
            Structure::Attribute(_) if block.is_array() => {
                found.push(format!("{path}.{name} is a block, and written as an argument"));
            }
            Structure::Block(inner) if block.is_array() => {
                misshapen(&block[3], inner.body(), &format!("{path}.{name}"), found);
            }
            // Objects of an attribute are written as blocks, too.
            Structure::Block(_) if argument[0][1][0] != "object" => {
                found.push(format!("{path}.{name} is an argument, and written as a block"));
            }
            _ => {}
        }
    }
}

fn of_module(facts: &Facts, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let body: Body = hcl::parse(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    for block in body.blocks().filter(|block| block.identifier() == "resource") {
        let [kind, label] = block.labels() else { panic!("{block:?}") };
        let schema =
            facts.resource(kind.as_str()).unwrap_or_else(|| panic!("no facts of {kind:?}"));
        misshapen(
            schema,
            block.body(),
            &format!("{}.{}", kind.as_str(), label.as_str()),
            &mut found,
        );
    }
    found
}

#[test]
fn blocks_and_arguments_are_told_apart() {
    let facts = Facts::shipped();
    for (name, graph) in graphs() {
        let found = of_module(&facts, &module(&graph, Syntax::Hcl).text);
        assert!(found.is_empty(), "{name}: {found:#?}");
    }
}

#[test]
fn the_one_written_as_the_other_is_noticed() {
    let facts = Facts::shipped();
    let found = of_module(
        &facts,
        r#"
        resource "google_cloud_run_v2_service" "a" {
          template {
            containers {
              resources {
                limits { cpu = "1" }
              }
            }
          }
        }
        resource "azurerm_key_vault" "b" {
          network_acls = { bypass = "None" }
          tags { a = "b" }
          access_policy { object_id = "o" }
        }
        "#,
    );
    assert_eq!(
        found,
        [
            "google_cloud_run_v2_service.a.template.containers.resources.limits is an argument, and written as a block",
            "azurerm_key_vault.b.network_acls is a block, and written as an argument",
            "azurerm_key_vault.b.tags is an argument, and written as a block",
        ]
    );
}
