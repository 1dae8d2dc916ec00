//! Sam's Club's keyword report. Headings, and what in it is no search term; [`platform::report`](crate::platform::report)
//! reads.

use crate::domain::term::TermColumn::{
    AdGroup, AdGroupId, Campaign, CampaignId, Clicks, Currency, Date, From, Impressions, Orders, Sales, Spend,
    Term, To,
};
use crate::platform::report::ReportRules;

/// Elements: "Eligible Metrics and Dimensions by Report Type" and "Definition of Various Parameters Generated Across the
/// Snapshot Reports" of the sibling Walmart Connect API; the pages of Sam's Club print no heading for the searched word.
/// Orders are those within 14 days of the click, as far as the report has them.
pub(super) static REPORT: ReportRules = ReportRules {
    title: "keyword report",
    headings: &[
        (Term, &["searchedKeyword", "searchedKeywords", "Searched Keyword", "searchTerm", "Search term"]),
        (CampaignId, &["campaignId"]),
        (Campaign, &["campaignName", "campaign"]),
        (AdGroupId, &["adGroupId"]),
        (AdGroup, &["adGroupName", "adGroup"]),
        (Date, &["date", "reportDate"]),
        (From, &["startDate"]),
        (To, &["endDate"]),
        (Impressions, &["numAdsShown", "impressions"]),
        (Clicks, &["numAdsClicks", "clicks"]),
        (Spend, &["adSpend", "spend"]),
        (
            Orders,
            &[
                "attributedOrders14days",
                "attributedOrders3days",
                "attributedOrders30days",
                "attributedOrders",
                "orders",
            ],
        ),
        (
            Sales,
            &[
                "attributedSales14days",
                "attributedSales3days",
                "attributedSales30days",
                "attributedSales",
                "sales",
            ],
        ),
        (Currency, &["currency"]),
    ],
    leaves_out,
    // Sam's Club sells in the United States only.
    currency: Some("USD"),
};

/// A number alone is the item on whose page the ad stood, not a search ("Definitions of retrievable snapshot reports").
fn leaves_out(term: &str) -> Option<&'static str> {
    term.bytes().all(|b| b.is_ascii_digit()).then_some("an item's id, not a search")
}
