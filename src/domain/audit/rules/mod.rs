//! The rules, one file each. Their order here is that of findings of one severity: what costs orders first.

mod at_limit;
mod broad_reach;
mod conflict_full;
mod conflict_intended;
mod conflict_may;
mod conflict_partial;
mod conflict_product;
mod conflict_revenue;
mod dead;
mod duplicate;
mod harvest_leak;
mod harvest_orphan;
mod harvested;
mod invalid;
mod looks_like_asin;
mod lost_match;
mod near_limit;
mod own_brand;
mod promote;
mod redundant;
mod sold_since;
mod vanished;
mod waste;

use super::Rule;

/// Every rule.
pub static RULES: &[&dyn Rule] = &[
    &conflict_revenue::ConflictRevenue,
    &harvest_orphan::HarvestOrphan,
    &conflict_full::ConflictFull,
    &conflict_product::ConflictProduct,
    &own_brand::OwnBrand,
    &at_limit::AtLimit,
    &broad_reach::BroadReach,
    &conflict_partial::ConflictPartial,
    &vanished::Vanished,
    &duplicate::Duplicate,
    &invalid::Invalid,
    &looks_like_asin::LooksLikeAsin,
    &near_limit::NearLimit,
    &waste::Waste,
    &harvest_leak::HarvestLeak,
    &sold_since::SoldSince,
    &conflict_may::ConflictMay,
    &redundant::Redundant,
    &promote::Promote,
    &lost_match::LostMatch,
    &dead::Dead,
    &harvested::Harvested,
    &conflict_intended::ConflictIntended,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_every_rule_explains_itself() {
        let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.info().id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), RULES.len());
        for rule in RULES {
            let info = rule.info();
            assert!(!info.title.is_empty() && info.page.len() >= 2, "{}", info.id);
            assert!(info.page.iter().all(|paragraph| paragraph.ends_with('.')), "{}", info.id);
        }
    }
}
