//! What can be said of a text alone: length, words, characters, shape.

use super::super::capabilities::{Capabilities, is_asin};
use super::super::change::NewNegative;
use super::super::matching::{normal, tokens};
use super::super::negative::{Kind, MatchType};
use super::{Caution, Judgement, Refusal};

pub(super) fn judge(new: &NewNegative, capabilities: &Capabilities, judgement: &mut Judgement) {
    let raw = new.text.raw();
    let refusals = text_refusals(new.kind, new.match_type, raw, capabilities);
    let empty = refusals.contains(&Refusal::Empty);
    judgement.refusals.extend(refusals);
    if empty {
        return;
    }
    let text = raw.trim();
    if text.len() != raw.len() {
        judgement.cautions.push(Caution::OuterSpace);
    }
    if new.kind == Kind::Keyword {
        keyword(text, capabilities, judgement);
    }
}

/// Why a platform refuses a text; nothing where it takes it.
pub fn text_refusals(
    kind: Kind,
    match_type: Option<MatchType>,
    raw: &str,
    capabilities: &Capabilities,
) -> Vec<Refusal> {
    let text = raw.trim();
    let normal = normal(text);
    if normal.is_empty() {
        return vec![Refusal::Empty];
    }
    match kind {
        Kind::Keyword => {}
        Kind::Product if !is_asin(&text.into()) => return vec![Refusal::NotAnAsin],
        Kind::Product | Kind::Brand => return Vec::new(),
    }
    let (rule, mut refusals) = (&capabilities.text, Vec::new());
    let chars = text.chars().count();
    if chars > rule.most_chars.value {
        refusals.push(Refusal::TooLong { chars, most: rule.most_chars.value });
    }
    let most_words = match_type.and_then(|match_type| {
        let most = match match_type {
            MatchType::Exact => rule.most_words_exact,
            MatchType::Phrase => rule.most_words_phrase,
        };
        Some((match_type, most?.value))
    });
    let words = tokens(&normal).count();
    if let Some((match_type, most)) = most_words.filter(|(_, most)| words > *most) {
        refusals.push(Refusal::TooManyWords { match_type, words, most });
    }
    let refused = distinct(text, |c| rule.refused.contains(&c));
    if !refused.is_empty() {
        refusals.push(Refusal::Characters(refused));
    }
    refusals
}

fn keyword(text: &str, capabilities: &Capabilities, judgement: &mut Judgement) {
    let rule = &capabilities.text;
    let doubtful = distinct(text, |c| (rule.doubtful)(c) && !rule.refused.contains(&c));
    if !doubtful.is_empty() {
        judgement.cautions.push(Caution::Doubtful(doubtful));
    }
    if capabilities.has_kind(Kind::Product)
        && is_asin(&text.to_uppercase().into())
        && text.contains(|c: char| c.is_ascii_digit())
    {
        judgement.cautions.push(Caution::LooksLikeAsin);
    }
}

/// The characters of a text that are of a sort, each once, in order.
fn distinct(text: &str, of_the_sort: impl Fn(char) -> bool) -> Vec<char> {
    let mut found = Vec::new();
    for c in text.chars().filter(|c| of_the_sort(*c)) {
        if !found.contains(&c) {
            found.push(c);
        }
    }
    found
}
