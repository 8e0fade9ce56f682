//! Each stage of a plan over synthetic estates, beside the floor: parsing the same JSON into `serde_json::Value`
//! and walking it. `cargo bench` compares stages within one run; nothing is asserted about seconds.

#![allow(missing_docs, reason = "criterion's macros write undocumented functions")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use serde_json::Value;
use xat_infra::emit::{arm, steps, terraform};
use xat_infra::live::Estate;
use xat_infra::plan::{Options, plan};
use xat_infra::state::State;
use xat_infra::{graph, report};

#[path = "../examples/scale/synthetic.rs"]
mod synthetic;

/// What can go wrong while a synthetic estate is written.
type Failure = Box<dyn std::error::Error>;

fn stages(criterion: &mut Criterion) {
    for resources in [1_000usize, 10_000] {
        let file =
            std::env::temp_dir().join(format!("xat-bench-{}-{resources}.json", std::process::id()));
        if let Err(error) = synthetic::write_estate(&file, resources, 1.0) {
            criterion.bench_function(&format!("not measured: {error}"), |b| b.iter(|| ()));
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let _ = std::fs::remove_file(&file);
        let mut group = criterion.benchmark_group("plan");
        group.sample_size(10);
        group.bench_function(BenchmarkId::new("floor", resources), |b| {
            b.iter(|| {
                serde_json::from_str::<Value>(black_box(&text)).map(|value| leaves(&value)).ok()
            });
        });
        group.bench_function(BenchmarkId::new("build", resources), |b| {
            b.iter(|| {
                graph::build(synthetic::stack(black_box(resources)))
                    .map(|graph| graph.nodes.len())
                    .ok()
            });
        });
        group.bench_function(BenchmarkId::new("read", resources), |b| {
            b.iter_batched(
                || text.clone(),
                |text| Estate::from_text("bench.json", text).map(|estate| estate.len()).ok(),
                criterion::BatchSize::LargeInput,
            );
        });
        let (Ok(graph), Ok(estate)) = (
            graph::build(synthetic::stack(resources)),
            Estate::from_text("bench.json", text.clone()),
        ) else {
            continue;
        };
        let state = State::empty();
        group.bench_function(BenchmarkId::new("plan", resources), |b| {
            b.iter(|| {
                plan(black_box(&graph), &estate, &state, &Options::default())
                    .map(|plan| plan.steps.len())
                    .ok()
            });
        });
        let Ok(planned) = plan(&graph, &estate, &state, &Options::default()) else { continue };
        group.bench_function(BenchmarkId::new("render", resources), |b| {
            b.iter(|| report::to_text(black_box(&planned), &report::Options::default()).len());
        });
        group.finish();
        let Ok(all) = plan(&graph, &Estate::empty(), &state, &Options::default()) else { continue };
        let mut group = criterion.benchmark_group("emit");
        group.sample_size(10);
        group.bench_function(BenchmarkId::new("terraform", resources), |b| {
            b.iter(|| terraform::emit(black_box(&graph), &terraform::Options::default()).is_ok());
        });
        // What fits in no template is refused at the very end.
        group.bench_function(BenchmarkId::new("arm", resources), |b| {
            b.iter(|| arm::emit(black_box(&graph)).is_ok());
        });
        group.bench_function(BenchmarkId::new("steps", resources), |b| {
            b.iter(|| steps::emit(black_box(&graph), &all, &steps::Options::default()).is_ok());
        });
        group.finish();
    }
}

fn leaves(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(leaves).sum(),
        Value::Object(map) => map.values().map(leaves).sum(),
        _ => 1,
    }
}

criterion_group!(benches, stages);
criterion_main!(benches);
