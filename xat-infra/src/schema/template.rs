//! Templates of IDs, read backwards: what stands in an ID where its type's template has a name, a parameter, a property or what holds
//! the resource.

use super::ResourceType;

/// What an ID says, by the keys of its type's template.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct IdParts<'i> {
    parts: Vec<(&'static str, &'i str)>,
}

impl<'i> IdParts<'i> {
    /// What stands where the template has this key.
    pub fn get(&self, key: &str) -> Option<&'i str> {
        self.parts.iter().find(|(known, _)| *known == key).map(|(_, text)| *text)
    }
}

impl ResourceType {
    /// The parts of an ID that can have been made by this type's template; `None` for any other ID, and for types without
    /// a template.
    pub fn id_parts<'i>(&self, id: &'i str) -> Option<IdParts<'i>> {
        let mut parts = IdParts::default();
        let fits = !self.id.is_empty() && self.fits(self.id, id, &mut parts.parts);
        fits.then_some(parts)
    }

    /// Whether an ID can have been made from the rest of a template. What stands for a name, a property or a parameter is one
    /// segment; a parent and a name that is derived may be several.
    fn fits<'i>(
        &self,
        template: &'static str,
        id: &'i str,
        parts: &mut Vec<(&'static str, &'i str)>,
    ) -> bool {
        let Some((before, rest)) = template.split_once('{') else {
            return template.eq_ignore_ascii_case(id);
        };
        let Some((key, after)) = rest.split_once('}') else { return false };
        let head = id.get(..before.len()).filter(|head| head.eq_ignore_ascii_case(before));
        let Some(id) = head.and_then(|_| id.get(before.len()..)) else { return false };
        let long = key == "parent" || (key == "name" && !self.derived_name.is_empty());
        let known = parts.iter().find(|(other, _)| *other == key).map(|(_, text)| *text);
        for end in (1..=id.len()).filter(|end| id.is_char_boundary(*end)) {
            let text = &id[..end];
            if !long && text.contains('/') {
                return false;
            }
            // The same key stands for the same text everywhere.
            if known.is_some_and(|known| !known.eq_ignore_ascii_case(text)) {
                continue;
            }
            let before = parts.len();
            parts.push((key, text));
            if self.fits(after, &id[end..], parts) {
                return true;
            }
            parts.truncate(before);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use crate::dsl::Resource as _;
    use crate::gcp::{SecretIamMember, ServiceAccount};

    #[test]
    fn an_id_says_what_its_template_asks_for() {
        let account = ServiceAccount::resource_type();
        let id = "//iam.googleapis.com/projects/p/serviceAccounts/app@p.iam.gserviceaccount.com";
        let parts = account.id_parts(id).unwrap();
        assert_eq!(parts.get("name"), Some("app"));
        assert_eq!(parts.get("gcp.project"), Some("p"));
        assert!(account.id_parts(&id.replace("@p.", "@q.")).is_none(), "two projects");
        let member = SecretIamMember::resource_type();
        let id = "//secretmanager.googleapis.com/projects/p/secrets/s/iamPolicy/roles/a/user:x";
        let parts = member.id_parts(id).unwrap();
        assert_eq!(parts.get("parent"), Some("projects/p/secrets/s"));
        assert_eq!(parts.get("name"), Some("roles/a/user:x"));
        assert!(member.id_parts("/subscriptions/s").is_none());
    }
}
