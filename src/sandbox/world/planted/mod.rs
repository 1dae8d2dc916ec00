//! The mistakes that every world has, one vocabulary each, so that a rule finds its own and no other finds it too.
//! A finding is listed with the rule that should report it; `GET /world` gives the list.

mod amazon;
mod ebay;
mod sams;

use jiff::Span;

use super::super::call::Call;
use super::super::model::{AdGroup, Campaign, Keyword, Match, NegativeKind, Planted, Target, Term};
use super::super::native::Native;
use super::super::platform::Platform;
use super::super::realm::{NewNegative, Realm};
use super::noon;

/// Plants a platform's mistakes, all in its first account.
pub fn plant(platform: Platform, realm: &mut Realm) {
    let mut planter = Planter { platform, native: Native::of(platform), realm };
    match platform {
        Platform::Amazon => amazon::plant(&mut planter),
        Platform::Ebay => ebay::plant(&mut planter),
        Platform::Sams => sams::plant(&mut planter),
    }
}

/// Where something is planted: a campaign, and an ad group or none.
type Place = (u64, Option<u64>);

struct Planter<'a> {
    platform: Platform,
    native: Native,
    realm: &'a mut Realm,
}

/// How many days ago a negative was made, unless its case needs another time.
const AGE: u16 = 90;

impl Planter<'_> {
    /// A running, manual campaign.
    fn campaign(&mut self, name: &str) -> u64 {
        self.special_campaign(name, self.native.campaign_on, self.native.manual, self.native.kind, None)
    }

    /// A campaign that is over.
    fn ended_campaign(&mut self, name: &str) -> u64 {
        let yesterday = self.realm.today.yesterday().unwrap_or(self.realm.today);
        let state = self.native.campaign_ended.unwrap_or(self.native.campaign_on);
        self.special_campaign(name, state, self.native.manual, self.native.kind, Some(yesterday))
    }

    fn special_campaign(
        &mut self,
        name: &str,
        state: &str,
        targeting: &str,
        kind: &str,
        end: Option<jiff::civil::Date>,
    ) -> u64 {
        let start = self.realm.today.checked_sub(Span::new().days(400)).unwrap_or(self.realm.today);
        let channel = self.native.channel;
        self.realm.add_campaign(|id| Campaign {
            id,
            account: 0,
            name: name.to_owned(),
            state: state.into(),
            targeting: targeting.into(),
            kind: kind.into(),
            channel: channel.into(),
            start,
            end,
            budget_cents: 4_000,
            ad_groups: Vec::new(),
            negatives: Default::default(),
        })
    }

    /// A live ad group, as a place.
    fn group(&mut self, campaign_id: u64, name: &str) -> Place {
        let state = self.native.group_on;
        let group = self.realm.add_ad_group(|id| AdGroup {
            id,
            campaign_id,
            name: name.to_owned(),
            state: state.into(),
            bid_cents: 80,
            keywords: Vec::new(),
            targets: Vec::new(),
            negatives: Default::default(),
        });
        (campaign_id, Some(group))
    }

    /// A live positive keyword.
    fn keyword(&mut self, place: Place, matching: Match, text: &str) -> u64 {
        let on = self.native.on;
        self.keyword_in(place, matching, text, on)
    }

    fn keyword_in(&mut self, (campaign_id, group): Place, matching: Match, text: &str, state: &str) -> u64 {
        let ad_group_id = group.unwrap_or_default();
        self.realm.add_keyword(|id| Keyword {
            id,
            campaign_id,
            ad_group_id,
            text: text.into(),
            matching,
            state: state.into(),
            bid_cents: 95,
        })
    }

    /// A live positive ASIN.
    fn product(&mut self, (campaign_id, group): Place, asin: &str) -> u64 {
        let (ad_group_id, on) = (group.unwrap_or_default(), self.native.on);
        self.realm.add_target(|id| Target {
            id,
            campaign_id,
            ad_group_id,
            predicate: "ASIN_SAME_AS",
            value: asin.into(),
            state: on.into(),
            bid_cents: 70,
        })
    }

    fn negative_of(
        &mut self,
        place: Place,
        kind: NegativeKind,
        matching: Option<Match>,
        text: &str,
        age: u16,
    ) -> u64 {
        let call = Call::none(noon(self.realm.today) - i64::from(age) * 86_400);
        let new = NewNegative {
            campaign_id: place.0,
            ad_group_id: place.1,
            kind,
            matching,
            text: text.into(),
            state: self.native.on.into(),
        };
        self.realm.add_negative(new, &call)
    }

    /// A live exact negative.
    fn exact(&mut self, place: Place, text: &str) -> u64 {
        self.negative_of(place, NegativeKind::Keyword, Some(Match::Exact), text, AGE)
    }

    /// A live exact negative that was made this many days ago.
    fn exact_since(&mut self, place: Place, text: &str, age: u16) -> u64 {
        self.negative_of(place, NegativeKind::Keyword, Some(Match::Exact), text, age)
    }

    /// A live phrase negative.
    fn phrase(&mut self, place: Place, text: &str) -> u64 {
        self.negative_of(place, NegativeKind::Keyword, Some(Match::Phrase), text, AGE)
    }

    /// A live negative ASIN.
    fn no_product(&mut self, place: Place, asin: &str) -> u64 {
        self.negative_of(place, NegativeKind::Product, None, asin, AGE)
    }

    /// A search-term row: day, clicks, orders.
    fn term(&mut self, (campaign_id, group): Place, text: &str, (days_ago, clicks, orders): (u16, u32, u32)) {
        self.realm.terms.push(Term {
            campaign_id,
            ad_group_id: group.unwrap_or_default(),
            text: text.into(),
            days_ago,
            impressions: clicks * 30 + 11,
            clicks,
            orders,
            spend_cents: clicks * 110,
            sales_cents: orders * 3_490,
        });
    }

    /// Notes what should be found.
    fn note(&mut self, rule: &'static str, place: Place, text: &str, negatives: &[u64], keywords: &[u64]) {
        let blocked: Vec<String> =
            if matches!(rule, "conflict-revenue" | "harvested" | "harvest-orphan" | "waste" | "harvest-leak") {
                vec![text.to_owned()]
            } else {
                Vec::new()
            };
        let ids = |ids: &[u64]| ids.iter().map(u64::to_string).collect();
        self.realm.planted.push(Planted {
            rule,
            platform: self.platform,
            account: self.realm.accounts[0].name.clone(),
            campaign_id: place.0.to_string(),
            ad_group_id: place.1.map(|group| group.to_string()),
            negatives: ids(negatives),
            keywords: ids(keywords),
            terms: blocked,
            text: text.to_owned(),
        });
    }

    /// An exact or phrase negative that hits an own keyword.
    fn clash(&mut self, rule: &'static str, place: Place, negative: (Match, &str), keyword: (Match, &str)) {
        let keyword = self.keyword(place, keyword.0, keyword.1);
        let id = match negative.0 {
            Match::Phrase => self.phrase(place, negative.1),
            _ => self.exact(place, negative.1),
        };
        self.note(rule, place, negative.1, &[id], &[keyword]);
    }

    /// Two live ones that are equal but for case and spacing, as older tools could make them.
    fn double(&mut self, place: Place, one: &str, other: &str) {
        let ids = [self.exact(place, one), self.exact(place, other)];
        self.note("duplicate", place, one, &ids, &[]);
    }

    /// A phrase that covers an exact.
    fn covered(&mut self, wide: Place, phrase: &str, narrow: Place, exact: &str) {
        let phrase = self.phrase(wide, phrase);
        let id = self.exact(narrow, exact);
        self.note("redundant", narrow, exact, &[id, phrase], &[]);
    }

    /// An exact of three weeks that blocks what sold before.
    fn lost_sales(&mut self, place: Place, text: &str) {
        let id = self.exact_since(place, text, 21);
        self.term(place, text, (30, 14, 2));
        self.term(place, text, (38, 11, 3));
        self.note("conflict-revenue", place, text, &[id], &[]);
    }

    /// As many live exacts as there are pairs of words, at most `count`.
    fn many(&mut self, place: Place, words: (&[&str], &[&str]), count: usize) -> Vec<u64> {
        let pairs =
            words.0.iter().flat_map(|first| words.1.iter().map(move |second| format!("{first} {second}")));
        let texts: Vec<String> = pairs.take(count).collect();
        texts.iter().map(|text| self.exact(place, text)).collect()
    }
}
