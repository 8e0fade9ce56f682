//! `cargo run --bin azurerm-facts -- FOLDER`: writes `tests/azurerm-force-new.txt` from `FOLDER/azurerm-flags.json`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1).map(PathBuf::from) else {
        eprintln!("usage: azurerm-facts FOLDER");
        return ExitCode::FAILURE;
    };
    match write(&folder.join("azurerm-flags.json")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn write(flags: &Path) -> Result<(), String> {
    let told = |problem: &dyn std::fmt::Display| format!("{}: {problem}", flags.display());
    let text = std::fs::read_to_string(flags).map_err(|problem| told(&problem))?;
    let flags = serde_json::from_str(&text).map_err(|problem| told(&problem))?;
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("azurerm-force-new.txt");
    std::fs::write(&out, xat_tests::force_new::from_flags(&flags))
        .map_err(|problem| format!("{}: {problem}", out.display()))
}
