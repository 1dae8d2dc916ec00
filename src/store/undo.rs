//! What takes what back, and which operation touched a negative last. Append-only like the journal it belongs to; what
//! may be taken back is the engine's business.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use crate::domain::account::Identity;
use crate::domain::change::{Change, Staged};
use crate::domain::ids::{NegativeId, OperationId};
use crate::domain::journal::{Outcome, OutcomeKind, Touch, Touched, Touches};
use crate::domain::negative::NegativeKey;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;

use super::Store;
use super::accounts::identity;
use super::convert::parse;
use super::error::{Result, StoreError};
use super::journal::{seq, text};
use super::staging::put;

/// A staged change that takes back another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakingBack {
    /// The change of the operation.
    pub undone: u64,
    /// The change that takes it back.
    pub by: u64,
    /// How far that is.
    pub way: Way,
}

/// How far a change is that takes back another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It is staged.
    Staged,
    /// It was sent, in this operation (its number and id), and this became of it.
    Sent(u64, OperationId, OutcomeKind),
    /// It was dropped before it was sent.
    Dropped,
}

impl Store {
    /// Stages what takes back changes of operations, each with the change it takes back; all or none. Refused when one
    /// of them is being taken back already.
    pub async fn stage_undo(
        &self,
        changes: Vec<(Identity, Change, (OperationId, u64))>,
        at: Timestamp,
    ) -> std::result::Result<Vec<Staged>, Problem> {
        self.write(move |db| {
            let mut staged = Vec::with_capacity(changes.len());
            for (account, change, (operation, undone)) in changes {
                let key = seq(db, operation)?;
                let twice = "SELECT staged.number FROM undoes JOIN staged USING (number)
                    WHERE operation = ?1 AND undone = ?2";
                let twice: Option<i64> = db
                    .prepare_cached(twice)?
                    .query_row((key, undone.cast_signed()), |row| row.get(0))
                    .optional()?;
                if let Some(number) = twice {
                    return Err(StoreError::Refused(
                        Problem::new(ProblemKind::Usage, "Taking it back is staged already")
                            .detail(format!("change {number}"))
                            .hint("Send it, or drop it with `unbid unstage`."),
                    ));
                }
                let one = put(db, account, change, at)?;
                db.prepare_cached("INSERT INTO undoes (number, operation, undone) VALUES (?1, ?2, ?3)")?
                    .execute((one.number.cast_signed(), key, undone.cast_signed()))?;
                staged.push(one);
            }
            Ok(staged)
        })
        .await
    }

    /// What takes back changes of an operation, or tried to, oldest first.
    pub async fn taking_back(&self, operation: OperationId) -> std::result::Result<Vec<TakingBack>, Problem> {
        self.read(move |db| {
            let sql = "SELECT undone, undoes.number,
                    EXISTS (SELECT 1 FROM staged WHERE staged.number = undoes.number),
                    outcomes.kind, operations.seq, operations.id
                FROM undoes
                LEFT JOIN outcomes ON outcomes.seq = (SELECT max(seq) FROM outcomes AS last WHERE last.number = undoes.number)
                LEFT JOIN operations ON operations.seq = outcomes.operation
                WHERE undoes.operation = ?1 ORDER BY undoes.number";
            let mut statement = db.prepare_cached(sql)?;
            let mut rows = statement.query([seq(db, operation)?])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let sent: Option<String> = row.get(3)?;
                let way = match (row.get(2)?, sent) {
                    (true, _) => Way::Staged,
                    (false, Some(kind)) => {
                        let id = OperationId::parse(text(row, 5)?);
                        let id = id.ok_or_else(|| StoreError::damaged("operations.id does not decode"))?;
                        let kind = parse(&kind, "outcomes.kind")?;
                        Way::Sent(row.get::<_, i64>(4)?.cast_unsigned(), id, kind)
                    }
                    (false, None) => Way::Dropped,
                };
                let number = |at| Ok::<_, StoreError>(row.get::<_, i64>(at)?.cast_unsigned());
                found.push(TakingBack { undone: number(0)?, by: number(1)?, way });
            }
            Ok(found)
        })
        .await
    }

    /// Of the staged changes those that take something back, each with the number of the operation it is of.
    pub async fn staged_undoes(&self) -> std::result::Result<Vec<(u64, u64)>, Problem> {
        self.read(|db| {
            let sql = "SELECT number, operation FROM undoes JOIN staged USING (number) ORDER BY number";
            numbers(db, sql)
        })
        .await
    }

    /// Which operation touched each negative last.
    pub async fn touches(&self) -> std::result::Result<Touches, Problem> {
        self.read(|db| {
            let sql = "SELECT seq, id, who, began FROM operations
                WHERE seq IN (SELECT operation FROM touched_by UNION SELECT added FROM touched_by) ORDER BY seq";
            let mut statement = db.prepare_cached(sql)?;
            let mut rows = statement.query([])?;
            let mut operations: Vec<Touch> = Vec::new();
            while let Some(row) = rows.next()? {
                let id = OperationId::parse(text(row, 1)?);
                operations.push(Touch {
                    number: row.get::<_, i64>(0)?.cast_unsigned(),
                    operation: id.ok_or_else(|| StoreError::damaged("operations.id does not decode"))?,
                    who: Text::new(text(row, 2)?),
                    began: parse(text(row, 3)?, "operations.began")?,
                });
            }
            let sql = "SELECT platform, origin, accounts.native, kind, level, touched_by.native, operation, added
                FROM touched_by JOIN accounts ON accounts.id = account";
            let mut statement = db.prepare_cached(sql)?;
            let mut rows = statement.query([])?;
            let mut touched = Vec::new();
            while let Some(row) = rows.next()? {
                let key = NegativeKey {
                    kind: parse(text(row, 3)?, "touched_by.kind")?,
                    level: parse(text(row, 4)?, "touched_by.level")?,
                    id: NegativeId::new(text(row, 5)?),
                };
                let place = |number: i64| {
                    operations.binary_search_by_key(&number.cast_unsigned(), |touch| touch.number).ok()
                };
                if let Some(last) = place(row.get(6)?) {
                    let added = row.get::<_, Option<i64>>(7)?.and_then(place);
                    touched.push((identity(row, 0)?, key, Touched { last, added }));
                }
            }
            Ok(Touches::new(operations, touched))
        })
        .await
    }
}

/// Writes down that an operation touched a negative.
pub(super) fn touch(
    db: &Connection,
    account: i64,
    operation: i64,
    change: &Change,
    outcome: &Outcome,
) -> Result<()> {
    let (kind, level, id) = match change {
        Change::Add { new } => (new.kind, new.level(), outcome.id.as_ref()),
        Change::SetState { target, .. } | Change::Remove { target } => {
            (target.kind, target.level(), outcome.id.as_ref().or(Some(&target.id)))
        }
    };
    let added = matches!(change, Change::Add { .. }).then_some(operation);
    if let Some(id) = id {
        let (kind, level): (&str, &str) = (kind.into(), level.into());
        db.prepare_cached(
            "INSERT INTO touched_by (account, kind, level, native, operation, added) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT DO UPDATE SET operation = excluded.operation, added = coalesce(excluded.added, added)",
        )?
        .execute(params![account, kind, level, id.raw(), operation, added])?;
    }
    Ok(())
}

/// Which operation took something back of which: (that one, of this one).
pub(super) fn pairs(db: &Connection) -> Result<Vec<(u64, u64)>> {
    let sql = "SELECT DISTINCT outcomes.operation, undoes.operation FROM undoes
        JOIN outcomes ON outcomes.number = undoes.number AND outcomes.kind = 'applied' ORDER BY 1, 2";
    numbers(db, sql)
}

fn numbers(db: &Connection, sql: &str) -> Result<Vec<(u64, u64)>> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut pairs = Vec::new();
    while let Some(row) = rows.next()? {
        pairs.push((row.get::<_, i64>(0)?.cast_unsigned(), row.get::<_, i64>(1)?.cast_unsigned()));
    }
    Ok(pairs)
}
