//! The shapes of the Sam's Club ads API as they stand on the wire: JSON arrays, integer ids. Decoded leniently;
//! `map.rs` gives them meaning. Source: developer.samsclub.com, "Negative Keywords", "Campaigns", "Ad Groups",
//! "Keywords".

#![expect(clippy::struct_field_names, reason = "the fields are called what the platform calls them")]

use serde::{Deserialize, Serialize};

use crate::platform::lenient::Loose;

/// A campaign; deleted ones are not listed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Campaign {
    pub campaign_id: Loose,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub status: Option<String>,
    #[serde(default)]
    pub campaign_type: Option<String>,
    #[serde(default)]
    pub targeting_type: Option<String>,
}

/// An ad group.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AdGroup {
    pub ad_group_id: Loose,
    pub campaign_id: Loose,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub status: Option<String>,
}

/// A negative keyword.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NegativeKeyword {
    pub keyword_id: Loose,
    #[serde(default)]
    pub campaign_id: Option<Loose>,
    #[serde(default)]
    pub ad_group_id: Option<Loose>,
    #[serde(default)]
    pub state: Option<String>,
    #[serde(default)]
    pub keyword_text: Option<String>,
    #[serde(default)]
    pub negative_match_type: Option<String>,
}

/// A positive keyword. Its states are others than a negative's.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Keyword {
    pub keyword_id: Loose,
    pub ad_group_id: Loose,
    #[serde(default)]
    pub campaign_id: Option<Loose>,
    #[serde(default)]
    pub state: Option<String>,
    #[serde(default)]
    pub match_type: Option<String>,
    #[serde(default)]
    pub keyword_text: Option<String>,
}

/// A new negative: all five are required.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateNegative<'a> {
    pub campaign_id: serde_json::Value,
    pub ad_group_id: serde_json::Value,
    pub negative_match_type: &'static str,
    pub state: &'static str,
    pub keyword_text: &'a str,
}

/// A change of state.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateNegative {
    pub keyword_id: serde_json::Value,
    pub state: &'static str,
}

/// What became of one item. `code` alone says whether it was done; `details` of a success is "" or " ".
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ItemResult {
    pub code: Option<String>,
    pub details: Option<serde_json::Value>,
    /// One sample of the sister API has the key with a space before it.
    #[serde(alias = " keywordId")]
    pub keyword_id: Option<Loose>,
    pub keyword_text: Option<String>,
}

/// An id as the API takes it: a JSON integer. What is no number goes out as it is, and is refused there.
pub fn id(raw: &str) -> serde_json::Value {
    raw.parse::<u64>().map_or_else(|_| raw.into(), Into::into)
}

/// What "Snapshot Reports v2" answers, to the request and to each look: one object, or a list of one.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Snapshot {
    /// `success` or `failure`.
    pub code: String,
    /// The file's address once it is done; why not, of a failure.
    pub details: Option<serde_json::Value>,
    /// The pages say integer, and show UUIDs.
    pub snapshot_id: Option<Loose>,
    /// `pending`, `processing`, `done`, `failed`, `expired`.
    pub job_status: Option<String>,
}

/// An item of `latestReportDate`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LatestReportDate {
    /// yyyy-MM-dd.
    pub latest_report_date: jiff::civil::Date,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::lenient::Rows;

    /// The sample responses of developer.samsclub.com, "Negative Keywords", as printed.
    const LIST: &str = r#"[
    {
        "campaignId": 15812,
        "adGroupId": 770833893,
        "keywordId": 12347,
        "state": "enabled",
        "keywordText": "Pepsi",
        "negativeMatchType": "negativeExact"
    },
    {
        "campaignId": 15812,
        "adGroupId": 770833893,
        "keywordId": 12348,
        "state": "enabled",
        "keywordText": "Kellogg's",
        "negativeMatchType": "negativeExact"
    }
]"#;
    const ADD: &str = r#"[
  {
    "code": "success",
    "details": " ",
    "keywordId": 12349,
    "keywordText": "Pepsi"
  }
]"#;
    const UPDATE: &str = r#"[
    {
        "code": "success",
        "details": "",
        "keywordId": 12349
    }
]"#;

    #[test]
    fn the_documented_samples_decode() {
        let list: Rows<NegativeKeyword> = serde_json::from_str(LIST).unwrap();
        assert_eq!(list.0.len(), 2);
        assert_eq!(list.0[1].keyword_id.as_str(), "12348");
        assert_eq!(list.0[1].keyword_text.as_deref(), Some("Kellogg's"));
        let add: Rows<ItemResult> = serde_json::from_str(ADD).unwrap();
        assert_eq!(add.0[0].code.as_deref(), Some("success"));
        assert_eq!(add.0[0].keyword_id.as_ref().unwrap().as_str(), "12349");
        let update: Rows<ItemResult> = serde_json::from_str(UPDATE).unwrap();
        assert_eq!(update.0[0].keyword_text, None);
    }

    #[test]
    fn ids_may_be_strings_and_results_may_be_one_object() {
        let list: Rows<NegativeKeyword> =
            serde_json::from_str(r#"[{"keywordId":"7","campaignId":"1","adGroupId":null,"more":[]}]"#).unwrap();
        assert_eq!(list.0[0].keyword_id.as_str(), "7");
        let one: Rows<ItemResult> =
            serde_json::from_str(r#"{"code":"failure","details":{"Description":"x"}," keywordId":5}"#).unwrap();
        assert_eq!(one.0[0].keyword_id.as_ref().unwrap().as_str(), "5");
    }

    #[test]
    fn ids_go_out_as_integers() {
        assert_eq!(id("770833893"), serde_json::json!(770_833_893));
        assert_eq!(id("x1"), serde_json::json!("x1"));
    }
}
