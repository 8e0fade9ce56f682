//! What holds each defect of the hand-written deployment off: the table `tests/facts/handwritten-defects.tsv`, looked at row by row, and as a
//! page of the book.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The table as it is kept.
pub const TABLE: &str = include_str!("../facts/handwritten-defects.tsv");

/// How many defects there are.
pub const COUNT: usize = 107;

/// A row of the table.
#[derive(Clone, Debug)]
pub struct Row<'t> {
    /// `D001`.
    pub id: &'t str,
    /// The hand-written file.
    pub file: &'t str,
    /// `type`, `rule` or `file`.
    pub kind: &'t str,
    /// Where to look.
    pub pointers: Vec<&'t str>,
    /// What was wrong.
    pub was: &'t str,
    /// What holds it off.
    pub now: &'t str,
}

/// What pointers point at.
pub struct World {
    /// The root of the repository.
    pub root: PathBuf,
    /// The codes that some test provokes.
    pub codes: BTreeSet<&'static str>,
    /// The files of each stack, delivered and emitted, by name.
    pub stacks: BTreeMap<String, BTreeMap<String, String>>,
}

/// The rows, or the lines that are none.
///
/// # Errors
/// A line with another number of columns, or an empty one.
pub fn rows(table: &str) -> Result<Vec<Row<'_>>, String> {
    let lines = table.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines
        .map(|line| match line.split('\t').collect::<Vec<_>>()[..] {
            [id, file, kind, pointers, was, now]
                if [id, file, kind, pointers, was, now].iter().all(|cell| !cell.is_empty()) =>
            {
                let pointers = pointers.split(" && ").collect();
                Ok(Row { id, file, kind, pointers, was, now })
            }
            _ => Err(format!("no row: `{line}`")),
        })
        .collect()
}

/// Everything that is wrong with the table.
pub fn problems(rows: &[Row<'_>], world: &World) -> Vec<String> {
    let mut found = Vec::new();
    let wanted = (1..=COUNT).map(|number| format!("D{number:03}"));
    let ids: Vec<&str> = rows.iter().map(|row| row.id).collect();
    if !wanted.clone().eq(ids.iter().map(|id| (*id).to_owned())) {
        found.push(format!("the rows are not D001 to D{COUNT}, each once and in order"));
    }
    for row in rows {
        let by = |words: &[&str]| {
            row.pointers.iter().any(|pointer| words.iter().any(|word| pointer.starts_with(word)))
        };
        let held = match row.kind {
            "type" => by(&["ui:", "doc:"]),
            "rule" => by(&["code:"]),
            "file" => by(&["has:", "not:", "test:"]),
            _ => false,
        };
        if !held {
            found.push(format!("{}: nothing shows that a `{}` holds it off", row.id, row.kind));
        }
        for pointer in &row.pointers {
            if let Err(why) = look(pointer, world) {
                found.push(format!("{}: `{pointer}`: {why}", row.id));
            }
        }
    }
    found
}

/// Whether a pointer points at what is there.
fn look(pointer: &str, world: &World) -> Result<(), String> {
    let (word, rest) = pointer.split_once(':').ok_or("no pointer")?;
    match word {
        "ui" => {
            let program = world.root.join(format!("tests/tests/ui/{rest}.rs"));
            let both = program.is_file() && program.with_extension("stderr").is_file();
            both.then_some(()).ok_or_else(|| "no such program".to_owned())
        }
        "code" => {
            let known = world.codes.contains(rest);
            known.then_some(()).ok_or_else(|| "no test provokes such a code".to_owned())
        }
        "doc" => {
            let (file, text) = rest.split_once(':').ok_or("no text")?;
            let there = refused_examples(&read(&world.root, file)?).any(|one| one.contains(text));
            there.then_some(()).ok_or_else(|| "no example that must not compile has it".to_owned())
        }
        "test" => {
            let (file, text) = rest.split_once(':').ok_or("no text")?;
            let there = !text.is_empty() && read(&world.root, file)?.contains(text);
            there.then_some(()).ok_or_else(|| "the check does not say it".to_owned())
        }
        "has" => each_file(rest, world, |text, wanted| text.contains(wanted)),
        "not" => each_file(rest, world, |text, unwanted| !text.contains(unwanted)),
        _ => Err("no such kind of pointer".to_owned()),
    }
}

fn read(root: &Path, file: &str) -> Result<String, String> {
    std::fs::read_to_string(root.join(file)).map_err(|why| format!("`{file}`: {why}"))
}

/// The examples in documentation that must not compile.
fn refused_examples(source: &str) -> impl Iterator<Item = &str> {
    let behind = source.split("```compile_fail").skip(1);
    behind.map(|rest| rest.split("```").next().unwrap_or_default())
}

/// Holds every file that `STACK:FILE:TEXT` names to a rule. A name that names none is a mistake.
fn each_file(rest: &str, world: &World, holds: impl Fn(&str, &str) -> bool) -> Result<(), String> {
    let mut parts = rest.splitn(3, ':');
    let (Some(stack), Some(file), Some(text)) = (parts.next(), parts.next(), parts.next()) else {
        return Err("a stack, a file and a text are wanted".to_owned());
    };
    let text = text.replace("\\n", "\n");
    if text.trim().is_empty() {
        return Err("an empty text is everywhere".to_owned());
    }
    let mut looked = 0;
    for (name, files) in world.stacks.iter().filter(|(name, _)| stack == "*" || stack == *name) {
        for (at, content) in files.iter().filter(|(at, _)| file == "*" || file == *at) {
            looked += 1;
            if !holds(content, &text) {
                return Err(format!("not so in `{at}` of {name}"));
            }
        }
    }
    if looked == 0 { Err("no stack has such a file".to_owned()) } else { Ok(()) }
}

/// What must not be in our files, of the defects in these files of the old deployment.
pub fn absent<'r>(rows: &'r [Row<'_>]) -> impl Iterator<Item = (&'r str, &'r str, String)> {
    rows.iter().flat_map(|row| {
        let texts = row.pointers.iter().filter_map(|pointer| {
            let text = pointer.strip_prefix("not:")?.splitn(3, ':').nth(2)?;
            Some((row.id, row.file, text.replace("\\n", "\n")))
        });
        texts.collect::<Vec<_>>()
    })
}

/// The page of the book.
pub fn page(rows: &[Row<'_>]) -> String {
    let mut files: Vec<&str> = Vec::new();
    for row in rows {
        if !files.contains(&row.file) {
            files.push(row.file);
        }
    }
    let count = |kind: &str| rows.iter().filter(|row| row.kind == kind).count();
    let mut out = String::from("# What was wrong by hand\n\n");
    let _ = write!(
        out,
        "<!-- Made from tests/facts/handwritten-defects.tsv by the test `defects`. -->\n\n\
         The XAT backend was deployed by hand-written files: a Dockerfile, scripts, workflows, Terraform. {} mistakes were found in them. None \
         of them is in what xat-infra writes, and this page says for each why it cannot come back. {} do not compile, {} are \
         refused by a check that points at the line, and {} are simply right in the files that are written. A test looks at all of it: at the \
         programs that must not compile, at the checks, and at every file of every stack.\n",
        rows.len(),
        count("type"),
        count("rule"),
        count("file")
    );
    for file in files {
        let _ =
            write!(out, "{}## {}\n\n", if out.ends_with("\n\n") { "" } else { "\n" }, title(file));
        for row in rows.iter().filter(|row| row.file == file) {
            let held = match row.kind {
                "type" => "does not compile",
                "rule" => "refused",
                _ => "written right",
            };
            let _ = writeln!(
                out,
                "- **{}** {} <br>*Now:* {} <small>({held}{})</small>\n",
                row.id,
                row.was,
                row.now,
                codes(row)
            );
        }
    }
    out.truncate(out.trim_end().len());
    out + "\n"
}

/// A heading: the name of a file as it is, words with a capital letter.
fn title(file: &str) -> String {
    let mut letters = file.chars();
    match letters.next() {
        Some(first) if !file.contains('.') => first.to_uppercase().chain(letters).collect(),
        _ => format!("`{file}`"),
    }
}

/// Links to the codes that a row names.
fn codes(row: &Row<'_>) -> String {
    let codes = row.pointers.iter().filter_map(|pointer| pointer.strip_prefix("code:"));
    codes.map(|code| format!(", [`{code}`](reference/{code}.md)")).collect()
}
