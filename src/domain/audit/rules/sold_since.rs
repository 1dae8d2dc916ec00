//! `sold-since`: what a negative of ours blocks has sold elsewhere in the account since we added it.

use rustc_hash::FxHashMap;

use super::super::super::catalog::{AccountIx, AdGroupView, Day, Liveness, NegIx, Scope, TermIx, TextIx};
use super::super::super::matching::{BlockerIndex, Depth, Pattern, Rules, Verdict, normal};
use super::super::super::term::{Figures, TermPeriod};
use super::super::finding::Subject;
use super::super::rule::Draft;
use super::super::{Context, Fix, Found, Info, Rule, Severity, says};

/// The rule.
pub(super) struct SoldSince;

static INFO: Info = Info::new(
    "sold-since",
    "sold elsewhere since",
    Severity::Info,
    &[
        "A negative that was added here blocks search terms that have sold in other ad groups of the account since that day, and no exact keyword serves them.",
        "A negative that works removes its own evidence: what other places sell of the same words is the only sign that it may have been too much.",
        "Look at the terms; remove the negative (f stages that) if its ad group could sell them as well.",
    ],
)
.terms();

impl Rule for SoldSince {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn whole(&self, cx: &Context<'_>, out: &mut Found<'_>) {
        let mut by_account: FxHashMap<AccountIx, Vec<NegIx>> = FxHashMap::default();
        for row in cx.input().journal.added.keys() {
            let account = cx.catalog().negative(*row).account_ix();
            if cx.wants(account) && cx.catalog().liveness(*row) == Liveness::Live {
                by_account.entry(account).or_default().push(*row);
            }
        }
        let mut accounts: Vec<_> = by_account.into_iter().collect();
        accounts.sort_unstable();
        for (account, mut rows) in accounts {
            rows.sort_unstable();
            of_account(cx, account, &rows, out);
        }
    }
}

/// What sold of the terms that one negative blocks, elsewhere and since.
#[derive(Default)]
struct Sold {
    terms: Vec<TextIx>,
    sum: Figures,
    days: Option<TermPeriod>,
}

fn of_account(cx: &Context<'_>, account: AccountIx, added: &[NegIx], out: &mut Found<'_>) {
    let Some(allowed) = cx.capabilities(account) else { return };
    let catalog = cx.catalog();
    let mut index = BlockerIndex::new(Rules::of(allowed), Depth::Certain);
    let mut rows_of: Vec<Vec<NegIx>> = Vec::new();
    for row in added {
        let negative = catalog.negative(*row);
        let pattern =
            Pattern { kind: negative.kind(), match_type: negative.match_type(), text: negative.text_raw() };
        if let Some(pattern) = index.insert(pattern) {
            rows_of.resize_with(rows_of.len().max(pattern.at() + 1), Vec::new);
            rows_of[pattern.at()].push(*row);
        }
    }
    let mut sold: FxHashMap<NegIx, Sold> = FxHashMap::default();
    // Terms of one text stand together by text; most sold nothing and are passed over.
    for row in cx.terms().rows_in(catalog, Scope::Account(account)) {
        if cx.terms().figures(row).orders == 0 || !cx.counts(row) {
            continue;
        }
        let text = cx.terms().text_of(row);
        for blocker in index.find(cx.terms().text(text)) {
            if blocker.verdict != Verdict::Blocks {
                continue;
            }
            for negative in &rows_of[blocker.pattern.at()] {
                if is_elsewhere_since(cx, *negative, row)
                    && cx.exact_elsewhere(account, cx.terms().text(text), reach(cx, *negative)).0.is_empty()
                {
                    let one = sold.entry(*negative).or_default();
                    one.terms.push(text);
                    one.sum += cx.terms().figures(row);
                    let (from, to) = cx.terms().days(row);
                    let days = TermPeriod { from: from.date(), to: to.date() };
                    one.days = Some(one.days.map_or(days, |known| known.join(days)));
                }
            }
        }
    }
    let mut sold: Vec<_> = sold.into_iter().collect();
    sold.sort_unstable_by_key(|(row, _)| *row);
    for (row, mut sold) in sold {
        sold.terms.sort_unstable();
        sold.terms.dedup();
        tell(cx, account, row, &sold, out);
    }
}

fn reach(cx: &Context<'_>, negative: NegIx) -> Scope {
    let negative = cx.catalog().negative(negative);
    negative.ad_group().map_or(Scope::Campaign(negative.campaign_ix()), |group| Scope::AdGroup(group.ix()))
}

fn is_elsewhere_since(cx: &Context<'_>, negative: NegIx, row: TermIx) -> bool {
    let (campaign, group) = cx.terms().parent(row);
    let elsewhere = match reach(cx, negative) {
        Scope::AdGroup(own) => group != Some(own),
        _ => cx.catalog().negative(negative).campaign_ix() != campaign,
    };
    let since = cx.input().journal.added.get(&negative).copied().map(Day::from);
    elsewhere && since.is_some_and(|since| cx.terms().days(row).0 >= since)
}

fn tell(cx: &Context<'_>, account: AccountIx, row: NegIx, sold: &Sold, out: &mut Found<'_>) {
    let negative = cx.catalog().negative(row);
    let group = negative.ad_group().map(AdGroupView::ix);
    let terms = says::some(sold.terms.iter().map(|text| says::quoted(cx.terms().text(*text))));
    let message = format!(
        "{} ({}, {}) blocks what sold elsewhere since it was added: {terms}: {}",
        says::quoted(negative.text_raw()),
        says::sort(negative.kind(), negative.match_type()),
        cx.place(negative.campaign_ix(), group),
        says::money(sold.sum, cx.currency(account), sold.days),
    );
    let subject = Subject {
        kind: negative.kind(),
        match_type: negative.match_type(),
        text: normal(negative.text_raw()).into(),
    };
    let draft = Draft::anywhere((account, Some(negative.campaign_ix()), group), subject)
        .negatives(vec![row])
        .money(sold.terms.len(), sold.sum, sold.days)
        .rank(sold.sum.sales.0)
        .fix(Fix::remove([row]));
    out.add(cx, draft, message);
}
