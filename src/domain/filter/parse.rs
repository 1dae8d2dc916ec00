//! The grammar of filters, read left to right. A part that is still being typed (`state:`, `~`, an open quote)
//! asks for nothing yet rather than being wrong.

use super::{Compare, Field, FilterProblem, Parsed, Term, Test};
use crate::domain::catalog::fold;

/// A piece of the source between spaces that are not quoted.
struct Piece<'s> {
    at: usize,
    raw: &'s str,
}

pub(super) fn parse(source: &str, out: &mut Parsed) {
    let mut rest = 0;
    while let Some(piece) = next_piece(source, &mut rest) {
        read(&piece, out);
    }
}

/// Cuts the next piece: up to a space outside of quotes, or up to the slash that ends a regex.
fn next_piece<'s>(source: &'s str, rest: &mut usize) -> Option<Piece<'s>> {
    let left = &source[*rest..];
    let at = *rest + (left.len() - left.trim_start().len());
    let text = &source[at..];
    if text.is_empty() {
        return None;
    }
    let sign = usize::from(text.starts_with('!'));
    let end = if text[sign..].starts_with('/') {
        regex_end(text, sign + 1)
    } else {
        let mut quoted = false;
        let space = text.char_indices().find(|(_, c)| {
            quoted ^= *c == '"';
            c.is_whitespace() && !quoted
        });
        space.map_or(text.len(), |(end, _)| end)
    };
    *rest = at + end;
    Some(Piece { at, raw: &text[..end] })
}

/// The end of a regex: past the next slash that no backslash precedes and a space or the end follows.
fn regex_end(text: &str, from: usize) -> usize {
    let mut escaped = false;
    for (at, c) in text[from..].char_indices() {
        let after = from + at + c.len_utf8();
        if c == '/' && !escaped && text[after..].chars().next().is_none_or(char::is_whitespace) {
            return after;
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

fn read(piece: &Piece<'_>, out: &mut Parsed) {
    let (negated, body) = match piece.raw.strip_prefix('!') {
        Some(body) => (true, body),
        None => (false, piece.raw),
    };
    let test = if let Some(pattern) = body.strip_prefix('/') {
        regex(pattern)
    } else if let Some(word) = body.strip_prefix('~') {
        Ok(word_of(word).map(Test::Fuzzy))
    } else {
        fielded(body, out)
    };
    match test {
        Ok(Some(test)) => out.terms.push(Term { negated, test }),
        Ok(None) => {}
        Err(reason) => {
            out.problem.get_or_insert(FilterProblem { at: piece.at, reason });
        }
    }
}

fn regex(pattern: &str) -> Result<Option<Test>, String> {
    let closed = pattern.strip_suffix('/').filter(|inner| !inner.ends_with('\\') || inner.ends_with("\\\\"));
    let pattern = closed.unwrap_or(pattern);
    if pattern.is_empty() {
        return Ok(None);
    }
    let built = regex::RegexBuilder::new(pattern).case_insensitive(true).size_limit(1 << 20).build();
    match built {
        Ok(regex) => Ok(Some(Test::Regex(regex))),
        Err(regex::Error::CompiledTooBig(_)) => Err("the regex is too large".to_owned()),
        // The last line of the library's message is the reason; those before draw the place with carets.
        Err(error) => {
            let message = error.to_string();
            let reason = message.lines().last().unwrap_or_default().trim_start_matches("error: ");
            Err(format!("not a regex: {reason}"))
        }
    }
}

/// A word without its quotes, lower-cased; `None` when nothing is left.
fn word_of(raw: &str) -> Option<String> {
    let word = fold(&raw.replace('"', ""));
    (!word.is_empty()).then_some(word)
}

fn fielded(body: &str, out: &mut Parsed) -> Result<Option<Test>, String> {
    let as_word = || Ok(word_of(body).map(Test::Word));
    let Some(at) = body.find([':', '=', '<', '>']).filter(|at| !body[..*at].contains('"')) else {
        return as_word();
    };
    let (name, rest) = body.split_at(at);
    let Ok(field) = name.parse::<Field>() else {
        let looks_like_one = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic());
        if looks_like_one {
            out.remark.get_or_insert(format!("no field is called {name}: looked for as text"));
        }
        return as_word();
    };
    let (compare, value) = split_compare(rest);
    let Some(value) = word_of(value) else { return Ok(None) };
    if field.is_number() {
        return match figure_of(&value) {
            Some(figure) if figure.is_finite() => Ok(Some(Test::Number(field, compare, figure))),
            _ => Err(format!("{name} is compared with a number")),
        };
    }
    if field == Field::Since {
        let day = value.bytes().all(|b| b.is_ascii_digit() || b == b'-') && value.len() <= "2026-10-01".len();
        return if day {
            Ok(Some(Test::Day(compare, value)))
        } else {
            Err("since takes a day: 2026-10-01".to_owned())
        };
    }
    if compare != Compare::Equal {
        return as_word();
    }
    let words = field.words();
    if !words.is_empty() && !words.iter().any(|word| word.starts_with(&value)) {
        return Err(format!("{name} is one of {}", words.join(", ")));
    }
    Ok(Some(Test::Field(field, value)))
}

/// A figure as people type one: `10`, `$1,234.50`, `€1,5`. A comma parts thousands only where three digits follow it.
fn figure_of(typed: &str) -> Option<f64> {
    let bare = typed.trim_start_matches(['$', '€', '£']);
    let thousands = bare.split('.').next().unwrap_or_default().split(',').skip(1).all(|group| group.len() == 3);
    if thousands {
        return bare.replace(',', "").parse().ok();
    }
    let one = bare.matches(',').count() == 1 && !bare.contains('.');
    one.then(|| bare.replace(',', ".").parse().ok()).flatten()
}

fn split_compare(rest: &str) -> (Compare, &str) {
    let signs = [
        (">=", Compare::AtLeast),
        ("<=", Compare::AtMost),
        (":>=", Compare::AtLeast),
        (":<=", Compare::AtMost),
        (":>", Compare::More),
        (":<", Compare::Less),
        (">", Compare::More),
        ("<", Compare::Less),
        ("=", Compare::Equal),
        (":", Compare::Equal),
    ];
    let found = signs.iter().find_map(|(sign, compare)| Some((*compare, rest.strip_prefix(sign)?)));
    found.unwrap_or((Compare::Equal, rest))
}

#[cfg(test)]
mod tests {
    use super::super::Filter;
    use super::*;

    #[test]
    fn figures_are_read_as_people_type_them() {
        let figures =
            [("10", 10.0), ("$1,234.50", 1_234.5), ("1,234", 1_234.0), ("1,5", 1.5), ("€12,50", 12.5)];
        for (typed, figure) in figures {
            assert_eq!(figure_of(typed), Some(figure), "{typed}");
        }
        for wrong in ["ten", "", "1,2,3", "1,23.4", "1.2.3"] {
            assert_eq!(figure_of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_unknown_figure_is_told_and_not_just_looked_for() {
        let says = |text| Filter::parse(text).remark().map(str::to_owned);
        assert_eq!(says("cpc>1"), Some("no field is called cpc: looked for as text".to_owned()));
        assert_eq!(says("acos<=30"), Some("no field is called acos: looked for as text".to_owned()));
        assert_eq!(says("12:30"), None);
        assert_eq!(says("spend>1"), None);
    }
}
