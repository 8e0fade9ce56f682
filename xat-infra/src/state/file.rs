//! The local-file backend: reading, and writing whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{FORMAT, State};
use crate::diagnostic::{Diagnostic, Spot};

/// Read before the rest, so that a newer format is told from a damaged one.
#[derive(Deserialize)]
struct Head {
    format: Option<String>,
}

impl State {
    /// A state from the text of a file; `name` is what diagnostics call it.
    ///
    /// # Errors
    /// The text is not JSON of the state's form, or of a newer version of it.
    pub fn from_text(name: &str, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let malformed = |error: &serde_json::Error| {
            let message = match error.to_string() {
                _ if error.is_eof() => "the state ends too early: it was cut off".to_owned(),
                why => {
                    let why = why.split(" at line ").next().unwrap_or(&why);
                    format!("the state is malformed: {why}")
                }
            };
            vec![
                Diagnostic::error("state-malformed", message)
                    .at(
                        Spot::new(name, error.line().max(1), error.column().max(1)),
                        "reading stopped here",
                    )
                    .help("restore the file from its backup; nothing was written"),
            ]
        };
        let head: Head = serde_json::from_str(text).map_err(|e| malformed(&e))?;
        let format = head.format.unwrap_or_default();
        if format != FORMAT {
            let known =
                format.strip_prefix("xat-state/").and_then(|version| version.parse::<u32>().ok());
            return Err(vec![match known {
                Some(version) if version > 1 => Diagnostic::error(
                    "state-newer",
                    format!("the state has the format `{format}`, newer than `{FORMAT}`"),
                )
                .at(Spot::file(name), "this state")
                .help("use the version of the program that wrote it, or a newer one"),
                _ => Diagnostic::error(
                    "state-malformed",
                    match format.as_str() {
                        "" => {
                            format!("this is no state: it does not say `\"format\": \"{FORMAT}\"`")
                        }
                        _ => format!("this is no state: its format is `{format}`, not `{FORMAT}`"),
                    },
                )
                .at(Spot::file(name), "this file")
                .help("name the file that `xat apply` wrote"),
            }]);
        }
        serde_json::from_str(text).map_err(|e| malformed(&e))
    }

    /// The state in a file; the empty one where there is no such file.
    ///
    /// # Errors
    /// As [`from_text`](Self::from_text), and when the file cannot be read.
    pub fn load(path: &Path) -> Result<Self, Vec<Diagnostic>> {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::from_text(&name, &text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::empty()),
            Err(error) => Err(vec![
                Diagnostic::error(
                    "state-unreadable",
                    format!("the state `{name}` cannot be read: {error}"),
                )
                .at(Spot::file(name), "named with --state")
                .help("check the path and its permissions"),
            ]),
        }
    }

    /// The state as text: ordered, so that equal states are equal bytes.
    ///
    /// # Errors
    /// None in practice; serialisation is fallible by its signature.
    pub fn to_text(&self) -> Result<String, Diagnostic> {
        let text = serde_json::to_string_pretty(self).map_err(|error| {
            Diagnostic::error("state-malformed", format!("the state cannot be written: {error}"))
        })?;
        Ok(text + "\n")
    }

    /// Writes the state to a file, whole or not at all: to a temporary file beside it, then renamed.
    ///
    /// # Errors
    /// The file cannot be written; then the old one is as it was.
    pub fn save(&self, path: &Path) -> Result<(), Diagnostic> {
        let text = self.to_text()?;
        let mut temporary = PathBuf::from(path);
        temporary.as_mut_os_string().push(".new");
        let written = std::fs::File::create(&temporary)
            .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
            .and_then(|()| std::fs::rename(&temporary, path));
        written.map_err(|error| {
            Diagnostic::error(
                "state-unreadable",
                format!("the state `{}` cannot be written: {error}", path.display()),
            )
            .at(Spot::file(path.display().to_string()), "the old state is as it was")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_survives_its_file_and_bad_ones_are_told_apart() {
        let state = State::empty();
        let text = state.to_text().unwrap();
        assert_eq!(State::from_text("s.json", &text).unwrap(), state);
        let code = |text: &str| State::from_text("s.json", text).unwrap_err()[0].code;
        assert_eq!(code(&text.replace("xat-state/1", "xat-state/2")), "state-newer");
        assert_eq!(code(&text.replace("xat-state/1", "other")), "state-malformed");
        assert_eq!(code(&text[..text.len() / 2]), "state-malformed");
        assert_eq!(code("{}"), "state-malformed");
        assert!(State::load(Path::new("/nonexistent/state.json")).unwrap().is_empty());
    }
}
