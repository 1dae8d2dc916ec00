//! Findings that are meant as they are: a file beside the data or in a repository, one entry each with the reason, sorted,
//! so that its differences can be read. Which finding is which is told by ids that outlive platform ids.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::domain::audit::{Finding, FindingId};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::shown;

/// The name of the file in the data folder, where no other is configured.
pub const BASELINE_FILE: &str = "audit-ignored.toml";

const HEAD: &str =
    "# Findings of `unbid audit` that are meant as they are. An entry goes when its block is deleted.\n";

/// One finding that is meant as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    rule: String,
    #[serde(default)]
    reason: String,
    /// What it said, for who reads the file.
    #[serde(default)]
    says: String,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    ignored: Vec<Entry>,
}

/// The ignored findings of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Baseline {
    file: PathBuf,
    entries: BTreeMap<FindingId, Entry>,
}

impl Baseline {
    /// An empty one, to be written to this file.
    pub fn new(file: &Path) -> Self {
        Self { file: file.to_owned(), entries: BTreeMap::new() }
    }

    /// Reads a file; one that is not there ignores nothing.
    pub fn load(file: &Path) -> Result<Self, Problem> {
        match std::fs::read_to_string(file) {
            Ok(text) => Self::parse(file, &text),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::new(file)),
            Err(error) => Err(wrong(file, &error.to_string())),
        }
    }

    /// Reads a file that somebody named: it has to be there.
    pub fn open(file: &Path) -> Result<Self, Problem> {
        let text = std::fs::read_to_string(file).map_err(|error| wrong(file, &error.to_string()))?;
        Self::parse(file, &text)
    }

    fn parse(file: &Path, text: &str) -> Result<Self, Problem> {
        let document: Document = toml_edit::de::from_str(text).map_err(|error| wrong(file, error.message()))?;
        let mut entries = BTreeMap::new();
        for entry in document.ignored {
            let id = FindingId::parse(&entry.id)
                .ok_or_else(|| wrong(file, &format!("{} is no id of a finding", shown(&entry.id))))?;
            entries.insert(id, entry);
        }
        Ok(Self { file: file.to_owned(), entries })
    }

    /// The file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// How many findings it ignores.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it ignores none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether a finding is ignored.
    pub fn has(&self, id: FindingId) -> bool {
        self.entries.contains_key(&id)
    }

    /// The ids of all of them.
    pub fn ids(&self) -> impl Iterator<Item = FindingId> + '_ {
        self.entries.keys().copied()
    }

    /// Ignores a finding for a reason; a reason that is there already stays where the new one is empty.
    pub fn ignore(&mut self, finding: &Finding, reason: &str) {
        let old = self.entries.get(&finding.id).map(|entry| entry.reason.clone()).unwrap_or_default();
        let reason = if reason.trim().is_empty() { old } else { reason.trim().to_owned() };
        let entry = Entry {
            id: finding.id.to_string(),
            rule: finding.info().id.to_owned(),
            reason,
            says: finding.message.clone(),
        };
        self.entries.insert(finding.id, entry);
    }

    /// Ignores a finding no longer.
    pub fn heed(&mut self, id: FindingId) {
        self.entries.remove(&id);
    }

    /// Forgets entries of findings that are not in the list: they are mended.
    pub fn keep_only(&mut self, findings: &[Finding]) {
        let there: std::collections::BTreeSet<FindingId> = findings.iter().map(|finding| finding.id).collect();
        self.entries.retain(|id, _| there.contains(id));
    }

    /// Writes the file whole, or leaves it as it was.
    pub fn save(&self) -> Result<(), Problem> {
        let mut ignored: Vec<Entry> = self.entries.values().cloned().collect();
        ignored.sort_by(|a, b| (&a.rule, &a.says, &a.id).cmp(&(&b.rule, &b.says, &b.id)));
        let body = toml_edit::ser::to_string_pretty(&Document { ignored })
            .map_err(|error| wrong(&self.file, &error.to_string()))?;
        let text = format!("{HEAD}\n{body}");
        let write = || -> std::io::Result<()> {
            let folder = self.file.parent().filter(|folder| !folder.as_os_str().is_empty());
            if let Some(folder) = folder {
                std::fs::create_dir_all(folder)?;
            }
            let mut beside = self.file.clone().into_os_string();
            beside.push(format!(".{}.new", std::process::id()));
            let mut new = std::fs::File::create(&beside)?;
            let written = new.write_all(text.as_bytes()).and_then(|()| new.sync_all());
            let moved = written.and_then(|()| std::fs::rename(&beside, &self.file));
            if moved.is_err() {
                // What was begun is of no use; that it stays lying there is the smaller trouble.
                let _ = std::fs::remove_file(&beside);
            }
            moved
        };
        write().map_err(|error| {
            Problem::new(ProblemKind::Storage, "The ignored findings cannot be written")
                .detail(format!("{}: {error}", self.file.display()))
                .hint("Name a file that can be written, with --write-baseline or `[audit] baseline`.")
        })
    }
}

fn wrong(file: &Path, why: &str) -> Problem {
    Problem::new(ProblemKind::Usage, "The list of ignored findings cannot be read")
        .detail(format!("{}: {}", file.display(), shown(why)))
        .hint("Correct that file, or name another with --baseline.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::audit::fixture::finding;

    #[test]
    fn what_is_written_reads_back_and_stays_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep").join("ignored.toml");
        let mut baseline = Baseline::load(&file).unwrap();
        assert!(baseline.is_empty());
        baseline.ignore(&finding("zeta"), "meant as it is");
        baseline.ignore(&finding("a \"quoted\" one"), "");
        baseline.save().unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.find("quoted") < text.find("zeta"), "{text}");
        let read = Baseline::open(&file).unwrap();
        assert_eq!(read, baseline);
        assert!(read.has(finding("zeta").id) && !read.has(finding("other").id));
        // Writing again changes no byte; a reason stays where none is given anew.
        let mut again = read;
        again.ignore(&finding("zeta"), "  ");
        again.save().unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
        again.keep_only(&[finding("zeta")]);
        assert_eq!(again.len(), 1);
        again.heed(finding("zeta").id);
        assert!(again.is_empty());
    }

    #[test]
    fn a_named_file_has_to_be_there_and_to_be_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("none.toml");
        assert!(Baseline::open(&file).unwrap_err().detail.contains("none.toml"));
        for wrong in ["ignored = 3", "[[ignored]]\nid = \"x\"\nrule = \"dead\"\n", "[[ignored]]\nwho = 1\n"] {
            std::fs::write(&file, wrong).unwrap();
            assert_eq!(Baseline::load(&file).unwrap_err().kind, ProblemKind::Usage, "{wrong}");
        }
    }
}
