//! `[audit]`: rules off, thresholds, own words. What they mean is the audit's business; here each mistake gets its line.

use std::path::PathBuf;

use toml_edit::{Item, TableLike};

use super::Config;
use super::read::Source;
use crate::domain::account::AccountName;
use crate::domain::audit::{self, Thresholds};
use crate::domain::problem::Problem;

/// Reads the table.
pub(super) fn read(at: &Source<'_>, item: &Item, config: &mut Config) -> Result<(), Problem> {
    for (key, value) in at.table("audit", item)?.iter() {
        let set = &mut config.audit;
        match key {
            "off" => set.off = rules(at, value)?,
            "own_brands" => set.own_brands = words(at, "audit.own_brands", value)?,
            "competitors" => set.competitors = words(at, "audit.competitors", value)?,
            "protected_words" => set.protected_words = words(at, "audit.protected_words", value)?,
            "late_days" => {
                for (name, days) in at.table("audit.late_days", value)?.iter() {
                    let key = format!("audit.late_days.{name}");
                    set.late_days.insert(AccountName::new(name), number(at, &key, days, 365)?);
                }
            }
            "baseline" => {
                let path = PathBuf::from(at.string("audit.baseline", value)?);
                // As secrets' files are: beside the configuration that names it.
                config.baseline = Some(at.beside(&path));
            }
            "thresholds" => thresholds(at, at.table("audit.thresholds", value)?, &mut set.thresholds)?,
            _ => return Err(at.unknown("audit", key, value)),
        }
    }
    Ok(())
}

fn thresholds(at: &Source<'_>, table: &dyn TableLike, set: &mut Thresholds) -> Result<(), Problem> {
    for (key, value) in table.iter() {
        let full = format!("audit.thresholds.{key}");
        match key {
            "revenue_orders" => set.revenue_orders = number(at, &full, value, u32::MAX)?.into(),
            "revenue_after_days" => set.revenue_after_days = number(at, &full, value, 365)?,
            "near_limit_percent" => set.near_limit_percent = number::<u16>(at, &full, value, 100)?.into(),
            "promote_groups" => set.promote_groups = number::<u16>(at, &full, value, u16::MAX)?.into(),
            "broad_reach_percent" => set.broad_reach_percent = number::<u16>(at, &full, value, 100)?.into(),
            "waste_clicks" => set.waste_clicks = number(at, &full, value, u32::MAX)?.into(),
            "waste_click_factor" => set.waste_click_factor = fraction(at, &full, value)?,
            "waste_days" => set.waste_days = number(at, &full, value, 365)?,
            "waste_terms" => set.waste_terms = number::<u16>(at, &full, value, u16::MAX)?.into(),
            "waste_words" => set.waste_words = number::<u16>(at, &full, value, 10)?.into(),
            "rate_orders" => set.rate_orders = number(at, &full, value, u32::MAX)?.into(),
            "rate_percent" => set.rate_percent = fraction(at, &full, value)?,
            "vanished_days" => set.vanished_days = number(at, &full, value, 3_650)?,
            _ => return Err(at.unknown("audit.thresholds", key, value)),
        }
    }
    Ok(())
}

/// A whole number from 0 to `most`.
fn number<N: TryFrom<i64> + PartialOrd + Copy + std::fmt::Display>(
    at: &Source<'_>,
    key: &str,
    value: &Item,
    most: N,
) -> Result<N, Problem> {
    let number = value.as_integer().and_then(|number| N::try_from(number).ok());
    number
        .filter(|number| *number <= most)
        .ok_or_else(|| at.wrong(key, value, &format!("must be a whole number from 0 to {most}")))
}

fn fraction(at: &Source<'_>, key: &str, value: &Item) -> Result<f64, Problem> {
    let whole = || value.as_integer().and_then(|number| i32::try_from(number).ok()).map(f64::from);
    let number = value.as_float().or_else(whole);
    number
        .filter(|number| *number > 0.0 && *number <= 100.0)
        .ok_or_else(|| at.wrong(key, value, "must be a number above 0 and up to 100"))
}

fn words(at: &Source<'_>, key: &str, value: &Item) -> Result<Vec<String>, Problem> {
    let list = value.as_array().map(|list| list.iter().map(|word| word.as_str().map(str::to_owned)).collect());
    let list: Option<Option<Vec<String>>> = list;
    list.flatten()
        .filter(|words| words.iter().all(|word| !word.trim().is_empty()))
        .ok_or_else(|| at.wrong(key, value, "must be a list of texts, none of them empty"))
}

fn rules(at: &Source<'_>, value: &Item) -> Result<Vec<String>, Problem> {
    let off = words(at, "audit.off", value)?;
    if let Some(unknown) = off.iter().find(|id| audit::rule(id).is_none()) {
        let all: Vec<&str> = audit::RULES.iter().map(|rule| rule.info().id).collect();
        let why = format!("names no rule with \"{unknown}\"; the rules are {}", all.join(", "));
        return Err(at.wrong("audit.off", value, &why));
    }
    Ok(off)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn parse(text: &str) -> Result<Config, Problem> {
        Config::parse(text, Path::new("/etc/unbid/config.toml"))
    }

    #[test]
    fn everything_can_be_set() {
        let config = parse(
            "[audit]\noff = [\"promote\"]\nown_brands = [\"Acme\"]\ncompetitors = [\"Rival\"]\nprotected_words = [\"gift\"]\nlate_days = { acme-vendor = 14 }\nbaseline = \"ignored.toml\"\n[audit.thresholds]\nwaste_clicks = 20\nrate_percent = 7.5\n",
        )
        .expect("valid");
        let set = config.audit;
        assert_eq!((set.off, set.own_brands), (vec!["promote".to_owned()], vec!["Acme".to_owned()]));
        assert_eq!(set.late_days[&AccountName::new("acme-vendor")], 14);
        assert_eq!((set.thresholds.waste_clicks, set.thresholds.waste_days), (20, 2));
        assert!((set.thresholds.rate_percent - 7.5).abs() < f64::EPSILON);
        assert_eq!(config.baseline.as_deref(), Some(Path::new("/etc/unbid/ignored.toml")));
    }

    #[test]
    fn every_mistake_names_file_line_and_key() {
        for (text, title, line) in [
            ("[audit]\nrules = 1\n", "`audit.rules` is no key of the configuration", 2),
            (
                "[audit]\nown_brands = \"Acme\"\n",
                "`audit.own_brands` must be a list of texts, none of them empty",
                2,
            ),
            (
                "[audit]\n\ncompetitors = [\" \"]\n",
                "`audit.competitors` must be a list of texts, none of them empty",
                3,
            ),
            (
                "[audit.thresholds]\nnear_limit_percent = 101\n",
                "`audit.thresholds.near_limit_percent` must be a whole number from 0 to 100",
                2,
            ),
            (
                "[audit.thresholds]\nrate_percent = 0\n",
                "`audit.thresholds.rate_percent` must be a number above 0 and up to 100",
                2,
            ),
            (
                "[audit]\nlate_days = { a = \"x\" }\n",
                "`audit.late_days.a` must be a whole number from 0 to 365",
                2,
            ),
        ] {
            let problem = parse(text).expect_err("should be refused");
            assert_eq!(
                (problem.title.as_str(), problem.detail),
                (title, format!("/etc/unbid/config.toml:{line}"))
            );
        }
        let problem = parse("[audit]\noff = [\"waist\"]\n").expect_err("should be refused");
        assert!(
            problem.title.starts_with("`audit.off` names no rule with \"waist\"; the rules are "),
            "{problem}"
        );
    }
}
