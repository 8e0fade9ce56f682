//! `cargo run --bin force-new-facts -- FOLDER`: writes `tests/PROVIDER-force-new.txt` from `FOLDER/PROVIDER-flags.json`, for each
//! Terraform provider.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use xat_tests::force_new;

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1).map(PathBuf::from) else {
        eprintln!("usage: force-new-facts FOLDER");
        return ExitCode::FAILURE;
    };
    for provider in force_new::PROVIDERS {
        if let Err(problem) = write(provider, &folder.join(format!("{provider}-flags.json"))) {
            eprintln!("error: {problem}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn write(provider: &str, flags: &Path) -> Result<(), String> {
    let told = |problem: &dyn std::fmt::Display| format!("{}: {problem}", flags.display());
    let text = std::fs::read_to_string(flags).map_err(|problem| told(&problem))?;
    let flags = serde_json::from_str(&text).map_err(|problem| told(&problem))?;
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("{provider}-force-new.txt"));
    std::fs::write(&out, force_new::from_flags(provider, &flags))
        .map_err(|problem| format!("{}: {problem}", out.display()))
}
