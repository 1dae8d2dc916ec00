//! One finding: which rule, where, which rows, why in words, the money with its dates, and a fix as data. Its id outlives
//! new platform ids and later snapshots.

use std::fmt;

use compact_str::CompactString;

use super::super::account::Identity;
use super::super::catalog::positives::PositiveIx;
use super::super::catalog::{AccountIx, AdGroupIx, CampaignIx, Catalog, NegIx};
use super::super::change::{Change, NewNegative};
use super::super::ids::NegativeId;
use super::super::negative::{Kind, MatchType};
use super::super::term::{Figures, TermPeriod};
use super::Severity;

/// A hash of rule, account identity, scope, kind, match type and normalised text: the same whatever ids the platform
/// gave, and on every machine.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FindingId(u64);

impl FindingId {
    /// Of what makes a finding what it is. FNV-1a, each part ended by a byte that no text holds.
    pub(super) fn of(parts: &[&str]) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut eat = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        for part in parts {
            part.bytes().for_each(&mut eat);
            eat(0xff);
        }
        Self(hash)
    }

    /// Reads the form that [`Display`](fmt::Display) gives.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 16).then(|| u64::from_str_radix(text, 16).ok()).flatten().map(Self)
    }
}

impl fmt::Display for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FindingId({self})")
    }
}

/// What would mend a finding. Nothing is staged before somebody says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fix {
    /// Negatives to be removed.
    pub remove: Vec<NegIx>,
    /// Negatives to be added.
    pub add: Vec<NewNegative>,
}

impl Fix {
    /// Removes these.
    pub fn remove(rows: impl Into<Vec<NegIx>>) -> Self {
        Self { remove: rows.into(), add: Vec::new() }
    }

    /// Adds this one.
    pub fn add(new: NewNegative) -> Self {
        Self { remove: Vec::new(), add: vec![new] }
    }

    /// The word for it in JSON: `remove`, `add`, `replace`.
    pub fn action(&self) -> &'static str {
        match (self.remove.is_empty(), self.add.is_empty()) {
            (false, false) => "replace",
            (true, false) => "add",
            _ => "remove",
        }
    }

    /// What it would stage, additions first: nothing is left open in between.
    pub fn changes(&self, catalog: &Catalog) -> Vec<Change> {
        let add = self.add.iter().map(|new| Change::Add { new: new.clone() });
        let remove = self.remove.iter().map(|ix| Change::Remove { target: catalog.to_negative(*ix) });
        add.chain(remove).collect()
    }
}

/// What a finding is about: the part of its id that is no rule and no account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// Keyword, product or brand.
    pub kind: Kind,
    /// How it matches; `None` for products, brands, and what is no single negative.
    pub match_type: Option<MatchType>,
    /// The text in the form in which texts are compared; empty for what is no single negative.
    pub text: CompactString,
}

/// Something that a rule found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Its id.
    pub id: FindingId,
    /// The rule's place in [`RULES`](super::RULES).
    pub rule: usize,
    /// How bad it is.
    pub severity: Severity,
    /// Its account.
    pub account: AccountIx,
    /// Its campaign; `None` where the snapshot has it no longer.
    pub campaign: Option<CampaignIx>,
    /// Its ad group; `None` for what concerns the campaign.
    pub ad_group: Option<AdGroupIx>,
    /// What it is about.
    pub subject: Subject,
    /// The negatives concerned.
    pub negatives: Vec<NegIx>,
    /// The id of a negative that the snapshot has no longer.
    pub gone: Option<NegativeId>,
    /// The positive keywords or targets concerned.
    pub keywords: Vec<PositiveIx>,
    /// How many search terms are concerned.
    pub terms: usize,
    /// What those brought and cost; `None` where the rule asks no search term.
    pub figures: Option<Figures>,
    /// The days of those figures.
    pub days: Option<TermPeriod>,
    /// What makes one finding of a rule weightier than another, in millionths.
    pub rank: i64,
    /// Why, in one sentence.
    pub message: String,
    /// What would mend it.
    pub fix: Option<Fix>,
}

impl Finding {
    /// The rule's fixed part.
    pub fn info(&self) -> &'static super::Info {
        super::RULES[self.rule].info()
    }

    /// The account that a fix is staged for.
    pub fn identity<'a>(&self, catalog: &'a Catalog) -> &'a Identity {
        &catalog.account(self.account).identity
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_fnv_and_tell_parts_apart() {
        // The published test vector of FNV-1a, 64 bit, for the bytes 61 ff.
        assert_ne!(FindingId::of(&["ab", "c"]), FindingId::of(&["a", "bc"]));
        assert_ne!(FindingId::of(&["a", ""]), FindingId::of(&["a"]));
        let id = FindingId::of(&["conflict-full", "amazon|https://x|1"]);
        assert_eq!(FindingId::parse(&id.to_string()), Some(id));
        assert_eq!(FindingId::parse("12"), None);
    }

    #[test]
    fn an_id_never_changes() {
        // Baselines in people's repositories hold these.
        assert_eq!(FindingId::of(&[]).to_string(), "cbf29ce484222325");
    }
}
