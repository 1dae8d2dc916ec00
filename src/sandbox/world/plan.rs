//! Which campaigns a world has: their accounts, kinds and fates, and how much goes into each.
//! Numbers are shared out exactly, so a size means the same counts for every seed.

use super::super::platform::Platform;
use super::super::rng::Rng;
use super::Size;

/// How much of everything, planted mistakes aside.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Campaigns.
    pub campaigns: usize,
    /// Ad groups.
    pub ad_groups: usize,
    /// Negatives.
    pub negatives: usize,
    /// Positive keywords.
    pub keywords: usize,
    /// Search-term rows.
    pub terms: usize,
}

impl Shape {
    /// A platform's part of a size.
    pub fn of(size: Size, platform: Platform) -> Self {
        let (campaigns, ad_groups, negatives, keywords, terms) = match size {
            Size::Small => (47, 150, 2_950, 900, 1_600),
            Size::Medium => (1_985, 10_000, 148_000, 50_000, 60_000),
            Size::Large => (9_985, 199_950, 998_000, 1_000_000, 1_000_000),
        };
        let percent = match platform {
            Platform::Amazon => 72,
            Platform::Ebay | Platform::Sams => 14,
        };
        let part = |all: usize| (all * percent).div_ceil(100);
        Self {
            campaigns: part(campaigns),
            ad_groups: part(ad_groups),
            negatives: part(negatives),
            keywords: part(keywords),
            terms: part(terms),
        }
    }
}

/// What a campaign is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Automatic targeting.
    Auto,
    /// Exact keywords.
    Exact,
    /// Phrase keywords.
    Phrase,
    /// Broad keywords.
    Broad,
    /// Products (Amazon).
    Product,
    /// eBay's smart targeting: no ad groups of one's own, no negatives.
    Smart,
    /// eBay's cost per sale: neither.
    CostPerSale,
    /// Sam's search brand amplifier: negatives have no effect.
    BrandAmplifier,
}

impl Role {
    /// The word in names of campaigns.
    pub fn word(self) -> &'static str {
        match self {
            Self::Auto => "Auto",
            Self::Exact => "Exact",
            Self::Phrase => "Phrase",
            Self::Broad => "Broad",
            Self::Product => "Products",
            Self::Smart => "Smart",
            Self::CostPerSale => "General",
            Self::BrandAmplifier => "Brand",
        }
    }

    /// Whether the generator gives it negatives.
    pub fn holds_negatives(self) -> bool {
        !matches!(self, Self::Smart | Self::CostPerSale | Self::BrandAmplifier)
    }

    /// Whether it has positive keywords.
    pub fn has_keywords(self) -> bool {
        matches!(self, Self::Exact | Self::Phrase | Self::Broad | Self::BrandAmplifier)
    }
}

/// How far a campaign is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Runs.
    Live,
    /// Paused.
    Paused,
    /// Over.
    Ended,
    /// Archived, where lists still give such.
    Archived,
}

/// A campaign to be made.
#[derive(Debug, Clone, Copy)]
pub struct CampaignPlan {
    /// Index of its account.
    pub account: usize,
    /// Its number in the account, from 1.
    pub number: usize,
    /// What it is for.
    pub role: Role,
    /// How far it is.
    pub fate: Fate,
    /// Its share of ad groups and negatives; 0 for none.
    pub weight: usize,
}

/// Shares a total out by weights, exactly.
#[derive(Debug)]
pub struct Quota {
    total: usize,
    weights: usize,
    seen: usize,
    given: usize,
}

impl Quota {
    /// A total for parts whose weights add up to `weights`.
    pub fn new(total: usize, weights: usize) -> Self {
        Self { total, weights: weights.max(1), seen: 0, given: 0 }
    }

    /// The part of the next weight.
    pub fn take(&mut self, weight: usize) -> usize {
        self.seen += weight;
        let until = self.total * self.seen / self.weights;
        let part = until - self.given;
        self.given = until;
        part
    }
}

/// The campaigns of a platform, account by account.
pub fn campaigns(platform: Platform, shape: Shape, accounts: &[usize], rng: &mut Rng) -> Vec<CampaignPlan> {
    let mut quota = Quota::new(shape.campaigns, accounts.iter().sum());
    let mut plans = Vec::with_capacity(shape.campaigns);
    for (account, &weight) in accounts.iter().enumerate() {
        for number in 1..=quota.take(weight) {
            let role = role(platform, number, rng);
            let fate = fate(platform, number, rng);
            let weight = if role.holds_negatives() { 2 + rng.below(5) } else { 0 };
            plans.push(CampaignPlan { account, number, role, fate, weight });
        }
    }
    plans
}

fn role(platform: Platform, number: usize, rng: &mut Rng) -> Role {
    // The first ones are what every account has; the rest is by chance.
    let first = [Role::Exact, Role::Auto, Role::Broad];
    let by_chance = [Role::Exact, Role::Exact, Role::Phrase, Role::Broad, Role::Broad, Role::Auto, Role::Auto];
    match platform {
        Platform::Amazon if number <= 3 => first[number - 1],
        Platform::Amazon if rng.one_in(8) => Role::Product,
        Platform::Ebay if number == 1 => Role::Exact,
        Platform::Ebay if number == 2 || rng.one_in(9) => Role::Smart,
        Platform::Ebay if number == 3 || rng.one_in(9) => Role::CostPerSale,
        Platform::Ebay => by_chance[rng.below(5)],
        Platform::Sams if number <= 2 => first[number - 1],
        Platform::Sams if rng.one_in(10) => Role::BrandAmplifier,
        _ => by_chance[rng.below(by_chance.len())],
    }
}

fn fate(platform: Platform, number: usize, rng: &mut Rng) -> Fate {
    let chance = rng.below(100);
    match chance {
        _ if number <= 3 => Fate::Live,
        0..10 => Fate::Paused,
        10..15 => Fate::Ended,
        15..19 if platform == Platform::Amazon => Fate::Archived,
        _ => Fate::Live,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_gives_all_and_no_more() {
        let weights = [3, 0, 5, 1, 9];
        let mut quota = Quota::new(1_000, weights.iter().sum());
        let parts = weights.map(|weight| quota.take(weight));
        assert_eq!(parts.iter().sum::<usize>(), 1_000);
        assert_eq!(parts[1], 0);
    }
}
