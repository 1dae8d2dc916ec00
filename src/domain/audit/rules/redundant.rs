//! `redundant`: a negative that a wider one blocks everything of.

use super::super::super::catalog::AdGroupIx;
use super::super::super::matching::tokens;
use super::super::super::negative::{Kind, MatchType};
use super::super::rule::Draft;
use super::super::{Desk, Fix, Found, Info, Rule, Severity, Twin, says};

/// The rule.
pub(super) struct Redundant;

static INFO: Info = Info::new(
    "redundant",
    "superfluous",
    Severity::Info,
    &[
        "Another live negative blocks all that this one blocks: a phrase whose words stand in its text, or an equal exact; in the same ad group, or at the campaign above it. Products and brands: the same one at the campaign.",
        "An exact never covers a phrase. What is equal in everything in the very same place is a duplicate instead.",
        "Nothing is wrong with it: removing is final on Amazon and eBay and gains nothing, unless the ad group or campaign is close to its limit, where this is a warning.",
    ],
);

impl Rule for Redundant {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn campaign(&self, desk: &Desk<'_>, out: &mut Found<'_>) {
        for twin in desk.live() {
            let Some(wide) = covering(desk, twin) else { continue };
            let message =
                format!("{} is covered by {}", says::negative(desk, twin), says::negative(desk, wide));
            let mut rows = desk.enabled(twin).to_vec();
            rows.extend(desk.enabled(wide).first());
            let mut draft = Draft::of(desk, twin).negatives(rows).fix(Fix::remove(desk.enabled(twin)));
            if desk.is_near_full(desk.group_of(twin)) {
                draft = draft.severity(Severity::Warning);
            }
            out.add(desk.cx, draft, message);
        }
    }
}

/// The widest that covers it: the campaign's before the ad group's, the shorter phrase before the longer.
fn covering<'d>(desk: &'d Desk<'_>, twin: &Twin<'_>) -> Option<&'d Twin<'d>> {
    let own = desk.group_of(twin);
    let scopes: [Option<Option<AdGroupIx>>; 2] = [Some(None), own.map(Some)];
    for scope in scopes.into_iter().flatten() {
        if twin.kind == Kind::Keyword {
            let words: Vec<&str> = tokens(&twin.text).collect();
            // Longer phrases than a platform takes cover nothing; most lists hold short ones.
            for run in (1..=words.len()).flat_map(|length| words.windows(length)) {
                let same =
                    run.len() == words.len() && scope == own && twin.match_type == Some(MatchType::Phrase);
                if same {
                    continue;
                }
                let found = desk.find(scope, Kind::Keyword, Some(MatchType::Phrase), &run.join(" "));
                if found.is_some() {
                    return found;
                }
            }
        }
        let equal = scope != own && (twin.kind != Kind::Keyword || twin.match_type == Some(MatchType::Exact));
        if equal && let Some(found) = desk.find(scope, twin.kind, twin.match_type, &twin.text) {
            return Some(found);
        }
    }
    None
}
