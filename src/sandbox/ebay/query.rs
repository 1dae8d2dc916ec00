//! Query parameters and pages. Values are strings, lists are separated by commas, `limit` and `offset` count items.
//! Links are whole URLs on the host that the client asked, with its own filters as it wrote them.

use axum::Json;
use axum::extract::Query as Pairs;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::super::pipeline::Items;
use super::Inbound;
use super::error::Fault;

/// Items a page when no limit is given (getCampaigns and getKeywords; the others document none).
const DEFAULT_LIMIT: usize = 10;
/// The most items a page.
const MOST: usize = 500;

/// Decoded query parameters.
#[derive(Debug, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Of a call.
    pub fn of(inbound: &Inbound) -> Self {
        Pairs::try_from_uri(&inbound.uri).map_or_else(|_| Self::default(), |Pairs(pairs)| Self(pairs))
    }

    /// A parameter that is there and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// The pieces of a comma list; none when the parameter is not given.
    pub fn list(&self, name: &str) -> Option<Vec<&str>> {
        Some(self.get(name)?.split(',').map(str::trim).filter(|piece| !piece.is_empty()).collect())
    }

    /// Ids of a comma list. What is no number is nobody's id.
    pub fn ids(&self, name: &str) -> Option<Vec<u64>> {
        Some(self.list(name)?.into_iter().filter_map(|id| id.parse().ok()).collect())
    }

    /// Limit and offset.
    ///
    /// # Errors
    /// 35029 and 35030.
    pub fn window(&self) -> Result<Window, Fault> {
        let limit = self.get("limit").map_or(Ok(DEFAULT_LIMIT), |limit| match limit.parse() {
            Ok(limit) if (1..=MOST).contains(&limit) => Ok(limit),
            _ => Err(Fault::new(35029).with("maxLimitValue", &MOST)),
        })?;
        let offset =
            self.get("offset").map_or(Ok(0), |offset| offset.parse().map_err(|_| Fault::new(35030)))?;
        Ok(Window { limit, offset })
    }
}

/// Which part of a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    limit: usize,
    offset: usize,
}

impl Window {
    /// The page of these rows, each written by `write`.
    pub fn page<T, R: Serialize>(
        self,
        inbound: &Inbound,
        key: &'static str,
        rows: impl Iterator<Item = T>,
        write: impl Fn(T) -> R,
    ) -> Response {
        let (mut page, mut total) = (Vec::new(), 0);
        for row in rows {
            if (self.offset..self.offset.saturating_add(self.limit)).contains(&total) {
                page.push(json!(write(row)));
            }
            total += 1;
        }
        let count = page.len();
        let link = |offset: usize| self.link(inbound, offset);
        let mut body = Map::new();
        body.insert(key.into(), page.into());
        body.insert("href".into(), link(self.offset).into());
        body.insert("limit".into(), self.limit.into());
        body.insert("offset".into(), self.offset.into());
        body.insert("total".into(), total.into());
        if inbound.call.repeats_page() {
            body.insert("next".into(), link(self.offset).into());
        } else if self.offset.saturating_add(count) < total && count > 0 {
            body.insert("next".into(), link(self.offset + self.limit).into());
        }
        if self.offset > 0 {
            body.insert("prev".into(), link(self.offset.saturating_sub(self.limit)).into());
        }
        let mut response = Json(Value::Object(body)).into_response();
        response.extensions_mut().insert(Items(count));
        response
    }

    fn link(self, inbound: &Inbound, offset: usize) -> String {
        let ours = |pair: &&str| {
            let name = pair.split('=').next().unwrap_or_default();
            !matches!(name, "" | "limit" | "offset")
        };
        let mut pairs: Vec<String> =
            inbound.uri.query().unwrap_or_default().split('&').filter(ours).map(str::to_owned).collect();
        pairs.push(format!("limit={}", self.limit));
        pairs.push(format!("offset={offset}"));
        format!("{}{}?{}", inbound.origin(), inbound.uri.path(), pairs.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&str, &str)]) -> Query {
        Query(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn limits_are_strings_from_1_to_500() {
        assert_eq!(query(&[]).window(), Ok(Window { limit: 10, offset: 0 }));
        assert_eq!(query(&[("limit", "500"), ("offset", "7")]).window(), Ok(Window { limit: 500, offset: 7 }));
        for limit in ["0", "501", "-1", "many"] {
            assert_eq!(query(&[("limit", limit)]).window().expect_err("limit").id(), 35029);
        }
        assert_eq!(query(&[("offset", "-1")]).window().expect_err("offset").id(), 35030);
    }

    #[test]
    fn lists_are_separated_by_commas() {
        let query = query(&[("ad_group_ids", "1, 2,x,"), ("empty", "")]);
        assert_eq!(query.ids("ad_group_ids"), Some(vec![1, 2]));
        assert_eq!(query.list("empty"), None);
    }
}
