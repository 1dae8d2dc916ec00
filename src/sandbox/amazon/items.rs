//! Batches: the items of a write as they come in, and their results as they go out in a 207.
//! Only shapes (schemas `Create…`, `Update…`, `Bulk…OperationResponse` of the Sponsored Products v3 spec); what an item does is in `write.rs`.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::call::Call;
use super::super::pipeline::Items;
use super::super::realm::Realm;
use super::error::{ItemError, Refusal};
use super::filter::object;
use super::resource::Negatives;
use super::{media, wire};

/// The most items of a call: the spec's `maxItems`.
pub const MOST: usize = 1_000;

/// An item of any create or update. Fields of other kinds of negatives, and unknown ones, are passed over.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Item {
    pub campaign_id: Option<String>,
    pub ad_group_id: Option<String>,
    pub keyword_text: Option<String>,
    pub match_type: Option<String>,
    pub state: Option<String>,
    pub expression: Option<Vec<Predicate>>,
    pub keyword_id: Option<String>,
    pub target_id: Option<String>,
}

/// A predicate of an expression.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Predicate {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub value: Option<String>,
}

fn array(body: &[u8], path: &[&str]) -> Result<Vec<Value>, Refusal> {
    let at = path.join(".");
    let mut value = Value::Object(object(body)?);
    for key in path {
        value = match value {
            Value::Object(mut map) => map.remove(*key).unwrap_or_default(),
            _ => Value::Null,
        };
    }
    let items = match value {
        Value::Array(items) => items,
        Value::Null => return Err(Refusal::constraint("null", &at, "Member must not be null")),
        _ => return Err(Refusal::invalid(format!("'{at}' must be an array"))),
    };
    if items.len() > MOST {
        let constraint = format!("Member must have length less than or equal to {MOST}");
        return Err(Refusal::constraint(&format!("{} members", items.len()), &at, &constraint));
    }
    Ok(items)
}

/// The items under the one key of a create's or update's body.
///
/// # Errors
/// 400: another key, more than [`MOST`], a field of a wrong type.
pub fn batch(body: &[u8], key: &str) -> Result<Vec<Item>, Refusal> {
    let read = |(index, item)| {
        serde_json::from_value(item).map_err(|error| Refusal::invalid(format!("'{key}[{index}]': {error}")))
    };
    array(body, &[key])?.into_iter().enumerate().map(read).collect()
}

/// The ids of a delete.
///
/// # Errors
/// 400: another key, more than [`MOST`], ids that are no strings.
pub fn included(body: &[u8], key: &str) -> Result<Vec<String>, Refusal> {
    let read = |id| match id {
        Value::String(id) => Ok(id),
        _ => Err(Refusal::invalid(format!("'{key}.include' must be an array of strings"))),
    };
    array(body, &[key, "include"])?.into_iter().map(read).collect()
}

/// Results of a batch; an index is the item's place in the request.
#[derive(Debug, Default)]
pub struct Results {
    success: Vec<(usize, u64)>,
    error: Vec<(usize, Vec<ItemError>)>,
}

impl Results {
    /// Notes what came of an item: its id, or why not.
    pub fn push(&mut self, index: usize, result: Result<u64, Vec<ItemError>>) {
        match result {
            Ok(id) => self.success.push((index, id)),
            Err(errors) => self.error.push((index, errors)),
        }
    }

    /// The 207, whatever came of the items. Whole objects never carry `extendedData`.
    pub fn answer(mut self, call: &Call, kind: &Negatives, realm: &Realm, whole: bool) -> Response {
        call.reorder(&mut self.success);
        call.reorder(&mut self.error);
        let items = Items(self.success.len() + self.error.len());
        let brands = wire::brand_names(&realm.brands);
        let success = |&(index, id): &(usize, u64)| {
            let mut entry = Map::new();
            entry.insert("index".into(), index.into());
            entry.insert(kind.success_id.into(), id.to_string().into());
            if let Some(negative) = realm.negatives(kind.pool).get(id).filter(|_| whole) {
                entry.insert(
                    kind.representation.into(),
                    json!(wire::negative(negative, &negative.state, &brands, None)),
                );
            }
            Value::Object(entry)
        };
        let error = |(index, errors): &(usize, Vec<ItemError>)| json!({"index": index, "errors": errors.iter().map(ItemError::json).collect::<Vec<_>>()});
        let body = json!({ kind.list.key: {
            "success": self.success.iter().map(success).collect::<Vec<_>>(),
            "error": self.error.iter().map(error).collect::<Vec<_>>(),
        }});
        let mut response =
            (StatusCode::MULTI_STATUS, [(header::CONTENT_TYPE, kind.list.media)], Json(body)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind.list.media));
        if whole {
            response.headers_mut().insert("preference-applied", media::REPRESENTATION);
        }
        response.extensions_mut().insert(items);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_key_is_refused_and_so_are_too_many() {
        let wrong = br#"{"negativeTargetingClauses":[]}"#;
        assert!(batch(wrong, "campaignNegativeTargetingClauses").is_err());
        let many = |count: usize| json!({"negativeKeywords": vec![json!({}); count]}).to_string();
        assert_eq!(batch(many(1_000).as_bytes(), "negativeKeywords").expect("1,000").len(), 1_000);
        assert!(batch(many(1_001).as_bytes(), "negativeKeywords").is_err());
    }

    #[test]
    fn ids_are_strings() {
        let number = br#"{"negativeKeywords":[{"campaignId":12}]}"#;
        assert!(batch(number, "negativeKeywords").is_err());
        assert!(included(br#"{"x":{"include":[1]}}"#, "x").is_err());
        assert_eq!(included(br#"{"x":{"include":["1"]}}"#, "x").expect("ids"), ["1"]);
        assert!(included(br#"{"x":{}}"#, "x").is_err());
    }
}
