//! A finding made by hand, for tests of what shows and keeps findings. Test code only.

use super::super::catalog::AccountIx;
use super::super::negative::{Kind, MatchType};
use super::finding::Subject;
use super::{Finding, FindingId, Severity};

/// A `dead` finding about an exact negative of the first account that the snapshot has no longer.
pub(crate) fn finding(text: &str) -> Finding {
    Finding {
        id: FindingId::of(&["dead", text]),
        rule: super::rule("dead").unwrap(),
        severity: Severity::Info,
        account: AccountIx(0),
        campaign: None,
        ad_group: None,
        subject: Subject { kind: Kind::Keyword, match_type: Some(MatchType::Exact), text: text.into() },
        negatives: Vec::new(),
        gone: None,
        keywords: Vec::new(),
        terms: 0,
        figures: None,
        days: None,
        rank: 0,
        message: format!("\"{text}\" blocks nothing: campaign ended"),
        fix: None,
    }
}
