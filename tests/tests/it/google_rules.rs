//! Google Cloud under the rules over whole stacks: who waits for a secret's value and for leave to read it, roles that are missing, data
//! that nothing protects.

use xat_infra::gcp::prelude::*;
use xat_infra::graph::{self, Graph};
use xat_infra::lint;

fn built(stack: Stack) -> Graph {
    graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// A secret, an account, and a service that finds the secret in its environment.
struct Shop {
    stack: Stack,
    secret: Handle<SecretManagerSecret>,
    account: Handle<ServiceAccount>,
}

impl Shop {
    fn new() -> Self {
        let mut stack = xat_tests::examples::stack();
        let secret = SecretManagerSecret::new(name!("key"));
        let secret = stack.add(secret.automatic(AutomaticReplication::default()).protect());
        let account = stack.add(ServiceAccount::new(name!("shop-run")));
        Self { stack, secret, account }
    }

    fn container(&self) -> RunContainer {
        RunContainer::of(RunImage::tag("europe-west1-docker.pkg.dev/shop/images/web", tag!("1")))
    }

    fn service(&mut self) {
        let container = self.container().secret_env("KEY", self.secret);
        let service = CloudRunService::new(name!("shop-web"), self.account).container(container);
        self.stack.add(service);
    }

    fn member(&mut self, role: IamRole) {
        self.stack.add(SecretIamMember::new(self.secret, role, self.account));
    }

    fn codes(self) -> Vec<&'static str> {
        lint::lint(&built(self.stack)).iter().map(|found| found.code).collect()
    }
}

/// The addresses that a resource waits for.
fn waits(graph: &Graph, address: &str) -> Vec<String> {
    let node = &graph.nodes[graph.at(address).expect(address) as usize];
    let mut out: Vec<String> =
        node.edges.iter().map(|edge| graph.nodes[edge.to as usize].address.clone()).collect();
    out.sort();
    out
}

#[test]
fn whoever_reads_a_secret_waits_for_its_value_and_for_leave() {
    let mut shop = Shop::new();
    // Written first: the order of a stack means nothing.
    shop.service();
    let volume = RunVolume::new("keys").secret(RunSecretVolume::new(shop.secret));
    let container = shop.container().mount(RunMount::new("keys", "/keys"));
    let job = CloudRunJob::new(name!("shop-job"), shop.account).container(container);
    shop.stack.add(job.volume(volume));
    shop.member(IamRole::SECRET_ACCESSOR);
    shop.stack.add(SecretVersion::new(shop.secret, Secret::generated("key")));
    let graph = built(shop.stack);
    let member = graph.nodes.iter().find(|node| node.ty.slug == "secret_iam_member").unwrap();
    for user in ["cloud_run_service.shop-web", "cloud_run_job.shop-job"] {
        let waits = waits(&graph, user);
        assert!(waits.contains(&"secret_version.key".to_owned()), "{waits:?}");
        assert!(waits.contains(&member.address), "{waits:?}");
        let place = |address: &str| {
            let index = graph.at(address).unwrap();
            graph.order.iter().position(|at| *at == index).unwrap()
        };
        assert!(place("secret_version.key") < place(user));
        assert!(place(&member.address) < place(user));
    }
    // What completes the secret does not wait for itself, nor for the others that do.
    assert_eq!(waits(&graph, "secret_version.key"), ["secret_manager_secret.key"]);
}

/// A sink writes to a bucket as somebody whom the bucket's policy then names: it cannot wait for that. Two of them that could wait for
/// each other do not, whichever comes first.
#[test]
fn nobody_waits_in_a_ring() {
    let sinks = |turned: bool| {
        let mut stack = xat_tests::examples::stack();
        let mut names = ["one", "two"];
        if turned {
            names.reverse();
        }
        let [first, second] = names.map(|name| {
            let bucket = stack.add(Bucket::new(Name::new(format!("shop-logs-{name}"))));
            (bucket, stack.add(LogSink::new(Name::new(format!("to-{name}")), bucket)))
        });
        let both = [first.1, second.1];
        for (bucket, sink) in [first.0, second.0].into_iter().flat_map(|b| both.map(|s| (b, s))) {
            let writer = IamMember::named(sink.writer());
            stack.add(BucketIamMember::new(bucket, IamRole::STORAGE_OBJECT_CREATOR, writer));
        }
        graph::to_dot(&built(stack))
    };
    assert_eq!(sinks(false), sinks(true));
}

#[test]
fn an_account_that_may_not_read_its_secret_is_told_of() {
    let mut without = Shop::new();
    without.service();
    let found = lint::lint(&built(without.stack));
    assert_eq!(found.len(), 1, "{found:#?}");
    let text = found[0].to_string();
    assert!(text.contains("missing-role") && text.contains("SecretIamMember::new(key, "), "{text}");
    let with = |give: fn(&mut Shop)| {
        let mut shop = Shop::new();
        shop.service();
        give(&mut shop);
        shop.codes()
    };
    assert_eq!(with(|shop| shop.member(IamRole::SECRET_ACCESSOR)), [""; 0]);
    assert_eq!(with(|shop| shop.member(IamRole::named("roles/viewer"))), ["missing-role"]);
    let over_project = with(|shop| {
        shop.stack.add(ProjectIamMember::new(IamRole::SECRET_ACCESSOR, shop.account));
    });
    assert_eq!(over_project, [""; 0]);
    let somebody_else = with(|shop| {
        let other = shop.stack.add(ServiceAccount::new(name!("somebody-else")));
        shop.stack.add(SecretIamMember::new(shop.secret, IamRole::SECRET_ACCESSOR, other));
    });
    assert_eq!(somebody_else, ["missing-role"]);
    let of_another = with(|shop| {
        let other = SecretManagerSecret::new(name!("key-2"));
        let other = other.automatic(AutomaticReplication::default()).protect();
        let other = shop.stack.add(other);
        shop.stack.add(SecretIamMember::new(other, IamRole::SECRET_ACCESSOR, shop.account));
    });
    assert_eq!(of_another, ["missing-role"]);
}

#[test]
fn data_that_nothing_protects_is_told_of() {
    let of = |declare: fn(&mut Stack)| -> Vec<&'static str> {
        let mut stack = xat_tests::examples::stack();
        declare(&mut stack);
        lint::lint(&built(stack)).iter().map(|found| found.code).collect()
    };
    let quiet = [""; 0];
    assert_eq!(of(|stack| keep(stack.add(sql()))), quiet, "protected unless said");
    assert_eq!(of(|stack| keep(stack.add(sql().deletion_protection(false)))), ["unprotected-data"]);
    assert_eq!(of(|stack| keep(stack.add(sql().deletion_protection(false).protect()))), quiet);
    assert_eq!(of(|stack| keep(stack.add(exports()))), ["unprotected-data"]);
    assert_eq!(of(|stack| keep(stack.add(exports().retention_seconds(86_400u32)))), quiet);
    assert_eq!(of(|stack| keep(stack.add(exports().protect()))), quiet);
    // What is in it goes with it, and is told of once.
    let database = of(|stack| {
        let instance = stack.add(sql().deletion_protection(false));
        stack.add(SqlDatabase::new(name!("orders"), instance));
    });
    assert_eq!(database, ["unprotected-data"]);
}

fn keep<T>(_: T) {}

fn sql() -> SqlInstance {
    SqlInstance::public(name!("shop"), PostgresVersion::V17, SqlTier::custom(2, 7680))
}

fn exports() -> Bucket {
    Bucket::new(name!("shop-exports"))
}
