//! Ways to every diagnostic of ARM templates: small templates with one thing wrong in each.

use serde_json::{Value as Json, json};
use xat_infra::diagnostic::Diagnostic;
use xat_infra::import::arm_template::Deployment;

use crate::provocations::{Case, case};
use crate::templates::{deployment, read};

/// A template of one resource whose name is `name`, with `more` beside its resources.
fn template(name: &str, more: Json) -> String {
    let mut template = json!({
        "resources": [{"type": "Microsoft.Cdn/profiles", "apiVersion": "2024-02-01", "name": name}],
    });
    for (key, value) in more.as_object().expect("an object") {
        template[key] = value.clone();
    }
    serde_json::to_string_pretty(&template).expect("JSON")
}

fn bad(text: &str, deployment: &Deployment) -> Vec<Diagnostic> {
    read(text, deployment).err().expect("a template with something wrong in it")
}

fn plain() -> Deployment {
    Deployment { parameters: Vec::new(), ..deployment() }
}

fn named(name: &str) -> Vec<Diagnostic> {
    bad(&template(name, json!({})), &plain())
}

fn with(name: &str, more: Json) -> Vec<Diagnostic> {
    bad(&template(name, more), &plain())
}

fn given(parameters: &[(&str, &str)]) -> Vec<Diagnostic> {
    let more = json!({"parameters": {"size": {"type": "int"}}});
    let parameters = parameters.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    bad(&template("[concat('a', parameters('size'))]", more), &Deployment { parameters, ..plain() })
}

fn resource(json: Json) -> Vec<Diagnostic> {
    resources(&[json])
}

fn resources(all: &[Json]) -> Vec<Diagnostic> {
    bad(&serde_json::to_string_pretty(&json!({"resources": all})).expect("JSON"), &plain())
}

/// A deployment with these properties, and `more` beside them.
fn deployed(properties: Json, more: Json) -> Vec<Diagnostic> {
    let mut json = json!({"type": "Microsoft.Resources/deployments", "apiVersion": "2025-04-01", "name": "inner"});
    json["properties"] = properties;
    for (key, value) in more.as_object().expect("an object") {
        json[key] = value.clone();
    }
    resource(json)
}

/// A template inside, with what it is given.
fn inside(template: Json, parameters: Json) -> Vec<Diagnostic> {
    let inner = json!({"scope": "inner"});
    deployed(
        json!({"expressionEvaluationOptions": inner, "template": template, "parameters": parameters}),
        json!({}),
    )
}

/// A template of a subscription, with one resource of this name.
fn subscription(name: &str) -> Vec<Diagnostic> {
    let schema = "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#";
    bad(&template(name, json!({"$schema": schema})), &plain())
}

/// A vault, and a template inside that names it by an expression.
fn crossing(expression: &str) -> Vec<Diagnostic> {
    let vault =
        json!({"type": "Microsoft.KeyVault/vaults", "apiVersion": "2024-11-01", "name": "demo-kv"});
    let cdn = json!({"type": "Microsoft.Cdn/profiles", "apiVersion": "2024-02-01", "name": "a",
        "tags": {"vault": expression}});
    let inner = json!({"type": "Microsoft.Resources/deployments", "apiVersion": "2025-04-01", "name": "inner",
        "properties": {"expressionEvaluationOptions": {"scope": "inner"}, "template": {"resources": [cdn]}}});
    resources(&[vault, inner])
}

pub(crate) static CASES: &[Case] = &[
    case("template-cycle", "two variables", || {
        let ring =
            json!({"variables": {"a": "[variables('b')]", "b": "[concat(variables('a'), '1')]"}});
        with("[variables('a')]", ring)
    }),
    case("template-malformed", "no JSON", || bad("resources:\n- name: x\n", &plain())),
    case("template-malformed", "cut off", || bad("{\"resources\": [{\"name\": ", &plain())),
    case("template-malformed", "something else", || {
        bad("{\"format\": \"xat-estate/1\"}", &plain())
    }),
    case("template-malformed", "an expression that does not end", || named("[concat('a', 'b']")),
    case("template-malformed", "an expression that cannot be read", || named("[concat('a' 'b')]")),
    case("template-malformed", "a place without an argument", || named("[format('{0}-{1}', 'a')]")),
    case("template-malformed", "a key that is not there", || named("[resourceGroup().colour]")),
    case("template-malformed", "a resource without a name", || {
        resource(json!({"type": "Microsoft.Cdn/profiles", "apiVersion": "2024-02-01"}))
    }),
    case("template-malformed", "a child without its parent's name", || {
        resource(
            json!({"type": "Microsoft.KeyVault/vaults/secrets", "apiVersion": "2024-11-01", "name": "s"}),
        )
    }),
    case("template-malformed", "a value of another type", || given(&[("size", "big")])),
    case("template-malformed", "a file of parameters that is not JSON", || {
        let files = vec![("parameters.json".to_owned(), "{\"a\": ".to_owned())];
        bad(&template("a", json!({})), &Deployment { files, ..plain() })
    }),
    case("template-missing-value", "a parameter", || given(&[])),
    case("template-missing-value", "the group", || {
        bad(&template("a", json!({})), &Deployment { group: None, ..plain() })
    }),
    case("template-missing-value", "the region", || {
        let text = template("[resourceGroup().location]", json!({}));
        bad(&text, &Deployment { location: None, ..plain() })
    }),
    case("template-missing-value", "the tenant", || {
        bad(
            &template("[subscription().tenantId]", json!({})),
            &Deployment { tenant: None, ..plain() },
        )
    }),
    case("template-unknown-name", "a parameter", || named("[parameters('size')]")),
    case("template-unknown-name", "a parameter that is given", || {
        given(&[("size", "1"), ("sise", "1")])
    }),
    case("template-unknown-name", "a variable", || {
        with("[variables('nane')]", json!({"variables": {"name": "x"}}))
    }),
    case("template-unknown-name", "a resource", || {
        resource(json!({"type": "Microsoft.Cdn/profiles", "apiVersion": "2024-02-01", "name": "a",
            "tags": {"vault": "[reference('kv').vaultUri]"}}))
    }),
    case("template-unsupported", "a function", || named("[uniqueString('a')]")),
    case("template-unsupported", "copies", || {
        resource(json!({"type": "Microsoft.Cdn/profiles", "apiVersion": "2024-02-01", "name": "a",
            "copy": {"name": "all", "count": 3}}))
    }),
    case("template-unsupported", "a template that stands somewhere else", || {
        deployed(json!({"templateLink": {"uri": "https://example.com/inner.json"}}), json!({}))
    }),
    case("template-unsupported", "a deployment to a tenant", || {
        deployed(json!({"template": {"resources": []}}), json!({"scope": "/"}))
    }),
    case("template-unsupported", "an expression that is evaluated twice", || {
        let cdn = json!({"type": "Microsoft.Cdn/profiles", "apiVersion": "2024-02-01", "name": "a",
            "tags": {"owner": "[[parameters('owner')]"}});
        deployed(json!({"template": {"resources": [cdn]}}), json!({}))
    }),
    case("template-malformed", "a deployment without a template", || {
        deployed(json!({"mode": "Incremental"}), json!({}))
    }),
    case("template-malformed", "a group's function in a template of a subscription", || {
        subscription("[concat('a', resourceGroup().name)]")
    }),
    case("template-malformed", "a group's resource ID in a template of a subscription", || {
        subscription(
            "[resourceId(subscription().subscriptionId, 'shop-rg', 'Microsoft.Cdn/profiles', 'a')]",
        )
    }),
    case(
        "template-malformed",
        "a reference to another template's resource without a version",
        || crossing("[reference(resourceId('Microsoft.KeyVault/vaults', 'demo-kv')).vaultUri]"),
    ),
    case("template-missing-value", "a parameter of a template inside", || {
        let cdn = json!({"type": "Microsoft.Cdn/profiles", "apiVersion": "2024-02-01",
            "name": "[concat('a', parameters('size'))]"});
        inside(json!({"parameters": {"size": {"type": "int"}}, "resources": [cdn]}), json!({}))
    }),
    case("template-unknown-name", "a parameter that a template inside does not take", || {
        inside(json!({"resources": []}), json!({"size": {"value": 1}}))
    }),
    case("template-unknown-name", "an output that a template inside does not have", || {
        let inner = json!({"type": "Microsoft.Resources/deployments", "apiVersion": "2025-04-01", "name": "inner",
            "properties": {"template": {"resources": [], "outputs": {"uri": {"type": "string", "value": "x"}}}}});
        let cdn = json!({"type": "Microsoft.Cdn/profiles", "apiVersion": "2024-02-01", "name": "a",
            "tags": {"at": "[reference('inner').outputs.url.value]"}});
        resources(&[inner, cdn])
    }),
    case("template-unknown-name", "something to wait for", || {
        resource(
            json!({"type": "Microsoft.Cdn/profiles", "apiVersion": "2024-02-01", "name": "a", "dependsOn": ["b"]}),
        )
    }),
    case("template-unsupported", "no output", || {
        let vault = json!({"type": "Microsoft.KeyVault/vaults", "apiVersion": "2024-11-01", "name": "demo-kv"});
        let cdn = json!({"type": "Microsoft.Cdn/profiles", "apiVersion": "2024-02-01", "name": "a",
            "tags": {"state": "[reference('demo-kv').provisioningState]"}});
        bad(
            &serde_json::to_string_pretty(&json!({"resources": [vault, cdn]})).expect("JSON"),
            &plain(),
        )
    }),
];
