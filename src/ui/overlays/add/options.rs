//! What can be chosen at some places: kinds, match types, states; only what every platform among them has, so
//! that nothing can be chosen that one of them refuses. Reads the platforms' rules and names none.

use strum::VariantArray;

use super::spots::{Spot, platforms};
use crate::domain::capabilities::{Capabilities, KindRule};
use crate::domain::negative::{Kind, Level, MatchType, State};
use crate::ui::data::Data;

/// The kinds that all of the platforms have.
pub fn kinds(platforms: &[&Capabilities]) -> Vec<Kind> {
    Kind::VARIANTS.iter().copied().filter(|kind| platforms.iter().all(|c| c.has_kind(*kind))).collect()
}

/// The rules that hold for a kind at the places.
pub fn rules(data: &Data, targets: &[Spot], kind: Kind) -> Vec<&'static KindRule> {
    let levels = [Level::Campaign, Level::AdGroup];
    let mut rules = Vec::new();
    for level in levels {
        let at_level: Vec<Spot> = targets
            .iter()
            .filter(|spot| spot.ad_group.is_some() == (level == Level::AdGroup))
            .cloned()
            .collect();
        rules.extend(platforms(data, &at_level).iter().filter_map(|c| c.kind(kind, level)));
    }
    rules
}

/// The match types that all of the rules have.
pub fn matches(rules: &[&KindRule]) -> Vec<MatchType> {
    let all = MatchType::VARIANTS.iter().copied();
    all.filter(|wanted| rules.iter().all(|rule| rule.matches.contains(wanted))).collect()
}

/// The states that all of the rules can make.
pub fn states(rules: &[&KindRule]) -> Vec<State> {
    let all = [State::Enabled, State::Paused].into_iter();
    all.filter(|wanted| rules.iter().all(|rule| rule.makes.contains(wanted))).collect()
}

/// What a kind is called in the form.
pub fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Keyword => "keyword",
        Kind::Product => "ASIN",
        Kind::Brand => "brand",
    }
}
