//! The search terms that the screen works on, and the queries over them. Loading is awaited; sums and queries run off the
//! loop, one of each sort at a time: a newer one makes an unfinished one void.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::account::Identity;
use crate::domain::catalog::{Cancel, Catalog, Overlay};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::sift::{Facts, Ngrams, Sifter};
use crate::domain::term::{Review, ReviewKey};
use crate::engine::Engine;
use crate::ui::effect::{TermsWanted, WordsWanted};
use crate::ui::msg::{LinesFound, Reply};

/// What is laid out. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct TermDesk(Arc<Mutex<Papers>>);

#[derive(Default)]
struct Papers {
    sifter: Option<Sifter>,
    loading: Cancel,
    querying: Cancel,
    summing: Cancel,
}

/// Remembers what was looked at, and forgets what was not.
pub(super) async fn review(
    engine: Engine,
    reviews: Vec<(ReviewKey, Option<Review>)>,
) -> Result<Reply, Problem> {
    let (put, gone): (Vec<_>, Vec<_>) = reviews.into_iter().partition(|(_, review)| review.is_some());
    let put = put.into_iter().filter_map(|(key, review)| Some((key, review?))).collect();
    engine.store().review(put).await?;
    engine.store().forget_reviews(gone.into_iter().map(|(key, _)| key).collect()).await?;
    Ok(Reply::Reviewed)
}

/// Stops what ran before and gives the word to stop the next.
fn anew(running: &mut Cancel) -> Cancel {
    let cancel = Cancel::default();
    std::mem::replace(running, cancel.clone()).cancel();
    cancel
}

impl TermDesk {
    fn papers(&self) -> MutexGuard<'_, Papers> {
        // Every field is whole between statements, so a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lays the search terms out beside a snapshot; `None` when a newer order made this one void.
    pub(super) async fn lay(
        &self,
        engine: &Engine,
        catalog: Arc<Catalog>,
        overlay: Arc<Overlay>,
    ) -> Result<Option<Reply>, Problem> {
        let (cancel, last) = {
            let mut papers = self.papers();
            (anew(&mut papers.loading), papers.sifter.clone())
        };
        let terms = engine.terms(&catalog).await?;
        let identities: Vec<Identity> = engine.accounts().into_iter().map(|account| account.identity).collect();
        let reviews = engine.store().reviews(&identities).await?;
        let facts: Vec<Facts> = engine
            .members()
            .iter()
            .filter_map(|member| {
                Some(Facts { identity: member.identity()?.clone(), capabilities: member.capabilities? })
            })
            .collect();
        let today = engine.today();
        let desk = self.clone();
        let laid = tokio::task::spawn_blocking(move || {
            let same =
                last.filter(|last| Arc::ptr_eq(last.catalog(), &catalog) && Arc::ptr_eq(last.terms(), &terms));
            let sifter = match same {
                Some(last) => last.with(&overlay, &reviews, today, &cancel)?,
                None => Sifter::new(catalog, terms, &overlay, &facts, &reviews, today, &cancel)?,
            };
            let mut papers = desk.papers();
            if cancel.is_cancelled() {
                return None;
            }
            papers.sifter = Some(sifter.clone());
            Some(Reply::Terms(sifter))
        });
        laid.await.map_err(|error| {
            Problem::new(ProblemKind::Storage, "The search terms could not be laid out")
                .detail(error.to_string())
        })
    }

    /// Prepares a query: what runs it and gives its answer, or nothing when it is void by then.
    pub(super) fn query(&self, wanted: TermsWanted) -> impl FnOnce() -> Option<Reply> + Send + 'static {
        let (cancel, sifter) = {
            let mut papers = self.papers();
            (anew(&mut papers.querying), papers.sifter.clone())
        };
        move || {
            let sifter = sifter?;
            let rows = sifter.query(&wanted.query, &cancel)?;
            let kept = wanted.keep.and_then(|key| rows.position(sifter.find(&key)?));
            Some(Reply::Lines(LinesFound { sifter, rows, kept }))
        }
    }

    /// Prepares the summing of words.
    pub(super) fn words(&self, wanted: WordsWanted) -> impl FnOnce() -> Option<Reply> + Send + 'static {
        let (cancel, sifter) = {
            let mut papers = self.papers();
            (anew(&mut papers.summing), papers.sifter.clone())
        };
        move || {
            let sifter = sifter?;
            let words: Ngrams = match wanted {
                WordsWanted::Lines(query) => sifter.ngrams(&query, &cancel)?,
                WordsWanted::Term(key) => match sifter.find(&key) {
                    Some(entry) => sifter.ngrams_of(entry, &cancel)?,
                    None => Ngrams::default(),
                },
            };
            Some(Reply::Words(Arc::new(words)))
        }
    }
}
