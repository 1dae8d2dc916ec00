//! The catalogue of eBay's errors: id, status, category, message, as in the `x-response-codes` of the official files.
//! Which error a call gets is decided by the handlers; what is in front of all platforms is in `gateway.rs`.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// Messages by id; `{names}` are filled in, and told as parameters.
const CATALOGUE: &[(u32, &str)] = &[
    (1001, "Invalid access token. Check the value of the Authorization HTTP request header."),
    (1002, "Missing access token. Check that the Authorization HTTP request header has a value."),
    (1100, "Insufficient permissions to fulfill the request."),
    (2004, "Invalid request: {reason}"),
    (
        35001,
        "There was a problem with an eBay internal system or process. Contact eBay Developer Technical Support for assistance.",
    ),
    (35020, "The campaign name cannot be more than {maxCampaignNameLength} characters."),
    (35023, "The request contains invalid characters. {notAllowedCharacters} are not allowed."),
    (
        35027,
        "The date range {dateRange} is not valid. Ensure the beginning of the range is before the end of the range.",
    ),
    (
        35028,
        "The format of the date range {dateRange} is invalid. The format for a date range is yyyy-MM-ddThh:mm:ss.sssZ..yyyy-MM-ddThh:mm:ss.sssZ or yyyy-MM-ddThh:mm:ss.sssZ.. or ..yyyy-MM-ddThh:mm:ss.sssZ.",
    ),
    (35029, "The 'limit' has to be greater than zero and less than {maxLimitValue}."),
    (35030, "The 'offset' cannot be less than zero."),
    (35033, "At least one request is required for bulk requests."),
    (35035, "The campaign with campaign id {campaign_id} has ended."),
    (35043, "The campaign status of {campaignStatus} is either invalid or not supported for this operation."),
    (35045, "No campaign found for campaign id {campaign_id}."),
    (35079, "Funding strategy needs to be one of {fundingStrategy} types."),
    (
        35089,
        "We are currently testing a premium ads product with a small invite-only group. We will share more information when we are ready to expand.",
    ),
    (
        35123,
        "The 'campaignTargetingType' is not valid. Valid values for 'campaignTargetingType' are: {campaignTargetingTypeValues}.",
    ),
    (35129, "This method is not supported for campaigns with smart targeting type."),
    (36210, "No ad group found for ad group id {ad_group_id}."),
    (36213, "The campaign funding model should be CPC. Please check funding model for provided campaign id."),
    (36219, "The ad group with ad group id {ad_group_id} has been archived."),
    (36314, "Ad Group Ids should be delimited by {adGroupIdsDelimiter}"),
    (36329, "The ad group Id is required."),
    (
        36330,
        "The provided negative keyword match type is not supported. Valid values are: {negativeKeywordMatchTypeValues}.",
    ),
    (
        36331,
        "'negativeKeywordText' {negativeKeywordText} and 'negativeKeywordMatchType' {negativeKeywordMatchType} already exists for this Ad Group.",
    ),
    (
        36332,
        "'negativeKeywordText' {negativeKeywordText} cannot be more than {maxNegativeKeywordTextLength} characters.",
    ),
    (36333, "'negativeKeywordText' cannot be null or empty"),
    (36334, "'negativeKeywordText' contains invalid characters {invalidCharacters}"),
    (
        36335,
        "You have exceeded the maximum number of negative keyword for an ad group. Only {maxSupportedNegativeKeywordNumber} Ids are supported per ad group.",
    ),
    (
        36336,
        "'negativeKeywordText' {negativeKeywordText} cannot have total number of words more than {maxWordsInNegativeKeyword} words.",
    ),
    (
        36337,
        "You have exceeded the maximum number of negative keyword requests in a bulk. Only {maxSupportedNegativeKeywordRequestNumberInBulk} Ids are supported per call.",
    ),
    (
        36338,
        "There are duplicate 'negativeKeywordText' and 'negativeKeywordMatchType' combination in this request. You must remove the duplicate(s).",
    ),
    (
        36339,
        "Total negative keyword requests exceed the current AdGroup negative keyword capacity, which is {maxSupportedNegativeKeywordRequestNumber}.",
    ),
    (36340, "No negative keyword found for negative keyword id {negativeKeywordId}."),
    (36341, "There are duplicate negative keyword Ids in this request. You must remove the duplicate(s)."),
    (36342, "NegativeKeywordStatus is missing or invalid. It is required for update."),
    (
        36343,
        "Negative keyword with negative keyword id {negativeKeywordId} is already archived and cannot be updated.",
    ),
    (36345, "'campaignId' and 'adGroupId' are required."),
    (36347, "Currently only one value is supported for 'campaign_ids'."),
    (36348, "Negative keyword id 'negativeKeywordId' is required."),
    (36349, "The 'negativeKeywordId' is invalid."),
    (36350, "The 'negative_keyword_status' is invalid."),
    (50114, "The HTTP request header 'X-EBAY-C-MARKETPLACE-ID' is required."),
    (50116, "Invalid program_type(s) {programTypes}."),
    (50117, "Invalid marketplaceId in HTTP request header 'X-EBAY-C-MARKETPLACE-ID' {marketplaceId}."),
];

/// An error of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    id: u32,
    parameters: Vec<(&'static str, String)>,
    /// Where its message stands; the common catalogue has what is not there.
    catalogue: &'static [(u32, &'static str)],
}

impl Fault {
    /// An error without parameters.
    pub fn new(id: u32) -> Self {
        Self { id, parameters: Vec::new(), catalogue: CATALOGUE }
    }

    /// An error of the report operations.
    pub fn report(id: u32) -> Self {
        Self { catalogue: super::reports_error::CATALOGUE, ..Self::new(id) }
    }

    /// Fills in a name of the message.
    pub fn with(mut self, name: &'static str, value: &(impl ToString + ?Sized)) -> Self {
        self.parameters.push((name, value.to_string()));
        self
    }

    /// Its id.
    #[cfg(test)]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The status of a call, or of an item, that fails with it.
    pub fn status(&self) -> StatusCode {
        match self.id {
            1001 | 1002 => StatusCode::UNAUTHORIZED,
            1100 | 35091 => StatusCode::FORBIDDEN,
            35001 => StatusCode::INTERNAL_SERVER_ERROR,
            35051 | 35089 | 35101 | 35129 | 35141 | 36213 => StatusCode::CONFLICT,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    fn message(&self) -> String {
        let mut all = self.catalogue.iter().chain(CATALOGUE);
        let template = all.find(|(id, _)| *id == self.id).map_or("", |(_, message)| message);
        let mut message = String::new();
        let mut rest = template;
        // One pass over the template, so that braces in a filled-in text stay as they are.
        while let Some((before, after)) = rest.split_once('{') {
            message.push_str(before);
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            let value = self.parameters.iter().find(|(known, _)| *known == name);
            message.push_str(value.map_or("", |(_, value)| value));
            rest = behind;
        }
        message.push_str(rest);
        message
    }

    /// The error as it stands in `errors`.
    pub fn json(&self) -> Value {
        let (domain, category) = match self.id {
            1001 | 1002 => ("OAuth", "REQUEST"),
            1100 | 2004 => ("ACCESS", "REQUEST"),
            35001 => ("API_MARKETING", "APPLICATION"),
            50000.. => ("API_ACCOUNT", "REQUEST"),
            _ if self.status() == StatusCode::CONFLICT => ("API_MARKETING", "BUSINESS"),
            _ => ("API_MARKETING", "REQUEST"),
        };
        let long = self.message();
        let short = match self.id {
            1001 => "Invalid access token",
            1002 => "Missing access token",
            1100 => "Access denied",
            2004 => "Invalid request",
            _ => long.as_str(),
        };
        let mut error = Map::new();
        error.insert("errorId".into(), self.id.into());
        error.insert("domain".into(), domain.into());
        error.insert("category".into(), category.into());
        error.insert("message".into(), short.into());
        error.insert("longMessage".into(), long.as_str().into());
        if !self.parameters.is_empty() {
            let parameter = |(name, value): &(&str, String)| json!({"name": name, "value": value});
            error.insert("parameters".into(), self.parameters.iter().map(parameter).collect());
        }
        Value::Object(error)
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        (self.status(), Json(json!({"errors": [self.json()]}))).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_in_once_and_told_as_parameters() {
        let error =
            Fault::new(36332).with("negativeKeywordText", "{x}").with("maxNegativeKeywordTextLength", &100);
        let json = error.json();
        assert_eq!(json["message"], "'negativeKeywordText' {x} cannot be more than 100 characters.");
        assert_eq!(json["parameters"][1], json!({"name": "maxNegativeKeywordTextLength", "value": "100"}));
    }

    #[test]
    fn conflicts_are_business_and_the_rest_requests() {
        let of = |id: u32| {
            let error = Fault::new(id);
            (error.status().as_u16(), error.json()["category"].clone(), error.json()["domain"].clone())
        };
        assert_eq!(of(35129), (409, json!("BUSINESS"), json!("API_MARKETING")));
        assert_eq!(of(36340), (400, json!("REQUEST"), json!("API_MARKETING")));
        assert_eq!(of(50114), (400, json!("REQUEST"), json!("API_ACCOUNT")));
        assert_eq!(of(1001), (401, json!("REQUEST"), json!("OAuth")));
        assert_eq!(of(1100), (403, json!("REQUEST"), json!("ACCESS")));
    }

    #[test]
    fn each_catalogue_has_each_id_once() {
        for catalogue in [CATALOGUE, super::super::reports_error::CATALOGUE] {
            let mut ids: Vec<u32> = catalogue.iter().map(|(id, _)| *id).collect();
            ids.dedup();
            assert!(ids.is_sorted() && ids.len() == catalogue.len());
        }
        let dates = Fault::report(35123).with("dimensionKey", "day").json();
        assert!(dates["message"].as_str().is_some_and(|text| text.starts_with("The 'dimensionKey' day")));
    }
}
