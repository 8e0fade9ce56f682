//! The reviewed list of pairs whose difference is real: a second write, or a read of another moment.
//!
//! `tests/second-writes.tsv` names each by type, source and path, with the reason. Nothing is silenced by rule.

/// The list.
pub struct Listed {
    rows: Vec<[&'static str; 3]>,
}

/// The file, read when this program was compiled: the list belongs to the runner.
const FILE: &str = include_str!("../../second-writes.tsv");

impl Listed {
    /// Reads the list.
    ///
    /// # Errors
    /// A row has no reason, or not four columns.
    pub fn read() -> Result<Self, String> {
        Self::parse("second-writes.tsv", FILE)
    }

    /// Reads a list of this form: type, source, path or point, reason.
    ///
    /// # Errors
    /// A row has no reason, or not four columns.
    pub fn parse(name: &str, text: &'static str) -> Result<Self, String> {
        let mut rows = Vec::new();
        for (number, line) in text.lines().enumerate().skip(1) {
            let columns: Vec<&'static str> = line.split('\t').collect();
            let [wire, source, path, reason] = columns.as_slice() else {
                return Err(format!("{name}:{}: four columns, not {}", number + 1, columns.len()));
            };
            if reason.trim().is_empty() {
                return Err(format!("{name}:{}: no reason", number + 1));
            }
            rows.push([*wire, *source, *path]);
        }
        Ok(Self { rows })
    }

    /// Whether this difference is listed; a row with the path `*` stands for a whole pair.
    pub fn has(&self, wire: &str, source: &str, path: &str) -> bool {
        self.rows.iter().any(|row| {
            row[0] == wire && row[1].trim() == source.trim() && (row[2] == path || row[2] == "*")
        })
    }

    /// Whether the whole pair is listed.
    pub fn has_whole(&self, wire: &str, source: &str) -> bool {
        self.rows
            .iter()
            .any(|row| row[0] == wire && row[1].trim() == source.trim() && row[2] == "*")
    }
}
