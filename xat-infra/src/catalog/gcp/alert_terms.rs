//! How Cloud Monitoring makes points of time and series one.

use crate::Choice;

/// What one series has in a span of time.
#[derive(Clone, Copy, Choice)]
pub enum Aligner {
    /// What it is, point by point.
    #[choice("ALIGN_NONE")]
    None,
    /// By how much it grew.
    #[choice("ALIGN_DELTA")]
    Delta,
    /// How fast it grew, a second.
    #[choice("ALIGN_RATE")]
    Rate,
    /// What lies between its neighbours.
    #[choice("ALIGN_INTERPOLATE")]
    Interpolate,
    /// Its newest value.
    #[choice("ALIGN_NEXT_OLDER")]
    NextOlder,
    /// The least.
    #[choice("ALIGN_MIN")]
    Min,
    /// The most.
    #[choice("ALIGN_MAX")]
    Max,
    /// The mean.
    #[choice("ALIGN_MEAN")]
    Mean,
    /// How many values.
    #[choice("ALIGN_COUNT")]
    Count,
    /// The sum.
    #[choice("ALIGN_SUM")]
    Sum,
    /// The standard deviation.
    #[choice("ALIGN_STDDEV")]
    StandardDeviation,
    /// How many are true.
    #[choice("ALIGN_COUNT_TRUE")]
    CountTrue,
    /// How many are false.
    #[choice("ALIGN_COUNT_FALSE")]
    CountFalse,
    /// Which part is true.
    #[choice("ALIGN_FRACTION_TRUE")]
    FractionTrue,
    /// What 99 in 100 are under.
    #[choice("ALIGN_PERCENTILE_99")]
    Percentile99,
    /// What 95 in 100 are under.
    #[choice("ALIGN_PERCENTILE_95")]
    Percentile95,
    /// What half are under.
    #[choice("ALIGN_PERCENTILE_50")]
    Percentile50,
    /// What 5 in 100 are under.
    #[choice("ALIGN_PERCENTILE_05")]
    Percentile05,
    /// By how much it changed, in per cent.
    #[choice("ALIGN_PERCENT_CHANGE")]
    PercentChange,
}

/// What several series are together.
#[derive(Clone, Copy, Choice)]
pub enum Reducer {
    /// They stay apart.
    #[choice("REDUCE_NONE")]
    None,
    /// Their mean.
    #[choice("REDUCE_MEAN")]
    Mean,
    /// The least.
    #[choice("REDUCE_MIN")]
    Min,
    /// The most.
    #[choice("REDUCE_MAX")]
    Max,
    /// Their sum.
    #[choice("REDUCE_SUM")]
    Sum,
    /// Their standard deviation.
    #[choice("REDUCE_STDDEV")]
    StandardDeviation,
    /// How many there are.
    #[choice("REDUCE_COUNT")]
    Count,
    /// How many are true.
    #[choice("REDUCE_COUNT_TRUE")]
    CountTrue,
    /// How many are false.
    #[choice("REDUCE_COUNT_FALSE")]
    CountFalse,
    /// Which part is true.
    #[choice("REDUCE_FRACTION_TRUE")]
    FractionTrue,
    /// What 99 in 100 are under.
    #[choice("REDUCE_PERCENTILE_99")]
    Percentile99,
    /// What 95 in 100 are under.
    #[choice("REDUCE_PERCENTILE_95")]
    Percentile95,
    /// What half are under.
    #[choice("REDUCE_PERCENTILE_50")]
    Percentile50,
    /// What 5 in 100 are under.
    #[choice("REDUCE_PERCENTILE_05")]
    Percentile05,
}
