//! `GET /state` and `GET /terms`: all negatives, all search-term rows, as JSON arrays that are written while they are read.
//! A row is made under a short lock for some thousand at a time, so a long answer does not stop the platforms.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::{Stream, stream};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::app::App;
use super::super::log::request_id;
use super::super::model::{Match, Negative, NegativeKind, Pool, Term};
use super::super::platform::Platform;
use super::super::realm::Realm;
use super::{problem, words};

/// Rows per chunk.
const CHUNK: usize = 2_000;

/// What narrows the rows.
#[derive(Debug, Default, Deserialize)]
pub struct Only {
    platform: Option<String>,
    campaign_id: Option<String>,
}

impl Only {
    fn platforms(&self) -> Result<Vec<Platform>, String> {
        let Some(word) = self.platform.as_deref() else { return Ok(Platform::ALL.to_vec()) };
        let found = Platform::ALL.into_iter().find(|platform| platform.word() == word);
        found.map(|platform| vec![platform]).ok_or_else(|| format!("there is no platform `{word}`"))
    }
}

#[derive(Serialize)]
struct Row<'a> {
    account: &'a str,
    platform: Platform,
    id: String,
    kind: &'static str,
    text: &'a str,
    r#match: Option<&'static str>,
    level: &'static str,
    campaign_id: String,
    campaign_name: &'a str,
    ad_group_id: Option<String>,
    ad_group_name: Option<&'a str>,
    campaign_state: &'static str,
    ad_group_state: Option<&'static str>,
    state: &'static str,
    native_state: &'a str,
    first_seen: String,
    staged: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    brand_name: Option<&'a str>,
    created_by_request: Option<String>,
}

/// A row; none when its parents are gone, which cannot be while they own their negatives.
fn row<'a>(platform: Platform, realm: &'a Realm, negative: &'a Negative) -> Option<Row<'a>> {
    let campaign = realm.campaigns.get(negative.campaign_id)?;
    let group = match negative.ad_group_id {
        Some(id) => Some(realm.ad_groups.get(id)?),
        None => None,
    };
    let brand = || realm.brands.iter().find(|brand| brand.id == negative.text).map(|brand| brand.name.as_str());
    Some(Row {
        account: &realm.accounts[campaign.account].name,
        platform,
        id: negative.id.to_string(),
        kind: match negative.kind {
            NegativeKind::Keyword => "keyword",
            NegativeKind::Product => "product",
            NegativeKind::Brand => "brand",
        },
        text: &negative.text,
        r#match: negative.matching.map(match_word),
        level: if group.is_some() { "ad_group" } else { "campaign" },
        campaign_id: campaign.id.to_string(),
        campaign_name: &campaign.name,
        ad_group_id: group.map(|group| group.id.to_string()),
        ad_group_name: group.map(|group| group.name.as_str()),
        campaign_state: words::campaign(platform, campaign, realm.today),
        ad_group_state: group.map(|group| words::ad_group(platform, group)),
        state: words::negative(platform, negative),
        native_state: &negative.state,
        first_seen: Timestamp::from_second(negative.created).unwrap_or_default().strftime("%F").to_string(),
        staged: None,
        brand_name: if negative.kind == NegativeKind::Brand { brand() } else { None },
        created_by_request: (negative.created_by > 0).then(|| request_id(negative.created_by)),
    })
}

/// The common word of a match type.
pub fn match_word(matching: Match) -> &'static str {
    match matching {
        Match::Broad => "broad",
        Match::Phrase => "phrase",
        Match::Exact => "exact",
    }
}

#[derive(Serialize)]
struct TermRow<'a> {
    account: &'a str,
    campaign_id: String,
    ad_group_id: String,
    term: &'a str,
    impressions: u32,
    clicks: u32,
    spend: f64,
    orders: u32,
    sales: f64,
    currency: &'a str,
    from: String,
    to: String,
}

fn term_row<'a>(realm: &'a Realm, term: &'a Term) -> Option<TermRow<'a>> {
    let account = &realm.accounts[realm.account_of(term.campaign_id)?];
    let day = realm.today.checked_sub(jiff::Span::new().days(i64::from(term.days_ago))).ok()?.to_string();
    Some(TermRow {
        account: &account.name,
        campaign_id: term.campaign_id.to_string(),
        ad_group_id: term.ad_group_id.to_string(),
        term: &term.text,
        impressions: term.impressions,
        clicks: term.clicks,
        spend: f64::from(term.spend_cents) / 100.0,
        orders: term.orders,
        sales: f64::from(term.sales_cents) / 100.0,
        currency: account.currency,
        from: day.clone(),
        to: day,
    })
}

/// A part of the rows: a platform, and one of its pools or (with none) its terms; `next` is the id or place to go on at.
#[derive(Debug, Clone, Copy)]
struct Part {
    platform: Platform,
    pool: Option<Pool>,
    next: u64,
}

struct Cursor {
    app: App,
    campaign_id: Option<u64>,
    parts: Vec<Part>,
    begun: bool,
}

impl Cursor {
    /// Writes the next chunk; none when all is written.
    fn chunk(&mut self) -> Option<Vec<u8>> {
        let part = self.parts.last().copied()?;
        let mut out = Vec::with_capacity(CHUNK * 400);
        if !self.begun {
            out.push(b'[');
        }
        let realm = self.app.realm(part.platform);
        let wanted = |campaign: u64| self.campaign_id.is_none_or(|only| only == campaign);
        let (mut seen, mut next) = (0, None);
        let mut first = !self.begun;
        let mut write = |json: Option<Vec<u8>>| {
            if let Some(json) = json {
                out.extend_from_slice(if first { b"\n" } else { b",\n" });
                first = false;
                out.extend_from_slice(&json);
            }
        };
        if let Some(pool) = part.pool {
            for negative in realm.negatives(pool).iter_from(part.next) {
                if seen == CHUNK {
                    next = Some(negative.id);
                    break;
                }
                seen += 1;
                if wanted(negative.campaign_id) {
                    write(row(part.platform, &realm, negative).and_then(|row| serde_json::to_vec(&row).ok()));
                }
            }
        } else {
            let from = usize::try_from(part.next).unwrap_or(usize::MAX).min(realm.terms.len());
            for term in realm.terms[from..].iter().take(CHUNK) {
                if wanted(term.campaign_id) {
                    write(term_row(&realm, term).and_then(|row| serde_json::to_vec(&row).ok()));
                }
            }
            next = (from + CHUNK < realm.terms.len()).then_some((from + CHUNK) as u64);
        }
        // The comma before the next row is only left out when none was written yet.
        self.begun = true;
        let nothing_yet = first;
        drop(realm);
        match next {
            Some(next) => {
                if let Some(part) = self.parts.last_mut() {
                    part.next = next;
                }
            }
            None => {
                self.parts.pop();
            }
        }
        if self.parts.is_empty() {
            out.extend_from_slice(b"\n]\n");
        } else if nothing_yet {
            // Nothing but the bracket, if that: begin again with the next part.
            self.begun = false;
            out.clear();
        }
        Some(out)
    }

    fn stream(self) -> impl Stream<Item = Result<Bytes, Infallible>> {
        stream::unfold(self, |mut cursor| async move {
            let chunk = cursor.chunk()?;
            Some((Ok(Bytes::from(chunk)), cursor))
        })
    }
}

fn stream_rows(app: App, only: &Only, pools: &[Option<Pool>]) -> Response {
    let platforms = match only.platforms() {
        Ok(platforms) => platforms,
        Err(error) => return problem(StatusCode::BAD_REQUEST, &error),
    };
    // An id that is no number is no campaign's.
    let campaign_id = only.campaign_id.as_deref().map(|id| id.parse().unwrap_or(0));
    let mut parts: Vec<Part> = platforms
        .into_iter()
        .flat_map(|platform| pools.iter().map(move |&pool| Part { platform, pool, next: 0 }))
        .collect();
    parts.reverse();
    let cursor = Cursor { app, campaign_id, parts, begun: false };
    ([(header::CONTENT_TYPE, "application/json")], Body::from_stream(cursor.stream())).into_response()
}

/// `GET /state`.
pub async fn state(State(app): State<App>, Query(only): Query<Only>) -> Response {
    stream_rows(app, &only, &Pool::ALL.map(Some))
}

/// `GET /terms`.
pub async fn terms(State(app): State<App>, Query(only): Query<Only>) -> Response {
    stream_rows(app, &only, &[None])
}
