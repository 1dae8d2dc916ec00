//! The threads behind the screen. They give way to the one that draws, so that a query over a million rows, which
//! takes every core, does not hold up the next frame.

use std::io;

use tokio::runtime::{Builder, Runtime};

/// How much the threads give way, of 19: enough to be put aside the moment the screen has something to do, while
/// nothing is lost where nobody wants the core.
#[cfg(target_os = "linux")]
const GIVING_WAY: i32 = 10;

/// Threads for a screen, which itself runs on the thread that waits in [`Runtime::block_on`].
pub fn threads() -> io::Result<Runtime> {
    Builder::new_multi_thread().enable_all().on_thread_start(give_way).build()
}

/// Linux has a priority for each thread, which those that it starts take over; elsewhere it is the whole process's.
#[cfg(target_os = "linux")]
fn give_way() {
    if let Err(error) = rustix::process::nice(GIVING_WAY) {
        tracing::debug!("a thread keeps its priority: {error}");
    }
}

#[cfg(not(target_os = "linux"))]
fn give_way() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn all_threads_but_the_screens_own_give_way() {
        let priority = || rustix::process::getpriority_process(None).unwrap();
        let before = priority();
        let threads = threads().unwrap();
        let (here, computing, inside) = threads.block_on(async {
            let computing = tokio::task::spawn_blocking(move || {
                (priority(), std::thread::scope(|scope| scope.spawn(priority).join().unwrap()))
            });
            let (computing, inside) = computing.await.unwrap();
            (priority(), computing, inside)
        });
        assert_eq!(here, before);
        let wanted = (before + GIVING_WAY).min(19);
        assert_eq!((computing, inside), (wanted, wanted));
    }
}
