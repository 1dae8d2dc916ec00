//! Create, update and delete of the four kinds of negatives. Batches are not atomic: the answer is 207 with a result per item.
//! Rules about texts and words are in `rules.rs`; here are those about what is already there: parents, twins, caps, final states.

use axum::body::Bytes;
use axum::http::HeaderMap;

use super::super::app::App;
use super::super::call::Call;
use super::super::model::{Negative, is_archived};
use super::super::platform::Platform;
use super::super::realm::{NewNegative, Realm};
use super::error::ItemError;
use super::items::{self, Item, Results};
use super::resource::Negatives;
use super::rules::{Check, What};
use super::{Answer, Refusal, auth, media};

/// How many unarchived negatives of a kind one parent holds. Amazon documents no figure and tells it in `entityQuotaError`.
const QUOTA: u32 = 5_000;

fn open(app: &App, call: &Call, kind: &Negatives, headers: &HeaderMap, body: &Bytes) -> Result<usize, Refusal> {
    let account = auth::profile(app, call, headers)?;
    media::accepts(headers, &[kind.list.media])?;
    media::consumes(headers, body, kind.list.media)?;
    Ok(account)
}

/// Runs items through one function, and answers with their results.
fn each<T>(
    app: &App,
    call: &Call,
    kind: &Negatives,
    items: &[T],
    whole: bool,
    mut act: impl FnMut(&mut Realm, usize, &T) -> Result<u64, Vec<ItemError>>,
) -> axum::response::Response {
    let mut realm = app.realm_mut(Platform::Amazon);
    let mut results = Results::default();
    for (index, item) in items.iter().enumerate() {
        let rejected = || Err(vec![ItemError::other(&format!("$.{}[{index}]", kind.list.key))]);
        results.push(index, if call.rejects(index) { rejected() } else { act(&mut realm, index, item) });
    }
    results.answer(call, kind, &realm, whole)
}

/// `POST`: operations `CreateSponsoredProductsNegativeKeywords` and its three sisters.
pub fn create(app: &App, call: &Call, kind: &'static Negatives, headers: &HeaderMap, body: &Bytes) -> Answer {
    let account = open(app, call, kind, headers, body)?;
    let items = items::batch(body, kind.list.key)?;
    let whole = media::prefers_representation(headers);
    Ok(each(app, call, kind, &items, whole, |realm, index, item| {
        create_one(realm, account, call, kind, index, item)
    }))
}

/// `PUT`: the same four, `Update…`.
pub fn update(app: &App, call: &Call, kind: &'static Negatives, headers: &HeaderMap, body: &Bytes) -> Answer {
    let account = open(app, call, kind, headers, body)?;
    let items = items::batch(body, kind.list.key)?;
    let whole = media::prefers_representation(headers);
    Ok(each(app, call, kind, &items, whole, |realm, index, item| {
        update_one(realm, account, call, kind, index, item)
    }))
}

/// `POST …/delete`, which archives. The spec declares no `Prefer` for it, so it answers with ids only.
pub fn delete(app: &App, call: &Call, kind: &'static Negatives, headers: &HeaderMap, body: &Bytes) -> Answer {
    let account = open(app, call, kind, headers, body)?;
    let ids = items::included(body, kind.list.own_ids)?;
    Ok(each(app, call, kind, &ids, false, |realm, index, id| {
        let at = format!("$.{}.include[{index}]", kind.list.own_ids);
        let negative = find(realm, account, kind, id, &at)?;
        let id = negative.id;
        realm.set_state(kind.pool, id, "ARCHIVED", call);
        Ok(id)
    }))
}

/// An unarchived negative of this profile.
fn find<'a>(
    realm: &'a Realm,
    account: usize,
    kind: &Negatives,
    id: &str,
    at: &str,
) -> Result<&'a Negative, Vec<ItemError>> {
    let negative = id.parse().ok().and_then(|id| realm.negative_in(account, kind.pool, id));
    let Some(negative) = negative else { return Err(vec![ItemError::not_found(kind.entity, id, at)]) };
    if negative.is_archived() {
        let message = "An archived entity cannot be modified";
        let error = ItemError::state(kind.entity, "ARCHIVED_ENTITY_CANNOT_BE_MODIFIED", at, message);
        return Err(vec![error.trigger(id)]);
    }
    Ok(negative)
}

fn create_one(
    realm: &mut Realm,
    account: usize,
    call: &Call,
    kind: &Negatives,
    index: usize,
    item: &Item,
) -> Result<u64, Vec<ItemError>> {
    let mut check = Check::new(item, kind.list.key, index, kind.entity);
    let campaign = check.required("campaignId", item.campaign_id.as_ref());
    let group = if kind.pool.is_campaign_level() {
        None
    } else {
        Some(check.required("adGroupId", item.ad_group_id.as_ref()))
    };
    let (what, field) = if kind.pool.shelf() == 0 {
        (check.keyword(), check.field("keywordText"))
    } else {
        (check.expression(&realm.brands), check.field("expression"))
    };
    let state = check.state();
    let (Some(campaign), Some(What { kind: named, matching, text }), Some(state), []) =
        (campaign, what, state, check.errors.as_slice())
    else {
        return Err(check.errors);
    };

    let campaign_id = parent_campaign(realm, account, campaign, &check.field("campaignId"))?;
    let ad_group_id = match group {
        None => None,
        Some(group) => {
            let at = check.field("adGroupId");
            Some(parent_group(realm, account, campaign_id, group.unwrap_or_default(), &at)?)
        }
    };
    let new = NewNegative {
        campaign_id,
        ad_group_id,
        kind: named,
        matching,
        text: call.stored_text(text),
        state: state.into(),
    };
    if !call.accepts_duplicates() && realm.twin(&new).is_some() {
        return Err(vec![ItemError::duplicate(&field).trigger(text)]);
    }
    if realm.shelf(campaign_id, ad_group_id, kind.pool).is_some_and(|shelf| shelf.unarchived >= QUOTA) {
        return Err(vec![ItemError::quota(kind.entity, &field, QUOTA)]);
    }
    Ok(realm.add_negative(new, call))
}

fn parent_campaign(realm: &Realm, account: usize, id: &str, at: &str) -> Result<u64, Vec<ItemError>> {
    let campaign = id.parse().ok().and_then(|id| realm.campaign_in(account, id));
    match campaign {
        Some(campaign) => parent(campaign.id, &campaign.state, id, at),
        None => Err(vec![no_parent(id, at)]),
    }
}

fn parent_group(
    realm: &Realm,
    account: usize,
    campaign: u64,
    id: &str,
    at: &str,
) -> Result<u64, Vec<ItemError>> {
    let group = id.parse().ok().and_then(|id| realm.ad_group_in(account, id));
    match group {
        Some((group, of)) if of.id == campaign => parent(group.id, &group.state, id, at),
        _ => Err(vec![no_parent(id, at)]),
    }
}

fn parent(native: u64, state: &str, id: &str, at: &str) -> Result<u64, Vec<ItemError>> {
    if is_archived(state) {
        let error = ItemError::parent("PARENT_ENTITY_ARCHIVED", at, "The parent entity is archived");
        return Err(vec![error.trigger(id)]);
    }
    Ok(native)
}

fn no_parent(id: &str, at: &str) -> ItemError {
    ItemError::parent("PARENT_ENTITY_NOT_FOUND", at, "The parent entity was not found").trigger(id)
}

fn update_one(
    realm: &mut Realm,
    account: usize,
    call: &Call,
    kind: &Negatives,
    index: usize,
    item: &Item,
) -> Result<u64, Vec<ItemError>> {
    let mut check = Check::new(item, kind.list.key, index, kind.entity);
    let id = check.required(
        kind.item_id,
        item.keyword_id.as_ref().filter(|_| kind.pool.shelf() == 0).or(item.target_id.as_ref()),
    );
    let state = if item.state.is_some() { check.state() } else { None };
    let named = if kind.pool.shelf() == 1 && item.expression.is_some() {
        check.expression(&realm.brands)
    } else {
        None
    };
    let (Some(id), []) = (id, check.errors.as_slice()) else { return Err(check.errors) };

    let negative = find(realm, account, kind, id, &check.field(kind.item_id))?;
    let id = negative.id;
    if has_archived_parent(realm, negative) {
        let message = "An entity under an archived parent cannot be updated";
        let at = check.field(kind.item_id);
        return Err(vec![ItemError::state(kind.entity, "PARENT_ARCHIVED_FORBIDS_UPDATES", &at, message)]);
    }
    let new_text = rename(realm, &check, negative, named.as_ref())?;
    let state = state.filter(|state| *state != negative.state);
    if let Some(state) = state.filter(|state| *state == "PROPOSED") {
        let message = "The entity cannot go to this state from the one it is in";
        let error = ItemError::state(kind.entity, "INVALID_STATE_TRANSITION", &check.field("state"), message);
        return Err(vec![error.trigger(state)]);
    }
    if let Some(text) = new_text {
        realm.set_text(kind.pool, id, text);
    }
    if let Some(state) = state {
        realm.set_state(kind.pool, id, state, call);
    }
    Ok(id)
}

/// The new ASIN or brand of a clause, if it is to have another one. Whether it names a product or a brand stays.
fn rename<'a>(
    realm: &Realm,
    check: &Check<'_>,
    negative: &Negative,
    named: Option<&What<'a>>,
) -> Result<Option<&'a str>, Vec<ItemError>> {
    let at = check.field("expression");
    let Some(What { text, kind: what, .. }) = named.filter(|what| what.text != negative.text) else {
        return Ok(None);
    };
    if *what != negative.kind {
        return Err(vec![ItemError::expression(&at, "The type of a clause's predicate cannot be changed")]);
    }
    let renamed = NewNegative {
        campaign_id: negative.campaign_id,
        ad_group_id: negative.ad_group_id,
        kind: *what,
        matching: None,
        text: (*text).into(),
        state: negative.state.clone(),
    };
    if realm.twin(&renamed).is_some() {
        return Err(vec![ItemError::duplicate(&at).trigger(text)]);
    }
    Ok(Some(text))
}

fn has_archived_parent(realm: &Realm, negative: &Negative) -> bool {
    let group = negative.ad_group_id.and_then(|group| realm.ad_groups.get(group));
    let campaign = realm.campaigns.get(negative.campaign_id);
    group.is_some_and(|group| is_archived(&group.state))
        || campaign.is_some_and(|campaign| is_archived(&campaign.state))
}
