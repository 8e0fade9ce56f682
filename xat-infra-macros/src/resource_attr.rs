//! What `#[resource(..)]` and `#[output(..)]` say, as the tokens of the static description.

use proc_macro2::TokenStream;
use quote::quote;
use syn::meta::ParseNestedMeta;
use syn::parse::ParseStream;
use syn::{DeriveInput, Expr, Ident, LitStr, Token, Type};

use crate::attr;
use crate::errors::Errors;

const KEYS: &[&str] = &[
    "arm",
    "rest",
    "terraform",
    "scope",
    "label",
    "source",
    "provider",
    "holds_data",
    "undeletable",
    "enables",
    "completes",
    "one_by_one",
    "unlisted",
    "private_new",
    "derived_name",
    "fixed_name",
    "id",
    "element_of",
    "found_by",
    "through",
    "soft_delete",
    "action",
    "verbs",
    "part",
    "mirror",
    "tf_id",
    "tf_name",
    "tf_import",
    "tf_part",
    "tf_ancestor",
    "constant",
    "check",
    "fact",
    "import",
];

/// By what Terraform imports a resource, unless the type says something else.
pub(crate) const WHOLE_ID: &str = "{id}";

/// Everything said on the struct.
#[derive(Default)]
pub(crate) struct ResourceAttr {
    pub(crate) wire: Option<LitStr>,
    pub(crate) terraform: Option<LitStr>,
    pub(crate) scope: Option<Ident>,
    pub(crate) label: Option<LitStr>,
    pub(crate) source: Option<LitStr>,
    pub(crate) provider: Option<Expr>,
    pub(crate) holds_data: bool,
    pub(crate) undeletable: bool,
    pub(crate) enables: bool,
    pub(crate) completes: bool,
    pub(crate) one_by_one: bool,
    pub(crate) unlisted: bool,
    pub(crate) private_new: bool,
    pub(crate) derived_name: Vec<LitStr>,
    pub(crate) fixed_name: Option<LitStr>,
    pub(crate) id: Option<LitStr>,
    pub(crate) element_of: Option<TokenStream>,
    pub(crate) found_by: Option<LitStr>,
    pub(crate) through: Option<LitStr>,
    pub(crate) soft_delete: Option<TokenStream>,
    pub(crate) action: Option<TokenStream>,
    pub(crate) verbs: Option<Expr>,
    pub(crate) parts: Vec<TokenStream>,
    pub(crate) mirrors: Vec<TokenStream>,
    pub(crate) tf_id: Option<LitStr>,
    pub(crate) tf_name: Option<LitStr>,
    pub(crate) tf_import: Option<LitStr>,
    pub(crate) tf_parts: Vec<TokenStream>,
    pub(crate) tf_ancestors: Vec<TokenStream>,
    pub(crate) constants: Vec<TokenStream>,
    pub(crate) checks: Vec<Expr>,
    pub(crate) facts: Vec<Expr>,
    pub(crate) import: Option<Expr>,
    pub(crate) outputs: Vec<OutputAttr>,
}

/// One `#[output(..)]`.
pub(crate) struct OutputAttr {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) doc: String,
    pub(crate) tokens: TokenStream,
}

impl ResourceAttr {
    pub(crate) fn parse(input: &DeriveInput, errors: &mut Errors) -> Self {
        let mut out = Self::default();
        let (mut seen, mut whole) = (false, true);
        for attr in &input.attrs {
            if attr.path().is_ident("resource") {
                seen = true;
                let parsed = attr.parse_nested_meta(|meta| out.key_of(&meta, errors));
                whole &= errors.take(parsed).is_some();
            } else if attr.path().is_ident("output") {
                let parsed = attr.parse_args_with(|input: ParseStream<'_>| output(input, errors));
                out.outputs.extend(errors.take(parsed).flatten());
            }
        }
        if !seen {
            errors
                .at(&input.ident, "a resource type needs #[resource(arm = \"Type@version\", ..)]");
        } else if whole {
            // Behind a key that cannot be read, nothing can be said to be missing.
            if out.wire.is_none() {
                errors
                    .at(&input.ident, "which REST type is it? #[resource(arm = \"Type@version\")]");
            }
            if out.source.is_none() {
                errors.at(
                    &input.ident,
                    "where does the provider describe it? #[resource(source = \"https://..\")]",
                );
            }
        }
        if let Some(wire) = &out.wire
            && !wire.value().contains('@')
        {
            errors.at(wire, "the API version is missing: \"Type@2026-01-01\"");
        }
        out
    }

    fn key_of(&mut self, meta: &ParseNestedMeta<'_>, errors: &mut Errors) -> syn::Result<()> {
        let name = meta.path.get_ident().map(Ident::to_string).unwrap_or_default();
        match name.as_str() {
            "arm" | "rest" => self.wire = Some(attr::string(meta)?),
            "terraform" => self.terraform = Some(attr::string(meta)?),
            "fixed_name" => self.fixed_name = Some(attr::string(meta)?),
            "id" => self.id = Some(attr::string(meta)?),
            "element_of" => self.element_of = Some(element_of(meta)?),
            "found_by" => self.found_by = Some(attr::string(meta)?),
            "through" => self.through = Some(attr::string(meta)?),
            "scope" => self.scope = Some(meta.value()?.parse()?),
            "label" => self.label = Some(attr::string(meta)?),
            "source" => self.source = Some(attr::string(meta)?),
            "provider" => self.provider = Some(attr::expr(meta)?),
            "holds_data" => self.holds_data = true,
            "completes" => self.completes = true,
            "enables" => self.enables = true,
            "undeletable" => self.undeletable = true,
            "one_by_one" => self.one_by_one = true,
            "unlisted" => self.unlisted = true,
            "private_new" => self.private_new = true,
            "verbs" => self.verbs = Some(attr::expr(meta)?),
            "import" => self.import = Some(attr::expr(meta)?),
            "check" => self.checks.push(attr::expr(meta)?),
            "fact" => self.facts.push(attr::expr(meta)?),
            "derived_name" => {
                self.derived_name = attr::string_list(meta)?;
            }
            "soft_delete" => {
                let [wire, id, recover] = strings(meta, ["arm", "id", "recover"])?;
                let id = attr::path_tokens(&id);
                let recover = match recover.split_once('=') {
                    Some((path, word)) => {
                        let path = attr::path_tokens(path.trim());
                        let word = word.trim();
                        quote!(::core::option::Option::Some((#path, #word)))
                    }
                    None => quote!(::core::option::Option::None),
                };
                self.soft_delete = Some(
                    quote!(::xat_infra::schema::SoftDelete { wire: #wire, id: #id, recover: #recover }),
                );
            }
            "action" => {
                let [make, unmake] = strings(meta, ["make", "unmake"])?;
                self.action = Some(quote! {
                    ::xat_infra::schema::ResourceAction { make: #make, unmake: #unmake }
                });
            }
            "part" => {
                let [key, suffix, wire] = strings(meta, ["key", "suffix", "arm"])?;
                self.parts.push(quote! {
                    ::xat_infra::schema::Part { key: #key, suffix: #suffix, wire: #wire }
                });
            }
            "mirror" => {
                let [at, suffix, from] = strings(meta, ["at", "suffix", "from"])?;
                let (at, from) = (attr::path_tokens(&at), attr::path_tokens(&from));
                self.mirrors.push(quote! {
                    ::xat_infra::schema::Mirror { at: #at, suffix: #suffix, from: #from }
                });
            }
            "tf_part" => {
                let ([key, resource, link, shares, import], each) =
                    strings_and(meta, ["key", "resource", "link", "shares", "import"], 3, "each")?;
                let import = if import.is_empty() { WHOLE_ID.to_owned() } else { import };
                self.tf_parts.push(quote! {
                    ::xat_infra::schema::TfPart {
                        key: #key, resource: #resource, link: #link, each: #each, shares: #shares,
                        import: #import
                    }
                });
            }
            "tf_name" => self.tf_name = Some(attr::string(meta)?),
            "tf_id" => self.tf_id = Some(attr::string(meta)?),
            "tf_import" => self.tf_import = Some(attr::string(meta)?),
            "tf_ancestor" => {
                let [attr, wire, output] = strings(meta, ["attr", "arm", "output"])?;
                self.tf_ancestors.push(quote!((#attr, #wire, #output)));
            }
            "constant" => self.constants.push(constant(meta)?),
            _ => return attr::skip_unknown(meta, KEYS, errors),
        }
        Ok(())
    }
}

/// The strings of `name(a = "..", b = "..")`, all of which must be there.
fn strings<const N: usize>(
    meta: &ParseNestedMeta<'_>,
    keys: [&str; N],
) -> syn::Result<[String; N]> {
    strings_and(meta, keys, N, "").map(|(values, _)| values)
}

/// The same, of which only the first `needed` must be there, and whether the word `flag` stands among them.
fn strings_and<const N: usize>(
    meta: &ParseNestedMeta<'_>,
    keys: [&str; N],
    needed: usize,
    flag: &str,
) -> syn::Result<([String; N], bool)> {
    let mut values: [Option<String>; N] = [const { None }; N];
    let mut flagged = false;
    meta.parse_nested_meta(|inner| {
        if !flag.is_empty() && inner.path.is_ident(flag) {
            flagged = true;
            return Ok(());
        }
        let Some(at) = keys.iter().position(|key| inner.path.is_ident(key)) else {
            return Err(attr::unknown(&inner, &keys));
        };
        values[at] = Some(attr::string(&inner)?.value());
        Ok(())
    })?;
    if values.iter().take(needed).any(Option::is_none) {
        let needed: Vec<&str> = keys.into_iter().take(needed).collect();
        return Err(syn::Error::new_spanned(
            &meta.path,
            format!("all of these are needed: {}", needed.join(", ")),
        ));
    }
    Ok((values.map(Option::unwrap_or_default), flagged))
}

/// `element_of(suffix = "..", rest = "..", split = path)`.
fn element_of(meta: &ParseNestedMeta<'_>) -> syn::Result<TokenStream> {
    let (mut suffix, mut wire, mut split) = (String::new(), None, None);
    meta.parse_nested_meta(|inner| {
        if inner.path.is_ident("suffix") {
            suffix = attr::string(&inner)?.value();
        } else if inner.path.is_ident("arm") || inner.path.is_ident("rest") {
            wire = Some(attr::string(&inner)?.value());
        } else if inner.path.is_ident("split") {
            split = Some(attr::expr(&inner)?);
        } else {
            return Err(attr::unknown(&inner, &["suffix", "arm", "split"]));
        }
        Ok(())
    })?;
    let (Some(wire), Some(split)) = (wire, split) else {
        return Err(syn::Error::new_spanned(
            &meta.path,
            "element_of needs arm = \"Type\" and split = path",
        ));
    };
    Ok(quote! {
        ::xat_infra::schema::ElementOf { suffix: #suffix, wire: #wire, split: #split }
    })
}

fn constant(meta: &ParseNestedMeta<'_>) -> syn::Result<TokenStream> {
    let (mut wire, mut tf, mut value) = (None, None, None);
    meta.parse_nested_meta(|inner| {
        if inner.path.is_ident("arm") || inner.path.is_ident("rest") {
            wire = Some(attr::string(&inner)?.value());
        } else if inner.path.is_ident("tf") {
            tf = Some(attr::string(&inner)?.value());
        } else if inner.path.is_ident("value") {
            value = Some(attr::expr(&inner)?);
        } else {
            return Err(attr::unknown(&inner, &["arm", "tf", "value"]));
        }
        Ok(())
    })?;
    let Some(value) = value else {
        return Err(syn::Error::new_spanned(&meta.path, "a constant needs value = .."));
    };
    let path = |path: Option<String>| match path {
        Some(path) => {
            let path = attr::path_tokens(&path);
            quote!(::core::option::Option::Some(#path))
        }
        None => quote!(::core::option::Option::None),
    };
    let (wire, tf) = (path(wire), path(tf));
    Ok(quote! {
        ::xat_infra::schema::Constant {
            wire: #wire,
            tf: #tf,
            value: || ::xat_infra::value::Value::from(#value),
        }
    })
}

/// `name: Type, arm = "..", tf = "..", doc = "..", declared = "..", parent = path, made = ".."`.
fn output(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Option<OutputAttr>> {
    const KEYS: &[&str] = &["arm", "rest", "tf", "doc", "declared", "parent", "made"];
    let ident: Ident = input.parse()?;
    input.parse::<Token![:]>()?;
    let ty: Type = input.parse()?;
    let (mut wire, mut tf, mut doc, mut source) =
        (String::new(), String::new(), String::new(), None);
    while input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
        let key: Ident = input.parse()?;
        input.parse::<Token![=]>()?;
        match key.to_string().as_str() {
            "arm" | "rest" => wire = input.parse::<LitStr>()?.value(),
            "tf" => tf = input.parse::<LitStr>()?.value(),
            "doc" => doc = input.parse::<LitStr>()?.value(),
            "declared" => {
                let property: LitStr = input.parse()?;
                source = Some(quote!(::xat_infra::schema::OutputSource::Declared(#property)));
            }
            "made" => {
                let template: LitStr = input.parse()?;
                source = Some(quote!(::xat_infra::schema::OutputSource::Made(#template)));
            }
            "parent" => {
                let spec: Expr = input.parse()?;
                source = Some(quote!(::xat_infra::schema::OutputSource::Parent(&#spec)));
            }
            _ => {
                errors.at(&key, attr::unknown_key(&key.to_string(), KEYS));
                let _: Expr = input.parse()?;
            }
        }
    }
    if doc.is_empty() {
        errors.at(&ident, "an output needs doc = \"..\"");
        return Ok(None);
    }
    let source = source.unwrap_or_else(|| quote!(::xat_infra::schema::OutputSource::Live));
    let name = ident.to_string();
    let path = attr::path_tokens(&wire);
    let tokens = quote! {
        ::xat_infra::schema::OutputSpec { name: #name, doc: #doc, source: #source, wire: #path, tf: #tf }
    };
    Ok(Some(OutputAttr { ident, ty, doc, tokens }))
}
