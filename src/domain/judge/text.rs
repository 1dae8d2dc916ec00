//! What can be said of a text alone: length, words, characters, shape.

use super::super::capabilities::{Capabilities, is_asin};
use super::super::change::NewNegative;
use super::super::matching::{normalise, tokens};
use super::super::negative::{Kind, MatchType};
use super::{Caution, Judgement, Refusal};

pub(super) fn judge(new: &NewNegative, capabilities: &Capabilities, judgement: &mut Judgement) {
    let raw = new.text.raw();
    let text = raw.trim();
    let normal = normalise(text);
    if normal.is_empty() {
        judgement.refusals.push(Refusal::Empty);
        return;
    }
    if text.len() != raw.len() {
        judgement.cautions.push(Caution::OuterSpace);
    }
    match new.kind {
        Kind::Keyword => keyword(new, text, &normal, capabilities, judgement),
        Kind::Product if !is_asin(&text.into()) => judgement.refusals.push(Refusal::NotAnAsin),
        Kind::Product | Kind::Brand => {}
    }
}

fn keyword(
    new: &NewNegative,
    text: &str,
    normal: &str,
    capabilities: &Capabilities,
    judgement: &mut Judgement,
) {
    let rule = &capabilities.text;
    let chars = text.chars().count();
    if chars > rule.most_chars.value {
        judgement.refusals.push(Refusal::TooLong { chars, most: rule.most_chars.value });
    }
    let most_words = new.match_type.and_then(|match_type| {
        let most = match match_type {
            MatchType::Exact => rule.most_words_exact,
            MatchType::Phrase => rule.most_words_phrase,
        };
        Some((match_type, most?.value))
    });
    let words = tokens(normal).count();
    if let Some((match_type, most)) = most_words.filter(|(_, most)| words > *most) {
        judgement.refusals.push(Refusal::TooManyWords { match_type, words, most });
    }
    let refused = distinct(text, |c| rule.refused.contains(&c));
    let doubtful = distinct(text, |c| (rule.doubtful)(c) && !rule.refused.contains(&c));
    if !refused.is_empty() {
        judgement.refusals.push(Refusal::Characters(refused));
    }
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
