//! What went wrong, in the user's words: every error of every boundary becomes one of these before a
//! screen, a command or the journal sees it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::shown;

/// What sort of trouble it is; decides exit codes and what the screen offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// A wrong flag, id, text or file: the user can mend it.
    Usage,
    /// The configuration is wrong or incomplete.
    Config,
    /// The platform does not accept who we are, or what we may do.
    Auth,
    /// The platform understood and refused.
    Refused,
    /// The platform asks to slow down.
    Throttled,
    /// The platform could not be reached, or the line broke.
    Network,
    /// The platform failed.
    Server,
    /// The platform's answer could not be understood.
    Reply,
    /// The local database or a file failed.
    Storage,
    /// Another process holds what is needed.
    Busy,
    /// The user stopped it.
    Cancelled,
}

/// A failure: what failed, the platform's own code and text, and the next step.
///
/// All three texts are made harmless on the way in, line by line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub struct Problem {
    /// What sort of trouble it is.
    pub kind: ProblemKind,
    /// What failed, in the user's words.
    pub title: String,
    /// Status, the platform's code and text, place in a file; may be empty.
    pub detail: String,
    /// An instruction: what to do now; may be empty.
    pub hint: String,
}

impl Problem {
    /// A problem with its title.
    pub fn new(kind: ProblemKind, title: impl AsRef<str>) -> Self {
        Self { kind, title: harmless(title.as_ref()), detail: String::new(), hint: String::new() }
    }

    /// Adds status, code, text, place.
    #[must_use]
    pub fn detail(mut self, detail: impl AsRef<str>) -> Self {
        self.detail = harmless(detail.as_ref());
        self
    }

    /// Adds what to do now.
    #[must_use]
    pub fn hint(mut self, hint: impl AsRef<str>) -> Self {
        self.hint = harmless(hint.as_ref());
        self
    }
}

/// The longest text an error carries; a platform's HTML page is cut here.
const LONGEST: usize = 2_000;

fn harmless(text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(|line| shown(line).to_string()).collect();
    if lines.iter().map(String::len).sum::<usize>() > LONGEST {
        let whole = lines.join("\n");
        let end = whole.floor_char_boundary(LONGEST);
        lines = vec![format!("{}…", &whole[..end])];
    }
    lines.join("\n")
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)?;
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        if !self.hint.is_empty() {
            write!(f, "\n  {}", self.hint)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn title_detail_and_hint_read_as_one_message() {
        let problem =
            Problem::new(ProblemKind::Auth, "Token expired").detail("401 1001").hint("Run `unbid login acme`.");
        assert_eq!(problem.to_string(), "Token expired: 401 1001\n  Run `unbid login acme`.");
    }

    #[test]
    fn foreign_text_cannot_steer_the_terminal_or_flood_it() {
        let problem = Problem::new(ProblemKind::Reply, "Bad\u{1b}[2J reply").detail("x".repeat(1 << 20));
        assert_eq!(problem.title, "Bad␛[2J reply");
        assert!(problem.detail.len() < LONGEST + 10);
    }
}
