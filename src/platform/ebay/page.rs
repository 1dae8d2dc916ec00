//! One page of a list: its call, its rows, or why it did not come. Decides nothing about the listing as a
//! whole, which is `list.rs`; where the next pages lie is `paging.rs`.

use std::collections::HashSet;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::domain::ids::{AdGroupId, CampaignId};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Request, Response};
use crate::platform::traits::SendError;

use super::Link;
use super::errors::{self, code};
use super::paging::{Leg, Told};
use super::wire;

/// What a page is of.
#[derive(Clone, Debug)]
pub(super) enum What {
    Campaigns(&'static str),
    AdGroups(CampaignId),
    Negatives(Arc<[(AdGroupId, CampaignId)]>),
    Keywords(CampaignId),
}

/// One page to be asked for.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub what: What,
    pub leg: Leg,
}

/// The rows of a page.
pub(super) enum Rows {
    Campaigns(Vec<wire::Campaign>),
    AdGroups(Vec<wire::AdGroup>),
    Negatives(Vec<wire::NegativeKeyword>),
    Keywords(Vec<wire::Keyword>),
}

/// Why a page did not come.
pub(super) struct Failure {
    pub problem: Problem,
    /// The platform's codes.
    pub codes: Vec<i64>,
    /// A smaller page size that it asked for.
    pub limit: Option<usize>,
    /// The sign-in itself is refused: no other call will fare better.
    pub signed_out: bool,
}

/// A page, or why there is none.
pub(super) type Page = Result<(Rows, Told), Box<Failure>>;

impl Job {
    /// The call for it.
    pub fn request(&self, link: &Link) -> Request {
        let place = self.leg.place;
        match &self.what {
            What::Campaigns(targeting) => link.calls.campaigns(targeting, place),
            What::AdGroups(campaign) => link.calls.ad_groups(campaign.raw(), place),
            What::Keywords(campaign) => link.calls.keywords(campaign.raw(), place),
            What::Negatives(batch) => {
                let ids: Vec<&str> = batch.iter().map(|(group, _)| group.raw()).collect();
                link.calls.negatives(&ids.join(","), place)
            }
        }
    }

    /// Makes the call.
    pub async fn run(self, link: Arc<Link>) -> (Self, Page) {
        let request = self.request(&link);
        let page = match link.channel.send(&request).await {
            Ok(response) if response.ok() => self.decode(&link, &request, &response),
            Ok(response) => {
                Err(Box::new(Failure::of(link.channel.refusal(&request, &response), &response, self.leg)))
            }
            Err(error) => Err(Box::new(Failure::unanswered(&error))),
        };
        (self, page)
    }

    fn decode(&self, link: &Link, request: &Request, response: &Response) -> Page {
        fn page<T: DeserializeOwned>(
            body: &[u8],
            make: fn(Vec<T>) -> Rows,
        ) -> serde_json::Result<(Rows, Told)> {
            let page: wire::Page<T> = serde_json::from_slice(body)?;
            let rows = page.rows.unwrap_or_default();
            let told = Told { count: rows.len(), total: page.total, next: page.next };
            Ok((make(rows), told))
        }
        let body = &response.body;
        let page = match &self.what {
            What::Campaigns(_) => page(body, Rows::Campaigns),
            What::AdGroups(_) => page(body, Rows::AdGroups),
            What::Negatives(_) => page(body, Rows::Negatives),
            What::Keywords(_) => page(body, Rows::Keywords),
        };
        page.map_err(|why| {
            let problem = link.channel.unreadable(request, response, &why.to_string());
            Box::new(Failure { problem, codes: Vec::new(), limit: None, signed_out: false })
        })
    }

    /// The campaigns that a failure of it concerns; `None` for the account.
    pub fn campaigns(&self) -> Option<Vec<CampaignId>> {
        match &self.what {
            What::Campaigns(_) => None,
            What::AdGroups(campaign) | What::Keywords(campaign) => Some(vec![campaign.clone()]),
            What::Negatives(batch) => {
                let mut seen = HashSet::new();
                Some(batch.iter().map(|(_, home)| home).filter(|home| seen.insert(*home)).cloned().collect())
            }
        }
    }
}

impl Failure {
    fn of(problem: Problem, response: &Response, leg: Leg) -> Self {
        let listed = errors::errors(&response.body);
        let codes = listed.iter().filter_map(|error| error.error_id).collect();
        // 35029: "has to be greater than zero and less than {maxLimitValue}".
        let limit = listed.iter().find(|error| error.is(code::LIMIT)).and_then(|error| {
            let most = error.figure().unwrap_or(leg.place.limit / 2).min(leg.place.limit);
            most.checked_sub(1).filter(|limit| *limit > 0)
        });
        Self { problem, codes, limit, signed_out: false }
    }

    fn unanswered(error: &SendError) -> Self {
        let problem = error.problem().clone();
        let signed_out = problem.kind == ProblemKind::Auth;
        Self { problem, codes: Vec::new(), limit: None, signed_out }
    }

    /// Whether the platform gave this code.
    pub fn has(&self, code: i64) -> bool {
        self.codes.contains(&code)
    }

    /// Whether it speaks of one campaign or ad group, so that others in the same call may fare better.
    pub fn concerns_a_parent(&self) -> bool {
        [code::SMART, code::NO_CAMPAIGN, code::NO_AD_GROUP, code::ARCHIVED_AD_GROUP]
            .iter()
            .any(|code| self.has(*code))
    }
}
