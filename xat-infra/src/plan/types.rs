//! What a plan is made of.

use serde_json::Value as Json;

use crate::diagnostic::{Diagnostic, Spot};
use crate::schema::Danger;

/// What applying a stack would do.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The stack's name.
    pub stack: String,
    /// Its environment, if it says one.
    pub environment: Option<String>,
    /// Where the live estate came from, in words (`recorded estate of 2026-01-02`).
    pub live: String,
    /// How many resources the stack declares.
    pub declared: usize,
    /// How many of them were found live.
    pub found: usize,
    /// What would be done, in the order in which it would be done.
    pub steps: Vec<Step>,
    /// The resources with which nothing is to be done.
    pub unchanged: Vec<Kept>,
    /// What exists live that nobody declares; filled only when asked for.
    pub unmanaged: Vec<Unmanaged>,
    /// What there is to tell, errors (refusals) first found first shown.
    pub diagnostics: Vec<Diagnostic>,
}

/// What is done to a resource.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Action {
    /// Made new.
    Create,
    /// Taken back from among the deleted that the service keeps.
    Recover,
    /// Taken into the state as it is: it exists and is as declared.
    Adopt,
    /// Followed to its new address; nothing changes in the cloud.
    Move,
    /// Changed in place.
    Update,
    /// Deleted and made anew.
    Replace,
    /// Made anew under another name, and the old one deleted afterwards.
    ReplaceCreateFirst,
    /// Deleted.
    Delete,
    /// Dropped from the state; nothing changes in the cloud.
    Forget,
}

impl Action {
    /// All actions, in the order in which summaries count them.
    pub const ALL: [Action; 9] = [
        Action::Create,
        Action::Recover,
        Action::Update,
        Action::Replace,
        Action::ReplaceCreateFirst,
        Action::Delete,
        Action::Adopt,
        Action::Move,
        Action::Forget,
    ];

    /// The word for it in machine-readable output.
    pub const fn word(self) -> &'static str {
        match self {
            Action::Create => "create",
            Action::Recover => "recover",
            Action::Adopt => "adopt",
            Action::Move => "move",
            Action::Update => "update",
            Action::Replace => "replace",
            Action::ReplaceCreateFirst => "replace-create-first",
            Action::Delete => "delete",
            Action::Forget => "forget",
        }
    }

    /// The sign in front of it in the text preview.
    pub const fn sign(self) -> &'static str {
        match self {
            Action::Create => "+",
            Action::Recover => "^",
            Action::Adopt => "=",
            Action::Move => ">",
            Action::Update => "~",
            Action::Replace | Action::ReplaceCreateFirst => "±",
            Action::Delete => "-",
            Action::Forget => "o",
        }
    }

    /// Whether it changes something in the cloud, rather than in the state alone.
    pub const fn touches_cloud(self) -> bool {
        !matches!(self, Action::Adopt | Action::Move | Action::Forget)
    }
}

/// One step of a plan.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its number, from 1, in the order of the steps.
    pub id: u32,
    /// The resource's address.
    pub address: String,
    /// The last part of the address.
    pub key: String,
    /// The component, if it is in one.
    pub component: Option<String>,
    /// The type's unique name (`azure.key_vault`).
    pub type_name: String,
    /// What a person calls the type (`key vault`).
    pub type_label: String,
    /// What is done.
    pub action: Action,
    /// The steps that it waits for, by number.
    pub after: Vec<u32>,
    /// The wave in which it can run, from 1: steps of one wave do not wait for each other.
    pub wave: u32,
    /// The worst that it can do.
    pub danger: Danger,
    /// Why it is done, a clause each.
    pub because: Vec<String>,
    /// Where the stack declares the resource; `None` for one that it no longer has.
    pub declared_at: Option<Spot>,
    /// What changes, property by property.
    pub changes: Vec<Change>,
    /// Why it would not be done, if it would not.
    pub refused: Option<Refusal>,
    /// The address that it had before, if it moved.
    pub moved_from: Option<String>,
    /// The resource's full ID: of what is made, or of what goes.
    pub resource: String,
    /// The full ID of what is replaced, where it is another.
    pub old_resource: Option<String>,
}

/// Why a step would not be done.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The diagnostic's code.
    pub code: &'static str,
    /// Why, in one sentence.
    pub why: String,
    /// What to write to allow it.
    pub help: String,
}

/// One property that changes.
#[derive(Clone, Debug)]
pub struct Change {
    /// The property's path (`network_rules.default_action`, `tags.owner`).
    pub path: String,
    /// What a person calls it.
    pub label: String,
    /// What it is now; `None` if it is absent, or a secret.
    pub before: Option<Shown>,
    /// What it would be; `None` if it goes, is a secret, or is not known before the apply.
    pub after: Option<Shown>,
    /// Whether it forces the resource's replacement.
    pub forces_replacement: bool,
    /// Whether its values are never shown.
    pub secret: bool,
    /// Whether its new value is known only after the apply.
    pub known_after_apply: bool,
    /// What changing it can do.
    pub danger: Danger,
    /// Whether the new value is the type's default or stands for the whole stack, rather than said of this resource.
    pub by_default: bool,
    /// Whether the live value is not what was last applied: someone changed it by hand.
    pub drifted: bool,
}

/// A value as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// For machines.
    pub json: Json,
    /// For people: references by key, words for enum members.
    pub text: String,
}

/// A resource with which nothing is to be done.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its address.
    pub address: String,
    /// The last part of the address.
    pub key: String,
    /// The component, if it is in one.
    pub component: Option<String>,
    /// The type's unique name.
    pub type_name: String,
    /// What a person calls the type.
    pub type_label: String,
    /// Where the stack declares it.
    pub declared_at: Spot,
}

/// Something that exists live and that nobody declares.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub struct Unmanaged {
    /// The declared resource that has it; `None` if the whole resource is undeclared.
    pub address: Option<String>,
    /// The resource's ID.
    pub id: String,
    /// Paths of properties. Values are not shown: one of them may be a secret.
    pub paths: Vec<String>,
}

/// How many steps of each action.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Summary {
    counts: [usize; 9],
    /// How many steps would not be done.
    pub refused: usize,
    /// How many resources stay as they are.
    pub unchanged: usize,
}

impl Summary {
    /// How many steps of this action.
    pub fn count(&self, action: Action) -> usize {
        Action::ALL.iter().position(|a| *a == action).map_or(0, |at| self.counts[at])
    }
}

impl Plan {
    /// How many steps of each action.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary { unchanged: self.unchanged.len(), ..Summary::default() };
        for step in &self.steps {
            if let Some(at) = Action::ALL.iter().position(|a| *a == step.action) {
                summary.counts[at] += 1;
            }
            summary.refused += usize::from(step.refused.is_some());
        }
        summary
    }

    /// Whether there is anything to do.
    pub fn has_changes(&self) -> bool {
        !self.steps.is_empty()
    }

    /// The worst that any step can do.
    pub fn danger(&self) -> Danger {
        self.steps.iter().map(|step| step.danger).max().unwrap_or_default()
    }
}

/// What a plan is asked for.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Plan only these addresses, with what they wait for.
    pub targets: Vec<String>,
    /// List what exists live and nobody declares.
    pub unmanaged: bool,
}
