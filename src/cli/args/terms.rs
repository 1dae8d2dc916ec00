//! What may be typed after `terms`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::FormatArgs;

/// The commands of `terms`.
#[derive(Debug, Subcommand)]
pub enum TermsCommand {
    /// Load a search-term report from a file
    Import(TermsImportArgs),
    /// Fetch search-term reports from the platforms; it can take them hours to make one
    Fetch(TermsFetchArgs),
    /// Print the loaded rows
    List(TermsListArgs),
}

/// Flags of `terms import`.
#[derive(Debug, Args)]
pub struct TermsImportArgs {
    /// The report as it was downloaded: CSV, TSV, JSON or XLSX, packed by gzip or zip or not; `-` is stdin
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Take the file's days from reports that are loaded already
    #[arg(long)]
    pub replace: bool,
    /// The first day it covers, for files that do not say
    #[arg(long, value_name = "DATE", requires = "to")]
    pub from: Option<jiff::civil::Date>,
    /// The last day it covers
    #[arg(long, value_name = "DATE", requires = "from")]
    pub to: Option<jiff::civil::Date>,
    /// How to print the result
    #[command(flatten)]
    pub output: FormatArgs,
}

/// Flags of `terms fetch`.
#[derive(Debug, Args)]
pub struct TermsFetchArgs {
    /// How many days, up to the last one that is over [default: 60, or `terms.days` of the configuration]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=400))]
    pub days: Option<u16>,
    /// Also days whose figures the platform does not revise any more
    #[arg(long)]
    pub full: bool,
    /// How to print the result
    #[command(flatten)]
    pub output: FormatArgs,
}

/// Flags of `terms list`.
#[derive(Debug, Args)]
pub struct TermsListArgs {
    /// Only rows that reach this day or a later one
    #[arg(long, value_name = "DATE")]
    pub since: Option<jiff::civil::Date>,
    /// Only this campaign
    #[arg(long, value_name = "ID")]
    pub campaign: Option<String>,
    /// Only this ad group
    #[arg(long, value_name = "ID")]
    pub ad_group: Option<String>,
    /// Only terms that contain this, case aside
    #[arg(long)]
    pub text: Option<String>,
    /// How to print
    #[command(flatten)]
    pub output: FormatArgs,
}
