//! `text!`: interpolation over outputs.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Expr, LitStr, Token};

pub(crate) fn expand(input: TokenStream) -> syn::Result<TokenStream> {
    let parser = |input: ParseStream<'_>| {
        let format: LitStr = input.parse()?;
        let args = match input.parse::<Option<Token![,]>>()? {
            Some(_) => Punctuated::<Expr, Token![,]>::parse_terminated(input)?,
            None => Punctuated::new(),
        };
        Ok((format, args))
    };
    let (format, args) = parser.parse2(input)?;
    let mut args = args.into_iter();
    let mut pieces: Vec<TokenStream> = Vec::new();
    let mut literal = String::new();
    let text = format.value();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['{', '}']) {
        literal.push_str(&rest[..at]);
        let brace = &rest[at..at + 1];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            literal.push_str(brace);
            rest = after;
            continue;
        }
        let Some((name, after)) = (brace == "{").then(|| rest.split_once('}')).flatten() else {
            return Err(syn::Error::new(
                format.span(),
                "a brace that stands for itself is written twice",
            ));
        };
        rest = after;
        pieces.push(quote!(::xat_infra::value::Text::from(#literal)));
        literal.clear();
        if name.is_empty() {
            let Some(arg) = args.next() else {
                return Err(syn::Error::new(
                    format.span(),
                    "there are more `{}` than arguments behind the text",
                ));
            };
            pieces.push(quote_spanned!(arg.span()=> ::xat_infra::value::Text::piece(#arg)));
        } else if syn::parse_str::<syn::Ident>(name).is_ok() {
            let name = format_ident!("{name}", span = format.span());
            pieces.push(quote_spanned!(format.span()=> ::xat_infra::value::Text::piece(#name)));
        } else {
            let message = match name.split_once(':') {
                Some(_) => format!(
                    "`{{{name}}}` asks for a format, and `text!` has none: an output is not known yet"
                ),
                None => format!(
                    "`{{{name}}}` is not a variable: write `{{}}` and pass it as an argument"
                ),
            };
            return Err(syn::Error::new(format.span(), message));
        }
    }
    if let Some(extra) = args.next() {
        return Err(syn::Error::new_spanned(extra, "no `{}` takes this argument"));
    }
    literal.push_str(rest);
    pieces.push(quote!(::xat_infra::value::Text::from(#literal)));
    Ok(quote!(::xat_infra::value::Text::join([#(#pieces),*])))
}
