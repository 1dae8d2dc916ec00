//! Writes a collected listing: campaign by campaign what was there and what came are merged, and only what
//! differs is written. Runs inside one transaction; [`merge`](super::merge) knows what the rows mean.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::domain::account::Identity;
use crate::domain::campaign::{Campaign, Holds, ParentState, Targeting};
use crate::domain::ids::CampaignId;
use crate::domain::negative::NegativeKey;
use crate::domain::text::Text;
use crate::store::accounts::{Counts, ensure};
use crate::store::codec::checksum;
use crate::store::convert::{parse, to_json};
use crate::store::error::{Result, StoreError};

use super::merge::{Held, Parcels, Part, Rules, fold, merge};
use super::spool::{Pile, Spool};
use super::{Committed, SnapshotScope, vanished};

/// A campaign's row.
pub(crate) struct Kept {
    pub row: i64,
    pub campaign: Campaign,
    pub stale: Option<String>,
    pub held: Held,
}

pub(crate) fn commit(
    db: &Connection,
    identity: &Identity,
    started: Timestamp,
    scope: &SnapshotScope,
    mut spool: Spool,
    fetched_at: Timestamp,
) -> Result<Committed> {
    let account = ensure(db, identity)?;
    let mut kept = kept(db, account)?;
    let settled = settled(db, account, started)?;
    let asked: Option<FxHashSet<&CampaignId>> = scope.campaigns.as_ref().map(|ids| ids.iter().collect());
    let mut ids: Vec<CampaignId> = spool.piles.keys().cloned().collect();
    let in_scope = |id: &CampaignId| asked.as_ref().is_none_or(|asked| asked.contains(id));
    ids.extend(kept.keys().filter(|id| in_scope(id) && !spool.piles.contains_key(*id)).cloned());
    // In the order of the rows that are there, so that a first snapshot lies in the file as it is read.
    ids.sort_by_cached_key(|id| {
        let named = spool.piles.get(id).and_then(|pile| pile.campaign.as_ref());
        fold(
            named
                .or_else(|| kept.get(id).map(|kept| &kept.campaign))
                .map_or("", |campaign| campaign.name.raw()),
        )
    });

    let mut changed = 0;
    for id in &ids {
        let pile = spool.piles.remove(id).unwrap_or_default();
        let why = spool.failed.get(id);
        let broken = why.is_some() || spool.failed_whole.is_some();
        let before = kept.remove(id);
        let part = |listed: bool| match (listed, broken || !in_scope(id)) {
            (false, _) => Part::Untouched,
            (true, true) => Part::Upsert,
            (true, false) => Part::Replace,
        };
        let rules = Rules {
            structure: part(scope.structure),
            negatives: part(scope.negatives),
            keywords: part(scope.keywords),
            today: crate::store::convert::day(fetched_at),
            settled: &settled,
        };
        let stale = match (why, &before) {
            (Some(why), _) => Some(to_json(why)?),
            // Nobody knows what of the account failed: what was stale still is.
            (None, Some(before)) if broken => before.stale.clone(),
            (None, _) => None,
        };
        changed += u32::from(one(db, account, id, before, pile, &rules, stale.as_deref())?);
    }
    if scope.campaigns.is_none() {
        stamp(db, account, scope, &spool, fetched_at)?;
        db.execute("DELETE FROM touched WHERE account = ?1 AND at < ?2", (account, started.as_millisecond()))?;
    }
    Ok(Committed { counts: recount(db, account)?, changed_campaigns: changed })
}

/// Merges and writes one campaign; whether anything of it changed.
fn one(
    db: &Connection,
    account: i64,
    id: &CampaignId,
    before: Option<Kept>,
    mut pile: Pile,
    rules: &Rules<'_>,
    stale: Option<&str>,
) -> Result<bool> {
    let old = match &before {
        Some(before) => parcels(db, before.row)?,
        None => Parcels::default(),
    };
    let listed = pile.campaign.take();
    let (new, held) =
        merge(&old, before.as_ref().map_or_else(Held::default, |before| before.held), &pile, rules)?;
    if listed.is_none() && rules.structure == Part::Replace && held == Held::default() {
        return match before {
            Some(before) => {
                db.prepare_cached("DELETE FROM campaigns WHERE id = ?1")?.execute([before.row])?;
                Ok(true)
            }
            None => Ok(false),
        };
    }
    let campaign = match (listed, &before) {
        (Some(listed), _) => listed,
        (None, Some(before)) => before.campaign.clone(),
        (None, None) => unnamed(id),
    };
    if rules.negatives == Part::Replace {
        let both = (old.negatives.as_deref(), new.negatives.as_deref());
        vanished::note(db, account, id, both, rules.today)?;
    }
    write(db, account, before.as_ref(), &campaign, (&old, &new), held, stale)
}

/// Writes what differs of a campaign; whether anything did.
pub(crate) fn write(
    db: &Connection,
    account: i64,
    before: Option<&Kept>,
    campaign: &Campaign,
    (old, new): (&Parcels, &Parcels),
    held: Held,
    stale: Option<&str>,
) -> Result<bool> {
    let same = before.is_some_and(|before| {
        before.campaign == *campaign && before.stale.as_deref() == stale && before.held == held
    });
    let row = match before {
        Some(before) if same => before.row,
        _ => put_campaign(db, account, campaign, held, stale)?,
    };
    if same && old == new {
        return Ok(false);
    }
    for (table, old, new) in [
        ("ad_group_parcels", &old.ad_groups, &new.ad_groups),
        ("negative_parcels", &old.negatives, &new.negatives),
        ("keyword_parcels", &old.keywords, &new.keywords),
    ] {
        match new {
            same if same == old => {}
            None => {
                db.prepare_cached(&format!("DELETE FROM {table} WHERE campaign = ?1"))?.execute([row])?;
            }
            Some(data) => {
                let sql = format!("INSERT OR REPLACE INTO {table} (campaign, data) VALUES (?1, ?2)");
                db.prepare_cached(&sql)?.execute(params![row, data])?;
            }
        }
    }
    Ok(true)
}

fn put_campaign(
    db: &Connection,
    account: i64,
    campaign: &Campaign,
    held: Held,
    stale: Option<&str>,
) -> Result<i64> {
    let sql = "INSERT INTO campaigns
            (account, native, name, folded, state, native_state, targeting, native_type, holds,
             stale_since, stale, ad_groups, negatives, archived, keywords, sum)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,
            CASE WHEN ?10 IS NULL THEN NULL ELSE (SELECT fetched_at FROM accounts WHERE id = ?1) END,
            ?10, ?11, ?12, ?13, ?14, ?15)
        ON CONFLICT (account, native) DO UPDATE SET
            name = excluded.name, folded = excluded.folded, state = excluded.state,
            native_state = excluded.native_state, targeting = excluded.targeting,
            native_type = excluded.native_type, holds = excluded.holds,
            stale_since = CASE WHEN excluded.stale IS NULL THEN NULL ELSE coalesce(stale_since, excluded.stale_since) END,
            stale = excluded.stale, ad_groups = excluded.ad_groups, negatives = excluded.negatives,
            archived = excluded.archived, keywords = excluded.keywords, sum = excluded.sum
        RETURNING id";
    let word: &str = campaign.state.into();
    let (targeting, holds): (&str, &str) = (campaign.targeting.into(), campaign.holds.into());
    let row = db.prepare_cached(sql)?.query_row(
        params![
            account,
            campaign.id.raw(),
            campaign.name.raw(),
            fold(campaign.name.raw()),
            word,
            campaign.native_state.raw(),
            targeting,
            campaign.native_type.raw(),
            holds,
            stale,
            held.ad_groups,
            held.negatives,
            held.archived,
            held.keywords,
            sum(campaign, &held),
        ],
        |row| row.get(0),
    )?;
    Ok(row)
}

/// Stands for a campaign that the listing did not name, although something lies in it.
pub(crate) fn unnamed(id: &CampaignId) -> Campaign {
    Campaign {
        id: id.clone(),
        name: Text::new(id.raw()),
        state: ParentState::Enabled,
        native_state: Text::default(),
        targeting: Targeting::Unknown,
        native_type: Text::default(),
        holds: Holds::Yes,
    }
}

/// The columns of a campaign, as [`campaign`] reads them from column 0.
pub(crate) const CAMPAIGN: &str = "campaigns.native, campaigns.name, campaigns.state, campaigns.native_state, campaigns.targeting, \
     campaigns.native_type, campaigns.holds, campaigns.stale, campaigns.ad_groups, campaigns.negatives, \
     campaigns.archived, campaigns.keywords, campaigns.id, campaigns.sum";
/// How many columns those are: what is selected beside them comes after.
pub(crate) const CAMPAIGN_COLUMNS: usize = 14;

/// Tells a flipped bit in a campaign's words or figures from what was written.
fn sum(campaign: &Campaign, held: &Held) -> i64 {
    let words: [&str; 7] = [
        campaign.id.raw(),
        campaign.name.raw(),
        campaign.native_state.raw(),
        campaign.native_type.raw(),
        campaign.state.into(),
        campaign.targeting.into(),
        campaign.holds.into(),
    ];
    let figures = [held.ad_groups, held.negatives, held.archived, held.keywords];
    let mut bytes = words.join("\0").into_bytes();
    bytes.extend(figures.iter().flat_map(|figure| figure.to_le_bytes()));
    checksum(&bytes).cast_signed()
}

/// A campaign's row from its columns.
pub(crate) fn campaign(row: &Row<'_>) -> Result<Kept> {
    let text = |at: usize| row.get_ref(at)?.as_str().map_err(rusqlite::Error::from);
    let kept = Kept {
        row: row.get(12)?,
        campaign: Campaign {
            id: text(0)?.into(),
            name: text(1)?.into(),
            state: parse(text(2)?, "campaigns.state")?,
            native_state: text(3)?.into(),
            targeting: parse(text(4)?, "campaigns.targeting")?,
            native_type: text(5)?.into(),
            holds: parse(text(6)?, "campaigns.holds")?,
        },
        stale: row.get(7)?,
        held: Held {
            ad_groups: row.get(8)?,
            negatives: row.get(9)?,
            archived: row.get(10)?,
            keywords: row.get(11)?,
        },
    };
    match row.get::<_, Option<i64>>(13)? {
        Some(written) if written != sum(&kept.campaign, &kept.held) => {
            Err(StoreError::damaged("a campaign is not what was written"))
        }
        _ => Ok(kept),
    }
}

fn kept(db: &Connection, account: i64) -> Result<FxHashMap<CampaignId, Kept>> {
    let mut statement = db.prepare_cached(&format!("SELECT {CAMPAIGN} FROM campaigns WHERE account = ?1"))?;
    let mut rows = statement.query([account])?;
    let mut kept = FxHashMap::default();
    while let Some(row) = rows.next()? {
        let one = campaign(row)?;
        kept.insert(one.campaign.id.clone(), one);
    }
    Ok(kept)
}

/// The parcels of a campaign.
pub(crate) fn parcels(db: &Connection, campaign: i64) -> Result<Parcels> {
    let get = |table: &str| -> Result<Option<Vec<u8>>> {
        let sql = format!("SELECT data FROM {table} WHERE campaign = ?1");
        Ok(db.prepare_cached(&sql)?.query_row([campaign], |row| row.get(0)).optional()?)
    };
    Ok(Parcels {
        ad_groups: get("ad_group_parcels")?,
        negatives: get("negative_parcels")?,
        keywords: get("keyword_parcels")?,
    })
}

/// The negatives that were applied since a listing began.
fn settled(db: &Connection, account: i64, started: Timestamp) -> Result<FxHashSet<NegativeKey>> {
    let mut statement =
        db.prepare_cached("SELECT kind, level, native FROM touched WHERE account = ?1 AND at >= ?2")?;
    let mut rows = statement.query((account, started.as_millisecond()))?;
    let mut keys = FxHashSet::default();
    while let Some(row) = rows.next()? {
        let text = |at: usize| row.get_ref(at)?.as_str().map_err(rusqlite::Error::from);
        keys.insert(NegativeKey {
            kind: parse(text(0)?, "touched.kind")?,
            level: parse(text(1)?, "touched.level")?,
            id: text(2)?.into(),
        });
    }
    Ok(keys)
}

/// Writes how fresh the account as a whole is.
fn stamp(
    db: &Connection,
    account: i64,
    scope: &SnapshotScope,
    spool: &Spool,
    fetched_at: Timestamp,
) -> Result<()> {
    let now = fetched_at.to_string();
    if let Some(why) = &spool.failed_whole {
        db.execute("UPDATE accounts SET stale = ?2 WHERE id = ?1", (account, to_json(why)?))?;
        return Ok(());
    }
    if scope.structure && scope.negatives {
        db.execute("UPDATE accounts SET fetched_at = ?2, stale = NULL WHERE id = ?1", (account, &now))?;
    }
    if scope.keywords {
        db.execute("UPDATE accounts SET keywords_fetched_at = ?2 WHERE id = ?1", (account, &now))?;
    }
    Ok(())
}

/// Sums the campaigns' counts up into the account's.
pub(crate) fn recount(db: &Connection, account: i64) -> Result<Counts> {
    let sql = "UPDATE accounts SET (campaigns, ad_groups, negatives, archived, keywords) =
            (SELECT count(*), coalesce(sum(ad_groups), 0), coalesce(sum(negatives), 0), coalesce(sum(archived), 0), coalesce(sum(keywords), 0)
                FROM campaigns WHERE account = ?1)
        WHERE id = ?1 RETURNING campaigns, ad_groups, negatives, archived, keywords";
    let counts = db.prepare_cached(sql)?.query_row([account], |row| {
        Ok(Counts {
            campaigns: row.get(0)?,
            ad_groups: row.get(1)?,
            negatives: row.get(2)?,
            archived: row.get(3)?,
            keywords: row.get(4)?,
        })
    })?;
    Ok(counts)
}
