//! Changes that no platform offers: taking things out for good, and other texts for what is immutable.
//! Only `POST /mutate` and building worlds use them.

use super::model::{AdGroup, Campaign, Negative, Pool};
use super::realm::{NewNegative, Realm};

impl Realm {
    /// Takes a negative out of the search for twins.
    fn unlink(&mut self, gone: &Negative) {
        let (pool, key) = (gone.pool(), Self::twin_key(&as_new(gone)));
        if self.twins.get(&key) == Some(&gone.id) {
            self.twins.insert(key, gone.older_twin);
            return;
        }
        let mut newer = self.twins.get(&key).copied().unwrap_or(0);
        while let Some(negative) = self.negatives[pool.index()].get_mut(newer) {
            if negative.older_twin == gone.id {
                negative.older_twin = gone.older_twin;
                return;
            }
            newer = negative.older_twin;
        }
    }

    /// Takes a negative out for good.
    pub fn remove_negative(&mut self, pool: Pool, id: u64) -> Option<Negative> {
        let gone = self.negatives[pool.index()].remove(id)?;
        self.unlink(&gone);
        if let Some(account) = self.account_of(gone.campaign_id) {
            self.accounts[account].negatives[pool.index()].retain(|&other| other != id);
        }
        if let Some(shelf) = self.shelf_mut(gone.campaign_id, gone.ad_group_id, pool) {
            shelf.ids.retain(|&other| other != id);
            shelf.unarchived -= u32::from(!gone.is_archived());
        }
        self.shadows.forget((pool, id));
        Some(gone)
    }

    /// Gives a negative another text. False when there is no such negative.
    pub fn set_text(&mut self, pool: Pool, id: u64, text: &str) -> bool {
        let Some(old) = self.negatives(pool).get(id).cloned() else { return false };
        self.unlink(&old);
        let mut renamed = old;
        renamed.text = text.into();
        renamed.older_twin = self.twins.insert(Self::twin_key(&as_new(&renamed)), id).unwrap_or(0);
        if let Some(place) = self.negatives[pool.index()].get_mut(id) {
            *place = renamed;
        }
        true
    }

    /// Takes an ad group out for good, with what hangs on it.
    pub fn remove_ad_group(&mut self, id: u64) -> Option<AdGroup> {
        let group = self.ad_groups.get(id)?.clone();
        for pool in [Pool::GroupKeyword, Pool::GroupTarget] {
            for &negative in &group.negatives[pool.shelf()].ids {
                self.remove_negative(pool, negative);
            }
        }
        for &keyword in &group.keywords {
            self.keywords.remove(keyword);
        }
        for &target in &group.targets {
            self.targets.remove(target);
        }
        if let Some(campaign) = self.campaigns.get_mut(group.campaign_id) {
            campaign.ad_groups.retain(|&other| other != id);
        }
        self.terms.retain(|term| term.ad_group_id != id);
        self.ad_groups.remove(id)
    }

    /// Takes a campaign out for good, with what hangs on it.
    pub fn remove_campaign(&mut self, id: u64) -> Option<Campaign> {
        let campaign = self.campaigns.get(id)?.clone();
        for &group in &campaign.ad_groups {
            self.remove_ad_group(group);
        }
        for pool in [Pool::CampaignKeyword, Pool::CampaignTarget] {
            for &negative in &campaign.negatives[pool.shelf()].ids {
                self.remove_negative(pool, negative);
            }
        }
        self.accounts[campaign.account].campaigns.retain(|&other| other != id);
        self.campaigns.remove(id)
    }
}

fn as_new(negative: &Negative) -> NewNegative {
    NewNegative {
        campaign_id: negative.campaign_id,
        ad_group_id: negative.ad_group_id,
        kind: negative.kind,
        matching: negative.matching,
        text: negative.text.clone(),
        state: negative.state.clone(),
    }
}
