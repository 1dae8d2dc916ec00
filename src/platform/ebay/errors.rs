//! eBay's refusals: the errors list, the sign-in service's own shape, and what each code means in words. Judges
//! a failure; what follows from it for a change is in `write.rs`.

use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::Response;
use crate::domain::text::Text;
use crate::platform::http::{Complaint, gist};

use super::wire::{ApiError, ErrorBody};

/// The codes that decide something; all others only speak.
pub(super) mod code {
    /// The `limit` is too large; names the figure.
    pub const LIMIT: i64 = 35_029;
    /// No such campaign.
    pub const NO_CAMPAIGN: i64 = 35_045;
    /// For invited sellers only.
    pub const INVITE_ONLY: i64 = 35_089;
    /// Smart targeting campaigns have no keywords.
    pub const SMART: i64 = 35_129;
    /// No such ad group.
    pub const NO_AD_GROUP: i64 = 36_210;
    /// The ad group is archived.
    pub const ARCHIVED_AD_GROUP: i64 = 36_219;
    /// It is there already, in the campaign.
    pub const TWIN_IN_CAMPAIGN: i64 = 36_323;
    /// It is there already, in the ad group.
    pub const TWIN_IN_AD_GROUP: i64 = 36_331;
    /// Too many items in a bulk call; names the figure.
    pub const TOO_MANY_ITEMS: i64 = 36_337;
    /// No such negative keyword: 400, not 404.
    pub const NO_NEGATIVE: i64 = 36_340;
    /// It is archived already.
    pub const ARCHIVED: i64 = 36_343;
    /// Gateway: access denied; an expired token was seen as this.
    pub const DENIED: i64 = 1_100;
}

/// What each code means, for answers that carry no text. Source: error codes of the six negative keyword methods,
/// getCampaigns, getAdGroups, getKeywords (Sell Marketing v1), getAdvertisingEligibility (Sell Account v1) and
/// eBay's common gateway errors.
const WORDS: &[(i64, &str)] = &[
    (1_001, "the access token is not valid"),
    (1_002, "the access token is missing"),
    (1_100, "the account may not do this, or its token has expired"),
    (2_001, "too many calls"),
    (2_002, "there is no such address"),
    (35_001, "eBay had a problem of its own"),
    (35_002, "eBay had a problem of its own"),
    (35_020, "the campaign name is too long"),
    (35_023, "the campaign name has invalid characters"),
    (35_027, "the date range is not valid"),
    (35_028, "the date range is not valid"),
    (35_029, "the page size is too large"),
    (35_030, "the offset is below zero"),
    (35_033, "a bulk call needs at least one item"),
    (35_035, "the campaign has ended"),
    (35_043, "the campaign status is not valid"),
    (35_045, "there is no such campaign"),
    (35_063, "the campaign is ending and takes no changes"),
    (35_077, "the seller may not use this programme"),
    (35_079, "the funding strategy is not valid"),
    (35_089, "this programme is for invited sellers only"),
    (35_123, "the targeting type is not valid"),
    (35_129, "campaigns with smart targeting take no negative keywords"),
    (36_210, "there is no such ad group"),
    (36_213, "the campaign is not paid per click"),
    (36_219, "the ad group is archived"),
    (36_314, "the ad group ids are not separated as they should be"),
    (36_323, "the campaign has this text with this match type already"),
    (36_329, "the ad group id is missing"),
    (36_330, "this match type is not supported"),
    (36_331, "the ad group has this text with this match type already"),
    (36_332, "the text is too long"),
    (36_333, "the text is empty"),
    (36_334, "the text has characters that are refused"),
    (36_335, "the ad group holds as many negatives as it may"),
    (36_336, "the text has too many words"),
    (36_337, "there are too many items in one call"),
    (36_338, "the same text and match type stands twice in one call"),
    (36_339, "there are more items than the ad group has room for"),
    (36_340, "there is no such negative keyword"),
    (36_341, "the same negative keyword stands twice in one call"),
    (36_342, "the new state is missing or not valid"),
    (36_343, "it is archived already and cannot be changed"),
    (36_345, "campaign and ad group must both be named"),
    (36_346, "the campaign holds as many negatives as it may"),
    (36_347, "only one campaign can be asked for at a time"),
    (36_348, "the id of the negative keyword is missing"),
    (36_349, "the id of the negative keyword is not valid"),
    (36_350, "the state asked for is not valid"),
    (50_114, "the marketplace header is missing"),
    (50_116, "the programme type is not valid"),
    (50_117, "the marketplace is not valid"),
];

impl ApiError {
    /// eBay's own text with its placeholders filled, or ours for the code.
    pub(super) fn words(&self) -> String {
        let own =
            [&self.long_message, &self.message].into_iter().flatten().find(|text| !text.trim().is_empty());
        if let Some(text) = own {
            return self.filled(text);
        }
        self.error_id
            .and_then(|id| WORDS.iter().find(|(code, _)| *code == id))
            .map_or_else(|| "refused without a reason".to_owned(), |(_, words)| (*words).to_owned())
    }

    /// The code as text; empty when there is none.
    pub(super) fn code(&self) -> Text {
        self.error_id.map_or_else(Text::default, |id| Text::new(id.to_string()))
    }

    /// Whether it is this code.
    pub(super) fn is(&self, code: i64) -> bool {
        self.error_id == Some(code)
    }

    /// The figure that a limit error names: in a parameter, else the first number of the text.
    pub(super) fn figure(&self) -> Option<usize> {
        let mut parameters = self.parameters.iter().flatten();
        parameters.find_map(|p| p.value.as_ref()?.as_str().parse().ok()).or_else(|| {
            let text = self.long_message.as_deref().or(self.message.as_deref())?;
            text.split(|c: char| !c.is_ascii_digit()).find_map(|digits| digits.parse().ok())
        })
    }

    /// The value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let mut parameters = self.parameters.iter().flatten();
        let one = parameters.find(|one| one.name.as_deref() == Some(name))?;
        one.value.as_ref().map(crate::platform::lenient::Loose::as_str)
    }

    /// Puts the parameters where the text has their names in braces.
    fn filled(&self, text: &str) -> String {
        let mut text = text.trim().to_owned();
        for parameter in self.parameters.iter().flatten() {
            if let (Some(name), Some(value)) = (&parameter.name, &parameter.value) {
                text = text.replace(&format!("{{{name}}}"), value.as_str());
            }
        }
        text
    }
}

/// The errors of a body, whatever its shape; empty for HTML, nothing, or anything else that is no error list.
pub(super) fn errors(body: &[u8]) -> Vec<ApiError> {
    if let Ok(ErrorBody { errors: Some(list), .. }) = serde_json::from_slice(body)
        && !list.is_empty()
    {
        return list;
    }
    // The specification declares a bare Error where the wire has a list.
    match serde_json::from_slice::<ApiError>(body) {
        Ok(bare) if bare.error_id.is_some() => vec![bare],
        _ => Vec::new(),
    }
}

/// What the sign-in service says: `{"error":"invalid_grant","error_description":"..."}` (OAuth, RFC 6749 5.2).
fn oauth(body: &[u8]) -> Option<(String, String)> {
    let body: ErrorBody = serde_json::from_slice(body).ok()?;
    let error = body.error?.as_str()?.to_owned();
    Some((error, body.error_description.unwrap_or_default()))
}

/// Whether an answer says that the access token is no good any more: 401, or 403 with code 1100 (an expired token
/// has been seen as that: hendt/ebay-api issue 148).
pub(super) fn token_refused(response: &Response) -> bool {
    match response.status {
        401 => true,
        403 => errors(&response.body).iter().any(|error| error.is(code::DENIED)),
        _ => false,
    }
}

/// What a failed answer says, for problems and the request log. Takes any bytes.
pub(super) fn explain(response: &Response) -> Complaint {
    let listed = errors(&response.body);
    let Some(first) = listed.first() else {
        return Complaint { text: gist(&response.body), ..Complaint::default() };
    };
    let mut texts: Vec<String> = Vec::new();
    for error in &listed {
        let text = error.words();
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    let hint = if listed.iter().any(|error| error.is(code::INVITE_ONLY)) {
        Some("Ask eBay to open Promoted Listings priority strategy for this seller and this application.")
    } else if matches!(response.status, 401 | 403) {
        Some(
            "Sign in again with `unbid login`; the consent must cover sell.marketing and sell.account.readonly.",
        )
    } else {
        None
    };
    Complaint {
        code: first.error_id.map(|id| id.to_string()),
        text: Some(texts.join("; ")),
        hint: hint.map(str::to_owned),
        // eBay names no exchange id in its public documentation.
        request_id: None,
    }
}

/// A refused token request in words.
pub(super) fn sign_in_problem(response: &Response) -> Problem {
    let kind = match response.status {
        429 => ProblemKind::Throttled,
        500.. => ProblemKind::Server,
        _ => ProblemKind::Auth,
    };
    let (said, hint) = if let Some((error, description)) = oauth(&response.body) {
        let hint = match error.as_str() {
            "invalid_client" | "unauthorized_client" => {
                "Check client_id and client_secret: they must be of one keyset and of this environment."
            }
            "invalid_grant" => {
                "The refresh token has ended or belongs to another application: run `unbid login` for this account."
            }
            "invalid_scope" => {
                "The consent lacks sell.marketing or sell.account.readonly: run `unbid login` for this account."
            }
            _ => "Check the account's keys, then run `unbid login` for it.",
        };
        (format!("{error}: {description}"), hint)
    } else {
        let listed = errors(&response.body);
        let words = listed.first().map(ApiError::words).or_else(|| gist(&response.body));
        (words.unwrap_or_default(), "Check the account's keys and token_url.")
    };
    // Whose fault it is stands in the status; keys that are fine need no looking at.
    let hint = match kind {
        ProblemKind::Throttled => "Wait some minutes, then try again.",
        ProblemKind::Server => "Try again later.",
        _ => hint,
    };
    let detail = format!("{} {said}", response.status);
    Problem::new(kind, "eBay did not sign the account in").detail(detail.trim_end()).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Response {
        Response { status, headers: Vec::new(), body: bytes::Bytes::copy_from_slice(body.as_bytes()) }
    }

    #[test]
    fn the_platforms_text_is_shown_with_its_placeholders_filled() {
        let list = errors(
            br#"{"errors":[{"errorId":36337,"domain":"API_MARKETING","category":"REQUEST",
                "message":"Only {max} Ids are supported per call.","parameters":[{"name":"max","value":"200"}]}]}"#,
        );
        assert_eq!(list[0].words(), "Only 200 Ids are supported per call.");
        assert_eq!(list[0].figure(), Some(200));
    }

    #[test]
    fn a_figure_is_found_in_the_text_when_no_parameter_names_it() {
        let error = ApiError {
            message: Some("Only 150 Ids are supported per call.".to_owned()),
            ..ApiError::default()
        };
        assert_eq!(error.figure(), Some(150));
        assert_eq!(ApiError::default().figure(), None);
    }

    #[test]
    fn every_documented_code_has_words_of_its_own() {
        // Error codes of the six negative keyword methods, Sell Marketing v1.22.4.
        for id in [35_001, 35_029, 35_030, 35_033, 35_035, 35_045, 35_089, 35_129, 36_210, 36_219, 36_323]
            .into_iter()
            .chain(36_329..=36_343)
            .chain(36_345..=36_350)
        {
            let error = ApiError { error_id: Some(id), ..ApiError::default() };
            assert_ne!(error.words(), "refused without a reason", "{id}");
        }
    }

    #[test]
    fn an_expired_token_comes_as_401_or_as_403_with_1100() {
        assert!(token_refused(&answer(401, "<html>")));
        assert!(token_refused(&answer(403, r#"{"errors":[{"errorId":1100,"message":"Access denied"}]}"#)));
        assert!(!token_refused(&answer(403, r#"{"errors":[{"errorId":35089}]}"#)));
        assert!(!token_refused(&answer(400, r#"{"errors":[{"errorId":1100}]}"#)));
    }

    #[test]
    fn sign_in_errors_have_their_own_shape() {
        let body = r#"{"error":"invalid_grant","error_description":"the provided authorization refresh token is invalid or was issued to another client"}"#;
        let problem = sign_in_problem(&answer(400, body));
        assert_eq!(problem.kind, ProblemKind::Auth);
        assert!(
            problem.detail.contains("invalid_grant: the provided authorization refresh token"),
            "{problem}"
        );
        assert!(problem.hint.contains("unbid login"));
        let down = sign_in_problem(&answer(503, "<html><title>503 Service Unavailable</title></html>"));
        assert_eq!((down.kind, down.hint.as_str()), (ProblemKind::Server, "Try again later."));
    }

    #[test]
    fn html_nothing_and_a_bare_error_are_told_too() {
        assert_eq!(explain(&answer(502, "<html><title>Bad</title>")).text.unwrap(), "a web page: Bad");
        assert_eq!(explain(&answer(500, "")), Complaint::default());
        let bare = explain(&answer(400, r#"{"errorId":36340,"message":"No negative keyword found"}"#));
        assert_eq!(bare.code.as_deref(), Some("36340"));
        assert_eq!(bare.text.as_deref(), Some("No negative keyword found"));
        assert!(errors(br#"{"negativeKeywordId":"1"}"#).is_empty());
    }
}
