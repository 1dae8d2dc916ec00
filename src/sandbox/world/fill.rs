//! Makes the clean part of a platform: campaigns, ad groups, positives, negatives and search-term rows that break no rule of the audit.
//! Enabled negatives hang on live parents only, and nothing that sold is blocked. Mistakes are planted in `planted/`.

use compact_str::CompactString;
use jiff::Span;

use super::super::model::{AdGroup, Campaign, Keyword, Match, Pool, Target, Term};
use super::super::native::Native;
use super::super::platform::Platform;
use super::super::realm::Realm;
use super::super::rng::Rng;
use super::Size;
use super::plan::{self, CampaignPlan, Fate, Quota, Role, Shape};
use super::texts::Texts;
use super::vocabulary::{Theme, Vocabulary};

/// Fills a realm that has only accounts.
pub struct Fill<'a> {
    pub(super) platform: Platform,
    pub(super) native: Native,
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) realm: &'a mut Realm,
    pub(super) rng: Rng,
    /// Counts up for each ASIN made.
    pub(super) asins: u32,
}

/// What of the totals goes into ad groups.
struct Quotas {
    groups: Quota,
    negatives: Quota,
    keywords: Quota,
    terms: Quota,
}

impl<'a> Fill<'a> {
    /// For a platform and a seed.
    pub fn new(platform: Platform, vocabulary: &'a Vocabulary, realm: &'a mut Realm, seed: u64) -> Self {
        let rng = Rng::new(seed, platform.word());
        Self { platform, native: Native::of(platform), vocabulary, realm, rng, asins: 0 }
    }

    /// Makes everything.
    pub fn run(&mut self, size: Size) {
        let shape = Shape::of(size, self.platform);
        let accounts: &[usize] = match self.platform {
            Platform::Amazon => &[38, 12, 17, 14, 19],
            Platform::Ebay => &[60, 40],
            Platform::Sams => &[45, 30, 25],
        };
        let plans = plan::campaigns(self.platform, shape, accounts, &mut self.rng);
        let weights: usize = plans.iter().map(|plan| plan.weight).sum();
        let with_keywords = |plan: &&CampaignPlan| plan.role.has_keywords();
        let keyword_weights = plans.iter().filter(with_keywords).map(|plan| plan.weight.max(1)).sum();
        let mut quotas = Quotas {
            groups: Quota::new(shape.ad_groups, weights),
            negatives: Quota::new(shape.negatives, weights),
            keywords: Quota::new(shape.keywords, keyword_weights),
            terms: Quota::new(shape.terms, weights),
        };
        self.realm.reserve_negatives(Pool::GroupKeyword, shape.negatives);
        self.realm.terms.reserve(shape.terms);
        for plan in &plans {
            self.campaign(plan, &mut quotas);
        }
    }

    fn theme(&mut self, account: usize) -> &'a Theme {
        let account = &self.realm.accounts[account];
        let language = if account.country == "DE" { "de" } else { "en" };
        let brand = account.business.split(' ').next().filter(|_| self.platform == Platform::Sams);
        let themes = self.vocabulary.themes(language, brand);
        themes[self.rng.below(themes.len())]
    }

    fn campaign(&mut self, plan: &CampaignPlan, quotas: &mut Quotas) {
        let theme = self.theme(plan.account);
        let (native, today) = (self.native, self.realm.today);
        let name = format!("{} | {} | {} | {:04}", theme.brand, theme.name, plan.role.word(), plan.number);
        let age = self.rng.between(30, 730);
        let days_ago = |days: u32| today.checked_sub(Span::new().days(days)).unwrap_or(today);
        let over = plan.fate == Fate::Ended;
        let end = over.then(|| days_ago(self.rng.between(2, 28)));
        let state = match plan.fate {
            Fate::Live => native.campaign_on,
            Fate::Paused => native.campaign_paused,
            Fate::Ended => native.campaign_ended.unwrap_or(native.campaign_on),
            Fate::Archived => native.campaign_archived.unwrap_or(native.campaign_paused),
        };
        let targeting = match plan.role {
            Role::Auto | Role::Smart => native.auto,
            Role::CostPerSale => "",
            _ => native.manual,
        };
        let kind = match plan.role {
            Role::CostPerSale => "COST_PER_SALE",
            Role::BrandAmplifier => "sba",
            _ => native.kind,
        };
        let budget_cents = 1_000 + 500 * self.rng.between(0, 40);
        let campaign_id = self.realm.add_campaign(|id| Campaign {
            id,
            account: plan.account,
            name,
            state: state.into(),
            targeting: targeting.into(),
            kind: kind.into(),
            // Every other smart campaign shows its ads outside of eBay.
            channel: if plan.role == Role::Smart && plan.number % 2 == 1 { "OFF_SITE" } else { native.channel }
                .into(),
            start: days_ago(age),
            end,
            budget_cents,
            ad_groups: Vec::new(),
            negatives: Default::default(),
        });
        let groups = match plan.role {
            Role::Smart | Role::CostPerSale => return,
            // One ad group per campaign of this type (developer.samsclub.com, "Ad Groups").
            Role::BrandAmplifier => 1,
            _ => quotas.groups.take(plan.weight).max(1),
        };
        let mut texts = Texts::new(self.vocabulary, theme, self.rng.below(1_000_000));
        let negatives = quotas.negatives.take(plan.weight);
        let keywords = if plan.role.has_keywords() { quotas.keywords.take(plan.weight.max(1)) } else { 0 };
        let terms = quotas.terms.take(plan.weight);
        let part = |all: usize, place: usize| all * (place + 1) / groups - all * place / groups;

        let live = matches!(plan.fate, Fate::Live | Fate::Paused);
        let at_campaign = if self.platform == Platform::Amazon { negatives * 2 / 5 } else { 0 };
        self.campaign_negatives(plan, campaign_id, at_campaign, live, &mut texts);
        for place in 0..groups {
            let group = self.ad_group(plan, (campaign_id, place), &texts);
            let on = live
                && self.realm.ad_groups.get(group).is_some_and(|group| group.state != native.group_archived);
            self.positives(plan, (campaign_id, group, place), part(keywords, place), &texts);
            let young = self.group_negatives(
                (campaign_id, group),
                part(negatives - at_campaign, place),
                on,
                &mut texts,
            );
            self.terms(plan, (campaign_id, group, place), part(terms, place), &texts, young);
        }
    }

    fn ad_group(&mut self, plan: &CampaignPlan, (campaign_id, place): (u64, usize), texts: &Texts<'_>) -> u64 {
        let native = self.native;
        let state = match self.rng.below(100) {
            _ if place == 0 => native.group_on,
            0..8 => native.group_paused,
            8..11 if self.platform != Platform::Sams => native.group_archived,
            _ => native.group_on,
        };
        let mut letters = texts.noun(place).chars();
        let noun: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        let bid_cents = self.rng.between(35, 190);
        self.realm.add_ad_group(|id| AdGroup {
            id,
            campaign_id,
            name: format!("{noun} {:04}-{:03}", plan.number, place + 1),
            state: state.into(),
            bid_cents,
            keywords: Vec::new(),
            targets: Vec::new(),
            negatives: Default::default(),
        })
    }

    /// Keywords, products or automatic targets, by role.
    fn positives(
        &mut self,
        plan: &CampaignPlan,
        (campaign_id, ad_group_id, place): (u64, u64, usize),
        count: usize,
        texts: &Texts<'_>,
    ) {
        let native = self.native;
        let matching = match plan.role {
            Role::Exact => Match::Exact,
            Role::Phrase => Match::Phrase,
            _ => Match::Broad,
        };
        for k in 0..count {
            let paused = k > 0 && self.rng.one_in(12);
            let bid_cents = self.rng.between(30, 220);
            self.realm.add_keyword(|id| Keyword {
                id,
                campaign_id,
                ad_group_id,
                text: texts.wanted(place, k).into(),
                matching,
                state: if paused { native.keyword_paused } else { native.on }.into(),
                bid_cents,
            });
        }
        if self.platform != Platform::Amazon {
            return;
        }
        let targets: Vec<(&'static str, CompactString)> = match plan.role {
            Role::Auto => [
                "QUERY_HIGH_REL_MATCHES",
                "QUERY_BROAD_REL_MATCHES",
                "ASIN_SUBSTITUTE_RELATED",
                "ASIN_ACCESSORY_RELATED",
            ]
            .map(|predicate| (predicate, CompactString::default()))
            .into(),
            Role::Product => (0..4).map(|_| ("ASIN_SAME_AS", self.asin("B0D"))).collect(),
            _ => Vec::new(),
        };
        for (predicate, value) in targets {
            let bid_cents = self.rng.between(30, 150);
            self.realm.add_target(|id| Target {
                id,
                campaign_id,
                ad_group_id,
                predicate,
                value,
                state: native.on.into(),
                bid_cents,
            });
        }
    }

    /// Search-term rows: what sold and what is too small to say, and what a young negative blocked since.
    fn terms(
        &mut self,
        plan: &CampaignPlan,
        (campaign_id, ad_group_id, place): (u64, u64, usize),
        count: usize,
        texts: &Texts<'_>,
        young: Option<(String, u16)>,
    ) {
        let keywords = self.realm.ad_groups.get(ad_group_id).map_or(0, |group| group.keywords.len());
        let bases = if keywords == 0 { 8 } else { keywords };
        let mut count = count;
        if let Some((text, days)) = young.filter(|_| count > 1) {
            let clicks = self.rng.between(2, 9);
            let days_ago = days + 1 + self.rng.below(14) as u16;
            self.term((campaign_id, ad_group_id), &text, days_ago, clicks, 0);
            count -= 1;
        }
        let first_day = 1 + self.rng.below(20) as u16;
        for k in 0..count {
            let (base, pass) = (texts.wanted(place, k % bases), k / bases);
            // Exact keywords show their own text; all others what shoppers add to it, so that no term of theirs is somebody's exact keyword.
            let text = if plan.role == Role::Exact { base } else { format!("{base} {}", texts.tail(k + pass)) };
            let clicks = self.rng.between(0, 14);
            let orders =
                if clicks >= 4 { 1 + clicks / 11 } else { u32::from(clicks > 0 && self.rng.one_in(5)) };
            self.term((campaign_id, ad_group_id), &text, first_day + pass as u16, clicks, orders);
        }
    }

    fn term(
        &mut self,
        (campaign_id, ad_group_id): (u64, u64),
        text: &str,
        days_ago: u16,
        clicks: u32,
        orders: u32,
    ) {
        let impressions = clicks * self.rng.between(12, 70) + self.rng.between(3, 60);
        let spend_cents = clicks * self.rng.between(28, 145);
        let sales_cents = orders * self.rng.between(1_290, 7_990);
        let text = text.into();
        let term = Term {
            campaign_id,
            ad_group_id,
            text,
            days_ago,
            impressions,
            clicks,
            orders,
            spend_cents,
            sales_cents,
        };
        self.realm.terms.push(term);
    }
}
