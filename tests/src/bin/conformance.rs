//! `cargo run --release --bin conformance -- DIR [--type T] [--format json]`: recorded writes and reads against the types.
//!
//! Whole lifecycles are replayed too. Exit 0 when no pair is noisy or unreadable, no change is missed, and no plan says
//! something else than what really happened; 1 otherwise.

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let (mut folder, mut only, mut json) = (None, None, false);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--type" => only = args.next(),
            "--format" => json = args.next().as_deref() == Some("json"),
            _ => folder = Some(PathBuf::from(arg)),
        }
    }
    let Some(folder) = folder else {
        eprintln!("usage: conformance DIR [--type TYPE] [--format json]");
        return ExitCode::FAILURE;
    };
    match xat_tests::conformance::run(&folder, only.as_deref()) {
        Ok(report) => {
            if json {
                println!("{:#}", report.json());
            } else {
                print!("{}", report.text());
            }
            let t = &report.totals;
            if t.noisy + t.missed + t.unreadable + report.lifecycles.totals.disagreed == 0 {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
