//! An `az` that keeps a cloud in a folder: `az rest` with GET, PUT, DELETE and the POST that registers a provider, and
//! nothing else.
//!
//! It is strict where the real one is: what holds a resource and whatever its body refers to must be there first, what
//! others refer to cannot be deleted, nor can what the service never deletes, and the name of a deleted vault is taken. It
//! writes down every argument it got, so that a test can see that no secret was among them. `FAKE_ARM` names the folder:
//! `model.json` has what services add of their own, `undeletable.json` what cannot be deleted, `estate.json` what is there.
//! `FAKE_FAIL` fails writes to IDs with that word in them, `FAKE_LOSE` the writes with these numbers after they were done.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Value as Json, json};
use xat_tests::double::{add, lost, note, read, strings, write};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let folder = PathBuf::from(std::env::var_os("FAKE_ARM").unwrap_or_default());
    match run(&args, &folder) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("ERROR: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String], folder: &Path) -> Result<String, String> {
    note(folder, args)?;
    let option = |name: &str| {
        args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1)).map(String::as_str)
    };
    if args.first().map(String::as_str) != Some("rest") {
        return Err(format!("only `az rest` is known here, not {args:?}"));
    }
    let url = option("--url").ok_or("no --url")?;
    let (id, query) = url.split_once('?').ok_or("no API version")?;
    if !query.starts_with("api-version=20") {
        return Err(format!("what API version is {query}?"));
    }
    let mut estate = read(&folder.join("estate.json"));
    let key = id.to_ascii_lowercase();
    // Settings can hold secrets: who may read the rest may not read them.
    let settings = "/config/appsettings";
    match option("--method").unwrap_or("get") {
        "get" if key.ends_with(settings) => Err(format!("Method Not Allowed: GET {id}")),
        "post" if key.ends_with(&format!("{settings}/list")) => {
            let of = key.trim_end_matches("/list");
            let site = of.trim_end_matches(settings);
            match (estate.get(of), estate.contains_key(site)) {
                (Some(body), _) => Ok(body.to_string()),
                (None, true) => Ok(json!({"properties": {}}).to_string()),
                (None, false) => Err(format!("Not Found({site})")),
            }
        }
        "get" => match estate.get_mut(&key) {
            Some(body) => {
                let out = body.to_string();
                // The first look after a write sees it still at work.
                if body["properties"]["provisioningState"] == "Updating" {
                    body["properties"]["provisioningState"] = json!("Succeeded");
                    write(&folder.join("estate.json"), &estate)?;
                } else if let Some(state) = body["registrationState"].as_str()
                    && let Some(word) = state.strip_suffix("ing")
                {
                    body["registrationState"] = json!(format!("{word}ed"));
                    write(&folder.join("estate.json"), &estate)?;
                }
                Ok(out)
            }
            None => Err(format!(
                "Not Found({{\"error\":{{\"code\":\"ResourceNotFound\",\"message\":\"{id}\"}}}})"
            )),
        },
        "delete" => {
            deletable(&key, &estate, folder)?;
            if let Some((kept, body)) = deleted_vault(id) {
                estate.insert(kept, body);
            }
            estate.retain(|known, _| *known != key && !known.starts_with(&format!("{key}/")));
            write(&folder.join("estate.json"), &estate)?;
            Ok(String::new())
        }
        "put" => {
            if option("--body") != Some("@-") {
                return Err("a body comes by standard input".into());
            }
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map_err(|e| e.to_string())?;
            let mut body: Json = serde_json::from_str(&text).map_err(|e| format!("{e}: {text}"))?;
            let model = read(&folder.join("model.json"));
            ordered(&key, &body, &estate, &model)?;
            if std::env::var("FAKE_FAIL").is_ok_and(|word| key.contains(&word)) {
                return Err("Bad Request: told to fail".into());
            }
            if let Some((kept, _)) = deleted_vault(id)
                && estate.remove(&kept).is_some()
                && body["properties"]["createMode"] != "recover"
            {
                return Err(format!("Conflict: a deleted vault has the name of {id}"));
            }
            if let Some(answer) = model.get(&key) {
                add(&mut body, answer);
            }
            body["id"] = json!(id);
            if body["properties"].is_object() && !key.ends_with(settings) {
                body["properties"]["provisioningState"] = json!("Updating");
            }
            estate.insert(key, body);
            write(&folder.join("estate.json"), &estate)?;
            lost(folder)?;
            Ok(String::new())
        }
        "post" => {
            let (provider, action) = id.rsplit_once('/').ok_or("no action")?;
            let body = estate.entry(provider.to_ascii_lowercase()).or_insert_with(
                || json!({"id": provider, "namespace": provider.rsplit('/').next()}),
            );
            body["registrationState"] = json!(match action {
                "register" => "Registering",
                "unregister" => "Unregistering",
                other => return Err(format!("what is the action {other}?")),
            });
            write(&folder.join("estate.json"), &estate)?;
            Ok(String::new())
        }
        other => Err(format!("what is {other}?")),
    }
}

/// Refuses to delete what others still refer to, and what cannot be deleted.
fn deletable(key: &str, estate: &BTreeMap<String, Json>, folder: &Path) -> Result<(), String> {
    if read(&folder.join("undeletable.json")).contains_key(key) {
        return Err(format!("Method Not Allowed: {key}"));
    }
    let below = format!("{key}/");
    for (other, body) in estate.iter().filter(|(id, _)| *id != key && !id.starts_with(&below)) {
        let mut refers = false;
        strings(body, &mut |text| refers |= text.eq_ignore_ascii_case(key));
        if refers {
            return Err(format!("Conflict: {other} needs {key}"));
        }
    }
    Ok(())
}

/// What a service keeps of a vault that was deleted, and where.
fn deleted_vault(id: &str) -> Option<(String, Json)> {
    let (scope, rest) = id.split_once("/resourceGroups/")?;
    let name = rest.split_once("/providers/Microsoft.KeyVault/vaults/")?.1;
    if name.contains('/') {
        return None;
    }
    let kept =
        format!("{scope}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/{name}");
    let body = json!({"id": kept, "name": name, "type": "Microsoft.KeyVault/deletedVaults",
        "properties": {"vaultId": id}});
    Some((kept.to_ascii_lowercase(), body))
}

/// Refuses what comes before what holds it, or before what it refers to.
fn ordered(
    key: &str,
    body: &Json,
    estate: &BTreeMap<String, Json>,
    model: &BTreeMap<String, Json>,
) -> Result<(), String> {
    let known = |id: &str| !model.contains_key(id) || estate.contains_key(id);
    let mut at = key;
    while let Some((above, _)) = at.rsplit_once('/') {
        at = above;
        if !known(at) {
            return Err(format!("{key} before {at}, which holds it"));
        }
    }
    let mut missing = None;
    strings(body, &mut |text| {
        let text = text.to_ascii_lowercase();
        if text != key && !known(&text) {
            missing = Some(text);
        }
    });
    missing.map_or(Ok(()), |id| Err(format!("{key} before {id}, to which it refers")))
}
