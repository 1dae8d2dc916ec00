//! From the database to the screen: the first frame's rows by a query that reads no more than it shows, and
//! the whole catalog in one pass over the parcels in their order.

use std::sync::mpsc;

use jiff::civil::Date;
use rusqlite::Connection;

use crate::domain::account::{Account, Identity};
use crate::domain::campaign::Campaign;
use crate::domain::catalog::{self, AccountIx, AccountRow, AdGroupSlot, CampaignSlot, Catalog, CatalogBuilder};
use crate::domain::ids::CampaignId;
use crate::domain::keyword::Keyword;
use crate::domain::problem::Problem;
use crate::store::Store;
use crate::store::accounts::{AccountSummary, Counts, find, summaries};
use crate::store::codec::broken;
use crate::store::convert::{date, from_json};
use crate::store::error::{Result, StoreError};

use super::commit::{CAMPAIGN, campaign};
use super::parcel::{Rows, ad_groups};
use super::rows::{KeywordRow, NegativeRow};

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
        self.read(move |db| load(db, &accounts)).await
    }

    /// The positive keywords and product targets of an account, as far as they were listed.
    pub async fn keywords(&self, identity: &Identity) -> std::result::Result<Vec<Keyword>, Problem> {
        let identity = identity.clone();
        self.read(move |db| keywords(db, &identity)).await
    }
}

/// What one thread reads and the other builds from, in order.
enum Step {
    Account(AccountRow),
    /// A campaign of the last account, with the parcels of its ad groups and negatives.
    Campaign(Campaign, Option<Vec<u8>>, Option<Vec<u8>>),
}

/// How many campaigns the reading thread may be ahead: enough to smooth large and small ones.
const AHEAD: usize = 64;

/// SQLite reads on one thread while the catalog grows on another: a fifth of the time at a million rows.
fn load(db: &Connection, accounts: &[Account]) -> Result<Catalog> {
    let figures = figures(db, accounts)?;
    let rows = figures.iter().map(|account| account.counts.negatives as usize).sum();
    std::thread::scope(|scope| {
        let (steps, queue) = mpsc::sync_channel(AHEAD);
        let builder = scope.spawn(move || build(rows, queue));
        let fed = feed(db, accounts, &figures, &steps);
        drop(steps);
        // The builder's own failure comes first: it is why nobody took the steps any more.
        let built = builder.join().unwrap_or(Err(StoreError::Gone))?;
        fed.map(|()| built)
    })
}

fn feed(
    db: &Connection,
    accounts: &[Account],
    figures: &[AccountSummary],
    steps: &mpsc::SyncSender<Step>,
) -> Result<()> {
    let send = |step| steps.send(step).map_err(|_| StoreError::Gone);
    for (account, figures) in accounts.iter().zip(figures) {
        send(Step::Account(account_row(account, figures)))?;
        let Some(row) = find(db, &account.identity)? else { continue };
        let mut statement = db.prepare_cached(&select())?;
        let mut rows = statement.query([row])?;
        while let Some(row) = rows.next()? {
            let owned = |at| blob(row, at).map(|parcel| parcel.map(<[u8]>::to_vec));
            send(Step::Campaign(campaign(row)?.campaign, owned(13)?, owned(14)?))?;
        }
    }
    Ok(())
}

fn build(rows: usize, steps: mpsc::Receiver<Step>) -> Result<Catalog> {
    let mut loader = Loader::default();
    loader.builder.reserve(rows);
    let mut account = AccountIx(0);
    for step in steps {
        match step {
            Step::Account(row) => account = loader.builder.add_account(row),
            Step::Campaign(campaign, groups, negatives) => {
                let slot = loader.builder.add_campaign(account, campaign);
                loader.parcels(slot, groups.as_deref(), negatives.as_deref(), usize::MAX)?;
            }
        }
    }
    Ok(loader.builder.finish())
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
                left -= loader.parcels(slot, blob(row, 13)?, blob(row, 14)?, left)?;
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

fn select() -> String {
    format!(
        "SELECT {CAMPAIGN}, ad_group_parcels.data, negative_parcels.data FROM campaigns
            LEFT JOIN ad_group_parcels ON ad_group_parcels.campaign = campaigns.id
            LEFT JOIN negative_parcels ON negative_parcels.campaign = campaigns.id
            WHERE account = ?1 ORDER BY folded, native"
    )
}

fn figures(db: &Connection, accounts: &[Account]) -> Result<Vec<AccountSummary>> {
    let identities: Vec<_> = accounts.iter().map(|account| account.identity.clone()).collect();
    summaries(db, &identities)
}

fn blob<'a>(row: &'a rusqlite::Row<'_>, at: usize) -> Result<Option<&'a [u8]>> {
    Ok(row.get_ref(at)?.as_blob_or_null().map_err(rusqlite::Error::from)?)
}

fn account_row(account: &Account, figures: &AccountSummary) -> AccountRow {
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

/// Moves rows into a catalog.
#[derive(Default)]
struct Loader {
    builder: CatalogBuilder,
    /// The last day met: most rows were first seen together.
    day: Option<(i32, Date)>,
}

impl Loader {
    /// Adds a campaign's ad groups and at most `limit` of its negatives; how many it added.
    fn parcels(
        &mut self,
        campaign: CampaignSlot,
        groups: Option<&[u8]>,
        negatives: Option<&[u8]>,
        limit: usize,
    ) -> Result<usize> {
        let groups = ad_groups(groups)?;
        let mut slots: Vec<(&str, AdGroupSlot)> = Vec::with_capacity(groups.len());
        for group in groups {
            let slot = self.builder.push_ad_group(catalog::AdGroupRow {
                campaign,
                id: group.id,
                name: group.name,
                state: group.state,
                native_state: group.native_state,
            });
            slots.push((group.id, slot));
        }
        let mut rows = Rows::<NegativeRow<'_>>::open(negatives)?;
        let (mut added, mut at) = (0, 0);
        while added < limit {
            let Some(row) = rows.next()? else { break };
            let ad_group = row.ad_group.map(|id| place(&slots, &mut at, id)).transpose()?;
            let first_seen = Some(self.day(row.first_seen)?);
            self.builder.push_negative(catalog::NegativeRow {
                campaign,
                ad_group,
                id: row.id,
                kind: row.kind,
                text: row.text,
                brand_name: row.brand_name,
                match_type: row.match_type,
                state: row.state,
                native_state: row.native_state,
                created: row.created,
                first_seen,
            });
            added += 1;
        }
        Ok(added)
    }

    fn day(&mut self, number: i32) -> Result<Date> {
        match self.day {
            Some((known, date)) if known == number => Ok(date),
            _ => {
                let date = date(number)?;
                self.day = Some((number, date));
                Ok(date)
            }
        }
    }
}

/// The slot of an ad group. Rows come ad group by ad group in the ad groups' order, so it is here or soon after.
fn place(slots: &[(&str, AdGroupSlot)], at: &mut usize, id: &str) -> Result<AdGroupSlot> {
    let (before, after) = slots.split_at(*at);
    let found = after.iter().chain(before).position(|(known, _)| *known == id).ok_or_else(broken)?;
    *at = (*at + found) % slots.len();
    Ok(slots[*at].1)
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
