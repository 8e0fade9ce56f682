//! `facts FOLDER`: writes `tests/facts` anew from the providers' schemas in a folder, and names what it has no schema of.

use std::path::Path;
use std::process::ExitCode;

use xat_tests::facts::extract;

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: facts FOLDER");
        return ExitCode::FAILURE;
    };
    match write(Path::new(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path) -> Result<(), String> {
    let to = Path::new(env!("CARGO_MANIFEST_DIR")).join("facts");
    let taken = [
        ("azurerm.json", extract::terraform(&folder.join("azurerm"), "azurerm")?),
        ("google.json", extract::terraform(&folder.join("google"), "google")?),
        ("azurerm-rules.json", (extract::rules(&folder.join("azurerm-flags.json"))?, Vec::new())),
        ("arm.json", extract::arm(&folder.join("arm"))?),
    ];
    for (name, (facts, unknown)) in taken {
        let path = to.join(name);
        std::fs::write(&path, lines(&facts)).map_err(|e| format!("{}: {e}", path.display()))?;
        for name in unknown {
            println!("no schema of {name}");
        }
    }
    Ok(())
}

/// One line a type, so that a difference can be read.
fn lines(facts: &serde_json::Value) -> String {
    let entries = facts.as_object().into_iter().flatten();
    let rows: Vec<String> = entries.map(|(name, fact)| format!("\"{name}\": {fact}")).collect();
    format!("{{\n{}\n}}\n", rows.join(",\n"))
}
