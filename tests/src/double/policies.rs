//! Policies in the double of Google Cloud: read whole and written whole, and only by who has read them as they are.

use serde_json::{Value as Json, json};

use super::google::{Answer, Google, refusal};

impl Google {
    /// The policy of what has this key.
    pub(super) fn policy(&self, key: &str) -> Answer {
        if self.model.contains_key(key) && !self.things.contains_key(key) {
            return refusal(404, "what the policy belongs to is not there");
        }
        (200, self.policies.get(key).cloned().unwrap_or_else(|| json!({"etag": "0", "version": 1})))
    }

    /// Writes one.
    pub(super) fn set_policy(&mut self, key: &str, mut policy: Json) -> Answer {
        let (status, mut live) = self.policy(key);
        if status != 200 {
            return (status, live);
        }
        if self.race() {
            // Someone else was faster.
            let mut bindings = live["bindings"].as_array().cloned().unwrap_or_default();
            bindings.push(json!({"role": "roles/viewer", "members": [format!("user:{}@example.com", self.count)]}));
            live["bindings"] = bindings.into();
            live["etag"] = json!(self.next());
            self.policies.insert(key.to_owned(), live);
            return refusal(409, "There were concurrent policy changes.");
        }
        if policy["etag"] != live["etag"] {
            return refusal(409, "There were concurrent policy changes: the etag is an old one.");
        }
        let bindings = policy["bindings"].as_array().cloned().unwrap_or_default();
        let conditional = bindings.iter().any(|binding| binding["condition"].is_object());
        if conditional && policy["version"] != 3 {
            return refusal(400, "a policy with conditions has version 3");
        }
        for member in bindings.iter().filter_map(|b| b["members"].as_array()).flatten() {
            let Some(account) = member.as_str().and_then(|m| m.strip_prefix("serviceAccount:"))
            else {
                continue;
            };
            let known = |key: &&String| key.ends_with(&format!("/serviceAccounts/{account}"));
            if self.model.keys().find(known).is_some_and(|key| !self.things.contains_key(key)) {
                return refusal(400, &format!("Service account {account} does not exist."));
            }
        }
        policy["etag"] = json!(self.next());
        self.policies.insert(key.to_owned(), policy.clone());
        (200, policy)
    }

    /// Whether someone else writes first, now and then (`FAKE_RACE`: every so many).
    fn race(&mut self) -> bool {
        let every = std::env::var("FAKE_RACE").ok().and_then(|every| every.parse::<u64>().ok());
        every.is_some_and(|every| self.next().parse::<u64>().is_ok_and(|count| count % every == 0))
    }
}
