//! Ctrl-C: the first one asks for a clean end (a refresh leaves no trace, a sending stops after the request in
//! flight with everything journaled); the second one ends the process at once.

use tokio_util::sync::CancellationToken;

/// A token that the first Ctrl-C, SIGTERM or SIGHUP cancels.
pub fn token() -> CancellationToken {
    let token = CancellationToken::new();
    let cancelled = token.clone();
    tokio::spawn(async move {
        if asked_to_end().await {
            eprintln!("\nStopping cleanly; once more stops at once.");
            cancelled.cancel();
            if asked_to_end().await {
                std::process::exit(130);
            }
        }
    });
    token
}

/// Waits for the first such signal. The screen reads Ctrl-C as a key, so there it is SIGTERM or SIGHUP.
pub async fn asked() {
    if !asked_to_end().await {
        std::future::pending::<()>().await;
    }
}

/// Waits for a signal; false when signals cannot be received.
#[cfg(unix)]
async fn asked_to_end() -> bool {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()), signal(SignalKind::hangup()))
    else {
        return false;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
    true
}

/// Waits for a signal; false when signals cannot be received.
#[cfg(not(unix))]
async fn asked_to_end() -> bool {
    tokio::signal::ctrl_c().await.is_ok()
}
