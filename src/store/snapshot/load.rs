//! From the database to the screen: the first frame's rows by a query that reads no more than it shows. The whole
//! catalog is [`whole`](super::whole)'s.

use rusqlite::Connection;

use crate::domain::account::{Account, Identity};
use crate::domain::campaign::Campaign;
use crate::domain::catalog::{AccountRow, Catalog};
use crate::domain::ids::CampaignId;
use crate::domain::keyword::Keyword;
use crate::domain::problem::Problem;
use crate::store::Store;
use crate::store::accounts::{AccountSummary, Counts, find, summaries};
use crate::store::convert::from_json;
use crate::store::error::Result;

use super::commit::{CAMPAIGN, CAMPAIGN_COLUMNS, campaign};
use super::fill::Loader;
use super::parcel::Rows;
use super::rows::KeywordRow;
use super::whole;

/// A campaign in figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignSummary {
    /// Its account.
    pub account: Identity,
    /// The campaign.
    pub campaign: Campaign,
    /// What it holds, in the whole snapshot.
    pub counts: Counts,
    /// Why it could not be listed the last time; `None` when it could.
    pub stale: Option<Problem>,
}

/// What the first frame shows, before the catalog is loaded.
pub struct FirstPage {
    /// The accounts in figures, in the order asked for.
    pub accounts: Vec<AccountSummary>,
    /// The first campaigns, in the order of the catalog.
    pub campaigns: Vec<CampaignSummary>,
    /// A catalog of the first campaigns and the first rows only: every view works on it, its counts are too low.
    pub catalog: Catalog,
}

impl Store {
    /// The first rows, on this very thread and in a few milliseconds: up to `limit` campaigns and `limit`
    /// negatives, as [`Store::load_catalog`] orders them.
    pub fn first_page(&self, accounts: &[Account], limit: usize) -> std::result::Result<FirstPage, Problem> {
        self.read_now(|db| first_page(db, accounts, limit))
    }

    /// The whole snapshot of these accounts, in their order. Accounts that were never listed are in it, empty.
    pub async fn load_catalog(&self, accounts: &[Account]) -> std::result::Result<Catalog, Problem> {
        let accounts = accounts.to_vec();
        self.read(move |db| whole::load(db, &accounts)).await
    }

    /// The positive keywords and product targets of an account, as far as they were listed.
    pub async fn keywords(&self, identity: &Identity) -> std::result::Result<Vec<Keyword>, Problem> {
        let identity = identity.clone();
        self.read(move |db| keywords(db, &identity)).await
    }
}

fn first_page(db: &Connection, accounts: &[Account], limit: usize) -> Result<FirstPage> {
    let mut loader = Loader::default();
    let figures = figures(db, accounts)?;
    let mut campaigns = Vec::new();
    let mut left = limit;
    for (account, figures) in accounts.iter().zip(&figures) {
        let ix = loader.builder.add_account(account_row(account, figures));
        let Some(row) = find(db, &account.identity)? else { continue };
        let mut statement = db.prepare_cached(&select())?;
        let mut rows = statement.query([row])?;
        // Campaigns without negatives are passed over, but not all ten thousand of them.
        while campaigns.len() < limit || (left > 0 && campaigns.len() < limit.saturating_mul(10)) {
            let Some(row) = rows.next()? else { break };
            let kept = campaign(row)?;
            let slot = loader.builder.add_campaign(ix, kept.campaign.clone());
            if left > 0 && kept.held.negatives > 0 {
                left -= loader.parcels(
                    slot,
                    blob(row, CAMPAIGN_COLUMNS)?,
                    blob(row, CAMPAIGN_COLUMNS + 1)?,
                    left,
                )?;
            }
            campaigns.push(CampaignSummary {
                account: account.identity.clone(),
                campaign: kept.campaign,
                counts: Counts {
                    campaigns: 1,
                    ad_groups: kept.held.ad_groups,
                    negatives: kept.held.negatives,
                    archived: kept.held.archived,
                    keywords: kept.held.keywords,
                },
                stale: kept.stale.map(|why| from_json(&why, "campaigns.stale")).transpose()?,
            });
        }
    }
    Ok(FirstPage { accounts: figures, campaigns, catalog: loader.builder.finish() })
}

pub(crate) fn select() -> String {
    format!(
        "SELECT {CAMPAIGN}, ad_group_parcels.data, negative_parcels.data FROM campaigns
            LEFT JOIN ad_group_parcels ON ad_group_parcels.campaign = campaigns.id
            LEFT JOIN negative_parcels ON negative_parcels.campaign = campaigns.id
            WHERE account = ?1 ORDER BY folded, native"
    )
}

pub(crate) fn figures(db: &Connection, accounts: &[Account]) -> Result<Vec<AccountSummary>> {
    let identities: Vec<_> = accounts.iter().map(|account| account.identity.clone()).collect();
    summaries(db, &identities)
}

pub(crate) fn blob<'a>(row: &'a rusqlite::Row<'_>, at: usize) -> Result<Option<&'a [u8]>> {
    Ok(row.get_ref(at)?.as_blob_or_null().map_err(rusqlite::Error::from)?)
}

pub(crate) fn account_row(account: &Account, figures: &AccountSummary) -> AccountRow {
    let stale = match (&figures.stale, &figures.stale_campaigns) {
        (Some(why), _) => Some(told(why)),
        (None, Some((1, why))) => Some(format!("1 campaign could not be listed: {}", told(why))),
        (None, Some((count, why))) => Some(format!("{count} campaigns could not be listed: {}", told(why))),
        (None, None) => None,
    };
    AccountRow {
        identity: account.identity.clone(),
        name: account.name.clone(),
        fetched_at: figures.fetched_at,
        stale,
    }
}

fn told(why: &Problem) -> String {
    if why.detail.is_empty() { why.title.clone() } else { format!("{}: {}", why.title, why.detail) }
}

fn keywords(db: &Connection, identity: &Identity) -> Result<Vec<Keyword>> {
    let sql = "SELECT native, data FROM campaigns JOIN keyword_parcels ON campaign = id
        WHERE account = ?1 ORDER BY folded, native";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([find(db, identity)?])?;
    let mut keywords = Vec::new();
    while let Some(row) = rows.next()? {
        let campaign = CampaignId::from(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?);
        let mut parcel = Rows::<KeywordRow<'_>>::open(blob(row, 1)?)?;
        while let Some(row) = parcel.next()? {
            keywords.push(row.keyword(&campaign));
        }
    }
    Ok(keywords)
}
