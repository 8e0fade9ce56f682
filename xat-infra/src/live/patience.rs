//! When to ask a cloud again, and when to stop.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::{Clock, Fault, ReadError};

/// How a cloud is read.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How many requests may be under way at once.
    pub parallel: usize,
    /// How often one request is sent before it has failed.
    pub attempts: u32,
    /// The pause before the second attempt, where the cloud does not say; it doubles with each.
    pub pause: Duration,
    /// The longest such pause.
    pub longest_pause: Duration,
    /// The longest pause that the cloud may ask for. Past it, the request has failed.
    pub longest_wait: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            parallel: 8,
            attempts: 6,
            pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(30),
            longest_wait: Duration::from_secs(300),
        }
    }
}

/// When to ask again, and when to stop.
pub(super) struct Patience<'a> {
    pub(super) limits: &'a Limits,
    pub(super) clock: &'a dyn Clock,
    pub(super) stop: &'a AtomicBool,
}

impl Patience<'_> {
    /// Asks again while that may help, with the pauses that the cloud asks for, or longer and longer ones.
    pub(super) fn ask<T>(&self, ask: impl Fn() -> Result<T, ReadError>) -> Result<T, ReadError> {
        let mut pause = self.limits.pause;
        let mut attempt = 1;
        loop {
            let error = match ask() {
                Err(error) if error.fault == Fault::Busy => error,
                answer => return answer,
            };
            // "At once" is no answer to "when": a server that says so gets the pause of those that say nothing.
            let wait = error.wait.filter(|wait| !wait.is_zero());
            if attempt >= self.limits.attempts.max(1) || self.stop.load(Ordering::Relaxed) {
                let times = if attempt == 1 { "once" } else { &format!("{attempt} times") };
                return Err(ReadError { why: format!("{} (asked {times})", error.why), ..error });
            }
            if let Some(wait) = wait.filter(|wait| *wait > self.limits.longest_wait) {
                let why = format!("{} (it says to wait {} s)", error.why, wait.as_secs());
                return Err(ReadError { why, ..error });
            }
            self.clock.sleep(wait.unwrap_or(pause));
            pause = (pause * 2).min(self.limits.longest_pause);
            attempt += 1;
        }
    }
}
