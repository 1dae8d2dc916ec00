//! What is answered: one variant for each effect that asks for something. A reply is whole: whoever takes one needs no
//! second to go with it. Larger ones are in `snapshot` and `staging`.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Around, CatalogNow, Found, LinesFound, Opening, Sent, StagedNow, Undoing};
use crate::domain::account::Identity;
use crate::domain::audit::{FindingId, Report};
use crate::domain::catalog::positives::Positives;
use crate::domain::catalog::{Catalog, Scope, Terms};
use crate::domain::journal::{Entry, Past};
use crate::domain::judge::Judgement;
use crate::domain::plan::Plan;
use crate::domain::problem::Problem;
use crate::domain::sift::{Ngrams, Sifter};
use crate::domain::simulate::Answers;
use crate::domain::text::Text;

/// The answer to a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// To `LoadOpening`.
    Opening(Opening),
    /// To `LoadCatalog`.
    Catalog(CatalogNow),
    /// To `Query`.
    Found(Found),
    /// To `Stage`.
    Staged(StagedNow),
    /// To `Sync`: the accounts that failed, and why. Their old snapshot stays.
    Synced(Vec<(Identity, Problem)>),
    /// To `FetchTerms`: every account was told by its progress.
    TermsFetched,
    /// To `BuildPlan`.
    Plan(Arc<Plan>),
    /// To `Send`.
    Sent(Sent),
    /// To `Judge`: one for each, in the order asked.
    Judged(Vec<Judgement>),
    /// To `Simulate`.
    Simulated(Arc<Answers>),
    /// To `Brands`.
    Brands(Vec<BrandHit>),
    /// To `Check`.
    Checked(Vec<CheckLine>),
    /// To `FindPlaces`: the best first.
    Places(Vec<Scope>),
    /// To `LoadTerms`.
    Terms(Sifter),
    /// To `QueryTerms`.
    Lines(LinesFound),
    /// To `SumWords`.
    Words(Arc<Ngrams>),
    /// To `Review`.
    Reviewed,
    /// To `Audit`.
    Audit(AuditNow),
    /// To `Ignore`.
    Ignored(IgnoredNow),
    /// To `LoadHistory`: newest first.
    History(Vec<Entry>),
    /// To `LoadOperation`.
    Operation(Arc<Past>),
    /// To `Undo`.
    Undoing(Undoing),
    /// To `LookAround`.
    Around(Around),
    /// To `Settle`: as a sending, of the changes that were open.
    Settled(Sent),
}

/// What the audit found, with what it was made over: findings speak in its row numbers.
#[derive(Clone, Debug)]
pub struct AuditNow {
    /// The snapshot.
    pub catalog: Arc<Catalog>,
    /// Its positive keywords and targets.
    pub positives: Arc<Positives>,
    /// Its search terms.
    pub terms: Arc<Terms>,
    /// What was found.
    pub report: Arc<Report>,
    /// The findings that are meant as they are.
    pub ignored: Arc<BTreeSet<FindingId>>,
    /// The file that holds those.
    pub baseline: String,
}

/// What is ignored after an `Ignore`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoredNow {
    /// The findings that are meant as they are.
    pub ids: Arc<BTreeSet<FindingId>>,
    /// The file that holds them.
    pub file: String,
}

/// A brand that the platform offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrandHit {
    /// Its id, which is what is sent.
    pub id: Text,
    /// Its name.
    pub name: Text,
}

/// One line of an account's check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckLine {
    /// What was looked at.
    pub what: String,
    /// Fine, or what is wrong.
    pub result: Result<String, Problem>,
}
