//! How bad a change can be, as an order that previews and `--refuse` share.

use std::fmt;
use std::str::FromStr;

/// What applying a change can do, from harmless to worst.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Danger {
    /// Nothing that anyone would notice.
    #[default]
    None,
    /// Labels and tags.
    Cosmetic,
    /// The bill changes.
    Cost,
    /// Something becomes reachable that was not.
    Exposure,
    /// The service stops or restarts.
    Downtime,
    /// Data may be gone for good.
    DataLoss,
}

impl Danger {
    /// Every level that can be named on the command line, worst first.
    pub const NAMED: [Danger; 5] =
        [Danger::DataLoss, Danger::Downtime, Danger::Exposure, Danger::Cost, Danger::Cosmetic];

    /// The word for it in previews (`data loss`, `downtime`, ...); empty for none.
    pub const fn word(self) -> &'static str {
        match self {
            Danger::None => "",
            Danger::Cosmetic => "cosmetic",
            Danger::Cost => "cost",
            Danger::Exposure => "exposure",
            Danger::Downtime => "downtime",
            Danger::DataLoss => "data loss",
        }
    }

    /// The word for it in machine-readable output and on the command line (`data-loss`, `none`, ...).
    pub const fn slug(self) -> &'static str {
        match self {
            Danger::None => "none",
            Danger::DataLoss => "data-loss",
            other => other.word(),
        }
    }
}

impl fmt::Display for Danger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Danger {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Danger::NAMED.into_iter().find(|d| d.slug() == text).ok_or_else(|| {
            format!("no danger is called `{text}`: data-loss, downtime, exposure, cost or cosmetic")
        })
    }
}
