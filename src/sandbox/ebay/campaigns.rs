//! `getCampaigns` and `getCampaign`: all campaigns of the seller, of whatever marketplace.
//! Their ad groups are in `ad_groups.rs`.

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse;
use jiff::Timestamp;
use jiff::civil::Date;

use super::super::model::Campaign;
use super::super::platform::Platform;
use super::super::realm::Realm;
use super::auth::{Scopes, allow};
use super::error::Fault;
use super::query::Query;
use super::{Answer, Inbound, wire};

const STATUSES: [&str; 9] =
    ["DELETED", "DRAFT", "ENDED", "ENDING_SOON", "PAUSED", "PENDING", "RUNNING", "SCHEDULED", "SYSTEM_PAUSED"];
const TARGETING: [&str; 2] = ["MANUAL", "SMART"];
const FUNDING: [&str; 2] = ["COST_PER_SALE", "COST_PER_CLICK"];
const NAME: usize = 80;

/// `GET /ad_campaign`.
pub async fn all(inbound: Inbound) -> Answer {
    allow(&inbound, Scopes::MARKETING_READ)?;
    let query = Query::of(&inbound);
    let filter = Filter::read(&query)?;
    let window = query.window()?;
    let realm = inbound.app.realm(Platform::Ebay);
    let rows = realm.campaigns.iter().filter(|campaign| filter.passes(campaign));
    Ok(window.page(&inbound, "campaigns", rows, |campaign| write(&realm, campaign)))
}

/// `GET /ad_campaign/{campaign_id}`.
pub async fn one(inbound: Inbound, Path(id): Path<String>) -> Answer {
    allow(&inbound, Scopes::MARKETING_READ)?;
    let realm = inbound.app.realm(Platform::Ebay);
    Ok(Json(write(&realm, find(&realm, &id)?)).into_response())
}

fn write(realm: &Realm, campaign: &Campaign) -> serde_json::Value {
    let account = &realm.accounts[campaign.account];
    wire::campaign(campaign, &account.key, account.currency)
}

/// A campaign by its id.
///
/// # Errors
/// 35045: unknown ids are a 400 at eBay, not a 404.
pub fn find<'a>(realm: &'a Realm, id: &str) -> Result<&'a Campaign, Fault> {
    let campaign = id.trim().parse().ok().and_then(|id| realm.campaigns.get(id));
    campaign.ok_or_else(|| Fault::new(35045).with("campaign_id", id))
}

/// Days on both ends, either of which may be open.
type Range = (Option<Timestamp>, Option<Timestamp>);

struct Filter<'a> {
    name: Option<&'a str>,
    status: Option<&'a str>,
    targeting: Option<Vec<&'a str>>,
    channels: Option<Vec<&'a str>>,
    funding: Option<Vec<&'a str>>,
    start: Range,
    end: Option<Range>,
}

impl<'a> Filter<'a> {
    fn read(query: &'a Query) -> Result<Self, Fault> {
        let name = query.get("campaign_name");
        if name.is_some_and(|name| name.chars().count() > NAME) {
            return Err(Fault::new(35020).with("maxCampaignNameLength", &NAME));
        }
        if name.is_some_and(|name| name.contains(['<', '>'])) {
            return Err(Fault::new(35023).with("notAllowedCharacters", "<, >"));
        }
        let status = query.get("campaign_status");
        if let Some(wrong) = status.filter(|status| !STATUSES.contains(status)) {
            return Err(Fault::new(35043).with("campaignStatus", wrong));
        }
        let targeting = query.list("campaign_targeting_types");
        if !known(targeting.as_deref(), &TARGETING) {
            return Err(Fault::new(35123).with("campaignTargetingTypeValues", &TARGETING.join(", ")));
        }
        let funding = query.list("funding_strategy");
        if !known(funding.as_deref(), &FUNDING) {
            return Err(Fault::new(35079).with("fundingStrategy", &FUNDING.join(", ")));
        }
        let start = query.get("start_date_range").map(range).transpose()?.unwrap_or_default();
        let end = query.get("end_date_range").map(range).transpose()?;
        Ok(Self { name, status, targeting, channels: query.list("channels"), funding, start, end })
    }

    fn passes(&self, campaign: &Campaign) -> bool {
        let among =
            |words: &Option<Vec<&str>>, word: &str| words.as_ref().is_none_or(|words| words.contains(&word));
        self.name.is_none_or(|name| campaign.name == name)
            && self.status.is_none_or(|status| campaign.state == status)
            && among(&self.targeting, &campaign.targeting)
            && among(&self.channels, &campaign.channel)
            && among(&self.funding, &campaign.kind)
            && within(self.start, campaign.start)
            && self.end.is_none_or(|range| campaign.end.is_some_and(|end| within(range, end)))
    }
}

fn known(words: Option<&[&str]>, allowed: &[&str]) -> bool {
    words.unwrap_or_default().iter().all(|word| allowed.contains(word))
}

/// `from..to`, `from..` or `..to`.
fn range(text: &str) -> Result<Range, Fault> {
    let malformed = || Fault::new(35028).with("dateRange", text);
    let (from, to) = text.split_once("..").ok_or_else(malformed)?;
    let end = |part: &str| match part {
        "" => Ok(None),
        part => part.parse::<Timestamp>().map(Some).map_err(|_| malformed()),
    };
    match (end(from)?, end(to)?) {
        (None, None) => Err(malformed()),
        (Some(from), Some(to)) if from > to => Err(Fault::new(35027).with("dateRange", text)),
        range => Ok(range),
    }
}

fn within((from, to): Range, day: Date) -> bool {
    // The first instant of any day is within a timestamp's bounds.
    let instant = day.to_zoned(jiff::tz::TimeZone::UTC).map(|zoned| zoned.timestamp()).unwrap_or_default();
    from.is_none_or(|from| from <= instant) && to.is_none_or(|to| instant <= to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_may_be_open_on_one_side() {
        let day = jiff::civil::date(2026, 9, 8);
        let within = |text: &str| within(range(text).expect("range"), day);
        assert!(within("2026-09-08T00:00:00Z..2026-09-09T00:00:00Z"));
        assert!(within("2026-09-01T00:00:00.000Z.."));
        assert!(!within("..2026-09-07T23:59:59Z"));
    }

    #[test]
    fn ranges_that_are_none_are_refused() {
        let code = |text: &str| range(text).expect_err("no range").id();
        assert_eq!(code("2026-09-08T00:00:00Z"), 35028);
        assert_eq!(code("soon.."), 35028);
        assert_eq!(code(".."), 35028);
        assert_eq!(code("2026-09-09T00:00:00Z..2026-09-08T00:00:00Z"), 35027);
    }
}
