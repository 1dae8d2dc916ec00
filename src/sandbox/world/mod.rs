//! Makes the worlds: the same size, seed and day give the same world, native ids included.
//! It only fills realms; what may be changed later, and how, is a matter of the platforms' folders.

mod accounts;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Options;
use super::call::Call;
use super::model::{AdGroup, Brand, Campaign, Keyword, Match, NegativeKind, Pool};
use super::platform::Platform;
use super::realm::{FirstIds, NewNegative, Realm};

/// How large a world is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Size {
    /// About 60 campaigns and 5,000 negatives.
    Small,
    /// About 2,000 campaigns and 150,000 negatives.
    Medium,
    /// About 10,000 campaigns, 200,000 ad groups and 1,000,000 negatives, positives and search-term rows each.
    Large,
}

/// The business's own brands, for the audit's `own_brands`.
pub const OWN_BRANDS: [&str; 4] = ["Northfell", "Emberoak", "Pawlume", "Trailwisp"];

/// Noon of a day in UTC, in seconds since 1970.
pub fn noon(day: Date) -> i64 {
    let since = day.since(jiff::civil::date(1970, 1, 1)).map_or(0, |span| i64::from(span.get_days()));
    since * 86_400 + 43_200
}

/// Builds all platforms.
pub fn build(options: &Options) -> [Realm; Platform::COUNT] {
    Platform::ALL.map(|platform| realm(platform, options))
}

/// The first ids: as long as the platforms' real ones, and apart from each other.
fn first_ids(platform: Platform) -> FirstIds {
    match platform {
        Platform::Amazon => FirstIds {
            campaign: 281_474_000_100_001,
            ad_group: 282_573_000_200_001,
            keyword: 283_672_000_300_001,
            target: 284_771_000_400_001,
            negative: [285_870_000_500_001, 286_969_000_600_001, 287_068_000_700_001, 288_167_000_800_001],
        },
        Platform::Ebay => FirstIds {
            campaign: 11_120_300_010,
            ad_group: 13_150_700_010,
            keyword: 15_180_400_010,
            target: 1,
            negative: [17_210_900_010, 1, 1, 1],
        },
        Platform::Sams => FirstIds {
            campaign: 158_010,
            ad_group: 7_708_010,
            keyword: 41_230_010,
            target: 1,
            negative: [61_340_010, 1, 1, 1],
        },
    }
}

fn realm(platform: Platform, options: &Options) -> Realm {
    let mut realm = Realm::new(options.today, first_ids(platform));
    realm.accounts = accounts::of(platform);
    let call = Call::none(noon(options.today) - 30 * 86_400);
    let (live, group_state, on) = match platform {
        Platform::Amazon => ("ENABLED", "ENABLED", "ENABLED"),
        Platform::Ebay => ("RUNNING", "ACTIVE", "ACTIVE"),
        Platform::Sams => ("live", "enabled", "enabled"),
    };
    for account in 0..realm.accounts.len() {
        let campaign = realm.add_campaign(|id| Campaign {
            id,
            account,
            name: format!("Espresso {id}"),
            state: live.into(),
            targeting: if platform == Platform::Sams { "manual" } else { "MANUAL" }.into(),
            kind: match platform {
                Platform::Amazon => "",
                Platform::Ebay => "COST_PER_CLICK",
                Platform::Sams => "sponsoredProducts",
            }
            .into(),
            channel: if platform == Platform::Ebay { "ON_SITE" } else { "" }.into(),
            start: options.today,
            end: None,
            budget_cents: 5_000,
            ad_groups: Vec::new(),
            negatives: Default::default(),
        });
        let group = realm.add_ad_group(|id| AdGroup {
            id,
            campaign_id: campaign,
            name: format!("Machines {id}"),
            state: group_state.into(),
            bid_cents: 75,
            keywords: Vec::new(),
            targets: Vec::new(),
            negatives: Default::default(),
        });
        realm.add_keyword(|id| Keyword {
            id,
            campaign_id: campaign,
            ad_group_id: group,
            text: "espresso machine".into(),
            matching: Match::Broad,
            state: on.into(),
            bid_cents: 90,
        });
        for text in ["free shipping", "used", "repair manual"] {
            let new = NewNegative {
                campaign_id: campaign,
                ad_group_id: Some(group),
                kind: NegativeKind::Keyword,
                matching: Some(Match::Exact),
                text: text.into(),
                state: on.into(),
            };
            realm.add_negative(new, &call);
        }
    }
    if platform == Platform::Amazon {
        realm.brands = vec![Brand { id: "18681839011".into(), name: "Corvane".into() }];
    }
    debug_assert!(realm.negatives(Pool::GroupKeyword).count() > 0);
    realm
}
