//! The journal: the intent is on the disk before a request goes out, the outcome after. Append-only, which
//! triggers of the schema enforce. What an outcome means for recovery is the engine's business; what took what back
//! is in `undo.rs`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::domain::account::{AccountName, Identity};
use crate::domain::change::Change;
use crate::domain::ids::{OperationId, PlanId};
use crate::domain::journal::{Attempt, Entry, Operation, Outcome, OutcomeKind};
use crate::domain::problem::Problem;
use crate::domain::text::Text;

use super::Store;
use super::accounts::{ensure, find, identity};
use super::convert::{from_json, parse, sealed, time, to_json, unsealed};
use super::error::{Result, StoreError};

/// The most of an answer that the journal keeps, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;
/// The end of an id that is long enough to stand for it.
const LEAST_OF_AN_ID: usize = 4;

/// One change of an operation with its last outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeRecord {
    /// The staged change's number.
    pub number: u64,
    /// What was to be done.
    pub change: Change,
    /// What came of it.
    pub outcome: Outcome,
    /// When that was written.
    pub at: Timestamp,
}

/// An operation, whole.
#[derive(Clone, Debug, PartialEq)]
pub struct OperationRecord {
    /// Its number in this journal.
    pub number: u64,
    /// The operation.
    pub operation: Operation,
    /// Its attempts, in order. A number of an attempt that is not among `outcomes` was cut off: it may or may not
    /// have been sent, and its change stands in the plan.
    pub attempts: Vec<Attempt>,
    /// Its changes with their last outcomes, by number.
    pub outcomes: Vec<OutcomeRecord>,
}

impl Store {
    /// Begins an operation.
    pub async fn begin(&self, operation: &Operation) -> std::result::Result<(), Problem> {
        let operation = operation.clone();
        self.write(move |db| {
            let account = ensure(db, &operation.account)?;
            db.execute(
                "INSERT INTO operations (id, plan, account, name, who, began) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    operation.id.to_string(),
                    operation.plan.to_string(),
                    account,
                    operation.name.as_str(),
                    operation.who.raw(),
                    operation.began.to_string(),
                ],
            )?;
            Ok(())
        })
        .await
    }

    /// Writes what is about to be sent. Once this returns, it is on the disk: only then may the request go out.
    pub async fn intend(&self, attempt: &Attempt) -> std::result::Result<(), Problem> {
        let attempt = attempt.clone();
        self.write(move |db| {
            let operation = seq(db, attempt.operation)?;
            db.prepare_cached(
                "INSERT INTO attempts (operation, number, request, changes, intended) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                operation,
                attempt.number,
                to_json(&attempt.request)?,
                to_json(&attempt.changes)?,
                attempt.intended.to_string(),
            ])?;
            Ok(())
        })
        .await
    }

    /// Writes what came back for an attempt: status and body, or why none came. Long bodies are cut.
    pub async fn answer(
        &self,
        operation: OperationId,
        attempt: u32,
        status: Option<u16>,
        body: &str,
        at: Timestamp,
    ) -> std::result::Result<(), Problem> {
        let body = sealed(&cut(body));
        self.write(move |db| {
            let sql = "UPDATE attempts SET status = ?3, answer = ?4, answered = ?5 WHERE operation = ?1 AND number = ?2";
            let key = seq(db, operation)?;
            match db.prepare_cached(sql)?.execute(params![key, attempt, status, body, at.to_string()])? {
                1 => Ok(()),
                _ => Err(StoreError::damaged(format!("operation {operation} has no attempt {attempt} in the journal"))),
            }
        })
        .await
    }

    /// Writes what came of changes and takes those that are applied, were already there or were rejected out of
    /// staging; the others stay staged. All in one commit.
    pub async fn settle(
        &self,
        operation: OperationId,
        outcomes: &[(u64, Change, Outcome)],
        at: Timestamp,
    ) -> std::result::Result<(), Problem> {
        let outcomes = outcomes.to_vec();
        self.write(move |db| {
            let key = seq(db, operation)?;
            let mut insert = db.prepare_cached(
                "INSERT INTO outcomes (operation, number, change, kind, outcome, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            let mut leave = db.prepare_cached("DELETE FROM staged WHERE number = ?1")?;
            let account = db
                .prepare_cached("SELECT account FROM operations WHERE seq = ?1")?
                .query_row([key], |row| row.get(0))?;
            let at = at.to_string();
            for (number, change, outcome) in outcomes {
                let number = number.cast_signed();
                let kind: &'static str = outcome.kind.into();
                insert.execute(params![key, number, to_json(&change)?, kind, to_json(&outcome)?, at])?;
                if matches!(outcome.kind, OutcomeKind::Applied | OutcomeKind::Already | OutcomeKind::Rejected) {
                    leave.execute([number])?;
                }
                if outcome.kind == OutcomeKind::Applied {
                    super::undo::touch(db, account, key, &change, &outcome)?;
                }
            }
            Ok(())
        })
        .await
    }

    /// Ends an operation: its last outcome is written. Settling an unknown one later ends it again.
    pub async fn end(&self, operation: OperationId, at: Timestamp) -> std::result::Result<(), Problem> {
        self.write(move |db| {
            let key = seq(db, operation)?;
            db.execute("UPDATE operations SET ended = ?2 WHERE seq = ?1", params![key, at.to_string()])?;
            Ok(())
        })
        .await
    }

    /// The newest operations, newest first: of one account, or of all.
    pub async fn operations(
        &self,
        account: Option<Identity>,
        limit: usize,
    ) -> std::result::Result<Vec<Entry>, Problem> {
        self.read(move |db| {
            let of = match &account {
                None => None,
                Some(account) => match find(db, account)? {
                    None => return Ok(Vec::new()),
                    found => found,
                },
            };
            let sql = format!("{SELECT} WHERE (?1 IS NULL OR account = ?1) ORDER BY seq DESC LIMIT ?2");
            let mut statement = db.prepare_cached(&sql)?;
            let mut rows = statement.query((of, i64::try_from(limit).unwrap_or(i64::MAX)))?;
            let pairs = super::undo::pairs(db)?;
            let mut operations = Vec::new();
            while let Some(row) = rows.next()? {
                operations.push(entry(db, row, &pairs)?);
            }
            Ok(operations)
        })
        .await
    }

    /// One operation in figures; `None` when there is none of that id.
    pub async fn entry(&self, id: OperationId) -> std::result::Result<Option<Entry>, Problem> {
        self.read(move |db| {
            let mut statement = db.prepare_cached(&format!("{SELECT} WHERE operations.id = ?1"))?;
            let mut rows = statement.query([id.to_string()])?;
            let pairs = super::undo::pairs(db)?;
            rows.next()?.map(|row| entry(db, row, &pairs)).transpose()
        })
        .await
    }

    /// The ids of the operations that a person may mean: by number, by id, or by the end of an id.
    pub async fn operations_named(&self, name: &str) -> std::result::Result<Vec<OperationId>, Problem> {
        let (number, name) = (name.parse::<i64>().ok(), name.to_ascii_lowercase());
        self.read(move |db| {
            let ids = |sql: &str, key: &dyn rusqlite::ToSql| -> Result<Vec<OperationId>> {
                let mut statement = db.prepare_cached(sql)?;
                let mut rows = statement.query([key])?;
                let mut ids = Vec::new();
                while let Some(row) = rows.next()? {
                    ids.extend(OperationId::parse(text(row, 0)?));
                }
                Ok(ids)
            };
            let by_number = match number {
                Some(number) => ids("SELECT id FROM operations WHERE seq = ?1", &number)?,
                None => Vec::new(),
            };
            if by_number.is_empty() && name.len() >= LEAST_OF_AN_ID {
                return ids("SELECT id FROM operations WHERE substr(id, -length(?1)) = ?1 ORDER BY seq", &name);
            }
            Ok(by_number)
        })
        .await
    }

    /// One operation, whole; `None` when there is none of that id.
    pub async fn operation(&self, id: OperationId) -> std::result::Result<Option<OperationRecord>, Problem> {
        self.read(move |db| {
            let mut statement = db.prepare_cached(&format!("{SELECT} WHERE operations.id = ?1"))?;
            let mut rows = statement.query([id.to_string()])?;
            rows.next()?.map(|row| one(row).and_then(|(key, operation)| whole(db, key, operation))).transpose()
        })
        .await
    }

    /// Operations that are not settled, oldest first: cut off before their end, or with a change whose outcome is
    /// unknown. One that another process is sending just now is among them; its account's lock tells.
    pub async fn unsettled(
        &self,
        account: Option<Identity>,
    ) -> std::result::Result<Vec<OperationRecord>, Problem> {
        self.read(move |db| {
            let of = match &account {
                None => None,
                Some(account) => match find(db, account)? {
                    None => return Ok(Vec::new()),
                    found => found,
                },
            };
            let sql = format!("{SELECT} WHERE (?1 IS NULL OR account = ?1) AND (ended IS NULL OR EXISTS ({UNKNOWN})) ORDER BY seq");
            let mut statement = db.prepare_cached(&sql)?;
            let mut rows = statement.query([of])?;
            let mut operations = Vec::new();
            while let Some(row) = rows.next()? {
                let (key, operation) = one(row)?;
                operations.push(whole(db, key, operation)?);
            }
            Ok(operations)
        })
        .await
    }
}

const SELECT: &str =
    "SELECT operations.seq, operations.id, plan, platform, origin, native, name, who, began, ended
    FROM operations JOIN accounts ON accounts.id = operations.account";

/// The last outcome of each change of an operation.
const LAST: &str =
    "SELECT max(seq) FROM outcomes AS last WHERE last.operation = outcomes.operation GROUP BY number";

const UNKNOWN: &str = "SELECT 1 FROM outcomes WHERE outcomes.operation = operations.seq AND kind = 'unknown'
    AND NOT EXISTS (SELECT 1 FROM outcomes AS later WHERE later.operation = outcomes.operation
        AND later.number = outcomes.number AND later.seq > outcomes.seq)";

pub(super) fn seq(db: &Connection, id: OperationId) -> Result<i64> {
    db.prepare_cached("SELECT seq FROM operations WHERE id = ?1")?
        .query_row([id.to_string()], |row| row.get(0))
        .optional()?
        .ok_or_else(|| StoreError::damaged(format!("operation {id} is not in the journal")))
}

fn cut(body: &str) -> String {
    if body.len() <= LONGEST_ANSWER {
        return body.to_owned();
    }
    let end = body.floor_char_boundary(LONGEST_ANSWER);
    format!("{}… ({} bytes in all)", &body[..end], body.len())
}

pub(super) fn text<'a>(row: &'a Row<'_>, at: usize) -> Result<&'a str> {
    Ok(row.get_ref(at)?.as_str().map_err(rusqlite::Error::from)?)
}

fn one(row: &Row<'_>) -> Result<(i64, Operation)> {
    let damaged = |what: &str| StoreError::damaged(format!("{what} does not decode"));
    let operation = Operation {
        id: OperationId::parse(text(row, 1)?).ok_or_else(|| damaged("operations.id"))?,
        plan: PlanId::parse(text(row, 2)?).ok_or_else(|| damaged("operations.plan"))?,
        account: identity(row, 3)?,
        name: AccountName::new(text(row, 6)?),
        who: Text::new(text(row, 7)?),
        began: parse(text(row, 8)?, "operations.began")?,
        ended: time(row.get::<_, Option<String>>(9)?.as_deref(), "operations.ended")?,
    };
    Ok((row.get(0)?, operation))
}

fn entry(db: &Connection, row: &Row<'_>, pairs: &[(u64, u64)]) -> Result<Entry> {
    let (key, operation) = one(row)?;
    let number = key.cast_unsigned();
    Ok(Entry {
        number,
        operation,
        counts: counts(db, key)?,
        takes_back: pairs.iter().filter(|(by, _)| *by == number).map(|(_, of)| *of).collect(),
        taken_back: pairs.iter().filter(|(_, of)| *of == number).map(|(by, _)| *by).collect(),
    })
}

fn counts(db: &Connection, operation: i64) -> Result<Vec<(OutcomeKind, u32)>> {
    let sql =
        format!("SELECT kind, count(*) FROM outcomes WHERE operation = ?1 AND seq IN ({LAST}) GROUP BY kind");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([operation])?;
    let mut counts = Vec::new();
    while let Some(row) = rows.next()? {
        counts.push((parse(text(row, 0)?, "outcomes.kind")?, row.get(1)?));
    }
    counts.sort_unstable();
    Ok(counts)
}

fn whole(db: &Connection, key: i64, operation: Operation) -> Result<OperationRecord> {
    let attempts = attempts(db, key, operation.id)?;
    let sql = format!(
        "SELECT number, change, outcome, at FROM outcomes WHERE operation = ?1 AND seq IN ({LAST}) ORDER BY number"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([key])?;
    let mut outcomes = Vec::new();
    while let Some(row) = rows.next()? {
        outcomes.push(OutcomeRecord {
            number: row.get::<_, i64>(0)?.cast_unsigned(),
            change: from_json(text(row, 1)?, "outcomes.change")?,
            outcome: from_json(text(row, 2)?, "outcomes.outcome")?,
            at: parse(text(row, 3)?, "outcomes.at")?,
        });
    }
    Ok(OperationRecord { number: key.cast_unsigned(), operation, attempts, outcomes })
}

fn attempts(db: &Connection, key: i64, operation: OperationId) -> Result<Vec<Attempt>> {
    let sql = "SELECT number, request, changes, intended, status, answer, answered
        FROM attempts WHERE operation = ?1 ORDER BY number";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([key])?;
    let mut attempts = Vec::new();
    while let Some(row) = rows.next()? {
        attempts.push(Attempt {
            operation,
            number: row.get(0)?,
            request: from_json(text(row, 1)?, "attempts.request")?,
            changes: from_json(text(row, 2)?, "attempts.changes")?,
            intended: parse(text(row, 3)?, "attempts.intended")?,
            status: row.get(4)?,
            answer: row
                .get::<_, Option<String>>(5)?
                .map(|answer| {
                    let broken = || StoreError::damaged("attempts.answer is not what was written");
                    unsealed(&answer).map(Text::from).ok_or_else(broken)
                })
                .transpose()?,
            answered: time(row.get::<_, Option<String>>(6)?.as_deref(), "attempts.answered")?,
        });
    }
    Ok(attempts)
}
