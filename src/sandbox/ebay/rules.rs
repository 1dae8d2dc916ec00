//! What a negative keyword has to be at eBay, and what its surroundings allow: the checks before one is created.
//! The 1,000 of an ad group are documented ("Promoted Listings restrictions"), lengths and words as for positive keywords.

use serde::{Deserialize, Deserializer};

use super::super::call::Call;
use super::super::model::{Match, NegativeKind, Pool};
use super::super::realm::{NewNegative, Realm};
use super::error::Fault;
use super::{campaigns, wire};

const CHARACTERS: usize = 100;
const WORDS: usize = 10;
/// The most negatives of an ad group that are not archived.
pub const CAP: u32 = 1_000;

/// `CreateNegativeKeywordRequest`. Absent and null fields are the same; what is missing is told by an error of its own.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct New {
    #[serde(deserialize_with = "id")]
    pub ad_group_id: Option<String>,
    #[serde(deserialize_with = "id")]
    pub campaign_id: Option<String>,
    pub negative_keyword_text: Option<String>,
    pub negative_keyword_match_type: Option<String>,
}

/// An id as a string or, as some clients send it, as a number.
pub fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Text(String),
        Number(u64),
    }
    Ok(Option::<Id>::deserialize(deserializer)?.map(|id| match id {
        Id::Text(text) => text,
        Id::Number(number) => number.to_string(),
    }))
}

fn present(id: Option<&String>) -> Option<&str> {
    id.map(|id| id.trim()).filter(|id| !id.is_empty())
}

impl New {
    /// Campaign and ad group, if both are given.
    pub fn scope(&self) -> Option<(&str, &str)> {
        Some((present(self.campaign_id.as_ref())?, present(self.ad_group_id.as_ref())?))
    }

    /// Match type, if it is one.
    pub fn matching(&self) -> Option<Match> {
        match self.negative_keyword_match_type.as_deref() {
            Some("EXACT") => Some(Match::Exact),
            Some("PHRASE") => Some(Match::Phrase),
            _ => None,
        }
    }

    /// Text, if there is one.
    pub fn text(&self) -> Option<&str> {
        self.negative_keyword_text.as_deref().filter(|text| !text.trim().is_empty())
    }

    /// What is to be stored, if nothing is against it.
    ///
    /// # Errors
    /// The first thing that is against it.
    pub fn check(&self, realm: &Realm, call: &Call) -> Result<NewNegative, Fault> {
        let (campaign_id, ad_group_id) = self.scope().ok_or_else(|| Fault::new(36345))?;
        let matching = self
            .matching()
            .ok_or_else(|| Fault::new(36330).with("negativeKeywordMatchTypeValues", "EXACT, PHRASE"))?;
        let text = self.text().ok_or_else(|| Fault::new(36333))?;
        check_text(text)?;

        let campaign = campaigns::find(realm, campaign_id)?;
        if wire::is_smart(campaign) {
            return Err(Fault::new(35129));
        }
        if matches!(campaign.state.as_str(), "ENDED" | "DELETED") {
            return Err(Fault::new(35035).with("campaign_id", campaign_id));
        }
        let group = ad_group_id.parse().ok().and_then(|id| realm.ad_groups.get(id));
        let group = group
            .filter(|group| group.campaign_id == campaign.id)
            .ok_or_else(|| Fault::new(36210).with("ad_group_id", ad_group_id))?;
        if group.state == "ARCHIVED" {
            return Err(Fault::new(36219).with("ad_group_id", ad_group_id));
        }
        let new = NewNegative {
            campaign_id: campaign.id,
            ad_group_id: Some(group.id),
            kind: NegativeKind::Keyword,
            matching: Some(matching),
            text: call.stored_text(text),
            state: "ACTIVE".into(),
        };
        if !call.accepts_duplicates() && realm.twin(&new).is_some() {
            let error = Fault::new(36331).with("negativeKeywordText", text);
            return Err(error.with("negativeKeywordMatchType", wire::match_word(matching)));
        }
        if room(realm, group.id) == 0 {
            return Err(Fault::new(36335).with("maxSupportedNegativeKeywordNumber", &CAP));
        }
        Ok(new)
    }
}

/// How many negatives an ad group still takes.
pub fn room(realm: &Realm, ad_group: u64) -> u32 {
    let held = realm.shelf(0, Some(ad_group), Pool::GroupKeyword).map_or(0, |shelf| shelf.unarchived);
    CAP.saturating_sub(held)
}

fn check_text(text: &str) -> Result<(), Fault> {
    if text.chars().count() > CHARACTERS {
        let error = Fault::new(36332).with("negativeKeywordText", text);
        return Err(error.with("maxNegativeKeywordTextLength", &CHARACTERS));
    }
    if text.split_whitespace().count() > WORDS {
        let error = Fault::new(36336).with("negativeKeywordText", text);
        return Err(error.with("maxWordsInNegativeKeyword", &WORDS));
    }
    let wrong: String =
        text.chars().filter(|letter| letter.is_control() || matches!(letter, '<' | '>')).collect();
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Fault::new(36334).with("invalidCharacters", &wrong.escape_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> u32 {
        check_text(text).map_or_else(|error| error.id(), |()| 0)
    }

    #[test]
    fn texts_have_100_characters_10_words_and_no_markup() {
        assert_eq!(code(&"é".repeat(100)), 0);
        assert_eq!(code(&"é".repeat(101)), 36332);
        assert_eq!(code("a b c d e f g h i j"), 0);
        assert_eq!(code("a b c d e f g h i j k"), 36336);
        assert_eq!(code("a<b"), 36334);
        assert_eq!(code("a\tb"), 36334);
        assert_eq!(code("50% off, 1/2 \"inch\""), 0);
    }

    #[test]
    fn ids_may_be_numbers() {
        let new: New = serde_json::from_str(r#"{"adGroupId":12,"campaignId":"7"}"#).expect("ids");
        assert_eq!(new.scope(), Some(("7", "12")));
        let new: New = serde_json::from_str(r#"{"adGroupId":null,"campaignId":"7"}"#).expect("ids");
        assert_eq!(new.scope(), None);
    }
}
