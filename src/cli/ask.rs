//! Questions on the terminal: they go to stderr, so that stdout stays data. Without a terminal nothing is asked.

use std::io::{self, BufRead, IsTerminal, Write};

use crate::domain::text::shown;

/// Whether somebody is there to answer.
pub fn somebody_there() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks and reads one line, trimmed; `None` at the end of input.
pub fn line(question: &str) -> io::Result<Option<String>> {
    let mut err = io::stderr().lock();
    write!(err, "{} ", shown(question))?;
    err.flush()?;
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer)?;
    if !answer.ends_with('\n') || !io::stdin().is_terminal() {
        // Nobody typed the end of the line, so what is said next would stand behind the question.
        writeln!(err)?;
    }
    Ok((read > 0).then(|| answer.trim().to_owned()))
}

/// Asks a question that only a clear yes answers with yes.
pub fn yes(question: &str) -> io::Result<bool> {
    let answer = line(&format!("{question} [y/N]"))?;
    Ok(answer.is_some_and(|answer| ["y", "yes"].contains(&answer.to_lowercase().as_str())))
}
