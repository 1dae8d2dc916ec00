//! The words of the worlds, from `assets/demo/vocabulary.toml`.
//! What makes a world clean is that its lists share no word; the test here keeps that.

use serde::Deserialize;

/// All words.
#[derive(Debug, Deserialize)]
pub struct Vocabulary {
    unwanted: Languages,
    rivals: Rivals,
    theme: Vec<Theme>,
}

#[derive(Debug, Deserialize)]
struct Languages {
    en: Unwanted,
    de: Unwanted,
}

#[derive(Debug, Deserialize)]
struct Rivals {
    names: Vec<String>,
}

/// Words of searches that must not trigger ads, and the tails that shoppers add to what they want.
#[derive(Debug, Deserialize)]
pub struct Unwanted {
    /// Each phrase negative has one of these.
    pub phrase: Vec<String>,
    /// Each exact negative has one of these.
    pub exact: Vec<String>,
    /// In search terms of broad and automatic targeting only.
    pub tails: Vec<String>,
}

/// A line of products.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Theme {
    /// In names of campaigns.
    pub name: String,
    /// `en` or `de`.
    pub language: String,
    /// Own brand.
    pub brand: String,
    /// One word each.
    pub modifiers: Vec<String>,
    /// One or two words each.
    pub nouns: Vec<String>,
}

impl Vocabulary {
    /// Reads the shipped file.
    pub fn shipped() -> Self {
        let file = include_str!("../../../assets/demo/vocabulary.toml");
        // It is part of the program, and the test below reads it.
        toml_edit::de::from_str(file).expect("the shipped vocabulary is in order")
    }

    /// The unwanted words of a theme's language.
    pub fn unwanted(&self, theme: &Theme) -> &Unwanted {
        if theme.language == "de" { &self.unwanted.de } else { &self.unwanted.en }
    }

    /// Names of rival brands.
    pub fn rivals(&self) -> &[String] {
        &self.rivals.names
    }

    /// Themes of a language, and of a brand where one is given.
    pub fn themes(&self, language: &str, brand: Option<&str>) -> Vec<&Theme> {
        let fits =
            |theme: &&Theme| theme.language == language && brand.is_none_or(|brand| theme.brand == brand);
        self.theme.iter().filter(fits).collect()
    }
}

#[cfg(test)]
pub mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::super::OWN_BRANDS;
    use super::*;

    /// A word without its plural ending.
    pub fn soft(word: &str) -> String {
        let word = word.to_lowercase();
        for ending in ["ies", "es", "s"] {
            if let Some(stem) = word.strip_suffix(ending).filter(|stem| !stem.ends_with('s') && stem.len() > 1)
            {
                return stem.to_owned();
            }
        }
        word
    }

    #[test]
    fn what_is_wanted_and_what_is_not_share_no_word() {
        let vocabulary = Vocabulary::shipped();
        let mut home: BTreeMap<String, &str> = BTreeMap::new();
        let mut claim = |words: &[String], list: &'static str| {
            for word in words.iter().flat_map(|words| words.split(' ')) {
                let other = home.insert(soft(word), list);
                assert!(other.is_none_or(|other| other == list), "{word} is in {list} and {other:?}");
            }
        };
        for (language, list) in [(&vocabulary.unwanted.en, "en"), (&vocabulary.unwanted.de, "de")] {
            claim(&language.phrase, if list == "en" { "phrase en" } else { "phrase de" });
            claim(&language.exact, if list == "en" { "exact" } else { "exact de" });
        }
        claim(&vocabulary.rivals.names, "rivals");
        claim(&OWN_BRANDS.map(str::to_owned), "brands");
        for theme in &vocabulary.theme {
            claim(&theme.modifiers, "wanted");
            claim(&theme.nouns, "wanted");
        }
        let mut tails = vocabulary.unwanted.en.tails.clone();
        tails.extend(vocabulary.unwanted.de.tails.clone());
        claim(&tails, "tails");
    }

    #[test]
    fn no_phrase_can_be_part_of_another() {
        for theme in &Vocabulary::shipped().theme {
            let first = |noun: &str| noun.split(' ').next().unwrap_or_default().to_owned();
            let modifiers: BTreeSet<&String> = theme.modifiers.iter().collect();
            assert_eq!(modifiers.len(), theme.modifiers.len(), "{}", theme.name);
            for noun in &theme.nouns {
                assert!(noun.split(' ').count() <= 2 && !modifiers.contains(&first(noun)), "{noun}");
                let begins =
                    |other: &&String| *other != noun && format!("{other} ").starts_with(&format!("{noun} "));
                assert_eq!(theme.nouns.iter().find(begins), None, "{noun}");
            }
        }
    }
}
