//! Identifiers. Native ids are unique on no platform by themselves: a key inside is always
//! (account identity, kind, level, native id). None of these types may be built from another.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use super::text::{Shown, shown};

/// Declares a native identifier: an opaque string as the platform wrote it.
macro_rules! native_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(CompactString);

        impl $name {
            /// Takes the id as the platform wrote it.
            pub fn new(raw: impl Into<CompactString>) -> Self {
                Self(raw.into())
            }

            /// The id as the platform wrote it: for requests, storage and comparison.
            pub fn raw(&self) -> &str {
                &self.0
            }

            /// The id as a terminal may show it.
            pub fn shown(&self) -> Shown<'_> {
                shown(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.shown())
            }
        }

        impl From<&str> for $name {
            fn from(raw: &str) -> Self {
                Self::new(raw)
            }
        }
    };
}

native_id!(
    /// A campaign's id on its platform.
    CampaignId
);
native_id!(
    /// An ad group's id on its platform.
    AdGroupId
);
native_id!(
    /// A negative's id on its platform.
    NegativeId
);
native_id!(
    /// A positive keyword's or target's id on its platform.
    KeywordId
);

/// A platform's name in commands, config and JSON: `amazon`, `ebay`, `sams`. Opaque to everything
/// but the platform registry; nothing outside it compares against a literal.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlatformId(CompactString);

impl PlatformId {
    /// Takes a registered platform's name.
    pub const fn from_static(name: &'static str) -> Self {
        Self(CompactString::const_new(name))
    }

    /// Takes a name read from storage.
    pub fn new(name: &str) -> Self {
        Self(CompactString::new(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for PlatformId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", shown(&self.0))
    }
}

impl std::fmt::Debug for PlatformId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PlatformId({})", shown(&self.0))
    }
}

/// Declares a time-ordered identifier that we make ourselves.
macro_rules! own_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// Wraps an id made by the shell, which alone reads time and randomness.
            pub const fn from_uuid(id: uuid::Uuid) -> Self {
                Self(id)
            }

            /// Reads the text form; `None` if it is no such id.
            pub fn parse(text: &str) -> Option<Self> {
                uuid::Uuid::try_parse(text).ok().map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    };
}

own_id!(
    /// A saved plan's id; spent before its first request goes out.
    PlanId
);
own_id!(
    /// An operation's id in the journal.
    OperationId
);
