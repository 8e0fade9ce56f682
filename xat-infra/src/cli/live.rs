//! `--live`: where what is live comes from, for every verb that compares or reads.

use std::path::PathBuf;

use super::Embedded;
use super::io::{Failure, Io};
use crate::graph::Graph;
use crate::live::Estate;
use crate::state::State;

/// The options by which a verb is told what is live; flattened into its own.
#[derive(clap::Args)]
pub(super) struct LiveArgs {
    /// What is live: recorded:PATH, azure, gcp or empty. The stack's own recorded estate unless said.
    #[arg(long = "live", value_name = "SOURCE", value_parser = source)]
    source: Option<Source>,
}

/// Where what is live comes from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Source {
    /// Recorded bodies: a file, or a folder of files.
    Recorded(PathBuf),
    /// A cloud, by name.
    Cloud(&'static str),
    /// Nothing.
    Empty,
}

/// What of a cloud is read. Recorded estates are read whole, whatever is wanted.
#[derive(Clone, Copy, Default)]
#[expect(dead_code, reason = "clouds cannot be read yet")]
pub(super) struct Wanted<'a> {
    /// What this stack declares.
    pub(super) graph: Option<&'a Graph>,
    /// What the last apply left: it may have to be deleted.
    pub(super) state: Option<&'a State>,
    /// Everything in these resource groups, declared or not.
    pub(super) groups: &'a [String],
}

/// The argument of `--live`, understood.
fn source(text: &str) -> Result<Source, String> {
    match (text, text.strip_prefix("recorded:")) {
        (_, Some("")) => Err("a path belongs behind `recorded:`".to_owned()),
        (_, Some(path)) => Ok(Source::Recorded(path.into())),
        ("azure", _) => Ok(Source::Cloud("azure")),
        ("gcp", _) => Ok(Source::Cloud("gcp")),
        ("empty", _) => Ok(Source::Empty),
        _ => Err("expected recorded:PATH, azure, gcp or empty".to_owned()),
    }
}

impl LiveArgs {
    /// Where what is live comes from, if it is said.
    pub(super) fn said(&self) -> Option<&Source> {
        self.source.as_ref()
    }

    /// What is live: what `--live` says, else the stack's own recorded estate, else nothing.
    pub(super) fn estate(
        &self,
        own: Option<Embedded>,
        _wanted: Wanted<'_>,
        io: &mut Io<'_>,
    ) -> Result<Estate, Failure> {
        match (&self.source, own) {
            (Some(Source::Recorded(path)), _) => Ok(Estate::read(&io.path(path))?),
            (Some(Source::Cloud(cloud)), _) => Err(Failure::Told(format!(
                "not yet: `--live {cloud}` is not implemented; `--live recorded:PATH` plans against a \
                 recorded estate, `--live empty` against nothing"
            ))),
            (None, Some(Embedded { name, text })) => Ok(Estate::from_text(name, text)?),
            (Some(Source::Empty), _) | (None, None) => Ok(Estate::empty()),
        }
    }
}
