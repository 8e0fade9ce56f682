//! A folder of emitted files: what in it was emitted, what is someone's work, and writing all of it or nothing.
//!
//! Beside the files stands a list with a hash of each. A file that is not on the list, or no longer what the list says, is
//! someone's work. While files are being replaced the list has both hashes, so that a killed run can be run again.
//!
//! What is delivered may be of several stacks, the environments of one application: the list says which files are whose, and
//! a file that several have goes when the last of them no longer has it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::io::{Failure, write_whole};
use crate::diagnostic::{Diagnostic, Spot};
use crate::emit::File;

/// The list's name.
const LIST: &str = ".xat-emit.json";
const FORMAT: &str = "xat-emit/2";

/// What a folder is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Terraform,
    Arm,
    Steps,
    Delivery,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Kind::Terraform => "terraform",
            Kind::Arm => "arm",
            Kind::Steps => "steps",
            Kind::Delivery => "delivery",
        }
    }

    /// Whether a file that stands in the folder is one that the tool itself makes there.
    fn belongs(self, name: &str) -> bool {
        match self {
            Kind::Terraform => {
                name == ".terraform"
                    || name == ".terraform.lock.hcl"
                    || name.starts_with("terraform.tfstate")
                    || name.ends_with(".tfvars")
                    || name.ends_with(".tfvars.json")
            }
            Kind::Arm => false,
            Kind::Steps => name.ends_with(".journal"),
            Kind::Delivery => true,
        }
    }
}

/// Hashes that each file may have.
type Files = BTreeMap<String, BTreeSet<String>>;

/// The list of what was emitted, by the stack that it is of.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    format: String,
    what: String,
    stacks: BTreeMap<String, Files>,
}

/// A folder in which nothing is anyone's own work.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    stacks: BTreeMap<String, Files>,
}

impl Folder {
    /// Looks through a folder, which need not exist. What is delivered goes among an application's own files; of these only the
    /// names that `files` would take matter.
    ///
    /// # Errors
    /// It is not a folder, it cannot be read, or something in it was not emitted.
    pub(super) fn open(path: &Path, kind: Kind, files: &[File]) -> Result<Self, Failure> {
        let mut folder = Self { path: path.to_owned(), stacks: BTreeMap::new() };
        if !path.exists() {
            return Ok(folder);
        }
        let unreadable =
            |e: std::io::Error| Failure::Told(format!("`{}` cannot be read: {e}", path.display()));
        let mut names = Vec::new();
        for entry in std::fs::read_dir(path).map_err(unreadable)? {
            names.push(entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        let mut problems = Vec::new();
        match std::fs::read_to_string(path.join(LIST)) {
            Ok(text) => match serde_json::from_str::<List>(&text) {
                Ok(list) if list.format == FORMAT && list.what == kind.word() => {
                    folder.stacks = list.stacks;
                }
                Ok(list) if list.format == FORMAT => problems.push(foreign(
                    path,
                    format!("it holds what was emitted for {}", list.what),
                    "name a folder of its own with --out",
                )),
                _ => problems.push(foreign(
                    &path.join(LIST),
                    "it is not a list of this program".to_owned(),
                    "name another folder with --out, or empty this one",
                )),
            },
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => return Err(unreadable(e)),
        }
        names.retain(|name| name != LIST && !kind.belongs(name));
        let known = folder.known();
        if kind == Kind::Delivery {
            let taken = files.iter().map(|file| &file.name).chain(known.keys());
            names.extend(taken.filter(|name| path.join(name).symlink_metadata().is_ok()).cloned());
            names.sort();
            names.dedup();
        }
        for name in &names {
            let at = path.join(name);
            match known.get(name) {
                // A file that a killed run left half-way has a name of its own, and says nothing.
                None if leftover(name) => {}
                None => problems.push(foreign(
                    &at,
                    "it was not emitted".to_owned(),
                    "move it away, or name another folder with --out",
                )),
                Some(hashes) => {
                    let text = std::fs::read(&at).map_err(unreadable)?;
                    if !hashes.contains(&hash(&text)) {
                        problems.push(foreign(
                            &at,
                            "it was changed since it was emitted".to_owned(),
                            "say the change in the stack; then delete the file, or move it away",
                        ));
                    }
                }
            }
        }
        if problems.is_empty() { Ok(folder) } else { Err(problems.into()) }
    }

    /// The other stacks whose files lie in the folder.
    pub(super) fn others(&self, stack: &str) -> Vec<&str> {
        self.stacks.keys().map(String::as_str).filter(|name| *name != stack).collect()
    }

    /// Whether a file is, as the list has it, one of a stack with another text than this.
    pub(super) fn differs(&self, stack: &str, file: &File) -> bool {
        let of_stack = self.stacks.get(stack).and_then(|files| files.get(&file.name));
        of_stack.is_some_and(|hashes| !hashes.contains(&hash(file.text.as_bytes())))
    }

    /// A file would change that a stack of another program has too.
    pub(super) fn unknown_to(&self, stack: &str, other: &str, file: &File) -> Diagnostic {
        let path = self.path.join(&file.name);
        let what =
            format!("nothing is written: `{}` is of the stack `{other}` too", path.display());
        Diagnostic::error("emit-folder", what)
            .at(
                Spot::file(path.display().to_string()),
                format!("`{stack}` makes another one, and this program does not know `{other}`"),
            )
            .help(format!(
                "emit both by one program, or name another folder with --out; if there is no `{other}` any more, delete its files \
                 and its entry in {LIST}"
            ))
    }

    /// What each file of any stack may be.
    fn known(&self) -> Files {
        let mut known = Files::new();
        for (name, hashes) in self.stacks.values().flatten() {
            known.entry(name.clone()).or_default().extend(hashes.iter().cloned());
        }
        known
    }

    /// Writes the files, and takes away those of an earlier run that are no longer emitted. Says what it did.
    ///
    /// # Errors
    /// Something cannot be written; files that are there stay whole.
    pub(super) fn write(self, stack: &str, kind: Kind, files: &[File]) -> Result<String, Failure> {
        let failed = |path: &Path, e: std::io::Error| {
            Failure::Told(format!("`{}` could not be written: {e}", path.display()))
        };
        std::fs::create_dir_all(&self.path).map_err(|e| failed(&self.path, e))?;
        let new: Files = files
            .iter()
            .map(|file| (file.name.clone(), BTreeSet::from([hash(file.text.as_bytes())])))
            .collect();
        let old = self.known();
        // A module or a template is of one stack: the next one takes its place.
        let mut after = if kind == Kind::Delivery { self.stacks } else { BTreeMap::new() };
        after.remove(stack);
        for (name, hashes) in after.values_mut().flatten() {
            // What is common is the same for all of them by now.
            if let Some(written) = new.get(name) {
                hashes.clone_from(written);
            }
        }
        after.insert(stack.to_owned(), new);
        let kept: BTreeSet<String> = after.values().flat_map(Files::keys).cloned().collect();
        let mut both = after.clone();
        for (name, hashes) in &old {
            let whose = both.entry(stack.to_owned()).or_default();
            whose.entry(name.clone()).or_default().extend(hashes.iter().cloned());
        }
        let list = |stacks: BTreeMap<String, Files>| {
            let list = List { format: FORMAT.to_owned(), what: kind.word().to_owned(), stacks };
            let path = self.path.join(LIST);
            let text = serde_json::to_string_pretty(&list).unwrap_or_default() + "\n";
            write_whole(&path, &text).map_err(|e| failed(&path, e))
        };
        list(both)?;
        for file in files {
            let path = self.path.join(&file.name);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent).map_err(|e| failed(parent, e))?;
            }
            write_whole(&path, &file.text).map_err(|e| failed(&path, e))?;
            if file.executable {
                allow_running(&path).map_err(|e| failed(&path, e))?;
            }
        }
        for name in old.keys().filter(|name| !kept.contains(*name)) {
            let path = self.path.join(name);
            match std::fs::remove_file(&path) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(failed(&path, e)),
                _ => {}
            }
        }
        list(after)?;
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        Ok(names.join(", "))
    }
}

/// The name of a file that was being written when a run was killed.
fn leftover(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(".tmp")
}

fn foreign(path: &Path, why: String, help: &str) -> Diagnostic {
    Diagnostic::error(
        "emit-folder",
        format!("nothing is written: `{}` is in the way", path.display()),
    )
    .at(Spot::file(path.display().to_string()), why)
    .help(help)
}

fn hash(text: &[u8]) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(unix)]
fn allow_running(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn allow_running(_: &Path) -> std::io::Result<()> {
    Ok(())
}
