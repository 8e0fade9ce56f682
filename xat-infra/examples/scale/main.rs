//! How long a whole estate takes: builds a synthetic stack, puts its live bodies on disk, and times build, read, plan
//! and render in fresh processes, beside the floor (parsing the same file into `serde_json::Value` and walking both trees).
//!
//! ```text
//! cargo run --release --example scale -- --resources 10000 [--changed-percent 1] [--runs 5] [--format json]
//! ```

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example prints")]

mod synthetic;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use serde_json::{Value, json};
use xat_infra::emit::{arm, steps, terraform};
use xat_infra::plan::Options;
use xat_infra::{graph, live, plan, report, state};

type Failure = Box<dyn std::error::Error>;

struct Arguments {
    resources: usize,
    changed_percent: f64,
    runs: usize,
    json: bool,
    child: Option<(String, PathBuf)>,
}

fn arguments() -> Result<Arguments, Failure> {
    let mut out =
        Arguments { resources: 10_000, changed_percent: 1.0, runs: 5, json: false, child: None };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--resources" => out.resources = value()?.parse()?,
            "--changed-percent" => out.changed_percent = value()?.parse()?,
            "--runs" => out.runs = value()?.parse::<usize>()?.max(1),
            "--format" => out.json = value()? == "json",
            "--child" => out.child = Some((value()?, PathBuf::from(value()?))),
            other => return Err(format!("unknown argument {other}").into()),
        }
    }
    Ok(out)
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let arguments = arguments()?;
    if let Some((what, file)) = &arguments.child {
        let measured = match what.as_str() {
            "plan" => time_plan(&arguments, file)?,
            _ => time_floor(&arguments, file)?,
        };
        println!("{measured}");
        return Ok(());
    }
    let file = std::env::temp_dir().join(format!("xat-scale-{}.json", std::process::id()));
    let bytes = synthetic::write_estate(&file, arguments.resources, arguments.changed_percent)?;
    let result = measure(&arguments, &file, bytes);
    if std::env::var_os("KEEP").is_none() {
        std::fs::remove_file(&file)?;
    }
    let result = result?;
    if arguments.json {
        println!("{result:#}");
    } else {
        let ms = |key: &str| result[key].as_f64().unwrap_or_default();
        println!(
            "{} resources, {:.1} MB of live JSON, {} steps",
            result["resources"],
            bytes as f64 / 1e6,
            result["steps"]
        );
        for key in ["build_ms", "read_ms", "plan_ms", "render_ms", "total_ms", "floor_ms"] {
            println!("{key:>12} {:>9.1}", ms(key));
        }
        println!("{:>12} {:>9.2}", "total/floor", ms("total_ms") / ms("floor_ms"));
        for key in ["terraform_ms", "arm_ms", "steps_ms"] {
            let refused = key == "arm_ms" && result["arm_fits"] == false;
            let note = if refused { "  refused: more than a template can hold" } else { "" };
            println!("{key:>12} {:>9.1}{note}", ms(key));
        }
        println!("{:>12} {:>9.2}", "peak/JSON", ms("peak_rss_bytes") / bytes as f64);
    }
    Ok(())
}

/// The best of several runs, each in a fresh process; plan and floor take turns so that both see the same machine.
fn measure(arguments: &Arguments, file: &Path, bytes: u64) -> Result<Value, Failure> {
    let mut best: Option<Value> = None;
    let mut floor = f64::INFINITY;
    for _ in 0..arguments.runs {
        let planned = child(arguments, "plan", file)?;
        floor = floor
            .min(child(arguments, "floor", file)?["floor_ms"].as_f64().unwrap_or(f64::INFINITY));
        if best.as_ref().is_none_or(|best| planned["total_ms"].as_f64() < best["total_ms"].as_f64())
        {
            best = Some(planned);
        }
    }
    let mut best = best.unwrap_or_default();
    best["resources"] = json!(arguments.resources);
    best["live_json_bytes"] = json!(bytes);
    best["floor_ms"] = json!(floor);
    Ok(best)
}

fn child(arguments: &Arguments, what: &str, file: &Path) -> Result<Value, Failure> {
    let output = Command::new(std::env::current_exe()?)
        .args(["--resources", &arguments.resources.to_string()])
        .args(["--changed-percent", &arguments.changed_percent.to_string()])
        .args(["--child", what])
        .arg(file)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

fn time_plan(arguments: &Arguments, file: &Path) -> Result<Value, Failure> {
    let told = |problems: Vec<xat_infra::diagnostic::Diagnostic>| -> Failure {
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n").into()
    };
    let start = Instant::now();
    let graph = graph::build(synthetic::stack(arguments.resources)).map_err(told)?;
    let build_ms = ms(start);
    let at = Instant::now();
    let estate = live::Estate::read(file).map_err(told)?;
    let read_ms = ms(at);
    let at = Instant::now();
    let plan =
        plan::plan(&graph, &estate, &state::State::empty(), &Options::default()).map_err(told)?;
    let plan_ms = ms(at);
    let at = Instant::now();
    let text = report::to_text(&plan, &report::Options::default());
    let render_ms = ms(at);
    let total_ms = ms(start);
    let steps = plan.steps.iter().filter(|step| step.action.touches_cloud()).count();
    let peak = peak_rss_bytes();
    // Emission is another command: it is measured here, and no part of the total.
    let at = Instant::now();
    terraform::emit(&graph, &terraform::Options::default()).map_err(told)?;
    let terraform_ms = ms(at);
    // Large estates fit in no template: then it is the refusal that is measured, which comes last.
    let at = Instant::now();
    let arm = arm::emit(&graph);
    let arm_ms = ms(at);
    let arm_fits = match arm {
        Ok(_) => true,
        Err(problems) if problems.iter().all(|problem| problem.code == "emit-limit") => false,
        Err(problems) => return Err(told(problems)),
    };
    let nothing = live::Estate::empty();
    let all =
        plan::plan(&graph, &nothing, &state::State::empty(), &Options::default()).map_err(told)?;
    let at = Instant::now();
    steps::emit(&graph, &all, &steps::Options::default()).map_err(told)?;
    let steps_ms = ms(at);
    Ok(json!({
        "build_ms": build_ms, "read_ms": read_ms, "plan_ms": plan_ms, "render_ms": render_ms, "total_ms": total_ms,
        "peak_rss_bytes": peak, "terraform_ms": terraform_ms, "arm_ms": arm_ms, "arm_fits": arm_fits, "steps_ms": steps_ms,
        "steps": steps, "text_bytes": text.len(),
    }))
}

fn time_floor(arguments: &Arguments, file: &Path) -> Result<Value, Failure> {
    let graph = graph::build(synthetic::stack(arguments.resources))
        .map_err(|_| "the stack does not build")?;
    let declared: Vec<_> =
        graph.nodes.iter().flat_map(|node| live::model::bodies(&graph, node)).collect();
    let start = Instant::now();
    let text = std::fs::read_to_string(file)?;
    let live: Value = serde_json::from_str(&text)?;
    let leaves = count(&live) + declared.iter().map(|found| count(&found.body)).sum::<usize>();
    let floor_ms = ms(start);
    Ok(json!({"floor_ms": floor_ms, "leaves": leaves}))
}

fn count(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(map) => map.values().map(count).sum(),
        _ => 1,
    }
}

/// The process's largest resident size, where the system tells it (Linux); 0 elsewhere.
fn peak_rss_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}
