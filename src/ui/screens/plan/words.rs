//! What the Plan screen says of a change: what it does, what became of it, where it is. Words only; `view` paints.

use jiff::Timestamp;
use unicode_width::UnicodeWidthStr;

use super::delivery::Fate;
use super::lines::Row;
use crate::domain::account::Identity;
use crate::domain::capabilities::{Capabilities, Removal};
use crate::domain::catalog::Scope;
use crate::domain::change::Change;
use crate::domain::journal::{Outcome, OutcomeKind};
use crate::domain::judge::Meter;
use crate::domain::negative::{Kind, State};
use crate::domain::plan::{Plan, PlannedChange};
use crate::ui::canvas::{count, counted, cut};
use crate::ui::data::Data;
use crate::ui::meter;
use crate::ui::moment::moment;
use crate::ui::theme::{Role, Symbols};

/// What a change does, in words.
pub fn does(change: &Change, capabilities: Option<&Capabilities>, symbols: &Symbols) -> String {
    let removal = capabilities.map(|one| one.removal);
    match change {
        Change::Add { new } if new.state == State::Enabled => "new".to_owned(),
        Change::Add { .. } => "new, switched off".to_owned(),
        Change::SetState { to: State::Archived, .. } => FOR_GOOD.to_owned(),
        Change::SetState { target, to } => format!("{} {} {to}", target.state, symbols.arrow),
        Change::Remove { .. } if removal == Some(Removal::SwitchOff) => {
            format!("switched off: {} has no delete", capabilities.map_or("", |one| one.title))
        }
        Change::Remove { .. } => FOR_GOOD.to_owned(),
    }
}

const FOR_GOOD: &str = "archived for good; taking it back makes a new one";

/// The sign of a change that is not sent: added, changed, removed.
pub fn sign(change: &Change) -> (&'static str, Role) {
    match change {
        Change::Add { .. } => ("+", Role::Good),
        change if change.is_removal() => ("-", Role::Bad),
        _ => ("~", Role::Warn),
    }
}

/// The match type of a change's negative, or what stands for it.
pub fn match_word(change: &Change) -> &'static str {
    let (kind, match_type) = match change {
        Change::Add { new } => (new.kind, new.match_type),
        Change::SetState { target, .. } | Change::Remove { target } => (target.kind, target.match_type),
    };
    match (kind, match_type) {
        (_, Some(match_type)) => match_type.into(),
        (Kind::Product, None) => "ASIN",
        (Kind::Brand, None) => "brand",
        (Kind::Keyword, None) => "",
    }
}

/// The text as people know it: a brand by its name.
pub fn text(change: &Change) -> String {
    let brand = match change {
        Change::Add { new } => new.brand_name.as_ref(),
        Change::SetState { target, .. } | Change::Remove { target } => target.brand_name.as_ref(),
    };
    brand.unwrap_or(change.text()).shown().to_string()
}

/// Campaign and ad group in one line.
pub fn place(data: &Data, account: &Identity, change: &Change) -> String {
    let (campaign, group) = names(data, account, change);
    format!("{campaign} {} {group}", data.theme.symbols.trail)
}

/// How full the place of an addition is, or of what is switched on; `None` of what makes room.
pub fn meter(data: &Data, account: &Identity, change: &Change) -> Option<Meter> {
    if !matches!(change, Change::Add { .. } | Change::SetState { to: State::Enabled, .. }) {
        return None;
    }
    let catalog = data.catalog()?;
    let campaign = catalog.find_campaign(catalog.find_account(account)?, change.campaign())?;
    let scope = match change.ad_group() {
        Some(id) => Scope::AdGroup(catalog.find_ad_group(campaign, id)?),
        None => Scope::CampaignLevel(campaign),
    };
    meter::of(data, account, scope)
}

/// As [`place`], in a width: where there is no room for both names, the campaign's is cut to half of it, so that
/// the ad group is still told from its neighbours.
pub fn place_in(data: &Data, account: &Identity, change: &Change, width: usize) -> String {
    let symbols = data.theme.symbols;
    let (campaign, group) = names(data, account, change);
    let between = format!(" {} ", symbols.trail);
    let room = width.saturating_sub(between.width());
    let for_group = group.width().min(room - room.min(campaign.width()).min(room / 2));
    let campaign = cut(&campaign, room.saturating_sub(for_group), symbols.cut);
    format!("{campaign}{between}{group}")
}

/// Campaign and ad group by name; by id where the snapshot does not know them.
fn names(data: &Data, account: &Identity, change: &Change) -> (String, String) {
    let found = data.catalog().and_then(|catalog| {
        let campaign = catalog.find_campaign(catalog.find_account(account)?, change.campaign())?;
        Some((catalog, campaign))
    });
    let campaign = match found {
        Some((catalog, ix)) => catalog.campaign(ix).name().to_string(),
        None => change.campaign().shown().to_string(),
    };
    let Some(id) = change.ad_group() else { return (campaign, "whole campaign".to_owned()) };
    let group = found.and_then(|(catalog, ix)| Some(catalog.ad_group(catalog.find_ad_group(ix, id)?).name()));
    (campaign, group.map_or_else(|| id.shown().to_string(), |name| name.to_string()))
}

/// What a row says at its end, and with which sign: the plan's words, or what became of it.
pub fn row(row: &Row, fate: Option<&Fate>, data: &Data) -> (&'static str, Role, String, Role) {
    let symbols = &data.theme.symbols;
    let capabilities = data.account(&row.account).map(|one| one.capabilities);
    let does = does(&row.change.change, capabilities, symbols);
    let (sign, sign_role) = sign(&row.change.change);
    let caution = cautions(row, &does).next().cloned();
    match fate {
        Some(Fate::Waiting) => (sign, Role::Dim, format!("waits {} {does}", symbols.dot), Role::Dim),
        Some(Fate::Going) => {
            (data.spinner(), Role::Accent, format!("sending {} {does}", symbols.dot), Role::Accent)
        }
        Some(Fate::Checking(until)) => {
            let left = seconds(*until, data.clock.wall);
            ("?", Role::Warn, format!("no answer yet, checking ({left} s)"), Role::Warn)
        }
        Some(Fate::Done(outcome)) => {
            let (sign, role) = outcome_sign(outcome.kind, symbols);
            let said = match outcome.kind {
                OutcomeKind::Applied => format!("sent {} {does}", symbols.dot),
                _ => became(outcome, capabilities),
            };
            (sign, role, said, role)
        }
        None => match (&row.change.problem, caution) {
            (Some(problem), _) => ("!", Role::Bad, format!("cannot be sent: {}", problem.title), Role::Bad),
            (None, Some(caution)) => (sign, sign_role, format!("{does} {} {caution}", symbols.dot), Role::Warn),
            (None, None) => (sign, sign_role, does, Role::Text),
        },
    }
}

/// The cautions of a change but those that say what it does once more.
pub fn cautions<'a>(row: &'a Row, does: &'a str) -> impl Iterator<Item = &'a String> {
    row.change.cautions.iter().filter(move |caution| *caution != does)
}

/// The seconds until a moment, rounded up.
fn seconds(until: Timestamp, now: Timestamp) -> i64 {
    let left = until.duration_since(now);
    (left.as_secs() + i64::from(left.subsec_nanos() > 0)).max(0)
}

/// The sign of an outcome.
pub fn outcome_sign(kind: OutcomeKind, symbols: &Symbols) -> (&'static str, Role) {
    match kind {
        OutcomeKind::Applied => (symbols.ok, Role::Good),
        OutcomeKind::Already => ("=", Role::Good),
        OutcomeKind::Rejected => (symbols.failed, Role::Bad),
        OutcomeKind::Unknown => ("?", Role::Warn),
        OutcomeKind::Drifted => (symbols.differs, Role::Warn),
        OutcomeKind::Skipped => (symbols.dot, Role::Dim),
    }
}

/// What became of a change, with the platform's text and code.
pub fn became(outcome: &Outcome, capabilities: Option<&Capabilities>) -> String {
    let title = capabilities.map_or("the platform", |one| one.title);
    let head = match outcome.kind {
        OutcomeKind::Applied => "sent".to_owned(),
        OutcomeKind::Already => "was already there".to_owned(),
        OutcomeKind::Rejected => format!("refused by {title}"),
        OutcomeKind::Unknown => "no answer yet".to_owned(),
        OutcomeKind::Drifted => "changed there since".to_owned(),
        OutcomeKind::Skipped => "not sent".to_owned(),
    };
    let mut said = head;
    if let Some(message) = &outcome.message {
        said = format!("{said}: {}", message.shown());
    }
    match &outcome.code {
        Some(code) => format!("{said} ({})", code.shown()),
        None => said,
    }
}

/// Who else is sending to an account: `being sent by pid 4711 since 14:02`.
pub fn sender(data: &Data, account: &Identity) -> Option<String> {
    let sender = data.sender(account)?;
    if sender.pid == 0 {
        return Some("being sent by another process".to_owned());
    }
    Some(format!("being sent by pid {} since {}", sender.pid, moment(sender.since, data)))
}

/// Outcomes counted: `3 sent, 1 refused`.
pub fn tally<'a>(counts: impl IntoIterator<Item = (&'a OutcomeKind, &'a usize)>) -> String {
    let word = |kind: &OutcomeKind| match kind {
        OutcomeKind::Applied => "sent",
        OutcomeKind::Already => "already there",
        OutcomeKind::Rejected => "refused",
        OutcomeKind::Unknown => "without an answer",
        OutcomeKind::Drifted => "changed there since",
        OutcomeKind::Skipped => "not sent",
    };
    let parts: Vec<String> = counts
        .into_iter()
        .filter(|(_, n)| **n > 0)
        .map(|(kind, n)| format!("{} {}", count(*n), word(kind)))
        .collect();
    if parts.is_empty() { "nothing sent".to_owned() } else { parts.join(", ") }
}

/// A plan in one line: `4 changes, 2 accounts`.
pub fn sum(plan: &Plan) -> String {
    let changes: usize = plan.accounts.iter().map(|part| part.changes.len()).sum();
    format!("{}, {}", counted(changes, "change"), counted(plan.accounts.len(), "account"))
}

/// Changes counted by what they do: `2 new, 1 switched, 1 archived for good`.
pub fn by_kind<'a>(
    changes: impl Iterator<Item = &'a PlannedChange>,
    capabilities: Option<&Capabilities>,
) -> String {
    let (mut adds, mut on, mut off, mut removals) = (0, 0, 0, 0);
    for one in changes {
        match &one.change {
            Change::Add { .. } => adds += 1,
            change if change.is_removal() => removals += 1,
            Change::SetState { to: State::Enabled, .. } => on += 1,
            _ => off += 1,
        }
    }
    let removed = match capabilities.map(|one| one.removal) {
        Some(Removal::SwitchOff) => "removed (switched off)",
        _ => "archived for good",
    };
    let parts = [(adds, "new"), (on, "switched on"), (off, "switched off"), (removals, removed)];
    let said: Vec<String> =
        parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", count(n))).collect();
    said.join(", ")
}
