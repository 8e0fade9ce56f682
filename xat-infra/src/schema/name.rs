//! Rules for resource names, checked while compiling for literals and with the graph for the rest.

use std::fmt;

/// Which characters a name may hold.
#[derive(Clone, Copy)]
pub struct Chars {
    /// `a` to `z`.
    pub lower: bool,
    /// `A` to `Z`.
    pub upper: bool,
    /// `0` to `9`.
    pub digit: bool,
    /// Any others, such as `-._`.
    pub other: &'static str,
}

impl Chars {
    /// Letters of both cases and digits.
    pub const ALPHANUMERIC: Chars = Chars { lower: true, upper: true, digit: true, other: "" };
    /// Lower-case letters and digits.
    pub const LOWER_ALPHANUMERIC: Chars =
        Chars { lower: true, upper: false, digit: true, other: "" };

    /// The same, and these.
    pub const fn and(self, other: &'static str) -> Chars {
        Chars { other, ..self }
    }

    const fn allow(&self, byte: u8) -> bool {
        if byte.is_ascii_lowercase() {
            return self.lower;
        }
        if byte.is_ascii_uppercase() {
            return self.upper;
        }
        if byte.is_ascii_digit() {
            return self.digit;
        }
        let other = self.other.as_bytes();
        let mut i = 0;
        while i < other.len() {
            if other[i] == byte {
                return true;
            }
            i += 1;
        }
        false
    }
}

/// The rule for one type's names, with the provider's own reference as its source.
#[derive(Clone, Copy)]
pub struct NameRule {
    /// Fewest characters.
    pub min: usize,
    /// Most characters.
    pub max: usize,
    /// Allowed characters.
    pub chars: Chars,
    /// What the first character must be.
    pub start: Edge,
    /// What the last character must be.
    pub end: Edge,
    /// Whether two hyphens may stand together.
    pub double_hyphen: bool,
    /// Whether the name is unique in the whole cloud rather than in its parent.
    pub global: bool,
    /// Where the provider says so.
    pub source: &'static str,
}

/// What the first or last character of a name must be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Edge {
    /// Any allowed character.
    Any,
    /// A letter.
    Letter,
    /// A letter or a digit.
    Alphanumeric,
    /// A letter, a digit or an underscore.
    Word,
    /// Anything but a full stop or a space.
    NotDot,
}

impl Edge {
    const fn allows(self, byte: u8) -> bool {
        match self {
            Edge::Any => true,
            Edge::Letter => byte.is_ascii_alphabetic(),
            Edge::Alphanumeric => byte.is_ascii_alphanumeric(),
            Edge::Word => byte.is_ascii_alphanumeric() || byte == b'_',
            Edge::NotDot => byte != b'.' && byte != b' ',
        }
    }
}

/// What is wrong with a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NameProblem {
    /// Fewer characters than the rule asks for.
    TooShort,
    /// More characters than the rule allows.
    TooLong,
    /// A character that the rule does not allow.
    Character,
    /// The first character.
    Start,
    /// The last character.
    End,
    /// Two hyphens together.
    DoubleHyphen,
}

impl NameProblem {
    /// The problem in words, fit for a compile error.
    pub const fn message(self) -> &'static str {
        match self {
            NameProblem::TooShort => "the name is shorter than the provider allows",
            NameProblem::TooLong => "the name is longer than the provider allows",
            NameProblem::Character => "the name holds a character that the provider does not allow",
            NameProblem::Start => {
                "the name starts with a character that the provider does not allow there"
            }
            NameProblem::End => {
                "the name ends with a character that the provider does not allow there"
            }
            NameProblem::DoubleHyphen => {
                "the name holds two hyphens in a row, which the provider does not allow"
            }
        }
    }
}

impl NameRule {
    /// A rule with these bounds and characters, starting and ending with a letter or digit.
    pub const fn new(min: usize, max: usize, chars: Chars, source: &'static str) -> Self {
        Self {
            min,
            max,
            chars,
            start: Edge::Alphanumeric,
            end: Edge::Alphanumeric,
            double_hyphen: true,
            global: false,
            source,
        }
    }

    /// What is wrong with `name`, if anything. Usable in constants.
    pub const fn check(&self, name: &str) -> Option<NameProblem> {
        let bytes = name.as_bytes();
        if bytes.len() < self.min || bytes.is_empty() {
            return Some(NameProblem::TooShort);
        }
        if bytes.len() > self.max {
            return Some(NameProblem::TooLong);
        }
        let mut i = 0;
        while i < bytes.len() {
            if !self.chars.allow(bytes[i]) {
                return Some(NameProblem::Character);
            }
            if !self.double_hyphen && i > 0 && bytes[i] == b'-' && bytes[i - 1] == b'-' {
                return Some(NameProblem::DoubleHyphen);
            }
            i += 1;
        }
        if !self.start.allows(bytes[0]) {
            return Some(NameProblem::Start);
        }
        if !self.end.allows(bytes[bytes.len() - 1]) {
            return Some(NameProblem::End);
        }
        None
    }
}

impl fmt::Display for NameRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {} characters of ", self.min, self.max)?;
        let mut sets: Vec<String> = Vec::new();
        match (self.chars.lower, self.chars.upper) {
            (true, true) => sets.push("letters".into()),
            (true, false) => sets.push("lower-case letters".into()),
            (false, true) => sets.push("upper-case letters".into()),
            (false, false) => {}
        }
        if self.chars.digit {
            sets.push("digits".into());
        }
        sets.extend(self.chars.other.chars().map(|c| format!("`{c}`")));
        f.write_str(&sets.join(", "))?;
        for (place, edge) in [("starting", self.start), ("ending", self.end)] {
            match edge {
                Edge::Any => {}
                Edge::Letter => write!(f, ", {place} with a letter")?,
                Edge::Alphanumeric => write!(f, ", {place} with a letter or digit")?,
                Edge::Word => write!(f, ", {place} with a letter, digit or underscore")?,
                Edge::NotDot if self.chars.other.contains(' ') => {
                    write!(f, ", not {place} with a full stop or a space")?;
                }
                Edge::NotDot => write!(f, ", not {place} with a full stop")?,
            }
        }
        if !self.double_hyphen {
            f.write_str(", no two hyphens in a row")?;
        }
        Ok(())
    }
}

/// What a compile error says of a bad name: the problem and the rule, written in a constant.
pub(crate) struct Complaint {
    text: [u8; 256],
    len: usize,
}

impl Complaint {
    pub(crate) const fn new(problem: NameProblem, rule: &NameRule) -> Self {
        let mut out = Self { text: [0; 256], len: 0 }.text(problem.message()).text(": a name has ");
        out = out.number(rule.min).text(" to ").number(rule.max).text(" characters, of");
        if rule.chars.lower {
            out = out.text(" a-z");
        }
        if rule.chars.upper {
            out = out.text(" A-Z");
        }
        if rule.chars.digit {
            out = out.text(" 0-9");
        }
        if !rule.chars.other.is_empty() {
            out = out.text(" ").text(rule.chars.other);
        }
        match rule.start {
            Edge::Letter => out = out.text(", starting with a letter"),
            Edge::Alphanumeric => out = out.text(", starting with a letter or digit"),
            _ => {}
        }
        out
    }

    pub(crate) const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.text.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "the provider does not allow this name",
        }
    }

    /// With more text behind it, or without where there is no room: a rule is far shorter.
    const fn text(mut self, more: &str) -> Self {
        let more = more.as_bytes();
        if self.len + more.len() <= self.text.len() {
            let mut i = 0;
            while i < more.len() {
                self.text[self.len] = more[i];
                self.len += 1;
                i += 1;
            }
        }
        self
    }

    const fn number(self, number: usize) -> Self {
        let digit = [b'0' + (number % 10) as u8];
        let this = if number > 9 { self.number(number / 10) } else { self };
        match std::str::from_utf8(&digit) {
            Ok(digit) => this.text(digit),
            Err(_) => this,
        }
    }
}

/// A type whose resources have names under a rule.
#[diagnostic::on_unimplemented(
    message = "resources of type `{Self}` have no name of their own",
    label = "no name belongs here",
    note = "a type has names when `#[derive(Resource)]` finds `#[name(..)]` on one of its fields"
)]
pub trait Named {
    /// The rule.
    const RULE: NameRule;
}
