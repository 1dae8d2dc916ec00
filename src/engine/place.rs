//! Where a campaign is: which account a command means that names a campaign and no account.

use crate::domain::account::{AccountName, Identity};
use crate::domain::catalog::CampaignIx;
use crate::domain::ids::{AdGroupId, CampaignId};
use crate::domain::problem::{Problem, ProblemKind};

use super::Engine;

impl Engine {
    /// The account, among these (none named: all), that has this campaign and, where one is named, this ad group in
    /// it. None or several refuse, with what there is.
    pub async fn account_of(
        &self,
        accounts: &[AccountName],
        campaign: &CampaignId,
        ad_group: Option<&AdGroupId>,
    ) -> Result<Identity, Problem> {
        let catalog = self.catalog().await?;
        let found: Vec<(&AccountName, &Identity, CampaignIx)> = self
            .choose(accounts)?
            .into_iter()
            .filter_map(|member| {
                let identity = member.identity()?;
                let ix = catalog.find_campaign(catalog.find_account(identity)?, campaign)?;
                Some((&member.name, identity, ix))
            })
            .collect();
        let (name, identity, ix) = match found.as_slice() {
            [one] => *one,
            [] => {
                return Err(refused(format!("There is no campaign {}", campaign.shown())).hint(
                    "`unbid sync` refreshes what is known; `unbid list --format json` has campaign ids.",
                ));
            }
            several => {
                let names: Vec<String> = several.iter().map(|(name, ..)| name.to_string()).collect();
                return Err(refused(format!("Campaign {} is in several accounts", campaign.shown()))
                    .detail(names.join(", "))
                    .hint("Name one with --account."));
            }
        };
        match ad_group {
            Some(ad_group) if catalog.find_ad_group(ix, ad_group).is_none() => {
                let (ad_group, campaign) = (ad_group.shown(), campaign.shown());
                Err(refused(format!("There is no ad group {ad_group} in campaign {campaign} of {name}"))
                    .hint("`unbid sync` refreshes what is known."))
            }
            _ => Ok(identity.clone()),
        }
    }
}

fn refused(title: String) -> Problem {
    Problem::new(ProblemKind::Usage, title)
}
