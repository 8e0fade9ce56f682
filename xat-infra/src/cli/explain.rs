//! `xat explain`: what a code means and what to do about it.

use super::DONE;
use super::io::{Failure, Io};
use crate::diagnostic::{CODES, Diagnostic, code, nearest};
use crate::report::paragraph;

/// Explains a code, as it stands in brackets behind `error` or `warning`. Without one, lists all codes.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The code, such as `duplicate-address`.
    code: Option<String>,
}

pub(super) fn run(args: &Args, io: &mut Io<'_>) -> Result<u8, Failure> {
    let width = io.columns();
    let text = match &args.code {
        None => list(width),
        Some(id) => {
            let code = code(id).ok_or_else(|| unknown(id))?;
            format!("{}: {}\n\n{}", code.id, code.title, paragraph(code.text, 0, width))
        }
    };
    io.print(&text)?;
    Ok(DONE)
}

fn list(width: usize) -> String {
    let widest = CODES.iter().map(|code| code.id.len()).max().unwrap_or(0);
    CODES
        .iter()
        .map(|code| paragraph(&format!("{:widest$}  {}", code.id, code.title), 0, width))
        .collect()
}

/// Codes that share a word with what was asked for, the nearest first.
fn unknown(id: &str) -> Diagnostic {
    let near = nearest(id, CODES.iter().map(|code| code.id));
    let words: Vec<&str> = id.split(['-', '_', ' ']).filter(|word| word.len() > 2).collect();
    let alike = CODES
        .iter()
        .map(|code| code.id)
        .filter(|code| code.split('-').any(|word| words.contains(&word)));
    let mut similar: Vec<&str> = near.into_iter().collect();
    similar.extend(alike.filter(|code| Some(*code) != near));
    let help = match similar.as_slice() {
        [] => "`xat explain` lists all codes".to_owned(),
        similar => format!("similar codes: `{}`", similar.join("`, `")),
    };
    Diagnostic::error("unknown-code", format!("no diagnostic has the code `{id}`")).help(help)
}
