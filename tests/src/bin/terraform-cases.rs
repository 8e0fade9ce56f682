//! `terraform-cases FOLDER`: writes what `.ci/terraform` has the real Terraform judge. For every example, every stack and every step of
//! what changes, a folder with the module in both spellings, the JSON once more with the imports of what exists, and what
//! is expected of it.

use std::path::Path;
use std::process::ExitCode;

use xat_infra::diagnostic::Diagnostic;
use xat_infra::emit::terraform::Syntax;
use xat_infra::graph::Graph;
use xat_tests::{changing, modules};

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: terraform-cases FOLDER");
        return ExitCode::FAILURE;
    };
    match write_all(Path::new(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn write_all(folder: &Path) -> Result<(), String> {
    for (name, graph) in modules::of_examples().map_err(told)? {
        write(&folder.join("examples").join(name.replace('.', "-")), &graph)?;
    }
    for (name, graph) in modules::of_stacks().map_err(told)? {
        write(&folder.join("stacks").join(name), &graph)?;
    }
    for (name, graph) in changing::steps().map_err(told)? {
        write(&folder.join("changing").join(name), &graph)?;
    }
    Ok(())
}

fn told(problems: Vec<Diagnostic>) -> String {
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}

fn write(folder: &Path, graph: &Graph) -> Result<(), String> {
    let file = |name: &str, text: String| {
        let path = folder.join(name);
        path.parent()
            .map_or(Ok(()), std::fs::create_dir_all)
            .and_then(|()| std::fs::write(&path, text))
            .map_err(|e| format!("{}: {e}", path.display()))
    };
    let of = |text: Result<String, Vec<Diagnostic>>| {
        text.map_err(|problems| format!("{}: {}", folder.display(), told(problems)))
    };
    let json = of(modules::text(graph, Syntax::Json))?;
    let module = serde_json::from_str(&json).map_err(|e| format!("{}: {e}", folder.display()))?;
    file("ignoring/main.tf.json", modules::ignoring(graph, &module).to_string())?;
    file("expected.json", modules::expected(graph, &module).to_string())?;
    file("json/main.tf.json", json)?;
    file("hcl/main.tf", of(modules::text(graph, Syntax::Hcl))?)?;
    let estate = modules::estate(graph).map_err(told)?;
    file("existing/main.tf.json", of(modules::taken_over(graph, &estate, Syntax::Json))?)
}
