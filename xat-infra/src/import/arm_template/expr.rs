//! The language of template expressions, as a tree: literals, calls, and what is taken from their results.
//!
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions>

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    Text(String),
    Int(i64),
    Bool(bool),
    Null,
    /// A call, and where its name starts in the expression.
    Call(String, Vec<Expr>, usize),
    /// A property by its name.
    Property(Box<Expr>, String),
    /// An element or property by what the brackets hold.
    Index(Box<Expr>, Box<Expr>),
}

/// The expression in a text, or nothing where the text is plain. `[[` starts a plain text with a bracket.
///
/// # Errors
/// What is wrong, and the byte in the text.
pub(super) fn parse(text: &str) -> Result<Option<Expr>, (String, usize)> {
    let Some(inner) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) else {
        return Ok(None);
    };
    if inner.starts_with('[') {
        return Ok(None);
    }
    let mut parser = Parser { text: inner, at: 0 };
    let expr = parser.expr()?;
    parser.blank();
    match parser.rest().is_empty() {
        true => Ok(Some(expr)),
        false => Err(parser.wrong("the expression ends here")),
    }
}

/// A plain text as it is meant: one that would be an expression has a bracket more in front.
pub(super) fn plain(text: &str) -> &str {
    if text.starts_with("[[") && text.ends_with(']') { &text[1..] } else { text }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// The bracket in front of the expression is a byte of the text too.
    fn wrong(&self, why: &str) -> (String, usize) {
        (why.to_owned(), self.at + 1)
    }

    fn takes(&mut self, c: char) -> bool {
        self.blank();
        let found = self.rest().starts_with(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    fn word(&mut self) -> Option<String> {
        self.blank();
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '$'));
        let word = rest[..end.unwrap_or(rest.len())].to_owned();
        self.at += word.len();
        (!word.is_empty()).then_some(word)
    }

    fn expr(&mut self) -> Result<Expr, (String, usize)> {
        let mut expr = self.primary()?;
        loop {
            if self.takes('.') {
                let name =
                    self.word().ok_or_else(|| self.wrong("a property's name belongs here"))?;
                expr = Expr::Property(Box::new(expr), name);
            } else if self.takes('[') {
                let index = self.expr()?;
                if !self.takes(']') {
                    return Err(self.wrong("a closing bracket belongs here"));
                }
                expr = Expr::Index(Box::new(expr), Box::new(index));
            } else {
                return Ok(expr);
            }
        }
    }

    fn primary(&mut self) -> Result<Expr, (String, usize)> {
        self.blank();
        if self.takes('\'') {
            return self.quoted();
        }
        let start = self.at;
        let negative = self.takes('-');
        let Some(word) = self.word() else {
            return Err(self.wrong("a value or a function belongs here"));
        };
        if let Ok(n) = word.parse::<i64>() {
            return Ok(Expr::Int(if negative { -n } else { n }));
        }
        let mut name = word;
        // A function of the template's own has its namespace in front.
        while !self.rest().starts_with('(') && self.takes('.') {
            let more = self.word().ok_or_else(|| self.wrong("a name belongs here"))?;
            name = format!("{name}.{more}");
        }
        if !self.takes('(') {
            return match name.to_ascii_lowercase().as_str() {
                "true" => Ok(Expr::Bool(true)),
                "false" => Ok(Expr::Bool(false)),
                "null" => Ok(Expr::Null),
                _ => Err((format!("`{name}` is neither a value nor a call"), start + 1)),
            };
        }
        let mut arguments = Vec::new();
        if !self.takes(')') {
            loop {
                arguments.push(self.expr()?);
                if self.takes(')') {
                    break;
                }
                if !self.takes(',') {
                    return Err(self.wrong("a comma or a closing parenthesis belongs here"));
                }
            }
        }
        Ok(Expr::Call(name, arguments, start + 1))
    }

    /// What stands between quotes; two quotes are one.
    fn quoted(&mut self) -> Result<Expr, (String, usize)> {
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let Some(end) = rest.find('\'') else {
                return Err(self.wrong("the text does not end"));
            };
            out.push_str(&rest[..end]);
            let twice = rest[end + 1..].starts_with('\'');
            self.at += end + 1 + usize::from(twice);
            if !twice {
                return Ok(Expr::Text(out));
            }
            out.push('\'');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Expr {
        Expr::Text(text.to_owned())
    }

    #[test]
    fn expressions_are_read() {
        assert_eq!(parse("plain"), Ok(None));
        assert_eq!(parse("[[plain]"), Ok(None));
        assert_eq!(plain("[[plain]"), "[plain]");
        assert_eq!(plain("[[plain] text"), "[[plain] text");
        let call = Expr::Call("concat".into(), vec![text("it's"), Expr::Int(-3), Expr::Null], 1);
        assert_eq!(parse("[concat('it''s', -3, null)]"), Ok(Some(call)));
        let group = Expr::Call("resourceGroup".into(), Vec::new(), 2);
        let taken = Expr::Index(
            Box::new(Expr::Property(Box::new(group), "tags".into())),
            Box::new(text("a b")),
        );
        assert_eq!(parse("[ resourceGroup().tags['a b'] ]"), Ok(Some(taken)));
    }

    #[test]
    fn broken_ones_are_told_where() {
        for (broken, at) in [
            ("[concat('a']", 11),
            ("[concat('a]", 9),
            ("[a]", 1),
            ("[f(1) g]", 6),
            ("[]", 1),
            ("[f(,)]", 3),
        ] {
            assert_eq!(parse(broken).unwrap_err().1, at, "{broken}");
        }
    }
}
