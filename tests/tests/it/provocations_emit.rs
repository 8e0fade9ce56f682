//! Ways to every diagnostic of emission: small stacks with one thing in each that a format cannot say.

use xat_infra::azure::TYPES;
use xat_infra::azure::prelude::*;
use xat_infra::diagnostic::Diagnostic;
use xat_infra::dsl::{Meta, Name};
use xat_infra::emit::terraform::{self, Existing, Options};
use xat_infra::emit::{arm, steps};
use xat_infra::live::Estate;
use xat_infra::plan;
use xat_infra::schema::{Provider, TerraformProvider, WireIdentity};
use xat_infra::state::State;
use xat_infra::value::Value;
use xat_infra::{Resource, name};

use crate::provocations::{Case, built, case, grouped};

/// This file, for whoever shows the lines that diagnostics point at.
pub(crate) const SOURCE: &str = include_str!("provocations_emit.rs");

fn for_terraform(stack: Stack) -> Vec<Diagnostic> {
    let types: Vec<_> = TYPES.iter().map(|registered| (registered.ty)()).collect();
    let options = Options { types: &types, ..Options::default() };
    terraform::emit(&built(stack), &options).err().unwrap_or_default()
}

fn for_arm(stack: Stack) -> Vec<Diagnostic> {
    arm::emit(&built(stack)).err().unwrap_or_default()
}

fn for_steps(stack: Stack) -> Vec<Diagnostic> {
    let graph = built(stack);
    let (live, state) = (Estate::empty(), State::empty());
    let plan = plan::plan(&graph, &live, &state, &plan::Options::default()).expect("a plan");
    steps::emit(&graph, &plan, &steps::Options::default()).err().unwrap_or_default()
}

/// A cloud of which no format knows anything.
static ELSEWHERE: Provider = Provider {
    name: "elsewhere",
    label: "Elsewhere",
    rest: "REST",
    terraform: TerraformProvider {
        name: "else",
        source: "example/else",
        version: "~> 1.0",
        config: |_| Value::Null,
    },
    terraform_raw: None,
    identity: |request| {
        let name = request.name.unwrap_or_default().to_owned();
        Ok(WireIdentity { id: format!("/else/{name}"), name })
    },
    type_of_id: |_| Some("Else/cloud".into()),
    parent_of_id: |_| None,
    reference: |id| id,
    same_reference: |a, b| a == b,
    prelude: "",
    records: &[],
    parameters: &[],
    requests: None,
};

/// A resource of that cloud.
#[derive(Resource)]
#[resource(arm = "Else/cloud@2026-01-01", provider = ELSEWHERE, scope = Root, source = "https://example.com")]
pub struct Cloud {
    /// Its name.
    #[name(len = 1..=60, chars = alphanumeric, source = "https://example.com/names")]
    name: Name<Self>,
    meta: Meta,
}

fn elsewhere() -> Stack {
    let mut stack = Stack::new("demo");
    stack.add(Cloud::new(name!("nimbus")));
    stack
}

/// A stack with a secret whose value the program holds.
fn with_a_value() -> Stack {
    let (mut stack, group) = grouped();
    let vault = stack.add(KeyVault::new(name!("demo-kv"), group));
    stack.add(VaultSecret::new(name!("key"), vault, Secret::new("CANARY-provoked")));
    stack
}

/// One way to each code, and more where a format has more.
pub(crate) const CASES: &[Case] = &[
    case("emit-secret", "a value in the program, for Terraform", || for_terraform(with_a_value())),
    case("emit-secret", "the same for ARM", || for_arm(with_a_value())),
    case("emit-secret", "the same for steps", || for_steps(with_a_value())),
    case("emit-unsayable", "a resource of another subscription, for ARM", || {
        let (mut stack, _) = grouped();
        let other = "/subscriptions/5a1e0000-0000-4000-8000-00000000000f/resourceGroups/other-rg";
        let group = Ref::existing(other);
        let net = VirtualNetwork::new(name!("other-vnet"), group, cidr!("10.0.0.0/16"));
        stack.add(net.location(Region::WestEurope));
        for_arm(stack)
    }),
    case("emit-unsayable", "a resource of another cloud, for ARM", || for_arm(elsewhere())),
    case(
        "emit-unsayable",
        "a type without a mapping, for Terraform",
        || for_terraform(elsewhere()),
    ),
    case("emit-unsayable", "a cloud without steps", || for_steps(elsewhere())),
    case("emit-limit", "more outputs than a template can have", || {
        let (mut stack, group) = grouped();
        for at in 0..65 {
            stack.output(format!("out_{at}"), group.name());
        }
        for_arm(stack)
    }),
    case("emit-import", "a secret whose address the recording does not say", || {
        let (mut stack, group) = grouped();
        let vault = stack.add(KeyVault::new(name!("demo-kv"), group));
        stack.add(VaultSecret::new(name!("key"), vault, Secret::generated("key")));
        let existing = Existing { adopted: &|_| true, body: &|_| Some("{}".into()) };
        let options = Options { existing: Some(existing), ..Options::default() };
        terraform::emit(&built(stack), &options).err().unwrap_or_default()
    }),
    case("emit-forget", "a resource that is forgotten without its type", || {
        let (mut stack, _) = grouped();
        stack.forget("app-kv");
        for_terraform(stack)
    }),
    case("emit-forget", "a resource whose elements Terraform keeps apart", || {
        let (mut stack, _) = grouped();
        stack.forget("nat_gateway.egress");
        for_terraform(stack)
    }),
];
