//! The stack in which tests build the catalogue's examples: with whatever scopes its types need.

use xat_infra::azure::AzureScope as _;
use xat_infra::dsl::Stack;
use xat_infra::gcp::GoogleScope as _;

/// An empty stack of a made-up subscription, tenant and project.
pub fn stack() -> Stack {
    Stack::new("example")
        .subscription("5a1e0000-0000-4000-8000-000000000001")
        .tenant("5a1e0000-0000-4000-8000-000000000002")
        .project("example-project")
        .region("europe-west1")
}
