//! The search terms of the tests' screens, and what the shell answers of them: rows, sums of words, reviews.

use std::sync::Arc;

use super::super::effect::{Effect, WordsWanted};
use super::super::msg::{LinesFound, Reply};
use super::super::remote::Ticket;
use super::{Shell, accounts};
use crate::domain::account::Identity;
use crate::domain::catalog::{Cancel, Catalog, TermsBuilder};
use crate::domain::money::{Currency, Micros};
use crate::domain::sift::{Facts, Sifter};
use crate::domain::term::{Figures, Named, TermPeriod, TermRow};

/// The account that a row's campaign is of.
fn of<'c>(catalog: &'c Catalog, row: &TermRow) -> Option<&'c Identity> {
    let id = row.campaign.id()?;
    let campaign = catalog.campaigns().find(|campaign| campaign.id() == *id)?;
    Some(&campaign.account().identity)
}

/// Some search terms of the accounts: waste, what sold, what is blocked, what may be, a product, what is too young.
pub fn term_rows() -> Vec<TermRow> {
    [
        ("c1", "g1", "free coffee beans", 10, 12, 9_400_000, 0, 0),
        ("c1", "g1", "free coffee beans", 11, 2, 1_000_000, 0, 0),
        ("c1", "g1", "espresso beans", 10, 40, 22_000_000, 5, 211_000_000),
        ("c1", "g1", "decaf coffee", 10, 3, 2_000_000, 0, 0),
        ("c1", "g2", "b000000001", 10, 3, 1_500_000, 1, 9_000_000),
        ("c2", "g3", "green grinder", 12, 31, 9_990_000, 0, 0),
        ("c2", "g3", "green grinder", 13, 1, 30_000, 0, 0),
        ("c4", "g5", "loose leaf teas", 12, 4, 3_000_000, 0, 0),
        ("c5", "g6", "caramel sauce", 2, 4, 1_000_000, 0, 0),
    ]
    .into_iter()
    .map(|(campaign, group, text, day, clicks, spend, orders, sales)| {
        let day = jiff::civil::date(2026, 9, day);
        TermRow {
            campaign: Named::Id(campaign.into()),
            ad_group: Some(Named::Id(group.into())),
            text: text.into(),
            from: day,
            to: day,
            figures: Figures {
                impressions: clicks * 90,
                clicks,
                spend: Micros(spend),
                orders,
                sales: Micros(sales),
            },
            currency: Currency::new("USD"),
        }
    })
    .chain([TermRow {
        campaign: Named::Id("c2".into()),
        ad_group: Some(Named::Id("g3".into())),
        text: "young grinder".into(),
        from: jiff::civil::date(2026, 9, 30),
        to: jiff::civil::date(2026, 9, 30),
        figures: Figures { clicks: 5, spend: Micros(4_000_000), ..Figures::default() },
        currency: Currency::new("USD"),
    }])
    .collect()
}

impl Shell {
    /// The answer to an effect that asks for search terms; none to any other.
    pub(super) fn answer_of_terms(&mut self, effect: &Effect) -> Option<(Ticket, Reply)> {
        Some(match effect {
            Effect::LoadTerms(ticket) => {
                let sifter = self.sift();
                self.sifter = Some(sifter.clone());
                (*ticket, Reply::Terms(sifter))
            }
            Effect::QueryTerms(ticket, wanted) => {
                let sifter = self.sifter.clone()?;
                let rows = sifter.query(&wanted.query, &Cancel::default())?;
                let kept = wanted.keep.as_ref().and_then(|key| rows.position(sifter.find(key)?));
                (*ticket, Reply::Lines(LinesFound { sifter, rows, kept }))
            }
            Effect::SumWords(ticket, wanted) => {
                let sifter = self.sifter.clone()?;
                let words = match wanted.as_ref() {
                    WordsWanted::Lines(query) => sifter.ngrams(query, &Cancel::default())?,
                    WordsWanted::Term(key) => sifter.ngrams_of(sifter.find(key)?, &Cancel::default())?,
                };
                (*ticket, Reply::Words(Arc::new(words)))
            }
            Effect::Review(ticket, reviews) => {
                for (key, review) in reviews {
                    self.reviews.retain(|(known, _)| known != key);
                    self.reviews.extend(review.clone().map(|review| (key.clone(), review)));
                }
                (*ticket, Reply::Reviewed)
            }
            _ => return None,
        })
    }

    fn sift(&self) -> Sifter {
        let mut builder = TermsBuilder::default();
        for account in self.catalog.accounts() {
            let own = self.term_rows.iter().filter(|row| of(&self.catalog, row) == Some(&account.identity));
            let days = own.clone().map(|row| TermPeriod { from: row.from, to: row.to });
            let days: Vec<TermPeriod> = days.reduce(TermPeriod::join).into_iter().collect();
            builder.begin_account(&account.identity, days, Some(Currency::new("USD")));
            for row in own {
                let group = row.ad_group.as_ref().and_then(Named::id).map(|id| Named::Id(id.raw()));
                let place = builder.place(Named::Id(row.campaign.id().unwrap().raw()), group);
                let text = builder.text(row.text.raw());
                builder.push(place, text, row.from.into(), row.to.into(), &row.figures);
            }
        }
        let terms = Arc::new(builder.finish(&self.catalog));
        let facts: Vec<Facts> = accounts()
            .into_iter()
            .map(|one| Facts { identity: one.account.identity, capabilities: one.capabilities })
            .collect();
        let today = jiff::civil::date(2026, 10, 1);
        let catalog = Arc::clone(&self.catalog);
        let all =
            Sifter::new(catalog, terms, &self.overlay(), &facts, &self.reviews, today, &Cancel::default());
        all.expect("nobody cancels")
    }
}
