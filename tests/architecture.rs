//! Keeps the rules of who may use whom: reads every `crate::module` path in the sources.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Which of our modules each module may use, itself aside. The picture is in the crate documentation.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("secrets", &["domain"]),
    ("config", &["domain", "secrets"]),
    ("platform", &["domain", "config", "secrets"]),
    ("store", &["domain"]),
    ("engine", &["domain", "store", "platform"]),
    ("ui", &["domain"]),
    ("runtime", &["domain", "store", "engine", "platform", "ui", "config"]),
    ("sandbox", &[]),
    ("cli", &["domain", "store", "engine", "platform", "ui", "runtime", "config", "secrets", "sandbox"]),
];

/// Words that would make a pure module impure.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "Instant::now",
    "SystemTime::now",
    "Timestamp::now",
    "Zoned::now",
    "tokio::",
    "reqwest::",
    "rusqlite::",
    "async fn",
    ".await;",
    ".await?",
    ".await)",
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a source folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The code of a file without comments and tests; nothing of a file that is there for tests alone.
fn code(path: &Path) -> String {
    const FOR_TESTS: &[&str] = &["testing", "tests", "fixture"];
    if path.with_extension("").iter().any(|part| FOR_TESTS.iter().any(|name| part == *name)) {
        return String::new();
    }
    let text = fs::read_to_string(path).expect("a readable source");
    let shipped = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    shipped.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn module_of(path: &Path) -> String {
    let inside = path.strip_prefix("src").expect("a path below src");
    let first = inside.components().next().expect("a component").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The first segment after every `crate::` in the code.
fn uses(code: &str) -> BTreeSet<String> {
    let name =
        |path: &str| -> String { path.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let mut found = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(group) => {
                let group = group.split('}').next().unwrap_or_default();
                found.extend(group.split(',').map(|path| name(path.trim())));
            }
            None => {
                found.insert(name(rest));
            }
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

/// The lines of `folders` that `wrong` objects to, with their files.
fn offences(folders: &[&str], wrong: impl Fn(&str) -> Vec<String>) -> Vec<String> {
    folders
        .iter()
        .flat_map(|folder| sources(Path::new(folder)))
        .flat_map(|path| {
            wrong(&code(&path)).into_iter().map(move |what| format!("{} has {what}", path.display()))
        })
        .collect()
}

#[test]
fn arrows_only_point_right() {
    let mut wrong = Vec::new();
    for path in sources(Path::new("src")) {
        let module = module_of(&path);
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == module) else {
            assert!(["lib", "main"].contains(&module.as_str()), "{module} has no rule");
            continue;
        };
        for used in uses(&code(&path)) {
            let ours = MAY_USE.iter().any(|(name, _)| *name == used);
            if ours && used != module && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{} uses crate::{used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn domain_and_ui_are_pure() {
    let wrong = offences(&["src/domain", "src/ui"], |code| {
        IMPURE.iter().filter(|word| code.contains(**word)).map(ToString::to_string).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_registry_and_the_sandbox_name_a_platform() {
    let wrong = offences(&["src/engine", "src/ui", "src/store", "src/runtime", "src/domain"], |code| {
        let names = ["\"amazon\"", "\"ebay\"", "\"sams\""];
        names.iter().filter(|word| code.contains(**word)).map(ToString::to_string).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reading_itself_is_right() {
    assert_eq!(uses("use crate::{store, domain::ids};\ncrate::engine::x()").len(), 3);
    assert_eq!(module_of(Path::new("src/config.rs")), "config");
    assert_eq!(module_of(Path::new("src/ui/screens/browse.rs")), "ui");
}
