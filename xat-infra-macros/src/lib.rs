//! The derives of xat-infra. Entry points only: the logic is ordinary functions, a file per derive.
//!
//! Every derive gathers all its complaints and reports each at the attribute or field that causes it.

mod attr;
mod block;
mod choice;
mod errors;
mod outputs;
mod property;
mod resource;
mod resource_attr;
mod setter;
mod text;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct a resource type: its static description, constructor, setters, outputs and property tree.
///
/// On the struct, `#[resource(..)]`: `arm = "Type@version"`, `terraform = ".."`, `scope = Root|Group|Child|Extension`,
/// `label = ".."`, `source = ".."`, `provider = path`, `holds_data`, `undeletable`, `enables`, `completes`, `one_by_one`, `unlisted`, `private_new`, `derived_name("a", "b")`,
/// `fixed_name = ".."`, `through = ".."`, `id = "//service/{gcp.project}/{parent}/{name}"`,
/// `found_by = "property"` (the service numbers them: by what a live one is recognised),
/// `element_of(suffix = "..", arm = "..", split = path)`,
/// `action(make = "..", unmake = "..")`, `verbs = expr` (of `schema::Verbs`: by which requests a service takes it), `soft_delete(arm = "..", id = "..", recover = "path = word")`,
/// `part(key = "..", suffix = "..", arm = "..")`,
/// `mirror(at = "..", suffix = "..", from = "..")`,
/// `tf_part(key = "..", resource = "..", link = "..", shares = "..", import = "..", each)`,
/// `tf_id = ".."`, `tf_name = ".."`, `tf_import = ".."` (by what Terraform imports it),
/// `tf_ancestor(attr = "..", arm = "..", output = "..")`, `constant(arm = "..", tf = "..", value = expr)`,
/// `check = path`, `fact = expr` (of `schema::Fact`; any number), `import = path` (how imports say it by its own constructors); and
/// `#[output(name: Type, arm = "..", tf = "..", doc = "..")]`, any number, with `made = "{name}.."` for those that are known
/// before the resource exists. The type `Secret` makes an output that fits
/// secret properties only.
///
/// On a field, `#[name(len = 3..=24, chars = alphanumeric, and = "-", ..)]` for the name, `#[prop(..)]` for the
/// rest: `arm`/`rest`, `tf` (dotted paths, `part:path` for a part), `codec`, `tf_codec`, `tf_ref`, `default`,
/// `via` (the output by which a reference is said, `name` or one of the type's own), `service`, `required`, `replace`, `write_only`, `by_record`, `open`, `marker`, `verbatim`, `key`, `canon`, `danger`, `exposes`, `label`, `parent`,
/// `tf_object("key", ..)`, `tf_blocks`, `tf_map`, `tf_within = ".."`, `inherited`, `parameter`, `tags`, `unit`, `shrink`, `each`, `only`, `no_setter`.
///
/// One field has the type `Meta`. CONTRIBUTING.md walks through a whole type.
#[proc_macro_derive(Resource, attributes(resource, output, name, prop))]
pub fn derive_resource(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    resource::derive(&input).unwrap_or_else(|errors| errors.to_compile_error()).into()
}

/// Makes a struct a nested block. Fields take `#[prop(..)]` as in [`Resource`](macro@Resource), with paths
/// relative to the block.
#[proc_macro_derive(Block, attributes(block, prop))]
pub fn derive_block(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    block::derive(&input).unwrap_or_else(|errors| errors.to_compile_error()).into()
}

/// Makes an enum of plain variants a closed choice of words. A variant's word is its name, or
/// `#[choice("word", tf = "other word")]`.
#[proc_macro_derive(Choice, attributes(choice))]
pub fn derive_choice(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    choice::derive(&input).unwrap_or_else(|errors| errors.to_compile_error()).into()
}

/// Text with outputs of other resources in it, written like `format!`.
///
/// `{}` takes the next argument and `{name}` a variable; a brace is written twice to stand for itself.
/// Arguments are anything that turns into `Text`: strings, numbers, outputs; a secret does not.
#[proc_macro]
pub fn text(input: TokenStream) -> TokenStream {
    text::expand(input.into()).unwrap_or_else(|errors| errors.to_compile_error()).into()
}
