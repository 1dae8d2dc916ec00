//! Reads the body of a list call: filters with the bounds of the spec, page size, token.
//! What cannot be read is refused with 400; which rows pass is decided here too, by text, state and match type.

use serde_json::{Map, Value};

use super::super::model::fold;
use super::error::Refusal;
use super::page::PAGE;
use super::resource::{CAMPAIGNS, List};

type Body = Map<String, Value>;

/// The spec's `EntityState`.
const STATES: [&str; 7] = ["ARCHIVED", "ENABLED", "ENABLING", "OTHER", "PAUSED", "PROPOSED", "USER_DELETED"];
const ALLOCATIONS: [&str; 2] = ["AUTO", "MANUAL"];
const EXPRESSIONS: [&str; 3] = ["AUTO", "MANUAL", "OTHER"];
const TEXT_MATCHES: [&str; 2] = ["BROAD_MATCH", "EXACT_MATCH"];

/// Which rows are asked for. A token is bound to it. None of a field lets all pass.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filters {
    /// Own ids, ascending.
    pub ids: Option<Vec<u64>>,
    /// Campaigns, ascending.
    pub campaigns: Option<Vec<u64>>,
    /// Ad groups, ascending.
    pub ad_groups: Option<Vec<u64>>,
    /// Portfolios (the worlds have none).
    pub portfolios: Option<Vec<u64>>,
    states: Option<Vec<String>>,
    matches: Option<Vec<String>>,
    targeting: Option<Vec<String>>,
    allocations: Option<Vec<String>>,
    text: Option<Text>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Text {
    /// One of these, case aside.
    Equal(Vec<String>),
    /// Contains this, case aside.
    Contains(String),
}

fn passes(words: Option<&Vec<String>>, word: &str) -> bool {
    words.is_none_or(|words| words.iter().any(|allowed| allowed == word))
}

impl Filters {
    /// By state.
    pub fn state(&self, state: &str) -> bool {
        passes(self.states.as_ref(), state)
    }

    /// By match type.
    pub fn matching(&self, word: &str) -> bool {
        passes(self.matches.as_ref(), word)
    }

    /// By the campaign's targeting type, or by the type of a target's expression.
    pub fn targeting(&self, word: &str) -> bool {
        passes(self.targeting.as_ref(), word)
    }

    /// By budget allocation.
    pub fn allocation(&self, word: &str) -> bool {
        passes(self.allocations.as_ref(), word)
    }

    /// By name, keyword text or ASIN; `None` for a row without one.
    pub fn text(&self, text: Option<&str>) -> bool {
        let Some(wanted) = &self.text else { return true };
        let Some(text) = text.map(fold) else { return false };
        match wanted {
            Text::Equal(all) => all.contains(&text),
            Text::Contains(part) => text.contains(part.as_str()),
        }
    }
}

/// A list call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Which rows.
    pub filters: Filters,
    /// Rows a page, from 1 to [`PAGE`].
    pub max_results: usize,
    /// Where to go on.
    pub next_token: Option<String>,
    /// Whether rows carry `extendedData`.
    pub extended: bool,
}

impl Listing {
    /// Reads a body; an empty one asks for everything.
    ///
    /// # Errors
    /// 400 that names the field.
    pub fn read(list: &List, bytes: &[u8]) -> Result<Self, Refusal> {
        let body = object(bytes)?;
        let campaigns = if list.path == CAMPAIGNS { None } else { ids(&body, "campaignIdFilter", 100)? };
        let filters = Filters {
            ids: ids(&body, list.own_ids, 1_000)?,
            campaigns,
            ad_groups: if list.by_ad_group { ids(&body, "adGroupIdFilter", 100)? } else { None },
            portfolios: ids(&body, "portfolioIdFilter", 100)?,
            states: included(&body, "stateFilter", 10, &STATES)?,
            matches: match_types(&body, list.match_words)?,
            targeting: match word(&body, "campaignTargetingTypeFilter", &ALLOCATIONS)? {
                Some(word) => Some(vec![word]),
                None => included(&body, "expressionTypeFilter", 2, &EXPRESSIONS)?,
            },
            allocations: included(&body, "marketplaceBudgetAllocationFilter", 2, &ALLOCATIONS)?,
            text: text(&body, list)?,
        };
        let next_token = string(&body, "nextToken")?.filter(|token| !token.is_empty());
        Ok(Self { filters, max_results: page_size(&body)?, next_token, extended: extended(&body)? })
    }
}

/// A body that is a JSON object; an empty one counts as `{}`.
///
/// # Errors
/// 400.
pub fn object(bytes: &[u8]) -> Result<Body, Refusal> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Body::new());
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(body)) => Ok(body),
        Ok(_) => Err(Refusal::invalid("The request body must be a JSON object")),
        Err(error) => Err(Refusal::invalid(format!("The request body is not valid JSON: {error}"))),
    }
}

fn present<'a>(body: &'a Body, key: &str) -> Option<&'a Value> {
    body.get(key).filter(|value| !value.is_null())
}

fn wrong_type(key: &str, wanted: &str) -> Refusal {
    Refusal::invalid(format!("'{key}' must be {wanted}"))
}

fn string(body: &Body, key: &str) -> Result<Option<String>, Refusal> {
    match present(body, key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong_type(key, "a string")),
    }
}

fn strings(value: &Value, at: &str, most: usize) -> Result<Vec<String>, Refusal> {
    let items = value.as_array().ok_or_else(|| wrong_type(at, "an array of strings"))?;
    if items.len() > most {
        let constraint = format!("Member must have length less than or equal to {most}");
        return Err(Refusal::constraint(&format!("{} members", items.len()), at, &constraint));
    }
    let read =
        |item: &Value| item.as_str().map(str::to_owned).ok_or_else(|| wrong_type(at, "an array of strings"));
    items.iter().map(read).collect()
}

/// The `include` array of a filter object; none when the filter is absent or includes nothing.
fn include(body: &Body, key: &str, most: usize, required: bool) -> Result<Option<Vec<String>>, Refusal> {
    let Some(filter) = present(body, key) else { return Ok(None) };
    let filter = filter.as_object().ok_or_else(|| wrong_type(key, "an object"))?;
    let at = format!("{key}.include");
    match present(filter, "include") {
        None if required => Err(Refusal::constraint("null", &at, "Member must not be null")),
        None => Ok(None),
        Some(value) => Ok(Some(strings(value, &at, most)?).filter(|all| !all.is_empty())),
    }
}

/// An id filter. Ids that are no numbers are nobody's.
fn ids(body: &Body, key: &str, most: usize) -> Result<Option<Vec<u64>>, Refusal> {
    let ids = include(body, key, most, true)?;
    Ok(ids.map(|ids| {
        let mut ids: Vec<u64> = ids.iter().filter_map(|id| id.trim().parse().ok()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }))
}

fn check_words(words: &[String], at: &str, allowed: &[&str]) -> Result<(), Refusal> {
    if words.iter().all(|word| allowed.contains(&word.as_str())) {
        return Ok(());
    }
    let set = allowed.join(", ");
    let constraint = format!("Member must satisfy constraint: [Member must satisfy enum value set: [{set}]]");
    Err(Refusal::constraint(&format!("[{}]", words.join(", ")), at, &constraint))
}

fn included(body: &Body, key: &str, most: usize, allowed: &[&str]) -> Result<Option<Vec<String>>, Refusal> {
    let words = include(body, key, most, true)?;
    check_words(words.as_deref().unwrap_or_default(), &format!("{key}.include"), allowed)?;
    Ok(words)
}

/// A bare word. Some lists know no such filter; it is then not sent, and ignored if it is.
fn word(body: &Body, key: &str, allowed: &[&str]) -> Result<Option<String>, Refusal> {
    let word = string(body, key)?;
    if let Some(word) = &word {
        check_words(std::slice::from_ref(word), key, allowed)?;
    }
    Ok(word)
}

/// The filter by match type is a bare array, not an object with `include`.
fn match_types(body: &Body, allowed: &[&str]) -> Result<Option<Vec<String>>, Refusal> {
    const KEY: &str = "matchTypeFilter";
    let Some(value) = present(body, KEY).filter(|_| !allowed.is_empty()) else { return Ok(None) };
    let words = strings(value, KEY, usize::MAX)?;
    check_words(&words, KEY, allowed)?;
    Ok(Some(words).filter(|words| !words.is_empty()))
}

fn text(body: &Body, list: &List) -> Result<Option<Text>, Refusal> {
    let key = list.text.key;
    let Some(filter) = present(body, key) else { return Ok(None) };
    let filter = filter.as_object().ok_or_else(|| wrong_type(key, "an object"))?;
    let matching = word(filter, "queryTermMatchType", &TEXT_MATCHES)?;
    if list.text.needs_type && matching.is_none() {
        return Err(Refusal::constraint(
            "null",
            &format!("{key}.queryTermMatchType"),
            "Member must not be null",
        ));
    }
    let Some(texts) = include(body, key, 100, false)? else { return Ok(None) };
    let texts: Vec<String> = texts.iter().map(|text| fold(text)).collect();
    Ok(Some(match matching.as_deref() {
        // The spec: only the first value counts.
        Some("BROAD_MATCH") => Text::Contains(texts.into_iter().next().unwrap_or_default()),
        _ => Text::Equal(texts),
    }))
}

/// `maxResults`, as a number or in digits.
fn page_size(body: &Body) -> Result<usize, Refusal> {
    const KEY: &str = "maxResults";
    let size = match present(body, KEY) {
        None => return Ok(PAGE),
        Some(Value::String(digits)) => digits.trim().parse::<i64>().ok(),
        Some(value) => value.as_i64(),
    };
    let size = size.ok_or_else(|| wrong_type(KEY, "an integer"))?;
    match usize::try_from(size) {
        Ok(size) if size > 0 => Ok(size.min(PAGE)),
        _ => Err(Refusal::constraint(
            &size.to_string(),
            KEY,
            "Member must have value greater than or equal to 1",
        )),
    }
}

fn extended(body: &Body) -> Result<bool, Refusal> {
    const KEY: &str = "includeExtendedDataFields";
    match present(body, KEY) {
        None => Ok(false),
        Some(Value::Bool(extended)) => Ok(*extended),
        Some(Value::String(text)) if text == "true" || text == "false" => Ok(text == "true"),
        Some(_) => Err(wrong_type(KEY, "a boolean")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sandbox::amazon::resource::{ENTITIES, NEGATIVES};

    fn keywords(body: &Value) -> Result<Listing, Refusal> {
        Listing::read(&NEGATIVES[0].list, body.to_string().as_bytes())
    }

    #[test]
    fn an_empty_body_asks_for_all_in_pages_of_a_thousand() {
        let listing = Listing::read(&ENTITIES[0], b"").expect("empty body");
        assert_eq!(listing, Listing::read(&ENTITIES[0], b"{}").expect("empty object"));
        assert_eq!((listing.filters, listing.max_results), (Filters::default(), 1_000));
    }

    #[test]
    fn counts_beyond_the_bounds_of_the_spec_are_refused() {
        let many = |count: usize| json!({"include": vec!["1"; count]});
        assert!(
            keywords(&json!({"campaignIdFilter": many(100), "negativeKeywordIdFilter": many(1_000)})).is_ok()
        );
        assert!(keywords(&json!({"campaignIdFilter": many(101)})).is_err());
        assert!(keywords(&json!({"adGroupIdFilter": many(101)})).is_err());
        assert!(keywords(&json!({"negativeKeywordIdFilter": many(1_001)})).is_err());
        assert!(keywords(&json!({"stateFilter": {"include": vec!["ENABLED"; 11]}})).is_err());
        // Where it is the list's own id, a campaign filter takes 1,000.
        let own = json!({"campaignIdFilter": many(1_000)}).to_string();
        assert!(Listing::read(&ENTITIES[0], own.as_bytes()).is_ok());
    }

    #[test]
    fn lower_case_words_are_refused_with_the_allowed_set() {
        let error = keywords(&json!({"stateFilter": {"include": ["enabled"]}})).expect_err("lower case");
        assert!(format!("{error:?}").contains("enum value set: [ARCHIVED, ENABLED"), "{error:?}");
        assert!(keywords(&json!({"matchTypeFilter": ["negative_exact"]})).is_err());
        assert!(keywords(&json!({"matchTypeFilter": {"include": ["NEGATIVE_EXACT"]}})).is_err());
    }

    #[test]
    fn a_keyword_text_filter_says_how_it_matches() {
        assert!(keywords(&json!({"negativeKeywordTextFilter": {"include": ["x"]}})).is_err());
        let filter = |kind: &str| {
            let body =
                json!({"negativeKeywordTextFilter": {"queryTermMatchType": kind, "include": ["Free", "b"]}});
            keywords(&body).expect("filter").filters
        };
        assert!(filter("BROAD_MATCH").text(Some("sugar FREE tea")));
        assert!(!filter("BROAD_MATCH").text(Some("b")));
        assert!(filter("EXACT_MATCH").text(Some("free")) && filter("EXACT_MATCH").text(Some("B")));
        assert!(!filter("EXACT_MATCH").text(Some("free tea")));
    }

    #[test]
    fn a_page_size_may_be_a_string_and_is_cut_down() {
        for (value, size) in [(json!(5), 5), (json!("7"), 7), (json!(5_000), 1_000)] {
            assert_eq!(keywords(&json!({"maxResults": value})).expect("size").max_results, size);
        }
        assert!(keywords(&json!({"maxResults": 0})).is_err());
        assert!(keywords(&json!({"maxResults": "many"})).is_err());
    }
}
