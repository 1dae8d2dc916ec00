//! The README's tables are made from what the program itself knows; this test compares. To write them anew:
//! `UNBID_WRITE=1 cargo test --test generated`.

use std::fmt::Write as _;
use std::fs;

use unbid::domain::capabilities::{Certainty, Fact, Removal};
use unbid::domain::negative::{Kind, Level};
use unbid::platform::registry;
use unbid::ui::keymap::Keymap;

const README: &str = "README.md";

/// The README with what stands between the markers of `name` replaced.
fn with(readme: &str, name: &str, table: &str) -> String {
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let from = readme.find(&begin).unwrap_or_else(|| panic!("no {begin:?} in {README}")) + begin.len();
    let to = readme[from..].find(&end).unwrap_or_else(|| panic!("no {end:?} in {README}")) + from;
    format!("{}\n{table}\n{}", &readme[..from], &readme[to..])
}

fn keys() -> String {
    let mut table = String::from("| Where | Keys | Does |\n|---|---|---|\n");
    for row in Keymap::builtin().expect("the shipped keymap").table() {
        let keys: Vec<String> = row.keys.iter().map(|key| format!("`{}`", key.replace('|', "\\|"))).collect();
        let _ = writeln!(table, "| {} | {} | {} |", row.context, keys.join(", "), row.action.info().title);
    }
    table
}

fn figure(fact: Option<Fact<usize>>) -> String {
    match fact {
        None => "no documented limit".to_owned(),
        Some(fact) if fact.certainty == Certainty::Guessed => format!("{} (guess)", fact.value),
        Some(fact) => fact.value.to_string(),
    }
}

fn platforms() -> String {
    let all: Vec<_> = registry().iter().map(|platform| platform.capabilities()).collect();
    let mut table = String::from("|");
    for capabilities in &all {
        let _ = write!(table, " | {}", capabilities.title);
    }
    let _ = writeln!(table, " |\n|---{}|", "|---".repeat(all.len()));
    let mut line = |name: &str, cell: &dyn Fn(&unbid::domain::capabilities::Capabilities) -> String| {
        let _ = write!(table, "| {name}");
        for capabilities in &all {
            let _ = write!(table, " | {}", cell(capabilities));
        }
        table.push_str(" |\n");
    };
    line("kinds", &|one| {
        let kinds = [(Kind::Keyword, "keywords"), (Kind::Product, "products"), (Kind::Brand, "brands")];
        let has: Vec<&str> =
            kinds.iter().filter(|(kind, _)| one.has_kind(*kind)).map(|(_, word)| *word).collect();
        has.join(", ")
    });
    line("levels", &|one| {
        let levels = [(Level::Campaign, "campaign"), (Level::AdGroup, "ad group")];
        let has: Vec<&str> =
            levels.iter().filter(|(level, _)| one.has_level(*level)).map(|(_, word)| *word).collect();
        has.join(", ")
    });
    line("match types", &|one| {
        let rule = one.kinds.iter().find(|rule| rule.kind == Kind::Keyword);
        let words: Vec<String> =
            rule.map(|rule| rule.matches.iter().map(ToString::to_string).collect()).unwrap_or_default();
        words.join(", ")
    });
    line("characters", &|one| figure(Some(one.text.most_chars)));
    line("words, exact", &|one| figure(one.text.most_words_exact));
    line("words, phrase", &|one| figure(one.text.most_words_phrase));
    line("per ad group", &|one| figure(one.cap.per_ad_group));
    line("new ones per call", &|one| figure(Some(one.most_per_create)));
    line("remove means", &|one| match one.removal {
        Removal::Archive => "archived, for good".to_owned(),
        Removal::SwitchOff => "switched off".to_owned(),
    });
    table
}

#[test]
fn the_readme_says_what_the_program_knows() {
    let readme = fs::read_to_string(README).expect("a README");
    let made = with(&with(&readme, "platforms", &platforms()), "keys", &keys());
    if std::env::var_os("UNBID_WRITE").is_some() {
        return fs::write(README, &made).expect("written");
    }
    assert!(
        readme == made,
        "the README's tables are old; run `UNBID_WRITE=1 cargo test --test generated` and look at the change"
    );
}
