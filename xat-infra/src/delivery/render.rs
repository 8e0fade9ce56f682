//! From facts to files: the list of all files, and the template engine with one way to quote for each language.

use serde::Serialize;
use serde_json::to_string as quoted;
use tera::{Context, Kwargs, State, Tera};

use super::facts::Facts;
use super::target::{Host, Template};
use crate::diagnostic::Diagnostic;
use crate::emit::File;
use crate::value::Place;

/// Writes the list with each template's text in the program.
macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        &[$(Template::new($name, include_str!(concat!("templates/", $name, ".tera")))),*]
    };
}

/// The files that every workload has, by name.
const FILES: &[Template] = templates![
    ".dockerignore",
    ".github/workflows/plan{environment}.yml",
    ".github/workflows/test.yml",
    "Dockerfile",
    "backup/Dockerfile",
    "backup/RUNBOOK{environment}.md",
    "backup/backup.py",
    "backup/blob.py",
    "backup/bucket.py",
    "backup/manifest.py",
    "backup/postgres.py",
    "backup/report.py",
    "backup/restore.py",
    "backup/store.py",
    "compose.yaml",
    "gunicorn-cfg.py",
    "workload/__init__.py",
    "workload/apps.py",
    "workload/health.py",
    "workload/logs.py",
    "workload/requirements.in",
    "workload/settings.py",
];

/// What every file that allows comments begins with.
const HEADER: Template = Template::new("header", include_str!("templates/header.tera"));

/// What only workloads with backups have.
const OF_BACKUPS: &str = "backup/";

/// What the name of a file has in it that only one environment has.
pub(super) const OF_ENVIRONMENT: &str = "{environment}";

/// All files for a host, by name.
pub(super) fn render(
    facts: &Facts,
    host: &'static Host,
    at: Place,
) -> Result<Vec<File>, Vec<Diagnostic>> {
    let wanted = |file: &&Template| facts.backups.is_some() || !file.name.starts_with(OF_BACKUPS);
    let mut files: Vec<&Template> = FILES.iter().chain(host.files).filter(wanted).collect();
    files.sort_by_key(|file| file.name);
    let sign_in = Template::new("sign-in", host.live.sign_in);
    let parts: Vec<&Template> = host.parts.iter().chain([&HEADER, &sign_in]).collect();
    let mut files = rendered(&files, &parts, facts).map_err(|problems| -> Vec<_> {
        problems.into_iter().map(|problem| problem.at(at, "delivered here")).collect()
    })?;
    for file in &mut files {
        file.name = facts.file(&file.name);
    }
    Ok(files)
}

/// The templates as files, and those that they include. A name that is not among the facts is an error, never an empty text.
fn rendered(
    files: &[&Template],
    parts: &[&Template],
    facts: &impl Serialize,
) -> Result<Vec<File>, Vec<Diagnostic>> {
    let mut engine = Tera::new();
    // What is written is no HTML.
    engine.autoescape_on(Vec::<&'static str>::new());
    for language in ["python", "yaml"] {
        // A JSON string means itself in both.
        engine.register_filter(language, |text: &str, _: Kwargs, _: &State| {
            quoted(text).unwrap_or_default()
        });
    }
    let texts = files.iter().chain(parts).map(|file| (file.name, file.text));
    engine.add_raw_templates(texts).map_err(|error| failed("templates", &error))?;
    let mut context = Context::from_serialize(facts).map_err(|error| failed("facts", &error))?;
    files
        .iter()
        .map(|file| {
            // What is the same for all environments must not say of which stack it is.
            context.insert("of_environment", &file.name.contains(OF_ENVIRONMENT));
            let text =
                engine.render(file.name, &context).map_err(|error| failed(file.name, &error))?;
            Ok(File { executable: file.name.ends_with(".sh"), ..File::text(file.name, text) })
        })
        .collect()
}

fn failed(name: &str, error: &tera::Error) -> Vec<Diagnostic> {
    let problem =
        Diagnostic::error("delivery-template", format!("`{name}` could not be made: {error}"));
    vec![problem.help("this is a mistake in xat-infra; please report it with the stack's workload")]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name that no fact has, and a filter that nobody registered, are errors rather than gaps in a file.
    #[test]
    fn a_template_cannot_leave_a_gap() {
        let one = |text| {
            let file = Template::new("planted", text);
            rendered(&[&file], &[], &serde_json::json!({"port": 8000, "name": "a\"b"}))
        };
        let told = |text| one(text).expect_err("refused")[0].clone();
        assert_eq!(one("{{ port }} {{ name | yaml }}").unwrap()[0].text, "8000 \"a\\\"b\"");
        for wrong in ["{{ prot }}", "{{ name.first }}", "{{ name | shell }}", "{% if port %}"] {
            let problem = told(wrong);
            assert_eq!(problem.code, "delivery-template", "{wrong}");
            assert!(problem.message.contains("planted") || problem.message.contains("templates"));
        }
    }
}
