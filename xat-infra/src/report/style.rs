//! Lines of toned text, and how a tone looks on a terminal.
//!
//! Text is laid out without escapes and toned when it is rendered, so that colours can never move a column.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::layout;
use crate::plan::Action;
use crate::schema::Danger;

/// What a piece of text is, as far as its look goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tone {
    /// Ordinary text.
    Plain,
    /// Names and headings.
    Strong,
    /// What is there for whoever looks for it.
    Dim,
    /// Something new.
    Good,
    /// Something that changes.
    Caution,
    /// Something that is lost, or not done.
    Bad,
}

impl Tone {
    fn style(self) -> Style {
        let colour = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
        match self {
            Tone::Plain => Style::new(),
            Tone::Strong => Style::new().bold(),
            Tone::Dim => Style::new().dimmed(),
            Tone::Good => colour(AnsiColor::Green),
            Tone::Caution => colour(AnsiColor::Yellow),
            Tone::Bad => colour(AnsiColor::Red),
        }
    }
}

impl From<Action> for Tone {
    fn from(action: Action) -> Self {
        match action {
            Action::Create | Action::Recover => Tone::Good,
            Action::Update => Tone::Caution,
            Action::Replace | Action::ReplaceCreateFirst | Action::Delete => Tone::Bad,
            Action::Adopt | Action::Move | Action::Forget => Tone::Dim,
        }
    }
}

impl From<Danger> for Tone {
    fn from(danger: Danger) -> Self {
        match danger {
            Danger::None | Danger::Cosmetic => Tone::Dim,
            Danger::Cost => Tone::Caution,
            Danger::Exposure | Danger::Downtime | Danger::DataLoss => Tone::Bad,
        }
    }
}

/// Text of one tone.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Span {
    pub(crate) tone: Tone,
    pub(crate) text: String,
}

impl Span {
    pub(crate) fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into() }
    }
}

/// One line, filled from left to right.
#[derive(Default)]
pub(crate) struct Line {
    spans: Vec<Span>,
    column: usize,
    wanted: usize,
}

impl Line {
    /// An empty line.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Moves to a column, if the line is not past it. No blank is written before text follows, so that no line
    /// ends in blanks.
    pub(crate) fn to(mut self, column: usize) -> Self {
        self.wanted = column;
        self
    }

    /// Adds text.
    pub(crate) fn put(mut self, tone: Tone, text: &str) -> Self {
        if text.is_empty() {
            return self;
        }
        if let Some(gap) = self.wanted.checked_sub(self.column).filter(|gap| *gap > 0) {
            self.spans.push(Span::new(Tone::Plain, " ".repeat(gap)));
            self.column += gap;
        }
        self.column += layout::width(text);
        self.spans.push(Span::new(tone, text));
        self
    }

    /// Adds several spans.
    pub(crate) fn put_all(self, spans: &[Span]) -> Self {
        spans.iter().fold(self, |line, span| line.put(span.tone, &span.text))
    }

    /// The column behind what it holds.
    pub(crate) fn column(&self) -> usize {
        self.column
    }
}

/// Lines under each other.
#[derive(Default)]
pub(crate) struct Page {
    lines: Vec<Line>,
}

impl Page {
    /// Adds a line.
    pub(crate) fn push(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// Adds an empty line.
    pub(crate) fn blank(&mut self) {
        self.lines.push(Line::new());
    }

    /// Adds spans, folded between a left margin and the width.
    pub(crate) fn paragraph(&mut self, margin: usize, width: usize, spans: &[Span]) {
        for spans in layout::fold(spans, width.saturating_sub(margin), layout::Long::Break) {
            self.push(Line::new().to(margin).put_all(&spans));
        }
    }

    /// All lines as text.
    pub(crate) fn render(&self, colour: bool) -> String {
        let mut out = String::new();
        for line in &self.lines {
            for span in &line.spans {
                let style = if colour { span.tone.style() } else { Style::new() };
                // Writing to a `String` cannot fail.
                let _ = write!(out, "{style}{}{style:#}", span.text);
            }
            out.push('\n');
        }
        out
    }
}
