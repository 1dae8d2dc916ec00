//! An HTTP request and its answer as values, without secrets: what a plan shows and the journal keeps.
//! Auth headers are added at the send, in `platform::http`.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// The verbs that the platforms use.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, strum::Display, strum::EnumString,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    Get,
    /// Lists with a body, creates, archives, asks for a token.
    Post,
    /// Updates.
    Put,
    /// Not used for negatives; kept for reports.
    Delete,
}

/// What a repetition of the request would do; decides what may be retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Changes nothing.
    Read,
    /// Changes state to a given value; twice is as good as once.
    Update,
    /// Makes something; twice may make two.
    Create,
}

/// A body, if any.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// No body.
    #[default]
    Empty,
    /// JSON.
    Json(serde_json::Value),
}

/// One request, whole but for its secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The platform's own name of the operation, such as `CreateNegativeKeywords`.
    pub operation: CompactString,
    /// The verb.
    pub method: Method,
    /// The absolute address, query included and encoded.
    pub url: String,
    /// Headers that are no secret, in the order they are sent.
    pub headers: Vec<(CompactString, String)>,
    /// The names of the headers that are added at the send; a plan shows them as `***`.
    pub secret_headers: Vec<CompactString>,
    /// The body.
    pub body: Body,
    /// What a repetition would do.
    pub class: Class,
}

/// An answer, read whole within the size limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as it came.
    pub body: bytes::Bytes,
}

impl Response {
    /// The first header of that name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Whether the status is 2xx.
    pub fn ok(&self) -> bool {
        (200..300).contains(&self.status)
    }
}
