//! `#[derive(Resource)]`: the static description, constructor, setters, outputs and property tree of a type.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, Data, DeriveInput, Expr, Fields, Ident, LitStr};

use crate::errors::Errors;
use crate::property::PropDef;
use crate::resource_attr::{ResourceAttr, WHOLE_ID};
use crate::{attr, outputs, setter};

pub(crate) fn derive(input: &DeriveInput) -> syn::Result<TokenStream> {
    let mut errors = Errors::default();
    let ident = &input.ident;
    let doc = attr::doc(&input.attrs);
    if doc.is_empty() {
        errors.at(ident, "a resource type needs a doc comment: it opens its reference page");
    }
    let said = ResourceAttr::parse(input, &mut errors);
    if !matches!(&input.data, Data::Struct(data) if matches!(data.fields, Fields::Named(_))) {
        errors.at(ident, "a resource type is a struct with named fields");
        errors.finish()?;
        return Ok(TokenStream::new());
    }
    let mut fields = ReadFields::of(input, &mut errors);
    if fields.meta.is_none() {
        errors.at(ident, "a resource type needs one field `meta: Meta`");
    }
    if !fields.has_name && said.derived_name.is_empty() && said.fixed_name.is_none() {
        errors.at(
            ident,
            "which field is the name? #[name(..)] on it, or #[resource(derived_name(..))] or fixed_name = \"..\"",
        );
    }
    if let Some(by) = &said.found_by {
        fields.props.iter_mut().for_each(|prop| prop.is_title = prop.is_name);
        if !fields.props.iter().any(|prop| prop.ident == by.value()) {
            errors.at(by, "no property is called so");
        }
        if !said.id.as_ref().is_some_and(|id| id.value().ends_with("/{name}")) {
            errors.at(by, "what the service numbers has id = \"//service/../{name}\"");
        }
    }
    errors.finish()?;

    let trait_impl = resource_impl(input, &said, &fields, &doc);
    let inherent = inherent_impl(input, &said, &fields);
    let outputs = outputs::handle(ident, &said);
    let named = fields.name_rule.as_ref().map(|rule| {
        let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
        quote! {
            #[diagnostic::do_not_recommend]
            impl #impl_generics ::xat_infra::schema::Named for #ident #ty_generics #where_clause {
                const RULE: ::xat_infra::schema::NameRule = #rule;
            }
        }
    });
    Ok(quote!(#outputs #trait_impl #inherent #named))
}

/// The struct's fields, sorted by what they are for.
#[derive(Default)]
struct ReadFields {
    props: Vec<PropDef>,
    meta: Option<Ident>,
    phantoms: Vec<Ident>,
    /// Whether a field says that it is the name, well or badly.
    has_name: bool,
    name_rule: Option<TokenStream>,
}

impl ReadFields {
    fn of(input: &DeriveInput, errors: &mut Errors) -> Self {
        let mut out = Self::default();
        let Data::Struct(data) = &input.data else { return out };
        for field in &data.fields {
            let Some(ident) = field.ident.clone() else { continue };
            if attr::generic(&field.ty, "Meta").is_some() {
                out.meta = Some(ident);
            } else if attr::generic(&field.ty, "PhantomData").is_some() {
                out.phantoms.push(ident);
            } else {
                let rule = field.attrs.iter().find(|a| a.path().is_ident("name"));
                if let Some(rule) = rule {
                    out.has_name = true;
                    out.name_rule = name_rule(rule, errors);
                }
                out.props.extend(PropDef::parse(field, rule.is_some(), errors));
            }
        }
        out
    }
}

/// `#[name(len = 3..=24, chars = alphanumeric, and = "-", ..)]` as a `NameRule` expression.
fn name_rule(attr: &Attribute, errors: &mut Errors) -> Option<TokenStream> {
    const KEYS: &[&str] =
        &["len", "chars", "and", "start", "end", "no_double_hyphen", "global", "source"];
    let (mut len, mut chars, mut and, mut source) = (None, None, None, None);
    let mut set = TokenStream::new();
    let parsed = attr.parse_nested_meta(|meta| {
        let key = meta.path.get_ident().map(Ident::to_string).unwrap_or_default();
        match key.as_str() {
            "len" => len = Some(attr::expr(&meta)?),
            "chars" => chars = Some(meta.value()?.parse::<Ident>()?),
            "and" => and = Some(attr::string(&meta)?),
            "source" => source = Some(attr::string(&meta)?),
            "start" | "end" => {
                let edge: Ident = meta.value()?.parse()?;
                let key = format_ident!("{key}");
                set.extend(quote!(rule.#key = ::xat_infra::schema::Edge::#edge;));
            }
            "no_double_hyphen" => set.extend(quote!(rule.double_hyphen = false;)),
            "global" => set.extend(quote!(rule.global = true;)),
            _ => return attr::skip_unknown(&meta, KEYS, errors),
        }
        Ok(())
    });
    // What was not read cannot be said to be missing.
    errors.take(parsed)?;
    let (mut min, mut max) = (None, None);
    match &len {
        Some(Expr::Range(range)) => (min, max) = (range.start.clone(), range.end.clone()),
        Some(other) => errors.at(other, "len is a range: 3..=24"),
        None => errors.at(attr, "a name rule needs len = min..=max"),
    }
    if matches!(&len, Some(Expr::Range(_))) && (min.is_none() || max.is_none()) {
        errors.at(&len, "len needs both ends: 3..=24");
    }
    if source.is_none() {
        errors.at(attr, "a name rule needs source = \"https://..\", the provider's own page");
    }
    if chars.is_none() {
        errors.at(attr, "a name rule needs chars = alphanumeric or chars = lower_alphanumeric");
    }
    let (min, max, source, chars): (_, _, LitStr, _) = (min?, max?, source?, chars?);
    let chars = format_ident!("{}", chars.to_string().to_uppercase(), span = chars.span());
    let and = and.map(|and| quote!(.and(#and)));
    Some(quote! {{
        let mut rule = ::xat_infra::schema::NameRule::new(
            #min, #max, ::xat_infra::schema::Chars::#chars #and, #source,
        );
        #set
        rule
    }})
}

fn resource_impl(
    input: &DeriveInput,
    said: &ResourceAttr,
    fields: &ReadFields,
    doc: &str,
) -> TokenStream {
    let ident = &input.ident;
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let outputs_ident = format_ident!("{ident}Outputs");
    let rust = ident.to_string();
    let label = said.label.as_ref().map_or_else(|| attr::words(&rust), LitStr::value);
    let slug = attr::words(&rust).replace(' ', "_");
    let provider = said
        .provider
        .as_ref()
        .map_or_else(|| quote!(::xat_infra::catalog::azure::PROVIDER), |path| quote!(#path));
    let wire = said.wire.as_ref().map(LitStr::value).unwrap_or_default();
    let (wire, api) = wire.split_once('@').unwrap_or((&wire, ""));
    let terraform = said.terraform.as_ref().map(LitStr::value).unwrap_or_default();
    let tf_id = said.tf_id.as_ref().map_or_else(|| "id".to_owned(), LitStr::value);
    let tf_name = said.tf_name.as_ref().map(LitStr::value).unwrap_or_default();
    let tf_import = said.tf_import.as_ref().map_or_else(|| WHOLE_ID.to_owned(), LitStr::value);
    let scope = said.scope.clone().unwrap_or_else(|| format_ident!("Group"));
    let source = said.source.as_ref().map(LitStr::value).unwrap_or_default();
    let (holds_data, undeletable, enables) = (said.holds_data, said.undeletable, said.enables);
    let completes = said.completes;
    let (one_by_one, unlisted) = (said.one_by_one, said.unlisted);
    let soft_delete = match &said.soft_delete {
        Some(soft) => quote!(::core::option::Option::Some(#soft)),
        None => quote!(::core::option::Option::None),
    };
    let action = match &said.action {
        Some(action) => quote!(::core::option::Option::Some(#action)),
        None => quote!(::core::option::Option::None),
    };
    let own_verbs = attr::option(said.verbs.as_ref());
    let name_rule = match &fields.name_rule {
        Some(rule) => quote! {
            { static RULE: ::xat_infra::schema::NameRule = #rule; ::core::option::Option::Some(&RULE) }
        },
        None => quote!(::core::option::Option::None),
    };
    let fixed_name = match &said.fixed_name {
        Some(name) => quote!(::core::option::Option::Some(#name)),
        None => quote!(::core::option::Option::None),
    };
    let id = said.id.as_ref().map(LitStr::value).unwrap_or_default();
    let element_of = match &said.element_of {
        Some(element) => quote!(::core::option::Option::Some(#element)),
        None => quote!(::core::option::Option::None),
    };
    let found_by = match &said.found_by {
        Some(property) => quote!(::core::option::Option::Some(#property)),
        None => quote!(::core::option::Option::None),
    };
    let through = said.through.as_ref().map(LitStr::value).unwrap_or_default();
    let ResourceAttr {
        derived_name,
        parts,
        mirrors,
        tf_parts,
        tf_ancestors,
        constants,
        checks,
        facts,
        ..
    } = said;
    let private_new = said.private_new;
    let as_found = has_as_found(input, said);
    let import = attr::option(said.import.as_ref());
    // What its argument is called; no type has more than one.
    let argument = input.generics.type_params().next().map(|param| {
        let param = &param.ident;
        quote! {
            fn argument() -> &'static str {
                let name = ::core::any::type_name::<#param>();
                name.rsplit("::").next().unwrap_or(name)
            }
        }
    });
    let props = fields.props.iter().map(PropDef::tokens);
    let meta = &fields.meta;
    let declared = fields.props.iter().enumerate().map(|(i, prop)| {
        let field = &prop.ident;
        let i = u16::try_from(i).unwrap_or(u16::MAX);
        let set = quote!(fields.set(#i, value, ::core::option::Option::Some(self.#meta.place(#i))));
        if prop.optional {
            let value = prop.value_tokens(&quote!(value));
            quote!(if let ::core::option::Option::Some(value) = self.#field { let value = #value; #set; })
        } else if prop.default.is_some() {
            let value = prop.value_tokens(&quote!(self.#field));
            quote! {
                let value = #value;
                if self.#meta.is_set(#i) { #set } else { fields.set_default(#i, value) }
            }
        } else {
            let value = prop.value_tokens(&quote!(self.#field));
            quote!(let value = #value; #set;)
        }
    });
    // What is always declared, and room for a few more: most types have many properties that few set.
    let count = fields.props.iter().filter(|prop| !prop.optional).count() + 4;
    quote! {
        #[diagnostic::do_not_recommend]
        impl #impl_generics ::xat_infra::dsl::Resource for #ident #ty_generics #where_clause {
            type Outputs = #outputs_ident;

            fn resource_type() -> &'static ::xat_infra::schema::ResourceType {
                static OUTPUTS: &[::xat_infra::schema::OutputSpec] = #outputs_ident::SPECS;
                static TYPE: ::xat_infra::schema::ResourceType = ::xat_infra::schema::ResourceType {
                    slug: #slug,
                    label: #label,
                    rust: #rust,
                    doc: #doc,
                    source: #source,
                    provider: &#provider,
                    wire: #wire,
                    api: #api,
                    terraform: #terraform,
                    tf_id: #tf_id,
                    tf_name: #tf_name,
                    tf_import: #tf_import,
                    scope: ::xat_infra::schema::Scope::#scope,
                    name_rule: #name_rule,
                    derived_name: &[#(#derived_name),*],
                    fixed_name: #fixed_name,
                    id: #id,
                    found_by: #found_by,
                    element_of: #element_of,
                    through: #through,
                    props: &[#(#props),*],
                    outputs: OUTPUTS,
                    parts: &[#(#parts),*],
                    mirrors: &[#(#mirrors),*],
                    tf_parts: &[#(#tf_parts),*],
                    constants: &[#(#constants),*],
                    tf_ancestors: &[#(#tf_ancestors),*],
                    holds_data: #holds_data,
                    undeletable: #undeletable,
                    enables: #enables,
                    completes: #completes,
                    one_by_one: #one_by_one,
                    unlisted: #unlisted,
                    action: #action,
                    own_verbs: #own_verbs,
                    soft_delete: #soft_delete,
                    checks: &[#(#checks),*],
                    facts: &[#(#facts),*],
                    private_new: #private_new,
                    as_found: #as_found,
                    import: #import,
                };
                &TYPE
            }

            #argument

            fn declare(self) -> (::xat_infra::value::Fields, ::xat_infra::dsl::Meta) {
                let mut fields = ::xat_infra::value::Fields::with_capacity(#count);
                #(#declared)*
                (fields, self.#meta)
            }

            fn meta_mut(&mut self) -> &mut ::xat_infra::dsl::Meta {
                &mut self.#meta
            }
        }
    }
}

/// A generic type's argument is a promise that only its own constructors keep.
fn has_as_found(input: &DeriveInput, said: &ResourceAttr) -> bool {
    said.private_new && input.generics.params.is_empty()
}

fn inherent_impl(input: &DeriveInput, said: &ResourceAttr, fields: &ReadFields) -> TokenStream {
    let ident = &input.ident;
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let (args, mut inits) = setter::constructor(&fields.props);
    inits.extend(fields.phantoms.iter().map(|field| quote!(#field: ::core::marker::PhantomData)));
    let meta = &fields.meta;
    let visibility = if said.private_new { quote!(pub(crate)) } else { quote!(pub) };
    let (new, new_doc) = if said.private_new {
        (
            format_ident!("declare_new"),
            "One with what every variant needs; the public constructors call it.",
        )
    } else {
        (format_ident!("new"), "One with what it cannot do without; the rest by setters.")
    };
    let mut shared = TokenStream::new();
    for (i, prop) in fields.props.iter().enumerate() {
        let i = u16::try_from(i).unwrap_or(u16::MAX);
        let bound = prop.only.as_ref().map_or_else(
            TokenStream::new,
            |only| quote!(where Self: ::xat_infra::dsl::Is<#ident<#only>>),
        );
        let setters = setter::setters(prop, &quote!(self.#meta.set_here(#i);), &bound);
        let id = format_ident!("{}", prop.ident.to_string().to_uppercase());
        let id_doc = format!("The property `{}`, for `ignore`.", prop.ident);
        shared.extend(quote! {
            #[doc = #id_doc]
            pub const #id: ::xat_infra::schema::PropId<Self> = ::xat_infra::schema::PropId::new(#i);
        });
        shared.extend(setters);
    }
    let as_found = has_as_found(input, said).then(|| {
        let names = fields.props.iter().filter(|prop| prop.required()).map(|prop| &prop.ident);
        quote! {
            /// One as it was found in the cloud, with what every variant has and nothing that a variant adds: imports
            /// write it where none of the other constructors fits.
            #[track_caller]
            #[must_use]
            #[allow(clippy::too_many_arguments, reason = "required properties are arguments, however many")]
            pub fn as_found(#(#args),*) -> Self {
                Self::#new(#(#names),*)
            }
        }
    });
    quote! {
        impl #impl_generics #ident #ty_generics #where_clause {
            #as_found

            #[doc = #new_doc]
            #[track_caller]
            #[must_use]
            #[allow(clippy::too_many_arguments, reason = "required properties are arguments, however many")]
            #visibility fn #new(#(#args),*) -> Self {
                Self { #(#inits,)* #meta: ::xat_infra::dsl::Meta::here() }
            }
            #shared
        }
    }
}
