//! Positive keywords and product targets from their parcels into memory: one pass, row by row, beside the catalog
//! that is there already. What the rows mean is the catalog's business.

use std::sync::Arc;

use rusqlite::Connection;

use crate::domain::account::Identity;
use crate::domain::catalog::positives::{PositiveRow, Positives, PositivesBuilder};
use crate::domain::catalog::{AccountIx, Catalog};
use crate::domain::problem::Problem;
use crate::store::Store;
use crate::store::accounts::{find, summaries};
use crate::store::error::Result;

use super::parcel::Rows;
use super::rows::KeywordRow;

impl Store {
    /// The positive keywords and product targets of every account of a catalog, as far as they were listed.
    pub async fn load_positives(&self, catalog: &Arc<Catalog>) -> std::result::Result<Positives, Problem> {
        let catalog = Arc::clone(catalog);
        self.read(move |db| load(db, &catalog)).await
    }
}

fn load(db: &Connection, catalog: &Catalog) -> Result<Positives> {
    let identities: Vec<Identity> = catalog.accounts().iter().map(|account| account.identity.clone()).collect();
    let figures = summaries(db, &identities)?;
    let mut builder = PositivesBuilder::new(catalog);
    builder.reserve(figures.iter().map(|account| account.counts.keywords as usize).sum());
    for (at, (identity, figures)) in identities.iter().zip(&figures).enumerate() {
        let account = AccountIx(at as u16);
        if figures.keywords_fetched_at.is_some() {
            builder.listed(account);
        }
        let Some(row) = find(db, identity)? else { continue };
        let sql = "SELECT native, data FROM campaigns JOIN keyword_parcels ON campaign = id
            WHERE account = ?1 ORDER BY folded, native";
        let mut statement = db.prepare_cached(sql)?;
        let mut rows = statement.query([row])?;
        while let Some(row) = rows.next()? {
            builder.open(account, row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?);
            let parcel = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            let mut parcel = Rows::<KeywordRow<'_>>::open(Some(parcel))?;
            while let Some(row) = parcel.next()? {
                builder.push(PositiveRow {
                    ad_group: row.ad_group,
                    id: row.id,
                    text: row.text,
                    match_type: row.match_type,
                    state: row.state,
                });
            }
        }
    }
    Ok(builder.finish())
}
