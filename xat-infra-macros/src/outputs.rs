//! The outputs of a type: what its handle offers, and their descriptions.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Type};

use crate::attr;
use crate::resource_attr::ResourceAttr;

/// The struct behind a handle, with a method for each output.
pub(crate) fn handle(ident: &Ident, said: &ResourceAttr) -> TokenStream {
    let name = format_ident!("{ident}Outputs");
    let doc = format!("What a [`{ident}`] gives to other resources.");
    let specs = said.outputs.iter().map(|o| &o.tokens);
    let methods = said.outputs.iter().enumerate().map(|(i, output)| {
        let (method, doc): (_, &str) = (&output.ident, &output.doc);
        let ty: &Type = &output.ty;
        if attr::generic(ty, "Secret").is_some() {
            return quote! {
                #[doc = #doc]
                pub fn #method(&self) -> ::xat_infra::value::Secret {
                    ::xat_infra::value::Secret::of_output(self.node, &Self::SPECS[#i])
                }
            };
        }
        quote! {
            #[doc = #doc]
            pub fn #method(&self) -> ::xat_infra::dsl::Output<#ty> {
                ::xat_infra::dsl::Output::new(self.node, &Self::SPECS[#i])
            }
        }
    });
    quote! {
        #[doc = #doc]
        #[derive(Clone, Copy)]
        pub struct #name {
            #[allow(dead_code, reason = "a type may have no outputs of its own")]
            node: ::xat_infra::value::NodeRef,
        }

        impl ::core::convert::From<::xat_infra::value::NodeRef> for #name {
            fn from(node: ::xat_infra::value::NodeRef) -> Self {
                Self { node }
            }
        }

        impl #name {
            /// The outputs' descriptions, in declaration order.
            pub const SPECS: &'static [::xat_infra::schema::OutputSpec] = &[#(#specs),*];
            #(#methods)*
        }
    }
}
