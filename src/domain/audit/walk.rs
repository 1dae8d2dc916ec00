//! Walks the campaigns with all cores, asks each rule, and puts what they found in order. The order of work is by
//! chance; the order of findings never is.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::super::catalog::{CampaignIx, Cancel};
use super::{Context, Desk, Finding, Found, Input, RULES, Report};

/// How many campaigns a thread takes at once: one is too few where most are small.
const AT_ONCE: usize = 8;

/// How many threads work.
pub(super) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Audits a snapshot; `None` when it was cancelled.
pub fn audit(input: &Input<'_>, cancel: &Cancel) -> Option<Report> {
    let cx = Context::new(*input, cancel)?;
    let rules = asked(input);
    let campaigns = cx.catalog().campaign_count();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut list = Vec::new();
        loop {
            let from = next.fetch_add(AT_ONCE, Ordering::Relaxed);
            if from >= campaigns || cancel.is_cancelled() {
                return list;
            }
            for at in from..campaigns.min(from + AT_ONCE) {
                one(&cx, CampaignIx(at as u32), &rules, &mut list);
            }
        }
    };
    let mut findings: Vec<Finding> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads()).map(|_| scope.spawn(work)).collect();
        // A panic in a rule is told as one, not swallowed.
        let all = threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|why| std::panic::resume_unwind(why)));
        all.flatten().collect()
    });
    for &rule in &rules {
        if cancel.is_cancelled() {
            return None;
        }
        RULES[rule].whole(&cx, &mut Found { rule, list: &mut findings });
    }
    findings.retain(|finding| cx.wants(finding.account));
    (!cancel.is_cancelled()).then(|| Report::new(&cx, findings))
}

/// The rules to be asked: those named, or all that are not off.
fn asked(input: &Input<'_>) -> Vec<usize> {
    let wanted = |id: &str| match input.rules {
        [] => !input.config.off.iter().any(|off| off == id),
        named => named.iter().any(|name| name == id),
    };
    (0..RULES.len()).filter(|at| wanted(RULES[*at].info().id)).collect()
}

fn one(cx: &Context<'_>, campaign: CampaignIx, rules: &[usize], list: &mut Vec<Finding>) {
    if !cx.wants(cx.catalog().campaign(campaign).account_ix()) {
        return;
    }
    let desk = Desk::new(cx, campaign);
    for &rule in rules {
        RULES[rule].campaign(&desk, &mut Found { rule, list });
    }
}
