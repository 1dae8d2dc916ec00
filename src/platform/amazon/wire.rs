//! The shapes that Amazon sends, as its Sponsored Products v3 and Profiles v2 files describe them. Unknown
//! fields are passed over and words of enumerations stay words: adding some is no breaking change for Amazon
//! ("Compatibility and versioning policy"). Meaning is given in `map` and `write`.

#![expect(clippy::struct_field_names, reason = "the fields have Amazon's names")]

use jiff::civil::Date;
use serde::Deserialize;

use crate::domain::term::TermPeriod;
use crate::platform::lenient::Loose;

/// A campaign (`SponsoredProductsCampaign`).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Campaign {
    pub(super) campaign_id: Loose,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) state: String,
    #[serde(default)]
    pub(super) targeting_type: String,
    pub(super) end_date: Option<String>,
}

/// An ad group (`SponsoredProductsAdGroup`).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AdGroup {
    pub(super) ad_group_id: Loose,
    pub(super) campaign_id: Loose,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) state: String,
}

/// A keyword, positive or negative, of either level.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Keyword {
    pub(super) keyword_id: Loose,
    pub(super) campaign_id: Loose,
    pub(super) ad_group_id: Option<Loose>,
    #[serde(default)]
    pub(super) keyword_text: String,
    #[serde(default)]
    pub(super) match_type: String,
    #[serde(default)]
    pub(super) state: String,
    pub(super) extended_data: Option<Extended>,
}

/// A targeting clause, positive or negative, of either level.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Target {
    pub(super) target_id: Loose,
    pub(super) campaign_id: Loose,
    pub(super) ad_group_id: Option<Loose>,
    #[serde(default)]
    pub(super) expression: Vec<Predicate>,
    #[serde(default)]
    pub(super) resolved_expression: Vec<Predicate>,
    #[serde(default)]
    pub(super) state: String,
    pub(super) extended_data: Option<Extended>,
}

/// One part of a targeting expression. In `resolvedExpression` a brand's value is its name, in `expression` its id.
#[derive(Debug, Deserialize)]
pub(super) struct Predicate {
    #[serde(rename = "type", default)]
    pub(super) kind: String,
    pub(super) value: Option<String>,
}

/// What `includeExtendedDataFields` adds.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Extended {
    pub(super) creation_date_time: Option<String>,
}

/// What goes with the rows of a page.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Paging {
    pub(super) next_token: Option<String>,
    pub(super) total_results: Option<u64>,
}

/// The two lists of a 207 answer (`SponsoredProductsBulk…OperationResponse`).
#[derive(Debug, Default, Deserialize)]
pub(super) struct Multi {
    #[serde(default)]
    pub(super) success: Vec<serde_json::Value>,
    #[serde(default)]
    pub(super) error: Vec<Failed>,
}

/// One refused item.
#[derive(Debug, Deserialize)]
pub(super) struct Failed {
    pub(super) index: Option<usize>,
    #[serde(default)]
    pub(super) errors: Vec<ItemError>,
}

/// One reason. `errorValue` has one key, the selector, which live answers repeat as `errorType`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ItemError {
    #[serde(default)]
    pub(super) error_type: String,
    #[serde(default)]
    pub(super) error_value: serde_json::Map<String, serde_json::Value>,
}

/// An error body: v3 has `code`, `message`, `errors`; older resources `code`, `details`; reporting `code`, `detail`; the
/// gateway `message`; the token endpoint `error`, `error_description`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Refusal {
    /// Text, but in the examples of reporting v3, where it is the status as a number.
    pub(super) code: Option<Loose>,
    pub(super) message: Option<String>,
    #[serde(alias = "detail")]
    pub(super) details: Option<String>,
    pub(super) error: Option<String>,
    pub(super) error_description: Option<String>,
    #[serde(default)]
    pub(super) errors: Vec<ItemError>,
}

/// A profile of `GET /v2/profiles`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Profile {
    pub(super) profile_id: Loose,
    #[serde(default)]
    pub(super) country_code: String,
    pub(super) timezone: Option<String>,
    pub(super) currency_code: Option<String>,
    #[serde(default)]
    pub(super) account_info: AccountInfo,
}

/// A report of reporting v3 (schema `AsyncReport`).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    pub(super) report_id: Loose,
    #[serde(default)]
    pub(super) status: String,
    pub(super) url: Option<String>,
    pub(super) failure_reason: Option<String>,
    start_date: Option<Date>,
    end_date: Option<Date>,
    configuration: Option<ReportConfiguration>,
}

/// What a report was asked to hold (schema `AsyncReportConfiguration`).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReportConfiguration {
    #[serde(default)]
    columns: Vec<String>,
    #[serde(default)]
    report_type_id: String,
    #[serde(default)]
    time_unit: String,
}

impl Report {
    /// Whether it holds the search terms of these very days, with these columns at least.
    pub(super) fn holds(&self, days: TermPeriod, unit: &str, columns: &[&str]) -> bool {
        (self.start_date, self.end_date) == (Some(days.from), Some(days.to))
            && self.configuration.as_ref().is_some_and(|asked| {
                asked.report_type_id == "spSearchTerm"
                    && asked.time_unit == unit
                    && columns.iter().all(|column| asked.columns.iter().any(|known| known == column))
            })
    }
}

/// Whose profile it is.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct AccountInfo {
    #[serde(rename = "type", default)]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) name: String,
}

/// The token endpoint's answer.
#[derive(Deserialize)]
pub(super) struct Grant {
    pub(super) access_token: secrecy::SecretString,
    pub(super) expires_in: Option<u64>,
    /// Usually the one that was sent. Nothing but a text counts.
    #[serde(default)]
    pub(super) refresh_token: serde_json::Value,
}

/// A brand of the search.
#[derive(Debug, Deserialize)]
pub(super) struct Brand {
    pub(super) id: Loose,
    #[serde(default)]
    pub(super) name: String,
}
