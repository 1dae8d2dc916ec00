//! From the form to staging: what of it can be staged is, what has to be corrected stays in the form, and each is
//! said in numbers.

use rustc_hash::FxHashSet;

use super::AddForm;
use super::sheet::MOST;
use crate::domain::catalog::Catalog;
use crate::domain::change::Change;
use crate::domain::judge::{Advice, Already};
use crate::domain::negative::Kind;
use crate::ui::canvas::{count, counted};
use crate::ui::effect::Staging;
use crate::ui::part::Cx;

impl AddForm {
    /// How many changes the button would stage; `None` until every line is judged.
    pub(super) fn to_stage(&self) -> Option<usize> {
        if let Some(edit) = &self.edit {
            return Some(edit.staging(self).map_or(0, |(staging, _)| staging.add.len()));
        }
        let (total, _) = self.sheet.total()?;
        Some(total.stage + total.switch + if self.with_covered { total.covered } else { 0 })
    }

    /// Why nothing can be staged now.
    pub(super) fn hindrance(&self) -> Option<String> {
        if self.sent.is_some() {
            return Some("It is being staged".to_owned());
        }
        if let Some(edit) = &self.edit {
            return edit.staging(self).err();
        }
        if self.sheet.targets.is_empty() {
            return Some("Nowhere to add to: choose \"pick scopes\" in the first line".to_owned());
        }
        if self.sheet.entries.is_empty() {
            let brand = self.sort.kind == Kind::Brand;
            return Some(
                if brand { "No brand is picked (space picks)" } else { "Nothing is typed yet" }.to_owned(),
            );
        }
        if self.sheet.size() > MOST {
            return Some(format!(
                "{} in {} are {} additions: {} at most at a time",
                counted(self.sheet.entries.len(), "line"),
                counted(self.sheet.targets.len(), "place"),
                count(self.sheet.size()),
                count(MOST)
            ));
        }
        let (total, to_fix) = self.sheet.total()?;
        (self.to_stage() == Some(0)).then(|| {
            let mut why = Vec::new();
            if to_fix > 0 {
                why.push(format!("{} to fix", count(to_fix)));
            }
            if total.covered > 0 {
                why.push(format!("{} covered (\"stage the covered too\" takes them)", count(total.covered)));
            }
            if total.skip > 0 {
                why.push(format!("{} there already", count(total.skip)));
            }
            format!("Nothing to stage: {}", why.join(", "))
        })
    }

    /// Stages what can be, or says why nothing can; later, when the lines are still being judged.
    pub(super) fn stage(&mut self, cx: &mut Cx) {
        if let Some(why) = self.hindrance() {
            return cx.say(format!("{why}."));
        }
        if !self.sheet.is_judged() {
            self.eager = true;
            return cx.say("Every line is judged first; then they are staged.");
        }
        self.eager = false;
        let (staging, say, keep) = if let Some(edit) = &self.edit {
            match edit.staging(self) {
                Ok((staging, say)) => (staging, say, Vec::new()),
                Err(why) => return cx.say(format!("{why}.")),
            }
        } else {
            let Some(catalog) = cx.data.catalog() else { return };
            self.gather(catalog)
        };
        self.sent = Some(keep);
        cx.stage(staging, format!("{say}; u takes it back"));
    }

    /// What is staged, how that is said, and the lines that stay.
    fn gather(&self, catalog: &Catalog) -> (Staging, String, Vec<usize>) {
        let mut staging = Staging::default();
        let mut keep = Vec::new();
        let (mut covered, mut skipped, mut switched) = (0, 0, 0);
        // Two lines may ask for the same one that is there.
        let mut touched = FxHashSet::default();
        for (at, entry) in self.sheet.entries.iter().enumerate() {
            let mut fine = true;
            for (target, judgement) in self.sheet.of(at).into_iter().enumerate() {
                let account = &self.sheet.targets[target].account;
                let add = || Change::Add { new: self.sheet.new_negative(at, target, self.sort) };
                match judgement.advice() {
                    Advice::Stage => staging.add.push((account.clone(), add())),
                    Advice::Covered if self.with_covered => staging.add.push((account.clone(), add())),
                    Advice::Covered => covered += 1,
                    Advice::SetState { row, to } if touched.insert(row) => {
                        switched += 1;
                        let target = catalog.negative(row).to_negative();
                        staging.add.push((account.clone(), Change::SetState { target, to }));
                    }
                    Advice::Unstage(number) => {
                        let Some(Already::Leaving { row, .. }) = judgement.already else { continue };
                        if !touched.insert(row) {
                            continue;
                        }
                        switched += 1;
                        staging.drop.push(number);
                        let target = catalog.negative(row).to_negative();
                        if target.state != self.sort.state {
                            let change = Change::SetState { target, to: self.sort.state };
                            staging.add.push((account.clone(), change));
                        }
                    }
                    Advice::Skip | Advice::SetState { .. } => skipped += 1,
                    Advice::Refuse => fine = false,
                }
            }
            if !fine {
                keep.push(entry.row);
            }
        }
        let mut say =
            vec![format!("{} staged, not sent", counted(staging.add.len() + staging.drop.len(), "change"))];
        let mut note = |n: usize, what: &str| {
            if n > 0 {
                say.push(format!("{} {what}", count(n)));
            }
        };
        note(keep.len(), if keep.len() == 1 { "to fix stays here" } else { "to fix stay here" });
        note(switched, "switched");
        note(covered, "covered left out");
        note(skipped, "there already");
        (staging, say.join("; "), keep)
    }

    /// Staging went through: the lines to fix stay; without any, the form closes.
    pub(super) fn staged(&mut self, cx: &mut Cx, keep: &[usize]) {
        if keep.is_empty() {
            return cx.close();
        }
        if self.sort.kind == Kind::Brand {
            self.brands.keep(keep);
        } else {
            self.lines.keep(keep);
        }
    }
}
