//! What a column of a search-term report can tell: the names under which a configuration maps headings.

use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// A column of a search-term report, whatever its heading.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Display, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum TermColumn {
    /// The search term.
    Term,
    /// The campaign's name.
    Campaign,
    /// The campaign's id.
    CampaignId,
    /// The ad group's name.
    AdGroup,
    /// The ad group's id.
    AdGroupId,
    /// The day, where each has a row of its own.
    Date,
    /// The first day of a row.
    From,
    /// The last day of a row.
    To,
    /// How often an ad was shown.
    Impressions,
    /// How often it was clicked.
    Clicks,
    /// What that cost.
    Spend,
    /// How many orders came of it.
    Orders,
    /// What they were worth.
    Sales,
    /// The currency's code.
    Currency,
}

impl TermColumn {
    /// What it is, for errors: `the search term`, `clicks`.
    pub fn says(self) -> &'static str {
        match self {
            Self::Term => "the search term",
            Self::Campaign => "the campaign's name",
            Self::CampaignId => "the campaign's id",
            Self::AdGroup => "the ad group's name",
            Self::AdGroupId => "the ad group's id",
            Self::Date => "the day",
            Self::From => "the first day",
            Self::To => "the last day",
            Self::Impressions => "impressions",
            Self::Clicks => "clicks",
            Self::Spend => "spend",
            Self::Orders => "orders",
            Self::Sales => "sales",
            Self::Currency => "the currency",
        }
    }
}
