//! Reads what people's spreadsheets make of numbers, money and days. Nothing is guessed that could be read in two ways
//! without a word: what is not understood is an error with the reason.

use jiff::civil::Date;

use crate::domain::money::Micros;
use crate::domain::term::TermPeriod;
use crate::domain::text::shown;

/// The most characters of a cell that a reason quotes: a cell may hold anything, a whole file too.
const MOST_SAID: usize = 60;

/// A cell as a reason quotes it: harmless, and no longer than a line.
fn said(cell: &str) -> String {
    let end = cell.char_indices().nth(MOST_SAID).map_or(cell.len(), |(at, _)| at);
    let more = if end < cell.len() { "…" } else { "" };
    format!("{}{more}", shown(&cell[..end]))
}

/// Whether a cell says that there is nothing.
fn is_nothing(cell: &str) -> bool {
    matches!(cell, "" | "-" | "--" | "—" | "–")
        || ["n/a", "na", "null", "nan"].iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// A count: `1,234`, `1 234`, `12.0`.
pub(super) fn count(cell: &str, comma: bool) -> Result<u64, String> {
    let number = decimal(cell, comma)?;
    if number.0 < 0 {
        return Err(format!("{} is below 0", said(cell)));
    }
    if number.0 % 1_000_000 != 0 {
        return Err(format!("{} is no whole number", said(cell)));
    }
    Ok(number.0.unsigned_abs() / 1_000_000)
}

/// An amount with the currency that stands beside it: `$1,234.50`, `EUR 1.234,50`, `12,5 €`.
pub(super) fn money(cell: &str, comma: bool) -> Result<(Micros, Option<&str>), String> {
    let (currency, number) = split_currency(cell);
    Ok((decimal(number, comma)?, currency))
}

/// Signs of currencies. `$` alone is no one's: whoever knows the account says whose.
const SIGNS: &[(&str, &str)] = &[
    ("US$", "USD"),
    ("US $", "USD"),
    ("CA$", "CAD"),
    ("C$", "CAD"),
    ("C $", "CAD"),
    ("AU$", "AUD"),
    ("AU $", "AUD"),
    ("A$", "AUD"),
    ("MX$", "MXN"),
    ("R$", "BRL"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("¥", "JPY"),
    ("₹", "INR"),
    ("zł", "PLN"),
];

fn split_currency(cell: &str) -> (Option<&str>, &str) {
    for (sign, code) in SIGNS {
        if let Some(rest) = cell.strip_prefix(sign).or_else(|| cell.strip_suffix(sign)) {
            return (Some(code), rest.trim());
        }
    }
    let is_code = |part: &str| part.len() == 3 && part.bytes().all(|b| b.is_ascii_uppercase());
    if let Some((first, rest)) = cell.split_once(char::is_whitespace)
        && is_code(first)
    {
        return (Some(first), rest.trim());
    }
    if let Some((rest, last)) = cell.rsplit_once(char::is_whitespace)
        && is_code(last)
    {
        return (Some(last), rest.trim());
    }
    (None, cell.trim_matches(|c: char| c == '$' || c.is_whitespace()))
}

/// A decimal number in millionths. With `comma`, a comma parts the decimals even where it could part thousands.
fn decimal(cell: &str, comma: bool) -> Result<Micros, String> {
    let wrong = || format!("{} is no number", said(cell));
    if is_nothing(cell) {
        return Ok(Micros(0));
    }
    let bare: String =
        cell.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’' | '$')).collect();
    let (negative, digits) = match bare.strip_prefix(['-', '−']) {
        Some(digits) => (true, digits),
        // Bookkeepers put what is below 0 in brackets.
        None => match bare.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            Some(digits) => (true, digits),
            None => (false, bare.strip_prefix('+').unwrap_or(&bare)),
        },
    };
    if let Some((mantissa, exponent)) = digits.split_once(['e', 'E']) {
        // Spreadsheets write long numbers so.
        let value: f64 = format!("{mantissa}e{exponent}").parse().map_err(|_| wrong())?;
        return within(value * 1e6)
            .map(|micros| Micros(if negative { -micros } else { micros }))
            .ok_or_else(wrong);
    }
    let point = decimal_point(digits, comma);
    let (whole, fraction) = match point {
        Some(at) => (&digits[..at], &digits[at + 1..]),
        None => (digits, ""),
    };
    let whole = without_thousands(whole).ok_or_else(wrong)?;
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(&whole) || !all_digits(fraction) {
        return Err(wrong());
    }
    let units: i64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| wrong())? };
    let mut millionths: i64 = 0;
    for at in 0..6 {
        let digit = fraction.as_bytes().get(at).map_or(0, |b| i64::from(b - b'0'));
        millionths = millionths * 10 + digit;
    }
    if fraction.as_bytes().get(6).is_some_and(|b| *b >= b'5') {
        millionths += 1;
    }
    let micros =
        units.checked_mul(1_000_000).and_then(|units| units.checked_add(millionths)).ok_or_else(wrong)?;
    Ok(Micros(if negative { -micros } else { micros }))
}

/// Whole units without the signs between thousands (or, in India, hundreds of thousands); `None` where such signs stand
/// elsewhere.
fn without_thousands(whole: &str) -> Option<String> {
    let groups: Vec<&str> = whole.split([',', '.']).collect();
    let (first, rest) = groups.split_first()?;
    let sound = rest.last().is_none_or(|last| last.len() == 3)
        && rest.iter().all(|group| matches!(group.len(), 2 | 3))
        && (rest.is_empty() || matches!(first.len(), 1..=3));
    sound.then(|| groups.concat())
}

fn within(micros: f64) -> Option<i64> {
    (micros.is_finite() && micros.abs() < 9e18).then(|| micros.round() as i64)
}

/// Where the decimals begin, if there are any.
fn decimal_point(digits: &str, comma: bool) -> Option<usize> {
    let last = digits.rfind([',', '.'])?;
    let sign = digits.as_bytes()[last];
    let other = if sign == b',' { '.' } else { ',' };
    let once = digits.matches(sign as char).count() == 1;
    if digits.contains(other) {
        // Both stand in it: the last one parts the decimals, when it stands there once.
        return once.then_some(last);
    }
    let thousands = digits.len() - last - 1 == 3 && (1..=3).contains(&last) && &digits[..last] != "0";
    let decimals = match (sign, comma) {
        (b',', false) => !thousands,
        (b'.', true) => false,
        _ => true,
    };
    (once && decimals).then_some(last)
}

/// In which order a day's numbers stand where the name of the month is not written out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum DateOrder {
    /// Nothing has told yet; the American one is taken.
    #[default]
    Unknown,
    /// 9/30/2026.
    MonthFirst,
    /// 30/9/2026.
    DayFirst,
}

/// A day: `2026-09-30`, `20260930`, `Sep 30, 2026`, `30 Sep 2026`, `30.09.2026`, `9/30/2026`, a time of that day.
pub(super) fn day(cell: &str, order: &mut DateOrder) -> Result<Date, String> {
    let wrong = || format!("{} is no day", said(cell));
    let cell = cell.trim().trim_start_matches('\'');
    let head = cell.split_once('T').map_or(cell, |(head, _)| if head.len() == 10 { head } else { cell });
    if let Ok(day) = head.parse::<Date>() {
        return plausible(day).ok_or_else(wrong);
    }
    let parts: Vec<&str> = cell.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    if let [digits] = parts[..]
        && digits.len() == 8
    {
        let number =
            |range: std::ops::Range<usize>| digits.get(range).and_then(|part| part.parse::<i16>().ok());
        let (year, month, day) = (number(0..4), number(4..6), number(6..8));
        return build(year, month, day).ok_or_else(wrong);
    }
    let [a, b, c, ..] = parts[..] else { return Err(wrong()) };
    let number = |part: &str| part.parse::<i16>().ok();
    let built = match (month_of(a), month_of(b)) {
        (Some(month), _) => build(number(c), Some(month), number(b)),
        (_, Some(month)) => build(number(c), Some(month), number(a)),
        _ if a.len() == 4 => build(number(a), number(b), number(c)),
        _ if cell.contains('.') => build(number(c), number(b), number(a)),
        _ => {
            let (first, second) = (number(a).ok_or_else(wrong)?, number(b).ok_or_else(wrong)?);
            let told = match (first > 12, second > 12) {
                (true, false) => DateOrder::DayFirst,
                (false, true) => DateOrder::MonthFirst,
                _ => *order,
            };
            if *order != DateOrder::Unknown && told != *order {
                let cell = said(cell);
                return Err(format!("{cell} has day and month the other way round than the rows before"));
            }
            if told != DateOrder::Unknown {
                *order = told;
            }
            match told {
                DateOrder::DayFirst => build(number(c), Some(second), Some(first)),
                _ => build(number(c), Some(first), Some(second)),
            }
        }
    };
    built.ok_or_else(wrong)
}

fn month_of(word: &str) -> Option<i16> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let word = word.to_ascii_lowercase();
    let start = word.get(..3).filter(|_| word.bytes().all(|b| b.is_ascii_alphabetic()))?;
    (1..).zip(MONTHS).find_map(|(at, month)| (month == start).then_some(at))
}

fn build(year: Option<i16>, month: Option<i16>, day: Option<i16>) -> Option<Date> {
    let (year, month, day) = (year?, i8::try_from(month?).ok()?, i8::try_from(day?).ok()?);
    let year = if (0..100).contains(&year) { year + 2_000 } else { year };
    plausible(Date::new(year, month, day).ok()?)
}

/// Days of which there were no reports are misread ones.
fn plausible(day: Date) -> Option<Date> {
    (2_005..2_100).contains(&day.year()).then_some(day)
}

/// The days that some text names, such as a file's name or the line above a heading: its two days, in their order.
pub(super) fn days_in(text: &str) -> Option<TermPeriod> {
    let text = text.rsplit_once(": ").map_or(text, |(_, days)| days);
    let between = [" - ", " – ", " — ", " to "].iter().find_map(|sign| text.split_once(sign));
    if let Some((from, to)) = between {
        let mut order = DateOrder::default();
        if let (Ok(to), Ok(from)) = (day(to, &mut order), day(from, &mut order))
            && from <= to
        {
            return Some(TermPeriod { from, to });
        }
    }
    let mut found = text.split(|c: char| !(c.is_ascii_digit() || c == '-')).flat_map(dated);
    let (from, to) = (found.next()?, found.next()?);
    (from <= to && found.next().is_none()).then_some(TermPeriod { from, to })
}

/// The days in a run of digits and hyphens: `2026-09-01-2026-09-30`, `20260901-20260930`.
fn dated(run: &str) -> Vec<Date> {
    let mut days = Vec::new();
    let mut rest = run.trim_matches('-');
    while !rest.is_empty() {
        let iso = rest.get(..10).and_then(|head| head.parse::<Date>().ok()).and_then(plausible);
        if let Some(day) = iso {
            days.push(day);
            rest = rest[10..].trim_start_matches('-');
            continue;
        }
        let (head, tail) = rest.split_once('-').unwrap_or((rest, ""));
        if head.len() == 8 {
            days.extend(day(head, &mut DateOrder::default()));
        }
        rest = tail;
    }
    days
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(cell: &str, comma: bool) -> Option<i64> {
        money(cell, comma).ok().map(|(amount, _)| amount.0)
    }

    #[test]
    fn a_reason_quotes_no_more_of_a_cell_than_a_line_and_nothing_that_steers() {
        let cell = format!("1\t\u{1b}]0;pwn\u{7}{}", "x".repeat(100_000));
        for reason in [count(&cell, false).unwrap_err(), day(&cell, &mut DateOrder::default()).unwrap_err()] {
            assert!(reason.starts_with("1␉␛]0;pwn␇xxx") && reason.len() < 300, "{reason}");
        }
    }

    #[test]
    fn money_is_read_however_it_is_written() {
        for (cell, units) in [
            ("1234.5", 1_234_500_000),
            ("$1,234.50", 1_234_500_000),
            ("1,234", 1_234_000_000),
            ("12,5", 12_500_000),
            ("EUR 1.234,50", 1_234_500_000),
            ("1.234.567,89 €", 1_234_567_890_000),
            ("1,234,567", 1_234_567_000_000),
            ("1 234,50", 1_234_500_000),
            ("1\u{202f}234,50 €", 1_234_500_000),
            ("1'234.50", 1_234_500_000),
            ("-$3.10", -3_100_000),
            ("(3.10)", -3_100_000),
            ("0.0000014", 1),
            ("0.0000015", 2),
            ("1.5e1", 15_000_000),
            ("--", 0),
            ("", 0),
            ("N/A", 0),
            ("1.234", 1_234_000),
            (".5", 500_000),
        ] {
            assert_eq!(read(cell, false), Some(units), "{cell}");
        }
        assert_eq!(read("1.234", true), Some(1_234_000_000));
        assert_eq!(read("1,234", true), Some(1_234_000));
        assert_eq!(read("0,123", false), Some(123_000));
        assert_eq!(read("12,34,567.8", false), Some(1_234_567_800_000));
        for wrong in ["abc", "1.2.3,4,5", "1234,567,8", "12x", "9999999999999999", "1e99", "."] {
            assert_eq!(read(wrong, false), None, "{wrong}");
        }
    }

    #[test]
    fn currencies_are_told_apart_and_a_lone_dollar_is_nobodys() {
        for (cell, code) in [
            ("GBP 1.50", Some("GBP")),
            ("1,50 EUR", Some("EUR")),
            ("£2", Some("GBP")),
            ("US $12.00", Some("USD")),
            ("CA$1", Some("CAD")),
            ("$2", None),
            ("2", None),
        ] {
            assert_eq!(money(cell, false).unwrap().1, code, "{cell}");
        }
    }

    #[test]
    fn counts_are_whole_and_not_negative() {
        assert_eq!(count("1,234", false), Ok(1_234));
        assert_eq!(count("12.0", false), Ok(12));
        assert!(count("1.5", false).is_err() && count("-1", false).is_err() && count("12 %", false).is_err());
    }

    #[test]
    fn days_are_read_however_they_are_written() {
        let wanted = jiff::civil::date(2026, 9, 30);
        for cell in [
            "2026-09-30",
            "20260930",
            "Sep 30, 2026",
            "September 30, 2026",
            "30 Sep 2026",
            "30.09.2026",
            "9/30/2026",
            "30/9/2026",
            "2026/09/30",
            "2026-09-30T00:00:00Z",
            "2026-09-30 00:00:00",
            "9/30/26",
        ] {
            assert_eq!(day(cell, &mut DateOrder::default()), Ok(wanted), "{cell}");
        }
        for wrong in ["", "yesterday", "2026-02-30", "13/13/2026", "0001-01-01", "12", "2026"] {
            assert!(day(wrong, &mut DateOrder::default()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_file_keeps_one_order_of_day_and_month() {
        let mut order = DateOrder::default();
        assert_eq!(day("13/09/2026", &mut order), Ok(jiff::civil::date(2026, 9, 13)));
        assert_eq!(day("01/09/2026", &mut order), Ok(jiff::civil::date(2026, 9, 1)));
        assert!(day("09/13/2026", &mut order).unwrap_err().contains("other way round"));
    }

    #[test]
    fn names_of_files_and_lines_above_headings_tell_days() {
        let wanted = TermPeriod { from: jiff::civil::date(2026, 9, 1), to: jiff::civil::date(2026, 9, 30) };
        for text in [
            "bulk-a1b2c3-20260901-20260930-1759300000.xlsx",
            "search terms 2026-09-01-2026-09-30.csv",
            "terms_2026-09-01_2026-09-30.csv.gz",
            "Report period: Sep 1, 2026 - Sep 30, 2026",
            "2026-09-01 to 2026-09-30",
        ] {
            assert_eq!(days_in(text), Some(wanted), "{text}");
        }
        for none in ["report.csv", "2026-09-01.csv", "20260930-20260901.csv", "a - b"] {
            assert_eq!(days_in(none), None, "{none}");
        }
    }

    proptest! {
        #[test]
        fn no_cell_makes_it_panic(cell in "[0-9.,eE$€ ()'+-]{0,12}|\\PC{0,12}", comma: bool) {
            let _ = (money(&cell, comma), count(&cell, comma), day(&cell, &mut DateOrder::default()), days_in(&cell));
        }

        #[test]
        fn plain_decimals_come_back(units in 0_i64..1_000_000, cents in 0_i64..100) {
            let cell = format!("{units}.{cents:02}");
            prop_assert_eq!(read(&cell, false), Some(units * 1_000_000 + cents * 10_000));
        }
    }
}
