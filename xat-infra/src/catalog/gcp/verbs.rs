//! Where Google's services are, and by which requests they take resources whose types say nothing else.
//!
//! Sources: the services' discovery documents, <https://cloud.google.com/docs/discovery>.

use super::provider::reference;
use crate::schema::{Listed, Requests, ResourceType, Update, Verbs};

/// How Google's services take resources.
pub(super) const REQUESTS: Requests = Requests { verbs, api, path };

/// The name stands in the body, and a PATCH is merged into what is there.
pub(super) const NAMED: Verbs = Verbs {
    create: "POST {collection}",
    says: &[("name", "{name}")],
    updates: &[Update::MERGE],
    ..Verbs::STANDARD
};

/// The service numbers them: they are found by what people call them.
const NUMBERED: Verbs = Verbs {
    read: "GET {collection}",
    listed: Some(Listed { list: "", key: "displayName" }),
    create: "POST {collection}",
    updates: &[Update { request: "PATCH {api}/{live.name}?updateMask={mask}", ..Update::MASK }],
    delete: "DELETE {api}/{live.name}",
    ..Verbs::STANDARD
};

/// A policy is read and written whole. <https://cloud.google.com/iam/docs/policies#etag>
const POLICY: Verbs = Verbs {
    read: "GET {holder}:getIamPolicy?options.requestedPolicyVersion=3",
    create: "",
    updates: &[Update { request: "POST {holder}:setIamPolicy", within: "policy", ..Update::MASK }],
    delete: "",
    ..Verbs::STANDARD
};

fn verbs(ty: &ResourceType, wire: &str) -> Option<&'static Verbs> {
    static STANDARD: Verbs = Verbs::STANDARD;
    static COMPUTE: Verbs = NAMED;
    static BUCKET: Verbs = Verbs { create: "POST {api}/b?project={gcp.project}", ..NAMED };
    static MONITORING: Verbs = NUMBERED;
    static MEMBER: Verbs = POLICY;
    static ACCOUNT_MEMBER: Verbs =
        Verbs { read: "POST {holder}:getIamPolicy?options.requestedPolicyVersion=3", ..POLICY };
    static PROJECT_MEMBER: Verbs = Verbs {
        read: "POST {holder}:getIamPolicy",
        asks: &[("options.requestedPolicyVersion", "3")],
        ..POLICY
    };
    static BUCKET_MEMBER: Verbs = Verbs {
        read: "GET {holder}/iam?optionsRequestedPolicyVersion=3",
        updates: &[Update { request: "PUT {holder}/iam", within: "", ..Update::MASK }],
        ..POLICY
    };
    let service = wire.split('.').next().unwrap_or_default();
    Some(match (ty.element_of.is_some(), service) {
        // Its verbs are its own, and nobody has said them.
        (false, _) if ty.wire == "raw" => return None,
        (false, "compute" | "sqladmin") => &COMPUTE,
        (false, "storage") => &BUCKET,
        (false, "monitoring") => &MONITORING,
        (false, _) => &STANDARD,
        (true, "iam") => &ACCOUNT_MEMBER,
        (true, "cloudresourcemanager") => &PROJECT_MEMBER,
        (true, "storage") => &BUCKET_MEMBER,
        (true, _) => &MEMBER,
    })
}

fn api(wire: &str, version: &str) -> Option<String> {
    let (service, _) = wire.split_once('/')?;
    let root = match service {
        "compute.googleapis.com" => "compute/",
        "storage.googleapis.com" => "storage/",
        _ => "",
    };
    Some(format!("https://{service}/{root}{version}"))
}

fn path(id: &str) -> String {
    match id.strip_prefix("//storage.googleapis.com/") {
        Some(bucket) => format!("b/{bucket}"),
        None => reference(id).to_owned(),
    }
}
