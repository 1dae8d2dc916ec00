//! The eight list operations. Rows come in the order of their ids, archived ones included.
//! Reading the request is `filter.rs`, pages are `page.rs`, shapes `wire.rs`.

use std::borrow::Cow;

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::super::app::App;
use super::super::call::Call;
use super::super::model::{Campaign, Negative, NegativeKind};
use super::super::pipeline::Items;
use super::super::platform::Platform;
use super::super::realm::{Realm, Scope};
use super::super::table::Table;
use super::filter::{Filters, Listing};
use super::page::{self, Page};
use super::resource::{AD_GROUPS, CAMPAIGNS, KEYWORDS, List, Negatives};
use super::serving::{self, ExtendedData};
use super::wire::{AdGroupOut, Bidding, Budget, CampaignOut, Cents, Id, KeywordOut, Predicate, TargetOut};
use super::{Answer, auth, media, wire};

/// `POST /sp/campaigns/list`, `/sp/adGroups/list`, `/sp/keywords/list`, `/sp/targets/list`.
pub fn entities(app: &App, call: &Call, list: &'static List, headers: &HeaderMap, body: &Bytes) -> Answer {
    let (account, listing) = open(app, call, list, headers, body)?;
    let realm = app.realm(Platform::Amazon);
    let of = Of { realm: &realm, account, listing: &listing, list, call };
    match list.path {
        CAMPAIGNS => of.campaigns(),
        AD_GROUPS => of.ad_groups(),
        KEYWORDS => of.keywords(),
        _ => of.targets(),
    }
}

/// The lists of the four kinds of negatives.
pub fn negatives(
    app: &App,
    call: &Call,
    kind: &'static Negatives,
    headers: &HeaderMap,
    body: &Bytes,
) -> Answer {
    let (account, listing) = open(app, call, &kind.list, headers, body)?;
    app.realm_mut(Platform::Amazon).begin_list();
    let realm = app.realm(Platform::Amazon);
    Of { realm: &realm, account, listing: &listing, list: &kind.list, call }.negatives(kind)
}

fn open(
    app: &App,
    call: &Call,
    list: &List,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<(usize, Listing), super::Refusal> {
    let account = auth::profile(app, call, headers)?;
    media::accepts(headers, &[list.media])?;
    media::consumes(headers, body, list.media)?;
    Ok((account, Listing::read(list, body)?))
}

/// One list call on its way.
struct Of<'a> {
    realm: &'a Realm,
    account: usize,
    listing: &'a Listing,
    list: &'static List,
    call: &'a Call,
}

impl<'a> Of<'a> {
    fn filters(&self) -> &'a Filters {
        &self.listing.filters
    }

    fn owner(&self) -> (&'static str, &'a str) {
        (self.list.path, self.realm.accounts[self.account].key.as_str())
    }

    /// The campaign of a row, if it is of this profile and passes the filter by campaigns.
    fn parent(&self, campaign_id: u64) -> Option<&'a Campaign> {
        let wanted = |ids: &Vec<u64>| ids.binary_search(&campaign_id).is_ok();
        if !self.filters().campaigns.as_ref().is_none_or(wanted) {
            return None;
        }
        self.realm.campaign_in(self.account, campaign_id)
    }

    fn campaigns(&self) -> Answer {
        let filters = self.filters();
        let ids = filters.ids.as_deref().unwrap_or(&self.realm.accounts[self.account].campaigns);
        let rows = |from| {
            let start = ids.partition_point(|id| *id < from);
            ids[start..].iter().filter_map(|id| self.realm.campaign_in(self.account, *id)).filter(|campaign| {
                // The worlds' campaigns are in no portfolio and divide no budget by marketplace.
                filters.portfolios.is_none()
                    && filters.allocation("MANUAL")
                    && filters.state(&campaign.state)
                    && filters.text(Some(&campaign.name))
            })
        };
        let page = page::cut(self.listing, self.owner(), self.call, |row| row.id, rows)?;
        Ok(self.answer(page, |campaign| CampaignOut {
            campaign_id: Id(campaign.id),
            name: &campaign.name,
            state: &campaign.state,
            targeting_type: &campaign.targeting,
            start_date: campaign.start.to_string(),
            end_date: campaign.end.map(|end| end.to_string()),
            budget: Budget { budget: Cents(campaign.budget_cents), budget_type: "DAILY" },
            dynamic_bidding: Bidding { strategy: "LEGACY_FOR_SALES", placement_bidding: [] },
            extended_data: self.since(Some(campaign), serving::campaign),
        }))
    }

    fn ad_groups(&self) -> Answer {
        let filters = self.filters();
        let among = self.narrowed(None, |campaign| campaign.ad_groups.clone());
        let rows = |from| {
            rows_from(&self.realm.ad_groups, among.as_deref(), from).filter(|group| {
                self.parent(group.campaign_id).is_some_and(|campaign| filters.targeting(&campaign.targeting))
                    && filters.state(&group.state)
                    && filters.text(Some(&group.name))
            })
        };
        let page = page::cut(self.listing, self.owner(), self.call, |row| row.id, rows)?;
        Ok(self.answer(page, |group| AdGroupOut {
            ad_group_id: Id(group.id),
            campaign_id: Id(group.campaign_id),
            name: &group.name,
            state: &group.state,
            default_bid: Cents(group.bid_cents),
            extended_data: self.since(self.realm.campaigns.get(group.campaign_id), |campaign, today| {
                serving::ad_group(group, campaign, today)
            }),
        }))
    }

    fn keywords(&self) -> Answer {
        let filters = self.filters();
        let of_group = |id: u64| self.realm.ad_groups.get(id).map(|group| group.keywords.as_slice());
        let among = self.narrowed(Some(&of_group), |campaign| of_groups(campaign, &of_group));
        let rows = |from| {
            rows_from(&self.realm.keywords, among.as_deref(), from).filter(|keyword| {
                self.parent(keyword.campaign_id).is_some()
                    && self.in_group(keyword.ad_group_id)
                    && filters.state(&keyword.state)
                    && filters.matching(wire::match_word(keyword.matching))
                    && filters.text(Some(&keyword.text))
            })
        };
        let page = page::cut(self.listing, self.owner(), self.call, |row| row.id, rows)?;
        Ok(self.answer(page, |keyword| KeywordOut {
            keyword_id: Id(keyword.id),
            campaign_id: Id(keyword.campaign_id),
            ad_group_id: Id(keyword.ad_group_id),
            keyword_text: &keyword.text,
            match_type: wire::match_word(keyword.matching),
            state: &keyword.state,
            bid: Cents(keyword.bid_cents),
            extended_data: self.since(self.realm.campaigns.get(keyword.campaign_id), |campaign, today| {
                serving::clause(&keyword.state, self.realm.ad_groups.get(keyword.ad_group_id), campaign, today)
            }),
        }))
    }

    fn targets(&self) -> Answer {
        let filters = self.filters();
        let of_group = |id: u64| self.realm.ad_groups.get(id).map(|group| group.targets.as_slice());
        let among = self.narrowed(Some(&of_group), |campaign| of_groups(campaign, &of_group));
        let rows = |from| {
            rows_from(&self.realm.targets, among.as_deref(), from).filter(|target| {
                self.parent(target.campaign_id).is_some()
                    && self.in_group(target.ad_group_id)
                    && filters.state(&target.state)
                    && filters.targeting(expression_type(&target.value))
                    && filters.text((target.predicate == "ASIN_SAME_AS").then_some(target.value.as_str()))
            })
        };
        let brands = wire::brand_names(&self.realm.brands);
        let page = page::cut(self.listing, self.owner(), self.call, |row| row.id, rows)?;
        Ok(self.answer(page, |target| {
            let value = target.value.as_str();
            let brand =
                if target.predicate == "ASIN_BRAND_SAME_AS" { brands.get(value).copied() } else { None };
            TargetOut {
                target_id: Id(target.id),
                campaign_id: Id(target.campaign_id),
                ad_group_id: Id(target.ad_group_id),
                expression: [Predicate { kind: target.predicate, value }],
                resolved_expression: [Predicate { kind: target.predicate, value: brand.unwrap_or(value) }],
                expression_type: expression_type(&target.value),
                state: &target.state,
                bid: Cents(target.bid_cents),
                extended_data: self.since(self.realm.campaigns.get(target.campaign_id), |campaign, today| {
                    serving::clause(
                        &target.state,
                        self.realm.ad_groups.get(target.ad_group_id),
                        campaign,
                        today,
                    )
                }),
            }
        }))
    }

    fn negatives(&self, kind: &Negatives) -> Answer {
        let (realm, filters) = (self.realm, self.filters());
        let ids: Cow<'_, [u64]> = match (&filters.ids, &filters.ad_groups, &filters.campaigns) {
            (Some(ids), ..) => Cow::Borrowed(ids),
            (_, Some(groups), _) => realm.negative_ids(kind.pool, Scope::AdGroups(groups)),
            (_, _, Some(campaigns)) => realm.negative_ids(kind.pool, Scope::Campaigns(campaigns)),
            _ => realm.negative_ids(kind.pool, Scope::Account(self.account)),
        };
        let shown = |negative: &Negative| {
            self.parent(negative.campaign_id).is_some()
                && negative.ad_group_id.is_none_or(|group| self.in_group(group))
                && realm.listed_state(negative).is_some_and(|state| filters.state(state))
                && filters.matching(wire::negative_match_word(negative.matching))
                && filters.text((negative.kind != NegativeKind::Brand).then_some(negative.text.as_str()))
        };
        let table = realm.negatives(kind.pool);
        let rows = |from| {
            let start = ids.partition_point(|id| *id < from);
            ids[start..].iter().filter_map(|id| table.get(*id)).filter(|negative| shown(negative))
        };
        let page = page::cut(self.listing, self.owner(), self.call, |row| row.id, rows)?;
        let brands = wire::brand_names(&realm.brands);
        Ok(self.answer(page, |negative| {
            let state = realm.listed_state(negative).unwrap_or(&negative.state);
            let extended = self.since(realm.campaigns.get(negative.campaign_id), |campaign, today| {
                let group = negative.ad_group_id.and_then(|group| realm.ad_groups.get(group));
                serving::clause(state, group, campaign, today)
            });
            let extended = extended.map(|data| data.with_times(negative.created, negative.updated));
            wire::negative(negative, state, &brands, extended)
        }))
    }

    /// Whether an ad group passes the filter by ad groups.
    fn in_group(&self, id: u64) -> bool {
        self.filters().ad_groups.as_ref().is_none_or(|ids| ids.binary_search(&id).is_ok())
    }

    /// The ids that a filter leaves, ascending; none when all of the profile are asked for.
    fn narrowed<'i>(
        &self,
        of_group: Option<&dyn Fn(u64) -> Option<&'i [u64]>>,
        of_campaign: impl Fn(&Campaign) -> Vec<u64>,
    ) -> Option<Vec<u64>> {
        let filters = self.filters();
        if let Some(ids) = &filters.ids {
            return Some(ids.clone());
        }
        let mut ids: Vec<u64> = match (&filters.ad_groups, of_group, &filters.campaigns) {
            (Some(groups), Some(of_group), _) => {
                groups.iter().filter_map(|id| of_group(*id)).flatten().copied().collect()
            }
            (_, _, Some(campaigns)) => {
                campaigns.iter().filter_map(|id| self.realm.campaigns.get(*id)).flat_map(of_campaign).collect()
            }
            _ => return None,
        };
        ids.sort_unstable();
        Some(ids)
    }

    /// `extendedData`, if it is asked for.
    fn since(
        &self,
        campaign: Option<&Campaign>,
        status: impl FnOnce(&Campaign, jiff::civil::Date) -> &'static str,
    ) -> Option<ExtendedData> {
        let campaign = campaign.filter(|_| self.listing.extended)?;
        Some(ExtendedData::since(campaign, status(campaign, self.realm.today)))
    }

    fn answer<'r, T, R: Serialize>(&self, page: Page<'r, T>, write: impl Fn(&'r T) -> R) -> Response {
        let rows: Vec<R> = page.rows.into_iter().map(write).collect();
        let items = Items(rows.len());
        let body = Body { key: self.list.key, rows, next: page.next, total: page.total };
        // Rows are plain structs; writing them into memory cannot fail.
        let bytes = serde_json::to_vec(&body).unwrap_or_default();
        let mut response = ([(header::CONTENT_TYPE, self.list.media)], bytes).into_response();
        response.extensions_mut().insert(items);
        response
    }
}

/// What the ad groups of a campaign hold.
fn of_groups<'i>(campaign: &Campaign, of_group: &dyn Fn(u64) -> Option<&'i [u64]>) -> Vec<u64> {
    campaign.ad_groups.iter().filter_map(|id| of_group(*id)).flatten().copied().collect()
}

/// The rows with these ids, or all of the table, from an id on.
fn rows_from<'a, T>(table: &'a Table<T>, among: Option<&'a [u64]>, from: u64) -> impl Iterator<Item = &'a T> {
    let (some, all) = match among {
        Some(ids) => (Some(&ids[ids.partition_point(|id| *id < from)..]), None),
        None => (None, Some(table.iter_from(from))),
    };
    some.into_iter().flatten().filter_map(|id| table.get(*id)).chain(all.into_iter().flatten())
}

/// Automatic targets have no value of their own.
fn expression_type(value: &str) -> &'static str {
    if value.is_empty() { "AUTO" } else { "MANUAL" }
}

/// An answer: rows under the list's own key.
struct Body<R> {
    key: &'static str,
    rows: Vec<R>,
    next: Option<String>,
    total: u64,
}

impl<R: Serialize> Serialize for Body<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(self.key, &self.rows)?;
        if let Some(next) = &self.next {
            map.serialize_entry("nextToken", next)?;
        }
        map.serialize_entry("totalResults", &self.total)?;
        map.end()
    }
}
