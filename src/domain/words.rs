//! Declares the enums whose variants are words: in JSON, in the store and on the command line they read as they do in
//! the code, in snake case. What the words mean is said where they are declared.

/// Declares such an enum. Its order is that of its variants.
macro_rules! words {
    ($(#[$doc:meta])* pub enum $name:ident { $($variants:tt)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[derive(strum::Display, strum::EnumString, strum::EnumIter, strum::IntoStaticStr, strum::VariantArray)]
        #[serde(rename_all = "snake_case")]
        #[strum(serialize_all = "snake_case")]
        pub enum $name { $($variants)* }
    };
}

pub(super) use words;
