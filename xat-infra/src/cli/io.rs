//! Where the command line writes, and how failures look.

use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::source::Lookup;
use super::{DONE, ERROR, StackEntry};
use crate::diagnostic::{Diagnostic, Severity};
use crate::report;

/// What the command line needs of the process around it.
pub struct Io<'a> {
    /// Where data goes.
    pub out: &'a mut dyn Write,
    /// Where everything else goes.
    pub err: &'a mut dyn Write,
    /// Whether a person looks at `out`.
    pub out_is_terminal: bool,
    /// Whether a person looks at `err`.
    pub err_is_terminal: bool,
    /// How many columns there are; 100 if that is not known.
    pub width: Option<usize>,
    /// Whether colours are unwelcome even on a terminal.
    pub no_color: bool,
    /// Where relative paths begin.
    pub cwd: PathBuf,
}

/// Why a command stopped.
pub(super) enum Failure {
    /// Something is wrong with a stack, an estate or a state.
    Found(Vec<Diagnostic>),
    /// The arguments make no sense; the text says why.
    Usage(String),
    /// Anything else, in a sentence.
    Told(String),
    /// Whoever reads `out` has seen enough (`plan | head`), which is not an error.
    Closed,
}

impl From<Vec<Diagnostic>> for Failure {
    fn from(found: Vec<Diagnostic>) -> Self {
        Failure::Found(found)
    }
}

impl From<Diagnostic> for Failure {
    fn from(found: Diagnostic) -> Self {
        Failure::Found(vec![found])
    }
}

/// Runs with the process's own handles and environment.
pub(super) fn with_process(run: impl FnOnce(&mut Io<'_>) -> u8) -> ExitCode {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let columns =
        set("COLUMNS").and_then(|text| text.to_str()?.parse::<usize>().ok()).filter(|n| *n > 0);
    let (mut out, mut err) = (std::io::stdout().lock(), std::io::stderr().lock());
    let mut io = Io {
        out_is_terminal: out.is_terminal(),
        err_is_terminal: err.is_terminal(),
        width: columns
            .or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))),
        // https://no-color.org: set and not empty, whatever it says.
        no_color: set("NO_COLOR").is_some() || set("TERM").is_some_and(|term| term == "dumb"),
        cwd: std::env::current_dir().unwrap_or_default(),
        out: &mut out,
        err: &mut err,
    };
    ExitCode::from(run(&mut io))
}

impl Io<'_> {
    /// How many columns a line may take.
    pub(super) fn columns(&self) -> usize {
        self.width.unwrap_or(100)
    }

    /// How text on `out` is written.
    pub(super) fn out_options(&self) -> report::Options {
        let colour = self.out_is_terminal && !self.no_color;
        report::Options { width: self.columns(), colour, ..Default::default() }
    }

    fn err_options(&self) -> report::Options {
        let colour = self.err_is_terminal && !self.no_color;
        report::Options { width: self.columns(), colour, ..Default::default() }
    }

    /// A path as the process sees it. One of the working directory itself stays as it was given, since it may
    /// stand in a plan, which should not tell where on a disk it was made.
    pub(super) fn path(&self, path: &Path) -> PathBuf {
        match std::env::current_dir() {
            Ok(here) if here == self.cwd => path.to_owned(),
            _ => self.cwd.join(path),
        }
    }

    /// Writes data.
    pub(super) fn print(&mut self, text: &str) -> Result<(), Failure> {
        self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush()).map_err(|e| {
            match e.kind() {
                ErrorKind::BrokenPipe => Failure::Closed,
                _ => Failure::Told(format!("the output could not be written: {e}")),
            }
        })
    }

    /// Writes data to a file, if one is named, whole or not at all; else to `out`.
    pub(super) fn deliver(&mut self, file: Option<&Path>, text: &str) -> Result<(), Failure> {
        match file {
            None => self.print(text),
            Some(file) => write_whole(&self.path(file), text).map_err(|e| {
                Failure::Told(format!("`{}` could not be written: {e}", file.display()))
            }),
        }
    }

    /// Tells something that is not data. If nobody can be told, there is nobody to tell that.
    pub(super) fn tell(&mut self, text: &str) {
        let _ = self.err.write_all(text.as_bytes()).and_then(|()| self.err.flush());
    }

    /// Tells diagnostics, drawn into the source where it can be found.
    pub(super) fn draw<'d>(
        &mut self,
        found: impl IntoIterator<Item = &'d Diagnostic>,
        stacks: &[StackEntry],
    ) {
        let text = self.drawn(found, stacks, &self.err_options());
        self.tell(&text);
    }

    /// Diagnostics as text, an empty line behind each.
    pub(super) fn drawn<'d>(
        &self,
        found: impl IntoIterator<Item = &'d Diagnostic>,
        stacks: &[StackEntry],
        options: &report::Options,
    ) -> String {
        let lookup = Lookup::new(&self.cwd, stacks);
        found
            .into_iter()
            .map(|d| report::draw(d, options, &|file| lookup.text(file)) + "\n")
            .collect()
    }

    /// Tells why a command stopped, and gives its exit code.
    pub(super) fn fail(&mut self, failure: Failure, stacks: &[StackEntry]) -> u8 {
        match failure {
            Failure::Closed => return DONE,
            Failure::Usage(text) => self.tell(&text),
            Failure::Told(text) => self.tell(&report::paragraph(&text, 0, self.columns())),
            Failure::Found(found) => {
                self.draw(&found, stacks);
                let errors = found.iter().filter(|d| d.severity == Severity::Error).count();
                self.tell(&format!("{}; nothing was written\n", report::count(errors, "error")));
            }
        }
        ERROR
    }
}

/// Writes a file by way of another one beside it, so that nobody ever reads half of it.
pub(super) fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    let name = path.file_name().ok_or_else(|| std::io::Error::other("it names no file"))?;
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.tmp", std::process::id()));
    let beside = path.with_file_name(beside);
    let write = || {
        let mut file = std::fs::File::create(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&beside, path)
    };
    write().inspect_err(|_| {
        let _ = std::fs::remove_file(&beside);
    })
}
