//! What may be typed after the commands that stage, plan, send and take back.

use std::path::PathBuf;

use clap::Args;

use super::{FormatArgs, word};
use crate::domain::negative::{Kind, Level, MatchType, State};

/// Flags of `add`.
#[derive(Debug, Args)]
pub struct AddArgs {
    /// The campaign
    #[arg(long, value_name = "ID")]
    pub campaign: String,
    /// The ad group; without it the negative is campaign level, where the platform has that
    #[arg(long, value_name = "ID")]
    pub ad_group: Option<String>,
    /// How the keywords match
    #[arg(long = "match", value_name = "MATCH", value_parser = word::<MatchType>)]
    pub match_type: Option<MatchType>,
    /// Products, by ASIN
    #[arg(long, num_args = 0.., value_name = "ASIN", conflicts_with_all = ["brand", "match_type", "texts"])]
    pub asin: Option<Vec<String>>,
    /// Brands, by id
    #[arg(long, num_args = 0.., value_name = "BRAND_ID", conflicts_with_all = ["match_type", "texts"])]
    pub brand: Option<Vec<String>>,
    /// The state to make them in
    #[arg(long, default_value = "enabled", value_parser = word::<State>)]
    pub state: State,
    /// Read texts from a file, one per line; `-` is stdin
    #[arg(long, value_name = "FILE")]
    pub from_file: Option<PathBuf>,
    /// Keyword texts
    #[arg(value_name = "TEXT")]
    pub texts: Vec<String>,
    /// Sending at once
    #[command(flatten)]
    pub send: SendArgs,
    /// How to print
    #[command(flatten)]
    pub output: FormatArgs,
}

/// `--apply` and what goes with it.
#[derive(Clone, Debug, Default, Args)]
pub struct SendArgs {
    /// Plan and send the changes just staged, nothing else that is staged
    #[arg(long)]
    pub apply: bool,
    /// Consent to the sending.
    #[command(flatten)]
    pub consent: ConsentArgs,
}

/// Consent given beforehand, for scripts.
#[derive(Clone, Debug, Default, Args)]
pub struct ConsentArgs {
    /// Answer the plain question with yes
    #[arg(long)]
    pub yes: bool,
    /// Confirm a protected account by its name; may be given several times
    #[arg(long, value_name = "NAME")]
    pub confirm: Vec<String>,
    /// Confirm more than 100 removals by their number
    #[arg(long, value_name = "N")]
    pub confirm_removals: Option<usize>,
}

/// Which negatives an id means.
#[derive(Clone, Debug, Default, Args)]
pub struct Narrow {
    /// Only this kind, where an id means several rows
    #[arg(long, value_parser = word::<Kind>)]
    pub kind: Option<Kind>,
    /// Only this level, where an id means several rows
    #[arg(long, value_parser = word::<Level>)]
    pub level: Option<Level>,
}

/// Flags of `set-state`.
#[derive(Debug, Args)]
pub struct SetStateArgs {
    /// The state to move to
    #[arg(value_parser = word::<State>)]
    pub state: State,
    /// What `list` prints in `id`
    #[arg(required = true, value_name = "ID")]
    pub ids: Vec<String>,
    /// Which of several rows.
    #[command(flatten)]
    pub narrow: Narrow,
    /// Sending at once
    #[command(flatten)]
    pub send: SendArgs,
    /// How to print
    #[command(flatten)]
    pub output: FormatArgs,
}

/// Flags of `remove`.
#[derive(Debug, Args)]
pub struct RemoveArgs {
    /// What `list` prints in `id`
    #[arg(required = true, value_name = "ID")]
    pub ids: Vec<String>,
    /// Which of several rows.
    #[command(flatten)]
    pub narrow: Narrow,
    /// Sending at once
    #[command(flatten)]
    pub send: SendArgs,
    /// How to print
    #[command(flatten)]
    pub output: FormatArgs,
}

/// Flags of `plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// Exit with 3 when there is something to send
    #[arg(long)]
    pub exit_code: bool,
    /// How to print
    #[command(flatten)]
    pub output: FormatArgs,
}

/// Flags of `apply`.
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// Send exactly this saved plan
    #[arg(long, value_name = "ID")]
    pub plan: Option<String>,
    /// Consent to the sending.
    #[command(flatten)]
    pub consent: ConsentArgs,
    /// How to print
    #[command(flatten)]
    pub output: FormatArgs,
}

/// Flags of `history`.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// An operation: its number, its id, or the end of its id; without one all are listed, the newest first
    #[arg(value_name = "OP")]
    pub operation: Option<String>,
    /// At most this many operations
    #[arg(long, value_name = "N", conflicts_with = "operation")]
    pub limit: Option<usize>,
    /// How to print
    #[command(flatten)]
    pub output: FormatArgs,
}

/// Flags of `undo`.
#[derive(Debug, Args)]
pub struct UndoArgs {
    /// The operation: its number, its id, or the end of its id
    #[arg(value_name = "OP")]
    pub operation: String,
    /// Sending at once
    #[command(flatten)]
    pub send: SendArgs,
    /// How to print
    #[command(flatten)]
    pub output: FormatArgs,
}

/// Flags of `unstage`.
#[derive(Debug, Args)]
pub struct UnstageArgs {
    /// Numbers of staged changes, with or without `staged:`; none drops all
    #[arg(value_name = "NUMBER")]
    pub numbers: Vec<String>,
}
