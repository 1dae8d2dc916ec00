//! Error bodies: refusals of a whole call, and the errors of single items in a 207.
//! Shapes and reasons are those of the Sponsored Products v3 spec (schemas `…MutationErrorSelector`, `…ExceptionResponseContent`);
//! which error an item gets is decided in `rules.rs` and `write.rs`.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// A refusal of a whole call.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
    errors: Vec<ItemError>,
    shape: Shape,
}

/// How a refusal is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// `code` and `message`: Sponsored Products v3.
    Usual,
    /// `code` and `details`: `/v2` and the brand operations.
    Older,
    /// The status as `code`, and `detail`: reporting v3 (schema `AsyncReportingError`).
    Reporting,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), errors: Vec::new(), shape: Shape::Usual }
    }

    /// 400: the request cannot be read.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", message)
    }

    /// 400 in the words of Amazon's own validation, as clients quote them.
    pub fn constraint(value: &str, at: &str, constraint: &str) -> Self {
        Self::invalid(format!(
            "1 validation error detected: Value '{value}' at '{at}' failed to satisfy constraint: {constraint}"
        ))
    }

    /// 400: a `nextToken` that was not given for this very list.
    pub fn token(token: &str) -> Self {
        let error = ItemError {
            kind: "invalidInputError",
            reason: "INVALID_TOKEN",
            message: "The nextToken is not valid".to_owned(),
            location: "$.nextToken".to_owned(),
            trigger: Some(token.to_owned()),
            extra: Vec::new(),
        };
        Self { errors: vec![error], ..Self::invalid("The nextToken is not valid") }
    }

    /// 401.
    pub fn unauthorized(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", message)
    }

    /// 404.
    pub fn not_found(message: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", message)
    }

    /// 406: none of the types of `Accept` can be given. The spec has no body for it.
    pub fn not_acceptable() -> Self {
        Self::new(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", "Could not find acceptable representation")
    }

    /// 415.
    pub fn media_type(content_type: &str) -> Self {
        let message = format!("Cannot consume content type {content_type}");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message)
    }

    /// The same in the shape of the older resources.
    pub fn older(self) -> Self {
        Self { shape: Shape::Older, ..self }
    }

    /// The same in the shape of reporting v3.
    pub fn reporting(self) -> Self {
        Self { shape: Shape::Reporting, ..self }
    }

    /// 425: an equal report is there already. The text is the one that clients of the real service quote.
    pub fn duplicate_report(id: &str) -> Self {
        let message = format!("The Request is a duplicate of : {id}");
        Self::new(StatusCode::TOO_EARLY, "TOO_EARLY", message).reporting()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let text = match self.shape {
            Shape::Usual => "message",
            Shape::Older => "details",
            Shape::Reporting => "detail",
        };
        let code = match self.shape {
            Shape::Reporting => self.status.as_u16().to_string(),
            Shape::Usual | Shape::Older => self.code.to_owned(),
        };
        let mut body = Map::new();
        body.insert("code".into(), code.into());
        body.insert(text.into(), self.message.into());
        if !self.errors.is_empty() {
            body.insert("errors".into(), self.errors.iter().map(ItemError::json).collect());
        }
        (self.status, Json(Value::Object(body))).into_response()
    }
}

/// Why one item of a batch failed.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemError {
    kind: &'static str,
    reason: &'static str,
    message: String,
    location: String,
    trigger: Option<String>,
    extra: Vec<(&'static str, Value)>,
}

impl ItemError {
    fn new(kind: &'static str, reason: &'static str, location: &str, message: impl Into<String>) -> Self {
        Self {
            kind,
            reason,
            message: message.into(),
            location: location.to_owned(),
            trigger: None,
            extra: Vec::new(),
        }
    }

    /// Names the offending value.
    pub fn trigger(self, value: &str) -> Self {
        Self { trigger: Some(value.to_owned()), ..self }
    }

    fn with(mut self, key: &'static str, value: impl Into<Value>) -> Self {
        self.extra.push((key, value.into()));
        self
    }

    /// An equal one is there.
    pub fn duplicate(location: &str) -> Self {
        Self::new(
            "duplicateValueError",
            "DUPLICATE_VALUE",
            location,
            "An entity with the same value already exists",
        )
    }

    /// A text that breaks the rules; `reason` is of the spec's `MalformedValueErrorReason`.
    pub fn malformed(reason: &'static str, location: &str, message: impl Into<String>, fragment: &str) -> Self {
        Self::new("malformedValueError", reason, location, message).with("fragment", fragment)
    }

    /// A field that is required.
    pub fn missing(location: &str) -> Self {
        Self::new("missingValueError", "MISSING_VALUE", location, "A required value is missing")
    }

    /// A word that is none of the allowed ones.
    pub fn not_allowed(reason: &'static str, location: &str, value: &str, allowed: &[&str]) -> Self {
        let message = format!("The value is not among {}", allowed.join(", "));
        Self::new("rangeError", reason, location, message)
            .trigger(value)
            .with("allowed", allowed.iter().map(|word| json!(word)).collect::<Vec<_>>())
    }

    /// No such entity in this profile.
    pub fn not_found(entity: &'static str, id: &str, location: &str) -> Self {
        Self::new("entityNotFoundError", "ENTITY_NOT_FOUND", location, "The entity was not found")
            .trigger(id)
            .with("entityId", id)
            .with("entityType", entity)
    }

    /// The parent holds as many unarchived ones as it may.
    pub fn quota(entity: &'static str, location: &str, quota: u32) -> Self {
        let message = format!("The parent already has {quota} entities that are not archived");
        Self::new("entityQuotaError", "NON_ARCHIVED_QUOTA_EXCEEDED", location, message)
            .with("entityType", entity)
            .with("quota", quota.to_string())
            .with("quotaScope", "PARENT_ENTITY")
    }

    /// Its state, or its parent's, does not allow the change; `reason` is of the spec's `EntityStateErrorReason`.
    pub fn state(entity: &'static str, reason: &'static str, location: &str, message: &str) -> Self {
        Self::new("entityStateError", reason, location, message).with("entityType", entity)
    }

    /// The parent is not there or archived; `reason` is of the spec's `ParentEntityErrorReason`.
    pub fn parent(reason: &'static str, location: &str, message: &str) -> Self {
        Self::new("parentEntityError", reason, location, message)
    }

    /// An expression that names no product and no brand.
    pub fn expression(location: &str, message: impl Into<String>) -> Self {
        Self::new("targetingClauseSetupError", "TARGETING_EXPRESSION_INVALID_VALUE", location, message)
    }

    /// A refusal without a reason of its own.
    pub fn other(location: &str) -> Self {
        Self::new("otherError", "OTHER_ERROR", location, "The item could not be processed")
    }

    /// `{"errorType", "errorValue"}`: the type equals the selector's key, as in answers that clients have recorded.
    pub fn json(&self) -> Value {
        let mut cause = Map::new();
        cause.insert("location".into(), self.location.as_str().into());
        if let Some(trigger) = &self.trigger {
            cause.insert("trigger".into(), trigger.as_str().into());
        }
        let mut error = Map::new();
        error.insert("reason".into(), self.reason.into());
        error.insert("message".into(), self.message.as_str().into());
        error.insert("cause".into(), cause.into());
        for (key, value) in &self.extra {
            error.insert((*key).into(), value.clone());
        }
        json!({"errorType": self.kind, "errorValue": {self.kind: error}})
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    async fn body(refusal: Refusal) -> (u16, Value) {
        let response = refusal.into_response();
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("body in memory");
        (status, serde_json::from_slice(&bytes).expect("JSON"))
    }

    #[tokio::test]
    async fn a_bad_token_is_told_as_an_invalid_input_error() {
        let (status, body) = body(Refusal::token("x")).await;
        assert_eq!(status, 400);
        assert_eq!(body["code"], "INVALID_ARGUMENT");
        assert_eq!(body["errors"][0]["errorType"], "invalidInputError");
        assert_eq!(body["errors"][0]["errorValue"]["invalidInputError"]["reason"], "INVALID_TOKEN");
    }

    #[tokio::test]
    async fn older_resources_say_details() {
        let (_, body) = body(Refusal::unauthorized("no").older()).await;
        assert_eq!(body, json!({"code": "UNAUTHORIZED", "details": "no"}));
    }

    #[tokio::test]
    async fn reporting_says_detail_and_the_status_as_code() {
        let (status, body) = body(Refusal::duplicate_report("r-1")).await;
        assert_eq!(status, 425);
        assert_eq!(body, json!({"code": "425", "detail": "The Request is a duplicate of : r-1"}));
    }

    #[test]
    fn an_item_error_nests_under_its_own_type() {
        let error = ItemError::duplicate("$.negativeKeywords[1].keywordText").trigger("Toys").json();
        assert_eq!(error["errorType"], "duplicateValueError");
        let value = &error["errorValue"]["duplicateValueError"];
        assert_eq!(value["reason"], "DUPLICATE_VALUE");
        assert_eq!(value["cause"], json!({"location": "$.negativeKeywords[1].keywordText", "trigger": "Toys"}));
    }
}
