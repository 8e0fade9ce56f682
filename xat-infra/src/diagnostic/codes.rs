//! Every code, with what `explain` and the book say of it. A code is never used for anything else.

/// A code and its explanation.
pub struct Code {
    /// The code itself.
    pub id: &'static str,
    /// One line.
    pub title: &'static str,
    /// Why it is reported, and what to do.
    pub text: &'static str,
}

/// The explanation of a code.
pub fn code(id: &str) -> Option<&'static Code> {
    CODES.iter().find(|code| code.id == id)
}

/// All codes, by name.
pub static CODES: &[Code] = &[
    Code {
        id: "ambiguous-live",
        title: "two live resources could be the declared one",
        text: "The service numbers resources of this type, and a stack knows one by what people call it. No state says which \
               number it has, and two live ones are called so. Nothing is guessed: give the others another name in the \
               cloud, or delete them. Once the stack was applied, the state knows the number, and names may be what they are.",
    },
    Code {
        id: "ambiguous-move",
        title: "two resources claim one old name",
        text: "Two resources say `.was(..)` with the same old key, or the old key still names a resource of the \
               stack. One recorded resource can only have moved to one place: keep `.was(..)` on the one that it became.",
    },
    Code {
        id: "body-mismatch",
        title: "a live body is not of the shape that its type has",
        text: "A body in the live estate holds another kind of value at a property than the type's reference \
               describes (an object where text is expected, say). The body is probably damaged or of another type. \
               Nothing is guessed: record the estate again.",
    },
    Code {
        id: "cannot-create-first",
        title: "the new resource would have the old one's identity",
        text: "`.create_before_destroy()` needs two resources at once, which the cloud only allows under two names. \
               Give the resource a new name as well, and say `.was(\"old name\")`; or drop `.create_before_destroy()`.",
    },
    Code {
        id: "dangling-reference",
        title: "a handle of another stack",
        text: "A handle only means something in the stack that gave it out. Pass what the other stack creates as \
               a reference to an existing resource: `Ref::existing(\"/subscriptions/..\")`.",
    },
    Code {
        id: "delivery-disagrees",
        title: "the stack says something else than the workload that it delivers",
        text: "A port, a path, a database or a version is said by the workload and by a resource that runs it, and the two differ: \
               the service would not be reached, or its database not be dumped. Say it in the workload, and let the resource take \
               it from there.",
    },
    Code {
        id: "delivery-limit",
        title: "a workload asks for what it cannot have",
        text: "Nobody but root binds a port below 1024, a service cuts requests off after its own time and ends a container after its \
               own, and names must be such as Python, PostgreSQL and shells read without quotes. The message says what the limit \
               is; nothing is written before all are kept.",
    },
    Code {
        id: "delivery-none",
        title: "the stack delivers no workload",
        text: "`xat emit delivery` writes the files around the workload that a stack delivers, and this one delivers none. Say what \
               runs, and on which of the stack's resources: `stack.deliver(Delivery::new(&workload, target))`.",
    },
    Code {
        id: "delivery-secret",
        title: "an application is not given a secret that its workload needs",
        text: "The workload names a secret, and the settings of an application that runs it hold no reference to a secret of that \
               name: the application would not start. Keep the secret in the stack's vault, and give its reference to the settings \
               (`workload.app_service_settings(..)` does so for each secret that it is handed, and `workload.cloud_run_container(..)` \
               for a container).",
    },
    Code {
        id: "delivery-template",
        title: "a template of xat-infra itself has a mistake",
        text: "A file could not be made from its template. No workload should be able to cause this; please report it, with the \
               workload. Nothing was written.",
    },
    Code {
        id: "delivery-together",
        title: "two stacks cannot be delivered to one repository",
        text: "Environments of one application lie side by side in its repository: what only one has is named by it, and all else is one \
               file for all of them. Where two stacks would make it different, the message shows both lines. Two stacks of one \
               environment cannot lie together at all: each push would deploy both.",
    },
    Code {
        id: "delivery-unknown",
        title: "the delivered files name something that the stack does not say",
        text: "Workflows sign in by a project's number, or to a tenant: the files cannot do without. Say it where the stack begins, as the help \
               shows.",
    },
    Code {
        id: "dependency-cycle",
        title: "resources wait for each other in a ring",
        text: "No order of steps can satisfy a ring of references. Break it at one hop: refer to a name instead of an \
               output, or move the property into a resource of its own.",
    },
    Code {
        id: "duplicate-address",
        title: "two resources have one address",
        text: "An address (component, type and key) identifies a resource in plans and in the state. Give one of the \
               two a `.key(\"..\")` of its own, or put it into a component.",
    },
    Code {
        id: "duplicate-identity",
        title: "two resources are one in the cloud",
        text: "Two declarations have the same type, parent and name, so the cloud would see one resource with two \
               contents. Remove one of them or rename it.",
    },
    Code {
        id: "emit-folder",
        title: "the folder holds something that was not emitted",
        text: "Files are emitted into a folder of their own, beside a list of what was written. A file that the list does not \
               have, or that was changed since, may be someone's work: nothing is written over it. Move it away, or name \
               another folder.",
    },
    Code {
        id: "emit-forget",
        title: "Terraform cannot be told what is forgotten",
        text: "What leaves a module is deleted, unless a `removed` block names it. `stack.forget(..)` must therefore say the whole \
               address, with the type. Where Terraform keeps the elements of a list as resources of their own, what those were \
               called is known to Terraform's state alone: take them out of it by `terraform state rm`.",
    },
    Code {
        id: "emit-import",
        title: "Terraform cannot take over what exists",
        text: "Some resources are imported by something that only the service knows, such as the address of a secret's newest \
               version. It has to stand in the live body. Read the estate anew, or emit without `--live` and import by hand.",
    },
    Code {
        id: "emit-limit",
        title: "a template is larger than Azure takes",
        text: "Azure takes templates of at most 4 MB with 256 parameters and 64 outputs. A group with more than 800 resources is \
               deployed in several parts by itself, and what is larger than 4 MB is written as several templates; what is beyond \
               the other limits needs more than one stack, or another format.",
    },
    Code {
        id: "emit-secret",
        title: "a format has no safe place for a secret",
        text: "A secret stands in no emitted file, and is handed to no argument that the tool would keep. One whose value \
               the program itself holds becomes `Secret::supplied(\"name\")`, handed in when applying; one at a property \
               that the tool keeps goes into a vault, with a reference to it in its place.",
    },
    Code {
        id: "emit-unsayable",
        title: "a format cannot say a resource",
        text: "The chosen format has no way to make this resource (another cloud's, one that is only made by a call, one \
               whose API version is not known). Nothing is emitted: half an estate would be worse than none.",
    },
    Code {
        id: "empty-reason",
        title: "a reason is needed and none is given",
        text: "Leave to lose data, and setting a rule aside, are read months later by someone who was not there. \
               Write why in words.",
    },
    Code {
        id: "end-of-life-version",
        title: "a version that no longer gets fixes",
        text: "The version has passed its end of life: security problems found in it stay. The warning stands in \
               every plan, with the reason that the stack gives, until the version is replaced.",
    },
    Code {
        id: "estate-duplicate",
        title: "an estate holds two bodies for one resource",
        text: "Two bodies have the same ID, so what the resource looks like is not known. Keep the newer one.",
    },
    Code {
        id: "estate-malformed",
        title: "an estate is not of the expected form",
        text: "A recorded estate is JSON: an object with `resources`, a list of bodies, or one body; each body has an \
               `id`, as the cloud returns it. The place is where reading stopped. A file that ends early was \
               probably cut off while it was written.",
    },
    Code {
        id: "estate-unreadable",
        title: "an estate could not be read",
        text: "The file or folder named with `--live recorded:PATH` does not exist or may not be read.",
    },
    Code {
        id: "import-not-rust",
        title: "what an import was to write is not Rust",
        text: "A type of the catalogue describes one of its values by an expression that the compiler would not read. Nothing is \
               written. The mistake is in the type, not in the estate: please report the line that the help shows.",
    },
    Code {
        id: "invalid-name",
        title: "a name that the provider does not accept",
        text: "Literal names are checked while compiling; this one was made while running. The rule and its source \
               are in the help.",
    },
    Code {
        id: "invalid-output",
        title: "an output of the stack that cannot be",
        text: "The names of a stack's outputs are words of Terraform and ARM: letters, digits and underscores, a \
               letter first, each once. Their values come from the stack's own resources.",
    },
    Code {
        id: "live-forbidden",
        title: "a live resource may not be read",
        text: "The cloud knows who is asking and does not let them read this resource. Nothing is planned: a resource that \
               cannot be seen is not one that is not there. The help names the permission to ask for, and on what.",
    },
    Code {
        id: "live-unauthenticated",
        title: "the cloud does not know who is asking",
        text: "No credential was found, or the cloud does not accept the one that was. The message is what the tool or the \
               cloud says. Sign in (`az login`), or set the variables of an application or workload. It is told once, \
               and nothing else is asked.",
    },
    Code {
        id: "live-unreachable",
        title: "the cloud cannot be reached",
        text: "No connection to the cloud's endpoint could be made, or the endpoint is not one that a token may be sent to. Check \
               the network, the proxy and the endpoint. It is told once, and nothing else is asked.",
    },
    Code {
        id: "live-unreadable",
        title: "a live resource could not be read",
        text: "The cloud answered with an error that is not \"not there\", with something that is no body, or, however often it \
               was asked, not at all. Nothing is planned: whether the resource is there is not known. The message is what the \
               cloud says. Throttling passes; fewer requests at once (`--parallel-reads`) provoke less of it.",
    },
    Code {
        id: "missing-parameter",
        title: "something that the stack gives once is missing",
        text: "Subscription, tenant and region are given once, to the stack or to a resource group, and taken from \
               there. The message says which is missing and where it can be given.",
    },
    Code {
        id: "missing-role",
        title: "an identity has no role for what it is to use",
        text: "Something pulls an image, reads a secret or encrypts as an identity, and the stack gives that identity no role over the \
               registry or vault: it would not work. Give it the narrowest role that is enough, or, where somebody else gives \
               it, say so by `.allow(\"missing-role\", \"..\")`.",
    },
    Code {
        id: "outside-network",
        title: "a subnet that is not in its network",
        text: "A subnet's range must lie inside one of its virtual network's ranges: the service refuses it otherwise.",
    },
    Code {
        id: "overlapping-peers",
        title: "two networks that share addresses are joined",
        text: "Networks that are peered must not share addresses: the service refuses the peering.",
    },
    Code {
        id: "overlapping-subnets",
        title: "two subnets of one network share addresses",
        text: "Subnets of one virtual network must not overlap: the service refuses the second.",
    },
    Code {
        id: "provider-limit",
        title: "a value outside the provider's limits",
        text: "The provider refuses this value or combination. The help names its source.",
    },
    Code {
        id: "refused-data-loss",
        title: "a step would lose data and nothing allows it",
        text: "Deleting or replacing this resource takes its data with it. To allow it, name it and say why: \
               `.allow_replace(DataLoss::of(\"name\", \"reason\"))` on the resource, or \
               `stack.allow_delete(DataLoss::of(\"name\", \"reason\"))` for one that the stack no longer has.",
    },
    Code {
        id: "refused-protected",
        title: "a step would delete or replace a protected resource",
        text: "The stack says `.protect()` on this resource. Take it off first, in a change of its own.",
    },
    Code {
        id: "silent-alert",
        title: "an alert that nobody hears of",
        text: "An alert without an action group, or a group without receivers, watches for nobody. Say who is told.",
    },
    Code {
        id: "state-malformed",
        title: "a state is not of the expected form",
        text: "The state file is not JSON of the format `xat-state/1`. It is written whole or not at all, so \
               a damaged one was changed by something else: restore it from its backup.",
    },
    Code {
        id: "state-newer",
        title: "a state of a newer version",
        text: "The state was written by a newer version of this library, which may have said things in it that \
               this version would lose. Use that version or a newer one.",
    },
    Code {
        id: "state-other-stack",
        title: "a state of another stack",
        text: "Planning one stack against another's state would delete everything that the other one owns.",
    },
    Code {
        id: "state-unreadable",
        title: "a state could not be read",
        text: "The file named with `--state` may not be read.",
    },
    Code {
        id: "template-cycle",
        title: "a variable or parameter of a template needs itself",
        text: "The value of a variable, or the default of a parameter, refers back to itself by way of others. Break the ring: \
               one of its members must have a value of its own.",
    },
    Code {
        id: "template-malformed",
        title: "this is no ARM template, or not a well-formed one",
        text: "The file is not JSON, has no `resources`, or holds an expression or resource that Resource Manager would not take \
               either. The place in the file is shown; nothing of a template is read unless all of it can be.",
    },
    Code {
        id: "template-missing-value",
        title: "a template needs a value that was not given",
        text: "A parameter has neither a value nor a default, or an expression asks for the subscription, group or region that the \
               template is deployed to. Say it with `--parameter`, `--parameters`, `--subscription`, `--group` or `--location`.",
    },
    Code {
        id: "template-unknown-name",
        title: "a template has no parameter, variable or resource of this name",
        text: "An expression or the command line names something that the template does not declare. What others made is not known \
               to a template: pass it as a parameter.",
    },
    Code {
        id: "template-unreadable",
        title: "a template or file of parameters cannot be read",
        text: "The path does not lead to a readable file.",
    },
    Code {
        id: "template-unsupported",
        title: "a template uses something that is not read",
        text: "The parts of the template language that are read are listed in the book. Copies, templates that stand somewhere else \
               and the other functions are not among them: what they make cannot be known without Resource Manager, or is not known \
               here yet.",
    },
    Code {
        id: "unlinked-zone",
        title: "a private name that its own network cannot look up",
        text: "A private endpoint is entered in a DNS zone that is not linked to the endpoint's network, so that its name leads to the \
               public address or nowhere. Link the zone to the network. Where the network asks a server of its own (a hub's), say \
               so by `.allow(\"unlinked-zone\", \"..\")`.",
    },
    Code {
        id: "too-many-connections",
        title: "more connections than a database takes",
        text: "Instances, times the connections that each of them opens, are more than the database takes on its \
               machine: under load it refuses the rest. Allow fewer instances, make each open fewer connections, put a \
               pooler in between, or take a larger machine.",
    },
    Code {
        id: "unknown-code",
        title: "no diagnostic has this code",
        text: "`explain` takes a code as it stands in brackets behind `error` or `warning`.",
    },
    Code {
        id: "unknown-reference",
        title: "an output that nothing can give",
        text: "The text refers to something of a resource that exists outside the stack, of which only the ID is \
               known. Pass the value itself.",
    },
    Code {
        id: "unknown-stack",
        title: "no stack has this name",
        text: "`xat stacks` lists the stacks of this program.",
    },
    Code {
        id: "unknown-target",
        title: "no resource has this address",
        text: "`--target` takes an address as the preview shows it, of a resource that the stack or the state has.",
    },
    Code {
        id: "unprotected-data",
        title: "nothing keeps data from being deleted",
        text: "What holds data has neither `.protect()`, by which plans that would delete it are refused, nor a lock, by which \
               everybody else is. Add both; or, where the data is worth nothing, say why.",
    },
    Code {
        id: "unrecorded-logs",
        title: "logs that are kept nowhere",
        text: "The stack has a workspace that keeps logs, and this resource's do not reach it: after an incident nobody can \
               say what happened. Add a diagnostic setting.",
    },
    Code {
        id: "unused-secret",
        title: "a secret that nothing refers to",
        text: "A vault holds a secret that nothing in the stack refers to. Probably a setting was to take it and does not, or \
               what took it is gone. A secret for readers outside the stack says so by `.allow(\"unused-secret\", \"..\")`.",
    },
];
