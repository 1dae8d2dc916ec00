//! Ctrl-C: the first one asks for a clean end (a refresh leaves no trace, a sending stops after the request in
//! flight with everything journaled); the second one ends the process at once.

use tokio_util::sync::CancellationToken;

use signals::Signals;

/// A token that the first Ctrl-C, SIGTERM or SIGHUP cancels.
pub fn token() -> CancellationToken {
    let token = CancellationToken::new();
    let cancelled = token.clone();
    // Heard from here on, not from when the task first runs.
    let mut signals = Signals::listen();
    tokio::spawn(async move {
        signals.next().await;
        eprintln!("\nStopping cleanly; once more stops at once.");
        cancelled.cancel();
        signals.next().await;
        std::process::exit(130);
    });
    token
}

/// Waits for the first such signal that comes after this call, whenever it is awaited: one that comes while the
/// screen is drawn for the first time ends it cleanly too. The screen reads Ctrl-C as a key, so there it is
/// SIGTERM or SIGHUP.
pub fn asked() -> impl Future<Output = ()> {
    let mut signals = Signals::listen();
    async move { signals.next().await }
}

#[cfg(unix)]
mod signals {
    use tokio::signal::unix::{Signal, SignalKind, signal};

    /// The signals that ask for an end; none where they cannot be received.
    pub struct Signals(Option<[Signal; 3]>);

    impl Signals {
        /// Takes them from the system's hands, at once.
        pub fn listen() -> Self {
            let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
            let [Ok(interrupt), Ok(terminate), Ok(hangup)] = kinds.map(signal) else { return Self(None) };
            Self(Some([interrupt, terminate, hangup]))
        }

        /// Waits for the next one; for ever where none can be received.
        pub async fn next(&mut self) {
            let Some([interrupt, terminate, hangup]) = &mut self.0 else { return std::future::pending().await };
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                _ = hangup.recv() => {}
            }
        }
    }
}

#[cfg(not(unix))]
mod signals {
    /// Ctrl-C alone.
    pub struct Signals;

    impl Signals {
        pub fn listen() -> Self {
            Self
        }

        /// Waits for the next one; for ever where none can be received.
        pub async fn next(&mut self) {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending().await
            }
        }
    }
}
