//! `getNegativeKeywords` and `getNegativeKeyword`. A list needs ad groups; it gives archived ones too unless a status is asked for.
//! Writing them is in `write.rs` and `bulk.rs`.

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse;

use super::super::model::{Negative, Pool};
use super::super::platform::Platform;
use super::super::realm::{Realm, Scope};
use super::auth::{Scopes, allow};
use super::error::Fault;
use super::query::Query;
use super::{Answer, Inbound, wire};

/// `NegativeKeywordStatusEnum`.
pub const STATUSES: [&str; 2] = ["ACTIVE", "ARCHIVED"];

/// `GET /negative_keyword`.
pub async fn all(inbound: Inbound) -> Answer {
    allow(&inbound, Scopes::MARKETING_READ)?;
    let query = Query::of(&inbound);
    let mut groups = query.ids("ad_group_ids").ok_or_else(|| Fault::new(36329))?;
    if query.list("campaign_ids").is_some_and(|ids| ids.len() > 1) {
        return Err(Fault::new(36347));
    }
    let states = query.list("negative_keyword_status");
    if states.as_ref().is_some_and(|states| states.iter().any(|state| !STATUSES.contains(state))) {
        return Err(Fault::new(36350));
    }
    let window = query.window()?;
    inbound.app.realm_mut(Platform::Ebay).begin_list();
    let realm = inbound.app.realm(Platform::Ebay);
    let asked = query.ids("campaign_ids");
    let campaigns = groups.iter().filter_map(|id| realm.ad_groups.get(*id)).map(|group| group.campaign_id);
    let mut campaigns = campaigns.chain(asked.iter().flatten().copied());
    if campaigns.any(|id| realm.campaigns.get(id).is_some_and(wire::is_smart)) {
        return Err(Fault::new(35129));
    }
    if let Some(asked) = &asked {
        groups.retain(|id| realm.ad_groups.get(*id).is_some_and(|group| asked.contains(&group.campaign_id)));
    }
    let ids = realm.negative_ids(Pool::GroupKeyword, Scope::AdGroups(&groups));
    let table = realm.negatives(Pool::GroupKeyword);
    let rows = ids.iter().filter_map(|id| table.get(*id)).filter_map(|negative| {
        let state = realm.listed_state(negative)?;
        states.as_ref().is_none_or(|states| states.contains(&state)).then_some((negative, state))
    });
    Ok(window.page(&inbound, "negativeKeywords", rows, |(negative, state)| wire::negative(negative, state)))
}

/// `GET /negative_keyword/{negative_keyword_id}`: shows at once what lists may still hide (fault `lag`).
pub async fn one(inbound: Inbound, Path(id): Path<String>) -> Answer {
    allow(&inbound, Scopes::MARKETING_READ)?;
    let realm = inbound.app.realm(Platform::Ebay);
    let negative = find(&realm, &id)?;
    Ok(Json(wire::negative(negative, &negative.state)).into_response())
}

/// A negative by its id.
///
/// # Errors
/// 36340: unknown ids are a 400 at eBay, not a 404.
pub fn find<'a>(realm: &'a Realm, id: &str) -> Result<&'a Negative, Fault> {
    let negative = id.trim().parse().ok().and_then(|id| realm.negatives(Pool::GroupKeyword).get(id));
    negative.ok_or_else(|| Fault::new(36340).with("negativeKeywordId", id))
}
