//! What comes back from the shell, and what it is put into: accounts, snapshot, staging. Each answer then goes to
//! every part, which looks whether it awaits it.

use std::time::Duration;

use super::Run;
use crate::domain::account::Identity;
use crate::domain::problem::{Problem, ProblemKind};
use crate::ui::effect::{Effect, Fetching};
use crate::ui::msg::{FetchPlan, Opening, Progress, Reply, SnapshotState};
use crate::ui::part::Changed;
use crate::ui::remote::{Remote, Ticket};
use crate::ui::toast::Toast;

/// How many of the engine's notes one line of words says.
const NOTES_SAID: usize = 2;

impl Run<'_> {
    pub(super) fn load_catalog(&mut self) {
        let ticket = self.model.tickets.draw();
        self.model.data.catalog.ask(ticket, self.model.data.clock.monotonic);
        self.out.push(Effect::LoadCatalog(ticket));
    }

    /// Asks for the search terms. Without a snapshot they are asked for when it is there.
    pub(super) fn load_terms(&mut self) {
        let ticket = self.model.tickets.draw();
        self.model.data.terms.ask(ticket, self.model.data.clock.monotonic);
        if self.model.data.catalog().is_some() {
            self.out.push(Effect::LoadTerms(ticket));
        }
    }

    /// Asks for the search terms anew where somebody asked before: snapshot or staging are others.
    fn load_terms_again(&mut self) {
        if !matches!(self.model.data.terms, Remote::Absent) {
            self.load_terms();
        }
    }

    /// Audits a new snapshot, when it is time.
    pub(super) fn audit_if_due(&mut self) {
        let now = self.model.data.clock.monotonic;
        if self.model.screens.audit.take_due(now) {
            let ticket = self.model.tickets.draw();
            self.model.data.audit.ask(ticket, now);
            self.out.push(Effect::Audit(ticket));
        }
    }

    pub(super) fn sync(&mut self, accounts: Vec<Identity>) {
        if accounts.is_empty() {
            return;
        }
        let ticket = self.model.tickets.draw();
        self.model.data.sync.ask(ticket, self.model.data.clock.monotonic);
        self.out.push(Effect::Sync(ticket, accounts));
    }

    pub(super) fn synced_part(&mut self, progress: &Progress) {
        let (identity, counts, state) = match progress {
            Progress::Sync(identity, counts) => (identity, Some(*counts), None),
            Progress::AccountSynced(identity, state) => (identity, None, Some(state)),
            Progress::Fetch(..) | Progress::AccountFetched(..) | Progress::Send(..) => return,
        };
        let mut failed = None;
        if let Some(account) = self.model.data.accounts.iter_mut().find(|a| a.account.identity == *identity) {
            account.syncing = counts;
            match state {
                Some(Ok(state)) => account.snapshot = state.clone(),
                Some(Err(problem)) => {
                    account.snapshot.stale = Some(problem.clone());
                    failed = Some(problem.clone());
                }
                None => {}
            }
        }
        if let Some(problem) = failed.filter(|p| p.kind != ProblemKind::Cancelled) {
            self.say(Toast::Failure(problem));
        }
    }

    /// Fetches the search terms of these accounts.
    pub(super) fn fetch_terms(&mut self, accounts: Vec<Identity>, older_than: Option<Duration>) {
        let data = &mut self.model.data;
        data.fetch_due = false;
        if accounts.is_empty() || data.fetch.since().is_some() {
            return;
        }
        let ticket = self.model.tickets.draw();
        data.fetch.ask(ticket, data.clock.monotonic);
        let FetchPlan { days, until, .. } = data.fetch_plan;
        self.out.push(Effect::FetchTerms(ticket, accounts, Fetching { days, until, older_than }));
    }

    /// Fetches what is old, if the configuration wants it.
    fn fetch_what_is_old(&mut self) {
        let all = self.model.data.accounts.iter().map(|a| a.account.identity.clone()).collect();
        let max_age = self.model.data.fetch_plan.max_age;
        self.fetch_terms(all, Some(max_age));
    }

    pub(super) fn fetched_part(&mut self, progress: &Progress) {
        let (identity, counts, end) = match progress {
            Progress::Fetch(identity, counts) => (identity, Some(*counts), None),
            Progress::AccountFetched(identity, end) => (identity, None, Some(end)),
            Progress::Sync(..) | Progress::AccountSynced(..) | Progress::Send(..) => return,
        };
        let data = &mut self.model.data;
        let Some(account) = data.accounts.iter_mut().find(|a| a.account.identity == *identity) else { return };
        account.fetching = counts;
        match end {
            None => {}
            Some(Ok(days)) => {
                account.terms_problem = None;
                account.terms = *days;
                data.term_days.retain(|(of, _)| of != identity);
                data.term_days.extend(days.map(|days| (identity.clone(), days)));
            }
            Some(Err(problem)) if problem.kind == ProblemKind::Cancelled => {}
            Some(Err(problem)) => {
                account.terms_problem = Some(problem.clone());
                self.say(Toast::Failure(problem.clone()));
            }
        }
    }

    fn fetch_over(&mut self) {
        for account in &mut self.model.data.accounts {
            account.fetching = None;
        }
        if matches!(self.model.data.terms, Remote::Absent) {
            // Nobody has looked at them yet, but what they say of negatives is in sight.
            self.on_all(|part, cx| part.changed(cx, Changed::Terms));
        }
        self.load_terms_again();
    }

    pub(super) fn done(&mut self, ticket: Ticket, reply: &Result<Reply, Problem>) {
        let data = &mut self.model.data;
        match reply {
            Ok(Reply::Opening(opening)) if data.opened.take(ticket, Ok(())) => self.opening(opening),
            Ok(Reply::Catalog(now)) if data.catalog.take(ticket, Ok(now.catalog.clone())) => {
                data.overlay = now.overlay.clone();
                data.touches = now.touches.clone();
                data.opening = None;
                self.load_terms_again();
                self.on_all(|part, cx| part.changed(cx, Changed::Catalog));
            }
            Ok(Reply::Staged(now)) => {
                if let Some(mut say) = self.model.ledger.done(ticket, now) {
                    // What was left as it is comes first: it is the news.
                    let notes: Vec<&str> = now.notes.iter().map(String::as_str).collect();
                    if !notes.is_empty() {
                        let more = match notes.len().saturating_sub(NOTES_SAID) {
                            0 => String::new(),
                            more => format!("; and {more} more"),
                        };
                        let first = notes[..notes.len().min(NOTES_SAID)].join("; ");
                        say = format!("{first}{more}; {say}");
                    }
                    self.say(Toast::note(say));
                }
                self.model.data.staged.clone_from(&now.all);
                self.model.data.overlay = now.overlay.clone();
                self.load_terms_again();
                self.on_all(|part, cx| part.changed(cx, Changed::Staged));
            }
            Ok(Reply::Sent(sent)) => {
                data.staged.clone_from(&sent.staged);
                data.overlay = sent.overlay.clone();
                self.model.ledger.forget();
                self.load_catalog();
                self.look_around();
                self.on_all(|part, cx| part.changed(cx, Changed::Staged));
            }
            Ok(Reply::Audit(now)) if data.audit.take(ticket, Ok(now.clone())) => {
                self.on_all(|part, cx| part.changed(cx, Changed::Audit));
            }
            Ok(Reply::Ignored(ignored)) => {
                data.audit.change(|now| now.ignored = ignored.ids.clone());
                self.on_all(|part, cx| part.changed(cx, Changed::Audit));
            }
            Ok(Reply::Synced(_)) if data.sync.take(ticket, Ok(())) => self.sync_over(),
            Ok(Reply::Terms(sifter)) if data.terms.take(ticket, Ok(sifter.clone())) => {
                let accounts = sifter.terms().accounts();
                data.term_days =
                    accounts.iter().filter_map(|one| Some((one.identity.clone(), one.span()?))).collect();
                self.on_all(|part, cx| part.changed(cx, Changed::Terms));
            }
            Ok(Reply::Reviewed) if data.reviewing.take(ticket, Ok(())) => self.load_terms_again(),
            Ok(Reply::TermsFetched) if data.fetch.take(ticket, Ok(())) => self.fetch_over(),
            Err(problem) => {
                let mut ours = data.opened.take(ticket, Err(problem.clone()));
                ours |= data.reviewing.take(ticket, Err(problem.clone()));
                ours |= data.terms.take(ticket, Err(problem.clone()));
                ours |= data.catalog.take(ticket, Err(problem.clone()));
                if data.audit.take(ticket, Err(problem.clone())) {
                    self.on_all(|part, cx| part.changed(cx, Changed::Audit));
                }
                let data = &mut self.model.data;
                if data.sync.take(ticket, Err(problem.clone())) {
                    ours = true;
                    self.sync_over();
                }
                if self.model.data.fetch.take(ticket, Err(problem.clone())) {
                    ours = true;
                    self.fetch_over();
                }
                ours |= self.model.ledger.failed(ticket);
                ours |= self.journal_failed(ticket, problem);
                if ours && problem.kind != ProblemKind::Cancelled {
                    self.say(Toast::Failure(problem.clone()));
                }
            }
            Ok(reply) => self.journal_reply(ticket, reply),
        }
        self.on_all(|part, cx| part.reply(cx, ticket, reply));
    }

    fn opening(&mut self, opening: &Opening) {
        let data = &mut self.model.data;
        for account in &mut data.accounts {
            if let Some((_, state)) = opening.accounts.iter().find(|(id, _)| *id == account.account.identity) {
                account.snapshot = state.clone();
            }
        }
        data.staged.clone_from(&opening.staged);
        data.term_days.clone_from(&opening.terms);
        if data.catalog.value().is_none() {
            data.opening = Some(opening.rows.clone());
        }
        let now = data.clock.wall;
        let old = |state: &SnapshotState| {
            state.fetched.is_none_or(|at| now.duration_since(at).unsigned_abs() >= data.max_age)
        };
        let stale: Vec<Identity> =
            data.accounts.iter().filter(|a| old(&a.snapshot)).map(|a| a.account.identity.clone()).collect();
        let nothing_to_refresh = stale.is_empty();
        data.fetch_due = data.fetch_plan.at_start;
        self.sync(stale);
        if nothing_to_refresh && self.model.data.fetch_due {
            self.fetch_what_is_old();
        }
        self.on_all(|part, cx| part.changed(cx, Changed::Staged));
    }

    fn sync_over(&mut self) {
        for account in &mut self.model.data.accounts {
            account.syncing = None;
        }
        self.load_catalog();
        // After the snapshot: rows find their campaigns in it.
        if self.model.data.fetch_due {
            self.fetch_what_is_old();
        }
    }
}
