//! Writes to the double of Google Cloud: actions, what is made, changed and deleted, and what of these is refused.

use serde_json::{Map, Value as Json, json};

use super::google::{Answer, Google, NUMBER, Request, pending, refusal, shown};
use super::{add, strings};

impl Google {
    pub(super) fn act(&mut self, request: &Request<'_>, key: &str, action: &str) -> Answer {
        match action {
            "getIamPolicy" => return self.policy(key),
            "setIamPolicy" => {
                let policy = request.body.get("policy").unwrap_or(&request.body).clone();
                return self.set_policy(key, policy);
            }
            "enable" if key.starts_with("serviceusage") => {
                if request.body != json!({}) {
                    return refusal(400, "enabling takes nothing");
                }
                self.things.insert(key.to_owned(), json!({"state": "ENABLED"}));
                return self.told(request.method, key);
            }
            "addVersion" => {
                if !self.things.contains_key(key) {
                    return refusal(404, "no such secret");
                }
                let data = request.body["payload"]["data"].as_str().unwrap_or_default();
                if request.body.as_object().is_none_or(|body| body.len() != 1) || !is_base64(data) {
                    return refusal(400, "payload.data is base64, and nothing else is taken");
                }
                let number = self.versions(key).len() + 1;
                let path = key.split_once('/').unwrap_or_default().1;
                let path = path.replacen("projects/", "", 1);
                let name = path.split_once('/').unwrap_or_default().1;
                let name = format!("projects/{NUMBER}/{name}/versions/{number}");
                let made = format!("{key}/versions/{number}");
                self.things
                    .insert(made.clone(), json!({"name": name, "state": "ENABLED", "$data": data}));
                return (200, shown(&self.things[&made]));
            }
            _ => {}
        }
        let key = key.replace(&format!("projects/{NUMBER}/"), &self.project());
        let next = self.next();
        let Some(thing) = self.things.get_mut(&key) else { return refusal(404, "not found") };
        let body = &request.body;
        match action {
            "enable" if key.contains("/versions/") => thing["state"] = json!("ENABLED"),
            "disable" if key.contains("/versions/") => thing["state"] = json!("DISABLED"),
            "destroy" => thing["state"] = json!("DESTROYED"),
            "enable" => thing["disabled"] = json!(false),
            "disable" => thing["disabled"] = json!(true),
            "pause" => thing["state"] = json!("PAUSED"),
            "resume" => thing["state"] = json!("ENABLED"),
            "undelete" => thing["state"] = json!("ACTIVE"),
            "setLabels" | "setResourceLabels" => {
                if body["labelFingerprint"] != thing["labelFingerprint"] {
                    return refusal(
                        412,
                        "Labels fingerprint either invalid or resource labels have changed",
                    );
                }
                let of = if action == "setLabels" { "labels" } else { "resourceLabels" };
                thing[of] = body[of].clone();
                thing["labelFingerprint"] = json!(next);
            }
            "setPrivateIpGoogleAccess" | "expandIpCidrRange" => {
                for (key, value) in body.as_object().into_iter().flatten() {
                    thing[key] = value.clone();
                }
            }
            other => return refusal(400, &format!("what is {other}?")),
        }
        self.told(request.method, &key)
    }

    pub(super) fn create(&mut self, request: &Request<'_>, key: &str) -> Answer {
        let body = &request.body;
        let by_query = request
            .method
            .query
            .iter()
            .find(|key| key.ends_with("Id") && **key != "requestId" && **key != "projectId");
        let text = |value: &Json| {
            value.as_str().map(|text| text.rsplit('/').next().unwrap_or(text).to_owned())
        };
        let name = match by_query {
            Some(parameter) => request.query.get(*parameter).cloned(),
            None if key.starts_with("monitoring") => Some(self.next()),
            None if key.ends_with("/connections") => Some(String::new()),
            None => [&body["name"], &body["id"], &body["cluster"]["name"]]
                .into_iter()
                .find_map(text)
                .or_else(|| {
                    let project = key.split('/').nth(2)?;
                    Some(format!(
                        "{}@{project}.iam.gserviceaccount.com",
                        body["accountId"].as_str()?
                    ))
                }),
        };
        let Some(name) = name else { return refusal(400, "it has no name") };
        let made = match body["network"].as_str() {
            Some(network) if key.ends_with("/connections") => self.connection(network),
            _ => format!("{key}/{name}"),
        };
        if self.things.contains_key(&made) {
            return refusal(409, &format!("{made} already exists"));
        }
        if let Err(why) = self.ordered(&made, body) {
            return why;
        }
        let mut thing = [&body["serviceAccount"], &body["cluster"], body]
            .into_iter()
            .find(|inner| inner.is_object())
            .cloned()
            .unwrap_or_else(|| json!({}));
        let path = made.split_once('/').unwrap_or_default().1.to_owned();
        if let Json::Object(map) = &mut thing {
            // What the service does not take in a first body.
            if made.contains("/addresses/") {
                map.remove("labels");
                map.insert("labelFingerprint".into(), json!("0"));
            }
            if made.contains("/serviceAccounts/") {
                map.remove("disabled");
            }
            if made.contains("/subnetworks/") {
                map.insert("fingerprint".into(), json!("0"));
            }
            if made.starts_with("sqladmin") && made.split('/').count() == 5 {
                settings(map).insert("settingsVersion".into(), json!("0"));
            }
            let short = ["compute", "sqladmin", "storage", "logging", "cloudbuild", "container"];
            if !short.iter().any(|service| made.starts_with(service)) {
                map.insert("name".into(), json!(path));
            }
        }
        if made.ends_with("servicenetworking-googleapis-com") {
            thing["peering"] = json!("servicenetworking-googleapis-com");
        }
        let model = match thing["displayName"].as_str() {
            Some(shown) if made.starts_with("monitoring") => format!("{key}/{shown}"),
            _ => made.clone(),
        };
        if let Some(answer) = self.model.get(&model) {
            add(&mut thing, answer);
        }
        self.things.insert(made.clone(), thing);
        self.told(request.method, &made)
    }

    pub(super) fn change(&mut self, request: &Request<'_>, key: &str) -> Answer {
        let next = self.next();
        let service = key.split('.').next().unwrap_or_default().to_owned();
        let body = request.body.get("serviceAccount").unwrap_or(&request.body);
        let Some(thing) = self.things.get_mut(key) else { return refusal(404, "not found") };
        if thing["$pending"].as_u64().unwrap_or_default() > 0 {
            return (
                409,
                json!({"error": {"code": 409, "message": "at work", "errors": [{"reason": "operationInProgress"}]}}),
            );
        }
        let settings = |body: &Json| body["settings"]["settingsVersion"].clone();
        let guards =
            [(&body["fingerprint"], &thing["fingerprint"]), (&body["etag"], &thing["etag"])];
        if guards.iter().any(|(said, is)| said != is && !said.is_null())
            || (!settings(body).is_null() && settings(body) != settings(thing))
            || (key.contains("/subnetworks/") && body["fingerprint"].is_null())
        {
            return refusal(412, "it was changed since it was read");
        }
        let mask = request.query.get("updateMask").map(String::as_str);
        let mask = mask.or_else(|| request.body["updateMask"].as_str());
        let masked =
            request.method.query.contains(&"updateMask") || key.contains("/serviceAccounts/");
        match mask {
            Some(mask) => {
                for path in mask.split(',').filter(|path| !path.is_empty()) {
                    let keys: Vec<&str> = path.split('.').collect();
                    let value = keys.iter().try_fold(body, |at, key| at.get(key)).cloned();
                    put(thing, &keys, value);
                }
            }
            None if service == "run" => {
                // What the whole does not say goes.
                let mut whole = body.clone();
                if let Some(answer) = self.model.get(key) {
                    for kept in ["uri", "latestReadyRevision", "name"] {
                        add(&mut whole, &json!({kept: answer[kept]}));
                    }
                }
                *thing = whole;
            }
            None if masked => return refusal(400, "a PATCH of this service names what it changes"),
            None => merge(thing, body),
        }
        for guard in ["fingerprint", "etag"] {
            if !thing[guard].is_null() {
                thing[guard] = json!(next);
            }
        }
        if !thing["settings"]["settingsVersion"].is_null() {
            thing["settings"]["settingsVersion"] = json!(next);
        }
        self.told(request.method, key)
    }

    pub(super) fn delete(&mut self, request: &Request<'_>, key: &str) -> Answer {
        let Some(thing) = self.things.get(key) else { return refusal(404, "not found") };
        if thing["settings"]["deletionProtectionEnabled"] == true {
            return refusal(400, "The instance is protected.");
        }
        let path = key.split_once('/').unwrap_or_default().1;
        let below = format!("{key}/");
        for (other, body) in
            self.things.iter().filter(|(other, _)| *other != key && !other.starts_with(&below))
        {
            // A thing of another service may have the same name, and says it of itself.
            let own_name = other.split_once('/').unwrap_or_default().1 == path;
            let mut refers = false;
            strings(body, &mut |text| {
                let named = text == path || text.ends_with(&format!("/{path}"));
                refers |= if own_name { text.ends_with(key) } else { named };
            });
            if refers {
                return refusal(400, &format!("{other} uses {key}"));
            }
        }
        match key.contains("/workloadIdentityPools/") {
            true => self
                .things
                .get_mut(key)
                .into_iter()
                .for_each(|thing| thing["state"] = json!("DELETED")),
            false => self.things.retain(|other, _| other != key && !other.starts_with(&below)),
        }
        self.policies.remove(key);
        self.told(request.method, key)
    }

    /// Refuses what comes before what holds it, or before what it refers to.
    fn ordered(&self, key: &str, body: &Json) -> Result<(), Answer> {
        let mut segments: Vec<&str> = key.split('/').collect();
        while segments.len() > 3 {
            segments.truncate(segments.len() - 2);
            let above = segments.join("/");
            if !self.model.contains_key(&above) {
                continue;
            }
            match self.things.get(&above) {
                None => return Err(refusal(404, &format!("{key} before {above}, which holds it"))),
                Some(above) if pending(above) => return Err(refusal(400, "resourceNotReady")),
                Some(_) => {}
            }
        }
        let mut missing = None;
        strings(body, &mut |text| {
            let named = |model: &&String| {
                let path = model.split_once('/').unwrap_or_default().1;
                model.as_str() != key
                    && path.len() > 8
                    && (text == path || text.ends_with(&format!("/{path}")))
            };
            if let Some(model) = self.model.keys().find(named)
                && !self.things.contains_key(model)
            {
                missing = Some(model.clone());
            }
        });
        match missing {
            Some(missing) => {
                Err(refusal(400, &format!("{key} before {missing}, to which it refers")))
            }
            None => Ok(()),
        }
    }
}

fn settings(map: &mut Map<String, Json>) -> &mut Map<String, Json> {
    let settings = map.entry("settings").or_insert_with(|| json!({}));
    settings.as_object_mut().expect("an instance's settings are an object")
}

fn is_base64(text: &str) -> bool {
    let bytes = text.trim_end_matches('=').bytes();
    !text.is_empty()
        && text.len().is_multiple_of(4)
        && bytes.into_iter().all(|b| b.is_ascii_alphanumeric() || b"+/".contains(&b))
}

fn put(into: &mut Json, path: &[&str], value: Option<Json>) {
    let Some((key, rest)) = path.split_first() else { return };
    if !into.is_object() {
        *into = json!({});
    }
    let map = into.as_object_mut().expect("made one above");
    match (rest.is_empty(), value) {
        (true, None) => drop(map.remove(*key)),
        (true, Some(value)) => drop(map.insert((*key).to_owned(), value)),
        (false, value) => put(map.entry(*key).or_insert(Json::Null), rest, value),
    }
}

/// <https://www.rfc-editor.org/rfc/rfc7396>
fn merge(into: &mut Json, patch: &Json) {
    let Json::Object(patch) = patch else {
        *into = patch.clone();
        return;
    };
    if !into.is_object() {
        *into = json!({});
    }
    let map = into.as_object_mut().expect("made one above");
    for (key, value) in patch {
        match value {
            Json::Null => drop(map.remove(key)),
            value => merge(map.entry(key.clone()).or_insert(Json::Null), value),
        }
    }
}
