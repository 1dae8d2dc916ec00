//! The audit behind the screen: one at a time, a newer one makes an unfinished one void; and the file of what is ignored.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::domain::audit::{AuditConfig, Finding, FindingId};
use crate::domain::catalog::Cancel;
use crate::domain::problem::{Problem, ProblemKind};
use crate::engine::{AuditAsk, BASELINE_FILE, Baseline, Engine};
use crate::ui::msg::{AuditNow, IgnoredNow, Reply};

/// What audits, and what stops the one that runs. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Auditor {
    config: AuditConfig,
    /// Where ignored findings lie; without it, in the data folder.
    baseline: Option<PathBuf>,
    running: Cancel,
    listing: CancellationToken,
}

impl Auditor {
    pub(super) fn new(config: AuditConfig, baseline: PathBuf) -> Self {
        Self { config, baseline: Some(baseline), ..Self::default() }
    }

    /// Stops the audit that runs, if any.
    pub(super) fn stop(&self) {
        self.running.cancel();
        self.listing.cancel();
    }

    /// Stops the audit that runs and prepares a new one.
    pub(super) fn begin(&mut self) -> Self {
        self.stop();
        (self.running, self.listing) = (Cancel::default(), CancellationToken::new());
        self.clone()
    }

    /// Lists keywords that are older than the snapshot, then audits; nothing when it was made void.
    pub(super) async fn run(self, engine: Engine) -> Result<Option<AuditNow>, Problem> {
        // What cannot be listed now is audited as it was listed before; the log has why.
        for (account, problem) in engine.refresh_positives(&[], &self.listing).await? {
            tracing::warn!("{account}: the keywords could not be listed: {problem}");
        }
        let ask = AuditAsk { config: self.config.clone(), ..AuditAsk::default() };
        let Some(audited) = engine.audit(ask, self.running.clone()).await? else { return Ok(None) };
        if self.running.is_cancelled() {
            return Ok(None);
        }
        let file = self.file(&engine);
        let baseline = off_thread(move || Baseline::load(&file)).await?;
        let ignored: BTreeSet<FindingId> =
            audited.report.findings.iter().map(|finding| finding.id).filter(|id| baseline.has(*id)).collect();
        Ok(Some(AuditNow {
            catalog: audited.catalog,
            positives: audited.positives,
            terms: audited.terms,
            report: Arc::new(audited.report),
            ignored: Arc::new(ignored),
            baseline: baseline.file().display().to_string(),
        }))
    }

    /// Notes findings as meant.
    pub(super) async fn ignore(
        self,
        engine: Engine,
        findings: Vec<Finding>,
        reason: String,
    ) -> Result<Reply, Problem> {
        self.note(&engine, move |baseline| {
            for finding in &findings {
                baseline.ignore(finding, &reason);
            }
        })
        .await
    }

    /// Takes that back.
    pub(super) async fn heed(self, engine: Engine, findings: Vec<FindingId>) -> Result<Reply, Problem> {
        self.note(&engine, move |baseline| findings.into_iter().for_each(|id| baseline.heed(id))).await
    }

    async fn note(
        self,
        engine: &Engine,
        change: impl FnOnce(&mut Baseline) + Send + 'static,
    ) -> Result<Reply, Problem> {
        let file = self.file(engine);
        off_thread(move || {
            let mut baseline = Baseline::load(&file)?;
            change(&mut baseline);
            baseline.save()?;
            let ids = Arc::new(baseline.ids().collect());
            Ok(Reply::Ignored(IgnoredNow { ids, file: file.display().to_string() }))
        })
        .await
    }

    fn file(&self, engine: &Engine) -> PathBuf {
        self.baseline.clone().unwrap_or_else(|| {
            engine.store().file().parent().map_or_else(PathBuf::new, Path::to_owned).join(BASELINE_FILE)
        })
    }
}

/// Reads or writes files off the async threads.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        Err(Problem::new(ProblemKind::Storage, "A file could not be read or written").detail(error.to_string()))
    })
}
