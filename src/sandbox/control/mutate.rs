//! `POST /mutate`: changes behind the client's back, as other people and tools make them.
//!
//! The body is one change or an array of them, done in order; the first that cannot be done ends it (400, `applied` says how many were done).
//! States, targeting and types are the platform's own words, and are not checked: unknown ones are a case to test. Ids are strings or numbers.
//!
//! ```json
//! [{"op":"add_campaign","platform":"amazon","account":"northfell-us","name":"Autumn"},
//!  {"op":"set_campaign","platform":"amazon","id":"…","state":"PAUSED","end":"2026-09-30"},
//!  {"op":"delete_campaign","platform":"amazon","id":"…"},
//!  {"op":"add_ad_group","platform":"ebay","campaign_id":"…","name":"Grinders","state":"ACTIVE"},
//!  {"op":"set_ad_group","platform":"ebay","id":"…","name":"Mills"},
//!  {"op":"delete_ad_group","platform":"ebay","id":"…"},
//!  {"op":"add_negative","platform":"sams","ad_group_id":"…","text":"free","match":"exact","state":"disabled"},
//!  {"op":"set_negative","platform":"amazon","id":"…","level":"campaign","kind":"product","state":"PAUSED"},
//!  {"op":"delete_negative","platform":"sams","id":"…"}]
//! ```
//!
//! `kind` (`keyword`, `product`, `brand`) and `level` (`ad_group`, `campaign`) say which list an id of Amazon is in; they default to an ad group's
//! keyword. What an addition leaves out is the usual: on, manual, open-ended. The answer is `{"applied":n,"ids":["…"]}`, the id of each change.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::super::app::App;
use super::super::call::Call;
use super::super::model::{AdGroup, Campaign, Match, NegativeKind, Pool};
use super::super::native::Native;
use super::super::platform::Platform;
use super::super::realm::{NewNegative, Realm};
use super::problem;

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Op {
    AddCampaign,
    SetCampaign,
    DeleteCampaign,
    AddAdGroup,
    SetAdGroup,
    DeleteAdGroup,
    AddNegative,
    SetNegative,
    DeleteNegative,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    op: Op,
    platform: Platform,
    #[serde(default, deserialize_with = "id")]
    id: Option<u64>,
    account: Option<String>,
    #[serde(default, deserialize_with = "id")]
    campaign_id: Option<u64>,
    #[serde(default, deserialize_with = "id")]
    ad_group_id: Option<u64>,
    name: Option<String>,
    state: Option<String>,
    targeting: Option<String>,
    /// eBay's funding model, Sam's campaign type.
    r#type: Option<String>,
    channel: Option<String>,
    end: Option<Date>,
    text: Option<String>,
    r#match: Option<String>,
    kind: Option<String>,
    level: Option<String>,
}

/// A native id, as a string or as a number.
fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Number(u64),
        Text(String),
    }
    match Option::<Id>::deserialize(deserializer)? {
        None => Ok(None),
        Some(Id::Number(number)) => Ok(Some(number)),
        Some(Id::Text(text)) => text.parse().map(Some).map_err(serde::de::Error::custom),
    }
}

/// `POST /mutate`.
pub async fn mutate(State(app): State<App>, body: Bytes) -> Response {
    let changes: Result<Vec<Change>, _> = serde_json::from_slice(&body).and_then(|value| match value {
        Value::Array(_) => serde_json::from_value(value),
        one => serde_json::from_value(one).map(|one| vec![one]),
    });
    let changes = match changes {
        Ok(changes) => changes,
        Err(error) => {
            return problem(StatusCode::BAD_REQUEST, &format!("not a change, nor a list of them: {error}"));
        }
    };
    let mut ids: Vec<String> = Vec::new();
    for change in &changes {
        let done = {
            let mut realm = app.realm_mut(change.platform);
            let call = Call::none(app.world_time(0));
            apply(&mut realm, change, &call)
        };
        match done {
            Ok(id) => ids.push(id.to_string()),
            Err(error) => {
                let body = json!({"error": format!("change {}: {error}", ids.len() + 1), "applied": ids.len()});
                return (StatusCode::BAD_REQUEST, Json(body)).into_response();
            }
        }
    }
    Json(json!({"applied": ids.len(), "ids": ids})).into_response()
}

fn apply(realm: &mut Realm, change: &Change, call: &Call) -> Result<u64, String> {
    let id = || change.id.ok_or_else(|| "`id` is missing".to_owned());
    let gone = |what: &str, id: u64| format!("there is no {what} {id} on {}", change.platform.word());
    match change.op {
        Op::AddCampaign => add_campaign(realm, change),
        Op::SetCampaign => {
            let id = id()?;
            set_campaign(realm.campaigns.get_mut(id).ok_or_else(|| gone("campaign", id))?, change);
            Ok(id)
        }
        Op::DeleteCampaign => {
            let id = id()?;
            realm.remove_campaign(id).map(|_| id).ok_or_else(|| gone("campaign", id))
        }
        Op::AddAdGroup => add_ad_group(realm, change),
        Op::SetAdGroup => {
            let id = id()?;
            let group = realm.ad_groups.get_mut(id).ok_or_else(|| gone("ad group", id))?;
            if let Some(name) = &change.name {
                group.name.clone_from(name);
            }
            if let Some(state) = &change.state {
                group.state = state.into();
            }
            Ok(id)
        }
        Op::DeleteAdGroup => {
            let id = id()?;
            realm.remove_ad_group(id).map(|_| id).ok_or_else(|| gone("ad group", id))
        }
        Op::AddNegative => add_negative(realm, change, call),
        Op::SetNegative => {
            let (id, pool) = (id()?, Pool::of(kind(change)?, is_campaign_level(change)?));
            if realm.negatives(pool).get(id).is_none() {
                return Err(gone("negative", id));
            }
            if let Some(text) = &change.text {
                realm.set_text(pool, id, text);
            }
            if let Some(state) = &change.state {
                realm.set_state(pool, id, state, call);
            }
            Ok(id)
        }
        Op::DeleteNegative => {
            let (id, pool) = (id()?, Pool::of(kind(change)?, is_campaign_level(change)?));
            realm.remove_negative(pool, id).map(|_| id).ok_or_else(|| gone("negative", id))
        }
    }
}

fn kind(change: &Change) -> Result<NegativeKind, String> {
    match change.kind.as_deref() {
        None | Some("keyword") => Ok(NegativeKind::Keyword),
        Some("product") => Ok(NegativeKind::Product),
        Some("brand") => Ok(NegativeKind::Brand),
        Some(other) => Err(format!("`kind` is keyword, product or brand, not `{other}`")),
    }
}

fn is_campaign_level(change: &Change) -> Result<bool, String> {
    match change.level.as_deref() {
        None | Some("ad_group") => Ok(false),
        Some("campaign") => Ok(true),
        Some(other) => Err(format!("`level` is ad_group or campaign, not `{other}`")),
    }
}

fn add_campaign(realm: &mut Realm, change: &Change) -> Result<u64, String> {
    let wanted = change.account.as_deref().ok_or("`account` is missing (name or key)")?;
    let account = realm.accounts.iter().position(|account| account.name == wanted || account.key == wanted);
    let account = account.ok_or_else(|| format!("there is no account `{wanted}`"))?;
    let (usual, today) = (Native::of(change.platform), realm.today);
    Ok(realm.add_campaign(|id| {
        let mut campaign = Campaign {
            id,
            account,
            name: format!("Campaign {id}"),
            state: usual.campaign_on.into(),
            targeting: usual.manual.into(),
            kind: usual.kind.into(),
            channel: usual.channel.into(),
            start: today,
            end: None,
            budget_cents: 2_500,
            ad_groups: Vec::new(),
            negatives: Default::default(),
        };
        set_campaign(&mut campaign, change);
        campaign
    }))
}

fn set_campaign(campaign: &mut Campaign, change: &Change) {
    if let Some(name) = &change.name {
        campaign.name.clone_from(name);
    }
    let words = [
        (&mut campaign.state, &change.state),
        (&mut campaign.targeting, &change.targeting),
        (&mut campaign.kind, &change.r#type),
        (&mut campaign.channel, &change.channel),
    ];
    for (word, new) in words {
        if let Some(new) = new {
            *word = new.into();
        }
    }
    campaign.end = change.end.or(campaign.end);
}

fn add_ad_group(realm: &mut Realm, change: &Change) -> Result<u64, String> {
    let campaign_id = change.campaign_id.ok_or("`campaign_id` is missing")?;
    realm.campaigns.get(campaign_id).ok_or_else(|| format!("there is no campaign {campaign_id}"))?;
    let on = Native::of(change.platform).group_on;
    Ok(realm.add_ad_group(|id| AdGroup {
        id,
        campaign_id,
        name: change.name.clone().unwrap_or_else(|| format!("Ad group {id}")),
        state: change.state.as_deref().unwrap_or(on).into(),
        bid_cents: 75,
        keywords: Vec::new(),
        targets: Vec::new(),
        negatives: Default::default(),
    }))
}

fn add_negative(realm: &mut Realm, change: &Change, call: &Call) -> Result<u64, String> {
    let kind = kind(change)?;
    let campaign_id = match change.ad_group_id {
        Some(id) => realm.ad_groups.get(id).ok_or_else(|| format!("there is no ad group {id}"))?.campaign_id,
        None => change.campaign_id.ok_or("`ad_group_id` or (at campaign level) `campaign_id` is missing")?,
    };
    realm.campaigns.get(campaign_id).ok_or_else(|| format!("there is no campaign {campaign_id}"))?;
    let matching = match (kind, change.r#match.as_deref()) {
        (NegativeKind::Keyword, None | Some("exact")) => Some(Match::Exact),
        (NegativeKind::Keyword, Some("phrase")) => Some(Match::Phrase),
        (NegativeKind::Keyword, Some(other)) => {
            return Err(format!("`match` is exact or phrase, not `{other}`"));
        }
        _ => None,
    };
    let new = NewNegative {
        campaign_id,
        ad_group_id: change.ad_group_id,
        kind,
        matching,
        text: change.text.as_deref().ok_or("`text` is missing")?.into(),
        state: change.state.as_deref().unwrap_or(Native::of(change.platform).on).into(),
    };
    Ok(realm.add_negative(new, call))
}
