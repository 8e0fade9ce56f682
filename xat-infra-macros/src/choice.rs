//! `#[derive(Choice)]`: a closed set of words.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields, LitStr};

use crate::attr;
use crate::errors::Errors;

pub(crate) fn derive(input: &DeriveInput) -> syn::Result<TokenStream> {
    let mut errors = Errors::default();
    let ident = &input.ident;
    let doc = attr::doc(&input.attrs);
    let mut described = Vec::new();
    let mut arms = Vec::new();
    match &input.data {
        Data::Enum(data) => {
            for variant in &data.variants {
                let variant_ident = &variant.ident;
                let doc = attr::doc(&variant.attrs);
                if !matches!(variant.fields, Fields::Unit) {
                    errors.at(&variant.fields, "a choice has plain variants only: take this away");
                }
                if doc.is_empty() {
                    errors.at(variant_ident, "a variant needs a doc comment");
                }
                let rust = variant_ident.to_string();
                let (mut wire, mut tf) = (rust.clone(), None);
                for attr in variant.attrs.iter().filter(|a| a.path().is_ident("choice")) {
                    let parsed = attr.parse_args_with(|input: syn::parse::ParseStream<'_>| {
                        let word: LitStr = input.parse()?;
                        let mut other = None;
                        if input.parse::<Option<syn::Token![,]>>()?.is_some() {
                            let key: syn::Ident = input.parse()?;
                            if key != "tf" {
                                let why = attr::unknown_key(&key.to_string(), &["tf"]);
                                return Err(syn::Error::new_spanned(key, why));
                            }
                            input.parse::<syn::Token![=]>()?;
                            other = Some(input.parse::<LitStr>()?.value());
                        }
                        Ok((word.value(), other))
                    });
                    if let Some((word, other)) = errors.take(parsed) {
                        (wire, tf) = (word, other);
                    }
                }
                let tf = tf.unwrap_or_else(|| wire.clone());
                described.push(quote! {
                    ::xat_infra::schema::Variant { rust: #rust, wire: #wire, tf: #tf, doc: #doc }
                });
                arms.push(quote!(Self::#variant_ident => #wire));
            }
        }
        _ => errors.at(ident, "a choice is an enum"),
    }
    if doc.is_empty() {
        errors.at(ident, "a choice needs a doc comment");
    }
    errors.finish()?;
    let name = ident.to_string();
    Ok(quote! {
        impl #ident {
            /// The word for it in the REST body.
            #[must_use]
            pub const fn word(&self) -> &'static str {
                match self { #(#arms),* }
            }
        }

        #[diagnostic::do_not_recommend]
        impl ::xat_infra::schema::PropertyType for #ident {
            const KIND: &'static ::xat_infra::schema::Kind =
                &::xat_infra::schema::Kind::Choice(&::xat_infra::schema::ChoiceType {
                    rust: #name,
                    doc: #doc,
                    variants: &[#(#described),*],
                });

            fn into_value(self) -> ::xat_infra::value::Value {
                ::xat_infra::value::Value::literal(self.word())
            }

            fn rust(
                value: &::xat_infra::value::Value,
                _: &dyn ::xat_infra::schema::Variables,
            ) -> ::core::option::Option<::std::string::String> {
                ::xat_infra::schema::rust::choice(<Self as ::xat_infra::schema::PropertyType>::KIND, value)
            }
        }
    })
}
