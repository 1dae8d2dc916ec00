//! `lost-match`: an exact on a platform without phrase, whose text is a phrase elsewhere in the account group.

use rustc_hash::FxHashMap;

use super::super::super::catalog::{AccountIx, Liveness, NegIx, Scope};
use super::super::super::matching::{Rules, normal};
use super::super::super::negative::{Kind, MatchType};
use super::super::finding::Subject;
use super::super::rule::Draft;
use super::super::{Context, Found, Info, Rule, Severity, says};

/// The rule.
pub(super) struct LostMatch;

static INFO: Info = Info::new(
    "lost-match",
    "a phrase elsewhere",
    Severity::Info,
    &[
        "On a platform that has exact negatives only, a negative has the text of one that is a phrase in another account of the same group.",
        "The phrase stops every search with these words, the exact one only the search that is nothing else: the longer searches go on costing here.",
        "Look at the search terms here that hold these words and add those that only cost as exacts of their own.",
    ],
);

impl Rule for LostMatch {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn whole(&self, cx: &Context<'_>, out: &mut Found<'_>) {
        let catalog = cx.catalog();
        let accounts = || (0..catalog.accounts().len()).map(|at| AccountIx(at as u16));
        let phrase = |account: &AccountIx| cx.capabilities(*account).map(|allowed| Rules::of(allowed).phrase);
        for account in accounts().filter(|account| cx.wants(*account) && phrase(account) == Some(false)) {
            let mut exacts: FxHashMap<_, Vec<NegIx>> = FxHashMap::default();
            for row in catalog.negatives_in(Scope::Account(account)) {
                let negative = catalog.negative(row);
                if negative.match_type() == Some(MatchType::Exact) && catalog.liveness(row) == Liveness::Live {
                    exacts.entry(normal(negative.text_raw())).or_default().push(row);
                }
            }
            let mut phrases: Vec<(NegIx, &[NegIx])> = Vec::new();
            let same_group = |other: &AccountIx| *other != account && cx.group(*other) == cx.group(account);
            for other in accounts().filter(|other| same_group(other) && phrase(other) == Some(true)) {
                for row in catalog.negatives_in(Scope::Account(other)) {
                    let negative = catalog.negative(row);
                    if negative.match_type() == Some(MatchType::Phrase)
                        && let Some(rows) = exacts.get(&normal(negative.text_raw()))
                        && catalog.liveness(row) == Liveness::Live
                    {
                        phrases.push((row, rows));
                    }
                }
            }
            // One phrase elsewhere is enough to say it.
            phrases.sort_unstable_by_key(|(row, rows)| (rows.as_ptr(), *row));
            phrases.dedup_by_key(|(_, rows)| rows.as_ptr());
            for (elsewhere, rows) in phrases {
                tell(cx, out, account, elsewhere, rows);
            }
        }
    }
}

fn tell(cx: &Context<'_>, out: &mut Found<'_>, account: AccountIx, elsewhere: NegIx, rows: &[NegIx]) {
    let catalog = cx.catalog();
    // Equal ones of one place are one finding.
    for twins in rows.chunk_by(|a, b| {
        let place = |row: &NegIx| (catalog.negative(*row).campaign_ix(), group(cx, *row));
        place(a) == place(b)
    }) {
        let negative = catalog.negative(twins[0]);
        let other = catalog.negative(elsewhere);
        let message = format!(
            "{} is exact in {}, and a phrase at {} ({})",
            says::quoted(negative.text_raw()),
            cx.place(negative.campaign_ix(), group(cx, twins[0])),
            other.account().name,
            cx.place(other.campaign_ix(), group(cx, elsewhere)),
        );
        let subject = Subject {
            kind: Kind::Keyword,
            match_type: Some(MatchType::Exact),
            text: normal(negative.text_raw()).into(),
        };
        let place = (account, Some(negative.campaign_ix()), group(cx, twins[0]));
        out.add(cx, Draft::anywhere(place, subject).negatives(twins.to_vec()), message);
    }
}

fn group(cx: &Context<'_>, row: NegIx) -> Option<super::super::super::catalog::AdGroupIx> {
    cx.catalog().negative(row).ad_group().map(super::super::super::catalog::AdGroupView::ix)
}
