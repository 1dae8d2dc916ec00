//! Every request that we make of Sam's Club, as a value without secrets. Sends nothing. Paths and parameters:
//! developer.samsclub.com, "Negative Keywords", "Campaigns", "Ad Groups", "Keywords".

use serde::Serialize;

use crate::domain::request::{Body, Class, Method, Request};
use crate::platform::query::with_query;

use super::auth::SECRET_HEADERS;
use super::wire;

/// The operations that `write.rs` tells apart.
pub(super) mod op {
    pub const ADD: &str = "addNegativeKeywords";
    pub const UPDATE: &str = "updateNegativeKeywords";
}

/// The API of one advertiser.
#[derive(Clone, Debug)]
pub(super) struct Calls {
    /// The service base, up to and without `/api/v1`; no trailing slash.
    pub service: String,
    /// The advertiser's id.
    pub advertiser: String,
}

/// A base address without the `/api/v1` of the operations: the page "Authentication" prints it with, all others
/// without. The `v1` of the proxy's own service name (`api-sams/v1`) stays.
pub(super) fn service(base: &str) -> &str {
    let base = base.trim().trim_end_matches('/');
    base.strip_suffix("/api/v1").unwrap_or(base).trim_end_matches('/')
}

impl Calls {
    /// All campaigns, or one.
    pub fn campaigns(&self, only: Option<&str>) -> Request {
        self.list("listCampaigns", "campaigns", only)
    }

    /// All ad groups, or one campaign's.
    pub fn ad_groups(&self, only: Option<&str>) -> Request {
        self.list("listAdGroups", "adGroups", only)
    }

    /// A campaign's negatives; both ids are required.
    pub fn negatives(&self, campaign: &str) -> Request {
        self.list("listNegativeKeywords", "negative_keywords", Some(campaign))
    }

    /// A campaign's positive keywords; the call takes no advertiser.
    pub fn keywords(&self, campaign: &str) -> Request {
        self.request(
            "listKeywords",
            Method::Get,
            "keywords",
            &[("campaignId", campaign)],
            Body::Empty,
            Class::Read,
        )
    }

    /// Adds negatives. The body names campaign and ad group of each; the query is left empty as in the sample.
    pub fn add(&self, items: &[wire::CreateNegative<'_>]) -> Request {
        self.request(op::ADD, Method::Post, "negative_keywords", &[], json(items), Class::Create)
    }

    /// Switches negatives of one campaign on or off.
    pub fn update(&self, campaign: &str, items: &[wire::UpdateNegative]) -> Request {
        let query = [("advertiserId", self.advertiser.as_str()), ("campaignId", campaign)];
        self.request(op::UPDATE, Method::Put, "negative_keywords", &query, json(items), Class::Update)
    }

    /// The last day that reports know.
    pub fn latest_report_date(&self) -> Request {
        self.request("latestReportDate", Method::Get, "latestReportDate", &[], Body::Empty, Class::Read)
    }

    /// Asks for a report snapshot ("Snapshot Reports v2"). A snapshot twice is a file twice, which is nothing that anybody
    /// has: hence the class of a reading call.
    pub fn create_report(&self, body: serde_json::Value) -> Request {
        let mut request =
            self.request("createReportSnapshot", Method::Post, "", &[], Body::Json(body), Class::Read);
        request.url = format!("{}/api/v2/snapshot/report", self.service);
        request
    }

    /// Looks at a snapshot.
    pub fn snapshot(&self, id: &str) -> Request {
        let query = [("advertiserId", self.advertiser.as_str()), ("snapshotId", id)];
        let mut request = self.request("getSnapshot", Method::Get, "", &[], Body::Empty, Class::Read);
        request.url = with_query(&format!("{}/api/v2/snapshot", self.service), &query);
        request
    }

    /// The file of a snapshot, at the address that it names.
    pub fn file(&self, url: String) -> Request {
        let mut request = self.request("getSnapshotFile", Method::Get, "", &[], Body::Empty, Class::Read);
        request.headers.clear();
        request.url = url;
        request
    }

    fn list(&self, operation: &'static str, path: &str, campaign: Option<&str>) -> Request {
        let advertiser = ("advertiserId", self.advertiser.as_str());
        let query: Vec<_> = std::iter::once(advertiser).chain(campaign.map(|id| ("campaignId", id))).collect();
        self.request(operation, Method::Get, path, &query, Body::Empty, Class::Read)
    }

    fn request(
        &self,
        operation: &'static str,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Body,
        class: Class,
    ) -> Request {
        let mut headers = vec![("Accept".into(), "application/json".to_owned())];
        if body != Body::Empty {
            headers.push(("Content-Type".into(), "application/json".to_owned()));
        }
        Request {
            operation: operation.into(),
            method,
            url: with_query(&format!("{}/api/v1/{path}", self.service), query),
            headers,
            secret_headers: SECRET_HEADERS.iter().map(|name| (*name).into()).collect(),
            body,
            class,
        }
    }
}

/// Structs of strings and numbers always have a JSON form.
fn json(items: &[impl Serialize]) -> Body {
    Body::Json(serde_json::to_value(items).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_is_taken_with_and_without_the_operations_own_prefix() {
        let base = "https://developer.api.us.walmart.com/api-proxy/service/sp/api-sams/v1";
        for written in
            [base.to_owned(), format!("{base}/"), format!("{base}/api/v1"), format!("{base}/api/v1/")]
        {
            assert_eq!(service(&written), base, "{written}");
        }
        assert_eq!(service("http://127.0.0.1:4012"), "http://127.0.0.1:4012");
        assert_eq!(service("http://127.0.0.1:4012/api/v1/"), "http://127.0.0.1:4012");
    }
}
