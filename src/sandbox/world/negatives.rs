//! The negatives of the clean part of a world: texts that hit nothing of one's own, states that fit their parents.
//! `fill.rs` says how many go where.

use compact_str::CompactString;

use super::super::call::Call;
use super::super::model::{Match, NegativeKind};
use super::super::platform::Platform;
use super::super::realm::NewNegative;
use super::fill::Fill;
use super::noon;
use super::plan::{CampaignPlan, Role};
use super::texts::Texts;

const DAY: i64 = 86_400;

impl Fill<'_> {
    /// An ASIN that no other place of this platform has.
    pub(super) fn asin(&mut self, prefix: &str) -> CompactString {
        self.asins += 1;
        let mut rest = self.asins.wrapping_mul(0x9e37_79b1);
        let mut asin = CompactString::from(prefix);
        for _ in 0..7 {
            // Six of 32 letters hold all 32 bits, so no two numbers give the same.
            asin.push(char::from(b"0123456789ABCDEFGHJKLMNPQRSTUVWX"[(rest % 32) as usize]));
            rest /= 32;
        }
        asin
    }

    /// A state for a negative whose parents are live or not.
    pub(super) fn state(&mut self, live: bool) -> &'static str {
        let native = self.native;
        if !live {
            return native.archived.or(native.off).unwrap_or(native.on);
        }
        match self.rng.below(100) {
            0..8 => native.off.unwrap_or(native.on),
            8..14 => native.archived.or(native.off).unwrap_or(native.on),
            _ => native.on,
        }
    }

    /// Days since a negative was made, and the time of that in the world's calendar.
    pub(super) fn birth(&mut self) -> (u16, Call) {
        let days = self.rng.between(4, 500) as u16;
        let time =
            noon(self.realm.today) - i64::from(days) * DAY + i64::from(self.rng.between(0, 36_000)) - 18_000;
        (days, Call::none(time))
    }

    pub(super) fn keyword(
        &mut self,
        parents: (u64, Option<u64>),
        matching: Match,
        text: &str,
        live: bool,
    ) -> Option<u16> {
        let state = self.state(live);
        let (days, call) = self.birth();
        let new = NewNegative {
            campaign_id: parents.0,
            ad_group_id: parents.1,
            kind: NegativeKind::Keyword,
            matching: Some(matching),
            text: text.into(),
            state: state.into(),
        };
        // Now and then somebody archived one and put it there again.
        if let Some(archived) = self.native.archived.filter(|_| self.rng.one_in(60)) {
            let older = Call::none(call.world_time - 90 * DAY);
            self.realm.add_negative(NewNegative { state: archived.into(), ..new.clone() }, &older);
        }
        self.realm.add_negative(new, &call);
        (state == self.native.on).then_some(days)
    }

    pub(super) fn target(
        &mut self,
        parents: (u64, Option<u64>),
        kind: NegativeKind,
        text: CompactString,
        live: bool,
    ) {
        let state = self.state(live).into();
        let (_, call) = self.birth();
        let (campaign_id, ad_group_id) = parents;
        self.realm
            .add_negative(NewNegative { campaign_id, ad_group_id, kind, matching: None, text, state }, &call);
    }

    pub(super) fn campaign_negatives(
        &mut self,
        plan: &CampaignPlan,
        campaign_id: u64,
        count: usize,
        live: bool,
        texts: &mut Texts<'_>,
    ) {
        let parents = (campaign_id, None);
        // Sellers' manual campaigns have none: whether that is allowed differs by source.
        let vendor = self.realm.accounts[plan.account].kind == "vendor";
        let targets = plan.role == Role::Auto || vendor;
        for place in 0..count {
            match place % 10 {
                0 if targets => {
                    let asin = self.asin("B0C");
                    self.target(parents, NegativeKind::Product, asin, live);
                }
                // Campaigns name the first half of the brands, ad groups the other.
                1 if targets && place < 10 => {
                    let brand = self.rng.below(self.realm.brands.len() / 2);
                    let brand = self.realm.brands[brand].id.as_str().into();
                    self.target(parents, NegativeKind::Brand, brand, live);
                }
                2 | 3 => match texts.rival() {
                    Some(rival) => {
                        self.keyword(parents, Match::Phrase, &rival.to_lowercase(), live);
                    }
                    None => {
                        self.keyword(parents, Match::Exact, &texts.exact(), live);
                    }
                },
                4..8 => {
                    self.keyword(parents, Match::Phrase, &texts.phrase(), live);
                }
                _ => {
                    self.keyword(parents, Match::Exact, &texts.exact(), live);
                }
            }
        }
    }

    /// Fills an ad group; gives the text of a young live negative, and how many days it has been there.
    pub(super) fn group_negatives(
        &mut self,
        (campaign_id, group): (u64, u64),
        count: usize,
        live: bool,
        texts: &mut Texts<'_>,
    ) -> Option<(String, u16)> {
        let parents = (campaign_id, Some(group));
        let amazon = self.platform == Platform::Amazon;
        let mut young = None;
        for place in 0..count {
            match place % 9 {
                4 if amazon => {
                    let asin = self.asin("B0C");
                    self.target(parents, NegativeKind::Product, asin, live);
                }
                8 if amazon && place < 9 => {
                    let half = self.realm.brands.len() / 2;
                    let brand = self.realm.brands[half + (group % half as u64) as usize].id.as_str().into();
                    self.target(parents, NegativeKind::Brand, brand, live);
                }
                0 | 2 | 6 if self.platform != Platform::Sams => {
                    self.keyword(parents, Match::Phrase, &texts.phrase(), live);
                }
                _ => {
                    let text = texts.exact();
                    let born = self.keyword(parents, Match::Exact, &text, live);
                    young = born.filter(|days| *days < 45).map(|days| (text, days)).or(young);
                }
            }
        }
        young
    }
}
