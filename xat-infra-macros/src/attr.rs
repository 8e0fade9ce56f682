//! Small readers that the attribute parsers share.

use proc_macro2::TokenStream;
use quote::quote;
use syn::meta::ParseNestedMeta;
use syn::{Attribute, Expr, Lit, LitStr, Meta, Type};

/// The documentation on an item: paragraphs with their lines joined, without code. Empty where there is none.
pub(crate) fn doc(attrs: &[Attribute]) -> String {
    let mut paragraphs = vec![String::new()];
    let mut in_code = false;
    for attr in attrs.iter().filter(|a| a.path().is_ident("doc")) {
        if let Meta::NameValue(meta) = &attr.meta
            && let Expr::Lit(expr) = &meta.value
            && let Lit::Str(text) = &expr.lit
        {
            let line = text.value().trim().to_owned();
            // Code is for rustdoc, which runs it once: setters and reference pages repeat the words alone.
            if line.starts_with("```") {
                in_code = !in_code;
                let before = paragraphs.iter_mut().rfind(|paragraph| !paragraph.is_empty());
                if let Some(before) = before.filter(|paragraph| paragraph.ends_with(':')) {
                    before.pop();
                    before.push('.');
                }
            } else if line.is_empty() {
                paragraphs.push(String::new());
            } else if let Some(last) = paragraphs.last_mut().filter(|_| !in_code) {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(&line);
            }
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs.join("\n\n")
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
