//! `unbid add`, `set-state`, `remove`, `unstage`: what is wanted goes into staging, all of it or nothing.
//! With `--apply` just that is sent, see `apply`.

use std::io::Read;
use std::path::Path;

use super::args::{AddArgs, RemoveArgs, SendArgs, SetStateArgs, UnstageArgs};
use super::output::{self, Cells, Format};
use super::{Exit, Session, apply};
use crate::domain::account::{AccountName, Identity};
use crate::domain::change::{Change, NewNegative};
use crate::domain::ids::{AdGroupId, CampaignId};
use crate::domain::negative::{Kind, MatchType};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;
use crate::engine::{ChangeView, Narrow, Staging, Target, staged_number};

/// `unbid add`.
pub async fn add(session: &Session, args: AddArgs) -> Result<Exit, Problem> {
    let campaign = CampaignId::new(args.campaign.as_str());
    let ad_group = args.ad_group.as_deref().map(AdGroupId::new);
    let account = session.engine.account_of(&session.accounts, &campaign, ad_group.as_ref()).await?;
    let (kind, mut texts) = match (args.asin, args.brand) {
        (Some(asins), _) => (Kind::Product, asins),
        (None, Some(brands)) => (Kind::Brand, brands),
        (None, None) => (Kind::Keyword, args.texts),
    };
    if let Some(file) = &args.from_file {
        texts.extend(lines(file)?);
    }
    if texts.is_empty() {
        return Err(Problem::new(ProblemKind::Usage, "There is nothing to add")
            .hint("Give texts, --asin, --brand or --from-file."));
    }
    let match_type = match_type(kind, args.match_type)?;
    let wanted = texts
        .into_iter()
        .map(|text| {
            let new = NewNegative {
                kind,
                campaign: campaign.clone(),
                ad_group: ad_group.clone(),
                text: Text::new(text),
                brand_name: None,
                match_type,
                state: args.state,
            };
            (account.clone(), Change::Add { new })
        })
        .collect();
    stage(session, wanted, Vec::new(), &args.send, args.output.format).await
}

/// Keywords need a match type; products and brands have none.
fn match_type(kind: Kind, given: Option<MatchType>) -> Result<Option<MatchType>, Problem> {
    if kind == Kind::Keyword && given.is_none() {
        return Err(Problem::new(ProblemKind::Usage, "Keywords need a match type")
            .hint("Add --match exact or --match phrase."));
    }
    Ok(given)
}

/// The texts of a file, one per line; `-` is stdin. Empty lines are none.
fn lines(file: &Path) -> Result<Vec<String>, Problem> {
    let wrong = |error: std::io::Error| {
        Problem::new(ProblemKind::Usage, "The texts cannot be read")
            .detail(format!("{}: {error}", file.display()))
            .hint("Give a UTF-8 file with one text per line, or - for stdin.")
    };
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map_err(wrong)?;
    } else {
        text = std::fs::read_to_string(file).map_err(wrong)?;
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

/// `unbid set-state`.
pub async fn set_state(session: &Session, args: SetStateArgs) -> Result<Exit, Problem> {
    let mut wanted = Vec::new();
    for target in targets(session, &args.ids, &args.narrow).await? {
        match target {
            Target::Existing { identity, negative, .. } => {
                wanted.push((identity, Change::SetState { target: *negative, to: args.state }));
            }
            Target::Staged(number) => {
                return Err(Problem::new(ProblemKind::Usage, format!("staged:{number} is not sent yet"))
                    .detail("nothing was staged")
                    .hint(format!(
                        "Drop it with `unbid unstage {number}` and add it with --state {}.",
                        args.state
                    )));
            }
        }
    }
    stage(session, wanted, Vec::new(), &args.send, args.output.format).await
}

/// `unbid remove`: the platform's nearest; a staged addition is dropped.
pub async fn remove(session: &Session, args: RemoveArgs) -> Result<Exit, Problem> {
    let (mut wanted, mut drop) = (Vec::new(), Vec::new());
    for target in targets(session, &args.ids, &args.narrow).await? {
        match target {
            Target::Existing { identity, negative, .. } => {
                wanted.push((identity, Change::Remove { target: *negative }));
            }
            Target::Staged(number) => drop.push(number),
        }
    }
    stage(session, wanted, drop, &args.send, args.output.format).await
}

async fn targets(
    session: &Session,
    ids: &[String],
    narrow: &super::args::Narrow,
) -> Result<Vec<Target>, Problem> {
    let narrow = Narrow { accounts: session.accounts.clone(), kind: narrow.kind, level: narrow.level };
    session.engine.resolve(ids, &narrow).await
}

/// Stages, says what came of it, and sends it if that was asked for.
async fn stage(
    session: &Session,
    wanted: Vec<(Identity, Change)>,
    drop: Vec<u64>,
    send: &SendArgs,
    format: Format,
) -> Result<Exit, Problem> {
    if send.apply {
        apply::may_send(session, &send.consent)?;
    }
    let staging = session.engine.stage(wanted).await.map_err(Problem::from)?;
    if !drop.is_empty() {
        session.engine.unstage(&drop).await?;
    }
    say(session, &staging, &drop, send.apply);
    if send.apply {
        // What an earlier call staged and could not send is sent by saying the same again.
        let numbers = staging.staged.iter().map(|one| one.number).chain(staging.same).collect();
        return apply::send_just(session, numbers, &send.consent, format).await;
    }
    let changes = session.engine.changes(&staging.staged).await?;
    output::rows(&changes, format, session.color)?;
    Ok(Exit::Done)
}

fn say(session: &Session, staging: &Staging, dropped: &[u64], sending: bool) {
    if session.quiet {
        return;
    }
    for note in &staging.notes {
        eprintln!("{note}");
    }
    let dropped = staging.dropped.len() + dropped.len();
    if dropped > 0 {
        eprintln!("{dropped} staged before dropped");
    }
    let sent = if sending { "" } else { ", nothing sent" };
    eprintln!("{} staged{sent}", staging.staged.len());
}

/// `unbid unstage`.
pub async fn unstage(session: &Session, args: UnstageArgs) -> Result<Exit, Problem> {
    let dropped = if args.numbers.is_empty() {
        session.engine.unstage_all(&session.accounts).await?
    } else {
        let numbers = args.numbers.iter().map(|text| number(text)).collect::<Result<Vec<_>, _>>()?;
        session.engine.unstage(&numbers).await?
    };
    if !session.quiet {
        eprintln!("{} dropped from staging", dropped.len());
    }
    Ok(Exit::Done)
}

/// A staged change's number, as `3` or `staged:3`.
fn number(text: &str) -> Result<u64, Problem> {
    text.parse().ok().or_else(|| staged_number(text)).ok_or_else(|| {
        Problem::new(ProblemKind::Usage, format!("{} is no number of a staged change", Text::new(text).shown()))
            .hint("`unbid plan` shows what is staged, with its numbers.")
    })
}

impl Cells for ChangeView {
    const HEADINGS: &'static [&'static str] =
        &["number", "account", "action", "text", "match", "campaign", "ad group", "state", "to", "problem"];

    fn cells(&self) -> Vec<String> {
        let raw = |text: &Option<Text>| text.as_ref().map(|text| text.raw().to_owned()).unwrap_or_default();
        vec![
            self.number.to_string(),
            AccountName::as_str(&self.account).to_owned(),
            self.action.to_owned(),
            self.row.text.raw().to_owned(),
            self.row.match_type.map(|match_type| match_type.to_string()).unwrap_or_default(),
            raw(&self.row.campaign_name),
            raw(&self.row.ad_group_name),
            self.row.state.to_string(),
            self.to.map(|to| to.to_string()).unwrap_or_default(),
            self.problem.clone().unwrap_or_default(),
        ]
    }
}
