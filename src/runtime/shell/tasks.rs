//! The tasks that carry out orders: counted while they run, also when they panic, so that the loop knows when nothing is
//! under way and close can wait for all. They tell the core by the inbox alone; what they do is their orders'.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Notify, mpsc};
use tokio_util::task::TaskTracker;

use crate::domain::problem::{Problem, ProblemKind};
use crate::ui::msg::{Msg, Progress, Reply};
use crate::ui::remote::Ticket;

/// The tasks that run.
pub(super) struct Tasks {
    inbox: mpsc::UnboundedSender<Msg>,
    tracker: TaskTracker,
    open: Arc<Open>,
}

impl Tasks {
    /// None yet; their answers go to this inbox.
    pub fn new(inbox: mpsc::UnboundedSender<Msg>) -> Self {
        Self { inbox, tracker: TaskTracker::new(), open: Arc::default() }
    }

    /// Whether one still runs.
    pub fn busy(&self) -> bool {
        self.open.count.load(Ordering::Acquire) > 0
    }

    /// Waits until one more has ended.
    pub async fn one_ended(&self) {
        self.open.ended.notified().await;
    }

    /// Waits until all have ended.
    pub async fn close(&self) {
        self.tracker.close();
        self.tracker.wait().await;
    }

    /// What tells the core how a request goes.
    pub fn teller(&self, ticket: Ticket) -> Teller {
        Teller { ticket, inbox: self.inbox.clone() }
    }

    /// Runs a request that gives its answer in the end.
    pub fn spawn(
        &self,
        ticket: Ticket,
        request: impl Future<Output = Result<Reply, Problem>> + Send + 'static,
    ) {
        let inbox = self.inbox.clone();
        self.run(async move {
            let reply = request.await;
            let _ = inbox.send(Msg::Done(ticket, reply));
        });
    }

    /// Runs a request that computes.
    pub fn blocking(&self, ticket: Ticket, request: impl FnOnce() -> Option<Reply> + Send + 'static) {
        let computed = compute(ticket, self.inbox.clone(), request);
        self.run(computed);
    }

    /// Runs a task, counted while it runs.
    pub fn run(&self, task: impl Future<Output = ()> + Send + 'static) {
        let open = Arc::clone(&self.open);
        open.count.fetch_add(1, Ordering::AcqRel);
        self.tracker.spawn(async move {
            let _leave = Leave(open);
            task.await;
        });
    }
}

/// Computes off the async threads and hands the answer in; there is none when the request is void.
pub(super) async fn compute(
    ticket: Ticket,
    inbox: mpsc::UnboundedSender<Msg>,
    request: impl FnOnce() -> Option<Reply> + Send + 'static,
) {
    match tokio::task::spawn_blocking(request).await {
        Ok(Some(reply)) => _ = inbox.send(Msg::Done(ticket, Ok(reply))),
        Ok(None) => {}
        Err(error) => {
            let problem =
                Problem::new(ProblemKind::Storage, "A computation broke off").detail(error.to_string());
            let _ = inbox.send(Msg::Done(ticket, Err(problem)));
        }
    }
}

/// Tells the core how a request goes. Cheap to clone.
#[derive(Clone)]
pub(in crate::runtime) struct Teller {
    ticket: Ticket,
    inbox: mpsc::UnboundedSender<Msg>,
}

impl Teller {
    pub(in crate::runtime) fn progress(&self, progress: Progress) {
        // Nobody listens any more once the screen is gone.
        let _ = self.inbox.send(Msg::Progress(self.ticket, progress));
    }
}

/// How many run.
#[derive(Default)]
struct Open {
    count: AtomicUsize,
    ended: Notify,
}

/// Counts a task out, also when it panics.
struct Leave(Arc<Open>);

impl Drop for Leave {
    fn drop(&mut self) {
        self.0.count.fetch_sub(1, Ordering::AcqRel);
        self.0.ended.notify_one();
    }
}
