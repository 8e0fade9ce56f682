//! `--state`: what the last apply left, for every verb that compares with it.

use super::StackEntry;
use super::io::{Failure, Io};
use super::live::{LiveArgs, Wanted, state};
use crate::graph::Graph;
use crate::live::Estate;
use crate::state::State;

/// The option by which a verb is told of the last apply; flattened into its own.
#[derive(clap::Args)]
pub(super) struct StateArgs {
    /// The state of the last apply: PATH or file:PATH. The stack's own unless said, and none with --live.
    #[arg(long = "state", value_name = "URL")]
    url: Option<String>,
}

impl StateArgs {
    /// Where the state is, if it is said.
    pub(super) fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// What is live, and what the last apply left. `unmanaged`: of a cloud, all that the stack's groups hold is read too. Both are read before either is complained about: all problems are
    /// shown at once.
    pub(super) fn with_live(
        &self,
        live: &LiveArgs,
        entry: &StackEntry,
        graph: &Graph,
        unmanaged: bool,
        io: &mut Io<'_>,
    ) -> Result<(Estate, State), Failure> {
        let state = state(self.url.as_deref(), live, entry, io);
        let wanted =
            Wanted { graph: Some(graph), state: state.as_ref().ok(), groups: &[], unmanaged };
        match (live.estate(entry.estate, wanted, io), state) {
            (Ok(estate), Ok(state)) => Ok((estate, state)),
            (Err(Failure::Found(mut first)), Err(Failure::Found(second))) => {
                first.extend(second);
                Err(first.into())
            }
            (Err(failure), _) | (_, Err(failure)) => Err(failure),
        }
    }
}
