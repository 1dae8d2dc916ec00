//! `terms import`: a file through its platform's reader into the intake, off the async threads, with progress, to be
//! stopped without a trace.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio_util::sync::CancellationToken;

use crate::domain::account::AccountName;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::term::TermPeriod;
use crate::domain::text::Text;
use crate::engine::{Engine, Progress};
use crate::platform::report::{Asked, ColumnMap, Rejected, read};
use crate::platform::{self, report::Line};
use crate::store::Overlap;

use super::broke;
use super::intake::TermsLoaded;

/// How far an import is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TermsProgress {
    /// Bytes of the file that were read, packed as they are.
    pub bytes: u64,
    /// Rows that were taken.
    pub rows: u64,
    /// Lines that could not be read.
    pub rejected: u64,
}

/// A report's file, with what is known of it beside its bytes.
#[derive(Debug)]
pub struct ReportFile<R> {
    /// The file's name: some name their days in it.
    pub name: String,
    /// Its bytes, packed as they are.
    pub read: R,
    /// The days it covers, for files that do not say.
    pub days: Option<TermPeriod>,
    /// The headings that the configuration maps.
    pub columns: ColumnMap,
    /// What becomes of older rows of its days.
    pub overlap: Overlap,
}

/// How many lines pass between two looks at progress and at whether to stop.
const STRIDE: u64 = 2_000;

impl Engine {
    /// Loads a search-term report from a file. An error means that nothing was loaded.
    pub async fn import_terms(
        &self,
        account: &AccountName,
        file: ReportFile<impl Read + Send + 'static>,
        progress: Progress<TermsProgress>,
        cancel: CancellationToken,
    ) -> Result<TermsLoaded, Problem> {
        let ReportFile { name, read: bytes_of, days, columns, overlap } = file;
        let mut intake = self.begin_terms(account).await?;
        let id = &self.known(account)?.platform;
        let rules = platform::by_id(id).map(crate::platform::Platform::report).ok_or_else(|| {
            Problem::new(ProblemKind::Usage, format!("No reports of platform {id} are known"))
        })?;
        let currency = self.currency_of(account).await?;
        let source = Text::from(name.as_str());
        let reading = move || {
            let bytes = Arc::new(AtomicU64::new(0));
            let counted = Counted { inner: bytes_of, bytes: Arc::clone(&bytes) };
            let asked = Asked { name: &name, days, currency, columns };
            let (mut lines, mut rejected) = (0_u64, 0_u64);
            read(rules, counted, &asked, &mut |line| {
                lines += 1;
                rejected += u64::from(matches!(line, Line::Rejected(Rejected { .. })));
                intake.line(line)?;
                if lines.is_multiple_of(STRIDE) {
                    progress(TermsProgress {
                        bytes: bytes.load(Ordering::Relaxed),
                        rows: intake.rows(),
                        rejected,
                    });
                    if cancel.is_cancelled() {
                        return Err(Problem::new(ProblemKind::Cancelled, "Stopped; nothing was loaded"));
                    }
                }
                Ok(())
            })
            .map(|late_days| {
                intake.told_late(late_days);
                intake
            })
        };
        let intake = tokio::task::spawn_blocking(reading).await.map_err(|error| broke(&error))??;
        intake.commit(days, source, overlap).await
    }
}

/// Counts what is read.
struct Counted<R> {
    inner: R,
    bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(into)?;
        self.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
