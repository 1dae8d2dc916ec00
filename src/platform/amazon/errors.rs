//! Amazon's refusals in words: of items in a 207, of whole requests, of sign-ins. Selector keys and reasons are
//! those of the Sponsored Products v3 specification; one that is not known here is quoted as it is.

use serde_json::{Map, Value};

use super::wire::{ItemError, Refusal};
use crate::domain::account::AccountName;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::Response;
use crate::domain::text::shown;
use crate::platform::http::{Complaint, gist, one_line};

/// One reason why an item was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reason {
    /// The selector key, such as `duplicateValueError`.
    pub(super) sort: String,
    /// The reason's enumeration word, such as `DUPLICATE_VALUE`; the selector where there is none.
    pub(super) code: String,
    /// What it means, and Amazon's own text.
    pub(super) words: String,
}

/// Reads one error of an item.
pub(super) fn reason(error: &ItemError) -> Reason {
    // The selector is the key of `errorValue`; `errorType` is an open string that repeats it in live answers.
    let found =
        error.error_value.iter().find_map(|(key, value)| value.as_object().map(|value| (key.as_str(), value)));
    let empty = Map::new();
    let (sort, value) = found.unwrap_or((error.error_type.as_str(), &empty));
    let code = text(value, "reason").unwrap_or(sort);
    let meaning = meaning(sort, code, value);
    let words = match text(value, "message").filter(|message| !message.is_empty()) {
        Some(message) if meaning.is_empty() => message.to_owned(),
        Some(message) => format!("{meaning} (“{message}”)"),
        None if meaning.is_empty() => code.to_owned(),
        None => meaning,
    };
    Reason { sort: sort.to_owned(), code: code.to_owned(), words }
}

fn text<'a>(value: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

/// A number or string as it stands.
fn figure(value: &Map<String, Value>, key: &str) -> Option<String> {
    match value.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn meaning(sort: &str, code: &str, value: &Map<String, Value>) -> String {
    let plain = match (sort, code) {
        ("duplicateValueError", "DUPLICATE_VALUE") => "it is already there",
        ("duplicateValueError", _) => "it clashes with another one",
        ("malformedValueError", "BLANK") => "the text is blank",
        ("malformedValueError", "FORBIDDEN_CHARS") => return forbidden(value),
        ("malformedValueError", "LEADING_OR_TRAILING_WHITESPACE") => "the text begins or ends with white space",
        ("malformedValueError", "PATTERN_NOT_MATCHED") => "the text has not the shape that Amazon wants",
        ("malformedValueError", "TOO_LONG") => "the text is too long",
        ("malformedValueError", "TOO_SHORT") => "the text is too short",
        ("missingValueError", _) => "a value is missing",
        ("rangeError", _) => return range(code, value),
        ("entityNotFoundError", _) => return not_found(value),
        ("entityQuotaError", _) => return quota(value),
        ("entityStateError", "ARCHIVED_ENTITY_CANNOT_BE_MODIFIED") => "it is archived, which is final",
        (
            "entityStateError",
            "PARENT_ENTITY_FORBIDS_CREATION" | "PARENT_STATUS_FORBIDS_UPDATES_AND_CREATES",
        ) => "its campaign or ad group takes no changes in its present state",
        ("entityStateError", "INVALID_STATE_TRANSITION" | "INVALID_TARGET_STATE") => {
            "it cannot move to that state"
        }
        ("entityStateError", "PARENT_ARCHIVED_FORBIDS_UPDATES")
        | ("parentEntityError", "PARENT_ENTITY_ARCHIVED") => "its campaign or ad group is archived",
        ("parentEntityError", "PARENT_ENTITY_NOT_FOUND") => "its campaign or ad group does not exist",
        ("targetingClauseSetupError", "TARGETING_EXPRESSION_INVALID_VALUE") => {
            "Amazon knows no such product or brand"
        }
        ("targetingClauseSetupError", "TARGETING_TYPE_NOT_ALLOWED_FOR_AUTO_TARGETING_CAMPAIGN") => {
            "campaigns with automatic targeting take no such negative"
        }
        ("targetingClauseSetupError", "TYPE_CONFLICT_IN_AD_GROUP") => {
            "the ad group holds another sort of targeting"
        }
        ("billingError", "ADVERTISER_SUSPENDED") => "the advertiser is suspended",
        ("billingError", _) => "the account's billing needs attention in Amazon's console",
        ("throttledError", _) => "Amazon was too busy for this one",
        ("internalServerError", _) => "Amazon failed at this one",
        _ => "",
    };
    plain.to_owned()
}

fn forbidden(value: &Map<String, Value>) -> String {
    match text(value, "fragment").filter(|fragment| !fragment.is_empty()) {
        Some(fragment) => format!("the text has characters that Amazon forbids: {}", shown(fragment)),
        None => "the text has characters that Amazon forbids".to_owned(),
    }
}

fn range(code: &str, value: &Map<String, Value>) -> String {
    match (code, figure(value, "lowerLimit"), figure(value, "upperLimit")) {
        ("TOO_HIGH", _, Some(most)) => format!("a value is above {most}"),
        ("TOO_LOW", Some(least), _) => format!("a value is below {least}"),
        _ => {
            let allowed: Vec<&str> = value
                .get("allowed")
                .and_then(Value::as_array)
                .map(|all| all.iter().filter_map(Value::as_str).collect())
                .unwrap_or_default();
            if allowed.is_empty() {
                "a value is not among those allowed".to_owned()
            } else {
                format!("a value is not among {}", allowed.join(", "))
            }
        }
    }
}

/// `AD_GROUP` as people say it.
fn entity(value: &Map<String, Value>) -> String {
    text(value, "entityType").map_or_else(|| "item".to_owned(), |word| word.to_lowercase().replace('_', " "))
}

fn not_found(value: &Map<String, Value>) -> String {
    match figure(value, "entityId") {
        Some(id) => format!("the {} {} does not exist", entity(value), shown(&id)),
        None => format!("the {} does not exist", entity(value)),
    }
}

fn quota(value: &Map<String, Value>) -> String {
    let scope = match text(value, "quotaScope") {
        Some("ACCOUNT") => "the account's",
        _ => "its campaign's or ad group's",
    };
    match figure(value, "quota") {
        Some(quota) => format!("{scope} limit of {quota} is reached"),
        None => format!("{scope} limit is reached"),
    }
}

/// Reads an error body of any of Amazon's shapes.
pub(super) fn explain(response: &Response) -> Complaint {
    let request_id = ["x-amz-request-id", "x-amz-rid", "x-amzn-requestid"]
        .into_iter()
        .find_map(|name| response.header(name))
        .map(str::to_owned);
    let Ok(refusal) = serde_json::from_slice::<Refusal>(&response.body) else {
        return Complaint { text: gist(&response.body), request_id, ..Complaint::default() };
    };
    let code = refusal.code.map(|code| code.0.into_string()).or(refusal.error);
    let mut text = refusal.message.or(refusal.details).or(refusal.error_description);
    let reasons: Vec<String> = refusal.errors.iter().map(|error| reason(error).words).collect();
    if !reasons.is_empty() {
        text = Some(text.into_iter().chain(reasons).collect::<Vec<_>>().join("; "));
    }
    if code.is_none() && text.is_none() {
        text = gist(&response.body);
    }
    let hint = hint(response.status, text.as_deref().unwrap_or_default());
    Complaint { code, text, request_id, hint: hint.map(str::to_owned) }
}

fn hint(status: u16, text: &str) -> Option<&'static str> {
    let scope = text.to_lowercase().contains("scope");
    match status {
        401 if scope => Some(
            "Check profile_id and region: a profile works on its own region's host only, for users who may use it.",
        ),
        403 => Some("The signed-in user lacks the permission for this in Amazon's console."),
        _ => None,
    }
}

/// Whether a list refuses its page token (`invalidInputError`, reason `INVALID_TOKEN`).
pub(super) fn is_stale_token(response: &Response) -> bool {
    response.status == 400
        && serde_json::from_slice::<Refusal>(&response.body).is_ok_and(|refusal| {
            refusal.errors.iter().any(|error| reason(error).code == "INVALID_TOKEN")
                || refusal.message.is_some_and(|text| text.contains("INVALID_TOKEN"))
        })
}

/// A refused sign-in.
pub(super) fn sign_in(account: &AccountName, response: &Response) -> Problem {
    let complaint = explain(response);
    let code = complaint.code.unwrap_or_default();
    let (kind, hint) = match (code.as_str(), response.status) {
        ("invalid_grant", _) => (
            ProblemKind::Auth,
            format!("Its refresh token is not valid (any more): run `unbid login {account}`."),
        ),
        ("invalid_client" | "unauthorized_client", _) => {
            (ProblemKind::Auth, "Check client_id and client_secret in the configuration.".to_owned())
        }
        (_, 429) => (ProblemKind::Throttled, "Wait some minutes, then try again.".to_owned()),
        (_, 500..) => (ProblemKind::Server, "Try again later.".to_owned()),
        _ => (ProblemKind::Auth, "Check client_id, client_secret, refresh_token and token_url.".to_owned()),
    };
    let text = one_line(&complaint.text.unwrap_or_default());
    Problem::new(kind, format!("Amazon refused the sign-in of {account}"))
        .detail(format!("{} {code} {text}", response.status).trim())
        .hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(json: &str) -> Reason {
        reason(&serde_json::from_str(json).unwrap())
    }

    fn response(status: u16, body: &str) -> Response {
        Response {
            status,
            headers: vec![("x-amz-request-id".into(), "R1".into())],
            body: body.to_owned().into(),
        }
    }

    #[test]
    fn reasons_are_told_in_words_with_amazons_text_behind() {
        let duplicate = error(
            r#"{"errorType":"duplicateValueError","errorValue":{"duplicateValueError":{"reason":"DUPLICATE_VALUE",
               "message":"same value","cause":{"location":"$.negativeKeywords[1]","trigger":"x"}}}}"#,
        );
        assert_eq!(
            (duplicate.sort.as_str(), duplicate.code.as_str()),
            ("duplicateValueError", "DUPLICATE_VALUE")
        );
        assert_eq!(duplicate.words, "it is already there (“same value”)");
        let quota = error(
            r#"{"errorType":"x","errorValue":{"entityQuotaError":{"reason":"QUOTA_EXCEEDED","entityType":"NEGATIVE_KEYWORD",
               "quota":"5000","quotaScope":"PARENT_ENTITY"}}}"#,
        );
        assert_eq!(quota.words, "its campaign's or ad group's limit of 5000 is reached");
        let unknown =
            error(r#"{"errorType":"newError","errorValue":{"newError":{"reason":"ODD","message":"m"}}}"#);
        assert_eq!((unknown.code.as_str(), unknown.words.as_str()), ("ODD", "m"));
        assert_eq!(error(r#"{"errorType":"bare"}"#).words, "bare");
    }

    #[test]
    fn every_shape_of_error_body_is_read() {
        let v3 = explain(&response(400, r#"{"code":"INVALID_ARGUMENT","message":"bad"}"#));
        assert_eq!((v3.code.as_deref(), v3.text.as_deref()), (Some("INVALID_ARGUMENT"), Some("bad")));
        assert_eq!(v3.request_id.as_deref(), Some("R1"));
        assert_eq!(explain(&response(401, r#"{"code":"401","details":"d"}"#)).text.as_deref(), Some("d"));
        assert_eq!(
            explain(&response(429, r#"{"message":"Too Many Requests"}"#)).text.as_deref(),
            Some("Too Many Requests")
        );
        assert_eq!(
            explain(&response(502, "<html><title>Bad</title>")).text.as_deref(),
            Some("a web page: Bad")
        );
        assert_eq!(explain(&response(500, "")).text, None);
        let scope =
            explain(&response(401, r#"{"code":"UNAUTHORIZED","details":"Not authorized to access scope 1"}"#));
        assert!(scope.hint.unwrap().contains("region"));
    }

    #[test]
    fn a_stale_page_token_is_told_from_other_bad_arguments() {
        let stale = r#"{"code":"INVALID_ARGUMENT","message":"m","errors":[{"errorType":"invalidInputError",
            "errorValue":{"invalidInputError":{"reason":"INVALID_TOKEN","message":"x"}}}]}"#;
        assert!(is_stale_token(&response(400, stale)));
        assert!(!is_stale_token(&response(400, r#"{"code":"INVALID_ARGUMENT","message":"m"}"#)));
        assert!(!is_stale_token(&response(500, stale)));
    }

    #[test]
    fn a_revoked_refresh_token_says_what_to_run() {
        let answer = response(400, r#"{"error":"invalid_grant","error_description":"revoked"}"#);
        let problem = sign_in(&AccountName::new("acme"), &answer);
        assert_eq!(problem.kind, ProblemKind::Auth);
        assert_eq!(problem.detail, "400 invalid_grant revoked");
        assert!(problem.hint.contains("unbid login acme"));
    }
}
