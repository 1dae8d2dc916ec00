//! What a platform holds: accounts, campaigns, ad groups, positives, negatives, search-term rows, brands.
//! States and types are the platform's own words; what they mean in common terms is told in `control/words.rs` only.

use compact_str::CompactString;
use jiff::civil::Date;
use serde::Serialize;

use super::platform::Platform;

/// One Amazon profile, one eBay marketplace of the seller, one Sam's advertiser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Profile id, marketplace id (`EBAY_US`) or advertiser id, as text.
    pub key: String,
    /// The name that the written config file gives it.
    pub name: String,
    /// The business behind it, as the platform shows it.
    pub business: String,
    /// `seller` or `vendor` on Amazon, else empty.
    pub kind: &'static str,
    /// Two letters.
    pub country: &'static str,
    /// Three letters.
    pub currency: &'static str,
    /// IANA name.
    pub timezone: &'static str,
    /// Amazon's `marketplaceStringId`, else empty.
    pub marketplace: &'static str,
    /// Amazon's `accountInfo.id` (merchant id or `ENTITY…`), else empty.
    pub entity: String,
    /// Its campaigns in the order of their ids.
    pub campaigns: Vec<u64>,
    /// Its negatives per pool, in the order of their ids.
    pub negatives: [Vec<u64>; Pool::COUNT],
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// Native id.
    pub id: u64,
    /// Index into [`super::realm::Realm::accounts`].
    pub account: usize,
    /// Unique in its account.
    pub name: String,
    /// Amazon `ENABLED`…, eBay `RUNNING`…, Sam's `live`….
    pub state: CompactString,
    /// Amazon `MANUAL`/`AUTO`, eBay `MANUAL`/`SMART` (empty for cost per sale), Sam's `manual`/`auto`.
    pub targeting: CompactString,
    /// eBay's funding model `COST_PER_CLICK`/`COST_PER_SALE`, Sam's campaign type `sponsoredProducts`/`sba`, else empty.
    pub kind: CompactString,
    /// eBay's `ON_SITE`/`OFF_SITE`, else empty.
    pub channel: CompactString,
    /// First day.
    pub start: Date,
    /// Last day; none is open-ended.
    pub end: Option<Date>,
    /// Daily budget in cents of the account's currency.
    pub budget_cents: u32,
    /// Its ad groups in the order of their ids.
    pub ad_groups: Vec<u64>,
    /// Its own (campaign level) negatives: keywords and targets.
    pub negatives: [Shelf; 2],
}

/// An ad group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdGroup {
    /// Native id.
    pub id: u64,
    /// Native id of its campaign.
    pub campaign_id: u64,
    /// Unique in its account.
    pub name: String,
    /// Amazon `ENABLED`…, eBay `ACTIVE`…, Sam's `enabled`….
    pub state: CompactString,
    /// Default bid in cents.
    pub bid_cents: u32,
    /// Positive keywords in the order of their ids.
    pub keywords: Vec<u64>,
    /// Positive targeting clauses in the order of their ids (Amazon).
    pub targets: Vec<u64>,
    /// Its own negatives: keywords and targets.
    pub negatives: [Shelf; 2],
}

/// The negatives of one kind that one parent holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shelf {
    /// Native ids, ascending.
    pub ids: Vec<u64>,
    /// How many of them are not archived: what counts against a cap.
    pub unarchived: u32,
}

/// How a keyword matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Match {
    /// Broad, positives only.
    Broad,
    /// Phrase.
    Phrase,
    /// Exact.
    Exact,
}

/// A positive keyword.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyword {
    /// Native id.
    pub id: u64,
    /// Native id of its campaign.
    pub campaign_id: u64,
    /// Native id of its ad group.
    pub ad_group_id: u64,
    /// As typed.
    pub text: CompactString,
    /// Match type.
    pub matching: Match,
    /// The platform's word.
    pub state: CompactString,
    /// Bid in cents.
    pub bid_cents: u32,
}

/// A positive targeting clause (Amazon only).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Native id.
    pub id: u64,
    /// Native id of its campaign.
    pub campaign_id: u64,
    /// Native id of its ad group.
    pub ad_group_id: u64,
    /// Predicate, such as `ASIN_SAME_AS` or `QUERY_HIGH_REL_MATCHES`.
    pub predicate: &'static str,
    /// The predicate's value; empty for automatic ones.
    pub value: CompactString,
    /// The platform's word.
    pub state: CompactString,
    /// Bid in cents.
    pub bid_cents: u32,
}

/// What a negative names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NegativeKind {
    /// Words.
    Keyword,
    /// An ASIN.
    Product,
    /// A brand id.
    Brand,
}

/// Which of the (up to) four lists of negatives: each has its own id counter, as Amazon has one resource for each.
/// eBay and Sam's only use [`Pool::GroupKeyword`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pool {
    /// Keywords at ad groups.
    GroupKeyword,
    /// Keywords at campaigns.
    CampaignKeyword,
    /// Products and brands at ad groups.
    GroupTarget,
    /// Products and brands at campaigns.
    CampaignTarget,
}

impl Pool {
    /// How many there are.
    pub const COUNT: usize = 4;
    /// All, in order.
    pub const ALL: [Self; Self::COUNT] =
        [Self::GroupKeyword, Self::CampaignKeyword, Self::GroupTarget, Self::CampaignTarget];

    /// Place of the pool in arrays by pool.
    pub fn index(self) -> usize {
        self as usize
    }

    /// Place of its shelf at a parent: 0 keywords, 1 targets.
    pub fn shelf(self) -> usize {
        usize::from(matches!(self, Self::GroupTarget | Self::CampaignTarget))
    }

    /// Whether its negatives hang on campaigns.
    pub fn is_campaign_level(self) -> bool {
        matches!(self, Self::CampaignKeyword | Self::CampaignTarget)
    }

    /// The pool of a kind at a level.
    pub fn of(kind: NegativeKind, campaign_level: bool) -> Self {
        match (kind, campaign_level) {
            (NegativeKind::Keyword, false) => Self::GroupKeyword,
            (NegativeKind::Keyword, true) => Self::CampaignKeyword,
            (_, false) => Self::GroupTarget,
            (_, true) => Self::CampaignTarget,
        }
    }
}

/// A negative, at an ad group or (without one) at a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Negative {
    /// Native id, unique in its pool.
    pub id: u64,
    /// Native id of its campaign.
    pub campaign_id: u64,
    /// Native id of its ad group; none at campaign level.
    pub ad_group_id: Option<u64>,
    /// Keyword, product or brand.
    pub kind: NegativeKind,
    /// Match type of a keyword; none for products and brands.
    pub matching: Option<Match>,
    /// Words, ASIN or brand id, as stored.
    pub text: CompactString,
    /// The platform's word.
    pub state: CompactString,
    /// When it was made, in seconds since 1970 of the world's own calendar.
    pub created: i64,
    /// When it was last changed, in the same calendar.
    pub updated: i64,
    /// The request that made it; 0 for one that the world began with or that was put there by `POST /mutate`.
    pub created_by: u32,
    /// An older one of the same scope, kind, match type and folded text.
    pub(super) older_twin: u64,
}

impl Negative {
    /// The list it is in.
    pub fn pool(&self) -> Pool {
        Pool::of(self.kind, self.ad_group_id.is_none())
    }

    /// Whether it is archived (final; no twin, no cap).
    pub fn is_archived(&self) -> bool {
        is_archived(&self.state)
    }
}

/// Whether a native state word means archived. Sam's has none such.
pub fn is_archived(state: &str) -> bool {
    matches!(state, "ARCHIVED" | "USER_DELETED")
}

/// A row of the search-term report: one term of one ad group on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Native id of the campaign.
    pub campaign_id: u64,
    /// Native id of the ad group.
    pub ad_group_id: u64,
    /// What the shopper typed.
    pub text: CompactString,
    /// The day, counted back from today.
    pub days_ago: u16,
    /// How often the ad was shown.
    pub impressions: u32,
    /// Clicks.
    pub clicks: u32,
    /// Orders.
    pub orders: u32,
    /// Spend in cents.
    pub spend_cents: u32,
    /// Sales in cents.
    pub sales_cents: u32,
}

/// A brand that product negatives can name (Amazon).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brand {
    /// Brand id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A mistake that the world was built with, and the audit rule that should find it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Planted {
    /// Rule id, such as `conflict-full`.
    pub rule: &'static str,
    /// Where.
    pub platform: Platform,
    /// The account's name in the written config file.
    pub account: String,
    /// Native id of the campaign.
    pub campaign_id: String,
    /// Native id of the ad group; none for what concerns the campaign.
    pub ad_group_id: Option<String>,
    /// Native ids of the negatives concerned.
    pub negatives: Vec<String>,
    /// Native ids of the positive keywords or targets concerned.
    pub keywords: Vec<String>,
    /// Search terms concerned, each once.
    pub terms: Vec<String>,
    /// The text or ASIN it is about.
    pub text: String,
}

/// Folds a text the way duplicates are looked for: case aside, outer white space off, runs of it as one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        for letter in word.chars() {
            folded.extend(letter.to_lowercase());
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fold_ignores_case_and_spacing_only() {
        assert_eq!(fold("  Free   SHIPPING "), "free shipping");
        assert_ne!(fold("soda-pop"), fold("soda pop"));
    }

    #[test]
    fn each_kind_and_level_has_its_own_pool() {
        assert_eq!(Pool::of(NegativeKind::Brand, true), Pool::CampaignTarget);
        for (place, pool) in Pool::ALL.into_iter().enumerate() {
            assert_eq!(pool.index(), place);
        }
    }
}
