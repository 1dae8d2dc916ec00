//! Listing: campaigns, then their ad groups, then negatives by ad groups in large batches, each page a task of
//! its own. A page is `page.rs`; what rows mean is `map.rs`.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tokio::task::JoinSet;

use crate::domain::campaign::Holds;
use crate::domain::ids::{AdGroupId, CampaignId};
use crate::domain::negative::Negative;
use crate::domain::problem::{Problem, ProblemKind};
use crate::platform::traits::{Fetched, Scope, Sink};

use super::Link;
use super::calls::PAGE;
use super::errors::code;
use super::map::{self, MANUAL, SMART};
use super::page::{Failure, Job, Page, Rows, What};
use super::paging::{Leg, Told};
use super::wire;

/// How many ad groups one getNegativeKeywords call names. No error code of that call speaks of a maximum, so
/// the address's length decides: 200 ids stay well below the 8 kB that gateways take.
const MOST_GROUPS: usize = 200;
/// And how long their list may be.
const MOST_CHARS: usize = 4_000;

/// One listing under way.
struct Scan<'a> {
    link: Arc<Link>,
    scope: &'a Scope,
    sink: &'a Sink,
    running: JoinSet<(Job, Page)>,
    /// Pages of campaigns and ad groups that are still to come.
    structure: usize,
    /// Ad groups whose negatives are not asked for yet.
    waiting: Vec<(AdGroupId, CampaignId)>,
    homes: HashMap<AdGroupId, CampaignId>,
    wanted: Option<HashSet<CampaignId>>,
}

/// Lists what `scope` asks for.
pub(super) async fn fetch(link: &Arc<Link>, scope: &Scope, sink: &Sink) -> Result<(), Problem> {
    let mut scan = Scan::new(link, scope, sink);
    match &scope.campaigns {
        // Without the structure the campaigns' own rows are not needed.
        Some(campaigns) if !scope.structure => {
            for campaign in campaigns {
                scan.open(campaign);
            }
        }
        _ => {
            scan.start(What::Campaigns(MANUAL));
            // Smart campaigns hold no negatives (35129); one more list, side by side, shows them as such.
            if scope.structure {
                scan.start(What::Campaigns(SMART));
            }
        }
    }
    scan.run().await
}

/// Lists the negatives of these ad groups.
pub(super) async fn negatives_of(
    link: &Arc<Link>,
    groups: Vec<(AdGroupId, CampaignId)>,
    sink: &Sink,
) -> Result<(), Problem> {
    let scope = Scope { campaigns: None, structure: false, negatives: true, keywords: false };
    let mut scan = Scan::new(link, &scope, sink);
    scan.waiting = groups;
    scan.run().await
}

impl<'a> Scan<'a> {
    fn new(link: &Arc<Link>, scope: &'a Scope, sink: &'a Sink) -> Self {
        Self {
            link: Arc::clone(link),
            scope,
            sink,
            running: JoinSet::new(),
            structure: 0,
            waiting: Vec::new(),
            homes: HashMap::new(),
            wanted: scope.campaigns.as_ref().map(|list| list.iter().cloned().collect()),
        }
    }

    fn start(&mut self, what: What) {
        self.spawn(Job { what, leg: Leg::first(PAGE) });
    }

    fn spawn(&mut self, job: Job) {
        if matches!(job.what, What::Campaigns(_) | What::AdGroups(_)) {
            self.structure += 1;
        }
        self.running.spawn(job.run(Arc::clone(&self.link)));
    }

    /// Asks for what lies under a campaign.
    fn open(&mut self, campaign: &CampaignId) {
        if self.scope.structure || self.scope.negatives {
            self.start(What::AdGroups(campaign.clone()));
        }
        if self.scope.keywords {
            self.start(What::Keywords(campaign.clone()));
        }
    }

    async fn run(mut self) -> Result<(), Problem> {
        self.flush();
        while let Some(done) = self.running.join_next().await {
            // A task ends without its page only by a panic or when the runtime goes down.
            let (job, page) = done.map_err(|why| {
                Problem::new(ProblemKind::Cancelled, "Listing stopped half-way").detail(why.to_string())
            })?;
            if matches!(job.what, What::Campaigns(_) | What::AdGroups(_)) {
                self.structure -= 1;
            }
            match page {
                Ok((rows, told)) => self.take(&job, rows, &told).await?,
                Err(failure) => self.fail(job, failure).await?,
            }
            self.flush();
        }
        Ok(())
    }

    async fn take(&mut self, job: &Job, rows: Rows, told: &Told) -> Result<(), Problem> {
        match job.leg.after(told) {
            Ok(legs) => {
                for leg in legs {
                    self.spawn(Job { what: job.what.clone(), leg });
                }
            }
            Err(why) => {
                let problem = Problem::new(ProblemKind::Reply, "eBay's list does not come to an end")
                    .detail(format!("{}: {why}", job.request(&self.link).operation))
                    .hint("Refresh again; what was there before is kept.");
                self.put(Fetched::Failed { campaigns: job.campaigns(), problem }).await?;
            }
        }
        match (rows, &job.what) {
            (Rows::Campaigns(rows), What::Campaigns(asked)) => self.campaigns(rows, asked).await,
            (Rows::AdGroups(rows), What::AdGroups(campaign)) => self.ad_groups(rows, campaign).await,
            (Rows::Negatives(rows), _) => self.negatives(job, rows).await,
            (Rows::Keywords(rows), What::Keywords(campaign)) => {
                let rows = rows.into_iter().map(|row| map::keyword(row, campaign.clone())).collect();
                self.put(Fetched::Keywords(rows)).await
            }
            // `decode` makes the rows that the job is about.
            _ => Ok(()),
        }
    }

    async fn campaigns(&mut self, rows: Vec<wire::Campaign>, asked: &str) -> Result<(), Problem> {
        let mut campaigns = Vec::with_capacity(rows.len());
        for row in rows {
            let elsewhere = row.marketplace_id.as_ref().is_some_and(|id| *id != self.link.marketplace);
            let campaign = map::campaign(row, asked);
            if elsewhere || self.wanted.as_ref().is_some_and(|wanted| !wanted.contains(&campaign.id)) {
                continue;
            }
            if campaign.holds == Holds::Yes {
                self.open(&campaign.id);
            }
            campaigns.push(campaign);
        }
        if self.scope.structure { self.put(Fetched::Campaigns(campaigns)).await } else { Ok(()) }
    }

    async fn ad_groups(&mut self, rows: Vec<wire::AdGroup>, campaign: &CampaignId) -> Result<(), Problem> {
        let groups: Vec<_> = rows.into_iter().map(|row| map::ad_group(row, campaign.clone())).collect();
        if self.scope.negatives {
            self.waiting.extend(groups.iter().map(|group| (group.id.clone(), campaign.clone())));
        }
        if self.scope.structure { self.put(Fetched::AdGroups(groups)).await } else { Ok(()) }
    }

    async fn negatives(&mut self, job: &Job, rows: Vec<wire::NegativeKeyword>) -> Result<(), Problem> {
        let all = rows.len();
        let homes = &self.homes;
        let negatives: Vec<Negative> = rows
            .into_iter()
            .filter_map(|row| {
                let home = row.ad_group_id.as_ref().and_then(|id| homes.get(&AdGroupId::new(id.0.clone())));
                map::negative(row, home)
            })
            .collect();
        let lost = all - negatives.len();
        self.put(Fetched::Negatives(negatives)).await?;
        if lost > 0 {
            let problem =
                Problem::new(ProblemKind::Reply, "eBay lists negatives without saying where they are")
                    .detail(format!("{lost} of {all} rows of one page"));
            self.put(Fetched::Failed { campaigns: job.campaigns(), problem }).await?;
        }
        Ok(())
    }

    async fn fail(&mut self, job: Job, failure: Box<Failure>) -> Result<(), Problem> {
        if failure.signed_out {
            return Err(failure.problem);
        }
        if let Some(limit) = failure.limit {
            let mut leg = job.leg;
            leg.place.limit = limit;
            // The pages beside it keep their places; what this one no longer reaches, it follows.
            self.spawn(Job { what: job.what, leg });
            return Ok(());
        }
        match &job.what {
            // Nothing can be had without the campaigns.
            What::Campaigns(MANUAL) if job.leg.opens => return Err(failure.problem),
            // A smart campaign has no ad groups and keywords of this sort, a deleted one can no longer be asked for.
            What::AdGroups(_) | What::Keywords(_)
                if failure.has(code::SMART) || failure.has(code::NO_CAMPAIGN) =>
            {
                return Ok(());
            }
            // One ad group among many must not hide the others.
            What::Negatives(batch) if batch.len() > 1 && failure.concerns_a_parent() => {
                let (left, right) = batch.split_at(batch.len() / 2);
                let halves = [Arc::from(left), Arc::from(right)];
                for half in halves {
                    self.start(What::Negatives(half));
                }
                return Ok(());
            }
            What::Negatives(_) if failure.has(code::SMART) => return Ok(()),
            _ => {}
        }
        self.put(Fetched::Failed { campaigns: job.campaigns(), problem: failure.problem }).await
    }

    /// Asks for the negatives of the ad groups that wait: in full batches, and the rest when no more can come.
    fn flush(&mut self) {
        loop {
            let mut chars = 0;
            let fitting = self.waiting.iter().take(MOST_GROUPS).take_while(|(group, _)| {
                chars += group.raw().len() + 1;
                chars <= MOST_CHARS
            });
            let size = fitting.count().max(1).min(self.waiting.len());
            let full = size < self.waiting.len() || size == MOST_GROUPS;
            if size == 0 || !(full || self.structure == 0) {
                return;
            }
            let batch: Vec<_> = self.waiting.drain(..size).collect();
            self.homes.extend(batch.iter().cloned());
            self.start(What::Negatives(batch.into()));
        }
    }

    async fn put(&self, fetched: Fetched) -> Result<(), Problem> {
        self.sink.send(fetched).await.map_err(|_| Problem::new(ProblemKind::Cancelled, "Listing was stopped"))
    }
}
