//! A stack: the resources of one estate, with the parameters that they share.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{DataLoss, Handle, Meta, Resource};
use crate::delivery::Delivery;
use crate::schema::ResourceType;
use crate::value::{Fields, NodeRef, Place, Text};

/// The resources of one estate. A stack is built by a plain function: loops, functions and modules compose it.
///
/// ```
/// use xat_infra::azure::prelude::*;
///
/// let mut stack = Stack::new("demo").tag("owner", "platform");
/// let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
/// let vault = stack.component("data", |stack| {
///     stack.add(KeyVault::new(name!("demo-kv"), group))
/// });
/// assert_eq!(stack.len(), 2);
/// ```
pub struct Stack {
    id: u32,
    pub(crate) name: String,
    pub(crate) environment: Option<String>,
    pub(crate) scope: BTreeMap<&'static str, String>,
    pub(crate) tags: BTreeMap<String, Text>,
    pub(crate) resources: Vec<Declared>,
    pub(crate) forgets: Vec<(String, Place)>,
    pub(crate) allow_deletes: Vec<DataLoss>,
    pub(crate) outputs: Vec<StackOutput>,
    pub(crate) terraform_backend: Option<TerraformBackend>,
    pub(crate) delivery: Option<(Delivery, Place)>,
    component: Option<Arc<str>>,
}

/// A resource as its stack holds it: data and a description, no type.
pub struct Declared {
    /// Its type's description.
    pub ty: &'static ResourceType,
    /// Its declared properties.
    pub fields: Fields,
    /// The component that it belongs to.
    pub component: Option<Arc<str>>,
    pub(crate) meta: Meta,
}

/// A value that a stack shows to whoever deploys it.
#[derive(Clone)]
pub struct StackOutput {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Text,
    /// Where the stack says it.
    pub at: Place,
}

/// Where Terraform keeps its state.
#[derive(Clone)]
pub struct TerraformBackend {
    /// The backend's type (`azurerm`, `gcs`).
    pub kind: String,
    /// Its settings. None of them may be secret: they stand in the emitted files.
    pub settings: BTreeMap<String, String>,
}

/// Tells stacks apart, so that a handle of one is not taken for one of another. It is never shown.
static NEXT: AtomicU32 = AtomicU32::new(0);

impl Stack {
    /// An empty stack.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            name: name.into(),
            environment: None,
            scope: BTreeMap::new(),
            tags: BTreeMap::new(),
            resources: Vec::new(),
            forgets: Vec::new(),
            allow_deletes: Vec::new(),
            outputs: Vec::new(),
            terraform_backend: None,
            delivery: None,
            component: None,
        }
    }

    /// Says which environment this is (`production`); previews show it.
    pub fn environment(mut self, environment: impl Into<String>) -> Self {
        self.environment = Some(environment.into());
        self
    }

    /// Sets a scope parameter, such as `azure.subscription`. The clouds' modules offer typed ways to call this.
    pub fn parameter(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.scope.insert(key, value.into());
        self
    }

    /// Says where Terraform keeps its state when the stack is emitted for it; without this, in a local file.
    ///
    /// ```
    /// use xat_infra::azure::prelude::*;
    /// let stack = Stack::new("demo").terraform_backend("azurerm", [
    ///     ("storage_account_name", "demostate"),
    ///     ("container_name", "tfstate"),
    ///     ("key", "demo.tfstate"),
    ///     ("use_azuread_auth", "true"),
    /// ]);
    /// ```
    pub fn terraform_backend<K: Into<String>, V: Into<String>>(
        mut self,
        kind: impl Into<String>,
        settings: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let settings = settings.into_iter().map(|(k, v)| (k.into(), v.into())).collect();
        self.terraform_backend = Some(TerraformBackend { kind: kind.into(), settings });
        self
    }

    /// Shows a value to whoever deploys the stack: a host name, an address. A secret cannot be one.
    #[track_caller]
    pub fn output(&mut self, name: impl Into<String>, value: impl Into<Text>) {
        let at = std::panic::Location::caller();
        self.outputs.push(StackOutput { name: name.into(), value: value.into(), at });
    }

    /// Says what runs on the stack's resources: `xat emit delivery` writes the files around it. A later call takes the
    /// place of an earlier one.
    #[track_caller]
    pub fn deliver(&mut self, delivery: Delivery) {
        self.delivery = Some((delivery, std::panic::Location::caller()));
    }

    /// Tags every resource of the stack that can be tagged; a resource's own tag of the same name wins.
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<Text>) -> Self {
        self.tags.insert(key.into(), value.into());
        self
    }

    /// Adds a resource.
    pub fn add<R: Resource>(&mut self, resource: R) -> Handle<R> {
        let (fields, meta) = resource.declare();
        // A stack of more than u32::MAX resources does not fit in memory; saturating keeps this total.
        let index = u32::try_from(self.resources.len()).unwrap_or(u32::MAX);
        self.resources.push(Declared {
            ty: R::resource_type(),
            fields,
            component: self.component.clone(),
            meta,
        });
        Handle::new(NodeRef { stack: self.id, index })
    }

    /// Runs `build` with every resource that it adds grouped under `name`. Components may nest.
    pub fn component<T>(&mut self, name: &str, build: impl FnOnce(&mut Stack) -> T) -> T {
        let outer = self.component.take();
        self.component = Some(match &outer {
            Some(outer) => format!("{outer}/{name}").into(),
            None => name.into(),
        });
        let built = build(self);
        self.component = outer;
        built
    }

    /// Forgets a resource that the stack no longer has: it stays in the cloud, and is no longer ours.
    #[track_caller]
    pub fn forget(&mut self, address: impl Into<String>) {
        self.forgets.push((address.into(), std::panic::Location::caller()));
    }

    /// Allows the deletion of a resource that the stack no longer has although its data goes with it.
    pub fn allow_delete(&mut self, leave: DataLoss) {
        self.allow_deletes.push(leave);
    }

    /// The stack's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many resources it has.
    pub fn len(&self) -> usize {
        self.resources.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }

    pub(crate) fn id(&self) -> u32 {
        self.id
    }
}
