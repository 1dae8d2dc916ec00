//! Wire shapes to the domain's words. Lossless where we write back (ids, texts, native states), lenient with
//! words that we do not know. Sends nothing.

use jiff::civil::Date;

use super::lists::List;
use super::wire;
use crate::domain::campaign::{AdGroup, Campaign, Holds, ParentState, Targeting};
use crate::domain::ids::{AdGroupId, CampaignId, KeywordId, NegativeId};
use crate::domain::keyword::{Keyword, PositiveMatch};
use crate::domain::negative::{Kind, MatchType, Negative, State};
use crate::domain::text::Text;
use crate::platform::traits::Fetched;

/// One page of a list in the domain's words, and how to go on.
pub(super) struct Page {
    pub(super) rows: Fetched,
    pub(super) next: Option<String>,
    pub(super) total: Option<u64>,
    /// The campaigns' ids, from the list of campaigns.
    pub(super) campaigns: Vec<CampaignId>,
}

/// Reads a page. The error is words for people.
pub(super) fn page(list: List, body: &[u8], today: Date) -> Result<Page, String> {
    let paging: wire::Paging = parse(body)?;
    let mut campaigns = Vec::new();
    let rows = match list {
        List::Campaigns => {
            let rows: Vec<wire::Campaign> = rows(list, body)?;
            campaigns = rows.iter().map(|row| CampaignId::new(row.campaign_id.as_str())).collect();
            Fetched::Campaigns(rows.into_iter().map(|row| campaign(row, today)).collect())
        }
        List::AdGroups => Fetched::AdGroups(rows(list, body)?.into_iter().map(ad_group).collect()),
        List::Keywords => Fetched::Keywords(rows(list, body)?.into_iter().map(positive_keyword).collect()),
        List::Targets => Fetched::Keywords(rows(list, body)?.into_iter().map(positive_target).collect()),
        List::CampaignNegativeKeywords | List::NegativeKeywords => {
            Fetched::Negatives(rows(list, body)?.into_iter().map(negative_keyword).collect())
        }
        List::CampaignNegativeTargets | List::NegativeTargets => {
            Fetched::Negatives(rows(list, body)?.into_iter().map(negative_target).collect())
        }
    };
    Ok(Page {
        rows,
        next: paging.next_token.filter(|token| !token.is_empty()),
        total: paging.total_results,
        campaigns,
    })
}

fn parse<'a, T: serde::Deserialize<'a>>(body: &'a [u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| format!("not the documented JSON: {error}"))
}

/// The array of a page; a page without it has no rows.
fn rows<T: serde::de::DeserializeOwned>(list: List, body: &[u8]) -> Result<Vec<T>, String> {
    let mut whole: std::collections::HashMap<String, Box<serde_json::value::RawValue>> = parse(body)?;
    match whole.remove(list.key()) {
        None => Ok(Vec::new()),
        Some(raw) => {
            let rows: Option<Vec<T>> = parse(raw.get().as_bytes())?;
            Ok(rows.unwrap_or_default())
        }
    }
}

fn campaign(row: wire::Campaign, today: Date) -> Campaign {
    // The end date is the last day on which the campaign runs, in the profile's time zone.
    let over = row.end_date.and_then(|date| date.parse::<Date>().ok()).is_some_and(|last| last < today);
    let state = match parent_state(&row.state) {
        ParentState::Archived => ParentState::Archived,
        _ if over => ParentState::Ended,
        state => state,
    };
    Campaign {
        id: CampaignId::new(row.campaign_id.0),
        name: Text::new(row.name),
        state,
        native_state: Text::new(row.state),
        targeting: match row.targeting_type.as_str() {
            "MANUAL" => Targeting::Manual,
            "AUTO" => Targeting::Auto,
            _ => Targeting::Unknown,
        },
        native_type: Text::new(row.targeting_type),
        holds: Holds::Yes,
    }
}

fn ad_group(row: wire::AdGroup) -> AdGroup {
    AdGroup {
        id: AdGroupId::new(row.ad_group_id.0),
        campaign: CampaignId::new(row.campaign_id.0),
        name: Text::new(row.name),
        state: parent_state(&row.state),
        native_state: Text::new(row.state),
    }
}

/// `SponsoredProductsEntityState` of campaigns, ad groups, keywords.
fn parent_state(word: &str) -> ParentState {
    match word {
        "ENABLED" | "ENABLING" => ParentState::Enabled,
        "ARCHIVED" | "USER_DELETED" => ParentState::Archived,
        _ => ParentState::Paused,
    }
}

/// `SponsoredProductsEntityState` of negatives.
pub(super) fn state(word: &str) -> State {
    match word {
        "ENABLED" | "ENABLING" => State::Enabled,
        "ARCHIVED" | "USER_DELETED" => State::Archived,
        _ => State::Paused,
    }
}

/// The word that is sent for a state (`SponsoredProductsCreateOrUpdateEntityState`). Archiving has its own endpoint.
pub(super) fn state_word(state: State) -> &'static str {
    match state {
        State::Enabled => "ENABLED",
        State::Paused => "PAUSED",
        State::Archived => "ARCHIVED",
    }
}

/// The word that is sent for a match type (`SponsoredProductsCreateOrUpdateNegativeMatchType`).
pub(super) fn match_word(match_type: MatchType) -> &'static str {
    match match_type {
        MatchType::Exact => "NEGATIVE_EXACT",
        MatchType::Phrase => "NEGATIVE_PHRASE",
    }
}

fn created(extended: Option<wire::Extended>) -> Option<jiff::Timestamp> {
    extended?.creation_date_time?.parse().ok()
}

/// A negative keyword of either level.
pub(super) fn negative_keyword(row: wire::Keyword) -> Negative {
    Negative {
        id: NegativeId::new(row.keyword_id.0),
        kind: Kind::Keyword,
        campaign: CampaignId::new(row.campaign_id.0),
        ad_group: row.ad_group_id.map(|id| AdGroupId::new(id.0)),
        text: Text::new(row.keyword_text),
        brand_name: None,
        match_type: match row.match_type.as_str() {
            "NEGATIVE_EXACT" => Some(MatchType::Exact),
            "NEGATIVE_PHRASE" => Some(MatchType::Phrase),
            _ => None,
        },
        state: state(&row.state),
        native_state: Text::new(row.state),
        created: created(row.extended_data),
    }
}

/// The type of a predicate that names a product.
pub(super) const ASIN: &str = "ASIN_SAME_AS";
/// The type of a predicate that names a brand.
pub(super) const BRAND: &str = "ASIN_BRAND_SAME_AS";

/// A negative product or brand of either level.
pub(super) fn negative_target(row: wire::Target) -> Negative {
    let brand = row.expression.first().is_some_and(|predicate| predicate.kind == BRAND);
    let brand_name = row.resolved_expression.into_iter().next().and_then(|predicate| predicate.value);
    Negative {
        id: NegativeId::new(row.target_id.0),
        kind: if brand { Kind::Brand } else { Kind::Product },
        campaign: CampaignId::new(row.campaign_id.0),
        ad_group: row.ad_group_id.map(|id| AdGroupId::new(id.0)),
        text: expression_text(row.expression),
        brand_name: brand_name.filter(|_| brand).map(Text::new),
        match_type: None,
        state: state(&row.state),
        native_state: Text::new(row.state),
        created: created(row.extended_data),
    }
}

/// What an expression names: an ASIN or a brand id bare, anything else with its type, so that it is never
/// taken for an ASIN.
fn expression_text(expression: Vec<wire::Predicate>) -> Text {
    let one = |predicate: wire::Predicate| {
        let value = predicate.value.unwrap_or_default();
        match predicate.kind.as_str() {
            ASIN | BRAND => value,
            other if value.is_empty() => other.to_owned(),
            other => format!("{other}={value}"),
        }
    };
    Text::new(expression.into_iter().map(one).collect::<Vec<_>>().join(" "))
}

fn positive_keyword(row: wire::Keyword) -> Keyword {
    Keyword {
        id: KeywordId::new(row.keyword_id.0),
        campaign: CampaignId::new(row.campaign_id.0),
        ad_group: AdGroupId::new(row.ad_group_id.map(|id| id.0).unwrap_or_default()),
        text: Text::new(row.keyword_text),
        match_type: match row.match_type.as_str() {
            "EXACT" => PositiveMatch::Exact,
            "PHRASE" => PositiveMatch::Phrase,
            "BROAD" => PositiveMatch::Broad,
            _ => PositiveMatch::Other,
        },
        state: parent_state(&row.state),
        native_state: Text::new(row.state),
    }
}

fn positive_target(row: wire::Target) -> Keyword {
    let product = row.expression.len() == 1 && row.expression[0].kind == ASIN;
    Keyword {
        id: KeywordId::new(row.target_id.0),
        campaign: CampaignId::new(row.campaign_id.0),
        ad_group: AdGroupId::new(row.ad_group_id.map(|id| id.0).unwrap_or_default()),
        text: expression_text(row.expression),
        match_type: if product { PositiveMatch::Product } else { PositiveMatch::Other },
        state: parent_state(&row.state),
        native_state: Text::new(row.state),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Date {
        "2026-10-01".parse().unwrap()
    }

    /// After the saved list answers of Amazon's Postman collection (`amzn/ads-advanced-tools-docs`).
    #[test]
    fn a_page_of_negative_keywords_decodes_with_its_token() {
        let body = br#"{"negativeKeywords":[
            {"keywordId":"281474976710657","adGroupId":"20","campaignId":"10","keywordText":"Toys",
             "matchType":"NEGATIVE_EXACT","state":"ENABLED","nativeLanguageKeyword":"x","unheardOf":{"a":[1]}},
            {"keywordId":"2","adGroupId":"20","campaignId":"10","keywordText":" b ","matchType":"NEGATIVE_BROAD","state":"ENABLING"},
            {"keywordId":"3","adGroupId":"20","campaignId":"10","keywordText":"c","matchType":"NEGATIVE_PHRASE","state":"WHAT"}
          ],"nextToken":"abc","totalResults":1203}"#;
        let page = page(List::NegativeKeywords, body, today()).unwrap();
        assert_eq!((page.next.as_deref(), page.total), (Some("abc"), Some(1203)));
        let Fetched::Negatives(rows) = page.rows else { panic!("{:?}", page.rows) };
        assert_eq!(rows[0].id.raw(), "281474976710657");
        assert_eq!(rows[0].match_type, Some(MatchType::Exact));
        assert_eq!(rows[0].ad_group, Some(AdGroupId::new("20")));
        assert_eq!((rows[1].text.raw(), rows[1].match_type, rows[1].state), (" b ", None, State::Enabled));
        assert_eq!((rows[2].state, rows[2].native_state.raw()), (State::Paused, "WHAT"));
    }

    #[test]
    fn brands_products_and_what_we_do_not_know_are_told_apart() {
        let body = br#"{"negativeTargetingClauses":[
            {"targetId":"1","adGroupId":"2","campaignId":"3","state":"ARCHIVED",
             "expression":[{"type":"ASIN_BRAND_SAME_AS","value":"18681839011"}],
             "resolvedExpression":[{"type":"ASIN_BRAND_SAME_AS","value":"DJECO"}]},
            {"targetId":"2","adGroupId":"2","campaignId":"3","state":"ENABLED",
             "expression":[{"type":"ASIN_SAME_AS","value":"B07YT8NVF9"}],"resolvedExpression":[]},
            {"targetId":"3","adGroupId":"2","campaignId":"3","state":"OTHER","expression":[{"type":"OTHER"}],"resolvedExpression":[]}]}"#;
        let page = page(List::NegativeTargets, body, today()).unwrap();
        let Fetched::Negatives(rows) = page.rows else { panic!("{:?}", page.rows) };
        assert_eq!((rows[0].kind, rows[0].text.raw()), (Kind::Brand, "18681839011"));
        assert_eq!(rows[0].brand_name, Some(Text::new("DJECO")));
        assert_eq!(rows[0].state, State::Archived);
        assert_eq!(
            (rows[1].kind, rows[1].text.raw(), &rows[1].brand_name),
            (Kind::Product, "B07YT8NVF9", &None)
        );
        assert_eq!((rows[2].kind, rows[2].text.raw(), rows[2].state), (Kind::Product, "OTHER", State::Paused));
    }

    #[test]
    fn an_end_date_that_has_passed_ends_a_campaign_unless_it_is_archived() {
        let body = br#"{"campaigns":[
            {"campaignId":"1","name":"a","state":"ENABLED","targetingType":"AUTO","endDate":"2026-09-30","budget":{"budget":1}},
            {"campaignId":"2","name":"b","state":"ENABLED","targetingType":"MANUAL","endDate":"2026-10-01"},
            {"campaignId":"3","name":"c","state":"ARCHIVED","targetingType":"X","endDate":"2020-01-01"},
            {"campaignId":"4","name":"d","state":"PROPOSED","targetingType":"MANUAL","endDate":null}],"totalResults":4}"#;
        let page = page(List::Campaigns, body, today()).unwrap();
        assert_eq!(page.campaigns.len(), 4);
        let Fetched::Campaigns(rows) = page.rows else { panic!("{:?}", page.rows) };
        let states: Vec<_> = rows.iter().map(|row| row.state).collect();
        assert_eq!(
            states,
            [ParentState::Ended, ParentState::Enabled, ParentState::Archived, ParentState::Paused]
        );
        let how: Vec<_> = rows.iter().map(|row| row.targeting).collect();
        assert_eq!(how, [Targeting::Auto, Targeting::Manual, Targeting::Unknown, Targeting::Manual]);
    }

    #[test]
    fn positive_targets_are_products_or_kept_as_they_are() {
        let body = br#"{"targetingClauses":[
            {"targetId":"1","adGroupId":"2","campaignId":"3","state":"ENABLED","expression":[{"type":"ASIN_SAME_AS","value":"B07YT8NVF9"}]},
            {"targetId":"2","adGroupId":"2","campaignId":"3","state":"ENABLED","expression":[{"type":"QUERY_HIGH_REL_MATCHES"}]},
            {"targetId":"3","adGroupId":"2","campaignId":"3","state":"ENABLED",
             "expression":[{"type":"ASIN_CATEGORY_SAME_AS","value":"7"},{"type":"ASIN_BRAND_SAME_AS","value":"8"}]}]}"#;
        let page = page(List::Targets, body, today()).unwrap();
        let Fetched::Keywords(rows) = page.rows else { panic!("{:?}", page.rows) };
        let seen: Vec<_> = rows.iter().map(|row| (row.match_type, row.text.raw())).collect();
        assert_eq!(
            seen,
            [
                (PositiveMatch::Product, "B07YT8NVF9"),
                (PositiveMatch::Other, "QUERY_HIGH_REL_MATCHES"),
                (PositiveMatch::Other, "ASIN_CATEGORY_SAME_AS=7 8")
            ]
        );
    }

    #[test]
    fn garbage_is_an_error_and_a_page_without_rows_is_not() {
        assert!(page(List::Campaigns, b"<html>", today()).is_err());
        assert!(page(List::Campaigns, b"", today()).is_err());
        assert!(page(List::Campaigns, br#"{"campaigns":[{"name":"no id"}]}"#, today()).is_err());
        let empty = page(List::Campaigns, br#"{"nextToken":""}"#, today()).unwrap();
        assert_eq!((empty.rows, empty.next), (Fetched::Campaigns(vec![]), None));
    }
}
