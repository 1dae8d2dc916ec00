//! One negative in the form. Its text cannot be changed on any platform, so another text is a removal and an
//! addition; another state alone is a change of state; a staged addition is replaced.

use std::sync::Arc;

use super::AddForm;
use super::sheet::Sort;
use crate::domain::account::Identity;
use crate::domain::capabilities::{Capabilities, Removal};
use crate::domain::catalog::Overlay as Laid;
use crate::domain::change::{Change, NewNegative, Staged};
use crate::domain::judge::{Advice, Already};
use crate::domain::negative::{Kind, MatchType, Negative, State};
use crate::domain::text::Text;
use crate::ui::data::Data;
use crate::ui::effect::Staging;
use crate::ui::msg::BrandHit;
use crate::ui::screens::browse::seen::{Seen, Thing};

/// The removal that an edit would stage is laid over the snapshot under this number.
const ITS_REMOVAL: u64 = u64::MAX;

/// The negative that is edited.
#[derive(Clone, Debug)]
pub struct Edit {
    account: Identity,
    thing: Thing,
    /// The change staged for it, which the edit replaces.
    staged: Option<u64>,
    capabilities: &'static Capabilities,
    overlay: Arc<Laid>,
}

impl Edit {
    /// For a row.
    pub fn new(data: &Data, row: &Seen) -> Option<Self> {
        let capabilities = data.account(&row.account)?.capabilities;
        let staged = match &row.thing {
            Thing::New(number, _) => Some(*number),
            Thing::Existing(_) => row.staged.map(|(number, _)| number),
        };
        let mut edit = Self {
            account: row.account.clone(),
            thing: row.thing.clone(),
            staged,
            capabilities,
            overlay: Arc::clone(&data.overlay),
        };
        edit.lay(data);
        Some(edit)
    }

    /// Lays what is staged over the snapshot as if the old one were gone: it covers and repeats nothing.
    pub fn lay(&mut self, data: &Data) {
        let Some(catalog) = data.catalog() else { return };
        let mut staged: Vec<Staged> =
            data.staged.iter().filter(|one| Some(one.number) != self.staged).cloned().collect();
        if let Thing::Existing(target) = &self.thing {
            staged.push(Staged {
                number: ITS_REMOVAL,
                account: self.account.clone(),
                change: Change::Remove { target: target.clone() },
                at: data.clock.wall,
            });
        }
        self.overlay = Arc::new(Laid::new(catalog, &staged));
    }

    /// What its lines are judged against.
    pub fn overlay(&self) -> &Arc<Laid> {
        &self.overlay
    }

    fn text(&self) -> &Text {
        match &self.thing {
            Thing::Existing(old) => &old.text,
            Thing::New(_, old) => &old.text,
        }
    }

    fn match_type(&self) -> Option<MatchType> {
        match &self.thing {
            Thing::Existing(old) => old.match_type,
            Thing::New(_, old) => old.match_type,
        }
    }

    fn kind(&self) -> Kind {
        match &self.thing {
            Thing::Existing(old) => old.kind,
            Thing::New(_, old) => old.kind,
        }
    }

    fn state(&self) -> State {
        match &self.thing {
            Thing::Existing(old) => old.state,
            Thing::New(_, old) => old.state,
        }
    }

    /// The brand it names.
    pub fn brand(&self) -> BrandHit {
        let name = match &self.thing {
            Thing::Existing(old) => &old.brand_name,
            Thing::New(_, old) => &old.brand_name,
        };
        BrandHit { id: self.text().clone(), name: name.clone().unwrap_or_else(|| self.text().clone()) }
    }

    fn same_text(&self, form: &AddForm) -> bool {
        let match_type = (self.kind() == Kind::Keyword).then_some(form.sort.match_type);
        let texts: Vec<&Text> = form.sheet.entries.iter().map(|entry| &entry.text).collect();
        texts == [self.text()] && match_type == self.match_type()
    }

    /// Whether anything is another than it was.
    pub fn is_changed(&self, form: &AddForm) -> bool {
        !self.same_text(form) || form.sort.state != self.state()
    }

    /// What the edit will come to, said before it is staged.
    pub fn says(&self, form: &AddForm) -> String {
        let title = self.capabilities.title;
        if !self.is_changed(form) {
            return "Nothing is changed yet".to_owned();
        }
        match &self.thing {
            Thing::New(..) => "It is not sent yet: what is staged is replaced".to_owned(),
            Thing::Existing(old) if self.same_text(form) => match self.to_state(old, form.sort) {
                Ok(_) => format!("Only its state changes: {} to {}", old.state, form.sort.state),
                Err(why) => capital(&why),
            },
            Thing::Existing(old) if old.state == State::Archived => {
                format!("Archived is final on {title}: this makes a new one")
            }
            Thing::Existing(_) => match self.capabilities.removal {
                Removal::Archive => {
                    format!("{title} changes no text: the old one is archived for good, a new one made")
                }
                Removal::SwitchOff => {
                    format!("{title} changes no text: the old one is switched off, a new one made")
                }
            },
        }
    }

    fn to_state(&self, old: &Negative, sort: Sort) -> Result<State, String> {
        let title = self.capabilities.title;
        let rule = self.capabilities.kind(old.kind, old.level());
        if old.state == State::Archived {
            return Err(format!("archived is final on {title}; change the text, or add it anew"));
        }
        if rule.is_some_and(|rule| rule.moves.contains(&(old.state, sort.state))) {
            return Ok(sort.state);
        }
        Err(format!("{title} has no move from {} to {}", old.state, sort.state))
    }

    /// What is to be staged and how that is said, or why nothing is.
    pub fn staging(&self, form: &AddForm) -> Result<(Staging, String), String> {
        if !self.is_changed(form) {
            return Err("Nothing is changed".to_owned());
        }
        let own = || self.staged.into_iter().collect::<Vec<u64>>();
        if self.same_text(form)
            && let Thing::Existing(old) = &self.thing
        {
            let to = self.to_state(old, form.sort)?;
            let change = Change::SetState { target: old.clone(), to };
            let staging =
                Staging { add: vec![(self.account.clone(), change)], drop: own(), ..Staging::default() };
            return Ok((staging, "1 change staged, not sent: only its state changes".to_owned()));
        }
        let mut staging = Staging { drop: own(), ..Staging::default() };
        let mut say = "The staged addition is replaced, not sent".to_owned();
        let removed = self.capabilities.removed_state();
        if let Thing::Existing(old) = &self.thing {
            "A new one is staged, not sent".clone_into(&mut say);
            if old.state != removed && old.state != State::Archived {
                staging.add.push((self.account.clone(), Change::Remove { target: old.clone() }));
                let how = match self.capabilities.removal {
                    Removal::Archive => "archived for good",
                    Removal::SwitchOff => "switched off",
                };
                say = format!("2 changes staged, not sent: the old one is {how}, a new one is made");
            }
        }
        let news = self.news(form)?;
        if news.is_empty() {
            return Err("There is no text; d removes it".to_owned());
        }
        staging.add.extend(news);
        Ok((staging, say))
    }

    fn news(&self, form: &AddForm) -> Result<Vec<(Identity, Change)>, String> {
        let mut news = Vec::new();
        for entry in 0..form.sheet.entries.len() {
            let new = form.sheet.new_negative(entry, 0, form.sort);
            for judgement in form.sheet.of(entry) {
                let itself = matches!(judgement.already, Some(Already::Leaving { number: ITS_REMOVAL, .. }));
                match judgement.advice() {
                    Advice::Stage | Advice::Covered => {}
                    _ if itself => return Err("For the platform it is the same text".to_owned()),
                    Advice::SetState { .. } | Advice::Unstage(_) | Advice::Skip => {
                        return Err(format!("\"{}\" is there already", new.text.shown()));
                    }
                    Advice::Refuse => {
                        return Err(format!("\"{}\" has to be corrected first", new.text.shown()));
                    }
                }
                let new = NewNegative { text: new.text.clone(), ..new.clone() };
                news.push((self.account.clone(), Change::Add { new }));
            }
        }
        Ok(news)
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
