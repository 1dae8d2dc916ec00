//! The form over Browse that adds negatives, many lines at a time, each judged as it is typed; with one negative
//! in it, the form that edits it. This file has its state and what holds between the fields; `part` takes keys and
//! actions, `view` paints, `stage` decides what is staged, [`sheet`] what is said of each line.

pub mod brands;
pub mod edit;
pub mod lines;
pub mod options;
mod part;
pub mod picker;
pub mod sheet;
pub mod spots;
mod stage;
mod view;
mod whatif;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod whatif_tests;

use std::sync::Arc;

use self::brands::Brands;
use self::edit::Edit;
use self::lines::Lines;
use self::picker::Picker;
use self::sheet::{Sheet, Sort};
use self::spots::{Choice, Spot};
use crate::domain::account::Identity;
use crate::domain::catalog::Overlay as Laid;
use crate::domain::negative::{Kind, MatchType, State};
use crate::ui::canvas::counted;
use crate::ui::data::Data;
use crate::ui::part::Cx;
use crate::ui::screens::browse::Browse;
use crate::ui::screens::browse::place::Place;
use crate::ui::screens::browse::seen::Seen;
use crate::ui::whatif::{Listing, WhatIf};

/// A field of the form, in the order of `tab`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Where to.
    To,
    /// Keyword, ASIN or brand.
    Kind,
    /// Exact or phrase.
    Match,
    /// Enabled or paused.
    State,
    /// The lines.
    Text,
    /// A brand's name.
    Search,
    /// The platform's answer.
    Hits,
    /// Whether quotes and brackets are signs.
    Signs,
    /// Writes ASINs with capital letters.
    Raise,
    /// Whether covered lines are staged too.
    Covered,
    /// The button.
    Stage,
}

/// The form.
#[derive(Clone, Debug)]
pub struct AddForm {
    account: Identity,
    choices: Vec<Choice>,
    picked: Vec<Spot>,
    /// Which choice; one past the last is what was picked by name.
    to: usize,
    sort: Sort,
    lines: Lines,
    brands: Brands,
    signs: bool,
    with_covered: bool,
    sheet: Sheet,
    focus: Field,
    picker: Option<Picker>,
    edit: Option<Edit>,
    /// What is staged is on its way; the lines that stay in the form then.
    sent: Option<Vec<usize>>,
    /// Stage as soon as every line is judged.
    eager: bool,
    whatif: WhatIf,
    listing: Listing,
}

impl AddForm {
    fn empty(account: Identity, choices: Vec<Choice>) -> Self {
        Self {
            account,
            to: 0,
            picked: Vec::new(),
            focus: if choices.is_empty() { Field::To } else { Field::Text },
            choices,
            sort: Sort { kind: Kind::Keyword, match_type: MatchType::Exact, state: State::Enabled },
            lines: Lines::default(),
            brands: Brands::default(),
            signs: true,
            with_covered: false,
            sheet: Sheet::default(),
            picker: None,
            edit: None,
            sent: None,
            eager: false,
            whatif: WhatIf::default(),
            listing: Listing::default(),
        }
    }

    /// The form for what is in focus or marked in Browse; `None` before there is a snapshot.
    pub fn add(cx: &mut Cx, browse: &Browse) -> Option<Self> {
        let place = browse.place.as_ref()?;
        let spots = |rows: &[Seen]| rows.iter().filter_map(|row| spot_of(cx.data, row)).collect();
        let marked = browse.rows.marked();
        let choices = if !marked.is_empty() {
            spots::of_rows(cx.data, spots(&marked))
        } else if place.campaign.is_none() {
            // An account as a whole: where the row under the cursor is, if the keys go to the rows.
            let row = browse.rows.under_cursor().filter(|_| browse.in_rows());
            let own: Vec<Spot> = spots(&row.into_iter().collect::<Vec<_>>());
            if own.is_empty() { Vec::new() } else { spots::of_rows(cx.data, own) }
        } else {
            spots::of_place(cx.data, place)
        };
        cx.data.catalog()?;
        let mut form = Self::empty(place.account.clone(), choices);
        form.refresh(cx);
        Some(form)
    }

    /// The form that edits one negative, or one staged addition.
    pub fn edit(cx: &mut Cx, row: &Seen) -> Option<Self> {
        let spot = spot_of(cx.data, row)?;
        let choice = Choice { label: spot.named(cx.data), spots: vec![spot] };
        let mut form = Self::empty(row.account.clone(), vec![choice]);
        let edit = Edit::new(cx.data, row)?;
        form.sort = Sort {
            kind: row.kind(),
            match_type: row.match_type().unwrap_or(MatchType::Exact),
            state: if row.state() == State::Paused { State::Paused } else { State::Enabled },
        };
        match row.kind() {
            Kind::Brand => form.brands = Brands::with(edit.brand()),
            _ => form.lines = Lines::new(vec![row.text().raw().to_owned()]),
        }
        form.signs = false;
        form.edit = Some(edit);
        form.focus = if row.kind() == Kind::Brand { Field::State } else { Field::Text };
        form.refresh(cx);
        Some(form)
    }

    /// The spots that are chosen.
    fn chosen(&self) -> &[Spot] {
        self.choices.get(self.to).map_or(&self.picked, |choice| &choice.spots)
    }

    /// The overlay that judgements stand on, where it is not what is staged.
    fn overlay(&self) -> Option<&Arc<Laid>> {
        self.edit.as_ref().map(Edit::overlay)
    }

    fn kinds(&self, data: &Data) -> Vec<Kind> {
        if self.edit.is_some() {
            return vec![self.sort.kind];
        }
        let chosen = spots::platforms(data, self.chosen());
        if !chosen.is_empty() {
            return options::kinds(&chosen);
        }
        let own: Vec<_> = data.account(&self.account).map(|a| a.capabilities).into_iter().collect();
        options::kinds(&own)
    }

    /// Brings everything in line after a change: places, choices that are no longer there, lines, judgements.
    fn refresh(&mut self, cx: &mut Cx) {
        let kinds = self.kinds(cx.data);
        if !kinds.contains(&self.sort.kind) {
            self.sort.kind = Kind::Keyword;
        }
        let mut targets = spots::expand(cx.data, self.chosen(), self.sort.kind);
        targets.sort_by_cached_key(|spot| {
            cx.data.accounts.iter().position(|a| a.account.identity == spot.account)
        });
        self.sheet.targets = Arc::new(targets);
        let rules = self.rules(cx.data);
        let (matches, states) = (options::matches(&rules), options::states(&rules));
        if let Some(first) = matches.first().filter(|_| !matches.contains(&self.sort.match_type)) {
            self.sort.match_type = *first;
        }
        if let Some(first) = states.first().filter(|_| !states.contains(&self.sort.state)) {
            self.sort.state = *first;
        }
        self.typed(cx);
    }

    /// The lines are others now.
    fn typed(&mut self, cx: &mut Cx) {
        self.eager = false;
        self.sheet.entries = Arc::new(match self.sort.kind {
            Kind::Keyword => self.lines.entries(self.signs),
            Kind::Product => self.lines.entries(false),
            Kind::Brand => self.brands.entries(),
        });
        self.judge(cx);
    }

    fn judge(&mut self, cx: &mut Cx) {
        let overlay = self.edit.as_ref().map(|edit| Arc::clone(edit.overlay()));
        self.sheet.judge(cx, overlay.as_ref(), self.sort);
        self.sum_up(cx);
        self.wonder(cx);
        if !self.fields(cx.data).contains(&self.focus) {
            self.focus = if self.sort.kind == Kind::Brand { Field::Search } else { Field::Text };
        }
    }

    fn rules(&self, data: &Data) -> Vec<&'static crate::domain::capabilities::KindRule> {
        options::rules(data, &self.sheet.targets, self.sort.kind)
    }

    /// The fields that can be gone to now, in the order of `tab`.
    fn fields(&self, data: &Data) -> Vec<Field> {
        let rules = self.rules(data);
        let (editing, kind) = (self.edit.is_some(), self.sort.kind);
        let there = |field: &Field| match field {
            Field::To => !editing,
            Field::Kind => !editing && self.kinds(data).len() > 1,
            Field::Match => kind == Kind::Keyword && options::matches(&rules).len() > 1,
            Field::State => options::states(&rules).len() > 1,
            Field::Text => kind != Kind::Brand,
            Field::Search | Field::Hits => kind == Kind::Brand && !editing,
            Field::Signs => kind == Kind::Keyword && !editing && self.lines.signed() > 0,
            Field::Raise => kind == Kind::Product && self.lines.lower_asins() > 0,
            Field::Covered => !editing && self.sheet.total().is_some_and(|(total, _)| total.covered > 0),
            Field::Stage => true,
        };
        ALL.iter().copied().filter(there).collect()
    }

    /// What would be lost by closing, in words.
    fn unsaved(&self) -> Option<String> {
        match (&self.edit, self.sort.kind) {
            (Some(edit), _) => edit.is_changed(self).then(|| "the edit".to_owned()),
            (None, Kind::Brand) if self.brands.picked.is_empty() => None,
            (None, Kind::Brand) => Some(counted(self.brands.picked.len(), "picked brand")),
            (None, _) if self.lines.is_blank() => None,
            (None, _) => Some(counted(self.sheet.entries.len(), "line")),
        }
    }

    /// The account whose platform is asked for brands.
    fn brand_account(&self) -> Option<&Identity> {
        self.sheet.targets.first().map(|spot| &spot.account)
    }
}

const ALL: [Field; 11] = [
    Field::To,
    Field::Kind,
    Field::Match,
    Field::State,
    Field::Text,
    Field::Search,
    Field::Hits,
    Field::Signs,
    Field::Raise,
    Field::Covered,
    Field::Stage,
];

/// Where a row is attached.
fn spot_of(data: &Data, row: &Seen) -> Option<Spot> {
    use crate::ui::screens::browse::seen::Thing;
    data.account(&row.account)?;
    let (campaign, ad_group) = match &row.thing {
        Thing::Existing(negative) => (&negative.campaign, &negative.ad_group),
        Thing::New(_, new) => (&new.campaign, &new.ad_group),
    };
    Spot::of(&Place {
        account: row.account.clone(),
        campaign: Some(campaign.clone()),
        ad_group: ad_group.clone(),
    })
}
