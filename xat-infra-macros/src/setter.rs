//! Constructors and setters: required properties as arguments, the rest as chained calls.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Type};

use crate::attr;
use crate::property::PropDef;

/// Types that are taken as they are: `impl Into<u32>` would leave a plain `28` without a type.
fn is_plain(ty: &Type) -> bool {
    ["bool", "u8", "u16", "u32", "i32", "i64", "f64"]
        .iter()
        .any(|name| attr::generic(ty, name).is_some())
}

/// The argument's type for a value of type `ty`, and the expression that turns it into one.
fn argument(ty: &Type, arg: &Ident) -> (TokenStream, TokenStream) {
    if is_plain(ty) {
        (quote!(#ty), quote!(#arg))
    } else {
        (quote!(impl ::core::convert::Into<#ty>), quote!(#arg.into()))
    }
}

/// The arguments of the constructor and the initialisers of all property fields.
pub(crate) fn constructor(props: &[PropDef]) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let mut args = Vec::new();
    let mut inits = Vec::new();
    for prop in props {
        let ident = &prop.ident;
        let init = if prop.required() {
            let (ty, value) = if prop.is_name {
                let ty = &prop.ty;
                (quote!(#ty), quote!(#ident))
            } else {
                argument(&prop.ty, ident)
            };
            args.push(quote!(#ident: #ty));
            value
        } else if let Some(default) = &prop.default {
            quote!(#default)
        } else {
            quote!(::core::option::Option::None)
        };
        inits.push(quote!(#ident: #init));
    }
    (args, inits)
}

/// The setters of one property. `remember` is the statement that notes the caller's line, `bound` the `where` clause.
pub(crate) fn setters(prop: &PropDef, remember: &TokenStream, bound: &TokenStream) -> TokenStream {
    if !prop.has_setter() {
        return TokenStream::new();
    }
    let (ident, ty, doc) = (&prop.ident, &prop.ty, &prop.doc);
    let wrap = |value: TokenStream| {
        if prop.optional { quote!(::core::option::Option::Some(#value)) } else { value }
    };
    let value = format_ident!("value");
    let items = attr::generic(ty, "Vec").or_else(|| attr::generic(ty, "Set"));
    let map = attr::generic(ty, "BTreeMap");
    let (arg, made, each) = if let Some([item]) = items.as_deref() {
        let (arg, made) = argument(item, &value);
        let each = prop.each.as_ref().map(|each| {
            let get = if prop.optional { quote!(.get_or_insert_default()) } else { quote!() };
            quote! {
                #[doc = #doc]
                ///
                /// Adds one to those that were set before.
                #[track_caller]
                #[must_use]
                pub fn #each(mut self, value: #arg) -> Self #bound {
                    #remember
                    self.#ident #get.extend([#made]);
                    self
                }
            }
        });
        let collected = quote!(value.into_iter().map(|value| #made).collect());
        (quote!(impl ::core::iter::IntoIterator<Item = #arg>), collected, each)
    } else if let Some([_, item]) = map.as_deref() {
        let (arg, made) = argument(item, &value);
        let each = prop.each.as_ref().map(|each| {
            let get = if prop.optional { quote!(.get_or_insert_default()) } else { quote!() };
            quote! {
                #[doc = #doc]
                ///
                /// Sets one key and leaves the others.
                #[track_caller]
                #[must_use]
                pub fn #each(mut self, key: impl ::core::convert::Into<::std::string::String>, value: #arg) -> Self #bound {
                    #remember
                    self.#ident #get.insert(key.into(), #made);
                    self
                }
            }
        });
        let collected = quote!(value.into_iter().map(|(key, value)| (key.into(), #made)).collect());
        let pair = quote!((impl ::core::convert::Into<::std::string::String>, #arg));
        (quote!(impl ::core::iter::IntoIterator<Item = #pair>), collected, each)
    } else {
        let (arg, made) = argument(ty, &value);
        (arg, made, None)
    };
    let made = wrap(made);
    quote! {
        #[doc = #doc]
        #[track_caller]
        #[must_use]
        pub fn #ident(mut self, value: #arg) -> Self #bound {
            #remember
            self.#ident = #made;
            self
        }
        #each
    }
}
