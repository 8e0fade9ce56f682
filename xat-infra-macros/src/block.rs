//! `#[derive(Block)]`: a nested block of properties.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields};

use crate::errors::Errors;
use crate::property::PropDef;
use crate::{attr, setter};

pub(crate) fn derive(input: &DeriveInput) -> syn::Result<TokenStream> {
    let mut errors = Errors::default();
    let ident = &input.ident;
    let doc = attr::doc(&input.attrs);
    if doc.is_empty() {
        errors.at(ident, "a block needs a doc comment");
    }
    let (mut private_new, mut import) = (false, None);
    for attr in input.attrs.iter().filter(|a| a.path().is_ident("block")) {
        let parsed = attr.parse_nested_meta(|meta| {
            if meta.path.is_ident("private_new") {
                private_new = true;
                return Ok(());
            }
            if meta.path.is_ident("import") {
                import = Some(attr::expr(&meta)?);
                return Ok(());
            }
            attr::skip_unknown(&meta, &["private_new", "import"], &mut errors)
        });
        errors.take(parsed);
    }
    let props: Vec<PropDef> = match &input.data {
        Data::Struct(data) if matches!(data.fields, Fields::Named(_)) => data
            .fields
            .iter()
            .filter_map(|field| PropDef::parse(field, false, &mut errors))
            .collect(),
        _ => {
            errors.at(ident, "a block is a struct with named fields");
            Vec::new()
        }
    };
    errors.finish()?;

    let described = props.iter().map(PropDef::tokens);
    let (args, inits) = setter::constructor(&props);
    let setters =
        props.iter().map(|prop| setter::setters(prop, &TokenStream::new(), &TokenStream::new()));
    let declared = props.iter().enumerate().map(|(i, prop)| {
        let field = &prop.ident;
        let i = u16::try_from(i).unwrap_or(u16::MAX);
        let value = prop.value_tokens(&quote!(value));
        let set = quote!(fields.set(#i, #value, ::core::option::Option::None););
        if prop.optional {
            quote!(if let ::core::option::Option::Some(value) = self.#field { #set })
        } else {
            quote!({ let value = self.#field; #set })
        }
    });
    let name = ident.to_string();
    let import = attr::option(import.as_ref());
    let visibility = if private_new { quote!(pub(crate)) } else { quote!(pub) };
    let new_doc =
        format!("A {} with what it cannot do without; the rest by setters.", attr::words(&name));
    Ok(quote! {
        impl #ident {
            #[doc = #new_doc]
            #[must_use]
            #[allow(clippy::too_many_arguments, reason = "required properties are arguments, however many")]
            #visibility fn new(#(#args),*) -> Self {
                Self { #(#inits),* }
            }
            #(#setters)*
        }

        #[diagnostic::do_not_recommend]
        impl ::xat_infra::schema::PropertyType for #ident {
            const KIND: &'static ::xat_infra::schema::Kind =
                &::xat_infra::schema::Kind::Block(&::xat_infra::schema::BlockType {
                    rust: #name,
                    doc: #doc,
                    props: &[#(#described),*],
                    private_new: #private_new,
                    import: #import,
                });

            fn rust(
                value: &::xat_infra::value::Value,
                variables: &dyn ::xat_infra::schema::Variables,
            ) -> ::core::option::Option<::std::string::String> {
                ::xat_infra::schema::block(<Self as ::xat_infra::schema::PropertyType>::KIND.block()?, value, variables)
            }

            fn into_value(self) -> ::xat_infra::value::Value {
                let mut fields = ::xat_infra::value::Fields::new();
                #(#declared)*
                ::xat_infra::value::Value::Block(fields)
            }
        }
    })
}
