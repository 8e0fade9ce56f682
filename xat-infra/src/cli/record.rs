//! `xat record`: what is live, as a file that may be kept with the code.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use super::applied::StateArgs;
use super::io::{Failure, Io};
use super::live::{LiveArgs, Source, Wanted, state, types};
use super::{DONE, StackEntry, find};
use crate::graph::build;
use crate::live::Recording;
use crate::report::count;

/// Records what is live, without secrets, for `--live recorded:FILE`: reviews then need no access to the cloud.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The stack whose resources are recorded; the first one of `xat stacks` unless said, and none with --group.
    stack: Option<String>,
    #[command(flatten)]
    live: LiveArgs,
    #[command(flatten)]
    state: StateArgs,
    /// With a cloud: records all that this resource group holds, declared or not. Its name or full ID; can be given several
    /// times.
    #[arg(long, value_name = "NAME")]
    group: Vec<String>,
    /// The day that the file says it was recorded, as 2026-01-02; today unless said.
    #[arg(long, value_name = "DATE", value_parser = date)]
    date: Option<String>,
    /// Writes to this file, whole or not at all, instead of to the terminal.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &Args, stacks: &[StackEntry], io: &mut Io<'_>) -> Result<u8, Failure> {
    if !args.group.is_empty() && !matches!(args.live.said(), Some(Source::Cloud(_))) {
        return Err(Failure::Told(
            "`--group` asks a cloud: say which, as in `--live azure`".to_owned(),
        ));
    }
    let whole = !args.group.is_empty() || args.live.is_whole();
    let entry = match args.stack.is_some() || !whole {
        true => Some(find(stacks, args.stack.as_deref())?),
        false => None,
    };
    let graph = entry.map(|entry| build((entry.build)())).transpose()?;
    let state = entry.map(|entry| state(args.state.url(), &args.live, entry, io)).transpose()?;
    let wanted = Wanted {
        graph: graph.as_ref(),
        state: state.as_ref(),
        groups: &args.group,
        unmanaged: false,
    };
    let estate = args.live.estate(entry.and_then(|entry| entry.estate), wanted, io)?;
    let mut recording = Recording::of(&estate)?;
    let taken = recording.scrub(&types(graph.as_ref()));
    let text = recording.to_text(Some(args.date.as_deref().unwrap_or(&today())));
    io.deliver(args.out.as_deref(), &text)?;
    let bodies = match recording.len() {
        1 => "1 body".to_owned(),
        n => format!("{n} bodies"),
    };
    io.tell(&format!("{bodies} recorded; left out as secret: {}\n", count(taken, "value")));
    Ok(DONE)
}

/// A day, checked for its form.
fn date(text: &str) -> Result<String, String> {
    let bytes = text.as_bytes();
    let digits = bytes.iter().enumerate().all(|(at, b)| match at {
        4 | 7 => *b == b'-',
        _ => b.is_ascii_digit(),
    });
    match bytes.len() == 10 && digits {
        true => Ok(text.to_owned()),
        false => Err("expected a day as 2026-01-02".to_owned()),
    }
}

/// Today, in UTC.
fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    day(i64::try_from(seconds / 86_400).unwrap_or(0))
}

/// The day this many days after 1970-01-01: <https://howardhinnant.github.io/date_algorithms.html#civil_from_days>
fn day(days: i64) -> String {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::{date, day};

    #[test]
    fn days_have_their_dates() {
        for (days, text) in
            [(0, "1970-01-01"), (59, "1970-03-01"), (11_016, "2000-02-29"), (20_455, "2026-01-02")]
        {
            assert_eq!(day(days), text);
        }
    }

    #[test]
    fn a_date_has_its_form() {
        assert!(date("2026-01-02").is_ok());
        for bad in ["2026-1-2", "today", "2026/01/02", "20260102xx", "２０２６"] {
            assert!(date(bad).is_err(), "{bad}");
        }
    }
}
