//! The shapes of eBay's Sell Marketing v1 and Sell Account v1 as they stand on the wire. Decoded leniently:
//! unknown words and fields survive, ids may be numbers. `map.rs` gives them meaning.

#![expect(clippy::struct_field_names, reason = "the fields are called what the platform calls them")]

use serde::{Deserialize, Serialize};

use crate::platform::lenient::Loose;

/// A page of any list. Each list names its array after its rows.
#[derive(Debug, Deserialize)]
pub struct Page<T> {
    #[serde(
        default = "Option::default",
        alias = "campaigns",
        alias = "adGroups",
        alias = "negativeKeywords",
        alias = "keywords"
    )]
    pub rows: Option<Vec<T>>,
    pub total: Option<u64>,
    /// A full address on eBay's host; only its `limit` and `offset` are used.
    pub next: Option<String>,
}

/// `Campaign` of getCampaigns.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Campaign {
    pub campaign_id: Loose,
    #[serde(default)]
    pub campaign_name: Option<String>,
    #[serde(default)]
    pub campaign_status: Option<String>,
    #[serde(default)]
    pub campaign_targeting_type: Option<String>,
    #[serde(default)]
    pub channels: Option<Vec<String>>,
    #[serde(default)]
    pub marketplace_id: Option<String>,
    #[serde(default)]
    pub funding_strategy: Option<FundingStrategy>,
}

/// `FundingStrategy` of a campaign, as far as it matters here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FundingStrategy {
    #[serde(default)]
    pub funding_model: Option<String>,
}

/// `AdGroup` of getAdGroups; it does not name its campaign.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AdGroup {
    pub ad_group_id: Loose,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub ad_group_status: Option<String>,
}

/// `NegativeKeyword` of getNegativeKeyword and getNegativeKeywords.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NegativeKeyword {
    pub negative_keyword_id: Loose,
    #[serde(default)]
    pub campaign_id: Option<Loose>,
    #[serde(default)]
    pub ad_group_id: Option<Loose>,
    #[serde(default)]
    pub negative_keyword_text: String,
    #[serde(default)]
    pub negative_keyword_match_type: String,
    #[serde(default)]
    pub negative_keyword_status: String,
}

/// `Keyword` of getKeywords; it does not name its campaign.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Keyword {
    pub keyword_id: Loose,
    pub ad_group_id: Loose,
    #[serde(default)]
    pub keyword_text: String,
    #[serde(default)]
    pub match_type: String,
    #[serde(default)]
    pub keyword_status: String,
}

/// `ReportMetadata` of getReportMetadataForReportType.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportMetadata {
    #[serde(default)]
    pub dimension_metadata: Vec<DimensionMetadata>,
    #[serde(default)]
    pub metric_metadata: Vec<MetricMetadata>,
    #[serde(default)]
    pub max_number_of_dimensions_to_request: Option<usize>,
}

/// `DimensionMetadata`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DimensionMetadata {
    pub dimension_key: String,
    #[serde(default)]
    pub data_type: Option<String>,
}

/// `MetricMetadata`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MetricMetadata {
    pub metric_key: String,
}

impl ReportMetadata {
    /// All keys, for errors.
    pub fn names(&self) -> Vec<String> {
        let dimensions = self.dimension_metadata.iter().map(|one| &one.dimension_key);
        dimensions.chain(self.metric_metadata.iter().map(|one| &one.metric_key)).cloned().collect()
    }
}

/// `ReportTask`, as far as it matters here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportTask {
    #[serde(default)]
    pub report_task_status: String,
    #[serde(default)]
    pub report_task_status_message: Option<String>,
    #[serde(default)]
    report_id: Option<Loose>,
    #[serde(default)]
    report_href: Option<String>,
}

impl ReportTask {
    /// The report's id: its own field, or the end of its address.
    pub fn report(&self) -> Option<String> {
        let id = self.report_id.as_ref().map(Loose::as_str);
        let id = id.or_else(|| self.report_href.as_deref()?.trim_end_matches('/').rsplit('/').next());
        id.filter(|id| !id.is_empty()).map(str::to_owned)
    }
}

/// `CreateNegativeKeywordRequest`. Error 36345 asks for both ids.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateNegativeKeyword<'a> {
    pub campaign_id: &'a str,
    pub ad_group_id: &'a str,
    pub negative_keyword_text: &'a str,
    pub negative_keyword_match_type: &'static str,
}

/// `UpdateNegativeKeywordRequest`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateNegativeKeyword {
    pub negative_keyword_status: &'static str,
}

/// `UpdateNegativeKeywordIdRequest`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateNegativeKeywordId<'a> {
    pub negative_keyword_id: &'a str,
    pub negative_keyword_status: &'static str,
}

/// The body of both bulk calls.
#[derive(Debug, Serialize)]
pub struct Requests<T> {
    pub requests: Vec<T>,
}

/// The answer of both bulk calls.
#[derive(Debug, Deserialize)]
pub struct Responses {
    pub responses: Vec<ItemResponse>,
}

/// `NegativeKeywordResponse` and `UpdateNegativeKeywordResponse`; the latter has id, status and errors only.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ItemResponse {
    pub negative_keyword_id: Option<Loose>,
    pub href: Option<String>,
    pub ad_group_id: Option<Loose>,
    pub negative_keyword_text: Option<String>,
    pub negative_keyword_match_type: Option<String>,
    pub status_code: Option<u16>,
    pub errors: Option<Vec<ApiError>>,
}

/// `Error` of every eBay API.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApiError {
    pub error_id: Option<i64>,
    pub message: Option<String>,
    pub long_message: Option<String>,
    pub parameters: Option<Vec<Parameter>>,
}

/// `ErrorParameter`: what fills the placeholders of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Parameter {
    pub name: Option<String>,
    pub value: Option<Loose>,
}

/// An error body: the errors list, or what the sign-in service sends instead.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ErrorBody {
    pub errors: Option<Vec<ApiError>>,
    pub error: Option<serde_json::Value>,
    pub error_description: Option<String>,
}

/// The answer of the token endpoint.
#[derive(Deserialize)]
pub struct TokenAnswer {
    pub access_token: secrecy::SecretString,
    #[serde(default)]
    pub expires_in: Option<u64>,
    /// Not documented for the refresh-token grant. Nothing but a text counts.
    #[serde(default)]
    pub refresh_token: serde_json::Value,
}

/// The answer of getAdvertisingEligibility.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Eligibility {
    #[serde(default)]
    pub advertising_eligibility: Vec<ProgramEligibility>,
}

/// One program's line in it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProgramEligibility {
    #[serde(default)]
    pub program_type: String,
    #[serde(default)]
    pub status: String,
    #[serde(default)]
    pub reason: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_whatever_its_array_is_called() {
        let page: Page<NegativeKeyword> = serde_json::from_str(
            r#"{"href":"h","limit":2,"offset":0,"total":3,
                "next":"https://api.ebay.com/sell/marketing/v1/negative_keyword?ad_group_ids=1&limit=2&offset=2",
                "negativeKeywords":[
                  {"negativeKeywordId":"5001","campaignId":"12","adGroupId":77,"negativeKeywordText":"free",
                   "negativeKeywordMatchType":"PHRASE","negativeKeywordStatus":"SOMETHING_NEW","later":{}}]}"#,
        )
        .unwrap();
        let rows = page.rows.unwrap();
        assert_eq!(rows[0].ad_group_id.as_ref().unwrap().as_str(), "77");
        assert_eq!(rows[0].negative_keyword_status, "SOMETHING_NEW");
        assert_eq!(page.total, Some(3));
    }

    #[test]
    fn an_empty_list_may_have_no_array() {
        let page: Page<Campaign> = serde_json::from_str(r#"{"total":0,"limit":500,"offset":0}"#).unwrap();
        assert!(page.rows.is_none() && page.next.is_none());
        let page: Page<Campaign> = serde_json::from_str(r#"{"campaigns":null}"#).unwrap();
        assert!(page.rows.is_none());
    }

    #[test]
    fn creates_are_written_as_the_specification_names_them() {
        let body = CreateNegativeKeyword {
            campaign_id: "12",
            ad_group_id: "77",
            negative_keyword_text: "free shipping",
            negative_keyword_match_type: "EXACT",
        };
        assert_eq!(
            serde_json::to_string(&body).unwrap(),
            r#"{"campaignId":"12","adGroupId":"77","negativeKeywordText":"free shipping","negativeKeywordMatchType":"EXACT"}"#
        );
    }
}
