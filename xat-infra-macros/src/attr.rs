//! Small readers that the attribute parsers share.

use proc_macro2::TokenStream;
use quote::quote;
use syn::meta::ParseNestedMeta;
use syn::{Attribute, Expr, Lit, LitStr, Meta, Type};

use crate::errors::Errors;

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

/// An `Option` of what is there or not.
pub(crate) fn option(value: Option<&Expr>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
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

/// What to say of an attribute key that does not exist: the one that was probably meant, or all that do.
pub(crate) fn unknown_key(key: &str, known: &[&str]) -> String {
    let near = known
        .iter()
        .filter(|other| !key.is_empty() && distance(key, other) <= (key.len() / 3).max(1))
        .min_by_key(|other| distance(key, other));
    match near {
        Some(near) => format!("unknown key `{key}`: did you mean `{near}`?"),
        None => format!("unknown key `{key}`; the keys here are: {}", known.join(", ")),
    }
}

/// The error for an attribute key that does not exist.
pub(crate) fn unknown(meta: &ParseNestedMeta<'_>, known: &[&str]) -> syn::Error {
    let key = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
    syn::Error::new_spanned(&meta.path, unknown_key(&key, known))
}

/// Reports an attribute key that does not exist and steps over what follows it, so that the keys behind are read too.
pub(crate) fn skip_unknown(
    meta: &ParseNestedMeta<'_>,
    known: &[&str],
    errors: &mut Errors,
) -> syn::Result<()> {
    errors.push(unknown(meta, known));
    if meta.input.peek(syn::Token![=]) {
        let _: Expr = meta.value()?.parse()?;
    } else if meta.input.peek(syn::token::Paren) {
        let inside;
        syn::parenthesized!(inside in meta.input);
        let _: TokenStream = inside.parse()?;
    }
    Ok(())
}

/// How many letters must be put in, taken out or changed to make one word of the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(corner + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

/// The strings of `name("a", "b")`.
pub(crate) fn string_list(meta: &syn::meta::ParseNestedMeta<'_>) -> syn::Result<Vec<syn::LitStr>> {
    let inner;
    syn::parenthesized!(inner in meta.input);
    let parse = <syn::LitStr as syn::parse::Parse>::parse;
    Ok(inner.parse_terminated(parse, syn::Token![,])?.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_become_words() {
        for (ident, expected) in [
            ("KeyVault", "key vault"),
            ("key_vault", "key vault"),
            ("PgDatabase", "pg database"),
            ("VM2Size", "vm2 size"),
            ("DNSZone", "dns zone"),
            ("a", "a"),
        ] {
            assert_eq!(words(ident), expected);
        }
    }

    #[test]
    fn dotted_paths_become_keys() {
        let keys = |path| path_tokens(path).to_string().replace(' ', "");
        assert_eq!(keys("properties.sku"), r#"&["properties","sku"]"#);
        assert_eq!(keys(""), "&[]");
    }

    #[test]
    fn generic_arguments_are_those_of_the_last_segment() {
        let ty: Type = syn::parse_quote!(std::option::Option<Vec<u8>>);
        assert_eq!(generic(&ty, "Option").map(|args| args.len()), Some(1));
        assert!(generic(&ty, "Vec").is_none());
    }

    #[test]
    fn a_key_that_is_nearly_right_is_named() {
        let known = ["default", "danger", "tf"];
        assert_eq!(
            unknown_key("defualt", &known),
            "unknown key `defualt`: did you mean `default`?"
        );
        assert_eq!(
            unknown_key("colour", &known),
            "unknown key `colour`; the keys here are: default, danger, tf"
        );
    }
}
