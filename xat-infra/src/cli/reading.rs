//! Reading a cloud for a verb: how fast, how long, and the line that shows how far it is.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::io::{Failure, Io};
use crate::live::{Limits, Recording, Source, WallClock, Wants, read};

/// The options of every cloud.
#[derive(clap::Args)]
pub(super) struct ReadingArgs {
    /// With a cloud: how many requests may be under way at once.
    #[arg(long, value_name = "N", default_value_t = Limits::default().parallel)]
    parallel_reads: usize,
    /// With a cloud: how many seconds one answer may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    read_timeout: u64,
}

impl ReadingArgs {
    /// How long one answer may take.
    pub(super) fn timeout(&self) -> Duration {
        Duration::from_secs(self.read_timeout.max(1))
    }

    /// Reads what is wanted of a cloud.
    pub(super) fn read(
        &self,
        source: &dyn Source,
        wants: Wants,
        io: &Io<'_>,
    ) -> Result<Recording, Failure> {
        let limits = Limits { parallel: self.parallel_reads, ..Limits::default() };
        let bar = match io.err_is_terminal {
            true => ProgressBar::new(0),
            false => ProgressBar::hidden(),
        };
        let template = format!("reading {}  {{bar:30}}  {{pos}}/{{len}}", source.name());
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        let recording = read(source, wants, &limits, &WallClock, &mut |done, total| {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        });
        bar.finish_and_clear();
        Ok(recording?)
    }
}
