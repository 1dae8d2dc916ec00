//! A small catalog for tests, made from short lines. Test code only.

use super::super::account::{AccountName, Identity};
use super::super::campaign::{Campaign, Holds, ParentState, Targeting};
use super::super::change::{Change, NewNegative, Staged};
use super::super::ids::PlatformId;
use super::super::negative::{Kind, MatchType, State};
use super::{
    AccountIx, AccountRow, AdGroupRow, AdGroupSlot, CampaignSlot, Catalog, CatalogBuilder, NegativeRow,
};

/// An account of some platform.
pub(crate) fn account(name: &'static str) -> AccountRow {
    AccountRow {
        identity: Identity {
            platform: PlatformId::from_static("amazon"),
            origin: "https://advertising-api.amazon.com".into(),
            native: name.into(),
        },
        name: AccountName::new(name),
        fetched_at: None,
        stale: None,
    }
}

/// A running manual campaign.
pub(crate) fn campaign(id: &str, name: &str) -> Campaign {
    Campaign {
        id: id.into(),
        name: name.into(),
        state: ParentState::Enabled,
        native_state: "ENABLED".into(),
        targeting: Targeting::Manual,
        native_type: "MANUAL".into(),
        holds: Holds::Yes,
    }
}

/// Adds a running ad group.
pub(crate) fn ad_group(
    builder: &mut CatalogBuilder,
    campaign: CampaignSlot,
    id: &str,
    name: &str,
) -> AdGroupSlot {
    let state = ParentState::Enabled;
    builder.push_ad_group(AdGroupRow { campaign, id, name, state, native_state: "ENABLED" })
}

/// An enabled keyword negative.
pub(crate) fn keyword<'a>(
    campaign: CampaignSlot,
    ad_group: Option<AdGroupSlot>,
    id: &'a str,
    match_type: MatchType,
    text: &'a str,
) -> NegativeRow<'a> {
    NegativeRow {
        campaign,
        ad_group,
        id,
        kind: Kind::Keyword,
        text,
        brand_name: None,
        match_type: Some(match_type),
        state: State::Enabled,
        native_state: "ENABLED",
        created: None,
        first_seen: None,
    }
}

/// Account `acme-us` with campaign `Espresso` (id 10, ad groups `Beans exact` 100 and `Pods` 101) and the ended
/// campaign `Old promo` (id 11, ad group `Promo` 110); account `acme-uk` with the empty campaign `Espresso` (id 10).
pub(crate) fn small() -> Catalog {
    let mut builder = CatalogBuilder::default();
    let us = builder.add_account(account("acme-us"));
    let uk = builder.add_account(account("acme-uk"));
    let old = builder.add_campaign(us, Campaign { state: ParentState::Ended, ..campaign("11", "Old promo") });
    let espresso = builder.add_campaign(us, campaign("10", "Espresso"));
    builder.add_campaign(uk, campaign("10", "Espresso"));
    let promo = ad_group(&mut builder, old, "110", "Promo");
    let pods = ad_group(&mut builder, espresso, "101", "Pods");
    let beans = ad_group(&mut builder, espresso, "100", "Beans exact");
    let exact = MatchType::Exact;
    builder.push_negative(keyword(old, Some(promo), "5000006", exact, "decaf gift"));
    builder.push_negative(keyword(espresso, Some(beans), "5000002", exact, "Decaf Espresso beans"));
    builder.push_negative(keyword(espresso, None, "5000001", MatchType::Phrase, "decaf"));
    builder.push_negative(NegativeRow {
        state: State::Paused,
        ..keyword(espresso, Some(pods), "5000003", exact, "free pods")
    });
    builder.push_negative(NegativeRow {
        state: State::Archived,
        ..keyword(espresso, Some(pods), "5000004", exact, "old pods")
    });
    builder.push_negative(NegativeRow {
        kind: Kind::Product,
        match_type: None,
        ..keyword(espresso, Some(beans), "5000005", exact, "B07YT8NVF9")
    });
    builder.push_negative(NegativeRow {
        kind: Kind::Brand,
        match_type: None,
        brand_name: Some("Nespresso"),
        ..keyword(espresso, None, "brand-7", exact, "9912")
    });
    builder.finish()
}

/// An enabled keyword to add to `Beans exact` of [`small`], or with another ad group's id, or to the campaign.
pub(crate) fn new(ad_group: Option<&str>, match_type: MatchType, text: &str) -> NewNegative {
    NewNegative {
        kind: Kind::Keyword,
        campaign: "10".into(),
        ad_group: ad_group.map(Into::into),
        text: text.into(),
        brand_name: None,
        match_type: Some(match_type),
        state: State::Enabled,
    }
}

/// A change staged for the first account of a catalog.
pub(crate) fn staged(catalog: &Catalog, number: u64, change: Change) -> Staged {
    let at = jiff::Timestamp::UNIX_EPOCH;
    Staged { number, account: catalog.account(AccountIx(0)).identity.clone(), change, at }
}
