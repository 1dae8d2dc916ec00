//! `unbid` without a command, and what `demo` opens: the screen.

use std::io::{self, IsTerminal, Write};
use std::time::Instant;

use jiff::Timestamp;

use super::args::{ColorWhen, DemoArgs, DoctorArgs, Global};
use super::{Exit, Session, demo, doctor, interrupt, logging};
use crate::domain::clock::Clock;
use crate::domain::problem::{Problem, ProblemKind};
use crate::runtime::terminal::{Events, RealScreen};
use crate::runtime::{self, App, Ended, Look, Shell};

/// Opens the screen, and what the user goes on to from it.
pub async fn run(session: Session, global: &Global) -> Result<Exit, Problem> {
    if !io::stdout().is_terminal() {
        return Err(Problem::new(ProblemKind::Usage, "The screen needs a terminal")
            .hint("Run `unbid --help` for the commands that do without one."));
    }
    logging::to_file(&session.data_dir, global.verbose);
    match show(session, global).await? {
        Ended::Quit => Ok(Exit::Done),
        Ended::Run("demo") => Box::pin(demo::run(global, DemoArgs::default())).await,
        Ended::Run(_) => doctor::run(global, DoctorArgs::default()).await,
    }
}

async fn show(session: Session, global: &Global) -> Result<Ended, Problem> {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let look = Look { no_color: no_color || global.color == ColorWhen::Never };
    let start = runtime::start(&session.engine, &session.config, look)?;
    let born = Instant::now();
    let clock = Box::new(move || Clock { wall: Timestamp::now(), monotonic: born.elapsed() });
    let (shell, inbox) = Shell::new(session.engine.clone(), session.http.clone());
    let shell = shell.auditing(session.config.audit.clone(), super::audit::own_file(&session));
    let lost =
        |error: io::Error| Problem::new(ProblemKind::Storage, "The terminal failed").detail(error.to_string());
    // Before the terminal is changed: whoever ends us from here on gets it back as it was.
    let signal = interrupt::asked();
    let screen = RealScreen::take(session.config.ui.mouse).map_err(lost)?;
    let app = App::new(screen, shell, inbox, clock).map_err(lost)?;
    let events = Events::read().map_err(lost)?;
    let ended = app.run(start, events, signal).await.map_err(lost)?;
    let staged = session.engine.staged().await?.len();
    if staged > 0 && !session.quiet {
        let s = if staged == 1 { "" } else { "s" };
        // Where the terminal was closed there is nobody to tell.
        let _ = writeln!(io::stderr(), "{staged} staged change{s} kept; nothing of it was sent");
    }
    Ok(ended)
}
