//! Listing: campaigns and ad groups in one call each, negatives and keywords by campaign, all side by side. No
//! list of Sam's Club has pages. What rows mean is `map.rs`.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use tokio::task::JoinSet;

use crate::domain::ids::CampaignId;
use crate::domain::negative::Negative;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::Request;
use crate::platform::lenient::Rows;
use crate::platform::traits::{Fetched, Scope, SendError, Sink};

use super::{Link, map};

/// One call of a listing.
#[derive(Clone, Debug)]
enum Job {
    Campaigns(Option<CampaignId>),
    AdGroups(Option<CampaignId>),
    Negatives(CampaignId),
    Keywords(CampaignId),
}

/// Why a call brought nothing.
struct Failure {
    problem: Problem,
    /// The sign-in itself is refused: no other call will fare better.
    signed_out: bool,
    /// 404: what was asked for is not there.
    gone: bool,
}

type Page = Result<Fetched, Box<Failure>>;

impl Job {
    fn request(&self, link: &Link) -> Request {
        match self {
            Self::Campaigns(only) => link.calls.campaigns(only.as_ref().map(CampaignId::raw)),
            Self::AdGroups(only) => link.calls.ad_groups(only.as_ref().map(CampaignId::raw)),
            Self::Negatives(campaign) => link.calls.negatives(campaign.raw()),
            Self::Keywords(campaign) => link.calls.keywords(campaign.raw()),
        }
    }

    async fn run(self, link: Arc<Link>) -> (Self, Page) {
        let request = self.request(&link);
        let page = match &self {
            Self::Campaigns(_) => {
                rows(&link, &request).await.map(|rows| Fetched::Campaigns(each(rows, map::campaign)))
            }
            Self::AdGroups(_) => {
                rows(&link, &request).await.map(|rows| Fetched::AdGroups(each(rows, map::ad_group)))
            }
            Self::Negatives(asked) => rows(&link, &request)
                .await
                .map(|rows| Fetched::Negatives(each(rows, |row| map::negative(row, asked)))),
            Self::Keywords(asked) => rows(&link, &request)
                .await
                .map(|rows| Fetched::Keywords(each(rows, |row| map::keyword(row, asked)))),
        };
        (self, page)
    }

    /// The campaigns that a failure of it concerns; `None` for the account.
    fn campaigns(&self) -> Option<Vec<CampaignId>> {
        match self {
            Self::Campaigns(only) | Self::AdGroups(only) => only.clone().map(|id| vec![id]),
            Self::Negatives(campaign) | Self::Keywords(campaign) => Some(vec![campaign.clone()]),
        }
    }
}

fn each<T, U>(rows: Vec<T>, make: impl FnMut(T) -> U) -> Vec<U> {
    rows.into_iter().map(make).collect()
}

/// The rows of a list.
async fn rows<T: DeserializeOwned>(link: &Link, request: &Request) -> Result<Vec<T>, Box<Failure>> {
    let fail = |problem, signed_out, gone| Box::new(Failure { problem, signed_out, gone });
    match link.channel.send(request).await {
        // A list of nothing is an empty list; `null` is no list, and would empty the snapshot.
        Ok(response) if response.ok() && response.body.trim_ascii() == b"null" => {
            Err(fail(link.channel.unreadable(request, &response, "null instead of a list"), false, false))
        }
        Ok(response) if response.ok() => serde_json::from_slice::<Rows<T>>(&response.body)
            .map(|rows| rows.0)
            .map_err(|why| fail(link.channel.unreadable(request, &response, &why.to_string()), false, false)),
        Ok(response) => {
            Err(fail(link.channel.refusal(request, &response), response.status == 403, response.status == 404))
        }
        Err(SendError::NotSent(problem) | SendError::Unknown(problem)) => {
            let signed_out = problem.kind == ProblemKind::Auth;
            Err(fail(problem, signed_out, false))
        }
    }
}

/// Lists what `scope` asks for.
pub(super) async fn fetch(link: &Arc<Link>, scope: &Scope, sink: &Sink) -> Result<(), Problem> {
    let mut scan = Scan {
        link: Arc::clone(link),
        scope,
        sink,
        running: JoinSet::new(),
        wanted: scope.campaigns.as_ref().map(|list| list.iter().cloned().collect()),
    };
    // One campaign is asked for by its id; several cost no more than all.
    let only = match scope.campaigns.as_deref() {
        Some([only]) => Some(only.clone()),
        _ => None,
    };
    if scope.structure {
        scan.start(Job::AdGroups(only.clone()));
    }
    if scope.structure || scope.campaigns.is_none() {
        scan.start(Job::Campaigns(only));
    }
    for campaign in scope.campaigns.iter().flatten() {
        scan.open(campaign);
    }
    scan.run().await
}

/// One listing under way.
struct Scan<'a> {
    link: Arc<Link>,
    scope: &'a Scope,
    sink: &'a Sink,
    running: JoinSet<(Job, Page)>,
    wanted: Option<HashSet<CampaignId>>,
}

impl Scan<'_> {
    fn start(&mut self, job: Job) {
        self.running.spawn(job.run(Arc::clone(&self.link)));
    }

    /// Asks for what lies under a campaign.
    fn open(&mut self, campaign: &CampaignId) {
        if self.scope.negatives {
            self.start(Job::Negatives(campaign.clone()));
        }
        if self.scope.keywords {
            self.start(Job::Keywords(campaign.clone()));
        }
    }

    async fn run(mut self) -> Result<(), Problem> {
        while let Some(done) = self.running.join_next().await {
            // A task ends without its page only by a panic or when the runtime goes down.
            let (job, page) = done.map_err(|why| {
                Problem::new(ProblemKind::Cancelled, "Listing stopped half-way").detail(why.to_string())
            })?;
            match page {
                Ok(fetched) => self.take(fetched).await?,
                Err(failure) => self.fail(job, *failure).await?,
            }
        }
        Ok(())
    }

    async fn take(&mut self, fetched: Fetched) -> Result<(), Problem> {
        let fetched = match fetched {
            Fetched::Campaigns(mut campaigns) => {
                match &self.wanted {
                    Some(wanted) => campaigns.retain(|campaign| wanted.contains(&campaign.id)),
                    None => campaigns.iter().for_each(|campaign| self.open(&campaign.id)),
                }
                if !self.scope.structure {
                    return Ok(());
                }
                Fetched::Campaigns(campaigns)
            }
            Fetched::AdGroups(mut groups) => {
                if let Some(wanted) = &self.wanted {
                    groups.retain(|group| wanted.contains(&group.campaign));
                }
                Fetched::AdGroups(groups)
            }
            other => other,
        };
        self.put(fetched).await
    }

    async fn fail(&mut self, job: Job, failure: Failure) -> Result<(), Problem> {
        match &job {
            _ if failure.signed_out => return Err(failure.problem),
            // A campaign that was asked for by its id and is deleted.
            Job::Campaigns(Some(_)) | Job::AdGroups(Some(_)) if failure.gone => return Ok(()),
            // Nothing can be had without the campaigns.
            Job::Campaigns(_) => return Err(failure.problem),
            _ => {}
        }
        self.put(Fetched::Failed { campaigns: job.campaigns(), problem: failure.problem }).await
    }

    async fn put(&self, fetched: Fetched) -> Result<(), Problem> {
        self.sink.send(fetched).await.map_err(|_| Problem::new(ProblemKind::Cancelled, "Listing was stopped"))
    }
}

/// The negatives of one campaign.
pub(super) async fn negatives_of(link: &Arc<Link>, campaign: &CampaignId) -> Result<Vec<Negative>, Problem> {
    match Job::Negatives(campaign.clone()).run(Arc::clone(link)).await {
        (_, Ok(Fetched::Negatives(rows))) => Ok(rows),
        (_, Ok(_)) => Ok(Vec::new()),
        (_, Err(failure)) => Err(failure.problem),
    }
}

/// Reads these negatives as they are now, by the lists of their campaigns: there is no call for one.
pub(super) async fn read_back(link: &Arc<Link>, negatives: &[Negative]) -> Result<Vec<Negative>, Problem> {
    let mut wanted: HashMap<&CampaignId, HashSet<&str>> = HashMap::new();
    for negative in negatives {
        wanted.entry(&negative.campaign).or_default().insert(negative.id.raw());
    }
    let mut running = JoinSet::new();
    for campaign in wanted.keys() {
        let (link, campaign) = (Arc::clone(link), (*campaign).clone());
        running.spawn(async move {
            let rows = negatives_of(&link, &campaign).await;
            (campaign, rows)
        });
    }
    let mut found = Vec::new();
    while let Some(done) = running.join_next().await {
        let (campaign, rows) = done.map_err(|why| {
            Problem::new(ProblemKind::Cancelled, "Reading back stopped half-way").detail(why.to_string())
        })?;
        let ids = wanted.get(&campaign);
        found.extend(rows?.into_iter().filter(|row| ids.is_some_and(|ids| ids.contains(row.id.raw()))));
    }
    Ok(found)
}
