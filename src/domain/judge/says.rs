//! Judgements in words, one line each: for the add form, the commands and the plan.

use super::super::capabilities::Capabilities;
use super::super::catalog::{Catalog, NegIx, Overlay};
use super::super::negative::{Kind, Level, MatchType, State};
use super::super::text::shown;
use super::{Already, Caution, Covered, Judgement, Refusal};

impl Judgement {
    /// The one thing to say on the negative's line; `fine` when there is nothing.
    pub fn says(&self, capabilities: &Capabilities, catalog: &Catalog, overlay: &Overlay) -> String {
        self.lines(capabilities, catalog, overlay).into_iter().next().unwrap_or_else(|| "fine".to_owned())
    }

    /// All there is to say, the weightiest first.
    pub fn lines(&self, capabilities: &Capabilities, catalog: &Catalog, overlay: &Overlay) -> Vec<String> {
        let already = self.already.map(|already| already.says(catalog));
        let refusals = self.refusals.iter().map(|refusal| refusal.says(capabilities));
        let covered = self.covered.map(|covered| covered.says(catalog, overlay));
        let cautions = self.cautions.iter().map(|caution| caution.says(capabilities));
        already.into_iter().chain(refusals).chain(covered).chain(cautions).collect()
    }
}

/// What a kind is called where there are several.
fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Keyword => "keyword negatives",
        Kind::Product => "product negatives",
        Kind::Brand => "brand negatives",
    }
}

fn parent(level: Level) -> &'static str {
    match level {
        Level::Campaign => "campaign",
        Level::AdGroup => "ad group",
    }
}

fn listed<T: std::fmt::Display>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
}

fn characters(found: &[char]) -> String {
    let marks = found.iter().map(|c| shown(c.encode_utf8(&mut [0; 4])).to_string());
    marks.collect::<Vec<_>>().join(" ")
}

impl Refusal {
    /// The reason in words.
    pub fn says(&self, capabilities: &Capabilities) -> String {
        let title = capabilities.title;
        match self {
            Self::Empty => "empty".to_owned(),
            Self::TooLong { chars, most } => format!("{most} characters at most on {title} ({chars})"),
            Self::TooManyWords { match_type, words, most } => {
                format!("{match_type}: {most} words at most on {title} ({words})")
            }
            Self::Characters(found) => format!("{title} refuses {}", characters(found)),
            Self::NotAnAsin => "not an ASIN: ten characters, capital letters and digits".to_owned(),
            Self::NoSuchKind(kind) => format!("{title} has no {}", plural(*kind)),
            Self::NoSuchLevel { kind, has } => {
                format!("{title} has {} in {}s only", plural(*kind), parent(*has))
            }
            Self::NoSuchMatch { wanted: Some(wanted), has: [] } => {
                format!("{wanted}: only keywords have a match type")
            }
            Self::NoSuchMatch { wanted: Some(wanted), has } => {
                format!("{title} has no {wanted} match, only {}", listed(has))
            }
            Self::NoSuchMatch { wanted: None, has } => format!("needs a match type: {}", listed(has)),
            Self::NoSuchState { wanted, has } => {
                format!("{title} cannot make it {wanted}, only {}", listed(has))
            }
            Self::NoSuchParent(level) => format!("no such {} in the snapshot: refresh it", parent(*level)),
            Self::HoldsNone => format!("{title} takes no negatives in this sort of campaign"),
            Self::Archived(level) => format!("the {} is archived", parent(*level)),
            Self::Full { level, count, cap } => {
                format!("the {} is full: holds {count}, {cap} at most on {title}", parent(*level))
            }
        }
    }
}

/// A negative in a few words: `decaf (phrase, campaign)`.
fn brief(text: impl std::fmt::Display, kind: Kind, match_type: Option<MatchType>, level: Level) -> String {
    let sort = match match_type {
        Some(match_type) => match_type.to_string(),
        None if kind == Kind::Product => "ASIN".to_owned(),
        None => kind.to_string(),
    };
    format!("{text} ({sort}, {})", parent(level))
}

impl Already {
    /// What is there, in words.
    pub fn says(self, catalog: &Catalog) -> String {
        let id = |row: NegIx| catalog.negative(row).id();
        match self {
            Self::There(row) => format!("already there ({})", id(row).shown()),
            Self::Elsewise { row, from: State::Paused } => {
                format!("there, switched off ({}): it will be switched on", id(row).shown())
            }
            Self::Elsewise { row, from } => {
                format!("there, {from} ({}): its state will be changed", id(row).shown())
            }
            Self::Stuck { row, from } => {
                let native = catalog.negative(row).native_state();
                format!("there, {from} ({}, {native}), and cannot be moved", id(row).shown())
            }
            Self::Leaving { number, .. } => format!("there, but change {number} staged for it says otherwise"),
            Self::Staged(number) => format!("already staged (change {number})"),
            Self::Line(line) => format!("the same as line {}", line + 1),
        }
    }
}

impl Covered {
    /// What covers it, in words: `covered by decaf (phrase, campaign)`.
    pub fn says(self, catalog: &Catalog, overlay: &Overlay) -> String {
        match self {
            Self::By(row) => {
                let wide = catalog.negative(row);
                format!("covered by {}", brief(wide.text(), wide.kind(), wide.match_type(), wide.level()))
            }
            Self::ByStaged(number) => match overlay.addition(number) {
                Some(wide) => {
                    let new = &wide.new;
                    let wide = brief(new.text.shown(), new.kind, new.match_type, new.level());
                    format!("covered by {wide}, not sent")
                }
                None => format!("covered by staged change {number}"),
            },
        }
    }
}

impl Caution {
    /// The caution in words.
    pub fn says(&self, capabilities: &Capabilities) -> String {
        let title = capabilities.title;
        match self {
            Self::Doubtful(found) => format!("{title} may refuse {}", characters(found)),
            Self::OuterSpace => "spaces at its ends are not sent".to_owned(),
            Self::LooksLikeAsin => "looks like an ASIN: as a keyword it blocks that search only".to_owned(),
            Self::Idle(reason) => format!("would block nothing: {}", reason.says()),
            Self::OfKind(caution) => (*caution).to_owned(),
            Self::NearFull { level, count, cap } if count >= cap => {
                format!("the {} holds {count}; {title} may take no more than {cap}", parent(*level))
            }
            Self::NearFull { level, count, cap } => format!("the {} holds {count} of {cap}", parent(*level)),
        }
    }
}
