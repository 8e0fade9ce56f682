//! What Cloud Run refuses, held against the checks.

use crate::azure::refusals::refused;
use crate::gcp::prelude::*;

fn container() -> RunContainer {
    RunContainer::of(RunImage::tag("gcr.example.com/shop/web", tag!("1")))
}

fn service(container: RunContainer) -> CloudRunService {
    bare().container(container)
}

fn bare() -> CloudRunService {
    let account =
        Ref::<ServiceAccount>::existing("projects/p/serviceAccounts/a@p.iam.gserviceaccount.com");
    CloudRunService::new(name!("shop-web"), account)
}

const NONE: [&str; 0] = [];

#[test]
fn sizes() {
    let of = |cpu: &'static str, memory: &'static str| {
        refused(service(container().cpu(cpu).memory(memory)))
    };
    for (cpu, memory) in
        [("0.08", "512Mi"), ("500m", "1Gi"), ("1", "4Gi"), ("4", "2Gi"), ("8000m", "32Gi")]
    {
        assert_eq!(of(cpu, memory), NONE, "{cpu} {memory}");
    }
    for (cpu, memory) in [
        ("0.05", "128Mi"),
        ("0.25", "1Gi"),
        ("0.5", "2Gi"),
        ("1", "5Gi"),
        ("3", "4Gi"),
        ("4", "1Gi"),
        ("x", "1Gi"),
        ("1", "1 GB"),
        ("1", "64Mi"),
    ] {
        assert_eq!(of(cpu, memory), ["containers"], "{cpu} {memory}");
    }
    // Half a core answers one call at a time, has cores only then, and runs in the first environment.
    let half = || service(container().cpu("0.5"));
    assert_eq!(refused(half().concurrency(1)), NONE);
    assert_eq!(refused(half().concurrency(2)), ["concurrency"]);
    assert_eq!(refused(service(container().cpu("0.5").cpu_idle(false))), ["containers"]);
    assert_eq!(refused(half().environment(RunEnvironment::Second)), ["environment"]);
}

#[test]
fn containers() {
    assert_eq!(refused(bare()), ["containers"]);
    let image = |tag| RunImage::tag("gcr.example.com/shop/web", Tag::new(tag));
    assert_eq!(refused(service(RunContainer::of(image("latest")))), ["containers"]);
    let short = RunImage::digest("gcr.example.com/shop/web", Digest::sha256("00"));
    assert_eq!(refused(service(RunContainer::of(short))), ["containers"]);
    let web = || container().name("web").port(8000);
    assert_eq!(refused(service(web()).container(container().name("side"))), NONE);
    assert_eq!(refused(service(web()).container(container())), ["containers"]);
    let both = service(web()).container(container().name("b").port(9000));
    assert_eq!(refused(both), ["containers"]);
    let neither = service(container().name("a")).container(container().name("b"));
    assert_eq!(refused(neither), ["containers"]);
    let mixed = service(web()).container(container().name("b").cpu_idle(false));
    assert_eq!(refused(mixed), ["containers"]);
}

#[test]
fn probes() {
    let startup = |probe| refused(service(container().startup_probe(probe)));
    let liveness = |probe| refused(service(container().liveness_probe(probe)));
    let http = || RunProbe::http("/", 80);
    assert_eq!(startup(http().period(240).timeout(240)), NONE);
    assert_eq!(liveness(http().period(3600).initial_delay(3600)), NONE);
    for bad in [
        RunProbe::new(),
        http().period(241),
        http().initial_delay(241),
        http().timeout(11),
        http().failures(0),
        http().tcp_socket(RunTcpProbe::new()),
    ] {
        assert_eq!(startup(bad), ["containers"]);
    }
    assert_eq!(startup(RunProbe::tcp(80)), NONE);
    assert_eq!(liveness(RunProbe::tcp(80)), ["containers"]);
    assert_eq!(liveness(RunProbe::grpc(80)), NONE);
}

#[test]
fn volumes_and_networks() {
    let instance = || Ref::<SqlInstance>::existing("p:europe-west4:shop");
    let mounted = || service(container().mount(RunMount::cloud_sql()));
    assert_eq!(refused(mounted().volume(RunVolume::cloud_sql(instance()))), NONE);
    assert_eq!(refused(mounted()), ["containers"]);
    let nothing = service(container()).volume(RunVolume::new("x"));
    assert_eq!(refused(nothing), ["volumes"]);
    let two = RunVolume::cloud_sql(instance()).empty_dir(RunEmptyDir::new());
    assert_eq!(refused(service(container()).volume(two)), ["volumes"]);
    let by = |access| refused(service(container()).vpc_access(access));
    let connector = Ref::<VpcConnector>::existing("projects/p/locations/r/connectors/c");
    assert_eq!(by(RunVpcAccess::through(connector.clone())), NONE);
    let subnet = Ref::<Subnetwork>::existing("projects/p/regions/r/subnetworks/s");
    let one = || RunInterface::new().subnetwork(subnet.clone());
    assert_eq!(by(RunVpcAccess::of([one()])), NONE);
    assert_eq!(by(RunVpcAccess::of([one(), one()])), ["vpc_access"]);
    assert_eq!(by(RunVpcAccess::of([RunInterface::new()])), ["vpc_access"]);
    assert_eq!(by(RunVpcAccess::of([one()]).connector(connector)), ["vpc_access"]);
}

#[test]
fn scaling_and_traffic() {
    let one = || service(container());
    assert_eq!(refused(one().instances(2, 2)), NONE);
    assert_eq!(refused(one().instances(3, 2)), ["least_instances"]);
    assert_eq!(refused(one().most_instances(0)), ["most_instances"]);
    assert_eq!(refused(one().manual_instances(2)), ["manual_instances"]);
    assert_eq!(refused(one().scaling(RunScaling::Manual)), ["manual_instances"]);
    assert_eq!(refused(one().scaling(RunScaling::Manual).manual_instances(2)), NONE);
    assert_eq!(refused(one().timeout(3601)), ["timeout"]);
    assert_eq!(refused(one().concurrency(1001)), ["concurrency"]);
    assert_eq!(refused(one().traffic([RunTraffic::latest(90)])), ["traffic"]);
    assert_eq!(
        refused(one().traffic([RunTraffic::latest(90), RunTraffic::revision("a", 10)])),
        NONE
    );
}
