//! Which rows `list` prints: the snapshot's negatives and the staged additions that pass a filter, in the
//! catalog's order. Reads the snapshot only.

use std::str::FromStr;

use crate::domain::account::AccountName;
use crate::domain::catalog::{Catalog, Mark, NegativeView, Overlay, Scope};
use crate::domain::change::Change;
use crate::domain::ids::{AdGroupId, CampaignId, PlatformId};
use crate::domain::matching::normalise;
use crate::domain::negative::{Kind, Level, MatchType, Negative, State};
use crate::domain::problem::{Problem, ProblemKind};

use super::rows::{Parents, Row};
use super::{Engine, Member};

/// Which rows are wanted; nothing set means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowFilter {
    /// Of this platform.
    pub platform: Option<PlatformId>,
    /// Of this campaign.
    pub campaign: Option<CampaignId>,
    /// Of this ad group.
    pub ad_group: Option<AdGroupId>,
    /// In this state.
    pub state: Option<State>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// Of this match type.
    pub match_type: Option<MatchType>,
    /// At this level.
    pub level: Option<Level>,
    /// With this in the text or a brand's name, case and surrounding space aside.
    pub text: Option<String>,
}

impl RowFilter {
    /// Reads a word of the command line, such as `enabled` for a state; the problem names the words there are.
    pub fn word<T: FromStr + strum::VariantArray + std::fmt::Display>(
        flag: &str,
        word: &str,
    ) -> Result<T, Problem> {
        let wanted = word.to_lowercase().replace('-', "_");
        T::from_str(&wanted).map_err(|_| {
            let known: Vec<String> = T::VARIANTS.iter().map(ToString::to_string).collect();
            Problem::new(ProblemKind::Usage, format!("{flag} does not know {word}"))
                .hint(format!("Use one of: {}.", known.join(", ")))
        })
    }

    /// The text as it is compared.
    fn needle(&self) -> Option<String> {
        self.text.as_deref().map(normalise).filter(|text| !text.is_empty())
    }

    fn passes(&self, negative: &NegativeView<'_>, needle: Option<&str>) -> bool {
        self.kind.is_none_or(|kind| kind == negative.kind())
            && self.state.is_none_or(|state| state == negative.state())
            && self.level.is_none_or(|level| level == negative.level())
            && (self.match_type.is_none() || self.match_type == negative.match_type())
            && self
                .ad_group
                .as_ref()
                .is_none_or(|id| negative.ad_group().is_some_and(|group| group.id() == *id))
            && self.campaign.as_ref().is_none_or(|id| negative.campaign().id() == *id)
            && needle.is_none_or(|needle| {
                has(negative.text_raw(), needle)
                    || negative.brand_name_raw().is_some_and(|name| has(name, needle))
            })
    }

    fn passes_new(&self, new: &crate::domain::change::NewNegative, needle: Option<&str>) -> bool {
        self.kind.is_none_or(|kind| kind == new.kind)
            && self.state.is_none_or(|state| state == new.state)
            && self.level.is_none_or(|level| level == new.level())
            && (self.match_type.is_none() || self.match_type == new.match_type)
            && (self.ad_group.is_none() || self.ad_group == new.ad_group)
            && self.campaign.as_ref().is_none_or(|id| *id == new.campaign)
            && needle.is_none_or(|needle| has(new.text.raw(), needle))
    }
}

fn has(text: &str, needle: &str) -> bool {
    normalise(text).contains(needle)
}

impl Engine {
    /// The rows of these accounts (none named: all) that pass the filter, staged additions last in each account.
    pub async fn rows(&self, accounts: &[AccountName], filter: &RowFilter) -> Result<Vec<Row>, Problem> {
        let members: Vec<Member> = self.choose(accounts)?.into_iter().cloned().collect();
        let catalog = self.catalog().await?;
        let staged = self.staged().await?;
        let overlay = Overlay::new(&catalog, &staged);
        let filter = filter.clone();
        let gather = move || {
            let mut rows = Vec::new();
            for member in &members {
                gather(&catalog, &overlay, member, &filter, &mut rows);
            }
            rows
        };
        tokio::task::spawn_blocking(gather).await.map_err(|error| {
            Problem::new(ProblemKind::Storage, "The rows could not be gathered").detail(error.to_string())
        })
    }
}

fn gather(catalog: &Catalog, overlay: &Overlay, member: &Member, filter: &RowFilter, rows: &mut Vec<Row>) {
    if filter.platform.as_ref().is_some_and(|platform| *platform != member.platform) {
        return;
    }
    let Some(account) = member.identity().and_then(|identity| catalog.find_account(identity)) else { return };
    let needle = filter.needle();
    for ix in catalog.negatives_in(Scope::Account(account)) {
        let negative = catalog.negative(ix);
        if filter.passes(&negative, needle.as_deref()) {
            rows.push(existing(member, &negative, overlay.on(ix).map(|mark| mark.mark)));
        }
    }
    for added in overlay.added_in(catalog, Scope::Account(account)) {
        if filter.passes_new(&added.new, needle.as_deref()) {
            let campaign = catalog.campaign(added.campaign);
            let parents = Parents {
                campaign: Some((campaign.name_raw().into(), campaign.state())),
                ad_group: added.ad_group.map(|ix| {
                    let group = catalog.ad_group(ix);
                    (group.name_raw().into(), group.state())
                }),
            };
            rows.push(Row::addition(&member.name, &member.platform, added.number, &added.new, parents));
        }
    }
}

/// The row of a negative of the snapshot.
pub(super) fn existing(member: &Member, negative: &NegativeView<'_>, mark: Option<Mark>) -> Row {
    let campaign = negative.campaign();
    let parents = Parents {
        campaign: Some((campaign.name_raw().into(), campaign.state())),
        ad_group: negative.ad_group().map(|group| (group.name_raw().into(), group.state())),
    };
    Row {
        first_seen: negative.first_seen().map(|day| day.to_string()),
        staged: mark.map(|mark| match mark {
            Mark::SetState(_) => "set-state",
            Mark::Remove => "remove",
        }),
        ..Row::of(&member.name, &member.platform, &negative.to_negative(), parents)
    }
}

/// The row of a staged change, with what the snapshot knows of it.
pub(super) fn of_change(
    catalog: &Catalog,
    name: &AccountName,
    identity: &crate::domain::account::Identity,
    number: u64,
    change: &Change,
) -> Row {
    let account = catalog.find_account(identity);
    let campaign = account.and_then(|account| catalog.find_campaign(account, change.campaign()));
    let group = campaign.zip(change.ad_group()).and_then(|(campaign, id)| catalog.find_ad_group(campaign, id));
    let parents = Parents {
        campaign: campaign.map(|ix| {
            let campaign = catalog.campaign(ix);
            (campaign.name_raw().into(), campaign.state())
        }),
        ad_group: group.map(|ix| {
            let group = catalog.ad_group(ix);
            (group.name_raw().into(), group.state())
        }),
    };
    let mut row = Row::staged(name, &identity.platform, number, change, parents);
    let seen = |target: &Negative| account.and_then(|account| catalog.find(account, &target.key()));
    if let Some(ix) = change.target().and_then(seen) {
        row.first_seen = catalog.negative(ix).first_seen().map(|day| day.to_string());
    }
    row
}
