//! The accounts of the emulated business "Northfell": five Amazon profiles, two eBay marketplaces, three Sam's advertisers.
//! Keys and names are fixed; what is in the accounts comes from the seed.

use super::super::model::{Account, Pool};
use super::super::platform::Platform;

struct Row {
    key: &'static str,
    name: &'static str,
    business: &'static str,
    kind: &'static str,
    /// Country, currency, time zone.
    place: (&'static str, &'static str, &'static str),
    /// Amazon's marketplace and entity ids.
    ids: (&'static str, &'static str),
}

const US: (&str, &str, &str) = ("US", "USD", "America/Los_Angeles");

// Marketplace ids as listed in Amazon's public "Marketplace IDs" page of the Selling Partner API.
#[rustfmt::skip]
const AMAZON: [Row; 5] = [
    Row { key: "1482003377120", name: "northfell-us", business: "Northfell Supply", kind: "seller", place: US, ids: ("ATVPDKIKX0DER", "A2NFS81US0Q1") },
    Row { key: "1482003377126", name: "northfell-ca", business: "Northfell Supply", kind: "seller", place: ("CA", "CAD", "America/Los_Angeles"), ids: ("A2EUQ1WTGCTBG2", "A2NFS81US0Q1") },
    Row { key: "2671904456031", name: "northfell-uk", business: "Northfell Supply UK", kind: "seller", place: ("UK", "GBP", "Europe/London"), ids: ("A1F83G8C2ARO7P", "A1NFKUK772Z") },
    Row { key: "2671904456044", name: "northfell-de", business: "Northfell Supply DE", kind: "seller", place: ("DE", "EUR", "Europe/Paris"), ids: ("A1PA6795UKMFR9", "A1NFKUK772Z") },
    Row { key: "3908127745512", name: "northfell-vendor", business: "Northfell Brands Inc", kind: "vendor", place: US, ids: ("ATVPDKIKX0DER", "ENTITY2NFBRANDS4X") },
];

#[rustfmt::skip]
const EBAY: [Row; 2] = [
    Row { key: "EBAY_US", name: "northfell-ebay-us", business: "northfell_supply", kind: "", place: US, ids: ("", "") },
    Row { key: "EBAY_GB", name: "northfell-ebay-gb", business: "northfell_supply", kind: "", place: ("GB", "GBP", "Europe/London"), ids: ("", "") },
];

#[rustfmt::skip]
const SAMS: [Row; 3] = [
    Row { key: "43210", name: "northfell-sams-coffee", business: "Emberoak Coffee", kind: "", place: ("US", "USD", "America/Chicago"), ids: ("", "") },
    Row { key: "43217", name: "northfell-sams-pets", business: "Pawlume Pets", kind: "", place: ("US", "USD", "America/Chicago"), ids: ("", "") },
    Row { key: "43229", name: "northfell-sams-outdoor", business: "Trailwisp Outdoor", kind: "", place: ("US", "USD", "America/Chicago"), ids: ("", "") },
];

/// A platform's accounts, still without campaigns.
pub fn of(platform: Platform) -> Vec<Account> {
    let rows: &[Row] = match platform {
        Platform::Amazon => &AMAZON,
        Platform::Ebay => &EBAY,
        Platform::Sams => &SAMS,
    };
    rows.iter()
        .map(|row| Account {
            key: row.key.to_owned(),
            name: row.name.to_owned(),
            business: row.business.to_owned(),
            kind: row.kind,
            country: row.place.0,
            currency: row.place.1,
            timezone: row.place.2,
            marketplace: row.ids.0,
            entity: row.ids.1.to_owned(),
            campaigns: Vec::new(),
            negatives: [const { Vec::new() }; Pool::COUNT],
        })
        .collect()
}
