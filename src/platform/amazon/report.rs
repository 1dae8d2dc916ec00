//! Amazon's search-term reports: the console's CSV, the bulksheet's search-term tab, reporting v3's JSON. Headings only;
//! [`platform::report`](crate::platform::report) reads.

use crate::domain::term::TermColumn::{
    AdGroup, AdGroupId, Campaign, CampaignId, Clicks, Currency, Date, From, Impressions, Orders, Sales, Spend,
    Term, To,
};
use crate::platform::report::ReportRules;

/// Headings: "Search term report" of the console's help and of the Amazon Ads API documentation (report type
/// `spSearchTerm`); "Bulksheets 2.0", search terms. Sellers' figures count 7 days, vendors' 14.
pub(super) static REPORT: ReportRules = ReportRules {
    title: "search-term report",
    headings: &[
        (Term, &["Customer Search Term", "searchTerm", "Search term", "query"]),
        (CampaignId, &["Campaign ID"]),
        (Campaign, &["Campaign Name", "Campaign"]),
        (AdGroupId, &["Ad Group ID"]),
        (AdGroup, &["Ad Group Name", "Ad group"]),
        (Date, &["Date"]),
        (From, &["Start Date"]),
        (To, &["End Date"]),
        (Impressions, &["Impressions"]),
        (Clicks, &["Clicks"]),
        (Spend, &["Spend", "cost", "Total cost"]),
        (
            Orders,
            &[
                "7 Day Total Orders",
                "14 Day Total Orders",
                "purchases7d",
                "purchases14d",
                "Orders",
                "Purchases",
            ],
        ),
        (Sales, &["7 Day Total Sales", "14 Day Total Sales", "sales7d", "sales14d", "Sales"]),
        (Currency, &["Currency", "campaignBudgetCurrencyCode", "Budget currency"]),
    ],
    // ASINs stay: they become product negatives.
    leaves_out: |_| None,
    currency: None,
};
