//! `unbid keys`: the key table, as the screen's own help has it.

use serde::Serialize;

use super::Exit;
use super::args::{FormatArgs, Global};
use super::output::{self, Cells};
use crate::domain::problem::Problem;
use crate::ui::keymap::Keymap;

/// Prints the table.
pub fn run(global: &Global, args: FormatArgs) -> Result<Exit, Problem> {
    let rows: Vec<Line> = Keymap::builtin()?
        .table()
        .into_iter()
        .map(|row| Line {
            context: row.context.to_string(),
            keys: row.keys,
            action: row.action.to_string(),
            does: row.action.info().title,
        })
        .collect();
    output::rows(&rows, args.format, super::session::color(global.color))?;
    Ok(Exit::Done)
}

/// The keys of one action in one context.
#[derive(Serialize)]
struct Line {
    context: String,
    keys: Vec<String>,
    action: String,
    does: &'static str,
}

impl Cells for Line {
    const HEADINGS: &'static [&'static str] = &["where", "keys", "does", "action"];

    fn cells(&self) -> Vec<String> {
        vec![self.context.clone(), self.keys.join("  "), self.does.to_owned(), self.action.clone()]
    }
}
