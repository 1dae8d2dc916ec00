//! Settles what got no answer by reading back: present means applied; absent counts only in a listing made the
//! settling time after the send, because platforms show new items late. Reads only; `run.rs` sends again.

use rustc_hash::{FxHashMap, FxHashSet};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::domain::change::{Change, NewNegative};
use crate::domain::ids::CampaignId;
use crate::domain::journal::{Outcome, OutcomeKind};
use crate::domain::negative::{Negative, NegativeKey};
use crate::domain::plan::{PlannedChange, PlannedRequest};
use crate::domain::problem::Problem;
use crate::engine::time::after;
use crate::platform::Connection;
use crate::platform::traits::{Fetched, Scope};

use super::drift::{Seen, compare};
use super::events::ApplyStep;
use super::listing::Listing;
use super::run::{MOST_SENDS, Run, stopped};

/// How many listings may fail or lag behind before the rest stays unknown until the next time.
const MOST_LISTINGS: u32 = 4;

/// What a listing says of one change.
enum Verdict {
    /// It is settled.
    Settled(Outcome),
    /// It is certain that nothing was done.
    Absent,
    /// Nothing can be said yet.
    Open,
}

impl Run<'_> {
    /// Settles what is unknown. What is certainly absent comes back as requests when it may be sent `again`; else
    /// it is written down as not sent and stays staged. An error when the platform cannot be asked, or on cancel:
    /// the rest stays unknown.
    pub(super) async fn settle(&mut self, again: bool) -> Result<Vec<PlannedRequest>, Problem> {
        let mut absent = Vec::new();
        for _ in 0..MOST_LISTINGS {
            let Some(ready) = self.unknown.values().max().copied() else { break };
            let open: Vec<u64> = self.unknown.keys().copied().collect();
            let until = after(self.engine.now(), ready.saturating_duration_since(Instant::now()));
            self.tell(ApplyStep::Settling { until, changes: open.clone() });
            if !self.pause(ready).await {
                return Err(stopped());
            }
            let verdicts = self.verdicts(&open).await?;
            let mut outcomes = Vec::new();
            for (number, verdict) in verdicts {
                match verdict {
                    Verdict::Settled(outcome) => outcomes.push((number, outcome)),
                    Verdict::Open => {
                        self.unknown.insert(number, Instant::now() + self.engine.settings().settle);
                    }
                    Verdict::Absent
                        if again && self.sends.get(&number).is_none_or(|sends| *sends < MOST_SENDS) =>
                    {
                        self.unknown.remove(&number);
                        // It was looked at just now.
                        self.fresh.insert(number);
                        absent.push(number);
                    }
                    Verdict::Absent => outcomes.push((
                        number,
                        Outcome::new(OutcomeKind::Skipped).message(
                            "no answer came, and the platform shows no trace of it: it is still staged",
                        ),
                    )),
                }
            }
            self.record(outcomes).await?;
            if !absent.is_empty() {
                break;
            }
        }
        if absent.is_empty() && !self.unknown.is_empty() {
            return Err(Problem::new(
                crate::domain::problem::ProblemKind::Network,
                "Some changes have no answer yet",
            )
            .detail(format!(
                "{} unknown; the platform could not be asked, or shows new items late",
                self.unknown.len()
            ))
            .hint("Run `unbid apply` again later: they are settled first, and nothing is sent twice."));
        }
        let sendable: Vec<PlannedChange> = self.of(&absent).cloned().collect();
        // Until it goes out again it has no outcome.
        for number in &absent {
            self.outcomes.remove(number);
        }
        Ok(self.connection.prepare(&sendable))
    }

    /// Lists once what was there already and the snapshot did not know, so that it shows it. What cannot be listed
    /// now comes with the next sync.
    pub(super) async fn look_at_twins(&mut self) -> Result<(), Problem> {
        let there = self.outcomes.iter().filter(|(_, outcome)| outcome.kind == OutcomeKind::Already);
        let twins: Vec<NewNegative> = there
            .filter_map(|(number, _)| match &self.changes.get(number)?.change {
                Change::Add { new } => Some(new.clone()),
                Change::SetState { .. } | Change::Remove { .. } => None,
            })
            .collect();
        let mut campaigns: Vec<CampaignId> = twins.iter().map(|new| new.campaign.clone()).collect();
        campaigns.sort_unstable();
        campaigns.dedup();
        if campaigns.is_empty() || self.cancel.is_cancelled() {
            return Ok(());
        }
        let (rows, _) = list(self.connection.as_ref(), &campaigns).await?;
        let mut listing = Listing::new(rows);
        for new in &twins {
            if let Some(row) = listing.claim(new) {
                self.seen.insert(row.key(), row);
            }
        }
        Ok(())
    }

    async fn verdicts(&mut self, open: &[u64]) -> Result<Vec<(u64, Verdict)>, Problem> {
        let (adds, moves): (Vec<PlannedChange>, Vec<PlannedChange>) =
            self.of(open).cloned().partition(|planned| matches!(planned.change, Change::Add { .. }));
        let mut verdicts = self.verdicts_on_adds(&adds).await?;
        verdicts.extend(self.verdicts_on_moves(&moves).await?);
        Ok(verdicts)
    }

    async fn verdicts_on_adds(&mut self, adds: &[PlannedChange]) -> Result<Vec<(u64, Verdict)>, Problem> {
        if adds.is_empty() {
            return Ok(Vec::new());
        }
        let mut campaigns: Vec<CampaignId> =
            adds.iter().map(|planned| planned.change.campaign().clone()).collect();
        campaigns.sort_unstable();
        campaigns.dedup();
        let (rows, failed) = list(self.connection.as_ref(), &campaigns).await?;
        let mut listing = Listing::new(rows);
        let lagging = self.claim_confirmed(&mut listing, &campaigns);
        let mut verdicts = Vec::with_capacity(adds.len());
        for planned in adds {
            let Change::Add { new } = &planned.change else { continue };
            let verdict = if let Some(row) = listing.claim(new) {
                let outcome = Outcome::applied(Some(row.id.clone()));
                self.seen.insert(row.key(), row);
                Verdict::Settled(outcome)
            } else if lagging.contains(&new.campaign) || failed.covers(&new.campaign) {
                Verdict::Open
            } else {
                Verdict::Absent
            };
            verdicts.push((planned.number, verdict));
        }
        Ok(verdicts)
    }

    /// Takes out of a listing what the platform confirmed in this operation; says in which campaigns the listing
    /// lacks such a row: it lags there, and absence means nothing.
    fn claim_confirmed(&self, listing: &mut Listing, campaigns: &[CampaignId]) -> FxHashSet<CampaignId> {
        let mut lagging = FxHashSet::default();
        for (number, outcome) in &self.outcomes {
            let (Some(Change::Add { new }), Some(id)) =
                (self.changes.get(number).map(|planned| &planned.change), &outcome.id)
            else {
                continue;
            };
            if outcome.kind != OutcomeKind::Applied || !campaigns.contains(&new.campaign) {
                continue;
            }
            let key = NegativeKey { kind: new.kind, level: new.level(), id: id.clone() };
            if !listing.shows(&key) {
                lagging.insert(new.campaign.clone());
            }
            listing.take(new, &key);
        }
        lagging
    }

    async fn verdicts_on_moves(&mut self, moves: &[PlannedChange]) -> Result<Vec<(u64, Verdict)>, Problem> {
        let targets: Vec<Negative> =
            moves.iter().filter_map(|planned| planned.change.target().cloned()).collect();
        if targets.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.connection.read_back(&targets).await?;
        let now: FxHashMap<NegativeKey, Negative> = rows.into_iter().map(|row| (row.key(), row)).collect();
        let capabilities = self.connection.capabilities();
        let mut verdicts = Vec::with_capacity(moves.len());
        for planned in moves {
            let Some(target) = planned.change.target() else { continue };
            let row = now.get(&target.key());
            match row {
                Some(row) => drop(self.seen.insert(row.key(), row.clone())),
                None => self.gone.push(target.clone()),
            }
            let done = || Verdict::Settled(Outcome::applied(Some(target.id.clone())));
            let verdict = match compare(planned, row, capabilities) {
                Seen::There => done(),
                Seen::Same => Verdict::Absent,
                // It was to be removed, and it is gone.
                Seen::Drifted(_) if row.is_none() && matches!(planned.change, Change::Remove { .. }) => done(),
                Seen::Drifted(how) => Verdict::Settled(Outcome::new(OutcomeKind::Drifted).message(how)),
            };
            verdicts.push((planned.number, verdict));
        }
        Ok(verdicts)
    }
}

/// The parts of a listing that failed.
#[derive(Default)]
struct FailedParts {
    all: bool,
    campaigns: FxHashSet<CampaignId>,
}

impl FailedParts {
    fn covers(&self, campaign: &CampaignId) -> bool {
        self.all || self.campaigns.contains(campaign)
    }
}

/// Lists the negatives of these campaigns as they are now.
async fn list(
    connection: &dyn Connection,
    campaigns: &[CampaignId],
) -> Result<(Vec<Negative>, FailedParts), Problem> {
    let scope =
        Scope { campaigns: Some(campaigns.to_vec()), structure: false, negatives: true, keywords: false };
    let (sink, mut pages) = mpsc::channel(16);
    let scope = &scope;
    // The sink goes with the listing, so that the pages end when it does.
    let fetching = async move { connection.fetch(scope, &sink).await };
    let collecting = async {
        let mut rows: Vec<Negative> = Vec::new();
        let mut failed = FailedParts::default();
        while let Some(page) = pages.recv().await {
            match page {
                Fetched::Negatives(page) => rows.extend(page),
                Fetched::Failed { campaigns: None, .. } => failed.all = true,
                Fetched::Failed { campaigns: Some(campaigns), .. } => failed.campaigns.extend(campaigns),
                Fetched::Campaigns(_) | Fetched::AdGroups(_) | Fetched::Keywords(_) | Fetched::Restarted => {}
            }
        }
        (rows, failed)
    };
    let (done, collected) = tokio::join!(fetching, collecting);
    done.map(|()| collected)
}
