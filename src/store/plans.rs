//! Saved plans: kept exactly as they were shown, and spent once, whoever asks first.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use crate::domain::ids::PlanId;
use crate::domain::plan::Plan;
use crate::domain::problem::{Problem, ProblemKind};

use super::Store;
use super::convert::{from_json, time, to_json};
use super::error::{Result, StoreError};

impl Store {
    /// Saves a plan. A saved plan never changes.
    pub async fn save_plan(&self, plan: &Plan) -> std::result::Result<(), Problem> {
        let (id, made, body) = (plan.id, plan.made, self.told(to_json(plan))?);
        self.write(move |db| {
            db.execute(
                "INSERT INTO plans (id, made, body) VALUES (?1, ?2, ?3)",
                (id.to_string(), made.to_string(), body),
            )?;
            Ok(())
        })
        .await
    }

    /// A saved plan; `None` when there is none of that id.
    pub async fn plan(&self, id: PlanId) -> std::result::Result<Option<Plan>, Problem> {
        self.read(move |db| plan(db, id)).await
    }

    /// Spends a plan, before its first request goes out. Succeeds once for each plan, across processes; afterwards
    /// it is refused with the reason.
    pub async fn spend(&self, id: PlanId, at: Timestamp) -> std::result::Result<(), Problem> {
        self.write(move |db| {
            let sql = "UPDATE plans SET spent = ?2 WHERE id = ?1 AND spent IS NULL";
            if db.execute(sql, (id.to_string(), at.to_string()))? == 1 {
                return Ok(());
            }
            let refusal = match spent(db, id)? {
                Some(then) => Problem::new(ProblemKind::Usage, "This plan was sent before")
                    .detail(format!("plan {id}, sent {then}"))
                    .hint("Make a new plan of what is staged with `unbid plan`."),
                None => Problem::new(ProblemKind::Usage, "There is no such plan")
                    .detail(format!("plan {id}"))
                    .hint("Make a plan of what is staged with `unbid plan`."),
            };
            Err(StoreError::Refused(refusal))
        })
        .await
    }

    /// When a plan was spent; `None` when it was not, or when there is none of that id.
    pub async fn spent(&self, id: PlanId) -> std::result::Result<Option<Timestamp>, Problem> {
        self.read(move |db| spent(db, id)).await
    }
}

pub(crate) fn plan(db: &Connection, id: PlanId) -> Result<Option<Plan>> {
    let sql = "SELECT body FROM plans WHERE id = ?1";
    let body: Option<String> = db.query_row(sql, [id.to_string()], |row| row.get(0)).optional()?;
    body.map(|body| from_json(&body, "plans.body")).transpose()
}

fn spent(db: &Connection, id: PlanId) -> Result<Option<Timestamp>> {
    let sql = "SELECT spent FROM plans WHERE id = ?1";
    let spent: Option<Option<String>> = db.query_row(sql, [id.to_string()], |row| row.get(0)).optional()?;
    time(spent.flatten().as_deref(), "plans.spent")
}
