//! Finding the user's source, to draw messages into it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;

use super::StackEntry;

/// Files by the path that a message has for them, each read once.
pub(super) struct Lookup<'a> {
    cwd: &'a Path,
    stacks: &'a [StackEntry],
    seen: RefCell<HashMap<String, Option<String>>>,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(cwd: &'a Path, stacks: &'a [StackEntry]) -> Self {
        Self { cwd, stacks, seen: RefCell::default() }
    }

    /// The text of a file, if it can be found.
    pub(super) fn text(&self, file: &str) -> Option<String> {
        if let Some(text) = self.seen.borrow().get(file) {
            return text.clone();
        }
        let text = self.embedded(file).or_else(|| self.read(file));
        self.seen.borrow_mut().insert(file.to_owned(), text.clone());
        text
    }

    /// Files that are part of the program are not read again: what is on the disk by now may be another text.
    fn embedded(&self, file: &str) -> Option<String> {
        let mut files = self.stacks.iter().flat_map(|entry| [entry.estate, entry.state]).flatten();
        files.find(|embedded| embedded.name == file).map(|embedded| embedded.text.to_owned())
    }

    /// The compiler knows a file by its path from the workspace, which is the working directory or above it.
    fn read(&self, file: &str) -> Option<String> {
        self.cwd.ancestors().find_map(|folder| std::fs::read_to_string(folder.join(file)).ok())
    }
}
