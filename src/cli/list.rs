//! `unbid list`: negatives from the local snapshot.

use super::args::ListArgs;
use super::output::{self, Cells};
use super::{Exit, Session};
use crate::domain::ids::{AdGroupId, CampaignId, PlatformId};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;
use crate::engine::{Row, RowFilter};
use crate::platform;

/// Prints the rows.
pub async fn run(session: &Session, args: ListArgs) -> Result<Exit, Problem> {
    let filter = RowFilter {
        platform: args.platform.as_deref().map(platform_id).transpose()?,
        campaign: args.campaign.map(CampaignId::new),
        ad_group: args.ad_group.map(AdGroupId::new),
        state: args.state,
        kind: args.kind,
        match_type: args.match_type,
        level: None,
        text: args.text,
    };
    let rows = session.engine.rows(&session.accounts, &filter).await?;
    output::rows(&rows, args.output.format, session.color)?;
    if rows.is_empty() {
        session.say_why_empty().await?;
    }
    Ok(Exit::Done)
}

fn platform_id(name: &str) -> Result<PlatformId, Problem> {
    let id = PlatformId::new(name);
    match platform::by_id(&id) {
        Some(_) => Ok(id),
        None => Err(Problem::new(ProblemKind::Usage, format!("There is no platform {id}"))
            .hint(format!("Use one of: {}.", platform::known()))),
    }
}

impl Cells for Row {
    const HEADINGS: &'static [&'static str] = &[
        "account", "platform", "id", "kind", "text", "match", "level", "campaign", "ad group", "state",
        "since", "staged",
    ];

    /// The keys of the JSON row, so that one script reads both.
    const KEYS: &'static [&'static str] = &[
        "account",
        "platform",
        "id",
        "kind",
        "text",
        "brand_name",
        "match",
        "level",
        "campaign_id",
        "campaign_name",
        "ad_group_id",
        "ad_group_name",
        "campaign_state",
        "ad_group_state",
        "state",
        "native_state",
        "first_seen",
        "staged",
    ];

    fn cells(&self) -> Vec<String> {
        let named = |name: &Option<Text>, id: &str| name.as_ref().map_or(id, Text::raw).to_owned();
        vec![
            self.account.as_str().to_owned(),
            self.platform.as_str().to_owned(),
            self.id.raw().to_owned(),
            self.kind.to_string(),
            self.text.raw().to_owned(),
            word(self.match_type),
            self.level.to_string(),
            named(&self.campaign_name, self.campaign_id.raw()),
            self.ad_group_id.as_ref().map(|id| named(&self.ad_group_name, id.raw())).unwrap_or_default(),
            self.state.to_string(),
            self.first_seen.clone().unwrap_or_default(),
            self.staged.unwrap_or_default().to_owned(),
        ]
    }

    fn record(&self) -> Vec<String> {
        let raw = |text: &Option<Text>| text.as_ref().map(|text| text.raw().to_owned()).unwrap_or_default();
        vec![
            self.account.as_str().to_owned(),
            self.platform.as_str().to_owned(),
            self.id.raw().to_owned(),
            self.kind.to_string(),
            self.text.raw().to_owned(),
            raw(&self.brand_name),
            word(self.match_type),
            self.level.to_string(),
            self.campaign_id.raw().to_owned(),
            raw(&self.campaign_name),
            self.ad_group_id.as_ref().map(|id| id.raw().to_owned()).unwrap_or_default(),
            raw(&self.ad_group_name),
            word(self.campaign_state),
            word(self.ad_group_state),
            self.state.to_string(),
            raw(&self.native_state),
            self.first_seen.clone().unwrap_or_default(),
            self.staged.unwrap_or_default().to_owned(),
        ]
    }
}

fn word(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
