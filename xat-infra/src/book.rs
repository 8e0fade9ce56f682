//! The README's and the book's Rust, as documentation tests: what they show compiles and runs.

macro_rules! pages {
    ($($page:ident = $path:literal;)*) => {$(
        #[doc = include_str!($path)]
        pub struct $page;
    )*};
}

pages! {
    Readme = "../../README.md";
    Tutorial = "../../book/src/tutorial.md";
    Compose = "../../book/src/howto/compose.md";
    Google = "../../book/src/howto/google.md";
    References = "../../book/src/howto/references.md";
    Secrets = "../../book/src/howto/secrets.md";
    Protect = "../../book/src/howto/protect.md";
    Rename = "../../book/src/howto/rename.md";
    Raw = "../../book/src/howto/raw.md";
    Allow = "../../book/src/howto/allow.md";
    Deliver = "../../book/src/howto/deliver.md";
    Import = "../../book/src/howto/import.md";
    Template = "../../book/src/howto/template.md";
}
