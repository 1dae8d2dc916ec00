//! Texts of one campaign: what is bid on, what is not wanted, what shoppers typed.
//! Within a campaign no unwanted text comes twice and none contains another.

use super::vocabulary::{Theme, Unwanted, Vocabulary};

/// Steps through the combinations of a theme; it is prime and divides none of their numbers.
const STRIDE: usize = 7_919;

/// The texts of a campaign.
#[derive(Debug)]
pub struct Texts<'a> {
    theme: &'a Theme,
    unwanted: &'a Unwanted,
    rivals: &'a [String],
    phrases: usize,
    exacts: usize,
    rival: usize,
    /// Where the steps began; another in every campaign.
    start: usize,
}

impl<'a> Texts<'a> {
    /// The texts of a campaign; `start` is its own.
    pub fn new(vocabulary: &'a Vocabulary, theme: &'a Theme, start: usize) -> Self {
        let unwanted = vocabulary.unwanted(theme);
        Self { theme, unwanted, rivals: vocabulary.rivals(), phrases: 0, exacts: 0, rival: 0, start }
    }

    /// "modifier noun" or only "noun", by number.
    fn product(&self, number: usize) -> (Option<&'a str>, &'a str) {
        let (modifiers, nouns) = (&self.theme.modifiers, &self.theme.nouns);
        let modifier = (number / nouns.len()) % (modifiers.len() + 1);
        (modifier.checked_sub(1).map(|place| modifiers[place].as_str()), &nouns[number % nouns.len()])
    }

    fn products(&self) -> usize {
        (self.theme.modifiers.len() + 1) * self.theme.nouns.len()
    }

    /// The next phrase negative: an unwanted word, then a product.
    pub fn phrase(&mut self) -> String {
        let words = &self.unwanted.phrase;
        let place = (self.start + self.phrases * STRIDE) % (words.len() * self.products());
        self.phrases += 1;
        let word = &words[place % words.len()];
        match self.product(place / words.len()) {
            (Some(modifier), noun) => format!("{word} {modifier} {noun}"),
            (None, noun) => format!("{word} {noun}"),
        }
    }

    /// The next exact negative: a product with an unwanted word before or behind it.
    pub fn exact(&mut self) -> String {
        let words = &self.unwanted.exact;
        let place = (self.start + self.exacts * STRIDE) % (2 * words.len() * self.products());
        self.exacts += 1;
        let (word, rest) = (&words[place % words.len()], place / words.len());
        let product = match self.product(rest / 2) {
            (Some(modifier), noun) => format!("{modifier} {noun}"),
            (None, noun) => noun.to_owned(),
        };
        if rest.is_multiple_of(2) { format!("{word} {product}") } else { format!("{product} {word}") }
    }

    /// The next rival's name, until there is none left.
    pub fn rival(&mut self) -> Option<&'a str> {
        if self.rival == self.rivals.len() {
            return None;
        }
        self.rival += 1;
        Some(&self.rivals[(self.start + self.rival) % self.rivals.len()])
    }

    /// The noun that an ad group is about.
    pub fn noun(&self, group: usize) -> &'a str {
        &self.theme.nouns[(self.start + group) % self.theme.nouns.len()]
    }

    /// The k-th thing that an ad group bids on; no two are the same.
    pub fn wanted(&self, group: usize, k: usize) -> String {
        let (noun, modifiers) = (self.noun(group), &self.theme.modifiers);
        let first = (group + k) % modifiers.len();
        let modifier = &modifiers[first];
        match k / modifiers.len() {
            0 => format!("{modifier} {noun}"),
            1 => format!("{} {modifier} {noun}", self.theme.brand.to_lowercase()),
            more => {
                // The second modifier is at a distance that no other pass has, and is never the first.
                let second = &modifiers[(first + 1 + (more - 2) % (modifiers.len() - 1)) % modifiers.len()];
                format!("{modifier} {second} {noun}")
            }
        }
    }

    /// A word that shoppers add.
    pub fn tail(&self, number: usize) -> &'a str {
        &self.unwanted.tails[(self.start + number) % self.unwanted.tails.len()]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_text_of_a_campaign_comes_twice() {
        let vocabulary = Vocabulary::shipped();
        for theme in vocabulary.themes("en", None).into_iter().chain(vocabulary.themes("de", None)) {
            let mut texts = Texts::new(&vocabulary, theme, 12_345);
            let phrases: BTreeSet<String> = (0..1_000).map(|_| texts.phrase()).collect();
            let exacts: BTreeSet<String> = (0..1_000).map(|_| texts.exact()).collect();
            let wanted: BTreeSet<String> = (0..60).map(|k| texts.wanted(3, k)).collect();
            assert_eq!((phrases.len(), exacts.len(), wanted.len()), (1_000, 1_000, 60), "{}", theme.name);
            assert!(phrases.iter().all(|text| text.split(' ').count() <= 4), "{}", theme.name);
        }
    }
}
