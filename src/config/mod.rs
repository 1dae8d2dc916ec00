//! The configuration: file, environment and flags to [`Config`]. Uses nothing of ours but `domain`'s
//! words; which keys an account takes is its platform's business. `read` walks the file, `account` holds
//! what stands in one `[[account]]`, `paths` says where things lie.

mod account;
mod audit;
pub mod paths;
mod read;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use account::{AccountConfig, Place, Setting};

use crate::domain::account::AccountName;
use crate::domain::audit::AuditConfig;
use crate::domain::ids::PlatformId;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::term::TermColumn;

/// The whole configuration. Every key has a default; a wrong one is an error with file, line and key.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file that was read, or would have been.
    pub file: PathBuf,
    /// The accounts, in the order of the file.
    pub accounts: Vec<AccountConfig>,
    /// `[apply]`.
    pub apply: ApplySettings,
    /// `[sync]`.
    pub sync: SyncSettings,
    /// `[ui]`.
    pub ui: UiSettings,
    /// `[terms]`.
    pub terms: TermsSettings,
    /// `[audit]`.
    pub audit: AuditConfig,
    /// `[audit] baseline`: the file of ignored findings, where it is not the data folder's.
    pub baseline: Option<PathBuf>,
}

/// `[terms]`: how reports of search terms are fetched and read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsSettings {
    /// Whether terms are fetched behind the screen.
    pub fetch: bool,
    /// Terms older than this are fetched behind the screen.
    pub max_age: Duration,
    /// How many days are fetched.
    pub days: u16,
    /// The last day that is fetched; `None` for the last one that is over where the account is.
    pub until: Option<jiff::civil::Date>,
    /// Headings of reports that are not known by themselves, by an account's name or a platform's.
    pub columns: BTreeMap<String, BTreeMap<TermColumn, String>>,
    /// The line on which the headings of each begin.
    pub lines: BTreeMap<String, usize>,
}

impl Default for TermsSettings {
    fn default() -> Self {
        Self {
            fetch: true,
            max_age: Duration::from_hours(24),
            days: 60,
            until: None,
            columns: BTreeMap::new(),
            lines: BTreeMap::new(),
        }
    }
}

impl TermsSettings {
    /// The headings mapped for an account: its own, and those of its platform that it does not map itself.
    pub fn columns_of(&self, account: &AccountName, platform: &PlatformId) -> BTreeMap<TermColumn, String> {
        let mut columns = self.columns.get(platform.as_str()).cloned().unwrap_or_default();
        columns.extend(self.columns.get(account.as_str()).cloned().unwrap_or_default());
        columns
    }
}

/// `[apply]`: how changes are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplySettings {
    /// How long after a send whose outcome is unknown a listing is trusted to show what is there.
    pub settle: Duration,
}

/// `[sync]`: when the snapshot is refreshed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncSettings {
    /// A snapshot older than this is refreshed behind the screen.
    pub max_age: Duration,
}

/// The colours of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::Display, strum::VariantNames)]
#[strum(serialize_all = "lowercase")]
pub enum ThemeName {
    /// Light text on a dark ground.
    Dark,
    /// Dark text on a light ground.
    Light,
    /// No colour at all.
    Mono,
}

/// `[ui]`: how the screen looks and listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UiSettings {
    /// The colours; `NO_COLOR` makes it [`ThemeName::Mono`].
    pub theme: ThemeName,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// Whether only ASCII symbols are drawn.
    pub ascii: bool,
    /// Whether spinners move.
    pub motion: bool,
}

impl Config {
    /// What holds when there is no file.
    pub fn empty(file: &Path) -> Self {
        Self {
            file: file.to_owned(),
            accounts: Vec::new(),
            // Platforms show new items late; the time was chosen above what their pages admit to.
            apply: ApplySettings { settle: Duration::from_secs(15) },
            sync: SyncSettings { max_age: Duration::from_mins(15) },
            ui: UiSettings { theme: ThemeName::Dark, mouse: true, ascii: false, motion: true },
            terms: TermsSettings::default(),
            audit: AuditConfig::default(),
            baseline: None,
        }
    }

    /// Reads the file. A file that is not there is no error unless it was asked for by name.
    pub fn load(file: &Path, asked_for: bool) -> Result<Self, Problem> {
        match read_text(file) {
            Ok(text) => Self::parse(&text, file),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !asked_for => Ok(Self::empty(file)),
            Err(error) => Err(Problem::new(ProblemKind::Config, "The configuration cannot be read")
                .detail(format!("{}: {error}", file.display()))
                .hint("Name a readable file with --config or UNBID_CONFIG.")),
        }
    }

    /// Refuses headings that are neither an account's nor a platform's; which platforms there are, the caller knows.
    pub fn check_columns(&self, is_platform: impl Fn(&str) -> bool) -> Result<(), Problem> {
        let known =
            |whose: &str| is_platform(whose) || self.accounts.iter().any(|one| one.name.as_str() == whose);
        let Some((whose, line)) = self.terms.lines.iter().find(|(whose, _)| !known(whose)) else {
            return Ok(());
        };
        let title = format!("`terms.columns.{whose}` names no account and no platform");
        Err(Problem::new(ProblemKind::Config, title)
            .detail(format!("{}:{line}", self.file.display()))
            .hint("Write the name of an [[account]], or of a platform, as it is."))
    }

    /// Reads the text of a configuration file; `file` is for errors and for paths relative to it.
    ///
    /// ```
    /// use std::path::Path;
    /// use unbid::config::Config;
    /// let error = Config::parse("[sync]\nmax_age = 15\n", Path::new("c.toml")).unwrap_err();
    /// assert_eq!(error.to_string().lines().next(), Some("`sync.max_age` must be a time such as \"15m\": c.toml:2"));
    /// ```
    pub fn parse(text: &str, file: &Path) -> Result<Self, Problem> {
        read::read(text, file)
    }
}

/// No configuration is larger, nor is any secret: what is named by mistake (a device, a log) is not read to its end.
const LARGEST: u64 = 4 << 20;

fn read_text(file: &Path) -> std::io::Result<String> {
    let bytes = crate::secrets::read_bounded(file, LARGEST)?;
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + memchr::memchr_iter(b'\n', before).count();
        std::io::Error::new(std::io::ErrorKind::InvalidData, format!("line {line} is not UTF-8"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_text_or_has_no_end_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("c.toml");
        std::fs::write(&file, b"[ui]\ntheme = \"\xff\"\n").expect("written");
        let problem = Config::load(&file, true).expect_err("no UTF-8");
        assert!(problem.detail.ends_with("c.toml: line 2 is not UTF-8"), "{problem}");
        std::fs::File::create(&file).and_then(|file| file.set_len(LARGEST + 1)).expect("sparse");
        let problem = Config::load(&file, true).expect_err("too large");
        assert!(problem.detail.contains("larger than"), "{problem}");
        let problem = Config::load(folder.path(), true).expect_err("a folder");
        assert!(problem.detail.contains("directory"), "{problem}");
    }

    fn parse(text: &str) -> Result<Config, Problem> {
        Config::parse(text, Path::new("/etc/unbid/config.toml"))
    }

    fn refusal(text: &str) -> (String, String) {
        let problem = parse(text).expect_err("should be refused");
        (problem.title, problem.detail)
    }

    #[test]
    fn an_account_keeps_its_platform_keys_with_their_lines() {
        let config = parse(
            "[[account]]\nname = \"acme-us\"\nplatform = \"amazon\"\nprofile_id = \"1\"\nclient_secret = { env = \"S\" }\n",
        )
        .expect("valid");
        let account = &config.accounts[0];
        assert_eq!(account.name.as_str(), "acme-us");
        assert_eq!(account.text("profile_id").ok().flatten(), Some("1"));
        assert_eq!(account.settings["client_secret"].1, 5);
        assert!(!account.read_only && !account.protected);
    }

    #[test]
    fn numbers_are_taken_where_an_id_is_meant() {
        let config =
            parse("[[account]]\nname = \"a\"\nplatform = \"sams\"\nadvertiser_id = 4321\n").expect("valid");
        assert_eq!(config.accounts[0].text("advertiser_id").ok().flatten(), Some("4321"));
    }

    #[test]
    fn every_mistake_names_file_line_and_key() {
        let at = |line| format!("/etc/unbid/config.toml:{line}");
        for (text, title, line) in [
            ("[terms]\ndays = 0\n", "`terms.days` must be a number of days, 1 to 400", 2),
            ("[terms]\nuntil = \"yesterday\"\n", "`terms.until` must be a day such as \"2026-09-30\"", 2),
            ("[sync]\nmax_age = \"soon\"\n", "`sync.max_age` must be a time such as \"15m\"", 2),
            ("[apply]\n\nsettle_ms = -1\n", "`apply.settle_ms` must be a number of milliseconds", 3),
            ("[ui]\ntheme = \"pink\"\n", "`ui.theme` must be one of dark, light, mono", 2),
            ("[ui]\nmouse = 1\n", "`ui.mouse` must be true or false", 2),
            ("[uii]\n", "`uii` is no key of the configuration", 1),
            ("[sync]\nage = 1\n", "`sync.age` is no key of the configuration", 2),
            ("[[account]]\nplatform = \"ebay\"\n", "`account.name` is missing", 1),
            ("[[account]]\nname = \"a\"\n", "`account.platform` is missing", 1),
            ("[[account]]\nname = \"a\"\nplatform = \"ebay\"\nx = [1]\n", "`account.x` must be a string", 4),
            (
                "[[account]]\nname = \"a\"\nplatform = \"ebay\"\nx = { evn = \"S\" }\n",
                "`account.x` must be a string, or one of { env = … }, { file = … }, { keyring = … }",
                4,
            ),
            ("account = 3\n", "`account` must be a list of tables: [[account]]", 1),
        ] {
            assert_eq!(refusal(text), (title.to_owned(), at(line)), "{text}");
        }
    }

    #[test]
    fn two_accounts_of_one_name_are_refused() {
        let (title, detail) = refusal(
            "[[account]]\nname = \"a\"\nplatform = \"ebay\"\n[[account]]\nname = \"a\"\nplatform = \"sams\"\n",
        );
        assert_eq!((title.as_str(), detail.ends_with(":5")), ("The account name \"a\" is used twice", true));
    }

    #[test]
    fn the_commented_file_states_the_defaults() {
        let written = parse(include_str!("../../assets/config.toml")).expect("valid");
        let empty = Config::empty(Path::new("c"));
        assert_eq!((written.apply, written.sync, written.ui), (empty.apply, empty.sync, empty.ui));
        assert_eq!((written.audit, written.baseline), (empty.audit, empty.baseline));
        assert_eq!(written.terms, empty.terms);
    }

    #[test]
    fn an_accounts_headings_come_before_its_platforms() {
        let config = parse(
            "[terms.columns.amazon]\nterm = \"Suchbegriff\"\nclicks = \"Klicks\"\n[terms.columns.acme]\nclicks = \"Clics\"\n",
        );
        let terms = config.expect("valid").terms;
        let columns = terms.columns_of(&AccountName::new("acme"), &PlatformId::new("amazon"));
        assert_eq!(columns[&TermColumn::Term], "Suchbegriff");
        assert_eq!(columns[&TermColumn::Clicks], "Clics");
        let (title, detail) = refusal("[terms.columns.acme]\nkliks = \"x\"\n");
        assert!(title.contains("`terms.columns.acme.kliks`") && title.contains("ad_group_id"), "{title}");
        assert_eq!(detail, "/etc/unbid/config.toml:2");
    }

    #[test]
    fn headings_of_nobody_are_refused_with_their_line() {
        let config =
            parse("[ui]\n[terms.columns.amazon]\nterm = \"x\"\n[terms.columns.acme-x]\nterm = \"x\"\n");
        let refusal = config.expect("valid").check_columns(|name| name == "amazon").expect_err("a typo");
        assert_eq!(refusal.title, "`terms.columns.acme-x` names no account and no platform");
        assert_eq!(refusal.detail, "/etc/unbid/config.toml:4");
    }

    #[test]
    fn a_syntax_error_names_its_line() {
        let (title, detail) = refusal("[ui]\ntheme = \n");
        assert_eq!(title, "The configuration is not valid TOML");
        assert!(detail.starts_with("/etc/unbid/config.toml:2: "), "{detail}");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,80}") {
            let _ = parse(&text);
        }
    }
}
