//! What a filter can ask of a row: the fields by name, and what a row answers. A new list implements [`Fielded`];
//! nothing here knows which lists there are.

use std::borrow::Cow;

use strum::{EnumString, IntoStaticStr, VariantArray};

/// A field that a filter can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case", ascii_case_insensitive)]
pub enum Field {
    /// The text of a negative or keyword, or a search term.
    #[strum(serialize = "term", to_string = "text")]
    Text,
    /// `exact`, `phrase` or `none`.
    Match,
    /// `enabled` (idle ones among them), `live`, `idle`, `paused`, `archived`.
    State,
    /// `keyword`, `product` (or `asin`), `brand`.
    Kind,
    /// `campaign`, `ad_group` (or `group`).
    Level,
    /// A campaign's name or id.
    Campaign,
    /// An ad group's name or id.
    #[strum(serialize = "ad_group", to_string = "group")]
    Group,
    /// An account's name.
    Account,
    /// A platform's id.
    Platform,
    /// A native id.
    Id,
    /// The platform's own word for the state.
    Native,
    /// The day since when it is there: `since:2026-10`, `since>=2026-10-15`.
    Since,
    /// `yes`, `no`, `add`, `set-state`, `remove`.
    Staged,
    /// How often an ad was shown.
    Impressions,
    /// How often it was clicked.
    Clicks,
    /// What that cost, in units of the account's currency.
    #[strum(serialize = "cost", to_string = "spend")]
    Spend,
    /// How many orders came of it.
    Orders,
    /// What they were worth.
    Sales,
    /// Whether a search term is blocked: `yes`, `no`, `maybe`, `staged`.
    Blocked,
    /// Whether nobody has looked at it yet: `yes`, `no`.
    New,
    /// Whether its orders must have come by now: `yes`, `no`.
    Settled,
}

impl Field {
    /// Whether it is a figure.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Impressions | Self::Clicks | Self::Spend | Self::Orders | Self::Sales)
    }

    /// The words it can have; empty where it is free text, a figure or a day.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Self::Match => &["exact", "phrase", "none"],
            Self::State => &["enabled", "live", "idle", "paused", "archived"],
            Self::Kind => &["keyword", "product", "asin", "brand"],
            Self::Level => &["campaign", "ad_group", "group"],
            Self::Blocked => &["yes", "no", "maybe", "staged"],
            Self::New | Self::Settled => &["yes", "no"],
            Self::Staged => &["yes", "no", "add", "set-state", "remove"],
            _ => &[],
        }
    }
}

/// What a row has in a field. Texts are lower-cased, character by character.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Nothing. No word hits it; no figure or day holds of it, nor does the opposite.
    Absent,
    /// Text that a value may stand anywhere in.
    Text(Cow<'a, str>),
    /// Text that a value may stand anywhere in, and an id that a value may equal.
    Named(&'a str, Cow<'a, str>),
    /// Words of which one begins with the value.
    Words(&'static [&'static str]),
    /// A figure.
    Number(f64),
    /// A day, as `2026-10-01`.
    Day(String),
}

/// Something that can be filtered.
pub trait Fielded {
    /// Shows each lower-cased text that a bare word looks at, until one is accepted; tells whether one was.
    fn texts(&self, accept: &mut dyn FnMut(&str) -> bool) -> bool;

    /// What it has in a field.
    fn value(&self, field: Field) -> Value<'_>;
}
