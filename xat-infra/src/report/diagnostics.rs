//! One diagnostic, drawn into the user's own source.

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource};

use super::Options;
use super::layout;
use crate::diagnostic::{Diagnostic, Severity, Spot};

/// Finds the text of a file by the path that a [`Spot`] has.
pub type Sources<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A line longer than this is not drawn: it is data on one line (a recorded estate, mostly), and would fill the
/// screen without helping anyone.
const LONGEST_LINE: usize = 300;

/// The diagnostic as text: drawn into the source where `sources` has it, with `file:line` where it has not.
pub fn draw(diagnostic: &Diagnostic, options: &Options, sources: Sources<'_>) -> String {
    let drawn = Drawn::new(diagnostic, sources);
    let theme =
        if options.colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(options.width.max(40))
        .with_context_lines(1)
        .with_links(false);
    let mut out = String::new();
    if handler.render_report(&mut out, &drawn).is_err() {
        // The drawing failed, not the message.
        return format!("{diagnostic}\n");
    }
    let mut out: String =
        out.trim_matches('\n').lines().map(|line| format!("{}\n", line.trim_end())).collect();
    // What could not be drawn is told in words; places in other files follow the same way.
    for (spot, word) in &drawn.told {
        let separator = if word.is_empty() { "" } else { ": " };
        out.push_str(&layout::paragraph(
            &format!("at {}{separator}{word}", short(spot)),
            4,
            options.width.max(40),
        ));
    }
    out
}

/// `file:line`, without the column, which without the source nobody counts.
fn short(spot: &Spot) -> Spot {
    Spot { column: 0, ..spot.clone() }
}

/// A diagnostic as `miette` wants it.
#[derive(Debug)]
struct Drawn<'a> {
    diagnostic: &'a Diagnostic,
    source: Option<NamedSource<String>>,
    labels: Vec<LabeledSpan>,
    told: Vec<(&'a Spot, &'a str)>,
}

impl<'a> Drawn<'a> {
    /// The labels in the first label's file are drawn; a drawing has one file.
    fn new(diagnostic: &'a Diagnostic, sources: Sources<'_>) -> Self {
        let mut drawn = Self { diagnostic, source: None, labels: Vec::new(), told: Vec::new() };
        let main = diagnostic.spot().map(|spot| spot.file.as_str());
        let text = main.and_then(sources);
        for (spot, word) in &diagnostic.labels {
            let span = text
                .as_deref()
                .filter(|_| Some(spot.file.as_str()) == main)
                .and_then(|t| span(t, spot));
            match span {
                Some((start, len)) => {
                    // Only the first is primary: the drawing's headline shows its place.
                    let word = Some(word.clone()).filter(|w| !w.is_empty());
                    drawn.labels.push(match drawn.labels.is_empty() {
                        true => LabeledSpan::new_primary_with_span(word, (start, len)),
                        false => LabeledSpan::new_with_span(word, (start, len)),
                    });
                }
                None => drawn.told.push((spot, word)),
            }
        }
        if let (Some(file), Some(text), false) = (main, text, drawn.labels.is_empty()) {
            drawn.source = Some(NamedSource::new(file, text));
        }
        drawn
    }
}

/// The bytes to underline: the name at the spot, since a spot is only where something begins.
fn span(text: &str, spot: &Spot) -> Option<(usize, usize)> {
    let index = usize::try_from(spot.line).ok()?.checked_sub(1)?;
    let start: usize = text.split_inclusive('\n').take(index).map(str::len).sum();
    let line = text.get(start..)?.lines().next().filter(|line| line.len() <= LONGEST_LINE)?;
    let column = match usize::try_from(spot.column).ok()?.checked_sub(1) {
        Some(column) => line.char_indices().nth(column)?.0,
        None => line.len() - line.trim_start().len(),
    };
    let rest = &line[column..];
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '!');
    let len = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
    Some((start + column, len.max(rest.chars().next().map_or(0, char::len_utf8))))
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.diagnostic.message)
    }
}

impl std::error::Error for Drawn<'_> {}

impl miette::Diagnostic for Drawn<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        Some(Box::new(format!("{}[{}]", self.diagnostic.severity.word(), self.diagnostic.code)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Advice => miette::Severity::Advice,
            Severity::Warning => miette::Severity::Warning,
            Severity::Error => miette::Severity::Error,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.diagnostic.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.source.as_ref().map(|source| source as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty()).then(|| Box::new(self.labels.iter().cloned()) as Box<_>)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    const SOURCE: &str = "fn demo() {\n    let a = stack.add(KeyVault::new(name!(\"a\"), group));\n    let b = a;\n}\n";

    fn diagnostic() -> Diagnostic {
        Diagnostic::error("duplicate-address", "two resources have the address `key_vault.a`")
            .at(Spot::new("src/demo.rs", 2, 23), "the second")
            .at(Spot::new("src/demo.rs", 3, 9), "the first")
            .at(Spot::new("src/other.rs", 7, 1), "elsewhere")
            .help("give one of them a key of its own, `.key(\"..\")`")
    }

    #[test]
    fn draws_into_the_source() {
        let source = |file: &str| (file == "src/demo.rs").then(|| SOURCE.to_owned());
        let text = draw(&diagnostic(), &Options::default(), &source);
        println!("{text}");
        for part in [
            "error[duplicate-address]",
            "KeyVault::new(",
            "the second",
            "src/demo.rs:2:23",
            "help: give",
            "at src/other.rs:7: elsewhere",
        ] {
            assert!(text.contains(part), "`{part}` is missing from\n{text}");
        }
        assert!(!text.contains('\x1b'));
        let toned = draw(&diagnostic(), &Options { colour: true, ..Options::default() }, &source);
        assert!(toned.contains('\x1b'));
        assert_eq!(sample::without_escapes(&toned), text);
    }

    #[test]
    fn says_the_line_where_there_is_no_source() {
        let text = draw(&diagnostic(), &Options::default(), &|_| None);
        println!("{text}");
        assert!(text.contains("at src/demo.rs:2: the second"), "{text}");
        let minified = format!("{{{}", " ".repeat(400));
        let at = Diagnostic::error("estate-malformed", "it ends early")
            .at(Spot::new("e.json", 1, 390), "here");
        let text = draw(&at, &Options::default(), &|_| Some(minified.clone()));
        assert!(text.contains("at e.json:1: here"), "{text}");
    }

    #[test]
    fn a_spot_outside_the_file_is_told() {
        let text = draw(&diagnostic(), &Options::default(), &|_| Some("short\n".to_owned()));
        assert!(text.contains("at src/demo.rs:3: the first"), "{text}");
    }
}
