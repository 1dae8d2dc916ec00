//! What is said of every line at every place: judged all at once where that is little, by the shell where it is
//! much, and until then the lines in sight alone. Reads only; what is staged of it is decided in `stage`.

use std::sync::Arc;

use super::lines::Entry;
use super::spots::Spot;
use crate::domain::account::Identity;
use crate::domain::capabilities::Capabilities;
use crate::domain::catalog::{Catalog, Overlay};
use crate::domain::change::NewNegative;
use crate::domain::judge::{Advice, Already, Judgement, judge_all};
use crate::domain::negative::{Kind, MatchType, State};
use crate::domain::simulate::Question;
use crate::ui::canvas::count;
use crate::ui::data::Data;
use crate::ui::effect::Effect;
use crate::ui::part::Cx;
use crate::ui::remote::Ticket;
use crate::ui::theme::{Role, Symbols};

/// So many additions are judged at once, between two keys.
const AT_ONCE: usize = 200;
/// The most additions that one form makes.
pub const MOST: usize = 50_000;

/// What the additions of an account are to be.
pub type Asked = (Identity, Vec<NewNegative>);

/// Judges the additions of some accounts; empty where an account is not known. Heavy for long lists: the shell
/// calls it for [`Effect::Judge`].
pub fn judge(
    asked: &[Asked],
    catalog: &Catalog,
    overlay: &Overlay,
    capabilities: impl Fn(&Identity) -> Option<&'static Capabilities>,
) -> Vec<Judgement> {
    let mut judged = Vec::new();
    for (identity, new) in asked {
        match (capabilities(identity), catalog.find_account(identity)) {
            (Some(capabilities), Some(account)) => {
                judged.extend(judge_all(new, capabilities, catalog, account, overlay));
            }
            _ => judged.extend(new.iter().map(|_| Judgement::default())),
        }
    }
    judged
}

/// What all lines have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// What they name.
    pub kind: Kind,
    /// How keywords match.
    pub match_type: MatchType,
    /// The state they are made in.
    pub state: State,
}

/// How many places say what of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// It can be staged.
    pub stage: usize,
    /// Of those: with something to know.
    pub caution: usize,
    /// One that is there gets another state, or what is staged for it is taken back.
    pub switch: usize,
    /// Something wider blocks all of it.
    pub covered: usize,
    /// It is there, staged, or on an earlier line.
    pub skip: usize,
    /// It cannot be sent.
    pub fix: usize,
}

impl Tally {
    fn note(&mut self, judgement: &Judgement) {
        match judgement.advice() {
            Advice::Stage => {
                self.stage += 1;
                self.caution += usize::from(!judgement.cautions.is_empty());
            }
            Advice::SetState { .. } | Advice::Unstage(_) => self.switch += 1,
            Advice::Covered => self.covered += 1,
            Advice::Skip => self.skip += 1,
            Advice::Refuse => self.fix += 1,
        }
    }

    fn add(&mut self, other: Self) {
        self.stage += other.stage;
        self.caution += other.caution;
        self.switch += other.switch;
        self.covered += other.covered;
        self.skip += other.skip;
        self.fix += other.fix;
    }

    /// The sign that stands for it.
    pub fn sign(self, symbols: &Symbols) -> (&'static str, Role) {
        match self {
            Self { fix: 1.., .. } => (symbols.failed, Role::Bad),
            Self { caution: 1.., .. } => ("!", Role::Warn),
            Self { stage: 1.., .. } => (symbols.ok, Role::Good),
            Self { switch: 1.., .. } => ("~", Role::Warn),
            _ => ("=", Role::Dim),
        }
    }
}

/// Every line at every place: what a form would stage if nothing stood in its way. Cheap to clone and to send.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// The lines.
    pub entries: Arc<Vec<Entry>>,
    /// The places.
    pub targets: Arc<Vec<Spot>>,
    /// What they have in common.
    pub sort: Sort,
}

impl Grid {
    /// What is to be made of a line at a place.
    pub fn new_negative(&self, entry: usize, target: usize) -> NewNegative {
        let (entry, spot) = (&self.entries[entry], &self.targets[target]);
        NewNegative {
            kind: self.sort.kind,
            campaign: spot.campaign.clone(),
            ad_group: spot.ad_group.clone(),
            text: entry.text.clone(),
            brand_name: entry.name.clone(),
            match_type: (self.sort.kind == Kind::Keyword).then(|| entry.marked.unwrap_or(self.sort.match_type)),
            state: self.sort.state,
        }
    }

    /// What to ask of it all, line by line. As many as there are lines at places: not for the UI's thread.
    pub fn questions(&self) -> impl Iterator<Item = Question> {
        let places = |entry: usize| (0..self.targets.len()).map(move |target| (entry, target));
        (0..self.entries.len()).flat_map(places).map(|(entry, target)| {
            Question::of_new(&self.targets[target].account, &self.new_negative(entry, target))
        })
    }
}

/// Lines, places, and what is said.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// The lines.
    pub entries: Arc<Vec<Entry>>,
    /// The places, those of an account side by side.
    pub targets: Arc<Vec<Spot>>,
    /// Per place, per line; `None` until it is known.
    judged: Option<Vec<Judgement>>,
    total: Tally,
    to_fix: usize,
    /// What is known of the lines in sight until then: first line, and each at the first place.
    glimpse: (usize, Vec<Judgement>),
    awaited: Option<Ticket>,
    /// The lines have changed since the shell was asked.
    outdated: bool,
}

impl Sheet {
    /// How many additions it is about.
    pub fn size(&self) -> usize {
        self.entries.len() * self.targets.len()
    }

    /// Whether every line is judged.
    pub fn is_judged(&self) -> bool {
        self.judged.is_some()
    }

    /// What is to be made of a line at a place.
    pub fn new_negative(&self, entry: usize, target: usize, sort: Sort) -> NewNegative {
        self.grid(sort).new_negative(entry, target)
    }

    /// All lines at all places.
    pub fn grid(&self, sort: Sort) -> Grid {
        Grid { entries: Arc::clone(&self.entries), targets: Arc::clone(&self.targets), sort }
    }

    fn asked(&self, entries: std::ops::Range<usize>, targets: usize, sort: Sort) -> Vec<Asked> {
        let mut asked: Vec<Asked> = Vec::new();
        for target in 0..targets {
            let account = &self.targets[target].account;
            let new = entries.clone().map(|entry| self.new_negative(entry, target, sort));
            match asked.last_mut().filter(|(last, _)| last == account) {
                Some((_, all)) => all.extend(new),
                None => asked.push((account.clone(), new.collect())),
            }
        }
        asked
    }

    /// Judges anew: at once, or by the shell. One request is under way at a time.
    pub fn judge(&mut self, cx: &mut Cx, overlay: Option<&Arc<Overlay>>, sort: Sort) {
        self.judged = None;
        self.glimpse = (0, Vec::new());
        let Some(catalog) = cx.data.catalog() else { return };
        let len = self.size();
        if len <= AT_ONCE {
            self.awaited = None;
            let asked = self.asked(0..self.entries.len(), self.targets.len(), sort);
            let overlay = overlay.unwrap_or(&cx.data.overlay);
            self.take(judge(&asked, catalog, overlay, |id| cx.data.account(id).map(|a| a.capabilities)));
        } else if self.awaited.is_some() {
            self.outdated = true;
        } else if len <= MOST {
            let ticket = cx.ticket();
            self.awaited = Some(ticket);
            self.outdated = false;
            let asked = self.asked(0..self.entries.len(), self.targets.len(), sort);
            cx.emit(Effect::Judge(ticket, asked));
        }
    }

    /// Forgets what the shell was asked: its answer would be of another snapshot.
    pub fn forget(&mut self) {
        self.awaited = None;
    }

    /// Takes the shell's answer if it is awaited; says whether to ask again.
    pub fn answered(&mut self, ticket: Ticket, judged: Option<&[Judgement]>) -> bool {
        if self.awaited != Some(ticket) {
            return false;
        }
        self.awaited = None;
        if let Some(judged) = judged.filter(|judged| !self.outdated && judged.len() == self.size()) {
            self.take(judged.to_vec());
        }
        std::mem::take(&mut self.outdated)
    }

    fn take(&mut self, mut judged: Vec<Judgement>) {
        for judgement in &mut judged {
            // Its place in the request becomes its line.
            if let Some(Already::Line(at)) = &mut judgement.already {
                *at = self.entries[*at % self.entries.len()].row;
            }
        }
        self.judged = Some(judged);
        self.total = Tally::default();
        self.to_fix = 0;
        for entry in 0..self.entries.len() {
            let tally = self.tally(entry);
            self.to_fix += usize::from(tally.fix > 0);
            self.total.add(tally);
        }
    }

    /// Judges the lines in sight at the first place while the rest is not known.
    pub fn look(&mut self, data: &Data, rows: std::ops::Range<usize>, sort: Sort) {
        let Some(catalog) = data.catalog().filter(|_| self.judged.is_none() && !self.targets.is_empty()) else {
            return;
        };
        let first = self.entries.partition_point(|entry| entry.row < rows.start);
        let end = self.entries.partition_point(|entry| entry.row < rows.end);
        if self.glimpse.0 == first && self.glimpse.1.len() == end - first {
            return;
        }
        let asked = self.asked(first..end, 1, sort);
        let judged = judge(&asked, catalog, &data.overlay, |id| data.account(id).map(|a| a.capabilities));
        self.glimpse = (first, judged);
    }

    /// The line of a row of the text area.
    pub fn entry_at(&self, row: usize) -> Option<usize> {
        self.entries.binary_search_by_key(&row, |entry| entry.row).ok()
    }

    /// What is said of a line, per place; of the first alone while the rest is not known.
    pub fn of(&self, entry: usize) -> Vec<&Judgement> {
        let n = self.entries.len();
        if let Some(judged) = &self.judged {
            return (0..self.targets.len()).filter_map(|target| judged.get(target * n + entry)).collect();
        }
        let (first, glimpse) = &self.glimpse;
        entry.checked_sub(*first).and_then(|at| glimpse.get(at)).into_iter().collect()
    }

    /// How many places say what of a line.
    pub fn tally(&self, entry: usize) -> Tally {
        let mut tally = Tally::default();
        for judgement in self.of(entry) {
            tally.note(judgement);
        }
        tally
    }

    /// How many additions are what, and how many lines cannot be sent somewhere; `None` until every line is judged.
    pub fn total(&self) -> Option<(Tally, usize)> {
        self.judged.as_ref().map(|_| (self.total, self.to_fix))
    }

    /// What is said of a line, the weightiest first; with several places, how many of them say so.
    pub fn says(&self, entry: usize, data: &Data, overlay: Option<&Arc<Overlay>>) -> Vec<String> {
        let said = self.of(entry);
        let overlay = overlay.unwrap_or(&data.overlay);
        let words = |target: usize, judgement: &Judgement| -> Vec<String> {
            let Some(catalog) = data.catalog() else { return Vec::new() };
            let account = self.targets.get(target).and_then(|spot| data.account(&spot.account));
            let Some(account) = account else { return vec!["its account is gone".to_owned()] };
            let lines = judgement.lines(account.capabilities, catalog, overlay);
            if lines.is_empty() { vec!["fine".to_owned()] } else { lines }
        };
        if let [one] = said.as_slice() {
            return words(0, one);
        }
        let rank = |judgement: &Judgement| match judgement.advice() {
            Advice::Refuse => 0,
            Advice::Stage if !judgement.cautions.is_empty() => 1,
            Advice::SetState { .. } | Advice::Unstage(_) => 2,
            Advice::Covered => 3,
            Advice::Skip => 4,
            Advice::Stage => 5,
        };
        let mut out = Vec::new();
        for wanted in 0..=5 {
            let mut like = said.iter().enumerate().filter(|(_, judgement)| rank(judgement) == wanted);
            let Some((target, first)) = like.next() else { continue };
            let n = 1 + like.count();
            let first = words(target, first).swap_remove(0);
            out.push(if n == said.len() {
                format!("{first}, in all {}", count(n))
            } else {
                format!("{first}, in {} of {}", count(n), count(said.len()))
            });
        }
        out
    }
}
