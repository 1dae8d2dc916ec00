//! One negative as `list` prints it and a plan shows it: the JSON row of the surface that scripts rely on. Texts
//! are as they came; a table shows them through [`Text::shown`]. Which rows there are is `listing.rs`'s business.

use serde::Serialize;

use crate::domain::account::AccountName;
use crate::domain::campaign::ParentState;
use crate::domain::change::{Change, NewNegative};
use crate::domain::ids::{AdGroupId, CampaignId, PlatformId};
use crate::domain::negative::{Kind, Level, MatchType, Negative, State};
use crate::domain::text::Text;

/// One row; its fields are the keys of the JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The account's label.
    pub account: AccountName,
    /// Its platform.
    pub platform: PlatformId,
    /// The platform's id, or `staged:N` for an addition that is not sent.
    pub id: Text,
    /// What it names.
    pub kind: Kind,
    /// Keyword text, ASIN or brand id.
    pub text: Text,
    /// A brand's name, only for brands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand_name: Option<Text>,
    /// How a keyword matches.
    #[serde(rename = "match")]
    pub match_type: Option<MatchType>,
    /// Where it is attached.
    pub level: Level,
    /// Its campaign.
    pub campaign_id: CampaignId,
    /// Its campaign's name; `None` when the snapshot has no such campaign.
    pub campaign_name: Option<Text>,
    /// Its ad group; `None` at campaign level.
    pub ad_group_id: Option<AdGroupId>,
    /// Its ad group's name.
    pub ad_group_name: Option<Text>,
    /// Its campaign's state.
    pub campaign_state: Option<ParentState>,
    /// Its ad group's state; `None` at campaign level.
    pub ad_group_state: Option<ParentState>,
    /// Its state; of an addition, the state it will be made in.
    pub state: State,
    /// The platform's own word for it; `None` for an addition.
    pub native_state: Option<Text>,
    /// The day of the first snapshot that held it, `2026-10-01`; `None` for an addition.
    pub first_seen: Option<String>,
    /// What is staged for it: `add`, `set-state`, `remove`.
    pub staged: Option<&'static str>,
}

/// The names and states of what a row is attached to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parents {
    /// The campaign's name and state.
    pub campaign: Option<(Text, ParentState)>,
    /// The ad group's name and state.
    pub ad_group: Option<(Text, ParentState)>,
}

impl Row {
    /// The row of a negative that the platform has.
    pub fn of(account: &AccountName, platform: &PlatformId, negative: &Negative, parents: Parents) -> Self {
        let (campaign_name, campaign_state) = parents.campaign.unzip();
        let (ad_group_name, ad_group_state) = parents.ad_group.unzip();
        Self {
            account: account.clone(),
            platform: platform.clone(),
            id: Text::new(negative.id.raw()),
            kind: negative.kind,
            text: negative.text.clone(),
            brand_name: negative.brand_name.clone(),
            match_type: negative.match_type,
            level: negative.level(),
            campaign_id: negative.campaign.clone(),
            campaign_name,
            ad_group_id: negative.ad_group.clone(),
            ad_group_name,
            campaign_state,
            ad_group_state,
            state: negative.state,
            native_state: Some(negative.native_state.clone()),
            first_seen: None,
            staged: None,
        }
    }

    /// The row of an addition that is not sent.
    pub fn addition(
        account: &AccountName,
        platform: &PlatformId,
        number: u64,
        new: &NewNegative,
        parents: Parents,
    ) -> Self {
        let (campaign_name, campaign_state) = parents.campaign.unzip();
        let (ad_group_name, ad_group_state) = parents.ad_group.unzip();
        Self {
            account: account.clone(),
            platform: platform.clone(),
            id: Text::new(format!("{STAGED_PREFIX}{number}")),
            kind: new.kind,
            text: new.text.clone(),
            brand_name: new.brand_name.clone(),
            match_type: new.match_type,
            level: new.level(),
            campaign_id: new.campaign.clone(),
            campaign_name,
            ad_group_id: new.ad_group.clone(),
            ad_group_name,
            campaign_state,
            ad_group_state,
            state: new.state,
            native_state: None,
            first_seen: None,
            staged: Some("add"),
        }
    }

    /// The row of a staged change.
    pub fn staged(
        account: &AccountName,
        platform: &PlatformId,
        number: u64,
        change: &Change,
        parents: Parents,
    ) -> Self {
        match change {
            Change::Add { new } => Self::addition(account, platform, number, new, parents),
            Change::SetState { target, .. } | Change::Remove { target } => {
                Self { staged: Some(change.action()), ..Self::of(account, platform, target, parents) }
            }
        }
    }
}

/// What the ids of additions begin with.
pub const STAGED_PREFIX: &str = "staged:";

/// The number in `staged:N`; `None` for a platform's id.
pub fn staged_number(id: &str) -> Option<u64> {
    id.strip_prefix(STAGED_PREFIX)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_json_has_the_keys_that_scripts_rely_on() {
        let new = NewNegative {
            kind: Kind::Keyword,
            campaign: "c1".into(),
            ad_group: Some("g1".into()),
            text: "free shipping".into(),
            brand_name: None,
            match_type: Some(MatchType::Phrase),
            state: State::Enabled,
        };
        let parents = Parents {
            campaign: Some(("Espresso".into(), ParentState::Enabled)),
            ad_group: Some(("Beans".into(), ParentState::Paused)),
        };
        let row = Row::addition(&AccountName::new("acme"), &PlatformId::new("p"), 7, &new, parents);
        assert_eq!(
            serde_json::to_value(&row).unwrap(),
            json!({"account":"acme","platform":"p","id":"staged:7","kind":"keyword","text":"free shipping",
                "match":"phrase","level":"ad_group","campaign_id":"c1","campaign_name":"Espresso",
                "ad_group_id":"g1","ad_group_name":"Beans","campaign_state":"enabled","ad_group_state":"paused",
                "state":"enabled","native_state":null,"first_seen":null,"staged":"add"})
        );
        assert_eq!(staged_number("staged:7"), Some(7));
        assert_eq!(staged_number("7"), None);
    }
}
