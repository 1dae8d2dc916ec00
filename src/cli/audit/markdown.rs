//! The audit as a report for people, in Markdown: what is wrong rule by rule, with what the rule means. Foreign text can
//! neither steer a terminal nor make markup.

use std::io::{self, Write};

use super::Shown;
use crate::domain::audit::{Finding, RULES};
use crate::domain::money::amount;
use crate::domain::text::shown as harmless;

/// Writes the report.
pub fn write(out: &mut impl Write, shown: &Shown<'_>) -> io::Result<()> {
    let counts = shown.counts;
    writeln!(out, "# Audit of negatives\n")?;
    writeln!(
        out,
        "{} negatives: {} errors, {} warnings, {} info; {} meant to be so, {} ignored.\n",
        shown.audited.report.negatives, counts.error, counts.warning, counts.info, counts.hidden, shown.ignored
    )?;
    for account in shown.audited.catalog.accounts() {
        let fetched = account
            .fetched_at
            .map_or_else(|| "never".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string());
        writeln!(out, "- {}: snapshot of {fetched}", escaped(account.name.as_str()))?;
    }
    for of_rule in shown.findings.chunk_by(|a, b| (a.severity, a.rule) == (b.severity, b.rule)) {
        section(out, shown, of_rule)?;
    }
    Ok(())
}

fn section(out: &mut impl Write, shown: &Shown<'_>, findings: &[&Finding]) -> io::Result<()> {
    let Some(first) = findings.first() else { return Ok(()) };
    let info = RULES[first.rule].info();
    writeln!(out, "\n## {} ({}, {}): {}\n", info.title, info.id, first.severity, findings.len())?;
    writeln!(out, "{}\n", info.page[0])?;
    let money = findings.iter().any(|finding| finding.figures.is_some());
    if money {
        writeln!(out, "| Account | Finding | Cost | Sold | Id |\n|---|---|---:|---:|---|")?;
    } else {
        writeln!(out, "| Account | Finding | Id |\n|---|---|---|")?;
    }
    for finding in findings {
        let account = escaped(shown.account(finding.account).as_str());
        write!(out, "| {account} | {} |", escaped(&finding.message))?;
        if money {
            let currency = shown.currency(finding);
            let of = |micros| escaped(&amount(micros, currency));
            match finding.figures {
                Some(figures) => write!(out, " {} | {} |", of(figures.spend), of(figures.sales))?,
                None => write!(out, " | |")?,
            }
        }
        writeln!(out, " `{}` |", finding.id)?;
    }
    Ok(())
}

/// Foreign text in a cell: no markup, no cell end, no control character.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in harmless(text).to_string().chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_makes_no_markup() {
        assert_eq!(escaped("a|b <img> [x](y) `c`\u{1b}"), "a\\|b &lt;img&gt; \\[x\\](y) \\`c\\`␛");
    }
}
