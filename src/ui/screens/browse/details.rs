//! What Browse says of one thing: the lines below the rows, and everything of a row on `enter`.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::seen::{Seen, Thing};
use super::{Browse, Pane};
use crate::domain::account::Identity;
use crate::domain::audit::{Finding, Severity};
use crate::domain::campaign::Holds;
use crate::domain::catalog::{Mark, Scope};
use crate::domain::journal::Touch;
use crate::domain::negative::{Kind, Level, MatchType, Negative, State};
use crate::domain::simulate::{Part, Question};
use crate::domain::text::shown;
use crate::ui::canvas::{Line, count, counted};
use crate::ui::data::Data;
use crate::ui::meter;
use crate::ui::moment::moment;
use crate::ui::overlays::pager::{Content, Pager};
use crate::ui::part::Want;
use crate::ui::screens::audit::findings_of;
use crate::ui::theme::Role;
use crate::ui::whatif::{dates, line};
use crate::ui::widgets::details::Details;

/// The lines below the rows: of the row under the cursor, or of the place in focus.
pub fn lines(browse: &Browse, data: &Data, width: u16) -> Vec<Line> {
    match (browse.pane, browse.rows.under_cursor()) {
        (Pane::Rows, Some(seen)) => {
            let mut lines = row_lines(&seen, data);
            // The place is beside the row too; the evidence is nowhere else.
            if let Some(evidence) = what_if(browse, &seen, data, width) {
                lines[1] = evidence;
            }
            lines
        }
        _ => place_lines(browse, data),
    }
}

/// A day as people say it; the year only where it is another one.
pub(super) fn day_text(day: Date, data: &Data) -> String {
    let today = data.clock.wall.to_zoned(TimeZone::UTC).date();
    day.strftime(if day.year() == today.year() { "%-d %b" } else { "%-d %b %Y" }).to_string()
}

/// The operation of ours that touched a negative last.
pub(super) fn touch<'d>(seen: &Seen, data: &'d Data) -> Option<&'d Touch> {
    match &seen.thing {
        Thing::Existing(negative) => data.touches.of(&seen.account, &negative.key()),
        Thing::New(..) => None,
    }
}

/// Since when a negative is there: our journal knows, else the platform tells, else the first snapshot that held it.
pub(super) fn since(seen: &Seen, data: &Data) -> Option<Date> {
    let ours = match &seen.thing {
        Thing::Existing(negative) => data.touches.added(&seen.account, &negative.key()),
        Thing::New(..) => None,
    };
    ours.map(|touch| touch.began.to_zoned(TimeZone::UTC).date()).or_else(|| seen.since())
}

/// What a negative does, in words.
fn blocks(seen: &Seen) -> String {
    let text = seen.shown_text();
    let reach = match (&seen.ad_group, seen.groups) {
        (Some(_), _) => "in its ad group".to_owned(),
        (None, 0) => "in its whole campaign".to_owned(),
        (None, n) => format!("in all {}", counted(n, "ad group")),
    };
    match (seen.kind(), seen.match_type()) {
        (Kind::Keyword, Some(MatchType::Phrase)) => format!("searches that contain \"{text}\", {reach}"),
        (Kind::Keyword, _) => format!("the search \"{text}\", {reach}"),
        (Kind::Product, _) => format!("the product {text}, {reach}"),
        (Kind::Brand, _) => format!("products of {text}, {reach}"),
    }
}

fn row_lines(seen: &Seen, data: &Data) -> Vec<Line> {
    let dot = data.theme.symbols.dot;
    let first = match (&seen.thing, seen.state(), seen.idle) {
        (_, State::Enabled, Some(reason)) => {
            Line::of(format!("Idle, {reason}: would block {}", blocks(seen)), Role::Warn)
        }
        (Thing::New(..), ..) => Line::of(format!("Will block {}", blocks(seen)), Role::Text),
        (_, State::Enabled, None) => {
            let since =
                since(seen, data).map(|day| format!(" since {}", day_text(day, data))).unwrap_or_default();
            let by =
                touch(seen, data).map(|touch| format!(" (operation {}, {})", touch.number, touch.who.shown()));
            Line::of(format!("Blocks {}{since}{}", blocks(seen), by.unwrap_or_default()), Role::Text)
        }
        (_, State::Paused, _) => Line::of(format!("Switched off; would block {}", blocks(seen)), Role::Dim),
        (_, State::Archived, _) => Line::of(format!("Archived; blocked {}", blocks(seen)), Role::Dim),
    };
    let trail = data.theme.symbols.trail;
    let account = data.account(&seen.account).map(|a| a.account.name.to_string()).unwrap_or_default();
    let group =
        seen.ad_group.as_ref().map(|(name, _)| format!(" {trail} {}", name.shown())).unwrap_or_default();
    let place = format!("{account} {trail} {}{group}", seen.campaign.shown());
    let second = match home(seen, data) {
        Some(scope) => with_meter(place, &seen.account, scope, data),
        None => Line::of(place, Role::Dim),
    };
    let third = match (&seen.thing, seen.staged) {
        (Thing::New(number, _), _) => {
            Line::of(format!("Staged as {number}, not sent {dot} d takes it out"), Role::Accent)
        }
        (_, Some((number, mark))) => {
            let what = match mark {
                Mark::SetState(to) => format!("to {to}"),
                Mark::Remove => "to be removed".to_owned(),
            };
            Line::of(format!("Staged as {number}, not sent: {what} {dot} d takes it back"), Role::Accent)
        }
        (Thing::Existing(negative), None) => Line::of(
            format!(
                "{} {dot} id {} {dot} enter: everything",
                negative.native_state.shown(),
                negative.id.shown()
            ),
            Role::Dim,
        ),
    };
    vec![first, second, third]
}

/// What to ask of a row; nothing of a brand, of which nobody knows what it blocks.
pub(super) fn question(seen: &Seen, data: &Data) -> Option<Question> {
    if seen.kind() == Kind::Brand || seen.state() == State::Archived {
        return None;
    }
    Some(match &seen.thing {
        Thing::New(_, new) => Question::of_new(&seen.account, new),
        // What is switched off or idle blocks nothing now: all rows of its scope count.
        Thing::Existing(negative) => {
            let acts = negative.state == State::Enabled && seen.idle.is_none();
            Question::of_existing(&seen.account, negative, since(seen, data).filter(|_| acts))
        }
    })
}

/// What the row has blocked, or would: only evidence with its dates, and that there is none.
fn what_if(browse: &Browse, seen: &Seen, data: &Data, width: u16) -> Option<Line> {
    let question = question(seen, data)?;
    if let Some(problem) = browse.whatif.problem() {
        return Some(Line::of(format!("Search terms cannot be read: {}", problem.title), Role::Warn));
    }
    let answer = browse.whatif.of(&question)?;
    let period = answer.days?;
    let head = match (&seen.thing, question.since) {
        (Thing::Existing(_), Some(_)) => "here before, or elsewhere since: ",
        _ => "of the loaded search terms: ",
    };
    let mut parts = answer.parts();
    if let (Some(first), Some(_)) = (parts.first_mut(), question.since) {
        // It blocks already; the count alone is news.
        first.text = first.text.replacen("blocks no loaded", "no loaded", 1).replacen("blocks ", "", 1);
    }
    let dot = data.theme.symbols.dot;
    let said = |parts: &[Part]| {
        let dates = format!(" {dot} {}", dates(period, data));
        Line::of(head, Role::Dim).join(line(parts, data)).put(dates, Role::Dim)
    };
    let whole = said(&parts);
    if whole.width() <= usize::from(width) {
        return Some(whole);
    }
    // The amount is known by its sign; the dates must find room.
    for part in &mut parts {
        part.text = part.text.replacen("cost ", "", 1);
    }
    Some(said(&parts))
}

/// Words, and how full a place is where that says more than its counts: against a cap, or with what is staged.
fn with_meter(said: String, account: &Identity, scope: Scope, data: &Data) -> Line {
    let line = Line::of(said, Role::Dim);
    match meter::of(data, account, scope).filter(|meter| meter.most.is_some() || meter.after != meter.held) {
        Some(full) => line
            .put(format!(" {} ", data.theme.symbols.dot), Role::Dim)
            .put(meter::words(full), meter::role(full)),
        None => line,
    }
}

/// The campaign or ad group that a row is attached to.
fn home(seen: &Seen, data: &Data) -> Option<Scope> {
    let catalog = data.catalog()?;
    let (campaign, group) = match &seen.thing {
        Thing::Existing(negative) => (&negative.campaign, negative.ad_group.as_ref()),
        Thing::New(_, new) => (&new.campaign, new.ad_group.as_ref()),
    };
    let campaign = catalog.find_campaign(catalog.find_account(&seen.account)?, campaign)?;
    match group {
        Some(id) => catalog.find_ad_group(campaign, id).map(Scope::AdGroup),
        None => Some(Scope::CampaignLevel(campaign)),
    }
}

fn place_lines(browse: &Browse, data: &Data) -> Vec<Line> {
    let Some(place) = &browse.place else { return Vec::new() };
    let dot = data.theme.symbols.dot;
    let Some(account) = data.account(&place.account) else { return Vec::new() };
    let title = account.capabilities.title;
    let counts = |scope| {
        data.catalog().map_or_else(String::new, |catalog| {
            let counts = catalog.counts(scope);
            format!(
                "{} on {dot} {} off {dot} {} archived",
                count(counts.enabled),
                count(counts.paused),
                count(counts.archived)
            )
        })
    };
    match data.catalog().and_then(|catalog| Some((catalog, place.scope(catalog)?))) {
        Some((catalog, Scope::Campaign(ix))) => {
            let campaign = catalog.campaign(ix);
            let holds: &str = match campaign.holds() {
                Holds::Yes => "",
                Holds::Inert => " · negatives have no effect in it",
                Holds::No => " · takes no negatives",
            };
            vec![
                Line::of(
                    format!("{} {dot} {} campaign of {title}", campaign.name(), campaign.native_type()),
                    Role::Text,
                ),
                Line::of(
                    format!(
                        "{} {dot} {}{holds}",
                        campaign.native_state(),
                        counted(campaign.ad_group_count(), "ad group")
                    ),
                    Role::Dim,
                ),
                with_meter(counts(Scope::Campaign(ix)), &place.account, Scope::Campaign(ix), data),
            ]
        }
        Some((catalog, Scope::Reaching(ix))) => {
            let group = catalog.ad_group(ix);
            let shared = catalog.counts(Scope::CampaignLevel(group.campaign().ix())).standing();
            vec![
                Line::of(format!("{} {dot} ad group of {}", group.name(), group.campaign().name()), Role::Text),
                Line::of(
                    format!("{} {dot} {} more from its campaign", group.native_state(), count(shared)),
                    Role::Dim,
                ),
                with_meter(
                    format!("own: {}", counts(Scope::AdGroup(ix))),
                    &place.account,
                    Scope::AdGroup(ix),
                    data,
                ),
            ]
        }
        found => {
            let second = match &account.snapshot.stale {
                Some(problem) => Line::of(format!("Not refreshed: {}", problem.title), Role::Warn),
                None if data.opened.value().is_none() => Line::new(),
                None => Line::of(counted(account.snapshot.campaigns, "campaign"), Role::Dim),
            };
            let third = found.map(|(_, scope)| Line::of(counts(scope), Role::Dim)).unwrap_or_default();
            vec![Line::of(format!("{} {dot} {title}", account.account.name), Role::Text), second, third]
        }
    }
}

/// What the audit found of a negative, in words.
fn findings(data: &Data, seen: &Seen, negative: &Negative) -> Vec<(String, Role)> {
    let Some(now) = data.audit.value() else { return Vec::new() };
    let account = now.catalog.find_account(&seen.account);
    let row = account.and_then(|account| now.catalog.find(account, &negative.key()));
    let found = row.map(|row| findings_of(now, row)).unwrap_or_default();
    let says = |finding: &Finding| {
        let ignored = if now.ignored.contains(&finding.id) { " (ignored)" } else { "" };
        let role = match finding.severity {
            Severity::Error => Role::Bad,
            Severity::Warning => Role::Warn,
            Severity::Info => Role::Text,
        };
        (format!("{}{ignored}: {}", finding.info().title, finding.message), role)
    };
    found.into_iter().map(says).collect()
}

/// Everything of a row, for `enter`.
pub fn everything(data: &Data, seen: &Seen) -> Pager {
    let campaign_state: &'static str = seen.campaign_state.into();
    let level: &'static str = if seen.level() == Level::AdGroup { "ad group" } else { "campaign" };
    let account = data.account(&seen.account);
    let state: &'static str = seen.state().into();
    let mut details = Details::default()
        .pair("text", seen.text().shown().to_string())
        .pair("brand", seen.brand_name().map(|name| name.shown().to_string()).unwrap_or_default())
        .pair("kind", <&'static str>::from(seen.kind()))
        .pair("match", seen.match_word())
        .pair("blocks", blocks(seen))
        .gap()
        .pair("state", state)
        .pair_in("idle because", seen.idle.unwrap_or_default(), Role::Warn);
    if let Thing::Existing(negative) = &seen.thing {
        details = details.pair("platform says", negative.native_state.shown().to_string());
    }
    let staged = match (&seen.thing, seen.staged) {
        (Thing::New(number, _), _) => format!("{number}: to be made"),
        (_, Some((number, Mark::SetState(to)))) => format!("{number}: to {to}"),
        (_, Some((number, Mark::Remove))) => format!("{number}: to be removed"),
        _ => String::new(),
    };
    details = details.pair_in("staged, not sent", staged, Role::Accent);
    let touch = touch(seen, data);
    if let Some(touch) = touch {
        let said = format!("{}, {} by {}", touch.number, moment(touch.began, data), touch.who.shown());
        details = details.pair_in("last operation", format!("{said} (enter opens it)"), Role::Accent);
    }
    details = details.gap();
    if let Some(account) = account {
        let live = if account.account.live { "live" } else { "sandbox" };
        details = details
            .pair("account", format!("{} ({}, {live})", account.account.name, account.capabilities.title))
            .pair("origin", shown(&account.account.identity.origin).to_string());
    }
    details =
        details.pair("level", level).pair("campaign", format!("{} ({campaign_state})", seen.campaign.shown()));
    if let Some((name, state)) = &seen.ad_group {
        let state: &'static str = (*state).into();
        details = details.pair("ad group", format!("{} ({state})", name.shown()));
    }
    if let Some(full) = home(seen, data).and_then(|scope| meter::of(data, &seen.account, scope)) {
        details = details.pair_in("how full", meter::words(full), meter::role(full));
    }
    if let Thing::Existing(negative) = &seen.thing {
        details = details
            .gap()
            .pair("id", negative.id.shown().to_string())
            .pair("campaign id", negative.campaign.shown().to_string())
            .pair(
                "ad group id",
                negative.ad_group.as_ref().map(|id| id.shown().to_string()).unwrap_or_default(),
            )
            .pair("made", negative.created.map(|at| at.to_string()).unwrap_or_default())
            .pair("first seen", seen.first_seen.map(|day| day.to_string()).unwrap_or_default());
        for (says, role) in findings(data, seen, negative) {
            details = details.pair_in("finding", says, role);
        }
    }
    let copies = match &seen.thing {
        Thing::Existing(negative) => negative.id.raw().to_owned(),
        Thing::New(_, new) => new.text.copied().into_owned(),
    };
    let pager = Pager::new(seen.shown_text(), Content::Details(details)).copies(copies);
    match touch {
        Some(touch) => pager.leads(Want::Past(touch.operation)),
        None => pager,
    }
}
