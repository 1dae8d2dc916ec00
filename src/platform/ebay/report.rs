//! eBay's search query report: the report service's TSV and Seller Hub's CSV. Headings only;
//! [`platform::report`](crate::platform::report) reads.

use crate::domain::term::TermColumn::{
    AdGroup, AdGroupId, Campaign, CampaignId, Clicks, Currency, Date, From, Impressions, Orders, Sales, Spend,
    Term, To,
};
use crate::platform::report::ReportRules;

/// Keys: "Creating Promoted Listings reports" of the Marketing API (required fields of priority strategy reports); which
/// of them an account has is told by `getReportMetadataForReportType`. Amounts are those of the listing's site: the
/// payout currency's columns are the same money again.
pub(super) static REPORT: ReportRules = ReportRules {
    title: "search query report",
    headings: &[
        (Term, &["search_query", "seller_search_query", "Search query", "Search term", "query"]),
        (CampaignId, &["campaign_id"]),
        (Campaign, &["campaign_name", "Campaign"]),
        (AdGroupId, &["ad_group_id"]),
        (AdGroup, &["ad_group_name", "Ad group"]),
        (Date, &["day", "date"]),
        (From, &["start_date", "from"]),
        (To, &["end_date", "to"]),
        (Impressions, &["cpc_impressions", "impressions"]),
        (Clicks, &["cpc_clicks", "clicks"]),
        (Spend, &["cpc_ad_fees_listingsite_currency", "cpc_ad_fees", "ad_fees", "cost", "spend"]),
        (
            Orders,
            &[
                "cpc_attributed_sales",
                "cpc_quantity_sold",
                "quantity_sold",
                "sold_quantity",
                "Attributed sales",
                "orders",
                "sold",
            ],
        ),
        (
            Sales,
            &[
                "cpc_sale_amount_listingsite_currency",
                "cpc_sale_amount",
                "sale_amount",
                "sales_amount",
                "Total sales",
                "sales",
            ],
        ),
        (Currency, &["currency", "listingsite_currency"]),
    ],
    leaves_out: |_| None,
    currency: None,
};
