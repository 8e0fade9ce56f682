//! `--arm-template`: a template in the place of a stack, for the verbs that can read one.

use std::path::{Path, PathBuf};

use super::io::{Failure, Io};
use super::live::LiveArgs;
use crate::azure::TYPES;
use crate::diagnostic::{Diagnostic, Spot};
use crate::graph::{Graph, build};
use crate::import::Body;
use crate::import::arm_template::{self, Deployment};
use crate::live::Estate;
use crate::plan::Plan;

/// The options by which a verb is given a template; flattened into its own.
#[derive(clap::Args)]
pub(super) struct TemplateArgs {
    /// Reads this ARM template in the place of a stack or estate.
    #[arg(long = "arm-template", value_name = "FILE")]
    file: Option<PathBuf>,
    /// A file of parameters for the template. Can be given several times; the last value of a parameter counts.
    #[arg(long = "parameters", value_name = "FILE", requires = "file")]
    files: Vec<PathBuf>,
    /// A parameter for the template, before those in files. Can be given several times.
    #[arg(long = "parameter", value_name = "NAME=VALUE", requires = "file", value_parser = named)]
    named: Vec<(String, String)>,
    // Where Azure can be read, the option is there already, and means the same.
    /// The subscription that the template is deployed to (a GUID).
    #[cfg(not(feature = "azure"))]
    #[arg(long, value_name = "ID", requires = "file")]
    subscription: Option<String>,
    /// The resource group that the template is deployed to, or that a cloud is asked for. An import can take several.
    #[arg(long, value_name = "NAME")]
    group: Vec<String>,
    /// The group's region, where the template asks for it and what is live does not say it.
    #[arg(long, value_name = "REGION", requires = "file")]
    location: Option<String>,
    /// The tenant of the subscription (a GUID), where the template asks for it.
    #[arg(long, value_name = "ID", requires = "file")]
    tenant: Option<String>,
}

fn named(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE".to_owned()),
    }
}

/// A template's graph, and what is to be known of it.
pub(super) struct Read {
    pub(super) graph: Graph,
    pub(super) notes: Vec<String>,
    file: String,
    places: Vec<(String, Spot)>,
}

impl TemplateArgs {
    /// Whether there is one.
    pub(super) fn is_said(&self) -> bool {
        self.file.is_some()
    }

    /// The groups that are named.
    pub(super) fn groups(&self) -> &[String] {
        &self.group
    }

    #[cfg(not(feature = "azure"))]
    fn subscription<'a>(&'a self, _: &'a LiveArgs) -> Option<&'a str> {
        self.subscription.as_deref()
    }

    #[cfg(feature = "azure")]
    fn subscription<'a>(&'a self, live: &'a LiveArgs) -> Option<&'a str> {
        live.subscription()
    }

    /// The bodies that the template declares, and what it is called.
    pub(super) fn bodies(
        &self,
        live: &LiveArgs,
        estate: &Estate,
        io: &mut Io<'_>,
    ) -> Result<(Vec<Body>, String), Failure> {
        if self.group.len() > 1 {
            let why = "a template is deployed to one resource group: say --group once\n";
            return Err(Failure::Usage(why.to_owned()));
        }
        let subscription = self.subscription(live);
        let file = self.file.as_deref().unwrap_or(Path::new(""));
        let name = file.display().to_string();
        // All files are read before any is complained about.
        let text = read(file, io);
        let mut problems: Vec<Diagnostic> = text.as_ref().err().cloned().into_iter().collect();
        let mut files = Vec::new();
        for file in &self.files {
            match read(file, io) {
                Ok(text) => files.push((file.display().to_string(), text)),
                Err(problem) => problems.push(problem),
            }
        }
        let (Ok(text), true) = (text, problems.is_empty()) else { return Err(problems.into()) };
        let deployment = Deployment {
            subscription: subscription.map(str::to_owned),
            group: self.group.first().cloned(),
            location: self.location.clone().or_else(|| self.live_location(subscription?, estate)),
            tenant: self.tenant.clone(),
            files,
            parameters: self.named.clone(),
        };
        let bodies = arm_template::bodies(&name, &text, &deployment, TYPES)?;
        Ok((bodies, name))
    }

    /// The region of the group, as what is live has it.
    fn live_location(&self, subscription: &str, estate: &Estate) -> Option<String> {
        let group = self.group.first()?;
        let text = estate.text(&format!("/subscriptions/{subscription}/resourceGroups/{group}"))?;
        let body: serde_json::Value = serde_json::from_str(text).ok()?;
        body["location"].as_str().map(str::to_owned)
    }

    /// The template's graph.
    pub(super) fn graph(
        &self,
        live: &LiveArgs,
        estate: &Estate,
        io: &mut Io<'_>,
    ) -> Result<Read, Failure> {
        let (bodies, file) = self.bodies(live, estate, io)?;
        let places = bodies.iter().filter_map(|body| Some((body.id.clone(), body.at.clone()?)));
        let places: Vec<(String, Spot)> = places.collect();
        let stem = Path::new(&file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let (stack, notes) = crate::import::stack(bodies, TYPES, &stem);
        let graph = build(stack).map_err(|problems| placed(problems, &file))?;
        Ok(Read { graph, notes, file, places })
    }
}

fn read(file: &Path, io: &Io<'_>) -> Result<String, Diagnostic> {
    std::fs::read_to_string(io.path(file)).map_err(|error| {
        let name = file.display().to_string();
        Diagnostic::error("template-unreadable", format!("`{name}` cannot be read: {error}"))
            .at(Spot::file(name), "named on the command line")
            .help("give the path of an ARM template, or of a file of parameters for one")
    })
}

/// Messages that point at the template: no line of anyone's Rust declares its resources.
fn placed(mut problems: Vec<Diagnostic>, file: &str) -> Vec<Diagnostic> {
    for (spot, _) in problems.iter_mut().flat_map(|problem| &mut problem.labels) {
        if spot.file.ends_with(".rs") {
            *spot = Spot::file(file);
        }
    }
    problems
}

/// What to do about a refusal: leave is a value in Rust, which a template is not.
const LEAVE: &str =
    "a template cannot give leave: import it with `xat import --arm-template`, and allow it there";

impl Read {
    /// Messages that point at the template.
    pub(super) fn placed(&self, problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
        placed(problems, &self.file)
    }

    /// Points a plan's steps and messages at the template.
    pub(super) fn place_plan(&self, plan: &mut Plan) {
        for step in &mut plan.steps {
            let id = self.graph.at(&step.address).map(|at| &self.graph.nodes[at as usize].id);
            let place =
                self.places.iter().find(|(of, _)| id.is_some_and(|id| id.eq_ignore_ascii_case(of)));
            if step.declared_at.is_some() {
                step.declared_at = place.map(|(_, spot)| spot.clone());
            }
            if let Some(refused) = &mut step.refused {
                refused.help = LEAVE.to_owned();
            }
        }
        plan.diagnostics = placed(std::mem::take(&mut plan.diagnostics), &self.file);
        for problem in plan.diagnostics.iter_mut().filter(|d| d.code.starts_with("refused-")) {
            problem.help = Some(LEAVE.to_owned());
        }
    }
}
