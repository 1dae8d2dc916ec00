//! Objects as Sell Marketing v1 writes them: ids and money values are strings.
//! Only shapes; which are given is decided by the handlers.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::super::model::{AdGroup, Campaign, Keyword, Match, Negative};

/// `Amount`: the value is a string.
fn amount(cents: u32, currency: &str) -> Value {
    json!({"currency": currency, "value": format!("{}.{:02}", cents / 100, cents % 100)})
}

fn instant(day: Date) -> String {
    format!("{day}T00:00:00.000Z")
}

/// `Campaign`. What a funding model does not have is left out.
pub fn campaign(campaign: &Campaign, marketplace: &str, currency: &str) -> Value {
    let per_click = is_per_click(campaign);
    let mut funding = json!({"fundingModel": campaign.kind});
    if !per_click {
        funding["adRateStrategy"] = json!("FIXED");
        funding["bidPercentage"] = json!("7.5");
    } else if is_smart(campaign) {
        let most = campaign.budget_cents.clamp(2, 100);
        funding["bidPreferences"] = json!([{"maxCpc": {"amount": amount(most, currency)}}]);
    } else {
        funding["biddingStrategy"] = json!("FIXED");
    }
    let mut out = Map::new();
    out.insert("campaignId".into(), campaign.id.to_string().into());
    out.insert("campaignName".into(), campaign.name.as_str().into());
    out.insert("campaignStatus".into(), campaign.state.as_str().into());
    if !campaign.targeting.is_empty() {
        out.insert("campaignTargetingType".into(), campaign.targeting.as_str().into());
    }
    out.insert("channels".into(), json!([campaign.channel]));
    out.insert("marketplaceId".into(), marketplace.into());
    out.insert("startDate".into(), instant(campaign.start).into());
    if let Some(end) = campaign.end {
        out.insert("endDate".into(), instant(end).into());
    }
    out.insert("fundingStrategy".into(), funding);
    if per_click {
        let daily = json!({"amount": amount(campaign.budget_cents, currency), "budgetStatus": "ALLOCATED"});
        out.insert("budget".into(), json!({"daily": daily}));
    }
    Value::Object(out)
}

/// Whether a campaign is of the priority strategy.
pub fn is_per_click(campaign: &Campaign) -> bool {
    campaign.kind == "COST_PER_CLICK"
}

/// Whether eBay chooses a campaign's targets: such a one has no negatives.
pub fn is_smart(campaign: &Campaign) -> bool {
    campaign.targeting == "SMART"
}

/// `AdGroup`.
pub fn ad_group(group: &AdGroup, currency: &str) -> Value {
    json!({
        "adGroupId": group.id.to_string(),
        "name": group.name,
        "adGroupStatus": group.state,
        "defaultBid": amount(group.bid_cents, currency),
    })
}

/// `Keyword`.
pub fn keyword(keyword: &Keyword, currency: &str) -> Value {
    json!({
        "keywordId": keyword.id.to_string(),
        "adGroupId": keyword.ad_group_id.to_string(),
        "keywordText": keyword.text,
        "matchType": match_word(keyword.matching),
        "keywordStatus": keyword.state,
        "bid": amount(keyword.bid_cents, currency),
    })
}

/// `NegativeKeyword`, in the state that is to be shown.
pub fn negative(negative: &Negative, state: &str) -> Value {
    let mut out = json!({
        "negativeKeywordId": negative.id.to_string(),
        "campaignId": negative.campaign_id.to_string(),
        "negativeKeywordText": negative.text,
        "negativeKeywordMatchType": match_word(negative.matching.unwrap_or(Match::Exact)),
        "negativeKeywordStatus": state,
    });
    if let Some(group) = negative.ad_group_id {
        out["adGroupId"] = json!(group.to_string());
    }
    out
}

/// `MatchTypeEnum`, of which negatives have `EXACT` and `PHRASE`.
pub fn match_word(matching: Match) -> &'static str {
    match matching {
        Match::Exact => "EXACT",
        Match::Phrase => "PHRASE",
        Match::Broad => "BROAD",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_a_string_with_two_decimals() {
        assert_eq!(amount(1205, "USD"), json!({"currency": "USD", "value": "12.05"}));
        assert_eq!(amount(7, "GBP")["value"], "0.07");
    }
}
