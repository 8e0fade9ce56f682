//! By what Terraform imports what exists, held to the forms that the providers' documentation says.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use xat_infra::graph::{self, Graph};
use xat_infra::live::Estate;
use xat_tests::modules::estate;

use crate::emit_forms::{graphs, on_azure};
use crate::emit_history::{pairs, taken_over};

/// What is made anew beside what is there: imported, it would be replaced.
const MADE_ANEW: [&str; 1] = ["google_secret_manager_secret_version"];

/// By what each resource is imported, one of several forms: what stands in square brackets at the end may be left out.
fn forms() -> BTreeMap<String, Vec<String>> {
    let text = include_str!("../../terraform-imports.tsv");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let forms = |form: &str| match form.strip_suffix(']').and_then(|form| form.split_once('[')) {
        Some((start, end)) => vec![start.to_owned(), format!("{start}{end}")],
        None => vec![form.to_owned()],
    };
    lines.filter_map(|line| line.split_once('\t')).map(|(a, b)| (a.into(), forms(b))).collect()
}

/// Whether text is of a form: `{}` is a name, `{scope}` any ID, `{title}` any text, another word one without spaces.
fn is_of_form(form: &str, text: &str) -> bool {
    let Some((literal, rest)) = form.split_once('{') else { return form == text };
    let Some(text) = text.strip_prefix(literal) else { return false };
    let Some((word, rest)) = rest.split_once('}') else { return false };
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]).skip(1);
    let whole = |found: &str| match word {
        "scope" | "title" => true,
        "" => !found.contains(['/', '|', ' ']),
        _ => !found.contains(' '),
    };
    ends.into_iter().any(|end| whole(&text[..end]) && is_of_form(rest, &text[end..]))
}

#[test]
fn forms_are_told_apart() {
    let plan = "/subscriptions/{}/providers/Microsoft.Web/serverFarms/{}";
    assert!(is_of_form(plan, "/subscriptions/s/providers/Microsoft.Web/serverFarms/p"));
    assert!(!is_of_form(plan, "/subscriptions/s/providers/Microsoft.Web/serverfarms/p"));
    assert!(!is_of_form(plan, "/subscriptions/s/providers/Microsoft.Web/serverFarms/p/more"));
    assert!(is_of_form("{scope}|{}", "/subscriptions/s/vaults/v|logs"));
    assert!(!is_of_form("{scope}|{}", "/subscriptions/s/vaults/v"));
    let member = &forms()["google_project_iam_member"];
    let of = |id: &str| member.iter().any(|form| is_of_form(form, id));
    assert!(of("shop roles/viewer user:a@example.com"));
    assert!(of("shop roles/viewer user:a@example.com until 2027"));
    assert!(!of("shop roles/viewer"));
    assert!(!of("projects/shop roles/viewer user:a@example.com"));
}

/// What is wrong with how the resources of a module are imported; the ones that are there are noted.
fn misfits(
    (name, module): (&str, &Json),
    forms: &BTreeMap<String, Vec<String>>,
    seen: &mut BTreeSet<String>,
) -> Vec<String> {
    let imports = pairs(module, "import", ["to", "id"]);
    let mut wrong = Vec::new();
    for (resource, labels) in module["resource"].as_object().unwrap() {
        seen.insert(resource.clone());
        for label in labels.as_object().unwrap().keys() {
            let id = imports.get(&format!("{resource}.{label}"));
            let known = forms.get(resource);
            let fits = |id: &String| known?.iter().find(|form| is_of_form(form, id));
            if id.is_none() && MADE_ANEW.contains(&resource.as_str()) {
                continue;
            }
            if id.and_then(fits).is_none() {
                wrong.push(format!("{name}: {resource}.{label}: {id:?}, and should be {known:?}"));
            }
        }
    }
    wrong
}

/// The forms of a provider's resources of which none was seen.
fn unseen(forms: BTreeMap<String, Vec<String>>, of: &str, seen: &BTreeSet<String>) -> Vec<String> {
    let listed = forms.into_keys().filter(|resource| resource.starts_with(of));
    listed.filter(|resource| !seen.contains(resource)).collect()
}

/// Every resource of every type, and of every part of it, is imported by what the provider's documentation says.
#[test]
fn what_exists_is_imported_as_the_provider_says() {
    let forms = forms();
    let (mut seen, mut wrong) = (BTreeSet::new(), Vec::new());
    for (name, graph) in on_azure() {
        let module = taken_over(&graph, &Estate::as_applied(&graph).unwrap())
            .unwrap_or_else(|p| panic!("{name}: {p:#?}"));
        wrong.extend(misfits((&name, &module), &forms, &mut seen));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Every form is one of a resource that there is. A webhook's address is secret: it is never its own.
    assert_eq!(unseen(forms, "az", &seen), ["azurerm_container_registry_webhook"]);
}

/// The stacks and examples on Google Cloud, and one more for the channel whose example has a secret.
fn of_google() -> Vec<(String, Graph)> {
    let mut stack = xat_tests::examples::stack();
    let name = xat_infra::name!("Shop by mail");
    stack.add(xat_infra::gcp::NotificationChannel::email(name, "shop@example.com"));
    let on_google = |graph: &Graph| graph.nodes.iter().any(|n| n.ty.provider.name == "gcp");
    let mut out = graphs();
    out.retain(|(_, graph)| on_google(graph));
    out.push(("notification_channel".to_owned(), graph::build(stack).unwrap()));
    out
}

/// The same of every resource on Google Cloud.
#[test]
fn what_exists_on_google_cloud_is_imported_as_the_provider_says() {
    let forms = forms();
    let (mut seen, mut wrong) = (BTreeSet::new(), Vec::new());
    for (name, graph) in of_google() {
        let module = taken_over(&graph, &estate(&graph).unwrap())
            .unwrap_or_else(|p| panic!("{name}: {p:#?}"));
        wrong.extend(misfits((&name, &module), &forms, &mut seen));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(unseen(forms, "google_", &seen), [""; 0]);
}

/// A member of a policy is imported by role and member, and by the title of its condition where it has one.
#[test]
fn a_member_is_imported_with_its_condition() {
    let (mut bare, mut conditional) = (0, 0);
    for (name, graph) in of_google() {
        let module = taken_over(&graph, &estate(&graph).unwrap()).unwrap();
        let imports = pairs(&module, "import", ["to", "id"]);
        let resources = module["resource"].as_object().unwrap().iter();
        for (resource, labels) in
            resources.filter(|(resource, _)| resource.ends_with("_iam_member"))
        {
            for (label, body) in labels.as_object().unwrap() {
                let id = &imports[&format!("{resource}.{label}")];
                let words: Vec<&str> = id.split(' ').collect();
                assert_eq!(words[1], body["role"], "{name}: {id}");
                match body["condition"]["title"].as_str() {
                    Some(title) => assert_eq!(words[3..].join(" "), title, "{name}: {id}"),
                    None => assert_eq!(words.len(), 3, "{name}: {id}"),
                }
                *(if words.len() > 3 { &mut conditional } else { &mut bare }) += 1;
            }
        }
    }
    assert!(bare > 5 && conditional >= 6, "{bare} without a condition, {conditional} with one");
    // Who the member is, as the estate has it.
    let graph = graph::build(xat_stacks::legacy::stack()).unwrap();
    let module = taken_over(&graph, &estate(&graph).unwrap()).unwrap();
    let imports = pairs(&module, "import", ["to", "id"]);
    let secret = "projects/xat-backend/secrets/rollbar-token";
    let account = "xat-backend-cloudrun@xat-backend.iam.gserviceaccount.com";
    let member = "google_secret_manager_secret_iam_member.app_rollbar-token_secretmanager_secretAccessor_xat-backend-cloudrun";
    assert_eq!(
        imports[member],
        format!("{secret} roles/secretmanager.secretAccessor serviceAccount:{account}")
    );
    let version = "google_secret_manager_secret_version.data_rollbar-token";
    assert!(!imports.contains_key(version));
}
