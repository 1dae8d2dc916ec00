//! What somebody has looked at among the search terms. The newest look replaces the one before.

use jiff::civil::Date;
use rusqlite::{Connection, params};

use crate::domain::account::Identity;
use crate::domain::ids::AdGroupId;
use crate::domain::money::Micros;
use crate::domain::problem::Problem;
use crate::domain::term::{Review, ReviewKey};
use crate::store::Store;
use crate::store::accounts::{ensure, find};
use crate::store::convert::parse;
use crate::store::error::{Result, StoreError};

impl Store {
    /// Remembers what was looked at, all or none.
    pub async fn review(&self, reviews: Vec<(ReviewKey, Review)>) -> std::result::Result<(), Problem> {
        self.write(move |db| {
            let sql = "INSERT OR REPLACE INTO term_reviews
                (account, campaign, ad_group, term, at, until, spend, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
            let mut insert = db.prepare_cached(sql)?;
            for (key, review) in reviews {
                insert.execute(params![
                    ensure(db, &key.account)?,
                    key.campaign.raw(),
                    key.ad_group.as_ref().map_or("", AdGroupId::raw),
                    key.term.raw(),
                    review.at.to_string(),
                    review.until.map(|day| day.to_string()),
                    review.spend.0,
                    review.reason.raw(),
                ])?;
            }
            Ok(())
        })
        .await
    }

    /// Forgets that these were looked at.
    pub async fn forget_reviews(&self, keys: Vec<ReviewKey>) -> std::result::Result<(), Problem> {
        self.write(move |db| {
            let sql = "DELETE FROM term_reviews
                WHERE account = ?1 AND campaign = ?2 AND ad_group = ?3 AND term = ?4";
            let mut delete = db.prepare_cached(sql)?;
            for key in keys {
                let group = key.ad_group.as_ref().map_or("", AdGroupId::raw);
                delete.execute(params![find(db, &key.account)?, key.campaign.raw(), group, key.term.raw()])?;
            }
            Ok(())
        })
        .await
    }

    /// Everything of these accounts that was looked at.
    pub async fn reviews(
        &self,
        identities: &[Identity],
    ) -> std::result::Result<Vec<(ReviewKey, Review)>, Problem> {
        let identities = identities.to_vec();
        self.read(move |db| {
            let mut all = Vec::new();
            for identity in &identities {
                if let Some(account) = find(db, identity)? {
                    collect(db, account, identity, &mut all)?;
                }
            }
            Ok(all)
        })
        .await
    }
}

fn collect(
    db: &Connection,
    account: i64,
    identity: &Identity,
    into: &mut Vec<(ReviewKey, Review)>,
) -> Result<()> {
    let sql = "SELECT campaign, ad_group, term, at, until, spend, reason FROM term_reviews WHERE account = ?1
        ORDER BY campaign, ad_group, term";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([account])?;
    while let Some(row) = rows.next()? {
        let text = |at| Ok::<_, StoreError>(row.get_ref(at)?.as_str().map_err(rusqlite::Error::from)?);
        let until: Option<String> = row.get(4)?;
        let group = text(1)?;
        into.push((
            ReviewKey {
                account: identity.clone(),
                campaign: text(0)?.into(),
                ad_group: (!group.is_empty()).then(|| group.into()),
                term: text(2)?.into(),
            },
            Review {
                at: parse(text(3)?, "term_reviews.at")?,
                until: until.map(|day| parse::<Date>(&day, "term_reviews.until")).transpose()?,
                spend: Micros(row.get(5)?),
                reason: text(6)?.into(),
            },
        ));
    }
    Ok(())
}
