//! Settles what got no answer by reading back; sends nothing itself. Present means applied. Absence is believed in
//! steps, because platforms show new items late, and because something sent twice may be there twice:
//!
//! 1. A listing counts only when it began the settling time (`apply.settle_ms`) or more after the send, and after
//!    the last confirmed one. After a restart all of that time is waited again: nobody knows for how long the
//!    process was dead, and wall clocks can be set.
//! 2. It says nothing of absence while it lacks anything that the platform confirmed in this operation, in any
//!    campaign: then lists lag behind more than the settling time. The change stays unknown and is not sent.
//! 3. When it shows something that was sent later, lists have come past the send: what is missing was not done.
//! 4. Without such a witness, a second listing, the settling time later, must lack it, too. Then the time alone
//!    speaks for it, and only one such addition goes out again, ahead of the others: once it is confirmed, it is
//!    their witness. If it is refused instead, that may be because of its own twin: it is unknown once more, and
//!    the refusal counts only when it is still not there.
//!
//! State changes do no harm when they are sent twice; for them the first two suffice.

use rustc_hash::FxHashMap;
use tokio::time::Instant;

use crate::domain::change::{Change, NewNegative};
use crate::domain::ids::CampaignId;
use crate::domain::journal::{Outcome, OutcomeKind};
use crate::domain::negative::{Negative, NegativeKey};
use crate::domain::plan::{PlannedChange, PlannedRequest};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;
use crate::engine::time::after;

use super::drift::{Seen, compare};
use super::events::ApplyStep;
use super::evidence::Evidence;
use super::listing::{Claim, Listing};
use super::run::{MOST_SENDS, Run, stopped};
use super::twins::otherwise;

/// How many listings may fail, lag behind or leave doubt before the rest stays unknown until the next time.
const MOST_LISTINGS: u32 = 4;

/// What a listing says of one change.
enum Verdict {
    /// It is settled.
    Settled(Outcome),
    /// Nothing was done.
    Absent(Proof),
    /// Nothing can be said yet.
    Open,
}

/// Why absence is believed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// Something sent later is shown, or a second send does no harm.
    Shown,
    /// Only the time that has passed.
    Time,
}

impl Run<'_> {
    /// Settles what is unknown. What was certainly not done comes back as requests when it may be sent `again`;
    /// else it is written down as not sent and stays staged. An error when the platform cannot be asked, its lists
    /// lag, or on cancel: the rest stays unknown.
    pub(super) async fn settle(&mut self, again: bool) -> Result<Vec<PlannedRequest>, Problem> {
        let mut absent = Vec::new();
        for _ in 0..MOST_LISTINGS {
            let Some(ready) = self.trusted_from() else { break };
            let open: Vec<u64> = self.unknown.keys().copied().collect();
            let until = after(self.engine.now(), ready.saturating_duration_since(Instant::now()));
            self.tell(ApplyStep::Settling { until, changes: open.clone() });
            if !self.pause(ready).await {
                return Err(stopped());
            }
            let verdicts = self.verdicts(&open).await?;
            let outcomes = self.draw(verdicts, again, &mut absent);
            self.record(outcomes).await?;
            if !absent.is_empty() {
                break;
            }
        }
        if absent.is_empty() && !self.unknown.is_empty() {
            return Err(Problem::new(ProblemKind::Network, "Some changes have no answer yet")
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

    /// From when on a listing says something of all that is unknown; `None` when nothing is.
    fn trusted_from(&self) -> Option<Instant> {
        let confirmed = self.confirmed_at.map(|at| at + self.engine.settings().settle);
        self.unknown.values().max().copied().map(|ready| confirmed.map_or(ready, |at| ready.max(at)))
    }

    /// What follows from a listing's verdicts: the outcomes to write; the changes to send again are put to
    /// `absent`; the rest waits for the next listing.
    fn draw(
        &mut self,
        verdicts: Vec<(u64, Verdict)>,
        again: bool,
        absent: &mut Vec<u64>,
    ) -> Vec<(u64, Outcome)> {
        let next = Instant::now() + self.engine.settings().settle;
        let mut ahead = false;
        let mut outcomes = Vec::new();
        for (number, verdict) in verdicts {
            let proof = match verdict {
                Verdict::Settled(outcome) => {
                    outcomes.push((number, outcome));
                    continue;
                }
                Verdict::Open => {
                    self.unknown.insert(number, next);
                    continue;
                }
                Verdict::Absent(proof) => proof,
            };
            if let Some(refusal) = self.refused_again.remove(&number) {
                outcomes.push((number, refusal));
                continue;
            }
            let spent = self.sends.get(&number).is_some_and(|sends| *sends >= MOST_SENDS)
                || (proof == Proof::Time && self.sent_ahead >= MOST_SENDS);
            if !again || spent {
                let answer = self.answered.get(&number).map_or("no answer came", Text::raw);
                let message = format!("{answer}, and the platform shows no trace of it: it is still staged");
                outcomes.push((number, Outcome::new(OutcomeKind::Skipped).message(message.as_str())));
            } else if proof == Proof::Time && (ahead || self.follows(number)) {
                self.unknown.insert(number, next);
            } else {
                if proof == Proof::Time {
                    ahead = true;
                    self.leader = Some(number);
                    self.sent_ahead += 1;
                    self.in_doubt.insert(number);
                }
                self.unknown.remove(&number);
                self.missed.remove(&number);
                // It was looked at just now.
                self.fresh.insert(number);
                absent.push(number);
            }
        }
        outcomes
    }

    /// Whether another one went ahead and has no answer itself: nothing follows it before that is settled.
    fn follows(&self, number: u64) -> bool {
        self.leader.is_some_and(|leader| leader != number && self.unknown.contains_key(&leader))
    }

    async fn verdicts(&mut self, open: &[u64]) -> Result<Vec<(u64, Verdict)>, Problem> {
        let (adds, moves): (Vec<PlannedChange>, Vec<PlannedChange>) =
            self.of(open).cloned().partition(|planned| matches!(planned.change, Change::Add { .. }));
        let adds: Vec<(u64, NewNegative)> = adds
            .into_iter()
            .filter_map(|planned| match planned.change {
                Change::Add { new } => Some((planned.number, new)),
                Change::SetState { .. } | Change::Remove { .. } => None,
            })
            .collect();
        let mut campaigns: Vec<CampaignId> = adds.iter().map(|(_, new)| new.campaign.clone()).collect();
        // One that was confirmed is looked at along with them: it tells whether lists keep up.
        campaigns.extend(self.last_confirmed());
        campaigns.sort_unstable();
        campaigns.dedup();
        let mut verdicts = Vec::with_capacity(open.len());
        let mut evidence = Evidence::default();
        if !campaigns.is_empty() {
            let mut listing = self.ask(Listing::of(self.connection.as_ref(), campaigns)).await?;
            evidence = self.evidence(&mut listing);
            verdicts = self.verdicts_on_adds(&adds, listing, &mut evidence);
        }
        verdicts.extend(self.verdicts_on_moves(&moves, evidence).await?);
        Ok(verdicts)
    }

    fn verdicts_on_adds(
        &mut self,
        adds: &[(u64, NewNegative)],
        mut listing: Listing,
        evidence: &mut Evidence,
    ) -> Vec<(u64, Verdict)> {
        // All are looked for first: what is found tells of what is not.
        let claims = self.claims(adds, &mut listing, evidence);
        let mut verdicts = Vec::with_capacity(adds.len());
        for ((number, new), (_, claim)) in adds.iter().zip(claims) {
            let verdict = match claim {
                Claim::Made(row) => {
                    let outcome = Outcome::applied(Some(row.id.clone()));
                    self.seen.insert(row.key(), row);
                    Verdict::Settled(outcome)
                }
                Claim::Otherwise(_) | Claim::Nothing => {
                    match self.absent(*number, listing.covers(&new.campaign), *evidence) {
                        Some(proof) => match claim {
                            // Sending it again would not switch its twin on.
                            Claim::Otherwise(row) => {
                                let said = Outcome::new(OutcomeKind::Rejected);
                                let outcome = otherwise(&row, said);
                                self.seen.insert(row.key(), row);
                                Verdict::Settled(outcome)
                            }
                            _ => Verdict::Absent(proof),
                        },
                        None => Verdict::Open,
                    }
                }
            };
            verdicts.push((*number, verdict));
        }
        verdicts
    }

    /// Whether an addition that a listing does not show was not made.
    fn absent(&mut self, number: u64, listed: bool, evidence: Evidence) -> Option<Proof> {
        if !listed || evidence.lags {
            return None;
        }
        let sent = self.sent_in(number);
        if evidence.reach > sent {
            return Some(Proof::Shown);
        }
        // The first listing that lacks it leaves doubt.
        if self.missed.insert(number) {
            return None;
        }
        // Of the very request that carried it something is there: lists have come that far.
        Some(if evidence.reach == sent && sent > 0 { Proof::Shown } else { Proof::Time })
    }

    async fn verdicts_on_moves(
        &mut self,
        moves: &[PlannedChange],
        evidence: Evidence,
    ) -> Result<Vec<(u64, Verdict)>, Problem> {
        let targets: Vec<Negative> =
            moves.iter().filter_map(|planned| planned.change.target().cloned()).collect();
        if targets.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.ask(self.connection.read_back(&targets)).await?;
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
                Seen::Same if evidence.lags => Verdict::Open,
                Seen::Same => Verdict::Absent(Proof::Shown),
                // It was to be removed, and it is gone.
                Seen::Drifted(_) if row.is_none() && matches!(planned.change, Change::Remove { .. }) => done(),
                Seen::Drifted(how) => Verdict::Settled(Outcome::new(OutcomeKind::Drifted).message(how)),
            };
            verdicts.push((planned.number, verdict));
        }
        Ok(verdicts)
    }
}
