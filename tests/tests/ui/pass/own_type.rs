//! A program as a user's own crate would write it: a resource type of its own, generic helpers, components, `text!`.

use std::collections::BTreeMap;

use xat_infra::azure::prelude::*;
use xat_infra::dsl::{Meta, Resource};
use xat_infra::schema::Set;
use xat_infra::{Block, Choice, Resource};

/// A queue that no catalogue has.
#[derive(Resource)]
#[resource(
    arm = "Contoso.Queues/queues@2026-01-01",
    source = "https://example.com/queues"
)]
#[output(endpoint: Text, arm = "properties.endpoint", tf = "endpoint", doc = "Where it is reached.")]
pub struct Queue<K: Kind = Plain> {
    /// The queue's name.
    #[name(len = 1..=60, chars = alphanumeric, and = "-", source = "https://example.com/names")]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(parent)]
    group: Ref<ResourceGroup>,
    /// Its region.
    #[prop(arm = "location", inherited, replace)]
    location: Option<Region>,
    /// How many messages it holds.
    #[prop(arm = "properties.depth", service = 100)]
    depth: Option<u32>,
    /// Who may send.
    #[prop(arm = "properties.senders", each = "sender")]
    senders: Option<Set<Text>>,
    /// What happens to messages that nobody takes.
    #[prop(arm = "properties.dead", default = Dead::Drop)]
    dead: Dead,
    /// How often a message is tried.
    #[prop(arm = "properties.retry")]
    retry: Option<Retry>,
    /// The key with which messages are signed.
    #[prop(arm = "properties.key", write_only)]
    key: Option<Secret>,
    /// Labels for people.
    #[prop(arm = "tags", tags, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    kind: std::marker::PhantomData<K>,
    meta: Meta,
}

/// The kinds of queue.
pub trait Kind: 'static {}

/// A queue in any order.
pub struct Plain;

/// A queue that keeps order.
pub struct Ordered;

impl Kind for Plain {}
impl Kind for Ordered {}

/// How often a message is tried.
#[derive(Clone, Block)]
pub struct Retry {
    /// How often.
    #[prop(arm = "count")]
    count: u32,
    /// How long between tries, in seconds.
    #[prop(arm = "pause")]
    pause: Option<u32>,
}

/// What happens to messages that nobody takes.
#[derive(Clone, Copy, Choice)]
pub enum Dead {
    /// They go.
    Drop,
    /// They are kept apart.
    #[choice("keep-apart", tf = "keep_apart")]
    Keep,
}

/// Adds anything under a component, with its place in the order said.
fn apart<R: Resource, O: Resource>(stack: &mut Stack, after: Handle<O>, resource: R) -> Handle<R> {
    stack.component("apart", |stack| stack.add(resource.depends_on(after).protect()))
}

fn main() {
    let mut stack = Stack::new("demo").subscription("5a1e0000-0000-4000-8000-000000000001").tag("owner", "us");
    let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    let jobs: Handle<Queue> = stack.add(
        Queue::new(name!("jobs"), group)
            .sender("web")
            .dead(Dead::Keep)
            .retry(Retry::new(3).pause(10))
            .key(Secret::generated("jobs-key"))
            .ignore(Queue::DEPTH),
    );
    let mail: Handle<Queue<Ordered>> = apart(&mut stack, jobs, Queue::new(name!("mail"), group).depth(5));
    for n in 0..3u32 {
        let name = Name::new(format!("worker-{n}"));
        let note = text!("{{{n}}} sends to {} and {}", jobs.endpoint(), mail.endpoint());
        stack.add(Queue::<Plain>::new(name, group).tag("note", note));
    }
    let graph = xat_infra::graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(graph.nodes.len(), 6);
    assert!(graph.at("apart/queue.mail").is_some());
}
