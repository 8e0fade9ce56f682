//! A `gcloud` and a `curl` that keep a Google Cloud in a folder, by the name under which they are run.
//!
//! `gcloud` hands out tokens, `curl` answers for the services (`xat_tests::double::google`). They are strict: no option but
//! those that a script needs, a token by curl's configuration and never as an argument, no method that the services do not
//! have. `FAKE_ARM` names the folder; `FAKE_FAIL` fails writes to URLs with that word in them, `FAKE_LOSE` loses the
//! answers of the writes with these numbers, `FAKE_RACE` has others write policies, `FAKE_TOKEN` lets a token end after so
//! many requests.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::Value as Json;
use xat_tests::double::google::{Answer, Google, Request, refusal};
use xat_tests::double::{lost, methods, note};

fn main() -> ExitCode {
    let mut args = std::env::args();
    let program = args.next().unwrap_or_default();
    let args: Vec<String> = args.collect();
    let folder = PathBuf::from(std::env::var_os("FAKE_ARM").unwrap_or_default());
    let ran = note(&folder, &args).and_then(|()| match program.ends_with("gcloud") {
        true => gcloud(&args, &folder),
        false => curl(&args, &folder),
    });
    match ran {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{program}: {why}");
            ExitCode::FAILURE
        }
    }
}

fn gcloud(args: &[String], folder: &Path) -> Result<String, String> {
    if args != ["auth", "print-access-token"] {
        return Err(format!("only tokens are known here, not {args:?}"));
    }
    let token = format!("CANARY-token-{}", std::process::id());
    std::fs::write(folder.join("token"), format!("{token} 0")).map_err(|e| e.to_string())?;
    Ok(token)
}

fn curl(args: &[String], folder: &Path) -> Result<String, String> {
    let (mut config, mut verb, mut data, mut url) = (None, None, false, None);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} wants a value"));
        match arg.as_str() {
            "--silent" | "--show-error" | "--globoff" => {}
            "--proto" if value()? == "=https" => {}
            "--connect-timeout" | "--max-time" | "--write-out" | "--header" => drop(value()?),
            "--config" => config = Some(value()?),
            "--request" => verb = Some(value()?),
            "--data-binary" if value()? == "@-" => data = true,
            text if text.starts_with("https://") => url = Some(text),
            other => return Err(format!("what is {other}?")),
        }
    }
    let (Some(config), Some(verb), Some(url)) = (config, verb, url) else {
        return Err("a request has a configuration, a verb and a URL".into());
    };
    let mut body = String::new();
    if data {
        std::io::stdin().read_to_string(&mut body).map_err(|e| e.to_string())?;
    }
    let config = std::fs::read_to_string(config).map_err(|e| e.to_string())?;
    let (status, answer) = match taken(&config, folder)? {
        true => serve(verb, url, &body, folder)?,
        false => refusal(401, "the token is none, or an old one"),
    };
    let answer = if status == 204 { String::new() } else { answer.to_string() };
    Ok(format!("{answer}\n{status}"))
}

/// Whether the configuration has the newest token, and that is still good.
fn taken(config: &str, folder: &Path) -> Result<bool, String> {
    let file = folder.join("token");
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    let Some((token, used)) = kept.split_once(' ') else { return Ok(false) };
    let used: u64 = used.parse().unwrap_or_default();
    let most = std::env::var("FAKE_TOKEN").ok().and_then(|most| most.parse().ok());
    if !config.contains(&format!("Bearer {token}\"")) || used >= most.unwrap_or(u64::MAX) {
        return Ok(false);
    }
    std::fs::write(&file, format!("{token} {}", used + 1)).map_err(|e| e.to_string())?;
    Ok(true)
}

fn serve(verb: &str, url: &str, body: &str, folder: &Path) -> Result<Answer, String> {
    let method = match methods::method(verb, url) {
        Ok(method) => method,
        Err(why) => return Ok(refusal(400, &why)),
    };
    let reads = verb == "GET" || url.contains(":getIamPolicy");
    if !reads && std::env::var("FAKE_FAIL").is_ok_and(|word| url.contains(&word)) {
        return Ok(refusal(400, "told to fail"));
    }
    let body: Json = match body {
        "" => Json::Null,
        text => serde_json::from_str(text).map_err(|e| format!("{e}: {text}"))?,
    };
    let rest = url.strip_prefix("https://").unwrap_or(url);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (service, path) = path.split_once('/').unwrap_or_default();
    let path =
        ["compute/", "storage/"].iter().find_map(|root| path.strip_prefix(root)).unwrap_or(path);
    let path = path.split_once('/').unwrap_or_default().1;
    let query: BTreeMap<String, String> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (key.to_owned(), decoded(value)))
        .collect();
    let mut google = Google::open(folder);
    let key = format!("{service}/{}", decoded(path));
    let answer = google.answer(&Request { method: &method, key, query, body });
    google.save()?;
    if !reads && answer.0 < 300 {
        lost(folder)?;
    }
    Ok(answer)
}

fn decoded(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let digits: String = bytes.by_ref().take(2).map(char::from).collect();
                out.push(u8::from_str_radix(&digits, 16).unwrap_or(b'%'));
            }
            byte => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
