//! Taking secrets out of bodies, so that a recorded estate may be kept with the code.
//!
//! Three rules, of which one is enough:
//!
//! 1. The type says so: what it marks as secret, and what it says is never returned.
//! 2. The name says so: text at a key that ends like `password`, `connectionString` or `accessKey`, and the values of
//!    settings, unless a type describes a property there that is not secret. Outputs are not spared: a connection string
//!    that others use is one all the same, and a plan without it says nothing about who uses it.
//! 3. The text says so: a private key, a signature in a URL, a password in a connection string, wherever it stands.
//!
//! An instrumentation key is none: it names where telemetry goes, and whoever has the page has it too.

use serde_json::{Map, Value as Json};

use super::Recording;
use super::described::{Catalogue, Described};
use super::recording::Recorded;
use crate::schema::ResourceType;

/// What the name of a key with a secret ends with, in lower case and without separators.
const NAMES: &[&str] = &[
    "accesskey",
    "accountkey",
    "apikey",
    "connectionstring",
    "credential",
    "functionkey",
    "hostkey",
    "masterkey",
    "passphrase",
    "passwd",
    "password",
    "primarykey",
    "privatekey",
    "pwd",
    "sasuri",
    "sasurl",
    "secondarykey",
    "secret",
    "sharedkey",
    "signingkey",
    "storagekey",
    "token",
];

/// Names that are a secret's as a whole, and too short to be looked for at the end of others.
const WHOLE_NAMES: &[&str] = &["key", "key1", "key2", "keys", "sas"];

/// Lists and maps of settings: each element's value may be anything.
const SETTINGS: &[&str] = &[
    "appsettings",
    "connectionstrings",
    "environmentvariables",
    "secrets",
    "secureenvironmentvariables",
];

/// What stands in a text that is a secret or holds one.
const SIGNS: &[&str] = &[
    "accountkey=",
    "client_secret=",
    "password=",
    "pwd=",
    "sharedaccesskey=",
    "sharedaccesssignature=",
    "sharedsecretkey=",
];

impl Recording {
    /// Takes out what is or may be secret, and says how many leaves that were. `types` are those that bodies may be of.
    pub fn scrub(&mut self, types: &[&'static ResourceType]) -> usize {
        let catalogue = Catalogue::of(types);
        let unknown = Described::default();
        let mut taken = 0;
        for Recorded { id, kind, body } in self.bodies_mut() {
            let id = id.to_ascii_lowercase();
            let said = body.get("type").and_then(Json::as_str).unwrap_or(kind);
            let known = catalogue.find(&id, said).unwrap_or(&unknown);
            // All that a body of settings holds is settings.
            let settings =
                SETTINGS.contains(&folded(id.rsplit('/').next().unwrap_or(&id)).as_str());
            Scrub { known, taken: &mut taken }.map(body, &mut Vec::new(), settings);
        }
        taken
    }
}

struct Scrub<'a> {
    known: &'a Described,
    taken: &'a mut usize,
}

impl Scrub<'_> {
    /// Goes through an object or list. `settings` says whether it holds settings, whose values may be anything.
    fn map(&mut self, value: &mut Json, path: &mut Vec<String>, settings: bool) {
        match value {
            Json::Object(map) => {
                let keys: Vec<String> = map.keys().cloned().collect();
                for key in keys {
                    path.push(key.to_ascii_lowercase());
                    self.entry(map, &key, path, settings);
                    path.pop();
                }
            }
            Json::Array(list) => {
                let before = list.len();
                list.retain(|value| !value.as_str().is_some_and(tells));
                *self.taken += before - list.len();
                for value in list {
                    self.map(value, path, settings);
                }
            }
            _ => {}
        }
    }

    fn entry(
        &mut self,
        map: &mut Map<String, Json>,
        key: &str,
        path: &mut Vec<String>,
        settings: bool,
    ) {
        let Some(value) = map.get_mut(key) else { return };
        let here = path.join(".");
        let name = folded(key);
        let open = self.known.is_open(path);
        let head = path.len() == 1 && ["id", "name", "type", "kind", "location"].contains(&key);
        let is_text = match value {
            Json::String(_) => true,
            Json::Array(list) => !list.is_empty() && list.iter().all(Json::is_string),
            _ => false,
        };
        let by_name = NAMES.iter().any(|end| name.ends_with(end))
            || WHOLE_NAMES.contains(&name.as_str())
            // A setting is `{"name": .., "value": ..}` in a list, or `NAME: value` in a map.
            || (settings && !["name", "type", "slotsetting", "secretref"].contains(&name.as_str()));
        let told = value.as_str().is_some_and(tells);
        if self.known.is_secret(&here) || (!head && is_text && (told || (by_name && !open))) {
            if !value.is_null() {
                *self.taken += 1;
            }
            map.shift_remove(key);
            return;
        }
        let below = settings || SETTINGS.contains(&name.as_str());
        self.map(value, path, below && !head);
    }
}

/// A name without its separators, in lower case.
fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether a text is a secret by its looks.
fn tells(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let signed = lower.contains("sig=") && (lower.contains("sv=") || lower.contains("se="));
    // `scheme://user:password@host`
    let with_user = lower.split_once("://").is_some_and(|(_, rest)| {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
        authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
    });
    signed
        || with_user
        || (lower.contains("-----begin") && lower.contains("private key"))
        || SIGNS.iter().any(|sign| lower.contains(sign))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{Recording, tells};

    fn scrubbed(body: Json) -> (Json, usize) {
        let mut recording = Recording::default();
        let id = body["id"].as_str().unwrap().to_owned();
        recording.add(&id, "", body);
        let taken = recording.scrub(&[]);
        let body = recording.bodies_mut().next().unwrap().body.clone();
        (body, taken)
    }

    #[test]
    fn names_that_are_secrets_go_and_names_that_are_not_stay() {
        let (body, taken) = scrubbed(json!({
            "id": "/x/y", "name": "password", "type": "Some/secret",
            "properties": {
                "administratorLoginPassword": "CANARY", "primaryKey": "CANARY", "connection_string": "CANARY",
                "Sas-Token": "CANARY", "keys": ["CANARY", "CANARY"], "clientSecret": "CANARY", "key": "CANARY",
                "allowSharedKeyAccess": false, "passwordAuth": "Enabled", "secretUri": "https://v/secrets/s",
                "publicNetworkAccess": "Enabled", "InstrumentationKey": "5a1e", "keySource": "Microsoft.Keyvault",
                "nested": [{"password": "CANARY", "user": "me"}], "keyPolicy": {"days": 1},
            },
        }));
        assert_eq!(taken, 8, "{body:#}");
        assert!(!body.to_string().contains("CANARY"), "{body:#}");
        for stays in [
            "allowSharedKeyAccess",
            "passwordAuth",
            "secretUri",
            "InstrumentationKey",
            "keySource",
            "keyPolicy",
        ] {
            assert!(!body["properties"][stays].is_null(), "{stays} went");
        }
        assert_eq!(body["properties"]["nested"], json!([{"user": "me"}]));
        assert_eq!((&body["name"], &body["type"]), (&json!("password"), &json!("Some/secret")));
    }

    #[test]
    fn values_of_settings_go() {
        let (body, taken) = scrubbed(json!({
            "id": "/x/sites/y", "name": "y", "properties": {"siteConfig": {
                "appSettings": [{"name": "PORT", "value": "CANARY"}],
                "connectionStrings": [{"name": "db", "connectionString": "CANARY", "type": "Custom"}],
            }},
        }));
        assert_eq!(taken, 2, "{body:#}");
        let site = &body["properties"]["siteConfig"];
        assert_eq!(site["appSettings"], json!([{"name": "PORT"}]));
        assert_eq!(site["connectionStrings"], json!([{"name": "db", "type": "Custom"}]));
        let whole = json!({"id": "/x/sites/y/config/appsettings", "name": "appsettings", "properties": {"PORT": "CANARY"}});
        let (body, taken) = scrubbed(whole);
        assert_eq!((taken, &body["properties"]), (1, &json!({})));
    }

    #[test]
    fn text_that_is_a_secret_goes_wherever_it_stands() {
        for text in [
            "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=c2VjcmV0",
            "Server=tcp:s;User ID=u;Password=p",
            "https://a.blob.core.windows.net/c?sv=2024-01-01&sig=abc",
            "postgres://user:hunter2@host/db",
            "-----BEGIN RSA PRIVATE KEY-----",
        ] {
            assert!(tells(text), "{text}");
        }
        for text in [
            "https://a.vault.azure.net/secrets/x",
            "mailto:someone@example.com",
            "ssh://host:22/path",
            "-----BEGIN CERTIFICATE-----",
            "a sentence about a password",
        ] {
            assert!(!tells(text), "{text}");
        }
        let (body, _) = scrubbed(json!({
            "id": "/x", "tags": {"note": "AccountKey=CANARY", "team": "web"}, "list": ["plain", "Pwd=CANARY"],
        }));
        assert_eq!(body, json!({"id": "/x", "tags": {"team": "web"}, "list": ["plain"]}));
    }
}
