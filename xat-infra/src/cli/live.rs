//! `--live`: where what is live comes from, for every verb that compares or reads.

use std::path::{Path, PathBuf};

use super::io::{Failure, Io};
use super::{Embedded, StackEntry};
use crate::graph::Graph;
use crate::live::{Estate, Recording};
use crate::schema::ResourceType;
use crate::state::State;

/// The options by which a verb is told what is live; flattened into its own.
#[derive(clap::Args)]
pub(super) struct LiveArgs {
    /// What is live: recorded:PATH, azure, gcp, azure,gcp or empty. The stack's own recorded estate unless said.
    #[arg(long = "live", value_name = "SOURCE", value_parser = source)]
    source: Option<Source>,
    #[cfg(feature = "azure")]
    #[command(flatten)]
    azure: super::azure::AzureArgs,
    #[cfg(feature = "gcp")]
    #[command(flatten)]
    gcp: super::gcp::GcpArgs,
    #[cfg(any(feature = "azure", feature = "gcp"))]
    #[command(flatten)]
    reading: super::reading::ReadingArgs,
}

/// Where what is live comes from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Source {
    /// Recorded bodies: a file, or a folder of files.
    Recorded(PathBuf),
    /// Clouds, by name.
    Cloud(Vec<&'static str>),
    /// Nothing.
    Empty,
}

/// What of a cloud is read. Recorded estates are read whole, whatever is wanted.
#[derive(Clone, Copy, Default)]
#[cfg_attr(
    not(any(feature = "azure", feature = "gcp")),
    expect(dead_code, reason = "only clouds are asked for something")
)]
pub(super) struct Wanted<'a> {
    /// What this stack declares.
    pub(super) graph: Option<&'a Graph>,
    /// What the last apply left: it may have to be deleted.
    pub(super) state: Option<&'a State>,
    /// Everything in these resource groups, declared or not.
    pub(super) groups: &'a [String],
    /// Everything in the groups of what this stack declares, too.
    pub(super) unmanaged: bool,
}

/// The clouds that can be read, by name.
const CLOUDS: &[&str] = &["azure", "gcp"];

/// The argument of `--live`, understood.
fn source(text: &str) -> Result<Source, String> {
    match (text, text.strip_prefix("recorded:")) {
        (_, Some("")) => Err("a path belongs behind `recorded:`".to_owned()),
        (_, Some(path)) => Ok(Source::Recorded(path.into())),
        ("empty", _) => Ok(Source::Empty),
        _ => {
            let known = |name: &str| CLOUDS.iter().find(|cloud| **cloud == name).copied();
            let clouds: Option<Vec<_>> = text.split(',').map(known).collect();
            clouds
                .map(Source::Cloud)
                .ok_or_else(|| "expected recorded:PATH, azure, gcp, azure,gcp or empty".to_owned())
        }
    }
}

impl LiveArgs {
    /// Where what is live comes from, if it is said.
    pub(super) fn said(&self) -> Option<&Source> {
        self.source.as_ref()
    }

    /// What is live: what `--live` says, else the stack's own recorded estate, else nothing.
    pub(super) fn estate(
        &self,
        own: Option<Embedded>,
        wanted: Wanted<'_>,
        io: &mut Io<'_>,
    ) -> Result<Estate, Failure> {
        match (&self.source, own) {
            (Some(Source::Recorded(path)), _) => Ok(Estate::read(&io.path(path))?),
            (Some(Source::Cloud(clouds)), _) => self.clouds(clouds, wanted, io),
            (None, Some(Embedded { name, text })) => Ok(Estate::from_text(name, text)?),
            (Some(Source::Empty), _) | (None, None) => Ok(Estate::empty()),
        }
    }

    /// The subscription, where it is said.
    #[cfg(feature = "azure")]
    pub(super) fn subscription(&self) -> Option<&str> {
        self.azure.subscription()
    }

    /// Whether all of a project is to be read, whatever a stack declares.
    pub(super) fn is_whole(&self) -> bool {
        #[cfg(feature = "gcp")]
        return self.gcp.project().is_some();
        #[cfg(not(feature = "gcp"))]
        false
    }

    /// Reads each cloud for what is its own.
    fn clouds(
        &self,
        clouds: &[&'static str],
        wanted: Wanted<'_>,
        io: &mut Io<'_>,
    ) -> Result<Estate, Failure> {
        // What is in a cloud that nobody reads would look as if it were not there.
        let nodes = wanted.graph.iter().flat_map(|graph| &graph.nodes);
        let mut others = nodes.map(|node| node.ty.provider.name);
        if let Some(other) = others.find(|name| CLOUDS.contains(name) && !clouds.contains(name)) {
            let said = clouds.join(",");
            return Err(Failure::Told(format!(
                "the stack has resources of {other} too, which `--live {said}` does not read: say `--live {said},{other}`"
            )));
        }
        let mut recording = Recording::default();
        for cloud in clouds {
            recording.merge(self.cloud(cloud, wanted, io)?);
        }
        Ok(recording.into_estate(&clouds.join(","))?)
    }

    fn cloud(
        &self,
        cloud: &str,
        wanted: Wanted<'_>,
        io: &mut Io<'_>,
    ) -> Result<Recording, Failure> {
        match cloud {
            #[cfg(feature = "azure")]
            "azure" => self.azure.read(&self.reading, wanted, io),
            #[cfg(feature = "gcp")]
            "gcp" => self.gcp.read(&self.reading, wanted, io),
            _ => {
                let _ = (wanted, io);
                Err(Failure::Told(format!(
                    "this program was built without `--live {cloud}`: build it with the feature `{cloud}`, \
                     as in `cargo run --features {cloud} --bin plan -- --live {cloud}`"
                )))
            }
        }
    }
}

/// The state that `--state` names; the stack's own unless said, and none for an estate that the user names.
pub(super) fn state(
    url: Option<&str>,
    live: &LiveArgs,
    entry: &StackEntry,
    io: &Io<'_>,
) -> Result<State, Failure> {
    match (url, live.said(), entry.state) {
        (Some(url), _, _) => {
            if let Some((scheme, _)) = url.split_once("://").filter(|(scheme, _)| *scheme != "file")
            {
                return Err(Failure::Told(format!(
                    "not yet: a state at `{scheme}://` is not implemented; a path or `file:PATH` is"
                )));
            }
            let path =
                url.strip_prefix("file://").or_else(|| url.strip_prefix("file:")).unwrap_or(url);
            Ok(State::load(&io.path(Path::new(path)))?)
        }
        // The stack's own state belongs to its own estate, not to one that the user names.
        (None, None, Some(Embedded { name, text })) => Ok(State::from_text(name, text)?),
        _ => Ok(State::empty()),
    }
}

/// Every type that bodies may be of: those that ship, and those of the stack.
pub(super) fn types(graph: Option<&Graph>) -> Vec<&'static ResourceType> {
    let shipped = crate::catalog::types().into_iter().map(|registered| (registered.ty)());
    let own = graph.into_iter().flat_map(|graph| graph.nodes.iter().map(|node| node.ty));
    let mut types: Vec<&'static ResourceType> = Vec::new();
    for ty in shipped.chain(own) {
        if !types.iter().any(|known| std::ptr::eq(*known, ty)) {
            types.push(ty);
        }
    }
    types
}
