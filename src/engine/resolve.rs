//! From the ids that `list` prints to negatives: one that means several rows is refused with the candidates.

use crate::domain::account::{AccountName, Identity};
use crate::domain::catalog::NegativeView;
use crate::domain::ids::NegativeId;
use crate::domain::negative::{Kind, Level, Negative};
use crate::domain::problem::{Problem, ProblemKind};

use super::Engine;
use super::rows::staged_number;

/// What narrows an id that means several rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrow {
    /// Only these accounts; none named: all.
    pub accounts: Vec<AccountName>,
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only this level.
    pub level: Option<Level>,
}

/// What an id means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A negative of the snapshot.
    Existing {
        /// Its account's label.
        account: AccountName,
        /// Its account.
        identity: Identity,
        /// As the snapshot has it.
        negative: Box<Negative>,
    },
    /// A staged addition, by its number.
    Staged(u64),
}

/// The most candidates that a refusal lists.
const MOST_CANDIDATES: usize = 10;

impl Engine {
    /// What these ids mean, in their order. All or nothing: one that is unknown, or means several rows, refuses
    /// them all.
    pub async fn resolve(&self, ids: &[String], narrow: &Narrow) -> Result<Vec<Target>, Problem> {
        let catalog = self.catalog().await?;
        let members = self.choose(&narrow.accounts)?;
        let staged = self.staged().await?;
        let mut targets = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(number) = staged_number(id) {
                if !staged.iter().any(|one| one.number == number) {
                    return Err(unknown(id, "Nothing with that number is staged."));
                }
                targets.push(Target::Staged(number));
                continue;
            }
            let native = NegativeId::new(id.as_str());
            let found: Vec<(AccountName, NegativeView<'_>)> = catalog
                .find_id(&native)
                .map(|ix| catalog.negative(ix))
                .filter(|row| {
                    narrow.kind.is_none_or(|kind| kind == row.kind())
                        && narrow.level.is_none_or(|level| level == row.level())
                })
                .filter_map(|row| {
                    let identity = &row.account().identity;
                    let member = members.iter().find(|member| member.identity() == Some(identity))?;
                    Some((member.name.clone(), row))
                })
                .collect();
            match found.as_slice() {
                [] => {
                    return Err(unknown(
                        id,
                        "`unbid list` prints the ids there are; `unbid sync` refreshes them.",
                    ));
                }
                [(account, row)] => targets.push(Target::Existing {
                    account: account.clone(),
                    identity: row.account().identity.clone(),
                    negative: Box::new(row.to_negative()),
                }),
                several => return Err(ambiguous(id, several)),
            }
        }
        Ok(targets)
    }
}

fn unknown(id: &str, hint: &str) -> Problem {
    Problem::new(ProblemKind::Usage, format!("There is no negative {id}")).hint(hint)
}

fn ambiguous(id: &str, rows: &[(AccountName, NegativeView<'_>)]) -> Problem {
    let mut lines: Vec<String> = rows
        .iter()
        .take(MOST_CANDIDATES)
        .map(|(account, row)| {
            let place = row.ad_group().map_or_else(
                || row.campaign().name().to_string(),
                |group| format!("{} › {}", row.campaign().name(), group.name()),
            );
            format!(
                "--account {account} --kind {} --level {}: {} in {place}",
                row.kind(),
                row.level(),
                row.text()
            )
        })
        .collect();
    if rows.len() > MOST_CANDIDATES {
        lines.push(format!("and {} more", rows.len() - MOST_CANDIDATES));
    }
    Problem::new(ProblemKind::Usage, format!("{id} means {} rows", rows.len()))
        .detail(lines.join("\n"))
        .hint("Narrow it with --account, --kind or --level.")
}
