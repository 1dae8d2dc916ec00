//! Makes the worlds: the same size, seed and day give the same world, native ids included.
//! It only fills realms; what may be changed later, and how, is a matter of the platforms' folders.

mod accounts;
mod fill;
mod negatives;
mod plan;
mod planted;
mod texts;
mod vocabulary;

#[cfg(test)]
mod tests;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Options;
use super::model::Brand;
use super::platform::Platform;
use super::realm::{FirstIds, Realm};
use fill::Fill;
use vocabulary::Vocabulary;

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
pub const OWN_BRANDS: [&str; 5] = ["Northfell", "Emberoak", "Pawlume", "Trailwisp", "Quillmark"];

/// Noon of a day in UTC, in seconds since 1970.
pub fn noon(day: Date) -> i64 {
    let since = day.since(jiff::civil::date(1970, 1, 1)).map_or(0, |span| i64::from(span.get_days()));
    since * 86_400 + 43_200
}

/// Builds all platforms.
pub fn build(options: &Options) -> [Realm; Platform::COUNT] {
    std::thread::scope(|scope| {
        let building = Platform::ALL.map(|platform| scope.spawn(move || realm(platform, options)));
        building.map(|thread| match thread.join() {
            Ok(realm) => realm,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })
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

/// The first is that of the example in Amazon's own Postman collection.
fn brand_id(place: usize) -> String {
    (18_681_839_011 + 13 * place).to_string()
}

fn realm(platform: Platform, options: &Options) -> Realm {
    let vocabulary = Vocabulary::shipped();
    let mut realm = Realm::new(options.today, first_ids(platform));
    realm.accounts = accounts::of(platform);
    if platform == Platform::Amazon {
        let names = vocabulary.rivals().iter().enumerate();
        realm.brands = names.map(|(place, name)| Brand { id: brand_id(place), name: name.clone() }).collect();
    }
    Fill::new(platform, &vocabulary, &mut realm, options.seed).run(options.size);
    planted::plant(platform, &mut realm);
    if platform == Platform::Amazon {
        // Last, so that no negative names one: Amazon recommends a seller's own brands.
        let next = realm.brands.len();
        let own = OWN_BRANDS.iter().enumerate();
        realm
            .brands
            .extend(own.map(|(place, name)| Brand { id: brand_id(next + place), name: (*name).into() }));
    }
    realm
}
