//! What a platform allows and how it matches, as data. Each platform's `rules.rs` holds its own; the
//! matcher, the forms, the planner and the README's tables read it and name no platform.
//!
//! A figure that no official page prints is a [`Fact`] with certainty [`Certainty::Guessed`] and its
//! source beside it, so that a correction is one line.

use super::negative::{Kind, Level, MatchType, State};
use super::text::Text;

/// How sure a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// An official document prints it for this very thing.
    Documented,
    /// Inferred from a sibling or a third party.
    Guessed,
}

/// A figure about a platform, with where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact<T> {
    /// The figure.
    pub value: T,
    /// How sure it is.
    pub certainty: Certainty,
    /// The public page or operation that says so, or why it is guessed.
    pub source: &'static str,
}

impl<T> Fact<T> {
    /// A figure that an official document prints.
    pub const fn documented(value: T, source: &'static str) -> Self {
        Self { value, certainty: Certainty::Documented, source }
    }

    /// A figure that had to be inferred.
    pub const fn guessed(value: T, source: &'static str) -> Self {
        Self { value, certainty: Certainty::Guessed, source }
    }
}

/// One sort of negative that a platform has.
#[derive(Clone, Copy, Debug)]
pub struct KindRule {
    /// What it names.
    pub kind: Kind,
    /// Where it is attached.
    pub level: Level,
    /// Its match types; empty for products and brands.
    pub matches: &'static [MatchType],
    /// The states it can be made in.
    pub makes: &'static [State],
    /// The moves between states that the platform takes. Archived is final wherever it exists.
    pub moves: &'static [(State, State)],
    /// Said beside the form and in the plan when one is added; empty for nothing.
    pub adding: &'static str,
    /// Said when one is paused, or added paused; empty for nothing.
    pub pausing: &'static str,
}

/// What a keyword's text may be.
#[derive(Clone, Copy, Debug)]
pub struct TextRule {
    /// Most characters.
    pub most_chars: Fact<usize>,
    /// Most words of an exact negative.
    pub most_words_exact: Option<Fact<usize>>,
    /// Most words of a phrase negative.
    pub most_words_phrase: Option<Fact<usize>>,
    /// Characters that are refused.
    pub refused: &'static [char],
    /// Whether a character outside the documented set is worth a word of warning; the platform decides.
    pub doubtful: fn(char) -> bool,
}

/// How many negatives one parent may hold.
#[derive(Clone, Copy, Debug)]
pub struct CapRule {
    /// Most negatives of one ad group.
    pub per_ad_group: Option<Fact<usize>>,
    /// Most negatives of one campaign.
    pub per_campaign: Option<Fact<usize>>,
    /// Whether switched-off ones count.
    pub paused_count: bool,
}

/// What "remove" means on a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// It is archived, for good.
    Archive,
    /// It is switched off and stays in the list.
    SwitchOff,
}

/// What a platform allows.
#[derive(Clone, Copy, Debug)]
pub struct Capabilities {
    /// The platform's name as people write it: `Amazon`, `eBay`, `Sam's Club`.
    pub title: &'static str,
    /// Every sort of negative it has.
    pub kinds: &'static [KindRule],
    /// The platform's own word for each state that a negative of ours can be in, as its lists print it.
    pub state_words: &'static [(State, &'static str)],
    /// What a keyword's text may be.
    pub text: TextRule,
    /// How many negatives a parent may hold.
    pub cap: CapRule,
    /// Most new negatives in one call.
    pub most_per_create: Fact<usize>,
    /// Most changes of state in one call.
    pub most_per_update: Fact<usize>,
    /// What "remove" means.
    pub removal: Removal,
    /// Whether a switched-off twin stands in the way of a new one (adding such a text switches the old one on).
    pub paused_twin_blocks: bool,
    /// Words that the platform may leave out when it compares; used for `may-block` only.
    pub stop_words: &'static [&'static str],
    /// The sorts of campaigns, in the platform's own words, in which negatives have no effect.
    pub inert_campaigns: &'static [&'static str],
    /// How long a change may take to act, in words; empty where no page says.
    pub acts_within: &'static str,
    /// How many of the newest days of a search-term report may still lack orders: their spend counts, their silence
    /// does not.
    pub late_orders_days: Fact<u16>,
    /// For how many days after it a day's figures are still revised: what was fetched later than that need not be
    /// fetched again.
    pub revised_days: Fact<u16>,
}

impl Capabilities {
    /// The rule for one sort of negative; `None` where the platform has no such thing.
    pub fn kind(&self, kind: Kind, level: Level) -> Option<&KindRule> {
        self.kinds.iter().find(|rule| rule.kind == kind && rule.level == level)
    }

    /// Whether negatives can be attached to campaigns.
    pub fn has_level(&self, level: Level) -> bool {
        self.kinds.iter().any(|rule| rule.level == level)
    }

    /// Whether the platform has such negatives at any level.
    pub fn has_kind(&self, kind: Kind) -> bool {
        self.kinds.iter().any(|rule| rule.kind == kind)
    }

    /// Whether keywords can match so at any level.
    pub fn has_match(&self, match_type: MatchType) -> bool {
        self.kinds.iter().any(|rule| rule.kind == Kind::Keyword && rule.matches.contains(&match_type))
    }

    /// The platform's own word for a state; empty where it has no such state.
    pub fn state_word(&self, state: State) -> &'static str {
        self.state_words.iter().find(|(ours, _)| *ours == state).map_or("", |(_, word)| word)
    }

    /// Whether negatives have no effect in campaigns of this sort, in the platform's own word.
    pub fn is_inert(&self, campaign_type: &str) -> bool {
        self.inert_campaigns.iter().any(|inert| inert.eq_ignore_ascii_case(campaign_type))
    }

    /// The state that "remove" leads to.
    pub fn removed_state(&self) -> State {
        match self.removal {
            Removal::Archive => State::Archived,
            Removal::SwitchOff => State::Paused,
        }
    }
}

/// Whether a text has the shape of an ASIN: ten characters, upper-case letters and digits.
///
/// ```
/// use unbid::domain::{capabilities::is_asin, text::Text};
/// assert!(is_asin(&Text::new("B07YT8NVF9")));
/// assert!(!is_asin(&Text::new("b07yt8nvf9")));
/// ```
pub fn is_asin(text: &Text) -> bool {
    let raw = text.raw().as_bytes();
    raw.len() == 10 && raw.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}
