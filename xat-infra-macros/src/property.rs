//! One property: what its field and `#[prop(..)]` say, and the static description of it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Expr, Field, Ident, LitStr, Type};

use crate::attr;
use crate::errors::Errors;

const KEYS: &[&str] = &[
    "arm",
    "rest",
    "tf",
    "codec",
    "tf_codec",
    "tf_ref",
    "tf_within",
    "default",
    "service",
    "required",
    "replace",
    "write_only",
    "by_record",
    "open",
    "marker",
    "verbatim",
    "key",
    "canon",
    "danger",
    "exposes",
    "label",
    "parent",
    "inherited",
    "tags",
    "each",
    "only",
    "no_setter",
    "parameter",
    "unit",
    "shrink",
    "tf_object",
    "tf_blocks",
    "tf_map",
    "via",
];

/// A field that is a property.
pub(crate) struct PropDef {
    pub(crate) ident: Ident,
    /// The field's type, without `Option`.
    pub(crate) ty: Type,
    pub(crate) optional: bool,
    pub(crate) doc: String,
    pub(crate) default: Option<Expr>,
    pub(crate) each: Option<Ident>,
    pub(crate) only: Option<Type>,
    pub(crate) no_setter: bool,
    pub(crate) is_name: bool,
    /// Whether the name is no part of the ID, which the service makes up: another name is no other resource.
    pub(crate) is_title: bool,
    wire: Option<LitStr>,
    tf: Option<LitStr>,
    codec: Option<Expr>,
    tf_codec: Option<Expr>,
    tf_ref: Option<LitStr>,
    tf_within: Option<LitStr>,
    service: Option<Expr>,
    key: Option<LitStr>,
    canon: Option<Expr>,
    danger: Option<Ident>,
    exposes: Option<Expr>,
    label: Option<LitStr>,
    parameter: Option<LitStr>,
    unit: Option<LitStr>,
    shrink: Option<Ident>,
    tf_object: Vec<LitStr>,
    via: Option<Ident>,
    flags: Vec<&'static str>,
}

impl PropDef {
    /// Reads a field. Complaints go to `errors`; the property is returned all the same, so that more are found.
    pub(crate) fn parse(field: &Field, is_name: bool, errors: &mut Errors) -> Option<Self> {
        let ident = field.ident.clone()?;
        let (ty, optional) = match attr::generic(&field.ty, "Option").as_deref() {
            Some([inner]) => ((*inner).clone(), true),
            _ => (field.ty.clone(), false),
        };
        let mut def = Self {
            ident,
            ty,
            optional,
            doc: attr::doc(&field.attrs),
            default: None,
            each: None,
            only: None,
            no_setter: false,
            is_name,
            is_title: false,
            wire: None,
            tf: None,
            codec: None,
            tf_codec: None,
            tf_ref: None,
            tf_within: None,
            service: None,
            key: None,
            canon: None,
            danger: None,
            exposes: None,
            label: None,
            parameter: None,
            unit: None,
            shrink: None,
            tf_object: Vec::new(),
            via: None,
            flags: Vec::new(),
        };
        for attr in field.attrs.iter().filter(|a| a.path().is_ident("prop")) {
            let parsed = attr.parse_nested_meta(|meta| {
                // A bad key is gathered with the rest; only what cannot be parsed past ends the list.
                def.key_of(&meta, errors)
            });
            errors.take(parsed);
        }
        if def.doc.is_empty() {
            errors.at(&def.ident, "a property needs a doc comment: it becomes the setter's and the reference page's text");
        }
        if def.optional && def.default.is_some() {
            errors.at(&field.ty, "a property with a default is always declared: drop the `Option`");
        }
        Some(def)
    }

    fn key_of(
        &mut self,
        meta: &syn::meta::ParseNestedMeta<'_>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        let name = meta.path.get_ident().map(Ident::to_string).unwrap_or_default();
        match name.as_str() {
            "arm" | "rest" => self.wire = Some(attr::string(meta)?),
            "tf" => self.tf = Some(attr::string(meta)?),
            "tf_ref" => self.tf_ref = Some(attr::string(meta)?),
            "tf_within" => self.tf_within = Some(attr::string(meta)?),
            "key" => self.key = Some(attr::string(meta)?),
            "label" => self.label = Some(attr::string(meta)?),
            "unit" => self.unit = Some(attr::string(meta)?),
            "shrink" => self.shrink = Some(meta.value()?.parse()?),
            "parameter" => self.parameter = Some(attr::string(meta)?),
            "codec" => self.codec = Some(attr::expr(meta)?),
            "tf_codec" => self.tf_codec = Some(attr::expr(meta)?),
            "canon" => self.canon = Some(attr::expr(meta)?),
            "default" => self.default = Some(attr::expr(meta)?),
            "service" => self.service = Some(attr::expr(meta)?),
            "exposes" => self.exposes = Some(attr::expr(meta)?),
            "danger" => self.danger = Some(meta.value()?.parse()?),
            "tf_object" => self.tf_object = attr::string_list(meta)?,
            "via" => {
                let output = attr::string(meta)?;
                let wrong = |_| syn::Error::new(output.span(), "an output's name is one Rust word");
                self.via = Some(output.parse().map_err(wrong)?);
            }
            "each" => {
                let method = attr::string(meta)?;
                let wrong = |_| syn::Error::new(method.span(), "a method's name is one Rust word");
                self.each = Some(method.parse().map_err(wrong)?);
            }
            "only" => self.only = Some(attr::string(meta)?.parse()?),
            "no_setter" => self.no_setter = true,
            "required" | "replace" | "write_only" | "by_record" | "open" | "marker"
            | "verbatim" | "parent" | "inherited" | "tags" | "tf_blocks" | "tf_map" => {
                let known = KEYS.iter().find(|k| **k == name).copied().unwrap_or_default();
                self.flags.push(known);
            }
            _ => return attr::skip_unknown(meta, KEYS, errors),
        }
        Ok(())
    }

    /// The expression that makes a value of the property tree, its complaints at the field's type.
    pub(crate) fn value_tokens(&self, value: &TokenStream) -> TokenStream {
        let ty = &self.ty;
        if let Some(output) = &self.via {
            let by = match output.to_string().as_str() {
                "name" => quote!(::xat_infra::dsl::Ref::by_name),
                _ => quote!(|reference| reference.by(|outputs| outputs.#output().reference())),
            };
            return quote_spanned!(ty.span()=> ::xat_infra::dsl::Via::via(#value, #by));
        }
        quote_spanned!(ty.span()=> <#ty as ::xat_infra::schema::PropertyType>::into_value(#value))
    }

    fn flag(&self, name: &str) -> bool {
        self.flags.contains(&name)
    }

    /// Whether the constructor asks for it.
    pub(crate) fn required(&self) -> bool {
        !self.optional && self.default.is_none()
    }

    /// Whether stacks set it by a method of its name.
    pub(crate) fn has_setter(&self) -> bool {
        !(self.required() || self.no_setter || self.is_name)
    }

    /// The `Property` literal.
    pub(crate) fn tokens(&self) -> TokenStream {
        let name = self.ident.to_string();
        // What its number counts stands behind the number.
        let words = || {
            let (words, unit) = (attr::words(&name), self.unit.as_ref().map(LitStr::value));
            match unit.and_then(|unit| words.strip_suffix(&format!(" {unit}")).map(str::to_owned)) {
                Some(short) => short,
                None => words,
            }
        };
        let label = self.label.as_ref().map_or_else(words, LitStr::value);
        let (doc, ty) = (&self.doc, &self.ty);
        let mut set = quote! {
            name: #name,
            label: #label,
            doc: #doc,
        };
        // A name's type names the struct itself, which a static inside the impl cannot.
        set.extend(if self.is_name {
            quote!(kind: &::xat_infra::schema::Kind::Text(&::xat_infra::schema::canons::CASE),)
        } else {
            quote! {
                kind: <#ty as ::xat_infra::schema::PropertyType>::KIND,
                rust: <#ty as ::xat_infra::schema::PropertyType>::rust,
                rust_each: <#ty as ::xat_infra::schema::PropertyType>::rust_each,
            }
        });
        if self.has_setter() {
            set.extend(quote!(setter: true,));
        }
        for (name, said) in [
            ("each", self.each.as_ref().map(Ident::to_string)),
            ("only", self.only.as_ref().map(|only| quote!(#only).to_string())),
        ] {
            let field = format_ident!("{name}");
            set.extend(said.map(|said| quote!(#field: ::core::option::Option::Some(#said),)));
        }
        if let Some(path) = &self.wire {
            let path = wire_path(&path.value(), self.codec.as_ref());
            set.extend(quote!(wire: ::core::option::Option::Some(#path),));
        }
        let tf = match (&self.tf, self.is_name) {
            (None, true) => Some("name".to_owned()),
            (tf, _) => tf.as_ref().map(LitStr::value),
        };
        if let Some(path) = tf {
            let path = wire_path(&path, self.tf_codec.as_ref());
            set.extend(quote!(tf: ::core::option::Option::Some(#path),));
        }
        if let Some(tf_ref) = &self.tf_ref {
            set.extend(quote!(tf_ref: #tf_ref,));
        }
        if let Some(within) = &self.tf_within {
            set.extend(quote!(tf_within: ::core::option::Option::Some(#within),));
        }
        if self.required() {
            set.extend(quote!(required: true,));
        }
        for (name, expr) in [("default", &self.default), ("service", &self.service)] {
            if let Some(expr) = expr {
                let field = format_ident!("{name}");
                set.extend(quote! {
                    #field: ::core::option::Option::Some(|| {
                        let value: #ty = #expr;
                        ::xat_infra::schema::PropertyType::into_value(value)
                    }),
                });
            }
        }
        for (flag, field) in [
            ("replace", "replace"),
            ("write_only", "write_only"),
            ("by_record", "by_record"),
            ("open", "open"),
            ("marker", "marker"),
            ("verbatim", "verbatim"),
            ("parent", "is_parent"),
            ("inherited", "inherited"),
            ("tags", "is_tags"),
            ("tf_blocks", "tf_blocks"),
            ("tf_map", "tf_map"),
        ] {
            if self.flag(flag) {
                let field = format_ident!("{field}");
                set.extend(quote!(#field: true,));
            }
        }
        if self.is_name {
            let replace = !self.is_title;
            set.extend(quote!(is_name: true, replace: #replace,));
        }
        if self.flag("parent") {
            set.extend(quote!(replace: true,));
        }
        if let Some(parameter) = &self.parameter {
            set.extend(quote!(parameter: ::core::option::Option::Some(#parameter),));
        }
        if let Some(key) = &self.key {
            set.extend(quote!(key: ::core::option::Option::Some(#key),));
        }
        if !self.tf_object.is_empty() {
            let keys = &self.tf_object;
            set.extend(quote!(tf_object: &[#(#keys),*],));
        }
        if let Some(canon) = &self.canon {
            set.extend(quote!(canon: ::core::option::Option::Some(&#canon),));
        }
        if let Some(danger) = &self.danger {
            set.extend(quote!(danger: ::xat_infra::schema::Danger::#danger,));
        }
        if let Some(unit) = &self.unit {
            set.extend(quote!(unit: #unit,));
        }
        if let Some(shrink) = &self.shrink {
            set.extend(quote!(shrink: ::xat_infra::schema::Danger::#shrink,));
        }
        if let Some(value) = &self.exposes {
            set.extend(quote! {
                exposes: ::core::option::Option::Some(|value| {
                    let open: #ty = #value;
                    ::xat_infra::value::same_literal(value, &::xat_infra::schema::PropertyType::into_value(open))
                }),
            });
        }
        quote!(::xat_infra::schema::Property { #set ..::xat_infra::schema::Property::BLANK })
    }
}

/// `[part:]dotted.path` as a `WirePath` literal.
fn wire_path(path: &str, codec: Option<&Expr>) -> TokenStream {
    let (part, path) = match path.split_once(':') {
        Some((part, path)) => (quote!(::core::option::Option::Some(#part)), path),
        None => (quote!(::core::option::Option::None), path),
    };
    let path = attr::path_tokens(path);
    let codec = match codec {
        Some(codec) => quote!(::core::option::Option::Some(&#codec)),
        None => quote!(::core::option::Option::None),
    };
    quote!(::xat_infra::schema::WirePath { part: #part, path: #path, codec: #codec })
}
