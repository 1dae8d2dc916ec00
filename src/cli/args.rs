//! What may be typed: every command, flag and default. Each command's meaning is in its own file.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

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
#[allow(dead_code, reason = "the commands that read them come next")]
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
    /// Serve the built-in sandbox for other programs, until SIGINT or SIGTERM
    Sandbox(SandboxArgs),
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
