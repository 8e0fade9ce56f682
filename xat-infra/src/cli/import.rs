//! `xat import`: the Rust of a live estate, or of an ARM template.

use std::path::{Path, PathBuf};

use super::io::{Failure, Io};
use super::live::{LiveArgs, Source, Wanted};
use super::{DONE, StackEntry};
use crate::import::{Imported, Options};
use crate::live::Estate;

/// Writes the Rust that declares a live estate: typed resources, references in place of IDs, secrets as declarations.
///
/// Its plan against the same estate is nothing but adoption. Nothing is changed in the cloud.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    live: LiveArgs,
    #[command(flatten)]
    template: super::template::TemplateArgs,
    /// The file to write, whole or not at all; `-`, or nothing, is the terminal.
    #[arg(long, value_name = "FILE.rs")]
    out: Option<PathBuf>,
    /// What the stack is called; the name of the file unless said.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Overwrites a file that is there.
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &Args, _: &[StackEntry], io: &mut Io<'_>) -> Result<u8, Failure> {
    let out = args.out.as_deref().filter(|path| *path != Path::new("-"));
    if let Some(out) = out
        && !args.force
        && io.path(out).exists()
    {
        return Err(Failure::Told(format!(
            "`{}` is there already, and someone may have worked on it: name another file, or overwrite it with --force",
            out.display()
        )));
    }
    let stem = out.and_then(Path::file_stem).map(|stem| stem.to_string_lossy().into_owned());
    let mut options =
        Options { name: args.name.clone().or(stem).unwrap_or_default(), from: String::new() };
    let imported = if args.template.is_said() {
        if args.live.said().is_some() {
            return Err(Failure::Usage(
                "an import is of an estate or of a template: --live and --arm-template do not go together\n"
                    .to_owned(),
            ));
        }
        let (bodies, from) = args.template.bodies(&args.live, &Estate::empty(), io)?;
        options.from = from;
        crate::import::import_bodies(bodies, crate::azure::TYPES, &options)?
    } else {
        if args.live.said().is_none() {
            return Err(Failure::Usage(
                "what is to be imported? Say --live SOURCE, or --arm-template FILE\n".to_owned(),
            ));
        }
        let groups = args.template.groups();
        if !groups.is_empty() && !matches!(args.live.said(), Some(Source::Cloud(_))) {
            return Err(Failure::Told(
                "`--group` asks a cloud: say which, as in `--live azure`".to_owned(),
            ));
        }
        let estate = args.live.estate(None, Wanted { groups, ..Wanted::default() }, io)?;
        options.from = format!("the {}", estate.label());
        crate::import::import(&estate, &crate::catalog::types(), &options)?
    };
    io.deliver(out, &imported.source)?;
    io.tell(&summary(&imported));
    Ok(DONE)
}

/// What was written and what there is to know, for whoever asked.
fn summary(imported: &Imported) -> String {
    let all = crate::report::count(imported.typed + imported.raw, "resource");
    let mut out = format!("{all} imported: {} typed, {} raw\n", imported.typed, imported.raw);
    for note in &imported.notes {
        out.push_str(&format!("- {note}\n"));
    }
    out
}
