//! Which keys of the search query report mean what. The specification names none ("Call getReportMetadata"), so that they
//! are told by their names and types; what is asked for and how a file is read follow from the same choice.

use serde_json::{Value, json};

use super::wire::ReportMetadata;
use crate::domain::term::{TermColumn, TermPeriod};
use crate::platform::report::ColumnMap;

/// The keys that are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Keys {
    campaign: String,
    ad_group: String,
    query: String,
    /// Without it, a row stands for all days of its report.
    day: Option<String>,
    /// Dimensions that eBay insists on and that nothing is made of.
    others: Vec<String>,
    impressions: String,
    clicks: String,
    orders: String,
    spend: String,
    sales: String,
}

/// The first of these names that is there.
fn named(names: &[&str], wanted: &[&str], what: &'static str) -> Result<String, &'static str> {
    let known = wanted.iter().find(|one| names.contains(one));
    known.map(|one| (*one).to_owned()).ok_or(what)
}

impl Keys {
    /// Chooses among what the metadata have. An error is what is missing.
    pub(super) fn of(metadata: &ReportMetadata) -> Result<Self, &'static str> {
        let dimensions: Vec<&str> =
            metadata.dimension_metadata.iter().map(|one| one.dimension_key.as_str()).collect();
        let metrics: Vec<&str> = metadata.metric_metadata.iter().map(|one| one.metric_key.as_str()).collect();
        let dated = metadata.dimension_metadata.iter().find(|one| one.data_type.as_deref() == Some("DATE"));
        let day = named(&dimensions, &["day", "date"], "day").ok();
        // "The maximum number of dimensions that can be requested": campaign, ad group and query come first.
        let room = metadata.max_number_of_dimensions_to_request.is_none_or(|most| most > 3);
        // Figures of the listing site's currency: the campaign's, and the same for all rows. The payout currency's are
        // the same money once more. Orders are told as a count, `sales` in cost-per-sale reports being one too.
        Ok(Self {
            campaign: named(&dimensions, &["campaign_id"], "the campaign")?,
            ad_group: named(&dimensions, &["ad_group_id"], "the ad group")?,
            query: named(&dimensions, &["search_query", "query", "search_term"], "the search query")?,
            day: day.or_else(|| dated.map(|one| one.dimension_key.clone())).filter(|_| room),
            others: Vec::new(),
            impressions: named(&metrics, &["cpc_impressions", "impressions"], "impressions")?,
            clicks: named(&metrics, &["cpc_clicks", "clicks"], "clicks")?,
            orders: named(
                &metrics,
                &["cpc_attributed_sales", "attributed_sales", "cpc_quantity_sold", "quantity_sold", "sales"],
                "the number of sales",
            )?,
            spend: named(
                &metrics,
                &["cpc_ad_fees_listingsite_currency", "cpc_ad_fees", "ad_fees", "cost"],
                "the ad fees",
            )?,
            sales: named(
                &metrics,
                &["cpc_sale_amount_listingsite_currency", "cpc_sale_amount", "sale_amount"],
                "the amount of sales",
            )?,
        })
    }

    /// The keys that eBay's guide "Promoted Listings reporting" names for reports of the priority strategy.
    pub(super) fn documented() -> Self {
        Self {
            campaign: "campaign_id".to_owned(),
            ad_group: "ad_group_id".to_owned(),
            query: "search_query".to_owned(),
            day: None,
            others: Vec::new(),
            impressions: "cpc_impressions".to_owned(),
            clicks: "cpc_clicks".to_owned(),
            orders: "cpc_attributed_sales".to_owned(),
            spend: "cpc_ad_fees_listingsite_currency".to_owned(),
            sales: "cpc_sale_amount_listingsite_currency".to_owned(),
        }
    }

    /// Adds dimensions that eBay insists on; whether any is new.
    pub(super) fn also<'k>(&mut self, keys: impl Iterator<Item = &'k str>) -> bool {
        let mut new = false;
        for key in keys.filter(|key| !key.is_empty()) {
            if !self.dimensions().any(|known| known == key) {
                self.others.push(key.to_owned());
                new = true;
            }
        }
        new
    }

    fn dimensions(&self) -> impl Iterator<Item = &str> {
        [&self.campaign, &self.ad_group, &self.query]
            .into_iter()
            .chain(&self.day)
            .chain(&self.others)
            .map(String::as_str)
    }

    /// The body of createReportTask. Days are whole, in UTC, as the specification's times are; `COST_PER_SALE` would be
    /// the default. Without `campaignIds` one task is about all campaigns: "leave this request field blank to retrieve the
    /// details for all campaigns associated with your account".
    pub(super) fn body(&self, marketplace: &str, days: TermPeriod) -> Value {
        let dimensions: Vec<Value> = self.dimensions().map(|key| json!({ "dimensionKey": key })).collect();
        json!({
            "reportType": "SEARCH_QUERY_PERFORMANCE_REPORT",
            "reportFormat": "TSV_GZIP",
            "marketplaceId": marketplace,
            "dateFrom": format!("{}T00:00:00.000Z", days.from),
            "dateTo": format!("{}T23:59:59.000Z", days.to),
            "fundingModels": ["COST_PER_CLICK"],
            "channels": ["ON_SITE"],
            "dimensions": dimensions,
            "metricKeys": [self.impressions, self.clicks, self.orders, self.spend, self.sales],
        })
    }

    /// Under which heading each column of the file is.
    pub(super) fn columns(&self) -> ColumnMap {
        let mut columns = ColumnMap::from([
            (TermColumn::CampaignId, self.campaign.clone()),
            (TermColumn::AdGroupId, self.ad_group.clone()),
            (TermColumn::Term, self.query.clone()),
            (TermColumn::Impressions, self.impressions.clone()),
            (TermColumn::Clicks, self.clicks.clone()),
            (TermColumn::Orders, self.orders.clone()),
            (TermColumn::Spend, self.spend.clone()),
            (TermColumn::Sales, self.sales.clone()),
        ]);
        if let Some(day) = &self.day {
            columns.insert(TermColumn::Date, day.clone());
        }
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(dimensions: &[(&str, &str)], metrics: &[&str]) -> ReportMetadata {
        let dimensions: Vec<Value> =
            dimensions.iter().map(|(key, kind)| json!({"dimensionKey": key, "dataType": kind})).collect();
        let metrics: Vec<Value> = metrics.iter().map(|key| json!({ "metricKey": key })).collect();
        serde_json::from_value(json!({"dimensionMetadata": dimensions, "metricMetadata": metrics})).unwrap()
    }

    const METRICS: [&str; 6] = [
        "cpc_impressions",
        "cpc_clicks",
        "cpc_ctr",
        "cpc_attributed_sales",
        "cpc_ad_fees_listingsite_currency",
        "cpc_sale_amount_listingsite_currency",
    ];

    #[test]
    fn a_day_is_asked_for_where_there_is_one() {
        let base = [("campaign_id", "STRING"), ("ad_group_id", "STRING"), ("search_query", "STRING")];
        let daily: Vec<_> = base.into_iter().chain([("report_day", "DATE")]).collect();
        let keys = Keys::of(&metadata(&daily, &METRICS)).unwrap();
        assert_eq!(keys.columns()[&TermColumn::Date], "report_day");
        let without = Keys::of(&metadata(&base, &METRICS)).unwrap();
        assert_eq!(without, Keys::documented());
        assert!(!without.columns().contains_key(&TermColumn::Date));
    }

    #[test]
    fn a_day_gives_way_where_only_three_dimensions_may_be_asked_for() {
        let mut metadata = metadata(
            &[
                ("campaign_id", "STRING"),
                ("ad_group_id", "STRING"),
                ("search_query", "STRING"),
                ("day", "DATE"),
            ],
            &METRICS,
        );
        metadata.max_number_of_dimensions_to_request = Some(3);
        assert_eq!(Keys::of(&metadata).unwrap(), Keys::documented());
        metadata.max_number_of_dimensions_to_request = Some(4);
        assert_ne!(Keys::of(&metadata).unwrap(), Keys::documented());
    }

    #[test]
    fn what_is_missing_is_named() {
        let base = [("campaign_id", "STRING"), ("ad_group_id", "STRING")];
        assert_eq!(Keys::of(&metadata(&base, &METRICS)), Err("the search query"));
        let all = [base[0], base[1], ("search_query", "STRING")];
        assert_eq!(Keys::of(&metadata(&all, &METRICS[..3])), Err("the number of sales"));
    }

    #[test]
    fn dimensions_that_ebay_insists_on_are_added_once() {
        let mut keys = Keys::documented();
        assert!(keys.also(["campaign_id", "", "seller_keyword_id"].into_iter()));
        assert!(!keys.also(["seller_keyword_id"].into_iter()));
        assert_eq!(
            keys.dimensions().collect::<Vec<_>>().join(","),
            "campaign_id,ad_group_id,search_query,seller_keyword_id"
        );
    }
}
