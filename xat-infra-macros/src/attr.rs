//! Small readers that the attribute parsers share.

use proc_macro2::TokenStream;
use quote::quote;
use syn::meta::ParseNestedMeta;
use syn::{Attribute, Expr, Lit, LitStr, Meta, Type};

/// The documentation on an item, its lines joined; empty where there is none.
pub(crate) fn doc(attrs: &[Attribute]) -> String {
    let mut lines = Vec::new();
    for attr in attrs.iter().filter(|a| a.path().is_ident("doc")) {
        if let Meta::NameValue(meta) = &attr.meta
            && let Expr::Lit(expr) = &meta.value
            && let Lit::Str(text) = &expr.lit
        {
            lines.push(text.value().trim().to_owned());
        }
    }
    lines.join(" ").trim().to_owned()
}

/// `key = "text"`.
pub(crate) fn string(meta: &ParseNestedMeta<'_>) -> syn::Result<LitStr> {
    meta.value()?.parse()
}

/// `key = expression`.
pub(crate) fn expr(meta: &ParseNestedMeta<'_>) -> syn::Result<Expr> {
    meta.value()?.parse()
}

/// A dotted path as a slice of keys.
pub(crate) fn path_tokens(path: &str) -> TokenStream {
    let keys = path.split('.').filter(|key| !key.is_empty());
    quote!(&[#(#keys),*])
}

/// Whether the last segment of a type's path is `name`, and its generic arguments.
pub(crate) fn generic<'t>(ty: &'t Type, name: &str) -> Option<Vec<&'t Type>> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    if last.ident != name {
        return None;
    }
    Some(match &last.arguments {
        syn::PathArguments::AngleBracketed(args) => args
            .args
            .iter()
            .filter_map(|arg| match arg {
                syn::GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    })
}

/// Words of a Rust identifier, lower case: `KeyVault` and `key_vault` are both `key vault`.
pub(crate) fn words(ident: &str) -> String {
    let mut out = String::new();
    let chars: Vec<char> = ident.chars().collect();
    for (i, c) in chars.iter().enumerate() {
        let after_lower = i > 0 && (chars[i - 1].is_lowercase() || chars[i - 1].is_ascii_digit());
        let starts_word = c.is_uppercase()
            && i > 0
            && (after_lower || chars.get(i + 1).is_some_and(|next| next.is_lowercase()));
        if (starts_word || *c == '_') && !out.ends_with(' ') {
            out.push(' ');
        }
        if *c != '_' {
            out.extend(c.to_lowercase());
        }
    }
    out
}

/// The error for an attribute key that does not exist, with those that do.
pub(crate) fn unknown(meta: &ParseNestedMeta<'_>, known: &[&str]) -> syn::Error {
    meta.error(format!("unknown key; the keys here are: {}", known.join(", ")))
}
