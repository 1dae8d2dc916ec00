//! Every request that we make of eBay, as a value without secrets. Sends nothing; bodies are the shapes of
//! `wire.rs`. Hosts and paths: Sell Marketing v1 and Sell Account v1 specifications, `servers`.

use serde::Serialize;

use crate::domain::request::{Body, Class, Method, Request};
use crate::platform::query::{segment, with_query};

use super::wire;

const MARKETING: &str = "/sell/marketing/v1";

/// getCampaigns and getKeywords: "Maximum: 500". The other lists name no maximum; an error 35029 names it.
pub(super) const PAGE: usize = 500;

/// The operations that `write.rs` tells apart.
pub(super) mod op {
    pub const CREATE: &str = "createNegativeKeyword";
    pub const BULK_CREATE: &str = "bulkCreateNegativeKeyword";
    pub const UPDATE: &str = "updateNegativeKeyword";
    pub const BULK_UPDATE: &str = "bulkUpdateNegativeKeyword";
}

/// Where a page lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub limit: usize,
    pub offset: usize,
}

/// The API of one host.
#[derive(Clone, Debug)]
pub(super) struct Calls {
    /// Scheme, host and whatever stands before `/sell`; no trailing slash.
    pub root: String,
}

impl Calls {
    /// getCampaigns: the priority strategy's campaigns of one targeting type. The list covers every marketplace
    /// of the seller; there is no filter for that.
    pub fn campaigns(&self, targeting: &str, place: Place) -> Request {
        let filter = [
            ("funding_strategy", "COST_PER_CLICK"),
            ("campaign_targeting_types", targeting),
            ("channels", "ON_SITE"),
        ];
        self.list("getCampaigns", "/ad_campaign", &filter, place)
    }

    /// getAdGroups of one campaign.
    pub fn ad_groups(&self, campaign: &str, place: Place) -> Request {
        self.list("getAdGroups", &format!("/ad_campaign/{}/ad_group", segment(campaign)), &[], place)
    }

    /// getNegativeKeywords of some ad groups, which `ad_group_ids` requires; both states are asked for, because
    /// what is listed without `negative_keyword_status` is not documented.
    pub fn negatives(&self, ad_groups: &str, place: Place) -> Request {
        let filter = [("ad_group_ids", ad_groups), ("negative_keyword_status", "ACTIVE,ARCHIVED")];
        self.list("getNegativeKeywords", "/negative_keyword", &filter, place)
    }

    /// getKeywords of one campaign, all its ad groups.
    pub fn keywords(&self, campaign: &str, place: Place) -> Request {
        self.list("getKeywords", &format!("/ad_campaign/{}/keyword", segment(campaign)), &[], place)
    }

    /// getNegativeKeyword.
    pub fn negative(&self, id: &str) -> Request {
        Self::read("getNegativeKeyword", format!("{}{MARKETING}/negative_keyword/{}", self.root, segment(id)))
    }

    /// getAdvertisingEligibility (Sell Account v1); the marketplace header is required there, and there alone.
    pub fn eligibility(&self, marketplace: &str) -> Request {
        let mut request = Self::read(
            "getAdvertisingEligibility",
            with_query(
                &format!("{}/sell/account/v1/advertising_eligibility", self.root),
                &[("program_types", "PROMOTED_LISTINGS_ADVANCED")],
            ),
        );
        request.headers.push(("X-EBAY-C-MARKETPLACE-ID".into(), marketplace.to_owned()));
        request
    }

    /// createNegativeKeyword: 201, no body, `Location`.
    pub fn create(&self, item: &wire::CreateNegativeKeyword<'_>) -> Request {
        self.write(op::CREATE, Method::Post, "/negative_keyword", item, Class::Create)
    }

    /// bulkCreateNegativeKeyword: 200 or 207; several ad groups may be mixed.
    pub fn bulk_create(&self, requests: Vec<wire::CreateNegativeKeyword<'_>>) -> Request {
        let body = wire::Requests { requests };
        self.write(op::BULK_CREATE, Method::Post, "/bulk_create_negative_keyword", &body, Class::Create)
    }

    /// updateNegativeKeyword: 204, no body.
    pub fn update(&self, id: &str, item: &wire::UpdateNegativeKeyword) -> Request {
        let path = format!("/negative_keyword/{}", segment(id));
        self.write(op::UPDATE, Method::Put, &path, item, Class::Update)
    }

    /// bulkUpdateNegativeKeyword, a POST: 200 or 207.
    pub fn bulk_update(&self, requests: Vec<wire::UpdateNegativeKeywordId<'_>>) -> Request {
        let body = wire::Requests { requests };
        self.write(op::BULK_UPDATE, Method::Post, "/bulk_update_negative_keyword", &body, Class::Update)
    }

    /// getReportMetadataForReportType; wants an application's token.
    pub fn report_metadata(&self) -> Request {
        let address = format!("{}{MARKETING}/ad_report_metadata/SEARCH_QUERY_PERFORMANCE_REPORT", self.root);
        let filter = [("funding_model", "COST_PER_CLICK"), ("channel", "ON_SITE")];
        Self::read("getReportMetadataForReportType", with_query(&address, &filter))
    }

    /// createReportTask: 202, no body, `Location`. A task twice is a file twice, which is nothing that anybody has: hence
    /// the class of a reading call.
    pub fn create_report(&self, body: &serde_json::Value) -> Request {
        self.write("createReportTask", Method::Post, "/ad_report_task", body, Class::Read)
    }

    /// getReportTask.
    pub fn report_task(&self, id: &str) -> Request {
        Self::read("getReportTask", format!("{}{MARKETING}/ad_report_task/{}", self.root, segment(id)))
    }

    /// getReport: the file.
    pub fn report(&self, id: &str) -> Request {
        let mut request =
            Self::read("getReport", format!("{}{MARKETING}/ad_report/{}", self.root, segment(id)));
        request.headers = vec![("Accept".into(), "text/tab-separated-values, application/json".to_owned())];
        request
    }

    fn list(&self, operation: &'static str, path: &str, filter: &[(&str, &str)], place: Place) -> Request {
        let (limit, offset) = (place.limit.to_string(), place.offset.to_string());
        let mut pairs = filter.to_vec();
        pairs.push(("limit", &limit));
        pairs.push(("offset", &offset));
        Self::read(operation, with_query(&format!("{}{MARKETING}{path}", self.root), &pairs))
    }

    fn read(operation: &'static str, url: String) -> Request {
        Request {
            operation: operation.into(),
            method: Method::Get,
            url,
            headers: vec![("Accept".into(), "application/json".to_owned())],
            secret_headers: vec!["Authorization".into()],
            body: Body::Empty,
            class: Class::Read,
        }
    }

    fn write(
        &self,
        operation: &'static str,
        method: Method,
        path: &str,
        body: &impl Serialize,
        class: Class,
    ) -> Request {
        Request {
            operation: operation.into(),
            method,
            url: format!("{}{MARKETING}{path}", self.root),
            headers: vec![
                ("Accept".into(), "application/json".to_owned()),
                ("Content-Type".into(), "application/json".to_owned()),
            ],
            secret_headers: vec!["Authorization".into()],
            // The bodies are structs of strings, which always have a JSON form.
            body: Body::Json(serde_json::to_value(body).unwrap_or_default()),
            class,
        }
    }
}
