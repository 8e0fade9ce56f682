//! Fitting text into columns: width, folding at spaces, leaving out the middle of what is too long.

use unicode_width::UnicodeWidthStr;

use super::style::{Span, Tone};

/// How many columns text takes.
pub(crate) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// What happens to a word that is wider than the column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Long {
    /// Its middle is left out: for values, of which both ends tell most.
    Elide,
    /// It goes on in the next line: for advice, of which nothing may be lost.
    Break,
}

/// The arrow between an old and a new value. It never ends a line.
pub(crate) const ARROW: &str = "→";

/// Spans, a space between each two, folded at spaces into lines of at most `max` columns.
pub(crate) fn fold(spans: &[Span], max: usize, long: Long) -> Vec<Vec<Span>> {
    let max = max.max(4);
    let words: Vec<(Tone, &str)> =
        spans.iter().flat_map(|span| span.text.split(' ').map(|word| (span.tone, word))).collect();
    let mut lines: Vec<Vec<Span>> = vec![Vec::new()];
    let mut column = 0;
    let mut behind_arrow = false;
    for (at, (tone, word)) in words.iter().enumerate() {
        let is_arrow = *word == ARROW;
        let partner = words.get(at + 1).filter(|_| is_arrow).map_or(0, |(_, next)| 1 + width(next));
        if column > 0 && !behind_arrow && column + 1 + width(word) + partner > max {
            lines.push(Vec::new());
            column = 0;
        }
        let mut word = (*word).to_owned();
        let mut room = max.saturating_sub(column + usize::from(column > 0));
        if width(&word) > room && long == Long::Elide {
            word = elide(&word, room);
        }
        while width(&word) > room {
            let cut = front(&word, room).len().max(word.chars().next().map_or(1, char::len_utf8));
            let rest = word.split_off(cut);
            append(&mut lines, *tone, &word, column > 0);
            lines.push(Vec::new());
            (word, column, room) = (rest, 0, max);
        }
        append(&mut lines, *tone, &word, column > 0);
        column += width(&word) + usize::from(column > 0);
        behind_arrow = is_arrow;
    }
    lines
}

fn append(lines: &mut [Vec<Span>], tone: Tone, word: &str, spaced: bool) {
    let Some(line) = lines.last_mut() else { return };
    let space = if spaced { " " } else { "" };
    match line.last_mut() {
        Some(last) if last.tone == tone => last.text.extend([space, word]),
        _ => line.push(Span { tone, text: format!("{space}{word}") }),
    }
}

/// Text without tones, folded at spaces between a margin and a width.
#[cfg(feature = "cli")]
pub(crate) fn paragraph(text: &str, margin: usize, width: usize) -> String {
    let mut page = super::style::Page::default();
    page.paragraph(margin, width, &[Span::new(Tone::Plain, text)]);
    page.render(false)
}

/// Text of at most `max` columns, its middle left out if need be. The end gets more room than the beginning:
/// IDs and paths begin alike and end in what tells them apart.
pub(crate) fn elide(text: &str, max: usize) -> String {
    if width(text) <= max {
        return text.to_owned();
    }
    let Some(room) = max.checked_sub(1) else { return String::new() };
    let head = room * 2 / 5;
    format!("{}…{}", front(text, head), back(text, room - head))
}

/// As much of the beginning as fits.
fn front(text: &str, max: usize) -> &str {
    let mut end = 0;
    for (at, c) in text.char_indices() {
        let next = at + c.len_utf8();
        if width(&text[..next]) > max {
            break;
        }
        end = next;
    }
    &text[..end]
}

/// As much of the end as fits.
fn back(text: &str, max: usize) -> &str {
    let mut start = text.len();
    for (at, _) in text.char_indices().rev() {
        if width(&text[at..]) > max {
            break;
        }
        start = at;
    }
    &text[start..]
}

/// Two long texts with what they share at both ends left out, so that what differs is on the screen.
pub(crate) fn contrast(before: &str, after: &str) -> (String, String) {
    /// How many characters of what is shared stay, for orientation.
    const CONTEXT: usize = 8;
    let alike =
        |pairs: &mut dyn Iterator<Item = (char, char)>| pairs.take_while(|(a, b)| a == b).count();
    let head = alike(&mut before.chars().zip(after.chars()));
    let (long, short) = (before.chars().count(), after.chars().count());
    let tail =
        alike(&mut before.chars().rev().zip(after.chars().rev())).min(long.min(short) - head);
    let (skip_head, skip_tail) = (head.saturating_sub(CONTEXT), tail.saturating_sub(CONTEXT));
    let cut = |text: &str, count: usize| {
        let kept: String = text.chars().take(count - skip_tail).skip(skip_head).collect();
        let dots = |skipped: usize| if skipped > 0 { "…" } else { "" };
        format!("{}{kept}{}", dots(skip_head), dots(skip_tail))
    };
    (cut(before, long), cut(after, short))
}

/// Text that is safe to show in one line: control characters and marks that reorder text are spelt out, since a
/// live value may hold anything, also what would move the cursor or pass for something else.
pub(crate) fn clean(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(hidden) {
        return text.to_owned();
    }
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            c if hidden(c) => out.extend(c.escape_default()),
            c => out.push(c),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, max: usize, long: Long) -> Vec<String> {
        let folded = fold(&[Span::new(Tone::Plain, text)], max, long);
        folded.iter().map(|line| line.iter().map(|s| s.text.as_str()).collect()).collect()
    }

    #[test]
    fn folds_at_spaces() {
        assert_eq!(lines("one two three", 8, Long::Elide), ["one two", "three"]);
        assert_eq!(lines("", 8, Long::Elide), [""]);
        assert_eq!(lines("abcdefghij", 5, Long::Elide), ["a…hij"]);
        assert_eq!(lines("abcdefghij k", 5, Long::Break), ["abcde", "fghij", "k"]);
    }

    #[test]
    fn the_arrow_stays_with_what_follows() {
        assert_eq!(lines("seven → twenty", 9, Long::Elide), ["seven", "→ twenty"]);
        assert_eq!(lines("seven → twenty-seven", 9, Long::Elide), ["seven", "→ tw…even"]);
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(lines("日本 語語", 5, Long::Elide), ["日本", "語語"]);
        assert_eq!(elide("日本語日本語", 6), "日…語");
        assert_eq!(elide("ab", 0), "");
    }

    #[test]
    fn what_differs_stays() {
        let (before, after) = contrast(
            "a-long-shared-start-X-and-a-shared-end",
            "a-long-shared-start-YY-and-a-shared-end",
        );
        assert_eq!(
            (before.as_str(), after.as_str()),
            ("…d-start-X-and-a-s…", "…d-start-YY-and-a-s…")
        );
        assert_eq!(contrast("aa", "aaa"), ("aa".to_owned(), "aaa".to_owned()));
    }

    #[test]
    fn nothing_moves_the_cursor() {
        assert_eq!(clean("a\x1b[2Jb\nc\u{202e}"), "a\\u{1b}[2Jb\\nc\\u{202e}");
    }
}
