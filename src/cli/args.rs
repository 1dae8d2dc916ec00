//! What may be typed: every command, flag and default. Each command's meaning is in its own file. What stages
//! and sends is in `writes`.

mod terms;
mod writes;

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use super::output::Format;
use crate::domain::audit::Severity;
use crate::domain::negative::{Kind, MatchType, State};

pub use terms::{TermsCommand, TermsFetchArgs, TermsImportArgs, TermsListArgs};
pub use writes::{
    AddArgs, ApplyArgs, ConsentArgs, HistoryArgs, Narrow, PlanArgs, RemoveArgs, SendArgs, SetStateArgs,
    UndoArgs, UnstageArgs,
};

/// Every negative of Amazon Ads, eBay Promoted Listings and Sam's Club ads on one screen.
///
/// Without a command it opens the screen on the configured accounts.
#[derive(Debug, Parser)]
#[command(name = "unbid", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub global: Global,
    /// The command; none opens the screen.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Flags of every command, before or after its name.
#[derive(Clone, Debug, Default, Args)]
pub struct Global {
    /// The configuration file; without it the one in the XDG config folder, unbid/config.toml
    #[arg(long, global = true, value_name = "FILE", env = "UNBID_CONFIG")]
    pub config: Option<PathBuf>,
    /// The folder of the local database; without it the one in the XDG data folder, unbid
    #[arg(long, global = true, value_name = "DIR", env = "UNBID_DATA_DIR")]
    pub data_dir: Option<PathBuf>,
    /// Only this account; may be given several times [default: all]
    #[arg(long = "account", global = true, value_name = "NAME")]
    pub accounts: Vec<String>,
    /// Send nothing that changes anything
    #[arg(long, global = true)]
    pub read_only: bool,
    /// When to colour what is printed
    #[arg(long, global = true, value_enum, default_value_t = ColorWhen::Auto)]
    pub color: ColorWhen,
    /// Say more on stderr; twice for every request
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Say nothing on stderr but errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open the screen on a built-in sandbox: no credentials, nothing leaves this machine
    Demo(DemoArgs),
    /// Serve the built-in sandbox for other programs, until SIGINT or SIGTERM
    Sandbox(SandboxArgs),
    /// Sign in by the platform's consent page and store the refresh token
    Login(LoginArgs),
    /// Check config, credentials, each account, clock, cache and terminal; one line each
    Doctor(DoctorArgs),
    /// Refresh the local snapshot
    Sync(SyncArgs),
    /// Print negatives from the local snapshot
    List(ListArgs),
    /// Stage new negatives
    Add(AddArgs),
    /// Stage a change of state
    SetState(SetStateArgs),
    /// Stage removals: archived on Amazon and eBay, switched off on Sam's Club
    Remove(RemoveArgs),
    /// Make and save a plan of the staged changes and print what would be sent
    Plan(PlanArgs),
    /// Plan and send the staged changes of the chosen accounts
    Apply(ApplyArgs),
    /// Drop staged changes: all, or by number
    Unstage(UnstageArgs),
    /// Search terms: load reports, print what is loaded
    #[command(subcommand)]
    Terms(TermsCommand),
    /// Audit the local snapshot: conflicts, lost sales, waste, hygiene
    Audit(AuditArgs),
    /// Tell what negatives would block among the loaded search terms; sends nothing
    Simulate(SimulateArgs),
    /// Print the journal: what was sent, or all there is of one operation
    History(HistoryArgs),
    /// Stage what takes an operation back, as a plan of its own
    Undo(UndoArgs),
    /// Print the key table
    Keys(FormatArgs),
    /// Print shell completions
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the man page
    Man,
}

/// How large the sandbox's world is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum WorldSize {
    /// About 60 campaigns and 5,000 negatives.
    #[default]
    Small,
    /// About 2,000 campaigns and 150,000 negatives.
    Medium,
    /// About 10,000 campaigns and 1,000,000 negatives.
    Large,
}

/// Flags of `demo`.
#[derive(Debug, Default, Args)]
pub struct DemoArgs {
    /// How large the invented world is
    #[arg(long, value_enum, default_value_t)]
    pub size: WorldSize,
    /// Which invented world it is
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Flags of `sandbox`.
#[derive(Debug, Args)]
pub struct SandboxArgs {
    /// Address of the first listener, loopback only; port P takes P to P+3, port 0 any free ones
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDR:PORT")]
    pub listen: std::net::SocketAddr,
    /// How large the invented world is
    #[arg(long, value_enum, default_value_t)]
    pub size: WorldSize,
    /// Which invented world it is
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The world's "today"
    #[arg(long, default_value = "2026-10-01", value_name = "DATE")]
    pub today: jiff::civil::Date,
    /// Also write a configuration with one account per profile, marketplace and advertiser
    #[arg(long, value_name = "FILE")]
    pub config_out: Option<PathBuf>,
    /// A JSON list of faults to start with
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
}

/// What `login` takes.
#[derive(Debug, Args)]
pub struct LoginArgs {
    /// The account's name in the configuration
    #[arg(value_name = "ACCOUNT")]
    pub account: String,
}

/// Flags of `doctor`.
#[derive(Debug, Default, Args)]
pub struct DoctorArgs {
    /// Set a damaged or newer database aside, so that the next start makes a fresh one; nothing is deleted
    #[arg(long)]
    pub fix: bool,
}

/// Flags of `sync`.
#[derive(Debug, Args)]
pub struct SyncArgs {
    /// Fetch everything, also what has surely not changed
    #[arg(long)]
    pub full: bool,
    /// How to print the result
    #[command(flatten)]
    pub output: FormatArgs,
}

/// `--format`.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct FormatArgs {
    /// How to print rows
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Flags of `list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Only this platform
    #[arg(long, value_name = "P")]
    pub platform: Option<String>,
    /// Only this campaign
    #[arg(long, value_name = "ID")]
    pub campaign: Option<String>,
    /// Only this ad group
    #[arg(long, value_name = "ID")]
    pub ad_group: Option<String>,
    /// Only this state
    #[arg(long, value_parser = word::<State>)]
    pub state: Option<State>,
    /// Only this kind
    #[arg(long, value_parser = word::<Kind>)]
    pub kind: Option<Kind>,
    /// Only this match type
    #[arg(long = "match", value_name = "MATCH", value_parser = word::<MatchType>)]
    pub match_type: Option<MatchType>,
    /// Only texts that contain this, case aside
    #[arg(long)]
    pub text: Option<String>,
    /// How to print
    #[command(flatten)]
    pub output: FormatArgs,
}

/// How an audit is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    /// Columns for people.
    #[default]
    Table,
    /// One JSON document.
    Json,
    /// SARIF 2.1.0, for code-scanning pages.
    Sarif,
    /// A report for people.
    Markdown,
}

/// Flags of `audit`.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: AuditFormat,
    /// Exit with 3 when a finding is that bad or worse: info, warning, error
    #[arg(long, value_name = "SEVERITY", value_parser = AuditArgs::severity)]
    pub fail_on: Option<Severity>,
    /// Leave out the findings of this file; without it those ignored on the screen
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write what is found now into this file, so that it is left out later
    #[arg(long, value_name = "FILE")]
    pub write_baseline: Option<PathBuf>,
    /// Only this rule; may be given several times
    #[arg(long, value_name = "ID", num_args = 1..)]
    pub rule: Vec<String>,
    /// Also what is hidden by default: isolation and harvest that work
    #[arg(long)]
    pub all: bool,
    /// Only rows of search terms whose last day is this one or a later one
    #[arg(long, value_name = "DATE")]
    pub since: Option<jiff::civil::Date>,
}

/// Flags of `simulate`.
#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// How the keywords match
    #[arg(long = "match", value_name = "MATCH", value_parser = word::<MatchType>)]
    pub match_type: Option<MatchType>,
    /// Only in this campaign; without it in the whole account
    #[arg(long, value_name = "ID")]
    pub campaign: Option<String>,
    /// Only in this ad group
    #[arg(long, value_name = "ID")]
    pub ad_group: Option<String>,
    /// The staged additions, each where it is staged for
    #[arg(long, conflicts_with_all = ["match_type", "campaign", "ad_group", "texts"])]
    pub staged: bool,
    /// Only rows of search terms whose last day is this one or a later one
    #[arg(long, value_name = "DATE")]
    pub since: Option<jiff::civil::Date>,
    /// Keyword texts; they are not checked
    #[arg(value_name = "TEXT")]
    pub texts: Vec<String>,
    /// How to print
    #[command(flatten)]
    pub output: FormatArgs,
}

/// Reads one of an enum's words; the refusal names them all.
pub(super) fn word<T: std::str::FromStr + strum::VariantArray + std::fmt::Display>(
    text: &str,
) -> Result<T, String> {
    text.parse().map_err(|_| {
        let known: Vec<String> = T::VARIANTS.iter().map(ToString::to_string).collect();
        format!("use one of {}", known.join(", "))
    })
}
